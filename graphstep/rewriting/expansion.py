"""Composite gates expanded, and found by what they are made of.

An expansion is a text in graphstep's own language, over the gate's parameters. The gate and its
expansion give the same values and gradients, which the tests check for every such gate.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache

from ..base.errors import Span
from ..gates import GATES, Gate
from ..gates.rules import Options
from ..graph.composites import gathers, inner_of, inside
from ..graph.expressions import option_texts
from ..graph.nodes import Node, spliced
from ..graph.parser import parse_nodes
from ..graph.writer import used
from .order import Argument, Rewritten, in_order, placed, remapped


@cache
def parts_of(gate: Gate, options: Options) -> tuple[tuple[Node, ...], int]:
    """The nodes of a gate's expansion and their output; its parameters are the inputs."""
    if made := inside(gate):
        return made
    nodes, output, _ = parse_nodes(gate.expansion.format(**option_texts(gate, options)))
    return nodes, output


def can_be_expanded(gate: Gate | None) -> bool:
    """Whether it is known what a gate is made of."""
    return gate is not None and (bool(gate.expansion) or inside(gate) is not None)


def expand(nodes: Sequence[Node], wanted: Collection[int]) -> Rewritten:
    """Replace each wanted node by its gate's expansion, whose last node gets its name.

    The gates of a group come back to where they were.
    """
    made: list[Node] = []
    new: list[int] = []
    names: dict[str, int] = {}
    taken = {node.name for node in nodes}
    gathered: set[int] = set()  # the last gates of groups of several outputs
    for i, old in enumerate(placed(nodes)):
        node = remapped(old, new)
        if node.gate is GATES["index"] and node.args[0] in gathered:
            new.append(_taken_out(node, made))
        elif i in wanted and node.gate is not None:
            names |= _names(node.gate, len(made))
            new.append(_expanded(node, made, taken))
            gathered |= {len(made) - 1} if gathers(node.gate) else set()
        else:
            made.append(node)
            new.append(len(made) - 1)
    return in_order(_used(Rewritten(tuple(made), tuple(new), names), {*new} - gathered))


def _taken_out(part: Node, made: list[Node]) -> int:
    """Give an output of an expanded group its own name again; where it is."""
    (position,), (group,) = part.options, part.sources
    assert isinstance(position, int)
    found = made[group].args[position]
    assert isinstance(found, int)  # outputs are gates
    made[found] = made[found]._replace(name=part.name, span=part.span)
    return found


def group_around(nodes: Sequence[Node], name: str) -> str:
    """The gate of a node in which, at any depth, a composite gate of that name is; or empty."""
    for node in nodes:
        inside = [node]
        while inside:
            part = inside.pop()
            named = part.gate is not None and name in (part.gate.name, part.name)
            if part is not node and named and can_be_expanded(part.gate) and node.gate:
                return node.gate.name
            inner = inner_of(part.gate)
            inside += inner.nodes if inner else ()
    return ""


def _used(found: Rewritten, ends: Collection[int]) -> Rewritten:
    """The same without nodes on which none of the ends depends."""
    kept = used(found.nodes, *ends)
    new: list[int | None] = [None] * len(found.nodes)
    for now, k in enumerate(kept):
        new[k] = now
    return found.then(Rewritten(tuple(remapped(found.nodes[k], new) for k in kept), tuple(new)))


def _names(gate: Gate, start: int) -> dict[str, int]:
    """More names of the gates inside a group, which follow one another from `start` on."""
    inner = inner_of(gate)
    return {name: start + k - len(inner.params) for name, k in inner.aliases} if inner else {}


def _expanded(node: Node, made: list[Node], taken: Collection[str | None]) -> int:
    """Add the nodes that replace one to those made; where the last of them is.

    They have their own names and places if they have been there, but no names that are taken.
    """
    gate, start = node.gate, len(made)
    assert gate is not None
    nodes, output = parts_of(gate, node.options)
    known = max(part.place for part in nodes) == node.place

    def add(part: Node, last: bool) -> int:
        own = part.name if known and part.name not in taken else None
        name, span = (node.name, node.span) if last else (own, part.span)
        place = (part.place or node.place) if known else (*node.place, len(made) - start)
        made.append(
            part._replace(name=name, span=span if last or known else Span(0, 0), place=place)
        )
        return len(made) - 1

    found = spliced(nodes, output, dict(zip(gate.params, node.args, strict=True)), add)
    assert isinstance(found, int)  # an expansion ends with a gate
    return found


# --- finding known gates


def find_composite(nodes: Sequence[Node], output: int) -> tuple[Gate, frozenset[int]] | None:
    """The last expansion of a known gate among the nodes: the gate, and its nodes there.

    Of several gates that end at one node, the one that is made of the most nodes.
    """
    users: dict[int, set[int]] = {}
    for i, node in enumerate(nodes):
        for source in node.sources:
            users.setdefault(source, set()).add(i)
    offered = [gate for gate in GATES.values() if gate.expansion and len(gate.params) == 1]
    for root in reversed(range(len(nodes))):
        matches = ((gate, _match(nodes, root, gate)) for gate in offered)
        whole = [found for found in matches if _is_whole(found[1], root, output, users)]
        if whole:
            return max(whole, key=lambda found: len(found[1]))
    return None


def _is_whole(
    inside: frozenset[int], root: int, output: int, users: Mapping[int, set[int]]
) -> bool:
    """Whether some nodes are used by each other only, but for the last one."""
    inner = inside - {root}
    return bool(inner) and output not in inner and all(users[i] <= inside for i in inner)


def _match(nodes: Sequence[Node], root: int, gate: Gate) -> frozenset[int]:
    """The nodes at `root` that are the expansion of a gate; empty if they are not."""
    inner, output = parts_of(gate, tuple(option.default for option in gate.options))
    bound: dict[int, Argument] = {}
    if not _same(nodes, inner, root, output, bound):
        return frozenset()
    inside = frozenset(
        b for i, b in bound.items()
        if isinstance(b, int) and (i < 0 or inner[i].gate is not None)
    )  # fmt: skip
    entry = next(b for i, b in bound.items() if i >= 0 and inner[i].gate is None)
    return inside if isinstance(entry, int) and entry not in inside else frozenset()


def _same(
    nodes: Sequence[Node],
    inner: Sequence[Node],
    arg: Argument,
    part: int,
    bound: dict[int, Argument],
) -> bool:
    """Whether the graph at `arg` matches the pattern at `part`, with one input throughout."""
    gate = inner[part].gate
    if gate is None:
        return bound.setdefault(part, arg) == arg and type(bound[part]) is type(arg)
    if not isinstance(arg, int) or nodes[arg].gate is not gate:
        return False
    if nodes[arg].options != inner[part].options:
        return False
    bound[part] = arg
    theirs, ours = nodes[arg].args, inner[part].args
    orders = [theirs, theirs[::-1]] if gate.commutes else [theirs]
    for order in orders:
        trial = dict(bound)
        if len(order) == len(ours) and all(
            _same(nodes, inner, a, o, trial)
            if isinstance(o, int)
            else _is_number(nodes, a, o, trial)
            for a, o in zip(order, ours, strict=True)
        ):
            bound.update(trial)
            return True
    return False


def _is_number(
    nodes: Sequence[Node], arg: Argument, number: float, bound: dict[int, Argument]
) -> bool:
    """Whether `arg` is a number of the pattern, inside its gate or as a constant node.

    A constant node is kept in `bound` under a negative key, as the pattern has no node for it.
    """
    if not isinstance(arg, int):
        return arg == number
    bound[-1 - arg] = arg
    return nodes[arg].constant and nodes[arg].value == number
