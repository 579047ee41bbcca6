"""A graph of fully connected layers, with each of them grouped into one gate.

A layer is a product of weights and activations, then sums with biases, then gates that act on each
element, as in h = sigmoid(W @ x + b). The gates after the last one become the loss.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from ..base.errors import GraphError
from ..calculus.shapes import Shape
from ..gates import GATES
from ..graph.expressions import symbol
from ..graph.graph import Graph

if TYPE_CHECKING:
    from ..engine.computational_graph import ComputationalGraph
    from ..engine.run import Run

PRODUCT = GATES["matmul"]


class Layer(NamedTuple):
    """A layer of a network, as nodes of its graph.

    With `outputs_first`, weights have a row for each neuron, as in W @ x; else a column, or they
    are those of one neuron.
    """

    node: int
    source: int
    weights: int
    biases: tuple[int, ...]
    outputs_first: bool
    symbol: str  # of what acts on each element


class Network(NamedTuple):
    """A graph in which each layer is a gate, and its layers from the first to the last."""

    graph: ComputationalGraph
    layers: tuple[Layer, ...]


def network(graph: ComputationalGraph, run: Run) -> Network:
    """The network of a graph: each of its layers a gate, and the gates after them another.

    Raises GraphError for a graph that is no fully connected network, at the first gate in the way.
    """
    if not run.numeric:
        raise GraphError("neurons_numbers", source=graph.source)
    products = _products(graph, run.shapes)
    groups = list(_groups(graph, run.shapes, products))
    for _, inside in groups:
        _check_closed(graph, inside)
    of_each = zip(products, groups, strict=False)
    layers = [_layer(graph, run.shapes, product, inside) for product, (_, inside) in of_each]
    made: list[frozenset[int]] = []
    for name, inside in groups:
        if len(inside) > 1:
            now = frozenset(_moved(i, made) for i in inside)
            graph = graph.group(now, name, spelled=True)
            made.append(now)
    return Network(graph, tuple(_relabelled(layer, made) for layer in layers))


def _layer(graph: Graph, shapes: Sequence[Shape], product: int, inside: frozenset[int]) -> Layer:
    """The layer of a product, which is made of the gates inside."""
    source = _activation(graph, shapes, product)
    left, right = graph.nodes[product].sources
    weights = left if source == right else right
    transposed = graph.nodes[weights].gate is not None
    rest = sorted(inside - {product, weights})
    taken = [i for node in rest for i in graph.nodes[node].sources]
    biases = tuple(i for i in taken if graph.nodes[i].gate is None and not graph.nodes[i].constant)
    own = graph.nodes[weights].sources[0] if transposed else weights
    acts = [node for node in rest if graph.nodes[node].gate is not GATES["add"]]
    sign = symbol(graph.nodes[acts[0]]) if len(acts) == 1 else ""
    return Layer(max(inside), source, own, biases, (source == right) != transposed, sign)


def _relabelled(layer: Layer, made: Sequence[frozenset[int]]) -> Layer:
    """A layer with the indices of its nodes after groups were made."""
    node, source, weights = (_moved(i, made) for i in (layer.node, layer.source, layer.weights))
    biases = tuple(_moved(i, made) for i in layer.biases)
    return layer._replace(node=node, source=source, weights=weights, biases=biases)


def _moved(node: int, made: Sequence[frozenset[int]]) -> int:
    """The index of a node after groups were made, each of them in place of its last node."""
    for inside in made:
        node -= sum(i < node and i != max(inside) for i in inside)
    return node


def _check_closed(graph: Graph, inside: frozenset[int]) -> None:
    """Refuse gates of which an inner value is used outside."""
    for node in sorted(inside - {max(inside)}):
        if any(graph.wires[w].target not in inside for w in graph.wires_out[node]):
            raise not_layers(graph, node)


def _groups(
    graph: Graph, shapes: Sequence[Shape], products: Sequence[int]
) -> Iterator[tuple[str, frozenset[int]]]:
    """The gates of each layer, in order, and those after the last one, each with a name."""
    taken = set[int]()
    for k, (first, then) in enumerate(zip_longest(products, products[1:])):
        end = _last(graph, first) if then is None else _activation(graph, shapes, then)
        inside = _between(graph, first, end)
        taken |= inside
        yield f"layer{k + 1}", inside
    rest = frozenset(graph.gates) - taken
    if rest:
        name = graph.nodes[graph.output].name or ""
        yield name if name.isidentifier() else "loss", rest


def _products(graph: Graph, shapes: Sequence[Shape]) -> list[int]:
    """The products of weights and activations, from the first layer to the last."""
    found: list[int] = []
    at: int | None = max((i for i in graph.gates if _is_product(graph, i)), default=None)
    if at is None:
        raise not_layers(graph, graph.output)
    while at is not None:
        found.append(at)
        at = _before(graph, _activation(graph, shapes, at))
    return found[::-1]


def _is_product(graph: Graph, node: int) -> bool:
    """Whether a node is a product of which one factor are weights."""
    record = graph.nodes[node]
    return record.gate is PRODUCT and any(is_weights(graph, arg) for arg in record.sources)


def is_weights(graph: Graph, node: int) -> bool:
    """Whether a node is an input or a constant, perhaps transposed."""
    record = graph.nodes[node]
    if record.gate is None:
        return True
    return record.gate is GATES["transpose"] and graph.nodes[record.sources[0]].gate is None


def _activation(graph: Graph, shapes: Sequence[Shape], product: int) -> int:
    """The factor of a product that is not its weights.

    Where both are inputs: the vector beside a matrix, or else the one whose name does not begin
    with w, or else the first, as in X @ W.
    """
    left, right = graph.nodes[product].sources
    if not (is_weights(graph, left) and is_weights(graph, right)):
        return right if is_weights(graph, left) else left
    if len(shapes[left]) != len(shapes[right]):
        return min(left, right, key=lambda i: len(shapes[i]))
    return right if (graph.nodes[left].name or "").lower().startswith("w") else left


def _before(graph: Graph, activation: int) -> int | None:
    """The product that an activation comes from; None for the input of the network."""
    if graph.nodes[activation].gate is None:
        return None
    todo, products = [activation], set[int]()
    while todo:
        node = todo.pop()
        if _is_product(graph, node):
            products.add(node)
            continue
        gates = [i for i in graph.nodes[node].sources if graph.nodes[i].gate is not None]
        if not _acts_alone(graph, node) or not gates:
            raise not_layers(graph, node)
        todo += gates
    if len(products) > 1:
        raise not_layers(graph, activation)
    return products.pop()


def _acts_alone(graph: Graph, node: int) -> bool:
    """Whether a gate acts on each element, and takes no input but the biases that it adds."""
    record = graph.nodes[node]
    assert record.gate is not None
    inputs = [i for i in record.sources if graph.nodes[i].gate is None]
    added = record.gate is GATES["add"] or all(graph.nodes[i].constant for i in inputs)
    return record.gate.elementwise and added


def _last(graph: Graph, product: int) -> int:
    """The node at which the last layer ends: the first with a name, or the last that fits."""
    node = product
    while graph.nodes[node].name is None:
        users = {graph.wires[w].target for w in graph.wires_out[node]}
        if len(users) != 1 or not _acts_alone(graph, later := users.pop()):
            break
        if any(i != node and graph.nodes[i].gate is not None for i in graph.nodes[later].sources):
            break
        node = later
    return node


def _between(graph: Graph, product: int, end: int) -> frozenset[int]:
    """The gates of a layer from its product to its activation, a transpose of weights included."""
    todo, inside = [end], set[int]()
    while todo:
        node = todo.pop()
        if graph.nodes[node].gate is not None and node not in inside:
            inside.add(node)
            kept = graph.nodes[node].sources
            todo += [i for i in kept if node != product or is_weights(graph, i)]
    return frozenset(inside)


def not_layers(graph: Graph, node: int) -> GraphError:
    """The refusal of a graph that is not made of layers, at a gate that is in the way."""
    record = graph.nodes[node]
    return GraphError("not_layers", source=graph.source, span=record.span, node=graph.ids[node])
