"""PDF: slides, one page a frame, and handouts with all steps small on paper.

The deck becomes Typst code: content, and calls of the functions in `static/deck.typ`, which do the
layout. Every text of a user goes in as a quoted string.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from hashlib import blake2s
from math import inf
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base import package_files
from ..base.errors import one_of
from ..formulas.typst_math import PREAMBLE, typst
from ..formulas.unicode import unicode
from ..graph.expressions import all_on_one_line
from ..look.fonts import CODE, TEXT, not_drawn
from ..look.style import PAGES, palette_of
from ..look.typst import array, document_metadata, equations, literal, not_installed, typeset
from ..slides import slide_plans
from ..slides.arrangement import deck_of, for_paper
from ..slides.deck import (
    BODY,
    LOGO,
    MARGIN,
    NOTE,
    QUIET,
    SIZES,
    SMALL_LOGO,
    TITLE,
    UNDER_TITLE_GAP,
    UNDER_TITLE_SIZES,
    Block,
    Code,
    Columns,
    Deck,
    Display,
    FigureBlock,
    Formula,
    Heading,
    Inline,
    Items,
    Meta,
    Paragraph,
    Picture,
    Quote,
    Run,
    Slide,
    Styled,
    Table,
    Timed,
    footer_size,
    plain,
    slide_texts,
)
from ..slides.design import Design, on_paper
from ..slides.figure_rows import each_frame
from ..slides.legibility import PAPER_LEAST, SlideSizes, figure_size, legible_scale, paper_scale
from ..slides.program_text import program_colours, program_lines
from ..slides.slide_plans import PAPER
from ..slides.too_wide import WRAPPED, too_wide
from .all_at_once import all_at_once

if TYPE_CHECKING:
    from ..figure.figure import Figure, Frame
    from ..slides.figure_rows import RowFrame


class PageStyle(NamedTuple):
    """Sizes in points and the theme of a document."""

    page: tuple[float, float]
    margin: float
    top: float
    bottom: float  # holds the page number
    title: float
    body: float
    note: float
    design: Design


def whole(figure: Figure) -> bytes:
    """A figure alone, one page a frame. Raises OutputError."""
    return deck(deck_of(figure))


def deck(deck: Deck) -> bytes:
    """Slides, one page a frame of a figure. Raises OutputError."""
    source, files = _slides(deck)
    return typeset(source, files=files, system=_has_fonts(deck))[0]


def sizes(deck: Deck) -> list[SlideSizes]:
    """What becomes of each slide; `over` counts the pages beyond the first. Raises OutputError."""
    source, files = _slides(deck)
    reports = iter(document_metadata(source, "slide", files, _has_fonts(deck)))
    aspect = deck.meta.aspect
    return [too_wide(slide, aspect, _sizes(slide, reports), WRAPPED) for slide in deck.slides]


def _sizes(slide: Slide, reports: Iterator[dict[str, Any]]) -> SlideSizes:
    """The sizes of a slide, some of whose texts may be on pages before the figure."""
    if not slide.blocks:
        return SlideSizes(BODY)
    report = next(reports)
    part, more = report["size"] or 1.0, report["pages"] - 1
    if not slide.figure:
        return SlideSizes(BODY * part, over=more)
    plan = report["plan"] or next(reports)["plan"]
    figure, formulas = figure_size(slide.figure, plan["scale"]), BODY * plan["formulas"]
    return SlideSizes(BODY * part, figure, more, formulas)


def missing_fonts(deck: Deck) -> list[str]:
    """The fonts of a deck that are not installed, in whose place the usual ones are."""
    return not_installed(dict.fromkeys(filter(None, deck.meta.look.fonts)))


def missing_letters(deck: Deck) -> list[str]:
    """The characters of each slide for which there is no font; on the system others are found."""
    if _has_fonts(deck):
        return [""] * len(deck.slides)
    return [not_drawn(" ".join(slide_texts(slide))) for slide in deck.slides]


def _has_fonts(deck: Deck) -> bool:
    """Whether a deck has fonts of its own, which are looked for on the system."""
    return any(deck.meta.look.fonts)


def _slides(deck: Deck) -> tuple[str, dict[str, bytes]]:
    """The document of slides, and its files."""
    meta = deck.meta
    one_of("aspect", meta.aspect, SIZES)
    one_of("theme", meta.theme, PAGES)
    size, cover = SIZES[meta.aspect], "cover" if meta.title else ""
    look = PageStyle(size, MARGIN, MARGIN, MARGIN, TITLE, BODY, NOTE, meta.look)
    return _document(deck, look, cover, "section", _slide)


def handout(deck: Deck) -> bytes:
    """A deck on paper: its texts, and all steps of its figures small. Raises OutputError."""
    source, files = _handout(deck)
    return typeset(source, files=files, system=_has_fonts(deck))[0]


def handout_sizes(deck: Deck) -> list[SlideSizes]:
    """The sizes of figures and programs on paper, for each slide. Raises OutputError."""
    source, files = _handout(deck)
    slides = all_at_once(deck).slides
    reports = iter(document_metadata(source, "slide", files, _has_fonts(deck)))
    counts = (sum(isinstance(block, FigureBlock) for block in slide.blocks) for slide in slides)
    parts = (min((next(reports)["plan"] for _ in range(n)), default=inf) for n in counts)
    sizes = (SlideSizes(PAPER.body, PAPER_LEAST * part) for part in parts)
    wide = PAPER.page[0] - 2 * PAPER.margin
    lines = WRAPPED._replace(wide=wide, least=PAPER_LEAST)
    pairs = zip(slides, sizes, strict=True)
    return [too_wide(slide, deck.meta.aspect, size, lines) for slide, size in pairs]


def _handout(deck: Deck) -> tuple[str, dict[str, bytes]]:
    """The document of a handout, and its files."""
    kept = {name: getattr(PAPER, name) for name in PageStyle._fields if name != "design"}
    look = PageStyle(**kept, design=on_paper(deck.meta.look))
    return _document(all_at_once(deck), look, "opening", "chapter", _topic)


def _document(
    deck: Deck,
    look: PageStyle,
    cover: str,
    section: str,
    page: Callable[[TypstWriter, Slide, int], str],
) -> tuple[str, dict[str, bytes]]:
    """The code of a document, and its files.

    `cover` and `section` name the functions for the title and for slides with a title alone.
    """
    writer, meta, level = TypstWriter(look.design.theme), deck.meta, 1
    code = [
        '#import "deck.typ" as deck',
        f"#let look = {_look(look, deck, writer)}",
        "#show: body => deck.prepared(look, body)",
        PREAMBLE(look.design.inks("default")),
        "#let side = center",  # at which pictures and formulas stand
    ]
    if cover:
        code.append(f"#deck.{cover}(look, {literal(meta.title)}, {_under_title(meta)})")
    for slide in deck.slides:
        if slide.opens_part and not slide.blocks:
            code.append(f"#deck.{section}(look, {writer.inline(slide.title)})")
        else:
            code.append(page(writer, slide, 1 if slide.opens_part else level))
        level = 2 if slide.opens_part else level  # of the slides that follow
    return "\n".join(code), {**_functions(), **writer.files}


@cache
def _functions() -> dict[str, bytes]:
    plans = json.dumps({**slide_plans.as_data(), "paper": PAPER._asdict()}).encode()
    return {
        "deck.typ": package_files.text(__file__, "static", "deck.typ").encode(),
        "slide_plans.json": plans,
        **equations(),
    }


def _under_title(meta: Meta) -> str:
    """The texts under the title, each with its size and its place in the hierarchy."""
    return array(
        f"({literal(text)}, {UNDER_TITLE_SIZES[name]}, {str(name in QUIET).lower()})"
        for name, text in meta.under_title
    )


def _look(look: PageStyle, deck: Deck, writer: TypstWriter) -> str:
    """The record `look` that the functions of `deck.typ` take."""
    meta, design = deck.meta, look.design
    colours, (tint, line) = design.inks("default"), design.shades
    families = design.fonts.families
    wide, high = look.page
    small = look.note / NOTE
    points = {
        **{name: getattr(look, name) for name in ("margin", "top", "bottom", *TEXT_SIZES)},
        "width": wide - 2 * look.margin,
        "height": high - look.top - look.bottom,
        "gap": UNDER_TITLE_GAP * look.body,
        "footing": footer_size(meta.footer, wide - 2 * look.margin, look.note),
    }
    shades = {
        "paper": design.paper, "ink": colours.ink, "muted": colours.muted,
        "accent": colours.accent, "tint": tint, "line": line,
    }  # fmt: skip
    words = {
        "name": meta.title or _name(deck), "author": meta.author, "lang": meta.lang,
        "footer": meta.footer,
    }  # fmt: skip
    return _record(
        page=f"({wide}pt, {high}pt)", date=_date(meta.date), inks=_inks(design),
        logo=f"({writer.picture(meta.logo)})" if meta.logo else "none",
        logos=array(f"({w * small}pt, {h * small}pt)" for w, h in (LOGO, SMALL_LOGO)),
        numbering=NUMBERS[meta.numbering],
        fonts=array(map(_families, families, (TEXT, TEXT, CODE))),
        **{name: f"{value}pt" for name, value in points.items()},
        **_shades(shades),
        **{name: literal(value) for name, value in words.items()},
    )  # fmt: skip


def _inks(design: Design) -> str:
    """The colours of program text."""
    return _record(**_shades(program_colours(design)))


def _shades(colours: Mapping[str, str]) -> dict[str, str]:
    """Colours as code."""
    return {name: f"rgb({literal(colour)})" for name, colour in colours.items()}


def _families(family: str, usual: str) -> str:
    """A font, and what replaces it where it is not installed or lacks a letter."""
    return array(map(literal, dict.fromkeys((family, usual))))


TEXT_SIZES = ("title", "body", "note")
NUMBERS = {"true": '"1 / 1"', "page": '"1"', "false": "none"}


def _name(deck: Deck) -> str:
    """The name of a deck without a title: that of its first slide or first figure."""
    titles = (plain(slide.title) for slide in deck.slides)
    sources = (slide.figure.stepper.graph.source for slide in deck.slides if slide.figure)
    return next(filter(None, titles), "") or all_on_one_line(next(sources, ""))


def _date(text: str) -> str:
    """A date in ISO format as code, for the document's properties; none for any other text."""
    with suppress(ValueError):
        day = date.fromisoformat(text)
        return f"datetime(year: {day.year}, month: {day.month}, day: {day.day})"
    return "none"


