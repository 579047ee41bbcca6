"""About how large texts and figures are on Beamer's frames: TeX decides, once it is run.

All sizes are in points of a slide of `SIZES`; those of a frame are about half as large.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

from ..look.text_widths import wrap
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
from ..slides.legibility import FIGURE_LEAST, SlideSizes, figure_size, legible_scale
from ..slides.slide_plans import SHARES
from ..slides.text_forecast import PLAIN_WIDTH, figure_words, shared
from ..slides.too_wide import Lines, too_wide
from .beamer_formulas import formulas_height, widest_side

if TYPE_CHECKING:
    from ..figure.figure import Frame
    from ..slides.figure_rows import RowFrame

TITLED, WHOLE = 0.84, 0.95  # parts of a frame's height with a title and without
LINE, GAP, PER_LINE = 0.055, 0.03, 80  # heights of a line of text; letters in a line
EQUATION = 0.11  # the height of a formula
ASIDE = 0.03  # part of the height, around a figure with words beside it
EX = 0.444  # ems of the text
APART, TIGHT = 2.5 * EX, 1.5 * EX  # between a figure and its words, in ems of the text; the least
TEXT_SIZE = 10.95  # points of a frame
BESIDE_FIGURES = 0.78  # of that size: that of texts and formulas on a slide with a figure
LEAST_TEXT = 0.35  # of that size
PARTS = [k / 100 for k in range(78, 33, -2)]  # the sizes of words that are tried
CAPTION, CAPTION_LINE = 0.913, 1.1  # the size of a caption, and from one of its lines to the next
LINES = Lines(letter=0.525, formulas=0.88)  # of its own fonts
NOTED, NOTED_LINE, NOTED_GAP = 0.73, 0.87, 0.45  # the same of a sentence under formulas


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
    "16:9": Paper("169", 455.24, 424.89, 242.89),
    "4:3": Paper("43", 364.2, 333.85, 259.97),
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


def legible_part(aspect: str) -> int:
    """The percentage of the size of texts from which on formulas can be read."""
    return ceil(100 * FIGURE_LEAST * PAPERS[aspect].points(aspect) / TEXT_SIZE)


def aside(slide: Slide, figure: FigureBlock, aspect: str) -> float:
    """The part of the width for the words beside a figure, where they are in other formats too."""
    return shared(slide, figure, figure_words(figure, aspect), aspect).way.aside


def _figure(slide: Slide, figure: FigureBlock, aspect: str) -> tuple[float, float]:
    """The scale of a figure, and the size of its formulas, as `frame.tex` finds them."""
    paper, beside = PAPERS[aspect], aside(slide, figure, aspect)
    points = paper.points(aspect)
    available, whole = paper.width / points, paper.height / points
    taken = sum(_beside(blocks, near(slide))[1] for blocks in slide.around)
    em = TEXT_SIZE / points
    high = (space(slide) - taken) * whole - ASIDE * whole * bool(beside)
    wide, tall = figure.stepper.extent
    largest = min(SHARES.largest, (1 - beside) * available / wide)
    if beside:
        scale = min(largest, high / tall)
        return scale, em * _even(figure, available - scale * wide - em, em, high)
    least = min(legible_scale(figure), largest, high / tall) * tall
    for apart in (em * APART, em * TIGHT):
        part = _even(figure, available, em, high - apart - least)
        if 100 * part >= legible_part(aspect):
            break
    words = _words(figure, available / em / part) * em * part
    scale = max(0.0, min(largest, (high - apart - words) / tall))
    return scale, em * part * min(1.0, available / em / part / _widest(figure))


def _even(figure: FigureBlock, available: float, em: float, high: float) -> float:
    """The largest part of the size of texts in which the words of every step fit."""
    fits = (part for part in PARTS if _words(figure, available / em / part) * em * part <= high)
    return next(fits, PARTS[-1])


def _widest(figure: FigureBlock) -> float:
    """The width of the widest side of an equation, in ems."""
    return max((widest_side(frame.equations) for frame in figure.frames), default=0.0) or 1.0


def _words(figure: FigureBlock, available: float) -> float:
    """The height of the highest words of a figure, in ems, as is the width."""
    return max(_step(figure, frame, available) for frame in figure.frames)


def _step(figure: FigureBlock, frame: Frame | RowFrame, available: float) -> float:
    """The height of the words of a step."""
    if not frame.equations:
        return CAPTION_LINE * _rows(frame.caption, CAPTION, available)
    noted = NOTED_GAP + NOTED_LINE * _rows(frame.caption, NOTED, available)
    return formulas_height(frame.equations, available) + noted * figure.noted(frame)


def _rows(text: str, size: float, available: float) -> int:
    """The lines of a sentence."""
    return len(wrap(text, PLAIN_WIDTH * size, available))


def near(slide: Slide) -> float:
    """The most of a frame's height that texts above, or below, a figure take."""
    return SHARES.around / max(1, sum(map(bool, slide.around)))


def _beside(blocks: tuple[Block, ...], most: float) -> tuple[float, float]:
    """The size of blocks above or below a figure, and the part of the height that they take."""
    lines = _taken(blocks, 1 / BESIDE_FIGURES)  # as many as in that size
    taken = lines._replace(flow=lines.flow / BESIDE_FIGURES)
    part = max(LEAST_TEXT, min(BESIDE_FIGURES, taken.fitting(most)))
    return part, min(most, taken.at(part))


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
