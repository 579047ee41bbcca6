"""The elementary functions: one row says how each is called, worked out, and written in formulas.

From a row follow the function of the mathematics on floats and on arrays, the NumPy function that
a traced Python function may use in its place, and the way formulas write it.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

Number = Any  # a float, or a NumPy value under the same formulas


class Function(NamedTuple):
    """A function of numbers."""

    name: str
    """In expressions: of the gate, where there is one."""
    floats: Callable[..., float] | None = None
    """On Python floats; it may raise where IEEE arithmetic gives inf or nan."""
    numpy: tuple[str, ...] = ()
    """NumPy's names for it, where they are not `name`."""
    shown: str = ""
    """Its name in formulas, where it is not `name`."""
    raised: bool = False
    """Whether an exponent stands behind its name: tan²(x) for tan(x)**2."""

    @property
    def ufuncs(self) -> tuple[str, ...]:
        """All of NumPy's names for it; none without `floats`."""
        return self.numpy or ((self.name,) if self.floats else ())


def rows() -> tuple[Function, ...]:
    """The table."""
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
        Function("log1p", math.log1p),
        Function("sqrt", math.sqrt),
        Function("square", lambda x: x * x),
        Function("reciprocal", lambda x: 1.0 / x),
        Function("abs", math.fabs, ("absolute", "fabs")),
        Function("sign", lambda x: x if x != x else float((x > 0.0) - (x < 0.0))),
        Function("max", lambda x, y: x if x >= y or x != x else y, ("maximum",)),
        Function("min", lambda x, y: x if x <= y or x != x else y, ("minimum",)),
        Function("sin", math.sin, raised=True),
        Function("cos", math.cos, raised=True),
        Function("tan", math.tan, raised=True),
        Function("tanh", math.tanh, raised=True),
        Function("cosh", math.cosh),
        Function("sigmoid", shown="σ", raised=True),
        Function("leaky_relu", shown="LReLU"),
        Function("elu", shown="ELU"),
    )


ELEMENTARY: Mapping[str, Function] = MappingProxyType({row.name: row for row in rows()})
"""Every function by its name in expressions."""

MATHEMATICS: Mapping[str, Callable[..., float]] = MappingProxyType(
    {ufunc: row.floats for row in ELEMENTARY.values() if row.floats for ufunc in row.ufuncs}
)
"""The functions on floats, by the names that gates call them by: NumPy's."""
