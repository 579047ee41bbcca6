"""Indexes of arrays, such as ":, 0" or "..., 1:5:2": read from a text, written, and applied."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from types import EllipsisType
from typing import Any

from ..base.errors import short
from .shapes import Misfit, Shape

Key = int | slice | None | EllipsisType
"""What chooses from one axis; None adds an axis, and `...` stands for all the others."""


@lru_cache(maxsize=1024)
def read_index(text: str) -> tuple[Key, ...]:
    """The keys of an index. Raises ValueError for any other text.

    >>> read_index("..., 1:5:2, None, -1")
    (Ellipsis, slice(1, 5, 2), None, -1)
    """
    keys = tuple(_key(part.strip()) for part in text.split(","))
    if keys.count(Ellipsis) > 1:
        raise ValueError(text)
    return keys


def _key(text: str) -> Key:
    if text in WORDS:
        return WORDS[text]
    if ":" not in text:
        return int(text)
    first, last, *step = (int(end) if end.strip() else None for end in text.split(":"))
    if len(step) > 1 or step == [0]:
        raise ValueError(text)
    return slice(first, last, *step)


WORDS: dict[str, Key] = {"...": Ellipsis, "None": None}


def index_text(key: Any) -> str:
    """An index as Python writes it.

    >>> index_text((slice(None), slice(None, None, -1), None, Ellipsis, 2))
    ':, ::-1, None, ..., 2'
    """
    if isinstance(key, tuple):
        return ", ".join(map(index_text, key))
    if isinstance(key, slice):
        parts = ["" if part is None else short(part) for part in (key.start, key.stop, key.step)]
        return ":".join(parts if parts[2] else parts[:2])
    return "..." if key is Ellipsis else short(key)


def parted(shape: Shape, at: str) -> Shape:
    """The shape of the part of an array that an index chooses.

    >>> parted((2, 3), ":, 0"), parted((5, 4), "::2, None"), parted((2, 3, 4), "..., 1")
    ((2,), (3, 1, 4), (2, 3))
    """
    return tuple(_sizes(shape, at))


def _sizes(shape: Shape, at: str) -> Iterator[int]:
    keys = read_index(at)
    taken = sum(key is not None and key is not Ellipsis for key in keys)
    if taken > len(shape):
        raise Misfit("axes_of_index", given=taken, count=len(shape))
    left, axis = len(shape) - taken, 0
    for key in keys if Ellipsis in keys else (*keys, Ellipsis):
        if key is None:
            yield 1
        elif key is Ellipsis:
            yield from shape[axis : axis + left]
            axis += left
        else:
            yield from _chosen(key, shape[axis])
            axis += 1


def _chosen(key: int | slice, size: int) -> tuple[int, ...]:
    """The length of what a key leaves of an axis; nothing for one place."""
    if isinstance(key, int):
        if not -size <= key < size:
            raise Misfit("index", index=key, last=size - 1)
        return ()
    count = len(range(*key.indices(size)))
    if not count:
        raise Misfit("slice", last=size - 1)
    return (count,)
