"""The records of a drawing, and the sizes of everything in it, in points."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..calculus.shapes import Shape, shape_text
from ..graph.slots import Slot
from ..look.looks import SMALL, TEXT
from ..look.matrices import (
    LONGEST_STRUCTURE,
    PATTERN,
    PATTERN_CELLS,
    STRUCTURE_LINES,
    ArrayBlock,
    grid,
    is_small,
    map_size,
)
from ..look.style import Style
from ..look.text_widths import is_word, number_width, width

Point = tuple[float, float]

NARROWEST = 560.0  # a caption needs space, however small the graph
MARGIN = 8.0  # around a figure
RADIUS, PADDING = 15.5, 2.5  # of a gate
ABOVE, BELOW, LOWER = -5.5, 16.0, 31.0  # baselines of value, gradient and local, from the wire
HALF = 34.0  # the height of a place under its wire: its lower texts and a little more
LEAST, BESIDE = 30.0, 1.0  # the width of a number's place, and its space beside the number
NAME_GAP = 5.0  # between a name and its wire
LONGEST_NAME = 150.0
ARROW = 7.0
CELL, LINE, CELL_GAP, BRACKET = 11.0, 14.0, 8.0, 6.0  # numbers between brackets
AROUND = 3.0  # beside brackets on a level wire, which would touch a gate
MAP_SIDE, LABEL = 56.0, 12.0  # a heat map and the line under it
SCALE = 24.0  # the height of the scale of the colours of heat maps
DASH, DASHES = 6.0, 4  # of the wire to a loss outside: the length of a dash and of a gap
CLEAR = 6.0  # between a wire and a block, and between blocks


class Spacing(NamedTuple):
    """How far things are apart, in points; with `for_any`, a place has space for any number.

    `above` and `below` a wire is the place of its numbers, `turn` is the length in which it turns
    to a gate where others arrive. Inputs stand in one column with those `far` columns away.
    """

    above: float
    below: float
    turn: float
    columns: float
    far: int
    for_any: bool


SPACINGS: Mapping[str, Spacing] = MappingProxyType(
    {
        "close": Spacing(21.0, HALF, 13.0, 7.0, 3, for_any=False),
        "wide": Spacing(HALF, HALF, 14.0, 22.0, 1, for_any=True),
    }
)
"""The spacings that a style can have."""


class Mark(NamedTuple):
    """A gate (circle, or pill for a long symbol) or a leaf's name, around its centre."""

    node: int
    x: float
    y: float
    width: float
    text: str
    gate: bool
    own: tuple[Any, ...] = ()  # elements that are drawn instead


class Curve(NamedTuple):
    """A wire or a part of one, as joined cubic Bezier curves; `wires` run through it."""

    wires: tuple[int, ...]
    points: tuple[Point, ...]
    arrow: bool


class Place(NamedTuple):
    """Where the number of a slot goes: centred at x, on the baseline y.

    An array goes into a block with a height, whose top is y.
    """

    slot: Slot
    x: float
    y: float
    size: float
    width: float
    prefix: str = ""  # a name before the number, shown even before the number is
    height: float = 0.0  # of a block; 0 for a number
    marked: bool = True  # whether an outline is drawn around what a step uses
    apart: Point = (0.0, 0.0)  # from x and y to what stands there until the number comes

    @property
    def bare(self) -> str:
        """The name before the number, without the equals sign."""
        return self.prefix.removesuffix(" = ")


class Outside(NamedTuple):
    """The way from the output to a loss outside: the ends of dashes, the last bit, the name."""

    dashes: tuple[Point, ...]
    end: Curve
    name: Mark


