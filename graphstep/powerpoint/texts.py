"""Texts of a slide as native text, with upper bounds of their heights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from ..look.style import PARTS
from ..look.text_widths import width, wrap
from ..slides.deck import (
    BODY,
    Block,
    Code,
    Columns,
    Display,
    Formula,
    Heading,
    Inline,
    Items,
    Paragraph,
    Picture,
    Quote,
    Run,
    Styled,
    Table,
)
from ..slides.program_text import ProgramLine, longest, numbering, program_lines
from ..slides.slide_plans import text_parts
from .formula_runs import formula_runs
from .masters import INDENT
from .xml import LEADING, SUB, SUPER, Inks, Span, emu, paragraph, text_run

PLAIN_WIDTH = 0.92  # greatest width of a plain text, as a part of that of a bold one
PARAGRAPH_GAP = 0.45  # ems
CODE, LEAST_CODE = 15.0, 9.0  # points: the size of program text, and the smallest
CODE_WIDTH = 0.602  # ems a character
PADDING = 10.0  # points around program text
CELL_PADDING = 6.0  # points around the text of a cell of a table
ALIGNED = {"left": "l", "center": "ctr", "right": "r"}
TITLE_PARTS = tuple(part for part in text_parts() if part <= 1.0)
HEADINGS = {2: 1.22, 3: 1.12}


class Para(NamedTuple):
    """A paragraph. `bullet` is "•", a number, or nothing; `level` counts the lists it is in."""

    spans: tuple[Span, ...]
    level: int = 0
    bullet: str | int = ""
    align: str = "l"

    @property
    def size(self) -> float:
        """The size of its largest run."""
        return max((span.size for span in self.spans), default=BODY)

    def height(self, available: float) -> float:
        """The height of its lines, without the space around it."""
        lines, inner = 0, available - self.level * INDENT
        for last, line in groupby(self.spans, lambda span: span.text == "\n"):
            if not last:
                lines += _lines(list(line), self.size, inner)
        return max(1, lines) * self.size * LEADING


class Words(NamedTuple):
    """Paragraphs in one text box."""

    paragraphs: tuple[Para, ...]

    def height(self, available: float) -> float:
        """The greatest height of the box."""
        gaps = PARAGRAPH_GAP * sum(para.size for para in self.paragraphs[1:])
        return sum(para.height(available) for para in self.paragraphs) + gaps

    def sized(self, part: float) -> Words:
        """The same in another size."""
        return Words(tuple(p._replace(spans=resized(p.spans, part)) for p in self.paragraphs))

    def xml(self, colours: Inks, lang: str, own: bool = True) -> str:
        """The paragraphs as XML; if not with their `own` bullets, then with those of the master."""
        write = _xml if own else _plain_xml
        return "".join(write(p, k, colours, lang) for k, p in enumerate(self.paragraphs))


class Listing(NamedTuple):
    """Program text."""

    code: Code
    size: float = CODE

    def height(self, available: float) -> float:
        """The height with padding."""
        return len(self.lines) * self.fitting(available) * LEADING + 2 * PADDING

    def sized(self, part: float) -> Listing:
        """The same in another size."""
        return self._replace(size=self.size * part)

    def fitting(self, available: float) -> float:
        """The size at which the longest line fits, but never too small to read."""
        wide = CODE_WIDTH * longest(self.code)
        return max(min(self.size, (available - 2.5 * PADDING) / wide), LEAST_CODE)

    @property
    def lines(self) -> tuple[ProgramLine, ...]:
        """Its lines; there is at least one."""
        return program_lines(self.code)

    @property
    def indent(self) -> int:
        """The letters that numbers of lines take, with the space after them."""
        return numbering(self.lines[0])


class Grid(NamedTuple):
    """A table; its cells are paragraphs."""

    rows: tuple[tuple[Para, ...], ...]
    align: str = "center"

    def columns(self, available: float) -> list[float]:
        """Widths of the columns: natural, or narrower but with whole words if possible."""
        columns = list(zip(*self.rows, strict=True))
        wanted = [max(map(_natural, column)) + 2 * CELL_PADDING for column in columns]
        least = [max(map(_longest, column)) + 2 * CELL_PADDING for column in columns]
        if sum(wanted) <= available:
            return wanted
        if sum(least) >= available:
            return [wide * available / sum(least) for wide in least]
        part = (available - sum(least)) / (sum(wanted) - sum(least))
        return [low + part * (wide - low) for low, wide in zip(least, wanted, strict=True)]

    def heights(self, available: float) -> list[float]:
        """Heights of the rows."""
        columns = self.columns(available)
        return [
            max(c.height(w - 2 * CELL_PADDING) for c, w in zip(row, columns, strict=True))
            + 1.4 * CELL_PADDING
            for row in self.rows
        ]

    def height(self, available: float) -> float:
        """The greatest height of the table."""
        return sum(self.heights(available))

    def sized(self, part: float) -> Grid:
        """The same in another size."""
        rows = tuple(
            tuple(c._replace(spans=resized(c.spans, part)) for c in row) for row in self.rows
        )
        return self._replace(rows=rows)


class TextWriter:
    """Converts the texts of a deck to paragraphs; `link` names the relation of an address."""

    def __init__(self, link: Callable[[str], str]) -> None:
        self.link = link

    def spans(self, parts: Iterable[Inline], look: Span) -> Iterator[Span]:
        """Runs in a basic style."""
        for part in parts:
            if isinstance(part, Run):
                yield self.run(part, look)
            elif isinstance(part, Formula):
                for each in formula_runs(part.tree):
                    yield look._replace(
                        text=each.text, italic=each.italic, rise=(0, SUPER, SUB)[each.rise],
                        colour=each.colour or look.colour, boxed=each.boxed,
                    )  # fmt: skip
            else:
                yield look._replace(text=part.alt)

    def run(self, part: Run, look: Span) -> Span:
        """A run in the style of the text around it."""
        return look._replace(
            text=part.text, bold=look.bold or part.bold, italic=look.italic != part.italic,
            code=part.code, struck=part.struck, underlined=part.underlined,
            colour=PARTS.get(part.colour, part.colour) or look.colour,
            link=self.link(part.address) if part.address else "",
        )  # fmt: skip

    def blocks(self, blocks: Iterable[Block]) -> Iterator[Any]:
        """Blocks in order, with adjacent paragraphs joined into boxes."""
        stream = self.stream(blocks, Span("", BODY, "ink"), 0)
        for words, group in groupby(stream, lambda thing: isinstance(thing, Para)):
            found: tuple[Any, ...] = tuple(group)
            yield from [Words(found)] if words else found

    def stream(self, blocks: Iterable[Block], look: Span, level: int) -> Iterator[object]:
        """Blocks in order, with texts as paragraphs."""
        for block in blocks:
            if isinstance(block, Paragraph):
                yield from self.paragraph(block.parts, look, level)
            elif isinstance(block, Heading):
                size = look.size * HEADINGS.get(block.level, 1.0)
                heavy = look._replace(bold=True, size=size)
                yield Para(tuple(self.spans(block.parts, heavy)), level)
            elif isinstance(block, Items):
                yield from self.items(block, look, level)
            elif isinstance(block, Quote):
                yield from self.stream(block.blocks, look._replace(colour="muted"), level + 1)
            elif isinstance(block, Code):
                yield Listing(block, CODE * look.size / BODY)
            elif isinstance(block, Table):
                yield self.table(block, look)
            elif isinstance(block, Styled):
                yield from self.styled(block, look, level)
            else:
                yield block

    def styled(self, block: Styled, look: Span, level: int) -> Iterator[object]:
        """Blocks at a side, or in a size; what is no text stays in a block of that style."""
        size = look._replace(size=block.size * look.size)
        for thing in self.stream(block.blocks, size, level):
            if isinstance(thing, Para) and block.align:
                yield thing._replace(align=ALIGNED[block.align])
            elif isinstance(thing, Grid) and block.align:
                yield thing._replace(align=block.align)
            elif isinstance(thing, Display | Picture | Columns | Styled):
                yield Styled((thing,), block.align, block.size)
            else:
                yield thing

    def paragraph(
        self, parts: Iterable[Inline], look: Span, level: int, bullet: str | int = ""
    ) -> Iterator[object]:
        """A paragraph, divided at its pictures."""
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
                Para(tuple(self.spans(cell, look._replace(bold=not r, size=0.9 * look.size))),
                     align=ALIGNED[align])
                for cell, align in zip(row, table.aligns, strict=True)
            )
            for r, row in enumerate(table.rows)
        ))  # fmt: skip


def resized(spans: Iterable[Span], part: float) -> tuple[Span, ...]:
    """Scale runs."""
    return tuple(span._replace(size=part * span.size) for span in spans)


def fitted(spans: tuple[Span, ...], available: float, least: float = 0.7) -> tuple[Span, ...]:
    """Shrink runs to fit on one line, but not below the part `least` of their size."""
    wide = sum(map(_wide, spans))
    return resized(spans, max(least, available / wide)) if wide > available else spans


def filling(spans: tuple[Span, ...], available: float, high: float) -> tuple[Span, ...]:
    """Runs in the largest size at which their lines fit, or else in the smallest one."""
    sized = [resized(spans, part) for part in (*TITLE_PARTS, 0.5, 0.4, 0.3)]
    return next((s for s in sized if Para(s).height(available) <= high), sized[-1])


def _wide(span: Span) -> float:
    if span.code:
        return CODE_WIDTH * span.size * len(span.text)
    return width(span.text, span.size) * (1.0 if span.bold else PLAIN_WIDTH)


def _natural(para: Para) -> float:
    """The width of a paragraph on one line."""
    return max(sum(map(_wide, para.spans)), BODY)


def _longest(para: Para) -> float:
    """The width of a paragraph's longest word."""
    text = "".join(span.text for span in para.spans)
    plain = not any(span.bold or span.code for span in para.spans)
    size = para.size * (PLAIN_WIDTH if plain else 1.0)
    return max((width(word, size) for word in text.split(" ")), default=BODY)


