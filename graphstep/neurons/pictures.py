"""What colours a network: values above and gradients below, in circles, lines and squares.

Colours are those of heat maps: by sign and, on a scale of square roots, by size. Gradients are
mostly smaller than values, so they have a scale of their own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..calculus.shapes import Shape
from ..graph.slots import Slot
from ..look.looks import NUMBERS, SMALL
from ..look.matrices import LEVELS, level
from ..look.numbers import Numbers
from ..look.text_widths import number_width
from ..painting.arrays import colour
from ..painting.elements import Element, Group, Line, text
from .columns import CIRCLE, SQUARE, STRAND, Column, Corner, Link, Plan, planned
from .drawing import BASELINES, SCALE_ROW, SCALES, box, half_circle, joined, name
from .layers import Network

DEEPEST = 0.55  # the opacity of the largest number, on which text can be read
THINNEST, THICKER = 0.6, 0.34  # the width of a strand, and more for each level
NUMBER, LONGEST = 11.0, 6  # the size of numbers in circles, and their most characters
CELL, HIGH = 9.0, 9.0  # of a scale


class Side(NamedTuple):
    """Values or gradients: the kind of slot, which half is theirs, and the end of their scale."""

    kind: str
    half: float  # -1: above, 1: below
    baseline: float  # of numbers in circles, from their middle
    numbers: Numbers
    most: float = 0.0

    def level(self, number: float) -> int:
        """The level of a number on the scale."""
        return level(number, self.most)


def pictures(
    network: Network, shapes: Sequence[Shape], values: Mapping[Slot, Any], numbers: Numbers
) -> dict[Slot, Group]:
    """The picture of every value and gradient that a network shows by colours.

    The scale of values comes with the input of the network, that of gradients with its output.
    """
    plan = planned(network, shapes)
    values_above = Side("value", -1.0, BASELINES["value"], numbers)
    gradients_below = Side("upstream", 1.0, BASELINES["upstream"], numbers)
    first, last = plan.columns[0].node, plan.columns[-1].node
    return {
        **_of_side(plan, values, values_above, first),
        **_of_side(plan, values, gradients_below, last),
    }


def _of_side(
    plan: Plan, values: Mapping[Slot, Any], side: Side, with_scale: int
) -> dict[Slot, Group]:
    """The pictures of all values or of all gradients, the scale being with those of one node."""
    of = {slot.item: value for slot, value in values.items() if slot.kind == side.kind}
    scaled = side._replace(most=max(map(abs, _finite(plan, of)), default=0.0))
    found = _painted(plan, of, scaled)
    found[with_scale] += _scale(scaled, plan)
    slots = {node: Slot(side.kind, node) for node in found}
    kind = NUMBERS[side.kind]
    return {slots[n]: Group(tuple(parts), kind, slot=slots[n]) for n, parts in found.items()}


def _painted(plan: Plan, of: Mapping[int, Any], side: Side) -> dict[int, list[Element]]:
    """What is painted for each node."""
    return {
        **{n: list(_strands(links, of[n], side)) for n, links in plan.links.items()},
        **{n: list(_squares(found, of[n], side)) for n, found in plan.corners.items()},
        **{c.node: list(_circles(c, of[c.node], side)) for c in plan.columns},
    }


def _finite(plan: Plan, of: Mapping[int, Any]) -> Iterator[float]:
    """All numbers that are shown, but those that are not finite."""
    for column in plan.columns:
        yield from filter(math.isfinite, (_at(of[column.node], k) for k, _ in column.circles))
    for node, links in plan.links.items():
        yield from filter(math.isfinite, (_at(of[node], link.at) for link in links))
    for node, corners in plan.corners.items():
        yield from filter(math.isfinite, (_flat(of[node], corner.at) for corner in corners))


def _at(value: Any, index: tuple[int, ...]) -> float:
    return value if type(value) is float else float(value[index])


def _flat(value: Any, index: int) -> float:
    return value if type(value) is float else float(value.flat[index])


# --- circles


def _circles(column: Column, value: Any, side: Side) -> Iterator[Element]:
    """Half of each circle in its colour, with its number."""
    elements = [_at(value, index) for index, _ in column.circles]
    for number, y in zip(elements, column.heights, strict=True):
        if (found := side.level(number)) != 0:
            yield half_circle(column.x, y, side.half, colour(found), depth(found))
    for shown, y in zip(side.numbers.cells(elements, LONGEST), column.heights, strict=True):
        size = NUMBER * min(1.0, 1.55 * CIRCLE / number_width(shown, NUMBER))
        yield name(shown, column.x, y + side.baseline, round(size, 2))


def depth(step: int) -> float:
    """The opacity of a level."""
    return round(DEEPEST * min(abs(step) / LEVELS, 1.0), 4)


# --- lines and squares


def _strands(links: Sequence[Link], value: Any, side: Side) -> Iterator[Line]:
    """A strand of each line, as wide as its number is large; those of one colour are one path."""
    found: dict[str, list[Line]] = {}
    for link in links:
        if (step := side.level(_at(value, link.at))) != 0:
            found.setdefault(colour(step), []).append(_strand(link, side.half, thickness(step)))
    return (joined(lines, kind, 1.0) for kind, lines in found.items())


def thickness(step: int) -> float:
    """The width of the strand of a level."""
    return THINNEST + THICKER * abs(step)


def _strand(link: Link, half: float, wide: float) -> Line:
    """A line beside that of a link, above it or below, as a shape with an area."""
    (x, y), (right, lower) = link.start, link.end
    length = math.dist(link.start, link.end)
    across = half * (y - lower) / length, half * (right - x) / length
    near, far = STRAND - wide / 2, STRAND + wide / 2
    corners = [(x, y, near), (right, lower, near), (right, lower, far), (x, y, far)]
    numbers = tuple(
        n for px, py, off in corners for n in (px + off * across[0], py + off * across[1])
    )
    return Line("MLLLZ", numbers)


def _squares(corners: Sequence[Corner], value: Any, side: Side) -> Iterator[Line]:
    """Half of the square of each bias in its colour."""
    for corner in corners:
        if (step := side.level(_flat(value, corner.at))) != 0:
            y = corner.y + side.half * SQUARE / 4
            yield box(corner.x, y, SQUARE, SQUARE / 2, colour(step), depth(step))


# --- scales


def _scale(side: Side, plan: Plan) -> Iterator[Element]:
    """The colours and widths of all levels, between the numbers at their ends."""
    if not side.most:
        return
    y = plan.bottom + SCALES + (SCALE_ROW if side.half > 0 else 0.0)
    ends = [side.numbers(number) for number in (-side.most, side.most)]
    wide = max(number_width(end, SMALL) for end in ends)
    left = wide + 4 + CELL / 2
    for k, step in enumerate(range(-LEVELS, LEVELS + 1)):
        if step:
            x = left + k * CELL
            yield box(x, y, CELL, HIGH, colour(step), depth(step))
            yield box(x, y, CELL, thickness(step), colour(step), 1.0)
    right = left + 2 * LEVELS * CELL + CELL / 2 + 4
    yield text(ends[0], wide / 2, y + 4, size=SMALL)
    yield text(ends[1], right + wide / 2, y + 4, size=SMALL)
    yield text("0", left + LEVELS * CELL, y + 4, size=SMALL)
