"""Elements as SVG: flat, with the look on each of them; or for pages, whose style sheet has it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from ..graph.slots import Slot
from ..look.looks import USUAL, Change, Look
from ..look.style import Colours
from ..look.text_widths import width
from .elements import (
    COUNTS,
    FORBIDDEN,
    Element,
    Group,
    Label,
    Line,
    Part,
    Rectangle,
    own_look,
    part_look,
    state_of,
)

ROOT = Look(width=USUAL, anchor="middle")  # what the group around all elements says
PAINT = ("fill", "stroke", "width", "opacity")
TEXTS = ("fill", "stroke", "size", "anchor", "bold", "italic")


# --- for a page with a style sheet


def svg(one: Element, data: str = "") -> str:
    """One element for a page with a style sheet, with extra attributes before its own."""
    given = f"{data}{_class(one.kind)}"
    if isinstance(one, Rectangle):
        return _rectangle(one, given)
    if isinstance(one, Line):
        opacity = "" if one.opacity is None else f'fill-opacity="{one.opacity:.6g}" '
        return _line(one, f"{given}{opacity}{_own(one.own)}")
    if isinstance(one, Group):
        return _group(one, f"{given}{_own(one.own)}", inside(one))
    sized = f'font-size="{one.size:.6g}" ' if one.size else ""
    place = f'x="{one.x:.6g}" y="{one.y:.6g}" '
    given = f"{given}{_slot(one.slot)}{place}{sized}{_own(one.own)}".rstrip()
    return f"<text {given}>{_parts(one.parts)}</text>"


def inside(group: Group) -> str:
    """The elements inside a group, for a page with a style sheet."""
    return "".join([svg(part) for part in group.parts])


# --- with the look on every element


class FlatWriter:
    """Writes elements with their looks as attributes, as every program reads them.

    Classes are for pages with a style sheet, which wins over attributes. There is one text for
    each part of a label, since programs differ in where they put parts of one text.
    """

    def __init__(self, colours: Colours) -> None:
        self.colours = colours

    @property
    def root(self) -> str:
        """The attributes of the group around all elements."""
        return 'fill="none" ' + self.attributes(ROOT, Look(size=0.0), Look._fields).strip()

    def lines(self, elements: Iterable[Element]) -> str:
        """Elements, one per line, except that a gate's symbol follows its outline."""
        found = ""
        for one in elements:
            found += self.element(one)
            if one.kind != "s":
                found += "\n"
        return found

    def active_lines(self, elements: Sequence[Element], painted: str) -> str:
        """Elements that a step is about, of which the first one shows it."""
        first = elements[0]
        end = painted.index("/>") + 2 if first.kind == "s" else painted.index("\n")
        return self.element(first, state=state_of(first)) + painted[end:]

    def element(
        self, one: Element, look: Look = ROOT, around: tuple[str, ...] = (), state: str = ""
    ) -> str:
        """One element in groups of the kinds `around`, the innermost with this look."""
        own = own_look(one, look, state, around)
        if isinstance(one, Label):
            return self._label(one, own, look, state)
        given = _class(one.kind, state) + self.attributes(own, look, _fields(one))
        if isinstance(one, Rectangle):
            return _rectangle(one, given)
        if isinstance(one, Line):
            return _line(one, given)
        kinds = (*around, one.kind)
        return _group(one, given, "".join([self.element(x, own, kinds) for x in one.parts]))

    def attributes(self, own: Look, around: Look = ROOT, fields: Sequence[str] = TEXTS) -> str:
        """What differs in a look from the one around it, as attributes."""
        return _attributes(self.colours, own, around, tuple(fields))

    def _label(self, one: Label, own: Look, around: Look, state: str) -> str:
        kind = _class(one.kind, state)
        parts = [part for part in one.parts if part.text.strip()]
        if len(parts) < 2:
            given = f"{kind}{_slot(one.slot)}"
            return "".join(self._text(part, one, own, around, given, one.x) for part in parts)
        given = f"{kind}{_slot(one.slot)}{self.attributes(own, around)}".rstrip()
        texts = self._beside(one, parts, own)
        return f"<g {given}>{''.join(texts)}</g>"

    def _beside(self, one: Label, parts: Sequence[Part], own: Look) -> Iterator[str]:
        """The parts of a text side by side: the first one ends where the second one begins."""
        looks = [part_look(part, own) for part in parts]
        usual = 1.0 if one.slot else REGULAR  # numbers have the space of the widest font
        widths = [usual * width(x.text, look.size) for x, look in zip(parts, looks, strict=True)]
        x = one.x - SHARE[own.anchor] * sum(widths)
        for k, (part, look, wide) in enumerate(zip(parts, looks, widths, strict=True)):
            at = x + (wide if k == 0 else 0.0)
            x += wide
            anchored = look._replace(anchor="start" if k else "end")
            spaces = len(part.text) - len(part.text.rstrip()) if k == 0 else 0
            at -= spaces * SPACE * look.size
            yield self._text(part, one, anchored, own, _class(part.kind), at)

    def _text(
        self, part: Part, one: Label, own: Look, around: Look, given: str, x: float
    ) -> str:  # fmt: skip
        look = self.attributes(part_look(part, own), around)
        kept = ' xml:space="preserve"' if "  " in part.text else ""
        place = f'x="{x:.6g}" y="{one.y - part.rise:.6g}"'
        return f"<text {given}{look}{place}{kept}>{escape(part.text.strip())}</text>"


