"""The program of a run, put together from its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from ..base.words import say
from ..engine.run import Run
from ..updates.update import Update
from .backward import BackwardWriting
from .lines import Line, Program
from .update import UpdateWriting
from .writing import Writing, imports


def program(run: Run, lang: str = "en", update: Update | None = None) -> Program:
    """The program of a run, which computes the same bits: values, then upstream gradients.

    With an update of the run, new weights follow.
    Branches are those of the run: where the mathematics of a gate depends on numbers, the program
    states which ones it takes for granted. Raises InputError for a run without numbers, GraphError
    where the output is an array whose gradient is not given, and for a gate whose mathematics
    cannot be followed, such as a custom one.
    """
    run.check_numbers()
    run.check_output()
    return whole(BackwardWriting(run, lang) if update is None else UpdateWriting(update, lang))


def iterated(updates: Iterable[Update], lang: str = "en") -> Program:
    """The program of several iterations, each at the weights that the one before it gives.

    Raises what `program` raises.
    """
    made: list[UpdateWriting] = []
    for update in updates:
        made.append(UpdateWriting(update, lang, made[-1] if made else None))
    return whole(*made)


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
