"""Indices of traced arrays: the gates that lead to x[key], and how a key is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..base.errors import TraceError
from ..calculus.indexing import index_text
from ..calculus.shapes import Shape


class Step(NamedTuple):
    """A gate that makes a view. Not `certain`: NumPy may also have made a copy."""

    gate: str
    options: tuple[Any, ...]
    certain: bool = True


TURN = Step("transpose", ())
"""The step that makes columns of rows."""


def steps_to(key: Any, shape: Shape) -> tuple[Step, ...]:
    """The gates that lead to x[key], for whole numbers, i:j, ... and None.

    Of arrays with three axes or more, only the first axes may be chosen from. Raises TraceError
    for all else.

    >>> [step[:2] for step in steps_to((slice(None), 0), (2, 3))]
    [('transpose', ()), ('index', (0,))]
    """
    keys = _spread(key if isinstance(key, tuple) else (key,), len(shape))
    chosen = [_choice(k) for k in keys if k is not None]
    if None not in keys:
        return _steps(chosen, len(shape))
    if chosen and len(chosen) == len(shape) and all(len(choice) == 1 for choice in chosen):
        (last,) = chosen[-1]  # a part of an array shares its memory, a number does not
        chosen[-1] = last, last + 1 or None
    return (*_steps(chosen, len(shape)), Step("reshape", _with_ones(keys, chosen, shape)))


def _spread(keys: Sequence[Any], axes: int) -> list[Any]:
    """The keys with one for each axis: `...`, or the end, stands for all of the others."""
    named = sum(k is not None and k is not Ellipsis for k in keys)
    rest = [slice(None)] * (axes - named)
    at = next((i for i, k in enumerate(keys) if k is Ellipsis), len(keys))
    return [*keys[:at], *rest, *keys[at + 1 :]]


def _choice(key: Any) -> tuple[Any, ...]:
    """The whole number, or the two ends, of one key."""
    if not isinstance(key, slice):
        return (whole(key),)
    if key.step not in (None, 1):
        raise TraceError("trace_index", index=index_text(key))
    return ends(key)


def _steps(chosen: Sequence[tuple[Any, ...]], axes: int) -> tuple[Step, ...]:
    first, *others = chosen or [ALL]
    here = _step(first)
    if not any(other != ALL for other in others):
        return here
    if len(first) == 1:
        return (*here, *_steps(others, axes - 1))
    if axes > 2:
        raise TraceError("trace_index", index=", ".join([":"] + ["j"] * len(others)))
    turned = (*here, TURN, *_step(others[0]))
    return turned if len(others[0]) == 1 else (*turned, TURN)


ALL = (None, None)


def _step(choice: tuple[Any, ...]) -> tuple[Step, ...]:
    if choice == ALL:
        return ()
    return (Step("index" if len(choice) == 1 else "slice", choice),)


def _with_ones(keys: Sequence[Any], chosen: Sequence[tuple[Any, ...]], shape: Shape) -> Shape:
    """The shape of the result, with an axis of one for each None."""
    lengths = (range(size)[slice(*c)] for c, size in zip(chosen, shape, strict=False) if len(c) > 1)
    return tuple(
        1 if key is None else len(next(lengths))
        for key in keys
        if key is None or isinstance(key, slice)
    )


def ends(key: slice) -> tuple[int | None, int | None]:
    """The ends of a slice as whole numbers. Raises TraceError."""
    first, last = (None if end is None else whole(end) for end in (key.start, key.stop))
    return first, last


def whole(index: Any) -> int:
    """An index as a whole number. Raises TraceError."""
    try:
        if isinstance(index, bool):
            raise TypeError
        return int(index.__index__())
    except (AttributeError, TypeError, TraceError) as error:
        raise TraceError("trace_index", index=index_text(index)) from error
