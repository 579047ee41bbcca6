"""A forecast of how large the texts of a slide are in a browser, from the widths of letters.

`deck.js` measures them in the browser; warnings need an answer before that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import ceil
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from ..formulas.mathml import mathml
from ..formulas.tree import (
    Equation,
    Fenced,
    Frac,
    Limits,
    Marked,
    Matrix,
    Name,
    Number,
    Row,
    Scripts,
    Sign,
    Tree,
    Words,
)
from ..look.text_widths import width, wrap
from .deck import (
    BODY,
    MARGIN,
    NOTE,
    SIZES,
    TITLE,
    UNDER_TITLE_GAP,
    Block,
    Code,
    Columns,
    Deck,
    Display,
    FigureBlock,
    Heading,
    Items,
    Paragraph,
    Picture,
    Quote,
    Slide,
    Styled,
    Table,
    Timed,
    inner,
    plain,
)
from .legibility import SlideSizes, figure_size, legible_scale
from .slide_plans import GAPS, SHARED_SIZES, SHARES, TEXT_SIZES, WAYS, Way, text_parts, worth

if TYPE_CHECKING:
    from ..figure.figure import Frame
    from .figure_rows import RowFrame

LEADING = 1.45  # this and all other lengths are in ems of the text, as in `deck.css`
BLOCK_GAP = 0.8
ITEM, INDENT = 0.4, 1.5  # between items of a list, and to the left of them
HIGH, LABELLED = 2.6, 3.6  # heights of a formula with fractions, and with names under its parts
ROW = 1.3  # the height of a row of a matrix
EQUALS = 1.4  # the width of an equals sign with its spaces
LOOSE = 1.08  # by how much letters may be wider than their forecast; and what else there may be:
SPACED, SPACES = "+−-·×⊙*=∑∇", 0.6  # around signs
BAR, BRACKETS, RAISED, LABELS = 0.4, 0.7, 0.15, 0.15  # the last a part of the width of a label
LABEL, RAISED_SIZE = 0.6, 0.7  # sizes of a name under a part of a formula, and of raised parts
LINE = 48.0  # about the width of a slide
PLAIN_WIDTH = 0.83  # width of a plain text, as a part of that of a bold one
CODE_LETTER = 0.55  # the width of a letter of program text
CODE_PADDING = 1.8  # the width around it
TEXT_SHARE = 0.5  # part of the height for texts on a slide with a figure or a picture


def sizes(deck: Deck) -> list[SlideSizes]:
    """The size in points at which all texts of each slide fit, or else the smallest size.

    `over` is about the part of the screen by which they are too long.

    >>> from graphstep.slides.deck import Meta, Paragraph, Run
    >>> line = Paragraph((Run("word " * 15),))
    >>> slides = (Slide((), (line,) * count) for count in (2, 12, 40))
    >>> [round(size.text, 1) for size in sizes(Deck(Meta(), tuple(slides)))]
    [23.9, 18.0, 10.8]
    """
    return [_sizes(slide, deck.meta.aspect) for slide in deck.slides]


def _sizes(slide: Slide, aspect: str) -> SlideSizes:
    """The sizes of a slide."""
    wide, tall = SIZES[aspect]
    over = _over(slide, *_space(slide, wide, tall)) / tall
    if slide.figure is None:
        return SlideSizes(_size(slide, *_space(slide, wide, tall)), over=over)
    share = shared(slide, slide.figure, figure_words(slide.figure, aspect), aspect)
    texts = share.texts if len(slide.blocks) > 1 else 1.0
    figure = figure_size(slide.figure, share.scale)
    return SlideSizes(BODY * texts, figure, over, BODY * share.words)


def _over(slide: Slide, available: float, high: float) -> float:
    """The points by which the texts of a slide are too long in their smallest size."""
    em = BODY * text_parts()[-1]
    texts = em * _stacked(slide.blocks, available / em, BLOCK_GAP)
    return max(0.0, texts + _pictures(slide, em, high) - high)


def _pictures(slide: Slide, em: float, high: float) -> float:
    """The least height of a slide's pictures, or of the words under its figure."""
    if slide.figure:
        return em * (GAPS.blocks + max(one.height() for one in map(Sized.of, slide.figure.frames)))
    return TEXT_SIZES[-1].picture * high if _pictured(slide.blocks) else 0.0


