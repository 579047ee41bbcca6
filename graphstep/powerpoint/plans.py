"""How large the parts of a slide can be, so that all of them fit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ..slides import BODY
from .sheet import Image
from .texts import Words
from .xml import Rect

PARTS = (1.0, 0.9, 0.8, 0.7, 0.6)  # of their sizes, to which texts are made smaller
LARGEST = 1.5  # points for each of a figure's
LEAST = 0.85  # so far, or to the width of the page, a figure is made smaller for a text
SMALLEST = 0.15
SPLIT = 0.58  # of the width, for a figure with its words beside it
WORTH = 1.25  # how much larger a figure must become by that
GAP = BODY  # between blocks
MIDDLE = 0.92  # of the width, for words under a figure


class Stage(NamedTuple):
    """A figure on all its slides, with the most that its words and its sentences take."""

    wide: float
    high: float
    under: tuple[tuple[Image | Words, ...], ...]
    notes: tuple[Words | None, ...] = ()
    beside: bool = False  # whether its words stand at its right

    def scale(self, room: float) -> float:
        """The largest that it can be at a width."""
        return min(LARGEST, (SPLIT if self.beside else 1.0) * room / self.wide)

    def column(self, room: float) -> float:
        """The width of its words."""
        return (1 - SPLIT) * room - GAP if self.beside else MIDDLE * room

    def words(self, room: float) -> float:
        """The height of what stands under the figure, with the gap above it."""
        column = self.column(room)
        heights = [sum(part.height(column) for part in parts) for parts in self.under]
        return max(heights, default=0.0) + (0.0 if self.beside else GAP / 2)

    def noted(self, room: float) -> float:
        """The height of the sentences at the bottom."""
        return max((words.height(room) + GAP / 2 for words in self.notes if words), default=0.0)

    def height(self, room: float) -> float:
        """Of figure, words and sentences."""
        high, words = self.scale(room) * self.high, self.words(room)
        return (max(high, words) if self.beside else high + words) + self.noted(room)

    def sized(self, part: float) -> Stage:
        """The same with its words in another size."""
        return self._replace(under=tuple(tuple(u.sized(part) for u in us) for us in self.under))


class Plan(NamedTuple):
    """Parts at the sizes at which they fit; `share` is what is left of pictures and figures."""

    parts: tuple[Any, ...]
    share: float
    gap: float
    left: float  # of the height


def planned(parts: Iterable[Any], room: float, high: float) -> Plan:
    """Texts smaller and smaller until all fits, and pictures into what is left."""
    given, plan = tuple(parts), Plan((), 1.0, GAP, high)
    for part in PARTS:
        sized = tuple(one.sized(part) for one in given)
        gap = GAP * part
        total = sum(one.height(room) for one in sized) + gap * (len(sized) - 1)
        shrinks = sum(shrinks_by(one, room) for one in sized)
        share = min(1.0, (high - total + shrinks) / shrinks) if shrinks else float(total <= high)
        share = max(share, SMALLEST)
        least = min((_least(one, room) for one in given), default=1.0)
        plan = Plan(sized, share, gap, max(0.0, high - total + (1 - share) * shrinks))
        if share >= least:
            break
    return plan


def staged(above: list[Any], stage: Stage, below: list[Any], place: Rect) -> Plan:
    """A plan with a figure in it; where it were small, its words stand beside it."""
    one, two = (
        planned((*above, stage._replace(beside=beside), *below), place.width, place.height)
        for beside in (False, True)
    )
    now, then = (drawn(plan, place.width) for plan in (one, two))
    return two if now < LEAST and then > WORTH * now else one


def drawn(plan: Plan, room: float) -> float:
    """Points for each of a figure's."""
    stage: Stage = next(part for part in plan.parts if isinstance(part, Stage))
    return plan.share * stage.scale(room)


def _least(part: Any, room: float) -> float:
    """The share of its size that a part should keep."""
    if isinstance(part, Stage):
        return min(1.0, LEAST / part.scale(room))
    return LEAST if shrinks_by(part, room) else 1.0


def shrinks_by(part: Any, room: float) -> float:
    """What of a part's height can become less."""
    if isinstance(part, Stage):
        return part.scale(room) * part.high
    return float(part.height(room)) if isinstance(part, Image) and part.what == "picture" else 0.0
