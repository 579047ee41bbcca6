"""What each frame of a figure shows, in painting order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import accumulate
from typing import Generic, NamedTuple, Protocol, Self, TypeVar

from ..graph.slots import Slot
from ..look.matrices import ArrayBlock
from .arrays import around, array
from .elements import Element, gate, name_in_place, number_in_place, outline, warning, wire
from .measures import Drawing, Place


class Painted(Protocol):
    """A text, or a tuple of shapes."""

    def __len__(self) -> int: ...

    def __getitem__(self, key: slice, /) -> Self: ...


T = TypeVar("T", bound=Painted)
Elements = tuple[Element, ...]


class Contents(NamedTuple):
    """What all frames share: the text or block of each slot, and the frame it appears in."""

    texts: Mapping[Slot, str]
    blocks: Mapping[Slot, ArrayBlock]
    appears: Mapping[Slot, int]
    frames: int
    scale: str = ""  # the number at the end of the colours of heat maps


class View(NamedTuple):
    """What one frame shows: its number, and the slots, nodes and wires that it is about."""

    number: int
    new: Collection[Slot]
    used: Collection[Slot]
    nodes: Collection[int]
    wires: Collection[int]
    warnings: Mapping[int, str]


class Painter(NamedTuple, Generic[T]):
    """How to paint elements, as a text or as shapes, and how to join the results."""

    paint: Callable[[Elements], T]
    active: Callable[[Elements, T], T]  # (elements, as painted) as a step's own
    join: Callable[[Iterable[T]], T]


class Pieces(Generic[T]):
    """Pieces painted once and joined; frames are slices of the whole."""

    def __init__(self, pieces: Iterable[Elements], painter: Painter[T]) -> None:
        plain: list[T] = []
        self.active: list[T] = []
        for piece in pieces:
            plain.append(painter.paint(piece))
            self.active.append(painter.active(piece, plain[-1]))
        self.whole = painter.join(plain)
        self.ends = list(accumulate(map(len, plain), initial=0))

    def first(self, count: int) -> T:
        """The first `count` pieces."""
        return self.whole[: self.ends[count]]

    def all(self, busy: Iterable[int]) -> list[T]:
        """All pieces, with those that a step is about in their active form."""
        found: list[T] = []
        done = 0
        for k in sorted(set(busy)):
            found += self.whole[done : self.ends[k]], self.active[k]
            done = self.ends[k + 1]
        return [*found, self.whole[done:]]


class Layers(Generic[T]):
    """All pieces of a figure, of which a frame shows some.

    Numbers are in order of appearance, so that a frame shows the first of them.
    """

    def __init__(self, drawing: Drawing, contents: Contents, painter: Painter[T]) -> None:
        self.contents, self.paint = contents, painter.paint
        self.wires = Pieces(map(wire, drawing.curves), painter)
        self.gates = Pieces(map(gate, drawing.marks), painter)
        places = sorted(drawing.places, key=lambda place: contents.appears[place.slot])
        self.numbers = Pieces(((self._number(place),) for place in places), painter)
        self.ends = _counted((contents.appears[place.slot] for place in places), contents.frames)
        self.places = {place.slot: (k, place) for k, place in enumerate(places)}
        self.marks = {mark.node: (k, mark) for k, mark in enumerate(drawing.marks)}
        self.outlines: dict[Slot, T] = {}
        self.curves: dict[int, list[int]] = {}
        for k, curve in enumerate(drawing.curves):
            for w in curve.wires:
                self.curves.setdefault(w, []).append(k)
        later = (p for p in drawing.places if p.prefix and contents.appears[p.slot])
        self.names = [(contents.appears[p.slot], self.paint((name_in_place(p),))) for p in later]

    def _number(self, place: Place) -> Element:
        if place.height:
            return array(place, self.contents.blocks[place.slot])
        return number_in_place(place, self.contents.texts[place.slot])

    def _outline(self, slot: Slot) -> T:
        """The painted outline of a number that a step uses."""
        if slot not in self.outlines:
            place, contents = self.places[slot][1], self.contents
            if place.height:
                found = around(place, array(place, contents.blocks[slot]))
            else:
                found = outline(place, contents.texts[slot])
            self.outlines[slot] = self.paint((found,))
        return self.outlines[slot]

    def frame(self, view: View) -> list[T]:
        """The pieces of a frame, in painting order."""
        new = [self.places[slot][0] for slot in view.new if slot in self.places]
        used = (slot for slot in view.used if slot in self.places)
        return [
            *self.wires.all(k for w in view.wires for k in self.curves.get(w, ())),
            *self.gates.all(self.marks[node][0] for node in view.nodes),
            self.numbers.first(self.ends[view.number + (not new)]),
            *(self.numbers.active[k] for k in new),
            *map(self._outline, used),
            *(piece for appears, piece in self.names if appears > view.number),
            *(self.paint((warning(self.marks[n][1], s),)) for n, s in view.warnings.items()),
        ]


def _counted(appears: Iterable[int], frames: int) -> list[int]:
    """How many slots have appeared before each frame."""
    counts = [0] * (frames + 1)
    for frame in appears:
        counts[frame + 1] += 1
    return list(accumulate(counts))
