"""The graph: frozen records in topological order. The only room that knows networkx."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import rewrite
from .errors import GraphError, InputError, nearest, short
from .gates import Gate
from .nodes import Node, Wire
from .parser import Constants, read
from .program import Program, compile_graph
from .tape import Tape
from .values import value_for

if TYPE_CHECKING:
    import networkx as nx

    from .flow import Flow

MOST_FLOWS = 16  # of one graph, for different shapes of its inputs


@dataclass(frozen=True)
class ComputationalGraph:
    """Nodes in topological order; the gradient is of the node `output`.

    Equal texts give equal graphs. `names` has every name a user may use for a node, aliases too.
    """

    nodes: tuple[Node, ...]
    output: int
    names: Mapping[str, int]
    source: str = ""

    def __hash__(self) -> int:
        return hash((self.source, self.output, len(self.nodes)))

    def __reduce__(self) -> tuple[type[ComputationalGraph], tuple[object, ...]]:
        """Pickled and copied without what was derived from it."""
        return ComputationalGraph, (self.nodes, self.output, dict(self.names), self.source)

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
    def ids(self) -> tuple[str, ...]:
        """A key for each node: its name, or its kind with a count, as in "mul#5"."""
        return tuple(
            node.name or f"{node.gate.name if node.gate else 'constant'}#{i}"
            for i, node in enumerate(self.nodes)
        )

    def holds_labels(self, node: int) -> bool:
        """Whether a node's value is used as labels, which are whole numbers, not quantities."""
        return any(self.takes_labels(self.wires[w]) for w in self.wires_out[node])

    def takes_labels(self, wire: Wire) -> bool:
        """Whether a wire brings labels to its gate."""
        target = self.nodes[wire.target]
        assert target.gate is not None  # a wire ends at a gate
        return bool(target.gate.labels) and (
            target.gate.labels == target.gate.named(len(target.args))[wire.position]
        )

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

    @property
    def nx(self) -> nx.MultiDiGraph:
        """The graph as a new networkx.MultiDiGraph; an edge's key is the argument position.

        Nodes carry `gate` (None for inputs and constants), `name`, `constants` (the numbers inside
        the gate by position), `value` (of a constant, or an input's default) and `span`.
        """
        import networkx as nx

        shown = nx.MultiDiGraph(source=self.source, output=self.ids[self.output])
        for key, node in zip(self.ids, self.nodes, strict=True):
            inside = {p: arg for p, arg in enumerate(node.args) if not isinstance(arg, int)}
            shown.add_node(
                key, gate=node.gate and node.gate.name, name=node.name, constants=inside,
                value=node.value, span=tuple(node.span),
            )  # fmt: skip
        for source, target, position in self.wires:
            shown.add_edge(self.ids[source], self.ids[target], key=position)
        return shown

    @cached_property
    def _program(self) -> Program:
        return compile_graph(self)

    @cached_property
    def _on_numbers(self) -> bool:
        """Whether numbers for the inputs are all there is: no gate or constant needs arrays."""
        return not any(
            isinstance(node.value, tuple) or (node.gate and not node.gate.elementwise)
            for node in self.nodes
        )

    @cached_property
    def _flows(self) -> dict[tuple[object, ...], Flow]:
        return {}

    def _flow(self, values: Mapping[int, Any]) -> Flow:
        """The graph made flat for the shapes of its inputs; the last few are kept."""
        shapes = tuple([() if type(v) is float else v.shape for v in values.values()])
        flow = self._flows.get(shapes)
        if flow is None:  # another thread may forget them all at any time
            from .flow import Flow

            if len(self._flows) >= MOST_FLOWS:
                self._flows.clear()
            flow = self._flows[shapes] = Flow(self, values)
        return flow

    def forward(self, inputs: Mapping[str, object] | None = None, /, **named: object) -> Tape:
        """Run the graph on numbers for its inputs, given by name.

        Inputs are numbers, arrays or nested lists. Raises InputError for a missing or superfluous
        input, or one that is not finite numbers, and ShapeError at the first gate whose inputs do
        not fit. Never raises for arithmetic: see `Tape.troubles`.

        >>> from graphstep.graph import parse
        >>> parse("f = (x + y) * z").forward(x=-2, y=5, z=-4).value
        -12.0
        """
        given = self.given(inputs, named)
        for name in given:
            if name not in self.inputs:
                near = nearest(name, set(self.inputs) - set(given))
                known = ", ".join(self.inputs) or "-"
                raise InputError("superfluous_input", name=name, near=near, known=known)
        values = {
            i: value_for(n, given[n]) if n in given else self._default(n, given)
            for n, i in self.inputs.items()
        }
        if self._on_numbers and all(type(value) is float for value in values.values()):
            return Tape(self, self._program, values)
        return Tape(self, self._flow(values), values)

    def given(
        self, inputs: Mapping[str, object] | None, named: Mapping[str, object]
    ) -> dict[str, object]:
        """Inputs given as a mapping and by keyword, as one; raises InputError as `forward` does."""
        if inputs is not None and not isinstance(inputs, Mapping):
            raise InputError("inputs_form", given=short(inputs))
        for name in inputs or ():
            if not isinstance(name, str):
                raise InputError("inputs_form", given=short(name))
            if name in named:
                raise InputError("input_twice", name=name)
        return {**(inputs or {}), **named}

    def _default(self, name: str, given: Mapping[str, object]) -> Any:
        """The value that the text gives an input."""
        node = self.nodes[self.inputs[name]]
        if node.value is None:
            missing = [
                n for n, j in self.inputs.items() if n not in given and self.nodes[j].value is None
            ]
            raise InputError(
                "missing_input",
                source=self.source,
                span=node.span,
                name=name,
                names=", ".join(missing),
            )
        return value_for(name, node.value)

    def expand(self, what: str | int) -> ComputationalGraph:
        """A new graph in which composite gates show what they are made of.

        `what` is the name of a gate ("sigmoid": all of them), or of a node, or a node's index.
        Raises GraphError where nothing of that kind has an expansion.

        >>> [n.gate.name for n in parse("f = sigmoid(x)").expand("sigmoid").nodes if n.gate]
        ['neg', 'exp', 'add', 'div']
        """
        wanted = {
            i
            for i, node in enumerate(self.nodes)
            if node.gate is not None and node.gate.expansion
            if what in (i, node.name, node.gate.name) or self.names.get(str(what)) == i
        }
        if not wanted:
            raise GraphError("nothing_to_expand", what=short(what))
        return self._rewritten(rewrite.expand(self.nodes, wanted))

    def group(self, nodes: Iterable[str | int], name: str) -> ComputationalGraph:
        """A new graph in which some gates, given by name or index, are one gate called `name`.

        Its local gradients come from the backward pass inside it. Raises GraphError where they
        are not gates, or an inner value of theirs is used elsewhere.
        """
        inside = {node if isinstance(node, int) else self.index(node) for node in nodes}
        if not isinstance(name, str) or not name.isidentifier():
            raise GraphError("gate_name", gate=name)
        if not inside <= set(range(len(self.nodes))):
            raise GraphError("group_of_gates")
        rewrite.check_group(self.nodes, self.output, inside)
        gate = rewrite.composite(name, self.nodes, inside)
        return self._rewritten(rewrite.group(self.nodes, inside, gate))

    def group_known(self) -> ComputationalGraph:
        """A new graph in which known composites are their gates: 1/(1 + exp(-x)) is a sigmoid.

        >>> g = parse("f = 1/(1 + exp(-(w*x + b)))").group_known()
        >>> [n.gate.name for n in g.nodes if n.gate]
        ['mul', 'add', 'sigmoid']
        """
        graph = self
        while (found := rewrite.known(graph.nodes, graph.output)) is not None:
            gate, inside = found
            graph = graph._rewritten(rewrite.group(graph.nodes, inside, gate))
        return graph

    def _rewritten(self, to: rewrite.Rewritten) -> ComputationalGraph:
        """The graph of other nodes; a name whose node is gone goes with it."""
        names = {name: new for name, i in self.names.items() if (new := to.new[i]) is not None}
        output = to.new[self.output]
        assert output is not None  # the last node of a group stands for it
        return ComputationalGraph(to.nodes, output, names, self.source)

    def check(self) -> None:
        """Say what a well-formed graph is, by raising GraphError at the first node that is not.

        Arguments come before the gates that use them; each gate takes the number of inputs its row
        says, at least one by a wire; inputs have names, constants have numbers; names are unique;
        every node reaches the output.
        """
        if not 0 <= self.output < len(self.nodes):
            raise GraphError("no_output", output=self.output)
        for i, node in enumerate(self.nodes):
            _check_node(i, node)
        _check_names(self.nodes, self.names)
        reached = {self.output}
        for i in reversed(range(len(self.nodes))):
            if i not in reached:
                raise GraphError("reaches_nothing", node=self.ids[i])
            reached.update(self.nodes[i].sources)


def _check_names(nodes: tuple[Node, ...], names: Mapping[str, int]) -> None:
    """Each node's name leads to it, and every other name, an alias, to some node."""
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


def parse(text: str, *, constants: Constants = "inside") -> ComputationalGraph:
    """The computational graph of a text.

    Statements stand on lines or between `;`; a name on the left names a node, and the last
    statement is the output. A name that is given nothing is an input; one that is given a bare
    number is an input with that value unless another is passed. Numbers beside an operator go
    inside its gate (`*-1`), or become nodes with `constants="nodes"`. Raises ParseError, with the
    place in the text, for anything else.

    >>> [node.name or node.gate.name for node in parse("f = (x + y) * z").nodes]
    ['x', 'y', 'add', 'z', 'f']
    """
    if isinstance(text, str):
        text = text.removeprefix("\ufeff")  # which Windows writes before a text
    nodes, output, names = read(text, constants)
    return ComputationalGraph(nodes, output, names, text)
