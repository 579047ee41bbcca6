"""Differences between values of a graph and plain ones, apart from rounding."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ..base.errors import short
from ..calculus.shapes import shape_text
from ..engine.tape import Tape

FLOAT64 = 2.0**-52
"""The precision of float64."""


class Difference(NamedTuple):
    """Two numbers, or shapes, that should be one."""

    at: str
    recorded: str
    plain: str


def difference(
    recorded: Any, plain: Any, precision: float, slack: float = 0.0
) -> Difference | None:
    """The first difference between a value of the graph and a plain one, apart from rounding."""
    import numpy as np

    try:
        ours, theirs = np.asarray(recorded, float), np.asarray(plain, float)
    except (TypeError, ValueError, OverflowError):  # no numbers: such as complex ones, or None
        return None if recorded == plain else Difference("", text(recorded), text(plain))
    if ours.shape != theirs.shape:
        return Difference("", text(recorded), text(plain))
    with np.errstate(all="ignore"):
        apart, least = np.abs(ours - theirs), np.minimum(np.abs(ours), np.abs(theirs))
        near = apart <= precision**0.6 * least + slack  # 4e-10 for float64, 7e-5 for float32
        near &= np.isfinite(apart)
    bad = ~(near | (ours == theirs) | (np.isnan(ours) & np.isnan(theirs)))
    if not bad.any():
        return None
    if not bad.ndim:
        return Difference("", text(recorded), text(plain))
    at = tuple(map(int, np.argwhere(bad)[0]))
    return Difference(str(list(at)), text(ours[at]), text(theirs[at]))


def precision(values: Iterable[Any]) -> float:
    """The rounding of one operation on numbers of the least exact of these kinds."""
    import numpy as np

    dtypes = (getattr(value, "dtype", None) for value in values)
    found = (float(np.finfo(dtype).eps) for dtype in dtypes if dtype and dtype.kind == "f")
    return max(found, default=FLOAT64)


def rounding(tape: Tape, precision: float) -> float:
    """How far rounding may move the output, by the rounding of every value on its way there."""
    import numpy as np

    if getattr(tape.value, "shape", ()):
        return 64 * precision * largest(tape.values)
    with np.errstate(all="ignore"):
        pairs = zip(tape.values, tape.upstreams, strict=True)
        total = sum(float(np.sum(np.abs(value * slope))) for value, slope in pairs)
    return 64 * precision * total if np.isfinite(total) else 0.0


def text(value: Any) -> str:
    """A value in an error: a number, or the shape of an array."""
    shape = getattr(value, "shape", ())
    if shape:
        return f"array {shape_text(shape)}"
    return short(value.item() if hasattr(value, "item") else value)


def largest(values: Iterable[Any]) -> float:
    """The largest finite size of all numbers."""
    import numpy as np

    sizes = (np.abs(np.asarray(value, float)) for value in values)
    return max(
        (float(np.max(size, where=np.isfinite(size), initial=0.0)) for size in sizes), default=0.0
    )
