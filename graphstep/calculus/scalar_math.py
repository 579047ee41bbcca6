"""The mathematics on Python floats, with IEEE results where floats would raise."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

from .functions import ELEMENTARY, MATHEMATICS, Array, Number

SCALAR = SimpleNamespace(**MATHEMATICS, where=lambda test, yes, no: yes if test else no)
"""The mathematics on Python floats, under NumPy's names. Where a float function raises (overflow,
a division by zero, a logarithm of a negative number), `ieee` gives the inf or nan instead."""


def evaluate(function: Callable[..., Number], *args: float) -> float:
    """`function(m, *args)` on floats, with inf or nan where floats would raise."""
    try:
        return float(function(SCALAR, *args))
    except (ArithmeticError, ValueError):
        return ieee(function, *args)


def ieee(function: Callable[..., Number], *args: float) -> float:
    """`function(m, *args)` under IEEE rules: inf and nan where floats would raise."""
    import numpy as np

    with np.errstate(all="ignore"):
        return float(function(numpy_math(), *map(np.float64, args)))


@cache
def numpy_math() -> Any:
    """The mathematics on NumPy's numbers and arrays: its own functions, and those it lacks."""
    import numpy as np

    found = {
        ufunc: _of_each(row.floats) if row.each else getattr(np, ufunc)
        for row in ELEMENTARY.values()
        if row.floats
        for ufunc in row.ufuncs
    }
    return SimpleNamespace(**found, where=np.where)


def _of_each(function: Callable[[float], float]) -> Callable[[Array], Array]:
    """A function of one float as one of arrays, with the same bits, in the array's type."""
    import numpy as np

    def run(x: Array) -> Array:
        x = np.asarray(x)
        kind = np.result_type(x, np.float32)
        return np.fromiter(map(function, x.ravel().tolist()), kind, x.size).reshape(x.shape)[()]

    return run
