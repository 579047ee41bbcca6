"""The values of recorded nodes, worked out where a custom gate needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..calculus.scalar_math import evaluate
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
        gate, given = node.gate, node.taken(self.known)
        if gate.elementwise and all(type(value) is float for value in given):
            return evaluate(gate.apply, *given)
        from ..calculus.array_math import ARRAY

        with np.errstate(all="ignore"):
            found = gate.apply(ARRAY, *map(np.asarray, given), *node.options)
        return found if np.ndim(found) else float(found)
