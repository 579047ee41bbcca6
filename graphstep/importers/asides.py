"""What a function works out beside its result, such as an accuracy, or a number that it prints.

There is no gate for it, so it stays plain. The function runs again with other numbers in its place:
if the graph then is another one, the result depends on it, and that is an error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from types import MappingProxyType
from typing import Any

from ..verification.places import is_storing
from .parameters import WholeNumbers

MOVES: tuple[Callable[[Any, Any], Any], ...] = (
    lambda x, rng: x + rng.uniform(1e6, 2e6, x.shape),
    lambda x, rng: x - rng.uniform(1e6, 2e6, x.shape),
    lambda x, _: x * 0.0,
    lambda x, rng: x * rng.uniform(1.5, 3, x.shape) + 0.01,
    lambda x, rng: x * rng.uniform(0.1, 0.7, x.shape),
    *(lambda x, rng: 3 * rng.normal(size=x.shape) * (1 + abs(x)),) * 4,
)
"""Other numbers in the place of some: much larger and smaller, 0, of the same sign, and drawn."""

CONSTANT = (1, 0)
"""The first of the moves of whole numbers give all of them one value: the largest and 1, and 0."""

NEEDED = 2
"""How many of the runs with other numbers must end without an error of the function."""


class TooManyError(Exception):
    """More left the graph than at first: how often it does depends on what left it."""


@dataclass
class Asides:
    """What has left the graph in one run of a function, by its number."""

    refused: int | None = None
    """The number of the one that is an error; 0 allows none."""
    moved: int = 0
    """How many of the first ones get other numbers."""
    move: int = 0
    """Which other numbers."""
    most: float = float("inf")
    met: int = 0
    """How many have left so far."""
    error: BaseException | None = None
    """The error of the one that is refused."""
    over: bool = False
    """Whether the function has returned: what it has kept is of no other run."""

    def left(
        self, error: BaseException, function: Callable[..., Any], values: Sequence[Any],
        others: Sequence[Any] = (), named: Mapping[str, Any] = MappingProxyType({}),
    ) -> Any:  # fmt: skip
        """What a function gives for plain values. Raises the error if that is not allowed.

        `others` and `named` are arguments that were not traced.

        Into arrays from outside nothing is written, which would stay there.
        """
        if self.over:
            raise error
        number, self.met = self.met, self.met + 1
        if number == self.refused or is_storing(sys._getframe()):
            self.error = error
            raise error
        if self.met > self.most:
            raise TooManyError
        given = map(self._moved, values) if number < self.moved else values
        return function(*given, *others, **named)

    def _moved(self, plain: Any) -> Any:
        """Other numbers in the place of these; the same each time."""
        import numpy as np

        rng = np.random.default_rng((self.move, self.met))
        if isinstance(plain, list | tuple):
            return type(plain)(map(self._moved, plain))
        old = np.asarray(plain)
        if old.dtype.kind not in "fiub" or not old.size:
            return plain
        is_float = old.dtype.kind == "f"
        new = MOVES[self.move](old, rng) if is_float else _whole(old, rng, self.move)
        return new.astype(old.dtype) if hasattr(plain, "dtype") and old.shape else new.item()


def _whole(old: Any, rng: Any, move: int) -> Any:
    """Other whole numbers, or truth values: all larger, all 0, or about as large."""
    if move < len(CONSTANT):
        return old * 0 + CONSTANT[move] * (int(old.max()) + 1)
    return rng.integers(int(old.min()) // 2, int(old.max()) + 2, old.shape)


def culprit(count: int, recorded: Callable[[Asides], Any], found: Any) -> int | None:
    """The number of the first aside on which a recording depends; None if there is none.

    `recorded` makes the recording again, and `found` is the first one. Where it is another one
    without other numbers, too, there is chance in it, which is found when it is compared.
    """
    if _changes(Asides(), recorded, found):
        return None
    ended = 0
    for move in range(len(MOVES)):
        changed = _changes(Asides(moved=count, move=move, most=count), recorded, found)
        if changed:
            return _first(count, move, recorded, found)
        ended += changed is not None
    return None if ended >= NEEDED else count - 1


def _first(count: int, move: int, recorded: Callable[[Asides], Any], found: Any) -> int:
    """The number of the first aside with which the recording changes, by halving."""
    low, high = 0, count
    while high - low > 1:
        middle = (low + high) // 2
        if _changes(Asides(moved=middle, move=move, most=count), recorded, found):
            high = middle
        else:
            low = middle
    return low


def _changes(asides: Asides, recorded: Callable[[Asides], Any], found: Any) -> bool | None:
    """Whether a recording is another one; None if the function fails on these numbers."""
    with redirect_stdout(StringIO()):
        try:
            return bool(recorded(asides) != found)
        except (TooManyError, WholeNumbers):
            return True
        except Exception:  # whatever the function raises
            return None
