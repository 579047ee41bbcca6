"""Forward mode without numbers: names of tangents, ∂q/∂x, on the wires and in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from ..base.errors import InputError
from ..explain.equations import Sides, added
from ..explain.factors import ONE
from ..explain.steps import Step
from ..explain.symbols import Symbols
from ..explain.terms import Piece
from ..formulas.tree import Marked, Number, Tree
from ..graph.graph import Graph
from ..graph.slots import Slot
from ..symbolic.equations import UNIT, SymbolicFactors, SymbolicWriter, multiplied, short
from ..symbolic.names import SEED, SymbolicNames
from ..symbolic.sentences import SymbolicFormulas, SymbolicSpeaker, SymbolicWording
from ..symbolic.tape import SymbolicTape
from .equations import ForwardFactors, ForwardWriter
from .reading import Along, start
from .sentences import ForwardSpeaker
from .tape import Carrying, refuse_target

STILL = "0"


class SymbolicForwardTape(Carrying, SymbolicTape):
    """A tape of forward mode on which every value is unknown."""

    along: Along

    @classmethod
    def of(cls, tape: SymbolicTape, along: Along) -> Self:
        """The forward mode of a tape without numbers.

        Raises InputError for what is no input, and for arrays, which go along a direction in
        numbers.
        """
        refuse_target(tape)
        graph, shapes = tape.graph, tape.shapes
        if any(shapes):
            name = next(name for name, shape in zip(graph.ids, shapes, strict=True) if shape)
            raise InputError("forward_arrays", name=name, names=", ".join(graph.inputs))
        if along.tangent is not None:
            tape.check_numbers()
        made = cls(tape.graph)
        made.along, made.start = along, start(made, along)
        return made

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object, ...]]:
        return _again, (type(self), self.graph, self.along)

    def names(self, shown: Mapping[str, str]) -> ForwardNames:
        """The names in the figure."""
        return ForwardNames(self.graph, shown, tape=self)


def _again(kind: type[SymbolicForwardTape], graph: Graph, along: Along) -> SymbolicForwardTape:
    """A tape that was pickled."""
    return kind.of(SymbolicTape(graph), along)


@dataclass(frozen=True)
class ForwardNames(SymbolicNames):
    """The names of a graph's nodes, and of their tangents."""

    tape: SymbolicForwardTape | None = None

    @property
    def _forward(self) -> SymbolicForwardTape:
        assert self.tape is not None  # a field after others with defaults has one itself
        return self.tape

    def tangent(self, node: int) -> str:
        """∂q/∂x; 1 for x itself, 0 for what does not depend on it."""
        start = self._forward.start.node
        if node == start:
            return SEED
        known = node in self._forward.depending
        return f"∂{self.nodes[node]}/∂{self.nodes[start]}" if known else STILL

    def local(self, wire: int) -> str:
        """∂q/∂y; where that would read as a tangent of several terms, the gate is its formula."""
        source, target, _ = self.graph.wires[wire]
        entry, several = self.entry(wire), len(self._forward.carrying(target)) > 1
        if source == self._forward.start.node and entry == self.nodes[source] and several:
            return f"∂({self.formula(target)})/∂{entry}"
        return f"∂{self.nodes[target]}/∂{entry}"

    def term(self, wire: int) -> str:
        """What a wire adds to the tangent of its gate."""
        local, tangent = self.local(wire), self.tangent(self.graph.wires[wire].source)
        return local if tangent == SEED else f"{local} · {tangent}"

    @cached_property
    def slots(self) -> dict[Slot, str]:
        """The text of every slot. An input's name is at its wire already."""
        nodes, inputs = range(len(self.graph.nodes)), set(self.graph.inputs.values())
        return {
            **{Slot("value", i): "" if i in inputs else self.nodes[i] for i in nodes},
            **{Slot("tangent", i): self.tangent(i) for i in nodes},
            **{Slot("local", w): self.local(w) for w in range(len(self.graph.wires))},
        }


@dataclass(frozen=True, eq=False)
class ForwardFormulas(SymbolicFormulas):
    """Formulas of sentences over the names of forward mode."""

    tape: SymbolicForwardTape | None = None

    @cached_property
    def names(self) -> ForwardNames:
        """The names in the figure."""
        return ForwardNames(self.graph, self._shown, tape=self.tape)


