"""The spaces of a graph's numbers: how wide and how high each may be in a figure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from math import prod
from typing import NamedTuple

from ..base.signs import typeset
from ..base.words import languages, say
from ..calculus.shapes import Shape, shape_text
from ..formulas.names import figure_names
from ..graph.expressions import printed_label, symbol
from ..graph.graph import Graph
from ..graph.nodes import Node, Wire
from ..graph.slots import Slot
from ..look.looks import NAME, SYMBOL, TEXT
from ..look.style import Style
from ..look.text_widths import shorten_apart, width
from .measures import (
    LEAST,
    LONGEST_NAME,
    PADDING,
    RADIUS,
    SPACINGS,
    Mark,
    Space,
    any_width,
    array_space,
    jacobian_space,
    number_space,
)


def shown_names(graph: Graph, shapes: Sequence[Shape], style: Style) -> dict[str, str]:
    """The names of gates and what stands at leaves, each with what the figure shows of it."""
    named = (node.name for node in graph.nodes if node.gate and node.name)
    leaves = (i for i, node in enumerate(graph.nodes) if node.gate is None)
    limits = dict.fromkeys(named, LONGEST_NAME / TEXT)
    limits |= dict.fromkeys((_leaf(graph, i, shapes) for i in leaves), LONGEST_NAME / NAME)
    known = figure_names(graph.names, style.symbols)
    shown = {text: known.get(text) or sign(text, style) for text in limits}
    short = shorten_apart({shown[text]: limit for text, limit in limits.items()})
    return {text: short[now] for text, now in shown.items()}


def _leaf(graph: Graph, node: int, shapes: Sequence[Shape]) -> str:
    """What stands at an input or a constant; an array without a name shows its shape."""
    return printed_label(graph, node) or shape_text(shapes[node])


def sign(text: str, style: Style) -> str:
    """The symbol of a gate, or a number, as a figure sets it."""
    return typeset(text, style.symbols, style.mark or ".")


def gate_sign(node: Node, style: Style) -> str:
    """What stands in a gate's circle; the name of an unknown gate is set as other names are."""
    text = symbol(node)
    named = node.gate is not None and node.gate.unknown
    return figure_names([text], style.symbols)[text] if named else sign(text, style)


def gate_mark(node: int, record: Node, style: Style) -> Mark:
    """A gate, without its position: a circle, or a pill for a long sign."""
    text = gate_sign(record, style)
    return Mark(node, 0, 0, max(2 * RADIUS, width(text, SYMBOL) + 2 * PADDING), text, gate=True)


class Stretch(NamedTuple):
    """What stands beside the wire after a node, or beside one wire of several, with the spaces.

    `brings` is the node whose value the wire brings. A wire of several has no value of its own, and
    several wires have no local gradient in common.
    """

    brings: int
    gradient: Slot | None  # none on one wire of several in forward mode: it is before them
    carried: Space  # the space of the gradient
    value: Space | None = None
    wire: int | None = None  # of the local gradient
    local: Space = Space(0.0)
    next: Space | None = None  # of the new value, if the value is updated