def _space(slide: Slide, wide: float, tall: float) -> tuple[float, float]:
    """Width and height of what is under the title."""
    title = 1.25 * TITLE + UNDER_TITLE_GAP * BODY if slide.title else 0.0
    return wide - 2 * MARGIN, tall - 2 * MARGIN - title


def _size(slide: Slide, available: float, high: float) -> float:
    """The size of the texts of a slide without a figure."""
    high *= TEXT_SHARE if _pictured(slide.blocks) else 1.0
    found = [BODY * part for part in text_parts()]
    fits = (em for em in found if em * _stacked(slide.blocks, available / em, BLOCK_GAP) <= high)
    return next(fits, found[-1])


def left_over(slide: Slide, aspect: str) -> tuple[float, float]:
    """The width, and the height that the texts of a slide in their usual size leave, in points."""
    wide, high = _space(slide, *SIZES[aspect])
    taken = BODY * (stacked_height(slide.blocks, wide / BODY) + BLOCK_GAP) if slide.blocks else 0.0
    return wide, high - taken


def stacked_height(blocks: Iterable[Block], available: float) -> float:
    """The height of blocks one below the other, in ems, as is the width."""
    return _stacked(tuple(blocks), available, BLOCK_GAP)


def picture_place(slide: Slide, aspect: str) -> tuple[float, float]:
    """The width and the height that the texts of a slide leave to its pictures."""
    available, high = _space(slide, *SIZES[aspect])
    if slide.figure:
        return available, SHARES.picture * high
    em = _size(slide, available, high)
    texts = em * _stacked(slide.blocks, available / em, BLOCK_GAP)
    left = high - texts - (em * BLOCK_GAP if texts else 0.0)
    return available, max(min(left, TEXT_SIZES[0].picture * high), TEXT_SIZES[-1].picture * high)


class Share(NamedTuple):
    """How a figure shares its slide: the size of texts, as a part of the usual one, and its own."""

    texts: float
    words: float  # the size of its formulas
    scale: float  # points for each unit of the figure
    way: Way = WAYS[0]
    worth: float = 0.0  # see `worth`


def figure_words(figure: FigureBlock, aspect: str) -> FigureWords:
    """What is written under a figure, the same however the figure is drawn."""
    return FigureWords.of(figure, SIZES[aspect][0] - 2 * MARGIN)


def shared(slide: Slide, figure: FigureBlock, words: FigureWords, aspect: str) -> Share:
    """How a figure and the texts of its slide share it, chosen as in `deck.js`."""
    available, high = _space(slide, *SIZES[aspect])
    return _shared(slide, figure, words, available, high)


def _shared(
    slide: Slide, figure: FigureBlock, words: FigureWords, available: float, high: float
) -> Share:
    """The same on what is under the title of a slide."""
    extent, least, several = figure.stepper.extent, SHARED_SIZES[-1], len(slide.blocks) > 1
    best = Share(*least, 0.0)
    for size in SHARED_SIZES:
        em = BODY * size.text
        texts = em * (_stacked(slide.blocks, available / em, GAPS.blocks) + GAPS.blocks)
        for way in WAYS:
            if way.row:
                continue
            middle = high - (texts if several else 0.0) - (words.notes if way.foot else 0.0)
            em = BODY * size.words
            scale, narrow = _scale(extent, words.frames, way, available, middle, em)
            small, seen = narrow * size.words, scale / words.legible
            found = Share(size.text, small, scale, way, worth(way, size.text, small, seen))
            fits = way.foot and seen >= 1.0
            if found.worth > best.worth or (fits and size.words >= SHARES.large):
                best = found
            if fits:
                return best
    return best


