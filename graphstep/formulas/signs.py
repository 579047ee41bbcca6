"""Signs of formulas that more than one emitter has to know something about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from unicodedata import lookup, name, normalize

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

LIMITS = frozenset(
    (
        "lim",
        "max",
        "min",
        "sup",
        "inf",
        "lim sup",
        "lim inf",
        "argmax",
        "argmin",
        "arg max",
        "arg min",
    )
)
"""Functions under which stands what they range over, where there is room for it."""

BRACES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("⏟", ""): "underbrace",
        ("", "⏞"): "overbrace",
        ("", "―"): "overline",
        ("", "‾"): "overline",
        ("―", ""): "underline",
    }
)
"""What is as wide as the part that it stands under or over, and what LaTeX and Typst call it."""

ACCENTS: Mapping[str, str] = MappingProxyType(
    {
        "^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "∼": "\u0303", "˜": "\u0303",
        "¯": "\u0304", "‾": "\u0304", "―": "\u0304", "_": "\u0304", "→": "\u20d7", "⃗": "\u20d7",
        "˙": "\u0307", "¨": "\u0308",
    }
)  # fmt: skip
"""Signs over a letter, and the combining characters they are."""


STYLES: Mapping[str, str] = MappingProxyType(
    {
        "bold": "BOLD",
        "bold-italic": "BOLD ITALIC",
        "double-struck": "DOUBLE-STRUCK",
        "script": "SCRIPT",
        "fraktur": "FRAKTUR",
        "sans-serif": "SANS-SERIF",
        "monospace": "MONOSPACE",
    }
)
"""What MathML calls a style of letters, and what Unicode calls it."""
STYLED = re.compile(r"(?:MATHEMATICAL )?(.+) (?:CAPITAL|SMALL|DIGIT) (?!LETTER)")


def braced(under: object, over: object) -> str:
    """The name of the brace or line under or over a part; nothing for others."""
    return BRACES.get((getattr(under, "text", ""), getattr(over, "text", "")), "")


def in_style(char: str, style: str) -> str:
    """A letter or digit in a style of MathML; as it is where there is no such character.

    >>> in_style("x", "bold"), in_style("R", "double-struck"), in_style("θ", "bold-italic")
    ('𝐱', 'ℝ', '𝜽')
    """
    wanted = re.sub(r"^(LATIN|GREEK) | LETTER", "", name(char, ""))
    for prefix in ("MATHEMATICAL ", ""):  # some letters were there before the others
        with suppress(KeyError):
            return lookup(f"{prefix}{STYLES[style]} {wanted}")
    return char


def style_of(char: str) -> tuple[str, str]:
    """The style of a letter or digit and the letter without it; no style for others.

    >>> style_of("𝐱"), style_of("ℒ"), style_of("x")
    (('BOLD', 'x'), ('SCRIPT', 'L'), ('', 'x'))
    """
    found = STYLED.match(name(char, "")) if len(char) == 1 else None
    plain = normalize("NFKC", char)
    return (found[1], plain) if found and plain != char else ("", char)


def minus(number: str) -> str:
    """A number as it is printed, with the sign of formulas.

    >>> minus("-4.0e-04")
    '−4.0e−04'
    """
    return number.replace("-", "−")
