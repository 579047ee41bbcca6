"""The gates: the whole table, the operators of the language, and gates added by users."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from . import elementwise, losses, tensors
from .gate_row import _TABLE as _TABLE
from .gate_row import (
    GATES,
    SCALAR,
    Gate,
    Local,
    Number,
    Option,
    Rule,
    called,
    evaluate,
    ieee,
    register,
)

__all__ = ["ALIASES", "GATES", "OPERATORS", "SAME_AS", "SCALAR", "Gate", "Local", "Number",
           "Option", "Rule", "called", "evaluate", "ieee", "register"]  # fmt: skip

for table in (elementwise, tensors, losses):
    _TABLE.update((gate.name, gate) for gate in table.rows())

OPERATORS: Mapping[str, str] = MappingProxyType(
    {"+": "add", "-": "sub", "*": "mul", "/": "div", "**": "pow", "@": "matmul"}
)
"""The gate behind each binary operator of the language."""

ALIASES: Mapping[str, str] = MappingProxyType({"dot": "matmul"})
"""Other names of gates."""

SAME_AS: Mapping[str, str] = MappingProxyType({"−": "-", "·": "*", "⋅": "*", "×": "*"})
"""Characters that are accepted for an operator, as slides and keyboards give them."""
