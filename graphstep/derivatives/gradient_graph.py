"""The backward pass of a graph, written as a graph of its own, in the same gates.

Each gate states its local gradients as texts in the language, and these become nodes. So what comes
out can be read, run, drawn and differentiated again. Over arrays it holds for certain shapes: they
say what is summed, repeated and padded.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple, cast

from ..base.errors import GraphError
from ..calculus.shapes import Shape, shape_text
from ..graph.graph import Graph
from ..graph.writer import Written, write_source
from .downstream import downstream
from .opening import Shapes, opened
from .parts import Part, Parts, is_number


class Derivative(NamedTuple):
    """The nodes and the text of a derivative, the shapes of inputs, and the inputs it adds."""

    written: Written
    shapes: dict[str, Shape]
    added: list[str]


def gradient(
    graph: Graph, name: str, shapes: Shapes | None = None, upstream: str | None = None
) -> Derivative:
    """The gradient with respect to an input or a named node.

    Raises InputError for an unknown name and for shapes that are missing or wrong, GraphError for
    gates whose gradients are not written in gates, and for an output that is an array, unless
    `upstream` names the gradient that arrives there.
    """
    if name not in graph.unused:
        graph.index(name)
    backward = _Backward(graph, {name}, shapes, upstream)
    at = backward.node(name)
    return backward.derivative(backward.upstream(at), at, f"d{name}")


def directional(
    graph: Graph, directions: Mapping[str, str], shapes: Shapes | None = None
) -> Derivative:
    """The derivative along a direction: for each name, the input that is its part of it."""
    for name in directions:
        graph.index(name)
    backward = _Backward(graph, directions.keys(), shapes, None)
    parts, total = backward.parts, cast(Part, 0.0)
    for name, direction in directions.items():
        node = backward.node(name)
        taken = backward.input(direction, parts.shapes[node])
        along = parts.product(taken, backward.upstream(node))
        if parts.shape(along):
            along = parts.gate("sum", along, options=(None, 0))
        total = parts.sum(total, along)
    numbers = (at for at in map(backward.node, directions) if not parts.shapes[at])
    output = backward.graph.output
    named = backward.graph.nodes[output].name or "f"
    return backward.derivative(total, next(numbers, output), f"d{named}")


class _Backward:
    """The nodes of a graph, followed by those of its backward pass to the wanted names."""

    def __init__(
        self, graph: Graph, wanted: Collection[str], shapes: Shapes | None, arriving: str | None
    ) -> None:
        self.source = graph.source
        self.graph, known, self.inputs = opened(graph, shapes)
        self.added: list[str] = []
        names = {*graph.names, *(node.name or "" for node in graph.nodes)}
        self.parts = Parts(self.graph.nodes, known, names)
        self.known: dict[int, Part] = {self.graph.output: self._seed(arriving)}
        self._walk({self.graph.names[name] for name in wanted if name in graph.names})

    def _seed(self, arriving: str | None) -> Part:
        """The gradient of the output: 1, or an input. Raises GraphError."""
        output = self.graph.output
        node, shape = self.graph.nodes[output], self.parts.shapes[output]
        if arriving is not None:
            return self.input(arriving, shape)
        if shape:
            raise GraphError("gradient_of_array", source=self.source, span=node.span,
                             name=node.name or "f", shape=shape_text(shape))  # fmt: skip
        return 1.0

    def _walk(self, wanted: Collection[int]) -> None:
        """The backward pass over all nodes on a path from the wanted ones to the output."""
        graph, parts = self.graph, self.parts
        reached = {*wanted}
        for source, target, _ in graph.wires:
            if source in reached:
                reached.add(target)
        for node in sorted(reached - {graph.output}, reverse=True):
            total: Part = 0.0
            for wire in graph.wires_back[node]:
                if graph.wires[wire].target in reached:
                    total = parts.sum(total, self._downstream(wire))
            if (name := graph.nodes[node].name) and parts.is_new(total):
                total = parts.called(parts.whole(total, parts.shapes[node]), f"d{name}")
            self.known[node] = total

    def _downstream(self, wire: int) -> Part:
        """What a gate sends back on a wire. Raises GraphError where that is not made of gates."""
        _, target, position = self.graph.wires[wire]
        up = self.upstream(target)
        if is_number(up, 0.0) or self.graph.takes_labels(self.graph.wires[wire]):
            return 0.0
        found = downstream(self.parts, target, position, up)
        if found is None:
            node = self.graph.nodes[target]
            raise GraphError("no_gradient_text", source=self.source, span=node.span,
                             gate=node.gate.name if node.gate else "")  # fmt: skip
        return found

    def upstream(self, node: int) -> Part:
        """The gradient of a node; 0 where the output does not depend on it."""
        return self.known.get(node, 0.0)

    def node(self, name: str) -> int:
        """The node of a name; for an input that has none, it is added."""
        known = self.graph.names.get(name)
        return self.input(name, self.inputs.get(name, ())) if known is None else known

    def input(self, name: str, shape: Shape) -> int:
        """A new input, with its shape. Raises GraphError for a name that a node has."""
        at = self.parts.input(name, shape)
        self.added.append(name)
        if self.inputs:
            self.inputs[name] = shape
        return at

    def derivative(self, found: Part, at: int, name: str) -> Derivative:
        """The graph of a gradient. One that is a number or an input takes its node 0 times."""
        parts, shape = self.parts, self.parts.shapes[at]
        if isinstance(found, float) or parts.is_leaf(found, shape):
            zero = parts.gate("mul", at, 0.0)
            found = zero if is_number(found, 0.0) else parts.gate("add", found, zero)
        output = parts.whole(found, shape)
        written = write_source(parts.nodes, output, parts.free(name))
        return Derivative(written, self.inputs, self.added)
