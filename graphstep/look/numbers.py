"""Numbers as text, rounded and of bounded length.

A number has a fixed count of decimals, and one more if it ends exactly there: 0.125 stays 0.125.
All others are rounded, a half away from zero. Its minus is a true one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..base.signs import minus, power_of_ten

SMALLEST = 1e-4  # that is printed without an exponent
NEAR = 1e-14  # the relative error of a number made by arithmetic: some units of its last place


class Numbers(NamedTuple):
    """The one way in which a number becomes text.

    `digits` is the number of decimals, `longest` the most characters, `mark` the decimal mark. A
    number by itself drops zeros at its end, down to `least` decimals. `powers`: an exponent is a
    power of ten.
    """

    digits: int
    longest: int
    mark: str = "."
    least: int | None = None
    powers: bool = False

    def __call__(self, value: float) -> str:
        """A number as text: rounded, not longer than `longest`, and never "0" unless it is 0.

        >>> two = Numbers(digits=2, longest=8)
        >>> two(-0.19661), two(-0.375), two(0.0004), two(0.0)
        ('−0.20', '−0.375', '0.0004', '0.00')
        >>> two(4e-5), two._replace(powers=True)(4e-5)
        ('4.0e−05', '4.0·10⁻⁵')
        """
        digits = self.digits
        if self.least is not None and digits > self.least:
            digits = max(self.least, _needed(value, digits))
        return self._marked(rounded(value, digits, self.longest, self.powers))

    def cells(self, values: Iterable[float], longest: int) -> tuple[str, ...]:
        """Texts of numbers shown together: as many decimals as one of them needs, at most `digits`.

        >>> Numbers(digits=2, longest=8, least=2).cells((0.1, 0.5, -0.25), 6)
        ('0.10', '0.50', '−0.25')
        """
        values = tuple(values)
        digits = self.digits
        if self.least is not None:
            digits = max((_needed(value, digits) for value in values), default=0)
        return tuple(self._marked(rounded(value, digits, longest, self.powers)) for value in values)

    def _marked(self, text: str) -> str:
        return minus(text).replace(".", self.mark)


def _needed(value: float, most: int) -> int:
    """How many decimals a number needs when it is rounded to `most` of them."""
    if not math.isfinite(value):
        return 0
    text = _decimal(value, most, "f")
    # a small number that is not 0 is never rounded to 0
    if value and not float(text):
        return most
    return min(len(text.partition(".")[2].rstrip("0")), most)


def decimals(value: float) -> int:
    """How many decimals a number has, within the rounding error of floats; at most 5."""
    if not _is_near(value, round(value, 4)):  # as most numbers that are computed
        return 5
    return next(count for count in range(5) if _is_near(value, round(value, count)))


def _is_near(value: float, text: float) -> bool:
    return abs(value - text) <= NEAR * abs(value)


def rounded(value: float, digits: int, longest: int, powers: bool = False) -> str:
    """A number with `digits` decimals, or one more if it ends there.

    It has fewer, or an exponent, to be at most `longest`. The minus is a hyphen. A number that
    would be 0 has its first two digits, or one. With `powers`, a power of ten replaces the
    exponent if it takes at most one character more, since raised ones are narrow.

    >>> rounded(0.285, 2, 8), rounded(19 * 0.015, 2, 8), rounded(0.285, 2, 4), rounded(0.2851, 2, 8)
    ('0.285', '0.285', '0.29', '0.29')
    >>> rounded(0.001234, 2, 8), rounded(-0.00123, 2, 6), rounded(0.0004, 2, 8), rounded(4e-5, 2, 8)
    ('0.0012', '-0.001', '0.0004', '4.0e-05')
    """
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return f"{0:.{digits}f}"
    for decimals in range(digits, -1, -1):
        text = _decimal(value, decimals, "f", longest)
        if float(text) == 0:
            break  # a number that is not 0 is never printed as 0
        if len(text) <= longest:
            return text
    found = _small(value, longest)
    return found or next(_scientific(value, range(max(1, digits - 1), -1, -1), longest, powers))


def _small(value: float, longest: int) -> str:
    """A number from 0.0001 on with its first two digits, or one; empty if it is smaller or larger.

    Zeros at its end are dropped.
    """
    if not SMALLEST <= abs(value) < 1:
        return ""
    first = -math.floor(math.log10(abs(value)))  # the decimal of its first digit
    for decimals in (first + 1, first):
        text = _decimal(value, decimals, "f", longest).rstrip("0")
        if len(text) <= longest:
            return text
    return ""


def _scientific(value: float, counts: range, longest: int, powers: bool) -> Iterator[str]:
    """A number with an exponent, by the counts of decimals: those that fit, and the last of all."""
    made = [_decimal(value, count, "e", longest) for count in counts]
    if powers:
        yield from (text for text in map(power_of_ten, made) if len(text) <= longest + 1)
    yield from (text for text in made if len(text) <= longest)
    yield made[-1]


def _decimal(value: float, decimals: int, kind: str, longest: float = math.inf) -> str:
    """A number with `decimals` decimals, or one more if it ends there and that is not too long.

    `kind` is Python's: "f", or "e" for an exponent.
    """
    finer = f"{value:.{decimals + 1}{kind}}"
    mantissa, mark, exponent = finer.partition("e")
    if mantissa[-1] == "0":
        return f"{mantissa[:-1].removesuffix('.')}{mark}{exponent}"
    if _is_near(value, float(finer)):
        if len(finer) <= longest:
            return finer
        if mantissa[-1] == "5":  # a half, which Python rounds to an even digit
            value = float(f"{mantissa[:-1]}6{mark}{exponent}")
    return f"{value:.{decimals}{kind}}"
