"""How large texts have to be to be read from the last row, in points on a slide of `SIZES`."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from .deck import Code, FigureBlock, Picture, Slide, Table, every_block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..figure.figure import Frame
    from .figure_rows import RowFrame

BODY_LEAST = 18.0  # texts
FIGURE_LEAST = 12.0  # numbers, names and signs of a figure, and program text
PAPER_LEAST = 7.0  # any text of a figure, and its formulas, on paper
MARK_LEAST = 10.0  # shapes of arrays and the scale of colours, which nobody reads aloud


class SlideSizes(NamedTuple):
    """What a format makes of a slide: the sizes of its texts, and of the smallest of its figure.

    `over` is the part of a page by which its texts are too long, `formulas` the size of those
    beside its figure, `picture` that of letters in a drawing from a file. Marks in a figure count
    as larger texts, so that all of it can be read from `FIGURE_LEAST` on.

    `program` and `formula` are the sizes of its smallest program and formula on lines of their own;
    where the first is small since its lines are long, `letters` is how long they could be, else 0.
    `table` is the part of its place by which a table is too wide.
    """

    text: float
    figure: float = inf
    over: float = 0.0
    formulas: float = inf
    picture: float = inf
    program: float = inf
    letters: int = 0
    formula: float = inf
    table: float = 0.0


def figure_size(figure: FigureBlock, scale: float) -> float:
    """The size of the smallest texts of a figure, which has `scale` points for each unit."""
    return FIGURE_LEAST * scale / legible_scale(figure)


def least_text(slide: Slide) -> float:
    """The size that the texts of a slide need; a program or a table alone needs less."""
    low = Code | Table | Picture | FigureBlock
    return (
        FIGURE_LEAST if all(isinstance(b, low) for b in every_block(slide.blocks)) else BODY_LEAST
    )


def legible_scale(figure: FigureBlock) -> float:
    """The points for each unit of a figure at which all of its texts can be read."""
    return _largest(figure, FIGURE_LEAST, MARK_LEAST)


def paper_scale(figure: FigureBlock) -> float:
    """The same on paper."""
    return _largest(figure, PAPER_LEAST, PAPER_LEAST)


def _largest(figure: FigureBlock, least: float, mark: float) -> float:
    """The scale at which all texts of a figure have at least a size, and marks another."""
    scales = (most for frame in figure.frames for most in _scales(frame, least, mark))
    return max(scales, default=1.0)


def _scales(frame: Frame | RowFrame, least: float, mark: float) -> Iterator[float]:
    """The scales that the texts of a frame need; raised and lowered parts go with their text."""
    for shape in frame.shapes.shapes:
        if runs := getattr(shape, "runs", ()):  # those of a text
            marks = shape.kind == "l" and (shape.slot is None or shape.slot in frame.figure.blocks)
            wanted = mark if marks else least
            sizes = [run.look.size for run in runs if not run.rise]
            yield wanted / min(sizes, default=wanted)