class Spaces:
    """The spaces of a graph's numbers: all numbers it ever shows, or any number at all.

    With `plain`, arrays are not drawn: they have texts as numbers have.
    """

    def __init__(
        self,
        graph: Graph,
        style: Style,
        shapes: Sequence[Shape],
        texts: Mapping[Slot, str] | None,
        plain: bool = False,
        widths: Mapping[Slot, float] | None = None,
    ) -> None:
        self.graph, self.style, self.leaves = graph, style, shapes
        self.shapes = [()] * len(shapes) if plain else shapes
        self.spacing = SPACINGS[style.spacing]
        self.least = 0.0 if style.upright else LEAST
        self.texts = texts
        self.widths = {} if self.spacing.for_any or not widths else widths
        tangents = any(slot.kind == "tangent" for slot in texts or ())
        self.gradient = "tangent" if tangents else "upstream"
        self.shown = shown_names(graph, shapes, style)
        self.prefixes = [self._prefix(i) for i in range(len(graph.nodes))]
        self.sizes = [
            self._array_space(i, s) if s else Space(self.wide(Slot(self.gradient, i)))
            for i, s in enumerate(self.shapes)
        ]
        self.locals = [self._local_space(w, wire) for w, wire in enumerate(graph.wires)]
        self.heads = [self._head(node) for node in range(len(graph.nodes))]

    def _array_space(self, node: int, shape: Shape) -> Space:
        """The space of an array, which is that of its value and of all that comes back to it."""
        back = [Slot("downstream", w) for w in self.graph.wires_out[node]]
        return self._as_wide(array_space(shape, self.style), Slot("value", node),
                             Slot(self.gradient, node), *back)  # fmt: skip

    def _as_wide(self, space: Space, *slots: Slot) -> Space:
        """The space of arrays, as wide as the widest of them if that is known."""
        own = max(self.widths.get(slot, 0.0) for slot in slots)
        return space._replace(width=own) if own else space

    def _head(self, node: int) -> Mark:
        """A gate or the name of a leaf, without its position."""
        record = self.graph.nodes[node]
        if record.gate is None:
            text = self.shown[_leaf(self.graph, node, self.leaves)]
            return Mark(node, 0, 0, width(text, NAME), text, gate=False)
        return gate_mark(node, record, self.style)

    def loss(self, name: str) -> Mark:
        """The name of a loss outside of the figure, without its position."""
        text = figure_names([name], self.style.symbols)[name]
        return Mark(-1, 0, 0, width(text, NAME), text, gate=False)

    def _prefix(self, node: int) -> str:
        """The name before a named gate's value: "q = "; none where the value is only named."""
        record = self.graph.nodes[node]
        if record.gate is None or record.name is None:
            return ""
        shown, texts = self.shown[record.name], self.texts or {}
        return "" if texts.get(Slot("value", node)) == shown else shown + " = "

    def wide(self, slot: Slot, prefix: str = "") -> float:
        """The width of the number of a slot, with what stands before it."""
        text = self.texts.get(slot, "") if self.texts else ""
        own = number_space(slot, text, prefix, self.least) if self.texts else 0.0
        if self.texts and not self.spacing.for_any:
            return own
        return max(own, math.ceil(width(prefix, TEXT) + any_width(self.style.room, TEXT)))

    def _local_space(self, w: int, wire: Wire) -> Space:
        if self.style.local == "never":
            return Space(0.0)
        rows, columns = self.shapes[wire.target], self.shapes[wire.source]
        slot = Slot("local", w)
        if rows == columns == () or slot in self.graph.never_filled:
            return Space(self.wide(slot))
        return self._as_wide(jacobian_space(prod(rows), prod(columns), self.style), slot)

    def after(self, node: int) -> Stretch:
        """What stands on the wire after a node, with the local gradient if exactly one leaves."""
        space, leaving = self.sizes[node], self.graph.wires_out[node]
        value, slot = Space(self._named(node), space.height), Slot("upstream", node)
        if slot not in self.graph.never_filled:
            slot = Slot(self.gradient, node)
        found = Stretch(node, slot, space, value, next=self._next(node))
        if len(leaving) != 1:
            return found
        return found._replace(wire=leaving[0], local=self.locals[leaving[0]])

    def _next(self, node: int) -> Space | None:
        """The space of the new value of a node that is updated."""
        slot, shape = Slot("next", node), self.shapes[node]
        if not self.texts or slot not in self.texts:
            return None
        if not shape:
            return Space(self.wide(slot))
        longest = max((say("array.next", lang) for lang in languages()), key=len)
        return self._as_wide(array_space(shape, self.style, longest), slot)

    def on(self, wire: int) -> Stretch:
        """What stands on one of several wires that leave a node."""
        node, slot = self.graph.wires[wire].source, Slot("downstream", wire)
        if self.gradient == "tangent":
            return Stretch(node, None, Space(0.0), wire=wire, local=self.locals[wire])
        space = self.sizes[node]
        carried = space if space.height else Space(self.wide(slot))
        return Stretch(node, slot, carried, wire=wire, local=self.locals[wire])

    def _named(self, node: int) -> float:
        """The width of a node's value, after its name."""
        prefix = self.prefixes[node]
        if self.sizes[node].height:
            return width(prefix, TEXT) + self.sizes[node].width
        return self.wide(Slot("value", node), prefix)
