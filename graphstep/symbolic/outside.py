"""The loss outside of a figure, whose gradient arrives at the output."""

from __future__ import annotations

from itertools import chain, count
from typing import TypeVar

from ..base.errors import GraphError, InputError, short
from ..engine.run import Run
from ..graph.graph import Graph
from ..language.tokens import name_of

OneRun = TypeVar("OneRun", bound=Run)
LOSSES = ("L", "E", "J", "loss")
"""Names of a loss: an output that has one of them is the end, and else the first that is free."""

Upstream = object
"""The name of a loss outside, or the gradient that arrives: a number, array or list; or None."""


def loss_outside(graph: Graph, upstream: Upstream) -> str:
    """The name of the loss outside; empty where the output is the end, with a gradient of 1.

    What comes after the output of an unknown gate is outside, as in the lecture's figure of one.
    Raises GraphError for anything but a name that is free, and 1.
    """
    if upstream is None:
        return _usual(graph)
    name = check_upstream(upstream)
    if name in graph.names or name in _gates(graph):
        raise GraphError("upstream_taken", name=name)
    return name


def check_upstream(upstream: Upstream) -> str:
    """The name of a loss outside, or nothing for 1. Raises GraphError for anything else."""
    name = "" if is_seed(upstream) else name_of(upstream)
    if name is None:
        raise GraphError("bad_upstream", given=short(upstream))
    return name


def arrived(tape: OneRun, upstream: Upstream) -> OneRun:
    """A tape with the gradient that arrives from outside, if one is given that is not 1.

    Raises InputError for a name, and what `Run.arriving` raises.
    """
    if upstream is None or (is_seed(upstream) and not getattr(tape.value, "shape", ())):
        return tape
    if isinstance(upstream, str):
        raise InputError("upstream_symbols", given=short(upstream))
    return tape.arriving(upstream, _free(tape.graph))


def is_seed(upstream: Upstream) -> bool:
    """Whether an upstream gradient is that of the output itself."""
    return type(upstream) in (int, float, str) and upstream in (1, "1")


def _usual(graph: Graph) -> str:
    last = graph.nodes[graph.output]
    inner = graph.whole is not None
    if inner or last.gate is None or not last.gate.unknown or last.name in LOSSES:
        return ""
    return _free(graph)


def _free(graph: Graph) -> str:
    """The first name of a loss that a graph has not taken."""
    taken = {*graph.names, *_gates(graph)}
    names = chain(LOSSES, (f"L{k}" for k in count(1)))
    return next(name for name in names if name not in taken)


def _gates(graph: Graph) -> set[str]:
    """The names of unknown gates."""
    return {node.gate.name for i in graph.unknown if (node := graph.nodes[i]).gate is not None}
