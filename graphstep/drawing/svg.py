"""A drawing and the texts of a frame as one SVG. Frames differ in texts and classes only."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, chain
from typing import NamedTuple

from ..graph.slots import Slot
from ..look.matrices import LEVELS, Block, runs
from ..look.style import PALETTES, Colours, Style
from ..look.text_widths import width, wrap
from .drawing import (
    ARROW,
    BRACKET,
    CELL,
    CELL_GAP,
    LABEL,
    LINE,
    RADIUS,
    SMALL,
    SYMBOL,
    TEXT,
    Curve,
    Drawing,
    Mark,
    Place,
    cell_size,
)

MARGIN = 12.0
NARROWEST = 560.0  # a caption needs room, however small the graph
CAPTION, LEADING = 13.0, 18.0
SCALE = 24.0  # the room of the colour scale
LEGEND_GAP = 8.0
LEAST_SCALE = 0.6  # to which a large figure shrinks in a page before it is scrolled

CLASSES = {"value": "v", "upstream": "g", "downstream": "g", "local": "l"}
"""The class of each kind of slot: value, gradient, local."""


class Look(NamedTuple):
    """What one frame shows: how far it has come, and which slots, nodes, wires it is about."""

    ident: str
    number: int
    caption: str
    legend: str
    new: Collection[Slot]
    used: Collection[Slot]
    nodes: Collection[int]
    wires: Collection[int]
    warnings: Mapping[int, str]


class Sheet(NamedTuple):
    """What all frames of a figure share: texts of slots, and the frame in which each appears."""

    key: str
    title: str
    texts: Mapping[Slot, str]
    blocks: Mapping[Slot, Block]
    appears: Mapping[Slot, int]
    captions: Sequence[tuple[str, str]]
    scale: str = ""  # the number at the end of the colours of heat maps


class Shapes:
    """Shapes that a step can make heavier, as one text in which only those are exchanged."""

    def __init__(self, shapes: Iterable[tuple[Iterable[int], str, str]]) -> None:
        pieces: list[str] = []
        self.heavy: dict[int, list[tuple[int, int, str]]] = {}  # by owner: from, to, what instead
        at = 0
        for owners, plain, heavy in shapes:
            pieces.append(plain)
            for owner in owners:
                self.heavy.setdefault(owner, []).append((at, at + len(plain), heavy))
            at += len(plain)
        self.text = "".join(pieces)

    def render(self, busy: Iterable[int]) -> Iterator[str]:
        """All shapes, heavier where they belong to one of the busy."""
        done = 0
        for start, end, heavy in sorted(
            {cut for owner in busy for cut in self.heavy.get(owner, ())}
        ):
            yield self.text[done:start]
            yield heavy
            done = end
        yield self.text[done:]


class Numbers:
    """The texts of all places, in the order in which they appear, so that a frame is a prefix."""

    def __init__(self, places: Iterable[Place], sheet: Sheet) -> None:
        self.sheet = sheet
        self.places = {place.slot: place for place in places}
        self.pieces = {
            slot: _block(p, sheet.blocks[slot]) if p.height else _text(p, sheet.texts[slot])
            for slot, p in self.places.items()
        }
        order = sorted(self.places, key=sheet.appears.__getitem__)
        self.text = "".join([self.pieces[slot] for slot in order])
        self.ends = [0] * (len(sheet.captions) + 1)  # how much of the text is there before frame k
        for slot in order:
            self.ends[sheet.appears[slot] + 1] += len(self.pieces[slot])
        self.ends = list(accumulate(self.ends))
        self.named = [
            (sheet.appears[s], _text(p, None)) for s, p in self.places.items() if p.prefix
        ]

    def render(self, look: Look) -> Iterator[str]:
        """The visible texts; those that the step makes or uses stand out."""
        new = [slot for slot in look.new if slot in self.places]
        yield self.text[: self.ends[look.number + (not new)]]
        for slot in new:
            yield self.pieces[slot].replace('"', '"new ', 1)
        for slot in look.used:
            if slot in self.places:
                yield _outline(self.places[slot], self.sheet.texts[slot])
        for when, name in self.named:
            if when > look.number:
                yield name


class Canvas:
    """The pieces of a figure's SVG, made once; `render` picks and joins those of a frame.

    The room under the graph is reserved for the longest caption and legend, so that nothing moves
    between frames.
    """

    def __init__(self, drawing: Drawing, style: Style, sheet: Sheet) -> None:
        self.drawing, self.style, self.sheet = drawing, style, sheet
        self.width = max(drawing.width, NARROWEST) + 2 * MARGIN
        self._wrapped: dict[str, list[str]] = {}
        rows = max(len(self._lines(c)) + len(self._lines(legend)) for c, legend in sheet.captions)
        self.bottom = drawing.height + 2 * MARGIN + (SCALE if sheet.scale else 0.0)
        self.height = self.bottom + LEADING * rows + 3 * LEGEND_GAP
        self.head = self._head(self.width, self.height, style)
        self.scale = scale(drawing, sheet.scale)
        self.wires = Shapes((curve.wires, *_curve(curve)) for curve in drawing.curves)
        self.gates = Shapes(((mark.node,), *_mark(mark)) for mark in drawing.marks)
        self.mark_of = {mark.node: mark for mark in drawing.marks}
        self.numbers = Numbers(drawing.places, sheet)

    def render(self, look: Look) -> str:
        """The SVG of a frame. Same drawing, same look: same bytes."""
        return "".join((*self._figure(self.head, look), *self._words(look), "</svg>\n"))

    def picture(self, look: Look, theme: str) -> str:
        """The figure of a frame without its sentences, in the colours of one theme."""
        wide = self.drawing.width + 2 * MARGIN
        head = self._head(wide, self.bottom, replace(self.style, theme=theme))
        return "".join((*self._figure(head, look), "</svg>\n"))

    def _figure(self, head: str, look: Look) -> Iterator[str]:
        yield head.format(ident=look.ident, desc=escape(f"{look.caption} {look.legend}".strip()))
        yield from self.wires.render(look.wires)
        yield from self.gates.render(look.nodes)
        yield from self.numbers.render(look)
        yield from (_badge(self.mark_of[node], text) for node, text in look.warnings.items())
        yield "</g>\n"
        yield self.scale

    def stage(self, badges: Iterable[int]) -> str:
        """The figure for the player: no words, empty slots, shapes that say what they belong to.

        Its colours are not in it: see `themes`.
        """
        wide, high = self.drawing.width + 2 * MARGIN, self.bottom
        curves = (_owned("wires", curve.wires, _curve(curve)[0]) for curve in self.drawing.curves)
        marks = (f'<g data-node="{m.node}">{_coarse(_mark(m)[0])}</g>' for m in self.drawing.marks)
        warnings = (_badge(self.mark_of[n], "").replace("<g", f'<g data-warn="{n}" hidden=""', 1)
                    for n in badges)  # fmt: skip
        smallest = min(wide, max(LEAST_SCALE * wide, NARROWEST))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="graphstep gs-{self.sheet.key}" '
            f'viewBox="0 0 {_n(wide)} {_n(high)}" font-family="{escape(self.style.font)}" '
            f'data-least="{_n(smallest)}" data-whole="{_n(wide)}">'
            f'<g transform="translate({_n(MARGIN)} {_n(MARGIN)})">{_coarse("".join(curves))}'
            f"{''.join(marks)}{self._slots()}{''.join(warnings)}</g>{self.scale}</svg>"
        )

    def _slots(self) -> str:
        """An empty element for each slot, where its text will stand."""
        return "".join(map(_empty, self.drawing.places))

    def _head(self, wide: float, high: float, style: Style) -> str:
        """Everything before the figure, with holes for the id and the description."""
        sheet = stylesheet(style, f".gs-{self.sheet.key}")
        left = (wide - self.drawing.width) / 2
        fixed = (
            f'viewBox="0 0 {_n(wide)} {_n(high)}" width="{_n(wide)}" height="{_n(high)}" '
            f'font-family="{escape(style.font)}">\n'
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" id="{{ident}}" '
            f'class="graphstep gs-{self.sheet.key}" role="img" '
            f'aria-labelledby="{{ident}}-t {{ident}}-d" {_holes_kept(fixed)}'
            f'<title id="{{ident}}-t">{_holes_kept(escape(self.sheet.title))}</title>\n'
            f'<desc id="{{ident}}-d">{{desc}}</desc>\n<style>{_holes_kept(sheet)}</style>\n'
            f'<g transform="translate({_n(left)} {_n(MARGIN)})">\n'
        )

    def _words(self, look: Look) -> Iterator[str]:
        """The caption and, under it, the legend."""
        y = self.bottom + LEGEND_GAP + CAPTION
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


def _holes_kept(text: str) -> str:
    """A text that `format` leaves as it is."""
    return text.replace("{", "{{").replace("}", "}}")


def stylesheet(style: Style, scope: str) -> str:
    """The colours of a figure, for its own elements only; dark ones where the reader's theme is."""
    light, dark = PALETTES[style.palette]
    shape = shapes(scope)
    if style.theme == "auto":
        media = "@media(prefers-color-scheme:dark)"
        return f"{shape}{_colours(light, scope)}{media}{{{_colours(dark, scope)}}}"
    return shape + _colours(dark if style.theme == "dark" else light, scope)


