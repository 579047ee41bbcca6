"""A deck as slides of PowerPoint: where each part goes, and how large it can be there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.errors import beginning, one_of
from ..graph.expressions import all_on_one_line
from ..look.png import fitting_png, png
from ..look.style import PAGES, Colours, Palette
from ..slides.arrangement import deck_of
from ..slides.deck import (
    BODY,
    LOGO,
    MARGIN,
    NOTE,
    QUIET,
    SIZES,
    TITLE,
    UNDER_TITLE_SIZES,
    Block,
    Columns,
    Deck,
    Display,
    FigureBlock,
    Inline,
    Meta,
    Picture,
    Slide,
    Styled,
    Timed,
    footer_size,
    inner,
    plain,
)
from ..slides.figure_rows import each_frame
from ..slides.legibility import SlideSizes, figure_size, legible_scale
from ..slides.program_text import program_colours
from ..slides.slide_plans import SHARES, WAYS, Way
from ..slides.too_wide import Lines, too_wide
from . import masters
from .figures import native_figure
from .fitting import Beside, Layers, Plan, Stage, drawn, narrowest, planned, shrinks_by, staged
from .formula_pictures import (
    FormulaPixels,
    Formulas,
    Wanted,
    formula_pictures,
    formula_pixels,
    wanted,
)
from .package import Book, Logo, Media, base_of, packed, pixels
from .slide import Image, SlideShapes
from .texts import Para, TextWriter, Words, filling, fitted
from .xml import Rect, Span, rgb

if TYPE_CHECKING:
    from ..figure.figure import Figure, Frame
    from ..slides.figure_rows import RowFrame

CAPTION_SIZE = SHARES.caption_size * BODY  # a sentence under a figure
PIXEL = 0.75  # points of a picture's pixel
NARROW = 0.8  # scale of formulas that share their line with a figure or sentences
PIXELS = 2.0  # for each unit of a picture, where SVG cannot be shown
LONGEST_TITLE = 120


def book(deck: Deck, pictured: bool = False) -> Book:
    """A deck as slides; `pictured` figures are pictures instead of shapes.

    Raises OutputError for a picture that cannot be read.
    """
    one_of("aspect", deck.meta.aspect, SIZES)
    one_of("theme", deck.meta.theme, PAGES)
    maker = _Maker(deck, pictured)
    sheets = tuple(maker.sheets())
    targets = (target for sheet in sheets for target in sheet.relations)
    shown = (target for target in targets if isinstance(target, FormulaPixels))
    drawn = formula_pixels(shown, maker.colours.ink)
    pixels = {one: Media(png, ".png") for one, png in drawn.items()}
    pages = tuple(sheet.page(pixels) for sheet in sheets)
    return Book(deck.meta, maker.colours, pages, _logo(deck.meta))


def deck(deck: Deck) -> bytes:
    """A deck as a file, with figures as native shapes. Raises OutputError."""
    return packed(book(deck))


def whole(figure: Figure) -> bytes:
    """The steps of a figure, one slide each. Raises OutputError."""
    return deck(deck_of(figure))


def pictured_deck(deck: Deck) -> bytes:
    """A deck with each figure as one picture: SVG, with PNG for programs that cannot show it."""
    return packed(book(deck, pictured=True))


def pictured_whole(figure: Figure) -> bytes:
    """The steps of a figure as pictures, one slide each. Raises OutputError."""
    return pictured_deck(deck_of(figure))


def sizes(deck: Deck) -> list[SlideSizes]:
    """What becomes of each slide; `over` is the part of its page by which it is cut."""
    maker = _Maker(deck, pictured=False)
    lines = Lines(wide=maker.available)
    return [too_wide(slide, deck.meta.aspect, maker.sizes(k, slide), lines)
            for k, slide in enumerate(deck.slides)]  # fmt: skip


class _Maker:
    """Converts one deck to slides."""

    def __init__(self, deck: Deck, pictured: bool) -> None:
        self.deck, self.meta, self.pictured = deck, deck.meta, pictured
        self.base = base_of(deck.meta)
        self.size, self.available = self.base.size, self.base.body.width
        figures = [slide.figure for slide in deck.slides if slide.figure]
        palette = figures[0].stepper.style.palette if figures else "default"
        self.colours = self.of(palette)
        self.formulas = dict(formula_pictures(self.wanted(), self.colours.ink))
        plans = {k: self.planned(slide, slide.figure, WAYS[:1])
                 for k, slide in enumerate(deck.slides) if slide.figure}  # fmt: skip
        crowded = {k: figure for k, slide in enumerate(deck.slides)
                   if (figure := slide.figure) and not plans[k].fits}  # fmt: skip
        self.formulas.update(formula_pictures(self.narrower(crowded.values()), self.colours.ink))
        better = {k: self.planned(deck.slides[k], figure, WAYS) for k, figure in crowded.items()}
        self.plans = plans | better
        self.numbers = count(1)
        self.count = sum(slide.moments for slide in deck.slides) + bool(self.meta.title)

    def of(self, palette: str | Palette) -> Colours:
        """The colours of a palette on the pages of this deck."""
        return self.base.look.inks(palette)

    def wanted(self) -> Iterator[Wanted]:
        """All formulas to set as pictures, at the full width."""
        for slide in self.deck.slides:
            yield from _formulas_in(slide.blocks, self, self.colours)

    def narrower(self, figures: Iterable[FigureBlock]) -> Iterator[Wanted]:
        """The formulas of figures that do not fit below them, for narrower places."""
        for each in figures:
            for way in WAYS[1:]:
                yield from self.equations(each, way)

    def equations(self, figure: FigureBlock, way: Way) -> Iterator[Wanted]:
        """The formulas of a figure."""
        return (self.equation(figure, f.equations, way) for f in figure.frames if f.equations)

    def equation(self, figure: FigureBlock, trees: Formulas, way: Way) -> Wanted:
        """The formulas of a frame, smaller in narrow places, so that more fits."""
        available = self.available if way.foot else narrowest(way, self.available) / NARROW
        return wanted(trees, self.of(figure.stepper.style.palette), available)

    def sizes(self, k: int, slide: Slide) -> SlideSizes:
        """The sizes of a slide."""
        usual = SlideSizes(self.base.text)
        if not slide.blocks:
            return usual
        plan = self.plans.get(k) or self.fitting(self.sheet("text"), slide)[0]
        few = slide.figure and len(slide.blocks) == 1
        found = usual._replace(
            text=usual.text * (1.0 if few else plan.part), over=plan.over / self.size[1]
        )
        if not slide.figure:
            return found
        figure = figure_size(slide.figure, drawn(plan, self.available))
        return found._replace(figure=figure, formulas=BODY * plan.stage.part)

    def sheets(self) -> Iterator[SlideShapes]:
        """All slides."""
        if self.meta.title:
            yield self.cover()
        for k, slide in enumerate(self.deck.slides):
            if slide.figure:
                yield from self.run(slide, slide.figure, self.plans[k])
            else:
                yield from self.prose(slide) if slide.blocks else [self.section(slide)]

    # --- kinds of slides

    def sheet(self, layout: str) -> SlideShapes:
        """A new slide."""
        code = {name: rgb(colour) for name, colour in program_colours(self.base.look).items()}
        colours = {**self.base.inks(self.colours, self.colours), **code}
        return SlideShapes(layout, colours, self.meta.lang, self.base)

    def done(self, sheet: SlideShapes, notes: str = "") -> SlideShapes:
        """Add the number and the notes, and return the slide."""
        k, sheet.notes = next(self.numbers), notes
        if sheet.layout != "cover":
            self.foot(sheet, k)
        return sheet

    def foot(self, sheet: SlideShapes, k: int) -> None:
        """Add the text and the number of a slide at its foot."""
        if text := self.meta.footer:
            sheet.footer(
                *self.base.styled([Span(text, footer_size(text, self.available), "muted")])
            )
        if self.meta.numbering != "false":
            sheet.number(k, self.count if self.meta.numbering == "true" else 0)

    def cover(self) -> SlideShapes:
        """The title of the deck."""
        sheet, meta = self.sheet("cover"), self.meta
        title = (Span(meta.title, masters.COVER, "ink", bold=True),)
        place = masters.cover_places(self.size, meta.logo is not None)[0]
        sheet.title(self.base.styled(filling(title, place.width, place.height)))
        lines = [Span(text, UNDER_TITLE_SIZES[name] * BODY, "muted" if name in QUIET else "ink")
                 for name, text in meta.under_title]  # fmt: skip
        if lines:
            sheet.subtitle(self.base.styled(lines))
        return self.done(sheet)

    def section(self, slide: Slide) -> SlideShapes:
        """A title alone."""
        sheet = self.sheet("section")
        sheet.opens = _name(slide)
        title = self.heading(sheet, slide.title, masters.SECTION)
        place = masters.section_place(self.size)
        sheet.title(title if self.base.template else filling(title, place.width, place.height))
        return self.done(sheet, slide.notes)

    def prose(self, slide: Slide) -> Iterator[SlideShapes]:
        """Texts and pictures, from the top: a slide for each moment."""
        begun = self.sheet("text")
        plan, place = self.fitting(begun, slide)
        if not any(isinstance(part, Words) for part in plan.parts):
            begun.layout = "plain"
        begun.alone = len(plan.parts) == 1
        begun.opens = _name(slide) if slide.opens_part else ""
        for now in range(slide.moments):
            sheet = begun.copied()
            self.stacked(sheet, plan, plan.parts, place, now)
            yield self.done(sheet, _notes(slide, now))

    def fitting(self, sheet: SlideShapes, slide: Slide) -> tuple[Plan, Rect]:
        """The plan of a slide of texts, and its place under the title."""
        place = self.start(sheet, slide)
        kept = self.base.template or slide.keeps_size  # sizes of a template are its own
        most = 1.0 if kept else inf
        parts = self.parts(sheet, slide.blocks)
        return planned(parts, place.width, place.height, most), place

    def planned(self, slide: Slide, figure: FigureBlock, ways: Iterable[Way]) -> Plan:
        """The sizes of all parts on the slides of a figure."""
        sheet = self.sheet("plain")
        place = self.start(sheet, slide, figure.frames[0])
        above, below = (list(self.parts(sheet, blocks)) for blocks in slide.around)
        stages = [self.stage(figure, way) for way in ways if figure.captions or not way.row]
        return staged(above, stages, below, place)

    def run(self, slide: Slide, shown: FigureBlock, plan: Plan) -> Iterator[SlideShapes]:
        """The frames of a figure, always in the same place."""
        begun = self.sheet("plain")
        place = self.start(begun, slide, shown.frames[0])
        above, below = (tuple(part.sized(plan.part) for part in self.parts(begun, blocks))
                        for blocks in slide.around)  # fmt: skip
        for now, k in enumerate(slide.timeline(shown)):
            sheet = begun.copied()
            y = self.stacked(sheet, plan, above, place, now)
            y = self.staged(sheet, plan, place._replace(y=y), shown, k)
            self.stacked(sheet, plan, below, place._replace(y=y), now)
            yield self.done(sheet, _notes(slide, now))

    # --- parts of slides

    def start(
        self, sheet: SlideShapes, slide: Slide, frame: Frame | RowFrame | None = None
    ) -> Rect:
        """Add the title, off the page if none is to be seen, and return the place under it."""
        place = self.base.body
        if slide.title:
            sheet.title(self.heading(sheet, slide.title, TITLE))
            return place
        name = all_on_one_line(frame.figure.graph.source) if frame else self.meta.title
        spans = (Span(beginning(name, LONGEST_TITLE) or "…", BODY, "ink"),)
        sheet.title(spans, Rect(MARGIN, -2 * TITLE, self.available, 1.5 * TITLE))
        if self.base.template:
            return place
        return Rect(MARGIN, MARGIN, self.available, self.size[1] - 2 * MARGIN)

    def heading(
        self, sheet: SlideShapes, parts: tuple[Inline, ...], size: float
    ) -> tuple[Span, ...]:
        """A title that is shrunk to one line if possible."""
        look = Span("", size, "ink", bold=True)
        spans = tuple(TextWriter(sheet.relation).spans(parts, look))
        return self.base.styled(fitted(spans, self.available))

    def parts(self, sheet: SlideShapes, blocks: tuple[Block, ...]) -> Iterator[Any]:
        """Blocks as parts that can be placed."""
        size = self.base.text / BODY
        return _Parts(self, sheet, self.colours, size).of(blocks, self.available)

    def stacked(
        self, sheet: SlideShapes, plan: Plan, parts: tuple[Any, ...], place: Rect, now: int
    ) -> float:
        """Put what is seen of parts one below the other, and return where the next one begins."""
        y = place.y
        for part in parts:
            shrinks = shrinks_by(part, place.width)
            high = part.height(place.width) - (1 - plan.share) * shrinks
            if isinstance(part, Layers):
                self.stacked(sheet, plan, part.seen(now), place._replace(y=y), now)
            elif isinstance(part, Beside):
                places = part.places(place._replace(y=y))
                for column, at in zip(part.columns, places, strict=True):
                    self.stacked(sheet, plan, column, at, now)
            elif isinstance(part, Image) and part.frame:
                middle = _middle(part, Rect(place.x, y, place.width, high))
                _put_figure(sheet, part.frame, middle, self)
            else:
                sheet.put(part, Rect(place.x, y, place.width, high))
            y += high + plan.gap
        return y

    def stage(self, figure: FigureBlock, way: Way) -> Stage:
        """A figure with the words of all its frames."""
        frames = figure.frames
        wide, high = figure.stepper.extent
        notes = tuple(
            Words((Para((Span(f.caption, NOTE, "muted"),)),))
            if figure.noted(f) else None for f in frames
        )  # fmt: skip
        return Stage(wide, high, tuple(self.under(figure, f, way) for f in frames), notes, way,
                     legible=legible_scale(figure))  # fmt: skip

    def under(
        self, figure: FigureBlock, frame: Frame | RowFrame, way: Way
    ) -> tuple[Image | Words, ...]:
        """A frame's equations or, if it has none, its sentence."""
        if frame.equations:
            shown = self.formulas[self.equation(figure, frame.equations, way)]
            colours = self.base.inks(self.of(figure.stepper.style.palette), self.colours)
            return (Image.of(shown, tuple(frame.equations), colours),)
        return (Words((Para((Span(frame.caption, CAPTION_SIZE, "ink"),), align="ctr"),)),)

    def staged(
        self, sheet: SlideShapes, plan: Plan, place: Rect, shown: FigureBlock, k: int | None
    ) -> float:
        """Put a frame's figure in the middle of its place, with its words and sentence.

        Return where the next part begins. Without a frame, nothing is put.
        """
        stage = plan.stage
        places = _places(plan, place, 0 if k is None else k)
        if k is not None:
            _put_figure(sheet, shown.frames[k], places.figure, self)
            for part in stage.under[k]:
                sheet.put(part, places.under)
            if sentence := stage.notes[k] if stage.notes else None:
                sheet.words(sentence, places.note, "b" if stage.way.foot else "t")
        return places.end + plan.gap


