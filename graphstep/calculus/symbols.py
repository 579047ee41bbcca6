"""What a gate's function does to arrays, found by running it once on symbols in their place.

Straight-line code can then say `dh * (-h / v5)` where it would call a function that calls others.
A symbol knows its shape, so a function that asks for shapes takes the branch that it takes on
arrays. One that needs to know more fails on symbols, and stays a call.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from .shapes import Shape, broadcast, matmul

Part = Any  # a Symbol, or a plain number

# of arrays, beside their operators; "into" is a dot whose result goes into an array that is there
METHODS = {"dot": "{}.dot({})", "into": "{}.dot({}, {})", "T": "{}.T"}


@dataclass(frozen=True, eq=False)
class Symbol:
    """The result of `run` on some parts; an argument of the whole where there is no `run`.

    `run` is a function, or a method in METHODS.
    """

    run: Callable[..., Any] | str | None
    parts: tuple[Part, ...]
    known: Shape | None
    """The shape where it is known."""

    @property
    def shape(self) -> Shape:
        """The shape. Raises TypeError where it is not known."""
        if self.known is None:
            raise TypeError
        return self.known

    @property
    def ndim(self) -> int:
        """The number of axes. Raises TypeError where it is not known."""
        return len(self.shape)

    def __getattr__(self, name: str) -> Symbol:
        if name != "T":
            raise AttributeError
        return Symbol("T", (self,), self.shape[::-1])

    def dot(self, other: Symbol) -> Symbol:
        """The matrix product, of at most two axes each."""
        return Symbol("dot", (self, other), matmul(self.shape, other.shape))

    def into(self, argument: int) -> Symbol:
        """The same matrix product, written into one of the arguments, or into a new array."""
        return Symbol("into", (*self.parts, Symbol(None, (argument,), self.known)), self.known)

    def __array_ufunc__(self, ufunc: Any, method: str, *parts: Part, **options: Any) -> Symbol:
        """A NumPy function of elements, such as exp."""
        if method != "__call__" or options:
            raise TypeError
        return _applied(ufunc, *parts)

    def __array__(self, *_: object, **__: object) -> Any:
        raise TypeError  # else NumPy would wrap it as an object

    def __eq__(self, other: object) -> bool:
        raise TypeError  # else two symbols would count as different numbers

    def __bool__(self) -> bool:
        raise TypeError  # a branch that hangs on numbers

    __hash__ = object.__hash__


def _applied(run: Callable[..., Any], *parts: Part) -> Symbol:
    """A function of elements. Raises TypeError for parts that cannot be written down."""
    shapes: list[Shape | None] = []
    for part in parts:
        if not isinstance(part, Symbol) and (type(part) is not float or not isfinite(part)):
            raise TypeError
        shapes.append(part.known if isinstance(part, Symbol) else ())
    known = [shape for shape in shapes if shape is not None]
    return Symbol(run, parts, broadcast(*known) if len(known) == len(parts) else None)


def _give_operators() -> None:
    """Give symbols the operators of arrays."""
    for name in ("add", "sub", "mul", "truediv", "pow"):
        run = getattr(operator, name)
        setattr(Symbol, f"__{name}__", lambda x, y, run=run: _applied(run, x, y))
        setattr(Symbol, f"__r{name}__", lambda x, y, run=run: _applied(run, y, x))
    setattr(Symbol, "__neg__", lambda x: _applied(operator.neg, x))  # noqa: B010


_give_operators()


def opened(run: Callable[..., Any], given: Sequence[Shape | float]) -> Symbol | Callable[..., Any]:
    """What a function does to arrays of these shapes and to these numbers.

    The function itself where that hangs on more than shapes, or needs a result twice.

    >>> found = opened(lambda g, y: g * (2.0 / y), [(3,), (3,)])
    >>> found.run, found.parts[1].run
    (<built-in function mul>, <built-in function truediv>)
    """
    arguments = [
        Symbol(None, (k,), one) if isinstance(one, tuple) else one for k, one in enumerate(given)
    ]
    try:
        found = run(*arguments)
    except Exception:  # whatever it does to arrays; here it only has to stay a call
        return run
    if not isinstance(found, Symbol):
        return run
    made = [part for part in _inside(found) if part.run]
    return found if len(set(made)) == len(made) else run


def _inside(whole: Symbol) -> Iterator[Symbol]:
    """A symbol and all symbols that it is made of, as often as they are used."""
    yield whole
    for part in whole.parts if whole.run else ():
        if isinstance(part, Symbol):
            yield from _inside(part)
