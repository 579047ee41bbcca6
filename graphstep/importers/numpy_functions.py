"""NumPy's functions and the methods of arrays that traced values record as gates, by name."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from ..calculus.functions import ELEMENTARY
from ..gates import GATES


class Call(NamedTuple):
    """A gate with its inputs, which may be calls themselves, and its options."""

    gate: str
    args: tuple[Any, ...]
    options: tuple[Any, ...] = ()


UFUNCS: Mapping[str, str] = MappingProxyType(
    {
        ufunc: name
        for name, gate in GATES.items()
        if name in ELEMENTARY and not ELEMENTARY[name].each and not gate.own
        for ufunc in ELEMENTARY[name].ufuncs
    }
    | {"matmul": "matmul"}
)
"""The gate of each elementwise NumPy function that has one, and of `matmul`."""


def name_of_function(function: Any) -> str:
    """What a user calls a function: np.linalg.norm, or the bare name of what is not NumPy's."""
    import numpy as np

    name = str(getattr(function, "__name__", function))
    if getattr(np, name, None) is function:
        return f"np.{name}"
    module = str(getattr(function, "__module__", ""))
    return f"np{module.removeprefix('numpy')}.{name}" if module.startswith("numpy") else name


def _unary(gate: str) -> Callable[..., Call]:
    return lambda x: Call(gate, (x,))


def _binary(gate: str) -> Callable[..., Call]:
    return lambda x, y: Call(gate, (x, y))


def _reduction(gate: str) -> Callable[..., Call]:
    def call(x: Any, axis: int | None = None, keepdims: bool = False) -> Call:
        along = None if axis is None else operator.index(axis)
        return Call(gate, (x,), (along, int(keepdims)))

    return call


def _dot(x: Any, y: Any) -> Call:
    import numpy as np

    shapes = np.shape(x), np.shape(y)
    if () in shapes:
        return Call("mul", (x, y))
    if len(shapes[1]) > 2:  # there np.dot differs from @
        raise TypeError
    return Call("matmul", (x, y))


def _reshape(x: Any, shape: int | Sequence[int]) -> Call:
    to = tuple(shape) if isinstance(shape, tuple | list) else (shape,)
    if not to:
        raise TypeError
    return Call("reshape", (x,), tuple(map(operator.index, to)))


def _reshape_method(x: Any, *shape: Any) -> Call:
    return _reshape(x, shape[0] if len(shape) == 1 else shape)


def _flat(x: Any) -> Call:
    return Call("flatten", (x,), (0,))


def _copy(x: Any, order: str = "K") -> Any:
    if order not in tuple("CFAK"):
        raise TypeError
    return x._copied(order)


def _concatenate(xs: Sequence[Any], axis: int = 0) -> Any:
    if len(xs) == 1:
        return xs[0]._copied()
    return Call("concat", tuple(xs), (operator.index(axis),))


def _stack(xs: Sequence[Any], axis: int = 0) -> Any:
    import numpy as np

    if axis != 0:
        raise TypeError
    rows = [Call("reshape", (x,), (1, *np.shape(x))) for x in xs]
    return Call("concat", tuple(rows), (0,)) if len(rows) > 1 else rows[0]


def _clip(x: Any, low: Any = None, high: Any = None, **named: Any) -> Call:
    lows, highs = (
        [end for end in (given, *(named.pop(name, None) for name in names)) if end is not None]
        for given, names in ((low, ("min", "a_min")), (high, ("max", "a_max")))
    )
    if named or len(lows) > 1 or len(highs) > 1 or not lows + highs:
        raise TypeError
    raised = Call("max", (x, *lows)) if lows else x
    return Call("min", (raised, *highs)) if highs else raised


def _reshaped(function: str) -> Callable[..., Any]:
    """A function that changes the shape only."""

    def call(x: Any, *args: Any, **named: Any) -> Any:
        import numpy as np

        shape = getattr(np, function)(np.broadcast_to(0.0, np.shape(x)), *args, **named).shape
        if shape == np.shape(x):
            return x[...] if shape else x
        return _reshape(x, shape) if shape else x[(0,) * len(np.shape(x))]

    return call


