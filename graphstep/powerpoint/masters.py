"""The theme, the master and the layouts of a deck, which all slides share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID, uuid5

from ..look.style import HUES, Colours
from ..painting.svg import escape
from ..slides.deck import (
    BODY,
    FOOTER_GAP,
    LOGO,
    MARGIN,
    NOTE,
    SIZES,
    SMALL_LOGO,
    TITLE,
    Meta,
)
from ..slides.design import Design
from .xml import (
    LANGUAGES,
    LEADING,
    Inks,
    Rect,
    Span,
    body,
    clean,
    emu,
    filled,
    inks,
    named,
    off_ext,
    on_template,
    outlined,
    placeholder,
    preset,
)

THEME_FONT = "Verdana"  # of PowerPoint's systems; DejaVu Sans, its substitute elsewhere, is as wide
LAYOUTS = {"cover": "Title Slide", "text": "Title and Content", "section": "Section Header",
           "plain": "Title Only"}  # fmt: skip
"""The layouts of slides, and their names in the library's template."""
NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
LIGHT_MAP = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}
DARK_MAP = {"bg1": "dk1", "tx1": "lt1", "bg2": "dk2", "tx2": "lt2"}
COVER, SECTION = 1.45 * TITLE, 1.3 * TITLE
TEXT_LEVELS = 5
FOOTER, NUMBER = 11, 12  # by which slides refer to these placeholders of their layout
PAGE_FILL = '<a:solidFill><a:schemeClr val="bg1"/></a:solidFill>'
NUMBER_FIELD = "{5C5D8C22-9C5B-4C7D-9E0E-0B5F3D0B1A01}"  # any id: only the field's type counts


