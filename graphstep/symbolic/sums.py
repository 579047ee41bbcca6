"""The formulas of a figure of arrays without numbers, with derivations by index."""

from __future__ import annotations

from dataclasses import dataclass

from ..indexes.writer import ByIndex
from .equations import SymbolicWriter


@dataclass(frozen=True, eq=False)
class SymbolicSumsWriter(ByIndex, SymbolicWriter):
    """Writes each product in symbols, before that as a sum over elements."""
