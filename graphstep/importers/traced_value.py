"""Traced values: they record operators, indexing and NumPy's functions as gates."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from math import ceil, floor, trunc
from types import MappingProxyType
from typing import Any, TypeGuard

from ..base.errors import TraceError
from ..gates.gate_row import GateRow
from .engine_numbers import ENGINE_METHODS
from .in_place import Changeable
from .indices import element
from .known import has_traced, unwrapped
from .numpy_functions import (
    ATTRIBUTES,
    FACTS,
    FUNCTIONS,
    METHODS,
    UFUNCS,
    Call,
    name_of_function,
)
from .operators import (
    COMPARISONS,
    OPERATORS,
    compared,
    inverted,
    leaving,
    of_masks,
    operated,
    reflected,
    refusing,
)
from .plain_values import array_of
from .refusals import (
    BESIDE,
    Refused,
    method,
    no_attribute,
    no_form,
    no_gate,
)
from .trial import Attempt

FLOATS = ("f2", "f4", "f8")
"""The types of arrays that stay as they are when 0.0 is added."""


class Traced(Changeable):
    """A number that records what is done with it, and passes for what stands in its place."""

    __array_priority__ = 1000.0

    @property  # type: ignore[misc]
    def __class__(self) -> Any:  # what isinstance asks
        return type(self._plain)

    def _operated(self, gate: str, *args: object) -> Any:
        args = unwrapped(args)
        if not has_traced(args):
            return self._journal.known(OPERATORS[gate], args)
        return self._journal.run(gate, args, plainly=OPERATORS[gate])

    def _starts_with(self, other: object) -> bool:
        """Whether a number is what sums begin with: Python's sum, and total = 0.0 in a loop."""
        if type(other) not in (int, float) or other != 0:
            return False
        plain = self._plain
        is_float = isinstance(plain, float) or getattr(plain, "dtype", None) in FLOATS
        return type(other) is int or is_float

    def _repeats(self, other: object) -> TypeGuard[str | bytes | list[Any] | tuple[Any, ...]]:
        """Whether a product with this number would be a text or list that many times over."""
        return isinstance(other, str | bytes | list | tuple) and isinstance(self._plain, int)

    __add__, __sub__, __rsub__ = operated("add"), operated("sub"), reflected("sub")
    __truediv__, __rtruediv__ = operated("div"), reflected("div")
    __matmul__, __rmatmul__ = operated("matmul"), reflected("matmul")
    __neg__, __abs__, __rpow__ = operated("neg"), operated("abs"), reflected("pow")
    __lt__, __le__ = compared("less"), compared("less_equal")
    __gt__, __ge__ = compared("greater"), compared("greater_equal")
    __eq__, __ne__ = compared("equal"), compared("not_equal")

    def __radd__(self, other: object) -> Any:
        return +self if self._starts_with(other) else self._operated("add", other, self)

    def __mul__(self, other: object) -> Any:
        if self._repeats(other):
            return other * self.__index__()
        return self._operated("mul", self, other)

    def __rmul__(self, other: object) -> Any:
        if self._repeats(other):
            return other * self.__index__()
        return self._operated("mul", other, self)

    def __pow__(self, other: object, modulo: object = None) -> Any:
        if modulo is not None:
            raise no_gate("pow(x, y, z)")
        return self._operated("pow", self, other)

    # --- gates

    def __graphstep_gate__(
        self, gate: GateRow, inputs: Sequence[object], options: tuple[Any, ...]
    ) -> Any:
        return self._journal.run(gate.name, inputs, options)

    # --- attributes and methods

    def __getattr__(self, name: str) -> Any:
        if name in ENGINE and not self._shape:
            self._journal.has_engine_numbers = True
            return ENGINE[name](self)
        if name.startswith("_") or not hasattr(self._plain, name):  # NumPy 2 leaves stubs in types
            kind = object if name.startswith("_") else type(self._plain)
            raise no_attribute(kind, name)
        if name in ATTRIBUTES:
            return getattr(self._plain, name)
        if name in METHODS:
            return partial(self._method, name)
        if name in VALUES:
            return VALUES[name](self)
        if name in BESIDE:
            return lambda *args, **named: beside(
                self, f"x.{name}", method(name), (self, *args), named
            )
        return self._known_attribute(name) if self._is_known else Refused(name, self._plain)

    def _known_attribute(self, name: str) -> Any:
        """An attribute or method of an array that does not depend on any input."""
        if not callable(getattr(self._plain, name)):
            return self._journal.known(getattr, (self, name))
        return lambda *args, **named: self._method_of_array(name, args, named)

    def _method_of_array(self, name: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
        args, named = unwrapped(args), unwrapped(named)
        if has_traced(args) or has_traced(named):
            raise no_gate(f"x.{name}", attempted(method(name), (self, *args), named))
        return self._journal.known(method(name), (self, *args), named)

    def _method(self, name: str, *args: Any, **named: Any) -> Any:
        if self._is_known and not has_traced(args) and not has_traced(named):
            return self._journal.known(method(name), (self, *args), named)
        return self._called(METHODS[name], f"np.{name}", method(name), (self, *args), named)

    def __setattr__(self, name: str, value: object) -> None:
        if not name.startswith("_"):
            raise no_gate(f"x.{name} = y")
        object.__setattr__(self, name, value)

    def __dir__(self) -> list[str]:
        return dir(self._plain)

    # --- NumPy

    def __array_ufunc__(self, ufunc: Any, method: str, *args: object, **options: Any) -> Any:
        what, out = name_of_function(ufunc), options.pop("out", None)
        called = what if method == "__call__" else f"{what}.{method}"
        args, options = unwrapped(args), unwrapped(options)
        if not has_traced(args) and not has_traced(options):
            found = self._journal.known(getattr(ufunc, method), args, options)
            return found if out is None else _written(found, what, out[0])
        gate = UFUNCS.get(what.removeprefix("np.")) if what.startswith("np.") else None
        if method == "__call__" and gate is None and what in FUNCTIONS and not options:
            found = self._called(FUNCTIONS[what], what, ufunc, args, {})
            return found if out is None else _written(found, what, out[0])
        if method != "__call__" or gate is None:
            return beside(self, called, getattr(ufunc, method), args, options)
        if options:
            raise no_form(what, args, options)
        found = self._journal.run(gate, args, plainly=ufunc)
        return found if out is None else _written(found, what, out[0])

    def __array_function__(
        self, function: Any, _: object, args: tuple[Any, ...], named: Mapping[str, Any]
    ) -> Any:
        what = name_of_function(function)
        if what in FACTS:
            return self._journal.known(function, plain_of(args), plain_of(named))
        if not has_traced(args) and not has_traced(named):
            return self._journal.known(function, args, named)
        if what not in FUNCTIONS:
            return beside(self, what, function, args, named)
        return self._called(FUNCTIONS[what], what, function, args, named)

    def _called(
        self, form: Callable[..., Any], what: str, plainly: Callable[..., Any],
        args: tuple[Any, ...], named: Mapping[str, Any],
    ) -> Any:  # fmt: skip
        """Record a function of a table. Raises TraceError where this form of it has no gate."""
        try:
            call = form(*args, **named)
        except (TypeError, ValueError) as error:
            raise no_form(what, args, named) from error
        if not isinstance(call, Call):
            return call
        plains, plain_named = plain_of(args), plain_of(named)
        return self._journal.called(call, lambda *_: plainly(*plains, **plain_named), args)

    # --- what would leave the graph

    def __bool__(self) -> bool:
        if self._is_known:
            return bool(self._plain)
        gate = self._journal.builder.nodes[self._index].gate
        raise self._whole(COMPARISONS.get(gate.name if gate else "", "bool(x)"), "trace_choice")

    __float__, __complex__ = leaving("float(x)", float), leaving("complex(x)", complex)
    __reduce_ex__ = leaving("pickle", lambda plain: plain.__reduce_ex__(2))

    def _whole(self, what: str, key: str = "trace_leaves") -> BaseException:
        """Ask for the plain whole number; it is an error for others."""
        found: BaseException = self._journal.whole(self, key, what)
        return found

    def __int__(self) -> int:
        if self._is_known:
            return int(self._plain)
        return self._ordinary(self._whole("int(x)"), int)  # type: ignore[no-any-return]

    def _ordinary(self, error: BaseException, function: Callable[[Any], Any]) -> Any:
        """What a function makes of the plain value, unless the whole number is asked for."""
        if not isinstance(error, TraceError):
            raise error
        return self._journal.asides.left(error, function, (self._plain,))

    def __hash__(self) -> int:
        raise self._whole("hash(x)")

    def __index__(self) -> int:
        if self._is_known:
            return operator.index(self._plain)
        raise self._whole("operator.index(x)")

    def __array__(self, *args: Any, **named: Any) -> Any:
        if self._is_known:
            return self._plain.__array__(*args, **named)
        error = self._whole("np.array(x)", "trace_array")
        if not self._shape:
            raise error
        return self._ordinary(error, lambda plain: array_of(plain, *args, **named))

    __mod__, __rmod__ = refusing("x % y", operator.mod)
    __floordiv__, __rfloordiv__ = refusing("x // y", operator.floordiv)
    __divmod__, __rdivmod__ = refusing("divmod(x, y)", divmod)
    __and__, __rand__ = of_masks("mul", "x & y", operator.and_)
    __or__, __ror__ = of_masks("max", "x | y", operator.or_)
    __xor__, __rxor__ = of_masks("not_equal", "x ^ y", operator.xor)
    __lshift__, __rlshift__ = refusing("x << y", operator.lshift)
    __rshift__, __rrshift__ = refusing("x >> y", operator.rshift)
    __invert__ = inverted
    (__round__, _), (__trunc__, _) = refusing("round(x)", round), refusing("math.trunc(x)", trunc)
    __floor__, _ = refusing("math.floor(x)", floor)
    __ceil__, _ = refusing("math.ceil(x)", ceil)

    # --- texts, which are those of the plain number

    def __format__(self, form: str) -> str:
        return format(self._plain, form)

    def __repr__(self) -> str:
        return repr(self._plain)

    def __str__(self) -> str:
        return str(self._plain)


class TracedArray(Traced):
    """An array that records what is done with it."""

    __hash__ = None  # type: ignore[assignment]

    def __contains__(self, value: object) -> bool:
        if self._is_known and not has_traced(value):
            return unwrapped(value) in self._plain
        raise TraceError("trace_choice", what="x in y")

    def __len__(self) -> int:
        return len(self._plain)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, key: Any) -> Any:
        return element(self, key)


