"""The formulas of a figure without numbers: the chain rule in symbols, as far as it is short.

An upstream gradient that is one short formula, such as z, is inserted: ∂f/∂x = ∂f/∂q · ∂q/∂x =
z · 1 = z; and of arrays, ∂f/∂W = ∂f/∂q · xᵀ = 2q · xᵀ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

from ..explain.equations import Sides, Writer, added, multiplied_as
from ..explain.factors import ONE, ONES, Factor, Factors
from ..explain.steps import Step
from ..explain.symbols import SHORT, Symbols
from ..explain.terms import Piece, product, total
from ..formulas.tree import Equation, Tree
from ..formulas.unicode import unicode
from ..graph.slots import Slot
from .names import SymbolicNames

if TYPE_CHECKING:
    from .tape import SymbolicTape

UNIT = Piece(ONE)


class SymbolicFactors(Factors):
    """The parts of formulas where no number is known, only those inside of gates."""

    @cached_property
    def symbols(self) -> Symbols:
        """The names and formulas of the graph, with a letter for each node without a name."""
        tape = self.tape
        return SymbolicNames(tape.graph, outside=tape.outside, shapes=tape.shapes).symbols

    @cached_property
    def _like(self) -> Factors | None:
        """The parts for arrays of the same shapes, with numbers that are not shown."""
        like = cast("SymbolicTape", self.tape).like
        if like is None:
            return None
        return _Like(like, self.numbers, self.texts, self.longest, self.symbols)

    def factor(self, wire: int) -> Factor:
        """The local gradient in names, with its numbers unknown."""
        if self._like is None:
            return Factor(self.read(wire, self.template(wire)))
        return self._like.factor(wire)._replace(numbers=None)

    def upstream(self, node: int, row: bool = False) -> Piece | None:  # noqa: ARG002
        """The upstream gradient as a formula, if it is short and about one wire."""
        return self._upstreams[node]

    def downstream(self, wire: int, row: bool = False) -> Piece | None:  # noqa: ARG002
        """The downstream gradient of a wire as a formula, if it is short."""
        return self._pulled(self.upstream(self.tape.graph.wires[wire].target), wire)

    def _pulled(self, up: Piece | None, wire: int) -> Piece | None:
        if up is None or Slot("local", wire) in self.tape.graph.never_filled:
            return None
        factor = self.factor(wire)
        if factor.names is None and not factor.turned:
            return None
        if self.shape(self.tape.graph.wires[wire].target):
            made = multiplied_as(factor, up, factor.names)
            if up.tree == ONES.tree and factor.sign == "⊙" and factor.names:
                made = total(factor.names) if factor.summed else factor.names
        else:
            made = multiplied(up, cast("Piece", factor.names))
        return made and short(made)

    @cached_property
    def _upstreams(self) -> dict[int, Piece | None]:
        """The formula of each upstream gradient; primed names mean something at one gate only."""
        graph = self.tape.graph
        found: dict[int, Piece | None] = {graph.output: None if self.tape.outside else UNIT}
        for node in reversed(graph.reaching[:-1]):
            first, *others = graph.wires_back[node]
            target = graph.wires[first].target
            primed = any(self.place(w) is not None for w in graph.wires_in[target])
            alone = not (others or primed)
            found[node] = self._pulled(found[target], first) if alone else None
        return found


@dataclass(frozen=True, eq=False)
class _Like(Factors):
    """The parts of formulas of one tape, with the names of another."""

    named: Symbols

    @property
    def symbols(self) -> Symbols:
        """The names of the other tape."""
        return self.named


@dataclass(frozen=True, eq=False)
class SymbolicWriter(Writer):
    """Writes formulas that end where numbers would begin."""

    def _ended(
        self, sides: Sequence[Tree], found: Piece | None, kind: str, _: object = ()
    ) -> Sides:
        return [*sides, self._marked(found, kind).tree] if found is not None else sides

    def _wire(self, wire: int, labelled: bool = False) -> Sides:
        asked = self.facts.asked(wire)
        first = self._contribution(self.facts.tape.graph.wires[wire].source)
        if asked is not None:
            first = self._marked(asked, "downstream", labelled)
        sides = [side.tree for side in (first, *self._chain(wire, labelled))]
        return self._ended(sides, self._result(wire), "downstream")

    def _result(self, wire: int) -> Piece | None:
        """What the product comes to, where that is short."""
        known, names = self.facts.downstream(wire), self.facts.factor(wire).names
        one = known is None and names is not None and names.tree == ONE
        return self.facts.total(self.facts.tape.graph.wires[wire].target) if one else known

    def _chain(self, wire: int, labelled: bool = False) -> list[Piece]:
        """The product of upstream and local in symbols, then as formulas."""
        facts, target = self.facts, self.facts.tape.graph.wires[wire].target
        factor, total = facts.factor(wire), facts.total(target)
        up = self._marked(total, "upstream", labelled)
        sides = [self._general(wire, factor, up, labelled)]
        if facts.shape(target):
            symbol = self._marked(total, "upstream")
            sides += [self._multiplied(factor, symbol, factor.names), facts.whole(wire, symbol)]
        if factor.names is not None:
            known = self._marked(facts.upstream(target) or total, "upstream")
            sides.append(self._multiplied(factor, known, factor.names))
        return [side for side in sides if side is not None]

    def _valued(self, node: int, sides: Sequence[Tree]) -> Sides:  # noqa: ARG002
        return sides

    def _forward(self, step: Step) -> list[Sides]:
        node, symbols = step.node, self.facts.symbols
        return [[symbols.pieces[node].tree, symbols.formula(node, symbols.pieces).tree]]

    def _local(self, wire: int) -> Sides:
        asked = self._marked(self.facts.partial(wire), "local", True).tree
        number = not self.facts.shape(self.facts.tape.graph.wires[wire].target)
        return self._ended([asked], self.facts.factor(wire).names if number else None, "local")

    def _sum(self, step: Step) -> list[Sides]:
        """A sum over wires, term by term: in symbols, then as formulas if they are short."""
        facts, wires = self.facts, self.facts.tape.graph.wires_back[step.node]
        if len(wires) == 1:
            return []
        sides = [facts.total(step.node), added([self._term(w) for w in wires])]
        found = [self._marked(known, "downstream") for w in wires if (known := facts.downstream(w))]
        if len(found) == len(wires):
            sides.append(added(found))
        return [[side.tree for side in sides]]

    def _meanings(self, step: Step, found: Sequence[Equation]) -> list[Equation]:
        """What each gate computes that the step differentiates; letters are in the figure too."""
        told = {equation.sides[0] for equation in found}
        nodes = sorted(self._differentiated(step) & {*self.facts.symbols.letters.values()})
        pieces = {node: self.facts.symbols.pieces[node].tree for node in nodes}
        return [Equation((name, self.facts.own(node).tree)) for node, name in pieces.items()
                if name not in told]  # fmt: skip


def multiplied(up: Piece, local: Piece) -> Piece:
    """A product of two gradients, without factors of 1."""
    if ONE in (up.tree, local.tree):
        return local if up.tree == ONE else up
    return product(up, local, "·")


def short(piece: Piece) -> Piece | None:
    """A formula if it is short."""
    return piece if len(unicode(piece.tree)) <= SHORT else None
