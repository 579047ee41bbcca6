"""Texts of a slide as native text, with the room they take at most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from ..figure.deck import (
    BODY,
    Block,
    Code,
    Formula,
    Heading,
    Inline,
    Items,
    Paragraph,
    Picture,
    Quote,
    Run,
    Table,
)
from ..figure.slide_plans import text_parts
from ..look.text_widths import width, wrap
from .formula_runs import pieces
from .masters import INDENT
from .xml import LEADING, SUB, SUPER, Inks, Span, emu, paragraph, run

PLAIN = 0.92  # of the width of a bold text, what a plain one takes at most
BETWEEN = 0.45  # ems between paragraphs
CODE, LEAST_CODE = 15.0, 9.0  # points
CODE_WIDTH = 0.602  # ems a character
PADDING = 10.0  # points around program text
CELL = 6.0  # points around the text of a cell of a table
SCHEMES = ("http", "https", "mailto")
HEADINGS = {2: 1.22, 3: 1.12}


class Para(NamedTuple):
    """A paragraph. `bullet` is "•", a number, or nothing; `level` counts the lists it is in."""

    spans: tuple[Span, ...]
    level: int = 0
    bullet: str | int = ""
    align: str = "l"

    @property
    def size(self) -> float:
        """The largest of its sizes."""
        return max((span.size for span in self.spans), default=BODY)

    def height(self, room: float) -> float:
        """What its lines take, without the space around it."""
        lines, inner = 0, room - self.level * INDENT
        for last, line in groupby(self.spans, lambda span: span.text == "\n"):
            if not last:
                lines += _lines(list(line), self.size, inner)
        return max(1, lines) * self.size * LEADING


class Words(NamedTuple):
    """Paragraphs in one box of text."""

    paragraphs: tuple[Para, ...]

    def height(self, room: float) -> float:
        """What the box takes at most."""
        gaps = BETWEEN * sum(para.size for para in self.paragraphs[1:])
        return sum(para.height(room) for para in self.paragraphs) + gaps

    def sized(self, part: float) -> Words:
        """The same in another size."""
        return Words(tuple(p._replace(spans=resized(p.spans, part)) for p in self.paragraphs))

    def xml(self, colours: Inks, lang: str) -> str:
        """The paragraphs."""
        return "".join(_xml(p, k, colours, lang) for k, p in enumerate(self.paragraphs))


class Listing(NamedTuple):
    """Program text."""

    text: str
    size: float = CODE

    def height(self, room: float) -> float:
        """What it takes with its frame."""
        return len(self.lines) * self.fitting(room) * LEADING + 2 * PADDING

    def sized(self, part: float) -> Listing:
        """The same in another size."""
        return self._replace(size=self.size * part)

    def fitting(self, room: float) -> float:
        """A size at which the longest line fits, as far as it can be read."""
        longest = max(1, *map(len, self.lines))
        return max(min(self.size, (room - 2.5 * PADDING) / (CODE_WIDTH * longest)), LEAST_CODE)

    @property
    def lines(self) -> list[str]:
        """Its lines; never none."""
        return self.text.expandtabs(4).rstrip("\n").split("\n")


class Grid(NamedTuple):
    """A table; its cells are paragraphs."""

    rows: tuple[tuple[Para, ...], ...]

    def columns(self, room: float) -> list[float]:
        """Widths of the columns: what their texts take, or less, but whole words if they fit."""
        columns = list(zip(*self.rows, strict=True))
        wanted = [max(map(_natural, column)) + 2 * CELL for column in columns]
        least = [max(map(_longest, column)) + 2 * CELL for column in columns]
        if sum(wanted) <= room:
            return wanted
        if sum(least) >= room:
            return [wide * room / sum(least) for wide in least]
        part = (room - sum(least)) / (sum(wanted) - sum(least))
        return [low + part * (wide - low) for low, wide in zip(least, wanted, strict=True)]

    def heights(self, room: float) -> list[float]:
        """Heights of the rows."""
        columns = self.columns(room)
        return [
            max(c.height(w - 2 * CELL) for c, w in zip(row, columns, strict=True)) + 1.4 * CELL
            for row in self.rows
        ]

    def height(self, room: float) -> float:
        """What it takes at most."""
        return sum(self.heights(room))

    def sized(self, part: float) -> Grid:
        """The same in another size."""
        rows = tuple(
            tuple(c._replace(spans=resized(c.spans, part)) for c in row) for row in self.rows
        )
        return Grid(rows)


class Writer:
    """Makes paragraphs of the parts of a deck; `link` names the relation of an address."""

    def __init__(self, link: Callable[[str], str]) -> None:
        self.link = link

    def spans(self, parts: Iterable[Inline], look: Span) -> Iterator[Span]:
        """Runs in a basic look."""
        for part in parts:
            if isinstance(part, Run):
                yield self.run(part, look)
            elif isinstance(part, Formula):
                for piece in pieces(part.tree):
                    yield look._replace(
                        text=piece.text, italic=piece.italic, rise=(0, SUPER, SUB)[piece.rise]
                    )
            else:
                yield look._replace(text=part.alt)

    def run(self, part: Run, look: Span) -> Span:
        """A run of a text in the look of what is around it."""
        address = _address(part.link)
        return look._replace(
            text=part.text, bold=look.bold or part.bold, italic=look.italic != part.italic,
            code=part.code, struck=part.struck, link=self.link(address) if address else "",
        )  # fmt: skip

    def blocks(self, blocks: Iterable[Block]) -> Iterator[object]:
        """Paragraphs joined into boxes, and everything else as it is, in order."""
        stream = self.stream(blocks, Span("", BODY, "ink"), 0)
        for words, group in groupby(stream, lambda thing: isinstance(thing, Para)):
            found: tuple[Any, ...] = tuple(group)
            yield from [Words(found)] if words else found

    def stream(self, blocks: Iterable[Block], look: Span, level: int) -> Iterator[object]:
        """Paragraphs, and other blocks, one after the other."""
        for block in blocks:
            if isinstance(block, Paragraph):
                yield from self.paragraph(block.parts, look, level)
            elif isinstance(block, Heading):
                size = BODY * HEADINGS.get(block.level, 1.0)
                heavy = look._replace(bold=True, size=size)
                yield Para(tuple(self.spans(block.parts, heavy)), level)
            elif isinstance(block, Items):
                yield from self.items(block, look, level)
            elif isinstance(block, Quote):
                yield from self.stream(block.blocks, look._replace(colour="muted"), level + 1)
            elif isinstance(block, Code):
                yield Listing(block.text)
            elif isinstance(block, Table):
                yield self.table(block, look)
            else:
                yield block

    def paragraph(
        self, parts: Iterable[Inline], look: Span, level: int, bullet: str | int = ""
    ) -> Iterator[object]:
        """A paragraph; a picture in it stands below what comes before it."""
        for picture, group in groupby(parts, lambda part: isinstance(part, Picture)):
            if picture:
                yield from group
            else:
                yield Para(tuple(self.spans(group, look)), level, bullet)
                bullet = ""

    def items(self, items: Items, look: Span, level: int) -> Iterator[object]:
        """A list: the first paragraph of each item has the bullet or the number."""
        for k, item in enumerate(items.items):
            bullet = "•" if items.start is None else items.start + k
            first = item[0] if item else None
            named = isinstance(first, Paragraph)
            if isinstance(first, Paragraph):
                yield from self.paragraph(first.parts, look, level + 1, bullet)
            yield from self.stream(item[named:], look, level + 1)

    def table(self, table: Table, look: Span) -> Grid:
        """A table, its first row bold."""
        return Grid(tuple(
            tuple(
                Para(tuple(self.spans(cell, look._replace(bold=not r, size=0.9 * BODY))),
                     align={"center": "ctr", "right": "r"}.get(align, "l"))
                for cell, align in zip(row, table.aligns, strict=True)
            )
            for r, row in enumerate(table.rows)
        ))  # fmt: skip


def resized(spans: Iterable[Span], part: float) -> tuple[Span, ...]:
    """Runs in another size."""
    return tuple(span._replace(size=part * span.size) for span in spans)


def fitted(spans: tuple[Span, ...], room: float, least: float = 0.7) -> tuple[Span, ...]:
    """Runs made smaller, as far as that goes, until they fit into a line."""
    wide = sum(map(_wide, spans))
    return resized(spans, max(least, room / wide)) if wide > room else spans


def filling(spans: tuple[Span, ...], room: float, high: float) -> tuple[Span, ...]:
    """Runs in the largest size in which their lines fit into a place, or the smallest there is."""
    sized = [resized(spans, part) for part in (*text_parts(), 0.5, 0.4, 0.3)]
    return next((s for s in sized if Para(s).height(room) <= high), sized[-1])


def _wide(span: Span) -> float:
    if span.code:
        return CODE_WIDTH * span.size * len(span.text)
    return width(span.text, span.size) * (1.0 if span.bold else PLAIN)


def _natural(para: Para) -> float:
    """How wide a paragraph is on one line."""
    return max(sum(map(_wide, para.spans)), BODY)


def _longest(para: Para) -> float:
    """How wide the longest word of a paragraph is."""
    text = "".join(span.text for span in para.spans)
    plain = not any(span.bold or span.code for span in para.spans)
    size = para.size * (PLAIN if plain else 1.0)
    return max((width(word, size) for word in text.split(" ")), default=BODY)


def _lines(spans: list[Span], size: float, room: float) -> int:
    """How many lines a text takes at most."""
    plain = not any(span.bold for span in spans)
    text = "".join(span.text for span in spans).replace("\u00a0", " ")
    return len(wrap(text, size * (PLAIN if plain else 1.0), room))


def _address(link: str) -> str:
    """An address as a file may hold it; empty for what is none that a reader should follow."""
    try:
        scheme = urlsplit(link).scheme.lower()
    except ValueError:
        return ""
    return quote(link, safe="%:/?#[]@!$&'()*+,;=~") if scheme in SCHEMES else ""


def _xml(para: Para, position: int, colours: Inks, lang: str) -> str:
    """A paragraph with the space before it and what stands at its left."""
    left = para.level * INDENT
    back = INDENT if para.bullet else 0.0
    before = round(BETWEEN * para.size * 100) if position else 0
    inside = f'<a:spcBef><a:spcPts val="{before}"/></a:spcBef>'
    if not para.bullet:
        inside += "<a:buNone/>"
    elif isinstance(para.bullet, int):
        inside += '<a:buFont typeface="+mj-lt"/><a:buAutoNum type="arabicPeriod" '
        inside += f'startAt="{para.bullet}"/>'
    else:
        inside += f'<a:buFont typeface="Arial"/><a:buChar char="{para.bullet}"/>'
    given = f' marL="{emu(left)}" indent="{-emu(back)}"'
    given += f' lvl="{min(para.level - 1, 8)}"' if para.level > 1 else ""
    runs = (run(span, colours, lang) for span in para.spans if span.text)
    return paragraph(runs, para.align, inside, given)
