"""The formulas of a step: in symbols, with earlier results inserted, in numbers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from ..base.words import say
from ..calculus.shapes import Shape, shape_text
from ..formulas.signs import TIMES
from ..formulas.tree import (
    Equation,
    Fenced,
    Frac,
    Marked,
    Matrix,
    Name,
    Row,
    Scripts,
    Sign,
    Tree,
    Words,
)
from ..graph.expressions import MOST_LISTED
from ..graph.slots import Slot
from ..look.matrices import is_small
from ..updates.formulas import UpdateFormulas
from .factors import ONE, Factor, Factors, exchanged
from .printed_numbers import ARROW, UpdateNumbers
from .step_kinds import method_of
from .steps import Step
from .symbols import distinct, expression, parts
from .terms import ELLIPSIS, Piece, is_number, negative, number, plus, product, total, transposed
from .terms import times as multiplied

__all__ = ["Writer", "expression"]

MINUS_ONE = Row((Sign("−"), ONE))
Sides = Iterable[Tree]


@dataclass(frozen=True, eq=False)
class Writer:
    """Writes the formulas of steps in a language."""

    facts: Factors
    lang: str = "en"
    update: UpdateFormulas | None = None
    groups: ClassVar[Mapping[str, Callable[..., Sequence[Sides]]]]

    def equations(self, step: Step) -> tuple[Equation, ...]:
        """The formulas of a step, and the meanings of their letters."""
        methods = (method_of(self, self.groups[part]) for part in step.row.formulas)
        found = (sides for method in methods for sides in method(step))
        made = [Equation(tuple(distinct(sides))) for sides in found]
        shown = [equation for equation in made if len(equation.sides) > 1 or _assigns(equation)]
        return (*shown, *self._meanings(step, shown), *self._copies(step))

    def _marked(self, piece: Piece, kind: str, labelled: bool = False) -> Piece:
        label = say(f"formula.{kind}", self.lang) if labelled else ""
        return piece._replace(tree=Marked(piece.tree, kind, label))

    def _ended(self, sides: Sequence[Tree], found: Piece | None, kind: str, shape: Shape) -> Sides:
        """Sides with their result; a large array is only given by its size, after the last side."""
        sides = distinct(sides)
        if found is not None:
            return [*sides, self._marked(found, kind).tree]
        size = say("formula.size", self.lang, shape=shape_text(shape))
        return [*sides[:-1], Row((sides[-1], Sign(","), Sign("\u2005"), Words(size)))]

    # --- the chain rule on a wire

    def _wire(self, wire: int, labelled: bool = False) -> Sides:
        """A wire's downstream gradient: its name, symbols, results inserted, numbers."""
        source, target, _ = self.facts.tape.graph.wires[wire]
        asked = self.facts.asked(wire)
        first = (
            self._contribution(source)
            if asked is None
            else self._marked(asked, "downstream", labelled)
        )
        sides = [first, *self._chain(wire, labelled)]
        found = self.facts.downstream(wire, self.facts.is_row(target))
        trees = [side.tree for side in sides]
        return self._ended(trees, found, "downstream", self.facts.shape(source))

    def _contribution(self, node: int) -> Piece:
        """The name of what one of several wires brings back to a node."""
        words = Words(say("formula.contribution", self.lang))
        return Piece(Row((words, Sign("\u2005"), self.facts.total(node).tree)))

    def _chain(self, wire: int, labelled: bool = False) -> list[Piece]:
        """The product of upstream and local: in symbols, then with more and more inserted."""
        target = self.facts.tape.graph.wires[wire].target
        factor, symbol = self.facts.factor(wire), self._marked(self.facts.total(target), "upstream")
        up = self.facts.upstream(target, self.facts.is_row(target))
        first = symbol
        if labelled:
            first = self._marked(self.facts.total(target), "upstream", labelled)
        sides = [self._general(wire, factor, first, labelled)]
        if self.facts.shape(target):
            sides.append(self._multiplied(factor, symbol, factor.names))
            sides.append(self.facts.whole(wire, symbol))
        elif up is not None and not _is_number(factor.names):
            sides.append(self._multiplied(factor, self._marked(up, "upstream"), factor.names))
        if up is not None and factor.numbers is not None:
            really = (exchanged(up) if factor.turned else up) or up
            plain = factor._replace(turned=False)
            sides.append(self._multiplied(plain, self._marked(really, "upstream"), factor.numbers))
        return [side for side in sides if side is not None]

    def _general(self, wire: int, factor: Factor, up: Piece, labelled: bool) -> Piece | None:
        """The chain rule in symbols; for arrays with the Jacobian, except in matrix products.

        A column is multiplied by the transposed Jacobian, a row by the Jacobian.
        """
        facts, (source, target, _) = self.facts, self.facts.tape.graph.wires[wire]
        local = self._marked(facts.partial(wire), "local", labelled)
        if not facts.shape(target):
            return product(up, local, "·")
        if facts.is_map(wire) and (factor.names is not None or factor.turned):
            return self._multiplied(factor, up, factor.names, labelled)
        if facts.is_row(target) and len(facts.shape(source)) == len(facts.shape(target)) == 1:
            return product(up, local, "·")
        jacobian = transposed(facts.partial(wire))
        return product(self._marked(jacobian, "local", labelled), up, TIMES)

    def _multiplied(
        self, factor: Factor, up: Piece, local: Piece | None, labelled: bool = False
    ) -> Piece | None:
        """The product of upstream and local, in the order of the factor."""
        marked = local and self._marked(local, "local", labelled)
        return multiplied_as(factor, up, local, marked)

    # --- one method for each group of formulas that a kind of step can name

    def _all(self, step: Step) -> list[Sides]:
        found = self.facts.symbols.expression()
        return [] if ELLIPSIS.tree in parts(found) else [self._valued(step.node, found.sides)]

    def _valued(self, node: int, sides: Sequence[Tree]) -> Sides:
        value = self.facts.value(node, self.facts.is_row(node))
        return self._ended(sides, value, "value", self.facts.shape(node))

    def _forward(self, step: Step) -> list[Sides]:
        node, symbols = step.node, self.facts.symbols
        sides = [symbols.pieces[node].tree, symbols.formula(node, symbols.pieces).tree]
        sources = symbols.graph.nodes[node].sources
        values = {s: self.facts.value(s, self.facts.is_row(node)) for s in sources}
        given = {s: self._marked(v, "value") for s, v in values.items() if v is not None}
        shapes = {self.facts.shape(s) for s in sources}
        if len(given) == len(values):
            numbers = symbols.formula(node, given).tree
            sides += [numbers] if _is_algebra(numbers, len(shapes) == 1) else []
        return [self._valued(node, sides)]

    def _seed(self, step: Step) -> list[Sides]:
        node, total = step.node, self.facts.total(step.node).tree
        if shape := self.facts.shape(node):  # it is given
            up = self.facts.upstream(node, self.facts.is_row(node))
            return [self._ended([total], up, "upstream", shape)]
        one = number(self.facts.texts[Slot("upstream", node)])
        return [[total, self._marked(one, "upstream").tree]]

    def _wires(self, step: Step) -> list[Sides]:
        """One equation per wire; the factors are labelled in the first one."""
        graph = self.facts.tape.graph
        told = [w for w in step.in_order(graph) if not graph.takes_labels(graph.wires[w])]
        return [self._wire(w, labelled=w == told[0]) for w in told]

    def _locals(self, step: Step) -> list[Sides]:
        """The local gradient of each wire."""
        graph = self.facts.tape.graph
        wires = step.in_order(graph)
        return [self._local(w) for w in wires if not graph.takes_labels(graph.wires[w])]

    def _local(self, wire: int) -> Sides:
        facts, (source, target, _) = self.facts, self.facts.tape.graph.wires[wire]
        asked = self._marked(facts.partial(wire), "local", True).tree
        if not facts.shape(target):  # as in the product: of one number the gradient, not a row
            factor = facts.factor(wire)
            known = factor.names is None or _is_number(factor.names)
            inner = [asked] if known or factor.names is None else [asked, factor.names.tree]
            return self._ended(inner, factor.numbers, "local", facts.shape(source))
        local = facts.tape.local(wire)
        found = facts.array(local.dense()) if is_small(local.shape) else None
        words = Words(facts.texts[Slot("local", wire)])
        return [asked, words if found is None else self._marked(found, "local").tree]

    def _sum(self, step: Step) -> list[Sides]:
        """A sum over wires, term by term: in symbols, then in numbers."""
        facts, graph, row = self.facts, self.facts.tape.graph, self.facts.symbols.rows
        leaving = graph.wires_back[step.node]
        wires = [w for w in leaving if not graph.takes_labels(graph.wires[w])]
        if not wires or len(leaving) == 1:
            return []
        sides = [facts.total(step.node), added([self._term(w) for w in wires])]
        numbers = [facts.downstream(w, row) for w in wires]
        found = [self._marked(n, "downstream") for n in numbers if n is not None]
        if len(found) == len(wires):
            sides.append(added(found))
        trees = [side.tree for side in sides]
        shape = facts.shape(step.node)
        return [self._ended(trees, facts.upstream(step.node, row), "upstream", shape)]

    def _update(self, step: Step) -> list[Sides]:
        """What becomes of a weight: in symbols, in numbers, its new value."""
        assert self.update is not None  # there is such a step
        facts, node = self.facts, step.node
        row, pieces = facts.symbols.rows, (facts.symbols.pieces[node], facts.total(node))
        made = []
        numbers = UpdateNumbers(self.update, facts, row)
        for sides, found, value in numbers.sides(node, *pieces):
            true = [sides[0], *(side for side in sides[1:] if _is_algebra(side, alike=True))]
            made.append(self._ended(true, found, "value", getattr(value, "shape", ())))
        return made

    def _term(self, wire: int) -> Piece:
        """A wire's term in symbols; a row is transposed if the sum is one of columns."""
        facts = self.facts
        asked = facts.asked(wire)
        if asked is not None:
            return self._marked(asked, "downstream")
        source, target, _ = facts.tape.graph.wires[wire]
        turned = len(facts.shape(source)) == 1 and facts.is_row(target) != facts.symbols.rows
        found = self._chain(wire)[0]
        return transposed(found) if turned else found

    # --- meanings of letters

    def _meanings(self, step: Step, found: Sequence[Equation]) -> list[Equation]:
        """The equation of each letter in some formulas.

        A gate of the step is written over what it takes, other gates over the inputs.
        """
        symbols = self.facts.symbols
        told: set[object] = {equation.sides[0] for equation in found}
        made: list[Equation] = []
        differentiated = self._differentiated(step)
        queue = deque(found)
        while queue:
            for part in parts(queue.popleft()):
                node = symbols.letters.get(part.text) if isinstance(part, Name) else None
                if node is None or part in told:
                    continue
                told.add(part)
                inner = self.facts.own(node) if node in differentiated else symbols.expanded[node]
                made.append(Equation((symbols.pieces[node].tree, inner.tree)))
                queue.append(made[-1])
        return made

    def _differentiated(self, step: Step) -> set[int]:
        """The gates whose own formula a step differentiates."""
        graph = self.facts.tape.graph
        return {graph.wires[w].target for w in step.wires(graph)}

    def _copies(self, step: Step) -> list[Equation]:
        """x′ = x″ = x, for each x that a gate takes twice."""
        graph, facts = self.facts.tape.graph, self.facts
        wires = (w for w in step.wires(graph) if facts.place(w) is not None)
        return [
            Equation((*map(self._entry, facts.repeated[source]), facts.symbols.pieces[source].tree))
            for source in dict.fromkeys(graph.wires[w].source for w in wires)
        ]

    def _entry(self, wire: int) -> Tree:
        return self.facts.entry(wire).tree


