"""Indices of traced arrays: the gates that make x[key]."""

from __future__ import annotations

from math import prod
from typing import Any

from .known import has_traced, is_mask, unwrapped
from .places import at_places, gate_of_index
from .selection import Selected


def element(x: Any, key: Any) -> Any:
    """x[key] of a traced array.

    Raises TraceError where the numbers decide how much is chosen, and what NumPy raises for what
    is no index.
    """
    key, journal = _plain_keys(unwrapped(key)), x._journal
    if not has_traced(x) and not has_traced(key):
        return journal.known(_chosen, (x, key))
    if not has_traced(key):
        return _by_numbers(x, key)
    if hasattr(key, "_plain") and is_mask(key):
        return Selected.of(x, key)
    labels = _labels(x, key)
    if labels is not None:
        return journal.run("pick", (x, labels), plainly=lambda s, y: s[key[0], y])
    if hasattr(key, "_plain"):
        return journal.run("take", (x, key), plainly=_chosen)
    raise next(part for part in key if has_traced(part))._whole("x[y]")


def _chosen(x: Any, key: Any) -> Any:
    return x[key]


def _plain_keys(key: Any) -> Any:
    """The key with lists for ranges, which NumPy takes for them."""
    if isinstance(key, tuple):
        return tuple(map(_plain_keys, key))
    return [*key] if isinstance(key, range) else key


def _labels(x: Any, key: Any) -> Any:
    """The labels y of x[np.arange(len(x)), y]; None for other keys."""
    import numpy as np

    if not isinstance(key, tuple) or len(key) != 2 or len(x._shape) != 2:
        return None
    if isinstance(key[0], slice) or has_traced(key[0]) or np.shape(key[1]) != x._shape[:1]:
        return None
    every_row = np.array_equal(key[0], np.arange(len(x))) and np.ndim(key[0]) == 1
    return key[1] if every_row and _are_whole(key[1]) else None


def _are_whole(key: Any) -> bool:
    """Whether a key is an array or list of whole numbers."""
    import numpy as np

    plain = getattr(key, "_plain", key)
    return np.asarray(plain).dtype.kind in "iu" and np.size(plain) > 0


def _by_numbers(x: Any, key: Any) -> Any:
    """x[key] for a key of plain numbers."""
    import numpy as np

    def plainly(given: Any, *_: Any) -> Any:
        return given[key]

    labels = _labels(x, key)
    if labels is not None:
        inside = np.asarray(labels) % x._shape[-1]
        return x._journal.run("pick", (x, inside), plainly=plainly)
    keys = key if isinstance(key, tuple) else (key,)
    if all(map(_is_basic, keys)):
        basic = tuple(int(k) if hasattr(k, "__index__") else k for k in keys)
        if not basic or (Ellipsis in basic and len(basic) == 1):
            return x._journal.value(plainly(x._plain), x._index, (x,))
        if x._memory is not None and not x._memory.is_settled:
            return _from_memory(x, basic)
        gate, (node,), options = gate_of_index(x, basic)
        return x._journal.run(gate, (node,), options, plainly)
    if not isinstance(key, tuple) and _are_whole(key):
        return x._journal.run("take", (x, np.asarray(key) % len(x)), plainly=plainly)
    places = at_places(np.arange(prod(x._shape)).reshape(x._shape), key)
    flat = x._journal.run("reshape", (x,), (-1,))
    return x._journal.run("take", (flat, places), plainly=lambda *_: x._plain[key])


def _from_memory(x: Any, keys: tuple[Any, ...]) -> Any:
    """A part of an array that is not yet joined from what was written: perhaps one such piece."""
    part, memory = x._plain[(*keys, *(...,) * (Ellipsis not in keys))], x._memory
    node = memory.read(x._journal, (0, None), part)
    is_number = not part.shape and Ellipsis not in keys
    return x._journal.value(part[()] if is_number else part, node, (x,))


def _is_basic(key: Any) -> bool:
    """Whether a key is a whole number, a slice, None or `...`."""
    if key is None or key is Ellipsis or isinstance(key, slice):
        return True
    is_array = getattr(key, "shape", None) or isinstance(key, list)
    return hasattr(key, "__index__") and not is_array and not is_mask(key)
