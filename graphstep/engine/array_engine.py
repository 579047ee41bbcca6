"""A graph over arrays made flat, for inputs of certain shapes: the loops that run it.

All shapes are found first, from the text and the shapes of the inputs alone; only a user's own gate
has to be run to know what it gives. The backward pass pulls the upstream gradient of each gate back
through the local gradients of its wires:

    upstream[source] += local.pull(upstream[target])
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import mul, neg
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..base.errors import GateError, GraphError
from ..calculus.array_math import ARRAY
from ..calculus.jacobians import Diagonal, Jacobian
from ..calculus.shapes import Misfit, Shape, ShapeError, written
from ..gates import SCALAR, Gate, Rule
from ..graph.expressions import fill, label
from ..graph.nodes import on_paths
from .codegen import (
    INFIX,
    LARGEST,
    Backward,
    Codes,
    Forward,
    same,
    straight_forward,
    straight_pulls,
)

if TYPE_CHECKING:  # a graph is passed in as a value: this room stands below it
    from ..graph.graph import Graph

Array = Any


NAMES = ("exp", "log", "sqrt", "fabs", "sin", "cos", "tanh")
SHARED: Mapping[Any, str] = MappingProxyType({getattr(SCALAR, name): name for name in NAMES})
"""The functions that are whole gates on floats, by their names in the mathematics on arrays."""


class Run(NamedTuple):
    """slots[out] = run(*slots): a gate."""

    out: int
    run: Callable[..., Array]
    slots: tuple[int, ...]


class Pull(NamedTuple):
    """One wire of the backward pass: downstream = run(upstream, *slots)."""

    source: int
    target: int
    run: Callable[..., Array]
    slots: tuple[int, ...] = ()


class Flow:
    """A graph made flat for some shapes. Slots: a value a node, then the numbers inside gates.

    One that is run again and again is turned into straight-line code, to the same bits. Only what
    is remembered of earlier runs changes.
    """

    one = np.float64(1.0)
    """The upstream gradient of the output."""

    def __init__(self, graph: Graph, inputs: Mapping[int, Array]) -> None:
        self.graph, self.output = graph, graph.output
        self.start, slots = _slots(graph)
        self.nodes = len(graph.nodes)
        self.instructions = [
            Run(i, _function(node.gate, node.options), slots[i])
            for i, node in enumerate(graph.nodes)
            if node.gate is not None
        ]
        self.own = [i for i, node in enumerate(graph.nodes) if node.gate and node.gate.own]
        self.shapes = self._shapes(inputs)
        self.pulls = [
            self._pull(w, slots[wire.target], wire.position) for w, wire in enumerate(graph.wires)
        ]
        self._walks: dict[frozenset[int], list[Pull]] = {}
        # what users' own gates give is looked at each time
        self.codes = Codes(self.nodes <= LARGEST and not self.own)

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
                raise misfit_at(self.graph, node, shapes, misfit) from None
        return shapes[: self.nodes]

    def value(self, slot: Array) -> Array:
        """A slot as users see it."""
        return _shown(slot)

    def values(self, slots: list[Array]) -> tuple[Array, ...]:
        """The value of every node: a float, or an array that cannot be written to."""
        return tuple(map(_shown, slots[: self.nodes]))

    def upstreams(self, slots: list[Array]) -> tuple[Array, ...]:
        """The upstream gradient of every node, in its shape."""
        found = self.backward(slots, frozenset(range(self.nodes)))
        return tuple(map(_shown, found))

    def gradients(self, slots: list[Array], nodes: Sequence[int]) -> list[Array]:
        """The gradients of some nodes, for the user to keep; only what they need is worked out."""
        upstreams = self.backward(slots, frozenset(nodes))
        seen: set[int] = set()
        return [_kept(upstreams[node], slots[node], seen) for node in nodes]

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
        """Fill the value of every gate. Overflow and the like give inf or nan, never an error."""
        code: Forward | None = self.codes.get(None, lambda: straight_forward(self))
        if code is not None:
            try:
                with np.errstate(all="ignore"):
                    return code(slots)
            except (MemoryError, Misfit):
                pass  # the loop below tells where
        return self._forward(slots)

    def _forward(self, slots: list[Array]) -> None:
        with np.errstate(all="ignore"):
            try:
                for node, run, inputs in self.instructions:
                    slots[node] = run(*[slots[i] for i in inputs])
            except MemoryError as error:
                raise self._too_large(node) from error
            except Misfit as misfit:  # labels are looked at when they are used
                shapes = [np.shape(value) for value in slots]
                raise misfit_at(self.graph, node, shapes, misfit) from None
        for node in self.own:
            if np.shape(slots[node]) != self.shapes[node]:
                raise GateError("gate_shape_changes", gate=self.graph.ids[node],
                                given=list(np.shape(slots[node])),
                                needed=list(self.shapes[node]))  # fmt: skip

    def _too_large(self, node: int) -> GraphError:
        return GraphError("too_large", name=self.graph.ids[node], shape=written(self.shapes[node]))

    def backward(self, slots: list[Array], wanted: frozenset[int]) -> list[Array | None]:
        """The upstream gradients of the wanted nodes; others may be there, or None."""
        code: Backward | None = self.codes.get(
            wanted, lambda: straight_pulls(self, self.walk(wanted), wanted)
        )
        if code is not None:
            try:
                with np.errstate(all="ignore"):
                    return code(slots)
            except MemoryError:
                pass  # as in the forward pass
        return self._backward(slots, wanted)

    def _backward(self, slots: list[Array], wanted: frozenset[int]) -> list[Array | None]:
        upstream: list[Array | None] = [None] * self.nodes
        upstream[self.output] = self.one
        with np.errstate(all="ignore"):
            for source, target, run, inputs in self.walk(wanted):
                try:
                    pulled = run(upstream[target], *[slots[i] for i in inputs])
                except MemoryError as error:
                    raise self._too_large(source) from error
                if pulled.shape != self.shapes[source]:
                    raise wrong_shape(self.graph, target, pulled.shape, self.shapes[source])
                before = upstream[source]
                upstream[source] = pulled if before is None else before + pulled
        return upstream

    def walk(self, wanted: frozenset[int]) -> list[Pull]:
        """The wires to walk to reach the wanted nodes, the last gate's first."""
        if wanted not in self._walks:
            self._walks[wanted] = on_paths(self.pulls, wanted, self.nodes)[::-1]
        return self._walks[wanted]

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

    def _pull(self, wire: int, inputs: tuple[int, ...], position: int) -> Pull:
        """A wire with what its rule needs looked up: what `local(wire).pull` does, without detours.

        That both are the same is a law over all gates.
        """
        source, target, _ = self.graph.wires[wire]
        node = self.graph.nodes[target]
        gate = node.gate
        assert gate is not None  # a wire ends at a gate: Graph.check
        rule, rows, columns = gate.rule(position), self.shapes[target], self.shapes[source]
        if isinstance(rule, Rule) and rule.maps:
            return Pull(source, target, _mapped(rule, node.options), (target, *inputs))
        if isinstance(rule, Rule):
            run = _times(rule, len(inputs)) if rows == columns else _spread(rule, rows, columns)
            return Pull(source, target, run, (target, *inputs))
        if isinstance(rule, str):
            slot = target if rule == "out" else inputs[gate.params.index(rule)]
            run = mul if rows == columns else _repeated(rows, columns)
            return Pull(source, target, run, (slot,))
        if rows == columns and abs(rule) == 1:
            return Pull(source, target, same if rule == 1 else neg)
        return Pull(source, target, Diagonal(rows, columns, float(rule)).pull)


