"""HOW: a graph's figure as shapes with empty places for numbers, made once for all frames.

Graphviz places boxes; one box holds a gate's circle (or an input's name), the start of its wire and
the place on the wire for its numbers. A node whose value is used several times gets one more place
on each of its wires. Every place is reserved for the widest text it can ever hold.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import prod
from typing import NamedTuple

from ..calculus.shapes import Shape, written
from ..graph.expressions import label, symbol
from ..graph.graph import Graph
from ..graph.nodes import Wire
from ..graph.slots import Slot
from ..look.matrices import PATTERN, PATTERN_CELLS, grid, is_small, map_size
from ..look.style import Style
from ..look.text_widths import shorten, width
from .layout import Box, Layout, Point, place

TEXT, SMALL, NAME, SYMBOL = 12.0, 10.0, 14.0, 14.0  # font sizes
RADIUS, PADDING = 19.0, 5.0
ABOVE, BELOW, LOWER = -5.5, 14.5, 27.0  # baselines of value, gradient and local, from the wire
HALF = 30.0  # half the height of a place: the lower texts and a hair's breadth
GAP = 5.0  # between a name and its wire
LONGEST_NAME = 150.0
ARROW = 7.0
CELL, LINE, CELL_GAP, BRACKET = 11.0, 14.0, 8.0, 6.0  # numbers between brackets
MAP_SIDE, LABEL = 56.0, 12.0  # a heat map and the line under it
LONGEST_STRUCTURE = 120.0
CLEAR = 6.0  # between a wire and a block, and between blocks
Rect = tuple[float, ...]  # left, top, right, low
TURNS = (96.0, 48.0, 24.0)  # lengths in which a wire comes to the height of its box, best first
SPREAD = math.radians(34)  # between the heads of two wires at one gate


class Mark(NamedTuple):
    """A gate (circle, or pill for a long symbol) or a leaf's name, around its centre."""

    node: int
    x: float
    y: float
    width: float
    text: str
    gate: bool


class Curve(NamedTuple):
    """A wire, or a part of one: joined cubic Bezier curves. `wires`: those that run through it."""

    wires: tuple[int, ...]
    points: tuple[Point, ...]
    arrow: bool


class Place(NamedTuple):
    """Where the number of a slot stands: centred at x, on the baseline y. `room` is its width.

    An array stands in a block of a certain height, and y is its top.
    """

    slot: Slot
    x: float
    y: float
    size: float
    room: float
    prefix: str = ""  # a name before the number, shown even while the number is not
    height: float = 0.0  # of a block; 0 for a number


