"""A Python function recorded as a graph, by running it once on traced values."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from ..base.errors import TraceError, short
from ..calculus.shapes import Misfit, Shape, ShapeError
from ..calculus.values import value_for
from ..engine.computational_graph import ComputationalGraph, GraphBuilder
from ..gates import GATES
from ..graph.builder import Handle
from ..graph.expressions import fill
from ..graph.nodes import Node
from ..graph.writer import write_source
from .memory import IN_ORDER, WRITTEN_BACK, Memory, View, in_order, mark_parameters
from .traced_value import Traced


def trace(function: Callable[..., Any], /, *args: Any, **named: Any) -> ComputationalGraph:
    """The graph of a Python function called with these arguments.

    The function runs once. It may use `+ - * / ** @`, `abs`, indexing, the methods of arrays and
    the NumPy functions for which there is a gate (`np.exp`, `np.maximum`, `np.sum` …), on numbers
    and arrays. Its parameters are the inputs of the graph, and the arguments their values. Raises
    TraceError for anything that would leave the graph, such as a comparison or `math.exp`, and
    ShapeError for arrays that do not fit.

    >>> import numpy as np
    >>> def neuron(w, x, b=0.5):
    ...     return 1 / (1 + np.exp(-(w * x + b)))
    >>> g = trace(neuron, 2.0, -1.0)
    >>> g.source
    'w = 2.0; x = -1.0; b = 0.5; neuron = 1/(1 + exp(-(w*x + b)))'
    >>> round(g.forward().gradients["w"], 6)
    -0.149146
    """
    name = getattr(function, "__name__", "")
    try:
        bound = inspect.signature(function).bind(*args, **named)
    except (TypeError, ValueError) as error:
        raise TraceError("trace_inputs", name=name or short(function), error=str(error)) from error
    bound.apply_defaults()
    kinds = {p.kind for p in inspect.signature(function).parameters.values()}
    if kinds & {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}:
        raise TraceError("trace_inputs", name=name, error="*args, **kwargs")
    journal = _Journal()
    given = {key: journal.leaf(key, value_for(key, v)) for key, v in bound.arguments.items()}
    mark_parameters(given, bound.arguments)
    bound.arguments.update(given)
    result = function(*bound.args, **bound.kwargs)
    return journal.graph(journal.taken(result, "return"), name)


class _Journal:
    """The gates that ran, in order: the nodes of a graph, and their shapes."""

    def __init__(self) -> None:
        self.builder = GraphBuilder()
        self.shapes: list[Shape] = []

    def leaf(self, name: str | None, value: Any) -> Traced:
        """Record an input: a parameter of the function, or an unnamed array from outside."""
        return self._added(self.builder.input(name, value), getattr(value, "shape", ()))

    def run(self, gate: str, args: Sequence[object], options: tuple[Any, ...] = ()) -> Traced:
        """Record a gate over traced values, numbers and arrays."""
        row = GATES[gate]
        taken = tuple(self.taken(arg, gate) for arg in args)
        shapes = [self.shapes[arg] if isinstance(arg, int) else () for arg in taken]
        try:
            shape = row.shaped(shapes, options)
        except Misfit as misfit:
            names = row.named(len(taken))
            formula = fill(row, row.text, names, options)
            raise ShapeError.of(misfit, zip(names, shapes, strict=True), formula) from None
        node = self.builder.add(Node(row, taken, options=options))
        if shape and gate in WRITTEN_BACK and isinstance(args[0], Traced):
            self.shapes.append(shape)
            return args[0].viewed(node.index, shape, gate, options)
        return self._added(node, shape, gate in IN_ORDER or in_order(*args))

    def held(self, node: int) -> Traced:
        """A value of its own for a node that was recorded before."""
        shape = self.shapes[node]
        return Traced(self, node, shape, View(Memory(node, bool(shape))))

    def _added(self, node: Handle, shape: Shape, ordered: bool = True) -> Traced:
        self.shapes.append(shape)
        memory = Memory(node.index, bool(shape), ordered or len(shape) < 2)
        return Traced(self, node.index, shape, View(memory))

    def taken(self, value: object, where: str) -> int | float:
        """The argument for a value: a node's index, or a number; outside arrays become nodes."""
        if not isinstance(value, Traced):
            known = value_for(where, value)
            return known if isinstance(known, float) else self.leaf(None, known)._index
        if value._journal is not self:
            raise TraceError("trace_foreign", what=where)
        return value._index

    def graph(self, output: int | float, name: str) -> ComputationalGraph:
        """The graph of all that ran. Its nodes hold the arrays, its text does not."""
        nodes = self.builder.nodes
        if not isinstance(output, int) or nodes[output].gate is None:
            raise TraceError("trace_result")
        return ComputationalGraph(*write_source(nodes, output, name, longest=0))