@dataclass(frozen=True)
class SymbolicForwardWording(SymbolicWording):
    """Words for nodes and wires that say nothing of numbers, nor of what comes back."""

    tape: SymbolicForwardTape

    @cached_property
    def formulas(self) -> ForwardFormulas:
        """The formulas of captions, with the names of the figure."""
        return ForwardFormulas(**self._given, tape=self.tape)

    def _numbers_of(self, wire: int) -> dict[str, str]:
        names, (source, target, _) = self.formulas.names, self.tape.graph.wires[wire]
        local, formula = names.local(wire), self.formulas.local(wire)
        alone = len(self.tape.carrying(target)) == 1
        return {
            "gate": self.gate(target),
            "target": self.name(target),
            "source": names.entry(wire),
            "wrt": self.name(self.tape.start.node),
            "local": local,
            "formula": formula,
            "local_formula": f"{local} = {formula}" if formula else local,
            "pulled": "",
            "tangent": names.tangent(source),
            "equals": f" = {names.tangent(target)}" if alone else "",
            "term": names.term(wire),
        }


@dataclass(frozen=True)
class SymbolicForwardSpeaker(ForwardSpeaker, SymbolicSpeaker):
    """Says how tangents travel in a graph, whatever its inputs are."""

    tape: Any

    @cached_property
    def words(self) -> SymbolicForwardWording:  # type: ignore[override]
        """The words for nodes and wires."""
        given = self.tape, self.numbers, self.texts, self.letters, self.lang, self.symbols
        return SymbolicForwardWording(*given)

    def _sum_of(self, step: Step) -> str:
        """The tangent of a gate, and the sum that it is."""
        names, wires = self.words.formulas.names, self.tape.carrying(step.node)
        terms = " + ".join(names.term(w) for w in reversed(wires))
        found = names.tangent(step.node)
        return found if terms == found else f"{found} = {terms}"


class SymbolicForwardFactors(SymbolicFactors, ForwardFactors):
    """The parts of formulas of forward mode where no number is known."""

    @cached_property
    def symbols(self) -> Symbols:
        """The names and formulas of the graph, with a letter for each node without a name."""
        return ForwardNames(self.tape.graph, tape=self.tape).symbols

    def partial(self, wire: int) -> Piece:
        """∂q/∂y; with respect to the input, q is its formula: ∂q/∂x is its tangent."""
        return ForwardFactors.partial(self, wire)

    def known(self, node: int) -> Piece | None:
        """The tangent of a node as a formula, if it is short; primes mean something at one gate."""
        return self._known[node]

    @cached_property
    def _known(self) -> dict[int, Piece | None]:
        tape, found = self.tape, dict[int, Piece | None]()
        found[tape.start.node] = UNIT
        for node in tape.graph.gates:
            wires = tape.carrying(node)
            primed = any(self.place(w) is not None for w in tape.graph.wires_in[node])
            if wires:
                found[node] = self._brought(wires[0], found) if len(wires) == 1 else None
                found[node] = None if primed else found[node]
        return found

    def _brought(self, wire: int, known: Mapping[int, Piece | None]) -> Piece | None:
        tangent, local = known[self.tape.graph.wires[wire].source], self.factor(wire).names
        return None if tangent is None or local is None else short(multiplied(local, tangent))

    def brought(self, wire: int) -> Piece | None:
        """What a wire adds to a tangent, as a formula over the tangent's own or its name."""
        source, local = self.tape.graph.wires[wire].source, self.factor(wire).names
        return local and multiplied(local, self.known(source) or self.tangent(source))


@dataclass(frozen=True, eq=False)
class SymbolicForwardWriter(SymbolicWriter, ForwardWriter):
    """Writes the formulas of forward mode, which end where numbers would begin."""

    facts: SymbolicForwardFactors

    def _begin(self, _: Step) -> list[Sides]:
        """The tangent of the input."""
        return [[self.facts.tangent(self.facts.tape.start.node).tree, ONE]]

    def _push(self, step: Step) -> list[Sides]:
        """The tangent of a gate: the sum in symbols, then as formulas."""
        facts, node = self.facts, step.node
        wires = facts.tape.carrying(node)[::-1]
        first: Tree = Marked(facts.tangent(node).tree, "downstream", self._label("tangent"))
        if not wires:
            return [[first, Number(STILL)]]
        sides = [first, added([self._term_of(w, k == 0) for k, w in enumerate(wires)]).tree]
        found = [piece for w in wires if (piece := facts.brought(w))]
        if len(found) == len(wires):
            sides.append(self._marked(added(found), "downstream").tree)
        return [sides]


SymbolicForwardWriter.groups = ForwardWriter.groups