class Drawing(NamedTuple):
    """A figure without numbers, in points; it depends on the graph and the style alone."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    curves: tuple[Curve, ...]
    places: tuple[Place, ...]


class Space(NamedTuple):
    """What a slot takes; `height` is 0 for one number on its line."""

    width: float
    height: float = 0.0


def draw(
    graph: Graph, style: Style, engine: str | None = None,
    shapes: Sequence[Shape] | None = None,
) -> Drawing:  # fmt: skip
    """Lay a graph out, once, for values of these shapes. Raises what `layout.place` raises."""
    return _Draughtsman(graph, style, engine, shapes).drawing()


def cell_size(rows: int, columns: int) -> float:
    """The side of a cell of a heat map."""
    return min(max(MAP_SIDE / max(rows, columns), 2.5), 8.0)


def _numbers_space(rows: int, columns: int, style: Style, size: float, label: str) -> Space:
    """Of numbers between brackets, with a label beside them."""
    wide = columns * width("8" * style.cell, size) + (columns - 1) * CELL_GAP + 2 * BRACKET
    return Space(wide + (width(label, SMALL) + 3 if label else 0), rows * LINE + 2)


def _map_space(rows: int, columns: int, label: str) -> Space:
    """Of a heat map with its label under it."""
    cell = cell_size(rows, columns)
    return Space(max(columns * cell, width(label, SMALL)) + 2, rows * cell + LABEL)


def array_space(shape: Shape, style: Style) -> Space:
    """Of an array of values or gradients."""
    if is_small(shape):
        return _numbers_space(*grid(shape), style, CELL, written(shape))
    return _map_space(*map_size(shape), written(shape))


def jacobian_space(rows: int, columns: int, style: Style) -> Space:
    """Of a local gradient between arrays."""
    if is_small((rows, columns)):
        return _numbers_space(rows, columns, style, SMALL, "")
    label = f"{rows} x {columns}"
    if max(rows, columns) > PATTERN:
        return Space(max(width(label, SMALL), LONGEST_STRUCTURE), 2 * LABEL)
    return _map_space(*map_size((rows, columns), PATTERN_CELLS), label)


class _Draughtsman:
    """One graph on its way to a drawing."""

    def __init__(
        self,
        graph: Graph,
        style: Style,
        engine: str | None,
        shapes: Sequence[Shape] | None = None,
    ) -> None:
        self.graph, self.style = graph, style
        self.shapes = shapes = shapes or [()] * len(graph.nodes)
        self.number = width("8" * style.room, TEXT) + 2
        self.sizes = [array_space(s, style) if s else Space(self.number) for s in shapes]
        self.locals = [self._local_space(wire) for wire in graph.wires]
        self.shared = [w for w, wire in enumerate(graph.wires) if self._is_shared(wire.source)]
        self.prefixes = [self._prefix(i) for i in range(len(graph.nodes))]
        self.heads = [self._head(i) for i in range(len(graph.nodes))]
        self.rooms = [self._room(node) for node in range(len(graph.nodes))]
        self.layout = self._place(engine)
        self.column, self.columns = self._columns()

    def drawing(self) -> Drawing:
        """The shapes, in the order in which they are painted."""
        return Drawing(
            self.layout.width, self.layout.height, tuple(self._marks()),
            (*self._stubs(), *self._links()), tuple(self._places()),
        )  # fmt: skip

    def _local_space(self, wire: Wire) -> Space:
        rows, columns = self.shapes[wire.target], self.shapes[wire.source]
        if rows == columns == ():
            return Space(self.number)
        return jacobian_space(prod(rows), prod(columns), self.style)

    def _room(self, node: int) -> float:
        """The width of a node's place: its value after its name, its gradient, its local one."""
        named = self.sizes[node].width + width(self.prefixes[node], TEXT)
        leaving = self.graph.wires_out[node]
        return max(named, self.locals[leaving[0]].width if len(leaving) == 1 else 0.0)

    def _reach(self, node: int, local: Space | None) -> tuple[float, float]:
        """How far a place reaches: up, to its value; down, to the gradient and its local one."""
        value = self.sizes[node].height
        below = value + CLEAR if value else BELOW + CLEAR
        up = max(HALF, value + 2 * CLEAR)
        if local is not None and local.height:
            return up, max(HALF, below + CLEAR + local.height + 2)
        return up, up

    def _is_shared(self, node: int) -> bool:
        return len(self.graph.wires_out[node]) > 1

    def _prefix(self, node: int) -> str:
        """A named gate's name stands before its value: "q = "."""
        record = self.graph.nodes[node]
        if record.gate is None or record.name is None:
            return ""
        return shorten(record.name, TEXT, LONGEST_NAME) + " = "

    def _head(self, node: int) -> Mark:
        """The circle or name at the left of a node's box, not yet placed."""
        record = self.graph.nodes[node]
        if record.gate is None:
            text = label(self.graph, node) or written(self.shapes[node])
            text = shorten(text, NAME, LONGEST_NAME)
            return Mark(node, 0, 0, width(text, NAME), text, gate=False)
        text = symbol(record)
        return Mark(node, 0, 0, max(2 * RADIUS, width(text, SYMBOL) + 2 * PADDING), text, gate=True)

    # --- layout

    def _place(self, engine: str | None) -> Layout:
        """Boxes of nodes, then one for each wire of a shared value."""
        start = [h.width + (0 if h.gate else GAP) for h in self.heads]
        sides = [start[node] + room for node, room in enumerate(self.rooms)]
        reach = [self._reach(node, self._single(node)) for node in range(len(self.rooms))]
        for w in self.shared:
            source, local = self.graph.wires[w].source, self.locals[w]
            sides.append(max(self.sizes[source].width, local.width))
            reach.append(self._reach(source, local))
        lean = _lean(reach)
        self.boxes = [
            Box(wide, 2 * max(up + lean, down - lean))
            for wide, (up, down) in zip(sides, reach, strict=True)
        ]
        layout = place(self.boxes, [edge for _, edge, _ in self._edges()], engine)
        widths = [box.width for box in self.boxes]
        return _raised(layout, lean, reach, widths) if lean else layout

    def _single(self, node: int) -> Space | None:
        """What the local gradient takes on the only wire that leaves a node."""
        leaving = self.graph.wires_out[node]
        return self.locals[leaving[0]] if len(leaving) == 1 else None

    def _edges(self) -> Iterator[tuple[tuple[int, ...], tuple[int, int], int | None]]:
        """Wires through a place of their own are two edges: (wires, boxes, gate at the end)."""
        own = {w: len(self.graph.nodes) + k for k, w in enumerate(self.shared)}
        for w, (source, target, _) in enumerate(self.graph.wires):
            if w in own:
                yield (w,), (source, own[w]), None
                yield (w,), (own[w], target), target
            else:
                yield (w,), (source, target), target

    def _columns(self) -> tuple[list[int], list[tuple[float, float]]]:
        """The column of each box, and the left and right end of each column."""
        middles = sorted({x for x, _ in self.layout.centres})
        column = [bisect_left(middles, x) for x, _ in self.layout.centres]
        half = [0.0] * len(middles)
        for box, c in zip(self.boxes, column, strict=True):
            half[c] = max(half[c], box.width / 2)
        return column, [(x - h, x + h) for x, h in zip(middles, half, strict=True)]

    # --- shapes

    def _left(self, node: int) -> float:
        head = self.heads[node]
        whole = head.width + (0 if head.gate else GAP) + self.rooms[node]
        return self.layout.centres[node][0] - whole / 2

    def _right(self, node: int) -> float:
        return 2 * self.layout.centres[node][0] - self._left(node)

    def _marks(self) -> Iterator[Mark]:
        for node, head in enumerate(self.heads):
            x = self._left(node) + head.width / 2
            yield head._replace(x=x, y=self.layout.centres[node][1])

    def _stubs(self) -> Iterator[Curve]:
        """The straight wire under the place of a node that no wire, or several, leave."""
        for node, leaving in enumerate(self.graph.wires_out):
            if len(leaving) != 1:
                y = self.layout.centres[node][1]
                yield _straight(leaving, self._neck(node), self._right(node), y)

    def _neck(self, node: int) -> float:
        """Where the wire leaves a gate's outline, or the name of a leaf."""
        head = self.heads[node]
        return self._left(node) + head.width + (0 if head.gate else GAP)

    def _begin(self, box: int) -> float:
        """Where a curve out of a box begins: under its place, unless a stub lies there."""
        if box >= len(self.graph.nodes):
            return self.layout.centres[box][0] - self.boxes[box].width / 2
        return self._right(box) if self._is_shared(box) else self._neck(box)

    def _links(self) -> Iterator[Curve]:
        """The curves between boxes; those that enter a gate end on its outline, spread apart."""
        edges = list(self._edges())
        ends = self._ends([(gate, tail) for _, (tail, _), gate in edges])
        for (wires, boxes, gate), curve, turn in zip(edges, self.layout.curves, ends, strict=True):
            end = curve[-1] if gate is None else self._on_outline(gate, turn)
            yield Curve(wires, self._link(boxes, curve, end, turn), arrow=gate is not None)

    def _link(
        self, boxes: tuple[int, int], curve: tuple[Point, ...], end: Point, turn: float
    ) -> tuple[Point, ...]:
        """Straight to the end of its column, then, into the next one, one smooth S.

        Between neighbouring columns there is nothing in the way, and Graphviz's own spline keeps
        to the corners of boxes that only we know to be empty; further ones follow it.
        """
        (tail, head), column, y = boxes, self.column, curve[0][1]
        near = column[head] == column[tail] + 1
        edge = self.columns[column[tail]][1] if near else curve[0][0]
        flat = _straight((), self._begin(tail), edge, y).points
        if not near:
            return (*flat, *_to(curve, end)[1:])
        pull = max(0.55 * (end[0] - edge), 10.0)
        low, high = sorted((y, end[1]))  # a handle beyond them would make the curve wiggle
        handle_y = min(max(end[1] + pull * math.sin(turn), low), high)
        handle = (end[0] - pull * math.cos(turn), handle_y)
        curved = ((edge + pull, y), handle, end)
        return (*flat, *curved)

    def _ends(self, edges: list[tuple[int | None, int]]) -> list[float]:
        """How far up or down each edge meets its gate, in the order in which the edges come in."""
        arriving: dict[int, list[int]] = {}
        for e, (gate, _) in enumerate(edges):
            if gate is not None:
                arriving.setdefault(gate, []).append(e)
        turns = [0.0] * len(edges)
        for entering in arriving.values():
            entering.sort(key=lambda e: (self.layout.centres[edges[e][1]][1], e))
            for k, e in enumerate(entering):
                turns[e] = (k - (len(entering) - 1) / 2) * min(SPREAD, 2.0 / len(entering))
        return turns

    def _on_outline(self, gate: int, turn: float) -> Point:
        """The point at the left of a circle or pill, turned up (negative) or down."""
        x = self._left(gate) + RADIUS * (1 - math.cos(turn))
        return x, self.layout.centres[gate][1] + RADIUS * math.sin(turn)

    # --- places

    def _places(self) -> Iterator[Place]:
        for node, room in enumerate(self.rooms):
            y = self.layout.centres[node][1]
            middle = self._right(node) - room / 2
            space = self.sizes[node]
            prefix = self.prefixes[node]
            own = width(prefix, TEXT) + space.width
            value = Place(Slot("value", node), middle, y + ABOVE, TEXT, own, prefix)
            if space.height:
                value = value._replace(y=y - CLEAR - space.height, height=space.height)
            yield value
            yield self._under(Slot("upstream", node), middle, y, space)
            leaving = self.graph.wires_out[node]
            if len(leaving) == 1:
                yield self._local(leaving[0], middle, y, space)
        for k, w in enumerate(self.shared):
            x, y = self.layout.centres[len(self.graph.nodes) + k]
            space = self.sizes[self.graph.wires[w].source]
            yield self._under(Slot("downstream", w), x, y, space)
            yield self._local(w, x, y, space)

    def _under(self, slot: Slot, x: float, y: float, space: Space) -> Place:
        """The place of a gradient, below the wire."""
        if space.height:
            return Place(slot, x, y + CLEAR, TEXT, space.width, height=space.height)
        return Place(slot, x, y + BELOW, TEXT, self.number)

    def _local(self, wire: int, x: float, y: float, above: Space) -> Place:
        """The place of a local gradient, below the gradient."""
        space = self.locals[wire]
        if not space.height:
            return Place(Slot("local", wire), x, y + LOWER, SMALL, self.number)
        top = y + (above.height + CLEAR if above.height else BELOW) + CLEAR
        return Place(Slot("local", wire), x, top, SMALL, space.width, height=space.height)


