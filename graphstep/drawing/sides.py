"""Where names, numbers and curves are: above and below level wires, or beside upright ones.

A figure is laid out along its wires, x the way that values go, and y across it. A direction says
how long everything is along a wire and how far it reaches to both sides, and turns it into place.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from ..graph.slots import Slot
from ..look.looks import NAME, SMALL, TEXT
from ..look.text_widths import width
from .measures import (
    ABOVE,
    AROUND,
    BELOW,
    CLEAR,
    LOWER,
    RADIUS,
    Mark,
    Place,
    Point,
    Space,
)
from .spaces import Spaces, Stretch

FOOT = 1.5  # from the foot of an array to the baseline of its name, until it comes
OVER = 16.0  # between the baselines of a value and of the new one over it
Reach = tuple[float, float]  # how far something extends to both sides of its wire


class Direction(Protocol):
    """A direction of wires. `ends` are those of a stretch, `y` is that of its wire."""

    def head(self, mark: Mark) -> float:
        """How long a gate or a leaf is, along its wire."""

    def aside(self, mark: Mark) -> Reach:
        """How far a gate or a leaf extends to both sides of its wire, if that is to be seen to."""

    def length(self, stretch: Stretch) -> float:
        """How long a stretch is."""

    def reach(self, stretch: Stretch) -> Reach:
        """How far what is beside a stretch extends: to its value, and to its gradients."""

    def outline(self, mark: Mark, turn: float) -> Point:
        """Where a wire meets a gate, from the middle of the side that it comes from."""

    def places(self, stretch: Stretch, ends: Point, y: float) -> Iterator[Place]:
        """The places beside a stretch."""

    def turned(self, point: Point) -> Point:
        """A point of the figure."""


@dataclass(frozen=True)
class Level:
    """From left to right: values above their wires, gradients below."""

    spaces: Spaces

    def head(self, mark: Mark) -> float:
        """How long a gate or a leaf is, along its wire."""
        return mark.width

    def aside(self, mark: Mark) -> Reach:  # noqa: ARG002
        """Numbers extend farther than any gate."""
        return (0.0, 0.0)

    def length(self, stretch: Stretch) -> float:
        """The width of a named value, its gradient and its local gradient."""
        value = stretch.value.width if stretch.value else 0.0
        new = stretch.next.width if stretch.next else 0.0
        around = 2 * AROUND if stretch.carried.height or stretch.local.height else 0.0
        return max(value, new, stretch.carried.width, stretch.local.width) + around

    def reach(self, stretch: Stretch) -> Reach:
        """How far what is beside a stretch extends: up to its value, and down to its gradients."""
        spaces, local = self.spaces, stretch.local
        value = spaces.sizes[stretch.brings].height
        up = value + 2 * CLEAR if value else spaces.spacing.above
        if stretch.next:
            up += stretch.next.height + CLEAR if value else OVER
        if stretch.gradient in spaces.graph.never_filled:
            return up, spaces.spacing.below
        below = value + CLEAR if value else BELOW + CLEAR
        if stretch.gradient is None:
            below = 0.0 if local.height else BELOW
        if local.height:
            return up, below + CLEAR + local.height + 2
        least = below if spaces.style.local == "never" else spaces.spacing.below
        return up, max(least, value + 2 * CLEAR)

    def outline(self, mark: Mark, turn: float) -> Point:  # noqa: ARG002
        """The point at the left of a circle or pill, turned up (negative) or down."""
        return RADIUS * (1 - math.cos(turn)), RADIUS * math.sin(turn)

    def places(self, stretch: Stretch, ends: Point, y: float) -> Iterator[Place]:
        """The value above the wire, the gradient below it, the local gradient under that."""
        x, carried, node = (ends[0] + ends[1]) / 2, stretch.carried, stretch.brings
        if value := stretch.value:
            at = y - CLEAR - value.height if value.height else y + ABOVE
            prefix = self.spaces.prefixes[node]
            slot, apart = Slot("value", node), (0.0, value.height - FOOT if value.height else 0.0)
            yield Place(slot, x, at, TEXT, value.width, prefix, value.height, apart=apart)
            if new := stretch.next:
                at -= new.height + CLEAR if new.height else OVER
                yield Place(Slot("next", node), x, at, TEXT, new.width, height=new.height)
        below = y + (CLEAR if carried.height else BELOW)
        if stretch.gradient:
            yield Place(stretch.gradient, x, below, TEXT, carried.width, height=carried.height)
        if stretch.wire is not None:
            under = y + LOWER if stretch.gradient else below
            if stretch.local.height:
                under = below + (carried.height or 0.0) + CLEAR if stretch.gradient else y + CLEAR
            slot, space = Slot("local", stretch.wire), stretch.local
            yield Place(slot, x, under, SMALL, space.width, height=space.height)

    def turned(self, point: Point) -> Point:
        """A point of the figure: as it is."""
        return point


LINE, NEXT = 20.0, 14.5  # the height of a number beside an upright wire, and of one more below it
BASE, UNDER = 15.5, 4.0  # from the top to a baseline, and below it, with space for an outline
TOP = 4.0  # from the top to an array
ASIDE = 5.0  # between an upright wire and its numbers


@dataclass(frozen=True)
class Upright:
    """From top to bottom, or upward: values to the left of their wires, gradients to the right.

    Of a figure that stands on its head, `high` is the height.
    """

    spaces: Spaces
    high: float | None = None

    def head(self, mark: Mark) -> float:
        """How high a gate or a leaf is."""
        return 2 * RADIUS if mark.gate else NAME + 2

    def aside(self, mark: Mark) -> Reach:
        """How far a gate or a leaf extends to both sides of its wire."""
        half = mark.width / 2 + CLEAR / 2
        return half, half

    def length(self, stretch: Stretch) -> float:
        """The height of a value, or that of its gradient with the local gradient under it."""
        value = sum(_high(space) for space in (stretch.value, stretch.next) if space)
        if stretch.gradient in self.spaces.graph.never_filled:
            return value
        carried = _high(stretch.carried) if stretch.gradient else 0.0
        return max(value, carried + self._more(stretch))

    def _more(self, stretch: Stretch) -> float:
        """The height of a local gradient under its gradient."""
        if stretch.wire is None or self.spaces.style.local == "never":
            return 0.0
        return CLEAR + stretch.local.height if stretch.local.height else NEXT

    def reach(self, stretch: Stretch) -> Reach:
        """How far what is beside a stretch extends: left to its value, right to its gradients."""
        spaces = (stretch.value, stretch.next)
        left = ASIDE + max(space.width if space else 0.0 for space in spaces)
        if stretch.gradient in self.spaces.graph.never_filled:
            return left, ASIDE
        return left, ASIDE + max(stretch.carried.width, stretch.local.width)

    def outline(self, mark: Mark, turn: float) -> Point:
        """The point at the upper side of a circle or pill, to the left (negative) or right."""
        flat = mark.width / 2 - RADIUS
        across = (mark.width / 2) * math.sin(turn)
        corner = max(abs(across) - flat, 0.0)
        return RADIUS - math.sqrt(RADIUS**2 - corner**2), across

    def places(self, stretch: Stretch, ends: Point, y: float) -> Iterator[Place]:
        """The value to the left of the wire, the gradient to the right, its local gradient below.

        They begin at the same height.
        """
        top, carried, node = min(self._height(end) for end in ends), stretch.carried, stretch.brings
        if value := stretch.value:
            at, x = top + (TOP if value.height else BASE), y - ASIDE - value.width / 2
            slot, prefix = Slot("value", node), self.spaces.prefixes[node]
            place = Place(slot, x, at, TEXT, value.width, prefix, value.height)
            apart = (value.width - width(place.bare, TEXT)) / 2
            yield place._replace(apart=(apart, top + BASE - at))
            if new := stretch.next:
                at, x = at + _high(value), y - ASIDE - new.width / 2
                yield Place(Slot("next", node), x, at, TEXT, new.width, height=new.height)
        x, below = y + ASIDE + carried.width / 2, top + (TOP if carried.height else BASE)
        if stretch.gradient:
            yield Place(stretch.gradient, x, below, TEXT, carried.width, height=carried.height)
        if stretch.wire is not None:
            slot, space = Slot("local", stretch.wire), stretch.local
            under = top + (_high(carried) if stretch.gradient else 0.0)
            under += CLEAR if space.height else NEXT - UNDER
            x = y + ASIDE + space.width / 2
            yield Place(slot, x, under, SMALL, space.width, height=space.height)

    def turned(self, point: Point) -> Point:
        """A point of the figure, whose wires are upright."""
        x, y = point
        return y, self._height(x)

    def _height(self, x: float) -> float:
        return x if self.high is None else self.high - x


def _high(space: Space) -> float:
    """The height of a number or an array beside an upright wire."""
    return TOP + space.height if space.height else LINE
