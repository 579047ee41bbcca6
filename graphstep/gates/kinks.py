"""Kinks, where gates have no derivative: how far away they are, and which elements are at one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..calculus.functions import Number
from ..calculus.scalar_math import SCALAR, numpy_math
from .gate_row import GateRow
from .rules import Kink

Mask = Any  # a bool, or an array of them


def distances(
    gate: GateRow, inputs: Sequence[Number], options: tuple[Any, ...] = ()
) -> tuple[Number, ...]:
    """The distance of the inputs from each kink of the gate, as numbers or arrays; 0 on it."""
    return tuple(kink.distance for kink in _kinks(gate, inputs, options))


def at_kink(
    gate: GateRow,
    inputs: Sequence[Number],
    options: tuple[Any, ...] = (),
    position: int | None = None,
) -> tuple[Mask, ...]:
    """Where the gate has no derivative with respect to an input, or to any of them.

    There is one answer for each of its kinks: True or False for numbers; for arrays one of each
    element, in the shape of the input or of what the gate compares.

    >>> from graphstep.gates import GATES
    >>> [at_kink(GATES["min"], (1.0, 1.0, 5.0), position=i) for i in range(3)]
    [(True,), (True,), (False,)]
    """
    found = _kinks(gate, inputs, options)
    return tuple(k.distance == 0 for k in found if position is None or position in k.of)


def kinks_by_input(
    gate: GateRow, inputs: Sequence[Number], options: tuple[Any, ...] = ()
) -> Mapping[int, tuple[Mask, ...]]:
    """What `at_kink` says of each input that a kink is of, by position, from one look at the gate.

    In a group a kink of one gate may be of no effect: there, what `bends` says.

    >>> from graphstep.gates import GATES
    >>> kinks_by_input(GATES["min"], (1.0, 1.0, 5.0))
    {0: (True,), 1: (True,), 2: (False,)}
    """
    found: dict[int, list[Mask]] = {}
    for kink in _kinks(gate, inputs, options):
        mask = kink.distance == 0
        for position in kink.of:
            found.setdefault(position, []).append(mask)
    if gate.made is None:
        return {position: tuple(masks) for position, masks in found.items()}
    return {i: bends(gate, inputs, i) for i, masks in found.items() if somewhere(masks)}


def bends(gate: GateRow, inputs: Sequence[Number], position: int) -> tuple[Mask, ...]:
    """Where the slopes of a gate to both sides of an input differ, found by small steps.

    Empty for a gate that does not work element by element, whose elements would have to be moved
    one by one.
    """
    if not gate.elementwise:
        return ()
    import numpy as np

    arrays = tuple(map(np.asarray, inputs))
    with np.errstate(all="ignore"):
        wide, narrow = (_jump(gate, arrays, position, step) for step in (1e-4, 1e-7))
    here = narrow > np.maximum(wide / 2, 1e-9)  # the jump of a smooth slope shrinks with the step
    return (bool(here) if here.ndim == 0 else here,)


def _jump(gate: GateRow, inputs: tuple[Any, ...], position: int, step: float) -> Any:
    """How much the local gradient differs to both sides of an input, as a whole or by element."""
    import numpy as np

    slopes = []
    for sign in (1.0, -1.0):
        moved = inputs[position] + sign * step * np.maximum(np.fabs(inputs[position]), 1.0)
        there = (*inputs[:position], moved, *inputs[position + 1 :])
        out = gate.apply(gate.mathematics(there), *there)
        slopes.append(gate.jacobian(position, out, there).pull(np.ones(np.shape(out))))
    return np.fabs(np.subtract(*slopes))


def _kinks(gate: GateRow, inputs: Sequence[Number], options: tuple[Any, ...]) -> tuple[Kink, ...]:
    if gate.kinks is None:
        return ()
    m = gate.mathematics(inputs)
    if m is SCALAR:
        try:
            return gate.kinks(m, *inputs, *options)
        except (ArithmeticError, ValueError):  # of a gate inside a group, as in `evaluate`
            pass
    import numpy as np

    m = numpy_math() if m is SCALAR else m
    inputs = [np.float64(x) if isinstance(x, float) else x for x in inputs]  # these have x.T
    with np.errstate(all="ignore"):
        return gate.kinks(m, *inputs, *options)


def somewhere(masks: Iterable[Mask]) -> bool:
    """Whether any element is at a kink."""
    return any(mask if isinstance(mask, bool) else bool(mask.any()) for mask in masks)


def everywhere(masks: Iterable[Mask]) -> bool:
    """Whether all elements are at one kink."""
    return any(mask if isinstance(mask, bool) else bool(mask.all()) for mask in masks)
