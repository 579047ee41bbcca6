"""Programs on slides: the lines of NumPy under a figure, and one size for all on a slide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..base.errors import beginning
from .deck import (
    BODY,
    MARGIN,
    SIZES,
    Block,
    Code,
    Deck,
    FigureBlock,
    Layer,
    Slide,
    Styled,
    Timed,
    inner,
    with_inner,
)
from .figure_rows import each_figure, each_frame
from .program_text import longest
from .text_forecast import CODE_PADDING, Place

if TYPE_CHECKING:
    from ..figure.figure import Figure

MOST_LINES = 5  # under a figure; of more, those around the lines of the step
WIDEST = 70  # characters of a line
FITS = 0.8  # ems for a letter, with which a line fits in all formats, even in texts that grow
SIZE = 0.85  # of the text around
PASSES = frozenset({"forward", "backward", "update"})  # the figure has the inputs


def with_code(deck: Deck) -> Deck:
    """The deck with code under each figure whose style asks for it.

    Raises InputError for a figure without numbers, GraphError for one with a gate that has no code.
    """
    place = Place(SIZES[deck.meta.aspect][0] - 2 * MARGIN if deck.meta.aspect in SIZES else BODY)
    return deck._replace(slides=tuple(_even(_coded(slide), place) for slide in deck.slides))


def _even(slide: Slide, whole: Place) -> Slide:
    """A slide whose programs are all as small as the one that has to be.

    Those in a style with a size of its own keep their proportion to the others.
    """
    parts = list[float]()  # the ems that each has for a letter

    def seen(code: Code, place: Place) -> Code:
        parts.append((place.wide / place.em - CODE_PADDING) / longest(code))
        return code

    def evened(code: Code, place: Place) -> Code:
        letters = round((place.wide / place.em - CODE_PADDING) / min(parts))
        return code._replace(letters=letters) if letters > longest(code) else code

    _each_code(slide.blocks, whole, seen)
    if not parts or max(parts) == min(parts) or not 0 < min(parts) < FITS:
        return slide
    return slide._replace(blocks=_each_code(slide.blocks, whole, evened))


def _each_code(
    blocks: Iterable[Block], place: Place, made: Callable[[Code, Place], Code]
) -> tuple[Block, ...]:
    """Blocks in a place, with what is made of each program in them and its place."""
    return tuple(
        made(block, place) if isinstance(block, Code)
        else with_inner(block, [_each_code(held, inside, made) for held, inside in
                                zip(inner(block), place.inside(block), strict=True)])
        for block in blocks
    )  # fmt: skip


def _coded(slide: Slide) -> Slide:
    """A slide with the code of its figure under it."""
    block = slide.figure
    if block is None:
        return slide
    asked = [k for k, figure in enumerate(each_figure(block.stepper)) if figure.style.code]
    if not asked:
        return slide
    layers = _layers(block, slide.timeline(block), asked[0])
    at = slide.blocks.index(block) + 1
    code = Styled((Timed(tuple(layers)),), "", SIZE)
    return slide._replace(blocks=(*slide.blocks[:at], code, *slide.blocks[at:]))


def _layers(block: FigureBlock, timeline: Sequence[int | None], which: int) -> Iterator[Layer]:
    """The code of one of the figures, a layer a frame, at the moments at which that is there."""
    for k, whole in enumerate(block.frames):
        frame = each_frame(whole)[which]
        now = frozenset(moment for moment, shown in enumerate(timeline) if shown == k)
        yield Layer((step_code(frame.figure, frame.lines),), now)


def step_code(figure: Figure, marked: tuple[int, ...]) -> Code:
    """The lines of the program around those of a step."""
    lines = figure.program.lines
    shown = [k for k, line in enumerate(lines) if line.part in PASSES and line.makes]
    places = [shown.index(k) for k in marked if k in shown]
    first, last = (places[0], places[-1]) if places else (0, 0)
    start = max(0, min((first + last - MOST_LINES) // 2 + 1, len(shown) - MOST_LINES, first))
    part = shown[start : start + MOST_LINES]
    text = "\n".join(beginning(lines[k].code, WIDEST) for k in part)
    return Code(text, "python", None, tuple(part.index(k) + 1 for k in marked if k in part))