def _slide(writer: TypstWriter, slide: Slide, level: int) -> str:
    """The pages of a slide."""
    figure, title = slide.figure, writer.title(slide)
    start = f"look, {level}, {slide.moments}, {title}"
    if figure is None:
        grows = str(not slide.keeps_size).lower()
        return f"#deck.prose({start}, {SEEN} {writer.blocks(slide.blocks)}, grows: {grows})"
    above, below = (f"{SEEN} {writer.blocks(b)}" if b else "none" for b in slide.around)
    layered = str(bool(slide.layers)).lower()
    call = f"run({start}, {above}, {below}, {layered}, {legible_scale(figure):.4f}"
    return "#" + writer.figure(figure, slide.timeline(figure), call)


def _topic(writer: TypstWriter, slide: Slide, level: int) -> str:
    """A slide of a handout."""
    at = slide.blocks.index(slide.figure) if slide.figure else 0
    body = writer.blocks(slide.blocks[at:])
    if at:
        body = f"{{deck.above({writer.blocks(slide.blocks[:at])}); {body}}}"
    return f"#deck.topic(look, {level}, {writer.title(slide)}, {SEEN} {body})"


SEEN = "(high, now) =>"
"""The start of content: it depends on the greatest height of a picture, and on the moment."""


class TypstWriter:
    """Writes the parts of a deck as Typst code, and collects the files that it uses."""

    def __init__(self, theme: str) -> None:
        self.theme = theme
        self.files: dict[str, bytes] = {}

    def file(self, content: bytes, suffix: str) -> str:
        """Add a file, and return its name as code; equal content has one name."""
        name = blake2s(content, digest_size=8).hexdigest() + suffix
        self.files[name] = content
        return literal(name)

    def picture(self, picture: Picture) -> str:
        """The file and the description of an image, as arguments."""
        suffix = picture.suffix.lower()
        name = self.file(picture.data, suffix if suffix in SUFFIXES else "")
        return f"{name}, {literal(picture.alt)}"

    def title(self, slide: Slide) -> str:
        """A slide's title, or none."""
        return self.inline(slide.title) if slide.title else "none"

    def inline(self, parts: Iterable[Inline]) -> str:
        """A line of text, formulas and icons."""
        return _joined(INLINE[type(part)](self, part) for part in parts)

    def blocks(self, blocks: Iterable[Block]) -> str:
        """Blocks, one below the other, as code that uses the names in `SEEN`."""
        return _joined(BLOCKS[type(block)](self, block) for block in blocks)

    def figure(self, figure: FigureBlock, timeline: Iterable[int | None], call: str) -> str:
        """A call completed with the frames of a figure and their moments, in its colours."""
        frames = array(map(self.frame, figure.frames, map(figure.noted, figure.frames)))
        at = array("none" if k is None else str(k) for k in timeline)
        return f"[\n{self.preamble(figure)}#deck.{call}, {frames}, {at})\n]"

    def preamble(self, figure: FigureBlock) -> str:
        """What gives formulas the colours of a figure."""
        return str(PREAMBLE(getattr(palette_of(figure.stepper.style.palette), self.theme)))

    def images(self, frame: Frame | RowFrame) -> str:
        """The pictures of a frame: one of each figure."""
        return array(
            self.file(one.picture(self.theme).encode(), ".svg") for one in each_frame(frame)
        )

    def frame(self, frame: Frame | RowFrame, noted: bool) -> str:
        """A frame: its pictures, its caption, and the sides of its equations."""
        equations = frame.equations
        return _record(
            files=self.images(frame),
            alt=literal(frame.caption),
            caption=literal(frame.caption),
            noted=str(noted).lower(),
            sides=array(array(f"${typst(side)}$" for side in e.sides) for e in equations),
            spoken=literal("\n".join(map(unicode, equations))),
        )


SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")  # others are recognized by content


def _run(_: TypstWriter, run: Run) -> str:
    text = "; linebreak(); ".join(map(literal, run.text.split("\n")))
    text = f"raw({literal(run.text)})" if run.code else f"{{{text}}}"
    names = ("underline" * run.underlined, "strike" * run.struck, "emph" * run.italic,
             "strong" * run.bold, f"gs{run.colour}" * bool(run.colour))  # fmt: skip
    for name in names:
        text = f"{name}({text})" if name else text
    return f"link({literal(run.address)}, {text})" if run.address else text


def _formula(_: TypstWriter, formula: Formula) -> str:
    return f"deck.formula({literal(unicode(formula.tree))}, ${typst(formula.tree)}$)"


def _display(_: TypstWriter, display: Display) -> str:
    tree = display.formula.tree
    return f"deck.display({literal(unicode(tree))}, side, ${typst(tree)}$)"


def _items(writer: TypstWriter, items: Items) -> str:
    inside = "".join(f"{writer.blocks(item)}, " for item in items.items)
    start = "" if items.start is None else f"start: {max(items.start, 0)}, "
    return f"{'list' if items.start is None else 'enum'}({start}{inside})"


def _timed(writer: TypstWriter, timed: Timed) -> str:
    layers = ((array(map(str, sorted(layer.moments))), writer.blocks(layer.blocks))
              for layer in timed.layers)  # fmt: skip
    shown = f"deck.timed(now, {', '.join(f'({at}, {body})' for at, body in layers)})"
    if timed.figure is None or timed.pictures:
        return shown
    return f"[\n{writer.preamble(timed.figure)}#{shown}\n]"


