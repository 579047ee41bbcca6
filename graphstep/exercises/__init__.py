"""Exercise sheets: other numbers, boxes to fill in, a key."""
