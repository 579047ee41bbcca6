"""The formulas of forward mode: ∂f/∂x = ∂f/∂q · ∂q/∂x + …, a term for each input of a gate."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from ..base.words import say
from ..explain.equations import FORMULAS, Sides, Writer, added
from ..explain.factors import Factor, Factors, derivative
from ..explain.steps import Step
from ..explain.symbols import Symbols
from ..explain.terms import Piece, product, total
from ..formulas.tree import Marked, Name, Number, Tree, Words
from ..graph.slots import Slot
from ..language.row_texts import POWER
from .tape import is_linear


@dataclass(frozen=True, eq=False)
class ForwardSymbols(Symbols):
    """Symbols in which what takes the input has a letter: ∂(q x)/∂x would have two meanings."""

    start: int | None = None

    @cached_property
    def _shorts(self) -> dict[int, Piece]:
        nodes = self.graph.nodes
        return {i: p for i, p in super()._shorts.items() if self.start not in nodes[i].sources}


@dataclass(frozen=True, eq=False)
class ForwardFactors(Factors):
    """The parts of formulas for a tape in forward mode."""

    tape: Any
    """A tape in forward mode, with numbers or without."""

    @cached_property
    def symbols(self) -> Symbols:
        """The names and formulas of the graph; no letter is that of the step along a direction."""
        tape, start = self.tape, self.tape.start
        reserved = () if self.of_input else (start.letter,)
        node = start.node if self.of_input else None
        return ForwardSymbols(
            tape.graph, self.numbers.mark, tape.shapes, reserved=reserved, start=node
        )

    @property
    def of_input(self) -> bool:
        """Whether tangents are derivatives with respect to an input itself: ∂q/∂x, not ∂q/∂t."""
        return self.tape.start.letter in self.tape.graph.inputs

    def tangent(self, node: int) -> Piece:
        """∂q/∂x, the tangent of a node."""
        start, pieces = self.tape.start, self.symbols.pieces
        below = pieces[start.node] if self.of_input else Piece(Name(start.letter))
        tree = derivative(self.symbols.pieces[node], below)
        return Piece(tree, POWER, array=bool(self.shape(node)))

    def number(self, node: int) -> Piece | None:
        """The tangent of a node as a number or a small array."""
        row = self.is_row(node)
        return self.printed(Slot("tangent", node), self.tape.tangents[node], row)

    def partial(self, wire: int) -> Piece:
        """∂z/∂x of one wire; with respect to the input, z is its formula: ∂z/∂x is its tangent."""
        source, target, _ = self.tape.graph.wires[wire]
        piece = self.symbols.pieces[target]
        total = self.of_input and source == self.tape.start.node
        if total or not isinstance(piece.tree, Name | Words):
            piece = self.own(target)
        array = bool(self.shape(target) or self.shape(source))
        return Piece(derivative(piece, self.entry(wire)), POWER, array=array)

    def moved(self, wire: int, tangent: Piece) -> Piece | None:
        """What a tangent becomes through a wire, as a formula; None where there is no short one."""
        source, target, position = self.tape.graph.wires[wire]
        factor = self.factor(wire)
        if self.is_map(wire):
            if is_linear(self.tape.at_work[target], position, self.tape.local(wire)):
                return self._filled_with(target, position, tangent)
            if self.shape(target):
                return None
        if factor.names is None:
            return None
        made = product(factor.names, tangent, factor.sign if tangent.array else "·")
        summed = not self.shape(target) and self.shape(source)
        return total(product(factor.names, tangent, "⊙")) if summed else made

    def _filled_with(self, target: int, position: int, tangent: Piece) -> Piece:
        """The formula of a gate with a tangent in the place of one input."""
        record = self.tape.graph.nodes[target]
        assert record.gate is not None  # only gates have a formula

        def given(place: int) -> Piece:
            arg = record.args[place]
            if place == position:
                return tangent
            return self.symbols.pieces[arg] if isinstance(arg, int) else self.symbols.inside(arg)

        found = self.symbols.filled(record, record.gate.text, given)
        return found._replace(array=bool(self.shape(target)))


@dataclass(frozen=True, eq=False)
class ForwardWriter(Writer):
    """Writes the formulas of steps in which tangents travel with the values."""

    facts: ForwardFactors

    def _begin(self, _: Step) -> list[Sides]:
        """The tangent of the input."""
        node = self.facts.tape.start.node
        found, shape = self.facts.number(node), self.facts.shape(node)
        return [self._ended([self.facts.tangent(node).tree], found, "upstream", shape)]

    def _push(self, step: Step) -> list[Sides]:
        """The tangent of a gate: in symbols, with results inserted, in numbers."""
        facts, node = self.facts, step.node
        wires = facts.tape.carrying(node)[::-1]
        sides: list[Tree] = [Marked(facts.tangent(node).tree, "downstream", self._label("tangent"))]
        if wires:
            sides.append(added([self._term_of(w, k == 0) for k, w in enumerate(wires)]).tree)
        for terms in (map(self._named, wires), map(self._numbered, wires)):
            found = [*terms]
            sides += [added([t for t in found if t]).tree] if found and all(found) else []
        row = facts.is_row(node)
        value = facts.printed(Slot("tangent", node), facts.tape.tangents[node], row)
        return [self._ended(sides, value, "downstream", facts.shape(node))]

    def _passes(self, _: Step) -> list[Sides]:
        """How many passes both modes take."""
        counts = self.facts.tape.passes.items()
        return [
            [Words(self._label(f"passes_{mode}")), Number(str(count))] for mode, count in counts
        ]

    def _label(self, key: str) -> str:
        return say(f"formula.{key}", self.lang)

    def _term_of(self, wire: int, labelled: bool) -> Piece:
        """A local gradient times a tangent, in symbols."""
        facts, source = self.facts, self.facts.tape.graph.wires[wire].source
        local = self._marked(facts.partial(wire), "local", labelled)
        tangent, label = facts.tangent(source), self._label("tangent_in") if labelled else ""
        return product(local, tangent._replace(tree=Marked(tangent.tree, "upstream", label)), "·")

    def _named(self, wire: int) -> Piece | None:
        """The same as a formula over the numbers of tangents."""
        facts = self.facts
        tangent = facts.number(facts.tape.graph.wires[wire].source)
        return tangent and facts.moved(wire, self._marked(tangent, "upstream"))

    def _numbered(self, wire: int) -> Piece | None:
        """The same in numbers."""
        facts, (source, target, _) = self.facts, self.facts.tape.graph.wires[wire]
        tangent = facts.number(source)
        if tangent is None:
            return None
        marked = self._marked(tangent, "upstream")
        if not facts.shape(source) and not facts.shape(target):
            local = facts.printed(Slot("local", wire), facts.tape.local(wire))
            return local and product(self._marked(local, "local"), marked, "·")
        factor = Factor() if facts.is_map(wire) else facts.factor(wire)
        if factor.numbers is None or facts.shape(source) != facts.shape(target):
            return None
        sign = "⊙" if factor.numbers.array else "·"
        return product(self._marked(factor.numbers, "local"), marked, sign)


ForwardWriter.groups = MappingProxyType(
    {
        **FORMULAS,
        "begin": ForwardWriter._begin,
        "push": ForwardWriter._push,
        "passes": ForwardWriter._passes,
    }
)
"""The groups of formulas that a row of step kinds can name."""
