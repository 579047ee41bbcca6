"""A graph's drawing: shapes with empty places for numbers, made once for all frames.

Graphviz places boxes; one box holds a gate's circle (or an input's name), the start of its wire and
the place on the wire for its numbers. A node whose value is used several times gets one more place
on each of its wires. Every place is as wide as its widest number, so nothing moves between frames.
All is drawn as from left to right, and turned into the direction of the figure at the end.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from types import MappingProxyType

from ..calculus.shapes import Shape
from ..graph.graph import Graph
from ..graph.slots import Slot
from ..look.looks import TEXT
from ..look.style import Style
from ..look.text_widths import width
from .boxes import BETWEEN, Boxes, Link, stacked
from .curves import Columns, Rect, between, ended, lowered, returning, straight
from .measures import (
    ARROW,
    DASH,
    DASHES,
    NAME_GAP,
    Curve,
    Drawing,
    Mark,
    Outside,
    Place,
    Point,
    number_space,
)
from .sides import Direction, Level, Upright
from .spaces import Spaces

OVERLAP = 2.0  # of a stub and the wires that leave it, since abutting ends show a notch
NO_ARRAYS: Mapping[Slot, float] = MappingProxyType({})
NEGLIGIBLE = 0.01  # points
SPREAD = math.radians(34)  # between the heads of two wires at one gate


def draw(
    graph: Graph, style: Style, engine: str | None = None,
    shapes: Sequence[Shape] | None = None, texts: Mapping[Slot, str] | None = None,
    outside: str = "", plain: bool = False, widths: Mapping[Slot, float] = NO_ARRAYS,
) -> Drawing:  # fmt: skip
    """Lay out a graph for values of these shapes, with places for these texts of numbers.

    Without `texts`, every place is as wide as any number can be; an array whose numbers are not
    among `widths` has space for any, too. `outside` is the name of a loss to
    which the output goes on; with `plain`, arrays have texts as well. Raises what `layout.place`
    raises.
    """
    shapes = shapes or [()] * len(graph.nodes)
    spaces = Spaces(graph, style, shapes, texts, plain, widths)
    inner = graph.whole is not None  # a wire leaves the output there
    return _Draughtsman(spaces, engine, "" if inner else outside).drawing()


def fits(
    drawing: Drawing, texts: Mapping[Slot, str], widths: Mapping[Slot, float] = NO_ARRAYS
) -> bool:
    """Whether other numbers fit into the places of a drawing, and those of arrays, as wide."""

    def needed(place: Place) -> float:
        if place.height:
            return widths.get(place.slot, 0.0) + width(place.prefix, TEXT)
        return number_space(place.slot, texts[place.slot], place.prefix)

    return all(needed(place) <= place.width for place in drawing.places)


class _Draughtsman:
    """Draws one graph: has its boxes placed, and adds the shapes."""

    def __init__(self, spaces: Spaces, engine: str | None, outside: str) -> None:
        self.spaces, self.graph, self.heads = spaces, spaces.graph, spaces.heads
        level, upright = Level(spaces), Upright(spaces)
        direction: Direction = upright if spaces.style.upright else level
        self.boxes, found = Boxes.of(spaces, direction).rows(engine)
        self.rows, self.extent = stacked(found)
        self.centres = dict(self._centres())
        self.loss = spaces.loss(outside) if outside else None
        if self.loss is not None:
            beyond = 2 * DASH * DASHES + ARROW + NAME_GAP + direction.head(self.loss)
            long, across = self.extent
            self.extent = max(long, self._right(self.graph.output) + beyond), across
        if spaces.style.direction == "up":
            direction = replace(upright, high=self.extent[0])
        self.direction = direction
        self.row_of = {box: k for k, row in enumerate(self.rows) for box in row.boxes}
        self.before = {start: box for box, start in self.boxes.starts.items()}
        self.place_in = [{box: k for k, box in enumerate(row.boxes)} for row in self.rows]
        self.columns = list(self._columns())

    def drawing(self) -> Drawing:
        """The shapes, in the order in which they are painted."""
        curves = self._trimmed()
        high, wide = self.extent[::-1]
        size = (high, wide) if self.spaces.style.upright else (wide, high)
        if self.spaces.style.upright:
            turned = self.direction.turned
            curves = tuple([c._replace(points=tuple(map(turned, c.points))) for c in curves])
        return Drawing(
            *size, tuple(self._marks()), curves, tuple(self._filled_places()),
            self._outside(self.loss) if self.loss else None,
        )  # fmt: skip

    def _trimmed(self) -> tuple[Curve, ...]:
        """All curves, and nothing empty beside them: Graphviz's own may go far around.

        What is empty at a side is left out of the figure.
        """
        reach, curves = self.boxes.reach, (*self._stubs(), *self._links())
        ys = [y for curve in curves for _, y in curve.points]
        first = min([*ys, *[y - reach[box][0] for box, (_, y) in self.centres.items()]])
        last = max([*ys, *[y + reach[box][1] for box, (_, y) in self.centres.items()]])
        self.extent = self.extent[0], last - first
        if abs(first) < NEGLIGIBLE:
            return curves
        self.centres = {box: (x, y - first) for box, (x, y) in self.centres.items()}
        return tuple(
            [c._replace(points=tuple([(x, y - first) for x, y in c.points])) for c in curves]
        )

    # --- where boxes are

    def _centres(self) -> Iterator[tuple[int, Point]]:
        for row in self.rows:
            for box, (x, y) in zip(row.boxes, row.layout.centres, strict=True):
                yield box, (x + row.at[0], y + row.at[1])

    def _columns(self) -> Iterator[Columns]:
        """The columns of each row."""
        for row in self.rows:
            middles = [self.centres[box][0] for box in row.boxes]
            yield Columns(middles, [self._rect(box) for box in row.boxes])

    def _rect(self, box: int) -> Rect:
        """Where a box is, without the space in which its wire turns."""
        y, (up, down) = self.centres[box][1], self.boxes.reach[box]
        return self._left(box), y - up, self._right(box), y + down

    def _left(self, box: int) -> float:
        return self.centres[box][0] - self.boxes.sizes[box].width / 2

    def _right(self, box: int) -> float:
        return self._left(box) + self.boxes.lengths[box]

    def _neck(self, box: int) -> float:
        """Where the wire leaves a gate's outline, or the name of a leaf; or where a box begins."""
        return self._left(box) + self.boxes.necks[box]

    # --- shapes

    def _marks(self) -> Iterator[Mark]:
        for node, head in enumerate(self.heads):
            x = self._left(node) + self.direction.head(head) / 2
            x, y = self.direction.turned((x, self.centres[node][1]))
            yield head._replace(x=x, y=y)

    def _outside(self, loss: Mark) -> Outside:
        """The way on from the output, which is the last box of all."""
        x, y = self._right(self.graph.output), self.centres[self.graph.output][1]
        turned = self.direction.turned
        dashes = [turned((x + DASH * k, y)) for k in range(1, 2 * DASHES + 1)]
        end, tip = x + 2 * DASH * DASHES, x + 2 * DASH * DASHES + ARROW
        head = tuple(map(turned, straight(end, tip, y)))
        at = turned((tip + NAME_GAP + self.direction.head(loss) / 2, y))
        return Outside(tuple(dashes), Curve((), head, True), loss._replace(x=at[0], y=at[1]))

    def _stubs(self) -> Iterator[Curve]:
        """The line under the place of a node with no outgoing wire, or several.

        If they are in the next row, it goes on to there.
        """
        for node, leaving in enumerate(self.graph.wires_out):
            if len(leaving) != 1:
                line = straight(self._neck(node), self._right(node), self.centres[node][1])
                start = self.boxes.starts.get(node)
                if start is not None:
                    line = self._return(node, self._neck(node))
                    end = straight(line[-1][0], self._right(start), self.centres[start][1])
                    line += end[1:]
                yield Curve(leaving, line, arrow=False)

    def _return(self, box: int, begin: float) -> tuple[Point, ...]:
        """The wire from a box to the start of the next row."""
        start = self.boxes.starts[box]
        row, following = self.rows[self.row_of[box]], self.rows[self.row_of[start]]
        right, middle = row.at[0] + row.layout.width, following.at[1] - BETWEEN / 2
        end = (self._left(start), self.centres[start][1])
        return returning((begin, self.centres[box][1]), right, middle, following.at[0], end)

    def _begin(self, box: int) -> float:
        """Where a curve out of a box begins: under its place, unless a stub is there."""
        return self._right(box) - OVERLAP if self._has_stub(box) else self._neck(box)

    def _has_stub(self, box: int) -> bool:
        """Whether several wires leave a box."""
        node = self.before.get(box, box)
        return node < len(self.heads) and len(self.graph.wires_out[node]) > 1

    def _links(self) -> Iterator[Curve]:
        """A curve for each wire, to the outline of its gate; those at one gate are spread apart.

        A wire with its own place is one curve too: a joint between two would show as a notch.
        """
        ends, way = self._ends(), tuple[Point, ...]()
        curves = self._layout_curves()
        for n, link in enumerate(self.boxes.links):
            if link.tail in self.before and not self._has_stub(link.tail):
                box = self.before[link.tail]
                way = self._return(box, self._begin(box))
            end = curves[n][-1] if link.gate is None else self._on_outline(link.gate, ends[n])
            way += self._link(link, curves[n], end, ends[n])[bool(way) :]
            if link.gate is not None:
                yield Curve((link.wire,), way, arrow=True)
                way = ()

    def _layout_curves(self) -> dict[int, tuple[Point, ...]]:
        """Graphviz's spline of each link."""
        return {
            n: tuple([(x + row.at[0], y + row.at[1]) for x, y in curve])
            for row in self.rows
            for n, curve in zip(row.links, row.layout.curves, strict=True)
        }

    def _link(
        self, link: Link, curve: tuple[Point, ...], end: Point, turn: float
    ) -> tuple[Point, ...]:
        """The way from one box to another.

        Nothing is between neighbouring columns, where Graphviz's spline avoids corners of boxes
        that are in fact empty.
        """
        k = self.row_of[link.tail]
        columns, (tail, head) = self.columns[k], (self.place_in[k][b] for b in link[1:3])
        begin = (self._begin(link.tail), curve[0][1])
        if columns.of[head] > columns.of[tail] + 1:
            bow = columns.bow(begin, tail, end, turn)
            for found in chain([bow], self._splines(begin, curve, end)):
                if columns.is_free(found, (tail, head)):
                    return found
        return columns.way(begin, tail, head, end, turn)

    def _splines(
        self, begin: Point, curve: tuple[Point, ...], end: Point
    ) -> Iterator[tuple[Point, ...]]:
        """The ways past other columns along Graphviz's spline, better without wiggles."""
        flat = straight(begin[0], curve[0][0], begin[1])
        curves = (curve, lowered(curve, self.boxes.lean)) if self.boxes.lean else (curve,)
        splines = []
        for way in curves:
            splines.append((*flat, *ended(way, end)[1:]))
            yield between(splines[-1], begin[1], end[1])
        yield from splines

    def _ends(self) -> list[float]:
        """The angle at which each link meets its gate, so that those at one gate fan out."""
        arriving: dict[int, list[int]] = {}
        for n, link in enumerate(self.boxes.links):
            if link.gate is not None:
                arriving.setdefault(link.gate, []).append(n)
        turns = [0.0] * len(self.boxes.links)
        for entering in arriving.values():
            entering.sort(key=lambda n: (self.centres[self.boxes.links[n].tail][1], n))
            for k, n in enumerate(entering):
                turns[n] = (k - (len(entering) - 1) / 2) * min(SPREAD, 2.0 / len(entering))
        return turns

    def _on_outline(self, gate: int, turn: float) -> Point:
        """The point of a gate's outline at which a wire arrives, turned up (negative) or down."""
        x, y = self.direction.outline(self.heads[gate], turn)
        return self._left(gate) + x, self.centres[gate][1] + y

    # --- places

    def _filled_places(self) -> Iterator[Place]:
        """The places of all numbers that are shown; labels have no gradient, some texts nothing."""
        never, texts = self.graph.never_filled, self.spaces.texts or {}
        empty = {slot for slot, text in texts.items() if not text} | never
        filled = (place for place in self._places() if place.slot not in empty)
        if self.spaces.style.local == "never":
            return (place for place in filled if place.slot.kind != "local")
        return filled

    def _places(self) -> Iterator[Place]:
        for box, stretch in enumerate(self.boxes.stretches):
            right, y = self._right(box), self.centres[box][1]
            begin = right - self.direction.length(stretch)
            yield from self.direction.places(stretch, (begin, right), y)
