"""Elements of DrawingML: places, colours, lines, runs of text, shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from ..look.style import Colours
from ..painting.svg import XML_ESCAPES, escape
from ..slides.design import Design

EMU = 12700  # in a point
LANGUAGES = {"en": "en-US", "ru": "ru-RU"}
ASCENT, DESCENT = 0.967, 0.223  # ems; halfway between Verdana and DejaVu Sans, its substitute
LEADING = ASCENT + DESCENT + 0.03
DRAWING = "drawing2010"
"""The prefix of the namespace that has equations in texts. It is seldom called so: LibreOffice
takes what needs "a14" whether it can show equations or not, and leaves an empty place."""
SUPER, SUB = 30, -25  # shift in percent of the size
MONOSPACED = "Courier New"
SCHEME = {
    "ink": "tx1", "muted": "tx2", "value": "accent1", "gradient": "accent2", "accent": "accent3",
    "warning": "accent4", "minus": "accent5", "plus": "accent6", "page": "bg1", "shade": "bg2",
}  # fmt: skip
"""The slot of each colour of a figure in the theme of a deck."""
_LEFT_OUT = {char: escaped for char, escaped in XML_ESCAPES.items() if escaped is None} | {
    0x0B: None
}

Inks = Mapping[str, str]


class Rect(NamedTuple):
    """A place on a slide, in points."""

    x: float
    y: float
    width: float
    height: float


class Span(NamedTuple):
    """A run of text in one style; `rise` lifts it, in percent of its size.

    Without a size or a colour it has those of its placeholder.

    `link` is the name of a relation of the slide. A line break is a run of one line feed. `boxed`
    is a frame in a formula: no run can have one, so there is a shade behind it.
    """

    text: str
    size: float
    colour: str = ""
    bold: bool = False
    italic: bool = False
    code: bool = False
    struck: bool = False
    underlined: bool = False
    link: str = ""
    rise: int = 0
    boxed: bool = False


def inks(colours: Colours, theme: Colours) -> Inks:
    """Colours by name: theme colours as references, so that a change of the theme changes them."""
    places = {name: f'<a:schemeClr val="{place}"/>' for name, place in SCHEME.items()}
    hues = {name: rgb(colour) for name, colour in colours.hues.items()}
    if colours == theme:
        return places | hues
    return places | hues | {name: rgb(colour) for name, colour in colours._asdict().items()}


def on_template(look: Design, colours: Colours) -> Inks:
    """Colours by name for a template: ink and page are its own, the others stay as they are."""
    given = colours._asdict() | colours.hues
    fixed = {name: rgb(colour) for name, colour in given.items()}
    own = {name: f'<a:schemeClr val="{SCHEME[name]}"/>' for name in ("ink", "page")}
    return fixed | own | {"shade": rgb(look.shades[0])}


TEMPLATE_INKS: Inks = MappingProxyType(
    {"ink": "", **{name: f'<a:schemeClr val="{SCHEME[name]}"/>' for name in ("muted", "accent")}}
)
"""Colours of texts in placeholders of a template, whose own one is that of its styles."""
INSET = (7.2, 3.6)  # points between the edges of a placeholder and its text


def rgb(colour: str) -> str:
    """A fixed colour from CSS notation, such as "#24292f"."""
    return f'<a:srgbClr val="{colour.removeprefix("#").upper()}"/>'


def emu(points: float) -> int:
    """Points in EMU, the units of the file, to a hundredth of a point, in fewer digits."""
    return 100 * round(points * EMU / 100)


def clean(text: str) -> str:
    """A text without characters that XML forbids."""
    return text.translate(_LEFT_OUT)


def off_ext(place: Rect, tag: str = "a:xfrm", inner: bool = False) -> str:
    """The position of a shape; with `inner`, also a group's own coordinates, which are the same."""
    x, y, wide, high = map(emu, place)
    child = f'<a:chOff x="{x}" y="{y}"/><a:chExt cx="{wide}" cy="{high}"/>' if inner else ""
    return f'<{tag}><a:off x="{x}" y="{y}"/><a:ext cx="{wide}" cy="{high}"/>{child}</{tag}>'


def named(name: str, about: str = "") -> str:
    """The name of a shape, and its description for screen readers; ids are set later."""
    described = f' descr="{escape(about)}"' if about else ""
    return f'<p:cNvPr id="0" name="{escape(name)}"{described}/>'


def filled(colour: str, opacity: float = 1.0) -> str:
    """A fill of one colour, or none."""
    if not colour:
        return "<a:noFill/>"
    if opacity < 1:
        end = colour.index(" ")  # the name of the element
        alpha = f'<a:alpha val="{round(opacity * 100000)}"/>'
        colour = f"{colour[:-2]}>{alpha}</{colour[1:end]}>"
    return f"<a:solidFill>{colour}</a:solidFill>"


def outlined(colour: str, width: float) -> str:
    """A line of a width in points, or none."""
    if not colour:
        return "<a:ln><a:noFill/></a:ln>"
    return f'<a:ln w="{emu(width)}">{filled(colour)}<a:miter lim="800000"/></a:ln>'


