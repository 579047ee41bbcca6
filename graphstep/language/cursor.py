"""A position in a text, and what is read there: numbers, indices and lists."""

from __future__ import annotations

import math
from typing import Any, NoReturn

from ..base.errors import ParseError, Span
from ..calculus.indexing import Key
from ..calculus.shapes import MOST_AXES
from .tokens import MOST_WHOLE, Token, tokens


class Cursor:
    """A position in a text: the token there, and the one after it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = tokens(text)
        self.token, self.ahead = next(self._tokens), next(self._tokens)

    def advance(self) -> None:
        """Go to the next token; at the end, stay."""
        self.token, self.ahead = self.ahead, next(self._tokens, self.ahead)

    def refuse(self, key: str, token: Token, **values: object) -> NoReturn:
        """Raise ParseError at a token."""
        raise ParseError(key, source=self.text, span=Span(token.start, token.end), **values)

    def refuse_operand(self) -> NoReturn:
        """Refuse a token that cannot begin an operand."""
        if self.token.text == "=":
            self.refuse("assignment", self.token)
        if self.token.kind in ("end", "newline"):
            self.refuse("ends_early", self.token)
        if self.token.text == ":":
            self.refuse("colon", self.token)
        self.refuse("operand_expected", self.token, text=self.token.text)

    def refuse_follower(self) -> NoReturn:
        """Refuse two operands side by side, or a misplaced bracket or colon."""
        if self.token.text in (":", "]"):
            self.refuse("colon" if self.token.text == ":" else "not_open", self.token)
        self.refuse("product", self.token)

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
        if token.text in (":", "]", ","):
            return None
        if token.kind != "number" and token.text not in ("-", "+"):
            self.refuse("index_form", token)
        number = self.signed()
        if number != math.floor(number) or abs(number) > MOST_WHOLE:
            self.refuse("index_form", token)
        return int(number)

    def index(self) -> tuple[Key, ...]:
        """Read the keys of an index, up to its bracket."""
        start, keys = self.token, [self._key()]
        while self.token.text == ",":
            self.advance()
            keys.append(self._key())
        if keys.count(Ellipsis) > 1:
            self.refuse("index_form", start)
        return tuple(keys)

    def _key(self) -> Key:
        """Read a place, a part, or what adds an axis or stands for some."""
        token = self.token
        if token.kind == "key":
            self.advance()
            return Ellipsis if token.text == "..." else None
        ends = [self.whole()]
        while self.token.text == ":" and len(ends) < 3:
            self.advance()
            ends.append(self.whole())
        if ends in ([None],) or ends[2:] == [0]:
            self.refuse("index_form", token)
        return ends[0] if len(ends) == 1 else slice(*ends)

    def all_others(self) -> None:
        """Read `, :` or `, ...`, which may follow the rows of an index."""
        if self.token.text == ",":
            self.advance()
            if self.token.text not in (":", "..."):
                self.refuse("index_form", self.token)
            self.advance()

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
