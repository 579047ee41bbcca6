"""Groups whose outputs have different shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from ..calculus.shapes import Misfit, Shape
from ..gates import GATES, Gate
from ..gates.rules import Options
from ..graph.composites import flattened, gathers, is_flat, outputs_of, stacked
from ..graph.nodes import Node, shape_of, shapes_of
from .order import Argument, Rewritten, moved, remapped


def fitted(nodes: Sequence[Node], known: Mapping[int, Shape]) -> Rewritten:
    """Let groups whose outputs have different shapes give them one after another, as one vector.

    Gates take each of them out, and give it its shape. `known` has the shapes of inputs. Where
    shapes do not fit, nothing is changed from there on.
    """
    made: list[Node] = []
    new: list[int | None] = []
    shapes: dict[int, Shape] = {}  # by old index
    parts: dict[int, tuple[Shape, ...]] = {}  # of each group that is changed, by old index
    for i, node in enumerate(nodes):
        args, gate = tuple(moved(arg, new) for arg in node.args), node.gate
        if gate is not None and node.sources[0] in parts and gate is GATES["index"]:
            taken = _taken_from(parts[node.sources[0]], node, args[0])
            made += taken
            if len(taken) > 1:
                made[-1] = made[-1]._replace(args=(len(made) - 2,))
            shapes[i] = parts[node.sources[0]][int(str(node.options[0]))]
        else:
            gate = _shaped(i, node, known, shapes, parts)
            made.append(node._replace(args=args, gate=gate))
        new.append(len(made) - 1)
    return Rewritten(tuple(made), tuple(new))


def _shaped(
    i: int, node: Node, known: Mapping[int, Shape], shapes: dict[int, Shape],
    parts: dict[int, tuple[Shape, ...]],
) -> Gate | None:  # fmt: skip
    """The gate of a node, perhaps changed; notes its shape, or those of its outputs."""
    gate = node.gate
    if gate is None:
        value = node.value if node.constant else None
        shapes[i] = known.get(i, () if value is None else shape_of(value))
        return None
    if not all(source in shapes for source in node.sources):
        return gate
    given = shapes_of(node.args, shapes)
    try:
        if gathers(gate) and len({*(found := outputs_of(gate, given))}) > 1:
            parts[i] = found
            return flattened(gate)
        shapes[i] = gate.shaped(given, node.options)
    except Misfit:
        pass  # the run says what does not fit
    return gate


def _taken_from(parts: Sequence[Shape], node: Node, group: Argument) -> list[Node]:
    """The gates that take an output of a group out of its vector; the last one has its name."""
    (position,) = node.options
    assert isinstance(position, int)
    shape = parts[position]
    start = sum(map(prod, parts[:position]))
    end = start + prod(shape)
    if not shape:
        return [node._replace(args=(group,), options=(start,))]
    if len(shape) == 1:
        return [node._replace(args=(group,), gate=GATES["slice"], options=(start, end))]
    first = Node(GATES["part"], (group,), span=node.span, options=(f"{start}:{end}",))
    return [first, node._replace(args=(), gate=GATES["reshape"], options=shape)]


def loosened(nodes: Sequence[Node]) -> Rewritten:
    """The nodes of which `fitted` made these."""
    if not any(node.gate is not None and is_flat(node.gate) for node in nodes):
        return Rewritten(tuple(nodes), (*range(len(nodes)),))
    starts = {i: _starts(nodes, i) for i, node in enumerate(nodes)
              if node.gate is not None and is_flat(node.gate)}  # fmt: skip
    cut = {i: node.sources[0] for i, node in enumerate(nodes)
           if node.gate is GATES["part"] and nodes[i].sources[0] in starts}  # fmt: skip
    made: list[Node] = []
    new: list[int | None] = []
    for i, node in enumerate(nodes):
        source = node.sources[0] if node.sources else -1
        if i in cut:
            new.append(new[source])
            continue
        group = cut.get(source, source if node.gate in TAKING else -1)
        if group in starts:
            start = _start_of(nodes[source if source in cut else i])
            options: Options = (starts[group].index(start),)
            made.append(node._replace(gate=GATES["index"], args=(source,), options=options))
        elif i in starts and node.gate is not None:
            made.append(node._replace(gate=stacked(node.gate)))
        else:
            made.append(node)
        made[-1] = remapped(made[-1], new)
        new.append(len(made) - 1)
    return Rewritten(tuple(made), tuple(new))


TAKING = (GATES["index"], GATES["slice"])
"""Gates that alone take a number or a vector out of a group's vector."""


def _starts(nodes: Sequence[Node], group: int) -> list[int]:
    """Where the outputs of a group begin in its vector, in order."""
    return sorted(_start_of(node) for node in nodes if group in node.sources)


def _start_of(node: Node) -> int:
    """Where that begins which a gate takes out of a vector."""
    return int(str(node.options[0]).partition(":")[0])