def shapes(scope: str) -> str:
    """What of the look is not a colour."""
    return (
        f"{scope} .s,{scope} .w{{fill:none;stroke-width:1.4}}{scope} .on{{stroke-width:2.8}}"
        f"{scope} text{{white-space:pre}}{scope} .v,{scope} .g,{scope} .l,"
        f"{scope} .m{{text-anchor:middle}}{scope} .g{{font-style:italic}}"
        f"{scope} .new{{font-weight:bold}}"
        f"{scope} .u,{scope} .br{{fill:none;stroke-width:1.2}}"
        f"{scope} .fr{{fill:none;stroke-width:.6}}"
    )


def themes(style: Style, scope: str, dark: str) -> str:
    """The colours of a figure whose page says which theme it is in, by the selector `dark`."""
    light, other = PALETTES[style.palette]
    sizes = f"{scope} .v,{scope} .g{{font-size:{TEXT:g}px}}{scope} .l{{font-size:{SMALL:g}px}}"
    return shapes(scope) + sizes + _colours(light, scope) + _colours(other, f"{dark} {scope}")


def _colours(colours: Colours, scope: str) -> str:
    rules = {
        ".n,{0} .c,{0} .m": f"fill:{colours.ink}",
        ".s,{0} .w": f"stroke:{colours.ink}",
        ".a": f"fill:{colours.ink}",
        ".v": f"fill:{colours.value}",
        ".g": f"fill:{colours.gradient}",
        ".v .br": f"stroke:{colours.value}",
        ".g .br": f"stroke:{colours.gradient}",
        ".l .br,{0} .fr": f"stroke:{colours.muted}",
        ".hj": f"fill:{colours.muted}",
        ".hp": f"fill:{colours.plus}",
        ".hm": f"fill:{colours.minus}",
        ".l,{0} .k": f"fill:{colours.muted}",
        ".u": f"stroke:{colours.accent}",
        ".b": f"fill:{colours.warning};stroke:{colours.warning}",
    }
    return "".join(f"{scope} {s.format(scope)}{{{rule}}}" for s, rule in rules.items())


