"""The values of recorded nodes, worked out where a custom gate needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..graph.nodes import Node


@dataclass(frozen=True)
class NodeValues:
    """The values of nodes in topological order; the list of nodes may grow."""

    nodes: Sequence[Node]
    known: list[Any] = field(default_factory=list)

    def of(self, index: int) -> Any:
        """The value of a node: a float or an array. Each node is run once."""
        for node in self.nodes[len(self.known) : index + 1]:
            self.known.append(self._run(node))
        return self.known[index]

    def _run(self, node: Node) -> Any:
        import numpy as np

        if node.gate is None:
            return float(node.value) if type(node.value) is float else np.array(node.value)
        found = node.gate.value(node.taken(self.known), node.options)
        return found if np.ndim(found) else float(found)
