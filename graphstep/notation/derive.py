"""The formulas of a step, made from the graph: symbols, earlier results put in, numbers."""
