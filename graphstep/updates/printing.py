"""The decimals of an update: enough to see what changed, and for formulas in numbers to be true."""

from __future__ import annotations

import math
from typing import Any

from ..look.numbers import Numbers

MOST = 12  # decimals
LEAST = 2  # decimals, where there are any
OPERAND = 3  # digits of a gradient or a state in a formula


def weights(numbers: Numbers, before: Any, after: Any) -> Numbers:
    """How a weight is printed before and after: with the first digit of what changes.

    >>> weights(Numbers(2, 8), 2.0, 2.0004)(2.0004)
    '2.0004'
    """
    return _sized(numbers, size(after - before), 1)


def operand(numbers: Numbers, value: Any) -> Numbers:
    """How a gradient, or what a rule keeps, is printed in a formula.

    >>> operand(Numbers(2, 8), 0.0196612)(0.0196612)
    '0.0197'
    """
    return _sized(numbers, size(value), OPERAND)


def size(value: Any) -> float:
    """The largest absolute value of a number or an array."""
    return abs(value) if type(value) is float else float(abs(value).max())


def _sized(numbers: Numbers, largest: float, count: int) -> Numbers:
    """Numbers with so many digits at this size, and no fewer decimals than others have."""
    if not largest or not math.isfinite(largest):
        return numbers
    needed = min(count - 1 - math.floor(math.log10(largest)), MOST)
    if numbers.least is not None:  # nobody asked for so few
        needed = max(needed, LEAST)
    more = needed - numbers.digits
    if more <= 0:
        return numbers
    least = numbers.digits if numbers.least is None else numbers.least
    return numbers._replace(digits=needed, longest=numbers.longest + more, least=least)
