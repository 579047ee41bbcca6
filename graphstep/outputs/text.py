"""Plain text: the steps in sentences, then every wire with its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING

from ..base.terminal_tables import columns
from ..base.words import say
from ..graph.expressions import label
from ..graph.slots import Slot

if TYPE_CHECKING:
    from ..figure.figure import Figure

WIDTH = 100


def whole(stepper: Figure, width: int = WIDTH) -> str:
    """The expression, each step, and the table of all numbers."""
    return "\n".join([*_head(stepper), "", *_steps(stepper, width), "", *_table(stepper), ""])


def _head(stepper: Figure) -> Iterator[str]:
    yield from stepper.graph.source.strip().splitlines()
    if stepper.given:
        yield stepper.given


def _steps(stepper: Figure, width: int) -> Iterator[str]:
    margin = len(str(len(stepper.every_frame))) + 2
    for frame in stepper.frames:
        lines = wrap(frame.caption, max(width - margin, 20)) or [""]
        yield f"{frame.index:>{margin - 2}}  {lines[0]}"
        yield from (" " * margin + line for line in lines[1:])


def _table(stepper: Figure) -> Iterator[str]:
    """One row a node, then one for each of its wires where there are several."""
    lang, graph, texts = stepper.lang, stepper.graph, stepper.texts
    kinds = ("value", "local", "upstream", "downstream")
    rows = [[say(f"table.{kind}", lang) for kind in ("node", "into", *kinds)]]
    names = [label(graph, i) or key for i, key in enumerate(graph.ids)]
    for i, name in enumerate(names):
        value, upstream = texts[Slot("value", i)], texts[Slot("upstream", i)]
        for w in graph.wires_out[i]:
            local, downstream = texts[Slot("local", w)], texts[Slot("downstream", w)]
            rows.append([name, names[graph.wires[w].target], value, local, upstream, downstream])
        if not graph.wires_out[i]:
            rows.append([name, "", value, "", upstream, ""])
    yield from columns(rows, 2)
