"""The language of expressions: tokens, calls of gates, and the formulas of their rows."""