def _columns(writer: TypstWriter, columns: Columns) -> str:
    inside = (writer.blocks(blocks) for blocks in columns.columns)
    return f"deck.columns({array(map(str, columns.shares))}, {', '.join(inside)})"


def _styled(writer: TypstWriter, styled: Styled) -> str:
    inside = f"deck.styled({styled.align or 'none'}, {styled.size}, {writer.blocks(styled.blocks)})"
    return f"{{let side = {styled.align}; {inside}}}" if styled.align else inside


def _code(_: TypstWriter, code: Code) -> str:
    lines = array(
        _record(
            number=literal(line.number), marked=str(line.marked).lower(),
            pieces=array(array(map(literal, piece)) for piece in line.pieces),
        )
        for line in program_lines(code)
    )  # fmt: skip
    return f"deck.code(look, {lines}, {code.letters})"


def _steps(writer: TypstWriter, figure: FigureBlock) -> str:
    """All steps of a figure on paper, in each of its arrangements: the page decides."""
    ways = (
        _record(legible=f"{paper_scale(way):.4f}", files=array(map(writer.images, way.frames)))
        for way in for_paper(figure)
    )
    return writer.figure(figure, (), f"steps(look, {array(ways)}")


def _picture(writer: TypstWriter, picture: Picture) -> str:
    size = f"{picture.width}, {picture.points}pt"
    return f"deck.picture({writer.picture(picture)}, {size}, side, high)"


def _table(writer: TypstWriter, table: Table) -> str:
    rows = [array(map(writer.inline, row)) for row in table.rows]
    return f"deck.rows(look, {array(table.aligns)}, {', '.join(rows)})"


INLINE: Mapping[type, Callable[[TypstWriter, Any], str]] = MappingProxyType(
    {
        Run: _run,
        Formula: _formula,
        Picture: lambda writer, it: f"deck.icon({writer.picture(it)})",
    }
)
BLOCKS: Mapping[type, Callable[[TypstWriter, Any], str]] = MappingProxyType(
    {
        Paragraph: lambda writer, it: f"par({writer.inline(it.parts)})",
        Heading: lambda writer, it: f"deck.subtitle({it.level}, {writer.inline(it.parts)})",
        Items: _items,
        Display: _display,
        Quote: lambda writer, it: f"deck.quote(look, {writer.blocks(it.blocks)})",
        Columns: _columns,
        Styled: _styled,
        Code: _code,
        Table: _table,
        FigureBlock: _steps,
        Picture: _picture,
        Timed: _timed,
    }
)


def _joined(parts: Iterable[str]) -> str:
    """Pieces of content in sequence."""
    return f"{{{'; '.join(parts) or '[]'}}}"


def _record(**fields: str) -> str:
    return f"({', '.join(f'{name}: {value}' for name, value in fields.items())})"
