"""The formulas of steps with derivations by index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ..explain.equations import Sides, Writer
from ..explain.factors import ONE, ONES, Factor
from ..explain.steps import Step
from ..explain.symbols import SHORT, parts
from ..explain.terms import Piece, times
from ..formulas.signs import TIMES
from ..formulas.tree import Marked, Number, Row, Scripts, Sign, Tree
from ..formulas.unicode import unicode
from .derivations import Derivations

UNIT = Piece(ONE)


@dataclass(frozen=True, eq=False)
class ByIndex(Writer):
    """Writes each product also as a sum over elements, and its result as ∇f."""

    @cached_property
    def derivations(self) -> Derivations:
        """The chain rule by index."""
        return Derivations(self.facts)

    def _wires(self, step: Step) -> list[Sides]:
        graph = self.facts.tape.graph
        told = [w for w in step.in_order(graph) if not graph.takes_labels(graph.wires[w])]
        return [sides for w in told for sides in self._by_index(w, labelled=w == told[0])]

    def _by_index(self, wire: int, labelled: bool) -> Iterator[Sides]:
        source = self.facts.tape.graph.wires[wire].source
        yield self.derivations.sides(wire, self._contribution(source))
        first, *others = self._wire(wire, labelled)
        named = self.facts.asked(wire) is not None and self.facts.shape(source)
        yield [self._nabla(wire, first) if named else first, *others]

    def _nabla(self, wire: int, first: Tree) -> Tree:
        """∇_x f in place of ∂f/∂x."""
        assert isinstance(first, Marked)
        below = Scripts(Sign("∇"), self.facts.entry(wire).tree)
        return first._replace(inner=Row((below, Sign("\u2005"), self.facts.end.tree)))

    def _locals(self, step: Step) -> list[Sides]:
        graph = self.facts.tape.graph
        wires = [w for w in step.in_order(graph) if not graph.takes_labels(graph.wires[w])]
        pairs = ((self.derivations.local(w), self._local(w)) for w in wires)
        return [sides for pair in pairs for sides in pair]


@dataclass(frozen=True, eq=False)
class SumsWriter(ByIndex):
    """The same with whole gradients as short formulas before their numbers."""

    def _chain(self, wire: int, labelled: bool = False) -> list[Piece]:
        """The product in symbols, with the upstream gradient as a formula, in numbers."""
        sides, facts = super()._chain(wire, labelled), self.facts
        target = facts.tape.graph.wires[wire].target
        known, factor = self._formulas[target], facts.factor(wire)
        if known is None or len(facts.shape(target)) not in (1, 2):
            return sides
        numbers = factor.numbers is not None and facts.upstream(target) is not None
        made = self._inserted(factor, known)
        at = len(sides) - numbers
        return [*sides[:at], *([made] if made is not None else []), *sides[at:]]

    def _inserted(self, factor: Factor, up: Piece) -> Piece | None:
        """The product with a formula as the upstream gradient, whose number stands first."""
        if factor.names is None and not factor.turned:
            return None
        if factor.names is not None and ONES.tree in parts(factor.names.tree):
            return factor.names if up.tree == ONE else None
        if up.tree == ONE:
            return None if factor.summed else factor.names
        match up.tree:
            case Row((Number(), Sign(sign), *rest)) if sign == TIMES and not factor.turned:
                inner = up._replace(tree=rest[0] if len(rest) == 1 else Row(tuple(rest)))
                made = self._inserted(factor, inner)
                return made and times(Piece(up.tree.parts[0]), made)
        return self._multiplied(factor, self._marked(up, "upstream"), factor.names)

    @cached_property
    def _formulas(self) -> dict[int, Piece | None]:
        """The formula of each upstream gradient, as a whole, if it is short."""
        facts, graph = self.facts, self.facts.tape.graph
        found: dict[int, Piece | None] = {graph.output: None if facts.tape.outside else UNIT}
        for node in reversed(graph.reaching[:-1]):
            first, *others = graph.wires_back[node]
            up = found[graph.wires[first].target]
            shared = others or facts.place(first) is not None
            without = graph.takes_labels(graph.wires[first])
            known = up is not None and not shared and not without
            made = self._inserted(facts.factor(first), up) if up and known else None
            found[node] = made if made and _is_short(made.tree) else None
        return found


def _is_short(tree: Tree) -> bool:
    """Whether a formula can be inserted; a 𝟏 would leave open of which shape it is."""
    return len(unicode(tree)) <= SHORT and ONES.tree not in parts(tree)
