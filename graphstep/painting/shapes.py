"""A frame as a list of shapes, for formats with shapes of their own.

Shapes are made from the elements that SVG is written from, with SVG's rounded numbers, so that
every format shows the same picture. A colour is the name of a field of `style.Colours`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from ..drawing.measures import MARGIN, Drawing, Point, extent, rounded
from ..graph.slots import Slot
from ..look.looks import Look
from .arrays import scale
from .elements import (
    COUNTS,
    Element,
    Group,
    Label,
    Line,
    Rectangle,
    own_look,
    part_look,
    state_of,
)
from .layers import Contents, Layers, Painter, Pieces, View


class Path(NamedTuple):
    """A path of pieces: ("M", one point), ("L", one), ("C", three) or ("Z", none)."""

    pieces: tuple[tuple[str, tuple[Point, ...]], ...]
    look: Look
    kind: str  # of `look.looks`: "w" a wire, "a" its head, "br" brackets, "hp" cells, ...
    slot: Slot | None = None  # what it shows


class Box(NamedTuple):
    """A rectangle with rounded corners: a gate ("s"), an outline ("u"), a frame ("fr")."""

    x: float
    y: float
    width: float
    height: float
    radius: float
    look: Look
    kind: str
    slot: Slot | None = None


class TextRun(NamedTuple):
    """A part of a text in one look, `rise` above the baseline."""

    text: str
    look: Look
    rise: float = 0.0


class Text(NamedTuple):
    """Runs on one baseline; the look says how they are anchored at x."""

    x: float
    y: float
    runs: tuple[TextRun, ...]
    look: Look
    kind: str
    slot: Slot | None = None


Shape = Path | Box | Text


class Scene(NamedTuple):
    """All shapes of a frame, in painting order."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


class Scenes:
    """The shapes of all frames of a figure, each made once."""

    def __init__(self, drawing: Drawing, contents: Contents) -> None:
        painter = Painter(_in_figure, ShapeLayer, _joined)
        self.layers = Layers(drawing, contents, painter)
        self.width, self.height = extent(drawing, contents.scale)
        self.scale = (
            _shapes_of((scale(drawing, contents.scale),), (0.0, 0.0)) if contents.scale else ()
        )

    def scene(self, view: View) -> Scene:
        """The shapes of a frame."""
        found = _joined(self.layers.frame(view))
        return Scene(self.width, self.height, found + self.scale)


class ShapeLayer:
    """Wires, gates or numbers as shapes: a head is after its wire, and a symbol in its gate."""

    def __init__(self, elements: Sequence[Sequence[Element]]) -> None:
        self.elements = elements
        self.pieces = Pieces([_in_figure(some) for some in elements], _joined)

    def all(self, active: Collection[int]) -> list[tuple[Shape, ...]]:
        """All of them, some of them active."""
        return self.pieces.all({k: self._active(k) for k in active})

    def first(self, count: int, active: Collection[int]) -> list[tuple[Shape, ...]]:
        """The first `count`, and then those that are active."""
        return [self.pieces.first(count), *map(self._active, active)]

    def _active(self, k: int) -> tuple[Shape, ...]:
        first, *rest = self.elements[k]
        active = _shapes((first,), Look(), AT, (), state=state_of(first))
        return (*active, *_in_figure(rest))


AT = (MARGIN, MARGIN)  # where the figure is in its picture


def _in_figure(elements: Iterable[Element]) -> tuple[Shape, ...]:
    return _shapes_of(elements, AT)


def _joined(pieces: Iterable[tuple[Shape, ...]]) -> tuple[Shape, ...]:
    return tuple(chain.from_iterable(pieces))


def _shapes_of(elements: Iterable[Element], at: Point) -> tuple[Shape, ...]:
    """The shapes of elements, moved by `at`."""
    return tuple(_shapes(elements, Look(), at, ()))


def _shapes(
    elements: Iterable[Element],
    look: Look,
    at: Point,
    around: tuple[str, ...],
    slot: Slot | None = None,
    state: str = "",
) -> Iterator[Shape]:
    """The shapes of elements that inherit a look and slot, inside groups of the kinds `around`."""
    for one in elements:
        own = own_look(one, look, state, around)
        if isinstance(one, Group):
            yield from _shapes(one.parts, own, at, (*around, one.kind), one.slot or slot)
        elif isinstance(one, Line):
            yield Path(tuple(_pieces(one, at)), own, one.kind, slot)
        elif isinstance(one, Rectangle):
            x, y, wide, high, radius = map(rounded, one[:5])
            yield Box(x + at[0], y + at[1], wide, high, radius, own, one.kind, slot)
        else:
            yield _text(one, own, at, slot)


def _text(one: Label, look: Look, at: Point, slot: Slot | None) -> Text:
    runs = tuple(
        TextRun(part.text, part_look(part, look), part.rise) for part in one.parts if part.text
    )
    x, y = rounded(one.x) + at[0], rounded(one.y) + at[1]
    return Text(x, y, runs, look, one.kind, one.slot or slot)


def _pieces(line: Line, at: Point) -> Iterator[tuple[str, tuple[Point, ...]]]:
    """The commands of a path: moves, lines, curves and ends."""
    numbers = map(rounded, line.numbers)
    x = y = 0.0
    for command in line.commands:
        given = tuple(islice(numbers, COUNTS[command]))
        if command in "HV":
            given = (*given, y) if command == "H" else (x, *given)
        points = tuple(zip(given[::2], given[1::2], strict=True))
        if points:
            x, y = points[-1]
        yield "L" if command in "HV" else command, tuple((a + at[0], b + at[1]) for a, b in points)
