"""A formula as runs of text, where it is simple enough to flow in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..formulas.names import split_name
from ..formulas.signs import ACCENTS, LIMITS, TIMES, WIDTHS, minus
from ..formulas.tree import (
    Equation,
    Fenced,
    Frac,
    Limits,
    Marked,
    Name,
    Number,
    Row,
    Scripts,
    Sign,
    Tree,
    Words,
)
from ..formulas.unicode import is_product, unicode


class Piece(NamedTuple):
    """A piece of a formula; `rise` is 1 for a superscript, -1 for a subscript."""

    text: str
    italic: bool = False
    rise: int = 0


RELATIONS = frozenset("=≈≠<>≤≥→←⇒∈≡∼:≪≫⟶⟹")
OPERATORS = frozenset("+-−·×±∘")
UNWRITTEN = frozenset((TIMES, "\u2061"))  # a product; between a function and what it is of
GAP = "\u00a0"  # no line is broken there


def pieces(formula: Tree) -> tuple[Piece, ...]:
    r"""A formula as pieces of text; one that has more than one line as plain text.

    >>> from graphstep.formulas.tree import Name, Row, Sign
    >>> [tuple(piece) for piece in pieces(Row((Name("w0"), Sign("="), Name("x"))))]
    [('w', True, 0), ('0', False, -1), ('\xa0=\xa0', False, 0), ('x', True, 0)]
    """
    try:
        return tuple(_pieces(formula))
    except _NotInLineError:
        return (Piece(unicode(formula)),)


class _NotInLineError(Exception):
    """A part that needs more than a line."""


def _pieces(x: Tree | Equation) -> Iterator[Piece]:
    if type(x) not in KINDS:
        raise _NotInLineError
    yield from KINDS[type(x)](x)


def _name(x: Name) -> Iterator[Piece]:
    base, index = split_name(x.text)
    yield Piece(base, italic=len(base) == 1)
    if index:
        yield Piece(",".join(index), rise=-1)


def _number(x: Number) -> Iterator[Piece]:
    yield Piece(minus(x.text))


def _words(x: Words) -> Iterator[Piece]:
    yield Piece(x.text)


def _sign(x: Sign) -> Iterator[Piece]:
    wide = WIDTHS.get(x.text)
    yield Piece(minus(x.text) if wide is None else GAP * (wide >= 0.2))


def _row(x: Row) -> Iterator[Piece]:
    """Parts side by side; spaces around relations, and around operators between two parts."""
    for k, part in enumerate(x.parts):
        before = x.parts[k - 1] if k else None
        between = before is not None and not isinstance(before, Sign) and k + 1 < len(x.parts)
        sign = part.text if isinstance(part, Sign) else ""
        after = x.parts[k + 1] if k + 1 < len(x.parts) else None
        if sign == "," and after is not None:
            yield Piece(", ")
        elif sign in UNWRITTEN and not isinstance(after, Fenced):
            yield Piece(GAP)
        elif sign in RELATIONS or (sign in OPERATORS and between):
            yield Piece(f"{GAP}{minus(sign)}{GAP}")
        else:
            yield from _pieces(part)


def _scripts(x: Scripts) -> Iterator[Piece]:
    yield from _pieces(x.base)
    for part, rise in ((x.sub, -1), (x.sup, 1)):
        inside = list(_pieces(part)) if part is not None else []
        if any(piece.rise for piece in inside):
            raise _NotInLineError
        yield from (piece._replace(rise=rise) for piece in inside)


def _limits(x: Limits) -> Iterator[Piece]:
    """What a function ranges over is below it; a sign over a letter goes with it."""
    if isinstance(x.base, Name) and x.base.text in LIMITS:
        yield from _scripts(Scripts(x.base, x.under, x.over))
        return
    over = ACCENTS.get(getattr(x.over, "text", ""), "")
    inside = list(_pieces(x.base))
    if x.under is not None or not over or len(inside) != 1 or len(inside[0].text) != 1:
        raise _NotInLineError
    yield inside[0]._replace(text=inside[0].text + over)


def _fenced(x: Fenced) -> Iterator[Piece]:
    yield Piece(x.left)
    yield from _pieces(x.inner)
    yield Piece(x.right)


def _frac(x: Frac) -> Iterator[Piece]:
    """A fraction of two short things, such as ∂f/∂x."""
    top, bottom = list(_pieces(x.top)), list(_pieces(x.bottom))
    if any(GAP in piece.text for piece in (*top, *bottom)):
        raise _NotInLineError
    if is_product(x.bottom):
        bottom = [Piece("("), *bottom, Piece(")")]
    yield from (*top, Piece("/"), *bottom)


def _marked(x: Marked) -> Iterator[Piece]:
    yield from _pieces(x.inner)


KINDS: Mapping[type, Callable[[Any], Iterator[Piece]]] = MappingProxyType(
    {
        Name: _name,
        Number: _number,
        Sign: _sign,
        Words: _words,
        Row: _row,
        Scripts: _scripts,
        Limits: _limits,
        Fenced: _fenced,
        Frac: _frac,
        Marked: _marked,
    }
)
"""What can stand in a line."""
