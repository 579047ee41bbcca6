"""Numeric slopes of a function of one number: at a point, and on each of its sides.

The differences are extrapolated (Ridders 1982) over steps scaled to the argument, and each slope
comes with an estimate of its own error, rounding included. Where the slopes on the two sides stay
apart down to the smallest step, the point is at a kink; where they meet, the kink is beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

FIRST_STEP = 0.02  # as a part of the argument
EXTRAPOLATIONS = 7  # rows of Ridders' table; each one shrinks the step
SHRINK = 1.6
FINER = 37.0  # how much smaller the step is that has to confirm a slope
TOLERANCE = 1e-6  # relative; a wrong rule is wrong by far more
PRECISE = 1e-5  # relative; with less, smaller steps are tried as well
FLOATS = 2e3  # a step with fewer floats in it could not be halved evenly
DOUBTS = 8  # a difference counts if it is this many times the error of what is compared
EPSILON = 2.0**-52
TINY = 1e-290  # below it floats lose digits one by one

Sides = bytes  # of each kink that a gate declares: 0 below it, 1 at it, 2 above it


class Sample(NamedTuple):
    """A value, the side of each declared kink, and how to find the largest number behind it."""

    value: float
    sides: Sides
    scale: Callable[[], float]


Probe = Callable[[float], Sample]


class Measured(NamedTuple):
    """A numeric slope, an estimate of its error (inf: unknown), and the step it was found with."""

    slope: float
    noise: float
    step: float

    @property
    def known(self) -> bool:
        """Whether its error is known."""
        return math.isfinite(self.noise)

    @property
    def doubt(self) -> tuple[float, float]:
        """A key to sort by, the best slope first: the relative error, then the error."""
        relative = self.noise / abs(self.slope) if self.slope and self.known else math.inf
        return relative, self.noise


class Slopes(NamedTuple):
    """The slopes at a point: across it, and on each side."""

    across: Measured
    below: Measured
    above: Measured

    @property
    def gap(self) -> float:
        """How far apart the slopes of the two sides are."""
        return abs(self.above.slope - self.below.slope)

    @property
    def apart(self) -> bool:
        """Whether the slopes of the two sides seem to differ."""
        return self.gap > TOLERANCE * max(abs(self.above.slope), abs(self.below.slope))

    @property
    def bent(self) -> bool:
        """Whether they differ beyond doubt."""
        return self.apart and self.gap > DOUBTS * (self.above.noise + self.below.noise)

    @property
    def known(self) -> bool:
        """Whether there is a slope to compare with, or one on each side."""
        return self.across.known or self.bent

    @property
    def ends(self) -> tuple[Measured, Measured]:
        """The smallest and the largest slope that are right here; the same but at a kink."""
        if not self.bent:
            return self.across, self.across
        low, high = sorted((self.below, self.above), key=lambda side: side.slope)
        return low, high


class Found(NamedTuple):
    """The slopes at a point and what they are: "slope", or why there is none.

    That is "undefined", "jump", "kink" or "unmeasurable". `declared` says that a kink which a gate
    declares is here.
    """

    slopes: Slopes
    status: str
    declared: bool = False


NOTHING = Slopes(*(Measured(math.nan, math.inf, 0.0),) * 3)


def measure(probe: Probe, x: float, scale: float, claim: float, rough: float = 0.0) -> Found:
    """Find the slopes at x, for an argument of that scale and the slope that is claimed.

    `rough` is by how much rounding may change the value, where that is known.
    """
    here = probe(x)
    if not math.isfinite(here.value):
        return Found(NOTHING, "undefined")
    beside = _beside(probe, x)
    rough = max(rough, _roughness(here.value, beside))
    around = Surroundings(probe, x, here, _kinks_here(probe, x, here), rough)
    if _jumps(here.value, beside):
        return Found(NOTHING, "jump", around.declared)
    slopes, settled = _settled(around, scale, claim)
    if slopes.known:
        status = "slope" if settled or slopes.bent else "unmeasurable"
    elif around.declared:
        status = "kink"
    else:
        status = "unmeasurable" if math.isfinite(slopes.across.slope) else "undefined"
    return Found(slopes, status, around.declared)


def _settled(around: Surroundings, scale: float, claim: float) -> tuple[Slopes, bool]:
    """The best slopes, and whether enough sizes of steps agree on them."""
    slopes, settled = _with_growing_steps(around, scale, claim)
    usual = float(abs(around.here.value)) / (float(scale) or 1.0)  # steps from 0 are scaled to 1
    enough = max(PRECISE * max(abs(slopes.across.slope), usual), TINY)
    if not slopes.apart and slopes.across.noise <= enough:  # else a kink may be just beside x
        return slopes, settled
    finer = _with_shrinking_steps(around, min(_starts(around, scale, claim)))
    if slopes.known and not slopes.bent and not finer.bent:
        settled = settled or finer.known
        return min(slopes, finer, key=lambda found: found.across.noise), settled
    return (finer, True) if finer.known else (slopes, settled)


def _starts(around: Surroundings, scale: float, claim: float) -> list[float]:
    """Sizes to which steps are scaled, the smallest first.

    They are the argument, 1, the largest argument, and the size of the step that changes the
    value by a hundredth if the claim is right.
    """
    x = around.x
    claimed = abs(around.here.value / claim) / 2 if claim and math.isfinite(claim) else math.inf
    steep = min(claimed, abs(x) or 1.0) or 1.0
    return sorted(s for s in {abs(x), 1.0, scale, steep} if s and math.isfinite(s))


def _with_growing_steps(around: Surroundings, scale: float, claim: float) -> tuple[Slopes, bool]:
    """Refine the slopes with growing steps; stop at one that jumps over a pole or over periods."""
    best = NOTHING
    starts = _starts(around, scale, claim)
    blind = FIRST_STEP * starts[0] < finest(around.x)  # two sizes of steps have to agree closely
    need = 2 if blind else 1
    for start in starts:
        found = around.confirmed(around.inside(FIRST_STEP * start))
        if best.known and found.known and not _same(best.across, found.across, closely=blind):
            break
        need -= found.known
        best = min(best, found, key=lambda slopes: slopes.across.doubt)
        if best.bent or (best.across.doubt[0] <= PRECISE and need <= 0) or not math.isfinite(claim):
            break  # a slope above the largest float looks finite to large steps
    return best, need <= 0


def _same(one: Measured, other: Measured, closely: bool) -> bool:
    near = abs(one.slope - other.slope) <= 1e-3 * abs(one.slope)
    return agree(one, other) and (near or not closely)


def _with_shrinking_steps(around: Surroundings, start: float) -> Slopes:
    """The slopes beyond all kinks that are beside x; those of the two sides if one is at x."""
    step = around.inside(FIRST_STEP * start)
    bent, smooth, before = NOTHING, NOTHING, around.slopes(step)
    while (step := step / FINER) >= finest(around.x):
        now = around.slopes(step)
        found, before = confirm(before, now), now
        if found.bent:
            bent, smooth = _nearer(bent, found), NOTHING
        else:
            smooth = min(smooth, found, key=lambda slopes: slopes.across.noise)
    # as precise as it has to be to see the bend that larger steps saw
    clear = 2 * DOUBTS * max(side.noise for side in smooth) < bent.gap
    return smooth if clear or not bent.known else bent


def _nearer(one: Slopes, finer: Slopes) -> Slopes:
    """The slopes of the finer step; the more precise ones if both agree."""
    if not (agree(one.below, finer.below) and agree(one.above, finer.above)):
        return finer
    return min(one, finer, key=lambda slopes: slopes.below.noise + slopes.above.noise)


class Surroundings(NamedTuple):
    """A point of a function, and what is known of it: the declared kinks at x, and rounding."""

    probe: Probe
    x: float
    here: Sample
    kinks: tuple[int, ...]
    rough: float

    @property
    def declared(self) -> bool:
        """Whether a declared kink is here."""
        return bool(self.kinks)

    def inside(self, step: float) -> float:
        """The step, or a smaller one, with no kink, end of domain or spike within it; else 0."""
        largest, value = 0.0, self.here.value
        for _ in range(60):
            if step < finest(self.x):
                break
            below, above = self.probe(self.x - step), self.probe(self.x + step)
            finite = math.isfinite(below.value) and math.isfinite(above.value)
            if finite and self._same_sides(below.sides) and self._same_sides(above.sides):
                largest = largest or step
                bend = abs(above.value + below.value - 2 * value)
                if bend <= max(abs(value), 10 * abs(above.value - below.value)):
                    return step
            step /= 4.0
        return largest  # a minimum of value 0 looks like a spike at every size

    def _same_sides(self, sides: Sides) -> bool:
        """Whether no kink was crossed, apart from those at x."""
        if sides == self.here.sides:
            return True
        return self.declared and set(_differences(sides, self.here.sides)) <= set(self.kinks)

    def confirmed(self, step: float) -> Slopes:
        """The slopes with a step, confirmed with a much smaller one."""
        return confirm(self.slopes(step), self.slopes(step / FINER))

    def slopes(self, step: float) -> Slopes:
        """The extrapolated differences; their error is inf where no step is possible."""
        x, middle = self.x, self.here.value
        steps, rises, falls, both = [], [], [], []
        for _ in range(EXTRAPOLATIONS if step else 0):
            above, below = x + step, x - step
            if x in (above, below):
                break
            up, down = self.probe(above).value, self.probe(below).value
            steps.append(step)
            both.append((up - down) / (above - below))
            rises.append((up - middle) / (above - x))
            falls.append((middle - down) / (x - below))
            step /= SHRINK
        return Slopes(
            extrapolated(both, steps, self.rough, SHRINK**2),
            extrapolated(falls, steps, self.rough, SHRINK),
            extrapolated(rises, steps, self.rough, SHRINK),
        )


def _beside(probe: Probe, x: float) -> list[list[float]]:
    """The finite values next to x, below and above."""
    steps = [k * math.ulp(x) for k in (2, 3, 5)]
    sides = ([probe(x + sign * step).value for step in steps] for sign in (-1, 1))
    return [[value for value in side if math.isfinite(value)] for side in sides]


def _roughness(value: float, beside: list[list[float]]) -> float:
    """The size of rounding in the value: its last bit, or the largest jump next to x."""
    return max(
        [
            EPSILON * abs(value),
            math.ulp(0.0),
            *(abs(near - value) for side in beside for near in side),
        ]
    )


def _jumps(value: float, beside: list[list[float]]) -> bool:
    """Whether the value leaves that at x at once, on one side or on both."""
    if not all(beside):
        return False
    spread = sum(max(side) - min(side) for side in beside) + EPSILON * abs(value)
    gap = max(min(abs(near - value) for near in side) for side in beside)
    return gap > max(1e3 * spread, TINY)


def finest(x: float) -> float:
    """The smallest step."""
    return FLOATS * math.ulp(x)


def _kinks_here(probe: Probe, x: float, here: Sample) -> tuple[int, ...]:
    """The declared kinks at x, or so near on either side that no step fits in between."""
    near = 4 * finest(x)
    crossed = (_differences(here.sides, probe(x + step).sides) for step in (-near, near))
    return tuple(sorted({kink for kinks in crossed for kink in kinks}))


def _differences(one: Sides, other: Sides) -> list[int]:
    if one == other:
        return []
    return [k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]


def agree(one: Measured, other: Measured) -> bool:
    """Whether two slopes are the same within their errors, both of which have to be known."""
    return abs(one.slope - other.slope) <= DOUBTS * (one.noise + other.noise) < math.inf


def confirm(first: Slopes, second: Slopes) -> Slopes:
    """Slopes and their errors, which are inf where a much smaller step gives another slope."""
    return Slopes(*map(_confirm, first, second))


def _confirm(first: Measured, second: Measured) -> Measured:
    better = min(first, second, key=lambda measured: measured.noise)
    apart = abs(first.slope - second.slope) if agree(first, second) else math.inf
    return better._replace(noise=max(better.noise, apart))


def extrapolated(
    differences: Sequence[float], steps: Sequence[float], rough: float, power: float
) -> Measured:
    """Ridders' extrapolation of differences to steps of 0, each step SHRINK times the next.

    Their error falls by `power` from one to the next, and then by more such powers.
    """
    best, noise, steepest = math.nan, math.inf, 0.0
    last: list[float] = []
    for difference, step in zip(differences, steps, strict=True):
        row, factor = [difference], power
        steepest = max(steepest, abs(difference))
        for older in last:
            row.append((factor * row[-1] - older) / (factor - 1))
            factor *= power
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - older)) + 2 * rough / step
            if error < noise:
                best, noise = row[-1], error
        last = row
    # with slopes this much steeper within the step, no extrapolation can be trusted
    return Measured(best, max(noise, 1e-10 * steepest), steps[0] if steps else 0.0)


# --- a second look at a gradient that seems wrong

CALM = 1 / 8  # the part of a mistake by which the claims of one side may differ
COARSER = 16.0
ROUNDED = 1e-9  # the part of a claim that is rounding
PARTS = (0.08, 0.17, 0.31, 0.55, 0.74, 1.0)  # of a step; not even, as waves are


class Claims(NamedTuple):
    """The gradient that is claimed at any input, and the largest change that rounding can make.

    That is a change of the output: each number on the way counts with its upstream gradient. The
    two tell whether differences can be trusted: not where the gradient changes faster than any step
    that floats allow, as that of sin(x) does at 1e25, nor where a step is lost in rounding.
    """

    at: Callable[[Any], Any]
    rounding: Callable[[], float]

    def along(self, moved: Callable[[float], Any], slope: Callable[[Any], float]) -> Claims:
        """The claims for one number that moves an input, of whose gradient it takes a slope."""
        return self._replace(at=lambda x: slope(self.at(moved(x))))

    def stay_wrong(self, probe: Probe, x: float, claim: float, off: float, step: float) -> bool:
        """Whether a claim that is off by so much, as steps of a size say, is so beyond doubt.

        It is where the claims are smooth up to that size, or if a step says the same within which
        they stay nearly equal. The step has to take enough floats of every number on the way: over
        a few, a wave can look like a slow one.
        """
        doubt = max(FLOATS * self.rounding(), DOUBTS * EPSILON * probe(x).scale())
        if not doubt < off * step:
            return False
        smooth, calm = self._resolved(x, claim, CALM * off, step)
        if smooth or not doubt < off * calm:
            return smooth
        below, above = sorted(_one_sided(probe, x, calm))
        return max(below - claim, claim - above) > off / 2

    def _resolved(self, x: float, claim: float, little: float, most: float) -> tuple[bool, float]:
        """Whether the claims are smooth within steps of all sizes, and the largest calm step.

        Calm are the steps, up to the first that is not, within which all claims are near that at x:
        a claim far from those beside it may be the top of a wave. As smooth counts what does not
        both rise and fall on one side of x.
        """
        step, calm = finest(x), 0.0
        while step < most:
            sides = [[self.at(x + part * side) for part in PARTS] for side in (-step, step)]
            if calm * COARSER in (0.0, step) and all(_near(claim, c, little) for c in sides):
                calm = step
            elif not all(map(_monotone, sides)):
                return False, calm
            step *= COARSER
        return True, calm


def _near(claim: float, claims: list[float], little: float) -> bool:
    """Whether numbers and the one at x differ by little; no if one is not a number."""
    return all(abs(c - claim) <= little for c in claims) and max(claims) - min(claims) <= little


def _monotone(claims: list[float]) -> bool:
    """Whether numbers only rise or only fall, but for rounding; no if one is not a number."""
    loose = ROUNDED * max(map(abs, claims))
    steps = [after - before for before, after in pairwise(claims)]
    rises, falls = all(s >= -loose for s in steps), all(s <= loose for s in steps)
    return all(map(math.isfinite, claims)) and (rises or falls)


def _one_sided(probe: Probe, x: float, step: float) -> tuple[float, float]:
    """The slopes on the two sides, by the steps that floats really take."""
    above, below = x + step, x - step
    value = probe(x).value
    rise = (probe(above).value - value) / (above - x)
    fall = (value - probe(below).value) / (x - below)
    return (rise, fall) if math.isfinite(rise + fall) else (-math.inf, math.inf)
