"""Paint a drawing: its elements once, and each frame as SVG and as shapes."""