def _itself(x: Any, *_: object, **__: object) -> Any:
    return x


def _matrix_transpose(x: Any) -> Any:
    return x.swapaxes(-1, -2)


VALUES: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "T": lambda x: x.transpose() if x._shape else x,
        "mT": _matrix_transpose,
        "real": _itself,
        "numerator": _itself,
    }
)
"""The attributes that are made of other gates, or of none."""


def _engine_method(gate: str) -> Callable[[Any], Callable[[], Any]]:
    return lambda x: lambda: x._journal.run(gate, (x,))


ENGINE: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {name: _engine_method(name) for name in ENGINE_METHODS}
    | {"backward": lambda _: lambda: None, "data": float}
)
"""What the numbers of small engines have; the backward pass is the graph's."""


def plain_of(value: Any) -> Any:
    """What stands in the place of a traced value, also inside of lists, without the trace."""
    if _is_traced(value):
        return value._plain
    if type(value) in (list, tuple):
        return type(value)(map(plain_of, value))
    return {key: plain_of(v) for key, v in value.items()} if type(value) is dict else value


def attempted(
    function: Callable[..., Any], args: Sequence[Any], named: Mapping[str, Any]
) -> Attempt:
    """A call with the plain values in the places of the traced ones."""
    return Attempt(function, tuple(map(plain_of, args)), plain_of(dict(named)))


def beside(
    x: Any, what: str, function: Callable[..., Any], args: tuple[Any, ...],
    named: Mapping[str, Any],
) -> Any:  # fmt: skip
    """The result of a function without a gate, if it compares or chooses; an error for others."""
    attempt = attempted(function, args, named)
    error = no_gate(what, attempt)
    first = [*map(has_traced, args), False].index(False)  # these are traced, the others settings
    if error.key != "trace_choice" or has_traced(args[first:]) or has_traced(named):
        raise error
    values, others = attempt.args[:first], attempt.args[first:]
    found = x._journal.asides.left(error, function, values, others, attempt.named)
    return x._journal.wrapped(found)


def _is_traced(value: object) -> bool:
    return isinstance(value, Traced)


def _written(found: Traced, what: str, out: Any) -> Traced:
    """The result of a function, written into an array. Raises TraceError if it is not traced."""
    if not _is_traced(out) or out._overwritten(found) is not out:
        raise TraceError("trace_out", what=what)
    return out  # type: ignore[no-any-return]
