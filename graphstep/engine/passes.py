"""When loops become code: as soon as the runs have paid for it, so that no program loses by it.

Code is faster than the loops, but takes long to write and compile, and nobody knows how many runs
are still to come. So it is written a piece at a time: each run puts aside LOSS of what the loops
take and all that the pieces already written save, and a piece is written when there is enough for
it. Whenever the runs end, all of them together took at most 1 + LOSS of what loops alone take.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil, inf
from threading import Lock
from typing import Any, NamedTuple

from .instructions import Item, Parts, by_piece

LOSS = 0.03  # of the loops' time; the most that is risked
REST = 50  # runs of the loops after one in which code stopped at a number that it cannot do
LARGEST = 20_000  # nodes; the code of more fills the memory

Piece = Callable[..., None]  # changes the lists that it is given


class Pace(NamedTuple):
    """What code costs and saves, measured in runs of the loops."""

    cost: float
    gain: float

    def runs(self, written: int, pieces: int) -> float:
        """The runs that pay for the next piece when some of all pieces are written."""
        return ceil(self.cost / (LOSS * pieces + self.gain * written))


class Pass:
    """A forward or a backward pass in pieces, loops at first. Only memory of earlier runs changes.

    `codes` gives the code of one piece after the other. Code may stop with one of `errors`, where
    the loops know an answer or who is to blame.
    """

    def __init__(
        self,
        loops: Sequence[Piece],
        codes: Iterator[Piece],
        pace: Pace,
        errors: tuple[type[Exception], ...],
    ) -> None:
        self._loops, self._codes, self._pace, self._errors = tuple(loops), codes, pace, errors
        self._pieces = list(loops)
        self._lock = Lock()
        self._resting = 0
        self.written = 0
        self._left = pace.runs(0, len(self._loops)) if loops else inf

    @property
    def whole(self) -> bool:
        """Whether it is code from end to end."""
        return self.written == len(self._loops)

    def run(self, begin: Callable[[], tuple[Any, ...]]) -> tuple[Any, ...]:
        """The lists that a pass begins with, after it."""
        lists = begin()
        if self._resting:
            self._resting -= 1
            return self._by_loops(lists)
        try:
            for piece in self._pieces:
                piece(*lists)
        except self._errors:
            self._resting = REST
            return self._by_loops(begin())
        self._left -= 1
        if self._left <= 0:
            self._write()
        return lists

    def _by_loops(self, lists: tuple[Any, ...]) -> tuple[Any, ...]:
        for loop in self._loops:
            loop(*lists)
        return lists

    def _write(self) -> None:
        """Replace the next loop by its code."""
        if not self._lock.acquire(blocking=False):
            return  # another thread is at it
        try:
            code = next(self._codes, None)
            if code is None:
                self._left = inf
                return
            self._pieces[self.written] = code
            self.written += 1
            self._left = self._pace.runs(self.written, len(self._loops))
        finally:
            self._lock.release()


@dataclass(frozen=True)
class Passes:
    """The passes of an engine, by the nodes that are wanted back; forward is that of None.

    An engine that does not pay runs by loops for ever.
    """

    pays: bool
    pace: Pace
    errors: tuple[type[Exception], ...]
    made: dict[frozenset[int] | None, Pass] = field(default_factory=dict)

    def parts(self, nodes: int, items: Sequence[Item], of: Callable[[Item], int]) -> Parts[Item]:
        """What a pass runs, by the piece that its nodes are in; in one where none is written."""
        return by_piece(nodes, items, of) if self.pays else {range(nodes): items}

    def make(
        self, wanted: frozenset[int] | None, loops: Sequence[Piece], codes: Iterator[Piece]
    ) -> Pass:
        """A pass that is run for the first time."""
        made = Pass(loops, codes if self.pays else iter(()), self.pace, self.errors)
        return self.made.setdefault(wanted, made)
