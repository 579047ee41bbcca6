"""What each frame of a figure shows, in painting order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import accumulate
from math import inf
from types import MappingProxyType
from typing import Generic, NamedTuple, Protocol, Self, TypeVar

from ..drawing.measures import Drawing, Place
from ..graph.slots import Slot
from ..look.matrices import ArrayBlock
from .arrays import around, array
from .elements import (
    Element,
    Group,
    gate,
    name_in_place,
    number_in_place,
    outline,
    outside,
    warning,
    wire,
)


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
    scale: str = ""  # the number at the end of the colours of heat maps
    brief: bool = False  # whether local gradients are shown only where they are new or used
    pictures: Mapping[Slot, Group] = MappingProxyType({})  # drawn instead of blocks

    def stays(self, slot: Slot) -> bool:
        """Whether a slot is shown in all frames from the first one that shows it."""
        return not (self.brief and slot.kind == "local")

    def array(self, place: Place) -> Group:
        """The drawing of an array in its place."""
        return self.pictures.get(place.slot) or array(place, self.blocks[place.slot])


class View(NamedTuple):
    """What one frame shows: its number, and the slots, nodes and wires that it is about."""

    number: int
    new: Collection[Slot]
    used: Collection[Slot]
    nodes: Collection[int]
    wires: Collection[int]
    warnings: Mapping[int, str]


class Pieces(Generic[T]):
    """Painted pieces joined; frames are slices of the whole."""

    def __init__(self, painted: Sequence[T], join: Callable[[Iterable[T]], T]) -> None:
        self.whole = join(painted)
        self.ends = list(accumulate(map(len, painted), initial=0))

    def first(self, count: int) -> T:
        """The first `count` pieces."""
        return self.whole[: self.ends[count]]

    def rest(self, count: int) -> T:
        """All pieces but the first `count`."""
        return self.whole[self.ends[count] :]

    def all(self, replaced: Mapping[int, T]) -> list[T]:
        """All pieces, some of them replaced."""
        found: list[T] = []
        done = 0
        for k in sorted(replaced):
            found += self.whole[done : self.ends[k]], replaced[k]
            done = self.ends[k + 1]
        return [*found, self.whole[done:]]


class Layer(Protocol[T]):
    """Wires, gates or numbers, painted; the first element of each shows if a step is about it."""

    def all(self, active: Collection[int]) -> list[T]:
        """All of them, some of them active."""

    def first(self, count: int, active: Collection[int]) -> list[T]:
        """The first `count`, and then those that are active."""


class Painter(NamedTuple, Generic[T]):
    """How to paint elements, as a text or as shapes."""

    paint: Callable[[Elements], T]
    layer: Callable[[Sequence[Elements]], Layer[T]]
    join: Callable[[Iterable[T]], T]


class Layers(Generic[T]):
    """All that a figure may show, painted once; a frame is some of it.

    Numbers are in order of appearance, so that a frame shows the first of them, and the names of
    the others.
    """

    def __init__(self, drawing: Drawing, contents: Contents, painter: Painter[T]) -> None:
        self.contents, self.paint = contents, painter.paint
        self.wires = painter.layer([wire(curve) for curve in drawing.curves])
        self.gates = painter.layer([gate(mark) for mark in drawing.marks])
        beyond = (outside(drawing.outside),) if drawing.outside else ()
        self.outside = [painter.paint(elements) for elements in beyond]
        stays = {slot: k for slot, k in contents.appears.items() if contents.stays(slot)}
        places = sorted(drawing.places, key=lambda place: stays.get(place.slot, inf))
        self.numbers = painter.layer([(self._number(place),) for place in places])
        self.appear = [stays.get(place.slot, inf) for place in places]
        self.places = {place.slot: (k, place) for k, place in enumerate(places)}
        self.marks = {mark.node: (k, mark) for k, mark in enumerate(drawing.marks)}
        self.outlines: dict[Slot, T] = {}
        self.curves: dict[int, list[int]] = {}
        for k, curve in enumerate(drawing.curves):
            for w in curve.wires:
                self.curves.setdefault(w, []).append(k)
        named = [place for place in places if place.prefix and contents.appears[place.slot]]
        self.names = Pieces([self.paint((name_in_place(p),)) for p in named], painter.join)
        self.named = [contents.appears[place.slot] for place in named]

    def _number(self, place: Place) -> Element:
        if place.height:
            return self.contents.array(place)
        return number_in_place(place, self.contents.texts[place.slot])

    def _outline(self, slot: Slot) -> T:
        """The painted outline of a number that a step uses."""
        if slot not in self.outlines:
            place, contents = self.places[slot][1], self.contents
            if place.height:
                found = around(place, contents.array(place))
            else:
                found = outline(place, contents.texts[slot])
            self.outlines[slot] = self.paint((found,))
        return self.outlines[slot]

    def frame(self, view: View) -> list[T]:
        """The pieces of a frame, in painting order."""
        new = [self.places[slot][0] for slot in view.new if slot in self.places]
        used = [slot for slot in view.used if slot in self.places]
        brief = (self.places[slot][1] for slot in used if not self.contents.stays(slot))
        shown = bisect_right(self.appear, view.number - bool(new))
        return [
            *self.wires.all({k for w in view.wires for k in self.curves.get(w, ())}),
            *self.outside,
            *self.gates.all({self.marks[node][0] for node in view.nodes}),
            *self.numbers.first(shown, new),
            *(self.paint((self._number(place),)) for place in brief),
            *(self._outline(slot) for slot in used if self.places[slot][1].marked),
            self.names.rest(bisect_right(self.named, view.number)),
            *(self.paint((warning(self.marks[n][1], s),)) for n, s in view.warnings.items()),
        ]
