"""The program of a run, and of several iterations."""

from __future__ import annotations

from collections.abc import Iterable

from ..engine.run import Run
from ..updates.update import Update
from .assembly import whole
from .backward import BackwardWriting
from .lines import Program
from .update import UpdateWriting


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
