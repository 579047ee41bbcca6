"""A recorded graph compared with its function on plain numbers."""
