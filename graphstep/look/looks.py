"""What each kind of element looks like: one table, from which style sheets and shapes follow.

A kind is a class of SVG: "w" a wire, "a" its head, "s" a gate's outline, "m" its symbol or the name
of a leaf, "v" a value, "g" a gradient, "l" a local gradient, "n" a name before a number, "br"
brackets, "fr" the frame of a heat map, "hp", "hm" and "hj" its cells, "x" a new value, "u" the
outline of what a step uses, "b" a warning, "c" a caption, "k" a legend, "page" the paper of a file.
The states "on" and "new" make one stand out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple, TypedDict

from .style import Colours, Style, palette_of

TEXT, SMALL, NAME, SYMBOL, SIGN = 14.0, 11.0, 16.0, 14.0, 22.0  # font sizes
USUAL, HEAVY = 1.4, 2.8  # widths of lines


class Look(NamedTuple):
    """How an element is painted. Elements in a group start from the look of the group."""

    fill: str = ""  # a field of `Colours`, or empty for none
    stroke: str = ""
    width: float = 1.0  # of the stroke
    opacity: float = 1.0  # of the fill
    size: float = TEXT  # of the font
    anchor: str = "start"  # or "middle", "end"
    bold: bool = False
    italic: bool = False


class Change(TypedDict, total=False):
    """The fields of a look that a kind, or a single element, sets."""

    fill: str
    stroke: str
    width: float
    opacity: float
    size: float
    anchor: str
    bold: bool
    italic: bool


class LookRule(NamedTuple):
    """A change for some kinds. "v br" is a "br" inside a "v"; `css` is for style sheets only."""

    kinds: tuple[str, ...]
    change: Change
    css: str = ""


FORMS = (
    LookRule(("s", "w"), {"fill": "", "width": USUAL}),
    LookRule(("on",), {"width": HEAVY}),
    LookRule(("text",), {}, "white-space:pre"),
    LookRule(("v", "g", "l", "x", "m"), {"anchor": "middle"}),
    LookRule(("v", "g", "x"), {"size": TEXT}),
    LookRule(("l",), {"size": SMALL}),
    LookRule(("m",), {"size": SYMBOL}),
    LookRule(("g",), {"italic": True}),
    LookRule(("new",), {"bold": True}),
    LookRule(("u", "br"), {"fill": "", "width": 1.2}),
    LookRule(("fr",), {"fill": "", "width": 0.6}),
    LookRule(("page",), {"fill": ""}),
)
COLOURS = (
    LookRule(("n", "c", "m"), {"fill": "ink"}),
    LookRule(("s", "w"), {"stroke": "ink"}),
    LookRule(("a",), {"fill": "ink"}),
    LookRule(("v", "x"), {"fill": "value"}),
    LookRule(("g",), {"fill": "gradient"}),
    LookRule(("v br", "x br"), {"stroke": "value"}),
    LookRule(("g br",), {"stroke": "gradient"}),
    LookRule(("l br", "fr"), {"stroke": "muted"}),
    LookRule(("hj",), {"fill": "muted"}),
    LookRule(("hp",), {"fill": "plus"}),
    LookRule(("hm",), {"fill": "minus"}),
    LookRule(("l", "k"), {"fill": "muted"}),
    LookRule(("u",), {"stroke": "accent"}),
    LookRule(("b",), {"fill": "warning", "stroke": "warning"}),
)
SHAPES_ONLY = (LookRule(("n",), {"bold": False}),)
"""Changes that style sheets lack: a name stays light if its number is bold; on pages it is bold
too."""

NUMBERS: Mapping[str, str] = MappingProxyType(
    {"value": "v", "upstream": "g", "downstream": "g", "tangent": "g", "local": "l", "next": "x"}
)
"""The kind of element that shows each kind of slot."""


# --- for shapes


@cache
def look_of(look: Look, kind: str, state: str, around: tuple[str, ...]) -> Look:
    """The look of an element by its kind, its state, the kinds around it and its group's look.

    >>> look_of(Look(), "w", "on", ())
    Look(fill='', stroke='ink', width=2.8, opacity=1.0, size=14.0, anchor='start', bold=False, \
italic=False)
    """
    for rule in (*FORMS, *COLOURS, *SHAPES_ONLY):
        for selector in rule.kinds:
            *outer, last = selector.split()
            if last in (kind, state) and set(outer) <= set(around):
                look = look._replace(**rule.change)
    return look


# --- for style sheets


VARIABLES = Colours(*(f"var(--f-{name})" for name in Colours._fields))
"""The colours of a figure in a page: variables, which `themes` sets."""


@cache
def rules(scope: str) -> str:
    """The style sheet that all figures in a page share; `scope` selects them."""
    return "".join(
        _css(rule, scope, colours)
        for colours, group in ((None, FORMS), (VARIABLES, COLOURS))
        for rule in group
    )


def themes(style: Style, scope: str, dark: str) -> str:
    """The colours of a figure in a page that chooses the theme: `dark` then follows its scope."""
    pairs = zip((scope, scope + dark), palette_of(style.palette), strict=True)
    return "".join(f"{selector}{{{_variables(colours)}}}" for selector, colours in pairs)


def _variables(colours: Colours) -> str:
    return ";".join(f"--f-{name}:{shade}" for name, shade in colours._asdict().items())


def _css(rule: LookRule, scope: str, colours: Colours | None) -> str:
    """A rule as CSS."""
    selectors = ",".join(map(_selector, rule.kinds))
    chosen = f":is({selectors})" if len(rule.kinds) > 1 else selectors
    return f"{scope} {chosen}{{{rule.css}{';'.join(_declarations(rule.change, colours))}}}"


def _selector(kinds: str) -> str:
    return kinds if kinds == "text" else " ".join(f".{kind}" for kind in kinds.split())


def _declarations(change: Change, colours: Colours | None) -> Iterator[str]:
    for name, value in change.items():
        if name in ("fill", "stroke"):
            yield f"{name}:{getattr(colours, str(value)) if value else 'none'}"
        elif name == "width":
            yield f"stroke-width:{value:g}".replace(":0.", ":.")
        else:
            yield CSS[name].format(value)


CSS: Mapping[str, str] = MappingProxyType(
    {
        "anchor": "text-anchor:{}",
        "size": "font-size:{:g}px",
        "bold": "font-weight:bold",
        "italic": "font-style:italic",
    }
)
