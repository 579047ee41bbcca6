"""Formulas as MathML Core, for pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from types import MappingProxyType
from typing import Any

from ..base.signs import minus
from ..look.style import Colours
from .names import split_name
from .signs import ACCENTS, LIMITS, OF, TIMES, WIDTHS, braced
from .tree import (
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

ORDINARY = frozenset("∂∞…⋯⋮′″‴%")  # written as letters in MathML, which puts no space around those
FENCES = frozenset("()[]{}|‖⟨⟩⌊⌋⌈⌉")
OPERATORS = frozenset((TIMES, OF, "\u2063"))  # unseen, but read aloud


def mathml(x: Tree | Equation, display: bool = False) -> str:
    """A formula as a `math` element; with `display`, on a line of its own."""
    block = ' display="block"' if display else ""
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML"{block}>{_part(x)}</math>'


def styles(scope: str, colours: Colours) -> str:
    """CSS for marked parts, in the colours of their kinds, and for matrices.

    `scope` is a selector put before each rule; it may be empty.
    """
    rules = {f".gs-{kind}": f"color:{shade}" for kind, shade in colours.parts.items()}
    rules |= {"mtd": "padding:.1em .35em", "mtd:first-child": "padding-left:.1em",
              "mtd:last-child": "padding-right:.1em",
              **{f"mtd.gs-{side}": f"text-align:-webkit-{side}" for side in ("left", "right")},
              **{f"mtd.gs-half.gs-{side}": f"padding-{side}:0" for side in ("left", "right")},
              }  # fmt: skip
    return "".join(f"{scope} {part}{{{rule}}}".strip() for part, rule in rules.items())


def _part(x: Tree | Equation) -> str:
    return WRITERS[type(x)](x)


def _tag(tag: str, *parts: str, **attributes: str) -> str:
    shown = "".join(f' {name.rstrip("_")}="{text}"' for name, text in attributes.items())
    return f"<{tag}{shown}>{''.join(parts)}</{tag}>"


def _text(text: str) -> str:
    """Escaped text, without the characters that XML forbids."""
    kept = (
        c for c in text if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"
    )
    return escape("".join(kept))


def _name(x: Name) -> str:
    base, indexes = split_name(x.text)
    if not indexes:
        return _letters(base)
    parts = [_letters(part) for part in indexes]
    comma = _tag("mo", ",", separator="true")
    below = parts[0] if len(parts) == 1 else _tag("mrow", comma.join(parts))
    return _tag("msub", _letters(base), below)


def _letters(text: str) -> str:
    return _tag("mn" if text.isdecimal() else "mi", _text(text))


def _number(x: Number) -> str:
    return _tag("mn", _text(minus(x.text)))


def _sign(x: Sign) -> str:
    if x.text in WIDTHS:
        width = f"{WIDTHS[x.text]:g}em"
        if x.text in OPERATORS:
            return _tag("mo", x.text, lspace="0", rspace=width)
        return f'<mspace width="{width}"/>'
    if x.text in ORDINARY or x.text.isalnum():
        return _tag("mi", _text(x.text))
    if x.text in FENCES:  # a lone bracket keeps its size
        return _tag("mo", _text(x.text), stretchy="false")
    return _tag("mo", _text("−" if x.text == "-" else x.text))


def _words(x: Words) -> str:
    """Text whose outer spaces are kept: MathML would drop plain ones."""
    inner = x.text.strip(" ")
    before = len(x.text) - len(x.text.lstrip(" "))
    after = len(x.text) - before - len(inner)
    return _tag("mtext", _text("\u00a0" * before + inner + "\u00a0" * after))


def _row(x: Row) -> str:
    return _tag("mrow", *map(_part, x.parts))


def _frac(x: Frac) -> str:
    return _tag("mfrac", _part(x.top), _part(x.bottom))


def _beside(x: Scripts) -> str:
    below = "" if x.sub is None else _part(x.sub)
    above = "" if x.sup is None else _part(x.sup)
    return _tag(f"m{'sub' if below else ''}{'sup' if above else ''}", _part(x.base), below, above)


def _scripts(x: Scripts) -> str:
    return _part(x.base) if x.sub is None and x.sup is None else _beside(x)


def _limits(x: Limits) -> str:
    below = "" if x.under is None else _part(x.under)
    above = "" if x.over is None else _part(x.over)
    if not below and not above:
        return _part(x.base)
    if isinstance(x.base, Name) and x.base.text in LIMITS:  # beside the name in running text
        head = _tag("mo", _text(x.base.text), movablelimits="true", lspace="0", rspace="0")
        return _tag(f"m{'under' if below else ''}{'over' if above else ''}", head, below, above)
    kind = f"m{'under' if below else ''}{'over' if above else ''}"
    if "line" in braced(x.under, x.over):
        line = _tag("mo", "‾" if above else "_", stretchy="true")
        return _tag(kind, _tag("mrow", _part(x.base)), line)
    if isinstance(x.over, Sign) and x.over.text in ACCENTS and not below:
        return _tag(kind, _part(x.base), above, accent="true")
    return _tag(kind, _part(x.base), below, above)


def _root(x: Root) -> str:
    if x.degree is None:
        return _tag("msqrt", _part(x.inner))
    return _tag("mroot", _part(x.inner), _part(x.degree))


def _fenced(x: Fenced) -> str:
    """Brackets that grow only around tall parts: Chromium puts spaces beside growing ones."""
    tall = "true" if _is_tall(x.inner) else "false"
    left, right = (
        _tag("mo", _text(bracket), form=form, fence="true", stretchy=tall) if bracket else ""
        for bracket, form in ((x.left, "prefix"), (x.right, "postfix"))
    )
    return _tag("mrow", left, _part(x.inner), right)


def _is_tall(x: object) -> bool:
    """Whether a part has parts stacked inside."""
    if isinstance(x, Frac | Matrix | Limits | Root):
        return True
    inner = (x.base,) if isinstance(x, Scripts) else x
    return isinstance(inner, tuple) and any(map(_is_tall, inner))


def _matrix(x: Matrix) -> str:
    size = {"displaystyle": "true"} if x.sides.startswith("rl") else {}
    sides = x.sides or "c" * max(map(len, x.rows), default=0)
    columns = [_column(k, sides) for k in range(len(sides))]
    cells = (
        [_tag("mtd", _part(c), **at) for c, at in zip(row, columns, strict=False)] for row in x.rows
    )
    return _tag("mtable", *(_tag("mtr", *row) for row in cells), **size)


def _column(number: int, sides: str) -> dict[str, str]:
    """The attributes of a column's cells; halves of equations meet at one edge."""
    where = {"l": "left", "r": "right"}.get(sides[number])
    if where is None:
        return {}
    meets = " gs-half" if sides.startswith("rl") else ""
    return {"columnalign": where, "class_": f"gs-{where}{meets}"}


def _marked(x: Marked) -> str:
    inner = _part(x.inner)
    if not x.label:
        return _tag("mrow", inner, class_=f"gs-{x.kind}")
    brace = _tag("mo", "⏟", stretchy="true")
    braced = _tag("munder", _tag("mrow", inner), brace)
    return _tag("munder", braced, _words(Words(x.label)), class_=f"gs-{x.kind}")


def _equation(x: Equation) -> str:
    return _tag("mrow", _tag("mo", "=").join(map(_part, x.sides)))


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
        Equation: _equation,
    }
)
"""The writer of each kind of part."""