def text_run(span: Span, colours: Inks, lang: str, proof: bool = True) -> str:
    """A run of text, or a line break."""
    look = f'lang="{LANGUAGES.get(lang, lang)}"'
    look += f' sz="{max(100, round(span.size * 100))}"' if span.size else ""
    look += ' b="1"' if span.bold else ""
    look += ' i="1"' if span.italic else ""
    look += ' strike="sngStrike"' if span.struck else ""
    look += ' u="sng"' if span.underlined else ""
    look += f' baseline="{span.rise * 1000}"' if span.rise else ""
    look += "" if proof else ' noProof="1"'
    inside = filled(colours[span.colour]) if span.colour and colours[span.colour] else ""
    if span.boxed:
        inside += f"<a:highlight>{colours['shade']}</a:highlight>"
    if span.code:
        inside += f'<a:latin typeface="{MONOSPACED}"/><a:cs typeface="{MONOSPACED}"/>'
    inside += f'<a:hlinkClick r:id="{span.link}"/>' if span.link else ""
    if span.text == "\n":
        return f"<a:br><a:rPr {look}>{inside}</a:rPr></a:br>"
    return f"<a:r><a:rPr {look}>{inside}</a:rPr><a:t>{escape(span.text)}</a:t></a:r>"


def paragraph(runs: Iterable[str], align: str = "l", inside: str = "", given: str = "") -> str:
    """A paragraph of runs; `inside` and `given` are further properties."""
    return f'<a:p><a:pPr algn="{align}"{given}>{inside}</a:pPr>{"".join(runs)}</a:p>'


def body(paragraphs: str, anchor: str = "t", wrap: bool = True, inset: float = 0) -> str:
    """The text body of a shape."""
    edge = emu(inset)
    return (
        f'<p:txBody><a:bodyPr wrap="{"square" if wrap else "none"}" lIns="{edge}" tIns="{edge}" '
        f'rIns="{edge}" bIns="{edge}" rtlCol="0" anchor="{anchor}"><a:noAutofit/></a:bodyPr>'
        f"<a:lstStyle/>{paragraphs or '<a:p/>'}</p:txBody>"
    )


def shape(
    who: str, place: Rect, geometry: str, paint: str, text: str = "", box: bool = False
) -> str:
    """A shape with a geometry, fill and line, and text."""
    kind = ' txBox="1"' if box else ""
    return (
        f"<p:sp><p:nvSpPr>{who}<p:cNvSpPr{kind}/><p:nvPr/></p:nvSpPr>"
        f"<p:spPr>{off_ext(place)}{geometry}{paint}</p:spPr>{text}</p:sp>"
    )


def preset(kind: str, adjust: int | None = None) -> str:
    """A preset geometry of the file format."""
    value = "" if adjust is None else f'<a:gd name="adj" fmla="val {adjust}"/>'
    return f'<a:prstGeom prst="{kind}"><a:avLst>{value}</a:avLst></a:prstGeom>'


def textbox(who: str, place: Rect, text: str) -> str:
    """A text box without fill or outline."""
    return shape(who, place, preset("rect"), "<a:noFill/>", text, box=True)


def placeholder(kind: str, who: str, text: str, place: Rect | None = None) -> str:
    """A placeholder, which outlines and screen readers find: a slide's title, body or number."""
    where = off_ext(place) if place else ""
    return (
        f'<p:sp><p:nvSpPr>{who}<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f"<p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr><p:spPr>{where}</p:spPr>{text}</p:sp>"
    )


def picture_shape(who: str, place: Rect, image: str, vector: str = "") -> str:
    """An image by its relation's name; `vector` is its SVG, for programs that can show it."""
    better = (
        '<a:extLst><a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}"><asvg:svgBlip '
        'xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" '
        f'r:embed="{vector}"/></a:ext></a:extLst>'
    )
    return (
        f'<p:pic><p:nvPicPr>{who}<p:cNvPicPr><a:picLocks noChangeAspect="1"/></p:cNvPicPr><p:nvPr/>'
        f'</p:nvPicPr><p:blipFill><a:blip r:embed="{image}">{better if vector else ""}</a:blip>'
        f"<a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr>{off_ext(place)}"
        f"{preset('rect')}</p:spPr></p:pic>"
    )


def alternative(shape: str, fallback: str) -> str:
    """A shape with an equation, and what programs show that cannot show it."""
    return (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/'
        f'2006"><mc:Choice xmlns:{DRAWING}="http://schemas.microsoft.com/office/drawing/2010/main" '
        f'Requires="{DRAWING}">{shape}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback>'
        "</mc:AlternateContent>"
    )


def shape_group(who: str, place: Rect, shapes: str) -> str:
    """A group of shapes."""
    return (
        f"<p:grpSp><p:nvGrpSpPr>{who}<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr>"
        f"{off_ext(place, inner=True)}</p:grpSpPr>{shapes}</p:grpSp>"
    )