def _middle(image: Image, place: Rect) -> Rect:
    """The place of a picture that is as high as its place."""
    wide = image.wide * place.height / image.high
    return place._replace(x=place.x + (place.width - wide) / 2, width=wide)


def _put_figure(sheet: SlideShapes, frame: Frame | RowFrame, place: Rect, maker: _Maker) -> None:
    """Put the figures of a frame beside each other, each as shapes or as one picture."""
    scale, x = place.width / frame.figure.extent[0], place.x
    for one in each_frame(frame):
        wide, high = (scale * length for length in one.figure.extent)
        here = Rect(x, place.y + (place.height - high) / 2, wide, high)
        x += wide + scale * SHARES.between
        if maker.pictured:
            svg = one.picture(maker.base.look.theme)
            media, vector = Media(png(svg, PIXELS), ".png"), Media(svg.encode(), ".svg")
            sheet.image(Image(media, wide, high, one.caption, vector, "figure"), here)
        else:
            colours = maker.base.inks(maker.of(one.figure.style.palette), maker.colours)
            sheet.shapes.append(native_figure(one, here, colours))


def _formulas_in(blocks: Iterable[Block], maker: _Maker, colours: Colours) -> Iterator[Wanted]:
    """The formulas of blocks, among others with some colours."""
    for block in blocks:
        own = _colours_in(block, maker, colours)
        if isinstance(block, Display):
            yield _displayed(block, maker, own)
        elif isinstance(block, FigureBlock):
            yield from maker.equations(block, WAYS[0])
        for held in inner(block):
            yield from _formulas_in(held, maker, own)


