"""The sizes at which all parts of a slide fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ..slides.deck import BODY, NOTE
from ..slides.slide_plans import GAPS, SHARED_SIZES, SHARES, WAYS, Shared, Way, text_parts, worth
from .slide import Image
from .texts import Words
from .xml import Rect

BLOCK_GAP = BODY * GAPS.blocks  # points
SMALLEST_PICTURE = 0.15  # part of its size below which no picture or figure shrinks


class Beside(NamedTuple):
    """Parts in columns; pictures in them are as large as the height allows."""

    columns: tuple[tuple[Any, ...], ...]
    shares: tuple[float, ...]
    em: float = BODY  # size of the texts in them

    @property
    def gap(self) -> float:
        """The distance between parts."""
        return self.em * GAPS.blocks

    def places(self, place: Rect) -> Iterator[Rect]:
        """The place of each column."""
        x, apart = place.x, self.em * GAPS.columns
        free = max(place.width - apart * (len(self.shares) - 1), 1.0)
        for share in self.shares:
            yield place._replace(x=x, width=share * free)
            x += share * free + apart

    def each(self, available: float) -> Iterator[tuple[tuple[Any, ...], float]]:
        """The parts of each column, with its width."""
        places = self.places(Rect(0, 0, available, 0))
        return zip(self.columns, (place.width for place in places), strict=True)

    def height(self, available: float) -> float:
        """The height of the highest column."""
        heights = (sum(part.height(wide) for part in parts) + self.gap * (len(parts) - 1)
                   for parts, wide in self.each(available))  # fmt: skip
        return max(heights, default=0.0)

    def sized(self, part: float) -> Beside:
        """The same with texts in another size."""
        columns = tuple(tuple(one.sized(part) for one in parts) for parts in self.columns)
        return self._replace(columns=columns, em=part * self.em)

    def within(self, available: float, high: float) -> Beside:
        """The same with pictures so small that it is as high as its place, if they can be."""
        return self._replace(columns=tuple(
            _within(parts, wide, high - self.gap * (len(parts) - 1))
            for parts, wide in self.each(available)
        ))  # fmt: skip


def _within(parts: tuple[Any, ...], available: float, high: float) -> tuple[Any, ...]:
    """The parts of a column with pictures so small that all is as high as its place."""
    heights = [float(part.height(available)) for part in parts]
    shrinks, over = sum(shrinks_by(part, available) for part in parts), sum(heights) - high
    share = max(SMALLEST_PICTURE, 1 - over / shrinks) if shrinks and over > 0 else 1.0
    made = list[Any]()
    for part, own in zip(parts, heights, strict=True):
        if isinstance(part, Beside | Layers):
            made.append(part.within(available, own - over))
        elif share < 1 and shrinks_by(part, available):
            made.append(part.scaled(share * min(1.0, available / part.wide)))
        else:
            made.append(part)
    return tuple(made)


class Stage(NamedTuple):
    """A figure on all its slides, with the words and the sentences of every frame."""

    wide: float
    high: float
    under: tuple[tuple[Image | Words, ...], ...]
    notes: tuple[Words | None, ...] = ()
    way: Way = WAYS[0]
    column: float = 0.0  # the width of formulas
    part: float = 1.0  # size of formulas, as a part of their natural one
    em: float = BODY  # size of formulas
    legible: float = 1.0  # the scale at which the figure can be read

    @property
    def gap(self) -> float:
        """The distance between figure and words."""
        return BODY * GAPS.aside if self.way.aside else self.em * GAPS.words

    @property
    def apart(self) -> float:
        """The distance between formulas and the sentences beside them."""
        return self.em * GAPS.row

    def scale(self, available: float) -> float:
        """The largest scale of the figure at a width."""
        aside = self.way.aside * available + self.gap if self.way.aside else 0.0
        return min(SHARES.largest, (available - aside) / self.wide)

    def beside(self, available: float) -> float:
        """The width of sentences beside or below the formulas."""
        return available - self.column - self.apart if self.way.row else self.column

    def tall(self, k: int, available: float) -> tuple[float, float]:
        """The heights of a frame's words, and of its sentence if that is beside or below them."""
        note = None if self.way.foot or not self.notes else self.notes[k]
        words = sum(part.height(self.column) for part in self.under[k])
        return words, note.height(self.beside(available)) if note else 0.0

    def words(self, available: float) -> float:
        """The height of all that is under or beside the figure, with the gap above."""
        pairs = [self.tall(k, available) for k in range(len(self.under))]
        both = max if self.way.row else self.joined
        return max((both(*pair) for pair in pairs), default=0.0) + (
            0.0 if self.way.aside else self.gap
        )

    def joined(self, words: float, note: float) -> float:
        """The height of formulas with a sentence below them."""
        return words + note + (self.em * GAPS.note if words and note else 0.0)

    def noted(self, available: float) -> float:
        """The height of the sentences at the foot."""
        notes = self.notes if self.way.foot else ()
        return max((words.height(available) + BLOCK_GAP for words in notes if words), default=0.0)

    def height(self, available: float) -> float:
        """The height of figure, words and sentences."""
        high, words = self.scale(available) * self.high, self.words(available)
        return (max(high, words) if self.way.aside else high + words) + self.noted(available)

    def sized(self, part: float) -> Stage:
        """Scale the formulas; sentences keep their size, or the least in place of formulas."""
        least = NOTE / (SHARES.caption_size * BODY)
        under = tuple(
            tuple(u.sized(part if isinstance(u, Image) else max(part, least)) for u in us)
            for us in self.under
        )
        return self._replace(under=under, part=part * self.part, em=part * self.em)

    def placed(self, available: float, high: float) -> Stage:
        """Set the width of formulas for a place, and one size for all of them."""
        column = narrowest(self.way, available)
        if self.way.aside:
            scale = min(self.scale(available), high / self.high)
            column = max(column, available - self.gap - scale * self.wide)
        widest = max((u.wide for us in self.under for u in us if isinstance(u, Image)), default=1.0)
        part = min(1.0, column / widest)
        under = tuple(
            tuple(u.sized(part) if isinstance(u, Image) else u for u in us) for us in self.under
        )
        return self._replace(under=under, column=column, part=part * self.part)


