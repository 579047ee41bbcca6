"""The tape: a run for users, which can be checked and shown as a networkx graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..base.errors import InputError
from ..base.notebook import Shown
from ..calculus.shapes import Shape
from ..graph.graph import Graph, multidigraph
from ..graph.slots import FORWARD
from .run import Run

if TYPE_CHECKING:
    import networkx as nx

    from .gradient_check import Report


@dataclass(frozen=True, eq=False)
class OnTape:
    """A node of a tape with its numbers: floats, or arrays in the node's shape."""

    tape: Run
    node: int

    def __repr__(self) -> str:
        return f"<{self.name} of {self.tape!r}>"

    @property
    def name(self) -> str:
        """Its name, or its id where it has none."""
        return self.tape.graph.ids[self.node]

    @property
    def shape(self) -> Shape:
        """The shape of its value; () for a number."""
        return self.tape.shapes[self.node]

    @property
    def value(self) -> Any:
        """Its value."""
        return self.tape.values[self.node]

    @property
    def upstream(self) -> Any:
        """Its upstream gradient: the sum over the wires that leave it."""
        return self.tape.upstreams[self.node]

    @property
    def tangent(self) -> Any:
        """Its tangent. Raises InputError for a tape that is not in forward mode."""
        if self.tape.mode is not FORWARD:
            raise InputError("forward_needed", name="tangent")
        return self.tape.derivatives[self.node]

    def local(self, source: str, which: int | None = None) -> Any:
        """Its local gradient with respect to one of its inputs: a float, or a `Jacobian`.

        `which` counts, from 0, the wires from an input that it takes several times. Raises
        InputError for what is no input of it, or if it has to be said which.
        """
        return self.tape.local(self._wire(source, which))

    def downstream(self, source: str, which: int | None = None) -> Any:
        """What it sends back to one of its inputs, in that one's shape; raises as `local` does."""
        return self.tape.downstream(self._wire(source, which))

    def _wire(self, source: str, which: int | None) -> int:
        graph = self.tape.graph
        start, entering = _place(graph, source), graph.wires_in[self.node]
        found = [w for w in entering if graph.wires[w].source == start]
        if len(found) == 1 and which is None:
            return found[0]
        if which is not None and which in range(len(found)):
            return found[which]
        if not entering:
            first, gate, _ = graph.wires[0]
            raise InputError("nothing_taken", name=self.name, gate=graph.ids[gate],
                             into=graph.ids[first])  # fmt: skip
        known = ", ".join(dict.fromkeys(graph.ids[graph.wires[w].source] for w in entering))
        key = "which_wire" if found else "not_taken"
        raise InputError(key, name=self.name, given=source, known=known, count=len(found),
                         last=len(found) - 1)  # fmt: skip


def _place(graph: Graph, name: str) -> int:
    """The node of a name or an id. Raises InputError."""
    if name not in graph.names and name in graph.ids:
        return graph.ids.index(name)
    return graph.index(name)


def _plain(value: Any) -> Any:
    """Floats and nested lists; of a Jacobian, its entries."""
    dense = value.dense() if hasattr(value, "dense") else value
    return dense.tolist() if hasattr(dense, "tolist") else dense


class Tape(Shown, Run):
    """All numbers of one run: values, and on demand upstream, local and downstream gradients.

    Made by `ComputationalGraph.forward`. Everything follows from the values, so a tape never
    changes. Numbers are floats, or arrays where the graph has some; gradients are of the
    output, one number, with respect to a node, and have its shape. Arrays are not copied:
    read what you need before you change one in place.
    """

    def __getitem__(self, name: str) -> OnTape:
        """A node with its numbers, by its name, or by its id in `graph.ids`.

        Raises InputError for a name that the graph does not have.

        >>> from graphstep.engine.computational_graph import parse
        >>> tape = parse("q = x + y; f = q * z").forward(x=-2, y=5, z=-4)
        >>> tape["q"].value, tape["q"].upstream, tape["f"].local("q")
        (3.0, -4.0, -4.0)
        """
        return OnTape(self, _place(self.graph, name))

    def table(self) -> list[dict[str, Any]]:
        """A row for each wire, and for each node without one, as pandas takes them.

        A row has the node's name, `value` and `upstream`; the gate that the wire enters (`into`,
        None if there is none), as its input number `position`; `local` and `downstream`. In
        forward mode it has `tangent` instead, and no `downstream`. Raises GraphError where the
        output is not one number and its gradient is not given.
        """
        graph, no_wire = self.graph, dict.fromkeys(("into", "position", "local", *self.mode.wire))
        rows: list[dict[str, Any]] = []
        for i, name in enumerate(graph.ids):
            own = {"node": name, **self._of_node(i)}
            wires = graph.wires_out[i]
            rows += [{**own, **self._on_wire(w)} for w in wires] or [{**own, **no_wire}]
        return rows

    def _of_node(self, node: int) -> dict[str, Any]:
        return {"value": self.values[node], self.mode.node: self.derivatives[node]}

    def _of_wire(self, wire: int) -> dict[str, Any]:
        back = {kind: self.downstream(wire) for kind in self.mode.wire}
        return {"local": self.local(wire), **back}

    def _on_wire(self, wire: int) -> dict[str, Any]:
        _, target, position = self.graph.wires[wire]
        return {"into": self.graph.ids[target], "position": position, **self._of_wire(wire)}

    def to_dict(self) -> dict[str, Any]:
        """All numbers by name, as floats and nested lists.

        `value`, `gradients` of the inputs, `nodes` with value and upstream, and `wires` with their
        ends, local (the entries of a Jacobian) and downstream. In forward mode nodes have their
        tangents, and there are no gradients. Raises what `table` raises.
        """
        graph = self.graph
        nodes = {
            name: {kind: _plain(value) for kind, value in self._of_node(i).items()}
            for i, name in enumerate(graph.ids)
        }
        wires = [
            {"node": graph.ids[wire.source], **{k: _plain(v) for k, v in self._on_wire(w).items()}}
            for w, wire in enumerate(graph.wires)
        ]
        found = {} if self.mode is FORWARD else {"gradients": self._plain_gradients()}
        return {"value": _plain(self.value), **found, "nodes": nodes, "wires": wires}

    def _plain_gradients(self) -> dict[str, Any]:
        return {name: _plain(gradient) for name, gradient in self.gradients.items()}

    def annotated(self) -> nx.MultiDiGraph:
        """The graph as a networkx.MultiDiGraph with all numbers.

        Nodes have `value` and `upstream`, edges `local` and `downstream`, besides their attributes
        in `graph.nx`; in forward mode, nodes have `tangent`. Each call makes a new one.
        """
        graph = self.graph
        shown = multidigraph(graph)
        for i, name in enumerate(graph.ids):
            shown.nodes[name].update(self._of_node(i))
        for w, (source, target, position) in enumerate(graph.wires):
            shown.edges[graph.ids[source], graph.ids[target], position].update(self._of_wire(w))
        return shown

    def check(self) -> Report:
        """Compare every local gradient and every input's gradient with numeric ones.

        Returns a `Report`: `report.ok` says whether all agree, `report.first` is the first wrong
        one, and `print(report)` prints all that is worth knowing. Numeric gradients are central
        differences with Richardson extrapolation (Ridders 1982); errors are those of the CS231n
        notes, `|a - n| / max(|a|, |n|)`. Raises GraphError where the output is not one number.
        """
        from .gradient_check import check_gradients

        return check_gradients(self)
