"""How large the parts of a slide can be, so that all of them fit."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from typing import Any, NamedTuple

from ..figure.deck import BODY
from ..figure.slide_plans import GAPS, SHARES, WAYS, Way, text_parts
from .slide import Image
from .texts import Words
from .xml import Rect

BLOCKS = BODY * GAPS.blocks  # points between blocks
SMALLEST = 0.15  # of its size, below which no picture or figure is made smaller


class Stage(NamedTuple):
    """A figure on all its slides, with the most that its words and its sentences take."""

    wide: float
    high: float
    under: tuple[tuple[Image | Words, ...], ...]
    notes: tuple[Words | None, ...] = ()
    way: Way = WAYS[0]
    column: float = 0.0  # the width of formulas
    part: float = 1.0  # of its size, in which a formula is
    em: float = BODY  # the size of the texts around

    @property
    def gap(self) -> float:
        """The distance between figure and words."""
        return BODY * GAPS.aside if self.way.aside else self.em * GAPS.words

    @property
    def apart(self) -> float:
        """The distance between formulas and sentences beside them."""
        return self.em * GAPS.row

    def scale(self, room: float) -> float:
        """The largest that it can be at a width."""
        aside = self.way.aside * room + self.gap if self.way.aside else 0.0
        return min(SHARES.largest, (room - aside) / self.wide)

    def beside(self, room: float) -> float:
        """The width of sentences that stand with the formulas."""
        return room - self.column - self.apart if self.way.row else self.column

    def tall(self, k: int, room: float) -> tuple[float, float]:
        """The heights of a frame's words, and of its sentence where that stands with them."""
        note = None if self.way.foot or not self.notes else self.notes[k]
        words = sum(part.height(self.column) for part in self.under[k])
        return words, note.height(self.beside(room)) if note else 0.0

    def words(self, room: float) -> float:
        """The height of what stands under or beside the figure, with the gap above it."""
        pairs = [self.tall(k, room) for k in range(len(self.under))]
        both = max if self.way.row else self.joined
        return max((both(*pair) for pair in pairs), default=0.0) + (
            0.0 if self.way.aside else self.gap
        )

    def joined(self, words: float, note: float) -> float:
        """The height of a sentence below formulas."""
        return words + note + (self.em * GAPS.note if words and note else 0.0)

    def noted(self, room: float) -> float:
        """The height of the sentences at the foot."""
        notes = self.notes if self.way.foot else ()
        return max((words.height(room) + BLOCKS for words in notes if words), default=0.0)

    def height(self, room: float) -> float:
        """Of figure, words and sentences."""
        high, words = self.scale(room) * self.high, self.words(room)
        return (max(high, words) if self.way.aside else high + words) + self.noted(room)

    def sized(self, part: float) -> Stage:
        """The same with its words in another size; sentences stay larger, or as they are."""
        notes = self.notes
        if not self.way.foot:
            notes = tuple(note and note.sized(sqrt(part)) for note in notes)
        under = tuple(tuple(u.sized(part) for u in us) for us in self.under)
        return self._replace(under=under, notes=notes, part=part * self.part, em=part * self.em)

    def placed(self, room: float, high: float) -> Stage:
        """The same at a place: formulas take the width that is theirs, all in the same size."""
        column = narrowest(self.way, room)
        if self.way.aside:
            scale = min(self.scale(room), high / self.high)
            column = max(column, room - self.gap - scale * self.wide)
        widest = max((u.wide for us in self.under for u in us if isinstance(u, Image)), default=1.0)
        part = min(1.0, column / widest)
        under = tuple(
            tuple(u.sized(part) if isinstance(u, Image) else u for u in us) for us in self.under
        )
        return self._replace(under=under, column=column, part=part * self.part)


def narrowest(way: Way, room: float) -> float:
    """The least width of formulas."""
    return room * (way.aside or (SHARES.row if way.row else SHARES.caption))


class Plan(NamedTuple):
    """Parts at the sizes at which they fit; `share` is what is left of pictures and figures."""

    parts: tuple[Any, ...]
    share: float
    gap: float
    left: float  # of the height
    fits: bool = False  # without a picture that is too small

    @property
    def part(self) -> float:
        """Of their size, in which texts are."""
        return self.gap / (BLOCKS)

    @property
    def stage(self) -> Stage:
        """The figure among its parts."""
        found: Stage = next(part for part in self.parts if isinstance(part, Stage))
        return found


def planned(parts: Iterable[Any], room: float, high: float) -> Plan:
    """Texts smaller and smaller until all fits, and pictures into what is left."""
    given, plan = tuple(parts), Plan((), 1.0, BODY, high)
    for part in text_parts():
        plan = _sized([one.sized(part) for one in given], part, room, high)
        if plan.fits:
            break
    return plan


def _sized(sized: list[Any], part: float, room: float, high: float) -> Plan:
    """Parts of a certain size, with pictures as small as that needs."""
    gap = BLOCKS * part
    total = sum(one.height(room) for one in sized) + gap * (len(sized) - 1)
    shrinks = sum(shrinks_by(one, room) for one in sized)
    share = min(1.0, (high - total + shrinks) / shrinks) if shrinks else float(total <= high)
    share = max(share, SMALLEST)
    least = max((SHARES.least for one in sized if shrinks_by(one, room)), default=1.0)
    left = max(0.0, high - total + (1 - share) * shrinks)
    return Plan(tuple(sized), share, gap, left, share >= least)


def staged(above: list[Any], stages: Iterable[Stage], below: list[Any], place: Rect) -> Plan:
    """The best plan with a figure in it: large texts below one that has enough room, or the best.

    `stages` are the ways in which it can share the slide, in order of preference.
    """
    best, best_score = None, 0.0
    ways = tuple(stages)
    for part in text_parts():
        for stage in ways:
            plan, score = _tried(above, stage, below, place, part)
            if best is None or score > best_score or (plan.fits and part >= SHARES.large):
                best, best_score = plan, score
            if plan.fits:
                return best
    assert best
    return best


def _tried(
    above: list[Any], stage: Stage, below: list[Any], place: Rect, part: float
) -> tuple[Plan, float]:
    """A plan, and how good it is."""
    room, others = place.width, [one.sized(part) for one in (*above, *below)]
    shown = sum(one.height(room) - shrinks_by(one, room) for one in others)
    taken = shown + BLOCKS * part * len(others)
    high = max(place.height - taken, 1.0)
    at = stage.sized(part).placed(room, high)
    plan = _sized([*others[: len(above)], at, *others[len(above) :]], part, room, place.height)
    words = at.words(room) + at.noted(room)
    squeezed = min(1.0, high / words) if words else 1.0
    full = min(1.0, room / stage.wide, high / stage.high)
    score = squeezed * min(drawn(plan, room) / full, 1.0) / SHARES.least
    good = plan.share > SMALLEST and squeezed == 1.0
    fits = good and stage.way.foot and score >= 1.0
    read = min(sqrt(at.part), at.part / sqrt(SHARES.legible))
    return plan._replace(fits=fits), read * score / stage.way.worth


def drawn(plan: Plan, room: float) -> float:
    """Points for each of a figure's."""
    return plan.share * plan.stage.scale(room)


def shrinks_by(part: Any, room: float) -> float:
    """What of a part's height can become less."""
    if isinstance(part, Stage):
        return part.scale(room) * part.high
    return float(part.height(room)) if isinstance(part, Image) and part.what == "picture" else 0.0