def narrowest(way: Way, available: float) -> float:
    """The smallest width of formulas."""
    return available * (way.aside or (SHARES.row if way.row else SHARES.caption))


class Layers(NamedTuple):
    """Parts of which at most one group is seen at a moment, all in the same place."""

    groups: tuple[tuple[frozenset[int], tuple[Any, ...]], ...]
    gap: float = BLOCK_GAP

    def height(self, available: float) -> float:
        """The height of the highest group."""
        return max(self._high(parts, available) for _, parts in self.groups)

    def _high(self, parts: tuple[Any, ...], available: float) -> float:
        heights: list[float] = [part.height(available) for part in parts]
        return sum(heights) + self.gap * max(0, len(parts) - 1)

    def sized(self, part: float) -> Layers:
        """The same with texts in another size."""
        groups = ((at, tuple(one.sized(part) for one in parts)) for at, parts in self.groups)
        return Layers(tuple(groups), part * self.gap)

    def within(self, available: float, high: float) -> Layers:
        """The same with pictures so small that it is as high as its place, if they can be."""
        groups = ((at, _within(parts, available, high - self.gap * (len(parts) - 1)))
                  for at, parts in self.groups)  # fmt: skip
        return self._replace(groups=tuple(groups))

    def seen(self, now: int) -> tuple[Any, ...]:
        """The parts that are seen at a moment."""
        return next((parts for moments, parts in self.groups if now in moments), ())

    def shrinking(self, available: float) -> float:
        """The height of pictures in a place that is made for nothing else."""
        highest = max(self.groups, key=lambda group: self._high(group[1], available))
        return sum(shrinks_by(part, available) for part in highest[1])


class Plan(NamedTuple):
    """Parts at the sizes at which they fit; `share` is the scale of pictures and figures."""

    parts: tuple[Any, ...]
    share: float
    gap: float
    left: float  # height that remains
    fits: bool = False  # and no picture is too small
    over: float = 0.0  # height that is missing at the smallest sizes

    @property
    def part(self) -> float:
        """The scale of texts."""
        return self.gap / BLOCK_GAP

    @property
    def stage(self) -> Stage:
        """The figure among its parts."""
        found: Stage = next(part for part in self.parts if isinstance(part, Stage))
        return found


