"""Signs of formulas that more than one emitter has to know something about."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TIMES = "\u2062"
"""The sign of a product that is not written: `q z`."""
OF = "\u2061"
"""The sign between a function and what it is of, which is not written either."""

WIDTHS: Mapping[str, float] = MappingProxyType(
    {
        TIMES: 0.17,
        OF: 0.0,
        "\u2063": 0.0,
        "\u200b": 0.0,
        "\u200a": 0.06,
        "\u2009": 0.17,
        "\u205f": 0.22,
        "\u2005": 0.25,
        "\u2004": 0.28,
        " ": 0.25,
        "\u00a0": 0.25,
        "\u2002": 0.5,
        "\u2003": 1.0,
    }
)
"""Signs that are spaces only, with their widths in em."""

LARGE = frozenset("∑∏∐∫∬∭∮⋂⋃⋀⋁⨁⨂")
"""Operators that grow in a formula on a line of its own."""

ACCENTS: Mapping[str, str] = MappingProxyType(
    {
        "^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303", "¯": "\u0304", "‾": "\u0304",
        "―": "\u0304", "_": "\u0304", "→": "\u20d7", "⃗": "\u20d7", "˙": "\u0307", "¨": "\u0308",
    }
)  # fmt: skip
"""Signs over a letter, and the combining characters they are."""


def minus(number: str) -> str:
    """A number as it is printed, with the sign of formulas.

    >>> minus("-4.0e-04")
    '−4.0e−04'
    """
    return number.replace("-", "−")
