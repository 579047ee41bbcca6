"""Texts in graphstep's own language, as the gates' rows have them, read as formulas.

A text such as "{y}*{x}**({y} - 1)" is read over pieces that stand in its places. Each piece knows
how tightly it holds together, so that brackets stand only where they are needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from ..calculus.functions import ELEMENTARY
from ..formulas.names import spelled
from ..formulas.signs import TIMES
from ..formulas.tree import (
    Fenced,
    Frac,
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

SUM, SIGMA, PRODUCT, POWER, ATOM = range(5)
"""How tightly a piece holds together: a + b, ∑ a, a b, a² or a fraction, a."""


class Piece(NamedTuple):
    """A formula with what has to be known to put it beside others.

    `minus`: it begins with a minus. `array`: it is no single number.
    """

    tree: Tree
    level: int = ATOM
    minus: bool = False
    array: bool = False


Places = Mapping[str, Piece]


class How(NamedTuple):
    """How texts are written: the decimal mark, and functions that keep their names."""

    mark: str = "."
    named: frozenset[str] = frozenset()


USUAL = How()


def number(text: str) -> Piece:
    """A number as it is printed."""
    return Piece(Number(text), minus=text.startswith("-"))


def fenced(piece: Piece, left: str = "(", right: str = ")") -> Piece:
    """A piece in brackets."""
    return Piece(Fenced(piece.tree, left, right), array=piece.array)


def held(piece: Piece, level: int, minus: bool = False) -> Piece:
    """A piece in brackets where it holds less tightly; one with a minus, unless that is allowed."""
    return piece if piece.level >= level and (minus or not piece.minus) else fenced(piece)


# --- operators


def plus(left: Piece, right: Piece, sign: str = "+") -> Piece:
    """A sum or difference."""
    first = held(left, SUM, minus=True) if left.level != SIGMA else fenced(left)
    second = held(right, SIGMA if sign == "−" else SUM)
    tree = Row((*_parts(first), Sign(sign), *_parts(second)))
    return Piece(tree, SUM, first.minus, left.array or right.array)


def negative(piece: Piece) -> Piece:
    """A piece with a minus before it."""
    inner = held(piece, SIGMA)
    return Piece(Row((Sign("−"), *_parts(inner))), SUM, True, piece.array)


def times(left: Piece, right: Piece) -> Piece:
    """A product: of arrays element by element; with a dot where digits or fractions meet."""
    dotted = _opens(right.tree, (Number, Frac)) or isinstance(left.tree, Frac)
    dotted = dotted or (_opens(left.tree, (Number,)) and is_matrix(right.tree))
    dotted = (
        dotted or _is_word(left.tree, -1) or (_is_word(right.tree, 0) and _ends(left.tree, Name))
    )
    sign = "⊙" if left.array and right.array else "·" if dotted else TIMES
    return product(left, right, sign)


def product(left: Piece, right: Piece, sign: str) -> Piece:
    """A product with a sign of its own."""
    tight = sign == "⊙"
    first = held(left, POWER if tight else PRODUCT, minus=True)
    second = held(right, POWER if tight else SIGMA)
    tree = Row((*_parts(first), Sign(sign), *_parts(second)))
    level = min(PRODUCT, second.level)
    return Piece(tree, level, first.minus, left.array or right.array)


def over(top: Piece, bottom: Piece) -> Piece:
    """A fraction; a minus at its top stands before it."""
    if bottom.tree == Number("1"):
        return top
    return Piece(Frac(top.tree, bottom.tree), POWER, False, top.array or bottom.array)


def power(base: Piece, exponent: Piece) -> Piece:
    """A power."""
    array = base.array or exponent.array
    match base.tree:
        case Row((Name(text) as head, Fenced(of) as inside)) if text in RAISED and not (
            isinstance(of, Row) and Sign(",") in of.parts
        ):  # tanh²(x), not (tanh(x))²
            return Piece(Row((Scripts(head, sup=exponent.tree), inside)), ATOM, False, array)
    return Piece(Scripts(held(base, ATOM).tree, sup=exponent.tree), POWER, False, array)


def transposed(piece: Piece) -> Piece:
    """A matrix with rows and columns exchanged."""
    return Piece(Scripts(held(piece, ATOM).tree, sup=Sign("⊤")), POWER, False, True)


def _between(left: Piece) -> str:
    """The sign of a product of matrices: a dot between numbers."""
    return "·" if is_matrix(left.tree) else TIMES


def is_matrix(tree: Tree) -> bool:
    """Whether a formula is one array in numbers."""
    bare = tree.inner if isinstance(tree, Marked) else tree
    return isinstance(bare, Fenced) and isinstance(bare.inner, Matrix)


def _parts(piece: Piece) -> tuple[Tree, ...]:
    """The parts of a piece that stand in a row with others."""
    return piece.tree.parts if isinstance(piece.tree, Row) else (piece.tree,)


def _ends(tree: Tree, kind: type) -> bool:
    return isinstance(_at(tree, -1), kind)


def _is_word(tree: Tree, end: int) -> bool:
    """Whether a formula has a name of several letters at an end: words need a sign between them."""
    call = isinstance(tree, Row) and len(tree.parts) > 1 and isinstance(tree.parts[1], Fenced)
    part = _at(tree, end)
    return isinstance(part, Name) and len(spelled(part.text).base) > 1 and not (end == 0 and call)


def _at(tree: Tree, end: int) -> Tree:
    """The first or last part of a formula, without what is below it or above it."""
    match tree:
        case Row(parts) if parts:
            return _at(parts[end], end)
        case Marked(inner):
            return _at(inner, end)
        case Scripts(base):
            return _at(base, end)
    return tree


def _opens(tree: Tree, kinds: tuple[type, ...]) -> bool:
    """Whether a formula begins with a part of some kind."""
    if isinstance(tree, Row):
        return bool(tree.parts) and _opens(tree.parts[0], kinds)
    if isinstance(tree, Marked):
        return _opens(tree.inner, kinds)
    return _opens(tree.base, kinds) if isinstance(tree, Scripts) else isinstance(tree, kinds)


# --- functions


def call(name: str, args: Sequence[Piece], how: How) -> Piece:
    """A function as mathematics writes it."""
    if name not in how.named:
        special = FUNCTIONS.get((name, len(args)))
        if special is not None:
            return special(*args)
        shown = SHOWN.get((name, len(args)))
        if shown is not None:
            return read(shown, dict(zip("ab", args, strict=False)), how)
    array = any(a.array for a in args) and name not in TO_NUMBERS
    plain = name in how.named
    name = name if plain else NAMES.get(name, name)
    plain = plain or name.isalpha()
    head = Name(name) if plain else Words(name.replace("_", " "))
    return Piece(Row((head, Fenced(_listed(args, how)))), array=array)


def _listed(args: Sequence[Piece], how: How) -> Tree:
    """What a function is of; between numbers with a decimal comma stands no other comma."""
    commas = any(isinstance(arg.tree, Number) and "," in arg.tree.text for arg in args)
    inside: list[Tree] = []
    for arg in args:
        inside += [Sign(";" if commas and how.mark == "," else ","), arg.tree]
    return Row(tuple(inside[1:])) if len(inside) != 2 else inside[1]


def _exp(x: Piece) -> Piece:
    return Piece(Scripts(Name("e"), sup=x.tree), POWER, False, x.array)


def total(x: Piece) -> Piece:
    """The sum of all elements."""
    return Piece(Row((Sign("∑"), *_parts(held(x, PRODUCT)))), SIGMA)


def _bars(bar: str) -> Callable[[Piece], Piece]:
    return lambda x: fenced(x, bar, bar)._replace(array=x.array and bar == "|")


FUNCTIONS: Mapping[tuple[str, int], Callable[..., Piece]] = MappingProxyType(
    {
        ("exp", 1): _exp,
        ("sqrt", 1): lambda x: Piece(Root(x.tree), array=x.array),
        ("abs", 1): _bars("|"),
        ("norm", 1): _bars("‖"),
        ("sum", 1): total,
    }
)
"""Functions that are not written by their names."""

SHOWN: Mapping[tuple[str, int], str] = MappingProxyType(
    {
        ("relu", 1): "max(0, {a})",
        ("softplus", 1): "log(1 + exp({a}))",
        ("square", 1): "{a}**2",
        ("reciprocal", 1): "1/{a}",
        ("l1", 1): "sum(abs({a}))",
        ("l2", 1): "sum({a}**2)",
        ("elastic_net", 2): "{b}*l2({a}) + l1({a})",
        ("outer", 2): "{a} @ {b}ᵀ",
        ("logsumexp", 1): "log(sum(exp({a})))",
        ("log_softmax", 1): "log(softmax({a}))",
    }
)
"""Functions that are written as what they are made of."""

NAMES: Mapping[str, str] = MappingProxyType(
    {row.name: row.shown for row in ELEMENTARY.values() if row.shown} | {"mse": "MSE"}
)
RAISED = frozenset(row.shown or row.name for row in ELEMENTARY.values() if row.raised)
"""Functions whose power stands behind their name."""
TO_NUMBERS = frozenset(("mean", "max", "min", "logsumexp", "mse", "cross_entropy", "hinge"))

# --- reading

TOKEN = re.compile(r"\s*(\{\w+\}|\d+(?:\.\d+)?(?:e[-+]?\d+)?|[^\W\d]\w*|\*\*|<=|>=|\.T|[^\s\w])")
COMPARISONS: Mapping[str, str] = MappingProxyType(
    {"<=": "≤", ">=": "≥", "<": "<", ">": ">", "=": "="}
)


def read(text: str, places: Places, how: How = USUAL) -> Piece:
    """A text as a formula; `places` are the pieces that stand at `{name}`, or at bare names.

    >>> from graphstep.formulas.unicode import unicode
    >>> x, y = Piece(Name("x")), Piece(Row((Name("a"), Sign("+"), Name("b"))), SUM)
    >>> unicode(read("-{x}/{y}**2", {"x": x, "y": y}).tree)
    '−x/(a + b)²'
    """
    return _Reader(TOKEN.findall(text), places, how).sum()


class _Reader:
    """Reads by descent: our own texts are short."""

    def __init__(self, tokens: list[str], places: Places, how: How) -> None:
        self.tokens, self.places, self.how = tokens[::-1], places, how

    def next(self, *wanted: str) -> str:
        """The next token, if it is one of those that are wanted; else nothing."""
        return self.tokens.pop() if self.tokens and self.tokens[-1] in wanted else ""

    def sum(self) -> Piece:
        left = negative(self.term()) if self.next("-") else self.term()
        while sign := self.next("+", "-"):
            left = plus(left, self.term(), "+" if sign == "+" else "−")
        return left

    def term(self) -> Piece:
        left = self.factor()
        while sign := self.next(*OPERATORS):
            left = OPERATORS[sign](left, self.factor())
        return left

    def factor(self) -> Piece:
        base = self.postfix()
        return power(base, self.postfix()) if self.next("**") else base

    def postfix(self) -> Piece:
        piece = self.operand()
        while mark := self.next("ᵀ", ".T", "["):
            piece = transposed(piece) if mark != "[" else self.index(piece)
        return piece

    def index(self, piece: Piece) -> Piece:
        """An index or a part between square brackets, as in the text."""
        inside: list[Tree] = []
        while not self.next("]"):
            inside += [Sign(":")] if self.next(":") else [self.sum().tree]
        within = inside[0] if len(inside) == 1 else Row(tuple(inside))
        whole = Row((held(piece, ATOM).tree, Fenced(within, "[", "]")))
        return Piece(whole, ATOM, False, True)

    def operand(self) -> Piece:
        token = self.tokens.pop()
        if token == "(":
            piece = self.sum()
            self.next(")")
            return piece
        if token == "[":
            return self.iverson()
        if token[0].isdigit():
            return number(token.replace(".", self.how.mark))
        if token in self.places or token[0] == "{":
            return self.places[token.strip("{}")]
        return call(token, self.args(), self.how) if self.next("(") else Piece(Name(token))

    def iverson(self) -> Piece:
        """[a > b]: 1 where it holds, else 0."""
        left = self.sum()
        sign = COMPARISONS[self.tokens.pop()]
        right = self.sum()
        self.next("]")
        row = Row((*_parts(left), Sign(sign), *_parts(right)))
        return Piece(Fenced(row, "[", "]"), array=left.array or right.array)

    def args(self) -> list[Piece]:
        """What stands between the brackets of a call; an option with its name."""
        found: list[Piece] = []
        while not self.next(")"):
            piece = self.sum()
            if self.next("="):
                value = self.sum().tree
                piece = Piece(Row((*_parts(piece), Sign("="), value)), SUM)
            found.append(piece)
            self.next(",")
        return found


OPERATORS: Mapping[str, Callable[[Piece, Piece], Piece]] = MappingProxyType(
    {
        "*": times,
        "/": over,
        "@": lambda left, right: product(left, right, _between(left))._replace(array=True),
        "·": lambda left, right: product(left, right, "·")._replace(array=True),
    }
)
