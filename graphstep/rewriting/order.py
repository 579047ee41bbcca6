"""Rewritten nodes, and where each of the old ones is among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..graph.nodes import Node

Argument = int | float


class Rewritten(NamedTuple):
    """New nodes, and the new index of each old node; None for one that is gone."""

    nodes: tuple[Node, ...]
    new: tuple[int | None, ...]


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