def _lean(reach: list[tuple[float, float]]) -> float:
    """How far above the middle of its box each wire lies, so that all boxes are lowest together.

    It is the same for all, as what is straight for Graphviz has to be straight.
    """
    found = {max(down - up, 0.0) / 2 for up, down in reach}
    return min(sorted(found), key=lambda lean: sum(max(u + lean, d - lean) for u, d in reach))


def _raised(
    layout: Layout, lean: float, reach: list[tuple[float, float]], widths: list[float]
) -> Layout:
    """A layout with its wires above the middles of boxes, and no more height than is needed.

    Curves come to their boxes as smoothly as is possible without touching another one.
    """
    middles = [y - lean for _, y in layout.centres]
    ends = [y for curve in layout.curves for _, y in curve]
    top = min(*ends, *(y - up for y, (up, _) in zip(middles, reach, strict=True)))
    low = max(*ends, *(y + down for y, (_, down) in zip(middles, reach, strict=True)))
    full: list[Rect] = sorted(
        (x - wide / 2, y - up, x + wide / 2, y + down)
        for (x, _), y, (up, down), wide in zip(layout.centres, middles, reach, widths, strict=True)
    )

    def moved(curve: tuple[Point, ...]) -> tuple[Point, ...]:
        cuts = (_cut(_cut(curve, turn)[::-1], turn)[::-1] for turn in TURNS)
        for found in (_ends_raised(one, lean) for one in (curve, *cuts)):
            if not _enters(found, full, max(widths)):
                break
        return tuple((x, y - top) for x, y in found)

    centres = tuple((x, y - lean - top) for x, y in layout.centres)
    return Layout(layout.width, low - top, centres, tuple(map(moved, layout.curves)))


