"""Places of elements in an array, as positions in C order, and the gates that read them."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple, Protocol

from ..base.errors import TraceError, reason
from ..calculus.indexing import index_text
from ..calculus.shapes import Shape


class Recorder(Protocol):
    """The journal, in which gates are recorded."""

    def record(self, gate: str, args: Sequence[int | float], options: tuple[Any, ...] = ()) -> int:
        """Record a gate over nodes and numbers; its node."""

    def constant(self, value: Any) -> int:
        """The node of an array from outside."""

    def node_of(self, value: int | float, shape: Shape) -> int:
        """A node, or that of an array which is this number everywhere."""


class Write(NamedTuple):
    """What was written: a node of the shape of its places, or one number for all of them."""

    places: Any
    value: int | float


def places_in(whole: Any, part: Any) -> Any:
    """The places of the elements of a view in the array to which the memory belongs.

    >>> import numpy as np
    >>> whole = np.zeros((2, 3))
    >>> places_in(whole, whole.T[1:]).tolist()
    [[1, 4], [2, 5]]
    """
    import numpy as np

    at = np.zeros(whole.size, int)
    _strided(at, 0, whole)[...] = np.arange(whole.size).reshape(whole.shape)
    start, first = (array.__array_interface__["data"][0] for array in (part, whole))
    return _strided(at, (start - first) // whole.itemsize, part).copy()


def at_places(places: Any, key: Any) -> Any:
    """The places that a key chooses. Raises TraceError for what is no key of this array."""
    try:
        return places[key]
    except IndexError as error:
        formula, told = f"x[{index_text(key)}]", reason(error).rstrip(".")
        raise TraceError("trace_fails", what=formula, kind="IndexError", error=told) from error


def in_one_piece(array: Any) -> Any:
    """The array, or a copy of one whose elements do not fill a piece of memory."""
    import numpy as np

    by_stride = np.argsort([-stride for stride in array.strides], kind="stable")
    return array if array.transpose(by_stride).flags.c_contiguous else array.copy("K")


def _strided(at: Any, offset: int, array: Any) -> Any:
    """A view of `at` that lies in it as an array lies in its memory."""
    import numpy as np

    strides = [s // array.itemsize * at.itemsize for s in array.strides]
    return np.lib.stride_tricks.as_strided(at[offset:], array.shape, strides)


def part_at(recorder: Recorder, node: int, shape: Shape, places: Any) -> int:
    """The node of the elements at some places of an array of this shape."""
    keys = keys_of(places, shape)
    if keys is not None:
        return shaped(recorder, part_of(recorder, node, keys, shape), left_of(keys), places.shape)
    turned = keys_of(places.T, shape) if places.ndim == 2 else None
    if turned is not None and len(left_of(turned)) == 2:
        return recorder.record("transpose", (part_of(recorder, node, turned, shape),))
    flat = shaped(recorder, node, shape, (prod(shape),))
    if not places.shape:
        return recorder.record("index", (flat,), (int(places),))
    return recorder.record("take", (flat, recorder.constant(places)))


def shaped(recorder: Recorder, node: int, shape: Shape, to: Shape) -> int:
    """The node in another shape, if it is another one."""
    if shape == to:
        return node
    if not to:
        return recorder.record("part", (node,), (", ".join("0" for _ in shape),))
    return recorder.record("reshape", (node,), to)


def part_of(recorder: Recorder, node: int, keys: Sequence[range | int], shape: Shape) -> int:
    """The node of the part of an array along each axis."""
    named = named_keys(keys, shape)
    return recorder.record(*gate_of_index(node, named)) if named else node


def named_keys(keys: Sequence[range | int], shape: Shape) -> tuple[int | slice, ...]:
    """Keys as they are written, without those at the end that choose everything."""
    named = [_key(key, size) for key, size in zip(keys, shape, strict=True)]
    while named and named[-1] == slice(None):
        named.pop()
    return tuple(named)


def gate_of_index(
    value: Any, keys: tuple[Any, ...]
) -> tuple[str, tuple[Any, ...], tuple[Any, ...]]:
    """The gate that makes x[keys], with what it takes and its options.

    >>> gate_of_index("x", (-1,)), gate_of_index("x", (slice(None), 0))
    (('index', ('x',), (-1,)), ('part', ('x',), (':, 0',)))
    """
    first = keys[0]
    if len(keys) == 1 and type(first) is int:
        return "index", (value,), (first,)
    if len(keys) == 1 and isinstance(first, slice) and first.step in (None, 1):
        return "slice", (value,), (first.start, first.stop)
    return "part", (value,), (index_text(keys),)


def left_of(keys: Sequence[range | int]) -> Shape:
    """The shape of what keys choose."""
    return tuple(len(key) for key in keys if isinstance(key, range))


def _key(key: range | int, size: int) -> int | slice:
    """A key as it is written: a whole number or a slice."""
    if isinstance(key, int):
        return key
    if key == range(size):
        return slice(None)
    stop = None if key.stop < 0 or key.stop >= size else key.stop
    start = None if key.start == (0 if key.step > 0 else size - 1) else key.start
    return slice(start, stop, None if key.step == 1 else key.step)


def keys_of(places: Any, shape: Shape) -> tuple[range | int, ...] | None:
    """The whole number or range along each axis that choose these places in this order.

    None if no such index does. An axis that the places lack is a whole number.

    >>> import numpy as np
    >>> keys_of(np.array([1, 4]), (2, 3)), keys_of(np.array([1, 3]), (2, 3))
    ((range(0, 2), 1), None)
    """
    import numpy as np

    if not places.size:
        return None
    indices = np.unravel_index(places.ravel(), shape) if shape else ()
    keys = [_range(index, size) for index, size in zip(indices, shape, strict=True)]
    grid = np.arange(prod(shape)).reshape(shape)
    if not np.array_equal(grid[np.ix_(*keys)].ravel() if keys else grid.ravel(), places.ravel()):
        return None
    surplus = len(shape) - places.ndim
    return tuple(
        key[0] if len(key) == 1 and size > 1 and surplus > 0 else key
        for key, size in zip(keys, shape, strict=True)
    )


def _range(index: Any, size: int) -> range:
    """The range through the different numbers of an index, in the order of its ends."""
    import numpy as np

    different = np.unique(index)
    if len(different) == size:
        step = 1
    else:
        step = int(different[1] - different[0]) if len(different) > 1 else 1
    if index[0] > index[-1]:
        return range(int(different[-1]), int(different[0]) - 1, -step)
    return range(int(different[0]), int(different[-1]) + 1, step)
