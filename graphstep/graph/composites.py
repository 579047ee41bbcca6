"""Composite gates: several gates, run forward and backward, as one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

from ..calculus.functions import Number
from ..calculus.shapes import Inside, Misfit, Shape
from ..gates import GATES, Gate, Rule, called
from ..gates.rules import Kink
from .expressions import constant, fill
from .nodes import Node, shapes_of


def composite(
    name: str,
    nodes: Sequence[Node],
    inside: Collection[int],
    spelled: bool = False,
    gathers: bool = False,
) -> Gate:
    """A gate made of other gates: it runs them forward, and backward for local gradients.

    Its formula is a call; if `spelled`, that of the gates inside. If the last gate only `gathers`
    what several of them compute, it is gone when the gate is expanded.
    """
    order, sources = tuple(sorted(inside)), outer(nodes, inside)
    params = ("x",) if len(sources) == 1 else tuple(f"x{i}" for i in range(len(sources)))
    inner = Inner(tuple(nodes[i] for i in order), order, sources, params, gathers)
    return composed(name, inner, spelled, "")


def outer(nodes: Sequence[Node], inside: Collection[int]) -> tuple[int, ...]:
    """The inputs of a group: what its gates take from outside, in their order."""
    found = (s for i in sorted(inside) for s in nodes[i].sources if s not in inside)
    return tuple(dict.fromkeys(found))


class Inner(NamedTuple):
    """The gates of a group, their old indices, and the indices and names of the group's inputs.

    The last gate is the output; of several outputs it only `gathers` them.
    """

    nodes: tuple[Node, ...]
    order: tuple[int, ...]
    sources: tuple[int, ...]
    params: tuple[str, ...]
    gathers: bool = False


def function(name: str, nodes: Sequence[Node], params: Sequence[str], output: int) -> Gate:
    """The gate of a function: nodes of which the first are its inputs, and the rest are gates."""
    order = (*(i for i in range(len(params), len(nodes)) if i != output), output)
    sources = tuple(range(len(params)))
    inner = Inner(tuple(nodes[i] for i in order), order, sources, tuple(params))
    return composed(name, inner, False, "")


def written_as(gate: Gate, text: str) -> Gate:
    """A composite gate with another formula."""
    inner = _inner(gate)
    assert inner is not None
    return composed(gate.name, inner, False, text)


def inside(gate: Gate) -> tuple[tuple[Node, ...], int] | None:
    """The nodes of a composite gate, first its inputs, and its output; None for another gate."""
    inner = _inner(gate)
    if inner is None:
        return None
    new = {i: k for k, i in enumerate((*inner.sources, *inner.order))}
    leaves = (Node(None, (), param) for param in gate.params)
    nodes = (
        node._replace(args=tuple(new[arg] if isinstance(arg, int) else arg for arg in node.args))
        for node in inner.nodes
    )
    return (*leaves, *nodes), len(new) - 1


def unknown_in(node: Node) -> Node | None:
    """The node itself if its gate is unknown, or else the first such node inside it."""
    if node.gate is not None and node.gate.unknown:
        return node
    inner = _inner(node.gate)
    return next(filter(None, map(unknown_in, inner.nodes)), None) if inner else None


def gathers(gate: Gate | None) -> bool:
    """Whether a gate is a group of several outputs."""
    inner = _inner(gate)
    return inner is not None and inner.gathers


def is_flat(gate: Gate) -> bool:
    """Whether a group gives its outputs one after another as one vector, not stacked."""
    inner = _inner(gate)
    return inner is not None and inner.gathers and inner.nodes[-1].gate is GATES["concat"]


def outputs_of(gate: Gate, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
    """The shapes of a group's several outputs, from those of its inputs. Raises Misfit."""
    inner = _inner(gate)
    assert inner is not None
    found = _shapes(inner, shapes, inner.nodes[:-1])
    return tuple(found[int(arg)] for arg in inner.nodes[-1].args)


def flattened(gate: Gate) -> Gate:
    """A group whose outputs are stacked, as one that gives them one after another."""
    inner = _inner(gate)
    assert inner is not None
    outputs, first = inner.nodes[-1].args, max(*inner.sources, *inner.order) + 1
    new = range(first, first + len(outputs))
    flat = (Node(GATES["reshape"], (arg,), options=(-1,)) for arg in outputs)
    joined = Node(GATES["concat"], tuple(new), options=(0,))
    nodes = (*inner.nodes[:-1], *flat, joined)
    order = (*inner.order[:-1], *new, inner.order[-1])
    return composed(gate.name, inner._replace(nodes=nodes, order=order), False, "")


def stacked(gate: Gate) -> Gate:
    """The group of which `flattened` made this one."""
    inner = _inner(gate)
    assert inner is not None
    count = len(inner.nodes[-1].args)
    kept, flat = inner.nodes[: -count - 1], inner.nodes[-count - 1 : -1]
    nodes = (*kept, Node(GATES["stack"], tuple(node.args[0] for node in flat), options=(0,)))
    order = (*inner.order[: -count - 1], inner.order[-1])
    return composed(gate.name, inner._replace(nodes=nodes, order=order), False, "")


