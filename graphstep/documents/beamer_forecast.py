"""About how large texts and figures are on Beamer's frames: TeX decides, once it is run.

All sizes are in points of a slide of `SIZES`; those of a frame are about half as large.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, sqrt
from typing import Any, NamedTuple

from ..look.text_widths import width
from ..slides.deck import (
    SIZES,
    Block,
    Code,
    Columns,
    Deck,
    Display,
    FigureBlock,
    Picture,
    Slide,
    Table,
    Timed,
    inner,
    plain,
)
from ..slides.legibility import SlideSizes, figure_size, legible_scale
from ..slides.slide_plans import SHARES
from ..slides.text_forecast import LEADING, PLAIN_WIDTH, Sized, figure_words, shared
from ..slides.too_wide import Lines, too_wide

TITLED, WHOLE = 0.84, 0.95  # parts of a frame's height with a title and without
LINE, GAP, PER_LINE = 0.055, 0.03, 80  # heights of a line of text; letters in a line
EQUATION = 0.11  # the height of a formula
ASIDE = 0.03  # part of the height, around a figure with words beside it
APART = 16.0  # between a figure and its words
TEXT_SIZE = 10.95  # points of a frame
BESIDE_FIGURES = 0.78  # of that size: that of texts and formulas on a slide with a figure
LEAST_TEXT = 0.35  # of that size
TALLER = 1.12  # formulas in LaTeX, with names under their parts, than on pages
LINES = Lines(letter=0.525, formulas=0.88)  # of its own fonts
NOTED = 0.73  # the size of a sentence under formulas, as a part of theirs


class Paper(NamedTuple):
    """A frame: Beamer's name of the aspect; its width and the space for texts in its points."""

    name: str
    whole: float
    width: float
    height: float

    def points(self, aspect: str) -> float:
        """The points of a frame for each point of a slide."""
        return self.whole / SIZES[aspect][0]


PAPERS = {
    "16:9": Paper("169", 455.24, 424.89, 244.93),
    "4:3": Paper("43", 364.2, 331.83, 262.0),
}


def sizes(deck: Deck) -> list[SlideSizes]:
    """About the sizes of each slide."""
    aspect = deck.meta.aspect
    return [too_wide(slide, aspect, _sizes(slide, aspect), LINES) for slide in deck.slides]


def _sizes(slide: Slide, aspect: str) -> SlideSizes:
    """About the sizes of a slide."""
    paper = PAPERS[aspect]
    text = TEXT_SIZE / paper.points(aspect)
    if slide.figure is None:
        return SlideSizes(text * _shrunk(slide.blocks, space(slide)))
    scale, words = _figure(slide, slide.figure, aspect)
    part = min(_beside(blocks, near(slide))[0] for blocks in slide.around)
    return SlideSizes(text * part, figure_size(slide.figure, scale), formulas=words)


def space(slide: Slide) -> float:
    """The part of a frame's height under its title."""
    return TITLED if slide.title else WHOLE


def aside(slide: Slide, figure: FigureBlock, aspect: str) -> float:
    """The part of the width for the words beside a figure, where they are in other formats too."""
    return shared(slide, figure, figure_words(figure, aspect), aspect).way.aside


def _figure(slide: Slide, figure: FigureBlock, aspect: str) -> tuple[float, float]:
    """The scale of a figure, and the size of its formulas, as `frame.tex` finds them."""
    paper, beside = PAPERS[aspect], aside(slide, figure, aspect)
    points = paper.points(aspect)
    available, whole = paper.width / points, paper.height / points
    taken = sum(_beside(blocks, near(slide))[1] for blocks in slide.around)
    high = (space(slide) - taken) * whole - (ASIDE * whole if beside else APART)
    wide, tall = figure.stepper.extent
    largest = min(SHARES.largest, (1 - beside) * available / wide)
    em, parts = TEXT_SIZE / points, [k / 100 for k in range(78, 34, -2)]
    if beside:
        scale = min(largest, high / tall)
        column = available - scale * wide - em
        fits = (part for part in parts if _words(figure, column, part * em) <= high)
        return scale, em * next(fits, parts[-1])
    free = high - min(legible_scale(figure), largest) * tall
    fits = (part for part in parts if _words(figure, available, part * em) <= free)
    part = next(fits, parts[-1])
    return min(largest, (high - _words(figure, available, part * em)) / tall), part * em


def _words(figure: FigureBlock, available: float, em: float) -> float:
    """The height of the words of a figure in one size."""
    heights = (Sized.of(frame).height(available / em) for frame in figure.frames)
    noted = (
        NOTED * LEADING * ceil(width(frame.caption, PLAIN_WIDTH * NOTED) * em / available)
        for frame in figure.frames if figure.noted(frame)
    )  # fmt: skip
    return em * (TALLER * max(heights) + max(noted, default=0.0))


def near(slide: Slide) -> float:
    """The most of a frame's height that texts above, or below, a figure take."""
    return SHARES.around / max(1, sum(map(bool, slide.around)))


def _beside(blocks: tuple[Block, ...], most: float) -> tuple[float, float]:
    """The size of blocks above or below a figure, and the part of the height that they take."""
    part = _shrunk(blocks, most / BESIDE_FIGURES**2) * BESIDE_FIGURES
    return part, min(most, _taken(blocks).at(part))


class _Taken(NamedTuple):
    """The approximate part of a frame's height that blocks take in their usual size.

    If they shrink, there are fewer lines of texts that `flow`, and as many of all others.
    """

    flow: float = 0.0
    fixed: float = 0.0

    def at(self, part: float) -> float:
        """The height in another size."""
        return part * (part * self.flow + self.fixed)

    def fitting(self, most: float) -> float:
        """The size in which they take that height."""
        root = sqrt(self.fixed**2 + 4 * self.flow * most)
        return 2 * most / (self.fixed + root) if root else 1.0


def _shrunk(blocks: Iterable[Block], most: float) -> float:
    """The approximate factor by which TeX shrinks texts to a part of a frame's height."""
    return max(LEAST_TEXT, min(1.0, _taken(blocks).fitting(most)))


def _taken(blocks: Iterable[Block], share: float = 1.0) -> _Taken:
    """What blocks take one below the other, in a part of the width."""
    found = [_of_block(block, share) for block in blocks]
    return _Taken(*map(sum, zip(*found, strict=True))) if found else _Taken()


def _of_block(block: Any, share: float) -> _Taken:
    """What a block takes."""
    if isinstance(block, Columns | Timed):
        held = inner(block)
        shares = block.shares if isinstance(block, Columns) else [1.0] * len(held)
        columns = (_taken(one, share * part) for one, part in zip(held, shares, strict=True))
        return max(columns, key=lambda one: one.at(1.0), default=_Taken())
    if held := inner(block):
        return _taken((each for blocks in held for each in blocks), share)
    if isinstance(block, Display | Picture):
        return _Taken(0.0, EQUATION + GAP)
    if isinstance(block, Code):
        return _Taken(0.0, LINE * len(block.text.rstrip("\n").split("\n")) + GAP)
    if isinstance(block, Table):
        return _Taken(0.0, LINE * (1 + len(block.rows)) + GAP)
    lines = 1 + int(len(plain(block.parts)) / share) // PER_LINE
    return _Taken(LINE * lines + GAP)
