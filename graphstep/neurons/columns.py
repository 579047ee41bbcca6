"""Where the circles and lines of a network are: a column of circles for each layer, in points."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..calculus.shapes import Shape
from ..drawing.measures import Point
from .layers import Layer, Network

CIRCLE, PITCH = 23.0, 58.0  # the radius of a circle, and from one to the next
TOP = 40.0  # above the first circle: the name of its layer
ACROSS, SPREAD = 92.0, 9.0  # between columns, and more for each circle in them
COUNTED = 20.0  # more after a column with its size under it
GAP = 34.0  # more where circles are left out
SQUARE = 10.0  # a bias
MOST, FIRST, LAST = 8, 4, 3  # circles in a column; of more elements the first and last ones
STRAND = 2.2  # from the middle of a weight's line to its strand


Index = tuple[int, ...]


class Column(NamedTuple):
    """The circles of a node with its elements: which ones are shown, and where.

    Of several examples, the first is shown.
    """

    node: int
    size: int  # elements, shown or not
    x: float
    circles: tuple[tuple[Index, float], ...]  # of an element in its array, and its height

    @property
    def heights(self) -> tuple[float, ...]:
        """The middles of the circles."""
        return tuple(y for _, y in self.circles)

    @property
    def top(self) -> float:
        """The upper end of the first circle."""
        return self.circles[0][1] - CIRCLE

    @property
    def bottom(self) -> float:
        """The lower end of the last circle."""
        return self.circles[-1][1] + CIRCLE


class Link(NamedTuple):
    """The line of a weight, from circle to circle."""

    start: Point
    end: Point
    at: Index  # of the weight in its array


class Corner(NamedTuple):
    """The square of a bias, at a circle: its middle."""

    x: float
    y: float
    at: int  # of the bias in its flat array


class Plan(NamedTuple):
    """All of a network but the gates after its layers."""

    columns: tuple[Column, ...]
    links: dict[int, tuple[Link, ...]]  # by the node of the weights
    corners: dict[int, tuple[Corner, ...]]  # by the node of the biases

    @property
    def right(self) -> float:
        """The right end of the last column."""
        return self.columns[-1].x + CIRCLE

    @property
    def bottom(self) -> float:
        """The lower end of the lowest circle."""
        return max(column.bottom for column in self.columns)

    @property
    def middle(self) -> float:
        """The height around which all columns are."""
        first = self.columns[0]
        return (first.top + first.bottom) / 2


def planned(network: Network, shapes: Sequence[Shape]) -> Plan:
    """The places of everything in a network whose values have these shapes."""
    layers = network.layers
    counts = [_into(layers[0], shapes), *(_out_of(layer, shapes) for layer in layers)]
    nodes = [layers[0].source, *(layer.node for layer in layers)]
    middle = TOP + CIRCLE + max(map(_height, counts)) / 2
    columns, x = list[Column](), CIRCLE + SQUARE
    across = layers[0].outputs_first
    for node, count in zip(nodes, counts, strict=True):
        places = tuple(_places(count, shapes[node], middle, across))
        columns.append(Column(node, count, x, places))
        x += ACROSS + SPREAD * len(places) + (COUNTED if count > MOST else 0.0)
    links, corners = dict[int, tuple[Link, ...]](), dict[int, tuple[Corner, ...]]()
    for layer, left, right in zip(layers, columns, columns[1:], strict=False):
        links[layer.weights] = links.get(layer.weights, ()) + tuple(
            _links(layer, left, right, len(shapes[layer.weights]))
        )
        for bias in layer.biases:
            corners[bias] = tuple(_corners(right, math.prod(shapes[bias])))
    return Plan(tuple(columns), links, corners)


def _into(layer: Layer, shapes: Sequence[Shape]) -> int:
    """How many numbers go into each neuron of a layer."""
    return shapes[layer.weights][-1 if layer.outputs_first else 0]


def _out_of(layer: Layer, shapes: Sequence[Shape]) -> int:
    """How many neurons a layer has."""
    shape = shapes[layer.weights]
    return 1 if len(shape) == 1 else shape[0 if layer.outputs_first else -1]


def _shown(count: int) -> tuple[int, ...]:
    """The elements that have circles."""
    if count <= MOST:
        return tuple(range(count))
    return (*range(FIRST), *range(count - LAST, count))


def _places(count: int, shape: Shape, middle: float, across: bool) -> Iterator[tuple[Index, float]]:
    """The circles of a column around a height, with a gap where some are left out.

    With `across`, examples are columns of the array, else rows.
    """
    shown = _shown(count)
    gap = GAP if len(shown) < count else 0.0
    first = middle - _height(count) / 2
    for n, k in enumerate(shown):
        yield _index(k, count, shape, across), first + n * PITCH + (gap if n >= FIRST else 0)


def _index(k: int, count: int, shape: Shape, across: bool) -> Index:
    """Where an element of the first example is in an array of this shape."""
    if len(shape) < 2:
        return (k if shape == (count,) else 0,) if shape else ()
    return (k, 0) if across else (0, k)


def _height(count: int) -> float:
    """From the middle of the first circle of a column to that of the last."""
    shown = len(_shown(count))
    return (shown - 1) * PITCH + (GAP if shown < count else 0.0)


def _links(layer: Layer, left: Column, right: Column, dimensions: int) -> Iterator[Link]:
    for j, to in zip(_shown(right.size), right.heights, strict=True):
        for i, come in zip(_shown(left.size), left.heights, strict=True):
            index = (i,) if dimensions == 1 else (j, i) if layer.outputs_first else (i, j)
            yield Link(*_ends((left.x, come), (right.x, to)), index)


def _ends(a: Point, b: Point) -> tuple[Point, Point]:
    """The ends of a line between the outlines of two circles, given their middles."""
    length = math.dist(a, b)
    dx, dy = CIRCLE * (b[0] - a[0]) / length, CIRCLE * (b[1] - a[1]) / length
    return (a[0] + dx, a[1] + dy), (b[0] - dx, b[1] - dy)


def _corners(column: Column, count: int) -> Iterator[Corner]:
    """The squares of biases on top of circles; one for all where they share one."""
    of_each = zip(_shown(column.size), column.heights, strict=True)
    for j, y in of_each if count > 1 else [(0, column.heights[0])]:
        yield Corner(column.x, y - CIRCLE - SQUARE / 2, j)
