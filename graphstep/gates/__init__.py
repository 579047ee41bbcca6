"""The gates: the whole table, the operators of the language, and gates added by users."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from . import elementwise
from .base import _TABLE as _TABLE
from .base import GATES, SCALAR, Gate, Local, Number, Rule, called, evaluate, ieee, register

__all__ = ["GATES", "OPERATORS", "SAME_AS", "SCALAR", "Gate", "Local", "Number", "Rule",
           "called", "evaluate", "ieee", "register"]  # fmt: skip

_TABLE.update((gate.name, gate) for gate in elementwise.rows())

OPERATORS: Mapping[str, str] = MappingProxyType(
    {"+": "add", "-": "sub", "*": "mul", "/": "div", "**": "pow"}
)
"""The gate behind each binary operator of the language."""

SAME_AS: Mapping[str, str] = MappingProxyType({"−": "-", "·": "*", "⋅": "*", "×": "*"})
"""Characters that are accepted for an operator, as slides and keyboards give them."""
