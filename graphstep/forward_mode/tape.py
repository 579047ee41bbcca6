"""The tape of forward mode: besides the values, the tangent of every node."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from math import prod
from typing import Any, Self

from ..base.errors import GraphError
from ..calculus.shapes import Shape
from ..calculus.values import bad_number, is_finite, nothing
from ..engine.run import Run, Trouble, begun
from ..engine.tape import Tape
from ..graph.graph import Graph
from ..graph.slots import FORWARD, Slot
from ..language.local_texts import Taken
from .reading import Along, Start, start


class Carrying:
    """What follows from a graph, and from where forward mode begins in it."""

    mode = FORWARD
    graph: Graph
    shapes: tuple[Shape, ...]
    start: Start

    @cached_property
    def depending(self) -> frozenset[int]:
        """The nodes that depend on the input."""
        found = {self.start.node}
        for w, (source, target, _) in enumerate(self.graph.wires):
            if source in found and not self.graph.takes_labels(self.graph.wires[w]):
                found.add(target)
        return frozenset(found)

    def carrying(self, node: int) -> tuple[int, ...]:
        """The wires into a gate that bring a tangent."""
        graph, there = self.graph, self.depending
        return tuple(
            w for w in graph.wires_in[node]
            if graph.wires[w].source in there and not graph.takes_labels(graph.wires[w])
        )  # fmt: skip

    @property
    def passes(self) -> dict[str, int]:
        """How many passes it takes for all derivatives: forward, and backward.

        One for each number that goes in, labels aside, and one for each that comes out.
        """
        graph, never = self.graph, self.graph.never_filled
        inputs = [i for i in graph.inputs.values() if Slot("upstream", i) not in never]
        sizes = [prod(self.shapes[i]) for i in inputs]
        return {"forward": sum(sizes), "backward": prod(self.shapes[graph.output])}


class ForwardTape(Carrying, Tape):
    """A tape whose tangents are the derivatives of all nodes along one input, or a direction.

    The tangent of a gate is the sum of its local gradients times the tangents of its inputs
    (Griewank and Walther 2008, chapter 3): for arrays, the Jacobian times the tangent, `push`. It
    has the shape of its node. Nodes that do not depend on the input have the tangent 0.
    """

    along: Along

    @classmethod
    def of(cls, tape: Run, along: Along) -> Self:
        """The forward mode of a run. Raises InputError and ShapeError as `start` does."""
        tape.check_numbers()
        refuse_target(tape)
        made = cls(tape.graph, tape.given, tape.unused)
        made.along, made.start = along, start(made, along)
        return made

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return _again, (type(self), *super().__reduce__()[1][1:4], self.along)

    def closing(self, run: Run) -> Self:
        """The forward mode of another run of the graph."""
        return type(self).of(run, self.along)

    @cached_property
    def tangents(self) -> tuple[Any, ...]:
        """The tangent of every node, in its shape."""
        found = list(map(nothing, self.shapes))
        found[self.start.node] = self.start.tangent
        for node in self.graph.gates:
            terms = [self._pushed(w, found) for w in self.carrying(node)]
            if terms:
                found[node] = _sum(terms)
        return tuple(found)

    @property
    def derivatives(self) -> tuple[Any, ...]:
        """The tangents."""
        return self.tangents

    def pushed(self, wire: int) -> Any:
        """What a wire adds to the tangent of its gate: local gradient times tangent."""
        return self._pushed(wire, self.tangents)

    def _pushed(self, wire: int, tangents: Any) -> Any:
        source, target, _ = self.graph.wires[wire]
        local, tangent = self.local(wire), tangents[source]
        if isinstance(local, float):
            return local * tangent
        import numpy as np

        with np.errstate(all="ignore"):
            found = np.reshape(local.push(np.asarray(tangent)), self.shapes[target])
        return found if found.ndim else float(found)

    @property
    def derivative(self) -> Any:
        """The tangent of the output."""
        return self.tangents[self.graph.output]

    @cached_property
    def troubles(self) -> tuple[Trouble, ...]:
        """The places where numbers stop being finite, tangents among them."""
        graph, found = self.graph, begun(self)
        for node in graph.gates:
            wires = self.carrying(node)
            parts = [self.local(w) for w in wires]
            parts += [self.tangents[graph.wires[w].source] for w in wires]
            if not is_finite(self.tangents[node]) and all(map(is_finite, parts)):
                found.append(Trouble(node, "tangent", node, bad_number(self.tangents[node])))
        return tuple(found)


def _sum(terms: list[Any]) -> Any:
    """The sum of tangents; one that is too large is infinite."""
    if all(type(term) is float for term in terms):
        return sum(terms[1:], terms[0])  # from the first one, which may be −0
    import numpy as np

    with np.errstate(all="ignore"):
        return sum(terms[1:], terms[0])


def refuse_target(tape: Run) -> None:
    """Raise GraphError for a graph of which an inner node is the target."""
    if tape.graph.whole is not None:
        raise GraphError("backward_only", name="target")


def is_linear(taken: Taken, position: int, local: Any) -> bool:
    """Whether a gate is linear in one input: it does to a change what it does to the input.

    Found by trying: the Jacobian's image of irregular numbers, and the gate's value there.
    """
    if taken.gate.own or isinstance(local, float):
        return False
    import numpy as np

    from ..calculus.array_math import ARRAY
    from ..calculus.jacobians import irregular

    change = irregular(local.columns)
    values = [change if k == position else v for k, v in enumerate(taken.values)]
    with np.errstate(all="ignore"):
        found = taken.gate.apply(ARRAY, *values, *taken.options)
        pushed = np.reshape(local.push(change), local.rows)
    same = np.shape(found) == local.rows
    return same and bool(np.allclose(found, pushed, rtol=1e-12, atol=0.0))


def _again(kind: type[ForwardTape], graph: Any, given: Any, unused: Any, along: Along) -> Run:
    """A tape that was pickled."""
    return kind.of(Tape(graph, given, unused), along)
