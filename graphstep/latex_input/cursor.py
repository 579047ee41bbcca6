"""A walk over the items of a formula: the next one, a bracket, source text."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from ..base.errors import ParseError, Span
from .commands import BETWEEN, BRACKETS, SWITCHES, SYMBOLS, UNSEEN
from .items import LINE_ENDS, Item


class Cursor:
    """Takes the items of one group from left to right."""

    def __init__(self, source: str, items: Iterable[Item]) -> None:
        self.source = source
        self.items = deque(item for item in items if item.text[1:] not in UNSEEN)

    def error(self, key: str, item: Item, **values: object) -> ParseError:
        """An error that points to an item."""
        values = {"command": item.text, **values}
        return ParseError(key, source=self.source, span=item.span, **values)

    def next(self, owner: Item, form: str) -> Item:
        """The next item, as an argument of `owner`: only the first digit of a number."""
        if not self.items or self.items[0].text in ENDS:
            raise self.error("formula_part", owner, form=form)
        item = self.items.popleft()
        if item.text[-1].isdecimal() and len(item.text) > 1:
            start, end = item.span
            self.items.appendleft(Item(item.text[1:], Span(start + 1, end)))
            return Item(item.text[0], Span(start, start + 1))
        return item

    def taken(self, count: int) -> list[Item]:
        """The next items."""
        return [self.items.popleft() for _ in range(count)]

    def star(self, _: Item, __: str) -> bool:
        """Skip a star, and whether there is one."""
        found = bool(self.items) and self.items[0].text == "*"
        self.taken(found)
        return found

    def letters(self, owner: Item, form: str) -> str:
        """The source in braces, as it was written."""
        return self.source[slice(*self.next(owner, form).span)].strip("{} ")

    def bracket(self, owner: Item, _: str = "") -> str:
        """The bracket after a command; a dot means none."""
        text = self.items.popleft().text if self.items else ""
        found = SYMBOLS.get(text[1:], "") if text[:1] == "\\" else SIDES.get(text, text)
        if text != "." and (not found or found not in BRACKETS):
            raise self.error("formula_bracket", owner)
        return found


SCRIPT_MARKS = frozenset("_^'")

SIDES: Mapping[str, str] = MappingProxyType({".": "", "<": "⟨", ">": "⟩"})
"""Characters that mean another bracket, or none."""

STACKS: Mapping[str, bool] = MappingProxyType({"\\limits": True, "\\nolimits": False})
"""Commands that put the scripts of the part before them under and over it, or beside it."""

REFUSED_ITEMS: Mapping[str, str] = MappingProxyType(
    {
        "&": "formula_cell",
        "\\right": "formula_bracket",
        **dict.fromkeys((*LINE_ENDS, "\\newline"), "formula_lines"),
        **dict.fromkeys(("$", "$$", "\\(", "\\["), "formula_dollar"),
        **dict.fromkeys(STACKS, "formula_part"),
    }
)
"""The error of each misplaced item."""

TO_THE_END = ("\\middle", "\\color", "\\tag")
ENDS = frozenset(
    (*SCRIPT_MARKS, *REFUSED_ITEMS, *TO_THE_END, *(f"\\{name}" for name in (*SWITCHES, *BETWEEN)))
)
"""Items that cannot be an argument."""
