"""Formulas read from LaTeX, as people write it between dollars."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Any

from ..base.errors import ParseError, Span, nearest
from ..formulas.tree import Fenced, Marked, Matrix, Number, Row, Sign, Tree, Words
from .commands import (
    BETWEEN,
    COLOURS,
    COMMANDS,
    EMPTY,
    ENVIRONMENTS,
    ESCAPED,
    LINES,
    NOTHING,
    SWITCHES,
    TAGGED,
    UNSUPPORTED_LOOKS,
    sign,
    spaced,
)
from .cursor import REFUSED_ITEMS, SCRIPT_MARKS, STACKS, Cursor
from .items import Item, cells, closing, items
from .macros import NONE, Expanded, Macro, expanded
from .side_by_side import one, row, with_scripts

DEEPEST = 100  # nested groups and arguments; emitters recurse into each


def latex_to_tree(source: str, display: bool = False, macros: Mapping[str, Macro] = NONE) -> Tree:
    """The tree of a LaTeX formula, given without its dollars.

    A formula on a line of its own, a `display`, can have a tag. Raises ParseError, with a place in
    the source, for a broken formula or a command that no tree can show, and ImportError without
    pylatexenc.
    """
    whole = Span(0, len(source))
    made = Expanded(source, ())
    try:
        made = expanded(source, macros)
        found = items(made.text)
        if not found:
            raise ParseError("formula", source=source, span=whole)
        return _Reader(made.text, found, display=display).tree()
    except RecursionError as error:
        raise ParseError("formula_deep", source=source, span=whole, depth=DEEPEST) from error
    except ParseError as error:
        if made.places and error.source == made.text:
            error.moved(source, made.place(error.span or whole))
        raise


class _Reader(Cursor):
    """Reads the items of one group from left to right; `fenced` means between brackets.

    `display`: a line of its own, which can have a tag.
    """

    def __init__(
        self, source: str, items: Iterable[Item], depth: int = 0, fenced: bool = False,
        display: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(source, items)
        self.depth, self.fenced, self.display = depth, fenced, display
        self.tags: list[Tree] = []  # of this line

    def tree(self, *first: Tree) -> Tree:
        """The tree of the remaining items, after the parts `first` and before the tag."""
        made = self._rest(*first)
        return row([made, *self.tags]) if self.tags else made

    def _rest(self, *first: Tree) -> Tree:
        parts = list(first)
        while self.items:
            item = self.items.popleft()
            name = item.text[1:]
            if name in SWITCHES:
                parts.append(COMMANDS[SWITCHES[name]].build(self._rest()) or EMPTY)
            elif name in BETWEEN:
                return BETWEEN[name](row(parts), self._rest())
            elif item.text == "\\tag":
                self.tag(item)
            else:
                parts.append(self._scripted(item))
        return row(parts)

    def inside(
        self, items: Iterable[Item], at: Item, fenced: bool = False, display: bool = False
    ) -> _Reader:
        """A reader for the items inside an item."""
        if self.depth >= DEEPEST:
            raise self.error("formula_deep", at, depth=DEEPEST)
        return _Reader(self.source, items, self.depth + 1, fenced, display)

    def _part(self, item: Item) -> Tree:
        """The tree of an item with its arguments, but without its scripts."""
        if item.text in PARTS:
            return PARTS[item.text](self, item)
        if item.text in REFUSED_ITEMS:
            raise self.error(REFUSED_ITEMS[item.text], item, form=r"\sum\limits_{a}^{b}")
        if item.text[0] == "\\":
            return self._made(item)
        return Number(item.text) if item.text[-1].isdecimal() else sign(item.text)

    # scripts

    def _scripted(self, item: Item) -> Tree:
        """A part with its scripts, primes and limits."""
        stacked: bool | None = None
        if item.text in SCRIPT_MARKS:  # beside nothing
            self.items.appendleft(item)
            base: Tree = EMPTY
        else:
            base = self._part(item)
        while item.text[0] == "\\" and self.items and self.items[0].text in STACKS:
            stacked = STACKS[self.items.popleft().text]
        below, above = self._scripts()
        return with_scripts(base, below, above, stacked)

    def _scripts(self) -> tuple[Tree | None, Tree | None]:
        """The scripts below and above a part, written in any order; primes come first."""
        found: dict[str, Tree] = {}
        while self.items and self.items[0].text in SCRIPT_MARKS:
            mark = self.items.popleft()
            if mark.text in found or (mark.text == "'" and "^" in found):
                raise self.error("formula_twice", mark)
            found[mark.text] = SCRIPTS[mark.text](self, mark)
        prime, above = found.get("'"), found.get("^")
        return found.get("_"), row([prime, above]) if prime and above else prime or above

    def script(self, mark: Item) -> Tree:
        """The script after its mark."""
        return self.argument(mark, f"x{mark.text}{{a}}")

    def primes(self, _: Item) -> Tree:
        """All primes from here, as one sign if one exists."""
        count = 1
        while self.items and self.items[0].text == "'":
            self.items.popleft()
            count += 1
        return Sign("′″‴⁗"[count - 1] if count <= 4 else "′" * count)

    # commands and their arguments

    def _made(self, item: Item) -> Tree:
        """The tree of a command."""
        name = item.text[1:]
        command = COMMANDS.get(name)
        if command is None:
            near = nearest(name, (known for known in COMMANDS if known[0] == name[:1]))
            key = "formula_look" if name in UNSUPPORTED_LOOKS else "formula_command"
            raise self.error(key, item, near=near and f"\\{near}")
        form = item.text + command.form.replace("[n]", "").replace("*", "")
        kinds = re.findall(r"\{.+?\}|\[n\]|.", command.form)
        tree = command.build(
            *(READ.get(kind, _Reader.argument)(self, item, form) for kind in kinds)
        )
        if tree is None:
            raise self.error("formula_part", item, form=form)
        return tree

    def argument(self, owner: Item, form: str) -> Tree:
        """The tree of the argument of a command or mark."""
        item = self.next(owner, form)
        if self.depth >= DEEPEST:
            raise self.error("formula_deep", item, depth=DEEPEST)
        self.depth += 1
        tree = self._part(item)
        self.depth -= 1
        return tree

    def option(self, owner: Item, form: str) -> Tree | None:
        """The tree of an optional argument in square brackets, or None."""
        if not self.items or self.items[0].text != "[":
            return None
        self.items.popleft()
        at = closing(self.items, "[", "]")
        if at < 0:
            raise self.error("formula_part", owner, form=form.replace("{", "[n]{", 1))
        inner = self.taken(at)
        self.items.popleft()
        return self.inside(inner, owner).tree()

    def rows(self, owner: Item, form: str) -> Tree:
        """A table in braces."""
        item = self.next(owner, form)
        return self.inside(item.inner or (item,), item).table("")

    # colours and tags

    def colour(self, owner: Item, form: str) -> str:
        """The name of a colour in braces."""
        name = self.letters(owner, form)
        if name not in COLOURS:
            raise self.error("formula_colour", owner, name=name, known=", ".join(COLOURS))
        return name

    def coloured(self, owner: Item) -> Tree:
        """The group after a colour, or else all that comes up to the end of its own group."""
        colour = self.colour(owner, r"\color{red}{x}")
        grouped = self.items and self.items[0].text == "{"
        return Marked(self.group(self.items.popleft()) if grouped else self._rest(), colour)

    def tag(self, owner: Item) -> None:
        """Read the tag of a line, which comes at its end."""
        if not self.display or self.tags:
            raise self.error("formula_tag", owner)
        bare = self.star(owner, "")
        words = self.words(owner, r"\tag{1}")
        shown = words if bare else _bracketed(words)
        self.tags = [spaced(1), spaced(1), shown]

    # texts

    def words(self, owner: Item, form: str) -> Tree:
        """A text, with formulas in it as trees."""
        item = self.next(owner, form)
        parts: list[Tree] = []
        for spoken, run in groupby(self._said((item,), *item.span), lambda x: isinstance(x, str)):
            same = list(run)
            parts.extend([Words("".join(same))] if spoken else same)
        shown = [part for part in parts if part != Words("")]
        return one(shown) if shown else Words("")

    def _said(self, items: Iterable[Item], start: int, end: int) -> Iterator[Any]:
        """The strings and trees of a text, and a space where there are any."""
        for item in items:
            yield _space(self.source[start : item.span.start])
            start = item.span.end
            if item.text == "{":
                yield from self._said(item.inner, item.span.start + 1, item.span.end - 1)
            elif item.text in ("$", "\\("):
                yield self.inside(item.inner, item).tree()
            elif item.text[0] != "\\":
                yield item.text.replace("~", " ")
            elif item.text[1:] in ESCAPED:
                yield ESCAPED[item.text[1:]]
            else:
                raise self.error("formula_text", item)
        yield _space(self.source[start:end])

    # brackets

    def left(self, item: Item) -> Tree:
        r"""A part between growing brackets; only \left must have a closing one."""
        opens, closes = PAIRS[item.text]
        left = self.bracket(item)
        at = closing(self.items, opens, closes)
        if at < 0 and item.text != "\\left":
            return Sign(left)
        if at < 0:
            raise self.error("formula_bracket", item)
        inner = self.inside(self.taken(at), item, fenced=True).tree()
        return Fenced(inner, left, self.bracket(self.items.popleft()))

    def middle(self, item: Item) -> Tree:
        r"""A bar between \left and \right."""
        if not self.fenced:
            raise self.error("formula_bracket", item)
        return Sign(self.bracket(item))

    # tables

    def group(self, item: Item) -> Tree:
        """The tree of a group in braces."""
        return self.inside(item.inner, item).tree()

    def environment(self, item: Item) -> Tree:
        """An environment: rows of cells, or one line."""
        if item.name in LINES:
            return self.inside(item.inner, item, display=self.display).tree()
        if item.name not in ENVIRONMENTS:
            near = nearest(item.name, ENVIRONMENTS)
            raise self.error("formula_environment", _begin(item), name=item.name, near=near)
        sides, left, right = ENVIRONMENTS[item.name]
        inner = self.inside(item.inner, item, display=self.display and item.name in TAGGED)
        if item.name == "array":
            return inner.table(inner.columns(item))
        table = inner.table(sides, halves=sides == "rl")
        return Fenced(table, left, right) if left else table

    def columns(self, owner: Item) -> str:
        """The sides of an array's columns; lines between them are ignored."""
        form = rf"\begin{{{owner.name}}}{{lr}}"
        sides = re.sub(r"[\s|]", "", self.letters(_begin(owner), form))
        if not sides or {*sides} - {*"lcr"}:
            raise self.error("formula_part", _begin(owner), form=form)
        return sides

    def table(self, sides: str, halves: bool = False) -> Tree:
        """A table; in halves of equations, a sign keeps its space at the edge."""
        edges: tuple[tuple[Tree, ...], ...] = ((), (NOTHING,) if halves else ())
        rows = tuple(self._line(line, edges) for line in cells(self.source, self.items))
        columns = max(map(len, rows), default=0)
        shown = "".join(sides[k % len(sides)] for k in range(columns)) if sides else ""
        return Matrix(rows, shown if {*shown} & {*"lr"} else "")

    def _line(
        self, line: list[list[Item]], edges: tuple[tuple[Tree, ...], ...]
    ) -> tuple[Tree, ...]:
        """The cells of a line, the last one with its tag."""
        made, tags = list[Tree](), list[Tree]()
        for k, inside in enumerate(line):
            cell = _Reader(self.source, inside, self.depth, display=self.display and not tags)
            made.append(cell._rest(*edges[k % 2]))
            tags += cell.tags
        return (*made[:-1], row([made[-1], *tags])) if tags else tuple(made)


