"""The mathematics on Python floats, with IEEE results where floats would raise."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from .functions import MATHEMATICS, Number

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
    """`function(numpy, *args)` under IEEE rules: inf and nan where floats would raise."""
    import numpy as np

    with np.errstate(all="ignore"):
        return float(function(np, *map(np.float64, args)))
