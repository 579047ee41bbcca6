"""A graph's drawing: shapes with empty places for numbers, made once for all frames.

Graphviz places boxes; one box holds a gate's circle (or an input's name), the start of its wire and
the place on the wire for its numbers. A node whose value is used several times gets one more place
on each of its wires. Every place is as wide as its widest number, so nothing moves between frames.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from math import prod

from ..base.signs import typeset
from ..calculus.shapes import Shape, shape_text
from ..formulas.names import figure_names
from ..graph.expressions import printed_label, symbol
from ..graph.graph import Graph
from ..graph.nodes import Wire
from ..graph.slots import Slot
from ..look.looks import NAME, SMALL, SYMBOL, TEXT
from ..look.style import Style
from ..look.text_widths import shorten_apart, width
from .curves import Columns, Rect, between, ended, lean_of, lowered, raised, straight
from .layout import Edge, Layout, Size, from_the_first_column, place
from .measures import (
    ABOVE,
    BELOW,
    CLEAR,
    LONGEST_NAME,
    LOWER,
    NAME_GAP,
    PADDING,
    RADIUS,
    SPACINGS,
    Curve,
    Drawing,
    Mark,
    Place,
    Point,
    Space,
    any_width,
    array_space,
    jacobian_space,
    number_space,
)

OVERLAP = 2.0  # of a stub and the wires that leave it, since abutting ends show a notch
SPREAD = math.radians(34)  # between the heads of two wires at one gate


def draw(
    graph: Graph, style: Style, engine: str | None = None,
    shapes: Sequence[Shape] | None = None, texts: Mapping[Slot, str] | None = None,
) -> Drawing:  # fmt: skip
    """Lay out a graph for values of these shapes, with places for these texts of numbers.

    Without `texts`, every place is as wide as any number can be. Raises what `layout.place` raises.
    """
    return _Draughtsman(graph, style, engine, shapes, texts).drawing()


def fits(drawing: Drawing, texts: Mapping[Slot, str]) -> bool:
    """Whether other numbers fit into the places of a drawing."""
    return all(
        place.height or number_space(place.slot, texts[place.slot], place.prefix) <= place.width
        for place in drawing.places
    )


def shown_names(graph: Graph, shapes: Sequence[Shape], symbols: str) -> dict[str, str]:
    """The names of gates and what stands at leaves, each with what the figure shows of it."""
    named = (node.name for node in graph.nodes if node.gate and node.name)
    leaves = (i for i, node in enumerate(graph.nodes) if node.gate is None)
    limits = dict.fromkeys(named, LONGEST_NAME / TEXT)
    limits |= dict.fromkeys((_leaf(graph, i, shapes) for i in leaves), LONGEST_NAME / NAME)
    known = figure_names(graph.names, symbols)
    shown = {text: known.get(text, text) for text in limits}
    short = shorten_apart({shown[text]: limit for text, limit in limits.items()})
    return {text: short[now] for text, now in shown.items()}


def _leaf(graph: Graph, node: int, shapes: Sequence[Shape]) -> str:
    """What stands at an input or a constant; an array without a name shows its shape."""
    return printed_label(graph, node) or shape_text(shapes[node])


class _Spaces:
    """The spaces of a graph's numbers: all numbers it ever shows, or any number at all."""

    def __init__(
        self,
        graph: Graph,
        style: Style,
        shapes: Sequence[Shape],
        texts: Mapping[Slot, str] | None,
    ) -> None:
        self.graph, self.style, self.shapes = graph, style, shapes
        self.spacing = SPACINGS[style.spacing]
        self.texts = texts
        self.shown = shown_names(graph, shapes, style.symbols)
        self.prefixes = [self._prefix(i) for i in range(len(graph.nodes))]
        self.sizes = [
            array_space(s, style) if s else Space(self.wide(Slot("upstream", i)))
            for i, s in enumerate(shapes)
        ]
        self.locals = [self._local_space(w, wire) for w, wire in enumerate(graph.wires)]

    def _prefix(self, node: int) -> str:
        """The name before a named gate's value: "q = "; none where the value is only named."""
        record = self.graph.nodes[node]
        if record.gate is None or record.name is None:
            return ""
        shown, texts = self.shown[record.name], self.texts or {}
        return "" if texts.get(Slot("value", node)) == shown else shown + " = "

    def wide(self, slot: Slot, prefix: str = "") -> float:
        """The width of the number of a slot, with what stands before it."""
        own = number_space(slot, self.texts.get(slot, ""), prefix) if self.texts else 0.0
        if self.texts and not self.spacing.for_any:
            return own
        return max(own, math.ceil(width(prefix, TEXT) + any_width(self.style.room, TEXT)))

    def _local_space(self, w: int, wire: Wire) -> Space:
        if self.style.local == "never":
            return Space(0.0)
        rows, columns = self.shapes[wire.target], self.shapes[wire.source]
        if rows == columns == () or self.graph.takes_labels(wire):
            return Space(self.wide(Slot("local", w)))
        return jacobian_space(prod(rows), prod(columns), self.style)

    def place_width(self, node: int) -> float:
        """The width of a node's place: its named value, its gradient and its local gradient."""
        single = self.single(node)
        under = max(self.sizes[node].width, single.width if single else 0.0)
        return max(self.named(node), under)

    def named(self, node: int) -> float:
        """The width of a node's value, after its name."""
        prefix = self.prefixes[node]
        if self.sizes[node].height:
            return width(prefix, TEXT) + self.sizes[node].width
        return self.wide(Slot("value", node), prefix)

    def reach(self, node: int, gradient: Slot, local: Space | None) -> tuple[float, float]:
        """How far a place extends up, to its value, and down, to its gradients."""
        value = self.sizes[node].height
        up = value + 2 * CLEAR if value else self.spacing.above
        if gradient in self.graph.never_filled:
            return up, self.spacing.below
        below = value + CLEAR if value else BELOW + CLEAR
        if local is not None and local.height:
            return up, below + CLEAR + local.height + 2
        least = below if self.style.local == "never" else self.spacing.below
        return up, max(least, value + 2 * CLEAR)

    def single(self, node: int) -> Space | None:
        """The space of the local gradient, if exactly one wire leaves the node."""
        leaving = self.graph.wires_out[node]
        return self.locals[leaving[0]] if len(leaving) == 1 else None


