"""The items of a LaTeX formula, in source order, each with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..base.errors import ParseError, Span


class Item(NamedTuple):
    r"""A character, number, command, group or environment, and its place in the source.

    `text` is "{" for a group, "\begin" for an environment, and "$" or the like for a formula.
    """

    text: str
    span: Span
    inner: tuple[Item, ...] = ()
    name: str = ""


def items(source: str) -> tuple[Item, ...]:
    """All items of a formula, as pylatexenc finds them.

    Raises ParseError for an unmatched one, and ImportError without pylatexenc.
    """
    from pylatexenc.latexwalker import LatexWalker, LatexWalkerParseError
    from pylatexenc.macrospec import LatexContextDb

    text = source + " " * source.endswith("\\")  # the stripped space after a backslash
    walker = LatexWalker(text, latex_context=LatexContextDb(), tolerant_parsing=False)
    try:
        return _flat(walker.get_latex_nodes()[0])
    except LatexWalkerParseError as error:
        raise _torn(source, error) from error


def _flat(nodes: Iterable[Any]) -> tuple[Item, ...]:
    """The items of pylatexenc's nodes."""
    return tuple(item for node in nodes for item in NODES[type(node).__name__](node))


def _characters(node: Any) -> Iterator[Item]:
    for found in re.finditer(r"\d*\.\d+|\d+|\S", node.chars):
        yield Item(found[0], Span(node.pos + found.start(), node.pos + found.end()))


def _command(node: Any) -> Iterator[Item]:
    """A command, without the spaces after it."""
    text = "\\" + node.macroname
    yield Item(text, Span(node.pos, node.pos + len(text)))


def _group(node: Any) -> Iterator[Item]:
    span = Span(node.pos, node.pos + node.len)
    yield Item(node.delimiters[0], span, _flat(node.nodelist))


def _environment(node: Any) -> Iterator[Item]:
    span = Span(node.pos, node.pos + node.len)
    yield Item("\\begin", span, _flat(node.nodelist), node.environmentname)


NODES: Mapping[str, Callable[[Any], Iterable[Item]]] = MappingProxyType(
    {
        "LatexCharsNode": _characters,
        "LatexMacroNode": _command,
        "LatexGroupNode": _group,
        "LatexMathNode": _group,
        "LatexEnvironmentNode": _environment,
        "LatexCommentNode": lambda _: (),
    }
)
"""The function that makes items of each kind of node."""


def _torn(source: str, error: Any) -> ParseError:
    """The error for an unmatched brace, environment or dollar."""
    ended = source.startswith("\\end", error.pos)
    start = error.open_contexts[0][1] if error.open_contexts and not ended else error.pos
    brace = _brace(source)
    found = HALF.match(source, start if brace is None else brace)
    assert found  # it matches everywhere
    text, span = found.group(), Span(*found.span())
    key = next(key for begins, key in HALVES.items() if text.startswith(begins))
    return ParseError(key, source=source, span=span, command=text)


HALF = re.compile(r"\\(?:begin|end)(?:\s*\{[^{}]*\})?|\\.|\$\$?|.|$", re.DOTALL)
HALVES: Mapping[str, str] = MappingProxyType(
    {"{": "formula_brace", "}": "formula_brace", "\\begin": "formula_end", "\\end": "formula_end",
     "": "formula_dollar"}
)  # fmt: skip
"""The error of each unmatched thing, by what it begins with."""


def _brace(source: str) -> int | None:
    """The place of the first unmatched brace."""
    opened = []
    for found in re.finditer(r"\\.|[{}]", source, re.DOTALL):
        if found.group() == "{":
            opened.append(found.start())
        elif found.group() == "}":
            if not opened:
                return found.start()
            opened.pop()
    return opened[0] if opened else None


def closing(items: Iterable[Item], opens: Iterable[str], closes: Iterable[str]) -> int:
    """The index of the item that closes what was opened before them; -1 if none does."""
    depth = 0
    for at, item in enumerate(items):
        depth += (item.text in opens) - (item.text in closes)
        if depth < 0:
            return at
    return -1


LINE_ENDS = ("\\\\", "\\cr")
DISTANCE = re.compile(r"\*?\[\s*-?[\d.]+\s*[a-z]{2}\s*\]")
"""The space below a row, which is ignored: \\\\[2pt]."""


def cells(source: str, items: Iterable[Item]) -> list[list[list[Item]]]:
    """The items of each cell, row by row; a line end after the last row adds no row."""
    rows: list[list[list[Item]]] = [[[]]]
    after = 0
    for item in items:
        if item.text in LINE_ENDS:
            rows.append([[]])
            distance = DISTANCE.match(source, item.span.end)
            after = distance.end() if distance else 0
        elif item.text == "&":
            rows[-1].append([])
        elif item.span.start >= after:
            rows[-1][-1].append(item)
    return rows[:-1] if rows[-1] == [[]] else rows
