"""Derivatives as graphs: the backward pass of a graph, written in the same gates."""
