"""The operators of Python as methods of traced values."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from ..base.errors import TraceError
from .known import has_traced, is_mask, unwrapped
from .parameters import WholeNumbers
from .refusals import no_gate
from .trial import Attempt

OPERATORS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv,
        "pow": operator.pow, "matmul": operator.matmul, "neg": operator.neg, "abs": abs,
        "less": operator.lt, "less_equal": operator.le, "greater": operator.gt,
        "greater_equal": operator.ge, "equal": operator.eq, "not_equal": operator.ne,
    }
)  # fmt: skip
"""What Python runs for the gates that are operators."""

COMPARISONS: Mapping[str, str] = MappingProxyType(
    {
        "less": "x < y", "less_equal": "x <= y", "greater": "x > y", "greater_equal": "x >= y",
        "equal": "x == y", "not_equal": "x != y",
    }
)  # fmt: skip
"""The gates of masks, as Python writes them."""


def operated(gate: str) -> Callable[..., Any]:
    """The method of an operator with one or two operands."""
    return lambda self, *other: self._operated(gate, self, *other)


def reflected(gate: str) -> Callable[..., Any]:
    """The method of an operator whose second operand is the traced one."""
    return lambda self, other: self._operated(gate, other, self)


def compared(gate: str) -> Callable[..., Any]:
    """The method of a comparison, whose result is a mask; with None and texts, Python's own."""

    def compare(self: Any, other: object) -> Any:
        if other is None or isinstance(other, str):
            return OPERATORS[gate](self._plain, other)
        return self._operated(gate, self, other)

    return compare


def leaving(what: str, function: Callable[[Any], Any]) -> Callable[..., Any]:
    """A method that makes something ordinary of a value, which may only be used beside a result."""

    def leave(self: Any, *_: object, **__: object) -> Any:
        if self._is_known:
            return function(self._plain)
        error = TraceError("trace_leaves", what=what)
        return self._journal.asides.left(error, function, (self._plain,))

    return leave


def refusing(
    what: str, function: Callable[..., Any]
) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The two methods of an operator without a gate, for either operand."""

    def refuse(self: Any, *others: Any) -> Any:
        return _without_gate(what, function, (self, *others))

    def reflect(self: Any, other: Any) -> Any:
        return _without_gate(what, function, (other, self))

    return refuse, reflect


def of_masks(
    gate: str, what: str, function: Callable[..., Any]
) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The two methods of an operator which has a gate for masks alone."""

    def run(self: Any, args: tuple[Any, ...]) -> Any:
        given = unwrapped(args)
        if has_traced(given) and all(map(is_mask, given)):
            return self._journal.run(gate, given, plainly=function)
        return _without_gate(what, function, args)

    return lambda self, other: run(self, (self, other)), lambda self, other: run(
        self, (other, self)
    )


def inverted(mask: Any) -> Any:
    """~x of a mask: 1 where it is 0. Raises TraceError for numbers."""
    if is_mask(mask) and not mask._is_known and hasattr(mask._plain, "dtype"):
        return mask._journal.run("sub", (1.0, mask), plainly=lambda _, x: ~x)
    return _without_gate("~x", operator.invert, (mask,))


def _without_gate(what: str, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    given = unwrapped(args)
    for arg in given:
        if has_traced(arg):
            asked = arg._whole(what)
            if isinstance(asked, WholeNumbers):
                raise asked
            plains = [getattr(value, "_plain", value) for value in given]
            function(*plains)  # Python may say why not
            error = no_gate(what, Attempt(function, plains))
            if what == "round(x)":
                return arg._journal.asides.left(error, function, plains[:1], plains[1:])
            raise error
    journal = next(arg._journal for arg in args if hasattr(arg, "_is_known"))
    return journal.known(function, given)
