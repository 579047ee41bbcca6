r"""Text for LaTeX: every character is printed, under pdfTeX, XeTeX and LuaTeX alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from unicodedata import normalize

from ..base.signs import MINUS
from ..formulas.latex import GREEKS
from ..formulas.latex import SIGNS as FORMULA_SIGNS
from ..formulas.signs import SUBSCRIPTS as FORMULA_SUBSCRIPTS


def escaped(text: str) -> str:
    r"""A text as LaTeX that prints it.

    >>> print(escaped("50% of \\input{α}"))
    50\% of \textbackslash{}input\{$\alpha$\}
    """
    return _unjoined("".join(map(_letter, normalize("NFC", text))))


def figure_text(text: str) -> str:
    r"""A text of a figure as LaTeX, with its minus signs as `--`.

    >>> print(figure_text("[−0.20]"), figure_text("x − y"), figure_text("rank-one"))
    [--0.20] x -- y rank-one
    """
    parts = text.split(MINUS)
    return "--".join(map(escaped, parts))


def portable(formula: str) -> str:
    """The code of a formula, with other alphabets made printable under every engine."""
    return "".join(char if char.isascii() else _letter(char) for char in formula)


def code(text: str) -> str:
    """A line of program text as LaTeX, with all its spaces."""
    straight = {"'": r"\textquotesingle{}", " ": r"\ "}
    return _unjoined("".join(straight.get(char) or escaped(char) for char in text.expandtabs(4)))


def comment(text: str, indent: str = "") -> str:
    """A comment for readers of the file: a line that LaTeX skips."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return f"{indent}% {' '.join(plain.split())}"


def address(link: str) -> str:
    r"""A live address for `\href`."""
    return re.sub(r"([%#])", r"\\\1", link)


def is_cyrillic(text: str) -> bool:
    """Whether the text needs the encoding of Cyrillic fonts."""
    return any("\u0400" <= char <= "\u04ff" for char in text)


def _unjoined(shown: str) -> str:
    """Keep apart characters that would form a ligature."""
    return re.sub(r"([-,'])(?=\1)", r"\1{}", shown)


def _letter(char: str) -> str:
    if char.isascii():
        return ESCAPED.get(char, char if char.isprintable() or char == "\n" else "")
    if char in REPLACEMENTS:
        return REPLACEMENTS[char]
    if char in PRINTED or (char <= "\u017e" and normalize("NFD", char)[0] in LATIN_LETTERS):
        return char
    if "\ufe00" <= char <= "\ufe0f":  # a variation selector of the letter before it
        return ""
    usual = normalize("NFKC", char)
    if usual != char:
        return escaped(usual)
    return rf"\gschar{{{char}}}{{U+{ord(char):04X}}}" if char.isprintable() else ""


ESCAPED: Mapping[str, str] = MappingProxyType(
    {
        **{char: f"\\{char}" for char in "#$%&_{}"},
        "\\": r"\textbackslash{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        '"': r"\textquotedbl{}",  # the bare character begins a shorthand of babel's Russian
        "`": r"\textasciigrave{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        "\t": " ",
    }
)
LATIN_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
CYRILLIC = "".join(map(chr, (*range(0x0400, 0x0460), *range(0x0490, 0x0494))))
PRINTED = frozenset(CYRILLIC + "ßæÆøØœŒłŁ«»„“”‘’–—№§©®°±€•¡¿")
"""Characters beyond ASCII that are printed as they are."""


MATHEMATICAL = {
    **FORMULA_SIGNS, **GREEKS, "√": r"\surd", "↔": r"\leftrightarrow", "↑": r"\uparrow",
    "↓": r"\downarrow",
}  # fmt: skip
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀ", "0123456789+–nT", strict=True))
SUBSCRIPTS = {
    small: f"${MATHEMATICAL[usual]}$" if usual in MATHEMATICAL else usual
    for usual, small in FORMULA_SUBSCRIPTS.items()
}
PUNCTUATION = {
    "…": r"\dots{}", "\u00a0": "~", "‑": "-{}", "⁄": "/", "\u00ad": r"\-", "\u200b": "",
    "\u2028": " ", "\u2029": " ", "\u2009": r"\,",
}  # fmt: skip
BOXES = {  # of tasks; no package is needed for them
    "☐": r"{\fboxsep0pt\fbox{\rule{1.3ex}{0pt}\rule{0pt}{1.3ex}}}",
    "☑": r"{\fboxsep0pt\fbox{\makebox[1.3ex]{\rule{0pt}{1.3ex}\tiny$\surd$}}}",
}
REPLACEMENTS: Mapping[str, str] = MappingProxyType(
    {
        **{char: f"${sign}$" for char, sign in MATHEMATICAL.items()},
        **{char: rf"\textsuperscript{{{sign}}}" for char, sign in SUPERSCRIPTS.items()},
        **{char: rf"\textsubscript{{{sign}}}" for char, sign in SUBSCRIPTS.items()},
        **PUNCTUATION,
        **BOXES,
    }
)
"""Code for characters that the text fonts lack, and for spaces."""
