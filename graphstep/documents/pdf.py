"""PDF: slides, one page a frame, and handouts with all steps small on paper.

The deck becomes code for Typst: content, and calls of the functions of `static/deck.typ`, which
knows where things stand. Every text of a user goes in as a quoted string.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from hashlib import blake2s
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.errors import one_of
from ..figure import slide_plans
from ..figure.deck import (
    BODY,
    MARGIN,
    NOTE,
    PAGES,
    SHADES,
    SIZES,
    TITLE,
    Block,
    Code,
    Deck,
    Display,
    FigureBlock,
    Formula,
    Heading,
    Inline,
    Items,
    Paragraph,
    Picture,
    Quote,
    Run,
    Slide,
    Table,
    deck_of,
    plain,
    sentence,
)
from ..formulas.typst_math import PREAMBLE, typst
from ..formulas.unicode import unicode
from ..look.style import PALETTES
from ..look.typst import document_metadata, equations, literal, typeset

if TYPE_CHECKING:
    from ..figure.figure import Figure, Frame

PAPER = (595.28, 841.89)  # A4 in points


class Look(NamedTuple):
    """Sizes in points, and the theme, of a document."""

    page: tuple[float, float]
    margin: float
    top: float
    bottom: float  # the number of the page stands there
    title: float
    body: float
    note: float
    theme: str


def whole(stepper: Figure) -> bytes:
    """A figure alone, one page a frame. Raises OutputError."""
    return deck(deck_of(stepper))


def deck(deck: Deck) -> bytes:
    """Slides, one page a frame of a figure. Raises OutputError."""
    source, files = _slides(deck)
    return typeset(source, files=files)[0]


def text_sizes(deck: Deck) -> list[float]:
    """The size in points in which the texts of each slide come out. Raises OutputError."""
    source, files = _slides(deck)
    reports = iter(document_metadata(source, "slide", files))
    return [BODY * _part(slide, reports) for slide in deck.slides]


def _part(slide: Slide, reports: Iterator[dict[str, Any]]) -> float:
    """The least size of a slide's texts, of which some may have a page before the figure."""
    part, done = 1.0, not slide.blocks
    while not done:
        report = next(reports)
        part = min(part, report["size"] or 1.0)
        done = not slide.figure or report["plan"]
    return part


def _slides(deck: Deck) -> tuple[str, dict[str, bytes]]:
    """The document of slides, and its files."""
    meta = deck.meta
    one_of("aspect", meta.aspect, SIZES)
    one_of("theme", meta.theme, PAGES)
    size, cover = SIZES[meta.aspect], "cover" if meta.title else ""
    look = Look(size, MARGIN, MARGIN, MARGIN, TITLE, BODY, NOTE, meta.theme)
    return _document(deck, look, cover, "section", _slide)


def handout(deck: Deck) -> bytes:
    """A deck on paper: its texts, and all steps of its figures small. Raises OutputError."""
    look = Look(PAPER, 48.0, 48.0, 56.0, 13.0, 10.0, 8.0, "light")
    source, files = _document(deck, look, "opening", "chapter", _topic)
    return typeset(source, files=files)[0]


def _document(
    deck: Deck, look: Look, cover: str, section: str, page: Callable[[Sheet, Slide, int], str]
) -> tuple[str, dict[str, bytes]]:
    """The title by one function, slides that are a title alone by another; and the files."""
    sheet, meta, level = Sheet(look.theme), deck.meta, 1
    code = [
        '#import "deck.typ" as deck',
        f"#let look = {_look(look, deck)}",
        "#show: body => deck.prepared(look, body)",
    ]
    if cover:
        code.append(f"#deck.{cover}(look, {', '.join(map(literal, meta[:3]))})")
    for slide in deck.slides:
        if slide.title and not slide.blocks:
            level = 2  # of what follows
            code.append(f"#deck.{section}(look, {sheet.inline(slide.title)})")
        else:
            code.append(page(sheet, slide, level))
    return "\n".join(code), {**_functions(), **sheet.files}