class Drawing(NamedTuple):
    """A figure without numbers, in points; it depends only on the graph and the style."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    curves: tuple[Curve, ...]
    places: tuple[Place, ...]
    outside: Outside | None = None


def extent(drawing: Drawing, scale: str) -> tuple[float, float]:
    """Width and height with margins, and with the colour scale of heat maps if shown."""
    high = drawing.height + 2 * MARGIN + (SCALE if scale else 0.0)
    return rounded(drawing.width + 2 * MARGIN), rounded(high)


def tenths(number: float) -> int:
    """A coordinate as every format has it, in tenths of a point."""
    return round(10 * number)


def all_tenths(numbers: Iterable[float]) -> list[int]:
    """Coordinates in tenths of a point."""
    return [round(10 * number) for number in numbers]


def rounded(number: float) -> float:
    """A coordinate rounded to tenths."""
    return tenths(number) / 10


class Space(NamedTuple):
    """The space that a slot takes; `height` is 0 for a single number on a line."""

    width: float
    height: float = 0.0


def cell_size(rows: int, columns: int) -> float:
    """The side of a cell of a heat map."""
    return min(max(MAP_SIDE / max(rows, columns), 2.5), 8.0)


def any_width(longest: int, size: float) -> float:
    """The width of any number of at most this many characters: the widest have an exponent."""
    signs = "−.e+" if longest > 7 else "−e+"
    return width(signs + "8" * (longest - len(signs)), size)


SHOWN = MappingProxyType({"local": "[{}]", "next": "→ {}"})
"""Numbers that the figure shows with signs, by the kind of their slot."""


def as_shown(slot: Slot, text: str) -> str:
    """A number as the figure has it: local gradients in brackets, new values after an arrow."""
    return SHOWN[slot.kind].format(text) if slot.kind in SHOWN else text


def number_space(slot: Slot, text: str, prefix: str = "", least: float = 0.0) -> float:
    """The width of the place of a number, at least so wide, after what stands before it."""
    size = SMALL if slot.kind == "local" else TEXT
    before = (width if is_word(text) else number_width)(prefix, TEXT) if prefix else 0.0
    return before + max(least, math.ceil(number_width(as_shown(slot, text), size) + 2 * BESIDE))


def block_width(block: ArrayBlock, kind: str) -> float:
    """The width of an array's numbers between brackets, with its label; 0 for another array."""
    if not block.rows:
        return 0.0
    size, label = (SMALL, "") if kind == "local" else (CELL, block.label)
    columns = [*zip(*block.rows, strict=True)]
    wide = sum(max(number_width(cell, size) for cell in column) for column in columns)
    return math.ceil(_between_brackets(wide, len(columns), label))


def _between_brackets(wide: float, columns: int, label: str) -> float:
    """The width of columns of numbers between brackets, with a label beside them."""
    beside = width(label, SMALL) + 3 if label else 0.0
    return wide + (columns - 1) * CELL_GAP + 2 * BRACKET + beside


def _numbers_space(rows: int, columns: int, style: Style, size: float, label: str) -> Space:
    """The space of any numbers between brackets, with a label beside them."""
    wide = _between_brackets(columns * any_width(style.cell, size), columns, label)
    return Space(wide, rows * LINE + 2)


def _map_space(rows: int, columns: int, label: str) -> Space:
    """The space of a heat map with its label under it."""
    cell = cell_size(rows, columns)
    return Space(max(columns * cell, width(label, SMALL)) + 2, rows * cell + LABEL)


def array_space(shape: Shape, style: Style, label: str = "") -> Space:
    """The space of an array of values or gradients; its label is its shape, or another."""
    label = label or shape_text(shape)
    if is_small(shape):
        return _numbers_space(*grid(shape), style, CELL, label)
    return _map_space(*map_size(shape), label)


def jacobian_space(rows: int, columns: int, style: Style) -> Space:
    """The space of a local gradient between arrays."""
    if is_small((rows, columns)):
        return _numbers_space(rows, columns, style, SMALL, "")
    label = shape_text((rows, columns))
    if max(rows, columns) > PATTERN:
        return Space(
            max(width(label, SMALL), LONGEST_STRUCTURE * SMALL), (1 + STRUCTURE_LINES) * LABEL
        )
    return _map_space(*map_size((rows, columns), PATTERN_CELLS), label)