def planned(parts: Iterable[Any], available: float, high: float, most: float) -> Plan:
    """Texts in the largest size in which all fits, with pictures in the height that remains.

    It is at most `most` times the usual size.
    """
    given, plan = tuple(parts), Plan((), 1.0, BODY, high)
    sizes = tuple(part for part in text_parts() if part <= most)
    for part in sizes if any(map(_has_text, given)) else (1.0,):
        plan = _sized([one.sized(part) for one in given], part, available, high)
        if plan.fits:
            break
    return plan


def _has_text(part: Any) -> bool:
    """Whether a part becomes smaller with its texts."""
    if isinstance(part, Beside):
        return any(_has_text(one) for parts in part.columns for one in parts)
    if isinstance(part, Layers):
        return any(_has_text(one) for _, parts in part.groups for one in parts)
    return not isinstance(part, Image) or part.what == "formula"


def _sized(sized: list[Any], part: float, available: float, high: float) -> Plan:
    """A plan for parts of one size, with pictures as small as necessary."""
    gap = BLOCK_GAP * part
    sized = _narrowed(sized, available, high - gap * (len(sized) - 1))
    total = sum(one.height(available) for one in sized) + gap * (len(sized) - 1)
    shrinks = sum(shrinks_by(one, available) for one in sized)
    share = min(1.0, (high - total + shrinks) / shrinks) if shrinks else float(total <= high)
    share = max(share, SMALLEST_PICTURE)
    least = max((SHARES.least for one in sized if shrinks_by(one, available)), default=1.0)
    left = high - total + (1 - share) * shrinks
    return Plan(tuple(sized), share, gap, max(0.0, left), share >= least, max(0.0, -left))


def _narrowed(sized: list[Any], available: float, high: float) -> list[Any]:
    """Parts with columns in the height that the others leave when pictures are at their least."""
    least = sum(one.height(available) - shrinks_by(one, available) for one in sized)
    taken = [one.height(available) if isinstance(one, Beside) else 0.0 for one in sized]
    return [one.within(available, high - least + own) if isinstance(one, Beside) else one
            for one, own in zip(sized, taken, strict=True)]  # fmt: skip


def staged(above: list[Any], stages: Iterable[Stage], below: list[Any], place: Rect) -> Plan:
    """The best plan with a figure: large texts below it if that fits, else the best score.

    `stages` are the ways in which figure and words can share the slide, in order of preference.
    """
    best, best_score = None, 0.0
    ways = tuple(stages)
    for size in SHARED_SIZES:
        for stage in ways:
            plan, score = _tried(above, stage, below, place, size)
            if best is None or score > best_score or (plan.fits and size.words >= SHARES.large):
                best, best_score = plan, score
            if plan.fits:
                return best
    assert best
    return best


def _tried(
    above: list[Any], stage: Stage, below: list[Any], place: Rect, size: Shared
) -> tuple[Plan, float]:
    """A plan and its score."""
    available, part = place.width, size.text
    others = [one.sized(part) for one in (*above, *below)]
    around = SHARES.picture * place.height
    others = [one.within(available, around) if isinstance(one, Beside) else one for one in others]
    shown = sum(one.height(available) - shrinks_by(one, available) for one in others)
    taken = shown + BLOCK_GAP * part * len(others)
    high = max(place.height - taken, 1.0)
    at = stage.sized(size.words).placed(available, high)
    plan = _sized([*others[: len(above)], at, *others[len(above) :]], part, available, place.height)
    words = at.words(available) + at.noted(available)
    squeezed = min(1.0, high / words) if words else 1.0
    seen = drawn(plan, available) / stage.legible
    good = plan.share > SMALLEST_PICTURE and squeezed == 1.0
    fits = good and stage.way.foot and seen >= 1.0
    return plan._replace(fits=fits), worth(stage.way, part, squeezed * at.part, seen)


def drawn(plan: Plan, available: float) -> float:
    """Points on the slide for each unit of a figure."""
    return plan.share * plan.stage.scale(available)


def shrinks_by(part: Any, available: float) -> float:
    """The height of a part that can shrink."""
    if isinstance(part, Stage):
        return part.scale(available) * part.high
    if isinstance(part, Layers):
        return part.shrinking(available)
    return (
        float(part.height(available)) if isinstance(part, Image) and part.what == "picture" else 0.0
    )
