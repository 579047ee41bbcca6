"""The tape: all numbers of one run, and everything that can be read from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from .check import Report, check
from .errors import GraphError
from .program import Program
from .shapes import Shape, written
from .values import bad_number, is_finite

if TYPE_CHECKING:  # a graph is passed in as a value: this room stands below it
    import networkx as nx

    from .flow import Flow
    from .graph import ComputationalGraph


class Trouble(NamedTuple):
    """A number that is not finite though all it was made of is.

    `kind` and `item` are those of its slot, a wire's for "local"; `node` carries the warning.
    """

    node: int
    kind: str  # "value", "local" or "upstream"
    item: int
    number: float


class Tape:
    """All numbers of one run: values, and on demand upstream, local and downstream gradients.

    Made by `ComputationalGraph.forward`. Everything is derived from the values, so nothing on a
    tape ever changes. Numbers are floats, or arrays where the graph has some; gradients are of the
    output, one number, with respect to a node, and have its shape. Arrays are not copied:
    read what you need before you change one in place.
    """

    def __init__(
        self, graph: ComputationalGraph, program: Program | Flow, inputs: Mapping[int, Any]
    ):
        self.graph, self._program = graph, program
        self._slots: list[Any] = program.filled(inputs)
        self._locals: dict[int, Any] = {}
        program.forward(self._slots)

    def __reduce__(self) -> tuple[Callable[..., Tape], tuple[object, ...]]:
        """Pickled and copied as its graph and inputs, and run anew."""
        inputs = {name: self._slots[i] for name, i in self.graph.inputs.items()}
        return _again, (self.graph, inputs)

    @property
    def value(self) -> Any:
        """The value of the output: a float, or an array."""
        return self._program.value(self._slots[self._program.output])

    @cached_property
    def values(self) -> tuple[Any, ...]:
        """The value of every node, in the order of `graph.nodes`: floats and arrays."""
        return self._program.values(self._slots)

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The shape of every node; () for a number."""
        return tuple(getattr(value, "shape", ()) for value in self.values)

    @cached_property
    def upstreams(self) -> tuple[Any, ...]:
        """The upstream gradient of every node: the sum over the wires that leave it.

        Each has its node's shape. Raises GraphError where the output is not one number.
        """
        self.check_output()
        return self._program.upstreams(self._slots)

    @property
    def gradients(self) -> dict[str, Any]:
        """The gradient of the output with respect to each input, by name; as `backward()`."""
        return self.backward()

    def backward(self, *names: str) -> dict[str, Any]:
        """The gradients of the inputs, by name; of only some, or of named nodes, when asked.

        Each has the shape of its variable. Only the wires on a path from the asked names to the
        output are walked. Raises InputError for a name that the graph does not have, GraphError
        where the output is not one number.

        >>> from graphstep.graph import parse
        >>> parse("f = (x + y) * z").forward(x=-2, y=5, z=-4).backward()
        {'x': -4.0, 'y': -4.0, 'z': 3.0}
        """
        self.check_output()
        if not names and type(self._slots[self._program.output]) is float:  # all are: none changes
            return {name: self.upstreams[i] for name, i in self.graph.inputs.items()}
        nodes = {name: self.graph.index(name) for name in names} if names else self.graph.inputs
        found = self._program.gradients(self._slots, tuple(nodes.values()))
        return dict(zip(nodes, found, strict=True))

    def check_output(self) -> None:
        """A gradient is of one number: raises GraphError where the output is an array."""
        shape = getattr(self._slots[self._program.output], "shape", ())
        if shape:
            node = self.graph.nodes[self._program.output]
            raise GraphError("not_a_scalar", source=self.graph.source, span=node.span,
                             name=node.name or "f", shape=written(shape))  # fmt: skip

    def local(self, wire: int) -> Any:
        """The local gradient on a wire, by its index in `graph.wires`: d target / d source.

        A float between two numbers, else a `Jacobian` with a row for each element of the target
        and a column for each element of the source. Raises IndexError where there is no such wire,
        GraphError where the output is not one number.
        """
        if wire not in self._locals:
            _ = self.upstreams  # the formulas have run
            self._locals[wire] = self._program.local(self._slots, wire)
        return self._locals[wire]

    def downstream(self, wire: int) -> Any:
        """The downstream gradient on a wire: upstream of its gate pulled back through its local.

        Between numbers that is upstream times local. It has the shape of the wire's source.
        """
        target = self.graph.wires[wire].target
        return self._program.pulled(self.local(wire), self.upstreams[target])

    @cached_property
    def troubles(self) -> tuple[Trouble, ...]:
        """Where a number first stops being finite: overflow, division by zero, out of domain."""
        graph, values = self.graph, self.values
        finite = [is_finite(value) for value in values]
        found = [
            Trouble(i, "value", i, bad_number(values[i]))
            for i, node in enumerate(graph.nodes)
            if not finite[i] and all(finite[s] for s in node.sources)
        ]
        bad_locals = [w for w in range(len(graph.wires)) if not is_finite(self.local(w))]
        for w in bad_locals:
            target = graph.wires[w].target
            if finite[target]:
                found.append(Trouble(target, "local", w, bad_number(self.local(w))))
        found += self._overflows(set(bad_locals))
        return tuple(found)

    def _overflows(self, bad_locals: set[int]) -> list[Trouble]:
        """Gradients that pass the largest float though each of their factors is finite."""
        graph, upstreams = self.graph, self.upstreams
        bad = {i for i, number in enumerate(upstreams) if not is_finite(number)}
        fed = {s for w, (s, t, _) in enumerate(graph.wires) if t in bad or w in bad_locals}
        return [Trouble(i, "upstream", i, bad_number(upstreams[i])) for i in sorted(bad - fed)]

    def annotated(self) -> nx.MultiDiGraph:
        """The graph as a networkx.MultiDiGraph with all numbers.

        Nodes carry `value` and `upstream`, edges `local` and `downstream`, besides what `graph.nx`
        gives them. Each call makes a new one.
        """
        graph = self.graph
        shown = graph.nx
        for i, name in enumerate(graph.ids):
            shown.nodes[name].update(value=self.values[i], upstream=self.upstreams[i])
        for w, (source, target, position) in enumerate(graph.wires):
            shown.edges[graph.ids[source], graph.ids[target], position].update(
                local=self.local(w), downstream=self.downstream(w)
            )
        return shown

    def check(self) -> Report:
        """Compare every local gradient and every input's gradient with numeric ones.

        Returns a `Report`; `report.ok` says whether all agree, `report.first` is
        the first wrong one, and `print(report)` tells the story. The numeric ones are central
        differences with Richardson extrapolation (Ridders 1982), the measure that of the CS231n
        notes, `|a - n| / max(|a|, |n|)`. Raises GraphError where the output is not one number.
        """
        return check(self)


def _again(graph: ComputationalGraph, inputs: Mapping[str, Any]) -> Tape:
    return graph.forward(inputs)
