"""A slide under construction: shapes for each kind of part at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.words import say
from ..formulas.tree import Tree
from ..slides.text_forecast import formula_lines
from .formula_pictures import SIZE, FormulaPicture, FormulaPixels, Formulas, spoken
from .masters import NUMBER_FIELD, Base
from .omml import Look, equations
from .package import Media, Page
from .texts import CELL_PADDING, CODE_WIDTH, PADDING, Grid, Listing, Para, Words
from .xml import (
    INSET,
    LEADING,
    TEMPLATE_INKS,
    Inks,
    Rect,
    Span,
    alternative,
    body,
    emu,
    filled,
    named,
    off_ext,
    outlined,
    paragraph,
    picture_shape,
    placeholder,
    preset,
    shape,
    shape_group,
    text_run,
    textbox,
)

if TYPE_CHECKING:
    from ..figure.figure import Frame

Target = Media | FormulaPixels | str  # what a shape refers to: an address as text
TABLE = "http://schemas.openxmlformats.org/drawingml/2006/table"


AT = {"left": 0.0, "center": 0.5, "right": 1.0}
"""The part of the space that is left of what stands at a side."""


class Image(NamedTuple):
    """A picture, or a formula as a picture, with its natural size in points."""

    media: Media | FormulaPicture
    wide: float
    high: float
    alt: str
    vector: Media | None = None
    what: str = "picture"
    lines: tuple[tuple[Tree, ...], ...] = ()  # of a formula, as sides of equations
    colours: Inks = MappingProxyType({})  # of a formula
    align: str = "center"
    frame: Frame | None = None  # of a figure, which is drawn with shapes

    @classmethod
    def of(cls, formula: FormulaPicture, trees: Formulas, colours: Inks) -> Image:
        """A formula; how many pixels it needs is known when it is placed."""
        lines = tuple(formula_lines(trees, formula.wanted.available / SIZE))
        return cls(formula, formula.width, formula.height, spoken(trees), None, "formula", lines,
                   colours)  # fmt: skip

    def pixels(self, wide: float) -> Media | FormulaPixels:
        """The picture as pixels, for a width in points on a slide."""
        given = self.media
        return given.pixels(wide) if isinstance(given, FormulaPicture) else given

    def height(self, available: float) -> float:
        """The height at its natural size, or at the available width if that is less."""
        return self.high * min(1.0, available / self.wide)

    def sized(self, part: float) -> Image:
        """Scale a formula with the texts; a picture shrinks only if it has to."""
        return self.scaled(part) if self.what == "formula" else self

    def scaled(self, part: float) -> Image:
        """The same in another size."""
        return self._replace(wide=part * self.wide, high=part * self.high)


def templated(words: Words, usual: float, colours: Inks, lang: str) -> str:
    """Paragraphs in the styles of a template: its bullets, and its sizes where texts have them."""
    inside = words.xml({**colours, **TEMPLATE_INKS}, lang, own=False).replace(
        f' sz="{round(usual * 100)}"', ""
    )
    return f"<p:txBody><a:bodyPr><a:normAutofit/></a:bodyPr><a:lstStyle/>{inside}</p:txBody>"


def spread(place: Rect) -> Rect:
    """The place of a box whose text has a place."""
    x, y, wide, high = place
    return Rect(x - INSET[0], y - INSET[1], wide + 2 * INSET[0], high + 2 * INSET[1])


class SlideShapes:
    """The shapes of a slide, added one by one."""

    def __init__(self, layout: str, colours: Inks, lang: str, base: Base) -> None:
        self.layout, self.colours, self.lang = layout, colours, lang
        self.base, self.alone = base, False  # whether its text is all that is on it
        self.notes, self.opens = "", ""  # what the speaker says; the part that begins here
        self.shapes: list[str] = []
        self.relations: dict[Target, int] = {}

    def copied(self) -> SlideShapes:
        """A slide that begins as this one, for another moment."""
        made = copy(self)
        made.shapes, made.relations = [*self.shapes], {**self.relations}
        return made

    def relation(self, target: Target) -> str:
        """The name by which shapes of this slide refer to a picture or an address."""
        return f"rel-{self.relations.setdefault(target, len(self.relations))}"

    def page(self, pixels: Mapping[FormulaPixels, Media]) -> Page:
        """The slide with the shapes so far, once its formulas are there as pixels."""
        targets = tuple(pixels[t] if isinstance(t, FormulaPixels) else t for t in self.relations)
        return Page(self.layout, "".join(self.shapes), targets, self.notes, self.opens)

    def who(self, what: str, about: str = "") -> str:
        """The name and description of a shape."""
        return named(say(f"shape.{what}", self.lang), about)

    def title(self, spans: tuple[Span, ...], place: Rect | None = None) -> None:
        """Add the title, which outlines and screen readers find."""
        runs = [text_run(span, self.colours, self.lang) for span in spans if span.text]
        self.hold("title", "title", self.inherited(f"<a:p>{''.join(runs)}</a:p>"), place)

    def inherited(self, paragraphs: str) -> str:
        """Text with all properties of its placeholder; with a template it may have to shrink."""
        fit = "<a:bodyPr><a:normAutofit/></a:bodyPr>" if self.base.template else "<a:bodyPr/>"
        return f"<p:txBody>{fit}<a:lstStyle/>{paragraphs}</p:txBody>"

    def hold(self, kind: str, what: str, text: str, place: Rect | None = None) -> None:
        """Fill a placeholder of the layout, if it has one of this kind."""
        if holder := self.base.holders[self.layout].get(kind):
            self.shapes.append(placeholder(holder, self.who(what), text, place))

    def subtitle(self, lines: Iterable[Span]) -> None:
        """Add the texts under the title of a deck, one below the other."""
        before = '<a:pPr><a:spcBef><a:spcPct val="40000"/></a:spcBef></a:pPr>'
        runs = (text_run(span, self.colours, self.lang) for span in lines)
        paragraphs = "".join(f"<a:p>{before}{run}</a:p>" for run in runs)
        self.hold("text", "text", self.inherited(paragraphs))

    def number(self, k: int, count: int) -> None:
        """Add the slide's number as a field, which stays correct when slides are moved.

        If `count` is not 0, it says how many slides there are.
        """
        look = '<a:rPr lang="en-US"/>'
        field = f'<a:fld id="{NUMBER_FIELD}" type="slidenum">{look}<a:t>{k}</a:t></a:fld>'
        rest = f"<a:r>{look}<a:t> / {count}</a:t></a:r>" if count else ""
        self.foot("number", "page", field + rest)

    def footer(self, span: Span) -> None:
        """Add the text at the foot of the slide."""
        run = text_run(span, self.colours, self.lang)
        self.foot("footer", "footer", run)

    def foot(self, kind: str, what: str, runs: str) -> None:
        """Add a placeholder at the foot."""
        text = f"<p:txBody><a:bodyPr/><a:lstStyle/><a:p>{runs}</a:p></p:txBody>"
        self.hold(kind, what, text)

    def put(self, part: Any, place: Rect) -> None:
        """Add a part at a place of the height that it takes."""
        PUT[type(part)](self, part, place)

    def words(self, words: Words, place: Rect, anchor: str = "t") -> None:
        """Add paragraphs; the first ones of a slide of text are its body."""
        text = body(words.xml(self.colours, self.lang), anchor)
        holder = self.base.holders[self.layout].get("text", "")
        if self.layout == "text" and holder and not any(holder in made for made in self.shapes):
            if self.base.template:
                text = templated(words, self.base.text, self.colours, self.lang)
                self.hold("text", "text", text, None if self.alone else spread(place))
            else:
                self.hold("text", "text", text, place)
        else:
            self.shapes.append(textbox(self.who("text"), place, text))

    def image(self, image: Image, place: Rect) -> None:
        """Add a picture in its place, at the side where it stands."""
        part = min(place.width / image.wide, place.height / image.high)
        wide, high = part * image.wide, part * image.high
        where = Rect(place.x + (place.width - wide) * AT[image.align], place.y, wide, high)
        vector = self.relation(image.vector) if image.vector else ""
        pixels = self.relation(image.pixels(wide))
        shown = picture_shape(self.who(image.what, image.alt), where, pixels, vector)
        self.shapes.append(self.equation(image, where, shown) if image.lines else shown)

    def equation(self, image: Image, place: Rect, picture: str) -> str:
        """A formula that can be edited, or its picture for programs that know no equations."""
        assert isinstance(image.media, FormulaPicture)
        look = Look(SIZE * place.width / image.media.width, image.colours, self.lang)
        text = body(paragraph([equations(image.lines, look)], "ctr"), "ctr", wrap=False)
        return alternative(textbox(self.who(image.what, image.alt), place, text), picture)

    def listing(self, listing: Listing, place: Rect) -> None:
        """Add program text on a shaded background; marked lines and numbers are shapes, too."""
        size, lines = listing.fitting(place.width), listing.lines
        high, indent = LEADING * size, listing.indent * CODE_WIDTH * size
        texts = [[Span(piece.text, size, piece.role or "ink", code=True) for piece in line.pieces]
                 for line in lines]  # fmt: skip
        shade = self.painted("shade", place, preset("roundRect", 4000))
        bands = [
            self.painted("mark", Rect(place.x, place.y + PADDING + k * high, place.width, high))
            for k, line in enumerate(lines) if line.marked
        ]  # fmt: skip
        inside = Rect(place.x + indent, place.y, place.width - indent, place.height)
        shapes = [shade, *bands, self.program(texts, high, inside)]
        if indent:
            numbers = [[Span(line.number, size, "muted", code=True)] for line in lines]
            left = place._replace(width=indent + 2 * PADDING)
            shapes.append(self.program(numbers, high, left))
        self.shapes.append(shape_group(self.who("code"), place, "".join(shapes)))

    def painted(self, colour: str, place: Rect, geometry: str = preset("rect")) -> str:
        """A shape of one colour."""
        paint = filled(self.colours[colour]) + outlined("", 0)
        return shape(self.who("code"), place, geometry, paint)

    def program(self, lines: Iterable[Iterable[Span]], high: float, place: Rect) -> str:
        """A text box with lines of program text, each of a height in points."""
        spacing = f'<a:lnSpc><a:spcPts val="{round(100 * high)}"/></a:lnSpc><a:buNone/>'
        texts = "".join(
            paragraph([text_run(span, self.colours, "en", proof=False) for span in line],
                      inside=spacing, given=' marL="0" indent="0"')
            for line in lines
        )  # fmt: skip
        return textbox(self.who("code"), place, body(texts, inset=PADDING))

    def grid(self, grid: Grid, place: Rect) -> None:
        """Add a table at a side of its place, with rules under its head and its last row."""
        columns, heights = grid.columns(place.width), grid.heights(place.width)
        wide = sum(columns)
        where = Rect(place.x + (place.width - wide) * AT[grid.align], place.y, wide, sum(heights))
        rows = "".join(
            f'<a:tr h="{emu(high)}">{"".join(self.cell(c, k, len(heights)) for c in row)}</a:tr>'
            for k, (row, high) in enumerate(zip(grid.rows, heights, strict=True))
        )
        columns_ = "".join(f'<a:gridCol w="{emu(column)}"/>' for column in columns)
        self.shapes.append(
            f"<p:graphicFrame><p:nvGraphicFramePr>{self.who('table')}<p:cNvGraphicFramePr>"
            '<a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>'
            f'{off_ext(where, "p:xfrm")}<a:graphic><a:graphicData uri="{TABLE}"><a:tbl>'
            f'<a:tblPr firstRow="1"/><a:tblGrid>{columns_}</a:tblGrid>{rows}</a:tbl>'
            "</a:graphicData></a:graphic></p:graphicFrame>"
        )

    def cell(self, para: Para, row: int, rows: int) -> str:
        """A cell of a table."""
        runs = (text_run(span, self.colours, self.lang) for span in para.spans if span.text)
        text = f"<a:txBody><a:bodyPr/><a:lstStyle/>{paragraph(runs, para.align)}</a:txBody>"
        width = {0: 0.8, rows - 1: 0.4}.get(row, 0.0)
        line = outlined(self.colours["muted"] if width else "", width)
        under = line.replace("a:ln", "a:lnB")
        none = "".join(f"<a:ln{side}><a:noFill/></a:ln{side}>" for side in "LRT")
        side, above = emu(CELL_PADDING), emu(0.7 * CELL_PADDING)
        return (
            f'<a:tc>{text}<a:tcPr marL="{side}" marR="{side}" marT="{above}" marB="{above}" '
            f'anchor="ctr">{none}{under}<a:noFill/></a:tcPr></a:tc>'
        )


PUT: Mapping[type, Callable[[SlideShapes, Any, Rect], None]] = MappingProxyType(
    {
        Words: SlideShapes.words,
        Image: SlideShapes.image,
        Listing: SlideShapes.listing,
        Grid: SlideShapes.grid,
    }
)
"""How each kind of part is added to a slide."""
