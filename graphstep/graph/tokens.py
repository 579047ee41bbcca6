"""Text to tokens, and tokens to numbers and lists.

Anything outside the language is refused with one error and its place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from keyword import kwlist
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn
from unicodedata import normalize

from ..base.errors import ParseError, Span

MOST_WHOLE = 1_000_000_000  # of an index or option
MOST_AXES = 8  # of a list

TOKEN = re.compile(
    r"""(?P<skip>[ \t\f\v\u00a0]+|\#[^\n]*|\\\r?\n)
      | (?P<newline>\r\n?|\n)
      | (?P<number>(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?)
      | (?P<name>[^\W\d][\w\u0300-\u036f\u0900-\u0dff]*)
      | (?P<transpose>\.T\b)
      | (?P<operator>\*\*(?!=)|[-+*/=@](?![=/])|[(),;:\[\]]|[−·⋅×])
      | (?P<other>//|\*\*=|[=!<>]=|[-+*/%@&|^]=|.)""",
    re.VERBOSE | re.DOTALL,
)

SAME_AS: Mapping[str, str] = MappingProxyType({"−": "-", "·": "*", "⋅": "*", "×": "*"})
"""Characters accepted as an operator, since slides and keyboards produce them."""

RESERVED = frozenset(kwlist) - {"lambda"}  # "lambda" is a common name of a weight

REFUSED_TOKENS: Mapping[str, str] = MappingProxyType(
    {
        "^": "caret", "**=": "assignment", "//": "floor", "%": "no_operator", "÷": "division_sign",
        **dict.fromkeys(("==", "!=", "<=", ">=", "<", ">", "!", "≤", "≥", "≠"), "comparison"),
        **dict.fromkeys(("+=", "-=", "*=", "/=", "%=", "@=", "&=", "|=", "^="), "assignment"),
        **dict.fromkeys("'\"`“”«»", "string"),
        **dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹", "superscript"), **dict.fromkeys("–—", "dash"),
        ".": "attribute", "{": "brace", "}": "brace", "√": "root",
    }
)  # fmt: skip
"""The error for each token outside the language that a user is likely to try."""


class Token(NamedTuple):
    """A piece of the text: `kind` is a group of TOKEN, or "end"."""

    kind: str
    text: str
    start: int
    end: int


class Cursor:
    """A position in a text: the token there, and the one after it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = _tokens(text)
        self.token, self.ahead = next(self._tokens), next(self._tokens)

    def advance(self) -> None:
        """Go to the next token; at the end, stay."""
        self.token, self.ahead = self.ahead, next(self._tokens, self.ahead)

    def refuse(self, key: str, token: Token, **values: object) -> NoReturn:
        """Raise ParseError at a token."""
        raise ParseError(key, source=self.text, span=Span(token.start, token.end), **values)

    # --- numbers and lists

    def number(self) -> float:
        """The number at the cursor, which stays."""
        token = self.token
        try:
            number = float(token.text)
        except ValueError:
            self.refuse("bad_number", token, text=token.text)
        if not math.isfinite(number):
            self.refuse("not_finite_constant", token, number=number)
        return number

    def signed(self) -> float:
        """Read a number with its sign."""
        sign = 1.0
        while self.token.text in ("-", "+"):
            sign = -sign if self.token.text == "-" else sign
            self.advance()
        if self.token.kind != "number":
            self.refuse("list_numbers" if self.token.kind != "end" else "ends_early", self.token)
        number = sign * self.number()
        self.advance()
        return number

    def whole(self) -> int | None:
        """Read a whole number with its sign; None if there is none."""
        token = self.token
        if token.text in (":", "]"):
            return None
        if token.kind != "number" and token.text not in ("-", "+"):
            self.refuse("index_form", token)
        number = self.signed()
        if number != math.floor(number) or abs(number) > MOST_WHOLE:
            self.refuse("index_form", token)
        return int(number)

    def rows(self) -> tuple[Any, ...]:
        """Read a list of numbers, or of lists of equal shape; the cursor stays at the last `]`."""
        start, rows, follows = self.token.start, list[list[Any]](), False
        while True:
            text = self.token.text
            if text == "[" and not follows and len(rows) < MOST_AXES:
                rows.append([])
            elif text == "]" and rows:
                row = self._row(rows.pop(), start)
                if not rows:
                    return row
                rows[-1].append(row)
            elif self.token.kind == "end":
                raise ParseError("not_closed", source=self.text, span=Span(start, start + 1))
            elif follows and text != "," and self.token.kind != "newline":
                self.refuse("list_numbers", self.token)
            elif text != "," and self.token.kind != "newline":
                rows[-1].append(self.signed())
                follows = True
                continue
            follows = text == "]" or (follows and text != ",")
            self.advance()

    def _row(self, items: list[Any], start: int) -> tuple[Any, ...]:
        """The items of a list whose bracket closes here."""
        if not items or len({_form(item) for item in items}) > 1:
            span = Span(start, self.token.end)
            key = "list_ragged" if items else "list_empty"
            raise ParseError(key, source=self.text, span=span)
        return tuple(items)


def _form(item: Any) -> object:
    """The shape of an item, None for a number; all items of a list must have the same one."""
    return (len(item), _form(item[0])) if isinstance(item, tuple) else None


def name_of(text: object) -> str | None:
    """A text as a name of the language, normalized; None if it is not one.

    >>> name_of("w0"), name_of("2x"), name_of("if")
    ('w0', None, None)
    """
    match = TOKEN.fullmatch(text) if isinstance(text, str) else None
    if match is None or match.lastgroup != "name" or not match.group().isidentifier():
        return None
    return None if match.group() in RESERVED else normalize("NFKC", match.group())


def _tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, and two for its end. Raises ParseError for anything else."""
    for match in TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "skip":
            continue
        piece, (start, end) = match.group(), match.span()
        if kind == "other" or (kind == "name" and not piece.isidentifier()):
            _refuse_token(text, piece, start)
        elif piece in RESERVED:
            raise ParseError("reserved", source=text, span=Span(start, end), text=piece)
        elif not piece.isascii():  # names are normalized as Python normalizes identifiers
            piece = normalize("NFKC", piece) if kind == "name" else SAME_AS.get(piece, piece)
        yield Token(kind, piece, start, end)
    yield from [Token("end", "", len(text), len(text))] * 2


def _refuse_token(text: str, piece: str, start: int) -> NoReturn:
    """Refuse a token, pointing at the first character that cannot be in a name."""
    at = next((i for i, c in enumerate(piece) if not f"a{c}".isidentifier()), 0)
    if piece[:1].isalnum():
        piece, start = piece[at], start + at
    key = REFUSED_TOKENS.get(piece, "character")
    raise ParseError(key, source=text, span=Span(start, start + len(piece)), text=piece)