@cache
def _functions() -> dict[str, bytes]:
    static = resources.files(__package__).joinpath("static/deck.typ")
    plans = json.dumps(slide_plans.as_data()).encode()
    return {"deck.typ": static.read_bytes(), "slide_plans.json": plans, **equations()}


def _look(look: Look, deck: Deck) -> str:
    """The record `look` of the functions."""
    colours, meta = PALETTES["default"][look.theme == "dark"], deck.meta
    tint, line = SHADES[look.theme]
    wide, high = look.page
    points = {
        **{name: getattr(look, name) for name in ("margin", "top", "bottom", *TEXTS)},
        "width": wide - 2 * look.margin,
        "height": high - look.top - look.bottom,
        "gap": 1.25 * look.body,
    }
    shades = {
        "paper": PAGES[look.theme], "ink": colours.ink, "muted": colours.muted,
        "accent": colours.accent, "tint": tint, "line": line,
    }  # fmt: skip
    words = {"name": meta.title or _name(deck), "author": meta.author, "lang": meta.lang}
    return _record(
        page=f"({wide}pt, {high}pt)", date=_date(meta.date),
        **{name: f"{value}pt" for name, value in points.items()},
        **{name: f"rgb({literal(value)})" for name, value in shades.items()},
        **{name: literal(value) for name, value in words.items()},
    )  # fmt: skip


TEXTS = ("title", "body", "note")


def _name(deck: Deck) -> str:
    """What a deck without a title is called: by its first slide, or its first figure."""
    titles = (plain(slide.title) for slide in deck.slides)
    sources = (slide.figure.stepper.graph.source for slide in deck.slides if slide.figure)
    return next(filter(None, titles), "") or next(sources, "").strip()


def _date(text: str) -> str:
    """A date that is written as a standard says, for the document's properties."""
    with suppress(ValueError):
        day = date.fromisoformat(text)
        return f"datetime(year: {day.year}, month: {day.month}, day: {day.day})"
    return "none"


def _slide(sheet: Sheet, slide: Slide, level: int) -> str:
    """The pages of a slide."""
    figure, title = slide.figure, sheet.title(slide)
    if figure is None:
        return f"#deck.prose(look, {level}, {title}, high => {sheet.blocks(slide.blocks)})"
    at = slide.blocks.index(figure)
    around = (slide.blocks[:at], slide.blocks[at + 1 :])
    above, below = (f"high => {sheet.blocks(b)}" if b else "none" for b in around)
    return "#" + sheet.figure(figure, f"run(look, {level}, {title}, {above}, {below}")


def _topic(sheet: Sheet, slide: Slide, level: int) -> str:
    """A slide on paper."""
    at = slide.blocks.index(slide.figure) if slide.figure else 0
    body = sheet.blocks(slide.blocks[at:])
    if at:
        body = f"{{deck.above({sheet.blocks(slide.blocks[:at])}); {body}}}"
    return f"#deck.topic(look, {level}, {sheet.title(slide)}, high => {body})"


