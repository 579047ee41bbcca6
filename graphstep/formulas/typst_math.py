"""Formulas in Typst's mathematics. A user's text is always in quotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from ..base.signs import minus
from ..look.style import Colours
from ..look.typst import literal
from .names import split_name
from .signs import ACCENTS, LARGE, LIMITS, WIDTHS, braced
from .tree import (
    Boxed,
    Equation,
    Fenced,
    Frac,
    Limits,
    Marked,
    Matrix,
    Name,
    Number,
    Root,
    Row,
    Scripts,
    Sign,
    Tree,
    Words,
)

LETTER = re.compile(r"[A-Za-zα-ωΑ-Ω]")
NAMED: Mapping[str, str] = MappingProxyType(
    {
        "\u0302": "hat",
        "\u0303": "tilde",
        "\u0304": "macron",
        "\u20d7": "arrow",
        "\u0307": "dot",
        "\u0308": "dot.double",
    }
)
PRIMES = frozenset("′″‴")
"""Signs that are raised already; as superscripts they would be too small."""
SIDES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"l": ("& ", ""), "r": ("", " &"), "c": ("", "")}
)
"""The alignment marks before and after each cell of a column, by its side."""
SPACES = ((0.0, ""), (0.17, "thin"), (0.25, "med"), (0.28, "thick"), (1.0, "quad"))  # up to em


BOXED = """
#let gsboxed(body) = box(stroke: .05em, inset: .25em, {
  set text(top-edge: "bounds", bottom-edge: "bounds")
  $display(body)$
})
"""
"""A frame that is as high as what is in it, whose text stays on the line."""


def typst(x: Tree | Equation) -> str:
    """A formula as mathematics, without the dollars around it."""
    return WRITERS[type(x)](x)


def PREAMBLE(colours: Colours) -> str:  # noqa: N802 - it stands for a constant text
    """Functions that give marked parts the colours of their kinds, and parts a frame."""
    shades = colours.parts | colours.hues
    return BOXED + "".join(
        f"#let gs{kind}(body) = text(fill: rgb({literal(shade)}), body)\n"
        for kind, shade in shades.items()
    )


def _joined(parts: Iterable[str]) -> str:
    """Parts side by side, with a space only where they would merge into a word or a call.

    A space beside quoted text would be visible.
    """
    made = ""
    for part in parts:
        # the middle dot can be part of a name
        close = made[-1:].isalnum() and (part[:1].isalnum() or part[:1] in ("(", "·"))
        made += f" {part}" if close else part
    return made


def _name(x: Name) -> str:
    base, indexes = split_name(x.text)
    if not indexes:
        return _letters(base)
    below = "\\,".join(map(_letters, indexes))
    return f"attach({_letters(base)}, b: {below})"


def _letters(text: str) -> str:
    return text if LETTER.fullmatch(text) else literal(text)


def _number(x: Number) -> str:
    return literal(minus(x.text))


def _sign(x: Sign) -> str:
    if x.text in WIDTHS:
        return next(name for width, name in SPACES if WIDTHS[x.text] <= width)
    return "".join(map(_character, "−" if x.text == "-" else x.text))


def _character(char: str) -> str:
    """A character, with a backslash if it means something to Typst."""
    if char.isalnum() or not char.isascii():
        return char if char.isprintable() else ""
    return f"\\{char}" if char > " " and char != "\x7f" else ""


def _words(x: Words) -> str:
    return literal(x.text)


def _row(x: Row) -> str:
    return _joined(map(typst, x.parts))


def _argument(x: Tree) -> str:
    """A part as an argument; an empty one is an empty text."""
    return typst(x) or '""'


def _frac(x: Frac) -> str:
    return f"frac({_argument(x.top)}, {_argument(x.bottom)})"


def _attached(base: str, below: Tree | None, above: Tree | None) -> str:
    under = "" if below is None else f", b: {_argument(below)}"
    over = "" if above is None else f", t: {_argument(above)}"
    return f"attach({base}{under}{over})" if under or over else base


def _scripts(x: Scripts) -> str:
    base = _argument(x.base)
    if isinstance(x.sup, Sign) and x.sup.text in PRIMES:
        return _attached(base, x.sub, None) + x.sup.text
    large = isinstance(x.base, Sign) and x.base.text in LARGE
    return _attached(f"scripts({base})" if large else base, x.sub, x.sup)


def _limits(x: Limits) -> str:
    base = _argument(x.base)
    if isinstance(x.base, Name) and x.base.text in LIMITS:
        return _attached(f"op({base}, limits: #true)", x.under, x.over)
    if brace := braced(x.under, x.over):
        return f"{brace}({base})"
    if isinstance(x.over, Sign) and x.over.text in ACCENTS and x.under is None:
        return f"accent({base}, {NAMED[ACCENTS[x.over.text]]})"
    large = isinstance(x.base, Sign) and x.base.text in LARGE
    return _attached(base if large else f"limits({base})", x.under, x.over)


def _root(x: Root) -> str:
    if x.degree is None:
        return f"sqrt({_argument(x.inner)})"
    return f"root({_argument(x.degree)}, {_argument(x.inner)})"


def _fenced(x: Fenced) -> str:
    left, right = (_sign(Sign(bracket)) for bracket in (x.left, x.right))
    return f"lr({_joined((left, typst(x.inner), right))})"


def _matrix(x: Matrix) -> str:
    halves = x.sides.startswith("rl")
    sides = [SIDES[side] for side in x.sides]
    rows = [[_argument(cell) for cell in row] for row in x.rows]
    if halves:  # as large as displayed formulas
        rows = [[f"display({cell})" for cell in row] for row in rows]
    if sides:
        rows = [[a + cell + b for (a, b), cell in zip(sides, row, strict=False)] for row in rows]
    shown = "; ".join(map(", ".join, rows))
    return f"mat(delim: #none, {'column-gap: #0.28em, ' if halves else ''}{shown})"


def _marked(x: Marked) -> str:
    inner = f"gs{x.kind}({_argument(x.inner)})"
    return f"underbrace({inner}, gs{x.kind}({literal(x.label)}))" if x.label else inner


def _boxed(x: Boxed) -> str:
    return f"gsboxed({_argument(x.inner)})"


def _equation(x: Equation) -> str:
    return " = ".join(map(typst, x.sides))


WRITERS: Mapping[type, Callable[[Any], str]] = MappingProxyType(
    {
        Name: _name,
        Number: _number,
        Sign: _sign,
        Words: _words,
        Row: _row,
        Frac: _frac,
        Scripts: _scripts,
        Limits: _limits,
        Root: _root,
        Fenced: _fenced,
        Matrix: _matrix,
        Marked: _marked,
        Boxed: _boxed,
        Equation: _equation,
    }
)
"""The writer of each kind of part."""
