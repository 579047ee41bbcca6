"""Signs of formulas, with the properties that several emitters need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from unicodedata import lookup, name, normalize

SUBSCRIPTS = dict(zip(
    "0123456789+−=()aehijklmnoprstuvxβγρφχ",
    "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True,
))  # fmt: skip
SUPERSCRIPTS = dict(zip(
    "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδφχ⊤′″‴",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᵠᵡᵀ′″‴", strict=True,
))  # fmt: skip
TIMES = "\u2062"
"""Invisible times: the product sign in `q z`."""
OF = "\u2061"
"""Function application, invisible too: the sign between a function and its argument."""

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
"""Signs that are only spaces, with their widths in em."""

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
"""Functions with their range written underneath where there is space."""

BRACES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("⏟", ""): "underbrace",
        ("", "⏞"): "overbrace",
        ("", "―"): "overline",
        ("", "‾"): "overline",
        ("―", ""): "underline",
    }
)
"""Braces and lines as wide as their part, by (under, over), and their name in LaTeX and Typst."""

ACCENTS: Mapping[str, str] = MappingProxyType(
    {
        "^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "∼": "\u0303", "˜": "\u0303",
        "¯": "\u0304", "‾": "\u0304", "―": "\u0304", "_": "\u0304", "→": "\u20d7", "⃗": "\u20d7",
        "˙": "\u0307", "¨": "\u0308",
    }
)  # fmt: skip
"""Signs over a letter, and their combining characters."""


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
"""MathML's name of each style of letters, and Unicode's."""
STYLED = re.compile(r"(?:MATHEMATICAL )?(.+) (?:CAPITAL|SMALL|DIGIT) (?!LETTER)")


def braced(under: object, over: object) -> str:
    """The name of the brace or line under or over a part; empty for other parts."""
    return BRACES.get((getattr(under, "text", ""), getattr(over, "text", "")), "")


def in_style(char: str, style: str) -> str:
    """A letter or digit in a style of MathML; unchanged if Unicode lacks that character.

    >>> in_style("x", "bold"), in_style("R", "double-struck"), in_style("θ", "bold-italic")
    ('𝐱', 'ℝ', '𝜽')
    """
    wanted = re.sub(r"^(LATIN|GREEK) | LETTER", "", name(char, ""))
    for prefix in ("MATHEMATICAL ", ""):  # some letters are older and named without it
        with suppress(KeyError):
            return lookup(f"{prefix}{STYLES[style]} {wanted}")
    return char


def style_of(char: str) -> tuple[str, str]:
    """The style of a letter or digit, and the plain letter; no style for other characters.

    >>> style_of("𝐱"), style_of("ℒ"), style_of("x")
    (('BOLD', 'x'), ('SCRIPT', 'L'), ('', 'x'))
    """
    found = STYLED.match(name(char, "")) if len(char) == 1 else None
    plain = normalize("NFKC", char)
    return (found[1], plain) if found and plain != char else ("", char)
