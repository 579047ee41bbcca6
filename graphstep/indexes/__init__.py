"""Derivations by index: the chain rule as a sum over elements, line by line."""
