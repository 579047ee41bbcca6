"""How figures stand on slides: in one row, in several or upright, whatever makes texts largest.

On paper, where texts have one size, it is whatever takes the fewest pages; the typesetter knows.

A figure whose style says so itself stays as it is. All formats show the same arrangement, so it is
chosen with a forecast of sizes, before any of them is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ..figure.iterations import Iterations, each, styled
from ..look.style import NARROWEST_ROW, Style
from .code_lines import with_code
from .deck import SIZES, Deck, FigureBlock, Meta, Slide, with_figures
from .design import Design
from .figure_rows import each_figure, redrawn
from .text_forecast import FigureWords, Share, figure_words, shared

if TYPE_CHECKING:
    from ..figure.figure import Figure

WRAPS = (0.75, 0.6, 0.45, 0.35)  # widths of rows, of that of one row
WORTH = 1.08  # how much larger texts have to become in rows
TURNED = 1.25  # and in another direction
MOST_BOXES = 100  # nodes and wires of a figure that is arranged


def deck_of(stepper: Figure | Iterations[Figure]) -> Deck:
    """The deck of one figure alone, or with a slide for each of several iterations."""
    style = stepper.style
    meta = Meta(lang=stepper.lang, theme="dark" if style.theme == "dark" else "light")
    slides = (Slide((), (_alone(figure),)) for figure in each(stepper))
    return arranged(Deck(meta, tuple(slides)))


def _alone(stepper: Figure) -> FigureBlock:
    """A figure with the frames that it shows itself."""
    every = tuple(frame.index for frame in stepper)
    noted = every if stepper.captions is None else stepper.captions
    return FigureBlock(stepper, tuple(range(len(stepper))), noted)


def designed(deck: Deck) -> Deck:
    """The deck with its figures in the colours of its design, if it has one with colours."""
    design = deck.meta.look
    if not design.colours:
        return deck
    return deck._replace(slides=tuple(_designed(slide, design) for slide in deck.slides))


def _designed(slide: Slide, design: Design) -> Slide:
    """A slide with its figures in the colours of a design."""
    return slide._replace(blocks=with_figures(slide.blocks, partial(_coloured, design=design)))


def _coloured(block: FigureBlock, design: Design) -> FigureBlock:
    """The figures of a block in the colours of a design."""
    found = [
        replace(figure, style=replace(figure.style, palette=design.palette(figure.style.palette)))
        for figure in each_figure(block.stepper)
    ]
    return block._replace(stepper=redrawn(block.stepper, found))


def arranged(deck: Deck) -> Deck:
    """The deck with its figures in the arrangements in which texts are largest, and their code."""
    deck = with_code(deck)
    return deck._replace(slides=tuple(_arranged(one, deck.meta.aspect) for one in deck.slides))


def _arranged(slide: Slide, aspect: str) -> Slide:
    """A slide with its figure in the best arrangement."""
    if slide.figure is None or aspect not in SIZES:
        return slide
    best, most, words = slide, 0.0, figure_words(slide.figure, aspect)
    for figure in arrangements(slide.figure):
        found = _with(slide, figure)
        share = shared(found, figure, words, aspect)
        if not most and _is_readable(share, words):
            return slide
        if share.worth > most * (TURNED if figure.stepper.style.upright else WORTH):
            best, most = found, share.worth
    return best


def arrangements(block: FigureBlock) -> Iterator[FigureBlock]:
    """The figure as it is, in rows of several widths, and upright, if it may be arranged."""
    yield block
    row = block.stepper
    for styles in zip(*map(_styles, each_figure(row)), strict=True):
        pairs = zip(each_figure(row), styles, strict=True)
        drawn = [styled(figure, s) for figure, s in pairs if s]
        if len(drawn) == len(styles):
            yield block._replace(stepper=redrawn(row, drawn), given=row)


def _styles(figure: Figure) -> Iterator[Style | None]:
    """The styles of a figure in rows of several widths, and upright; None where it may not be."""
    graph, style = figure.graph, figure.style
    many = len(graph.nodes) + len(graph.wires) > MOST_BOXES
    fixed = style.direction != "auto" or style.wrap is not None or figure.network is not None
    if fixed or many:
        yield from [None] * (len(WRAPS) + 1)
        return
    for part in WRAPS:
        wrap = round(part * figure.drawing.width)
        yield replace(style, wrap=wrap) if wrap >= NARROWEST_ROW else None
    yield replace(style, direction="down")


def for_paper(block: FigureBlock) -> list[FigureBlock]:
    """The arrangements of a figure that differ; first as it is where nothing arranges it."""
    plain = block._replace(stepper=block.given or block.stepper)
    found: dict[tuple[float, float], FigureBlock] = {}
    for figure in arrangements(plain):
        found.setdefault(figure.stepper.extent, figure)
    return list(found.values())


def _with(slide: Slide, figure: FigureBlock) -> Slide:
    """The slide with another figure in the place of its own."""
    blocks = (figure if isinstance(block, FigureBlock) else block for block in slide.blocks)
    return slide._replace(blocks=tuple(blocks))


def _is_readable(share: Share, words: FigureWords) -> bool:
    """Whether all can be read from the last row, so that nothing has to be gained."""
    return share.scale >= words.legible and share.texts == share.words == 1.0
