"""Numbers: a graph run forward and backward, and checked."""
