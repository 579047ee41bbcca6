"""Draw a graph: one layout for all frames, and each frame as shapes and as SVG."""