def _scale(
    extent: tuple[float, float], sized: Sequence[Sized], way: Way, available: float, high: float,
    em: float,
) -> tuple[float, float]:  # fmt: skip
    """The scale of a figure, 0 if something is cut, and the part to which formulas shrink.

    `sized` are the words of its frames.
    """
    wide, tall = extent
    place = available * (1 - way.aside) - (BODY * GAPS.aside if way.aside else 0.0)
    largest = min(SHARES.largest, place / wide, high / tall)
    column = available
    if way.aside:
        column = max(way.aside * available, available - largest * wide - BODY * GAPS.aside)
    widest = max((side for words in sized for sides in words.sides for side in sides), default=1.0)
    narrow = min(1.0, column / em / widest)
    words = narrow * em * max(one.height(column / em / narrow) for one in sized)
    if high <= words:
        return 0.0, narrow
    return min(largest, (high - (0.0 if way.aside else words)) / tall), narrow


class Sized(NamedTuple):
    """How large the words of a frame are: its formulas, or its caption where it has none."""

    caption: str
    heights: tuple[float, ...]  # of each formula on one line
    sides: tuple[tuple[float, ...], ...]  # the widths of the sides of each

    @classmethod
    def of(cls, frame: Frame | RowFrame) -> Self:
        """Measure the words of a frame, once for all sizes and widths in which they are tried."""
        equations = frame.equations
        sides = (tuple(map(_ems, one.sides)) for one in equations)
        caption = "" if equations else frame.caption
        return cls(caption, tuple(map(_formula, equations)), tuple(sides))

    def height(self, available: float = LINE) -> float:
        """The height at a width, with the gap above."""
        if not self.heights:
            size, part = SHARES.caption_size, SHARES.caption
            rows = wrap(self.caption, PLAIN_WIDTH * size, part * available)
            return GAPS.words + LEADING * size * len(rows)
        between = 0.35 * (len(self.heights) - 1)
        lines = (1 + len([*_breaks(sides, available)]) for sides in self.sides)
        heights = (high * count for high, count in zip(self.heights, lines, strict=True))
        return GAPS.words + sum(heights) + between


class FigureWords(NamedTuple):
    """The words under a figure: those of its frames, and the height of captions at the foot.

    `legible` is the scale at which the figure itself can be read.
    """

    frames: tuple[Sized, ...]
    notes: float  # in points
    legible: float

    @classmethod
    def of(cls, figure: FigureBlock, available: float) -> Self:
        """Measure the words of a figure on a slide of this width."""
        frames = tuple(map(Sized.of, figure.frames))
        return cls(frames, _notes(figure, available), legible_scale(figure))


def _formula(formula: Tree | Equation) -> float:
    """The height of a formula: of its lines, or of what is on one line."""
    if isinstance(formula, Matrix):
        return sum(_formula(Row(line)) for line in formula.rows)
    code = mathml(formula)
    usual = LABELLED if "<munder" in code else HIGH if "<mfrac" in code else LEADING
    return max(usual, ROW * _rows(formula))


def _rows(tree: Any) -> int:
    """The rows of the highest matrix of a formula; 0 without one."""
    most = max(map(_rows, tree), default=0) if isinstance(tree, tuple) else 0
    return max(most, len(tree.rows)) if isinstance(tree, Matrix) else most


def formula_lines(
    formulas: Iterable[Tree | Equation], available: float
) -> Iterator[tuple[Tree, ...]]:
    """The lines of formulas, each as sides of an equation, at a width in ems.

    A line that goes on with an equation begins with an empty side.
    """
    for formula in formulas:
        if not isinstance(formula, Equation):
            yield (formula,)
            continue
        begin, before = 0, tuple[Tree, ...]()
        for end in (*_breaks(map(_ems, formula.sides), available), len(formula.sides)):
            yield (*before, *formula.sides[begin:end])
            begin, before = end, (Row(()),)