def _colours_in(block: Block, maker: _Maker, colours: Colours) -> Colours:
    """The colours of formulas in a block: those of the figure in a column whose words it has."""
    if isinstance(block, Timed) and block.figure:
        return maker.of(block.figure.stepper.style.palette)
    return colours


def _displayed(block: Display, maker: _Maker, colours: Colours) -> Wanted:
    """The formula of a block."""
    return wanted((block.formula.tree,), colours, maker.available)


class _Parts(NamedTuple):
    """Converts the blocks of a slide to parts that can be placed."""

    maker: _Maker
    sheet: SlideShapes
    colours: Colours  # of formulas
    size: float  # of texts in a template, as a part of the usual one

    def of(self, blocks: tuple[Block, ...], available: float) -> Iterator[Any]:
        """Blocks at a width, with neighbouring texts as one part."""
        for part in TextWriter(self.sheet.relation).blocks(blocks):
            yield self.part(part, available)

    def part(self, block: Any, available: float) -> Any:
        """A formula, a picture, columns or layers as a part; texts are one already."""
        if isinstance(block, Display):
            maker, colours = self.maker, self.colours
            shown = maker.formulas[_displayed(block, maker, colours)]
            inks = maker.base.inks(colours, maker.colours)
            return Image.of(shown, (block.formula.tree,), inks).sized(self.size)
        if isinstance(block, Picture):
            return _image(block, available)
        if isinstance(block, Timed):
            inside = self._replace(colours=_colours_in(block, self.maker, self.colours),
                                   size=1.0 if block.figure else self.size)  # fmt: skip
            groups = ((each.moments, tuple(inside.of(each.blocks, available)))
                      for each in block.layers)  # fmt: skip
            return Layers(tuple(groups))
        if isinstance(block, Columns):
            return self.beside(block, available)
        if isinstance(block, Styled):
            return self.styled(block, available)
        return block.sized(self.size)

    def beside(self, block: Columns, available: float) -> Beside:
        """Columns with their parts."""
        empty = Beside(tuple(() for _ in block.columns), block.shares)
        pairs = zip(block.columns, empty.each(available), strict=True)
        columns = (tuple(self.of(blocks, wide)) for blocks, (_, wide) in pairs)
        return empty._replace(columns=tuple(columns))

    def styled(self, block: Styled, available: float) -> Any:
        """What is no text, in a style."""
        part = self.part(block.blocks[0], available).sized(block.size)
        return part._replace(align=block.align) if block.align and isinstance(part, Image) else part


