"""Draw a graph: one layout for all frames, with empty places for numbers."""