def _astype(x: Any, dtype: Any) -> Any:
    import numpy as np

    if not np.can_cast(x.dtype, dtype, "safe"):
        raise TypeError
    return x._copied("K", np.dtype(dtype))


FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "np.sum": _reduction("sum"), "np.mean": _reduction("mean"), "np.amax": _reduction("amax"),
        "np.max": _reduction("amax"), "np.amin": _reduction("amin"), "np.min": _reduction("amin"),
        "np.dot": _dot, "np.outer": _binary("outer"), "np.transpose": _unary("transpose"),
        "np.reshape": _reshape, "np.ravel": _flat, "np.concatenate": _concatenate,
        "np.stack": _stack, "np.clip": _clip, "np.copy": _copy, "np.linalg.norm": _unary("norm"),
        **{
            f"np.{name}": _reshaped(name)
            for name in ("squeeze", "expand_dims", "atleast_1d", "atleast_2d")
        },
    }
)  # fmt: skip
"""NumPy's array functions that become gates. A TypeError or ValueError: not in this form."""

METHODS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "sum": FUNCTIONS["np.sum"], "mean": FUNCTIONS["np.mean"], "max": FUNCTIONS["np.max"],
        "min": FUNCTIONS["np.min"], "dot": _dot, "transpose": FUNCTIONS["np.transpose"],
        "reshape": _reshape_method, "copy": lambda x, order="C": _copy(x, order),
        "conjugate": lambda x: x._copied(), "ravel": _flat, "clip": _clip,
        "squeeze": FUNCTIONS["np.squeeze"], "astype": _astype,
    }
)  # fmt: skip
"""The methods of arrays that become gates."""

FACTS: frozenset[str] = frozenset(
    {
        "np.shape", "np.ndim", "np.size", "np.result_type", "np.iscomplexobj", "np.isrealobj",
        "np.can_cast", "np.common_type", "np.array_repr", "np.array_str", "np.array2string",
        "np.zeros_like", "np.ones_like", "np.empty_like",
    }
)  # fmt: skip
"""Functions whose results do not change with the numbers, or are texts: the plain value is used."""

ATTRIBUTES: frozenset[str] = frozenset(
    {
        "dtype",
        "shape",
        "ndim",
        "size",
        "itemsize",
        "nbytes",
        "strides",
        "flags",
        "imag",
        "denominator",
        "device",
    }
)
"""Attributes of numbers and arrays that do not change with the numbers."""

FORMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "np.sum": ("np.sum(x)", "np.sum(x, axis=0)", "np.sum(x, axis=0, keepdims=True)"),
        "np.mean": ("np.mean(x)", "np.mean(x, axis=0)", "np.mean(x, axis=0, keepdims=True)"),
        "np.max": ("np.max(x)", "np.max(x, axis=0)", "np.max(x, axis=0, keepdims=True)"),
        "np.min": ("np.min(x)", "np.min(x, axis=0)", "np.min(x, axis=0, keepdims=True)"),
        "np.dot": ("x @ y",),
        "np.outer": ("np.outer(x, y)",),
        "np.transpose": ("x.T",),
        "np.reshape": ("x.reshape(-1)", "x.reshape(2, -1)"),
        "np.ravel": ("x.ravel()",),
        "np.concatenate": ("np.concatenate([x, y])", "np.concatenate([x, y], axis=0)"),
        "np.stack": ("np.stack([x, y])",),
        "np.copy": ("x.copy()",),
        "np.clip": ("np.clip(x, 0, 1)", "np.clip(x, 0, None)"),
        "np.squeeze": ("np.squeeze(x)", "x[0]"),
        "np.expand_dims": ("np.expand_dims(x, 0)", "x.reshape(1, -1)"),
        "np.atleast_1d": ("np.atleast_1d(x)",),
        "np.atleast_2d": ("np.atleast_2d(x)",),
        "np.astype": ("x.astype(float)",),
        "np.linalg.norm": ("np.linalg.norm(x)", "np.sqrt(np.sum(x**2, axis=0))"),
    }
)
"""The forms of a function that become gates, or what to write for others."""
