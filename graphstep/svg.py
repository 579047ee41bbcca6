"""A drawing and the texts of a frame as one SVG. Frames differ in texts and classes only."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from .draw import ARROW, RADIUS, SMALL, SYMBOL, Curve, Drawing, Mark, Place
from .metrics import width, wrap
from .steps import Slot
from .style import PALETTES, Colours, Style

MARGIN = 12.0
NARROWEST = 560.0  # a caption needs room, however small the graph
CAPTION, LEADING = 13.0, 18.0
LEGEND_GAP = 8.0

CLASSES = {"value": "v", "upstream": "g", "downstream": "g", "local": "l"}
"""The class of each kind of slot: value, gradient, local."""


class Look(NamedTuple):
    """What one frame shows: the visible texts, and which slots, nodes, wires it is about."""

    ident: str
    title: str
    caption: str
    legend: str
    texts: Mapping[Slot, str]
    new: Collection[Slot]
    used: Collection[Slot]
    nodes: Collection[int]
    wires: frozenset[int]
    warnings: Mapping[int, str]


class Canvas:
    """The unchanging pieces of a figure's SVG, made once; `render` fills in a frame.

    `captions` are the captions and legends of all frames: the room under the graph is reserved for
    the longest, so that nothing moves between frames.
    """

    def __init__(
        self, drawing: Drawing, style: Style, captions: Collection[tuple[str, str]]
    ) -> None:
        self.drawing, self.style = drawing, style
        self._wrapped: dict[str, list[str]] = {}
        self.width = max(drawing.width, NARROWEST) + 2 * MARGIN
        rows = max(len(self._lines(c)) + len(self._lines(legend)) for c, legend in captions)
        self.height = drawing.height + 2 * MARGIN + LEADING * rows + 2 * LEGEND_GAP
        self.left = (self.width - drawing.width) / 2
        self.curves = [(c.wires, *_curve(c)) for c in drawing.curves]
        self.marks = [(m.node, *_mark(m)) for m in drawing.marks]
        self.places = [(p, *_text(p)) for p in drawing.places]
        self.badges = {m.node: _badge(m) for m in drawing.marks}

    def render(self, look: Look) -> str:
        """The SVG of a frame. Same drawing, same look: same bytes."""
        return "".join(self._pieces(look))

    def _pieces(self, look: Look) -> Iterator[str]:
        ident, size = look.ident, f"{_n(self.width)} {_n(self.height)}"
        title, desc = escape(look.title), escape(f"{look.caption} {look.legend}".strip())
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" id="{ident}" class="graphstep" role="img" '
            f'aria-labelledby="{ident}-t {ident}-d" viewBox="0 0 {size}" '
            f'width="{_n(self.width)}" height="{_n(self.height)}" '
            f'font-family="{escape(self.style.font)}">\n'
            f'<title id="{ident}-t">{title}</title>\n<desc id="{ident}-d">{desc}</desc>\n'
            f"<style>{stylesheet(self.style, ident)}</style>\n"
            f'<g transform="translate({_n(self.left)} {_n(MARGIN)})">\n'
        )
        for wires, line, head in self.curves:
            yield line[not look.wires.isdisjoint(wires)]
            yield head
        for node, plain, busy in self.marks:
            yield busy if node in look.nodes else plain
        for place, start, frame in self.places:
            yield from _filled(place, start, frame, look)
        for node, sentence in look.warnings.items():
            yield self.badges[node].format(escape(sentence))
        yield "</g>\n"
        yield from self._words(look)
        yield "</svg>\n"

    def _words(self, look: Look) -> Iterator[str]:
        """The caption and, under it, the legend."""
        y = self.drawing.height + 2 * MARGIN + LEGEND_GAP + CAPTION
        yield from self._rows("c", look.caption, y)
        y += len(self._lines(look.caption)) * LEADING + LEGEND_GAP
        yield from self._rows("k", look.legend, y)

    def _rows(self, kind: str, text: str, y: float) -> Iterator[str]:
        for k, line in enumerate(self._lines(text)):
            yield (
                f'<text class="{kind}" x="{_n(MARGIN)}" y="{_n(y + k * LEADING)}" '
                f'font-size="{_n(CAPTION)}">{escape(line)}</text>\n'
            )

    def _lines(self, text: str) -> list[str]:
        if text not in self._wrapped:
            room = self.width - 2 * MARGIN
            lines = (line for part in text.splitlines() for line in wrap(part, CAPTION, room))
            self._wrapped[text] = list(lines)
        return self._wrapped[text]


def stylesheet(style: Style, ident: str) -> str:
    """The colours of a figure, for its own elements only; dark ones where the reader's theme is."""
    light, dark = PALETTES[style.palette]
    shape = (
        f"#{ident} .s,#{ident} .w{{fill:none;stroke-width:1.4}}#{ident} .on{{stroke-width:2.8}}"
        f"#{ident} text{{white-space:pre}}#{ident} .v,#{ident} .g,#{ident} .l,"
        f"#{ident} .m{{text-anchor:middle}}#{ident} .g{{font-style:italic}}"
        f"#{ident} .new{{font-weight:bold}}#{ident} .u{{fill:none;stroke-width:1.2}}"
    )
    if style.theme == "auto":
        media = "@media(prefers-color-scheme:dark)"
        return f"{shape}{_colours(light, ident)}{media}{{{_colours(dark, ident)}}}"
    return shape + _colours(dark if style.theme == "dark" else light, ident)


