"""Composite gates: several gates, run forward and backward, as one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from types import MappingProxyType
from typing import Any, NamedTuple

from ..calculus.functions import Number
from ..calculus.shapes import Inside, Misfit, Shape, batch
from ..gates import GATES, Gate, Rule, called
from ..gates.rules import Kink
from .expressions import constant, fill
from .nodes import Node, shapes_of

Fits = Callable[..., object]
"""A rule for the shapes of inputs, equal for equal gates. Raises Misfit."""


def composite(
    name: str,
    nodes: Sequence[Node],
    inside: Collection[int],
    outputs: Sequence[int],
    spelled: bool = False,
    aliases: Mapping[str, int] | None = None,
) -> Gate:
    """A gate made of other gates: it runs them forward, and backward for local gradients.

    Its formula is a call; if `spelled`, that of the gates inside. Several outputs it gives as one
    array. `aliases` are more names of nodes, of which it keeps those that are inside.
    """
    sources = outer(nodes, inside)
    params = ("x",) if len(sources) == 1 else tuple(f"x{i}" for i in range(len(sources)))
    order = sorted(inside)
    new = {i: k for k, i in enumerate((*sources, *order))}
    made = tuple(_renumbered(nodes[i], new) for i in order)
    kept = tuple((alias, new[i]) for alias, i in (aliases or {}).items() if i in inside)
    several, nests = len(outputs) > 1, any(holds_several(node.gate) for node in made)
    if several:
        made = (*made, Node(GATES["stack"], tuple(new[i] for i in outputs), options=(0,)))
    return composed(
        name, Inner(made, params, several, kept, nests), spelled and not several, "", None
    )


def outer(nodes: Sequence[Node], inside: Collection[int]) -> tuple[int, ...]:
    """The inputs of a group: what its gates take from outside, in their order."""
    found = (s for i in sorted(inside) for s in nodes[i].sources if s not in inside)
    return tuple(dict.fromkeys(found))


def _renumbered(node: Node, new: Mapping[int, int]) -> Node:
    return node._replace(args=tuple(new[a] if isinstance(a, int) else a for a in node.args))


class Inner(NamedTuple):
    """The gates of a group, and the names of its inputs, which are counted before the gates.

    The last gate is the output; of several outputs it only gathers them, as one array, and is gone
    when the group is expanded. `aliases` are more names of gates. It `nests` such groups if one
    of several outputs is inside, at any depth.
    """

    nodes: tuple[Node, ...]
    params: tuple[str, ...]
    gathers: bool = False
    aliases: tuple[tuple[str, int], ...] = ()
    nests: bool = False

    @property
    def numbered(self) -> Iterable[tuple[int, Node]]:
        """The gates, each with its number."""
        return enumerate(self.nodes, len(self.params))

    @property
    def last(self) -> int:
        """The number of the output."""
        return len(self.params) + len(self.nodes) - 1


def function(name: str, nodes: Sequence[Node], params: Sequence[str]) -> Gate:
    """The gate of a function: nodes of which the first are its inputs, and the last its output."""
    return composed(name, Inner(tuple(nodes[len(params) :]), tuple(params)), False, "", None)


@dataclass(frozen=True)
class OverIndexes:
    """The rule that each input has an axis for each of its indexes."""

    indexes: tuple[str, ...]

    def __call__(self, *shapes: Shape) -> None:
        """Raises Misfit for other numbers of axes."""
        for own, found in zip(self.indexes, shapes, strict=False):
            if len(own) != len(found):
                values = {"indexes": own, "given": len(own), "count": len(found)}
                raise Misfit("einsum_axes", **values)


RULES: Mapping[str, Fits] = MappingProxyType({"fixed_batchnorm": batch})
"""Rules of functions that may be called as they are, whose gates would take more shapes."""


def ruled(gate: Gate, fits: Fits, text: str = "") -> Gate:
    """A composite gate whose inputs have to fit a rule, with another formula if need be."""
    inner = inner_of(gate)
    assert inner is not None
    return composed(gate.name, inner, False, text, fits)


def inside(gate: Gate) -> tuple[tuple[Node, ...], int] | None:
    """The nodes of a composite gate, first its inputs, and its output; None for another gate."""
    inner = inner_of(gate)
    if inner is None:
        return None
    leaves = (Node(None, (), param) for param in gate.params)
    return (*leaves, *inner.nodes), inner.last


def unknown_in(node: Node) -> Node | None:
    """The node itself if its gate is unknown, or else the first such node inside it."""
    if node.gate is not None and node.gate.unknown:
        return node
    inner = inner_of(node.gate)
    return next(filter(None, map(unknown_in, inner.nodes)), None) if inner else None


def gathers(gate: Gate | None) -> bool:
    """Whether a gate is a group of several outputs."""
    inner = inner_of(gate)
    return inner is not None and inner.gathers


def holds_several(gate: Gate | None) -> bool:
    """Whether a gate is a group of several outputs, or has one inside."""
    inner = inner_of(gate)
    return inner is not None and (inner.gathers or inner.nests)


def joins_numbers(node: Node, nodes: Mapping[int, Node]) -> bool:
    """Whether arrays come in only as a group of numbers has several outputs.

    That is a group in which all gates are of numbers, but for the one that gathers its outputs, or
    a gate that takes one of them out. `nodes` has what the node takes.
    """
    gate = node.gate
    if gate is None or gate.elementwise:
        return not isinstance(node.value, tuple)
    if gate is GATES["index"]:
        source = nodes.get(node.sources[0])
        return source is not None and gathers(source.gate)
    inner = inner_of(gate)
    if inner is None:
        return False
    stacks = inner.gathers and inner.nodes[-1].gate is GATES["stack"]
    parts, known = inner.nodes[:-1] if stacks else inner.nodes, dict(inner.numbered)
    return all(joins_numbers(part, known) for part in parts)


def with_nodes(gate: Gate, nodes: Sequence[Node]) -> Gate:
    """A composite gate whose inputs and gates, of which the last is the output, are changed."""
    inner = inner_of(gate)
    assert inner is not None
    assert gate.made is not None
    changed = inner._replace(nodes=tuple(nodes[len(inner.params) :]), aliases=())
    return composed(gate.name, changed, *gate.made[1][2:])


def inner_of(gate: Gate | None) -> Inner | None:
    """The gates inside a composite gate; None for another gate."""
    if gate is None or gate.made is None or gate.made[0] is not composed:
        return None
    inner: Inner = gate.made[1][1]
    return inner


@lru_cache(maxsize=1024)  # equal groups are one gate, so that equal texts give equal graphs
def composed(name: str, inner: Inner, spelled: bool, text: str, fits: Fits | None) -> Gate:
    """The gate of a group, with its formula if that is no call. It is pickled as its parts."""
    params = inner.params
    gates = [node.gate for node in inner.nodes if node.gate is not None]
    by_element = all(gate.elementwise for gate in gates)
    return Gate(
        name, params, _applied(inner), tuple(_pulled(inner, i) for i in range(len(params))),
        name, text or (_spelled(inner) if spelled else called(name, params)),
        kinks=_kinks(inner), made=(composed, (name, inner, spelled, text, fits)),
        own=any(gate.own for gate in gates), labels=_labels(inner),
        shape=None if by_element and fits is None else _shape(inner, fits),
    )  # fmt: skip


def _spelled(inner: Inner) -> str:
    """The formula of the gates inside, over the parameters."""
    return _with_places(_texts(inner)[inner.last], inner)


def _texts(inner: Inner) -> dict[int, str]:
    """The formula of each gate inside in names of the parameters, by its number."""
    texts: dict[int, str] = dict(enumerate(inner.params))
    for i, node in inner.numbered:
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
    node, texts = inner.nodes[at - len(inner.params)], _texts(inner)
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
            if isinstance(arg, int) and arg < len(inner.params):
                return inner.params[arg]
    return ""


def _shape(inner: Inner, fits: Fits | None) -> Callable[..., Shape]:
    """A function for the output's shape, through all gates inside."""

    def shape(*shapes: Shape) -> Shape:
        if fits is not None:
            fits(*shapes)
        return _shapes(inner, shapes)[inner.last]

    return shape