# --- what comes back along a wire: upstream, and what the local gradient is made of, to downstream


def _mapped(rule: Rule, options: tuple[Any, ...]) -> Callable[..., Array]:
    """Through a linear map."""
    of = rule.of
    if rule.back is not None:
        return _bound(rule.back, options)
    return lambda g, out, *inputs: of(ARRAY, out, *inputs, *options).pull(g)


def _times(rule: Rule, count: int) -> Callable[..., Array]:
    """Element by element, through a formula of one input, two, or more."""
    of = rule.of
    if count == 1:
        return lambda g, out, x: g * of(ARRAY, out, x)
    if count == 2:
        return lambda g, out, x, y: g * of(ARRAY, out, x, y)
    return lambda g, out, *inputs: g * of(ARRAY, out, *inputs)


def _spread(rule: Rule, rows: Shape, columns: Shape) -> Callable[..., Array]:
    """The same where the input was repeated."""
    of = rule.of
    return lambda g, out, *inputs: Diagonal(rows, columns, of(ARRAY, out, *inputs)).pull(g)


def _repeated(rows: Shape, columns: Shape) -> Callable[..., Array]:
    """Through a value that is on the tape, where the input was repeated."""
    return lambda g, entries: Diagonal(rows, columns, entries).pull(g)


def _slots(graph: Graph) -> tuple[list[Array], list[tuple[int, ...]]]:
    """The slots before a run, and those that each node takes."""
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


