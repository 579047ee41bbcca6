"""Traced values: they record operators, indexing and NumPy's functions as gates."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NoReturn, Protocol

from ..base.errors import TraceError
from ..calculus.functions import ELEMENTARY
from ..calculus.shapes import Shape
from ..gates import GATES
from ..gates.gate_row import GateRow
from .in_place import Changeable, ends, whole
from .memory import Recorder

UFUNCS: Mapping[str, str] = MappingProxyType(
    {
        ufunc: name
        for name, gate in GATES.items()
        if name in ELEMENTARY and not gate.own
        for ufunc in ELEMENTARY[name].ufuncs
    }
    | {"matmul": "matmul"}
)
"""The gate of each elementwise NumPy function that has one, and of `matmul`."""


class Journal(Recorder, Protocol):
    """The journal in which traced values record gates."""

    def run(self, gate: str, args: Sequence[object], options: tuple[Any, ...] = ()) -> Traced:
        """Record a gate over traced values, numbers and arrays."""


class Traced(Changeable):
    """A number or array that records what is done with it; only its shape is known."""

    __array_priority__ = 1000.0
    _journal: Journal

    def __add__(self, other: object) -> Traced:
        return self._journal.run("add", (self, other))

    def __radd__(self, other: object) -> Traced:
        return self._journal.run("add", (other, self))

    def __sub__(self, other: object) -> Traced:
        return self._journal.run("sub", (self, other))

    def __rsub__(self, other: object) -> Traced:
        return self._journal.run("sub", (other, self))

    def __mul__(self, other: object) -> Traced:
        return self._journal.run("mul", (self, other))

    def __rmul__(self, other: object) -> Traced:
        return self._journal.run("mul", (other, self))

    def __truediv__(self, other: object) -> Traced:
        return self._journal.run("div", (self, other))

    def __rtruediv__(self, other: object) -> Traced:
        return self._journal.run("div", (other, self))

    def __pow__(self, other: object) -> Traced:
        return self._journal.run("pow", (self, other))

    def __rpow__(self, other: object) -> Traced:
        return self._journal.run("pow", (other, self))

    def __matmul__(self, other: object) -> Traced:
        return self._journal.run("matmul", (self, other))

    def __rmatmul__(self, other: object) -> Traced:
        return self._journal.run("matmul", (other, self))

    def __neg__(self) -> Traced:
        return self._journal.run("neg", (self,))

    def __abs__(self) -> Traced:
        return self._journal.run("abs", (self,))

    # --- gates

    def __graphstep_gate__(
        self, gate: GateRow, inputs: Sequence[object], options: tuple[Any, ...]
    ) -> Traced:
        return self._journal.run(gate.name, inputs, options)

    # --- methods of arrays

    def _run(self, function: str, *args: Any, **named: Any) -> Traced:
        found: Traced = _called(function, f".{function}", (self, *args), named)
        return found

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)
        raise TraceError("trace_function", what=f".{name}", known=known_functions())

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of elements."""
        from math import prod

        return prod(self.shape)

    @property
    def T(self) -> Traced:  # noqa: N802 - NumPy's name
        """The transpose."""
        return self._run("transpose")

    def dot(self, other: object) -> Traced:
        """The product with a vector or matrix."""
        return self._run("dot", other)

    def sum(self, *args: Any, **named: Any) -> Traced:
        """The sum, of all or along an axis."""
        return self._run("sum", *args, **named)

    def mean(self, *args: Any, **named: Any) -> Traced:
        """The mean, of all or along an axis."""
        return self._run("mean", *args, **named)

    def max(self, *args: Any, **named: Any) -> Traced:
        """The largest element, of all or along an axis."""
        return self._run("amax", *args, **named)

    def min(self, *args: Any, **named: Any) -> Traced:
        """The least element, of all or along an axis."""
        return self._run("amin", *args, **named)

    def reshape(self, *shape: Any, **named: Any) -> Traced:
        """The same elements in another shape."""
        return self._run("reshape", shape[0] if len(shape) == 1 else shape, **named)

    def ravel(self, *args: Any) -> Traced:
        """All elements in one vector."""
        return self._run("ravel", *args)

    def flatten(self, *args: Any) -> Traced:
        """A copy of all elements in one vector."""
        return self.ravel(*args).copy()

    def transpose(self, *axes: Any) -> Traced:
        """The transpose."""
        return self._run("transpose", *axes)

    def __len__(self) -> int:
        return self.shape[0] if self.shape else self._leaves()

    def __iter__(self) -> Iterator[Traced]:
        if not self.shape:
            self._leaves()
        return (self[i] for i in range(self.shape[0]))

    def __getitem__(self, key: Any) -> Traced:
        if isinstance(key, tuple):
            return self._at(key)
        if isinstance(key, slice) and key.step in (None, 1):
            return self._journal.run("slice", (self,), ends(key))
        if self.ndim == 1 and (isinstance(key, Traced) or _are_labels(key)):
            return self._journal.run("pick", (self, key))
        return self._journal.run("index", (self,), (whole(key),))

    def _at(self, key: tuple[Any, ...]) -> Traced:
        """Index along several axes: whole numbers, or every row with its label."""
        if len(key) == 2 and _are_all(key[0], self.shape[:1]):
            return self._journal.run("pick", (self, key[1]))
        found = self
        for index in key:
            found = found[whole(index)]
        return found

    # --- NumPy

    def __array_ufunc__(self, ufunc: Any, method: str, *args: object, **options: object) -> Traced:
        gate, what = UFUNCS.get(ufunc.__name__), f"np.{ufunc.__name__}"
        out: Any = options.pop("out", None)
        if gate is None or method != "__call__" or options:
            raise TraceError("trace_function", what=what, known=known_functions())
        found = self._journal.run(gate, args)
        return found if out is None else _written(found, what, out[0])

    def __array_function__(
        self, function: Any, _: object, args: tuple[Any, ...], named: Mapping[str, Any]
    ) -> Any:
        return _called(function.__name__, f"np.{function.__name__}", args, named)

    def _leaves(self, *_: object, **__: object) -> NoReturn:
        """Raise TraceError: the value would leave the graph here."""
        raise TraceError("trace_leaves")

    __float__ = __int__ = __index__ = __bool__ = __lt__ = __le__ = __gt__ = __ge__ = _leaves
    __eq__ = __ne__ = __mod__ = __floordiv__ = __rfloordiv__ = __rmod__ = __array__ = _leaves
    __hash__ = object.__hash__


