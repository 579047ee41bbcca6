"""The engine on arrays: a graph made flat for inputs of certain shapes, and the loops that run it.

All shapes are found first, from the graph and the shapes of the inputs alone; only a custom gate
has to run to show its shape. The backward pass pulls the upstream gradient of each gate back
through the local gradients of its wires:

    upstream[source] += local.pull(upstream[target])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from math import prod
from operator import attrgetter, mul, neg
from sys import getrefcount
from types import MappingProxyType
from typing import Any
from weakref import getweakrefcount

import numpy as np

from ..base.errors import GateError, GraphError
from ..calculus.array_math import ARRAY, explained
from ..calculus.functions import ELEMENTARY, Array
from ..calculus.jacobians import Diagonal, Jacobian
from ..calculus.shapes import Misfit, Shape, shape_text
from ..calculus.symbols import opened
from ..gates.gate import Gate
from ..gates.rules import Rule
from ..graph.graph import Graph
from ..graph.misfits import misfit_at
from ..graph.nodes import Wire, on_paths
from .codegen import INFIX, backward_codes, forward_codes
from .instructions import Asked, GateCall, Pull, same
from .passes import MOST_NODES, Pace, Pass, Passes

ARRAY_PACE = Pace(cost=25, gain=1 / 3)
"""Measured on arrays of a few elements: code takes 0.5 to 0.8 of the loops' time, writing it that
of at most 25 runs."""
WORK = 2_000
"""Elements on which a gate works at least as long as it takes to call it."""
LARGE = 16_384
"""Elements of an array whose memory the system takes back, and clears page by page before use."""

SHARED: Mapping[Any, str] = MappingProxyType(
    {row.floats: row.ufuncs[0] for row in ELEMENTARY.values() if row.floats}
)
"""The functions that are whole gates on floats, with their names in the mathematics on arrays."""


class ArrayEngine:
    """A graph made flat for some shapes. Slots: a value for each node, then numbers inside gates.

    Loops that run often enough become straight-line code, which computes the same bits. It never
    changes, but for what it remembers about earlier runs.
    """

    one = np.float64(1.0)
    """The upstream gradient of the output."""
    zero = None
    """The sum of downstream gradients at a node starts with the first one."""

    def __init__(self, graph: Graph, inputs: Mapping[int, Array]) -> None:
        self.graph, self.output = graph, graph.output
        self.start, slots = _slots(graph)
        self.nodes = len(graph.nodes)
        bound, through = cache(_bound), cache(_pull_through)  # one function for all gates of a kind
        self.instructions = [
            GateCall(i, _function(node.gate, node.options, bound), slots[i])
            for i, node in enumerate(graph.nodes)
            if node.gate is not None
        ]
        self.own = [i for i, node in enumerate(graph.nodes) if node.gate and node.gate.own]
        self.shapes = self._shapes(inputs)
        self.buffers = Buffers(self.shapes, tuple(graph.inputs.values()))
        self.pulls = [self._pull(wire, slots[wire.target], through) for wire in graph.wires]
        # results of custom gates are checked in each run; loops report failing memory or labels
        pays = self.nodes <= MOST_NODES and not self.own
        self.passes = Passes(pays, _pace(self.shapes), (MemoryError, Misfit))

    def _shapes(self, inputs: Mapping[int, Array]) -> list[Shape]:
        """The shape of every node. Raises ShapeError at the first gate that does not fit."""
        slots = self.filled(inputs)
        shapes = [np.shape(value) for value in slots]
        own = bool(self.own)
        for node, run, sources in self.instructions:
            gate = self.graph.nodes[node].gate
            assert gate is not None
            try:
                if not gate.own:
                    taken = [shapes[i] for i in sources]
                    shapes[node] = gate.shaped(taken, self.graph.nodes[node].options)
                if own:
                    with np.errstate(all="ignore"):
                        slots[node] = run(*[slots[i] for i in sources])
                    shapes[node] = np.shape(slots[node])
            except Misfit as misfit:
                reason = explained(misfit, [slots[i] for i in sources])
                raise misfit_at(self.graph, node, shapes, reason) from None
        return shapes[: self.nodes]

    def value(self, slot: Array) -> Array:
        """A slot as users see it."""
        return _shown(slot)

    def values(self, slots: list[Array]) -> tuple[Array, ...]:
        """The value of every node: a float, or an array that cannot be written to."""
        return tuple(map(_shown, slots[: self.nodes]))

    def upstreams(self, slots: list[Array], seed: Array | None = None) -> tuple[Array, ...]:
        """The upstream gradient of every node, in its shape."""
        found = self.backward(slots, frozenset(range(self.nodes)), seed)
        for node in self.graph.beyond:
            found[node] = np.zeros(self.shapes[node])
        return tuple(map(_shown, found))

    def gradients(self, slots: list[Array], asked: Asked, seed: Array | None = None) -> list[Array]:
        """The gradients of some nodes, for the user to keep; only what they need is computed."""
        upstreams = self.backward(slots, asked.wanted, seed)
        seen = {id(seed)}  # a gradient given from outside stays its own
        found = [_kept(upstreams[node], slots[node], seen) for node in asked.nodes]
        if self.buffers.large:
            self.buffers.keep(asked.wanted, zip(asked.nodes, found, strict=True))
        return found

    def pulled(self, local: Jacobian | float, upstream: Array) -> Array:
        """The downstream gradient: upstream pulled back through the local one."""
        if isinstance(local, float):
            return upstream * local
        with np.errstate(all="ignore"):
            return _shown(local.pull(np.asarray(upstream)))

    def filled(self, inputs: Mapping[int, Array]) -> list[Array]:
        """The slots before a run."""
        slots = self.start.copy()
        for node, value in inputs.items():
            slots[node] = np.float64(value) if type(value) is float else value
        return slots

    def forward(self, slots: list[Array]) -> None:
        """Fill in the value of every gate. Overflow and the like give inf or nan, no error."""
        known = self.passes.made.get(None) or self._forward()
        with np.errstate(all="ignore"):
            known.run(lambda: (slots,))
        for node in self.own:
            if np.shape(slots[node]) != self.shapes[node]:
                raise GateError("gate_shape_changes", gate=self.graph.ids[node],
                                given=list(np.shape(slots[node])),
                                needed=list(self.shapes[node]))  # fmt: skip

    def _run(self, calls: Sequence[GateCall], slots: list[Array]) -> None:
        """Fill in the values of some gates, in order."""
        try:
            for node, run, inputs in calls:
                slots[node] = run(*[slots[i] for i in inputs])
        except MemoryError as error:
            raise self._too_large(node) from error
        except Misfit as misfit:  # labels are checked when they are used
            shapes = [np.shape(value) for value in slots]
            raise misfit_at(self.graph, node, shapes, misfit) from None

    def _too_large(self, node: int) -> GraphError:
        shape = shape_text(self.shapes[node])
        return GraphError("too_large", name=self.graph.ids[node], shape=shape)

    def backward(
        self, slots: list[Array], wanted: frozenset[int], seed: Array | None = None
    ) -> list[Array | None]:
        """The upstream gradients of the wanted nodes; those of others may be None."""
        known = self.passes.made.get(wanted) or self._backward(wanted)

        def begin() -> tuple[list[Array], list[Array | None]]:
            upstream: list[Array | None] = [None] * self.nodes
            upstream[self.output] = self.one if seed is None else np.asarray(seed)
            if self.buffers.large:
                upstream += [None] * self.nodes
                for node, buffer in self.buffers.free(wanted, slots).items():
                    upstream[self.nodes + node] = buffer
            return slots, upstream

        with np.errstate(all="ignore"):
            upstream: list[Array | None] = known.run(begin)[1]
        return upstream[: self.nodes] if self.buffers.large else upstream

    def _run_back(
        self, pulls: Sequence[Pull], slots: list[Array], upstream: list[Array | None]
    ) -> None:
        """Pull back along some wires, the last gate's first."""
        for source, target, run, inputs, _, _ in pulls:
            try:
                pulled = run(upstream[target], *[slots[i] for i in inputs])
            except MemoryError as error:
                raise self._too_large(source) from error
            if pulled.shape != self.shapes[source]:
                raise wrong_shape(self.graph, target, pulled.shape, self.shapes[source])
            before = upstream[source]
            upstream[source] = pulled if before is None else before + pulled

    def _forward(self) -> Pass:
        """Make the forward pass, in pieces."""
        parts = self.passes.parts(self.nodes, self.instructions, attrgetter("out"))
        loops = [partial(self._run, calls) for calls in parts.values()]
        return self.passes.make(None, loops, forward_codes(self, parts))

    def _backward(self, wanted: frozenset[int]) -> Pass:
        """Make a backward pass, in pieces, the last first."""
        parts = self.passes.parts(self.nodes, self.steps_to(wanted), attrgetter("target"))
        loops = [partial(self._run_back, part) for part in parts.values()]
        codes = backward_codes(self, parts, wanted, self.buffers.large & wanted)
        return self.passes.make(wanted, loops, codes)

    def steps_to(self, wanted: frozenset[int]) -> list[Pull]:
        """The wires from the output to the wanted nodes, the last gate's first."""
        return on_paths(self.pulls, wanted, self.nodes, self.graph.beyond)[::-1]

    def calls_of(self, calls: Sequence[GateCall]) -> Sequence[GateCall]:
        """The same gates, with what their functions do instead of these, where that is known."""
        return [call._replace(run=self._opened(call.run, call.slots)) for call in calls]

    def pulls_of(self, steps: Sequence[Pull]) -> Sequence[Pull]:
        """The same wires, likewise."""
        return [
            pull._replace(run=self._opened(pull.run, (pull.target, *pull.slots))) for pull in steps
        ]

    def _opened(self, run: Callable[..., Array], slots: Sequence[int]) -> Any:
        """What a function does to some slots."""
        known = [self.shapes[i] if i < self.nodes else self.start[i] for i in slots]
        return opened(run, known)

    def local(self, slots: Sequence[Array], wire: int) -> Jacobian | float:
        """The local gradient on a wire; between two numbers, a number."""
        source, target, position = self.graph.wires[wire]
        node = self.graph.nodes[target]
        assert node.gate is not None  # a wire ends at a gate: Graph.check
        with np.errstate(all="ignore"):
            found = node.gate.jacobian(position, slots[target], node.taken(slots), node.options)
            if self.shapes[source] == self.shapes[target] == ():
                return float(found.push(np.float64(1.0)))
        return found

    def _pull(
        self, wire: Wire, inputs: tuple[int, ...], through: Callable[..., Callable[..., Array]]
    ) -> Pull:
        """A wire with all that its rule needs looked up; it does the same as `local(wire).pull`.

        Tests hold the two to be the same, for all gates.
        """
        source, target, position = wire
        node = self.graph.nodes[target]
        gate = node.gate
        assert gate is not None  # a wire ends at a gate: Graph.check
        rule, rows, columns = gate.rule(position), self.shapes[target], self.shapes[source]
        if isinstance(rule, Rule):
            spread = None if rule.maps or rows == columns else (rows, columns)
            run = through(rule, node.options, len(inputs), spread)
            return Pull(source, target, run, (target, *inputs), position)
        if isinstance(rule, str):
            slot = target if rule == "out" else inputs[gate.params.index(rule)]
            run = mul if rows == columns else _pull_repeated(rows, columns)
            return Pull(source, target, run, (slot,), position)
        if rows == columns and abs(rule) == 1:
            return Pull(source, target, same if rule == 1 else neg, (), position)
        return Pull(source, target, Diagonal(rows, columns, float(rule)).pull, (), position)


