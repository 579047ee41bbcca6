"""One slide that is being filled: each kind of part goes to a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..base.words import say
from .package import Media, Page
from .texts import CELL, PADDING, Grid, Listing, Para, Words
from .xml import (
    Inks,
    Rect,
    Span,
    body,
    emu,
    filled,
    named,
    off_ext,
    outlined,
    paragraph,
    picture,
    placeholder,
    preset,
    run,
    shape,
    textbox,
)

FIELD = "{5C5D8C22-9C5B-4C7D-9E0E-0B5F3D0B1A01}"  # any name; the kind of the field counts
TABLE = "http://schemas.openxmlformats.org/drawingml/2006/table"


class Image(NamedTuple):
    """A picture with its natural size in points; a formula is one, too."""

    media: Media
    wide: float
    high: float
    alt: str
    vector: Media | None = None
    what: str = "picture"

    def height(self, room: float) -> float:
        """At its natural size, or at the width there is."""
        return self.high * min(1.0, room / self.wide)

    def sized(self, part: float) -> Image:
        """A formula goes with the texts; a picture shrinks only where it has to."""
        part = part if self.what == "formula" else 1.0
        return self._replace(wide=part * self.wide, high=part * self.high)


class Sheet:
    """The shapes of a slide so far."""

    def __init__(self, layout: str, colours: Inks, lang: str) -> None:
        self.layout, self.colours, self.lang = layout, colours, lang
        self.shapes: list[str] = []
        self.relations: dict[Media | str, int] = {}

    def relation(self, target: Media | str) -> str:
        """The name of a picture or an address in the shapes of this slide."""
        return f"rel-{self.relations.setdefault(target, len(self.relations))}"

    def page(self, notes: str = "") -> Page:
        """The slide as it is now."""
        return Page(self.layout, "".join(self.shapes), tuple(self.relations), notes)

    def who(self, what: str, about: str = "") -> str:
        """What a shape is called."""
        return named(say(f"shape.{what}", self.lang), about)

    def title(self, spans: tuple[Span, ...], place: Rect | None = None) -> None:
        """The title, which outlines and screen readers find."""
        runs = [run(span, self.colours, self.lang) for span in spans if span.text]
        kind = 'type="ctrTitle"' if self.layout == "cover" else 'type="title"'
        text = f"<p:txBody><a:bodyPr/><a:lstStyle/><a:p>{''.join(runs)}</a:p></p:txBody>"
        self.shapes.append(placeholder(kind, self.who("title"), text, place))

    def subtitle(self, spans: tuple[Span, ...]) -> None:
        """What stands under the title of a deck."""
        runs = "".join(run(span, self.colours, self.lang) for span in spans)
        text = f"<p:txBody><a:bodyPr/><a:lstStyle/><a:p>{runs}</a:p></p:txBody>"
        self.shapes.append(placeholder('type="subTitle" idx="1"', self.who("text"), text))

    def number(self, k: int, count: int) -> None:
        """The number of the slide, which stays right when slides are moved."""
        field = f'<a:fld id="{FIELD}" type="slidenum"><a:rPr lang="en-US"/><a:t>{k}</a:t></a:fld>'
        rest = f'<a:r><a:rPr lang="en-US"/><a:t> / {count}</a:t></a:r>'
        text = f"<p:txBody><a:bodyPr/><a:lstStyle/><a:p>{field}{rest}</a:p></p:txBody>"
        kind = 'type="sldNum" sz="quarter" idx="12"'
        self.shapes.append(placeholder(kind, self.who("page"), text))

    def put(self, part: Any, place: Rect) -> None:
        """A part in a place of the height that it takes."""
        KINDS[type(part)](self, part, place)

    def words(self, words: Words, place: Rect, anchor: str = "t") -> None:
        """Paragraphs; the first ones of a slide of text are its body."""
        text = body(words.xml(self.colours, self.lang), anchor)
        if self.layout == "text" and not any('idx="1"' in made for made in self.shapes):
            self.shapes.append(placeholder('idx="1"', self.who("text"), text, place))
        else:
            self.shapes.append(textbox(self.who("text"), place, text))

    def image(self, image: Image, place: Rect) -> None:
        """A picture in the middle of its place."""
        part = min(place.width / image.wide, place.height / image.high)
        wide, high = part * image.wide, part * image.high
        where = Rect(place.x + (place.width - wide) / 2, place.y, wide, high)
        vector = self.relation(image.vector) if image.vector else ""
        made = picture(self.who(image.what, image.alt), where, self.relation(image.media), vector)
        self.shapes.append(made)

    def listing(self, listing: Listing, place: Rect) -> None:
        """Program text on a shade."""
        size = listing.fitting(place.width)
        lines = "".join(
            paragraph([run(Span(line, size, "ink", code=True), self.colours, "en", proof=False)],
                      inside="<a:buNone/>", given=' marL="0" indent="0"')
            for line in listing.lines
        )  # fmt: skip
        paint = filled(self.colours["shade"]) + outlined("", 0)
        geometry, text = preset("roundRect", 4000), body(lines, inset=PADDING)
        self.shapes.append(shape(self.who("code"), place, geometry, paint, text))

    def grid(self, grid: Grid, place: Rect) -> None:
        """A table in the middle of its place, with lines under its head and its end."""
        columns, heights = grid.columns(place.width), grid.heights(place.width)
        wide = sum(columns)
        where = Rect(place.x + (place.width - wide) / 2, place.y, wide, sum(heights))
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
        runs = (run(span, self.colours, self.lang) for span in para.spans if span.text)
        text = f"<a:txBody><a:bodyPr/><a:lstStyle/>{paragraph(runs, para.align)}</a:txBody>"
        width = {0: 0.8, rows - 1: 0.4}.get(row, 0.0)
        line = outlined(self.colours["muted"] if width else "", width)
        under = line.replace("a:ln", "a:lnB")
        none = "".join(f"<a:ln{side}><a:noFill/></a:ln{side}>" for side in "LRT")
        side, above = emu(CELL), emu(0.7 * CELL)
        return (
            f'<a:tc>{text}<a:tcPr marL="{side}" marR="{side}" marT="{above}" marB="{above}" '
            f'anchor="ctr">{none}{under}<a:noFill/></a:tcPr></a:tc>'
        )


KINDS: Mapping[type, Callable[[Sheet, Any, Rect], None]] = MappingProxyType(
    {Words: Sheet.words, Image: Sheet.image, Listing: Sheet.listing, Grid: Sheet.grid}
)
"""How each kind of part comes onto a slide."""
