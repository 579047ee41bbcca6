"""A program put together from its parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from ..base.words import say
from .lines import Line, Program
from .writing import Writing, imports


def whole(*made: Writing) -> Program:
    """The program of what is written, one after another, with what stands around it."""
    last = made[-1]
    written = [line for one in made for line in one.lines]
    head = imports(last.functions, written, any(one.followed.loud for one in made))
    several = range(1, len(made) + 1) if len(made) > 1 else [None]
    blocks = (block for one, number in zip(made, several, strict=True)
              for block in _blocks(one, number))  # fmt: skip
    helpers, end = _block("functions", "", last.helpers()), _block("end", "", last.end())
    lines = (*(Line(code, "", (), "head") for code in head), *helpers, *chain(*blocks), *end)
    return Program(lines[lines[0].code == "" :])  # it begins with a line that says something


def _blocks(made: Writing, number: int | None) -> Iterator[list[Line]]:
    """The parts of what is written; if it is one of several iterations, with its number."""
    for part, title in made.titles.items():
        if number is not None and part == "forward":
            yield _block(
                part, "", [Line("", say("program.iteration", made.lang, n=number), (), part)]
            )
        lines = [line for line in made.lines if line.part == part]
        yield _block(part, say(title, made.lang), lines)


def _block(part: str, title: str, lines: Sequence[Line]) -> list[Line]:
    """Lines under a comment, after an empty one; nothing if there are none."""
    if not lines:
        return []
    heads = [Line("", "", (), part), *([Line("", title, (), part)] if title else [])]
    return [*heads, *lines]
