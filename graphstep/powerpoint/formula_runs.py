"""A formula as runs of text, if it is simple enough to flow in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..base.signs import minus
from ..formulas.names import split_name
from ..formulas.signs import ACCENTS, LIMITS, TIMES, WIDTHS
from ..formulas.tree import (
    Boxed,
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
from ..look.style import PARTS


class FormulaRun(NamedTuple):
    """A run of text in a formula; `rise` is 1 for a superscript, -1 for a subscript.

    `colour` is a field of `Colours` or a name of `HUES`; empty for that of the text around.
    """

    text: str
    italic: bool = False
    rise: int = 0
    colour: str = ""
    boxed: bool = False


RELATIONS = frozenset("=≈≠<>≤≥→←⇒∈≡∼:≪≫⟶⟹")
SPACED_OPERATORS = frozenset("+-−·×±∘")
PRIMES = frozenset("′″‴")  # which are small and high already
UNWRITTEN = frozenset((TIMES, "\u2061"))  # of a product; between a function and its argument
SPACE = "\u00a0"  # at which no line is broken


def formula_runs(formula: Tree) -> tuple[FormulaRun, ...]:
    r"""A formula as runs of text; one that needs several lines becomes plain text.

    >>> from graphstep.formulas.tree import Name, Row, Sign
    >>> [run[:3] for run in formula_runs(Row((Name("w0"), Sign("="), Name("x"))))]
    [('w', True, 0), ('0', False, -1), ('\xa0=\xa0', False, 0), ('x', True, 0)]
    """
    try:
        return tuple(_runs(formula))
    except _NotInLineError:
        return (FormulaRun(unicode(formula)),)


class _NotInLineError(Exception):
    """Raised for a part that needs more than one line."""


def _runs(x: Tree | Equation) -> Iterator[FormulaRun]:
    if type(x) not in WRITERS:
        raise _NotInLineError
    yield from WRITERS[type(x)](x)


def _name(x: Name) -> Iterator[FormulaRun]:
    base, index = split_name(x.text)
    yield FormulaRun(base, italic=len(base) == 1)
    if index:
        yield FormulaRun(",".join(index), rise=-1)


def _number(x: Number) -> Iterator[FormulaRun]:
    yield FormulaRun(minus(x.text))


def _words(x: Words) -> Iterator[FormulaRun]:
    yield FormulaRun(x.text)


def _sign(x: Sign) -> Iterator[FormulaRun]:
    wide = WIDTHS.get(x.text)
    yield FormulaRun(minus(x.text) if wide is None else SPACE * (wide >= 0.2))


def _row(x: Row) -> Iterator[FormulaRun]:
    """Parts side by side; spaces around relations, and around operators between two parts."""
    for k, part in enumerate(x.parts):
        before = x.parts[k - 1] if k else None
        between = before is not None and not isinstance(before, Sign) and k + 1 < len(x.parts)
        sign = part.text if isinstance(part, Sign) else ""
        after = x.parts[k + 1] if k + 1 < len(x.parts) else None
        if sign == "," and after is not None:
            yield FormulaRun(", ")
        elif sign in UNWRITTEN and not isinstance(after, Fenced):
            yield FormulaRun(SPACE)
        elif sign in RELATIONS or (sign in SPACED_OPERATORS and between):
            yield FormulaRun(f"{SPACE}{minus(sign)}{SPACE}")
        else:
            yield from _runs(part)


def _scripts(x: Scripts) -> Iterator[FormulaRun]:
    yield from _runs(x.base)
    for part, rise in ((x.sub, -1), (x.sup, 1)):
        inside = list(_runs(part)) if part is not None else []
        if any(run.rise for run in inside):
            raise _NotInLineError
        high = all(run.text in PRIMES for run in inside)
        yield from inside if high else (run._replace(rise=rise) for run in inside)


def _limits(x: Limits) -> Iterator[FormulaRun]:
    """A limit below an operator becomes a subscript, a sign over a letter an accent."""
    if isinstance(x.base, Name) and x.base.text in LIMITS:
        yield from _scripts(Scripts(x.base, x.under, x.over))
        return
    over = ACCENTS.get(getattr(x.over, "text", ""), "")
    inside = list(_runs(x.base))
    if x.under is not None or not over or len(inside) != 1 or len(inside[0].text) != 1:
        raise _NotInLineError
    yield inside[0]._replace(text=inside[0].text + over)


def _fenced(x: Fenced) -> Iterator[FormulaRun]:
    yield FormulaRun(x.left)
    yield from _runs(x.inner)
    yield FormulaRun(x.right)


def _frac(x: Frac) -> Iterator[FormulaRun]:
    """A fraction of two short parts, such as ∂f/∂x."""
    top, bottom = list(_runs(x.top)), list(_runs(x.bottom))
    if any(SPACE in run.text for run in (*top, *bottom)):
        raise _NotInLineError
    if is_product(x.bottom):
        bottom = [FormulaRun("("), *bottom, FormulaRun(")")]
    yield from (*top, FormulaRun("/"), *bottom)


def _marked(x: Marked) -> Iterator[FormulaRun]:
    colour = PARTS.get(x.kind, x.kind)
    yield from (run._replace(colour=run.colour or colour) for run in _runs(x.inner))


def _boxed(x: Boxed) -> Iterator[FormulaRun]:
    yield from (run._replace(boxed=True) for run in _runs(x.inner))


WRITERS: Mapping[type, Callable[[Any], Iterator[FormulaRun]]] = MappingProxyType(
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
        Boxed: _boxed,
    }
)
"""The parts of a formula that fit in a line, and how each is written."""
