"""The graph as a record: nodes in topological order, and everything derived from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from ..base.errors import GraphError, InputError, nearest, short
from ..calculus.shapes import Shape
from ..gates.gate import Gate
from .nodes import Node, Wire
from .slots import Slot

if TYPE_CHECKING:
    import networkx as nx

    from .named_nodes import Constants


@dataclass(frozen=True)
class Graph:
    """Nodes in topological order; gradients are those of the node `output`.

    Equal texts give equal graphs. `names` maps every name a user may use, aliases too, to a node.
    """

    nodes: tuple[Node, ...]
    output: int
    names: Mapping[str, int]
    source: str = ""
    unused: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """Inputs without a node, by name, with their values: the output does not depend on them."""
    constants: Constants | None = field(default=None, repr=False, compare=False)
    """How the numbers of its text were read; None where it is not the graph of a text."""
    whole: int | None = field(default=None, repr=False)
    """The output of the whole graph where `output` is a node before it, a chosen target."""
    shapes: Mapping[str, Shape] = field(default_factory=dict, repr=False, compare=False)
    """The shapes of inputs for which it was made, by name; none where it holds for all."""
    loose: tuple[Graph, tuple[int, ...]] | None = field(default=None, repr=False, compare=False)
    """The graph that was fitted to shapes of its inputs, and where its nodes are in this one."""
    read: Constants | None = field(default=None, repr=False, compare=False)
    """How the numbers of a text were read whose graph this was before it was rewritten."""
    memory: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What engines keep from earlier runs; it affects speed only."""

    def __repr__(self) -> str:
        size = f"{len(self.nodes)} nodes, {len(self.wires)} wires"
        return f"<{type(self).__name__} {short(self.source)}: {size}>"

    def __hash__(self) -> int:
        return hash((self.source, self.output, len(self.nodes)))

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        """Pickle and copy without the derived properties."""
        return type(self), (
            self.nodes,
            self.output,
            dict(self.names),
            self.source,
            dict(self.unused),
            self.constants,
            self.whole,
            dict(self.shapes),
            self.loose,
            self.read,
        )

    @cached_property
    def wires(self) -> tuple[Wire, ...]:
        """Every use of a node's value, ordered by gate and then by input position."""
        return tuple(
            Wire(arg, target, position)
            for target, node in enumerate(self.nodes)
            for position, arg in enumerate(node.args)
            if isinstance(arg, int)
        )

    @cached_property
    def wires_out(self) -> tuple[tuple[int, ...], ...]:
        """For each node, the indices of the wires that leave it."""
        leaving: list[list[int]] = [[] for _ in self.nodes]
        for index, wire in enumerate(self.wires):
            leaving[wire.source].append(index)
        return tuple(map(tuple, leaving))

    @cached_property
    def reaching(self) -> Sequence[int]:
        """The nodes that the output depends on, itself the last; but for a target, all nodes."""
        if self.whole is None:
            return range(len(self.nodes))
        found = {self.output}
        for i in reversed(range(self.output + 1)):
            if i in found:
                found.update(self.nodes[i].sources)
        return tuple(sorted(found))

    @cached_property
    def beyond(self) -> frozenset[int]:
        """The nodes that the output does not depend on, where it is a target."""
        if self.whole is None:
            return frozenset()
        return frozenset(range(len(self.nodes))).difference(self.reaching)

    @cached_property
    def wires_back(self) -> tuple[tuple[int, ...], ...]:
        """For each node, the wires that leave it and lead to the output: gradients come by them."""
        if not self.beyond:
            return self.wires_out
        leads = [wire.target not in self.beyond for wire in self.wires]
        return tuple(tuple(w for w in leaving if leads[w]) for leaving in self.wires_out)

    @cached_property
    def wires_in(self) -> tuple[tuple[int, ...], ...]:
        """For each node, the indices of the wires that enter it, by position."""
        entering: list[list[int]] = [[] for _ in self.nodes]
        for index, wire in enumerate(self.wires):
            entering[wire.target].append(index)
        return tuple(map(tuple, entering))

    @cached_property
    def inputs(self) -> dict[str, int]:
        """The inputs by name, in the order of their first use."""
        return {
            n.name: i
            for i, n in enumerate(self.nodes)
            if n.gate is None and not n.constant and n.name is not None
        }

    @cached_property
    def gates(self) -> tuple[int, ...]:
        """The nodes that are gates."""
        return tuple(i for i, node in enumerate(self.nodes) if node.gate is not None)

    @cached_property
    def unknown(self) -> tuple[int, ...]:
        """The nodes whose gates are unknown."""
        nodes = enumerate(self.nodes)
        return tuple(i for i, node in nodes if node.gate is not None and node.gate.unknown)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """A key for each node: its name, or its kind with a count, as in "mul#5"."""
        return tuple(
            node.name or f"{node.gate.name if node.gate else 'constant'}#{i}"
            for i, node in enumerate(self.nodes)
        )

    def taking(self, given: Collection[str]) -> Self:
        """The graph in which given constants, such as pi, are inputs."""
        found = {i for i in self._known if self.nodes[i].name in given}
        if not found:
            return self
        nodes = (node._replace(constant=node.constant and i not in found)
                 for i, node in enumerate(self.nodes))  # fmt: skip
        return replace(self, nodes=tuple(nodes))

    @cached_property
    def _known(self) -> tuple[int, ...]:
        """The nodes of known constants, such as pi."""
        return tuple(i for i, node in enumerate(self.nodes) if node.known)

    def holds_labels(self, node: int) -> bool:
        """Whether a node's value is used as labels: whole numbers that are not quantities."""
        return any(self.takes_labels(self.wires[w]) for w in self.wires_out[node])

    def takes_labels(self, wire: Wire) -> bool:
        """Whether a wire brings labels to its gate."""
        target = self.nodes[wire.target]
        assert target.gate is not None  # a wire ends at a gate
        return bool(target.gate.labels) and (
            target.gate.labels == target.gate.named(len(target.args))[wire.position]
        )

    @cached_property
    def never_filled(self) -> frozenset[Slot]:
        """The slots of gradients that there are not: of labels, and beyond a target."""
        wires = [w for w, wire in enumerate(self.wires)
                 if wire.target in self.beyond or self.takes_labels(wire)]  # fmt: skip
        found = {Slot(kind, w) for w in wires for kind in ("local", "downstream")}
        only = {self.wires[w].source for w in wires} - {self.output} | self.beyond
        without = set(wires)
        found |= {Slot("upstream", i) for i in only if without.issuperset(self.wires_out[i])}
        return frozenset(found)

    def index(self, name: str) -> int:
        """The node of a name. Raises InputError for a name that the graph does not have."""
        if not isinstance(name, str):
            raise InputError("not_a_name", given=short(name))
        if name not in self.names:
            raise InputError(
                "unknown_name",
                name=name,
                near=nearest(name, self.names),
                known=", ".join(self.names),
            )
        return self.names[name]

    def variable(self, name: str, computed: str, without: str) -> int:
        """The node of an input that has a gradient.

        Raises InputError, by these keys, for a node that is computed and an input without one.
        """
        if name not in self.inputs and name not in self.unused:
            self.index(name)  # raises for an unknown one
            raise InputError(computed, name=name, known=", ".join(self.inputs))
        node = self.inputs.get(name)
        if node is None or Slot("upstream", node) in self.never_filled:
            raise InputError(without, name=name)
        return node

    def check(self) -> None:
        """Check that the graph is well formed. Raises GraphError at the first node that is not.

        Arguments come before the gates that use them; each gate takes as many inputs as its row
        says, at least one of them by a wire; inputs have names, constants have numbers; names are
        unique; every node reaches the output, or that of the whole graph.
        """
        end = self.output if self.whole is None else self.whole
        for output in (self.output, end):
            if not 0 <= output < len(self.nodes):
                raise GraphError("no_output", output=output)
        for i, node in enumerate(self.nodes):
            _check_node(i, node)
        _check_names(self.nodes, self.names)
        reached = {end, self.output}
        for i in reversed(range(len(self.nodes))):
            if i not in reached:
                raise GraphError("reaches_nothing", node=self.ids[i])
            reached.update(self.nodes[i].sources)