class _Places(NamedTuple):
    """Where a figure, its words and its sentence are, and where their place ends."""

    figure: Rect
    under: Rect
    note: Rect
    end: float


def _places(plan: Plan, place: Rect, k: int) -> _Places:
    """The places of frame k in the middle of their own."""
    stage, available, scale = plan.stage, place.width, drawn(plan, place.width)
    wide, high, words = scale * stage.wide, scale * stage.high, stage.words(available)
    tall, said = stage.tall(k, available)
    whole = max(high, words) if stage.way.aside else high + words
    y = place.y + plan.left / 2
    if stage.way.aside:
        left = place.x + (available - wide - stage.gap - stage.column) / 2
        both = stage.joined(tall, said)
        under = Rect(left + wide + stage.gap, y + (whole - both) / 2, stage.column, tall)
        note = under._replace(y=under.y + both - said, height=said)
        y_figure = y + (whole - high) / 2
    else:
        left, y_figure = place.x + (available - wide) / 2, y
        x = place.x + (0.0 if stage.way.row else (available - stage.column) / 2)
        under = Rect(x, y + high + stage.gap, stage.column, tall)
        note = Rect(x + stage.column + stage.apart, under.y + max(0.0, tall - said) / 2,
                    stage.beside(available), said)  # fmt: skip
    bottom, noted = y + whole + plan.left / 2, stage.noted(available)
    if stage.way.foot:
        note = Rect(place.x, bottom, available, noted)
    return _Places(Rect(left, y_figure, wide, high), under, note, bottom + noted)


