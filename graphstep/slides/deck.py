"""A deck: slides of text, formulas, pictures and figures that step. Data only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ..formulas.tree import Tree
from ..look.links import live
from ..look.text_widths import width
from .design import Design

if TYPE_CHECKING:  # only for types: figures are passed in as values
    from ..figure.figure import Figure, Frame
    from .figure_rows import FigureRow, RowFrame


SIZES = {"16:9": (960.0, 540.0), "4:3": (720.0, 540.0)}
"""Width and height of a slide in points."""
MARGIN, TITLE, BODY, NOTE = 32.0, 28.0, 18.0, 12.0  # in points: the edge, and sizes of texts
UNDER_TITLE_GAP = 0.7  # between the title and what is under it, as a part of `BODY`


class Run(NamedTuple):
    r"""Text in one look. A line break inside a paragraph is a run of "\n"."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    struck: bool = False
    link: str = ""  # as it is written
    colour: str = ""  # a kind of marked part of a formula, or one of `HUES`
    underlined: bool = False

    @property
    def address(self) -> str:
        """Where its link leads in every output; empty if nowhere."""
        return live(self.link)


class Formula(NamedTuple):
    """A formula in a text; `source` is the LaTeX it was written in."""

    tree: Tree
    source: str = ""


class Picture(NamedTuple):
    """An image: the bytes of its file, and the ending of its name (`.png`, `.jpg`, `.svg`).

    `width` is a part of the width of the text beside or below it, `points` a width on a slide of
    `SIZES`; where both are 0 it has its own size. In a line of text neither has an effect.
    `frame` is the one that it shows of a figure in a column.
    """

    data: bytes
    suffix: str
    alt: str = ""
    width: float = 0.0
    points: float = 0.0
    frame: Frame | None = None


Inline = Run | Formula | Picture


class Template(NamedTuple):
    """A presentation whose masters and layouts a deck has in PowerPoint: a file that was vetted."""

    data: bytes
    name: str = ""


class Meta(NamedTuple):
    """Metadata of a deck. `theme` is "light" or "dark", `aspect` "16:9" or "4:3".

    `design`, if there is one, says how the deck differs from the theme: see `look`.

    `outline`, one of `OUTLINES`, says what slides that open parts show under their titles.

    `footer` and `logo` are on every slide, the logo larger on the title page. `numbering` is one of
    `NUMBERINGS`: "true" shows a slide's number and how many there are, "page" its number alone.
    """

    title: str = ""
    author: str = ""
    date: str = ""
    lang: str = "en"
    theme: str = "light"
    aspect: str = "16:9"
    subtitle: str = ""
    institute: str = ""
    logo: Picture | None = None
    footer: str = ""
    numbering: str = "true"
    design: Design | None = None
    template: Template | None = None
    outline: str = "false"

    @property
    def look(self) -> Design:
        """Colours and fonts: those of the design, or else those of the theme."""
        return self.design or Design(self.theme)

    @property
    def under_title(self) -> tuple[tuple[str, str], ...]:
        """What the title page says under the title: the names of fields, and their texts."""
        named = ((name, getattr(self, name)) for name in UNDER_TITLE)
        return tuple((name, text) for name, text in named if text)


NUMBERINGS = ("true", "page", "false")
OUTLINES = ("false", "parts", "slides")
UNDER_TITLE = ("subtitle", "author", "institute", "date")
UNDER_TITLE_SIZES = {"subtitle": 1.3, "author": 1.1, "institute": 0.95, "date": 0.85}
"""Sizes of these texts, as parts of `BODY`."""
QUIET = ("institute", "date")
"""Those that are not in the colour of the others."""
LOGO, SMALL_LOGO = (320.0, 64.0), (140.0, 22.0)
"""The largest width and height of a logo in points, on the title page and at the foot of slides."""
MOST_FOOTER = 70  # characters, which can be read on a narrow slide too
FOOTER_GAP = 10.0  # points between the text at the foot and what is beside it


def footer_size(text: str, wide: float, size: float = NOTE) -> float:
    """The size at which a text fits at the foot of a page with a text width of `wide`.

    It is in the middle: to its left is the place of a logo, and to its right, as wide, the number.
    """
    place = wide - 2 * (SMALL_LOGO[0] * size / NOTE + FOOTER_GAP)
    return size * min(1.0, place / max(width(text, size), 1.0))


class Paragraph(NamedTuple):
    """Text that flows."""

    parts: tuple[Inline, ...]


class Heading(NamedTuple):
    """A heading below the slide's title; `level` from 2 to 6."""

    parts: tuple[Inline, ...]
    level: int


