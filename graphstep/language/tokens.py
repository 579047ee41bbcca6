"""Text to tokens.

Anything outside the language is refused with one error and its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from keyword import kwlist
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn
from unicodedata import decomposition, normalize

from ..base.errors import ParseError, Span

MOST_WHOLE = 1_000_000_000  # of an index or option

TOKEN = re.compile(
    r"""(?P<skip>[ \t\f\v\u00a0]+|\#[^\n]*|\\\r?\n)
      | (?P<newline>\r\n?|\n)
      | (?P<number>(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?)
      | (?P<key>(?:None|newaxis|(?:np|torch)\.newaxis|\.\.\.)(?=[ \t]*[,\]]))
      | (?P<indexes>(?<=einsum\()["'][^"'\n]*["'])
      | (?P<name>[^\W\dᵀ](?:[^\Wᵀ]|[\u0300-\u036f\u0900-\u0dff])*)
      | (?P<transpose>\.T\b|ᵀ)
      | (?P<operator>\*\*(?!=)|[-+*/=@](?![=/>])|[(),;:\[\]]|[−·⋅∙×∗⊙∕⁄]
          |[=!<>]=|<(?!-)|>|[≤≥≠])
      | (?P<other>//|\*\*=|:=|<-|[-=]>|[-+*/%@&|^]=|.)""",
    re.VERBOSE | re.DOTALL,
)

SAME_AS: Mapping[str, str] = MappingProxyType(
    {
        "−": "-",
        **dict.fromkeys("·⋅∙×∗⊙", "*"),
        **dict.fromkeys("∕⁄", "/"),
        "ᵀ": ".T",
        "≤": "<=",
        "≥": ">=",
        "≠": "!=",
    }
)
SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
"""Characters accepted as an operator, since slides and keyboards produce them."""

RESERVED: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(set(kwlist) - {"lambda"}, "reserved"),  # a common name of a weight
        **dict.fromkeys(("if", "elif", "else", "and", "or", "not"), "condition"),
        **dict.fromkeys(("for", "while"), "loop"),
    }
)
"""The error for each word of Python."""

REFUSED_TOKENS: Mapping[str, str] = MappingProxyType(
    {
        "^": "caret", "**=": "assignment", "//": "floor", "%": "no_operator", "÷": "division_sign",
        **dict.fromkeys(("+=", "-=", "*=", "/=", "%=", "@=", "&=", "|=", "^="), "assignment"),
        **dict.fromkeys("'\"`“”«»", "string"),
        **dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "superscript"), **dict.fromkeys("–—", "dash"),
        ".": "attribute", "{": "brace", "}": "brace", "√": "root", "∞": "infinity",
        **dict.fromkeys(("<-", ":=", "←", "≔"), "assign_sign"), **dict.fromkeys("’′", "prime"),
        "?": "condition", "!": "factorial",
        **dict.fromkeys(("->", "=>", "→", "⇒", "↦"), "arrow"), **dict.fromkeys("∂∇", "derivative"),
        **dict.fromkeys("∑∏", "sum_sign"), "⊤": "transpose",
    }
)  # fmt: skip
"""The error for each token outside the language that a user is likely to try."""


class Token(NamedTuple):
    """A piece of the text: `kind` is a group of TOKEN, or "end"."""

    kind: str
    text: str
    start: int
    end: int


class Operand(NamedTuple):
    """A node's index, a number, or rows of numbers; and its place, with its brackets.

    The indexes of einsum are a tuple of one text.
    """

    what: int | float | tuple[Any, ...]
    start: int
    end: int


def name_of(text: object) -> str | None:
    """A text as a name of the language, normalized; None if it is not one.

    >>> name_of("w0"), name_of("2x"), name_of("if")
    ('w0', None, None)
    """
    match = TOKEN.fullmatch(text) if isinstance(text, str) else None
    if match is None or match.lastgroup != "name" or not is_name(match.group()):
        return None
    return None if match.group() in RESERVED else normalize("NFKC", match.group())


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, and two for its end. Raises ParseError for anything else."""
    for match in TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "skip":
            continue
        piece, (start, end) = match.group(), match.span()
        if kind == "other" or (kind == "name" and not is_name(piece)):
            _refuse_token(text, piece, start)
        elif kind != "key" and piece in RESERVED:
            raise ParseError(RESERVED[piece], source=text, span=Span(start, end), text=piece)
        elif not piece.isascii():  # names are normalized as Python normalizes identifiers
            piece = normalize("NFKC", piece) if kind == "name" else SAME_AS.get(piece, piece)
        yield Token(kind, piece, start, end)
    yield from [Token("end", "", len(text), len(text))] * 2


def is_name(piece: str) -> bool:
    """Whether all characters of a word can be in a name: letters, and digits also as subscripts."""
    if piece.isascii():
        return piece.isidentifier()
    return piece.translate(SUBSCRIPTS).isidentifier() and not any(map(_is_raised, piece))


def _is_raised(char: str) -> bool:
    """Whether a character is a letter or digit above the line, such as ⁿ."""
    return not char.isascii() and decomposition(char).startswith("<super>")


def _refuse_token(text: str, piece: str, start: int) -> NoReturn:
    """Refuse a token, pointing at the first character that cannot be in a name."""
    at = next((i for i, c in enumerate(piece) if not is_name(f"a{c}")), 0)
    if piece[0].isalnum() or piece[0] == "_":
        piece, start = piece[at], start + at
    key = REFUSED_TOKENS.get(piece, "superscript" if _is_raised(piece[0]) else "character")
    raise ParseError(key, source=text, span=Span(start, start + len(piece)), text=piece)
