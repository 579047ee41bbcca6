"""Another arrangement of a figure, for a narrow page, as what is then elsewhere in its stage.

A long chain goes on in rows, or the figure stands upright, where that makes its texts larger. The
elements are the same, so that the page needs their other places alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ..figure.iterations import styled
from ..painting.stage import short

if TYPE_CHECKING:
    from ..figure.figure import Figure

NARROW = 360  # pixels: a telephone
WORTH = 1.25  # how much larger texts have to become
MOST_BOXES = 100  # nodes and wires of a figure that is arranged
TAG = re.compile(r"<(\w+)([^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')

Stage = Callable[["Figure"], str]
Element = tuple[str, dict[str, str]]


def narrow(figure: Figure, stage: Stage) -> str:
    """The changes of an empty stage for a narrow page; empty where it stays as it is.

    Each is how many elements further it is, an attribute, and its value, as in "3d M8 21h49"; they
    are apart by semicolons. An array is moved as a whole, whatever is in it. Large figures, and
    those whose style says how they stand, have none.
    """
    best = min(_arrangements(figure), key=_width, default=figure)
    if _width(best) * WORTH > _width(figure):
        return ""
    pairs = [*zip(_elements(stage(figure)), _elements(stage(best)), strict=True)]
    assert all(old[0] == new[0] and old[1].keys() == new[1].keys() for old, new in pairs)
    moves = _moves(figure, best)
    for (_, old), (_, new) in pairs:
        if old.get("data-slot") in moves:
            old["transform"], new["transform"] = "", moves[old["data-slot"]]
    return ";".join(_changes(pairs))


def _moves(figure: Figure, other: Figure) -> dict[str, str]:
    """How each array is moved in another arrangement, by the name of its slot in the stage."""
    old, new = ({place.slot: place for place in f.drawing.places} for f in (figure, other))
    moves = ((slot, new[slot].x - old[slot].x, new[slot].y - old[slot].y) for slot in figure.markup)
    return {short(slot): f"translate({x:.1f} {y:.1f})" for slot, x, y in moves}


def _width(figure: Figure) -> float:
    """The width that decides how large texts are."""
    return max(figure.extent[0], NARROW)


def _arrangements(figure: Figure) -> Iterator[Figure]:
    graph, style = figure.graph, figure.style
    many = len(graph.nodes) + len(graph.wires) > MOST_BOXES
    fixed = style.direction != "auto" or style.wrap is not None or figure.network is not None
    if many or fixed or _width(figure) < WORTH * NARROW:
        return
    yield styled(figure, replace(style, wrap=NARROW))
    yield styled(figure, replace(style, direction="down"))


def _elements(stage: str) -> list[Element]:
    return [(tag, dict(ATTRIBUTE.findall(inside))) for tag, inside in TAG.findall(stage)]


def _changes(pairs: list[tuple[Element, Element]]) -> Iterator[str]:
    last = 0
    for k, ((_, old), (_, new)) in enumerate(pairs):
        for name, value in new.items():
            if value != old[name] and name != "class":
                yield f"{k - last or ''}{name} {value}"
                last = k
