"""Rewriting a graph's nodes: composite gates expanded, and gates grouped into one.

An expansion is a text in graphstep's own language, over the gate's parameters. The gate and its
expansion give the same values and gradients, which the tests check for every such gate.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from math import prod
from typing import Any, NamedTuple

from ..base.errors import GraphError, Span
from ..calculus.functions import Number
from ..calculus.shapes import Shape
from ..gates import GATES, Gate, Rule, called
from ..gates.rules import Kink, Options
from .expressions import constant, fill, option_texts
from .nodes import Node
from .parser import parse_nodes

Argument = int | float


class Rewritten(NamedTuple):
    """New nodes, and the new index of each old node; None for one that is gone."""

    nodes: tuple[Node, ...]
    new: tuple[int | None, ...]


@cache
def pattern(gate: Gate, options: Options) -> tuple[tuple[Node, ...], int]:
    """The nodes of a gate's expansion and their output; its parameters are the inputs."""
    nodes, output, _ = parse_nodes(gate.expansion.format(**option_texts(gate, options)))
    return nodes, output


# --- expanding


def expand(nodes: Sequence[Node], wanted: Collection[int]) -> Rewritten:
    """Replace each wanted node by its gate's expansion, whose last node gets its name."""
    made: list[Node] = []
    new: list[int | None] = []
    for i, node in enumerate(nodes):
        args = tuple(_moved(arg, new) for arg in node.args)
        if i in wanted and node.gate is not None:
            made.extend(_expansion(node, args, len(made)))
        else:
            made.append(node._replace(args=args))
        new.append(len(made) - 1)
    return Rewritten(tuple(made), tuple(new))


def _moved(arg: Argument, new: Sequence[int | None]) -> Argument:
    if not isinstance(arg, int):
        return arg
    moved = new[arg]
    assert moved is not None  # a node that is used is never gone
    return moved


def _expansion(node: Node, args: tuple[Argument, ...], at: int) -> Iterator[Node]:
    """The nodes that replace one, from index `at` on."""
    assert node.gate is not None
    inner, output = pattern(node.gate, node.options)
    given = dict(zip(node.gate.params, args, strict=True))
    places: dict[int, Argument] = {}
    for i, part in enumerate(inner):
        if part.gate is None:
            places[i] = given[part.name or ""]
            continue
        taken = tuple(places[arg] if isinstance(arg, int) else arg for arg in part.args)
        places[i], at = at, at + 1
        last = i == output
        yield part._replace(
            args=taken, name=node.name if last else None, span=node.span if last else Span(0, 0)
        )


# --- grouping


def group(nodes: Sequence[Node], inside: Collection[int], gate: Gate) -> Rewritten:
    """Replace the nodes `inside` by one node of a gate, in place of the last of them."""
    last = max(inside)
    made: list[Node] = []
    new: list[int | None] = []
    for i, node in enumerate(nodes):
        if i in inside and i != last:
            new.append(None)
            continue
        taken = _sources(nodes, inside) if i == last else node.args
        moved = tuple(_moved(arg, new) for arg in taken)
        new_node = node._replace(args=moved)
        if i == last:
            settings = tuple(option.default for option in gate.options)
            new_node = new_node._replace(gate=gate, options=settings)
        made.append(new_node)
        new.append(len(made) - 1)
    return Rewritten(tuple(made), tuple(new))


def check_group(nodes: Sequence[Node], output: int, inside: Collection[int]) -> None:
    """Refuse a group of other nodes than gates, or whose inner values are used outside."""
    if not inside or any(nodes[i].gate is None for i in inside):
        raise GraphError("group_of_gates")
    last = max(inside)
    for i, node in enumerate(nodes):
        if i not in inside and any(s in inside and s != last for s in node.sources):
            raise GraphError("group_leaks")
    if output in inside and output != last:
        raise GraphError("group_leaks")


def composite(
    name: str, nodes: Sequence[Node], inside: Collection[int], spelled: bool = False
) -> Gate:
    """A gate made of other gates: it runs them forward, and backward for local gradients.

    Its formula is a call; if `spelled`, that of the gates inside.
    """
    order = tuple(sorted(inside))
    inner = _Inner(tuple(nodes[i] for i in order), order, _sources(nodes, inside))
    return composed(name, inner, spelled)


def _sources(nodes: Sequence[Node], inside: Collection[int]) -> tuple[int, ...]:
    """The inputs of a group: what its gates take from outside, in their order."""
    taken = (s for i in sorted(inside) for s in nodes[i].sources if s not in inside)
    return tuple(dict.fromkeys(taken))


class _Inner(NamedTuple):
    """The gates of a group, their old indices, and the indices of the group's inputs."""

    nodes: tuple[Node, ...]
    order: tuple[int, ...]
    sources: tuple[int, ...]


def composed(name: str, inner: _Inner, spelled: bool = False) -> Gate:
    """The gate of a group. It is pickled as its name and its parts."""
    params = tuple(f"x{i}" if len(inner.sources) > 1 else "x" for i in range(len(inner.sources)))
    gates = [node.gate for node in inner.nodes if node.gate is not None]
    labels = _labels(inner, params)
    by_element = all(gate.elementwise for gate in gates)
    return Gate(
        name, params, _applied(inner), tuple(_pulled(inner, i) for i in range(len(params))),
        name, _spelled(inner, params) if spelled else called(name, params), kinks=_kinks(inner),
        made=(composed, (name, inner, spelled)),
        own=any(gate.own for gate in gates), labels=labels,
        shape=None if by_element else _shape(inner),
    )  # fmt: skip