def _check_names(nodes: tuple[Node, ...], names: Mapping[str, int]) -> None:
    """Check that each node's name leads to it, and every alias to some node."""
    for name, times in Counter(node.name for node in nodes if node.name is not None).items():
        if times > 1 or name not in names:
            raise GraphError("name_not_unique", name=name)
    for name, i in names.items():
        if i not in range(len(nodes)):
            raise GraphError("bad_name", name=name)
    for i, node in enumerate(nodes):
        if node.name is not None and names[node.name] != i:
            raise GraphError("bad_name", name=node.name)


def _check_node(i: int, node: Node) -> None:
    if node.gate is not None and not isinstance(node.gate, Gate):
        raise GraphError("bad_gate", node=i, given=short(node.gate))
    if node.gate is None:
        if node.args or (node.value is None if node.constant else node.name is None):
            raise GraphError("bad_leaf", node=i)
    elif not node.gate.accepts(len(node.args)) or not node.sources:
        raise GraphError("bad_arity", node=i, gate=node.gate.name, takes=node.gate.takes,
                         given=len(node.args))  # fmt: skip
    elif any(not 0 <= source < i for source in node.sources):
        raise GraphError("not_topological", node=i)


def multidigraph(graph: Graph) -> nx.MultiDiGraph:
    """A new networkx.MultiDiGraph; an edge's key is the argument position.

    Nodes have `gate` (None for inputs and constants), `name`, `constants` (the numbers inside the
    gate, by position), `value` (of a constant, or an input's default) and `span`.
    """
    import networkx as nx

    shown = nx.MultiDiGraph(source=graph.source, output=graph.ids[graph.output])
    for key, node in zip(graph.ids, graph.nodes, strict=True):
        inside = {p: arg for p, arg in enumerate(node.args) if not isinstance(arg, int)}
        shown.add_node(
            key, gate=node.gate and node.gate.name, name=node.name, constants=inside,
            value=node.value, span=tuple(node.span),
        )  # fmt: skip
    for source, target, position in graph.wires:
        shown.add_edge(graph.ids[source], graph.ids[target], key=position)
    return shown