def _pace(shapes: Sequence[Shape]) -> Pace:
    """The pace for nodes of these shapes: the more a run works, the less of it code costs."""
    longer = 1 + sum(map(prod, shapes)) / (WORK * len(shapes))
    return Pace(ARRAY_PACE.cost / longer, ARRAY_PACE.gain / longer)


class Buffers:
    """Large gradients of earlier passes, to be written over once nobody holds them any more.

    New memory would cost about as much as the numbers: the system clears each page of it. The last
    two of each node are kept, since users often hold one until they have the next.
    """

    def __init__(self, shapes: Sequence[Shape], inputs: Sequence[int]) -> None:
        self.shapes, self.inputs = shapes, inputs
        self.large = frozenset(i for i, shape in enumerate(shapes) if prod(shape) >= LARGE)
        self._kept: dict[frozenset[int], list[tuple[int, Array]]] = {}

    def keep(self, wanted: frozenset[int], gradients: Iterable[tuple[int, Array]]) -> None:
        """Remember the gradients that a pass to the wanted nodes gives away."""
        new = [pair for pair in gradients if pair[0] in self.large]
        if new:
            self._kept[wanted] = [*self._kept.pop(wanted, ()), *new][-2 * len(new) :]

    def free(self, wanted: frozenset[int], slots: Sequence[Array]) -> Mapping[int, Array]:
        """One for each node that has one which nobody else holds; it is not kept any more."""
        kept = self._kept.pop(wanted, ())  # no other thread gets it then
        found: dict[int, Array] = {}
        if kept and all(slots[i].dtype == float for i in self.inputs):  # else products may not be
            for (node, gradient), count in zip(kept, _references(kept), strict=True):
                if count == ALONE and self._fits(node, gradient):
                    found.setdefault(node, gradient)
        if kept:
            self._kept[wanted] = [(n, g) for n, g in kept if g is not found.get(n)]
        return found

    def _fits(self, node: int, gradient: Array) -> bool:
        """Whether a product fits into a gradient, and nothing can find that again."""
        if gradient.shape != self.shapes[node] or getweakrefcount(gradient):
            return False
        return gradient.dtype == float and bool(gradient.flags.carray)


