"""Gates grouped into one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ..base.errors import GraphError
from ..gates import GATES, Gate
from ..graph.composites import composite, gathers, outer
from ..graph.nodes import Node
from .order import Rewritten, in_order, placed, remapped


def group(
    nodes: Sequence[Node],
    ends: Collection[int],
    inside: Collection[int],
    name: str,
    spelled: bool = False,
    names: Mapping[str, int] | None = None,
) -> Rewritten:
    """Replace some gates by one called `name`; of several outputs, gates take each out of it.

    `ends` are nodes that are outputs in any case, `names` all names of nodes. What has an output
    of a group inside has all of that group inside. Raises GraphError for a group of other nodes
    than gates, and for one that needs, through gates outside, what it computes.
    """
    nodes, inside = placed(nodes), _with_whole_groups(nodes, inside)
    _check(nodes, inside)
    outside = (node for i, node in enumerate(nodes) if i not in inside)
    used = {source for node in outside for source in node.sources}.union(ends)
    outputs = sorted(used & inside)
    more = {alias: i for alias, i in (names or {}).items()
            if alias != nodes[i].name and i not in outputs}  # fmt: skip
    gate = composite(name, nodes, inside, outputs, spelled, more)
    return replaced(nodes, inside, gate, outputs)


def group_at(nodes: Sequence[Node], node: int) -> int:
    """The group that a node is an output of, or the node itself."""
    gate, sources = nodes[node].gate, nodes[node].sources
    return sources[0] if gate is GATES["index"] and gathers(nodes[sources[0]].gate) else node


def _with_whole_groups(nodes: Sequence[Node], inside: Collection[int]) -> set[int]:
    """Nodes, with all outputs of a group and itself where any of these is among them."""
    groups: dict[int, set[int]] = {}
    for i in range(len(nodes)):
        if (at := group_at(nodes, i)) != i:
            groups.setdefault(at, {at}).add(i)
    touched = (group for group in groups.values() if group.intersection(inside))
    return set(inside).union(*touched)


def _check(nodes: Sequence[Node], inside: Collection[int]) -> None:
    """Check that there are gates to group, and that none needs the group's own outputs."""
    if not inside or any(nodes[i].gate is None for i in inside):
        raise GraphError("group_of_gates")
    after: set[int] = set()  # nodes outside that use, also through others, what it computes
    for i, node in enumerate(nodes):
        if i in inside and any(source in after for source in node.sources):
            raise GraphError("group_leaks")
        if i not in inside and any(s in inside or s in after for s in node.sources):
            after.add(i)


def replaced(
    nodes: Sequence[Node], inside: Collection[int], gate: Gate, outputs: Sequence[int]
) -> Rewritten:
    """Replace nodes by one of a gate; gates after it take each of several outputs out of it."""
    nodes = placed(nodes)
    kept = [i for i in range(len(nodes)) if i not in inside]
    at, last = len(kept), nodes[outputs[-1]]
    options = tuple(option.default for option in gate.options)
    place = max(nodes[i].place for i in outputs)  # other groups may have moved the last one
    node = Node(gate, outer(nodes, inside), options=options, place=place)
    made = [node._replace(name=last.name, span=last.span)]
    if len(outputs) > 1:
        made = [node, *(_part(nodes[i], at, k) for k, i in enumerate(outputs))]
    new: list[int | None] = [None] * len(nodes)
    for k, i in enumerate((*kept, *outputs)):
        new[i] = k if k < at else k + len(made) - len(outputs)
    made[0] = remapped(made[0], new)
    found = (*(remapped(nodes[i], new) for i in kept), *made)
    return in_order(Rewritten(found, tuple(new)))


def _part(output: Node, group: int, position: int) -> Node:
    """The gate that takes an output out of what a group gives."""
    return output._replace(gate=GATES["index"], args=(group,), options=(position,))
