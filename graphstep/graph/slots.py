"""Slots for the numbers of a graph, and which of them each mode fills."""

from __future__ import annotations

from typing import NamedTuple


class Slot(NamedTuple):
    """A slot for a number. `kind` is "value", "upstream", "next" (its new value) or "tangent" of a
    node, "local" or "downstream" of a wire; `item` is the index of that node or wire.
    """

    kind: str
    item: int

    @property
    def of_node(self) -> bool:
        """Whether it is a slot of a node, not of a wire."""
        return self.kind in OF_NODES


OF_NODES = ("value", "upstream", "tangent", "next")
"""The kinds of slots of nodes."""


class Mode(NamedTuple):
    """A way in which derivatives go through a graph, and the kinds of slots that they fill.

    Every wire has its local gradient; `node` is what comes to each node, and `wire` what is shown
    of it on each wire, if anything.
    """

    name: str
    node: str
    wire: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of all slots, in the order of a table."""
        return ("value", "local", self.node, *self.wire)


BACKWARD = Mode("backward", "upstream", ("downstream",))
FORWARD = Mode("forward", "tangent")