def _function(gate: Gate, options: tuple[Any, ...]) -> Callable[..., Array]:
    fast = gate.fast
    if fast is not None and fast in INFIX:  # Python's operators are NumPy's too
        return fast
    if fast in SHARED:
        found: Callable[..., Array] = getattr(ARRAY, SHARED[fast])
        return found
    return _bound(gate.apply, options)


def _bound(function: Callable[..., Array], options: tuple[Any, ...]) -> Callable[..., Array]:
    """A function of (m, values, options), of the values alone."""
    if not options:
        return partial(function, ARRAY)
    return lambda *values: function(ARRAY, *values, *options)


def misfit_at(graph: Graph, node: int, shapes: Sequence[Shape], misfit: Misfit) -> ShapeError:
    """The error of a gate whose inputs do not fit, at its place in the text."""
    record = graph.nodes[node]
    gate = record.gate
    assert gate is not None
    names = [_called(graph, record.args, k, param)
             for k, param in enumerate(gate.named(len(record.args)))]  # fmt: skip
    sizes = [shapes[arg] if isinstance(arg, int) else () for arg in record.args]
    formula = fill(gate, gate.text, names, record.options)
    here = record.span if record.span.end else None
    source = graph.source if here else None
    return ShapeError.of(misfit, zip(names, sizes, strict=True), formula, source, here)


def _called(graph: Graph, args: Sequence[Any], position: int, param: str) -> str:
    """What an input is called in an error: its name or text, or else the gate's own name for it."""
    arg = args[position]
    return label(graph, arg) or param if isinstance(arg, int) else f"{arg:g}"


def wrong_shape(graph: Graph, node: int, given: Shape, needed: Shape) -> GateError:
    """The error of a gate, a user's, whose gradient has not the shape of its variable."""
    gate = graph.nodes[node].gate
    assert gate is not None
    return GateError("gate_shape", gate=gate.name, given=list(given), needed=list(needed))


def _shown(value: Array) -> Array:
    """A float, or an array that cannot be written to."""
    if np.ndim(value) == 0:
        return float(value)
    view = np.asarray(value).view()
    view.flags.writeable = False
    return view


def _kept(gradient: Array, value: Array, seen: set[int]) -> Array:
    """A gradient of its own: a float, or an array that shares no memory with another one."""
    if gradient is None:
        return np.zeros_like(value) if np.ndim(value) else 0.0
    if not gradient.ndim:
        return float(gradient)
    if gradient.dtype != value.dtype:
        with np.errstate(all="ignore"):
            gradient = gradient.astype(value.dtype)
    elif gradient.base is not None or id(gradient) in seen:
        gradient = gradient.copy()
    seen.add(id(gradient))
    return gradient
