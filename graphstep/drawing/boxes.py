"""Boxes to be placed: one for each node, each wire of a shared value, and the start of each row.

A box holds a gate's outline or an input's name, the start of its wire and what stands beside it.
All is measured along the wires and across them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from ..graph.graph import Graph
from ..look.style import Style
from .crossings import widened
from .curves import BEND, Columns, lean_of, raised
from .layout import Edge, Layout, Size, from_the_first_column, place
from .measures import NAME_GAP, Point
from .rows import START, rows
from .sides import Direction, Level, Reach
from .spaces import Spaces, Stretch

BETWEEN = 10.0  # rows; the wire from one to the next runs in the middle
BEGINS = (2 * BEND - BETWEEN / 2, 4.0)  # the reach of the wire that begins a row, from above
TRIES = 4  # at rows no longer than asked for: a cut is made before its layout is known


class Link(NamedTuple):
    """What joins two boxes: a wire of the graph, and the gate at its end if that is a node."""

    wire: int
    tail: int
    head: int
    gate: int | None


class Row(NamedTuple):
    """A row: its boxes, its links by their numbers among all, its layout, and where that is."""

    boxes: tuple[int, ...]
    links: tuple[int, ...]
    layout: Layout
    at: Point = (0.0, 0.0)


@dataclass(frozen=True)
class Boxes:
    """The boxes of a graph. `starts` has the start of the next row, by the box that leads to it."""

    spaces: Spaces
    stretches: Sequence[Stretch]
    necks: Sequence[float]  # what is before each stretch
    lengths: Sequence[float]
    reach: Sequence[Reach]
    links: Sequence[Link]
    starts: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, spaces: Spaces, direction: Direction) -> Boxes:
        """All boxes of a graph, in one row."""
        graph, heads = spaces.graph, spaces.heads
        shared = [w for w, wire in enumerate(graph.wires) if len(graph.wires_out[wire.source]) > 1]
        stretches = [*map(spaces.after, range(len(heads))), *map(spaces.on, shared)]
        necks = [direction.head(h) + (0 if h.gate else NAME_GAP) for h in heads]
        necks += [0.0] * len(shared)
        lengths = [n + direction.length(s) for n, s in zip(necks, stretches, strict=True)]
        reach = list(map(direction.reach, stretches))
        for k, head in enumerate(heads):
            (up, down), (above, below) = reach[k], direction.aside(head)
            reach[k] = max(up, above), max(down, below)
        return cls(spaces, stretches, necks, lengths, reach, list(_links(graph, shared)))

    def rows(self, engine: str | None) -> tuple[Boxes, list[Row]]:
        """The boxes in rows, none longer than asked for where that can be; with their layout."""
        wrap = self.spaces.style.wrap
        if wrap is None:
            return self, [self._row(range(len(self.lengths)), engine)]
        limit = most = wrap - 2 * BEND
        for _ in range(TRIES):
            cut, parts = self._cut(limit)
            found = [cut._row(part, engine) for part in parts]
            over = max(row.layout.width for row in found) - most
            if over <= 0:
                break
            limit -= over
        return cut, found

    def _cut(self, limit: float) -> tuple[Boxes, list[tuple[int, ...]]]:
        """The boxes of each row; a link to a later row comes from the start of that row."""
        count, turns = len(self.lengths), self._turns()
        edges = [(link.tail, link.head) for link in self.links]
        wide = [length + turn for length, turn in zip(self.lengths, turns, strict=True)]
        found = rows(edges, wide, self.spaces.spacing.columns, limit)
        starts = {part[-1]: count + k for k, part in enumerate(found[:-1])}
        row_of = {box: k for k, part in enumerate(found) for box in part}
        links = [
            link._replace(tail=starts[link.tail])
            if row_of[link.tail] != row_of[link.head] else link
            for link in self.links
        ]  # fmt: skip
        cut = replace(
            self, starts=starts, links=links, necks=[*self.necks, *[0.0] * len(starts)],
            lengths=[*self.lengths, *[START] * len(starts)],
            reach=[*self.reach, *[BEGINS] * len(starts)],
        )  # fmt: skip
        begins = [(), *((start,) for start in starts.values())]
        return cut, [(*begin, *part) for begin, part in zip(begins, found, strict=True)]

    def _turns(self) -> list[float]:
        """The space after each box in which its wire turns, where it meets others at a gate."""
        found = [0.0] * len(self.lengths)
        for link in self.links:
            if link.gate is None or len(self.spaces.graph.wires_in[link.gate]) > 1:
                found[link.tail] = self.spaces.spacing.turn
        return found

    @cached_property
    def lean(self) -> float:
        """How far above the middle of its box each wire is."""
        return lean_of(list(self.reach))

    @cached_property
    def sizes(self) -> list[Size]:
        """The size of each box, with the space in which its wire turns."""
        lean = self.lean
        return [
            Size(length + turn, 2 * max(up + lean, down - lean))
            for length, turn, (up, down) in zip(
                self.lengths, self._turns(), self.reach, strict=True
            )
        ]

    def _row(self, boxes: Sequence[int], engine: str | None) -> Row:
        """Some boxes, laid out by themselves."""
        inside = set(boxes)
        links = tuple(n for n, link in enumerate(self.links) if link.tail in inside)
        edges = self.edges([self.links[n] for n in links], boxes)
        first = 0 if boxes[0] in self.starts.values() else None
        some = [self.sizes[box] for box in boxes]
        layout = place(some, edges, engine, self.spaces.spacing.columns, first)
        layout = widened(layout, self._columns(layout, boxes), edges)
        if lean := self.lean:
            layout = raised(layout, lean, [self.reach[box] for box in boxes])
        return Row(tuple(boxes), links, layout)

    def _columns(self, layout: Layout, boxes: Sequence[int]) -> Columns:
        """The columns of a row, without the space in which wires turn."""
        rects = []
        for box, (x, y) in zip(boxes, layout.centres, strict=True):
            left = x - self.sizes[box].width / 2
            rects.append((left, y, left + self.lengths[box], y))
        return Columns([x for x, _ in layout.centres], rects)

    def edges(self, links: Sequence[Link], boxes: Sequence[int]) -> list[Edge]:
        """The edges of a row, with their lengths: inputs near the first column stand in it."""
        index = {box: k for k, box in enumerate(boxes)}
        edges = [(index[link.tail], index[link.head]) for link in links]
        if len(self.stretches) > len(self.spaces.graph.nodes) or any(self.spaces.shapes):
            return [*edges]  # long wires would cross others, arrays grow too high
        leaves = {
            index[i] for i, n in enumerate(self.spaces.graph.nodes) if n.gate is None and i in index
        }
        return from_the_first_column(edges, leaves, self.spaces.spacing.far)


def _links(graph: Graph, shared: Sequence[int]) -> Iterator[Link]:
    """What joins the boxes; a wire with a box of its own is two links."""
    own = {w: len(graph.nodes) + k for k, w in enumerate(shared)}
    for w, (source, target, _) in enumerate(graph.wires):
        if w in own:
            yield Link(w, source, own[w], None)
        yield Link(w, own.get(w, source), target, target)


def task(graph: Graph, style: Style) -> tuple[list[Size], list[Edge]]:
    """What is to be laid out of a graph of numbers in one row, with places for any numbers."""
    spaces = Spaces(graph, style, [()] * len(graph.nodes), None)
    boxes = Boxes.of(spaces, Level(spaces))
    return boxes.sizes, boxes.edges(boxes.links, range(len(boxes.lengths)))


def stacked(found: Sequence[Row]) -> tuple[list[Row], Point]:
    """The rows one under the other, and how long and how high they are together."""
    below, placed = 0.0, []
    for k, row in enumerate(found):
        placed.append(row._replace(at=(BEND if k else 0.0, below)))
        below += row.layout.height + BETWEEN
    ends = [row.at[0] + row.layout.width for row in placed]
    bends = BEND if len(placed) > 1 else 0.0
    return placed, (max([ends[-1], *(end + bends for end in ends[:-1])]), below - BETWEEN)
