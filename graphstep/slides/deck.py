"""A deck: slides of text, formulas, pictures and figures that step. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ..formulas.tree import Tree
from ..look.links import live

if TYPE_CHECKING:  # only for types: figures are passed in as values
    from ..figure.figure import Figure, Frame


SIZES = {"16:9": (960.0, 540.0), "4:3": (720.0, 540.0)}
"""Width and height of a slide in points."""
MARGIN, TITLE, BODY, NOTE = 40.0, 28.0, 18.0, 12.0  # in points: the edge, and sizes of texts
SHADES = {"light": ("#f3f5f7", "#d0d7de"), "dark": ("#161b22", "#30363d")}
"""Under each theme, the colour behind program text, and that of thin lines."""


class Meta(NamedTuple):
    """Metadata of a deck. `theme` is "light" or "dark", `aspect` "16:9" or "4:3"."""

    title: str = ""
    author: str = ""
    date: str = ""
    lang: str = "en"
    theme: str = "light"
    aspect: str = "16:9"


class Run(NamedTuple):
    r"""Text in one look. A line break inside a paragraph is a run of "\n"."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    struck: bool = False
    link: str = ""  # as it is written

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

    `width` is a part of the width of the text beside or below it; 0 means its own size. In a line
    of text it has no effect.
    """

    data: bytes
    suffix: str
    alt: str = ""
    width: float = 0.0


Inline = Run | Formula | Picture


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


class Display(NamedTuple):
    """A formula on a line of its own."""

    formula: Formula


@dataclass(frozen=True)
class Quote:
    """A quotation."""

    blocks: tuple[Block, ...]


class Code(NamedTuple):
    """Program text."""

    text: str
    language: str = ""


class Table(NamedTuple):
    """Rows of cells; the first is the head. `aligns`: "left", "center" or "right" a column."""

    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    aligns: tuple[str, ...]


class FigureBlock(NamedTuple):
    """A figure that steps: on paper one page a frame, on a screen one slide with fragments."""

    stepper: Figure
    shown: tuple[int, ...]  # the frames, in order
    captions: bool = False  # whether sentences are shown, too

    @property
    def frames(self) -> list[Frame]:
        """The frames that are shown."""
        return [self.stepper[k] for k in self.shown]


Block = Paragraph | Heading | Items | Display | Quote | Code | Table | FigureBlock | Picture


class Slide(NamedTuple):
    """A slide; at most one of its blocks is a figure. `notes` are for the speaker."""

    title: tuple[Inline, ...]
    blocks: tuple[Block, ...] = ()
    notes: str = ""

    @property
    def figure(self) -> FigureBlock | None:
        """The figure on it."""
        return next((block for block in self.blocks if isinstance(block, FigureBlock)), None)


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