def _block(place: Place, block: Block) -> str:
    """An array: numbers between brackets, a heat map, or words, after the name if it has one."""
    kind, item = place.slot
    left, right = place.x - place.room / 2, place.x + place.room / 2
    shown, name = "", ""
    if place.prefix:
        name = _before(place, place.prefix)
        left += width(place.prefix, TEXT)
    middle = (left + right) / 2
    if block.rows:
        shown = _numbers(place, block, middle, right - left)
    elif block.levels:
        shown = _map(place, block, middle)
    for k, line in enumerate(block.lines):
        shown += _words(line, middle, place.y + (k + 1) * LABEL - 2, SMALL)
    return f'<g class="{CLASSES[kind]}" data-slot="{kind}-{item}">{name}{shown}</g>\n'


def _before(place: Place, name: str) -> str:
    """The name of a gate before its block."""
    x = place.x - place.room / 2 + width(place.prefix, TEXT) / 2
    return _words(name, x, place.y + place.height / 2 + 4, TEXT, "n")


def _words(text: str, x: float, y: float, size: float, kind: str = "") -> str:
    named = f'class="{kind}" ' if kind else ""
    return f'<text {named}x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}">{escape(text)}</text>'


def _numbers(place: Place, block: Block, middle: float, room: float) -> str:
    """Rows of numbers, aligned at their right sides, between brackets; their shape beside them.

    The rare number with a long exponent makes them smaller.
    """
    size = SMALL if place.slot.kind == "local" else CELL
    label = block.label if place.slot.kind != "local" else ""
    beside = width(label, SMALL) + 3 if label else 0.0
    fixed = 2 * BRACKET + CELL_GAP * (len(block.rows[0]) - 1) + beside
    wide = [max(width(text, size) for text in column) for column in zip(*block.rows, strict=True)]
    smaller = min(1.0, (room - fixed) / sum(wide))
    size, wide = size * smaller, [w * smaller for w in wide]
    inner = sum(wide) + CELL_GAP * (len(wide) - 1)
    left = middle - (inner + 2 * BRACKET + beside) / 2
    right, bottom = left + inner + 2 * BRACKET, place.y + LINE * len(block.rows) + 2
    ends = list(accumulate((w + CELL_GAP for w in wide), initial=left + BRACKET - CELL_GAP))[1:]
    cells = "".join(
        f'<text x="{_n(x)}" y="{_n(place.y + LINE * (r + 1) - 2.5)}">{text}</text>'
        for r, row in enumerate(block.rows)
        for x, text in zip(ends, row, strict=True)
    )
    brackets = "".join(
        f"M{_n(x + hook)} {_n(place.y)}H{_n(x)}V{_n(bottom)}H{_n(x + hook)}"
        for x, hook in ((left, 3.5), (right, -3.5))
    )
    shape = _words(label, right + 3 + width(label, SMALL) / 2, bottom - 1, SMALL, "l")
    return (
        f'<path class="br" d="{brackets}"/>'
        f'<g text-anchor="end" font-size="{_n(size)}">{cells}</g>{shape if label else ""}'
    )