SHARE = {"start": 0.0, "middle": 0.5, "end": 1.0}  # of a text's width to the left of its x
REGULAR = 0.914  # the width of a text that is not bold, of that of a bold one
SPACE = 0.32  # ems, the width of a space


def _fields(one: Element) -> tuple[str, ...]:
    return Look._fields if isinstance(one, Group) else PAINT


@lru_cache(maxsize=4096)
def _attributes(colours: Colours, own: Look, around: Look, fields: tuple[str, ...]) -> str:
    found = ""
    for name in fields:
        value = getattr(own, name)
        if value != getattr(around, name):
            if name in ("fill", "stroke"):
                value = getattr(colours, value) if value else "none"
            found += f'{ATTRIBUTES[name]}="{WEIGHTS.get((name, value)) or _value(value)}" '
    return found


WEIGHTS = {
    ("bold", True): "bold", ("bold", False): "normal",
    ("italic", True): "italic", ("italic", False): "normal",
}  # fmt: skip


# --- elements of SVG


def _line(one: Line, given: str) -> str:
    path = _path(one.commands) % one.numbers
    join = ' stroke-linejoin="round"' if one.rounded else ""
    return f'<path {given}d="{path}"{join}/>'


@lru_cache(maxsize=1024)
def _path(commands: str) -> str:
    """The format string of a path: one `%` fills in all numbers, which is fast.

    A command that SVG implies after the one before it is left out.

    >>> _path("MHCC")
    'M%.6g %.6gH%.6gC%.6g %.6g %.6g %.6g %.6g %.6g %.6g %.6g %.6g %.6g %.6g %.6g'
    """
    found, before = "", ""
    for command in commands:
        goes_on = command + before in ("LM", "LL", "CC")
        found += " " if goes_on else command
        found += " ".join(["%.6g"] * COUNTS[command.upper()])
        before = command
    return found


def _rectangle(one: Rectangle, given: str) -> str:
    radius = f' rx="{one.radius:.6g}"' if one.radius else ""
    return (
        f'<rect {given}x="{one.x:.6g}" y="{one.y:.6g}" width="{one.width:.6g}" '
        f'height="{one.height:.6g}"{radius}/>'
    )


def _parts(parts: tuple[Part, ...]) -> str:
    """The parts of a text; plain parts need no element."""
    found, rise = "", 0.0
    for text, kind, now, size in parts:
        given = f' class="{kind}"' if kind else ""
        if now != rise:
            given += f' dy="{rise - now:g}"'
        if size is not None:
            given += f' font-size="{size:g}"'
        found += f"<tspan{given}>{escape(text)}</tspan>" if given else escape(text)
        rise = now
    return found


def _group(one: Group, given: str, inside: str) -> str:
    title = "" if one.title is None else f"<title>{escape(one.title)}</title>"
    given = f"{given}{_slot(one.slot)}".strip()
    return f"<g {given}>{title}{inside}</g>"


def _slot(slot: Slot | None) -> str:
    return f'data-slot="{slot[0]}-{slot[1]}" ' if slot else ""


def _class(kind: str, state: str = "") -> str:
    if state:
        kind = f"{kind} {state}" if kind in ("w", "s", "m") else f"{state} {kind}"
    return f'class="{kind}" ' if kind else ""


def _own(change: Change) -> str:
    """The changes that one element makes to its look, as attributes."""
    return "".join([f'{ATTRIBUTES[name]}="{_value(value)}" ' for name, value in change.items()])


def _value(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value or "none")


ATTRIBUTES: Mapping[str, str] = {
    "fill": "fill",
    "stroke": "stroke",
    "width": "stroke-width",
    "size": "font-size",
    "anchor": "text-anchor",
    "opacity": "fill-opacity",
    "bold": "font-weight",
    "italic": "font-style",
}

SPECIAL = re.compile("[\x00-\x1f&<>\"'\ud800-\udfff\ufffe\uffff]")
XML_ESCAPES = FORBIDDEN | {
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord('"'): "&quot;",
    ord("'"): "&#39;",
}


def escape(text: str) -> str:
    """A text as XML character data or attribute value; forbidden characters are left out."""
    return text.translate(XML_ESCAPES) if SPECIAL.search(text) else text
