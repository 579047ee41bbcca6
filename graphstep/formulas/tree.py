"""A formula as a small tree of parts, and its emitters: MathML, LaTeX, Typst, plain Unicode.

The parts are those of presentation MathML. Trees are made from graphs (`derive`) or read from
MathML; each emitter is one function over the kinds of part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.notebook import shown

if TYPE_CHECKING:
    from ..base.notebook import Bundle


class Name(NamedTuple):
    """A variable or function by its source name: "x", "w0" (w with index 0), "alpha", "max"."""

    text: str


class Number(NamedTuple):
    """A number as it is printed."""

    text: str


class Sign(NamedTuple):
    """An operator, relation or other sign: "+", "·", "=", "∂"."""

    text: str


class Words(NamedTuple):
    """Upright text in a formula."""

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
    """A root; a square root if there is no degree."""

    inner: Tree
    degree: Tree | None = None


class Fenced(NamedTuple):
    """A part between brackets or bars that grow with it."""

    inner: Tree
    left: str = "("
    right: str = ")"


class Matrix(NamedTuple):
    """Rows of parts in columns, without brackets.

    `sides` has the alignment of each column, "l", "r" or "c"; it is empty if all are centred.
    "rl" are the halves of equations.
    """

    rows: tuple[tuple[Tree, ...], ...]
    sides: str = ""


class Marked(NamedTuple):
    """A part in a colour, with an optional name below.

    `kind` is that of a number on a wire, "value", "upstream", "local" or "downstream", or the name
    of a colour in `look.style.HUES`.
    """

    inner: Tree
    kind: str
    label: str = ""


class Boxed(NamedTuple):
    """A part in a frame."""

    inner: Tree


Tree = (
    Name
    | Number
    | Sign
    | Words
    | Row
    | Frac
    | Scripts
    | Limits
    | Root
    | Fenced
    | Matrix
    | Marked
    | Boxed
)


class Equation(NamedTuple):
    """A chain of equal trees: the quantity, then each step of its computation.

    Emitters put "=" between them; lines break before an "=". A notebook shows it as a formula.
    """

    sides: tuple[Tree, ...]

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        return shown(self)

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        printer.text(shown(self)["text/plain"])


def unmarked(x: Any) -> Any:
    """A tree or an equation without its marks."""
    if isinstance(x, Marked):
        return unmarked(x.inner)
    if not isinstance(x, tuple):
        return x
    parts = map(unmarked, x)
    return type(x)(*parts) if hasattr(x, "_fields") else tuple(parts)
