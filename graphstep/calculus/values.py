"""Values of inputs: one number, an array, or an array of which only the shape is known."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any

from ..base.errors import InputError, short
from .shapes import MOST_AXES, Shape

GOLDEN = 0.6180339887498949  # the parts after the point of its multiples are never equal
MOST_ELEMENTS = 10_000_000  # of an array that is made here


def value_for(name: str, given: object) -> Any:
    """Convert an input (a number, list or array) to a float, or an array of float64 or float32.

    An array that needs no conversion is not copied. Raises InputError for anything but finite
    numbers.
    """
    kind = type(given)
    if kind is float or kind is int:
        return number_for(name, given)
    if kind.__name__ == "ndarray" and kind.__module__ == "numpy" and _plain_check()(given):
        return given
    if isinstance(given, list | tuple) or getattr(given, "shape", ()) != ():
        return _array(name, given)
    return number_for(name, given)


def number_for(name: str, given: object) -> float:
    """Convert an input to a float. Raises InputError for anything but one finite number."""
    if isinstance(given, str | bytes) or given is None:
        raise InputError("not_a_number", name=name, given=short(given))
    try:
        number = float(given)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError("not_a_number", name=name, given=short(given)) from error
    if not math.isfinite(number):
        raise InputError("not_finite", name=name, given=short(given))
    return number


def _array(name: str, given: object) -> Any:
    import numpy as np

    try:
        array = np.asarray(given)
        if isinstance(given, np.ma.MaskedArray):
            raise TypeError
    except (TypeError, ValueError) as error:
        raise InputError("ragged", name=name, given=short(given)) from error
    if array.dtype.kind in "biuf" and array.dtype not in (np.float32, np.float64):
        with np.errstate(all="ignore"):  # numbers that are too large are reported below
            array = array.astype(np.float64)
    if array.dtype not in (np.float32, np.float64) or not array.ndim:
        raise InputError("not_an_array", name=name, given=short(given))
    if not array.size:
        raise InputError("no_elements", name=name)
    if not np.isfinite(array).all():
        at = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise InputError("element_not_finite", name=name, at=list(at), given=array[at])
    return array


@cache
def _plain_check() -> Callable[[Any], bool]:
    """The check whether an array is already one of finite float64."""
    import numpy as np

    double, isfinite, vdot = np.dtype(np.float64), math.isfinite, np.vdot

    def check(given: Any) -> bool:
        if given.dtype is not double or not given.shape or not given.size:
            return False
        return isfinite(vdot(given, given))  # the fastest way; unlike dot, it never warns

    return check


def plain_check(shapes: Sequence[Shape]) -> Callable[[Sequence[object]], bool]:
    """The check whether values of these shapes are used as they are: `value_for` gives the same.

    They are finite floats, and arrays of finite float64. No shape is that of an empty array.
    """
    if not any(shapes):
        return lambda values: all(type(v) is float and math.isfinite(v) for v in values)
    import numpy as np

    array, isfinite, is_plain = np.ndarray, math.isfinite, _plain_check()

    def check(values: Sequence[Any]) -> bool:
        for value, shape in zip(values, shapes, strict=True):
            if shape:
                if type(value) is not array or value.shape != shape or not is_plain(value):
                    return False
            elif type(value) is not float or not isfinite(value):
                return False
        return True

    return check


def is_finite(value: Any) -> bool:
    """Whether a number, every element of an array, or every entry of a Jacobian is finite."""
    if type(value) is float:
        return math.isfinite(value)
    if hasattr(value, "is_finite"):
        return bool(value.is_finite)
    import numpy as np

    return bool(np.isfinite(value).all())


def is_zero(value: Any) -> bool:
    """Whether a number, or every element of an array, is 0."""
    if type(value) is float:
        return value == 0.0
    return not value.any()


def bad_number(value: Any) -> float:
    """The first number that is not finite."""
    if type(value) is float:
        return value
    if hasattr(value, "is_finite"):
        return float(value.bad_number)
    import numpy as np

    return float(value[~np.isfinite(value)].flat[0])


def nothing(shape: Shape) -> Any:
    """A gradient of 0 in a shape."""
    if not shape:
        return 0.0
    import numpy as np

    return np.zeros(shape)


# --- without numbers


@dataclass(frozen=True)
class Unknown:
    """An array of which only the sizes are known; without any, a number."""

    sizes: Shape = ()

    def __repr__(self) -> str:
        return f"unknown({', '.join(map(str, self.sizes))})"


def unknown(*sizes: int) -> Unknown:
    """An input without numbers, of these sizes, for `stepper`: a matrix, a vector, or a number.

    Where every input is one, the figure is stepped in symbols: names, ∂q/∂W, ∂f/∂W, and what comes
    back as Wᵀ · upstream. Raises InputError for sizes that are no whole numbers from 1 on.

    >>> unknown(2, 3), unknown()
    (unknown(2, 3), unknown())
    """
    whole = all(type(size) is int and size > 0 for size in sizes)
    if not whole or len(sizes) > MOST_AXES or prod(sizes) > MOST_ELEMENTS:
        raise InputError("unknown_sizes", given=short(sizes), most=MOST_ELEMENTS)
    return Unknown(sizes)


def stand_in(of: Unknown, labels: bool) -> Any:
    """Numbers in the shape of an unknown input, from which shapes follow and that nobody sees.

    All of them are different and from 0.5 to 1.5, so that no special case applies; labels are 0.
    """
    if not of.sizes:
        return 0.0 if labels else 1 + GOLDEN / 3
    import numpy as np

    if labels:
        return np.zeros(of.sizes)
    return (np.arange(1, prod(of.sizes) + 1) * GOLDEN % 1 + 0.5).reshape(of.sizes)
