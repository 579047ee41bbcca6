"""Traced values: they record operators, indexing and NumPy's functions as gates."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, TypeGuard

from ..base.errors import TraceError
from ..calculus.shapes import Shape
from ..gates.gate_row import GateRow
from .in_place import Changeable
from .indices import Step, ends, steps_to
from .numpy_functions import (
    ATTRIBUTES,
    FACTS,
    FUNCTIONS,
    METHODS,
    UFUNCS,
    Call,
    name_of_function,
)
from .refusals import (
    NoAttributeError,
    Refused,
    choosing,
    leaving,
    method,
    no_form,
    no_gate,
    no_index,
    refusing,
)
from .trial import Attempt

OPERATORS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv,
        "pow": operator.pow, "matmul": operator.matmul, "neg": operator.neg, "abs": abs,
        "index": operator.getitem,
    }
)  # fmt: skip
"""What Python runs for the gates that are operators."""


FLOATS = ("f2", "f4", "f8")
"""The types of arrays that stay as they are when 0.0 is added."""


class Traced(Changeable):
    """A number that records what is done with it, and passes for what stands in its place."""

    __array_priority__ = 1000.0

    @property  # type: ignore[misc]
    def __class__(self) -> Any:  # what isinstance asks
        return type(self._plain)

    def _operated(self, gate: str, *args: object) -> Any:
        return self._journal.run(gate, args, plainly=OPERATORS[gate])

    def __add__(self, other: object) -> Any:
        return self._operated("add", self, other)

    def __radd__(self, other: object) -> Any:
        if self._starts_with(other):
            return +self
        return self._operated("add", other, self)

    def _starts_with(self, other: object) -> bool:
        """Whether a number is what sums begin with: Python's sum, and total = 0.0 in a loop."""
        if type(other) not in (int, float) or other != 0:
            return False
        plain = self._plain
        is_float = isinstance(plain, float) or getattr(plain, "dtype", None) in FLOATS
        return type(other) is int or is_float

    def __sub__(self, other: object) -> Any:
        return self._operated("sub", self, other)

    def __rsub__(self, other: object) -> Any:
        return self._operated("sub", other, self)

    def _repeats(self, other: object) -> TypeGuard[str | bytes | list[Any] | tuple[Any, ...]]:
        """Whether a product with this number would be a text or list that many times over."""
        return isinstance(other, str | bytes | list | tuple) and isinstance(self._plain, int)

    def __mul__(self, other: object) -> Any:
        if self._repeats(other):
            return other * self.__index__()
        return self._operated("mul", self, other)

    def __rmul__(self, other: object) -> Any:
        if self._repeats(other):
            return other * self.__index__()
        return self._operated("mul", other, self)

    def __truediv__(self, other: object) -> Any:
        return self._operated("div", self, other)

    def __rtruediv__(self, other: object) -> Any:
        return self._operated("div", other, self)

    def __pow__(self, other: object, modulo: object = None) -> Any:
        if modulo is not None:
            raise no_gate("pow(x, y, z)")
        return self._operated("pow", self, other)

    def __rpow__(self, other: object) -> Any:
        return self._operated("pow", other, self)

    def __matmul__(self, other: object) -> Any:
        return self._operated("matmul", self, other)

    def __rmatmul__(self, other: object) -> Any:
        return self._operated("matmul", other, self)

    def __neg__(self) -> Any:
        return self._operated("neg", self)

    def __abs__(self) -> Any:
        return self._operated("abs", self)

    # --- gates

    def __graphstep_gate__(
        self, gate: GateRow, inputs: Sequence[object], options: tuple[Any, ...]
    ) -> Any:
        return self._journal.run(gate.name, inputs, options)

    # --- attributes and methods

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not hasattr(self._plain, name):  # NumPy 2 leaves stubs in types
            kind = object if name.startswith("_") else type(self._plain)
            raise NoAttributeError("trace_attribute", kind=kind.__name__, name=name)
        if name in ATTRIBUTES:
            return getattr(self._plain, name)
        if name in METHODS:
            return partial(self._method, name)
        return VALUES[name](self) if name in VALUES else Refused(name, self._plain)

    def _method(self, name: str, *args: Any, **named: Any) -> Any:
        return self._called(METHODS[name], f"np.{name}", method(name), (self, *args), named)

    def __setattr__(self, name: str, value: object) -> None:
        if not name.startswith("_"):
            raise no_gate(f"x.{name} = y")
        object.__setattr__(self, name, value)

    def __dir__(self) -> list[str]:
        return dir(self._plain)

    # --- NumPy

    def __array_ufunc__(self, ufunc: Any, method: str, *args: object, **options: object) -> Any:
        what = name_of_function(ufunc)
        out: Any = options.pop("out", None)
        gate = UFUNCS.get(what.removeprefix("np.")) if what.startswith("np.") else None
        if method != "__call__" or gate is None:
            called = what if method == "__call__" else f"{what}.{method}"
            raise no_gate(called, attempted(getattr(ufunc, method), args, options))
        if options:
            raise no_form(what, args, options)
        found = self._journal.run(gate, args, plainly=ufunc)
        return found if out is None else _written(found, what, out[0])

    def __array_function__(
        self, function: Any, _: object, args: tuple[Any, ...], named: Mapping[str, Any]
    ) -> Any:
        what = name_of_function(function)
        if what in FACTS:
            return function(*map(plain_of, args), **named)
        if what not in FUNCTIONS:
            raise no_gate(what, attempted(function, args, named))
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
        return self._journal.called(call, lambda *_: plainly(*map(plain_of, args), **named))

    # --- what would leave the graph

    def __eq__(self, other: object) -> Any:
        if other is None or isinstance(other, str):
            return self._plain == other
        raise TraceError("trace_choice", what="x == y")

    def __ne__(self, other: object) -> Any:
        if other is None or isinstance(other, str):
            return self._plain != other
        raise TraceError("trace_choice", what="x != y")

    __lt__, __le__ = choosing("x < y"), choosing("x <= y")
    __gt__, __ge__ = choosing("x > y"), choosing("x >= y")
    __bool__ = choosing("bool(x)")
    __float__, __complex__ = leaving("float(x)"), leaving("complex(x)")
    __reduce_ex__ = leaving("pickle")

    def _whole(self, what: str, key: str = "trace_leaves") -> BaseException:
        """Ask for the plain whole number; it is an error for others."""
        found: BaseException = self._journal.whole(self._index, key, what)
        return found

    def __int__(self) -> int:
        raise self._whole("int(x)")

    def __hash__(self) -> int:
        raise self._whole("hash(x)")

    def __index__(self) -> int:
        raise self._whole("operator.index(x)")

    def __array__(self, *_: object, **__: object) -> Any:
        raise self._whole("np.array(x)", "trace_array")

    __mod__ = __rmod__ = refusing("x % y")
    __floordiv__ = __rfloordiv__ = refusing("x // y")
    __divmod__ = __rdivmod__ = refusing("divmod(x, y)")
    __and__ = __rand__ = refusing("x & y")
    __or__ = __ror__ = refusing("x | y")
    __xor__ = __rxor__ = refusing("x ^ y")
    __lshift__ = __rlshift__ = refusing("x << y")
    __rshift__ = __rrshift__ = refusing("x >> y")
    __invert__ = refusing("~x")
    __round__ = refusing("round(x)")
    __floor__, __ceil__ = refusing("math.floor(x)"), refusing("math.ceil(x)")
    __trunc__ = refusing("math.trunc(x)")

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
    __contains__ = choosing("x in y")

    def __len__(self) -> int:
        return len(self._plain)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice) and key.step in (None, 1):
            return self._journal.run("slice", (self,), ends(key))
        if len(self._shape) == 1 and (_is_traced(key) or _are_labels(key)):
            return self._journal.run("pick", (self, key), plainly=operator.getitem)
        if isinstance(key, tuple) and len(key) == 2 and _are_all(key[0], self._shape[:1]):
            return self._journal.run("pick", (self, key[1]), (), lambda x, y: x[key[0], y])
        try:
            steps = steps_to(key, self._shape)
        except TraceError as error:
            raise no_index(self._plain, key) from error
        return self._along(steps)

    def _along(self, steps: Sequence[Step]) -> Any:
        """What the gates of these steps make of the array."""
        found = type(self)(self._journal, self._index, self._shape, self._view)
        for gate, options, _ in steps:
            plainly = partial(_element, *options) if gate == "index" else None
            found = self._journal.run(gate, (found,), options, plainly)
        return found