def _ends_raised(curve: tuple[Point, ...], lean: float) -> tuple[Point, ...]:
    """A curve whose ends go with their wires, and their handles with them."""
    kept = range(2, len(curve) - 2)
    return tuple((x, y - lean * (k not in kept)) for k, (x, y) in enumerate(curve))


def _cut(curve: tuple[Point, ...], length: float) -> tuple[Point, ...]:
    """The same curve with its first piece in two, the first of some length (de Casteljau)."""
    (a, b, c, d), rest = curve[:4], curve[4:]
    t = min(0.5, length / max(abs(d[0] - a[0]), 1.0))
    ab, bc, cd = (_between(p, q, t) for p, q in ((a, b), (b, c), (c, d)))
    abc, bcd = _between(ab, bc, t), _between(bc, cd, t)
    return (a, ab, abc, _between(abc, bcd, t), bcd, cd, d, *rest)


def _between(p: Point, q: Point, t: float) -> Point:
    return p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])


def _enters(curve: tuple[Point, ...], boxes: list[Rect], widest: float) -> bool:
    """Whether a curve runs through a box; they are sorted from left to right."""
    xs, ys = zip(*curve, strict=True)
    first = bisect_left(boxes, (min(xs) - widest,))
    near = [
        box
        for box in boxes[first : bisect_left(boxes, (max(xs),))]
        if box[1] < max(ys) and min(ys) < box[3]
    ]
    return any(
        left < x < right and top < y < low
        for k in range(0, len(curve) - 3 if near else 0, 3)
        for x, y in _points(curve[k : k + 4])
        for left, top, right, low in near
    )


def _points(piece: tuple[Point, ...]) -> list[Point]:
    """Some points on a piece of a curve."""
    found: list[Point] = []
    for k in range(1, 16):
        row = list(piece)
        while len(row) > 1:
            row = [_between(p, q, k / 16) for p, q in pairwise(row)]
        found += row
    return found


def _straight(wires: tuple[int, ...], start: float, end: float, y: float) -> Curve:
    third = (end - start) / 3
    xs = (start, start + third, end - third, end)
    return Curve(wires, tuple((x, y) for x in xs), arrow=False)


def _to(curve: tuple[Point, ...], end: Point) -> tuple[Point, ...]:
    """The curve with its end moved, and its last handle with it."""
    *rest, handle, last = curve
    dx, dy = end[0] - last[0], end[1] - last[1]
    return (*rest, (handle[0] + dx, handle[1] + dy), end)
