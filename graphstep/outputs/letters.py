r"""Text for LaTeX: whatever stands in it is printed, under pdfTeX, XeTeX and LuaTeX alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from unicodedata import normalize
from urllib.parse import quote, urlsplit


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


def _signs() -> Iterator[tuple[str, str]]:
    greek = (
        "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi . pi rho "
        "varsigma sigma tau upsilon varphi chi psi omega"
    )
    for char, name in zip("αβγδεζηθικλμνξοπρςστυφχψω", greek.split(), strict=True):
        yield char, "o" if name == "." else rf"$\{name}$"
    capitals = {"Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi",
                "Σ": "Sigma", "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega"}  # fmt: skip
    yield from ((char, rf"$\{name}$") for char, name in capitals.items())
    yield from zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧ", "ABEZHIKMNOPTX", strict=True)
    mathematics = {
        "∂": r"\partial", "∇": r"\nabla", "·": r"\cdot", "×": r"\times", "÷": r"\div", "−": "-",
        "→": r"\to", "←": r"\leftarrow", "↔": r"\leftrightarrow", "⇒": r"\Rightarrow",
        "↑": r"\uparrow", "↓": r"\downarrow", "≤": r"\le", "≥": r"\ge", "≠": r"\ne",
        "≈": r"\approx", "≡": r"\equiv", "∞": r"\infty", "∑": r"\sum", "∏": r"\prod",
        "∈": r"\in", "∉": r"\notin", "∘": r"\circ", "⊙": r"\odot", "⊗": r"\otimes",
        "⊕": r"\oplus", "∗": r"\ast", "√": r"\surd", "∫": r"\int", "∀": r"\forall",
        "∃": r"\exists", "∪": r"\cup", "∩": r"\cap", "⊂": r"\subset", "∝": r"\propto",
        "¬": r"\neg", "∥": r"\parallel", "‖": r"\|", "⟨": r"\langle", "⟩": r"\rangle",
        "ℓ": r"\ell", "ϕ": r"\phi", "ϵ": r"\epsilon", "ϑ": r"\vartheta", "ℝ": r"\mathbb{R}",
    }  # fmt: skip
    yield from ((char, f"${sign}$") for char, sign in mathematics.items())
    yield from (
        (c, rf"\textsuperscript{{{t}}}")
        for c, t in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺ⁿᵀ", "0123456789+nT", strict=True)
    )
    yield from (
        (c, rf"\textsubscript{{{t}}}") for c, t in zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)
    )
    yield from {
        "⁻": r"\textsuperscript{--}",
        "…": r"\dots{}",
        "\u00a0": "~",
        "‑": "-{}",
        "⁄": "/",
    }.items()
    yield from {
        "\u00ad": r"\-",
        "\u200b": "",
        "\u2028": " ",
        "\u2029": " ",
        "\u2009": r"\,",
    }.items()


SIGNS: Mapping[str, str] = MappingProxyType(dict(_signs()))
"""Signs that the fonts of text lack."""
