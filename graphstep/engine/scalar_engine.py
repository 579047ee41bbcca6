"""The engine on floats: a graph made flat, over slots in one list, and the loops that run it.

The slots hold a value for each node, then the numbers inside gates, then one number for each local
gradient that takes a formula. A local gradient that *is* a number already there (d(xy)/dx is y,
d(e^x)/dx is the output, d(x+y)/dx is 1) is only the index of that slot, so that the backward pass
is the same line for every wire:

    upstream[source] += upstream[target] * slots[local]

Loops that run often enough become straight-line code, which computes the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from operator import attrgetter, itemgetter, mul, neg

from ..calculus.scalar_math import SCALAR, ieee
from ..gates.gate import Gate
from ..gates.rules import Rule
from ..graph.graph import Graph
from ..graph.nodes import on_paths
from .codegen import backward_codes, forward_codes
from .instructions import MANY, UNARY, Asked, FloatCall, LocalFormula, Pull, same
from .passes import MOST_NODES, Pace, Pass, Passes

FLOAT_PACE = Pace(cost=100, gain=1 / 3)
"""Measured: code takes 0.3 to 0.5 of the loops' time, writing it that of 40 to 70 runs."""

WireStep = tuple[int, int, int]  # source, target, slot of the local gradient


@dataclass(eq=False)
class ScalarEngine:
    """A graph made flat for floats. `start` holds the slots before a run.

    It never changes, but for what it remembers about earlier runs.
    """

    graph: Graph
    start: list[float]
    instructions: tuple[FloatCall, ...]
    formulas: dict[int, LocalFormula]  # by their slots
    steps: tuple[WireStep, ...]  # one a wire, in the order of the graph's wires
    one = 1.0
    """The upstream gradient of the output."""
    zero = 0.0
    """The start of the sum of downstream gradients at a node."""

    def __post_init__(self) -> None:
        self.nodes, self.output = len(self.graph.nodes), self.graph.output

    def filled(self, inputs: Mapping[int, float]) -> list[float]:
        """The slots before a run."""
        slots = self.start.copy()
        for node, number in inputs.items():
            slots[node] = number
        return slots

    def value(self, slot: float) -> float:
        """A slot as users see it."""
        return slot

    def values(self, slots: list[float]) -> tuple[float, ...]:
        """The value of every node."""
        return tuple(slots[: self.nodes])

    def upstreams(self, slots: list[float], seed: float | None = None) -> tuple[float, ...]:
        """The upstream gradient of every node."""
        return tuple(self.backward(slots, self.everything, seed))

    def gradients(self, slots: list[float], asked: Asked, seed: float | None = None) -> list[float]:
        """The gradients of some nodes; only what they need is computed."""
        upstreams = self.backward(slots, asked.wanted, seed)
        return [upstreams[node] for node in asked.nodes]

    def local(self, slots: list[float], wire: int) -> float:
        """The local gradient on a wire, after `upstreams`."""
        _, target, slot = self.steps[wire]
        if target in self.graph.beyond:  # the backward pass did not come there
            run_formulas(self.formulas_of([self.steps[wire]]), slots)
        return slots[slot]

    def pulled(self, local: float, upstream: float) -> float:
        """The downstream gradient."""
        return upstream * local

    def forward(self, slots: list[float]) -> None:
        """Fill in the value of every gate. Overflow and the like give inf or nan, no error."""
        known = self.passes.made.get(None) or self._forward()
        known.run(lambda: (slots,))

    def backward(
        self, slots: list[float], wanted: frozenset[int], seed: float | None = None
    ) -> list[float]:
        """The upstream gradient of every node on a path from the wanted ones; 0 elsewhere."""
        known = self.passes.made.get(wanted) or self._backward(wanted)

        def begin() -> tuple[list[float], list[float]]:
            upstream = [0.0] * self.nodes
            upstream[self.output] = self.one if seed is None else seed
            return slots, upstream

        upstream: list[float] = known.run(begin)[1]
        return upstream

    def steps_to(self, wanted: frozenset[int]) -> list[WireStep]:
        """The wires from the output to the wanted nodes, the last gate's first."""
        return on_paths(self.steps, wanted, self.nodes, self.graph.beyond)[::-1]

    def calls_of(self, calls: Sequence[FloatCall]) -> Sequence[FloatCall]:
        """The gates as they are: on floats most are operators already."""
        return calls

    def pulls_of(self, steps: Sequence[WireStep]) -> list[Pull]:
        """The same wires as records, from which code is written."""
        return [self._pull(*step) for step in steps]

    def _pull(self, source: int, target: int, local: int) -> Pull:
        number, formula = self.start[local], self.formulas.get(local)
        if formula is None and local >= self.nodes and abs(number) == 1.0:
            return Pull(source, target, same if number == 1.0 else neg)
        return Pull(source, target, mul, (local,), formula=formula)

    def _forward(self) -> Pass:
        """Make the forward pass, in pieces."""
        parts = self.passes.parts(self.nodes, self.instructions, attrgetter("out"))
        loops = [partial(run_forward, calls) for calls in parts.values()]
        return self.passes.make(None, loops, forward_codes(self, parts))

    def _backward(self, wanted: frozenset[int]) -> Pass:
        """Make a backward pass, in pieces, the last first."""
        parts = self.passes.parts(self.nodes, self.steps_to(wanted), itemgetter(1))
        loops = [partial(run_backward, self.formulas_of(part), part) for part in parts.values()]
        return self.passes.make(wanted, loops, backward_codes(self, parts, wanted))

    def formulas_of(self, steps: Sequence[WireStep]) -> list[LocalFormula]:
        """The formulas of the local gradients of some wires."""
        return [self.formulas[local] for _, _, local in steps if local in self.formulas]

    @cached_property
    def passes(self) -> Passes:
        """The passes that have run."""
        # floats raise where IEEE arithmetic has an answer, which the loops find
        return Passes(self.nodes <= MOST_NODES, FLOAT_PACE, (ArithmeticError, ValueError))

    @cached_property
    def everything(self) -> frozenset[int]:
        """All nodes, which is what a whole backward pass wants."""
        return frozenset(range(self.nodes))