def multiplied_as(
    factor: Factor, up: Piece, local: Piece | None, marked: Piece | None = None
) -> Piece | None:
    """The product of upstream and local, which may be marked, in the order of the factor."""
    up = transposed(up) if factor.turned else up
    if local is None:
        return up if factor.turned else None
    shown = marked or local
    made = product(*((up, shown) if factor.after else (shown, up)), factor.sign)
    if up.array and not local.array and factor.sign == "·":  # a number times an array
        made = multiplied(shown, up)
        if local.tree in (ONE, MINUS_ONE):
            made = up if local.tree == ONE else negative(up)
    return total(made) if factor.summed else made


def _assigns(equation: Equation) -> bool:
    """Whether an equation gives a new value, so that one side says something."""
    return any(part == ARROW for side in equation.sides[:1] for part in parts(side))


def _is_number(piece: Piece | None) -> bool:
    """Whether a formula is just a number, or missing."""
    return piece is None or is_number(piece.tree)


def _is_algebra(tree: Tree, alike: bool) -> bool:
    """Whether a formula in numbers is also true as algebra.

    A power of a vector is not, nor is the sum of a vector and a number.
    """
    return not any(_misuses(part, alike) for part in parts(tree))


def _misuses(part: object, alike: bool) -> bool:
    match part:
        case Scripts(base, _, sup):
            return sup != Sign("⊤") and (_has_matrix(base) or _has_matrix(sup))
        case Frac(top, bottom):
            return _has_matrix(bottom) or (_has_matrix(top) and not alike)
        case Fenced(Matrix() | Marked(Fenced(Matrix())), "|"):
            return True
        case Row(inside) if not alike and (Sign("+") in inside or Sign("−") in inside):
            return _has_matrix(part)
    return False


def _has_matrix(part: object) -> bool:
    return any(isinstance(inner, Matrix) for inner in parts(part))


def added(terms: Sequence[Piece]) -> Piece:
    """A sum; of many terms, only the first ones and the last."""
    if len(terms) > MOST_LISTED:
        terms = [*terms[: MOST_LISTED - 2], ELLIPSIS, terms[-1]]
    made = terms[0]
    for term in terms[1:]:
        made = plus(made, term)
    return made


FORMULAS: Mapping[str, Callable[[Writer, Step], Sequence[Sides]]] = MappingProxyType(
    {
        "expression": Writer._all,
        "value": Writer._forward,
        "seed": Writer._seed,
        "wires": Writer._wires,
        "local": Writer._locals,
        "sum": Writer._sum,
        "update": Writer._update,
    }
)
"""The groups of formulas that a row of step kinds can name, as sides."""
Writer.groups = FORMULAS
