"""What stands in the slots of a figure without numbers: q, ∂q/∂x, ∂f/∂q.

Every node has a name: its own, or a letter, which formulas and sentences use too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

from ..base.signs import minus
from ..calculus.shapes import Shape, shape_text
from ..explain.factors import PRIMES, repeated_wires
from ..explain.symbols import Symbols
from ..explain.terms import Piece
from ..formulas.names import figure_names
from ..formulas.signs import SUPERSCRIPTS
from ..graph.expressions import value_formula
from ..graph.graph import Graph
from ..graph.slots import Slot

ORDER = "qrstuvabcghkp"  # the lecture's q comes first
RAISED = str.maketrans(SUPERSCRIPTS)
SEED = "1"


def other_names(graph: Graph, outside: str, symbols: str) -> dict[str, str]:
    """What has a name besides nodes, as the figure sets it: unknown gates, and the loss outside."""
    gates = {i: graph.nodes[i].gate for i in graph.unknown}
    names = [*(gate.name for gate in gates.values() if gate), *([outside] if outside else [])]
    return {name: figure_names([name], symbols)[name] for name in names}


class Lettered(Symbols):
    """Symbols in which every node without a name is a letter, however short its formula is."""

    @cached_property
    def _shorts(self) -> dict[int, Piece]:
        return {}


@dataclass(frozen=True)
class SymbolicNames:
    """The names of a graph's nodes, and of its gradients; `shown` are names as a figure sets them.

    >>> from graphstep.engine.computational_graph import parse
    >>> names = SymbolicNames(parse("f = (w0 + y) * z"), {"w0": "w₀"})
    >>> names.nodes, names.local(0), names.downstream(0)
    (('w₀', 'y', 'q', 'z', 'f'), '∂q/∂w₀', '∂f/∂w₀')
    """

    graph: Graph
    shown: Mapping[str, str] = field(default_factory=dict)
    outside: str = ""
    """The loss outside of the figure, if the output is not the end."""
    shapes: tuple[Shape, ...] = ()
    """Those of all nodes, if there are arrays."""

    @cached_property
    def symbols(self) -> Symbols:
        """The same names for formulas."""
        nodes = self.graph.nodes
        gates = {node.gate.name for i in self.graph.unknown if (node := nodes[i]).gate}
        reserved = gates | ({self.outside} if self.outside else set())
        shapes = self.shapes or ((),) * len(nodes)
        return Lettered(self.graph, shapes=shapes, order=ORDER, reserved=reserved)

    @property
    def end(self) -> str:
        """What is differentiated in the end: the loss outside, or the output."""
        return self.shown.get(self.outside, self.outside) or self.nodes[self.graph.output]

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """The name of each node."""
        letters = {node: letter for letter, node in self.symbols.letters.items()}
        letters[self.graph.output] = self.symbols.output
        found = (node.name or letters[i] for i, node in enumerate(self.graph.nodes))
        return tuple(self.shown.get(name, name) for name in found)

    @cached_property
    def repeated(self) -> Mapping[int, Mapping[int, int]]:
        """For a node that a gate takes several times, the wires to such gates, in order."""
        return repeated_wires(self.graph)

    def entry(self, wire: int) -> str:
        """A gate's argument on a wire: x, or x′ and x″ where a gate takes x several times."""
        source = self.graph.wires[wire].source
        place = self.repeated.get(source, {}).get(wire)
        if place is None:
            return self.nodes[source]
        mark = PRIMES[place] if place < len(PRIMES) else f"({place + 1})".translate(RAISED)
        return self.nodes[source] + mark

    def formula(self, node: int) -> str:
        """A gate's formula over names."""
        made = value_formula(self.graph, node, self.nodes.__getitem__, short=True)
        return minus(self.with_gate(node, made))

    def with_gate(self, node: int, formula: str) -> str:
        """The formula of a gate; that of an unknown one begins with its name."""
        gate = self.graph.nodes[node].gate
        if gate is None or not gate.unknown:
            return formula
        return f"{self.shown.get(gate.name, gate.name)}{formula.removeprefix(gate.name)}"

    def total(self, node: int) -> str:
        """∂f/∂x: how the output, or the loss outside, changes with a node, along all wires."""
        return f"∂{self.end}/∂{self.nodes[node]}"

    def local(self, wire: int) -> str:
        """∂q/∂x: how a gate changes with one of its inputs.

        Where that would read as the total over several wires, the gate is its formula.
        """
        source, target, _ = self.graph.wires[wire]
        several = len(self.graph.wires_back[source]) > 1
        shared = several and self.entry(wire) == self.nodes[source]
        if self.outside or target != self.graph.output or not shared:
            return f"∂{self.nodes[target]}/∂{self.entry(wire)}"
        return f"∂({self.formula(target)})/∂{self.nodes[source]}"

    def downstream(self, wire: int) -> str:
        """∂f/∂x, or ∂f/∂x′; of one of several wires, its product of upstream and local."""
        source, target, _ = self.graph.wires[wire]
        entry, output = self.entry(wire), self.graph.output
        if len(self.graph.wires_back[source]) == 1 or entry != self.nodes[source]:
            return f"∂{self.end}/∂{entry}"
        if target == output and not self.outside:  # the upstream gradient is 1
            return self.local(wire)
        if self.shapes and self.shapes[target]:
            return f"({self.local(wire)})ᵀ · {self.total(target)}"
        return f"{self.total(target)} · {self.local(wire)}"

    def shape(self, node: int) -> str:
        """The shape of an array, 2×3; empty for a number."""
        return shape_text(self.shapes[node]) if self.shapes and self.shapes[node] else ""

    def jacobian(self, wire: int) -> str:
        """The size of the local gradient on a wire as a matrix."""
        source, target, _ = self.graph.wires[wire]
        return shape_text((prod(self.shapes[target]), prod(self.shapes[source])))

    def is_map(self, wire: int) -> bool:
        """Whether the local gradient on a wire is no number."""
        return bool(self.shapes) and any(self.shapes[i] for i in self.graph.wires[wire][:2])

    @cached_property
    def slots(self) -> dict[Slot, str]:
        """The text of every slot. An input's name is at its wire already, so it has its shape."""
        nodes, wires = range(len(self.graph.nodes)), range(len(self.graph.wires))
        inputs = set(self.graph.inputs.values())
        output = self.graph.output
        return {
            **{Slot("value", i): self.shape(i) if i in inputs else self.nodes[i] for i in nodes},
            **{Slot("upstream", i): self.total(i) for i in nodes},
            Slot("upstream", output): self.total(output) if self.outside else SEED,
            **{Slot("local", w): self.local(w) for w in wires},
            **{Slot("downstream", w): self.downstream(w) for w in wires},
        }
