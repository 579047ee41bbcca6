"""Formulas that are read from LaTeX."""
