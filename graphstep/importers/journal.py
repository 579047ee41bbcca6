"""The journal of a trace: the gates that ran, from which the graph is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from ..base.errors import TraceError
from ..calculus.shapes import Misfit, Shape, ShapeError
from ..calculus.values import value_for
from ..engine.computational_graph import ComputationalGraph, GraphBuilder
from ..gates import GATES, Gate
from ..graph.expressions import fill
from ..graph.nodes import Node, shapes_of
from ..graph.parser import einsum_gate
from ..graph.writer import used, write_source
from .asides import Asides
from .known import has_traced, plain_settings, unwrapped
from .memory import Memory, is_view
from .numpy_functions import EINSUM, Call
from .parameters import WholeNumbers, finite, is_whole
from .places import in_one_piece
from .plain_values import Plainly, worked_out
from .refusals import no_result
from .selection import Selected
from .traced_value import Traced, TracedArray, plain_of

NOTHING: Mapping[str, Any] = MappingProxyType({})


def is_worked_out(value: Any) -> bool:
    """Whether a value is a traced one, and no parameter as it is."""
    if not hasattr(type(value), "_is_known") or value._is_known:
        return isinstance(value, Selected)
    return value._journal.builder.nodes[value._index].gate is not None


class Journal:
    """The gates that ran, in order: the nodes of a graph, their shapes, and their plain values."""

    def __init__(self, asides: Asides | None = None) -> None:
        self.asides = asides or Asides()
        self.builder = GraphBuilder()
        self.shapes: list[Shape] = []
        self.plains: list[Any] = []
        self.whole_numbers = frozenset[str]()
        self.kinds: dict[Any, Any] = {}
        """A value of each NumPy type of numbers."""
        self.has_engine_numbers = False
        """Whether the function uses methods of small engines, such as x.relu()."""

    def leaf(self, name: str | None, value: Any, plain: Any = None) -> Traced:
        """Record an input: a parameter of the function, or an unnamed array from outside."""
        plain = value if plain is None else plain
        return self.value(plain, self._input(name, value, plain))

    def _input(self, name: str | None, value: Any, plain: Any) -> int:
        self._noted(getattr(value, "shape", ()), plain)
        return self.builder.input(name, value).index

    def run(
        self, gate: str, args: Sequence[object], options: tuple[Any, ...] = (),
        plainly: Plainly | None = None, sources: Sequence[object] = (),
    ) -> Traced:  # fmt: skip
        """Record a gate over traced values, numbers and arrays.

        `plainly` is what Python runs if the function is not traced; by default the gate itself. Its
        result may be a view of one of the `sources`, which are the inputs if none are given.
        """
        row = GATES.get(gate) or einsum_gate(str(options[0]), len(args))
        assert row is not None  # the form was looked at before
        options = () if gate == EINSUM else options
        taken = tuple(self.taken(arg, gate) for arg in args)
        shape = () if row.own else self._shaped(row, taken, options)
        plain = worked_out(row, options, tuple(map(plain_of, args)), plainly)
        node = self._added(row, taken, options, getattr(plain, "shape", ()) if row.own else shape)
        self.plains[node] = plain
        return self.value(plain, node, sources or args)

    def record(self, gate: str, args: Sequence[int | float], options: tuple[Any, ...] = ()) -> int:
        """Record a gate over nodes and numbers, whose value nobody asks for; its node."""
        row, taken = GATES[gate], tuple(args)
        return self._added(row, taken, options, self._shaped(row, taken, options))

    def called(
        self, call: Call, plainly: Plainly | None = None, sources: Sequence[object] = ()
    ) -> Traced:
        """Record a gate over other gates."""
        args = [self.called(arg) if isinstance(arg, Call) else arg for arg in call.args]
        return self.run(call.gate, args, call.options, plainly, sources)

    def constant(self, value: Any) -> int:
        """The node of an array from outside, as it is now."""
        import numpy as np

        return self._input(None, value_for("array", finite(np.array(value, float))), value)

    def is_same(self, some: int, other: int) -> bool:
        """Whether two nodes are the same gates over the same nodes and numbers."""
        ahead: list[tuple[int | float, int | float]] = [(some, other)]
        while ahead:
            i, j = ahead.pop()
            if i == j and type(i) is type(j):
                continue
            if isinstance(i, float) or isinstance(j, float):
                return False
            first, second = self.builder.nodes[i], self.builder.nodes[j]
            if first._replace(args=()) != second._replace(args=()):
                return False
            if len(first.args) != len(second.args):
                return False
            ahead += zip(first.args, second.args, strict=True)
        return True

    def node_of(self, value: int | float, shape: Shape) -> int:
        """A node, or that of an array which is this number everywhere."""
        import numpy as np

        return value if isinstance(value, int) else self.constant(np.full(shape, value))

    def value(self, plain: Any, node: int | None, sources: Iterable[object] = ()) -> Traced:
        """A traced value; an array that shares memory with one of the sources is its view.

        Without a node it is an array of plain numbers, in which traced ones may be written.
        """
        import numpy as np

        if hasattr(plain, "dtype"):
            self.kinds[plain.dtype] = plain
        if not isinstance(plain, np.ndarray):
            return (TracedArray if hasattr(plain, "__len__") else Traced)(self, plain, node, None)
        memories = (source._memory for source in sources if isinstance(source, Traced))
        shared = next((memory for memory in memories if is_view(plain, memory)), None)
        if shared is None:
            plain = in_one_piece(plain)
            shared = Memory(plain, node)
        return TracedArray(self, plain, node, shared)

    def known(
        self, function: Callable[..., Any], args: Sequence[Any], named: Mapping[str, Any] = NOTHING
    ) -> Any:
        """What a function gives for arrays that do not depend on inputs; in it one may write."""
        found = function(*unwrapped(tuple(args)), **unwrapped(dict(named)))
        return self.wrapped(found, args)

    def wrapped(self, found: Any, sources: Iterable[object] = ()) -> Any:
        """A plain result, with arrays of floats as those in which traced values may be written."""
        import numpy as np

        if type(found) is np.ndarray and found.dtype.kind == "f":
            return self.value(found, None, sources)
        if type(found) in (list, tuple):
            return type(found)(self.wrapped(item, sources) for item in found)
        return found

    def array_of(self, maker: Callable[..., Any], args: tuple[Any, ...], named: Any) -> Any:
        """np.array and its like for traced values, also in lists; others answer for themselves."""
        given = args[0]
        if maker.__name__ == "full" and not args[2:] and not named:
            made = self.wrapped(maker(plain_settings(given), 0.0))
            made[...] = args[1]
            return made
        if maker.__name__ not in ("array", "asarray", "asanyarray", "ascontiguousarray"):
            return maker(*args, **named)
        if isinstance(given, list | tuple):
            import numpy as np

            joined = np.stack([self.joined(item) for item in given])
            return joined.astype(*args[1:], **named) if args[1:] or named else joined
        made = maker(given._plain, *args[1:], **named)
        if made.dtype != given._plain.dtype:
            return given.astype(made.dtype)
        return self.value(made, given._index, (given,) if maker.__name__ != "array" else ())

    def joined(self, item: Any) -> Any:
        """A list with traced values as an array; anything else as it is."""
        import numpy as np

        is_list = isinstance(item, list | tuple) and has_traced(item)
        return self.array_of(np.array, (item,), {}) if is_list else item

    def whole(self, value: Traced, key: str, what: str) -> BaseException:
        """The signal to run again with whole numbers as they are, or an error for others."""
        leaves = [
            i for i in used(self.builder.nodes, value._index) if not self.builder.nodes[i].gate
        ]
        names = {name for i in leaves if (name := self.builder.nodes[i].name)}
        if not names or not all(
            map(is_whole, (value._plain, *map(self.plains.__getitem__, leaves)))
        ):
            return TraceError(key, what=what)
        self.whole_numbers |= names
        return WholeNumbers()

    def _shaped(self, row: Gate, taken: Sequence[int | float], options: tuple[Any, ...]) -> Shape:
        shapes = shapes_of(taken, self.shapes)
        try:
            return row.shaped(shapes, options)
        except Misfit as misfit:
            names = row.named(len(taken))
            formula = fill(row, row.text, names, options)
            misfit = misfit.told(lambda text: fill(row, text, names))
            raise ShapeError.of(misfit, zip(names, shapes, strict=True), formula) from None

    def _added(
        self, row: Gate, taken: tuple[int | float, ...], options: tuple[Any, ...], shape: Shape
    ) -> int:
        self._noted(shape, None)
        return self.builder.add(Node(row, taken, options=options)).index

    def _noted(self, shape: Shape, plain: Any) -> None:
        self.shapes.append(shape)
        self.plains.append(plain)

    def taken(self, value: object, where: str) -> int | float:
        """The argument for a value: a node's index, or a number; outside arrays become nodes."""
        if not isinstance(value, Traced):
            known = value_for(where, finite(value))
            return known if isinstance(known, float) else self.constant(value)
        if value._journal is not self:
            raise TraceError("trace_foreign", what=where)
        return value._index

    def graph(self, result: Any, name: str, output: object = None) -> ComputationalGraph:
        """The graph of all that ran. Its nodes hold the arrays, its text does not."""
        nodes = self.builder.nodes
        if isinstance(result, Selected):
            raise TraceError("trace_selected", what="x[mask]")
        if not isinstance(result, Traced) or result._is_known:
            raise no_result(name, result, output)
        at = self.taken(result, "return")
        assert isinstance(at, int)
        if nodes[at].gate is None:
            raise TraceError("trace_result_input", name=name, input=nodes[at].name)
        written = write_source(nodes, at, name, longest=0)
        leaves = {n.name: n.value for n in nodes if n.gate is None and n.name not in written.names}
        return ComputationalGraph(*written, {n: value for n, value in leaves.items() if n})
