"""A deck becomes slides: what stands where, and how large it can be there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

from ..formula import plain as on_a_line
from ..raster import png
from ..slides import (
    BODY,
    MARGIN,
    NOTE,
    PAGES,
    SIZES,
    TITLE,
    Block,
    Deck,
    Display,
    Figure,
    Inline,
    Items,
    Picture,
    Quote,
    Slide,
)
from ..style import PALETTES, Colours, one_of
from . import masters
from .figures import figure
from .flat import flat
from .formulas import Given, Shown, extent, shown
from .package import Book, Media, Page, pixels
from .plans import GAP, Plan, Stage, drawn, planned, shrinks_by, staged
from .sheet import Image, Sheet
from .texts import Para, Words, Writer, fitted
from .xml import Rect, Span, inks

if TYPE_CHECKING:
    from ..frames import Frame

CAPTION = 0.88 * BODY  # a sentence under a figure
PIXEL = 0.75  # points
SHARPNESS = 2.0  # pixels for each unit of a picture, where SVG cannot be shown
LONGEST_TITLE = 120


def book(deck: Deck, pictured: bool = False) -> Book:
    """A deck as slides; `pictured` figures are pictures instead of shapes.

    Raises OutputError for a picture that is none.
    """
    one_of("aspect", deck.meta.aspect, SIZES)
    one_of("theme", deck.meta.theme, PAGES)
    maker = _Maker(deck, pictured)
    return Book(deck.meta, maker.colours, tuple(maker.pages()))


class _Maker:
    """One deck on its way."""

    def __init__(self, deck: Deck, pictured: bool) -> None:
        self.deck, self.meta, self.pictured = deck, deck.meta, pictured
        self.size = SIZES[deck.meta.aspect]
        self.room = self.size[0] - 2 * MARGIN
        figures = [slide.figure for slide in deck.slides if slide.figure]
        palette = figures[0].stepper.style.palette if figures else "default"
        self.colours = self.of(palette)
        self.formulas = shown(self.wanted(), self.colours.ink, self.room)
        self.numbers = count(1)
        pages = sum(len(s.figure.shown) if s.figure else 1 for s in deck.slides)
        self.count = pages + bool(self.meta.title)

    def of(self, palette: str) -> Colours:
        """The colours of a palette on the pages of this deck."""
        colours: Colours = getattr(PALETTES[palette], self.meta.theme)
        return colours

    def wanted(self) -> Iterator[tuple[Given, Colours]]:
        """All formulas that are set as pictures."""
        for slide in self.deck.slides:
            for block in _all(slide.blocks):
                if isinstance(block, Display):
                    yield (block.formula.tree,), self.colours
                elif isinstance(block, Figure):
                    colours = self.of(block.stepper.style.palette)
                    yield from ((f.equations, colours) for f in block.frames if f.equations)

    def pages(self) -> Iterator[Page]:
        """All slides."""
        if self.meta.title:
            yield self.cover()
        for slide in self.deck.slides:
            if slide.figure:
                yield from self.run(slide, slide.figure)
            else:
                yield self.prose(slide) if slide.blocks else self.section(slide)

    # --- kinds of slides

    def sheet(self, layout: str) -> Sheet:
        """A new slide."""
        return Sheet(layout, inks(self.colours, self.colours), self.meta.lang)

    def done(self, sheet: Sheet, notes: str = "") -> Page:
        """A slide with its number."""
        k = next(self.numbers)
        if sheet.layout != "cover":
            sheet.number(k, self.count)
        return sheet.page(notes)

    def cover(self) -> Page:
        """The title of the deck."""
        sheet, meta = self.sheet("cover"), self.meta
        sheet.title((Span(meta.title, masters.COVER, "ink", bold=True),))
        below = (Span(meta.author, 1.1 * BODY, "ink"), Span("\n", BODY, "ink"),
                 Span(meta.date, 0.85 * BODY, "muted"))  # fmt: skip
        sheet.subtitle(below)
        return self.done(sheet)

    def section(self, slide: Slide) -> Page:
        """A title alone."""
        sheet = self.sheet("section")
        sheet.title(self.heading(sheet, slide.title, masters.SECTION))
        return self.done(sheet, slide.notes)

    def prose(self, slide: Slide) -> Page:
        """Texts and pictures, from the top."""
        sheet = self.sheet("text")
        place = self.start(sheet, slide)
        parts = list(self.parts(sheet, slide.blocks))
        if not any(isinstance(part, Words) for part in parts):
            sheet.layout = "plain"
        plan = planned(parts, place.width, place.height)
        self.stacked(sheet, plan, plan.parts, place)
        return self.done(sheet, slide.notes)

    def run(self, slide: Slide, shown: Figure) -> Iterator[Page]:
        """The frames of a figure, always in the same place."""
        at = slide.blocks.index(shown)
        stage = self.stage(shown)
        for k, frame in enumerate(shown.frames):
            sheet = self.sheet("plain")
            place = self.start(sheet, slide, frame)
            above = list(self.parts(sheet, slide.blocks[:at]))
            below = list(self.parts(sheet, slide.blocks[at + 1 :]))
            plan = staged(above, stage, below, place)
            y = self.stacked(sheet, plan, plan.parts[: len(above)], place)
            y = self.staged(sheet, plan, place._replace(y=y), frame, k)
            self.stacked(sheet, plan, plan.parts[len(above) + 1 :], place._replace(y=y))
            notes = "\n\n".join(filter(None, (frame.caption, slide.notes)))
            yield self.done(sheet, notes)

    # --- parts of slides

    def start(self, sheet: Sheet, slide: Slide, frame: Frame | None = None) -> Rect:
        """The title, beside the page where there is none to see, and the place under it."""
        place = masters.body_place(self.size)
        if slide.title:
            sheet.title(self.heading(sheet, slide.title, TITLE))
            return place
        name = on_a_line(frame.stepper.graph.source) if frame else self.meta.title
        spans = (Span(name[:LONGEST_TITLE] or "…", BODY, "ink"),)
        sheet.title(spans, Rect(MARGIN, -2 * TITLE, self.room, 1.5 * TITLE))
        return Rect(MARGIN, MARGIN, self.room, self.size[1] - 2 * MARGIN)

    def heading(self, sheet: Sheet, parts: tuple[Inline, ...], size: float) -> tuple[Span, ...]:
        """A title in one line, as far as that can be."""
        look = Span("", size, "ink", bold=True)
        return fitted(tuple(Writer(sheet.relation).spans(parts, look)), self.room)

    def parts(self, sheet: Sheet, blocks: tuple[Block, ...]) -> Iterator[Any]:
        """Blocks as parts that can be placed."""
        for part in Writer(sheet.relation).blocks(blocks):
            if isinstance(part, Display):
                yield _formula(self.formulas[(part.formula.tree,), self.colours])
            elif isinstance(part, Picture):
                yield _image(part)
            else:
                yield part

    def stacked(self, sheet: Sheet, plan: Plan, parts: tuple[Any, ...], place: Rect) -> float:
        """Parts below each other; returns where the next one begins."""
        y = place.y
        for part in parts:
            high = part.height(place.width)
            high *= plan.share if shrinks_by(part, place.width) else 1.0
            sheet.put(part, Rect(place.x, y, place.width, high))
            y += high + plan.gap
        return y

    def stage(self, figure: Figure) -> Stage:
        """A figure with the words of all its frames."""
        frames = figure.frames
        wide, high = extent(frames[0].picture())
        notes = tuple(
            Words((Para((Span(f.caption, NOTE, "muted"),)),))
            if figure.captions and f.equations else None for f in frames
        )  # fmt: skip
        return Stage(wide, high, tuple(self.under(figure, f) for f in frames), notes)

    def under(self, figure: Figure, frame: Frame) -> tuple[Image | Words, ...]:
        """A frame's equations or, where there are none, its sentence."""
        if frame.equations:
            colours = self.of(figure.stepper.style.palette)
            return (_formula(self.formulas[frame.equations, colours]),)
        return (Words((Para((Span(frame.caption, CAPTION, "ink"),), align="ctr"),)),)

    def staged(self, sheet: Sheet, plan: Plan, place: Rect, frame: Frame, k: int) -> float:
        """A frame's figure in the middle of its place, under or beside it its words."""
        stage = next(part for part in plan.parts if isinstance(part, Stage))
        room, scale = place.width, drawn(plan, place.width)
        wide, high, column = scale * stage.wide, scale * stage.high, stage.column(room)
        words, tall = stage.words(room), sum(part.height(column) for part in stage.under[k])
        whole = max(high, words) if stage.beside else high + words
        y = place.y + plan.left / 2
        if stage.beside:
            left = place.x + (room - wide - GAP - column) / 2
            below = Rect(left + wide + GAP, y + (whole - tall) / 2, column, 0)
            y_figure = y + (whole - high) / 2
        else:
            left = place.x + (room - wide) / 2
            below = Rect(place.x + (room - column) / 2, y + high + GAP / 2, column, 0)
            y_figure = y
        self.figure(sheet, frame, Rect(left, y_figure, wide, high))
        for part in stage.under[k]:
            sheet.put(part, below._replace(height=part.height(column)))
        bottom, noted = y + whole + plan.left / 2, stage.noted(room)
        note = stage.notes[k]
        if note:
            sheet.words(note, Rect(place.x, bottom, room, noted), "b")
        return bottom + noted + plan.gap

    def figure(self, sheet: Sheet, frame: Frame, place: Rect) -> None:
        """A figure as shapes, or as one picture."""
        theme, style = self.meta.theme, frame.stepper.style
        if not self.pictured:
            colours = inks(self.of(style.palette), self.colours)
            sheet.shapes.append(figure(frame, place, colours, theme))
            return
        svg = flat(frame.picture(theme), self.of(style.palette), style.font)
        media = Media(png(svg, SHARPNESS), ".png")
        vector = Media(svg.encode(), ".svg")
        sheet.image(Image(media, place.width, place.height, frame.caption, vector, "figure"), place)


def _all(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks, and those inside them."""
    for block in blocks:
        yield block
        if isinstance(block, Items):
            for item in block.items:
                yield from _all(item)
        elif isinstance(block, Quote):
            yield from _all(block.blocks)


def _formula(shown: Shown) -> Image:
    vector = Media(shown.svg.encode(), ".svg")
    return Image(
        Media(shown.image, ".png"), shown.width, shown.height, shown.spoken, vector, "formula"
    )


def _image(given: Picture) -> Image:
    """A picture of a deck; an SVG has a PNG beside it."""
    vector = Media(given.data, ".svg") if given.suffix == ".svg" else None
    data = png(given.data.decode("utf-8", "replace"), SHARPNESS) if vector else given.data
    part = PIXEL / SHARPNESS if vector else PIXEL
    wide, high = (part * length for length in pixels(data, given.alt or given.suffix))
    return Image(Media(data, ".png" if vector else given.suffix), wide, high, given.alt, vector)