def _shapes(inner: Inner, shapes: Sequence[Shape]) -> dict[int, Shape]:
    """The shapes of inputs and of all gates inside. Raises Misfit."""
    found = dict(enumerate(shapes))
    for i, node in inner.numbered:
        assert node.gate is not None
        try:
            found[i] = node.gate.shaped(shapes_of(node.args, found), node.options)
        except Misfit as misfit:
            raise _inside(inner, i, misfit, found) from None
    return found


def _kinks(inner: Inner) -> Callable[..., tuple[Kink, ...]]:
    """A function for the kinks of all gates inside, each with the inputs that reach it."""
    reached = {position: {position} for position in range(len(inner.params))}
    for i, node in inner.numbered:
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
    return lambda m, *inputs: _run(m, inner, inputs)[inner.last]


def _run(m: Any, inner: Inner, inputs: Sequence[Number]) -> dict[int, Number]:
    """All values inside, inputs first. Raises Misfit for labels that do not fit."""
    values = dict(enumerate(inputs))
    for i, node in inner.numbered:
        assert node.gate is not None
        try:
            values[i] = node.gate.apply(m, *node.taken(values), *node.options)
        except Misfit as misfit:
            shapes = {k: m.shape(value) for k, value in values.items()}
            raise _inside(inner, i, misfit, shapes) from None
    return values


def _pulled(inner: Inner, position: int) -> Rule:
    """The rule of the local gradient for one input: the backward pass inside."""

    def of(m: Any, out: Number, *inputs: Number) -> Number:
        values = _run(m, inner, inputs)
        if not hasattr(m, "Linear"):
            return _back(inner, values, 1.0, m)[position]
        rows, columns = m.shape(out), m.shape(inputs[position])
        return m.Linear(
            rows, columns, lambda d: _ahead(inner, values, {position: d})[inner.last],
            lambda g: _back(inner, values, g)[position], "inside", prod(rows) * prod(columns),
        )  # fmt: skip

    return Rule("", of, maps=True)


def _back(
    inner: Inner, values: Mapping[int, Number], upstream: Number, m: Any = None
) -> dict[int, Number]:
    """The upstream gradients inside; with scalar mathematics `m`, products of numbers."""
    found: dict[int, Number] = {inner.last: upstream}
    for i, node in reversed([*inner.numbered]):
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
    for i, node in inner.numbered:
        gate, taken = node.gate, node.taken(values)
        assert gate is not None
        for k, arg in enumerate(node.args):
            if isinstance(arg, int) and arg in changes:
                pushed = gate.jacobian(k, values[i], taken, node.options).push(changes[arg])
                changes[i] = changes[i] + pushed if i in changes else pushed
    return changes
