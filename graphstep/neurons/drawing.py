"""The drawing of a network: circles, thin lines and names, with places for what colours them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from ..calculus.shapes import Shape, shape_text
from ..drawing.curves import straight
from ..drawing.measures import (
    ABOVE,
    BELOW,
    CLEAR,
    NAME_GAP,
    RADIUS,
    Curve,
    Drawing,
    Mark,
    Place,
    Point,
    Space,
    array_space,
    number_space,
)
from ..drawing.spaces import gate_mark, shown_names, sign
from ..graph.expressions import printed_label
from ..graph.slots import Slot
from ..look.looks import NAME, SMALL, SYMBOL, TEXT
from ..look.matrices import is_small
from ..look.style import Style
from ..look.text_widths import width
from ..painting.elements import Element, Label, Line, text
from .columns import CIRCLE, FIRST, SQUARE, Column, Corner, Link, Plan, planned
from .layers import Network

KAPPA = 0.5523  # quarters of a circle: from an end to its control point, in radii
OVER = SQUARE + 8.0  # the baseline of a name over a column
BELOW_CIRCLES = 26.0  # the baseline of a name under a column
SCALES, SCALE_ROW = 46.0, 16.0  # from the circles to the scales, and from one to the other
TURN = 10.0  # of their wires, up to the gate
APART = 9.0  # those wires
ROW = 30.0  # between the inputs of a loss
ON = 28.0  # from the last circles to the gate of the loss
BASELINES = {"value": -5.0, "upstream": 13.5}  # of numbers in circles, from their middle
Box = tuple[float, float, float, float]  # left, top, right, bottom


def drawn(
    network: Network, shapes: Sequence[Shape], texts: Mapping[Slot, str], style: Style
) -> Drawing:
    """The drawing of a network whose values have these shapes, and numbers these texts."""
    return _Draughtsman(network, planned(network, shapes), shapes, texts, style).drawing()


class _Draughtsman:
    """Draws one network, and the gates after its last layer."""

    def __init__(
        self,
        network: Network,
        plan: Plan,
        shapes: Sequence[Shape],
        texts: Mapping[Slot, str],
        style: Style,
    ) -> None:
        self.graph, self.layers, self.plan = network.graph, network.layers, plan
        self.shapes, self.texts, self.style = shapes, texts, style
        self.names = shown_names(self.graph, shapes, style)
        self.loss = self.graph.output if self.graph.output != self.layers[-1].node else None

    def drawing(self) -> Drawing:
        """The shapes, in the order in which they are painted."""
        tail = _Tail(self) if self.loss is not None else None
        marks = [*self._links(), *self._columns(), *self._corners()]
        places = list(self._places())
        curves: tuple[Curve, ...] = ()
        right, bottom = self.plan.right, self.plan.bottom + SCALES + 1.5 * SCALE_ROW
        if tail:
            marks += tail.marks
            places += tail.places
            curves = tuple(tail.curves)
            right, bottom = max(right, tail.right), max(bottom, tail.bottom)
        never = self.graph.never_filled
        kept = tuple(place for place in places if place.slot not in never)
        return Drawing(right, bottom, tuple(marks), curves, kept)

    # --- names

    def name(self, node: int) -> str:
        """What stands at a node: its name, or what is known of it."""
        record = self.graph.nodes[node]
        label = printed_label(self.graph, node) if record.gate is None else record.name or ""
        return self.names.get(label, label)

    # --- circles, lines and squares

    def _columns(self) -> Iterator[Mark]:
        acts = {layer.node: sign(layer.symbol, self.style) for layer in self.layers}
        for column in self.plan.columns:
            node, x = column.node, column.x
            circles = [circle(x, y) for y in column.heights]
            shown = self.name(node)
            parts: list[Element] = [joined(circles, "s")]
            if shown:
                parts.append(name(shown, x, column.top - OVER, NAME))
            if len(column.circles) < column.size:
                parts += _left_out(column)
            count = str(column.size) if len(column.circles) < column.size else ""
            under = acts.get(node) or ""
            below = f"{under} ({count})" if under and count else under or count
            if below:
                parts.append(text(below, x, column.bottom + BELOW_CIRCLES, "l", SYMBOL))
            gate = self.graph.nodes[node].gate is not None
            yield Mark(node, x, column.top + RADIUS, 2 * CIRCLE, "", gate, tuple(parts))

    def _links(self) -> Iterator[Mark]:
        for node, links in self.plan.links.items():
            lines = Line("ML" * len(links), tuple(chain.from_iterable(map(ends, links))), "fr")
            x, y = _over(links)
            label = name(self.name(node), x, y, NAME)
            yield Mark(node, x, y, 0.0, "", gate=False, own=(lines, label))

    def _corners(self) -> Iterator[Mark]:
        for node, corners in self.plan.corners.items():
            squares = joined([square(corner) for corner in corners], "s")
            x, y = corners[0].x, corners[0].y
            shown = self.name(node)
            label = name(shown, x - SQUARE - width(shown, SYMBOL) / 2, y + 4, SYMBOL)
            yield Mark(node, x, y, SQUARE, "", gate=False, own=(squares, label))

    # --- places of what is coloured

    def _places(self) -> Iterator[Place]:
        for column in self.plan.columns:
            left, right = column.x - CIRCLE, column.x + CIRCLE
            middle = column.heights[len(column.heights) // 2] - column.top
            for place in _both(column.node, (left, column.top, right, column.bottom)):
                yield place._replace(apart=(0.0, middle + BASELINES[place.slot.kind]))
        for node, links in self.plan.links.items():
            yield from _both(node, around(p for link in links for p in (link.start, link.end)))
        for node, corners in self.plan.corners.items():
            yield from _both(node, around((c.x, c.y) for c in corners))


class _Tail:
    """The gates after the last layer as one gate, with its other inputs below."""

    def __init__(self, of: _Draughtsman) -> None:
        self.of, self.node = of, of.graph.output
        self.left, self.y = of.plan.right + ON, of.plan.middle
        mark = gate_mark(self.node, of.graph.nodes[self.node], of.style)
        self.wide = mark.width
        self.marks = [mark._replace(x=self.left + self.wide / 2, y=self.y)]
        self.places = list[Place]()
        self.curves = list[Curve]()
        self.bottom = self.y + RADIUS
        self._output()
        self._arrive()
        self._inputs()

    def _output(self) -> None:
        """The wire that leaves the gate, with its value and gradient."""
        name = self.of.name(self.node)
        prefix = f"{name} = " if name else ""
        slots = [Slot(kind, self.node) for kind in ("value", "upstream")]
        wide = max(number_space(s, self.of.texts[s], prefix) for s in slots)
        start = self.left + self.wide
        self.right = start + wide
        middle = start + wide / 2
        self.curves.append(Curve((), straight(start, self.right, self.y), arrow=False))
        self.places += [
            Place(slots[0], middle, self.y + ABOVE, TEXT, wide, prefix),
            Place(slots[1], middle, self.y + BELOW, TEXT, wide),
        ]

    def _arrive(self) -> None:
        """The wires from the circles of the last layer."""
        column = self.of.plan.columns[-1]
        wires = self._wires_from(column.node)
        for y in column.heights:
            self.curves.append(Curve(wires, self._to_gate((column.x + CIRCLE, y)), arrow=True))

    def _wires_from(self, source: int) -> tuple[int, ...]:
        """The wires of the graph from a node to the gate."""
        graph = self.of.graph
        return tuple(w for w in graph.wires_in[self.node] if graph.wires[w].source == source)

    def _to_gate(self, start: Point) -> tuple[Point, ...]:
        """A straight line to the outline of the gate."""
        middle = (self.left + RADIUS, self.y)
        length = math.dist(start, middle)
        end = tuple(m - RADIUS * (m - s) / length for m, s in zip(middle, start, strict=True))
        thirds = ((s + (e - s) * k / 3 for s, e in zip(start, end, strict=True)) for k in range(4))
        return tuple((x, y) for x, y in thirds)

    def _inputs(self) -> None:
        """The inputs that only these gates have, each in a row below the last layer.

        The wire of the lowest row is the right one, so that none crosses another.
        """
        of, graph = self.of, self.of.graph
        known = {*of.plan.links, *of.plan.corners, *(c.node for c in of.plan.columns)}
        sources = dict.fromkeys(graph.nodes[self.node].sources)
        rows = [source for source in sources if source not in known]
        y = max(of.plan.columns[-1].bottom, self.y + RADIUS) + BELOW_CIRCLES
        for k, source in enumerate(rows):
            off = APART * (k - (len(rows) - 1) / 2)
            y = self._input(source, y, max(min(off, RADIUS - 1), 1 - RADIUS))
        self.bottom = max(self.bottom, y)

    def _input(self, node: int, top: float, off: float) -> float:
        """One of them, below a height: its name, and its wire with value and gradient."""
        of, shape = self.of, self.of.shapes[node]
        name = of.name(node) or shape_text(shape)
        slots = [Slot(kind, node) for kind in ("value", "upstream")]
        space = self._space(slots, shape)
        up = space.height + 2 * CLEAR if space.height else ROW
        y, up_at = top + up, self.left + RADIUS + off
        right = up_at - 2 * TURN
        left = right - space.width
        self.marks.append(
            Mark(node, left - NAME_GAP - width(name, NAME) / 2, y, width(name, NAME), name, False)
        )
        end = self.y + math.sqrt(RADIUS**2 - off**2)
        turn = ((up_at - TURN, y), (up_at, y - TURN / 2), (up_at, y - 2 * TURN))
        way = (*straight(left, right, y), *turn, *_upright(up_at, y - 2 * TURN, end)[1:])
        self.curves.append(Curve(self._wires_from(node), way, arrow=True))
        self.places += self._numbers(slots, (left + right) / 2, y, space, bool(shape))
        return y + (space.height + 2 * CLEAR if space.height else ROW)

    def _space(self, slots: Sequence[Slot], shape: Shape) -> Space:
        """The space of the numbers on the wire of an input."""
        if shape:
            return array_space(shape, self.of.style) if is_small(shape) else Space(ROW)
        return Space(max(number_space(s, self.of.texts.get(s, "")) for s in slots))

    def _numbers(
        self, slots: Sequence[Slot], x: float, y: float, space: Space, array: bool
    ) -> Iterator[Place]:
        """The places on the wire of an input: none for an array that is no block of numbers."""
        value, gradient = slots
        if space.height:
            high = space.height
            yield Place(value, x, y - CLEAR - high, TEXT, space.width, height=high)
            yield Place(gradient, x, y + CLEAR, TEXT, space.width, height=high)
        elif not array:
            yield Place(value, x, y + ABOVE, TEXT, space.width)
            yield Place(gradient, x, y + BELOW, TEXT, space.width)


def _upright(x: float, start: float, end: float) -> tuple[Point, ...]:
    """A vertical line as a curve."""
    return tuple((x, y) for y, x in straight(start, end, x))


def _both(node: int, box: Box) -> Iterator[Place]:
    """The places of a node's value and gradient in one box: what colours it is made for it."""
    left, top, right, bottom = box
    middle, wide, high = (left + right) / 2, right - left, bottom - top or 1.0
    for kind in ("value", "upstream"):
        yield Place(Slot(kind, node), middle, top, TEXT, wide, height=high, marked=False)