class Base(NamedTuple):
    """What slides stand on: sizes and places in points, colours, and names of placeholders.

    `holders` has the attributes of each placeholder of each layout. `text` is the size of texts.
    In a file made from a `template`, its own places, sizes and styles hold.
    """

    size: tuple[float, float]
    body: Rect
    look: Design
    holders: Mapping[str, Mapping[str, str]]
    text: float = BODY
    template: bool = False

    def inks(self, colours: Colours, theme: Colours) -> Inks:
        """Colours as the shapes of slides name them."""
        return on_template(self.look, colours) if self.template else inks(colours, theme)

    def styled(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """Texts of placeholders, without what those of a template say themselves."""
        if not self.template:
            return tuple(spans)
        return tuple(
            span._replace(size=0.0, colour=span.colour if span.colour in HUES else "", bold=False)
            for span in spans
        )


def base(meta: Meta) -> Base:
    """The base of decks without a template."""
    size = SIZES[meta.aspect]
    foot = {"footer": f'type="ftr" sz="quarter" idx="{FOOTER}"',
            "number": f'type="sldNum" sz="quarter" idx="{NUMBER}"'}  # fmt: skip
    holders = {kind: {"title": 'type="title"', "text": 'idx="1"', **foot} for kind in LAYOUTS}
    holders["cover"] = {"title": 'type="ctrTitle"', "text": 'type="subTitle" idx="1"'}
    return Base(size, body_place(size), meta.look, holders)


def themed(theme: str, colours: Colours, look: Design) -> str:
    """A theme with the colours of a deck in their places, and its fonts."""
    dark = look.theme == "dark"
    tones = (look.paper, colours.ink, look.shades[0], colours.muted)
    names = ("dk1", "lt1", "dk2", "lt2") if dark else ("lt1", "dk1", "lt2", "dk2")
    ends = (colours.value, colours.gradient, colours.accent, colours.warning, colours.minus,
            colours.plus, colours.accent, colours.muted)  # fmt: skip
    found = dict(zip(names, tones, strict=True)) | dict(zip(THEME_ACCENTS, ends, strict=True))
    order = ("dk1", "lt1", "dk2", "lt2", *THEME_ACCENTS)
    scheme = "".join(f'<a:{n}><a:srgbClr val="{found[n][1:].upper()}"/></a:{n}>' for n in order)
    theme = re.sub(r"(<a:clrScheme[^>]*>).*?(</a:clrScheme>)", rf"\g<1>{scheme}\g<2>", theme,
                   flags=re.DOTALL)  # fmt: skip
    text = look.fonts.text or THEME_FONT
    for kind, family in (("maj", look.fonts.title or text), ("min", text)):
        fonts = rf'(<a:{kind}orFont>\s*<a:latin typeface=")[^"]*'
        theme = re.sub(fonts, rf"\g<1>{family}", theme)
    return theme


THEME_ACCENTS = (*(f"accent{k}" for k in range(1, 7)), "hlink", "folHlink")


def colour_map(dark: bool) -> dict[str, str]:
    """The attributes of the colour map: which colours of the theme are page and ink."""
    return DARK_MAP if dark else LIGHT_MAP


def master(size: tuple[float, float], logo: str = "") -> str:
    """The shapes of the master: title, text, footer and number of a slide, and a logo."""
    places = title_place(size), body_place(size), number_place(size)
    small = {side: f'<a:lvl1pPr algn="{side}">{_font(NOTE, "tx2")}</a:lvl1pPr>'
             for side in ("ctr", "r")}  # fmt: skip
    return _tree("", [
        _holder("Title", 'type="title"', places[0]),
        _holder("Text", 'type="body" idx="1"', places[1]),
        _holder("Footer", 'type="ftr" sz="quarter" idx="3"', footer_place(size), "b", small["ctr"]),
        _holder("Number", 'type="sldNum" sz="quarter" idx="4"', places[2], "b", small["r"]),
        logo,
    ], f"<p:bg><p:bgPr>{PAGE_FILL}<a:effectLst/></p:bgPr></p:bg>")  # fmt: skip


def layout(kind: str, size: tuple[float, float], logo: str = "") -> str:
    """The shapes of a layout; a logo only for that of the title page."""
    foot = [_holder("Footer", f'type="ftr" sz="quarter" idx="{FOOTER}"'),
            _holder("Number", f'type="sldNum" sz="quarter" idx="{NUMBER}"')]  # fmt: skip
    title = _holder("Title", 'type="title"')
    made = {
        "cover": [*_cover(size, bool(logo)), logo],
        "section": [_big("Title", 'type="title"', section_place(size), SECTION), *foot],
        "text": [title, _holder("Text", 'type="body" idx="1"'), *foot],
        "plain": [title, *foot],
    }
    return _tree(LAYOUTS[kind], made[kind])


def text_styles() -> str:
    """The styles of titles and texts in the master."""
    levels = "".join(_level(k) for k in range(1, TEXT_LEVELS + 1))
    return (
        f'<p:txStyles {NAMESPACES}><p:titleStyle><a:lvl1pPr algn="l" rtl="0"><a:buNone/>'
        f"{_font(TITLE, bold=True, kind='mj')}</a:lvl1pPr></p:titleStyle><p:bodyStyle>{levels}"
        f'</p:bodyStyle><p:otherStyle><a:lvl1pPr algn="l" rtl="0">{_font(BODY)}</a:lvl1pPr>'
        "</p:otherStyle></p:txStyles>"
    )


def notes(text: str, lang: str) -> str:
    """The speaker's notes of a slide, under its picture; a line of text is a paragraph."""
    look = f'<a:rPr lang="{LANGUAGES.get(lang, lang)}"/>'
    runs = (f"<a:r>{look}<a:t>{escape(line)}</a:t></a:r>" if line else ""
            for line in clean(text).split("\n"))  # fmt: skip
    lines = "".join(f"<a:p>{run}</a:p>" for run in runs)
    said = f"<p:txBody><a:bodyPr/><a:lstStyle/>{lines}</p:txBody>"
    shapes = (
        placeholder('type="sldImg" idx="2"', named("Slide"), "")
        + placeholder('type="body" sz="quarter" idx="3"', named("Notes"), said)
    )  # fmt: skip
    return (
        f"<p:notes {NAMESPACES}>{_tree('', [shapes])}"
        "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:notes>"
    )


def sections(listed: Iterable[tuple[str, list[str]]]) -> str:
    """The names of sections with the ids of their slides, as an extension of a presentation."""
    inside = "".join(
        f'<p14:section name="{escape(name)}" id="{{{str(uuid5(SECTIONS, str(k))).upper()}}}">'
        f"<p14:sldIdLst>{''.join(map(_member, ids))}</p14:sldIdLst>"
        "</p14:section>"
        for k, (name, ids) in enumerate(listed)
    )
    return (
        f'<p:ext {NAMESPACES} uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}"><p14:sectionLst '
        'xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main">'
        f"{inside}</p14:sectionLst></p:ext>"
    )


def _member(slide: str) -> str:
    return f'<p14:sldId id="{slide}"/>'


SECTIONS = UUID(int=0)  # any: the ids of sections only have to differ


def title_place(size: tuple[float, float]) -> Rect:
    """The place of titles."""
    return Rect(MARGIN, MARGIN - 0.2 * TITLE, size[0] - 2 * MARGIN, LEADING * TITLE)


def body_place(size: tuple[float, float]) -> Rect:
    """The place of texts under a title."""
    top = MARGIN + (LEADING - 0.2) * TITLE + 0.6 * BODY
    return Rect(MARGIN, top, size[0] - 2 * MARGIN, size[1] - MARGIN - top)


def number_place(size: tuple[float, float]) -> Rect:
    """The place of a slide's number."""
    return Rect(
        size[0] - MARGIN - 120, size[1] - 0.4 * MARGIN - LEADING * NOTE, 120, LEADING * NOTE
    )


def footer_place(size: tuple[float, float]) -> Rect:
    """The place of the text at the foot, between a logo and the number."""
    number, side = number_place(size), MARGIN + SMALL_LOGO[0] + FOOTER_GAP
    return number._replace(x=side, width=size[0] - 2 * side)


def logo_places(size: tuple[float, float], natural: tuple[float, float]) -> tuple[Rect, Rect]:
    """The places of a logo on the title page, in the middle at its top, and at the foot."""
    number = number_place(size)
    parts = (min(a / b for a, b in zip(most, natural, strict=True)) for most in (LOGO, SMALL_LOGO))
    (wide, high), (small, low) = ((part * natural[0], part * natural[1]) for part in parts)
    middle = number.y + number.height / 2
    return (Rect((size[0] - wide) / 2, 2 * MARGIN + (LOGO[1] - high) / 2, wide, high),
            Rect(MARGIN, middle - low / 2, small, low))  # fmt: skip


def cover_places(size: tuple[float, float], logo: bool) -> tuple[Rect, Rect, Rect]:
    """The places of a deck's title, the line under it, and all other texts of the title page."""
    wide, middle = size[0] - 2 * MARGIN, (0.53 if logo else 0.46) * size[1]
    top = 2 * MARGIN + LOGO[1] if logo else MARGIN
    title = Rect(MARGIN, top, wide, middle - top)
    line = Rect(size[0] / 2 - 2 * TITLE, middle + 0.6 * TITLE, 4 * TITLE, 0)
    below = line.y + 0.6 * TITLE
    return title, line, Rect(MARGIN, below, wide, size[1] - MARGIN - below)


def section_place(size: tuple[float, float]) -> Rect:
    """The place of a title that is alone on its slide."""
    return Rect(MARGIN, MARGIN, size[0] - 2 * MARGIN, size[1] - 2 * MARGIN)


def rule(who: str, place: Rect, colour: str, width: float) -> str:
    """A straight line."""
    return (
        f"<p:cxnSp><p:nvCxnSpPr>{who}<p:cNvCxnSpPr/><p:nvPr/></p:nvCxnSpPr><p:spPr>"
        f"{off_ext(place)}{preset('line')}{outlined(colour, width)}</p:spPr></p:cxnSp>"
    )


def _cover(size: tuple[float, float], logo: bool) -> list[str]:
    title, line, rest = cover_places(size, logo)
    return [
        rule(named("Line"), line, '<a:schemeClr val="accent3"/>', 1.5),
        _big("Title", 'type="ctrTitle"', title, COVER, "b"),
        _big("Subtitle", 'type="subTitle" idx="1"', rest, 1.1 * BODY, "t"),
    ]


def _big(name: str, kind: str, place: Rect, size: float, anchor: str = "ctr") -> str:
    """A place for centred text."""
    look = f'<a:defRPr sz="{round(size * 100)}"/>'
    inside = f'<a:lvl1pPr marL="0" indent="0" algn="ctr"><a:buNone/>{look}</a:lvl1pPr>'
    return _holder(name, kind, place, anchor, inside)


def _holder(
    name: str, kind: str, place: Rect | None = None, anchor: str = "t", style: str = ""
) -> str:
    """A placeholder of a master or a layout; without a place it inherits that of the master."""
    where = off_ext(place) + preset("rect") if place else ""
    field = f'<a:fld id="{NUMBER_FIELD}" type="slidenum"><a:rPr/><a:t>1</a:t></a:fld>'
    inside = field if "sldNum" in kind else f"<a:r><a:rPr/><a:t>{name}</a:t></a:r>"
    text = body(f"<a:p>{inside}</a:p>", anchor).replace(
        "<a:lstStyle/>", f"<a:lstStyle>{style}</a:lstStyle>"
    )
    if place is None:
        text = re.sub(r"<a:bodyPr.*?</a:bodyPr>", "<a:bodyPr/>", text)
    return (
        f'<p:sp><p:nvSpPr>{named(name)}<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr>'
        f"<p:ph {kind}/></p:nvPr></p:nvSpPr><p:spPr>{where}</p:spPr>{text}</p:sp>"
    )


def tree(shapes: str) -> str:
    """All shapes of a slide."""
    return (
        f'<p:spTree {NAMESPACES}><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/>'
        f"</p:nvGrpSpPr><p:grpSpPr/>{shapes}</p:spTree>"
    )


def _tree(name: str, shapes: list[str], before: str = "") -> str:
    called = f' name="{name}"' if name else ""
    return f"<p:cSld {NAMESPACES}{called}>{before}{tree(''.join(shapes))}</p:cSld>"


def _font(size: float, colour: str = "tx1", bold: bool = False, kind: str = "mn") -> str:
    faces = "".join(f'<a:{part} typeface="+{kind}-{end}"/>' for part, end in FACES)
    heavy = ' b="1"' if bold else ""
    fill = filled(f'<a:schemeClr val="{colour}"/>')
    return f'<a:defRPr sz="{round(size * 100)}"{heavy} kern="1200">{fill}{faces}</a:defRPr>'


FACES = (("latin", "lt"), ("ea", "ea"), ("cs", "cs"))


def _level(level: int) -> str:
    """The style of texts of one level."""
    left, back = emu(INDENT * level), emu(INDENT)
    return (
        f'<a:lvl{level}pPr marL="{left}" indent="-{back}" algn="l" rtl="0">'
        f'<a:buFont typeface="Arial"/><a:buChar char="•"/>{_font(BODY)}</a:lvl{level}pPr>'
    )


INDENT = 22.0  # points a level