def _map(place: Place, block: Block, middle: float) -> str:
    """Cells in colours, those of one level as one path, and the shape under them."""
    rows, columns = len(block.levels), len(block.levels[0])
    cell = cell_size(rows, columns)
    left, top = middle - columns * cell / 2, place.y
    paths = []
    for level, cells in sorted(runs(block.levels).items()):
        shape = "".join(
            f"M{_n(left + c * cell)} {_n(top + r * cell)}"
            f"h{_n(n * cell)}v{_n(cell)}h{_n(-n * cell)}z"
            for r, c, n in cells
        )
        kind = "b" if abs(level) > LEVELS else "hp" if level > 0 else "hm"
        kind = "hj" if place.slot.kind == "local" else kind
        paths.append(
            f'<path class="{kind}" fill-opacity="{_n(min(abs(level) / LEVELS, 1))}" d="{shape}"/>'
        )
    frame = (
        f'<rect class="fr" x="{_n(left)}" y="{_n(top)}" width="{_n(columns * cell)}" '
        f'height="{_n(rows * cell)}"/>'
    )
    under = _words(block.label, middle, top + rows * cell + LABEL - 2, SMALL, "l")
    return "".join((*paths, frame, under))


def _scale(most: str, top: float) -> str:
    """The colours of heat maps, from the least number through 0 to the largest."""
    ends = width("-" + most, SMALL)
    left, cell = MARGIN + ends + 4, 8.0
    squares = "".join(
        f'<path class="{"hp" if level > 0 else "hm"}" '
        f'fill-opacity="{_n(abs(level) / LEVELS)}" d="M{_n(left + k * cell)} {_n(top)}h8v8h-8z"/>'
        for k, level in enumerate(range(-LEVELS, LEVELS + 1))
    )
    middle, right = left + (LEVELS + 0.5) * cell, left + (2 * LEVELS + 1) * cell
    texts = _words(f"-{most}", MARGIN + ends / 2, top + 8, SMALL, "l")
    texts += _words(most, right + 4 + ends / 2, top + 8, SMALL, "l")
    texts += _words("0", middle, top + 18, SMALL, "l")
    frame = f'<rect class="fr" x="{_n(left)}" y="{_n(top)}" width="{_n(right - left)}" height="8"/>'
    return f'<g class="gs-scale">{squares}{frame}{texts}</g>\n'


def _empty(place: Place) -> str:
    """A slot that the player fills: a name that is always there, and room for the text."""
    named = f'class="{CLASSES[place.slot.kind]}" data-slot="{short(place.slot)}"'
    if place.height:
        return f"<g {named}></g>"
    name = escape(place.prefix.removesuffix(" = "))
    inside = f'<tspan class="n" data-bare="{name}">{name}</tspan><tspan></tspan>' if name else ""
    return f'<text {named} x="{place.x:.1f}" y="{place.y:.1f}">{inside}</text>'


def markup(drawing: Drawing, blocks: Mapping[Slot, Block]) -> dict[Slot, str]:
    """What stands in the slots of arrays, without the element of the slot itself."""
    places = (place for place in drawing.places if place.height)
    return {place.slot: _inside(_block(place, blocks[place.slot])) for place in places}


def scale(drawing: Drawing, most: str) -> str:
    """The scale of the colours of heat maps, under the figure; empty without its end."""
    return _scale(most, drawing.height + 2 * MARGIN) if most else ""


def _inside(group: str) -> str:
    """What stands in a group."""
    return group[group.index(">") + 1 : group.rindex("</g>")]


