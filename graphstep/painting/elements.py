"""The elements of a figure: wires, gates, numbers and signs, each of a kind in `look.looks`.

Elements know no colours. The first of those that belong together shows whether a step is about
them. SVG is written from elements, and so are the shapes of other formats.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ..drawing.measures import (
    ARROW,
    RADIUS,
    Curve,
    Mark,
    Outside,
    Place,
    Point,
    as_shown,
)
from ..graph.slots import Slot
from ..look.looks import NAME, NUMBERS, SIGN, SMALL, SYMBOL, TEXT, USUAL, Change, Look, look_of
from ..look.text_widths import number_width, width

CORNER, CLEARANCE = 4.5, 1.5  # of an outline: the radius of its corners, and its way to a gate
UNCHANGED: Change = {}
COUNTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Z": 0}
"""How many coordinates each command of a path takes."""
FORBIDDEN = dict.fromkeys([*range(0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF]) | {
    ord("\t"): " ",
    ord("\n"): " ",
}
"""Characters that XML forbids, and what replaces them."""


class Line(NamedTuple):
    """A path: SVG's letter of each command, and the coordinates of all, none of them relative."""

    commands: str
    numbers: tuple[float, ...]
    kind: str = ""
    opacity: float | None = None  # of its fill
    own: Change = UNCHANGED
    rounded: bool = False  # its corners


class Rectangle(NamedTuple):
    """A rectangle, with rounded corners if its radius is not 0."""

    x: float
    y: float
    width: float
    height: float
    radius: float = 0.0
    kind: str = ""


class Part(NamedTuple):
    """A part of a text, `rise` above its baseline, with its own kind or size if set."""

    text: str
    kind: str = ""
    rise: float = 0.0
    size: float | None = None


class Label(NamedTuple):
    """A text on a baseline; with a slot, that slot's number."""

    x: float
    y: float
    parts: tuple[Part, ...]
    size: float | None = None
    kind: str = ""
    slot: Slot | None = None
    own: Change = UNCHANGED


class Group(NamedTuple):
    """Elements that share a kind, such as the array of a slot; `title` is a sign's tooltip."""

    parts: tuple[Element, ...]
    kind: str = ""
    slot: Slot | None = None
    title: str | None = None
    own: Change = UNCHANGED


Element = Line | Rectangle | Label | Group


def state_of(one: Element) -> str:
    """The class of a wire, a gate or a number that a step is about."""
    return "on" if one.kind in ("w", "s") else "new"


def own_look(one: Element, look: Look, state: str, around: tuple[str, ...]) -> Look:
    """The look of an element in groups of the kinds `around`, the innermost with this look."""
    return changed(one, look_of(look, one.kind, state, around))


def changed(one: Element, look: Look) -> Look:
    """The look of an element in the look of its kind."""
    if isinstance(one, Label):
        look = look if one.size is None else look._replace(size=one.size)
    elif isinstance(one, Rectangle):
        return look
    elif isinstance(one, Line) and one.opacity is not None:
        look = look._replace(opacity=one.opacity)
    return look._replace(**one.own) if one.own else look


def part_look(part: Part, look: Look) -> Look:
    """The look of a part of a text in this look."""
    look = look_of(look, part.kind, "", ()) if part.kind else look
    return look if part.size is None else look._replace(size=part.size)


def printable(shown: str) -> str:
    """A text without the characters that XML forbids."""
    return shown if shown.isprintable() else shown.translate(FORBIDDEN)


def text(shown: str, x: float, y: float, kind: str = "", size: float | None = None) -> Label:
    """A text in one piece."""
    return Label(x, y, (Part(printable(shown)),), size, kind)


# --- wires and gates


def wire(curve: Curve) -> tuple[Element, ...]:
    """A wire, and its arrow head if it has one."""
    if not curve.arrow:
        return (_curve(curve.points),)
    points, corners = _headed(curve.points)
    return _curve(points), Line("MLLZ", corners, "a")


def _curve(points: tuple[Point, ...]) -> Line:
    """A curve; where it is level or upright, a line."""
    commands, numbers, (x, y) = "M", [*points[0]], points[0]
    for a, b, end in zip(points[1::3], points[2::3], points[3::3], strict=True):
        level, upright = a[1] == b[1] == end[1] == y, a[0] == b[0] == end[0] == x
        command = "H" if level else "V" if upright else "C"
        if command == "C":
            numbers += (*a, *b, *end)
        elif command == commands[-1]:
            numbers[-1] = end[command == "V"]
        else:
            numbers.append(end[command == "V"])
        if command == "C" or command != commands[-1]:
            commands += command
        x, y = end
    return Line(commands, tuple(numbers), "w")


