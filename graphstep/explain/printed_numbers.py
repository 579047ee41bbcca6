"""The numbers of a tape as parts of formulas, with the digits that the figure prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..engine.run import Run
from ..formulas.tree import Fenced, Matrix, Name, Row, Sign, Tree
from ..graph.slots import Slot
from ..look.matrices import grid, is_small
from ..look.numbers import Numbers
from ..updates.formulas import UpdateFormulas, is_shown, is_written
from ..updates.rules import GRADIENT, LETTERS, WEIGHT
from .terms import How, Piece, number, read

ARROW = Sign("←")


@dataclass(frozen=True, eq=False)
class PrintedNumbers:
    """The printed numbers of a tape; `texts` are those of all slots.

    `longest` is the most characters of a number between brackets.
    """

    tape: Run
    numbers: Numbers
    texts: Mapping[Slot, str]
    longest: int

    def printed(self, slot: Slot, value: Any, row: bool = False) -> Piece | None:
        """The number in a slot; None for a large array."""
        return number(self.texts[slot]) if type(value) is float else self.array(value, row)

    def array(self, value: Any, row: bool = False) -> Piece | None:
        """A small array between brackets, a vector as a column or row; None for a large one."""
        shape = value.shape
        if not shape:
            return number(self.numbers(float(value)))
        if not is_small(shape):
            return None
        texts = self.numbers.cells(map(float, value.ravel()), self.longest)
        columns = len(texts) if row and len(shape) == 1 else grid(shape)[1]
        starts = range(0, len(texts), columns)
        rows = tuple(tuple(number(text).tree for text in texts[k : k + columns]) for k in starts)
        return Piece(Fenced(Matrix(rows), "[", "]"), array=True)

    def value(self, node: int, row: bool = False) -> Piece | None:
        """The value of a node."""
        return self.printed(Slot("value", node), self.tape.values[node], row)

    def upstream(self, node: int, row: bool = False) -> Piece | None:
        """The upstream gradient of a node."""
        return self.printed(Slot("upstream", node), self.tape.upstreams[node], row)

    def downstream(self, wire: int, row: bool = False) -> Piece | None:
        """The downstream gradient of a wire."""
        return self.printed(Slot("downstream", wire), self.tape.downstream(wire), row)


@dataclass(frozen=True, eq=False)
class UpdateNumbers:
    """The formulas of an update as mathematics; `row` says whether vectors are rows."""

    formulas: UpdateFormulas
    facts: PrintedNumbers
    row: bool = False

    def sides(
        self, node: int, weight: Piece, gradient: Piece
    ) -> Iterator[tuple[list[Tree], Piece | None, Any]]:
        """The sides of each formula, its result if that is no large array, and its value."""
        update, how = self.formulas.update, How(self.formulas.numbers.mark)
        names = {WEIGHT: weight, GRADIENT: gradient, **self._letters(node)}
        for one in update.assigned[node]:
            whole = read(one.text, names, how).tree
            parts = whole.parts if isinstance(whole, Row) else (whole,)
            sides: list[Tree] = [Row((names[one.name].tree, ARROW, *parts))]
            if is_written(one):
                given = {name: self._piece(name, node, value) for name, value in one.given.items()}
                sides.append(read(one.text, given, how).tree)
            shown = is_shown(one.value)
            yield sides, self._piece(one.name, node, one.value) if shown else None, one.value

    def _letters(self, node: int) -> dict[str, Piece]:
        array = type(self.formulas.update.new(node)) is not float
        return {
            name: Piece(Name(letter), array=array and name not in LETTERS)
            for name, letter in self.formulas.letters(node).items()
        }

    def _piece(self, name: str, node: int, value: Any) -> Piece:
        """A number of the rule as a part of a formula."""
        if type(value) is float:
            return number(self.formulas.number(name, node, value))
        numbers = self.formulas.printed(name, node, value)
        found = replace(self.facts, numbers=numbers, longest=numbers.longest)
        made = found.array(value, self.row)
        assert made is not None  # it is small
        return made
