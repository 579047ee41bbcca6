"""The formulas of gates' rows, such as "{y}*{x}**({y} - 1)": read here and nowhere else.

A text is read as a formula: operators, calls, and places for what a gate takes. How tightly its
parts hold together, and what an operator wants of them, decides where brackets stand. In words of
the language it is written here; as mathematics, over the same formula, by `explain/terms.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from ..base.signs import MINUS, typed
from ..base.signs import POWER as POWER_OF_TEN

LOOSE, SUM, TERM, SIGMA, PRODUCT, POWER, ATOM = range(7)
"""How tightly a part holds together. In mathematics: a + b, ∑ a, a b, a² or a fraction, a.

In a text, what a gate takes is one thing and has brackets to show it: LOOSE is one with a sign of
its own, such as a + b or -4, and TERM any other than an atom, which a sum takes as it is.
"""

SIDES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "+": (SUM, SUM),
        "-": (SUM, TERM),
        "*": (PRODUCT, SIGMA),
        "@": (PRODUCT, POWER),
        "·": (PRODUCT, SIGMA),
        "/": (PRODUCT, POWER),
        "**": (ATOM, ATOM),
        **dict.fromkeys(("<=", ">=", "<", ">", "==", "!="), (SUM, SUM)),
    }
)
"""How tightly what stands on the sides of an operator must hold together, or it has brackets."""
NEGATED = SIGMA
"""The same behind a minus alone."""
TURNED = ATOM + 1
"""The same of a text before ᵀ, where x.T is not tight enough."""

COMPARISONS = ("<=", ">=", "<", ">", "==", "!=", "=")
NAME = re.compile(r"[^\W\d]\w*")
PLACE = re.compile(r"\{(\w+)\}")
TOKEN = re.compile(
    r"\s*(\"[^\"]*\"|\{\w+\}|\d+(?:\.\d+)?(?:e[-+]?\d+)?|[^\W\d]\w*|\*\*|[<>=!]=|\.T|\.\.\.|[^\s\w])"
)
CLOSED = re.compile(r"(?:[^\W\d]\w*)?(?:\(\)|\[\]|\.T)*")
"""A text that needs no brackets, without what stands between its own."""


class Place(NamedTuple):
    """What a gate takes, by its name in the row."""

    name: str


class Bare(NamedTuple):
    """A number or a word as it is written."""

    text: str


COLON, COMMA = Bare(":"), Bare(", ")
"""What stands between the ends of a part of an array, and between its axes."""


class Call(NamedTuple):
    """A function of some formulas; without a name, several numbers in brackets."""

    name: str
    args: tuple[Formula, ...]


class Option(NamedTuple):
    """An option of a call with its name, as in axis=1."""

    name: Formula
    value: Formula


class Minus(NamedTuple):
    """A formula with a minus before it."""

    of: Formula


class Binary(NamedTuple):
    """An operator between two formulas."""

    sign: str
    left: Formula
    right: Formula


class Turned(NamedTuple):
    """A matrix with rows and columns exchanged, by one of two marks."""

    of: Formula
    mark: str


class Index(NamedTuple):
    """A part of an array: what stands between its square brackets, one after the other."""

    of: Formula
    inside: tuple[Formula, ...]


class Test(NamedTuple):
    """1 where a comparison holds, else 0: [x > 0]."""

    sign: str
    left: Formula
    right: Formula
    bracketed: bool = True  # else it would be equal to a `Binary`, as tuples are


Formula = Place | Bare | Call | Option | Minus | Binary | Turned | Index | Test


@lru_cache(maxsize=1024)
def read(text: str) -> Formula:
    """A text of a row as a formula.

    >>> read("-{x}/2")
    Minus(of=Binary(sign='/', left=Place(name='x'), right=Bare(text='2')))
    """
    return _Reader(TOKEN.findall(text)).comparison()


class _Reader:
    """Reads by descent: our own texts are short."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens[::-1]

    def next(self, *wanted: str) -> str:
        """The next token, if it is one of those that are wanted; else nothing."""
        return self.tokens.pop() if self.tokens and self.tokens[-1] in wanted else ""

    def comparison(self) -> Formula:
        left, sign = self.sum(), self.next(*COMPARISONS)
        return Binary(sign, left, self.sum()) if sign else left

    def sum(self) -> Formula:
        left: Formula = Minus(self.term()) if self.next("-") else self.term()
        while sign := self.next("+", "-"):
            left = Binary(sign, left, self.term())
        return left

    def term(self) -> Formula:
        left = self.factor()
        while sign := self.next("*", "/", "@", "·"):
            left = Binary(sign, left, self.factor())
        return left

    def factor(self) -> Formula:
        base = self.postfix()
        return Binary("**", base, self.postfix()) if self.next("**") else base

    def postfix(self) -> Formula:
        found = self.operand()
        while mark := self.next("ᵀ", ".T", "["):
            found = Index(found, tuple(self.index())) if mark == "[" else Turned(found, mark)
        return found

    def index(self) -> Iterator[Formula]:
        marks = {":": COLON, ",": COMMA}
        while not self.next("]"):
            mark = self.next(*marks)
            yield marks[mark] if mark else self.sum()

    def operand(self) -> Formula:
        token = self.tokens.pop()
        if token == "(":
            found = self.sum()
            listed = [found]
            while self.next(","):
                listed.append(self.sum())
            self.next(")")
            return found if len(listed) == 1 else Call("", tuple(listed))
        if token == "[":
            return self.test()
        if token[0] == "{":
            return Place(token[1:-1])
        return Call(token, tuple(self.args())) if self.next("(") else Bare(token)

    def test(self) -> Formula:
        left, sign, right = self.sum(), self.next(*COMPARISONS), self.sum()
        self.next("]")
        return Test(sign, left, right)

    def args(self) -> Iterator[Formula]:
        while not self.next(")"):
            found = self.sum()
            yield Option(found, self.sum()) if self.next("=") else found
            self.next(",")


