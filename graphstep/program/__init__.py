"""A run as a program of its own, flat NumPy forward and backward, which computes the same bits."""
