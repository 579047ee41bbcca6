r"""Text for LaTeX: whatever stands in it is printed, under pdfTeX, XeTeX and LuaTeX alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from unicodedata import normalize
from urllib.parse import quote, urlsplit

from ..formulas.latex import GREEKS
from ..formulas.latex import SIGNS as MATHEMATICS


def escaped(text: str) -> str:
    r"""A text as LaTeX that prints it.

    >>> print(escaped("50% of \\input{α}"))
    50\% of \textbackslash{}input\{$\alpha$\}
    """
    return _apart("".join(map(_letter, normalize("NFC", text))))


def number(text: str) -> str:
    r"""A text of a figure as LaTeX: what stands for minus becomes one.

    >>> print(number("[-0.20]"), number("x-y"), number("rank-one"))
    [--0.20] x--y rank-one
    """
    parts = re.split(r"(?<![^\W\d]{2})-", text)
    return "--".join(map(escaped, parts))


def portable(formula: str) -> str:
    """The code of a formula, in which what is written in other alphabets is printed everywhere."""
    return "".join(char if char.isascii() else _letter(char) for char in formula)


def code(text: str) -> str:
    """A line of program text as LaTeX, with all of its spaces."""
    straight = {"'": r"\textquotesingle{}", " ": r"\ "}
    return _apart("".join(straight.get(char) or escaped(char) for char in text.expandtabs(4)))


def comment(text: str, indent: str = "") -> str:
    """Words for who reads the file: a line that LaTeX passes over."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return f"{indent}% {' '.join(plain.split())}"


def address(link: str) -> str:
    r"""An address for `\href`; empty for one that is no page or mailbox."""
    with_scheme = urlsplit(link).scheme.lower() in ("http", "https", "mailto")
    if not with_scheme:
        return ""
    return re.sub(r"([%#])", r"\\\1", quote(link, safe="/:?#[]@!$&'()*+,;=%-._"))


def is_cyrillic(text: str) -> bool:
    """Whether the encoding of Cyrillic fonts is needed."""
    return any("\u0400" <= char <= "\u04ff" for char in text)


def _apart(shown: str) -> str:
    """Signs that would become another one beside each other."""
    return re.sub(r"([-,'])(?=\1)", r"\1{}", shown)


def _letter(char: str) -> str:
    if char.isascii():
        return SPECIAL.get(char, char if char.isprintable() or char == "\n" else "")
    if char in SIGNS:
        return SIGNS[char]
    if char in PLAIN or (char <= "\u017e" and normalize("NFD", char)[0] in LATIN):
        return char
    if "\ufe00" <= char <= "\ufe0f":  # how the letter before it looks
        return ""
    usual = normalize("NFKC", char)
    if usual != char:
        return escaped(usual)
    return rf"\gschar{{{char}}}{{U+{ord(char):04X}}}" if char.isprintable() else ""


SPECIAL: Mapping[str, str] = MappingProxyType(
    {
        **{char: f"\\{char}" for char in "#$%&_{}"},
        "\\": r"\textbackslash{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        '"': r"\textquotedbl{}",  # alone it begins a shorthand of Russian
        "`": r"\textasciigrave{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        "\t": " ",
    }
)
LATIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
CYRILLIC = "".join(map(chr, (*range(0x0400, 0x0460), *range(0x0490, 0x0494))))
PLAIN = frozenset(CYRILLIC + "ßæÆøØœŒłŁ«»„“”‘’–—№§©®°±€•¡¿")
"""What the fonts have under its own name."""


FORMULAS = {
    **MATHEMATICS, **GREEKS, "√": r"\surd", "↔": r"\leftrightarrow", "↑": r"\uparrow",
    "↓": r"\downarrow",
}  # fmt: skip
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀ", "0123456789+–nT", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
SPACES = {
    "…": r"\dots{}", "\u00a0": "~", "‑": "-{}", "⁄": "/", "\u00ad": r"\-", "\u200b": "",
    "\u2028": " ", "\u2029": " ", "\u2009": r"\,",
}  # fmt: skip
SIGNS: Mapping[str, str] = MappingProxyType(
    {
        **{char: f"${sign}$" for char, sign in FORMULAS.items()},
        **{char: rf"\textsuperscript{{{sign}}}" for char, sign in RAISED.items()},
        **{char: rf"\textsubscript{{{sign}}}" for char, sign in LOWERED.items()},
        **SPACES,
    }
)
"""Signs that the fonts of text lack, and spaces."""
