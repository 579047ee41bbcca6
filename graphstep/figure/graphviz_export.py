"""A frame as a graphviz.Digraph with its numbers as labels, to restyle elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..drawing.measures import as_shown
from ..drawing.spaces import gate_sign, sign
from ..formulas.names import figure_names
from ..graph.expressions import printed_label, symbol_text
from ..graph.graph import Graph
from ..graph.slots import OF_NODES, Slot
from ..look.style import Style
from ..painting.elements import printable

if TYPE_CHECKING:
    import graphviz


def digraph(
    graph: Graph, texts: Mapping[Slot, str], style: Style, outside: str = ""
) -> graphviz.Digraph:
    """The graph with these numbers: value and upstream on nodes, local and downstream on edges.

    A dashed edge goes on to a loss outside.
    """
    import graphviz

    known = figure_names(graph.names, style.symbols)
    shown = graphviz.Digraph(graph_attr={"rankdir": "LR"})
    for i, node in enumerate(graph.nodes):
        lines = [known[node.name]] if node.name else []
        if node.gate is not None:
            lines.append(symbol_text(gate_sign(node, style)))
        elif node.name is None:
            lines.append(sign(printed_label(graph, i), style))
        slots = (Slot(kind, i) for kind in OF_NODES)
        shown_at = (as_shown(slot, texts[slot]) for slot in slots if texts.get(slot))
        lines += [text for text in shown_at if text != known.get(node.name or "")]
        shape = "circle" if node.gate else "plaintext"
        shown.node(
            str(i), "\\n".join(graphviz.escape(printable(line)) for line in lines), shape=shape
        )
    for w, (source, target, _) in enumerate(graph.wires):
        local, downstream = texts.get(Slot("local", w)), texts.get(Slot("downstream", w))
        parts = [f"[{local}]" if local else "", downstream or ""]
        shown.edge(str(source), str(target), "\\n".join(part for part in parts if part))
    if outside:
        loss = figure_names([outside], style.symbols)[outside]
        shown.node("outside", graphviz.escape(loss), shape="plaintext")
        shown.edge(str(graph.output), "outside", style="dashed")
    return shown
