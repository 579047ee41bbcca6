"""Formulas as one line of plain text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from ..base.signs import minus
from .names import split_name
from .signs import ACCENTS, LARGE, SUBSCRIPTS, SUPERSCRIPTS, WIDTHS
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

SPACED_SIGNS = frozenset("+−-·×⊙=<>≤≥≠≈→←∈∉±⇒⇔∼∪∩∘÷↦≡∝∗")
"""Signs with spaces around them when they are between two parts."""


def unicode(x: Tree | Equation) -> str:
    """A formula as one line of text."""
    return WRITERS[type(x)](x)


def _name(x: Name) -> str:
    base, indexes = split_name(x.text)
    return base + _script(",".join(indexes), SUBSCRIPTS, "_") if indexes else base


def _script(text: str, raised: Mapping[str, str], mark: str) -> str:
    """Small characters if all exist; otherwise a mark, with brackets if needed."""
    tight = text.replace(" ", "")
    if all(char in raised for char in tight):
        return "".join(raised[char] for char in tight)
    plain = len(text) == 1 or (text.isascii() and text.isalnum())
    return f"{mark}{text}" if plain else f"{mark}({text})"


def _number(x: Number) -> str:
    return minus(x.text)


def _sign(x: Sign) -> str:
    if x.text in WIDTHS:
        return " " if WIDTHS[x.text] else ""
    return "−" if x.text == "-" else x.text


def _words(x: Words) -> str:
    return x.text


def _row(x: Row) -> str:
    """Parts in a row: a sign has spaces around it between two parts, none before the first."""
    made = ""
    for k, part in enumerate(x.parts):
        text = unicode(part)
        if isinstance(part, Sign) and text in SPACED_SIGNS:
            between = made.strip() and not made.endswith(" ") and k < len(x.parts) - 1
            text = f" {text} " if between else text
        elif text in (",", ";") and k < len(x.parts) - 1:
            text = f"{text} "
        elif (k and _is_large(x.parts[k - 1])) or (made[-1:].isalnum() and _is_large(part)):
            text = f" {text.lstrip()}"
        made += text if not (text[:1] == made[-1:] == " ") else text[1:]
    return made


def _is_large(part: Tree) -> bool:
    """Whether a part is a large operator such as a sum, with or without bounds."""
    if isinstance(part, Limits):
        return not isinstance(part.over, Sign) or part.over.text not in ACCENTS
    return isinstance(part, Sign) and part.text in LARGE


def _frac(x: Frac) -> str:
    below = unicode(x.bottom)
    whole = is_product(x.bottom) or below.startswith("−")
    below = f"({below})" if whole else _whole(below, "/·")
    return f"{_whole(unicode(x.top), '/')}/{below}"


def is_product(x: Tree) -> bool:
    """Whether a part is a product other than ∂x or dx: 1/(2x) is not 1/2x."""
    match x:
        case Row((Sign("∂") | Name("d"), *_)) | Row((_,)):
            return False
        case Row((Name() | Words(), Fenced())):
            return False
    return isinstance(x, Row)


def _whole(text: str, apart: str) -> str:
    """A text, in brackets if a sign or space would split it."""
    depth = 0
    for char in text:
        depth += (char in "([") - (char in ")]")
        if not depth and (char in apart or char == " "):
            return f"({text})"
    return text


def _scripts(x: Scripts) -> str:
    base = unicode(x.base)
    bare = x.base.inner if isinstance(x.base, Marked) else x.base
    raised = isinstance(bare, Scripts) and bare.sup is not None and x.sup is not None
    if raised or (isinstance(x.base, Row | Frac | Root | Scripts | Marked) and not base.isalnum()):
        base = _based(bare, base)
    below = "" if x.sub is None else _script(unicode(x.sub), SUBSCRIPTS, "_")
    above = "" if x.sup is None else _script(unicode(x.sup), SUPERSCRIPTS, "^")
    return base + below + above


def _based(bare: Tree, text: str) -> str:
    """The base of a script, in brackets unless it needs none."""
    if isinstance(bare, Fenced | Name | Number | Matrix):
        return text
    return f"({text})"


def _limits(x: Limits) -> str:
    base = unicode(x.base)
    if isinstance(x.over, Sign) and x.over.text in ACCENTS and x.under is None:
        return base + ACCENTS[x.over.text]
    below = "" if x.under is None else _script(unicode(x.under), SUBSCRIPTS, "_")
    above = "" if x.over is None else _script(unicode(x.over), SUPERSCRIPTS, "^")
    return f"{base}{below}{above}"


def _root(x: Root) -> str:
    degree = "" if x.degree is None else _script(unicode(x.degree), SUPERSCRIPTS, "^")
    inner, plain = unicode(x.inner), isinstance(x.inner, Name | Number)
    return f"{degree}√{inner}" if plain and inner.isalnum() else f"{degree}√({inner})"


def _fenced(x: Fenced) -> str:
    return f"{x.left}{unicode(x.inner)}{x.right}"


def _matrix(x: Matrix) -> str:
    return "; ".join(" ".join(map(unicode, row)) for row in x.rows)


def _marked(x: Marked) -> str:
    return unicode(x.inner)


def _boxed(x: Boxed) -> str:
    return unicode(x.inner)


def _equation(x: Equation) -> str:
    return " = ".join(map(unicode, x.sides))


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