def _breaks(widths: Iterable[float], available: float) -> Iterator[int]:
    """Before which of its sides an equation breaks."""
    at = 0.0
    for k, wide in enumerate(widths):
        if at and at + wide + EQUALS > available:
            yield k
            at = 0.0
        at += wide + EQUALS


def _ems(tree: Any, small: float = 0.0) -> float:
    """About the width of a formula.

    Raised parts count in full, or else, if a `small` size is given, as what they are.
    """
    if small and isinstance(tree, Scripts | Limits):
        base, *others = (_ems(part, small) for part in tree if part)
        high = small * max(others, default=0.0)
        return base + high if isinstance(tree, Scripts) else max(base, high)
    if isinstance(tree, Frac):
        return max(_ems(part, small) for part in tree)
    if isinstance(tree, Marked):
        return max(_ems(tree.inner, small), PLAIN_WIDTH * LABEL * width(tree.label, 1.0))
    if isinstance(tree, Matrix):
        columns = zip(*tree.rows, strict=False)
        return sum(max(_ems(cell, small) for cell in column) + 1.0 for column in columns)
    if isinstance(tree, Name | Number | Sign | Words):
        return PLAIN_WIDTH * width(tree.text, 1.0)
    return sum(_ems(part, small) for part in tree) if isinstance(tree, tuple) else 0.0


def most_ems(tree: Any) -> float:
    """The most that a formula can be wide, where it must not be cut or shrunk."""
    return LOOSE * (_ems(tree) + _between(tree))


def formula_ems(tree: Any) -> float:
    """About the width of a formula."""
    return _ems(tree, RAISED_SIZE) + _between(tree)


def _between(tree: Any) -> float:
    """What the forecast leaves out: spaces, brackets, ends of bars."""
    if isinstance(tree, Sign):
        return SPACES * (tree.text in SPACED)
    if isinstance(tree, Marked):
        return max(_between(tree.inner), LABELS * PLAIN_WIDTH * LABEL * width(tree.label, 1.0))
    if isinstance(tree, Frac):
        return BAR + max(map(_between, tree))
    if isinstance(tree, Matrix):
        return sum(max(map(_between, column)) for column in zip(*tree.rows, strict=False))
    own = BRACKETS * isinstance(tree, Fenced) + RAISED * isinstance(tree, Scripts)
    return own + sum(map(_between, tree)) if isinstance(tree, tuple) else 0.0


def aligned_lines(equation: Equation, available: float) -> list[tuple[Tree, ...]]:
    """The same for one equation whose signs of equality stand below each other."""
    first, *rest = equation.sides
    ends = [*_breaks(map(most_ems, rest), available - most_ems(first)), len(rest)]
    pairs = zip([0, *ends], ends, strict=False)
    return [(Row(()) if begin else first, *rest[begin:end]) for begin, end in pairs]


def aligned_width(lines: Sequence[tuple[Tree, ...]]) -> float:
    """The most that such lines are wide."""
    after = (sum(most_ems(side) + EQUALS for side in line[1:]) for line in lines)
    return most_ems(lines[0][0]) + max(after)


def _notes(figure: FigureBlock, available: float) -> float:
    """The height in points of captions at the foot of the slide."""
    shown = filter(figure.noted, figure.frames)
    lines = [len(wrap(frame.caption, PLAIN_WIDTH * NOTE, available)) for frame in shown]
    return LEADING * NOTE * max(lines) + BODY * GAPS.blocks if lines else 0.0


