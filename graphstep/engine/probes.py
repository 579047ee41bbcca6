"""The numbers that the numeric check nudges in arrays: each element of a small array.

Of a large one it nudges some elements, and all of them at once along a random direction.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from ..calculus.functions import Array
from ..gates.gate import Gate
from ..gates.kinks import distances
from .run import Run
from .slopes import Sample

FEW = 24  # elements; an input of more is sampled
SAMPLED = 6
MOST_BESIDE = 2000  # points at which the slopes beside a kink are found
DOUBTFUL = 2  # parts that are halved since a kink in them may hide a mistake


class Nudge(NamedTuple):
    """A number that is moved: an element of an input, or a step of many along a direction."""

    suffix: str  # "[0, 1]"; empty for an input that is one number
    at: float
    slope: Callable[[Array], float]  # what a gradient of the input claims for it
    moved: Callable[[float], Array]  # the input with another number in that place
    along: bool = False


def elements(x: Array) -> Iterator[Nudge]:
    """Yield the nudges of single elements, all of a small array."""
    few = range(x.size) if x.size <= FEW else _sampled(x.size)
    return (element(x, k) for k in few)


def _sampled(size: int) -> list[int]:
    """The elements that are moved alone, the same ones every time."""
    return sorted(np.random.default_rng(size).choice(size, SAMPLED, replace=False).tolist())


def element(x: Array, k: int) -> Nudge:
    """The nudge of one element, by its place in the flat array."""
    at = tuple(int(i) for i in np.unravel_index(k, x.shape))
    suffix = str(list(at)) if at else ""
    slope = partial(_at, at)
    return Nudge(suffix, float(x[at]), slope, lambda t: _with(x, at, t))


def _at(at: tuple[int, ...], gradient: Array) -> float:
    return float(floats(gradient)[at])


def part(x: Array, places: Array) -> Nudge:
    """The nudge of several elements at once along a direction; of one, that of the element."""
    if places.size == 1:
        return element(x, int(places[0]))
    d = np.zeros(x.size)
    d[places] = random_weights(x.shape, x.size).ravel()[places]
    d = d.reshape(x.shape)
    at = _largest(x.ravel()[places]) or 1.0
    return Nudge("", at, partial(_along, d), lambda t: x + (t - at) * d, along=True)


def _along(direction: Array, gradient: Array) -> float:
    with np.errstate(all="ignore"):
        return float(np.sum(direction * gradient))


def floats(x: Any) -> Array:
    """A number or array as an array of floats."""
    return np.asarray(x, dtype=float)


def random_weights(shape: tuple[int, ...], seed: int) -> Array:
    """Random numbers, the same ones every time, none of them near 0 and no two of one size.

    So the mistake of one element is never multiplied by almost 0, and two do not cancel.
    """
    rng = np.random.default_rng(seed)
    return rng.uniform(0.5, 1.5, shape) * rng.choice([-1.0, 1.0], shape)


Judge = Callable[[Array], Any]  # makes the row of the elements in some places


def parts(judge: Judge, x: Array, locate: bool) -> Iterator[Any]:
    """Yield the rows of all elements of a large array: of one wrong element, then of parts.

    One part is enough where no kink is in the way. Else the numbers that occur once are apart from
    those that occur more often, as those at a kink do, and some parts are halved.
    """
    whole = np.arange(x.size)
    row = judge(whole)
    found, doubtful, halved = [], [(row, whole)], 0
    while doubtful:
        row, places = doubtful.pop(0)
        if row.status in ("ok", "wrong") or places.size == 1 or halved > DOUBTFUL:
            found.append((row, places))
            continue
        pieces = _halves(x, places) if halved else _once_and_often(x)
        halved += 1
        doubtful += [(judge(piece), piece) for piece in pieces]
    wrong = [places for row, places in found if row.status == "wrong" and places.size > 1]
    if wrong and locate:
        yield from _wrong_element(judge, x, wrong[0])
    yield from (row for row, _ in found)


def _wrong_element(judge: Judge, x: Array, places: Array) -> Iterator[Any]:
    """Yield the row of a wrong element in these places, found by halving."""
    while places.size > 1:
        first, second = _halves(x, places)
        places = first if judge(first).status == "wrong" else second
    row = judge(places)
    if row.status == "wrong":  # a small mistake may be lost in fewer elements
        yield row


def _halves(x: Array, places: Array) -> list[Array]:
    """Two halves; equal numbers stay together as far as they can."""
    ordered = places[np.argsort(x.ravel()[places], kind="stable")]
    return np.array_split(ordered, 2)


def _once_and_often(x: Array) -> list[Array]:
    """The places of the numbers that occur once, and of the others; halves if that are all."""
    _, which, counts = np.unique(x, return_inverse=True, return_counts=True)
    once = counts[which.ravel()] == 1
    both = [np.flatnonzero(once), np.flatnonzero(~once)]
    return both if all(piece.size for piece in both) else _halves(x, np.arange(x.size))


def _with(x: Array, at: tuple[int, ...], number: float) -> Array:
    moved = x.copy()
    moved[at] = number
    return moved


class GateProbe:
    """A gate's output, weighted by fixed random upstream gradients, as one input nudges."""

    def __init__(self, tape: Run, wire: int) -> None:
        _, self.target, self.position = tape.graph.wires[wire]
        node = tape.graph.nodes[self.target]
        assert node.gate is not None  # a wire ends at a gate
        self.gate, self.options = node.gate, node.options
        self.args = tuple(map(np.asarray, node.taken(tape.values)))
        self.mathematics = self.gate.mathematics(self.args)
        shape = np.shape(tape.values[self.target])
        # one number is not weighted, so that its gradient is the local one
        self.weights = random_weights(shape, wire) if shape else 1.0
        local = tape.local(wire)
        pull = local.pull if hasattr(local, "pull") else lambda g: g * local
        with np.errstate(all="ignore"):
            self.gradient = pull(np.asarray(self.weights))

    def __call__(self, moved: Array) -> Sample:
        """The weighted output, the side of each kink, and the size of the largest term."""
        with np.errstate(all="ignore"):
            args, terms = self._terms(moved)
            found = sides(self.gate, args, self.options) if self.gate.kinks else b""
            return Sample(float(np.sum(terms)), found, lambda: self._scale(terms, moved))

    def _scale(self, terms: Array, moved: Array) -> float:
        """The size of the largest term: a sum may be much smaller."""
        with np.errstate(all="ignore"):
            return max(_largest(terms), _largest(self.gradient * moved))

    def _terms(self, moved: Array) -> tuple[tuple[Array, ...], Array]:
        """The inputs, and the weighted elements of the output."""
        args = (*self.args[: self.position], np.asarray(moved), *self.args[self.position + 1 :])
        return args, self.weights * self.gate.apply(self.mathematics, *args, *self.options)

    def ends(self, nudge: Nudge, step: float) -> tuple[float, float]:
        """The sums of the smaller and of the larger one-sided slopes of the output's elements.

        What lies between them is a sum of subgradients: each element has a kink of its own.
        """
        fine, coarse = (self._one_sided(nudge, size) for size in (step / 2, step))
        rises = [2 * small - large for small, large in zip(fine, coarse, strict=True)]
        doubt = 1e-3 * sum(float(np.sum(np.fabs(rise))) for rise in rises)
        return float(np.sum(np.minimum(*rises))) - doubt, float(np.sum(np.maximum(*rises))) + doubt

    def nearby(self, nudge: Nudge) -> tuple[float, float]:
        """The least and the largest slope close by, if the point is a kink of several elements.

        Equal elements may be a kink that shows along none of them, as for the middle one of three.
        Between the slopes of points beside it lie the subgradients (Clarke 1983). Beside a point
        without a kink they come together with the distance, and nothing is returned: inf, -inf.
        """
        x = floats(self.args[self.position])
        if self.gate.kinks or np.unique(x).size == x.size:  # its kinks are known, or none equal
            return math.inf, -math.inf
        far, near = (self._spread(nudge, distance) for distance in (1e-4, 1e-5))
        size = max(map(abs, near))
        apart = near[1] - near[0]
        is_kink = apart > 1e-4 * size and apart > (far[1] - far[0]) / 2
        return (near[0] - 1e-4 * size, near[1] + 1e-4 * size) if is_kink else (math.inf, -math.inf)

    def _spread(self, nudge: Nudge, distance: float) -> tuple[float, float]:
        """The least and the largest slope at some points at this distance, as a part of x."""
        x = floats(self.args[self.position])
        distance *= _largest(x) or 1.0
        rng, step = np.random.default_rng(x.size), distance / 100
        count = min(MOST_BESIDE, 32 + 16 * x.size)
        slopes = []
        for _ in range(count):
            shift = distance * rng.uniform(-1, 1, x.shape)
            ends = (float(np.sum(self._terms(nudge.moved(nudge.at + s) + shift)[1]))
                    for s in (-step, step))  # fmt: skip
            below, above = ends
            slopes.append((above - below) / (2 * step))
        return min(slopes), max(slopes)

    def _one_sided(self, nudge: Nudge, step: float) -> list[Array]:
        moves = (nudge.at + k * step for k in (-1, 0, 1))
        with np.errstate(all="ignore"):
            below, here, above = (self._terms(nudge.moved(x))[1] for x in moves)
            return [(here - below) / step, (above - here) / step]


def sides(gate: Gate, args: tuple[Array, ...], options: tuple[Any, ...]) -> bytes:
    """The side of each of its kinks that a gate is on: 0, 1 (at the kink) or 2."""
    found = distances(gate, args, options)
    return b"".join((np.sign(np.nan_to_num(d)) + 1).astype(np.uint8).tobytes() for d in found)


def _largest(terms: Array) -> float:
    return float(np.max(np.fabs(terms)))


def largest(values: tuple[Any, ...]) -> float:
    """The size of the largest number on a tape."""
    return max(_largest(value) for value in values)
