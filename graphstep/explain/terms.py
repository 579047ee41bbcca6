"""The formulas of gates' rows as mathematics.

A text such as "{y}*{x}**({y} - 1)" is spelled over pieces that stand in its places. Each piece
knows how tightly it holds together, so that brackets stand only where they are needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from ..base.signs import MINUS, split_power
from ..calculus.functions import ELEMENTARY
from ..formulas.names import split_name
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
from ..language import row_texts
from ..language.row_texts import (
    ATOM,
    COLON,
    NEGATED,
    POWER,
    PRODUCT,
    SIDES,
    SIGMA,
    SUM,
    Bare,
    Binary,
    Call,
    Formula,
    Index,
    Minus,
    Option,
    Place,
    Test,
    Turned,
)


class Piece(NamedTuple):
    """A formula with what has to be known to put it beside others.

    `minus`: it begins with a minus. `array`: it is no single number.
    """

    tree: Tree
    level: int = ATOM
    minus: bool = False
    array: bool = False


Places = Mapping[str, Piece]
DOTS = Sign("…")
ELLIPSIS = Piece(DOTS)


class How(NamedTuple):
    """How texts are written: the decimal mark, and functions that keep their names."""

    mark: str = "."
    named: frozenset[str] = frozenset()


USUAL = How()


def number(text: str) -> Piece:
    """A number as it is printed; one with an exponent is a multiple of a power of ten."""
    below = text.startswith(("-", MINUS))
    before, exponent = split_power(text)
    if not exponent:
        return Piece(Number(text), minus=below)
    # one number down to the ten: its dot is not that between factors, and has no spaces
    return Piece(Scripts(Number(before), sup=Number(exponent)), PRODUCT, below)


def is_number(tree: Tree) -> bool:
    """Whether a formula is just a number."""
    match tree:
        case Number() | Row((Sign(), Number())) | Scripts(Number(), None, Number()):
            return True
    return False


def fenced(piece: Piece, left: str = "(", right: str = ")") -> Piece:
    """A piece in brackets."""
    return Piece(Fenced(piece.tree, left, right), array=piece.array)


def held(piece: Piece, level: int, minus: bool = False) -> Piece:
    """A piece in brackets where it holds less tightly; one with a minus, unless that is allowed."""
    return piece if piece.level >= level and (minus or not piece.minus) else fenced(piece)


# --- operators


def plus(left: Piece, right: Piece, sign: str = "+") -> Piece:
    """A sum or difference."""
    before, after = SIDES["-" if sign == "−" else sign]
    first = held(left, before, minus=True) if left.level != SIGMA else fenced(left)
    second = held(right, after)
    tree = Row((*_parts(first), Sign(sign), *_parts(second)))
    return Piece(tree, SUM, first.minus, left.array or right.array)


def negative(piece: Piece) -> Piece:
    """A piece with a minus before it."""
    inner = held(piece, NEGATED)
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
    before, after = (POWER, POWER) if sign == "⊙" else SIDES["*"]
    first = held(left, before, minus=True)
    second = held(right, after)
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
    return (
        isinstance(part, Name) and len(split_name(part.text).base) > 1 and not (end == 0 and call)
    )


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
    if not name:
        return Piece(Fenced(_listed(args, how)))
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
        ("sqrt", 1): lambda x: Piece(Root(x.tree), POWER, array=x.array),  # (√x)², not √x²
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
TO_NUMBERS = frozenset(
    ("mean", "var", "std", "prod", "max", "min", "logsumexp", "mse", "cross_entropy", "hinge")
)

# --- spelling

COMPARISONS: Mapping[str, str] = MappingProxyType(
    {"<=": "≤", ">=": "≥", "<": "<", ">": ">", "=": "=", "!=": "≠"}
)


def read(text: str, places: Places, how: How = USUAL) -> Piece:
    """A text of a row as mathematics; `places` are the pieces at `{name}`, or at bare words.

    >>> from graphstep.formulas.unicode import unicode
    >>> x, y = Piece(Name("x")), Piece(Row((Name("a"), Sign("+"), Name("b"))), SUM)
    >>> unicode(read("-{x}/{y}**2", {"x": x, "y": y}).tree)
    '−x/(a + b)²'
    """
    return Spelling(places, how).piece(row_texts.read(text))


@dataclass(frozen=True)
class Spelling:
    """Spells formulas over pieces; one method a kind of formula."""

    places: Places
    how: How

    def piece(self, x: Formula) -> Piece:
        """A formula as a piece."""
        return SPELLED[type(x)](self, x)

    def place(self, x: Place) -> Piece:
        """What stands in a place."""
        return self.places[x.name]

    def bare(self, x: Bare) -> Piece:
        """A number, or a word."""
        if x.text[0].isdigit():
            return number(x.text.replace(".", self.how.mark))
        if x.text[0] == '"':
            return Piece(Words(x.text[1:-1].replace("->", "→")))
        if x.text in (DOTS.text, "..."):
            return ELLIPSIS
        return self.places.get(x.text) or Piece(Name(x.text))

    def call(self, x: Call) -> Piece:
        """A function of some formulas."""
        return call(x.name, [self.piece(arg) for arg in x.args], self.how)

    def option(self, x: Option) -> Piece:
        """An option of a call, with its name."""
        name, value = self.piece(x.name), self.piece(x.value)
        return Piece(Row((*_parts(name), Sign("="), value.tree)), SUM)

    def binary(self, x: Binary) -> Piece:
        """An operator between two formulas."""
        return OPERATORS[x.sign](self.piece(x.left), self.piece(x.right))

    def index(self, x: Index) -> Piece:
        """An index or a part between square brackets, as in the text."""
        inside = [Sign(":") if i == COLON else self.piece(i).tree for i in x.inside]
        within = inside[0] if len(inside) == 1 else Row(tuple(inside))
        whole = Row((held(self.piece(x.of), ATOM).tree, Fenced(within, "[", "]")))
        return Piece(whole, ATOM, False, True)

    def test(self, x: Test) -> Piece:
        """[a > b]: 1 where it holds, else 0."""
        left, right = self.piece(x.left), self.piece(x.right)
        row = Row((*_parts(left), Sign(COMPARISONS[x.sign]), *_parts(right)))
        return Piece(Fenced(row, "[", "]"), array=left.array or right.array)


SPELLED: Mapping[type, Callable[[Spelling, Any], Piece]] = MappingProxyType(
    {
        Place: Spelling.place,
        Bare: Spelling.bare,
        Call: Spelling.call,
        Option: Spelling.option,
        Minus: lambda spelling, x: negative(spelling.piece(x.of)),
        Binary: Spelling.binary,
        Turned: lambda spelling, x: transposed(spelling.piece(x.of)),
        Index: Spelling.index,
        Test: Spelling.test,
    }
)

OPERATORS: Mapping[str, Callable[[Piece, Piece], Piece]] = MappingProxyType(
    {
        "+": plus,
        "-": lambda left, right: plus(left, right, "−"),
        "*": times,
        "/": over,
        "**": power,
        "@": lambda left, right: product(left, right, _between(left))._replace(array=True),
        "·": lambda left, right: product(left, right, "·")._replace(array=True),
    }
)