def _spelled(inner: _Inner, params: tuple[str, ...]) -> str:
    """The formula of the gates inside, over the parameters."""
    texts: dict[int, str] = dict(zip(inner.sources, params, strict=True))
    for i, node in zip(inner.order, inner.nodes, strict=True):
        assert node.gate is not None
        args = [texts[arg] if isinstance(arg, int) else constant(arg) for arg in node.args]
        texts[i] = fill(node.gate, node.gate.text, args, node.options)
    names = "|".join(params)
    return re.sub(rf"\b({names})\b", r"{\1}", texts[inner.order[-1]])


def _labels(inner: _Inner, params: tuple[str, ...]) -> str:
    """The input that a gate inside takes as labels; empty if there is none."""
    for node in inner.nodes:
        gate = node.gate
        if gate is not None and gate.labels:
            arg = node.args[gate.params.index(gate.labels)]
            if arg in inner.sources:
                return params[inner.sources.index(int(arg))]
    return ""


def _shape(inner: _Inner) -> Callable[..., Shape]:
    """A function for the output's shape, through all gates inside."""

    def shape(*shapes: Shape) -> Shape:
        found = dict(zip(inner.sources, shapes, strict=True))
        for i, node in zip(inner.order, inner.nodes, strict=True):
            assert node.gate is not None
            taken = [found[arg] if isinstance(arg, int) else () for arg in node.args]
            found[i] = node.gate.shaped(taken, node.options)
        return found[inner.order[-1]]

    return shape


def _kinks(inner: _Inner) -> Callable[..., tuple[Kink, ...]]:
    """A function for the kinks of all gates inside, each with the inputs that reach it."""
    reached = {source: {position} for position, source in enumerate(inner.sources)}
    for i, node in zip(inner.order, inner.nodes, strict=True):
        reached[i] = set[int]().union(*(reached[source] for source in node.sources))

    def kinks(m: Any, *inputs: Number) -> tuple[Kink, ...]:
        values, found = _run(m, inner, inputs), list[Kink]()
        for node in inner.nodes:
            assert node.gate is not None
            if node.gate.kinks:
                inside = node.gate.kinks(m, *node.taken(values), *node.options)
                found += [Kink(kink.distance, outside(node, kink)) for kink in inside]
        return tuple(found)

    def outside(node: Node, kink: Kink) -> tuple[int, ...]:
        args = (node.args[position] for position in kink.of)
        return tuple(sorted(set[int]().union(*(reached[a] for a in args if isinstance(a, int)))))

    return kinks


def _applied(inner: _Inner) -> Callable[..., Number]:
    return lambda m, *inputs: _run(m, inner, inputs)[inner.order[-1]]


def _run(m: Any, inner: _Inner, inputs: Sequence[Number]) -> dict[int, Number]:
    """All values inside, by old index."""
    values = dict(zip(inner.sources, inputs, strict=True))
    for i, node in zip(inner.order, inner.nodes, strict=True):
        assert node.gate is not None
        values[i] = node.gate.apply(m, *node.taken(values), *node.options)
    return values


def _pulled(inner: _Inner, position: int) -> Rule:
    """The rule of the local gradient for one input: the backward pass inside."""
    source, last = inner.sources[position], inner.order[-1]

    def of(m: Any, out: Number, *inputs: Number) -> Number:
        values = _run(m, inner, inputs)
        if not hasattr(m, "Linear"):
            return _back(inner, values, 1.0, m)[source]
        rows, columns = m.shape(out), m.shape(inputs[position])
        return m.Linear(
            rows, columns, lambda d: _ahead(inner, values, {source: d})[last],
            lambda g: _back(inner, values, g)[source], "inside", prod(rows) * prod(columns),
        )  # fmt: skip

    return Rule("", of, maps=True)


def _back(
    inner: _Inner, values: Mapping[int, Number], upstream: Number, m: Any = None
) -> dict[int, Number]:
    """The upstream gradients inside; with scalar mathematics `m`, products of numbers."""
    found: dict[int, Number] = {inner.order[-1]: upstream}
    for i, node in zip(reversed(inner.order), reversed(inner.nodes), strict=True):
        gate, taken = node.gate, node.taken(values)
        assert gate is not None
        for k, arg in enumerate(node.args):
            if not isinstance(arg, int):
                continue
            if m is not None:
                pulled = found[i] * gate.local_value(m, k, values[i], taken)
            else:
                pulled = gate.jacobian(k, values[i], taken, node.options).pull(found[i])
            found[arg] = found[arg] + pulled if arg in found else pulled
    return found


def _ahead(
    inner: _Inner, values: Mapping[int, Number], changes: dict[int, Number]
) -> dict[int, Number]:
    """Forward mode: the changes inside that follow from changes of inputs."""
    for i, node in zip(inner.order, inner.nodes, strict=True):
        gate, taken = node.gate, node.taken(values)
        assert gate is not None
        for k, arg in enumerate(node.args):
            if isinstance(arg, int) and arg in changes:
                pushed = gate.jacobian(k, values[i], taken, node.options).push(changes[arg])
                changes[i] = changes[i] + pushed if i in changes else pushed
    return changes


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
    inner, output = pattern(gate, tuple(option.default for option in gate.options))
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
