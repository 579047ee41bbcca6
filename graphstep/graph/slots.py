"""Slots for the numbers of a graph: two per node, two per wire."""

from __future__ import annotations

from typing import NamedTuple


class Slot(NamedTuple):
    """A slot for a number. `kind` is "value", "upstream", "next" (its new value) or "tangent" of a
    node, "local" or "downstream" of a wire; `item` is the index of that node or wire.
    """

    kind: str
    item: int
