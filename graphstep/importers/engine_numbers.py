"""The methods of numbers in small engines, such as x.relu(), for a function that is traced."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..gates import GATES

ENGINE_METHODS = ("relu", "exp", "log", "tanh", "sigmoid", "sqrt", "sin", "cos")
"""The gates that are methods of the numbers of small engines; floats lack them."""


def _operator(name: str) -> Callable[..., Any]:
    def run(self: float, *others: Any) -> Any:
        found = getattr(float, name)(self, *others)
        return EngineNumber(found) if isinstance(found, float) else found

    return run


class EngineNumber(float):
    """A plain number with these methods: what such a function runs on without a trace."""

    __add__, __radd__, __sub__ = map(_operator, ("__add__", "__radd__", "__sub__"))
    __rsub__, __mul__, __rmul__ = map(_operator, ("__rsub__", "__mul__", "__rmul__"))
    __truediv__, __rtruediv__ = _operator("__truediv__"), _operator("__rtruediv__")
    __pow__, __rpow__ = _operator("__pow__"), _operator("__rpow__")
    __neg__, __abs__ = _operator("__neg__"), _operator("__abs__")

    def __array_ufunc__(self, ufunc: Any, method: str, *args: Any, **named: Any) -> Any:
        """Apply a function of NumPy to the plain number."""
        plain = [float(arg) if isinstance(arg, EngineNumber) else arg for arg in args]
        found = getattr(ufunc, method)(*plain, **named)
        return EngineNumber(found) if isinstance(found, float) else found

    @property
    def data(self) -> float:
        """The number itself."""
        return float(self)

    def backward(self) -> None:
        """Nothing: the backward pass is the graph's."""

    def __getattr__(self, name: str) -> Callable[[], EngineNumber]:
        if name not in ENGINE_METHODS:
            raise AttributeError(name)
        return lambda: EngineNumber(GATES[name].value([float(self)]))


def engine_numbers(value: Any) -> Any:
    """The same numbers with the methods of small engines, also in arrays."""
    if isinstance(value, float) and math.isfinite(value):
        return EngineNumber(value)
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind not in ("f", "i", "u") or not value.shape:
        return value
    import numpy as np

    found = np.empty(value.shape, dtype=object)
    for at in np.ndindex(value.shape):
        found[at] = EngineNumber(value[at])
    return found
