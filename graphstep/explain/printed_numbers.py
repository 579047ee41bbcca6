"""The numbers of a tape as parts of formulas, with the digits that the figure prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..engine.run import Run
from ..formulas.tree import Fenced, Matrix
from ..graph.slots import Slot
from ..look.matrices import grid, is_small
from ..look.numbers import Numbers
from .terms import Piece, number


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
