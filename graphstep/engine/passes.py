"""When loops become code: as soon as earlier runs have paid for it, so that no program gets slower.

Code is faster than the loops, but takes long to write and compile, and nobody knows how many runs
are still to come. So it is written a piece at a time: each run saves up LOSS of the loops' time and
all the time that the code written so far has gained, and a piece is written once that is enough.
Whenever the runs end, together they took at most 1 + LOSS of the time of loops alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil, inf
from threading import Lock
from typing import Any, NamedTuple

from .instructions import Instruction, Parts, by_piece

LOSS = 0.03  # of the loops' time: the most that is risked
REST = 50  # runs by loops after one in which code stopped at a number it cannot compute
MOST_NODES = 20_000  # the code of more takes too much memory

PassPiece = Callable[..., None]  # changes the lists that it gets


class Pace(NamedTuple):
    """The cost and the gain of code, measured in runs of the loops."""

    cost: float
    gain: float

    def runs(self, written: int, pieces: int) -> float:
        """The number of runs that pay for the next piece when `written` of all pieces are code."""
        return ceil(self.cost / (LOSS * pieces + self.gain * written))


class Pass:
    """A forward or backward pass in pieces, which are loops at first and become code.

    `codes` yields the code of one piece after another. Code may stop with one of `errors`; then the
    loops run instead, which find an answer, or the node to blame.
    """

    def __init__(
        self,
        loops: Sequence[PassPiece],
        codes: Iterator[PassPiece],
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
        """Whether all of it is code."""
        return self.written == len(self._loops)

    def run(self, begin: Callable[[], tuple[Any, ...]]) -> tuple[Any, ...]:
        """Run the pass on the lists that `begin` makes, and return them."""
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
            return  # another thread is writing
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
    """The passes of an engine, by the nodes whose gradients are wanted; None is the forward pass.

    Where code never `pays`, the passes stay loops.
    """

    pays: bool
    pace: Pace
    errors: tuple[type[Exception], ...]
    made: dict[frozenset[int] | None, Pass] = field(default_factory=dict)

    def parts(
        self, nodes: int, instructions: Sequence[Instruction], of: Callable[[Instruction], int]
    ) -> Parts[Instruction]:
        """The instructions of a pass by piece; all in one piece where code never pays."""
        return by_piece(nodes, instructions, of) if self.pays else {range(nodes): instructions}

    def make(
        self, wanted: frozenset[int] | None, loops: Sequence[PassPiece], codes: Iterator[PassPiece]
    ) -> Pass:
        """Make a pass that runs for the first time."""
        made = Pass(loops, codes if self.pays else iter(()), self.pace, self.errors)
        return self.made.setdefault(wanted, made)
