"""Elements as SVG. Their looks are in the style sheet that `look.looks` writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from ..look.looks import Change
from .elements import COUNTS, FORBIDDEN, Element, Group, Label, Line, Part, Rectangle, state_of


def lines(elements: Iterable[Element]) -> str:
    """Elements, one per line, except that a gate's symbol follows its outline."""
    found = ""
    for one in elements:
        found += WRITERS[type(one)](one, "")
        if one.kind != "s":
            found += "\n"
    return found


def active_lines(elements: Sequence[Element], painted: str) -> str:
    """Painted elements as those a step is about: the first one gets the classes for it."""
    kind, state = elements[0].kind, state_of(elements[0])
    classes = f"{kind} {state}" if kind in ("w", "s", "m") else f"{state} {kind}"
    return painted.replace(f'"{kind}"', f'"{classes}"', 1)


def svg(one: Element, data: str = "") -> str:
    """One element, with extra attributes before its own."""
    return WRITERS[type(one)](one, data)


def _line(one: Line, data: str) -> str:
    opacity = "" if one.opacity is None else f'fill-opacity="{one.opacity:.6g}" '
    path = _path(one.commands) % one.numbers
    join = ' stroke-linejoin="round"' if one.rounded else ""
    return f'<path {data}{_class(one)}{opacity}d="{path}"{_own(one.own)}{join}/>'


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


def _rectangle(one: Rectangle, data: str) -> str:
    radius = f' rx="{one.radius:.6g}"' if one.radius else ""
    return (
        f'<rect {data}{_class(one)}x="{one.x:.6g}" y="{one.y:.6g}" width="{one.width:.6g}" '
        f'height="{one.height:.6g}"{radius}/>'
    )


def _label(one: Label, data: str) -> str:
    x, y, parts, size, kind, slot, own = one
    sized = f' font-size="{size:.6g}"' if size else ""
    named = f'class="{kind}" ' if kind else ""
    shows = f'data-slot="{slot[0]}-{slot[1]}" ' if slot else ""
    place = f'x="{x:.6g}" y="{y:.6g}"'
    return f"<text {data}{named}{shows}{place}{sized}{_own(own)}>{_parts(parts)}</text>"


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


def _group(one: Group, data: str) -> str:
    title = "" if one.title is None else f"<title>{escape(one.title)}</title>"
    slot = f'data-slot="{one.slot[0]}-{one.slot[1]}"' if one.slot else ""
    given = f"{data}{_class(one)}{slot}{_own(one.own)}".strip()
    return f"<g {given}>{title}{inside(one)}</g>"


def inside(group: Group) -> str:
    """The elements inside a group."""
    return "".join([svg(part) for part in group.parts])


WRITERS: Mapping[type[Element], Callable[..., str]] = {
    Line: _line,
    Rectangle: _rectangle,
    Label: _label,
    Group: _group,
}


def _class(one: Element) -> str:
    return f'class="{one.kind}" ' if one.kind else ""


def _own(change: Change) -> str:
    """The changes that one element makes to its look, as attributes."""
    if not change:
        return ""
    given = (f' {ATTRIBUTES[name]}="{_value(value)}"' for name, value in change.items())
    return "".join(given)


def _value(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value or "none")


ATTRIBUTES: Mapping[str, str] = {
    "fill": "fill",
    "stroke": "stroke",
    "width": "stroke-width",
    "size": "font-size",
    "anchor": "text-anchor",
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
