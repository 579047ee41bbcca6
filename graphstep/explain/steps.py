"""Steps: which slots become visible when, and why then. No numbers, no words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from ..graph.graph import Graph
from ..graph.slots import Slot
from .step_kinds import AFTERWARDS, KINDS, TANGENTS, WAYS, Kind, before

Slots = tuple[Slot, ...]
Wires = tuple[int, ...]


class Step(NamedTuple):
    """What happens in one frame.

    `kind` names a row of `KINDS`, which says what the step is about. `wire` is set for a step about
    a single wire. `shows` become visible, and are computed from `uses`. `after` are the gates that
    had to be done first, which is why this step can come now.
    """

    kind: str
    node: int
    wire: int | None
    shows: Slots
    uses: Slots
    after: tuple[int, ...]

    @property
    def row(self) -> Kind:
        """The row of the step's kind."""
        return KINDS[self.kind]

    def wires(self, graph: Graph) -> Wires:
        """The wires the step is about, by position."""
        return (self.wire,) if self.wire is not None else _about(graph, self.row, self.node)

    def in_order(self, graph: Graph) -> Wires:
        """The wires in speaking order: for the wires into a gate, the last input first."""
        found = self.wires(graph)
        return found[::-1] if self.row.wires == "in" else found


def steps(
    graph: Graph, by: str = "gate", forward: bool = False, updated: Iterable[int] = ()
) -> tuple[Step, ...]:
    """The steps of a graph: forward (in one, or gate by gate), the seed, backward, the updates.

    A node's turn comes when its upstream gradient can be known: all gates that use its value are
    done. The wire of its last input comes first.
    """
    turns = (s for i in reversed(graph.reaching) for s in _turn(graph, WAYS[by], i))
    updates = (_step(graph, kind, i) for i in updated for kind in AFTERWARDS)
    return (*_before(graph, before(by, forward)), *turns, *updates)


def tangent_steps(graph: Graph) -> tuple[Step, ...]:
    """The steps of forward mode: the inputs and their tangents, then gate by gate."""
    return tuple(_before(graph, TANGENTS))


def ready(graph: Graph, found: Sequence[Step]) -> tuple[tuple[int, ...], ...]:
    """For each backward step, the other nodes that could have had their turn."""
    turns = {step.node for step in found if step.row.turn}
    waits = [len(set(_users(graph, i))) for i in range(len(graph.nodes))]
    can, done = set[int](), set[int]()

    def end(node: int) -> None:
        done.add(node)
        can.discard(node)
        for source in dict.fromkeys(graph.nodes[node].sources):
            waits[source] -= 1
            if not waits[source] and source in turns:
                can.add(source)

    if graph.output in turns:
        can.add(graph.output)
    else:
        end(graph.output)
    answer = []
    for k, step in enumerate(found):
        backward = step.row.after == "users"
        answer.append(tuple(sorted(can - {step.node}, reverse=True)) if backward else ())
        later = found[k + 1].node if k + 1 < len(found) else None
        if step.row.turn and step.node != later and step.node not in done:
            end(step.node)
    return tuple(answer)


def _before(graph: Graph, kinds: Sequence[str]) -> Iterator[Step]:
    """The steps before the backward pass: at the output, or those of each gate, gate by gate."""
    gates = [i for i, node in enumerate(graph.nodes) if node.gate is not None]
    backward = set(gates) - graph.beyond
    for each, group in groupby(kinds, lambda kind: KINDS[kind].after == "sources"):
        some = tuple(group)
        for node in gates if each else (graph.output,):
            yield from (_step(graph, kind, node) for kind in some
                        if node in backward or not KINDS[kind].wires)  # fmt: skip


def _turn(graph: Graph, kinds: Sequence[str], node: int) -> Iterator[Step]:
    """The steps of one node in the backward pass."""
    of_one = [kind for kind in kinds if KINDS[kind].wires == "one"]
    for kind in kinds:
        row = KINDS[kind]
        if kind not in of_one and len(_about(graph, row, node)) >= row.least:
            yield _step(graph, kind, node)
    for wire in reversed(graph.wires_in[node]):
        for kind in of_one:
            yield _step(graph, kind, node, wire)