def _colours(colours: Colours, ident: str) -> str:
    rules = {
        ".n,{0} .c,{0} .m": f"fill:{colours.ink}",
        ".s,{0} .w": f"stroke:{colours.ink}",
        ".a": f"fill:{colours.ink}",
        ".v": f"fill:{colours.value}",
        ".g": f"fill:{colours.gradient}",
        ".l,{0} .k": f"fill:{colours.muted}",
        ".u": f"stroke:{colours.accent}",
        ".b": f"fill:{colours.warning};stroke:{colours.warning}",
    }
    return "".join(f"#{ident} {s.format('#' + ident)}{{{rule}}}" for s, rule in rules.items())


def _filled(place: Place, start: str, frame: str, look: Look) -> Iterator[str]:
    """The text of a place, if it has one yet, with what the step does to it."""
    slot = place.slot
    text = look.texts.get(slot)
    if text is None and not place.prefix:
        return
    if slot in look.used:
        half = (place.size * 0.36 + width(text or "", place.size)) / 2
        yield frame.format(_n(place.x - half), _n(2 * half))
    new = " new" if slot in look.new else ""
    shown = "" if text is None else f"[{text}]" if slot.kind == "local" else text
    if place.prefix:
        name = place.prefix if shown else place.prefix.removesuffix(" = ")
        shown = f'<tspan class="n">{escape(name)}</tspan>{shown}'
    yield f"{start.format(new)}{shown}</text>\n"


def _text(place: Place) -> tuple[str, str]:
    """The opening tag of a place's text, with a hole for its state; an outline for its use."""
    kind, index = place.slot
    tag = (
        f'<text class="{CLASSES[kind]}{{}}" data-slot="{kind}-{index}" x="{_n(place.x)}" '
        f'y="{_n(place.y)}" font-size="{_n(place.size)}">'
    )
    frame = (
        f'<rect class="u" x="{{}}" y="{_n(place.y - 0.94 * place.size)}" width="{{}}" '
        f'height="{_n(1.2 * place.size)}" rx="3"/>\n'
    )
    return tag, frame


