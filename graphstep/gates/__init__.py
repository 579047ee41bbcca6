"""The gates: the whole table, the operators of the language, and custom gates."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from . import elementwise, losses, tensors
from .gate import GATES, Gate, register
from .gate_row import called
from .rules import Local, Option, Rule

__all__ = ["ALIASES", "GATES", "OPERATORS", "Gate", "Local", "Option", "Rule",
           "called", "register"]  # fmt: skip

for table in (elementwise, tensors, losses):
    for gate in table.rows():
        register(gate)

OPERATORS: Mapping[str, str] = MappingProxyType(
    {"+": "add", "-": "sub", "*": "mul", "/": "div", "**": "pow", "@": "matmul"}
)
"""The gate behind each binary operator of the language."""

ALIASES: Mapping[str, str] = MappingProxyType({"dot": "matmul"})
"""Gates by their other names."""
