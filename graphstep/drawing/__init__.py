"""A graph laid out once, and each frame of it as shapes and as SVG."""
