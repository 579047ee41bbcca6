"""A formula as a tree, and the languages it is read from and written in."""
