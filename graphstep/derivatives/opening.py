"""A graph made ready for its derivative: gates that are made of others opened, all shapes known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..base.errors import GraphError, InputError, nearest, short
from ..calculus.shapes import Misfit, Shape
from ..gates.gate import Gate
from ..gates.rules import Rule
from ..graph.composites import inside
from ..graph.graph import Graph
from ..graph.misfits import misfit_at
from ..graph.nodes import Node, spliced
from ..graph.rewrite import can_be_expanded, parts_of
from ..language.local_texts import Taken
from .parts import Part, Sized, nodes_of, shape_of
from .pulls import PULLS
from .windows import WINDOWS

Shapes = Mapping[str, Shape | Sequence[int] | int]
UNREAD = re.compile(r"onehot\(")
"""What texts of rows say that is no gate."""


class Opened(NamedTuple):
    """A graph with the shape of each node, and of inputs by name; none for a graph of numbers."""

    graph: Graph
    shapes: list[Shape]
    inputs: dict[str, Shape]


def opened(graph: Graph, given: Shapes | None) -> Opened:
    """The graph with gates opened that are made of others, and all shapes.

    `given` has the shapes of inputs by name; a graph of numbers needs none. Raises InputError for
    shapes that are missing or wrong, ShapeError at the first gate whose inputs do not fit.
    """
    inputs = _input_shapes(graph, given)
    made = _Opening(graph, inputs)
    nodes, new = tuple(made.nodes), made.new
    names = {name: new[i] for name, i in graph.names.items()}
    whole = None if graph.whole is None else new[graph.whole]
    ready = Graph(nodes, new[graph.output], names, graph.source, whole=whole)
    return Opened(ready, made.shapes, inputs)


class _Opening:
    """The nodes, with their shapes, and the new index of each old one."""

    def __init__(self, graph: Graph, known: Mapping[str, Shape]) -> None:
        self.nodes: list[Node] = []
        self.shapes: list[Shape] = []
        self.new: list[int] = []
        for i, node in enumerate(graph.nodes):
            args = tuple(self.new[arg] if isinstance(arg, int) else arg for arg in node.args)
            try:
                at = self._added(node._replace(args=args), known)
            except Misfit as misfit:
                shapes = [self.shapes[k] for k in self.new]
                raise misfit_at(graph, i, shapes, misfit) from None
            self.new.append(at)

    def _added(self, node: Node, known: Mapping[str, Shape]) -> int:
        gate = node.gate
        if gate is None:
            return self._append(node, known.get(node.name or "", shape_of(node.value or 0.0)))
        if is_opened(gate):
            return self._open(gate, node, known)
        if not node.sources:
            node = node._replace(args=tuple(map(self._constant, node.args)))
        taken = [self.shapes[arg] if isinstance(arg, int) else () for arg in node.args]
        if gate.own and any(taken):
            raise GraphError("no_gradient_text", gate=gate.name)  # it has to run for its shape
        return self._append(node, gate.shaped(taken, node.options))

    def _append(self, node: Node, shape: Shape) -> int:
        self.nodes.append(node)
        self.shapes.append(shape)
        return len(self.nodes) - 1

    def _constant(self, value: Part) -> int:
        return self._append(Node(None, value=value, constant=True), ())

    def _at_work(self, node: Node) -> Taken:
        assert node.gate is not None
        sized = {i: Sized(self.shapes[i]) for i in node.sources}
        taken = [self.shapes[arg] if isinstance(arg, int) else () for arg in node.args]
        return node.at_work(sized, Sized(node.gate.shaped(taken, node.options)))

    def _open(self, gate: Gate, node: Node, known: Mapping[str, Shape]) -> int:
        def add(part: Node, last: bool) -> Part:
            if part.gate is not None and part.gate.elementwise and not part.sources:
                return float(part.gate.value(part.args))
            name = node.name if last else part.name if inside(gate) else None
            return self._added(part._replace(name=name, span=node.span), known)

        text = WINDOWS.get(gate.name)
        parts = nodes_of(text(self._at_work(node))) if text else parts_of(gate, node.options)
        found: Part = spliced(*parts, dict(zip(gate.params, node.args, strict=True)), add)
        assert isinstance(found, int)  # an expansion ends with a gate
        return found


def is_opened(gate: Gate) -> bool:
    """Whether a gate goes back through the gates that it is made of, as its row has no text."""
    if inside(gate) is not None:
        return True
    if gate.name in WINDOWS:
        return True
    if gate.elementwise or gate.name in PULLS or not can_be_expanded(gate):
        return False
    return any(isinstance(r, Rule) and (not r.text or UNREAD.search(r.text)) for r in gate.local)


# --- the shapes of inputs


def _input_shapes(graph: Graph, given: Shapes | None) -> dict[str, Shape]:
    """The shape of each input; of none for a graph of numbers. Raises InputError."""
    known = {**graph.shapes, **{n: _read(n, shape) for n, shape in (given or {}).items()}}
    inputs = (*graph.inputs, *graph.unused)
    for name in known:
        if name not in inputs:
            near = nearest(name, set(inputs) - known.keys())
            known_names = ", ".join(inputs) or "-"
            raise InputError("superfluous_input", name=name, near=near, known=known_names)
    if not known and _is_of_numbers(graph):
        return {}
    for name, i in graph.inputs.items():
        if name not in known:
            value = graph.nodes[i].value
            if value is None:
                raise InputError("shapes_needed", name=name, write=_example(graph, known))
            known[name] = shape_of(value)
    return known


def _read(name: str, shape: object) -> Shape:
    """A shape as it was given. Raises InputError for anything else."""
    sizes = shape if isinstance(shape, tuple | list) else (shape,)
    if not all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in sizes):
        raise InputError("bad_shape", name=name, given=short(shape))
    return tuple(sizes)


def _is_of_numbers(graph: Graph) -> bool:
    return all(
        node.gate.elementwise if node.gate else not isinstance(node.value, tuple)
        for node in graph.nodes
    )


def _example(graph: Graph, known: Mapping[str, Shape]) -> str:
    """The shapes of all inputs as they are written: those that are known, and vectors of 3."""
    listed = ", ".join(f'"{name}": {known.get(name, (3,))}' for name in graph.inputs)
    return f"shapes={{{listed}}}"
