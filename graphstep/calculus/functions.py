"""The elementary functions, one row each: its name, how it is computed, and how formulas write it.

The mathematics on floats and on arrays, the NumPy functions that a traced Python function may use,
and the formulas all follow from these rows.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

Number = Any  # a float, or a NumPy value under the same formulas
Array = Any  # a NumPy array, or a float where the shape is ()


class Function(NamedTuple):
    """A function of numbers."""

    name: str
    """Its name in expressions, which is that of its gate if it has one."""
    floats: Callable[..., float] | None = None
    """On Python floats; it may raise where IEEE arithmetic gives inf or nan."""
    numpy: tuple[str, ...] = ()
    """NumPy's names for it, where they differ from `name`."""
    shown: str = ""
    """Its name in formulas, where that differs from `name`."""
    raised: bool = False
    """Whether an exponent follows its name: tan²(x) for tan(x)**2."""
    each: bool = False
    """Whether NumPy lacks it: then `floats` is called for each element of an array."""

    @property
    def ufuncs(self) -> tuple[str, ...]:
        """All names by which gates call it, which are NumPy's; none without `floats`."""
        return self.numpy or ((self.name,) if self.floats else ())


def _whole(function: Callable[[float], int], x: float) -> float:
    """A whole number near x as a float, with the sign of x also for 0; inf and nan stay."""
    return math.copysign(function(x), x) if math.isfinite(x) else x


def _logaddexp(x: float, y: float) -> float:
    """The logarithm of exp(x) + exp(y), without overflow."""
    if x == y:  # which may be infinite
        return x + math.log(2.0)
    return max(x, y) + math.log1p(math.exp(-math.fabs(x - y)))


def rows() -> tuple[Function, ...]:
    """The table, in the order in which functions are listed."""
    return (
        Function("add", operator.add),
        Function("sub", operator.sub, ("subtract",)),
        Function("mul", operator.mul, ("multiply",)),
        Function("div", operator.truediv, ("divide", "true_divide")),
        Function("pow", math.pow, ("power", "float_power")),
        Function("neg", operator.neg, ("negative",)),
        Function("exp", math.exp),
        Function("expm1", math.expm1),
        Function("log", math.log, shown="ln", raised=True),
        Function("log2", math.log2),
        Function("log10", math.log10),
        Function("log1p", math.log1p),
        Function("logaddexp", _logaddexp),
        Function("sqrt", math.sqrt),
        Function("cbrt", math.cbrt),
        Function("square", lambda x: x * x),
        Function("reciprocal", lambda x: 1.0 / x),
        Function("hypot", math.hypot),
        Function("abs", math.fabs, ("absolute", "fabs")),
        Function("sign", lambda x: x if x != x else float((x > 0.0) - (x < 0.0))),
        Function("floor", lambda x: _whole(math.floor, x)),
        Function("ceil", lambda x: _whole(math.ceil, x)),
        Function("round", lambda x: _whole(round, x), ("rint",)),
        Function("max", lambda x, y: x if x >= y or x != x else y, ("maximum",)),
        Function("min", lambda x, y: x if x <= y or x != x else y, ("minimum",)),
        Function("sin", math.sin, raised=True),
        Function("cos", math.cos, raised=True),
        Function("tan", math.tan, raised=True),
        Function("arcsin", math.asin),
        Function("arccos", math.acos),
        Function("arctan", math.atan),
        Function("arctan2", math.atan2),
        Function("sinh", math.sinh, raised=True),
        Function("cosh", math.cosh, raised=True),
        Function("tanh", math.tanh, raised=True),
        Function("arcsinh", math.asinh),
        Function("arccosh", math.acosh),
        Function("arctanh", math.atanh),
        Function("erf", math.erf, each=True),
        Function("erfc", math.erfc, each=True),
        Function("sigmoid", shown="σ", raised=True),
        Function("leaky_relu", shown="LReLU"),
        Function("elu", shown="ELU"),
        Function("selu", shown="SELU"),
        Function("gelu", shown="GELU"),
        Function("silu", shown="SiLU"),
        Function("relu6", shown="ReLU6"),
    )


ELEMENTARY: Mapping[str, Function] = MappingProxyType({row.name: row for row in rows()})
"""The functions, by their names in expressions."""

MATHEMATICS: Mapping[str, Callable[..., float]] = MappingProxyType(
    {ufunc: row.floats for row in ELEMENTARY.values() if row.floats for ufunc in row.ufuncs}
)
"""The functions on floats, under the NumPy names that gates call them by."""