def _curve(curve: Curve) -> tuple[tuple[str, str], str]:
    """A wire's path, plain and heavier, and its arrow head."""
    points, head = curve.points, ""
    if curve.arrow:
        points, head = _headed(points)
    path = f"M{_xy(points[0])}C{' '.join(map(_xy, points[1:]))}"
    plain = f'<path class="w" d="{path}"/>\n'
    return (plain, plain.replace('"w"', '"w on"')), head


def _headed(points: tuple[tuple[float, float], ...]) -> tuple[tuple[tuple[float, float], ...], str]:
    """The curve cut back to the base of its arrow head, and the head."""
    (*rest, handle, tip) = points
    dx, dy = tip[0] - handle[0], tip[1] - handle[1]
    length = math.hypot(dx, dy) or 1.0
    ux, uy = (dx / length, dy / length) if length > 1e-6 else (1.0, 0.0)
    base = (tip[0] - ARROW * ux, tip[1] - ARROW * uy)
    shorter = (handle[0] - ARROW * ux, handle[1] - ARROW * uy)
    wide = 0.42 * ARROW
    corners = [
        tip,
        (base[0] - wide * uy, base[1] + wide * ux),
        (base[0] + wide * uy, base[1] - wide * ux),
    ]
    head = f'<path class="a" d="M{"L".join(map(_xy, corners))}Z"/>\n'
    return (*rest, shorter, base), head


def _mark(mark: Mark) -> tuple[str, str]:
    """A gate or a name, plain and as the one the step is about."""
    x, y = mark.x, mark.y
    if not mark.gate:
        text = (f'<text class="m{{}}" x="{_n(x)}" y="{_n(y + 5)}" font-size="{_n(SYMBOL)}">'
                f"{escape(mark.text).replace('{', '{{').replace('}', '}}')}</text>\n")  # fmt: skip
        return text.format(""), text.format(" new")
    left, top = x - mark.width / 2, y - RADIUS
    shape = (
        f'<rect class="s" x="{_n(left)}" y="{_n(top)}" width="{_n(mark.width)}" '
        f'height="{_n(2 * RADIUS)}" rx="{_n(RADIUS)}"/>'
        f'<text class="m" x="{_n(x)}" y="{_n(y + 5)}" font-size="{_n(SYMBOL)}">'
        f"{_symbol(mark.text)}</text>\n"
    )
    return shape, shape.replace('class="s"', 'class="s on"')


def _symbol(text: str) -> str:
    """A gate's symbol: a part after `^` raised, the asterisk lowered to the middle of the line."""
    base, caret, power = text.partition("^")
    if caret:
        return f'{escape(base)}<tspan dy="-5" font-size="{_n(SMALL)}">{escape(power)}</tspan>'
    if text.startswith("*"):
        return f'<tspan dy="4" font-size="18">*</tspan><tspan dy="-4">{escape(text[1:])}</tspan>'
    return escape(text)


def _badge(mark: Mark) -> str:
    """A warning sign at the upper right of a gate, with a hole for its sentence."""
    x, y = mark.x + mark.width / 2 - 6, mark.y - RADIUS - 3
    return (
        f'<g class="b"><title>{{}}</title><path d="M{_n(x)} {_n(y)}l6 11h-12z" fill="none" '
        f'stroke-width="1.4" stroke-linejoin="round"/>'
        f'<text x="{_n(x)}" y="{_n(y + 10)}" font-size="9" '
        f'text-anchor="middle" stroke="none">!</text></g>\n'
    )


ESCAPES = {
    **dict.fromkeys([*range(0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF]),
    ord("\t"): " ",
    ord("\n"): " ",
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord('"'): "&quot;",
    ord("'"): "&#39;",
}


def escape(text: str) -> str:
    """A text as XML character data or an attribute's value; characters XML forbids are left out."""
    return text.translate(ESCAPES)


def _xy(point: tuple[float, float]) -> str:
    return f"{_n(point[0])} {_n(point[1])}"


def _n(number: float) -> str:
    """A coordinate with two decimals at the most, and none where it is whole."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
