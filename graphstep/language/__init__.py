"""The language of expressions: tokens, calls of gates, and what to write for other notations."""
