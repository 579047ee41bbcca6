"""Groups whose outputs have different shapes: once shapes are known, they are one vector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from math import prod

from ..calculus.shapes import Misfit, Shape
from ..gates import GATES, Gate
from ..gates.rules import Options
from ..graph.composites import holds_several, inner_of, with_nodes
from ..graph.nodes import Node, shape_of, shapes_of
from .order import Rewritten, in_order, placed, remapped


def fitted(nodes: Sequence[Node], known: Mapping[int, Shape]) -> Rewritten:
    """Let groups whose outputs have different shapes give them one after another, as one vector.

    Gates take each of them out, and give it its shape. Groups inside groups are changed too.
    `known` has the shapes of inputs. Where shapes do not fit, nothing is changed from there on.
    """
    return in_order(_Fitting(placed(nodes), known).done)


class _Fitting:
    """Nodes with their shapes, as far as they fit, while groups among them are changed."""

    def __init__(self, nodes: Sequence[Node], known: Mapping[int, Shape]) -> None:
        self.known = known
        self.made: list[Node] = []
        self.new: list[int] = []
        self.shapes: dict[int, Shape] = {}  # by old index
        self.parts: dict[int, tuple[Shape, ...]] = {}  # of groups that are changed, by old index
        for i, node in enumerate(nodes):
            self._add(i, node)
            self.new.append(len(self.made) - 1)

    @property
    def done(self) -> Rewritten:
        """The nodes, and where the old ones are."""
        return Rewritten(tuple(self.made), tuple(self.new))

    def _add(self, i: int, node: Node) -> None:
        moved, group = remapped(node, self.new), node.sources[0] if node.sources else -1
        if node.gate is None:
            value = node.value if node.constant else None
            self.shapes[i] = self.known.get(i, () if value is None else shape_of(value))
        elif node.gate is GATES["index"] and group in self.parts:
            position = int(str(node.options[0]))
            self.shapes[i] = self.parts[group][position]
            self.made += _taken_from(self.parts[group], moved, position)
            if self.made[-1].gate is GATES["reshape"]:
                self.made[-1] = self.made[-1]._replace(args=(len(self.made) - 2,))
            return
        else:
            moved = moved._replace(gate=self._fitted(i, node, node.gate))
        self.made.append(moved)

    def _fitted(self, i: int, node: Node, gate: Gate) -> Gate:
        """The gate of a node, perhaps changed; notes its shape, or those of its outputs."""
        if not all(source in self.shapes for source in node.sources):
            return gate
        given = shapes_of(node.args, self.shapes)
        if holds_several(gate):
            gate, outputs = _inside(gate, given)
            if len({*outputs}) > 1:
                self.parts[i] = outputs
                return gate
        with suppress(Misfit):  # the run says what does not fit
            self.shapes[i] = gate.shaped(given, node.options)
        return gate


def _inside(gate: Gate, given: Sequence[Shape]) -> tuple[Gate, tuple[Shape, ...]]:
    """A group that takes inputs of these shapes, and the shapes of its several outputs."""
    inner = inner_of(gate)
    assert inner is not None
    leaves = (Node(None, (), name) for name in inner.params)
    found = _Fitting((*leaves, *inner.nodes), dict(enumerate(given)))
    ends = inner.nodes[-1].sources if inner.gathers else ()
    outputs = tuple(found.shapes[i] for i in ends if i in found.shapes)
    nodes = found.made
    if len({*outputs}) > 1 and len(outputs) == len(ends):
        first, stack = len(nodes) - 1, nodes.pop()
        nodes += [Node(GATES["reshape"], (arg,), options=(-1,)) for arg in stack.args]
        joined = tuple(range(first, len(nodes)))
        nodes.append(Node(GATES["concat"], joined, options=(0,)))
    else:
        outputs = ()
    same = tuple(nodes[len(given) :]) == inner.nodes
    return gate if same else with_nodes(gate, nodes), outputs


def _taken_from(parts: Sequence[Shape], node: Node, position: int) -> list[Node]:
    """The gates that take an output of a group out of its vector; the last one has its name."""
    shape = parts[position]
    start = sum(map(prod, parts[:position]))
    end = start + prod(shape)
    if not shape:
        return [node._replace(options=(start,))]
    if len(shape) == 1:
        return [node._replace(gate=GATES["slice"], options=(start, end))]
    cut: Options = (f"{start}:{end}",)
    first = node._replace(gate=GATES["part"], name=None, options=cut)
    return [first, node._replace(gate=GATES["reshape"], options=shape)]
