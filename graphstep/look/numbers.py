"""Numbers as text, rounded and of bounded length."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple


class Numbers(NamedTuple):
    """The one way in which a number becomes text.

    `digits` is the number of decimals, `longest` the most characters, `mark` the decimal mark. A
    number by itself drops zeros at its end, down to `least` decimals.
    """

    digits: int
    longest: int
    mark: str = "."
    least: int | None = None

    def __call__(self, value: float) -> str:
        """A number as text: rounded, never longer than `longest`, and never "0" unless it is 0.

        >>> two = Numbers(digits=2, longest=8)
        >>> two(-0.19661), two(1.2e14), two(0.0004), two(0.0)
        ('-0.20', '1.2e+14', '4.0e-04', '0.00')
        """
        digits = self.digits
        if self.least is not None and digits > self.least:
            digits = max(self.least, _needed(value, digits))
        return rounded(value, digits, self.longest).replace(".", self.mark)

    def cells(self, values: Iterable[float], longest: int) -> tuple[str, ...]:
        """Texts of numbers shown together: as many decimals as one of them needs, at most `digits`.

        >>> Numbers(digits=2, longest=8, least=2).cells((0.1, 0.5, -0.25), 6)
        ('0.10', '0.50', '-0.25')
        """
        values = tuple(values)
        digits = self.digits
        if self.least is not None:
            digits = max((_needed(value, digits) for value in values), default=0)
        return tuple(rounded(value, digits, longest).replace(".", self.mark) for value in values)


def _needed(value: float, most: int) -> int:
    """How many decimals a number needs when it is rounded to `most` of them."""
    if not math.isfinite(value):
        return 0
    fraction = f"{value:.{most}f}".partition(".")[2].rstrip("0")
    # a small number that is not 0 is never rounded to 0
    return most if value and not float(f"{value:.{most}f}") else len(fraction)


def decimals(value: float) -> int:
    """How many decimals a number has, within the rounding error of floats; at most 5."""
    for decimals in range(5):
        if abs(value - round(value, decimals)) <= 1e-9 * abs(value):
            return decimals
    return 5


def rounded(value: float, digits: int, longest: int) -> str:
    """A number with `digits` decimals; with fewer, or an exponent, to be at most `longest`."""
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return f"{0:.{digits}f}"
    for decimals in range(digits, -1, -1):
        text = f"{value:.{decimals}f}"
        if float(text) == 0:
            break  # a number that is not 0 is never printed as 0
        if len(text) <= longest:
            return text
    return _scientific(value, max(1, digits - 1), longest)


def _scientific(value: float, decimals: int, longest: int) -> str:
    text = f"{value:.{decimals}e}"
    return (
        text if len(text) <= longest or decimals == 0 else _scientific(value, decimals - 1, longest)
    )
