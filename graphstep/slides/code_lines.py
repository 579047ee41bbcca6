"""The lines of NumPy under a figure: those of each step are pointed out when it is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..base.errors import beginning
from .deck import Code, Deck, FigureBlock, Layer, Slide, Styled, Timed
from .figure_rows import each_figure, each_frame

if TYPE_CHECKING:
    from ..figure.figure import Figure

MOST_LINES = 5  # under a figure; of more, those around the lines of the step
WIDEST = 70  # characters of a line
SIZE = 0.85  # of the text around
PASSES = frozenset({"forward", "backward"})  # the figure has the inputs


def with_code(deck: Deck) -> Deck:
    """The deck with code under each figure whose style asks for it.

    Raises InputError for a figure without numbers, GraphError for one with a gate that has no code.
    """
    return deck._replace(slides=tuple(map(_coded, deck.slides)))


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
    figure = each_figure(block.stepper)[which]
    for k, whole in enumerate(block.frames):
        marked = each_frame(whole)[which].lines
        now = frozenset(moment for moment, frame in enumerate(timeline) if frame == k)
        yield Layer((step_code(figure, marked),), now)


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