def _references(pairs: Iterable[tuple[int, Array]]) -> list[int]:
    """The number of references to each array, those that count it included."""
    return [getrefcount(array) for _, array in pairs]


ALONE = _references([(0, np.empty(0))])[0]
"""That of an array that nobody else holds; versions of Python differ in it."""


# --- functions of the upstream gradient, and of what a local gradient is made of


def _pull_through(
    rule: Rule, options: tuple[Any, ...], count: int, spread: tuple[Shape, Shape] | None
) -> Callable[..., Array]:
    """Pull through a rule; `spread` has the shapes of the output and of a repeated input."""
    if rule.maps:
        return _pull_mapped(rule, options)
    return _pull_spread(rule, *spread) if spread else _pull_elements(rule, count)


def _pull_mapped(rule: Rule, options: tuple[Any, ...]) -> Callable[..., Array]:
    """Pull through a linear map."""
    of = rule.of
    if rule.back is not None:
        return _bound(rule.back, options)
    return lambda g, out, *inputs: of(ARRAY, out, *inputs, *options).pull(g)


def _pull_elements(rule: Rule, count: int) -> Callable[..., Array]:
    """Pull element by element, through a formula of one input, two, or more."""
    of = rule.of
    if count == 1:
        return lambda g, out, x: g * of(ARRAY, out, x)
    if count == 2:
        return lambda g, out, x, y: g * of(ARRAY, out, x, y)
    return lambda g, out, *inputs: g * of(ARRAY, out, *inputs)


