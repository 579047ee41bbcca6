"""The tape of a graph without inputs' values: it knows the graph, and refuses to tell numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from math import nan
from typing import Any, Never, Self

from ..base.errors import InputError
from ..calculus.shapes import Shape
from ..engine.run import Trouble, engines, merged, refuse_unknown
from ..engine.tape import Tape
from ..gates import GATES
from ..graph.graph import Graph
from ..language.local_texts import Taken
from .arrays import refuse_arrays
from .outside import Upstream, loss_outside


def symbolic_tape(
    graph: Graph,
    inputs: Mapping[str, object] | None,
    named: Mapping[str, object],
    upstream: Upstream = None,
) -> SymbolicTape | None:
    """The tape of a graph of which nothing is given, if it is of single numbers; else None.

    An input with the name of a gate is a call without its brackets. `upstream` is the name of a
    loss outside. Raises what `loss_outside` raises, and InputError for arrays beside unknown gates.
    """
    given = [*merged(inputs, named), *graph.unused]
    given += [name for name, i in graph.inputs.items() if graph.nodes[i].value is not None]
    calls = not graph.inputs.keys().isdisjoint(GATES)
    if given or calls or not graph.inputs:
        return None
    if engines(graph).needs_arrays:
        refuse_arrays(graph)
        return None
    return SymbolicTape(graph, loss_outside(graph, upstream))


class SymbolicTape(Tape):
    """A tape on which every value is unknown: whatever reads a number raises InputError."""

    numeric = False

    def __init__(self, graph: Graph, outside: str = "") -> None:
        self.graph, self.unused, self.outside = graph, {}, outside

    def __reduce__(self) -> tuple[Callable[..., Self], tuple[object, ...]]:
        return type(self), (self.graph, self.outside)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {', '.join(self.graph.inputs)}>"

    def check_numbers(self) -> Never:
        """Raise InputError: there are none."""
        refuse_unknown(self.graph)
        names = list(self.graph.inputs)
        raise InputError("no_numbers", names=", ".join(names), name=names[0], missing=names)

    @property
    def given(self) -> dict[int, Any]:
        """Nothing is given."""
        self.check_numbers()

    @property
    def value(self) -> Any:
        """The value of the output is not known."""
        self.check_numbers()

    @cached_property
    def values(self) -> tuple[Any, ...]:
        """No value is known."""
        self.check_numbers()

    @cached_property
    def upstreams(self) -> tuple[Any, ...]:
        """No gradient is known."""
        self.check_numbers()

    def backward(self, *names: str, upstream: object = None) -> dict[str, Any]:  # noqa: ARG002
        """No gradient is known, of whatever input."""
        self.check_numbers()

    def local(self, wire: int) -> Any:  # noqa: ARG002
        """No local gradient is known as a number."""
        self.check_numbers()

    def downstream(self, wire: int) -> Any:  # noqa: ARG002
        """No downstream gradient is, either."""
        self.check_numbers()

    def check_output(self) -> None:
        """The output is a number, whatever the inputs are."""

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """Every node is one number."""
        return ((),) * len(self.graph.nodes)

    @cached_property
    def at_work(self) -> Mapping[int, Taken]:
        """Each gate with its arguments; nan is equal to nothing, so no special case applies."""
        return {
            i: node.at_work((nan,) * len(self.graph.nodes), nan)
            for i, node in enumerate(self.graph.nodes)
            if node.gate is not None
        }

    @cached_property
    def troubles(self) -> tuple[Trouble, ...]:
        """Numbers that are not known cannot stop being finite."""
        return ()