@dataclass(frozen=True)  # types that hold themselves are slow to check as tuples
class Items:
    """A list, numbered from `start` where that is not None."""

    items: tuple[tuple[Block, ...], ...]
    start: int | None = None

    @property
    def after(self) -> int | None:
        """The number of an item that would come next; None in a list without numbers."""
        return None if self.start is None else self.start + len(self.items)


class Display(NamedTuple):
    """A formula on a line of its own."""

    formula: Formula


@dataclass(frozen=True)
class Quote:
    """A quotation."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Columns:
    """Blocks beside each other. `shares`: the parts of the width, together at most 1."""

    columns: tuple[tuple[Block, ...], ...]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Styled:
    """Blocks at another side, or in another size.

    `align`: "left", "center", "right", or empty, which changes nothing; `size`: a part of the size
    of the text around.
    """

    blocks: tuple[Block, ...]
    align: str = ""
    size: float = 1.0


class Code(NamedTuple):
    """Program text. Its lines have numbers from `first` on, if that is not None.

    The lines `marked` are pointed out; they are counted from `first`, or else from 1. It is set as
    small as a line of `letters` would make it, so that the programs of a slide have one size.
    """

    text: str
    language: str = ""
    first: int | None = None
    marked: tuple[int, ...] = ()
    letters: int = 0


class Table(NamedTuple):
    """Rows of cells; the first is the head. `aligns`: "left", "center" or "right" a column."""

    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    aligns: tuple[str, ...]


class FigureBlock(NamedTuple):
    """A figure that steps, or several beside each other: a frame a moment."""

    stepper: Figure | FigureRow
    shown: tuple[int, ...]  # the frames, in order
    captions: tuple[int, ...] = ()  # the steps whose sentences are shown, too
    waits: int = 0  # moments before it is there
    given: Figure | FigureRow | None = None  # as it was before it was arranged for slides

    @property
    def frames(self) -> list[Frame | RowFrame]:
        """The frames that are shown."""
        return [self.stepper[k] for k in self.shown]

    @property
    def moments(self) -> int:
        """How many moments its slide needs for it."""
        return self.waits + len(self.shown)

    @property
    def has_formulas(self) -> bool:
        """Whether a frame has formulas."""
        return any(frame.equations for frame in self.frames)

    def noted(self, frame: Frame | RowFrame) -> bool:
        """Whether the sentence of a frame is shown beside its formulas."""
        return frame.index in self.captions and bool(frame.equations)


@dataclass(frozen=True)
class Layer:
    """Blocks that are seen at some moments of their slide, and what is said then."""

    blocks: tuple[Block, ...]
    moments: frozenset[int]
    notes: str = ""


@dataclass(frozen=True)
class Timed:
    """Layers of which at most one is seen at a moment. Their place is as high as the highest.

    `figure` is the one whose frames they show, if it stands in a column.
    """

    layers: tuple[Layer, ...]
    figure: FigureBlock | None = None

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The frames of a figure, one a layer; empty where these are its words, or no figure."""
        found = (layer.blocks[0] for layer in self.layers if self.figure)
        return tuple(one for one in found if isinstance(one, Picture) and one.frame)

    @property
    def timeline(self) -> tuple[int | None, ...]:
        """For each moment, which of the layers is there; None for no one."""
        count = 1 + max(moment for layer in self.layers for moment in layer.moments)
        there = {now: k for k, layer in enumerate(self.layers) for now in layer.moments}
        return tuple(map(there.get, range(count)))


Block = (
    Paragraph | Heading | Items | Display | Quote | Columns | Styled | Code | Table
    | FigureBlock | Picture | Timed
)  # fmt: skip


def inner(block: Block) -> tuple[tuple[Block, ...], ...]:
    """The sequences of blocks that a block holds."""
    if isinstance(block, Items):
        return block.items
    if isinstance(block, Columns):
        return block.columns
    if isinstance(block, Timed):
        return tuple(layer.blocks for layer in block.layers)
    return (block.blocks,) if isinstance(block, Quote | Styled) else ()


def with_inner(block: Block, held: Sequence[tuple[Block, ...]]) -> Block:
    """A block with other blocks in the place of those that it holds; the inverse of `inner`."""
    if isinstance(block, Items):
        return replace(block, items=tuple(held))
    if isinstance(block, Columns):
        return replace(block, columns=tuple(held))
    if isinstance(block, Timed):
        layers = zip(block.layers, held, strict=True)
        return replace(block, layers=tuple(replace(one, blocks=new) for one, new in layers))
    return replace(block, blocks=held[0]) if isinstance(block, Quote | Styled) else block