def flatten(graph: Graph) -> ScalarEngine:
    """Make a graph flat."""
    start = [node.value if isinstance(node.value, float) else 0.0 for node in graph.nodes]
    instructions: list[FloatCall] = []
    bound = cache(_bound)
    for out, node in enumerate(graph.nodes):
        if node.gate is not None:
            slots = tuple(a if isinstance(a, int) else _constant(start, a) for a in node.args)
            instructions.append(_instruction(out, node.gate, slots, bound))
    inputs = {i.out: i.slots for i in instructions}
    steps: list[WireStep] = []
    formulas: dict[int, LocalFormula] = {}
    for source, target, position in graph.wires:
        gate = graph.nodes[target].gate
        assert gate is not None  # a wire ends at a gate: Graph.check
        rule = gate.rule(position)
        if isinstance(rule, Rule):
            slot = _constant(start, 0.0)
            formulas[slot] = LocalFormula(slot, rule.of, target, inputs[target], position)
        elif isinstance(rule, str):
            slot = target if rule == "out" else inputs[target][gate.params.index(rule)]
        else:
            slot = _constant(start, rule)
        steps.append((source, target, slot))
    return ScalarEngine(graph, start, tuple(instructions), formulas, tuple(steps))


def _constant(slots: list[float], number: float) -> int:
    slots.append(number)
    return len(slots) - 1


def _instruction(
    out: int, gate: Gate, slots: tuple[int, ...], bound: Callable[[Gate], Callable[..., float]]
) -> FloatCall:
    run = gate.fast or bound(gate)
    if len(slots) == 1:
        return FloatCall(out, run, slots[0], UNARY, gate, slots)
    if len(slots) == 2:
        return FloatCall(out, run, slots[0], slots[1], gate, slots)
    return FloatCall(out, run, slots, MANY, gate, slots)


def _bound(gate: Gate) -> Callable[..., float]:
    apply = gate.apply
    return lambda *inputs: apply(SCALAR, *inputs)


def run_forward(instructions: Sequence[FloatCall], slots: list[float]) -> None:
    """Fill in the values of gates, in order. Overflow and the like give inf or nan."""
    todo = iter(instructions)
    while True:
        try:
            for out, run, first, second, gate, inputs in todo:  # noqa: B007
                if second >= 0:
                    slots[out] = run(slots[first], slots[second])
                elif second == UNARY:
                    slots[out] = run(slots[first])
                else:
                    slots[out] = run(*[slots[i] for i in first])
            return
        except (ArithmeticError, ValueError):  # floats raise where IEEE arithmetic has an answer
            slots[out] = ieee(gate.apply, *[slots[i] for i in inputs])


def run_formulas(formulas: Sequence[LocalFormula], slots: list[float]) -> None:
    """Fill in the local gradients that take a formula."""
    for slot, of, out, inputs, _ in formulas:
        try:
            slots[slot] = of(SCALAR, slots[out], *[slots[i] for i in inputs])
        except (ArithmeticError, ValueError):
            slots[slot] = ieee(of, slots[out], *[slots[i] for i in inputs])


def run_backward(
    formulas: Sequence[LocalFormula],
    steps: Sequence[WireStep],
    slots: list[float],
    upstream: list[float],
) -> None:
    """Add the downstream gradients of some wires, the last gate's first."""
    run_formulas(formulas, slots)
    for source, target, local in steps:
        upstream[source] += upstream[target] * slots[local]
