"""The graph: records, the parser, formulas in the graph's own names, rewriting."""