def _pictured(blocks: Iterable[Block]) -> bool:
    """Whether the blocks hold a figure or a picture, in a paragraph too, but not beside texts."""
    return any(
        isinstance(block, FigureBlock | Picture)
        or any(isinstance(part, Picture) for part in getattr(block, "parts", ()))
        or (isinstance(block, Columns) and any(map(_pictured, block.columns))
            and not _columns(block, LINE))
        or (isinstance(block, Items | Quote | Styled | Timed) and any(map(_pictured, inner(block))))
        for block in blocks
    )  # fmt: skip


def _stacked(blocks: Iterable[Block], available: float, gap: float) -> float:
    """The height of blocks one below the other, without pictures and figures, which can shrink."""
    heights = [HEIGHTS[type(block)](block, available) for block in blocks if type(block) in HEIGHTS]
    return sum(heights) + gap * max(0, len(heights) - 1)


def _flowing(block: Paragraph | Heading, available: float) -> float:
    """The height of a text."""
    large = {2: 1.2, 3: 1.1}.get(getattr(block, "level", 0), 1.0)
    lines = (max(1, len(wrap(line, PLAIN_WIDTH * large, available)))
             for line in plain(block.parts).split("\n"))  # fmt: skip
    return LEADING * large * sum(lines)


def _items(block: Items, available: float) -> float:
    """The height of a list."""
    heights = [_stacked(item, available - INDENT, ITEM) for item in block.items]
    return sum(heights) + ITEM * max(0, len(heights) - 1)


def _columns(block: Columns, available: float) -> float:
    """The height of the highest column."""
    pairs = zip(block.columns, column_widths(block, available), strict=True)
    return max((_stacked(blocks, wide, BLOCK_GAP) for blocks, wide in pairs), default=0.0)


def column_widths(block: Columns, available: float, em: float = 1.0) -> list[float]:
    """The widths of columns, between gaps in the size of their text."""
    free = max(available - em * GAPS.columns * (len(block.shares) - 1), em)
    return [free * share for share in block.shares]


class Place(NamedTuple):
    """Where blocks stand: the width in points, and the size of the text there."""

    wide: float
    em: float = BODY

    def inside(self, block: Block) -> Sequence[Place]:
        """The places of the sequences of blocks that a block in this place holds."""
        if isinstance(block, Columns):
            return [Place(wide, self.em) for wide in column_widths(block, self.wide, self.em)]
        if isinstance(block, Styled):
            return [Place(self.wide, self.em * block.size)]
        inset = INDENT * self.em if isinstance(block, Items | Quote) else 0.0
        return [Place(self.wide - inset, self.em)] * len(inner(block))


def _styled(block: Styled, available: float) -> float:
    """The height of blocks in their size."""
    return block.size * _stacked(block.blocks, available / block.size, BLOCK_GAP)


def _code(block: Code, available: float) -> float:
    """The height of program text, which is set smaller if a line is long."""
    lines = block.text.rstrip("\n").split("\n")
    wide = CODE_LETTER * max(block.letters, *map(len, lines)) + CODE_PADDING
    return (1.26 * len(lines) + 1.44) * max(0.6, min(1.0, available / wide))


def _table(block: Table, available: float) -> float:
    """The height of a table; the cells of a wide one have several lines."""
    columns = zip(*block.rows, strict=False)
    wide = sum(max(width(plain(cell), PLAIN_WIDTH) for cell in column) + 1.6 for column in columns)
    return len(block.rows) * (LEADING * ceil(wide / available) + 0.7)


HEIGHTS: Mapping[type, Callable[[Any, float], float]] = MappingProxyType(
    {
        Paragraph: _flowing,
        Heading: _flowing,
        Items: _items,
        Display: lambda block, _: _formula(block.formula.tree),
        Quote: lambda block, available: _stacked(block.blocks, available - 1, 0.5) + 0.4,
        Columns: _columns,
        Styled: _styled,
        Code: _code,
        Table: _table,
        Timed: lambda block, available: max(
            _stacked(layer.blocks, available, BLOCK_GAP) for layer in block.layers
        ),
    }
)
"""The height of each kind of text at a given width, in ems."""
