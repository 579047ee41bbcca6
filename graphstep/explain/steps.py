"""WHEN: which slots of a tape become visible in which step, and why now. No numbers, no words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from ..graph.graph import Graph
from ..graph.slots import Slot


class Step(NamedTuple):
    """What happens in one frame.

    `kind`: "given" (inputs), "all" (the whole forward pass), "value" (one gate forward), "seed",
    "local" and "downstream" (one wire), "product" (both at once), "gate" (all wires into a gate),
    "sum" (a node's upstream).
    `shows` become visible; `uses` is what they are made of. `after`: the gates that had to be done
    first, which is why this step can come now.
    """

    kind: str
    node: int
    wire: int | None
    shows: tuple[Slot, ...]
    uses: tuple[Slot, ...]
    after: tuple[int, ...]

    def wires(self, graph: Graph) -> tuple[int, ...]:
        """The wires the step is about, by position."""
        if self.wire is not None:
            return (self.wire,)
        about = {"gate": graph.wires_in, "sum": graph.wires_out}.get(self.kind)
        return about[self.node] if about else ()


def steps(graph: Graph, by: str = "gate", forward: bool = False) -> tuple[Step, ...]:
    """The steps of a graph: forward (in one, or gate by gate), the seed, then backward.

    A gate's turn comes when its upstream gradient is known: all gates that use its value are done.
    `by="wire"` takes the wires of a gate one by one, the last input first, local then downstream;
    `by="product"` takes both of a wire in one step.
    """
    backward = WAYS[by]
    turns = (step for node in reversed(range(len(graph.nodes))) for step in backward(graph, node))
    return (*(_forward(graph) if forward else _at_once(graph)), _seed(graph), *turns)


def ready(graph: Graph, found: Sequence[Step]) -> tuple[tuple[int, ...], ...]:
    """For each backward step, the other gates whose turn could have come too."""
    waits = [len(set(_users(graph, i))) for i in range(len(graph.nodes))]
    can = {graph.output} if graph.nodes[graph.output].gate is not None else set[int]()
    done: set[int] = set()
    answer = []
    for k, step in enumerate(found):
        backward = step.kind in ("gate", "local", "downstream", "product", "sum")
        answer.append(tuple(sorted(can - {step.node}, reverse=True)) if backward else ())
        later = found[k + 1].node if k + 1 < len(found) else None
        if backward and step.kind != "sum" and step.node != later and step.node not in done:
            done.add(step.node)
            can.discard(step.node)
            for source in dict.fromkeys(graph.nodes[step.node].sources):
                waits[source] -= 1
                if not waits[source] and graph.nodes[source].gate is not None:
                    can.add(source)
    return tuple(answer)


def _at_once(graph: Graph) -> Iterator[Step]:
    shows = tuple(Slot("value", i) for i in range(len(graph.nodes)))
    yield Step("all", graph.output, None, shows, (), ())


def _forward(graph: Graph) -> Iterator[Step]:
    leaves = tuple(Slot("value", i) for i, node in enumerate(graph.nodes) if node.gate is None)
    yield Step("given", graph.output, None, leaves, (), ())
    for i, node in enumerate(graph.nodes):
        if node.gate is not None:
            sources = tuple(dict.fromkeys(node.sources))
            uses = tuple(Slot("value", s) for s in sources)
            after = tuple(s for s in sources if graph.nodes[s].gate is not None)
            yield Step("value", i, None, (Slot("value", i),), uses, after)


def _seed(graph: Graph) -> Step:
    out = graph.output
    return Step("seed", out, None, (Slot("upstream", out),), (Slot("value", out),), ())


def _users(graph: Graph, node: int) -> tuple[int, ...]:
    """The gates that use a node's value, the ones that are done before it."""
    return tuple(dict.fromkeys(graph.wires[w].target for w in reversed(graph.wires_out[node])))


def _sum(graph: Graph, node: int) -> Iterator[Step]:
    """A node with several outgoing wires adds what they bring back, once all of them have."""
    leaving = graph.wires_out[node]
    if len(leaving) > 1:
        uses = tuple(Slot("downstream", w) for w in leaving)
        yield Step("sum", node, None, (Slot("upstream", node),), uses, _users(graph, node))


def _by_gate(graph: Graph, node: int) -> Iterator[Step]:
    yield from _sum(graph, node)
    wires = graph.wires_in[node]
    if wires:
        shows = tuple(slot for w in wires for slot in (Slot("local", w), *_arrives(graph, w)))
        uses = (Slot("upstream", node), *_factors(graph, wires))
        yield Step("gate", node, None, shows, uses, _users(graph, node))


def _by_wire(graph: Graph, node: int) -> Iterator[Step]:
    yield from _sum(graph, node)
    after = _users(graph, node)
    for w in reversed(graph.wires_in[node]):
        local = Slot("local", w)
        yield Step("local", node, w, (local,), _factors(graph, (w,)), after)
        yield Step(
            "downstream", node, w, _arrives(graph, w), (Slot("upstream", node), local), after
        )


def _by_product(graph: Graph, node: int) -> Iterator[Step]:
    yield from _sum(graph, node)
    for w in reversed(graph.wires_in[node]):
        shows = (Slot("local", w), *_arrives(graph, w))
        uses = (Slot("upstream", node), *_factors(graph, (w,)))
        yield Step("product", node, w, shows, uses, _users(graph, node))


def _arrives(graph: Graph, wire: int) -> tuple[Slot, ...]:
    """A downstream gradient, which is its node's upstream where no other wire leaves the node."""
    source = graph.wires[wire].source
    alone = len(graph.wires_out[source]) == 1
    return (Slot("downstream", wire), *([Slot("upstream", source)] if alone else []))


def _factors(graph: Graph, wires: tuple[int, ...]) -> tuple[Slot, ...]:
    """The values that the local gradients of some wires into one gate are made of."""
    used: dict[Slot, None] = {}
    for w in wires:
        _, target, position = graph.wires[w]
        node = graph.nodes[target]
        assert node.gate is not None
        for which in node.gate.factors(position, len(node.args)):
            place = target if which is None else node.args[which]
            if isinstance(place, int):
                used[Slot("value", place)] = None
    return tuple(used)


WAYS: Mapping[str, Callable[[Graph, int], Iterator[Step]]] = MappingProxyType(
    {"gate": _by_gate, "wire": _by_wire, "product": _by_product}
)
"""The ways of stepping backward: what one node's turn consists of."""
