"""Plain text: the steps in sentences, then every wire with its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING

from ..base.terminal_tables import columns
from ..base.words import say
from ..graph.slots import Slot

if TYPE_CHECKING:
    from ..figure.figure import Figure

WIDTH = 100


def whole(figure: Figure, width: int = WIDTH) -> str:
    """The expression, each step, and the table of all numbers."""
    return "\n".join([*_head(figure), "", *_steps(figure, width), "", *_table(figure), ""])


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
    lang, graph, texts = figure.lang, figure.graph, figure.texts
    kinds = ("value", "local", "upstream", "downstream")
    rows = [[say(f"table.{kind}", lang) for kind in ("node", "into", *kinds)]]
    names = figure.labels
    for i, name in enumerate(names):
        value, upstream = texts[Slot("value", i)], texts.get(Slot("upstream", i), "")
        for w in graph.wires_out[i]:
            local, downstream = (texts.get(Slot(kind, w), "") for kind in ("local", "downstream"))
            rows.append([name, names[graph.wires[w].target], value, local, upstream, downstream])
        if not graph.wires_out[i]:
            rows.append([name, "", value, "", upstream, ""])
    yield from columns(rows, 2)
