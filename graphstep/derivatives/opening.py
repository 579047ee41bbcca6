"""A graph made ready for its derivative: gates that are made of others opened, all shapes known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..base.errors import GraphError, InputError, nearest, short
from ..calculus.shapes import Misfit, Shape
from ..gates.gate import Gate
from ..gates.rules import Rule
from ..graph.composites import inside
from ..graph.graph import Graph
from ..graph.misfits import misfit_at
from ..graph.nodes import Node, shape_of, shapes_of, spliced
from ..rewriting.expansion import can_be_expanded, expand
from ..rewriting.order import Rewritten, unmoved
from ..rewriting.outputs import fitted
from .parts import Part, Sized, nodes_of
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
    shapes that are missing or wrong, ShapeError at the first gate whose inputs do not fit,
    GraphError for a custom gate of arrays.
    """
    graph = graph.loose[0] if graph.loose else graph
    inputs = _input_shapes(graph, given)
    _check_fit(graph, inputs)
    taken_apart = _taken_apart(graph.nodes)
    made = _Known(taken_apart.nodes, inputs)
    new = {i: made.place(k) for i, k in enumerate(taken_apart.new) if k is not None}
    names = {name: new[i] for name, i in graph.names.items()}
    whole = None if graph.whole is None else new[graph.whole]
    ready = Graph(tuple(made.nodes), new[graph.output], names, graph.source, whole=whole)
    return Opened(ready, made.shapes, inputs)


def _check_fit(graph: Graph, inputs: Mapping[str, Shape]) -> None:
    """Raise ShapeError at the first gate whose inputs do not fit."""
    shapes: list[Shape] = []
    known = {i: inputs.get(name, ()) for name, i in graph.inputs.items()}
    graph = replace(graph, nodes=fitted(graph.nodes, known).nodes)
    for i, node in enumerate(graph.nodes):
        if node.gate is None:
            shapes.append(_of_leaf(node, inputs))
            continue
        try:
            shapes.append(node.gate.shaped(shapes_of(node.args, shapes), node.options))
        except Misfit as misfit:
            raise misfit_at(graph, i, shapes, misfit) from None


def _of_leaf(node: Node, inputs: Mapping[str, Shape]) -> Shape:
    return inputs.get(node.name or "", shape_of(node.value or 0.0))


def _taken_apart(nodes: tuple[Node, ...]) -> Rewritten:
    """Nodes in which none has a gate that is opened, and the new index of each old one."""
    done = unmoved(nodes)
    while wanted := {i for i, node in enumerate(done.nodes) if is_opened(node.gate)}:
        done = done.then(expand(done.nodes, wanted))
    return done


class _Known:
    """Nodes with their shapes, for which gates of images are opened; `new` is where each is."""

    def __init__(self, nodes: Sequence[Node], inputs: Mapping[str, Shape]) -> None:
        self.nodes: list[Node] = []
        self.shapes: list[Shape] = []
        self.new: list[Part] = []
        for node in nodes:
            args = tuple(self.new[arg] if isinstance(arg, int) else arg for arg in node.args)
            self.new.append(self._added(node._replace(args=args), inputs))

    def place(self, old: int) -> int:
        """Where an old node is now."""
        found = self.new[old]
        assert isinstance(found, int)  # what depends on an input is no number
        return found

    def _added(self, node: Node, inputs: Mapping[str, Shape]) -> Part:
        """The place of a node, or the number that it comes to."""
        gate = node.gate
        if gate is None:
            return self._append(node, _of_leaf(node, inputs))
        if gate.elementwise and not node.sources:
            return float(gate.value(node.args))
        if not node.sources:
            node = node._replace(args=tuple(map(self._constant, node.args)))
        taken = shapes_of(node.args, self.shapes)
        if gate.own and any(taken):
            raise GraphError("no_gradient_text", gate=gate.name)  # it has to run for its shape
        shape = gate.shaped(taken, node.options)
        if gate.name in WINDOWS:
            return self._open(node, shape)
        return self._append(node, shape)

    def _append(self, node: Node, shape: Shape) -> int:
        self.nodes.append(node)
        self.shapes.append(shape)
        return len(self.nodes) - 1

    def _constant(self, value: Part) -> int:
        return self._append(Node(None, value=value, constant=True), ())

    def _open(self, node: Node, shape: Shape) -> Part:
        """The place of the last of the gates that a gate of images is made of."""
        gate = node.gate
        assert gate is not None

        def add(part: Node, last: bool) -> Part:
            return self._added(part._replace(name=node.name if last else None, span=node.span), {})

        taken = node.at_work({i: Sized(self.shapes[i]) for i in node.sources}, Sized(shape))
        given = dict(zip(gate.params, node.args, strict=True))
        return spliced(*nodes_of(WINDOWS[gate.name](taken)), given, add)


def is_opened(gate: Gate | None) -> bool:
    """Whether a gate goes back through the gates that it is made of, as its row has no text."""
    if gate is None or gate.name in WINDOWS:
        return False
    if inside(gate) is not None:
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