class Sheet:
    """Parts of a deck as Typst code, and the files that are used in it."""

    def __init__(self, theme: str) -> None:
        self.theme = theme
        self.files: dict[str, bytes] = {}

    def file(self, content: bytes, suffix: str) -> str:
        """The name of a file as code; the same for the same content."""
        name = blake2s(content, digest_size=8).hexdigest() + suffix
        self.files[name] = content
        return literal(name)

    def picture(self, picture: Picture) -> str:
        """The file and the description of an image, as arguments."""
        suffix = picture.suffix.lower()
        name = self.file(picture.data, suffix if suffix in SUFFIXES else "")
        return f"{name}, {literal(picture.alt)}"

    def title(self, slide: Slide) -> str:
        """A slide's title, which may be missing."""
        return self.inline(slide.title) if slide.title else "none"

    def inline(self, parts: Iterable[Inline]) -> str:
        """Text, formulas and icons in a line."""
        return _joined(INLINE[type(part)](self, part) for part in parts)

    def blocks(self, blocks: Iterable[Block]) -> str:
        """Blocks below each other; the code uses `high`, the room of a picture."""
        return _joined(BLOCKS[type(block)](self, block) for block in blocks)

    def figure(self, figure: FigureBlock, call: str) -> str:
        """A call, to which the frames of a figure are added, in its colours."""
        frames = _array(map(self.frame, figure.frames))
        colours = PALETTES[figure.stepper.style.palette][self.theme == "dark"]
        captions = str(figure.captions).lower()
        return f"[\n{PREAMBLE(colours)}#deck.{call}, {captions}, {frames})\n]"

    def frame(self, frame: Frame) -> str:
        """A frame: its picture, its sentences, and what is equal in each of its equations."""
        equations = frame.equations
        return _record(
            file=self.file(frame.picture(self.theme).encode(), ".svg"),
            alt=literal(frame.caption),
            caption=literal(sentence(frame)),
            sides=_array(_array(f"${typst(side)}$" for side in e.sides) for e in equations),
            spoken=literal("\n".join(map(unicode, equations))),
        )


SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")  # others are told by their content


def _run(_: Sheet, run: Run) -> str:
    text = "; linebreak(); ".join(map(literal, run.text.split("\n")))
    text = f"raw({literal(run.text)})" if run.code else f"{{{text}}}"
    for name in ("strike" * run.struck, "emph" * run.italic, "strong" * run.bold):
        text = f"{name}({text})" if name else text
    return f"link({literal(run.link)}, {text})" if run.link else text


def _formula(_: Sheet, formula: Formula) -> str:
    return f"deck.formula({literal(unicode(formula.tree))}, ${typst(formula.tree)}$)"


def _display(_: Sheet, display: Display) -> str:
    tree = display.formula.tree
    return f"deck.display({literal(unicode(tree))}, ${typst(tree)}$)"


def _items(sheet: Sheet, items: Items) -> str:
    inside = "".join(f"{sheet.blocks(item)}, " for item in items.items)
    start = "" if items.start is None else f"start: {max(items.start, 0)}, "
    return f"{'list' if items.start is None else 'enum'}({start}{inside})"


def _table(sheet: Sheet, table: Table) -> str:
    rows = [_array(map(sheet.inline, row)) for row in table.rows]
    return f"deck.rows(look, {_array(table.aligns)}, {', '.join(rows)})"


INLINE: Mapping[type, Callable[[Sheet, Any], str]] = MappingProxyType(
    {
        Run: _run,
        Formula: _formula,
        Picture: lambda sheet, it: f"deck.icon({sheet.picture(it)})",
    }
)
BLOCKS: Mapping[type, Callable[[Sheet, Any], str]] = MappingProxyType(
    {
        Paragraph: lambda sheet, it: f"par({sheet.inline(it.parts)})",
        Heading: lambda sheet, it: f"deck.subtitle({it.level}, {sheet.inline(it.parts)})",
        Items: _items,
        Display: _display,
        Quote: lambda sheet, it: f"deck.quote(look, {sheet.blocks(it.blocks)})",
        Code: lambda _, it: f"deck.code(look, {literal(it.text)})",
        Table: _table,
        FigureBlock: lambda sheet, it: sheet.figure(it, "steps(look"),
        Picture: lambda sheet, it: f"deck.picture({sheet.picture(it)}, high)",
    }
)


def _joined(parts: Iterable[str]) -> str:
    """Content one after the other."""
    return f"{{{'; '.join(parts) or '[]'}}}"


def _array(items: Iterable[str]) -> str:
    return f"({''.join(f'{item}, ' for item in items)})"


def _record(**fields: str) -> str:
    return f"({', '.join(f'{name}: {value}' for name, value in fields.items())})"
