"""The formulas of an update, w ← w − η ∂f/∂w: their letters, numbers, and texts for captions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..base.signs import MINUS, minus, power_of_ten
from ..formulas.names import NameParts, figure_names, split_name
from ..graph.expressions import constant
from ..language.row_texts import read, to_text
from ..look.matrices import inline_array, is_small
from ..look.numbers import Numbers
from . import printing
from .rules import GRADIENT, LETTERS, WEIGHT

if TYPE_CHECKING:
    from .update import Assigned, Update

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

    def in_sentences(self, node: int, weight: str, symbols: str) -> dict[str, str]:
        """The letters of a rule as sentences have them: β₁, and m_w₀ for a weight that is w₀."""
        typed = self.update.nodes[node]
        return {
            name: figure_names([letter], symbols)[letter] if name in LETTERS
            else letter.replace(f"_{typed}", f"_{weight}", 1)
            for name, letter in self.letters(node).items()
        }  # fmt: skip

    def spoken(
        self, node: int, weight: str, gradient: str, symbols: str, lang: str
    ) -> Iterator[str]:
        """The formulas for captions: over names, then over numbers if arrays are small."""
        names = {WEIGHT: weight, GRADIENT: HOLE, **self.in_sentences(node, weight, symbols)}
        for one in self.update.assigned[node]:
            formula, given = read(one.text), one.given
            symbols = _filled(to_text(formula, names), gradient)
            sides = [f"{names[one.name]} ← {symbols}"]
            if is_written(one):
                texts = {name: self._text(name, node, given[name], lang) for name in given}
                sides.append(FIRST.sub(r"\1", to_text(formula, texts)))
            yield minus(" = ".join((*sides, self._text(one.name, node, one.value, lang))))

    def _text(self, name: str, node: int, value: Any, lang: str) -> str:
        if type(value) is float:
            return self.number(name, node, value)
        numbers = self.printed(name, node, value)
        return inline_array(value, numbers, numbers.longest, lang)


def _filled(text: str, gradient: str) -> str:
    """A text with the gradient in its place, in brackets where a sign holds it more tightly."""
    fenced = re.sub(rf"\b{HOLE}(?=\*\*|/)", f"({gradient})", text)
    return re.sub(rf"\b{HOLE}\b", gradient, fenced)


def is_shown(value: Any) -> bool:
    """Whether a number, or a small array, stands in formulas."""
    return type(value) is float or is_small(value.shape)


def is_written(one: Assigned) -> bool:
    """Whether all numbers of a formula can be written."""
    return all(map(is_shown, one.given.values()))
