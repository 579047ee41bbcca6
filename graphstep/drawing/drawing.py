"""HOW: a graph's figure as shapes with empty places for numbers, made once for all frames.

Graphviz places boxes; one box holds a gate's circle (or an input's name), the start of its wire and
the place on the wire for its numbers. A node whose value is used several times gets one more place
on each of its wires. Every place is reserved for the widest text it can ever hold.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from math import prod

from ..calculus.shapes import Shape, shape_text
from ..graph.expressions import label, symbol
from ..graph.graph import Graph
from ..graph.nodes import Wire
from ..graph.slots import Slot
from ..look.looks import NAME, SMALL, SYMBOL, TEXT
from ..look.style import Style
from ..look.text_widths import shorten, width
from .curves import ended, lean_of, raised, straight
from .layout import Box, Layout, place
from .measures import (
    ABOVE,
    BELOW,
    CLEAR,
    GAP,
    HALF,
    LONGEST_NAME,
    LOWER,
    PADDING,
    RADIUS,
    Curve,
    Drawing,
    Mark,
    Place,
    Point,
    Space,
    array_space,
    jacobian_space,
)

SPREAD = math.radians(34)  # between the heads of two wires at one gate


def draw(
    graph: Graph, style: Style, engine: str | None = None,
    shapes: Sequence[Shape] | None = None,
) -> Drawing:  # fmt: skip
    """Lay a graph out, once, for values of these shapes. Raises what `layout.place` raises."""
    return _Draughtsman(graph, style, engine, shapes).drawing()


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
            text = label(self.graph, node) or shape_text(self.shapes[node])
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
        lean = lean_of(reach)
        self.boxes = [
            Box(wide, 2 * max(up + lean, down - lean))
            for wide, (up, down) in zip(sides, reach, strict=True)
        ]
        layout = place(self.boxes, [edge for _, edge, _ in self._edges()], engine)
        widths = [box.width for box in self.boxes]
        return raised(layout, lean, reach, widths) if lean else layout

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
                line = straight(self._neck(node), self._right(node), y)
                yield Curve(leaving, line, arrow=False)

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
        flat = straight(self._begin(tail), edge, y)
        if not near:
            return (*flat, *ended(curve, end)[1:])
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
