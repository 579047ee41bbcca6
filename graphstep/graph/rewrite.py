"""Rewriting a graph's nodes: composite gates expanded, and gates grouped into one.

An expansion is a text in graphstep's own language, over the gate's parameters. The gate and its
expansion give the same values and gradients, which the tests check for every such gate.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from math import prod
from typing import NamedTuple

from ..base.errors import GraphError, Span
from ..calculus.shapes import Misfit, Shape
from ..gates import GATES, Gate
from ..gates.rules import Options
from .composites import flattened, gathers, inside, is_flat, outer, outputs_of, stacked
from .expressions import option_texts
from .nodes import Node, shape_of, shapes_of, spliced
from .parser import parse_nodes

Argument = int | float


class Rewritten(NamedTuple):
    """New nodes, and the new index of each old node; None for one that is gone."""

    nodes: tuple[Node, ...]
    new: tuple[int | None, ...]


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


# --- expanding


def expand(nodes: Sequence[Node], wanted: Collection[int]) -> Rewritten:
    """Replace each wanted node by its gate's expansion, whose last node gets its name."""
    made: list[Node] = []
    new: list[int | None] = []
    gathered: set[int] = set()  # the last gates of groups of several outputs
    for i, node in enumerate(nodes):
        args = tuple(_moved(arg, new) for arg in node.args)
        if node.gate is GATES["index"] and args[0] in gathered:
            new.append(_taken_out(node, args[0], made))
        elif i in wanted and node.gate is not None:
            new.append(_expanded(node, args, made))
            gathered |= {len(made) - 1} if gathers(node.gate) else set()
        else:
            made.append(node._replace(args=args))
            new.append(len(made) - 1)
    used = {source for node in made for source in node.sources}
    return _without(Rewritten(tuple(made), tuple(new)), gathered - used)


def group_at(nodes: Sequence[Node], node: int) -> int:
    """The group that a node is an output of, or the node itself."""
    gate, sources = nodes[node].gate, nodes[node].sources
    return sources[0] if gate is GATES["index"] and gathers(nodes[sources[0]].gate) else node


def _taken_out(part: Node, gathered: Argument, made: list[Node]) -> int:
    """Give an output of an expanded group its own name again; where it is."""
    (position,) = part.options
    assert isinstance(position, int)
    found = made[int(gathered)].args[position]
    assert isinstance(found, int)  # outputs are gates
    made[found] = made[found]._replace(name=part.name, span=part.span)
    return found


def _without(found: Rewritten, gone: Collection[int]) -> Rewritten:
    """The same without nodes that nothing uses."""
    kept = [k for k in range(len(found.nodes)) if k not in gone]
    new: list[int | None] = [None] * len(found.nodes)
    for now, k in enumerate(kept):
        new[k] = now
    nodes = (found.nodes[k] for k in kept)
    moved = (node._replace(args=tuple(_moved(arg, new) for arg in node.args)) for node in nodes)
    return Rewritten(tuple(moved), tuple(None if k is None else new[k] for k in found.new))


def _moved(arg: Argument, new: Sequence[int | None]) -> Argument:
    if not isinstance(arg, int):
        return arg
    moved = new[arg]
    assert moved is not None  # a node that is used is never gone
    return moved


def _expanded(node: Node, args: tuple[Argument, ...], made: list[Node]) -> int:
    """Add the nodes that replace one to those made; where the last of them is."""
    gate = node.gate
    assert gate is not None

    def add(part: Node, last: bool) -> int:
        name, span = (node.name, node.span) if last else (part.name, part.span)
        made.append(part._replace(name=name, span=span if last or gate.made else Span(0, 0)))
        return len(made) - 1

    found = spliced(*parts_of(gate, node.options), dict(zip(gate.params, args, strict=True)), add)
    assert isinstance(found, int)  # an expansion ends with a gate
    return found


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
        taken = outer(nodes, inside) if i == last else node.args
        moved = tuple(_moved(arg, new) for arg in taken)
        new_node = node._replace(args=moved)
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
            moved = tuple(_moved(arg, new) for arg in nodes[i].args)
            new[i] = len(made)
            made.append(nodes[i]._replace(args=moved))

    add((*first, *sorted(inside)))
    start, end = len(first), len(made)
    made.append(Node(GATES["stack"], tuple(_moved(i, new) for i in outputs), options=(0,)))
    for k, i in enumerate(outputs):
        new[i] = len(made)
        record = nodes[i]
        made.append(Node(GATES["index"], (end,), record.name, span=record.span, options=(k,)))
    add(sorted(after))
    return Gathered(Rewritten(tuple(made), tuple(new)), frozenset(range(start, end + 1)), True)


# --- groups whose outputs have different shapes


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
        args, gate = tuple(_moved(arg, new) for arg in node.args), node.gate
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
        made[-1] = made[-1]._replace(args=tuple(_moved(arg, new) for arg in made[-1].args))
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
