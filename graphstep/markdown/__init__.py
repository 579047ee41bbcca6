"""A deck from Markdown: headings and rules are slides, fences of an expression are figures.

CommonMark with tables, struck text, formulas between dollar signs, `::: notes` for the speaker, and
front matter. docs/decks.md describes how to write a deck.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..base.errors import GraphstepError, InputError, readable
from ..base.files import read_text
from ..pictures.figure_columns import in_columns
from ..pictures.sizes import Side, beside
from ..slides.arrangement import arranged, arrangements, designed
from ..slides.deck import Deck, FigureBlock, Inline, Paragraph, Run, Slide, plain
from ..slides.outline import outlined
from .blocks import BESIDE, NOTES, Blocks, plain_text
from .figure_fences import Fence, figure_blocks, is_figure, make_figure, read_fence, row_block
from .front_matter import FrontMatter, language, read_front_matter
from .moments import Written, always, has_figure, timed
from .other_tools import RULED, SLIDE_FRONT
from .source_places import Files, SourceText
from .syntax import parser
from .texts import Texts, superscript

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


def fences(text: str, name: str = "", folder: str | os.PathLike[str] = "") -> Iterator[Fence]:
    """The fences of the figures in a Markdown text, in order; no figure is made.

    Each is (expression, inputs, options, place), with inputs and all options by name.
    """
    return Document(text, name, folder).fences()


def opened(path: str | os.PathLike[str], files: Files | None = None) -> Document:
    """The document in a file, which is noted among `files`. Raises GraphstepError."""
    files = files or Files(Path(path).parent)
    name = os.fspath(path)
    with readable(name):
        text = read_text(files.find(Path(path).name), 4 * MOST_DECK_CHARACTERS)
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
        self.footnotes: dict[int, list[Token]] = {}  # by number
        self.lines: list[int] = []  # where each slide begins in the text, once slides are made
        with self.text.named():
            self.tokens = self._tokens()

    def with_meta(self, **meta: Any) -> Document:
        """The document itself, with some values of its front matter replaced."""
        if "theme" in meta:
            meta["design"] = None  # which is for the theme of the file
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
            made = designed(outlined(Deck(self.front.meta, slides)))
            return arranged(in_columns(made, arrangements))

    def _tokens(self) -> list[Token]:
        """The tokens after the front matter, which is read first."""
        source = self.text.source
        if len(source) > MOST_DECK_CHARACTERS:
            raise InputError("too_long", count=len(source), most=MOST_DECK_CHARACTERS)
        env: dict[str, Any] = {}
        tokens = self._without_footnotes(parser().parse(source, env), env)
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
        self.front = read_front_matter(self.text, first.content, 1, self.files)
        self.text.lang = self.front.meta.lang
        self.text.macros |= self.front.macros
        return tokens[1:]

    def _without_footnotes(self, tokens: list[Token], env: dict[str, Any]) -> list[Token]:
        """The tokens before those of footnotes, which are kept by number.

        Raises GraphstepError for a footnote that nothing refers to.
        """
        for label, number in env.get("footnotes", {}).get("refs", {}).items():
            if number < 0:
                mark = f"[^{label[1:]}]"
                line = next(k for k, text in enumerate(self.text.lines) if f"{mark}:" in text)
                raise GraphstepError("footnote_unused", source=self.text.source, text=mark,
                                     span=self.text.line(line))  # fmt: skip
        end = next((k for k, t in enumerate(tokens) if t.type == "footnote_block_open"), None)
        if end is None:
            return tokens
        number = -1
        for token in tokens[end + 1 : -1]:
            if token.type == "footnote_open":
                number = token.meta["id"]
            elif not token.type.startswith("footnote_"):
                self.footnotes.setdefault(number, []).append(token)
        return tokens[:end]

    def _footnotes(self, referred: list[int]) -> Iterator[Written]:
        """The footnotes that a slide refers to, each after its mark."""
        for k, number in enumerate(referred, 1):
            tokens = Blocks(self.text, iter(self.footnotes[number]), self.files)
            first, *rest = (block for token in tokens.tokens for block in tokens.block(token))
            mark = Run(f"{superscript(k)} ")
            if isinstance(first, Paragraph):
                yield Paragraph((mark, *first.parts))
            else:
                yield from (Paragraph((mark,)), first)
            yield from rest
        referred.clear()

    def _fence(self, token: Token) -> Fence:
        Blocks(self.text, iter(()), self.files).check_fence(token)
        return read_fence(self.text, token, self.front, self.files)

    def _slides(self, make: Make) -> Iterator[Slide]:
        """Slides: one for each heading of the first two levels, rule, and further figure."""
        blocks = Blocks(self.text, iter(self.tokens), self.files)
        draft = _Draft(self.text.source, self.front.incremental)
        self.lines, texts = draft.lines, blocks.texts
        blocks.figures = partial(self._figures, make)
        for token in blocks.tokens:
            line = token.map[0] + 1 if token.map else 1
            if token.type == "hr" or (token.type == "heading_open" and token.tag in TITLES):
                yield from draft.done(self._footnotes(texts.referred), texts.sides)
                begins = line + (token.type == "hr")
                draft.begin(self._title(blocks, token), begins, TITLES.get(token.tag, 2))
            elif token.type == "container_block_open" and blocks.container(token).name == NOTES:
                draft.notes.append(blocks.notes(token))
            elif token.type == "container_block_open" and blocks.container(token).name == BESIDE:
                yield from self._before_figure(draft, texts, line)
                draft.blocks.append(self._row(blocks, token, make))
            elif token.type == "html_block":
                draft.comments.append(blocks.comments(token))
            elif not is_figure(token):
                written = tuple(blocks.block(token))
                if draft.has_figure and any(map(has_figure, written)):
                    blocks.refuse("columns_figures", token)
                draft.add(written)
            else:
                for figure in self._figures(make, token):
                    yield from self._before_figure(draft, texts, line)
                    draft.blocks.append(figure)
        yield from draft.done(self._footnotes(texts.referred), texts.sides)

    def _before_figure(self, draft: _Draft, texts: Texts, line: int) -> Iterator[Slide]:
        """The slide so far, if a figure needs another one with the same title."""
        if draft.has_figure:
            yield from draft.done(self._footnotes(texts.referred), texts.sides)
            draft.begin(draft.title, line, draft.level)

    def _figures(self, make: Make, token: Token) -> list[FigureBlock]:
        """The figures of a fence."""
        fence = self._fence(token)
        return figure_blocks(fence, make(fence))

    def _row(self, blocks: Blocks, token: Token, make: Make) -> FigureBlock:
        """The figures of a container beside each other. Raises GraphstepError for anything else."""
        how = blocks.container(token).rest
        if how not in ("", IN_TURN):
            blocks.refuse("beside_how", token, how=how, known=IN_TURN)
        found: list[FigureBlock] = []
        for each in blocks.contents(token):
            if not is_figure(each):
                blocks.refuse("beside_figures", each)
            found += self._figures(make, each)
        if len(found) < 2:
            blocks.refuse("beside_figures", token)
        return row_block(found, how == IN_TURN)

    def _title(self, blocks: Blocks, token: Token) -> tuple[Inline, ...]:
        """The title that a rule or a heading gives to a slide."""
        if token.type == "hr":
            if RULED.fullmatch(self.text.lines[(token.map or [0])[0]]):
                blocks.refuse("other_table", token)
            return ()
        title = blocks.title(token)
        if token.markup == "-" and SLIDE_FRONT.match(plain(title)):
            blocks.refuse("other_slide_front", token)
        return title


TITLES = {"h1": 1, "h2": 2}
"""The headings that are titles of slides, with their levels."""
IN_TURN = "in turn"
"""What follows `::: beside` where figures step one after another."""
SPOKEN = re.compile(r"(?:[Nn]otes?|NOTES?): *")
"""The beginning of a paragraph from which on a slide has notes only."""


class _Draft:
    """A slide in the making."""

    def __init__(self, source: str, one_by_one: bool) -> None:
        self.source, self.one_by_one = source, one_by_one
        self.lines, self.comments = list[int](), list[str]()
        self.begin()

    def begin(self, title: tuple[Inline, ...] = (), line: int = 1, level: int = 2) -> None:
        """Begin a slide at a line of the text; comments before the first one belong to it."""
        self.title, self.line, self.level, self.speaking = title, line, level, False
        self.blocks: list[Written] = []
        self.notes: list[str] = []

    def add(self, blocks: Iterable[Written]) -> None:
        """Add blocks, or notes if the paragraph that begins them has come."""
        for block in blocks:
            text = plain(block.parts) if isinstance(block, Paragraph) else ""
            found = SPOKEN.match(text)
            self.speaking = self.speaking or found is not None
            if self.speaking and not has_figure(block):
                self.notes.append(text[found.end() :] if found else plain_text(always(block)))
            else:
                self.blocks.append(block)

    @property
    def has_figure(self) -> bool:
        """Whether there is a figure on it already."""
        return any(map(has_figure, self.blocks))

    def slide(self, sides: Sequence[Side]) -> Slide:
        """The slide. Raises GraphstepError for what cannot be shown when or where it should."""
        notes = "\n\n".join(filter(None, (*self.notes, *self.comments)))
        blocks = timed(self.blocks, self.source, self.one_by_one)
        return Slide(self.title, beside(blocks, sides, self.source), notes, self.level)

    def done(self, footnotes: Iterator[Written], sides: list[Side]) -> Iterator[Slide]:
        """The slide with its footnotes and the pictures beside it, unless it is empty."""
        self.blocks += footnotes
        if self.title or self.blocks or self.notes or sides:
            self.lines.append(self.line)
            yield self.slide(sides)
            self.comments.clear()
        sides.clear()
