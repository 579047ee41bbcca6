"""Local gradients by index of gates that only move elements: 1 where an element comes to stand.

Which one comes where is looked at: the gate is given the numbers of the elements. What holds of
each axis alone is said of it, as in [k = i + 3] or [i = 2*k]; or else of all together, as in
[k = 3*i + j] for a matrix made flat.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np

from ..calculus.shapes import Shape
from ..language.local_texts import Taken

MOVES = frozenset(
    ("reshape", "flatten", "slice", "part", "concat", "permute", "swapaxes", "expand_dims",
     "squeeze", "stack", "split", "pad", "broadcast_to")
)  # fmt: skip


def moved(taken: Taken, position: int, out: Sequence[str], into: Sequence[str]) -> str:
    """The form of an input that is moved, over indexes of the output and of itself.

    Empty where no short condition holds.
    """
    own, shape, where = taken.shape(position), taken.out_shape, _where(taken, position)
    in_order = np.array_equal(where.ravel(), np.arange(prod(own)))
    if in_order and [n for n in own if n > 1] != [n for n in shape if n > 1]:
        return f"[{_flat(out, shape)} = {_flat(into, own)}]"
    conditions = list(_by_axis(where, own, out, into))
    return "" if "" in conditions else "*".join(conditions) or "1"


def _where(taken: Taken, position: int) -> np.ndarray:
    """At each place of the output, the number of the input's element there; -1 for another's."""
    values = [np.zeros(np.shape(value)) for value in taken.values]
    own = taken.shape(position)
    values[position] = np.arange(1.0, prod(own) + 1).reshape(own)
    return np.asarray(taken.gate.value(values, taken.options)).astype(int) - 1


def _flat(letters: Sequence[str], shape: Shape) -> str:
    """The number of an element of a shape."""
    steps = [prod(shape[axis + 1 :]) for axis in range(len(shape))]
    terms = [
        letter if step == 1 else f"{step}*{letter}"
        for letter, step, size in zip(letters, steps, shape, strict=True)
        if size > 1
    ]
    return " + ".join(terms) or "0"


def _by_axis(
    where: np.ndarray, own: Shape, out: Sequence[str], into: Sequence[str]
) -> Iterator[str]:
    """The condition on each axis; "" if there is none."""
    places = np.argwhere(where >= 0).T  # those of a number are none
    sources = np.unravel_index(where[where >= 0], own) if own else ()
    left = dict(enumerate(out))
    for source, size, letter in zip(sources, own, into, strict=True):
        axis = next((d for d in left if _line(places[d], source)), None)
        if size > 1 and np.ptp(source) == 0:
            yield f"[{letter} = {source[0]}]"
        elif size > 1:
            yield "" if axis is None else _same(letter, size, left.pop(axis), where, axis, source)
    for axis, letter in left.items():
        there = np.unique(places[axis])
        if len(there) < where.shape[axis]:
            yield f"[{letter} = {there[0]}]" if len(there) == 1 else ""
    counts = [len(np.unique(place)) for place in places]
    if prod(counts) != places.shape[1]:
        yield ""


def _line(place: np.ndarray, source: np.ndarray) -> tuple[int, int] | None:
    """The start and the step at which sources follow places; None if they do not."""
    if not len(place) or np.ptp(place) == 0:
        return None
    low, high = int(np.argmin(place)), int(np.argmax(place))
    step, rest = divmod(int(source[high] - source[low]), int(place[high] - place[low]))
    start = int(source[low]) - step * int(place[low])
    fits = not rest and step and np.array_equal(source, start + step * place)
    return (start, step) if fits else None


def _same(
    letter: str, size: int, other: str, where: np.ndarray, axis: int, source: np.ndarray
) -> str:
    """That an index of the input is the one of the output, shifted or in steps.

    "" if that would hold where another element stands.
    """
    places = np.nonzero(where >= 0)[axis]
    found = _line(places, source)
    assert found is not None  # that is how the axis was chosen
    start, step = found
    every = start + step * np.arange(where.shape[axis])
    if np.count_nonzero((every >= 0) & (every < size)) != len(np.unique(places)):
        return ""
    if step == 1 and start <= 0:
        return f"[{other} = {letter}{f' + {-start}' * bool(start)}]"
    moving = other if abs(step) == 1 else f"{abs(step)}*{other}"
    if step > 0:
        return f"[{letter} = {moving}{f' + {start}' * bool(start)}]"
    return f"[{letter} = {start} - {moving}]"
