"""Rewritten nodes in their order, and where each of the old ones is among them.

A group stands elsewhere than the gates inside, and gates outside move out of its way. So that its
gates come back to where they were, each node carries its place while a group remembers any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush
from types import MappingProxyType
from typing import NamedTuple

from ..gates import Gate
from ..graph.composites import inner_of
from ..graph.nodes import Node

Argument = int | float
Places = tuple[int, ...]


class Rewritten(NamedTuple):
    """New nodes, and the new index of each old node; None for one that is gone.

    `names` are names of nodes that had been inside a group, by their index.
    """

    nodes: tuple[Node, ...]
    new: tuple[int | None, ...]
    names: Mapping[str, int] = MappingProxyType({})

    def then(self, later: Rewritten) -> Rewritten:
        """The rewriting that is this one, and then another of its nodes."""
        new = (None if i is None else later.new[i] for i in self.new)
        moved_names = ((name, later.new[i]) for name, i in self.names.items())
        names = {name: i for name, i in moved_names if i is not None}
        return Rewritten(later.nodes, tuple(new), {**names, **later.names})


def moved(arg: Argument, new: Sequence[int | None]) -> Argument:
    """What a gate takes: the new index of a node, or the number inside the gate."""
    if not isinstance(arg, int):
        return arg
    found = new[arg]
    assert found is not None  # a node that is used is never gone
    return found


def remapped(node: Node, new: Sequence[int | None]) -> Node:
    """A node that takes the same, where that is now."""
    return node._replace(args=tuple(moved(arg, new) for arg in node.args))


def unmoved(nodes: Sequence[Node]) -> Rewritten:
    """The nodes as they are."""
    return Rewritten(tuple(nodes), tuple(range(len(nodes))))


def placed(nodes: Sequence[Node]) -> list[Node]:
    """Nodes that all know their places: those that they have, or where they stand."""
    return [node if node.place else node._replace(place=(i,)) for i, node in enumerate(nodes)]


def in_order(found: Rewritten) -> Rewritten:
    """Nodes that know their places, each after what it takes, or else in the order of the places.

    They forget them where those say nothing new and no group needs them.
    """
    order = _sorted(found.nodes)
    now = [0] * len(order)
    for k, i in enumerate(order):
        now[i] = k
    nodes = [remapped(found.nodes[i], now) for i in order]
    stand = all(node.place == (i,) for i, node in enumerate(nodes))
    if stand or not any(remembers(node.gate) for node in nodes):
        nodes = [node._replace(place=()) for node in nodes]
    return found.then(Rewritten(tuple(nodes), tuple(now)))


def _sorted(nodes: Sequence[Node]) -> list[int]:
    """The nodes in topological order; of those that may come next, the one of the lowest place."""
    users: list[list[int]] = [[] for _ in nodes]
    waits = [len(set(node.sources)) for node in nodes]
    for i, node in enumerate(nodes):
        for source in set(node.sources):
            users[source].append(i)
    ready = [(node.place, i) for i, node in enumerate(nodes) if not waits[i]]
    heapify(ready)
    order = []
    while ready:
        _, i = heappop(ready)
        order.append(i)
        for user in users[i]:
            waits[user] -= 1
            if not waits[user]:
                heappush(ready, (nodes[user].place, user))
    return order


def remembers(gate: Gate | None) -> bool:
    """Whether a gate is a group whose gates know their places."""
    inner = inner_of(gate)
    return inner is not None and bool(inner.nodes[0].place)
