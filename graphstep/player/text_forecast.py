"""How large the texts of a slide come out in a browser: a forecast from their letters.

`deck.js` measures them where they are seen; before that, warnings need an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import ceil, sqrt
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..drawing.measures import extent
from ..figure.deck import (
    BODY,
    MARGIN,
    NOTE,
    SIZES,
    TITLE,
    Block,
    Code,
    Deck,
    Display,
    FigureBlock,
    Heading,
    Items,
    Paragraph,
    Picture,
    Quote,
    Slide,
    Table,
    plain,
)
from ..figure.slide_plans import GAPS, SHARES, WAYS, Way, text_parts
from ..formulas.mathml import mathml
from ..formulas.tree import Equation, Tree
from ..look.text_widths import width, wrap

if TYPE_CHECKING:
    from ..figure.figure import Frame

LEADING = 1.45  # this and all other lengths are in ems of the text, as in `deck.css`
GAP = 0.8  # between blocks
ITEM, INDENT = 0.4, 1.5  # between items of a list, and at the left of them
HIGH, LABELLED = 2.6, 3.6  # the height of a formula with fractions, and with names under its parts
LINE = 48.0  # the width of a slide, about
PLAIN = 0.83  # of the width that a bold text may take, what a plain one does
LETTER = 0.55  # the width of a letter of program text
BESIDE = 0.5  # of the height, what texts have on a slide with a figure or a picture


def text_sizes(deck: Deck) -> list[float]:
    """The size in points that the texts of each slide have so that all fit, or the least there is.

    >>> from graphstep.figure.deck import Meta, Paragraph, Run
    >>> line = Paragraph((Run("word " * 15),))
    >>> slides = (Slide((), (line,) * count) for count in (2, 12, 40))
    >>> [round(size, 1) for size in text_sizes(Deck(Meta(), tuple(slides)))]
    [18.0, 16.7, 10.8]
    """
    return [_size(slide, *SIZES[deck.meta.aspect]) for slide in deck.slides]


def _size(slide: Slide, wide: float, tall: float) -> float:
    """The size of a slide's texts."""
    title = 1.25 * TITLE + BODY if slide.title else 0.0
    room, high = wide - 2 * MARGIN, tall - 2 * MARGIN - title
    if slide.figure and len(slide.blocks) > 1:
        return BODY * _shared(slide, slide.figure, room, high)
    high *= BESIDE if _pictured(slide.blocks) else 1.0
    sizes = [BODY * part for part in text_parts()]
    fits = (em for em in sizes if em * _stacked(slide.blocks, room / em, GAP) <= high)
    return next(fits, sizes[-1])


def _shared(slide: Slide, figure: FigureBlock, room: float, high: float) -> float:
    """The part of the usual size that texts around a figure have, as `deck.js` weighs it."""
    words, notes = max(map(_words, figure.frames)), _notes(figure, room)
    best, most = text_parts()[-1], 0.0
    for part in text_parts():
        em = BODY * part
        texts = em * (_stacked(slide.blocks, room / em, GAPS.blocks) + GAPS.blocks)
        for way in WAYS:
            middle = high - texts - (notes if way.foot else 0.0)
            score = 0.0 if way.row else _score(figure, way, room, middle, em * words)
            worth = score * min(sqrt(part), part / sqrt(SHARES.legible)) / way.worth
            fits = way.foot and score >= 1.0
            if worth > most or (fits and part >= SHARES.large):
                best, most = part, worth
            if fits:
                return best
    return best


def _score(figure: FigureBlock, way: Way, room: float, high: float, words: float) -> float:
    """How large a figure is in a way: 1 where that is enough, 0 where something is cut."""
    wide, tall = extent(figure.stepper.drawing, "")
    if high <= words:
        return 0.0
    full = min(1.0, room / wide, high / tall)
    place = room * (1 - way.aside) - (BODY * GAPS.aside if way.aside else 0.0)
    scale = min(SHARES.largest, place / wide, (high - (0.0 if way.aside else words)) / tall)
    return min(scale / full, 1.0) / SHARES.least


def _words(frame: Frame) -> float:
    """The height of a frame's formulas or sentence, with the gap above it."""
    if not frame.equations:
        lines = wrap(frame.caption, PLAIN * SHARES.caption_size, SHARES.caption * LINE)
        return GAPS.words + LEADING * SHARES.caption_size * len(lines)
    between = 0.35 * (len(frame.equations) - 1)
    return GAPS.words + sum(map(_formula, frame.equations)) + between


def _formula(formula: Tree | Equation) -> float:
    """The height of a formula."""
    code = mathml(formula)
    if "<munder" in code:
        return LABELLED
    return HIGH if any(f"<{tag}" in code for tag in ("mfrac", "mtable")) else LEADING


def _notes(figure: FigureBlock, room: float) -> float:
    """The height of sentences at the foot, in points."""
    shown = [frame for frame in figure.frames if figure.captions and frame.equations]
    lines = [len(wrap(frame.caption, PLAIN * NOTE, room)) for frame in shown]
    return LEADING * NOTE * max(lines) + BODY * GAPS.blocks if lines else 0.0


def _pictured(blocks: Iterable[Block]) -> bool:
    """Whether there is a figure or a picture, in a paragraph too."""
    return any(
        isinstance(block, FigureBlock | Picture)
        or any(isinstance(part, Picture) for part in getattr(block, "parts", ()))
        for block in blocks
    )


def _stacked(blocks: Iterable[Block], room: float, gap: float) -> float:
    """The height of texts below each other, without pictures and figures, which become smaller."""
    heights = [HEIGHTS[type(block)](block, room) for block in blocks if type(block) in HEIGHTS]
    return sum(heights) + gap * max(0, len(heights) - 1)


def _flowing(block: Paragraph | Heading, room: float) -> float:
    """The height of a text."""
    large = {2: 1.2, 3: 1.1}.get(getattr(block, "level", 0), 1.0)
    lines = (max(1, len(wrap(line, PLAIN * large, room)))
             for line in plain(block.parts).split("\n"))  # fmt: skip
    return LEADING * large * sum(lines)


def _items(block: Items, room: float) -> float:
    """The height of a list."""
    heights = [_stacked(item, room - INDENT, ITEM) for item in block.items]
    return sum(heights) + ITEM * max(0, len(heights) - 1)


def _code(block: Code, room: float) -> float:
    """The height of program text, which is smaller where a line is long."""
    lines = block.text.rstrip("\n").split("\n")
    longest = LETTER * max(map(len, lines)) + 1.8
    return (1.26 * len(lines) + 1.44) * max(0.6, min(1.0, room / longest))


def _table(block: Table, room: float) -> float:
    """The height of a table, whose cells have more lines where it is wide."""
    columns = zip(*block.rows, strict=False)
    wide = sum(max(width(plain(cell), PLAIN) for cell in column) + 1.6 for column in columns)
    return len(block.rows) * (LEADING * ceil(wide / room) + 0.7)


HEIGHTS: Mapping[type, Callable[[Any, float], float]] = MappingProxyType(
    {
        Paragraph: _flowing,
        Heading: _flowing,
        Items: _items,
        Display: lambda block, _: _formula(block.formula.tree),
        Quote: lambda block, room: _stacked(block.blocks, room - 1, 0.5) + 0.4,
        Code: _code,
        Table: _table,
    }
)
"""The height of each kind of text in a place of some width, in ems."""