def _lines(spans: list[Span], size: float, available: float) -> int:
    """The greatest number of lines of a text."""
    plain = not any(span.bold for span in spans)
    text = "".join(span.text for span in spans).replace("\u00a0", " ")
    return len(wrap(text, size * (PLAIN_WIDTH if plain else 1.0), available))


def _xml(para: Para, position: int, colours: Inks, lang: str) -> str:
    """A paragraph with the space before it and its bullet."""
    left = para.level * INDENT
    back = INDENT if para.bullet else 0.0
    before = round(PARAGRAPH_GAP * para.size * 100) if position else 0
    inside = f'<a:spcBef><a:spcPts val="{before}"/></a:spcBef>'
    if not para.bullet:
        inside += "<a:buNone/>"
    elif isinstance(para.bullet, int):
        inside += _numbered(para.bullet)
    else:
        inside += f'<a:buFont typeface="Arial"/><a:buChar char="{para.bullet}"/>'
    given = f' marL="{emu(left)}" indent="{-emu(back)}"'
    return _paragraph(para, colours, lang, inside, given)


def _paragraph(para: Para, colours: Inks, lang: str, inside: str, given: str) -> str:
    """A paragraph with its level and its runs."""
    given += f' lvl="{min(para.level - 1, 8)}"' if para.level > 1 else ""
    runs = (text_run(span, colours, lang) for span in para.spans if span.text)
    return paragraph(runs, para.align, inside, given)


def _numbered(start: int) -> str:
    """A number as the bullet of a paragraph."""
    number = f'<a:buAutoNum type="arabicPeriod" startAt="{start}"/>'
    return f'<a:buFont typeface="+mj-lt"/>{number}'


def _plain_xml(para: Para, _: int, colours: Inks, lang: str) -> str:
    """A paragraph whose bullet and indent are those of a master."""
    given = inside = ""
    if not para.bullet:
        given, inside = ' marL="0" indent="0"', "<a:buNone/>"
    elif isinstance(para.bullet, int):
        inside = _numbered(para.bullet)
    return _paragraph(para, colours, lang, inside, given)
