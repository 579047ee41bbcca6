"""How arrays are shown: as numbers between brackets if small, else as a heat map with the shape.

A Jacobian is shown as numbers, as a picture of where it can differ from 0, or in words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from math import ceil, prod
from typing import Any, NamedTuple

from ..base.words import say
from ..calculus.shapes import Shape, shape_text
from .numbers import Numbers
from .text_widths import wrap

MOST_ROWS, MOST_COLUMNS = 3, 4  # of numbers; a vector may have 4 rows
MAP = 16  # most cells of a heat map along each side
PATTERN = 64  # rows and columns of a Jacobian whose pattern is still drawn
PATTERN_CELLS = 24
LONGEST_STRUCTURE, STRUCTURE_LINES = 10.9, 2  # of words for a Jacobian: ems, lines
LEVELS = 8  # of a colour, on either side of 0
BROKEN = LEVELS + 1  # a cell that is not a finite number


class ArrayBlock(NamedTuple):
    """An array as it is drawn: rows of numbers, a map of levels, or only lines of words.

    `label` is its shape, beside numbers or under a map. Levels are from -8 to 8, and 9 for cells
    that are not finite; in a pattern they are 0 or 8.
    """

    rows: tuple[tuple[str, ...], ...] = ()
    levels: tuple[tuple[int, ...], ...] = ()
    label: str = ""
    lines: tuple[str, ...] = ()


def is_small(shape: Shape) -> bool:
    """Whether an array of this shape is shown as numbers."""
    if len(shape) == 1:
        return shape[0] <= MOST_COLUMNS
    return len(shape) == 2 and shape[0] <= MOST_ROWS and shape[1] <= MOST_COLUMNS


def grid(shape: Shape) -> tuple[int, int]:
    """Rows and columns in which an array is shown: a vector is a column, images are side by side.

    >>> grid((3,)), grid((2, 3)), grid((5, 2, 4, 4))
    ((3, 1), (2, 3), (40, 4))
    """
    return (prod(shape[:-1]), shape[-1]) if len(shape) > 1 else (prod(shape), 1)


def map_size(shape: Shape, most: int = MAP) -> tuple[int, int]:
    """Rows and columns of the cells of a heat map: fewer than those of a large array."""
    rows, columns = grid(shape)
    return ceil(rows / _step(rows, most)), ceil(columns / _step(columns, most))


def _step(count: int, most: int) -> int:
    """How many elements each cell covers along one side; the last may cover fewer."""
    return ceil(count / most)


def array_block(value: Any, numbers: Numbers, longest: int, largest: float) -> ArrayBlock:
    """An array as it is drawn; `largest` is the end of the colour scale of the figure."""
    shape = value.shape
    if not is_small(shape):
        return ArrayBlock(levels=_levels(value, largest), label=shape_text(shape))
    rows, columns = grid(shape)
    texts = numbers.cells(map(float, value.ravel()), longest)
    lines = tuple(texts[k : k + columns] for k in range(0, rows * columns, columns))
    return ArrayBlock(rows=lines, label=shape_text(shape))


def jacobian_block(jacobian: Any, numbers: Numbers, longest: int, lang: str) -> ArrayBlock:
    """A local gradient as it is drawn."""
    rows, columns = jacobian.shape
    structure = say(f"structure.{jacobian.structure}", lang)
    if is_small((rows, columns)):
        return array_block(jacobian.dense(), numbers, longest, 0.0)
    if max(rows, columns) > PATTERN:
        words = wrap(structure, 1.0, LONGEST_STRUCTURE)
        return ArrayBlock(lines=(shape_text((rows, columns)), *words))
    filled = jacobian.dense() != 0
    levels = [[LEVELS * int(cell.any()) for cell in line] for line in _cells(filled, PATTERN_CELLS)]
    return ArrayBlock(levels=tuple(map(tuple, levels)), label=shape_text((rows, columns)))


def inline_array(value: Any, numbers: Numbers, longest: int, lang: str) -> str:
    """An array or Jacobian as part of a sentence."""
    if hasattr(value, "structure"):
        structure = say(f"structure.{value.structure}", lang)
        return f"{shape_text(value.shape)}, {structure}"
    shape = value.shape
    if not is_small(shape):
        return say("array.large" if len(shape) > 1 else "array.long", lang, shape=shape_text(shape))
    texts, between = numbers.cells(map(float, value.ravel()), longest), separator(numbers)
    if len(shape) == 1:
        return _bracketed(texts, between)
    starts = range(0, len(texts), shape[1])
    return _bracketed([_bracketed(texts[k : k + shape[1]], between) for k in starts], between)


def separator(numbers: Numbers) -> str:
    """The sign between numbers: a comma, unless numbers have one themselves."""
    return "; " if numbers.mark == "," else ", "


def _bracketed(texts: Iterable[str], between: str) -> str:
    return f"[{between.join(texts)}]"


def printed(values: Iterable[Any]) -> Iterator[float]:
    """The numbers that are printed, of values, gradients and Jacobians."""
    for value in values:
        if type(value) is float:
            yield value
        elif hasattr(value, "structure"):
            yield from map(float, value.dense().flat) if is_small(value.shape) else ()
        elif is_small(value.shape):
            yield from map(float, value.flat)


def largest_of(values: Iterable[Any]) -> float:
    """The largest absolute value of a finite number in the arrays that are drawn as maps."""
    drawn = [value for value in values if value.shape and not is_small(value.shape)]
    if not drawn:
        return 0.0
    import numpy as np

    sizes = (np.fabs(value[np.isfinite(value)]) for value in drawn)
    return max(float(size.max(initial=0.0)) for size in sizes)


def _cells(value: Any, most: int) -> list[list[Any]]:
    """An array cut into the cells of its map."""
    rows, columns = grid(value.shape)
    sheet, down, across = value.reshape(rows, columns), _step(rows, most), _step(columns, most)
    return [
        [sheet[r : r + down, c : c + across] for c in range(0, columns, across)]
        for r in range(0, rows, down)
    ]


def _levels(value: Any, largest: float) -> tuple[tuple[int, ...], ...]:
    """The level of each cell: that of its largest element in absolute value."""
    return tuple(
        tuple(level(_extreme(cell), largest) for cell in line) for line in _cells(value, MAP)
    )


def _extreme(cell: Any) -> float:
    """The largest element of a cell in absolute value, nan and inf being larger than any other."""
    import numpy as np

    return float(cell.flat[int(np.fabs(cell).argmax())])


def level(number: float, largest: float) -> int:
    """A level on a scale of square roots, on which small numbers beside large ones still show.

    >>> level(-0.5, 2.0), level(1e-9, 2.0), level(math.inf, 2.0)
    (-4, 1, 9)
    """
    if not math.isfinite(number):
        return BROKEN
    if not largest:  # labels, which do not count for the scale
        return LEVELS if number else 0
    steps = min(ceil(LEVELS * (abs(number) / largest) ** 0.5), LEVELS) if number else 0
    return steps if number > 0 else -steps


def runs(levels: Sequence[Sequence[int]]) -> dict[int, list[tuple[int, int, int]]]:
    """The cells of each level that is not 0, as runs: row, first column, length.

    >>> runs([[0, 8, 8], [-1, 0, 8]])
    {8: [(0, 1, 2), (1, 2, 1)], -1: [(1, 0, 1)]}
    """
    found: dict[int, list[tuple[int, int, int]]] = {}
    for r, line in enumerate(levels):
        start = 0
        for c in range(1, len(line) + 1):
            if c == len(line) or line[c] != line[start]:
                if line[start]:
                    found.setdefault(line[start], []).append((r, start, c - start))
                start = c
    return found
