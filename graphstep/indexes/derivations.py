"""The chain rule by index: ∂f/∂W_ij = ∑_k ∂f/∂q_k · ∂q_k/∂W_ij, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

from ..explain.factors import Factors, cofactor
from ..explain.symbols import SHORT
from ..explain.terms import How, Piece, product
from ..formulas.tree import Frac, Marked, Row, Tree
from ..formulas.unicode import unicode
from ..graph.expressions import option_texts, settled
from ..language.local_texts import local_text
from ..language.row_texts import POWER, Formula, Place
from .contraction import Term, contracted, multiplied, placed, renamed, terms_of
from .elements import Elements, free_letters, summed_over, with_indexes
from .forms import INTO, OUT, Letters, UnindexedError, form_of, indexed, letters_of
from .moves import MOVES
from .reductions import INNER

AGAIN: Mapping[str, str] = dict(zip(INTO, OUT, strict=True))
"""The indexes of an input, as those of the output of the gate before."""
NOTHING = Term(1, ())


@dataclass(frozen=True, eq=False)
class Derivations:
    """The chain rule by index, for the wires of a tape that have a form."""

    facts: Factors

    @cached_property
    def elements(self) -> Elements:
        """What spells formulas with indexes; each place in them is one of one gate."""
        facts, graph = self.facts, self.facts.tape.graph
        symbols, places = facts.symbols, dict[str, Piece]()
        for i, node in enumerate(graph.nodes):
            places[f"∂{i}"], places[f"{i}.out"] = facts.total(i), symbols.pieces[i]
            for position, arg in enumerate(node.args):
                wire = facts.wires_at[i].get(position)
                found = symbols.inside(float(arg)) if wire is None else facts.entry(wire)
                places[f"{i}.{position}"] = found
        names = (*graph.names, *symbols.letters, symbols.output)
        most = max(map(len, facts.tape.shapes))
        indexes = (*OUT[:most], *INTO[:most], *INNER[: max(most - 1, 2)])
        return Elements(places, How(symbols.mark), free_letters(indexes, names))

    def letters(self, wire: int) -> Letters:
        """The indexes of a wire's gate and of its source."""
        _, target, position = self.facts.tape.graph.wires[wire]
        return letters_of(self.facts.tape.at_work[target], position)

    # --- formulas

    def form(self, wire: int) -> Formula | None:
        """The local gradient by index, over places of its gate; None where it has no form."""
        if wire not in self._forms:
            try:
                self._forms[wire] = self._form(wire)
            except UnindexedError:
                self._forms[wire] = None
        return self._forms[wire]

    @cached_property
    def _forms(self) -> dict[int, Formula | None]:
        return {}

    def _form(self, wire: int) -> Formula:
        _, target, position = self.facts.tape.graph.wires[wire]
        taken = self.facts.tape.at_work[target]
        count, text = len(taken.values), local_text(taken, position)
        text = settled(taken.gate, text, option_texts(taken.gate, taken.options), count)
        if self.facts.is_map(wire):
            text = cofactor(text).replace("*{ones}", "").replace("{ones}", "1")
        names = {name: f"{target}.{k}" for k, name in enumerate(taken.gate.named(count))}
        return placed(form_of(taken, position, text), {**names, "out": f"{target}.out"})

    def terms(self, wire: int, form: Formula, upstream: Term) -> list[Term]:
        """The product of upstream and local, summed over the elements of the gate's output."""
        over = Term(1, (), self.letters(wire).out)
        return [multiplied(multiplied(upstream, term), over) for term in terms_of(form)]

    def found(self, wire: int) -> list[Term] | None:
        """What the sum comes to, with the upstream gradient as far as it is a short formula."""
        form = self.form(wire)
        if form is None:
            return None
        sizes = self._sizes(wire)
        return [contracted(term, sizes) for term in self.terms(wire, form, self.upstream(wire))]

    def _sizes(self, wire: int) -> dict[str, int]:
        """How many places each index of a wire has."""
        _, target, position = self.facts.tape.graph.wires[wire]
        taken, letters = self.facts.tape.at_work[target], self.letters(wire)
        shape = (*taken.out_shape, *taken.shape(position))
        return dict(zip((*letters.out, *letters.into), shape, strict=True))

    def upstream(self, wire: int) -> Term:
        """The upstream gradient of a wire's gate: its formula if that is short, or its symbol."""
        target = self.facts.tape.graph.wires[wire].target
        known = self._upstreams[target]
        symbol = indexed(Place(f"∂{target}"), self.letters(wire).out)
        return Term(1, (symbol,)) if known is None else known

    @cached_property
    def _upstreams(self) -> dict[int, Term | None]:
        """The short formula of each upstream gradient that has one."""
        graph, facts = self.facts.tape.graph, self.facts
        known: dict[int, Term | None] = {graph.output: None if facts.tape.outside else NOTHING}
        self.__dict__["_upstreams"] = known  # the formulas of later gates are made of earlier ones
        for node in reversed(graph.reaching[:-1]):
            wires = graph.wires_back[node]
            alone = len(wires) == 1 and facts.place(wires[0]) is None
            known[node] = self._short(wires[0]) if alone else None
        return known

    def _short(self, wire: int) -> Term | None:
        terms = self.found(wire)
        if terms is None or len(terms) != 1 or terms[0].over or self._is_part(wire):
            return None
        fits = len(unicode(self.elements.total(terms).tree)) <= SHORT
        factors = tuple(renamed(factor, AGAIN) for factor in terms[0].factors)
        return terms[0]._replace(factors=factors) if fits else None

    def _is_part(self, wire: int) -> bool:
        """Whether a gate makes a part of something larger: a sum over it would be ambiguous."""
        _, target, position = self.facts.tape.graph.wires[wire]
        taken = self.facts.tape.at_work[target]
        return taken.gate.name in MOVES and prod(taken.shape(position)) < prod(taken.out_shape)

    # --- as sides of an equation

    def sides(self, wire: int, contribution: Piece) -> Sequence[Tree]:
        """∂f/∂x_i, the sum in symbols, with formulas in it, and what it comes to.

        A wire of several brings a contribution to that, as it is called.
        """
        form, found = self.form(wire), self.found(wire)
        if form is None or found is None or not any(self.letters(wire)):
            return ()
        asked = self.facts.asked(wire)
        first = self._below(asked or contribution, self.letters(wire).into)
        tape = self.facts.tape
        end = tape.graph.wires[wire].target == tape.graph.output and not tape.outside
        sides = [] if end else [self._general(wire)]
        sides += [self._inserted(wire, form), self.elements.total(found)]
        marked = _marked(first, "downstream") if asked else first
        return [side.tree for side in (marked, *sides)]

    def _general(self, wire: int) -> Piece:
        """The sum in symbols."""
        target = self.facts.tape.graph.wires[wire].target
        symbol = self.elements.piece(indexed(Place(f"∂{target}"), self.letters(wire).out))
        return self._summed(product(_marked(symbol, "upstream"), self.partial(wire), "·"), wire)

    def _inserted(self, wire: int, form: Formula) -> Piece:
        """The sum with formulas of both factors."""
        local = _marked(self.elements.piece(form), "local")
        upstream = self.upstream(wire)
        if upstream == NOTHING:
            return self._summed(local, wire)
        up = _marked(self.elements.total([upstream]), "upstream")
        return self._summed(product(up, local, "·"), wire)

    def partial(self, wire: int) -> Piece:
        """∂q_k/∂W_ij."""
        letters, piece = self.letters(wire), self.facts.partial(wire)
        assert isinstance(piece.tree, Frac)
        top = self._below(Piece(piece.tree.top), letters.out)
        bottom = self._below(Piece(piece.tree.bottom), letters.into)
        return _marked(Piece(Frac(top.tree, bottom.tree), POWER), "local")

    def local(self, wire: int) -> Sequence[Tree]:
        """∂q_k/∂W_ij and its form."""
        form = self.form(wire)
        if form is None or not any(self.letters(wire)):
            return ()
        return self.partial(wire).tree, _marked(self.elements.piece(form), "local").tree

    def _below(self, piece: Piece, letters: Sequence[str]) -> Piece:
        """A derivative with indexes below what it is of."""
        shown = [self.elements.letter(letter) for letter in letters]
        match piece.tree:
            case Frac(top, bottom) if shown:
                return Piece(Frac(top, _after(bottom, shown)), POWER)
            case Row((*words, Frac() as total)) if shown:  # a contribution to it
                return Piece(Row((*words, self._below(Piece(total), letters).tree)))
            case Row() if shown:
                return Piece(_after(piece.tree, shown))
        return piece

    def _summed(self, inner: Piece, wire: int) -> Piece:
        letters = self.letters(wire).out
        return summed_over([self.elements.letter(x) for x in letters], inner) if letters else inner


def _after(tree: Tree, shown: Sequence[Tree]) -> Tree:
    """∂x with indexes below the x."""
    assert isinstance(tree, Row)
    first, *rest = tree.parts
    return Row((first, with_indexes(rest[0] if len(rest) == 1 else Row(tuple(rest)), shown)))


def _marked(piece: Piece, kind: str) -> Piece:
    return piece._replace(tree=Marked(piece.tree, kind))
