"""Forward and backward over a flat program. The tape knows every number of a graph at once.

A program is made once from a graph. Numbers live in slots of one list: first a value for each node,
then the numbers inside gates, then one place for each local gradient that takes a formula. A local
gradient that *is* a number already on the tape (d(xy)/dx is y, d(e^x)/dx is the output, d(x+y)/dx
is 1) is only the index of that slot, so that the backward pass is the same line for every wire:

    upstream[source] += upstream[target] * slots[local]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from .check import Report, check
from .errors import InputError
from .gates import SCALAR, Gate, Rule, ieee

if TYPE_CHECKING:  # a graph is passed in as a value: this room stands below it
    import networkx as nx

    from .graph import ComputationalGraph

UNARY, MANY = -1, -2  # in place of the second argument's slot


class Wire(NamedTuple):
    """One use of a node's value: the gate `target` takes it as input number `position`."""

    source: int
    target: int
    position: int


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


@dataclass(frozen=True, eq=False)
class Program:
    """A graph made flat. `start` is the slots before a run, with the numbers inside gates."""

    start: list[float]
    instructions: tuple[Instruction, ...]
    formulas: tuple[Local, ...]
    steps: tuple[Step, ...]  # one a wire, in the order of the graph's wires
    nodes: int
    output: int
    _walks: dict[frozenset[int], tuple[list[Local], list[Step]]] = field(default_factory=dict)

    def walk(self, wanted: frozenset[int]) -> tuple[list[Local], list[Step]]:
        """What the backward pass runs to reach the wanted nodes: the formulas, then the wires."""
        if wanted not in self._walks:
            needed = [i in wanted for i in range(self.nodes)]
            for source, target, _ in self.steps:
                needed[target] = needed[target] or needed[source]
            steps = [step for step in self.steps if needed[step[0]]]
            slots = {local for _, _, local in steps}
            formulas = [formula for formula in self.formulas if formula.slot in slots]
            self._walks[wanted] = formulas, steps[::-1]
        return self._walks[wanted]

    @cached_property
    def everything(self) -> frozenset[int]:
        """All nodes, as what a whole backward pass wants."""
        return frozenset(range(self.nodes))


def compile_graph(graph: ComputationalGraph) -> Program:
    """The flat program of a graph."""
    start = [0.0 if node.value is None else node.value for node in graph.nodes]
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
        assert gate is not None  # a wire ends at a gate: ComputationalGraph.check
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


class Trouble(NamedTuple):
    """A number that is not finite though all it was made of is: where, and which slot."""

    node: int
    kind: str  # "value", "local" or "upstream"
    number: float


class Tape:
    """All numbers of one run: values, and on demand upstream, local and downstream gradients.

    Made by `ComputationalGraph.forward`. Everything is derived from the values, so nothing on a
    tape ever changes. Numbers are floats; gradients are of the output with respect to a node.
    """

    def __init__(self, graph: ComputationalGraph, program: Program, inputs: Mapping[int, float]):
        self.graph, self._program = graph, program
        self._slots = slots = program.start.copy()
        for node, number in inputs.items():
            slots[node] = number
        run_forward(program, slots)

    @property
    def value(self) -> float:
        """The value of the output."""
        return self._slots[self._program.output]

    @property
    def values(self) -> list[float]:
        """The value of every node, in the order of `graph.nodes`."""
        return self._slots[: self._program.nodes]

    @cached_property
    def upstreams(self) -> list[float]:
        """The upstream gradient of every node: the sum over the wires that leave it."""
        return self._backward(self._program.everything)

    @property
    def gradients(self) -> dict[str, float]:
        """The gradient of the output with respect to each input, by name."""
        return self.backward()

    def backward(self, *names: str) -> dict[str, float]:
        """The gradients of the inputs, by name; of only some, or of named nodes, when asked.

        Only the wires on a path from the asked names to the output are walked. Raises InputError
        for a name that the graph does not have.

        >>> from graphstep.parser import parse
        >>> parse("f = (x + y) * z").forward(x=-2, y=5, z=-4).backward()
        {'x': -4.0, 'y': -4.0, 'z': 3.0}
        """
        if not names:
            return {name: self.upstreams[i] for name, i in self.graph.inputs.items()}
        nodes = {name: self.graph.index(name) for name in names}
        upstreams = self._backward(frozenset(nodes.values()))
        return {name: upstreams[i] for name, i in nodes.items()}

    def _backward(self, wanted: frozenset[int]) -> list[float]:
        program, slots = self._program, self._slots
        formulas, steps = program.walk(wanted)
        run_formulas(formulas, slots)
        upstream = [0.0] * program.nodes
        upstream[program.output] = 1.0
        for source, target, local in steps:
            upstream[source] += upstream[target] * slots[local]
        return upstream

    def local(self, wire: int) -> float:
        """The local gradient on a wire, by its index in `graph.wires`: d target / d source."""
        _ = self.upstreams  # the formulas have run
        return self._slots[self._program.steps[wire][2]]

    def downstream(self, wire: int) -> float:
        """The downstream gradient on a wire: upstream of its gate times its local gradient."""
        return self.upstreams[self._program.steps[wire][1]] * self.local(wire)

    @cached_property
    def troubles(self) -> tuple[Trouble, ...]:
        """Where a number first stops being finite: overflow, division by zero, out of domain."""
        graph, values = self.graph, self.values
        found = [
            Trouble(i, "value", values[i])
            for i, node in enumerate(graph.nodes)
            if not math.isfinite(values[i]) and all(math.isfinite(values[s]) for s in node.sources)
        ]
        for w, (_, target, _) in enumerate(graph.wires):
            local = self.local(w)
            if not math.isfinite(local) and math.isfinite(values[target]):
                found.append(Trouble(target, "local", local))
        found += self._overflows()
        return tuple(found)

    def _overflows(self) -> list[Trouble]:
        """Gradients that pass the largest float though each of their factors is finite."""
        graph, upstreams = self.graph, self.upstreams
        bad = {i for i, number in enumerate(upstreams) if not math.isfinite(number)}
        fed = {s for w, (s, t, _) in enumerate(graph.wires) if bad and
               (t in bad or not math.isfinite(self.local(w)))}  # fmt: skip
        return [Trouble(i, "upstream", upstreams[i]) for i in sorted(bad - fed)]

    def annotated(self) -> nx.MultiDiGraph:
        """The graph as a networkx.MultiDiGraph with all numbers.

        Nodes carry `value` and `upstream`, edges `local` and `downstream`, besides what `graph.nx`
        gives them. Each call makes a new one.
        """
        graph = self.graph
        shown = graph.nx
        for i, name in enumerate(graph.ids):
            shown.nodes[name].update(value=self._slots[i], upstream=self.upstreams[i])
        for w, (source, target, position) in enumerate(graph.wires):
            shown.edges[graph.ids[source], graph.ids[target], position].update(
                local=self.local(w), downstream=self.downstream(w)
            )
        return shown

    def check(self) -> Report:
        """Compare every local gradient and every input's gradient with numeric ones.

        Returns a `Report`; `report.ok` says whether all agree, `report.first` is
        the first wrong one, and `print(report)` tells the story.
        """
        return check(self)


def number_for(name: str, given: object) -> float:
    """An input as a float. Raises InputError for what is not one finite number."""
    if isinstance(given, (str, bytes)) or given is None:
        raise InputError("not_a_number", name=name, given=repr(given))
    try:
        number = float(given)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError("not_a_number", name=name, given=repr(given)) from error
    if not math.isfinite(number):
        raise InputError("not_finite", name=name, given=repr(given))
    return number