# --- in the language itself


class Run(NamedTuple):
    """A piece of a written formula; what stands for a place, with its brackets, by its name."""

    text: str
    place: str = ""


BETWEEN = Run(", ")


class Held(NamedTuple):
    """A place of a written formula, and how tightly what stands there must hold together."""

    place: str
    wanted: int

    def run(self, text: str) -> Run:
        """A text for the place, in brackets where it needs them."""
        turned = self.wanted == TURNED and text.endswith(".T")
        fenced = turned or min(self.wanted, ATOM) > level_of(text)
        return Run(f"({text})" if fenced else text, self.place)


def to_text(formula: Formula, given: Mapping[str, str], between: str = BETWEEN.text) -> str:
    """A formula in the language, over texts for its places; `between` separates arguments.

    >>> to_text(read("{x}**{y}*log({x})"), {"x": "a + b", "y": "c"})
    '(a + b)**c*log(a + b)'
    """
    return "".join(between if run == BETWEEN else run.text for run in runs(formula, given))


def runs(formula: Formula, given: Mapping[str, str]) -> Iterator[Run]:
    """What `to_text` joins: pieces of the formula, and texts for its places."""
    for piece in pieces(formula):
        yield piece if isinstance(piece, Run) else piece.run(given[piece.place])


@lru_cache(maxsize=1024)
def pieces(formula: Formula) -> tuple[Run | Held, ...]:
    """A formula as it is written, whatever its places stand for.

    >>> pieces(read("-{x}/2"))
    (Run(text='-', place=''), Held(place='x', wanted=4), Run(text='/', place=''), \
Run(text='2', place=''))
    """
    return tuple(_pieces(formula, LOOSE))


def _pieces(formula: Formula, wanted: int) -> Iterator[Run | Held]:
    """A formula in brackets, where more is wanted of it than it holds."""
    if isinstance(formula, Place):
        yield Held(formula.name, wanted)
        return
    fenced = min(wanted, ATOM) > level(formula)
    yield from (Run("("),) * fenced
    for part in WRITTEN[type(formula)](formula):
        yield from (Run(part),) if isinstance(part, str) else _pieces(part[1], part[0])
    yield from (Run(")"),) * fenced


def level(formula: Formula) -> int:
    """How tightly a formula that is not a place holds together in the language."""
    match formula:
        case Minus() | Binary("+" | "-"):
            return SUM
        case Binary("**"):
            return POWER
        case Binary(sign) if sign in COMPARISONS:
            return LOOSE
    return PRODUCT if isinstance(formula, Binary) else ATOM


@lru_cache(maxsize=4096)
def level_of(text: str) -> int:
    """How tightly a piece of the language holds together, as one thing that a gate takes.

    >>> [level_of(text) for text in ("x + y", "-4", "x*y", "exp(x)", "(+1 gate)", "2.0e−12")]
    [0, 0, 2, 6, 6, 6]
    >>> level_of("2.0·10⁻¹²")
    2
    """
    if NAME.fullmatch(text):
        return ATOM
    if is_positive(text):
        return TERM if POWER_OF_TEN.search(text) else ATOM
    outside = "".join(_outside(text))
    if CLOSED.fullmatch(outside):
        return ATOM
    return LOOSE if any(sign in outside for sign in LOOSE_SIGNS) else TERM


def _outside(text: str) -> Iterator[str]:
    """The characters that stand in no brackets, and the outermost brackets."""
    depth = 0
    for char in text:
        depth -= char in ")]"
        if not depth:
            yield char
        depth += char in "(["


def is_positive(text: str) -> bool:
    """Whether a text is a number without a sign, but for that of its exponent."""
    try:
        return text[:1] not in ("-", MINUS) and float(typed(text.replace(",", "."))) >= 0
    except ValueError:
        return False


LOOSE_SIGNS = ("+", "-", MINUS, "<", ">", "=")

Part = str | tuple[int, Formula]
"""A piece of text, or a formula and how tightly it must hold together there."""


WHOLE = (",", " ")
"""What stands between whole numbers, which no decimal comma can be taken for: never a semicolon."""


def _listed(formulas: tuple[Formula, ...], name: str) -> Iterator[Part]:
    for k, formula in enumerate(formulas):
        yield from ((", ",) if name else WHOLE) * (k > 0)
        yield LOOSE, formula


def _binary(x: Binary) -> Iterator[Part]:
    left, right = SIDES[x.sign]
    yield left, x.left
    yield f" {x.sign} " if x.sign in APART else x.sign
    yield right, x.right


APART = ("+", "-", "@", "·", *COMPARISONS)
"""Operators with spaces around them."""

WRITTEN: Mapping[type, Callable[..., Iterator[Part]]] = MappingProxyType(
    {
        Bare: lambda x: iter(WHOLE if x == COMMA else (x.text,)),
        Call: lambda x: iter((f"{x.name}(", *_listed(x.args, x.name), ")")),
        Option: lambda x: iter(((LOOSE, x.name), "=", (LOOSE, x.value))),
        Minus: lambda x: iter(("-", (NEGATED, x.of))),
        Binary: _binary,
        Turned: lambda x: iter(((TURNED if x.mark == "ᵀ" else ATOM, x.of), x.mark)),
        Index: lambda x: iter(((ATOM, x.of), "[", *((LOOSE, part) for part in x.inside), "]")),
        Test: lambda x: iter(("[", (LOOSE, x.left), f" {x.sign} ", (LOOSE, x.right), "]")),
    }
)
"""How each kind of formula is written: its pieces, and what is wanted of the formulas in it."""
