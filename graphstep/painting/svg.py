"""Elements as SVG: flat, with the look on each of them; or for pages, whose style sheet has it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from ..drawing.measures import all_tenths
from ..graph.slots import Slot
from ..look.looks import USUAL, Change, Look, look_of
from ..look.style import Colours
from ..look.text_widths import number_width, width
from .elements import (
    COUNTS,
    FORBIDDEN,
    Element,
    Group,
    Label,
    Line,
    Part,
    Rectangle,
    changed,
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
    place = f'x="{coordinate(one.x)}" y="{coordinate(one.y)}" '
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
        """Elements, each with its whole look, one per line."""
        return "".join([self.element(one) + "\n" for one in elements])

    def element(self, one: Element, look: Look = ROOT, around: tuple[str, ...] = ()) -> str:
        """One element in groups of the kinds `around`, the innermost with this look."""
        own = own_look(one, look, "", around)
        return self._written(one, _class(one.kind), own, look, around)

    def group(self, kind: str) -> str:
        """The beginning of a group for elements of a kind, with their look."""
        return f"<g {_class(kind)}{self.attributes(look_of(ROOT, kind, '', ()))}".rstrip() + ">\n"

    def inside(self, one: Element, look: Look) -> str:
        """An element in the group of its kind, which has this look, on a line."""
        return self._written(one, "", changed(one, look), look, ()) + "\n"

    def emphasis(self, one: Element) -> str:
        """What is written of an element in the group of its kind besides, if a step is about it."""
        usual, now = (look_of(ROOT, one.kind, state, ()) for state in ("", state_of(one)))
        return _class(state_of(one)) + self.attributes(now, usual, _fields(one))

    def active(self, one: Element, written: str, emphasis: str) -> str:
        """What was written of an element, with the emphasis of its kind.

        Of a number after its name, the number stands out.
        """
        kind = type(one)
        if kind is Group:
            own, look = own_look(one, ROOT, "new", ()), look_of(ROOT, one.kind, "", ())
            return self._written(one, _class("new"), own, look, ()) + "\n"
        at = written.index(" ", written.rindex("<text") if kind is Label else 0) + 1
        return f"{written[:at]}{emphasis}{written[at:]}"

    def _written(
        self, one: Element, given: str, own: Look, look: Look, around: tuple[str, ...]
    ) -> str:
        """An element with a look, in another one."""
        if isinstance(one, Label):
            return self._label(one, given, own, look)
        if own is not look:
            given += self.attributes(own, look, _fields(one))
        if isinstance(one, Rectangle):
            return _rectangle(one, given)
        if isinstance(one, Line):
            return _line(one, given)
        kinds = (*around, one.kind)
        return _group(one, given, "".join([self.element(x, own, kinds) for x in one.parts]))

    def attributes(self, own: Look, around: Look = ROOT, fields: Sequence[str] = TEXTS) -> str:
        """What differs in a look from the one around it, as attributes."""
        return "" if own is around else _attributes(self.colours, own, around, tuple(fields))

    def _label(self, one: Label, given: str, own: Look, look: Look) -> str:
        given += _slot(one.slot)
        parts = [part for part in one.parts if part.text.strip()]
        if len(parts) < 2:
            return self._text(parts[0], one, own, look, given, one.x) if parts else ""
        given = f"{given}{self.attributes(own, look)}".rstrip()
        return f"<g {given}>{''.join(self._beside(one, parts, own))}</g>"

    def _beside(self, one: Label, parts: Sequence[Part], own: Look) -> Iterator[str]:
        """The parts of a text side by side: the first one ends where the second one begins."""
        looks = [part_look(part, own) for part in parts]
        usual, of = (1.0, number_width) if one.slot else (REGULAR, width)  # numbers may be bold
        widths = [usual * of(x.text, look.size) for x, look in zip(parts, looks, strict=True)]
        x = one.x - SHARE[own.anchor] * sum(widths)
        for k, (part, look, wide) in enumerate(zip(parts, looks, widths, strict=True)):
            at = x + (wide if k == 0 else 0.0)
            x += wide
            anchored = _anchored(look, "start" if k else "end")
            spaces = len(part.text) - len(part.text.rstrip()) if k == 0 else 0
            at -= spaces * SPACE * look.size
            yield self._text(part, one, anchored, own, _class(part.kind), at)

    def _text(
        self, part: Part, one: Label, own: Look, around: Look, given: str, x: float
    ) -> str:  # fmt: skip
        look = self.attributes(part_look(part, own), around)
        kept = ' xml:space="preserve"' if "  " in part.text else ""
        place = f'x="{coordinate(x)}" y="{coordinate(one.y - part.rise)}"'
        return f"<text {given}{look}{place}{kept}>{escape(part.text.strip())}</text>"


SHARE = {"start": 0.0, "middle": 0.5, "end": 1.0}  # of a text's width to the left of its x
REGULAR = 0.914  # the width of a text that is not bold, of that of a bold one
SPACE = 0.32  # ems, the width of a space


def _fields(one: Element) -> tuple[str, ...]:
    return Look._fields if isinstance(one, Group) else TEXTS if isinstance(one, Label) else PAINT


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


@lru_cache(maxsize=256)
def _anchored(look: Look, anchor: str) -> Look:
    return look._replace(anchor=anchor)


WEIGHTS = {
    ("bold", True): "bold", ("bold", False): "normal",
    ("italic", True): "italic", ("italic", False): "normal",
}  # fmt: skip


# --- elements of SVG


def _line(one: Line, given: str) -> str:
    join = ' stroke-linejoin="round"' if one.rounded else ""
    return f'<path {given}d="{_path(one)}"{join}/>'


def _path(line: Line) -> str:
    """The commands of a path, relative to the point where each begins, as that is short.

    >>> _path(Line("MHCC", (1.0, 2.0, 3.0, *range(12))))
    'M1 2h2c-3-1-1 1 1 3 2 2 4 4 6 6'
    """
    form, begins = _form(line.commands)
    counts = [*all_tenths(line.numbers), 0]
    moves = [_printed(count - counts[k]) for count, k in zip(counts, begins, strict=False)]
    return (form % tuple(moves)).replace(" -", "-")


@lru_cache(maxsize=1024)
def _form(commands: str) -> tuple[str, tuple[int, ...]]:
    """The format string of a path, and for each number the index of that where it begins.

    A command that SVG implies after the one before it is left out; -1 is the index of 0.

    >>> _form("MLHC")
    ('M%s %sl%s %sh%sc%s %s %s %s %s %s', (-1, -1, 0, 1, 2, 4, 3, 4, 3, 4, 3))
    """
    form, begins, before, x, y = "", list[int](), "", -1, -1
    for command in commands:
        count, end = COUNTS[command], len(begins) + COUNTS[command]
        form += " " if command == before else command if command == "M" else command.lower()
        form += " ".join(["%s"] * count)
        start = (-1, -1) if command == "M" else (x, y)
        begins += start[1:] if command == "V" else (start * 3)[:count]
        if command in "MLC":
            x, y = end - 2, end - 1
        elif command == "H":
            x = end - 1
        elif command == "V":
            y = end - 1
        before = command
    return form, tuple(begins)


@lru_cache(maxsize=4096)
def _printed(count: int) -> str:
    """A number of tenths, without a zero before its point."""
    text = f"{count / 10:.9g}"
    return text.replace("0.", ".", 1) if abs(count) < 10 else text


def coordinate(number: float) -> str:
    """A coordinate as it is printed: in tenths of a point."""
    return _printed(round(10 * number))


def _rectangle(one: Rectangle, given: str) -> str:
    radius = f' rx="{coordinate(one.radius)}"' if one.radius else ""
    return (
        f'<rect {given}x="{coordinate(one.x)}" y="{coordinate(one.y)}" '
        f'width="{coordinate(one.width)}" height="{coordinate(one.height)}"{radius}/>'
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
    return SPECIAL.sub(lambda found: XML_ESCAPES[ord(found[0])] or "", text)
