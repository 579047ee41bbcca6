"""Arrays beside unknown gates, which a figure without numbers does not have."""

from __future__ import annotations

from ..base.errors import InputError
from ..engine.run import is_of_arrays
from ..gates import GATES
from ..graph.graph import Graph
from ..graph.nodes import Node
from ..language.unknown_gates import LETTERS

LISTS = "cabk"
"""Names that can stand for a list."""


def refuse_arrays(graph: Graph) -> None:
    """Raise InputError for the first gate or list of arrays in a graph with unknown gates."""
    unknown = [gate.name for i in graph.unknown if (gate := graph.nodes[i].gate)]
    for node in filter(is_of_arrays, graph.nodes if unknown else ()):
        taken = {*unknown, *graph.names}
        free = next((c for c in (LETTERS if node.gate else LISTS) if c not in taken), "")
        write = _instead(graph, node, free)
        advised = {"write": write} if write else {}
        raise InputError("unknown_arrays", source=graph.source, span=node.span, name=unknown[0],
                         text=_text(graph, node), **advised)  # fmt: skip


def _instead(graph: Graph, node: Node, free: str) -> str:
    """What can stand there: a name for a list, an unknown gate of the same inputs for a gate."""
    if not free or node.gate is None:
        return free
    if node.gate.name not in GATES:  # a function of the text, which would be left uncalled
        return ""
    inputs = [_input(graph, node, graph.nodes[arg]) if isinstance(arg, int) else f"{arg:g}"
              for arg in node.args]  # fmt: skip
    return f"{free}({', '.join(inputs)})"


def _input(graph: Graph, node: Node, source: Node) -> str:
    """What a gate takes: as it stands in the call, or by its name if it is made before it."""
    (start, end), (first, last) = node.span, source.span
    inside = start <= first and last <= end
    return _text(graph, source) if inside or source.name is None else source.name


def _text(graph: Graph, node: Node) -> str:
    return graph.source[slice(*node.span)]
