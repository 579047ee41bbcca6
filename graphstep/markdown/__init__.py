"""A deck from Markdown: headings and rules are slides, fences of an expression are figures.

CommonMark with tables, struck text, formulas between dollar signs, `::: notes` for the speaker, and
front matter. docs/decks.md describes how to write a deck.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..base.errors import GraphstepError, InputError, unreadable
from ..base.files import read_text
from ..figure.deck import Block, Deck, Inline, Slide
from .blocks import Blocks, parser
from .figure_fences import Fence, figure_block, is_figure, make_figure, read_fence
from .front_matter import FrontMatter, language, read_front_matter
from .source_places import Files, SourceText

if TYPE_CHECKING:
    from markdown_it.token import Token

    from ..figure.figure import Figure

MOST_DECK_CHARACTERS = 2_000_000  # characters of a file
Make = Callable[[Fence], "Figure"]


def read(
    text: str, name: str = "", folder: str | os.PathLike[str] = "", confined: bool = False
) -> Deck:
    r"""The deck of a Markdown text; pictures and arrays are read from `folder`.

    If `confined`, only those that are really in it or below it.
    Errors give `name` as the file. Raises GraphstepError, with line and column, for what cannot be
    read or drawn.

    >>> deck = read("# Chain rule\n\n```graphstep x=2\nf = x * x\n```")
    >>> deck.slides[0].title[0].text, deck.slides[0].figure.shown
    ('Chain rule', (0, 1, 2, 3))
    """
    return Document(text, name, files=Files(Path(folder), confined)).deck()


def read_file(path: str | os.PathLike[str], confined: bool = False) -> Deck:
    """The deck of a Markdown file; if `confined`, nothing outside of its folder is read.

    Raises GraphstepError as `read` does.
    """
    return opened(path, Files(Path(path).parent, confined)).deck()


deck = read_file
"""The same, as `graphstep.deck`."""


def fences(text: str, name: str = "", folder: str | os.PathLike[str] = "") -> Iterator[Fence]:
    """The fences of the figures in a Markdown text, in order; no figure is made.

    Each is (expression, inputs, options, place), with inputs and all options by name.
    """
    return Document(text, name, folder).fences()


def opened(path: str | os.PathLike[str], files: Files | None = None) -> Document:
    """The document in a file, which is noted among `files`. Raises GraphstepError."""
    files = files or Files(Path(path).parent)
    name = os.fspath(path)
    try:
        text = read_text(files.find(Path(path).name), 4 * MOST_DECK_CHARACTERS)
    except (OSError, ValueError) as error:
        raise unreadable(name, error) from error
    return Document(text, name, files=files)


class Document:
    """A Markdown text that was parsed: its front matter, and the tokens of its slides.

    `files` notes the files that it uses, as they are read.
    """

    def __init__(
        self, text: str, name: str = "", folder: str | os.PathLike[str] = "",
        files: Files | None = None,
    ) -> None:  # fmt: skip
        self.text = SourceText(text, name)
        self.files = files or Files(Path(folder))
        self.front = FrontMatter()
        self.lines: list[int] = []  # where each slide begins in the text, once slides are made
        with self.text.named():
            self.tokens = self._tokens()

    def with_meta(self, **meta: str) -> Document:
        """The document itself, with some values of its front matter replaced."""
        self.front = self.front._replace(meta=self.front.meta._replace(**meta))
        self.text.lang = self.front.meta.lang
        return self

    @property
    def count(self) -> int:
        """How many figures there are."""
        return sum(map(is_figure, self.tokens))

    def fences(self) -> Iterator[Fence]:
        """The fences of its figures."""
        with self.text.named():
            for token in filter(is_figure, self.tokens):
                yield self._fence(token)

    def deck(self, make: Make = make_figure) -> Deck:
        """The deck, with figures made by `make`."""
        with self.text.named():
            slides = tuple(self._slides(make))
            if not slides and not self.front.meta.title:
                raise GraphstepError("no_slides")
            return Deck(self.front.meta, slides)

    def _tokens(self) -> list[Token]:
        """The tokens after the front matter, which is read first."""
        source = self.text.source
        if len(source) > MOST_DECK_CHARACTERS:
            raise InputError("too_long", count=len(source), most=MOST_DECK_CHARACTERS)
        tokens = parser().parse(source)
        first = tokens[0] if tokens else None
        if (
            first is None
            or first.type not in ("front_matter", "hr")
            or not source.startswith("---")
        ):
            return tokens
        if first.type == "hr":
            raise GraphstepError("front_open", source=source, span=self.text.line(0))
        self.text.lang = language(first.content)
        self.front = read_front_matter(self.text, first.content, 1)
        self.text.lang = self.front.meta.lang
        return tokens[1:]

    def _fence(self, token: Token) -> Fence:
        Blocks(self.text, iter(()), self.files).check_fence(token)
        return read_fence(self.text, token, self.front, self.files)

    def _slides(self, make: Make) -> Iterator[Slide]:
        """Slides: one for each heading of the first two levels, rule, and further figure."""
        blocks = Blocks(self.text, iter(self.tokens), self.files)
        draft = _Draft()
        self.lines = draft.lines
        for token in blocks.tokens:
            line = token.map[0] + 1 if token.map else 1
            if token.type == "hr":
                yield from draft.done((), line + 1)
            elif token.type == "heading_open" and token.tag in TITLES:
                yield from draft.done(blocks.heading(token), line)
            elif token.type == "container_block_open":
                draft.notes.append(blocks.notes(token))
            elif not is_figure(token):
                draft.blocks.extend(blocks.block(token))
            else:
                fence = self._fence(token)
                yield from draft.done(draft.title, line) if draft.slide.figure else ()
                draft.blocks.append(figure_block(fence, make(fence)))
        yield from draft.done()


TITLES = ("h1", "h2")


class _Draft:
    """A slide in the making."""

    def __init__(self) -> None:
        self.line, self.lines = 1, list[int]()
        self.title: tuple[Inline, ...] = ()
        self.blocks: list[Block] = []
        self.notes: list[str] = []

    @property
    def slide(self) -> Slide:
        """The slide so far."""
        return Slide(self.title, tuple(self.blocks), "\n\n".join(filter(None, self.notes)))

    def done(self, title: tuple[Inline, ...] = (), line: int = 1) -> Iterator[Slide]:
        """The slide, unless it is empty; then begin another, at a line of the text."""
        if self.title or self.blocks or self.notes:
            self.lines.append(self.line)
            yield self.slide
        self.line = line
        self.title, self.blocks, self.notes = title, [], []
