"""The journal of a trace: the gates that ran, from which the graph is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..base.errors import TraceError
from ..calculus.shapes import Misfit, Shape, ShapeError
from ..calculus.values import value_for
from ..engine.computational_graph import ComputationalGraph, GraphBuilder
from ..gates import GATES, Gate
from ..graph.builder import Handle
from ..graph.expressions import fill
from ..graph.nodes import Node
from ..graph.writer import used, write_source
from .memory import IN_ORDER, Memory, View, in_order
from .numpy_functions import Call
from .parameters import WholeNumbers, is_whole
from .plain_values import Plainly, worked_out
from .refusals import no_result
from .traced_value import Traced, TracedArray, plain_of


class Journal:
    """The gates that ran, in order: the nodes of a graph, their shapes, and their plain values."""

    def __init__(self) -> None:
        self.builder = GraphBuilder()
        self.shapes: list[Shape] = []
        self.plains: list[Any] = []
        self.whole_numbers = frozenset[str]()

    def leaf(self, name: str | None, value: Any, plain: Any = None) -> Traced:
        """Record an input: a parameter of the function, or an unnamed array from outside."""
        node = self.builder.input(name, value)
        return self._added(node, getattr(value, "shape", ()), value if plain is None else plain)

    def run(
        self, gate: str, args: Sequence[object], options: tuple[Any, ...] = (),
        plainly: Plainly | None = None,
    ) -> Traced:  # fmt: skip
        """Record a gate over traced values, numbers and arrays.

        `plainly` is what Python runs if the function is not traced; by default the gate itself.
        """
        row = GATES[gate]
        taken = tuple(self.taken(arg, gate) for arg in args)
        shape = () if row.own else self._shaped(row, taken, options)
        plain = worked_out(row, options, tuple(map(plain_of, args)), plainly)
        shape = getattr(plain, "shape", ()) if row.own else shape
        node = self.builder.add(Node(row, taken, options=options))
        if shape and isinstance(args[0], Traced) and args[0]._is_viewed_by(gate, options):
            self._noted(shape, plain)
            return args[0]._viewed(node.index, shape, gate, options)
        return self._added(node, shape, plain, gate in IN_ORDER or in_order(*args))

    def called(self, call: Call, plainly: Plainly | None = None) -> Traced:
        """Record a gate over other gates."""
        args = [self.called(arg) if isinstance(arg, Call) else arg for arg in call.args]
        return self.run(call.gate, args, call.options, plainly)

    def held(self, node: int) -> Traced:
        """A value of its own for a node that was recorded before."""
        return self._value(node, Memory(node, bool(self.shapes[node])))

    def whole(self, node: int, key: str, what: str) -> BaseException:
        """The signal to run again with whole numbers as they are, or an error for others."""
        leaves = [i for i in used(self.builder.nodes, node) if not self.builder.nodes[i].gate]
        names = {name for i in leaves if (name := self.builder.nodes[i].name)}
        if not names or not all(is_whole(self.plains[i]) for i in (node, *leaves)):
            return TraceError(key, what=what)
        self.whole_numbers |= names
        return WholeNumbers()

    def _shaped(self, row: Gate, taken: Sequence[int | float], options: tuple[Any, ...]) -> Shape:
        shapes = [self.shapes[arg] if isinstance(arg, int) else () for arg in taken]
        try:
            return row.shaped(shapes, options)
        except Misfit as misfit:
            names = row.named(len(taken))
            formula = fill(row, row.text, names, options)
            raise ShapeError.of(misfit, zip(names, shapes, strict=True), formula) from None

    def _added(self, node: Handle, shape: Shape, plain: Any, ordered: bool = True) -> Traced:
        self._noted(shape, plain)
        return self._value(node.index, Memory(node.index, bool(shape), ordered or len(shape) < 2))

    def _noted(self, shape: Shape, plain: Any) -> None:
        self.shapes.append(shape)
        self.plains.append(plain)

    def _value(self, node: int, memory: Memory) -> Traced:
        kind = TracedArray if hasattr(self.plains[node], "__len__") else Traced
        return kind(self, node, self.shapes[node], View(memory))

    def taken(self, value: object, where: str) -> int | float:
        """The argument for a value: a node's index, or a number; outside arrays become nodes."""
        if not isinstance(value, Traced):
            known = value_for(where, value)
            return known if isinstance(known, float) else self.leaf(None, known, value)._index
        if value._journal is not self:
            raise TraceError("trace_foreign", what=where)
        return value._index

    def graph(self, result: object, function: Callable[..., Any]) -> ComputationalGraph:
        """The graph of all that ran. Its nodes hold the arrays, its text does not."""
        nodes, name = self.builder.nodes, getattr(function, "__name__", "")
        if not isinstance(result, Traced):
            raise no_result(name, result)
        output = self.taken(result, "return")
        assert isinstance(output, int)
        if nodes[output].gate is None:
            raise TraceError("trace_result_input", name=name, input=nodes[output].name)
        written = write_source(nodes, output, name, longest=0)
        leaves = {n.name: n.value for n in nodes if n.gate is None and n.name not in written.names}
        return ComputationalGraph(*written, {n: value for n, value in leaves.items() if n})