def _inner(gate: Gate | None) -> Inner | None:
    """The gates inside a composite gate; None for another gate."""
    if gate is None or gate.made is None or gate.made[0] is not composed:
        return None
    inner: Inner = gate.made[1][1]
    return inner


@lru_cache(maxsize=1024)  # equal groups are one gate, so that equal texts give equal graphs
def composed(name: str, inner: Inner, spelled: bool, text: str) -> Gate:
    """The gate of a group, with its formula if that is no call. It is pickled as its parts."""
    params = inner.params
    gates = [node.gate for node in inner.nodes if node.gate is not None]
    by_element = all(gate.elementwise for gate in gates)
    return Gate(
        name, params, _applied(inner), tuple(_pulled(inner, i) for i in range(len(params))),
        name, text or (_spelled(inner) if spelled else called(name, params)),
        kinks=_kinks(inner), made=(composed, (name, inner, spelled, text)),
        own=any(gate.own for gate in gates), labels=_labels(inner),
        shape=None if by_element else _shape(inner),
    )  # fmt: skip


def _spelled(inner: Inner) -> str:
    """The formula of the gates inside, over the parameters."""
    return _with_places(_texts(inner)[inner.order[-1]], inner)


def _texts(inner: Inner) -> dict[int, str]:
    """The formula of each gate inside in names of the parameters, by old index."""
    texts: dict[int, str] = dict(zip(inner.sources, inner.params, strict=True))
    for i, node in zip(inner.order, inner.nodes, strict=True):
        assert node.gate is not None
        texts[i] = fill(node.gate, node.gate.text, _args(node, texts), node.options)
    return texts


def _args(node: Node, texts: Mapping[int, str]) -> list[str]:
    return [texts[arg] if isinstance(arg, int) else constant(arg) for arg in node.args]


def _with_places(text: str, inner: Inner) -> str:
    """A text like those of a gate's row: with a place for each parameter."""
    return re.sub(rf"\b({'|'.join(inner.params)})\b", r"{\1}", text)


def _inside(inner: Inner, at: int, misfit: Misfit, shapes: Mapping[int, Shape]) -> Misfit:
    """The misfit of a gate inside, in terms of what the group takes."""
    node, texts = inner.nodes[inner.order.index(at)], _texts(inner)
    gate, args = node.gate, _args(node, texts)
    assert gate is not None
    sizes = shapes_of(node.args, shapes)
    usual = Inside(tuple(zip(args, sizes, strict=True)), texts[at])
    found = misfit.told(lambda text: fill(gate, text, args)).inside or usual
    return Misfit(misfit.key, found, **misfit.values).told(lambda text: _with_places(text, inner))


def _labels(inner: Inner) -> str:
    """The input that a gate inside takes as labels; empty if there is none."""
    for node in inner.nodes:
        gate = node.gate
        if gate is not None and gate.labels:
            arg = node.args[gate.params.index(gate.labels)]
            if arg in inner.sources:
                return inner.params[inner.sources.index(int(arg))]
    return ""


def _shape(inner: Inner) -> Callable[..., Shape]:
    """A function for the output's shape, through all gates inside."""

    def shape(*shapes: Shape) -> Shape:
        return _shapes(inner, shapes, inner.nodes)[inner.order[-1]]

    return shape


def _shapes(inner: Inner, shapes: Sequence[Shape], nodes: Sequence[Node]) -> dict[int, Shape]:
    """The shapes of inputs and of the first gates inside, by old index. Raises Misfit."""
    found = dict(zip(inner.sources, shapes, strict=True))
    for i, node in zip(inner.order, nodes, strict=False):
        assert node.gate is not None
        try:
            found[i] = node.gate.shaped(shapes_of(node.args, found), node.options)
        except Misfit as misfit:
            raise _inside(inner, i, misfit, found) from None
    return found


def _kinks(inner: Inner) -> Callable[..., tuple[Kink, ...]]:
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


def _applied(inner: Inner) -> Callable[..., Number]:
    return lambda m, *inputs: _run(m, inner, inputs)[inner.order[-1]]


def _run(m: Any, inner: Inner, inputs: Sequence[Number]) -> dict[int, Number]:
    """All values inside, by old index. Raises Misfit for labels that do not fit."""
    values = dict(zip(inner.sources, inputs, strict=True))
    for i, node in zip(inner.order, inner.nodes, strict=True):
        assert node.gate is not None
        try:
            values[i] = node.gate.apply(m, *node.taken(values), *node.options)
        except Misfit as misfit:
            shapes = {k: m.shape(value) for k, value in values.items()}
            raise _inside(inner, i, misfit, shapes) from None
    return values


def _pulled(inner: Inner, position: int) -> Rule:
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
    inner: Inner, values: Mapping[int, Number], upstream: Number, m: Any = None
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
    inner: Inner, values: Mapping[int, Number], changes: dict[int, Number]
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