def _step(graph: Graph, kind: str, node: int, wire: int | None = None) -> Step:
    row = KINDS[kind]
    wires = _about(graph, row, node) if wire is None else (wire,)
    each = (slot for w in wires for slot in _slots(graph, row.each, node, (w,)))
    shows = (*each, *_slots(graph, row.shows, node, wires))
    after = AFTER[row.after](graph, node)
    return Step(kind, node, wire, shows, _slots(graph, row.uses, node, wires), after)


def _about(graph: Graph, row: Kind, node: int) -> Wires:
    """The wires of a node that a kind of step is about."""
    if row.wires == "in":
        return graph.wires_in[node]
    return graph.wires_back[node] if row.wires == "out" else ()


# --- which gates come first


def _users(graph: Graph, node: int) -> tuple[int, ...]:
    """The gates that use a node's value, and so are done before it."""
    return tuple(dict.fromkeys(graph.wires[w].target for w in reversed(graph.wires_back[node])))


def _made_by(graph: Graph, node: int) -> tuple[int, ...]:
    """The gates whose values a gate takes."""
    sources = dict.fromkeys(graph.nodes[node].sources)
    return tuple(s for s in sources if graph.nodes[s].gate is not None)


AFTER: Mapping[str, Callable[[Graph, int], tuple[int, ...]]] = MappingProxyType(
    {"": lambda g, n: (), "sources": _made_by, "users": _users}
)

# --- slots


def _slots(graph: Graph, names: Sequence[str], node: int, wires: Wires) -> Slots:
    found = dict.fromkeys(slot for name in names for slot in SLOTS[name](graph, node, wires))
    without = graph.never_filled
    return tuple(slot for slot in found if slot not in without) if without else tuple(found)


def _arrives(graph: Graph, wires: Wires) -> Iterator[Slot]:
    """Downstream gradients, each also its node's upstream if no other wire leaves the node."""
    for wire in wires:
        source = graph.wires[wire].source
        yield Slot("downstream", wire)
        if len(graph.wires_back[source]) == 1:
            yield Slot("upstream", source)


def _tangents(graph: Graph, nodes: Iterable[int]) -> Iterator[Slot]:
    """The tangents of nodes; labels have none."""
    return (Slot("tangent", i) for i in nodes if Slot("upstream", i) not in graph.never_filled)


def _factors(graph: Graph, wires: Wires) -> Iterator[Slot]:
    """The values from which the local gradients of wires are computed."""
    for target, whole in dict.fromkeys(_factors_at(graph, w) for w in wires):
        args = graph.nodes[target].args
        for which in whole:
            place = target if which is None else args[which]
            if isinstance(place, int):
                yield Slot("value", place)


def _factors_at(graph: Graph, wire: int) -> tuple[int, Sequence[int | None]]:
    """The gate that a wire enters, and the positions of the factors of its local gradient."""
    _, target, position = graph.wires[wire]
    node = graph.nodes[target]
    assert node.gate is not None
    return target, node.gate.factors(position, len(node.args))


SLOTS: Mapping[str, Callable[[Graph, int, Wires], Iterable[Slot]]] = MappingProxyType(
    {
        "values": lambda g, n, w: (Slot("value", i) for i in range(len(g.nodes))),
        "leaves": lambda g, n, w: (
            Slot("value", i) for i, node in enumerate(g.nodes) if node.gate is None
        ),
        "sources": lambda g, n, w: (Slot("value", source) for source in g.nodes[n].sources),
        "value": lambda g, n, w: (Slot("value", n),),
        "leaf_tangents": lambda g, n, w: _tangents(
            g, (i for i, node in enumerate(g.nodes) if node.gate is None)
        ),
        "source_tangents": lambda g, n, w: _tangents(g, g.nodes[n].sources),
        "tangent": lambda g, n, w: _tangents(g, (n,)),
        "next": lambda g, n, w: (Slot("next", n),),
        "upstream": lambda g, n, w: (Slot("upstream", n),),
        "gradients": lambda g, n, w: (Slot("upstream", g.wires[k].target) for k in w),
        "local": lambda g, n, w: (Slot("local", k) for k in w),
        "downstream": lambda g, n, w: (Slot("downstream", k) for k in w),
        "arrives": lambda g, n, w: _arrives(g, w),
        "factors": lambda g, n, w: _factors(g, w),
    }
)
"""The slots that a row can name, for a graph, a node and wires; "gradients" are the upstream
gradients of the gates that the wires enter."""
