"""Sums of products over indexes, and what is left of them where [k = i] takes one element.

Formulas are those of rows with indexes. Every place of them has a name of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from ..language.row_texts import Bare, Binary, Call, Formula, Index, Minus, Place, Test

ONE = Bare("1")


class Term(NamedTuple):
    """A product, summed over some indexes, with a sign."""

    sign: int
    factors: tuple[Formula, ...]
    over: tuple[str, ...] = ()


def terms_of(x: Formula) -> list[Term]:
    """A formula as a sum of products; only sums with a [k = i] in them are taken apart."""
    match x:
        case Minus(of):
            return [term._replace(sign=-term.sign) for term in terms_of(of)]
        case Binary("*", left, right):
            pairs = product(terms_of(left), terms_of(right))
            return [multiplied(a, b) for a, b in pairs]
        case Binary("/", top, bottom) if chooses(top):
            below = Term(1, (Binary("/", ONE, bottom),))
            return [multiplied(term, below) for term in terms_of(top)]
        case Binary("+" | "-" as sign, left, right) if chooses(x):
            second = terms_of(right if sign == "+" else Minus(right))
            return [*terms_of(left), *second]
    return [Term(1, () if x == ONE else (x,))]


def multiplied(left: Term, right: Term) -> Term:
    """The product of two terms."""
    return Term(left.sign * right.sign, left.factors + right.factors, left.over + right.over)


def chooses(x: Formula) -> bool:
    """Whether a formula has a [k = i] in it."""
    return any(same(part) is not None for part in parts(x))


def same(x: Formula) -> tuple[str, str] | None:
    """The two indexes that have to be the same; None for anything but that condition."""
    match x:
        case Test("=", Bare(left), Bare(right)):
            return left, right
    return None


def contracted(term: Term, sizes: Mapping[str, int]) -> Term:
    """A term without the sums in which only one element counts; `sizes` are those of all indexes.

    A sum over k stays if [k = i] for an i that goes further than k.
    """
    for k, factor in enumerate(term.factors):
        pair = same(factor)
        for summed, other in (pair, pair[::-1]) if pair else ():
            if summed in term.over and sizes.get(other, 0) <= sizes[summed]:
                rest = term.factors[:k] + term.factors[k + 1 :]
                over = tuple(letter for letter in term.over if letter != summed)
                kept = tuple(renamed(factor, {summed: other}) for factor in rest)
                return contracted(Term(term.sign, kept, over), sizes)
    return term


def split(term: Term) -> tuple[Sequence[Formula], Sequence[Formula]]:
    """The factors that stand before the sum, and those that are summed; numbers stay inside."""
    summed = [uses(factor, term.over) or isinstance(factor, Bare) for factor in term.factors]
    pairs = [*zip(term.factors, summed, strict=True)]
    return [x for x, inside in pairs if not inside], [x for x, inside in pairs if inside]


def uses(x: Formula, letters: Collection[str]) -> bool:
    """Whether a formula depends on one of some indexes."""
    return any(isinstance(part, Bare) and part.text in letters for part in parts(x))


def renamed(x: Formula, letters: Mapping[str, str]) -> Formula:
    """A formula with other indexes."""
    return changed(x, lambda part: Bare(letters.get(part.text, part.text))
                   if isinstance(part, Bare) else part)  # fmt: skip


def placed(x: Formula, names: Mapping[str, str]) -> Formula:
    """A formula with other names of its places."""
    return changed(x, lambda part: Place(names[part.name]) if isinstance(part, Place) else part)


def changed(x: Formula, change: Callable[[Formula], Formula]) -> Formula:
    """A formula with each place and each word in it changed."""
    match x:
        case Minus(of):
            return Minus(changed(of, change))
        case Binary(sign, left, right):
            return Binary(sign, changed(left, change), changed(right, change))
        case Test(sign, left, right):
            return Test(sign, changed(left, change), changed(right, change))
        case Call(name, args):
            return Call(name, tuple(changed(arg, change) for arg in args))
        case Index(of, inside):
            return Index(changed(of, change), tuple(changed(i, change) for i in inside))
    return change(x)


def parts(x: Formula) -> Iterator[Formula]:
    """A formula and all formulas in it."""
    yield x
    match x:
        case Minus(of):
            yield from parts(of)
        case Binary(_, left, right) | Test(_, left, right):
            yield from parts(left)
            yield from parts(right)
        case Call(_, args):
            for arg in args:
                yield from parts(arg)
        case Index(of, inside):
            for part in (of, *inside):
                yield from parts(part)
