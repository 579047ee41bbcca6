"""Pictures from files: what may be in them, vetted before any writer of a format sees them."""
