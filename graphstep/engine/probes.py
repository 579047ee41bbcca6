"""The numbers that the numeric check nudges in arrays: each element of a small array.

Of a large one it nudges some elements, and all of them at once along a random direction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ..calculus.functions import Array
from ..gates.gate import Gate
from ..gates.kinks import distances
from .run import Run

FEW = 24  # elements; an input of more is sampled
SAMPLED = 6


class Nudge(NamedTuple):
    """One number of an input that is moved: its name, its value, and its claimed gradient."""

    suffix: str  # "[0, 1]"; empty for an input that is one number
    at: float
    claim: float
    moved: Callable[[float], Array]  # the input with another number in that place
    along: bool = False  # a step along a direction instead of an element


def nudges(x: Array, gradient: Array) -> Iterator[Nudge]:
    """Yield the nudges of an input with this gradient."""
    x, gradient = np.asarray(x, dtype=float), np.asarray(gradient)
    for k in _chosen(x.size):
        at = tuple(int(i) for i in np.unravel_index(k, x.shape))
        suffix = str(list(at)) if at else ""
        yield Nudge(suffix, float(x[at]), float(gradient[at]), lambda t, at=at: _with(x, at, t))  # type: ignore[misc]
    if x.size > FEW:
        d = np.random.default_rng(x.size).standard_normal(x.shape)
        with np.errstate(all="ignore"):
            claim = float(np.sum(d * gradient))
        yield Nudge("", 0.0, claim, lambda t: x + t * d, along=True)


def _chosen(size: int) -> list[int]:
    """The elements that are moved, the same ones every time."""
    if size <= FEW:
        return list(range(size))
    return sorted(np.random.default_rng(size).choice(size, SAMPLED, replace=False).tolist())


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
        self.args = node.taken(tape.values)
        shape = np.shape(tape.values[self.target])
        # one number is not weighted, so that its gradient is the local one
        self.weights = np.random.default_rng(wire).standard_normal(shape) if shape else 1.0
        local = tape.local(wire)
        pull = local.pull if hasattr(local, "pull") else lambda g: g * local
        with np.errstate(all="ignore"):
            self.gradient = pull(np.asarray(self.weights))

    def __call__(self, moved: Array) -> tuple[float, tuple[int, ...], float]:
        """The weighted output, the side of each kink, and the size of the largest term."""
        args = (*self.args[: self.position], moved, *self.args[self.position + 1 :])
        args = tuple(map(np.asarray, args))
        with np.errstate(all="ignore"):
            out = self.gate.apply(self.gate.mathematics(args), *args, *self.options)
            terms = self.weights * out
            # a sum may be much smaller than its terms
            size = max(_largest(terms), _largest(self.gradient * moved))
            return float(np.sum(terms)), sides(self.gate, args, self.options), size


def sides(gate: Gate, args: tuple[Array, ...], options: tuple[Any, ...]) -> tuple[int, ...]:
    """The side of each of its kinks that a gate is on: -1, 0 (at the kink) or 1."""
    found = distances(gate, args, options)
    signs = [np.sign(np.nan_to_num(d)).astype(int).ravel().tolist() for d in found]
    return tuple(sign for part in signs for sign in part)


def _largest(terms: Array) -> float:
    return float(np.max(np.fabs(terms)))


def largest(values: tuple[Any, ...]) -> float:
    """The size of the largest number on a tape."""
    return max(_largest(value) for value in values)