def _bracketed(words: Tree) -> Tree:
    """A text between brackets."""
    if isinstance(words, Words):
        return Words(f"({words.text})")
    return Row((Words("("), words, Words(")")))


def _begin(item: Item) -> Item:
    """The command that begins an environment."""
    text = f"\\begin{{{item.name}}}"
    return Item(text, Span(item.span.start, item.span.start + len(text)))


def _space(gap: str) -> str:
    """A space, if there is any between two items of a text."""
    return " " if re.search(r"\s", gap) else ""


PAIRS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = MappingProxyType(
    {"\\left": (frozenset(("\\left",)), frozenset(("\\right",)))}
    | dict.fromkeys(
        BIG := tuple(f"\\{size}l" for size in ("big", "Big", "bigg", "Bigg")),
        (frozenset(BIG), frozenset(f"{command[:-1]}r" for command in BIG)),
    )
)
"""For each left-bracket command: the commands that open alike, and those that close."""

SCRIPTS: Mapping[str, Callable[[_Reader, Item], Tree]] = MappingProxyType(
    {"_": _Reader.script, "^": _Reader.script, "'": _Reader.primes}
)
"""The reader of each kind of script, by its mark."""

PARTS: Mapping[str, Callable[[_Reader, Item], Tree]] = MappingProxyType(
    {
        "{": _Reader.group,
        "\\begin": _Reader.environment,
        "\\middle": _Reader.middle,
        "\\color": _Reader.coloured,
        **dict.fromkeys(PAIRS, _Reader.left),
    }
)
"""The reader of each item that contains others."""

READ: Mapping[str, Callable[[_Reader, Item, str], Any]] = MappingProxyType(
    {
        "[n]": _Reader.option,
        "*": _Reader.star,
        "(": _Reader.bracket,
        "{words}": _Reader.words,
        "{rows}": _Reader.rows,
        "{1em}": _Reader.letters,
        "{red}": _Reader.colour,
    }
)
"""The reader of each part of a command's form that is not a tree."""
