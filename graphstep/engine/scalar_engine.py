"""A graph made flat: a program over slots in one list, and the loops that run it.

First a value for each node, then the numbers inside gates, then one place for each local gradient
that takes a formula. A local gradient that *is* a number already there (d(xy)/dx is y, d(e^x)/dx is
the output, d(x+y)/dx is 1) is only the index of that slot, so that the backward pass is the same
line for every wire:

    upstream[source] += upstream[target] * slots[local]

A program that is run again and again is turned into straight-line code, to the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from ..gates import SCALAR, Gate, Rule, ieee
from ..graph.nodes import on_paths
from .codegen import LARGEST, Backward, Codes, Forward, straight_backward, straight_forward

if TYPE_CHECKING:  # a graph is passed in as a value: this room stands below it
    from ..graph.graph import Graph

UNARY, MANY = -1, -2  # in place of the second argument's slot


class Instruction(NamedTuple):
    """slots[out] = run(slots[first], slots[second]); for MANY inputs `first` is all their slots."""

    out: int
    run: Callable[..., float]
    first: Any
    second: int
    gate: Gate
    slots: tuple[int, ...]


class Local(NamedTuple):
    """slots[slot] = rule.of(SCALAR, out, *inputs): a local gradient that takes a formula."""

    slot: int
    of: Callable[..., float]
    out: int
    inputs: tuple[int, ...]


Step = tuple[int, int, int]  # source, target, slot of the local gradient


@dataclass(eq=False)
class Program:
    """A graph made flat. `start` is the slots before a run, with the numbers inside gates.

    Only what is remembered of earlier runs changes.
    """

    start: list[float]
    instructions: tuple[Instruction, ...]
    formulas: tuple[Local, ...]
    steps: tuple[Step, ...]  # one a wire, in the order of the graph's wires
    nodes: int
    output: int
    _walks: dict[frozenset[int], tuple[list[Local], list[Step]]] = field(default_factory=dict)

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

    def upstreams(self, slots: list[float]) -> tuple[float, ...]:
        """The upstream gradient of every node."""
        return tuple(self.backward(slots, self.everything))

    def gradients(self, slots: list[float], nodes: Sequence[int]) -> list[float]:
        """The gradients of some nodes; only what they need is worked out."""
        upstreams = self.backward(slots, frozenset(nodes))
        return [upstreams[node] for node in nodes]

    def local(self, slots: list[float], wire: int) -> float:
        """The local gradient on a wire, after `upstreams`."""
        return slots[self.steps[wire][2]]

    def pulled(self, local: float, upstream: float) -> float:
        """The downstream gradient."""
        return upstream * local

    def forward(self, slots: list[float]) -> None:
        """Fill the value of every gate. Overflow and the like give inf or nan, never an error."""
        code: Forward | None = self.codes.get(None, lambda: straight_forward(self))
        if code is None:
            return run_forward(self, slots)
        try:
            return code(slots)
        except (ArithmeticError, ValueError):  # floats raise where IEEE arithmetic has an answer
            return run_forward(self, slots)

    def backward(self, slots: list[float], wanted: frozenset[int]) -> list[float]:
        """The upstream gradient of every node on a path from the wanted ones; 0 elsewhere."""
        formulas, steps = self.walk(wanted)
        code: Backward | None = self.codes.get(
            wanted, lambda: straight_backward(self, formulas, steps)
        )
        if code is not None:
            try:
                return code(slots)
            except (ArithmeticError, ValueError):
                pass  # as in the forward pass
        run_formulas(formulas, slots)
        upstream = [0.0] * self.nodes
        upstream[self.output] = 1.0
        for source, target, local in steps:
            upstream[source] += upstream[target] * slots[local]
        return upstream

    @cached_property
    def codes(self) -> Codes:
        """What has become straight-line code."""
        return Codes(self.nodes <= LARGEST)

    def walk(self, wanted: frozenset[int]) -> tuple[list[Local], list[Step]]:
        """What the backward pass runs to reach the wanted nodes: the formulas, then the wires."""
        if wanted not in self._walks:
            steps = on_paths(self.steps, wanted, self.nodes)
            slots = {local for _, _, local in steps}
            formulas = [formula for formula in self.formulas if formula.slot in slots]
            self._walks[wanted] = formulas, steps[::-1]
        return self._walks[wanted]

    @cached_property
    def everything(self) -> frozenset[int]:
        """All nodes, as what a whole backward pass wants."""
        return frozenset(range(self.nodes))


def compile_graph(graph: Graph) -> Program:
    """The flat program of a graph."""
    start = [node.value if isinstance(node.value, float) else 0.0 for node in graph.nodes]
    instructions: list[Instruction] = []
    for out, node in enumerate(graph.nodes):
        if node.gate is not None:
            slots = tuple(a if isinstance(a, int) else _constant(start, a) for a in node.args)
            instructions.append(_instruction(out, node.gate, slots))
    inputs = {i.out: i.slots for i in instructions}
    steps: list[Step] = []
    formulas: list[Local] = []
    for source, target, position in graph.wires:
        gate = graph.nodes[target].gate
        assert gate is not None  # a wire ends at a gate: Graph.check
        rule = gate.rule(position)
        if isinstance(rule, Rule):
            slot = _constant(start, 0.0)
            formulas.append(Local(slot, rule.of, target, inputs[target]))
        elif isinstance(rule, str):
            slot = target if rule == "out" else inputs[target][gate.params.index(rule)]
        else:
            slot = _constant(start, rule)
        steps.append((source, target, slot))
    return Program(
        start, tuple(instructions), tuple(formulas), tuple(steps), len(graph.nodes), graph.output
    )


def _constant(slots: list[float], number: float) -> int:
    slots.append(number)
    return len(slots) - 1


def _instruction(out: int, gate: Gate, slots: tuple[int, ...]) -> Instruction:
    run = gate.fast or _bound(gate)
    if len(slots) == 1:
        return Instruction(out, run, slots[0], UNARY, gate, slots)
    if len(slots) == 2:
        return Instruction(out, run, slots[0], slots[1], gate, slots)
    return Instruction(out, run, slots, MANY, gate, slots)


def _bound(gate: Gate) -> Callable[..., float]:
    apply = gate.apply
    return lambda *inputs: apply(SCALAR, *inputs)


def run_forward(program: Program, slots: list[float]) -> None:
    """Fill the value of every gate, in order. Never raises: overflow and the like give inf, nan."""
    todo = iter(program.instructions)
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


def run_formulas(formulas: Sequence[Local], slots: list[float]) -> None:
    """Fill the local gradients that take a formula."""
    for slot, of, out, inputs in formulas:
        try:
            slots[slot] = of(SCALAR, slots[out], *[slots[i] for i in inputs])
        except (ArithmeticError, ValueError):
            slots[slot] = ieee(of, slots[out], *[slots[i] for i in inputs])