def short(slot: Slot) -> str:
    """A slot's name in the player: "v3" for the value of node 3, "d7" for wire 7's downstream."""
    return f"{slot.kind[0]}{slot.item}"


def _coarse(markup: str) -> str:
    """Markup with coordinates to a tenth of a point; texts stay as they are."""

    def tenth(number: re.Match[str]) -> str:
        return f"{float(number.group()):.1f}".removesuffix(".0")

    tags = re.compile(r"<[^>]*>")
    return tags.sub(lambda tag: NUMBER.sub(tenth, tag.group()), markup).replace("\n", "")


NUMBER = re.compile(r"\d+\.\d\d+")


def _owned(what: str, items: Iterable[int], shape: str) -> str:
    """Paths that say which wires they belong to."""
    return shape.replace("<path ", f'<path data-{what}="{" ".join(map(str, items))}" ')


def _text(place: Place, text: str | None) -> str:
    """A place with its text; without one, the name that stands before it, or nothing."""
    kind, item = place.slot
    if text is None and not place.prefix:
        return ""
    if place.height:  # the name alone, while its block is not there yet
        name = _before(place, place.prefix.removesuffix(" = "))
        return f'<g class="v" data-slot="{kind}-{item}">{name}</g>\n'
    shown = "" if text is None else f"[{text}]" if kind == "local" else text
    if place.prefix:
        name = place.prefix if shown else place.prefix.removesuffix(" = ")
        shown = f'<tspan class="n">{escape(name)}</tspan>{shown}'
    return (
        f'<text class="{CLASSES[kind]}" data-slot="{kind}-{item}" x="{place.x:.6g}" '
        f'y="{place.y:.6g}" font-size="{place.size:g}">{shown}</text>\n'
    )


def _outline(place: Place, text: str) -> str:
    """The outline of a number, or a block, that the step uses."""
    if place.height:
        return (
            f'<rect class="u" x="{_n(place.x - place.room / 2 - 2)}" y="{_n(place.y - 2)}" '
            f'width="{_n(place.room + 4)}" height="{_n(place.height + 4)}" rx="3"/>\n'
        )
    whole = f"[{text}]" if place.slot.kind == "local" else place.prefix + text
    half = min(place.size * 0.36 + width(whole, place.size), place.room) / 2
    return (
        f'<rect class="u" x="{_n(place.x - half)}" y="{_n(place.y - 0.94 * place.size)}" '
        f'width="{_n(2 * half)}" height="{_n(1.2 * place.size)}" rx="3"/>\n'
    )


def _curve(curve: Curve) -> tuple[str, str]:
    """A wire with its arrow head, plain and heavier."""
    points, head = curve.points, ""
    if curve.arrow:
        points, head = _headed(points)
    start, *rest = points
    flat = ""
    if start[1] == rest[0][1] == rest[1][1] == rest[2][1]:  # most curves begin straight
        flat, rest = f"H{_n(rest[2][0])}", rest[3:]
    path = f"M{_xy([start])}{flat}{'C' if rest else ''}{_xy(rest)}"
    plain = f'<path class="w" d="{path}"/>\n'
    return plain + head, plain.replace('"w"', '"w on"') + head


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
    head = f'<path class="a" d="M{_xy(corners)}Z"/>\n'
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


def _badge(mark: Mark, sentence: str) -> str:
    """A warning sign at the upper right of a gate, with its sentence."""
    x, y = mark.x + mark.width / 2 - 6, mark.y - RADIUS - 3
    return (
        f'<g class="b"><title>{escape(sentence)}</title>'
        f'<path d="M{_n(x)} {_n(y)}l6 11h-12z" fill="none" '
        f'stroke-width="1.4" stroke-linejoin="round"/>'
        f'<text x="{_n(x)}" y="{_n(y + 10)}" font-size="9" '
        f'text-anchor="middle" stroke="none">!</text></g>\n'
    )


SPECIAL = re.compile("[\x00-\x1f&<>\"'\ud800-\udfff\ufffe\uffff]")
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
    return text.translate(ESCAPES) if SPECIAL.search(text) else text


def _xy(points: Sequence[tuple[float, float]]) -> str:
    """Points as a path takes them; two decimals below ten thousand. One format for all is fast."""
    return ("%.6g %.6g " * len(points))[:-1] % tuple(chain.from_iterable(points))


def _n(number: float) -> str:
    """A coordinate: two decimals below ten thousand, and none where it is whole."""
    return f"{number:.6g}"