def around(points: Iterable[Point]) -> Box:
    """The box around points."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def ends(link: Link) -> tuple[float, ...]:
    """The coordinates of the ends of a line."""
    return (*link.start, *link.end)


def _over(links: Sequence[Link]) -> Point:
    """Where the name of weights is: above the middle of their lines."""
    left, top, right, _ = around(p for link in links for p in (link.start, link.end))
    return (left + right) / 2, top - 10.0


def name(shown: str, x: float, y: float, size: float) -> Label:
    """A name, or a number in the colour of names, around a point."""
    return text(shown, x, y, "n", size)._replace(own={"anchor": "middle"})


def circle(x: float, y: float) -> Line:
    """A circle around a point."""
    return Line("MCCCCZ", (x - CIRCLE, y, *_arc(x, y, -1.0), *_arc(x, y, 1.0, back=True)), "s")


def half_circle(x: float, y: float, side: float, kind: str, opacity: float) -> Line:
    """The upper half of a circle (side -1), or the lower one (side 1)."""
    return Line("MCCZ", (x - CIRCLE, y, *_arc(x, y, side)), kind, opacity)


def _arc(x: float, y: float, side: float, back: bool = False) -> tuple[float, ...]:
    """Half a circle from left to right as two curves, or back from right to left."""
    r, k, way = CIRCLE, CIRCLE * KAPPA, -1.0 if back else 1.0
    up, near = y + side * r, y + side * k
    first = (x - way * r, near, x - way * k, up, x, up)
    return (*first, x + way * k, up, x + way * r, near, x + way * r, y)


def square(corner: Corner) -> Line:
    """The square of a bias."""
    return box(corner.x, corner.y, SQUARE, SQUARE, "s")


def box(
    x: float, y: float, wide: float, high: float, kind: str, opacity: float | None = None
) -> Line:
    """A rectangle around a point."""
    left, top, right, bottom = x - wide / 2, y - high / 2, x + wide / 2, y + high / 2
    return Line("MHVHZ", (left, top, right, bottom, left), kind, opacity)


def joined(lines: Sequence[Line], kind: str, opacity: float | None = None) -> Line:
    """Several lines as one."""
    numbers = chain.from_iterable(line.numbers for line in lines)
    return Line("".join(line.commands for line in lines), tuple(numbers), kind, opacity)


def _left_out(column: Column) -> list[Element]:
    """Three dots where circles are left out."""
    upper, lower = column.heights[FIRST - 1 : FIRST + 1]
    middle = (upper + lower) / 2
    return [text("\N{BULLET}", column.x, middle + dy + 4, "m", SMALL) for dy in (-8.0, 0.0, 8.0)]