def every_block(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks, and those inside them."""
    for block in blocks:
        yield block
        for held in inner(block):
            yield from every_block(held)


def with_figures(
    blocks: Iterable[Block], made: Callable[[FigureBlock], Block]
) -> tuple[Block, ...]:
    """Blocks with something else in the places of figures, also of those in columns."""
    return tuple(
        made(block) if isinstance(block, FigureBlock)
        else with_inner(block, [with_figures(held, made) for held in inner(block)])
        for block in blocks
    )  # fmt: skip


def slide_texts(slide: Slide) -> Iterator[str]:
    """The texts that a slide shows: its own, the LaTeX of formulas, and those of its figures."""
    todo: list[Any] = [slide.title, *every_block(slide.blocks)]
    while todo:
        item = todo.pop()
        if isinstance(item, FigureBlock):
            yield from (frame.caption for frame in item.frames)
            yield item.stepper.graph.source
        elif isinstance(item, Run | Code):
            yield item.text
        elif isinstance(item, Formula):
            yield item.source
        elif isinstance(item, tuple) and not isinstance(item, Picture):
            todo.extend(item)


def smallest(blocks: Iterable[Block]) -> float:
    """The size of the smallest texts, as a part of the usual one."""
    return min((_smallest(block) for block in blocks), default=1.0)


def _smallest(block: Block) -> float:
    if (isinstance(block, Timed) and block.figure) or _is_program(block):
        return 1.0  # words of a figure need less, and its code is smaller by itself
    held = min(map(smallest, inner(block)), default=1.0)
    return min(1.0, block.size * held if isinstance(block, Styled) else held)


def _is_program(block: Block) -> bool:
    """Whether a block has program text and nothing else."""
    return bool(held := inner(block)) and all(
        isinstance(one, Code) or _is_program(one) for blocks in held for one in blocks
    )


class Slide(NamedTuple):
    """A slide: on paper a page a moment, on a screen one with fragments. `notes` are spoken.

    `level` is 1 where its title is one of parts. The blocks of an `outlined` one are an outline.
    """

    title: tuple[Inline, ...]
    blocks: tuple[Block, ...] = ()
    notes: str = ""
    level: int = 2
    outlined: bool = False

    @property
    def opens_part(self) -> bool:
        """Whether it opens a part of the deck: it has a title, and nothing or an outline below."""
        return bool(self.title) and (self.outlined or not self.blocks)

    @property
    def figure(self) -> FigureBlock | None:
        """The figure on it."""
        return next((block for block in self.blocks if isinstance(block, FigureBlock)), None)

    @property
    def around(self) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
        """The blocks above its figure and those below it."""
        at = self.blocks.index(self.figure) if self.figure else len(self.blocks)
        return self.blocks[:at], self.blocks[at + 1 :]

    @property
    def layers(self) -> tuple[Layer, ...]:
        """All blocks that are not always there."""
        timed = (block for block in every_block(self.blocks) if isinstance(block, Timed))
        return tuple(layer for each in timed for layer in each.layers)

    @property
    def keeps_size(self) -> bool:
        """Whether its texts do not grow: a figure in a column was measured with the usual size."""
        blocks = every_block(self.blocks)
        return any(isinstance(block, Timed) and block.figure is not None for block in blocks)

    @property
    def moments(self) -> int:
        """How many moments it has: one more than there are presses of a key."""
        last = (max(layer.moments, default=0) for layer in self.layers)
        figure = self.figure.moments if self.figure else 1
        return max([figure, *(k + 1 for k in last)])

    def timeline(self, figure: FigureBlock) -> tuple[int | None, ...]:
        """For each moment, which of a figure's frames is there; None while it waits.

        The last frame stays.
        """
        last = len(figure.shown) - 1
        return tuple(min(now - figure.waits, last) if now >= figure.waits else None
                     for now in range(self.moments))  # fmt: skip

    def said(self, moment: int) -> str:
        """What is to be said at a moment besides the notes: of the figure, and of layers."""
        layers = (layer.notes for layer in self.layers if moment in layer.moments)
        k = self.timeline(self.figure)[moment] if self.figure else None
        caption = self.figure.frames[k].caption if self.figure and k is not None else ""
        return "\n\n".join(filter(None, (caption, *layers)))


class Deck(NamedTuple):
    """Slides and their metadata; with a title, a title page comes first."""

    meta: Meta
    slides: tuple[Slide, ...]

    def __repr__(self) -> str:
        return f"<Deck {self.meta.title!r}: {len(self.slides)} slides>"


def plain(parts: tuple[Inline, ...]) -> str:
    """Text without markup, for titles of windows and pages."""
    return "".join(map(_plain, parts))


def _plain(part: Inline) -> str:
    if isinstance(part, Run):
        return part.text
    return part.alt if isinstance(part, Picture) else part.source
