"""The tape: all numbers of one run, and everything that can be read from them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from .check import Report, check
from .errors import InputError, short
from .program import Program

if TYPE_CHECKING:  # a graph is passed in as a value: this room stands below it
    import networkx as nx

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
    tape ever changes. Numbers are floats; gradients are of the output with respect to a node.
    """

    def __init__(self, graph: ComputationalGraph, program: Program, inputs: Mapping[int, float]):
        self.graph, self._program = graph, program
        self._slots = slots = program.start.copy()
        for node, number in inputs.items():
            slots[node] = number
        program.forward(slots)

    def __reduce__(self) -> tuple[Callable[..., Tape], tuple[object, ...]]:
        """Pickled and copied as its graph and inputs, and run anew."""
        inputs = {name: self._slots[i] for name, i in self.graph.inputs.items()}
        return _again, (self.graph, inputs)

    @property
    def value(self) -> float:
        """The value of the output."""
        return self._slots[self._program.output]

    @cached_property
    def values(self) -> tuple[float, ...]:
        """The value of every node, in the order of `graph.nodes`."""
        return tuple(self._slots[: self._program.nodes])

    @cached_property
    def upstreams(self) -> tuple[float, ...]:
        """The upstream gradient of every node: the sum over the wires that leave it."""
        return tuple(self._program.backward(self._slots, self._program.everything))

    @property
    def gradients(self) -> dict[str, float]:
        """The gradient of the output with respect to each input, by name."""
        return self.backward()

    def backward(self, *names: str) -> dict[str, float]:
        """The gradients of the inputs, by name; of only some, or of named nodes, when asked.

        Only the wires on a path from the asked names to the output are walked. Raises InputError
        for a name that the graph does not have.

        >>> from graphstep.graph import parse
        >>> parse("f = (x + y) * z").forward(x=-2, y=5, z=-4).backward()
        {'x': -4.0, 'y': -4.0, 'z': 3.0}
        """
        if not names:
            return {name: self.upstreams[i] for name, i in self.graph.inputs.items()}
        nodes = {name: self.graph.index(name) for name in names}
        upstreams = self._program.backward(self._slots, frozenset(nodes.values()))
        return {name: upstreams[i] for name, i in nodes.items()}

    def local(self, wire: int) -> float:
        """The local gradient on a wire, by its index in `graph.wires`: d target / d source."""
        _ = self.upstreams  # the formulas have run
        return self._slots[self._program.steps[wire][2]]

    def downstream(self, wire: int) -> float:
        """The downstream gradient on a wire: upstream of its gate times its local gradient."""
        return self.upstreams[self._program.steps[wire][1]] * self.local(wire)

    @cached_property
    def troubles(self) -> tuple[Trouble, ...]:
        """Where a number first stops being finite: overflow, division by zero, out of domain."""
        graph, values = self.graph, self.values
        found = [
            Trouble(i, "value", i, values[i])
            for i, node in enumerate(graph.nodes)
            if not math.isfinite(values[i]) and all(math.isfinite(values[s]) for s in node.sources)
        ]
        for w, (_, target, _) in enumerate(graph.wires):
            local = self.local(w)
            if not math.isfinite(local) and math.isfinite(values[target]):
                found.append(Trouble(target, "local", w, local))
        found += self._overflows()
        return tuple(found)

    def _overflows(self) -> list[Trouble]:
        """Gradients that pass the largest float though each of their factors is finite."""
        graph, upstreams = self.graph, self.upstreams
        bad = {i for i, number in enumerate(upstreams) if not math.isfinite(number)}
        fed = {s for w, (s, t, _) in enumerate(graph.wires) if bad and
               (t in bad or not math.isfinite(self.local(w)))}  # fmt: skip
        return [Trouble(i, "upstream", i, upstreams[i]) for i in sorted(bad - fed)]

    def annotated(self) -> nx.MultiDiGraph:
        """The graph as a networkx.MultiDiGraph with all numbers.

        Nodes carry `value` and `upstream`, edges `local` and `downstream`, besides what `graph.nx`
        gives them. Each call makes a new one.
        """
        graph = self.graph
        shown = graph.nx
        for i, name in enumerate(graph.ids):
            shown.nodes[name].update(value=self._slots[i], upstream=self.upstreams[i])
        for w, (source, target, position) in enumerate(graph.wires):
            shown.edges[graph.ids[source], graph.ids[target], position].update(
                local=self.local(w), downstream=self.downstream(w)
            )
        return shown

    def check(self) -> Report:
        """Compare every local gradient and every input's gradient with numeric ones.

        Returns a `Report`; `report.ok` says whether all agree, `report.first` is
        the first wrong one, and `print(report)` tells the story.
        """
        return check(self)


def _again(graph: ComputationalGraph, inputs: Mapping[str, float]) -> Tape:
    return graph.forward(inputs)


def number_for(name: str, given: object) -> float:
    """An input as a float. Raises InputError for what is not one finite number."""
    if isinstance(given, str | bytes) or given is None:
        raise InputError("not_a_number", name=name, given=short(given))
    try:
        number = float(given)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError("not_a_number", name=name, given=short(given)) from error
    if not math.isfinite(number):
        raise InputError("not_finite", name=name, given=short(given))
    return number
