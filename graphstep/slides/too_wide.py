"""What is too wide, or set smaller than the texts around it since it is: programs and others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf
from typing import NamedTuple

from ..look.text_widths import width
from .deck import (
    MARGIN,
    SIZES,
    Block,
    Code,
    Display,
    Formula,
    Inline,
    Run,
    Slide,
    Table,
    Timed,
    inner,
)
from .legibility import FIGURE_LEAST, SlideSizes
from .program_text import longest, numbering, program_lines
from .text_forecast import CODE_PADDING, PLAIN_WIDTH, Place, formula_ems

CELL = 0.6  # ems around the text of a cell
CODE_PART = 0.9  # the size of program text, as a part of that of the text around


class Lines(NamedTuple):
    """How a format sets lines: the widths of a `letter` of a program and of `formulas`, in ems.

    That of formulas is a part of what is forecast for a browser. If it `wraps` lines of programs,
    they go on on the next line before they are too small. `wide` is the width of texts in points,
    where the aspect of the deck does not say it, and `least` the size of programs that can be read.
    """

    letter: float = 0.602
    formulas: float = 1.0
    wraps: float = 0.0  # the part of its size that a program has at least
    wide: float = 0.0
    least: float = FIGURE_LEAST


WRAPPED = Lines(wraps=0.6)


def too_wide(slide: Slide, aspect: str, size: SlideSizes, lines: Lines) -> SlideSizes:
    """The sizes of a slide with those of its programs and formulas on lines of their own."""
    whole = Place(lines.wide or SIZES[aspect][0] - 2 * MARGIN, size.text)
    found = list(_placed(slide.blocks, whole))
    programs = (_program(b, place, lines) for b, place in found if isinstance(b, Code))
    formulas = (_formula(b, place, lines) for b, place in found if isinstance(b, Display))
    tables = (_table(b, place) for b, place in found if isinstance(b, Table))
    program, letters = min(programs, default=(inf, 0))
    return size._replace(program=program, letters=letters, formula=min(formulas, default=inf),
                         table=max(tables, default=0.0))  # fmt: skip


def _placed(
    blocks: Iterable[Block], place: Place, told: bool = True
) -> Iterator[tuple[Block, Place]]:
    """Blocks and those inside them, each with its place; only `told` ones include formulas."""
    for block in blocks:
        if told or not isinstance(block, Display):
            yield block, place
        formulas = told and not (isinstance(block, Timed) and block.figure)  # told apart
        for held, inside in zip(inner(block), place.inside(block), strict=True):
            yield from _placed(held, inside, formulas)


def _program(code: Code, place: Place, lines: Lines) -> tuple[float, int]:
    """The size of a program, and how long its lines could be."""
    usual, wide = CODE_PART * place.em, (place.wide - CODE_PADDING * place.em) / lines.letter
    size = max(wide / longest(code._replace(letters=0)), lines.wraps * usual)
    if size >= usual:
        return usual, 0
    return size, max(1, int(wide / lines.least) - numbering(program_lines(code)[0]))


def _formula(block: Display, place: Place, lines: Lines) -> float:
    """The size of a formula on a line of its own."""
    return min(place.em, place.wide / formula_ems(block.formula.tree) / lines.formulas)


def _table(block: Table, place: Place) -> float:
    """The part of its place by which a table is too wide, even with a word a line."""
    columns = zip(*block.rows, strict=False)
    wide = sum(CELL + max(_longest(cell) for cell in column) for column in columns)
    return max(0.0, wide * place.em / place.wide - 1.0)


def _longest(cell: Iterable[Inline]) -> float:
    """The width in ems of the longest word or formula of a cell."""
    words = (word for part in cell if isinstance(part, Run) for word in part.text.split())
    formulas = (formula_ems(part.tree) for part in cell if isinstance(part, Formula))
    return max((*(PLAIN_WIDTH * width(word, 1.0) for word in words), *formulas), default=0.0)
