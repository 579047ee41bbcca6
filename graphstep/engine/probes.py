"""What the numeric check moves in arrays: each element of a small one; of a large one some
elements, and all of them at once along a random direction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ..gates.gate import Gate
from ..gates.kinks import distances
from .run import Run

Array = Any
FEW = 24  # elements; an input of more is sampled
SAMPLED = 6


class Move(NamedTuple):
    """One number of an input that is moved: what it is called, its value, its gradient."""

    suffix: str  # "[0, 1]"; empty for the whole of a number
    at: float
    claim: float
    moved: Callable[[float], Array]  # the input with that number in it
    along: bool = False  # a step along a direction instead of an element


def moves(x: Array, gradient: Array) -> Iterator[Move]:
    """The moves of an input with this gradient."""
    x, gradient = np.asarray(x, dtype=float), np.asarray(gradient)
    for k in _chosen(x.size):
        at = tuple(int(i) for i in np.unravel_index(k, x.shape))
        suffix = str(list(at)) if at else ""
        yield Move(suffix, float(x[at]), float(gradient[at]), lambda t, at=at: _with(x, at, t))  # type: ignore[misc]
    if x.size > FEW:
        d = np.random.default_rng(x.size).standard_normal(x.shape)
        with np.errstate(all="ignore"):
            claim = float(np.sum(d * gradient))
        yield Move("", 0.0, claim, lambda t: x + t * d, along=True)


def _chosen(size: int) -> list[int]:
    """Which elements are moved: the same ones every time."""
    if size <= FEW:
        return list(range(size))
    return sorted(np.random.default_rng(size).choice(size, SAMPLED, replace=False).tolist())


def _with(x: Array, at: tuple[int, ...], number: float) -> Array:
    moved = x.copy()
    moved[at] = number
    return moved


class GateProbe:
    """A gate's output, weighted by fixed random upstream gradients, as one input moves."""

    def __init__(self, tape: Run, wire: int) -> None:
        _, self.target, self.position = tape.graph.wires[wire]
        node = tape.graph.nodes[self.target]
        assert node.gate is not None  # a wire ends at a gate
        self.gate, self.options = node.gate, node.options
        self.args = node.taken(tape.values)
        shape = np.shape(tape.values[self.target])
        # one number is not weighted: then the gradient is the local one
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
            # a sum may be much smaller than what it was summed from
            size = max(_largest(terms), _largest(self.gradient * moved))
            return float(np.sum(terms)), sides(self.gate, args, self.options), size


def sides(gate: Gate, args: tuple[Array, ...], options: tuple[Any, ...]) -> tuple[int, ...]:
    """On which side of each of its kinks a gate is: -1, 0 (on it) or 1."""
    found = distances(gate, args, options)
    signs = [np.sign(np.nan_to_num(d)).astype(int).ravel().tolist() for d in found]
    return tuple(sign for part in signs for sign in part)


def _largest(terms: Array) -> float:
    return float(np.max(np.fabs(terms)))


def largest(values: tuple[Any, ...]) -> float:
    """The size of the largest number on a tape."""
    return max(_largest(value) for value in values)