def _notes(slide: Slide, now: int) -> str:
    """What is said at a moment, and the notes of the slide."""
    return "\n\n".join(filter(None, (slide.said(now), slide.notes)))


def _name(slide: Slide) -> str:
    """The name of the part that a slide opens."""
    return " ".join(plain(slide.title).split())


def _logo(meta: Meta) -> Logo | None:
    """The logo of a deck."""
    if meta.logo is None:
        return None
    found = _image(meta.logo, LOGO[0])
    assert isinstance(found.media, Media)
    return Logo(found.media, (found.wide, found.high), found.vector)


def _image(given: Picture, available: float) -> Image:
    """A picture of a deck, for texts of some width; an SVG also gets a PNG."""
    if given.frame:
        wide, high = given.frame.figure.extent
        media, part = Media(given.data, given.suffix), given.points / wide
        return Image(media, part * wide, part * high, given.alt, frame=given.frame)
    data, suffix, vector, part = given.data, given.suffix, None, PIXEL
    wanted = given.width * available or given.points
    if suffix == ".svg":
        vector = Media(data, ".svg")
        data, scale = fitting_png(data, PIXELS * (wanted or available))
        suffix, part = ".png", PIXEL / scale
    wide, high = (part * length for length in pixels(data, given.alt or given.suffix))
    if wanted:
        wide, high = wanted, high * wanted / wide
    return Image(Media(data, suffix), wide, high, given.alt, vector)
