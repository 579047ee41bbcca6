"""The tape: a run for users, which can be checked and shown as a networkx graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.notebook import Shown
from ..graph.networkx_view import multidigraph
from .run import Run

if TYPE_CHECKING:
    import networkx as nx

    from .gradient_check import Report


class Tape(Shown, Run):
    """All numbers of one run: values, and on demand upstream, local and downstream gradients.

    Made by `ComputationalGraph.forward`. Everything follows from the values, so a tape never
    changes. Numbers are floats, or arrays where the graph has some; gradients are of the
    output, one number, with respect to a node, and have its shape. Arrays are not copied:
    read what you need before you change one in place.
    """

    def annotated(self) -> nx.MultiDiGraph:
        """The graph as a networkx.MultiDiGraph with all numbers.

        Nodes have `value` and `upstream`, edges `local` and `downstream`, besides their attributes
        in `graph.nx`. Each call makes a new one.
        """
        graph = self.graph
        shown = multidigraph(graph)
        for i, name in enumerate(graph.ids):
            shown.nodes[name].update(value=self.values[i], upstream=self.upstreams[i])
        for w, (source, target, position) in enumerate(graph.wires):
            shown.edges[graph.ids[source], graph.ids[target], position].update(
                local=self.local(w), downstream=self.downstream(w)
            )
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