def _pull_spread(rule: Rule, rows: Shape, columns: Shape) -> Callable[..., Array]:
    """Pull element by element where the input was repeated."""
    of = rule.of
    return lambda g, out, *inputs: Diagonal(rows, columns, of(ARRAY, out, *inputs)).pull(g)


def _pull_repeated(rows: Shape, columns: Shape) -> Callable[..., Array]:
    """Pull through a value on the tape where the input was repeated."""
    return lambda g, entries: Diagonal(rows, columns, entries).pull(g)


def _slots(graph: Graph) -> tuple[list[Array], list[tuple[int, ...]]]:
    """The slots before a run, and the slots that each node takes."""
    start: list[Array] = [
        None if node.value is None else np.asarray(node.value, dtype=float)[()]
        for node in graph.nodes
    ]
    taken = []
    for node in graph.nodes:
        inputs = []
        for arg in node.args:
            if not isinstance(arg, int):
                start.append(arg)
            inputs.append(arg if isinstance(arg, int) else len(start) - 1)
        taken.append(tuple(inputs))
    return start, taken


def _function(
    gate: Gate, options: tuple[Any, ...], bound: Callable[..., Callable[..., Array]]
) -> Callable[..., Array]:
    fast = gate.fast
    if fast is not None and fast in INFIX:  # Python's operators are NumPy's too
        return fast
    if fast in SHARED:
        found: Callable[..., Array] = getattr(ARRAY, SHARED[fast])
        return found
    return bound(gate.apply, options)


def _bound(function: Callable[..., Array], options: tuple[Any, ...]) -> Callable[..., Array]:
    """A function of (m, *values, *options) as one of the values alone."""
    if not options:
        return partial(function, ARRAY)
    return lambda *values: function(ARRAY, *values, *options)


def wrong_shape(graph: Graph, node: int, given: Shape, needed: Shape) -> GateError:
    """The error for a custom gate whose gradient does not have the shape of its input."""
    gate = graph.nodes[node].gate
    assert gate is not None
    return GateError("gate_shape", gate=gate.name, given=list(given), needed=list(needed))


def _shown(value: Array) -> Array:
    """A float, or an array that cannot be written to."""
    if type(value) is np.float64 or np.ndim(value) == 0:
        return float(value)
    view = np.asarray(value).view()
    view.flags.writeable = False
    return view


def _kept(gradient: Array, value: Array, seen: set[int]) -> Array:
    """A gradient to keep: a float, or an array that shares no memory with another one."""
    if gradient is None:
        return np.zeros_like(value) if np.ndim(value) else 0.0
    if not gradient.ndim:
        return float(gradient)
    if gradient.dtype is not value.dtype and gradient.dtype != value.dtype:
        with np.errstate(all="ignore"):
            gradient = gradient.astype(value.dtype)
    elif gradient.base is not None or id(gradient) in seen:
        gradient = gradient.copy()
    seen.add(id(gradient))
    return gradient
