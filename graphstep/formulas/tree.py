"""A formula as a small tree of parts, and its emitters: MathML, LaTeX, Typst, plain Unicode.

The parts are those of presentation MathML. Trees are made from graphs (`derive`) or read from
MathML; each emitter is one function over the kinds of part.
"""

from __future__ import annotations

from typing import NamedTuple


class Name(NamedTuple):
    """A variable or function as it is written: "x", "w0" (a w with index 0), "alpha" (α), "max"."""

    text: str


class Number(NamedTuple):
    """A number as it is printed."""

    text: str


class Sign(NamedTuple):
    """An operator, relation or other sign: "+", "·", "=", "∂"."""

    text: str


class Words(NamedTuple):
    """Upright text inside a formula."""

    text: str


class Row(NamedTuple):
    """Parts side by side."""

    parts: tuple[Tree, ...]


class Frac(NamedTuple):
    """A fraction."""

    top: Tree
    bottom: Tree


class Scripts(NamedTuple):
    """A base with a subscript, a superscript, or both."""

    base: Tree
    sub: Tree | None = None
    sup: Tree | None = None


class Limits(NamedTuple):
    """A base with something under it, over it, or both: the bounds of a sum."""

    base: Tree
    under: Tree | None = None
    over: Tree | None = None


class Root(NamedTuple):
    """A root; the square root where there is no degree."""

    inner: Tree
    degree: Tree | None = None


class Fenced(NamedTuple):
    """A part between brackets or bars that grow with it."""

    inner: Tree
    left: str = "("
    right: str = ")"


class Matrix(NamedTuple):
    """Rows of parts in columns, without brackets.

    `sides` has a letter for each column, where they are not all in the middle: "l" or "r" for the
    side at which its parts stand, or "c". A column "r" before one "l" are the halves of formulas.
    """

    rows: tuple[tuple[Tree, ...], ...]
    sides: str = ""


class Marked(NamedTuple):
    """A part in the colour of what it is on the wire, and, if there is one, its name below.

    `kind` is "value", "upstream", "local" or "downstream".
    """

    inner: Tree
    kind: str
    label: str = ""


Tree = (
    Name | Number | Sign | Words | Row | Frac | Scripts | Limits | Root | Fenced | Matrix | Marked
)


class Equation(NamedTuple):
    """Trees that are equal, from left to right: what is asked for, then what it is, ever further.

    Emitters put "=" between them, and where they break lines, before each "=".
    """

    sides: tuple[Tree, ...]
