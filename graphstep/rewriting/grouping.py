"""Gates grouped into one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from ..base.errors import GraphError
from ..gates import GATES, Gate
from ..graph.composites import gathers, outer
from ..graph.nodes import Node
from .order import Rewritten, moved, remapped


def group(nodes: Sequence[Node], inside: Collection[int], gate: Gate) -> Rewritten:
    """Replace the nodes `inside` by one node of a gate, in place of the last of them."""
    last = max(inside)
    made: list[Node] = []
    new: list[int | None] = []
    for i, node in enumerate(nodes):
        if i in inside and i != last:
            new.append(None)
            continue
        taken = outer(nodes, inside) if i == last else node.args
        new_node = remapped(node._replace(args=taken), new)
        if i == last:
            settings = tuple(option.default for option in gate.options)
            new_node = new_node._replace(gate=gate, options=settings)
        made.append(new_node)
        new.append(len(made) - 1)
    return Rewritten(tuple(made), tuple(new))


class Gathered(NamedTuple):
    """Nodes among which some gates are one group with one output, and which those are."""

    to: Rewritten
    inside: frozenset[int]
    several: bool


def has_several(nodes: Iterable[Node]) -> bool:
    """Whether any of the nodes is a group of several outputs."""
    return any(gathers(node.gate) for node in nodes)


def gathered(nodes: Sequence[Node], output: int, inside: Collection[int]) -> Gathered:
    """Nodes in which a group has one output: of several, a vector, of which gates take the parts.

    Raises GraphError for a group of other nodes than gates, and for one that needs, through gates
    outside, what it computes.
    """
    if not inside or any(nodes[i].gate is None for i in inside):
        raise GraphError("group_of_gates")
    after = _after(nodes, inside)
    if any(source in after for i in inside for source in nodes[i].sources):
        raise GraphError("group_leaks")
    outside = [node for i, node in enumerate(nodes) if i not in inside]
    used = {source for node in outside for source in node.sources} | {output}
    outputs = sorted(used & set(inside))
    if outputs == [max(inside)]:
        return Gathered(Rewritten(tuple(nodes), (*range(len(nodes)),)), frozenset(inside), False)
    return _with_parts(nodes, inside, after, outputs)


def _after(nodes: Sequence[Node], inside: Collection[int]) -> set[int]:
    """The nodes outside of a group that use, also through others, what it computes."""
    found: set[int] = set()
    for i, node in enumerate(nodes):
        if i not in inside and any(s in inside or s in found for s in node.sources):
            found.add(i)
    return found


def _with_parts(
    nodes: Sequence[Node], inside: Collection[int], after: Collection[int], outputs: Sequence[int]
) -> Gathered:
    """A group with a gate that gathers its outputs, followed by gates that take them out."""
    first = [i for i in range(len(nodes)) if i not in after and i not in inside]
    made: list[Node] = []
    new: list[int | None] = [None] * len(nodes)

    def add(old: Iterable[int]) -> None:
        for i in old:
            new[i] = len(made)
            made.append(remapped(nodes[i], new))

    add((*first, *sorted(inside)))
    start, end = len(first), len(made)
    made.append(Node(GATES["stack"], tuple(moved(i, new) for i in outputs), options=(0,)))
    for k, i in enumerate(outputs):
        new[i] = len(made)
        record = nodes[i]
        made.append(Node(GATES["index"], (end,), record.name, span=record.span, options=(k,)))
    add(sorted(after))
    return Gathered(Rewritten(tuple(made), tuple(new)), frozenset(range(start, end + 1)), True)
