"""Places for the numbers of a graph: two on each node, two on each wire."""

from __future__ import annotations

from typing import NamedTuple


class Slot(NamedTuple):
    """A place for a number. `kind` is "value" or "upstream" of a node, "local" or "downstream" of
    a wire; `item` is the index of that node or wire.
    """

    kind: str
    item: int
