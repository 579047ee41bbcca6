"""The formulas of an update, w ← w − η ∂f/∂w: as mathematics, and in the language for captions."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..base.signs import MINUS, minus, power_of_ten
from ..formulas.names import NameParts, split_name
from ..formulas.tree import Name, Row, Sign, Tree
from ..graph.expressions import constant
from ..language.row_texts import read, to_text
from ..look.matrices import inline_array, is_small
from ..look.numbers import Numbers
from ..updates import printing
from ..updates.rules import GRADIENT, LETTERS, WEIGHT
from . import terms
from .printed_numbers import PrintedNumbers
from .terms import How, Piece

if TYPE_CHECKING:
    from ..updates.update import Assigned, Update

ARROW = Sign("←")
AGAIN = "_rule"
"""What a letter of a rule ends in where a node of the graph has that letter."""


HOLE = "__"
"""What holds the place of a gradient in a text: one name, where ∂f/∂w is one thing."""
FIRST = re.compile(rf"^\(([-{MINUS}][^()]*)\)")
"""A negative number at the beginning."""


@dataclass(frozen=True, eq=False)
class UpdateFormulas:
    """The formulas of an update; `numbers` are those of its figure."""

    update: Update
    numbers: Numbers
    taken: Collection[str]  # names and letters of the figure

    @cached_property
    def _taken(self) -> set[NameParts]:
        return {split_name(name) for name in self.taken}

    def letter(self, name: str, node: int) -> str:
        """The letter of what a rule calls so: η for the rate, v_w for the v of the weight w."""
        letter = LETTERS.get(name) or f"{name}_{self.update.nodes[node]}"
        while split_name(letter) in self._taken:
            letter += AGAIN
        return letter

    def letters(self, node: int) -> dict[str, str]:
        """The letter of all that a rule takes at a weight, but for the weight and its gradient."""
        names = self.update.before(node)
        return {name: self.letter(name, node) for name in names if name not in (WEIGHT, GRADIENT)}

    def printed(self, name: str, node: int, value: Any) -> Numbers:
        """How a weight, its gradient or what a rule keeps of it is printed."""
        if name == WEIGHT:
            return self.of_weight(node)
        return printing.operand(self.numbers, value)

    def number(self, name: str, node: int, value: float) -> str:
        """A number of a rule; what is the same for all weights is printed as it is given."""
        if name not in LETTERS:
            return self.printed(name, node, value)(value)
        text = constant(value).replace(".", self.numbers.mark)
        return minus(power_of_ten(text) if self.numbers.powers else text)

    def of_weight(self, node: int) -> Numbers:
        """How a weight is printed, before and after."""
        before = self.update.tape.values[node]
        return printing.weights(self.numbers, before, self.update.new(node))

    # --- in the language

    def spoken(self, node: int, weight: str, gradient: str, lang: str) -> Iterator[str]:
        """The formulas for captions: over names, then over numbers if arrays are small."""
        names = {WEIGHT: weight, GRADIENT: HOLE, **self.letters(node)}
        for one in self.update.assigned[node]:
            formula, given = read(one.text), one.given
            symbols = _filled(to_text(formula, names), gradient)
            sides = [f"{names[one.name]} ← {symbols}"]
            if _small(one):
                texts = {name: self._text(name, node, given[name], lang) for name in given}
                sides.append(FIRST.sub(r"\1", to_text(formula, texts)))
            yield minus(" = ".join((*sides, self._text(one.name, node, one.value, lang))))

    def _text(self, name: str, node: int, value: Any, lang: str) -> str:
        if type(value) is float:
            return self.number(name, node, value)
        numbers = self.printed(name, node, value)
        return inline_array(value, numbers, numbers.longest, lang)

    # --- as mathematics

    def sides(
        self, node: int, weight: Piece, gradient: Piece, facts: PrintedNumbers, row: bool
    ) -> Iterator[tuple[list[Tree], Piece | None, Any]]:
        """The sides of each formula, its result if that is no large array, and its value."""
        array = type(self.update.new(node)) is not float
        letters = self.letters(node)
        names = {WEIGHT: weight, GRADIENT: gradient}
        names |= {
            name: Piece(Name(letter), array=array and name not in LETTERS)
            for name, letter in letters.items()
        }
        how = How(self.numbers.mark)
        for one in self.update.assigned[node]:
            whole = terms.read(one.text, names, how)
            sides: list[Tree] = [Row((names[one.name].tree, ARROW, *_parts(whole)))]
            piece = self._pieces(node, facts, row)
            if _small(one):
                numbers = {name: piece(name, value) for name, value in one.given.items()}
                sides.append(terms.read(one.text, numbers, how).tree)
            yield sides, piece(one.name, one.value) if _is_shown(one.value) else None, one.value

    def _pieces(self, node: int, facts: PrintedNumbers, row: bool) -> Callable[[str, Any], Piece]:
        """How a number of the rule becomes a part of a formula."""

        def piece(name: str, value: Any) -> Piece:
            if type(value) is float:
                return terms.number(self.number(name, node, value))
            numbers = self.printed(name, node, value)
            found = replace(facts, numbers=numbers, longest=numbers.longest).array(value, row)
            assert found is not None  # it is small
            return found

        return piece


def _filled(text: str, gradient: str) -> str:
    """A text with the gradient in its place, in brackets where a sign holds it more tightly."""
    fenced = re.sub(rf"\b{HOLE}(?=\*\*|/)", f"({gradient})", text)
    return re.sub(rf"\b{HOLE}\b", gradient, fenced)


def _parts(piece: Piece) -> tuple[Tree, ...]:
    return piece.tree.parts if isinstance(piece.tree, Row) else (piece.tree,)


def _is_shown(value: Any) -> bool:
    return type(value) is float or is_small(value.shape)


def _small(one: Assigned) -> bool:
    """Whether all numbers of a formula can be written."""
    return all(map(_is_shown, one.given.values()))
