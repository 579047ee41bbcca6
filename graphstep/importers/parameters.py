"""The arguments of a traced function: numbers become inputs, what is none passes as it is."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from contextlib import suppress
from numbers import Number
from typing import Any

from ..calculus.values import value_for

INFINITE = 1e300
"""What stands in a graph for inf: exp, max, min, clip and comparisons give the same for both."""


def finite(value: Any) -> Any:
    """A number or array with -1e300 and 1e300 for -inf and inf, as in masks before a softmax.

    >>> finite(float("-inf")), finite(2.5)
    (-1e+300, 2.5)
    """
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if not isinstance(value, float) and kind != "f":
        return value
    import numpy as np

    if not np.isinf(value).any():
        return value
    found = np.nan_to_num(np.asarray(value, float), True, np.nan, INFINITE, -INFINITE)
    return found if found.shape else float(found)


def is_input(value: Any) -> bool:
    """Whether an argument is a number, an array of numbers, or nested lists of numbers.

    >>> [is_input(value) for value in (2, [[1.0], [2.0]], True, None, "a", [], [[1.0], [2.0, 3.0]])]
    [True, True, False, False, False, False, False]
    """
    if isinstance(value, list | tuple):
        return _depths(value) is not None
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if isinstance(value, type) or kind in ("b", "O", "S", "U", "V", "M", "m"):
        return False
    return bool(kind) or (isinstance(value, Number) and not isinstance(value, bool))


def _depths(value: Any) -> tuple[int, ...] | None:
    """The shape of nested lists of numbers; None for all others, also for lists of arrays."""
    if not isinstance(value, list | tuple):
        return () if is_input(value) and not getattr(value, "shape", ()) else None
    shapes = {_depths(item) for item in value}
    (shape,) = shapes if len(shapes) == 1 else (None,)
    return None if shape is None else (len(value), *shape)


def plain_value(name: str, value: Any) -> Any:
    """What a function gets that runs without a trace: the argument, lists as arrays.

    Raises InputError for anything but numbers.
    """
    known = value_for(name, finite(value))
    if isinstance(value, int | float):
        return value
    import numpy as np

    if type(value) is np.ndarray:
        copied = value.copy("K")
        copied.flags.writeable = value.flags.writeable
        return copied
    if isinstance(value, np.generic):
        return value
    return known if isinstance(known, float) else np.array(value)


def traced_value(name: str, value: Any) -> Any:
    """The same for a function that is traced: an array in which it may write."""
    found = plain_value(name, value)
    if hasattr(found, "flags") and hasattr(found, "setflags") and found.shape:
        found.flags.writeable = True
    return found


def plain_copies(
    arguments: Mapping[str, Any], settings: Collection[str], *, ieee: bool = False
) -> dict[str, Any]:
    """The arguments as a function gets them without a trace, in memory of their own.

    `settings` are those that are no inputs, though they are numbers. With `ieee`, floats are
    NumPy's, which give inf where Python's raise.
    """
    import numpy as np

    copies = {
        name: _copied(value)
        if name in settings or not is_input(value)
        else plain_value(name, value)
        for name, value in arguments.items()
    }
    return {n: np.float64(v) if ieee and type(v) is float else v for n, v in copies.items()}


def _copied(value: Any) -> Any:
    with suppress(Exception):  # a value may refuse to be copied
        return copy.deepcopy(value)
    return value


def is_whole(plain: Any) -> bool:
    """Whether a value is a whole number, a mask, or an array of such."""
    kind = getattr(getattr(plain, "dtype", None), "kind", "")
    return isinstance(plain, int) or kind in ("i", "u", "b")


class WholeNumbers(BaseException):
    """Parameters that a function uses as whole numbers: it has to run again with them as they are.

    No Exception, so that the function does not catch it.
    """