class _Draughtsman:
    """Draws one graph: measures its boxes, has them placed, and adds the shapes."""

    def __init__(
        self,
        graph: Graph,
        style: Style,
        engine: str | None,
        shapes: Sequence[Shape] | None = None,
        texts: Mapping[Slot, str] | None = None,
    ) -> None:
        self.graph, self.shapes = graph, shapes or [()] * len(graph.nodes)
        self.spaces = _Spaces(graph, style, self.shapes, texts)
        self.spacing = self.spaces.spacing
        self.shared = [w for w, wire in enumerate(graph.wires) if self._is_shared(wire.source)]
        self.edges = list(self._edges())
        self.heads = [self._head(i) for i in range(len(graph.nodes))]
        self.place_widths = [self.spaces.place_width(node) for node in range(len(graph.nodes))]
        self.layout = self._place(engine)
        self.columns = Columns([x for x, _ in self.layout.centres], list(self._rects()))

    def drawing(self) -> Drawing:
        """The shapes, in the order in which they are painted."""
        return Drawing(
            self.layout.width, self.layout.height, tuple(self._marks()),
            (*self._stubs(), *self._links()), tuple(self._filled_places()),
        )  # fmt: skip

    def _is_shared(self, node: int) -> bool:
        return len(self.graph.wires_out[node]) > 1

    def _head(self, node: int) -> Mark:
        """The circle or name at the left of a node's box, without its position."""
        record = self.graph.nodes[node]
        if record.gate is None:
            text = self.spaces.shown[_leaf(self.graph, node, self.shapes)]
            return Mark(node, 0, 0, width(text, NAME), text, gate=False)
        text = typeset(symbol(record), self.spaces.style.symbols)
        return Mark(node, 0, 0, max(2 * RADIUS, width(text, SYMBOL) + 2 * PADDING), text, gate=True)

    # --- layout

    def _place(self, engine: str | None) -> Layout:
        """Place the boxes of the nodes, and one for each wire of a shared value."""
        start = [h.width + (0 if h.gate else NAME_GAP) for h in self.heads]
        sides = [start[node] + wide for node, wide in enumerate(self.place_widths)]
        self.reach = reach = [
            self.spaces.reach(node, Slot("upstream", node), self.spaces.single(node))
            for node in range(len(self.place_widths))
        ]
        for w in self.shared:
            source, local = self.graph.wires[w].source, self.spaces.locals[w]
            brought = self.spaces.sizes[source]
            wide = brought.width if brought.height else self.spaces.wide(Slot("downstream", w))
            sides.append(max(wide, local.width))
            reach.append(self.spaces.reach(source, Slot("downstream", w), local))
        self.lean = lean = lean_of(reach)
        self.sides, turns = sides, self._turns()
        self.boxes = [
            Size(wide + turn, 2 * max(up + lean, down - lean))
            for wide, turn, (up, down) in zip(sides, turns, reach, strict=True)
        ]
        layout = place(self.boxes, self.placed_edges(), engine, self.spacing.columns)
        return raised(layout, lean, reach) if lean else layout

    def _turns(self) -> list[float]:
        """The space after each box in which its wire turns, where it meets others at a gate."""
        found = [0.0] * (len(self.graph.nodes) + len(self.shared))
        for _, (tail, _), gate in self.edges:
            if gate is None or len(self.graph.wires_in[gate]) > 1:
                found[tail] = self.spacing.turn
        return found

    def placed_edges(self) -> list[Edge]:
        """The edges between boxes, with their lengths: inputs near the first column stand in it."""
        edges = [boxes for _, boxes, _ in self.edges]
        if self.shared or any(self.shapes):  # long wires would cross others, arrays grow too high
            return [*edges]
        leaves = {i for i, node in enumerate(self.graph.nodes) if node.gate is None}
        return from_the_first_column(edges, leaves, self.spacing.far)

    def _box_left(self, box: int) -> float:
        return self.layout.centres[box][0] - self.boxes[box].width / 2

    def _rects(self) -> Iterator[Rect]:
        """Where the boxes are, without the space in which wires turn."""
        places = zip(self.layout.centres, self.sides, self.reach, strict=True)
        for box, ((_, y), wide, (up, down)) in enumerate(places):
            left = self._box_left(box)
            yield left, y - up, left + wide, y + down

    def _edges(self) -> Iterator[tuple[tuple[int, ...], tuple[int, int], int | None]]:
        """(wires, boxes, gate at the end) of each edge; a wire with its own place is two edges."""
        own = {w: len(self.graph.nodes) + k for k, w in enumerate(self.shared)}
        for w, (source, target, _) in enumerate(self.graph.wires):
            if w in own:
                yield (w,), (source, own[w]), None
                yield (w,), (own[w], target), target
            else:
                yield (w,), (source, target), target

    # --- shapes

    def _right(self, node: int) -> float:
        return self._box_left(node) + self.sides[node]

    def _marks(self) -> Iterator[Mark]:
        for node, head in enumerate(self.heads):
            x = self._box_left(node) + head.width / 2
            yield head._replace(x=x, y=self.layout.centres[node][1])

    def _stubs(self) -> Iterator[Curve]:
        """The straight line under the place of a node with no outgoing wire, or several."""
        for node, leaving in enumerate(self.graph.wires_out):
            if len(leaving) != 1:
                y = self.layout.centres[node][1]
                line = straight(self._neck(node), self._right(node), y)
                yield Curve(leaving, line, arrow=False)

    def _neck(self, node: int) -> float:
        """Where the wire leaves a gate's outline, or the name of a leaf."""
        head = self.heads[node]
        return self._box_left(node) + head.width + (0 if head.gate else NAME_GAP)

    def _begin(self, box: int) -> float:
        """Where a curve out of a box begins: under its place, unless a stub is there."""
        if box >= len(self.graph.nodes):
            return self._box_left(box)
        return self._right(box) - OVERLAP if self._is_shared(box) else self._neck(box)

    def _links(self) -> Iterator[Curve]:
        """A curve for each wire, to the outline of its gate; those at one gate are spread apart.

        A wire with its own place is one curve too: a joint between two would show as a notch.
        """
        edges, way = self.edges, tuple[Point, ...]()
        ends = self._ends([(gate, tail) for _, (tail, _), gate in edges])
        for (wires, boxes, gate), curve, turn in zip(edges, self.layout.curves, ends, strict=True):
            end = curve[-1] if gate is None else self._on_outline(gate, turn)
            way += self._link(boxes, curve, end, turn)[bool(way) :]
            if gate is not None:
                yield Curve(wires, way, arrow=True)
                way = ()

    def _link(
        self, boxes: tuple[int, int], curve: tuple[Point, ...], end: Point, turn: float
    ) -> tuple[Point, ...]:
        """The way from one box to another.

        Nothing is between neighbouring columns, where Graphviz's spline avoids corners of boxes
        that are in fact empty.
        """
        (tail, head), columns, begin = boxes, self.columns, (self._begin(boxes[0]), curve[0][1])
        if columns.of[head] > columns.of[tail] + 1:
            for found in self._over_columns(tail, begin, curve, end, turn):
                if columns.is_free(found, boxes):
                    return found
        return columns.way(begin, tail, head, end, turn)

    def _over_columns(
        self, tail: int, begin: Point, curve: tuple[Point, ...], end: Point, turn: float
    ) -> Iterator[tuple[Point, ...]]:
        """The ways past other columns: one bow, or Graphviz's spline, better without wiggles."""
        yield self.columns.bow(begin, tail, end, turn)
        flat = straight(begin[0], curve[0][0], begin[1])
        splines = [(*flat, *ended(c, end)[1:]) for c in (curve, lowered(curve, self.lean))]
        yield from (between(spline, begin[1], end[1]) for spline in splines)
        yield from splines

    def _ends(self, edges: list[tuple[int | None, int]]) -> list[float]:
        """The angle at which each edge meets its gate, so that those at one gate fan out."""
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
        x = self._box_left(gate) + RADIUS * (1 - math.cos(turn))
        return x, self.layout.centres[gate][1] + RADIUS * math.sin(turn)

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
        for node, wide in enumerate(self.place_widths):
            y = self.layout.centres[node][1]
            middle = self._right(node) - wide / 2
            space = self.spaces.sizes[node]
            prefix = self.spaces.prefixes[node]
            own = self.spaces.named(node)
            value = Place(Slot("value", node), middle, y + ABOVE, TEXT, own, prefix)
            if space.height:
                value = value._replace(y=y - CLEAR - space.height, height=space.height)
            yield value
            yield self._under(Slot("upstream", node), middle, y, space)
            leaving = self.graph.wires_out[node]
            if len(leaving) == 1:
                yield self._local(leaving[0], middle, y, space)
        for k, w in enumerate(self.shared):
            box = len(self.graph.nodes) + k
            x, y = self._box_left(box) + self.sides[box] / 2, self.layout.centres[box][1]
            space = self.spaces.sizes[self.graph.wires[w].source]
            yield self._under(Slot("downstream", w), x, y, space)
            yield self._local(w, x, y, space)

    def _under(self, slot: Slot, x: float, y: float, space: Space) -> Place:
        """The place of a gradient, below the wire."""
        if space.height:
            return Place(slot, x, y + CLEAR, TEXT, space.width, height=space.height)
        return Place(slot, x, y + BELOW, TEXT, self.spaces.wide(slot))

    def _local(self, wire: int, x: float, y: float, above: Space) -> Place:
        """The place of a local gradient, below the gradient."""
        space = self.spaces.locals[wire]
        if not space.height:
            return Place(Slot("local", wire), x, y + LOWER, SMALL, space.width)
        top = y + (above.height + CLEAR if above.height else BELOW) + CLEAR
        return Place(Slot("local", wire), x, top, SMALL, space.width, height=space.height)
