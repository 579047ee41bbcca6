"""The mathematics on Python floats, and IEEE's answers where they would raise."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

Number = Any  # a float, or a NumPy value under the same formulas

SCALAR = SimpleNamespace(
    exp=math.exp,
    expm1=math.expm1,
    log=math.log,
    log1p=math.log1p,
    sqrt=math.sqrt,
    sin=math.sin,
    cos=math.cos,
    tanh=math.tanh,
    cosh=math.cosh,
    fabs=math.fabs,
    power=math.pow,
    divide=operator.truediv,
    where=lambda test, yes, no: yes if test else no,
    maximum=lambda x, y: x if x >= y or x != x else y,
    minimum=lambda x, y: x if x <= y or x != x else y,
    sign=lambda x: x if x != x else float((x > 0.0) - (x < 0.0)),
)
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