def _headed(points: tuple[Point, ...]) -> tuple[tuple[Point, ...], tuple[float, ...]]:
    """The curve shortened to the base of its arrow head, and the corners of the head.

    It ends a little inside the head, since abutting ends show a notch.
    """
    (*rest, handle, tip) = points
    dx, dy = tip[0] - handle[0], tip[1] - handle[1]
    length = math.hypot(dx, dy) or 1.0
    ux, uy = (dx / length, dy / length) if length > 1e-6 else (1.0, 0.0)
    base = (tip[0] - ARROW * ux, tip[1] - ARROW * uy)
    inside = ARROW - 1.0
    within = (tip[0] - inside * ux, tip[1] - inside * uy)
    shorter = (handle[0] - inside * ux, handle[1] - inside * uy)
    wide = 0.42 * ARROW
    left = (base[0] - wide * uy, base[1] + wide * ux)
    right = (base[0] + wide * uy, base[1] - wide * ux)
    return (*rest, shorter, within), (*tip, *left, *right)


def outside(way: Outside) -> tuple[Element, ...]:
    """The dashed wire to a loss outside, with its head, and the name of the loss."""
    numbers = tuple(number for point in way.dashes for number in point)
    dashes = Line("ML" * (len(way.dashes) // 2), numbers, "w")
    _, head = wire(way.end)
    return dashes, head, *gate(way.name)


MIDDLE = 0.36  # ems from the baseline to the middle of capitals and letters with numbers
MIDDLES = {**dict.fromkeys("+−×/", 0.313), "σ": 0.27, "*": 0.514, "@": 0.26}  # of signs


def gate(mark: Mark) -> tuple[Element, ...]:
    """A gate's outline and symbol, or the name of a leaf."""
    x, y = mark.x, mark.y
    if mark.own:
        return mark.own
    if not mark.gate:
        name = Part(printable(mark.text), size=NAME)
        return (Label(x, y + MIDDLE * NAME, (name,), kind="m"),)
    outline = Rectangle(x - mark.width / 2, y - RADIUS, mark.width, 2 * RADIUS, RADIUS, "s")
    if len(mark.text) == 1:  # a sign alone is large
        sign = Part(printable(mark.text), size=SIGN)
        return outline, Label(x, y + MIDDLES.get(mark.text, MIDDLE) * SIGN, (sign,), kind="m")
    return outline, Label(x, y + MIDDLE * SYMBOL, _symbol(mark.text), kind="m")


def _symbol(shown: str) -> tuple[Part, ...]:
    """A gate's symbol: a part after `^` is raised."""
    base, caret, power = printable(shown).partition("^")
    return (Part(base), Part(power, rise=5.0, size=SMALL)) if caret else (Part(base),)


def warning(mark: Mark, sentence: str) -> Group:
    """A warning sign at the upper right of a gate, with a sentence."""
    x, y = mark.x + mark.width / 2 - 6, mark.y - RADIUS - 3
    sign = Line(
        "MLHZ",
        (x, y, x + 6.0, y + 11.0, x - 6.0),
        own={"fill": "", "width": USUAL},
        rounded=True,
    )
    exclamation = Label(x, y + 10, (Part("!"),), 9.0, own={"anchor": "middle", "stroke": ""})
    return Group((sign, exclamation), "b", title=sentence)


# --- numbers


def number_in_place(place: Place, shown: str) -> Label:
    """The number of a place, after its name if it has one."""
    name = (Part(printable(place.prefix), "n"),) if place.prefix else ()
    return _in_place(place, (*name, Part(as_shown(place.slot, shown))))


def name_in_place(place: Place) -> Element:
    """The name of a place whose number has not appeared yet, beside its wire."""
    x, y = place.x + place.apart[0], place.y + place.apart[1]
    if place.height:
        name = text(place.bare, x, y, "n")
        return Group((name,), NUMBERS[place.slot.kind], slot=place.slot)
    return _in_place(place._replace(x=x, y=y), (Part(printable(place.bare), "n"),))


def _in_place(place: Place, parts: tuple[Part, ...]) -> Label:
    kind = NUMBERS[place.slot.kind]
    return Label(place.x, place.y, parts, kind=kind, slot=place.slot)


def before(place: Place, left: float) -> Label:
    """The name of a gate before its array, which begins there."""
    x = left - width(place.prefix, TEXT) / 2
    return text(place.prefix, x, place.y + place.height / 2 + 4, "n")


def outline(place: Place, shown: str) -> Rectangle:
    """The outline around a number that a step uses, which touches no gate beside its place."""
    whole = place.prefix + as_shown(place.slot, shown)
    free = place.width - 2 * CLEARANCE
    half = min(place.size * 0.36 + number_width(whole, place.size), free) / 2
    top = place.y - 0.94 * place.size
    return Rectangle(place.x - half, top, 2 * half, 1.2 * place.size, CORNER, "u")
