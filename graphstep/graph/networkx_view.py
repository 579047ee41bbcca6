"""A graph as a networkx graph. The only module that uses networkx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .graph import Graph

if TYPE_CHECKING:
    import networkx as nx


def multidigraph(graph: Graph) -> nx.MultiDiGraph:
    """A new networkx.MultiDiGraph; an edge's key is the argument position.

    Nodes have `gate` (None for inputs and constants), `name`, `constants` (the numbers inside the
    gate, by position), `value` (of a constant, or an input's default) and `span`.
    """
    import networkx as nx

    shown = nx.MultiDiGraph(source=graph.source, output=graph.ids[graph.output])
    for key, node in zip(graph.ids, graph.nodes, strict=True):
        inside = {p: arg for p, arg in enumerate(node.args) if not isinstance(arg, int)}
        shown.add_node(
            key, gate=node.gate and node.gate.name, name=node.name, constants=inside,
            value=node.value, span=tuple(node.span),
        )  # fmt: skip
    for source, target, position in graph.wires:
        shown.add_edge(graph.ids[source], graph.ids[target], key=position)
    return shown
