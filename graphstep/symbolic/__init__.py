"""Figures without numbers: names, formulas and the chain rule in place of values."""
