"""The tape of a graph without inputs' values: it knows the graph, and refuses to tell numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from math import nan, prod
from typing import TYPE_CHECKING, Any, Never, Self

from ..base.errors import InputError
from ..calculus.shapes import Shape
from ..calculus.values import Unknown, stand_in, value_for
from ..engine.run import (
    Trouble,
    engines,
    merged,
    missing_input,
    missing_inputs,
    refuse_unknown,
)
from ..engine.tape import Tape
from ..gates import GATES
from ..graph.composites import joins_numbers
from ..graph.graph import Graph
from ..language.local_texts import Taken
from .arrays import refuse_arrays
from .outside import Upstream, loss_outside

if TYPE_CHECKING:
    from ..engine.computational_graph import ComputationalGraph
    from .names import SymbolicNames

SHORT_LIST = 6


def symbolic_tape(
    graph: ComputationalGraph,
    inputs: Mapping[str, object] | None,
    named: Mapping[str, object],
    upstream: Upstream = None,
) -> SymbolicTape | None:
    """The tape of a graph of which nothing is given but shapes; else None.

    Where not even these are given, it is a graph of single numbers.
    An input with the name of a gate is a call without its brackets. `upstream` is the name of a
    loss outside. Raises what `loss_outside` raises, and InputError for arrays without shapes, and
    beside unknown gates.
    """
    told = merged(inputs, named)
    if any(isinstance(value, Unknown) for value in told.values()):
        return _of_shapes(graph, told, upstream)
    given = [*told, *graph.unused]
    given += [name for name, i in graph.inputs.items() if graph.nodes[i].value is not None]
    calls = not graph.inputs.keys().isdisjoint(GATES)
    if given or calls or not graph.inputs:
        return None
    if engines(graph).needs_arrays:
        refuse_arrays(graph)
        nodes = dict(enumerate(graph.nodes))
        if not all(joins_numbers(node, nodes) for node in graph.nodes):
            first = missing_inputs(graph, ())[0]
            raise missing_input(graph, first, {}, key="missing_arrays")
        return _of_shapes(graph, dict.fromkeys(graph.inputs, Unknown()), upstream)
    return SymbolicTape(graph, loss_outside(graph, upstream))


def _of_shapes(
    graph: ComputationalGraph, given: Mapping[str, object], upstream: Upstream
) -> SymbolicTape:
    """The tape of a graph whose inputs have shapes alone. Raises InputError and ShapeError."""
    refuse_unknown(graph)
    found = graph.forward(_stand_ins(graph, given))
    return SymbolicTape(graph, loss_outside(graph, upstream), found if any(found.shapes) else None)


def _stand_ins(graph: Graph, given: Mapping[str, object]) -> dict[str, Any]:
    """Numbers for unknown inputs. Raises InputError if one is given, and if one is missing."""
    known = [name for name, value in given.items() if not isinstance(value, Unknown)]
    if known:
        first, value = known[0], value_for(known[0], given[known[0]])
        raise InputError("unknown_beside", name=next(n for n in given if n not in known),
                         names=", ".join(known), known=first,
                         write=Unknown(getattr(value, "shape", ())))  # fmt: skip
    for name in missing_inputs(graph, given):
        raise missing_input(graph, name, given, write=Unknown())
    inputs = graph.inputs
    return {
        name: stand_in(value, name in inputs and graph.holds_labels(inputs[name]))
        for name, value in given.items() if isinstance(value, Unknown)
    }  # fmt: skip


def _ones(shape: Shape) -> str:
    """Ones in a shape, as they are written."""
    if len(shape) == 1 and shape[0] <= SHORT_LIST:
        return str([1] * shape[0])
    return f"np.ones({shape})" if shape else "1"


class SymbolicTape(Tape):
    """A tape on which every value is unknown: whatever reads a number raises InputError.

    Where there are arrays, `like` is a tape of the same shapes.
    """

    numeric = False

    def __init__(self, graph: Graph, outside: str = "", like: Tape | None = None) -> None:
        self.graph, self.unused, self.outside, self.like = graph, {}, outside, like

    def __reduce__(self) -> tuple[Callable[..., Self], tuple[object, ...]]:
        return type(self), (self.graph, self.outside, self.like)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {', '.join(self.graph.inputs)}>"

    def check_numbers(self) -> Never:
        """Raise InputError: there are none."""
        refuse_unknown(self.graph)
        names, shapes = list(self.graph.inputs), self.shapes
        least = min(names, key=lambda name: prod(shapes[self.graph.inputs[name]]))
        write = f"{least}={_ones(shapes[self.graph.inputs[least]])}"
        raise InputError("no_numbers", names=", ".join(names), write=write, missing=names)

    def names(self, shown: Mapping[str, str]) -> SymbolicNames:
        """The names in the figure; `shown` are some as it sets them."""
        from .names import SymbolicNames

        return SymbolicNames(self.graph, shown, self.outside, self.shapes)

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
        """Raise GraphError unless the output is a number, or its gradient comes from outside."""
        if self.like is not None and not self.outside:
            self.like.check_output()

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """The shape of each node."""
        return self.like.shapes if self.like else ((),) * len(self.graph.nodes)

    @cached_property
    def at_work(self) -> Mapping[int, Taken]:
        """Each gate with its arguments; nan is equal to nothing, so no special case applies.

        Nor does one to the numbers of `like`, which are all different.
        """
        return (
            self.like.at_work
            if self.like
            else {
                i: node.at_work((nan,) * len(self.graph.nodes), nan)
                for i, node in enumerate(self.graph.nodes)
                if node.gate is not None
            }
        )

    @cached_property
    def troubles(self) -> tuple[Trouble, ...]:
        """Numbers that are not known cannot stop being finite."""
        return ()