def _element(i: int, x: Any) -> Any:
    return x[i]


def _itself(x: Any, *_: object, **__: object) -> Any:
    return x


def _matrix_transpose(x: Any) -> Any:
    if x._plain.mT.ndim > 2:
        raise no_gate("np.matrix_transpose")
    return VALUES["T"](x)


def _flattened(x: Any, *args: Any) -> Any:
    return x.ravel(*args).copy()


VALUES: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "T": lambda x: x.transpose() if x._shape else x,
        "mT": _matrix_transpose,
        "real": _itself,
        "numerator": _itself,
        "flatten": lambda x: partial(_flattened, x),
    }
)
"""The attributes that are made of other gates, or of none."""


def plain_of(value: Any) -> Any:
    """What stands in the place of a traced value, also inside of lists, without the trace."""
    if _is_traced(value):
        return value._plain
    if isinstance(value, list | tuple):
        return type(value)(map(plain_of, value))
    return value


def attempted(
    function: Callable[..., Any], args: Sequence[Any], named: Mapping[str, Any]
) -> Attempt:
    """A call with the plain values in the places of the traced ones."""
    return Attempt(
        function, tuple(map(plain_of, args)), {key: plain_of(v) for key, v in named.items()}
    )


def _is_traced(value: object) -> bool:
    return isinstance(value, Traced)


def _written(found: Traced, what: str, out: Any) -> Traced:
    """The result of a function, written into an array. Raises TraceError if it is not traced."""
    if not _is_traced(out) or out._overwritten(found) is not out:
        raise TraceError("trace_out", what=what)
    return out  # type: ignore[no-any-return]


def _are_labels(key: Any) -> bool:
    """Whether an index is an array or list of whole numbers."""
    if isinstance(key, list):
        return bool(key) and all(type(i) is int for i in key)
    return bool(getattr(key, "shape", ())) and key.dtype.kind in ("i", "u")


def _are_all(key: Any, rows: Shape) -> bool:
    """Whether an index is every row in order, like np.arange."""
    if _is_traced(key) or getattr(key, "shape", None) != rows:
        return False
    return bool((key == range(rows[0])).all())