def _written(found: Traced, what: str, out: Any) -> Traced:
    """The result of a function, written into an array. Raises TraceError if it is not traced."""
    if not isinstance(out, Traced) or out.overwritten(found) is not out:
        raise TraceError("trace_out", what=what)
    return out


def _called(name: str, what: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
    """Call a function of the table. Raises TraceError if it, or this form of it, has no gate."""
    try:
        return ARRAY_FUNCTIONS[name](*args, **named)
    except (KeyError, TypeError, ValueError) as error:
        raise TraceError("trace_function", what=what, known=known_functions()) from error


def known_functions() -> str:
    """The names of all NumPy functions with a gate, for errors."""
    return ", ".join(dict.fromkeys((*UFUNCS, *ARRAY_FUNCTIONS)))


def _are_labels(key: Any) -> bool:
    """Whether an index is an array or list of whole numbers."""
    if isinstance(key, list):
        return bool(key) and all(type(i) is int for i in key)
    return bool(getattr(key, "shape", ())) and key.dtype.kind in ("i", "u")


def _are_all(key: Any, rows: Shape) -> bool:
    """Whether an index is every row in order, like np.arange."""
    if getattr(key, "shape", None) != rows:
        return False
    return bool((key == range(rows[0])).all())


def _journal(*values: object) -> Journal:
    """The journal of the first traced value."""
    return next(value._journal for value in values if isinstance(value, Traced))


def _unary(gate: str) -> Callable[..., Traced]:
    return lambda x: x._journal.run(gate, (x,))


def _binary(gate: str) -> Callable[..., Traced]:
    return lambda x, y: _journal(x, y).run(gate, (x, y))


def _reduction(gate: str) -> Callable[..., Traced]:
    def run(x: Traced, axis: int | None = None, keepdims: bool = False) -> Traced:
        along = None if axis is None else operator.index(axis)
        return x._journal.run(gate, (x,), (along, int(keepdims)))

    return run


def _dot(x: Any, y: Any) -> Traced:
    import numpy as np

    x, y = (v if isinstance(v, Traced) else np.asarray(v) for v in (x, y))
    if getattr(x, "shape", ()) == () or getattr(y, "shape", ()) == ():
        return _journal(x, y).run("mul", (x, y))
    if len(y.shape) > 2:  # there np.dot differs from @
        raise TraceError("trace_function", what="np.dot", known=known_functions())
    return _journal(x, y).run("matmul", (x, y))


def _reshape(x: Traced, shape: int | Sequence[int]) -> Traced:
    to = tuple(shape) if isinstance(shape, tuple | list) else (shape,)
    if not to:
        raise TypeError
    return x._journal.run("reshape", (x,), tuple(map(operator.index, to)))


def _flat(x: Traced) -> Traced:
    return x._journal.run("flatten", (x,), (0,))


def _concatenate(xs: Sequence[Any], axis: int = 0) -> Traced:
    if len(xs) == 1 and isinstance(xs[0], Traced):
        return xs[0].copy()
    return _journal(*xs).run("concat", tuple(xs), (axis,))


ARRAY_FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "sum": _reduction("sum"), "mean": _reduction("mean"), "amax": _reduction("amax"),
        "max": _reduction("amax"), "amin": _reduction("amin"), "min": _reduction("amin"),
        "dot": _dot, "outer": _binary("outer"), "transpose": _unary("transpose"),
        "reshape": _reshape, "ravel": _flat, "concatenate": _concatenate,
        "norm": _unary("norm"), "shape": lambda x: x.shape, "ndim": lambda x: x.ndim,
        "size": lambda x: x.size, "copy": lambda x, order="K": x.copy(order),
    }
)  # fmt: skip
"""NumPy's array functions that have a gate, and those of shapes, by name."""
