"""The update of a run: new weights from gradients, and the state that rules keep between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple, Self

from ..base.errors import InputError, short
from ..calculus.shapes import Shape
from ..engine.run import Run
from ..engine.tape import Tape
from .reading import Asked
from .rules import GRADIENT, NEW, RATE, TIME, WEIGHT

State = Mapping[str, Mapping[str, Any]]
"""What rules keep of each input, by its name and by the name in the rule."""


class Assigned(NamedTuple):
    """A formula of a rule at one weight: what gets a new value, and the numbers it is made of."""

    name: str
    text: str
    given: Mapping[str, Any]
    value: Any


@dataclass(frozen=True, eq=False)
class Update:
    """The update of some inputs of a run, all from the gradients of this run."""

    asked: Asked
    tape: Run
    state: State = field(default_factory=dict)
    time: int = 1

    @classmethod
    def of(cls, asked: Asked, tape: Run) -> Self:
        """The first update of a run.

        Raises InputError for a name that is not an input, for labels, and where there are no
        numbers.
        """
        tape.check_numbers()
        for name in asked.names:
            tape.graph.variable(name, "update_node", "update_without")
        return cls(asked, tape)

    @property
    def nodes(self) -> dict[int, str]:
        """The names of the inputs that are updated, by node."""
        return {self.tape.graph.inputs[name]: name for name in self.asked.names}

    def node(self, name: str) -> int:
        """The node of an input that is updated. Raises InputError for another one."""
        if name not in self.asked.names:
            known = ", ".join(self.asked.names)
            raise InputError("not_updated", name=short(name), known=known)
        return self.tape.graph.inputs[name]

    def before(self, node: int) -> dict[str, Any]:
        """All that the rule takes at a node, by its name there."""
        weight = self.tape.values[node]
        kept = self.state.get(self.nodes[node], {})
        return {
            WEIGHT: weight,
            GRADIENT: self.tape.upstreams[node],
            RATE: self.asked.rate,
            TIME: float(self.time),
            **self.asked.settings,
            **{name: kept.get(name, 0.0 * abs(weight)) for name in self.asked.rule.state},
        }

    def run(self, node: int) -> Tape:
        """The rule at a node, run as a graph of its own."""
        graph, given = self.asked.rule.graph, self.before(node)
        return Tape(graph, {i: given[name] for name, i in graph.inputs.items()})

    @cached_property
    def assigned(self) -> Mapping[int, tuple[Assigned, ...]]:
        """The formulas of the rule with their numbers, in order, for each node."""
        return {node: tuple(self._assigned(node)) for node in self.nodes}

    def _assigned(self, node: int) -> list[Assigned]:
        given, run, found = self.before(node), self.run(node), list[Assigned]()
        for name, text in self.asked.rule.formulas:
            value = run.values[run.graph.index(name + NEW)]
            found.append(Assigned(name, text, given, value))
            given = {**given, name: value}
        return found

    def new(self, node: int) -> Any:
        """The new value of an input, in its shape."""
        return self.assigned[node][-1].value

    @property
    def weights(self) -> dict[str, Any]:
        """The new values by name."""
        return {name: self.new(node) for node, name in self.nodes.items()}

    @property
    def kept(self) -> State:
        """The state after this update."""
        return {
            name: {one.name: one.value for one in self.assigned[node][:-1]}
            for node, name in self.nodes.items()
        }

    def on(self, tape: Run) -> Self:
        """The same update, with the same state, of another run of the graph."""
        return replace(self, tape=tape)

    def among(self, other: Self) -> Self:
        """Another update as the one after those before this one, if weights have their shapes."""
        fits = {
            name: kept
            for name, kept in self.state.items()
            if name in other.asked.names and _shapes(kept) <= {_shape(other.tape.inputs[name])}
        }
        return replace(other, state=fits, time=self.time)

    def following(self, tape: Run) -> Self:
        """The next update: that of a run at the new weights, with what the rule has kept."""
        return replace(self, tape=tape, state=self.kept, time=self.time + 1)


def _shape(value: Any) -> Shape:
    return getattr(value, "shape", ())


def _shapes(kept: Mapping[str, Any]) -> set[Shape]:
    return {*map(_shape, kept.values())}
