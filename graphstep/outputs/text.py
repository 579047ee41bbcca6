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
    lang, graph, texts = figure.lang, figure.graph, figure.texts
    if figure.tape.tangents:
        yield from columns([*_tangents(figure)], 2)
        return
    kinds = ("value", "local", "upstream", "downstream", *(["next"] if figure.update else []))
    rows = [[say(f"table.{kind}", lang) for kind in ("node", "into", *kinds)]]
    names = figure.labels
    for i, name in enumerate(names):
        value, upstream = texts[Slot("value", i)], texts.get(Slot("upstream", i), "")
        new = [texts.get(Slot("next", i), "")] if figure.update else []
        for w in graph.wires_out[i]:
            local, downstream = (texts.get(Slot(kind, w), "") for kind in ("local", "downstream"))
            into = names[graph.wires[w].target]
            rows.append([name, into, value, local, upstream, downstream, *new])
        if not graph.wires_out[i]:
            rows.append([name, "", value, "", upstream, "", *new])
    yield from columns(rows, 2)


def _tangents(figure: Figure) -> Iterator[list[str]]:
    """The same rows in forward mode."""
    graph, texts, names = figure.graph, figure.texts, figure.labels
    kinds = ("node", "into", "value", "local", "tangent")
    yield [say(f"table.{kind}", figure.lang) for kind in kinds]
    for i, name in enumerate(names):
        value, tangent = texts[Slot("value", i)], texts.get(Slot("tangent", i), "")
        for w in graph.wires_out[i]:
            into, local = names[graph.wires[w].target], texts.get(Slot("local", w), "")
            yield [name, into, value, local, tangent]
        if not graph.wires_out[i]:
            yield [name, "", value, "", tangent]
