"""Figures in columns: layers of pictures and formulas, which stand wherever pictures can."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import floor, inf
from typing import TYPE_CHECKING, NamedTuple

from ..formulas.tree import Equation, Matrix, Row, Sign, Tree
from ..slides.code_lines import SIZE as CODE_SIZE
from ..slides.code_lines import step_code
from ..slides.deck import (
    BODY,
    Block,
    Deck,
    Display,
    FigureBlock,
    Formula,
    Layer,
    Meta,
    Paragraph,
    Picture,
    Run,
    Slide,
    Styled,
    Timed,
    every_block,
    inner,
    with_inner,
)
from ..slides.figure_rows import each_frame
from ..slides.legibility import figure_size, legible_scale
from ..slides.slide_plans import GAPS, SHARED_SIZES, SHARES
from ..slides.text_forecast import (
    Place,
    aligned_lines,
    aligned_width,
    left_over,
    stacked_height,
)

if TYPE_CHECKING:
    from ..figure.figure import Frame
    from ..slides.figure_rows import RowFrame

Ways = Callable[[FigureBlock], Iterable[FigureBlock]]
"""The arrangements in which a figure can be drawn."""
BODY_GAP = GAPS.blocks  # ems between texts and a figure in one column
LOOSE = 1.1  # by how much its words may be higher than their forecast
LEAST = 0.2  # of the height, for a figure however high its words are
SIZES = tuple(
    size.words for size in SHARED_SIZES if size.text == 1 and size.words >= SHARES.legible
)
"""The sizes of its words."""


def in_columns(deck: Deck, ways: Ways) -> Deck:
    """The deck with each figure in a column as layers, one for each of its frames.

    It is drawn in that one of its `ways` in which its texts are largest.
    """
    return deck._replace(slides=tuple(_slide(slide, deck.meta, ways) for slide in deck.slides))


def column_figure_size(slide: Slide) -> float:
    """About the size in points of the smallest texts of a figure in a column; infinite without."""
    sizes = (_size(block) for block in every_block(slide.blocks) if isinstance(block, Timed))
    return min(sizes, default=inf)


def _size(timed: Timed) -> float:
    """The size of the texts of the figure whose frames a place shows."""
    scale = _scale(timed)
    return figure_size(timed.figure, scale) if timed.figure and scale else inf


def column_formula_size(slide: Slide) -> float:
    """The size in points of the formulas of a figure in a column; infinite without."""
    places = (block for block in every_block(slide.blocks) if isinstance(block, Timed))
    styled = (b for place in places if place.figure for b in every_block((place,)))
    sizes = (b.size for b in styled if isinstance(b, Styled) and isinstance(b.blocks[0], Display))
    return BODY * min(sizes, default=inf)


def _slide(slide: Slide, meta: Meta, ways: Ways) -> Slide:
    """A slide with its figures in columns as layers, all in one scale."""
    figures = [block for block in every_block(slide.blocks) if isinstance(block, FigureBlock)]
    if not figures or slide.figure:
        return slide
    count = max(slide.moments, *(figure.moments for figure in figures))
    around = tuple(block for block in slide.blocks if not _holds_figure(block))
    wide, high = left_over(slide._replace(blocks=around), meta.aspect)
    room = _Room(high, count, meta, ways)
    blocks = tuple(_blocks(slide.blocks, wide, room))
    if len(figures) > 1:
        room = room._replace(most=min(filter(None, map(_scale, every_block(blocks)))))
        blocks = tuple(_blocks(slide.blocks, wide, room))
    return slide._replace(blocks=blocks)


def _holds_figure(block: Block) -> bool:
    """Whether a block is a figure, or has one in it."""
    return any(isinstance(one, FigureBlock) for one in every_block((block,)))


def _scale(block: Block) -> float:
    """The scale of the figure whose frames are in a place; 0 for any other block."""
    if not isinstance(block, Timed) or not block.figure or not block.pictures:
        return 0.0
    return block.pictures[0].points / block.figure.stepper.extent[0]


class _Room(NamedTuple):
    """What a figure in a column has besides its width: a height, moments, a deck, and ways.

    `most` is its largest scale.
    """

    high: float
    moments: int
    meta: Meta
    ways: Ways
    most: float = SHARES.largest

    def without(self, texts: Iterable[Block], wide: float) -> _Room:
        """What texts of some width in the same column leave."""
        taken = [stacked_height((one,), wide / BODY) + BODY_GAP for one in texts]
        return self._replace(high=self.high - BODY * sum(taken))


def _blocks(blocks: Iterable[Block], wide: float, room: _Room) -> Iterator[Block]:
    """Blocks in a place of some width, with layers in the place of a figure."""
    for block in blocks:
        if isinstance(block, FigureBlock):
            yield from _layers(block, wide, room)
        else:
            pairs = zip(inner(block), Place(wide).inside(block), strict=True)
            yield with_inner(block, [tuple(_column(held, at.wide, room)) for held, at in pairs])


def _column(blocks: tuple[Block, ...], wide: float, room: _Room) -> Iterator[Block]:
    """The blocks of a column, whose texts take some of its height."""
    texts = [block for block in blocks if not _holds_figure(block)]
    return _blocks(blocks, wide, room.without(texts, wide))


class _Drawn(NamedTuple):
    """A figure in an arrangement and at a scale, with the words of each frame in a size."""

    block: FigureBlock
    words: tuple[tuple[Block, ...], ...]
    size: float
    scale: float

    @property
    def worth(self) -> tuple[float, float, float]:
        """How good it is: the figure has to be read first, and then its words."""
        seen = self.scale / legible_scale(self.block)
        return min(1.0, seen), self.size, seen


def _layers(block: FigureBlock, wide: float, room: _Room) -> Iterator[Timed]:
    """The pictures of a figure in one place, and its words in another one under it."""
    every = (_drawn(one, size, wide, room) for one in room.ways(block) for size in SIZES)
    best = max(every, key=lambda one: one.worth)
    found = best.block._replace(given=best.block.given or block.stepper)
    points, last = best.scale * found.stepper.extent[0], len(found.frames) - 1
    ends = (found.waits + k + 1 if k < last else room.moments for k in range(last + 1))
    at = [frozenset(range(found.waits + k, end)) for k, end in enumerate(ends)]
    pictures = (Layer((_picture(frame, points, room.meta.theme),), now, frame.caption)
                for frame, now in zip(found.frames, at, strict=True))  # fmt: skip
    yield Timed(tuple(pictures), found)
    yield Timed(tuple(map(Layer, best.words, at)), found)


def _drawn(block: FigureBlock, size: float, wide: float, room: _Room) -> _Drawn:
    """A figure with its words in a size, as large as fits in its column."""
    em = BODY * size
    words = tuple(tuple(_words(block, frame, wide / em)) for frame in block.frames)
    taken = LOOSE * max(size * stacked_height(each, wide / em) for each in words)
    across, tall = block.stepper.extent
    left = max(room.high - BODY * (taken + GAPS.blocks), LEAST * room.high)
    scale = min(room.most, wide / across, left / tall)
    formulas = size * _narrowed(block, wide / em)
    styled = (tuple(_sized(one, size, formulas) for one in each) for each in words)
    return _Drawn(block, tuple(styled), size, scale)


def _narrowed(block: FigureBlock, available: float) -> float:
    """The part to which all formulas of a figure shrink, so that the widest fits."""
    every = (one for frame in block.frames for one in frame.equations)
    widths = (aligned_width(aligned_lines(one, available)) for one in every)
    return min(1.0, available / max(widths, default=available))


def _sized(block: Block, size: float, formulas: float) -> Block:
    """Words in a size. Formulas have their own, in which no format has to shrink any by itself."""
    if isinstance(block, Display):
        return Styled((block,), "", floor(100 * formulas) / 100)
    return block if size == 1 else Styled((block,), "", size)


def _picture(frame: Frame | RowFrame, points: float, theme: str) -> Picture:
    """A frame as a drawing; formats that have shapes of their own draw it with those."""
    (one,) = each_frame(frame)
    svg = one.picture(theme).encode()
    return Picture(svg, ".svg", frame.caption, points=points, frame=one)


def _words(block: FigureBlock, frame: Frame | RowFrame, ems: float) -> Iterator[Block]:
    """What stands under a frame: formulas, a sentence, and code, where it has them."""
    for equation in frame.equations:
        yield Display(Formula(_tree(equation, ems)))
    if block.noted(frame) or not frame.equations:
        yield Paragraph((Run(frame.caption),))
    (one,) = each_frame(frame)
    if one.figure.style.code:
        yield Styled((step_code(one.figure, one.lines),), "", CODE_SIZE)


def _tree(equation: Equation, available: float) -> Tree:
    """An equation as one formula, on as many lines as its width in ems asks for."""
    lines = aligned_lines(equation, available)
    if len(lines) == 1:
        return _chain(lines[0])
    first, *more = lines
    rows = [(first[0], _chain((Row(()), *first[1:]))), *((Row(()), _chain(line)) for line in more)]
    return Matrix(tuple(rows), "rl")


def _chain(sides: Sequence[Tree]) -> Tree:
    """Sides with signs of equality between them; before the first one if that is empty."""
    parts = [part for k, side in enumerate(sides) for part in ((Sign("="), side) if k else (side,))]
    return Row(tuple(parts))
