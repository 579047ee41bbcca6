"""The program of a run, put together from its parts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from ..base.words import say
from ..engine.run import Run
from .backward import BackwardWriting
from .lines import Line, Program
from .writing import Writing


def program(run: Run, lang: str = "en") -> Program:
    """The program of a run, which computes the same bits: values, then upstream gradients.

    Branches are those of the run: where the mathematics of a gate depends on numbers, the program
    states which ones it takes for granted. Raises InputError for a run without numbers, GraphError
    where the output is an array whose gradient is not given, and for a gate whose mathematics
    cannot be followed, such as a custom one.
    """
    run.check_numbers()
    run.check_output()
    return whole(BackwardWriting(run, lang))


def whole(made: Writing) -> Program:
    """The program of what is written, with what stands around it."""
    head = [Line(code, "", (), "head") for code in made.imports()]
    parts = (
        _block(part, say(title, made.lang), [line for line in made.lines if line.part == part])
        for part, title in made.titles.items()
    )
    helpers, end = _block("functions", "", made.helpers()), _block("end", "", made.end())
    lines = (*head, *helpers, *chain.from_iterable(parts), *end)
    return Program(lines[lines[0].code == "" :])  # it begins with a line that says something


def _block(part: str, title: str, lines: Sequence[Line]) -> list[Line]:
    """Lines under a comment, after an empty one; nothing if there are none."""
    if not lines:
        return []
    heads = [Line("", "", (), part), *([Line("", title, (), part)] if title else [])]
    return [*heads, *lines]
