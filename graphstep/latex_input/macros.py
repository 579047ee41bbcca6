r"""Macros of formulas: `\newcommand` and its like, and what they stand for, within bounds.

They are replaced in the source before it is read, as TeX does; every character of the result knows
its place in what was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from ..base.errors import ParseError, Span

MOST_MACROS, MOST_BODY, MOST_EXPANDED = 100, 500, 20_000  # the last two in characters
NONE: Mapping[str, Macro] = MappingProxyType({})
FORM = r"\newcommand{\norm}[1]{\|#1\|}"
COMMAND = re.compile(r"\\(?:([A-Za-z]+)|.)", re.DOTALL)
DEFINITION = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareMathOperator|def)(?![A-Za-z])\*?"
)
HEAD = re.compile(
    r"\s*(?:\{\s*\\([A-Za-z]+)\s*\}|\\([A-Za-z]+))\s*(?:\[\s*([0-9])\s*\])?((?:\s*#[1-9])*)\s*(?=\{)"
)
_DEFINING = ("newcommand", "renewcommand", "providecommand", "def", "DeclareMathOperator")
RESERVED = frozenset(("begin", "end", "left", "right", "middle", *_DEFINING))
"""Commands that formulas are built with."""


class Macro(NamedTuple):
    """LaTeX that a command stands for; #1, #2, … in it are its arguments."""

    body: str
    arguments: int = 0


class Expanded(NamedTuple):
    """LaTeX without macros; `places` has, for each character, where it comes from."""

    text: str
    places: Sequence[Span]

    def place(self, span: Span) -> Span:
        """Where a part of it comes from."""
        if not self.places:
            return Span(0, 0)
        last = len(self.places) - 1
        first = self.places[min(span.start, last)]
        end = self.places[min(max(span.end - 1, span.start), last)]
        return Span(min(first.start, end.start), max(first.end, end.end))


def macro(name: str, body: str, count: int | None = None) -> Macro:
    """The macro of a name. Without a count it has as many arguments as its body names.

    Raises ParseError for a name that formulas are built with, and for a body that is too long or
    names an argument that there is none of.
    """
    named = max((int(number) for number in re.findall("#([1-9])", body)), default=0)
    count = named if count is None else count
    command = f"\\{name}"
    if not re.fullmatch("[A-Za-z]+", name) or name in RESERVED:
        raise ParseError("macro_name", command=command)
    if len(body) > MOST_BODY:
        raise ParseError("macro_body", command=command, most=MOST_BODY)
    if named > count:
        raise ParseError("macro_argument", command=command, count=count, number=named)
    return Macro(body, count)


def definitions(source: str) -> tuple[str, dict[str, Macro]]:
    r"""A formula with spaces in place of the macros that it defines, and those macros.

    >>> definitions(r"\def\R{x}\R+1")
    ('         \\R+1', {'R': Macro(body='x', arguments=0)})
    """
    found, kept, done = dict[str, Macro](), "", 0
    while begun := DEFINITION.search(source, done):
        head = HEAD.match(source, begun.end())
        end = _closed(source, head.end()) if head else -1
        if head is None or end < 0:
            raise ParseError("formula_part", source=source, span=Span(*begun.span()),
                             command=begun[0], form=FORM)  # fmt: skip
        name, body = head[1] or head[2], source[head.end() + 1 : end - 1]
        if begun[0].startswith("\\Declare"):
            body = f"\\operatorname{{{body}}}"
        count = int(head[3] or 0) or head[4].count("#")
        try:
            found[name] = macro(name, body, count)
        except ParseError as error:
            error.moved(source, Span(begun.start(), end))
            raise
        kept += source[done : begun.start()] + " " * (end - begun.start())
        done = end
    return kept + source[done:], found


def _closed(source: str, start: int) -> int:
    """The end of the group that begins at a place, or -1."""
    depth = 0
    for found in re.compile(r"\\.|[{}]", re.DOTALL).finditer(source, start):
        depth += (found[0] == "{") - (found[0] == "}")
        if depth <= 0:
            return found.end()
    return -1


def expanded(source: str, macros: Mapping[str, Macro]) -> Expanded:
    """A formula with its macros replaced.

    Raises ParseError for a macro that leads to itself, that lacks an argument, or that makes too
    much.
    """
    whole = Expanded(source, [Span(k, k + 1) for k in range(len(source))])
    return _Expansion(source, macros).of(whole, ()) if macros else whole


class _Expansion:
    """Replaces the macros of one formula, and counts the characters that it makes."""

    def __init__(self, source: str, macros: Mapping[str, Macro]) -> None:
        self.source, self.macros, self.made = source, macros, 0

    def of(self, given: Expanded, inside: tuple[str, ...]) -> Expanded:
        """A text without macros; `inside` are those whose body it is."""
        pieces, done = list[Expanded](), 0
        while found := COMMAND.search(given.text, done):
            pieces.append(_cut(given, done, found.start()))
            done = found.end()
            if found[1] not in self.macros:
                pieces.append(_cut(given, *found.span()))
                continue
            name, use = found[1], given.place(Span(*found.span()))
            if name in inside:
                way = " → ".join(f"\\{each}" for each in (*inside[inside.index(name) :], name))
                raise self._error("macro_self", use, name, way=way)
            arguments = list[Expanded]()
            for _ in range(self.macros[name].arguments):
                start, end = self._argument(given, done, name, use)
                braced = given.text[start] == "{"
                part = _cut(given, start + braced, end - braced)
                arguments.append(self.of(part, inside))
                done = end
            pieces.append(self.of(self._filled(name, arguments, use), (*inside, name)))
        return _joined([*pieces, _cut(given, done, len(given.text))])

    def _argument(self, given: Expanded, at: int, name: str, use: Span) -> tuple[int, int]:
        """Where the next argument begins and ends, with its braces."""
        found = re.compile(r"\s*(\{|\\(?:[A-Za-z]+|.)|[^\s}])", re.DOTALL).match(given.text, at)
        end = -1
        if found:
            end = _closed(given.text, found.start(1)) if found[1] == "{" else found.end()
        if found is None or end < 0:
            form = f"\\{name}" + "{x}" * self.macros[name].arguments
            raise self._error("formula_part", use, name, form=form)
        return found.start(1), end

    def _filled(self, name: str, arguments: Sequence[Expanded], use: Span) -> Expanded:
        """The body of a macro with its arguments."""
        pieces = list[Expanded]()
        for part in re.split("(#[1-9])", self.macros[name].body):
            if re.fullmatch("#[1-9]", part):
                pieces.append(arguments[int(part[1]) - 1])
            else:
                pieces.append(Expanded(part, [use] * len(part)))
        self.made += 1 + sum(len(piece.text) for piece in pieces)
        if self.made > MOST_EXPANDED:
            raise self._error("macro_long", use, name, most=MOST_EXPANDED)
        return _joined(pieces)

    def _error(self, key: str, span: Span, name: str, **values: object) -> ParseError:
        return ParseError(key, source=self.source, span=span, command=f"\\{name}", **values)


def _cut(given: Expanded, start: int, end: int) -> Expanded:
    return Expanded(given.text[start:end], given.places[start:end])


def _joined(pieces: Iterable[Expanded]) -> Expanded:
    """Texts one after the other, with a space between a command and a letter."""
    text, places = list[str](), list[Span]()
    last = ""
    for piece in pieces:
        if piece.text[:1].isalpha() and re.search(r"\\[A-Za-z]+$", last):
            text.append(" ")
            places.append(piece.places[0])
        text.append(piece.text)
        places.extend(piece.places)
        last = piece.text or last
    return Expanded("".join(text), places)
