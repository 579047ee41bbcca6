"""Pieces of a text, as patterns and as inputs of a call: for advice after an error only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱˣʸᵃᵇᶜᵈᵉᵏᵐᵖᵗᵀ"
FRACTIONS = "½⅓¼⅕⅙⅐⅛⅑⅒⅔¾⅖⅗⅘⅚⅜⅝⅞"
_SPECIAL = RAISED + FRACTIONS  # Python counts these among the letters and digits of words
NAME = rf"(?>(?<![^\W\d{_SPECIAL}])[^\W\d{_SPECIAL}](?:(?![{_SPECIAL}])\w)*)"
NUMBER = r"(?>(?<![\w.])(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
GROUP = r"(?>\((?:[^()\n]|\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\))*\))"
LIST = r"(?>\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\])"
OPERAND = rf"(?>(?:{NAME}(?:{GROUP})?|{NUMBER}|{GROUP}|{LIST})(?:{LIST}|\.T\b|ᵀ)*)"
"""A name, number, call, group or list, with its indices. All of these take whole tokens."""
MEANING = MappingProxyType(
    {"⟨o⟩": OPERAND, "⟨l⟩": LIST, "⟨n⟩": NAME, "⟨d⟩": NUMBER, "⟨g⟩": GROUP,
     "⟨b⟩": f"(?>{NAME}(?:{GROUP})?|{GROUP})"}
)  # fmt: skip
"""Short signs in patterns; the last is what an index follows."""
PLACE = re.compile(r"\{(\w+)\}")
OPENING, CLOSING = "([{", ")]}"


def pattern(text: str) -> re.Pattern[str]:
    """A pattern with the short signs of MEANING."""
    for short, long in MEANING.items():
        text = text.replace(short, long)
    return re.compile(text)


def split(text: str) -> Iterator[str]:
    """What stands between the commas outside of brackets.

    >>> list(split("x, f(y, 2), axis=1"))
    ['x', 'f(y, 2)', 'axis=1']
    """
    depth, start = 0, 0
    for k, char in enumerate(text):
        depth += (char in OPENING) - (char in CLOSING)
        if char == "," and not depth:
            yield text[start:k].strip()
            start = k + 1
    if text[start:].strip():
        yield text[start:].strip()


def is_operand(text: str) -> bool:
    """Whether a text needs no brackets, whatever stands beside it."""
    return re.fullmatch(OPERAND, text) is not None


def bracketed(text: str) -> str:
    """A text in brackets, unless it needs none.

    >>> bracketed("x + y"), bracketed("exp(x)")
    ('(x + y)', 'exp(x)')
    """
    return text if is_operand(text) else f"({text})"


def unbracketed(text: str) -> str:
    """A text without the brackets around the whole of it.

    >>> unbracketed("(x + y)"), unbracketed("(x)*(y)")
    ('x + y', '(x)*(y)')
    """
    return text[1:-1].strip() if re.fullmatch(GROUP, text) else text


def fill(formula: str, inputs: Mapping[str, str]) -> str:
    """A formula with its places filled; brackets where an input between operators needs them.

    >>> fill("log({x})/{y}", {"x": "a + b", "y": "c + d"})
    'log(a + b)/(c + d)'
    """

    def filled(place: re.Match[str]) -> str:
        before, after = formula[: place.start()], formula[place.end() :]
        alone = before.endswith(("(", ", ")) and after.startswith((")", ","))
        text = inputs[place[1]]
        return text if alone or formula == place[0] else bracketed(text)

    return PLACE.sub(filled, formula)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing binds to a piece of a text: it is a whole input or statement."""
    before, after = text[:start].rstrip(" \t")[-1:], text[end:].lstrip(" \t")[:1]
    return before in {"", *"=([,;\n"} and after in {"", *")],;\n#"}
