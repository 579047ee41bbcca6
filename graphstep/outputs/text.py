"""Plain text: the steps in sentences, then every wire with its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING

from ..base.terminal_tables import columns
from ..base.words import say
from ..figure.iterations import each as each_figure
from ..graph.slots import Slot

if TYPE_CHECKING:
    from ..figure.figure import Figure
    from ..figure.iterations import Shown

WIDTH = 100


def whole(figure: Shown, width: int = WIDTH) -> str:
    """The expression, each step, and the table of all numbers."""
    made = [
        "\n".join([*_head(each), "", *_steps(each, width), "", *_table(each), ""])
        for each in each_figure(figure)
    ]
    return "\n\n".join(made)


def _head(figure: Figure) -> Iterator[str]:
    yield from figure.graph.source.strip().splitlines()
    if figure.given:
        yield figure.given


def _steps(figure: Figure, width: int) -> Iterator[str]:
    margin = len(str(len(figure.every_frame))) + 2
    for frame in figure.frames:
        lines = wrap(frame.caption, max(width - margin, 20)) or [""]
        yield f"{frame.index:>{margin - 2}}  {lines[0]}"
        yield from (" " * margin + line for line in lines[1:])


def _table(figure: Figure) -> Iterator[str]:
    """One row for each wire of a node; a node without wires has one too."""
    lang, graph, names = figure.lang, figure.graph, figure.labels
    kinds = (*figure.tape.mode.kinds, *(["next"] if figure.update else []))
    rows = [[say(f"table.{kind}", lang) for kind in ("node", "into", *kinds)]]
    for i, name in enumerate(names):
        for w in graph.wires_out[i] or (-1,):
            into = names[graph.wires[w].target] if w >= 0 else ""
            rows.append([name, into, *(_cell(figure, kind, i, w) for kind in kinds)])
    yield from columns(rows, 2)


def _cell(figure: Figure, kind: str, node: int, wire: int) -> str:
    """The number of a node, or of its wire; empty where there is none."""
    item = node if Slot(kind, node).of_node else wire
    return figure.texts.get(Slot(kind, item), "")
