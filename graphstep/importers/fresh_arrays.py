"""Arrays that a traced function makes, such as np.zeros(3): traced values can be written in them.

While a function is traced, these functions of the module numpy are others; they do the same, but
where the user's code calls them, the array is one of the journal.
"""

from __future__ import annotations

import dis
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, wraps
from itertools import islice
from types import CodeType, MappingProxyType
from typing import Any

from ..verification.places import is_library
from .composed_functions import joined_as_columns, joined_in_a_row
from .known import has_traced, unwrapped
from .refusals import no_form

MAKERS = (
    "zeros", "ones", "empty", "full", "zeros_like", "ones_like", "empty_like", "full_like", "array",
    "asarray", "asanyarray", "ascontiguousarray", "copy", "arange", "linspace", "eye", "identity",
    "tri",
)  # fmt: skip
"""The functions that make arrays."""

OF_LISTS = (
    "sum", "mean", "prod", "max", "amax", "min", "amin", "var", "std", "cumsum", "dot", "outer",
    "argmax", "argmin", "sort", "argsort", "median", "any", "all",
)  # fmt: skip
"""Functions that also take lists of numbers, which here become arrays first."""

JOINERS: Mapping[str, Callable[[Sequence[Any]], Any]] = MappingProxyType(
    {"r_": joined_in_a_row, "c_": joined_as_columns}
)
"""NumPy's objects that join what stands in their index."""

_LOCK = threading.RLock()
_HERE = threading.local()


@contextmanager
def recorded_arrays(journal: Any) -> Iterator[None]:
    """Make the arrays of the user's code in this thread those of a journal."""
    import numpy as np

    with _LOCK:
        outer = getattr(_HERE, "journal", None)
        before = {name: getattr(np, name) for name in (*MAKERS, *OF_LISTS, *JOINERS)}
        _HERE.journal = journal
        try:
            for name, maker in before.items():
                setattr(np, name, _Joiner(maker, name) if name in JOINERS else _recorded(maker))
            yield
        finally:
            _HERE.journal = outer
            for name, maker in before.items():
                setattr(np, name, maker)


class _Joiner:
    """np.r_ or np.c_ in the user's code, where what stands in its index may be traced."""

    def __init__(self, plain: Any, name: str) -> None:
        self._plain, self._name = plain, name

    def __getitem__(self, key: Any) -> Any:
        journal, items = getattr(_HERE, "journal", None), key if isinstance(key, tuple) else (key,)
        if not has_traced(items):
            found = self._plain[unwrapped(key)]
            if journal is None or is_library(sys._getframe(1).f_code):
                return found
            return journal.wrapped(found)
        try:
            return JOINERS[self._name](items)
        except (TypeError, ValueError) as error:
            raise no_form(f"np.{self._name}", items, {}) from error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plain, name)


def _recorded(maker: Callable[..., Any]) -> Callable[..., Any]:
    """A maker of arrays that are the journal's where the user's code calls it."""

    @wraps(maker)
    def make(*args: Any, **named: Any) -> Any:
        journal, caller = getattr(_HERE, "journal", None), sys._getframe(1)
        if journal is None or not _is_called(maker.__name__, caller.f_code, caller.f_lasti):
            return maker(*args, **named)
        if maker.__name__ in OF_LISTS:
            return maker(*map(journal.joined, args), **named)
        if has_traced(args):
            return journal.array_of(maker, args, named)
        given, settings = unwrapped(args), unwrapped(named)
        return journal.wrapped(maker(*given, **settings), args)

    return make


@lru_cache(maxsize=4096)
def _is_called(name: str, code: CodeType, at: int) -> bool:
    """Whether the user's code calls this function here, and not one that calls it in turn."""
    if is_library(code):
        return False
    call = next(islice(code.co_positions(), at // 2, None))
    if None in call:
        return True  # Python was told to keep no places
    called = [i for i in dis.get_instructions(code) if _begins(call, i.positions)]
    return bool(called) and max(called, key=_end).argval == name


def _begins(call: Any, positions: Any) -> bool:
    """Whether an instruction belongs to the beginning of a call, before its arguments."""
    if positions is None or None in positions:
        return False
    (line, last, start, end), own = call, (positions[1], positions[3])
    return (positions[0], positions[2]) == (line, start) and own < (last, end)


def _end(instruction: dis.Instruction) -> tuple[Any, Any]:
    positions = instruction.positions
    assert positions is not None
    return positions.end_lineno, positions.end_col_offset
