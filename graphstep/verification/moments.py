"""A run of a Python function followed line by line, with what its local variables hold."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any, NamedTuple

from .places import is_library


class Moment(NamedTuple):
    """The state before a line runs, or when a function returns."""

    code: CodeType
    line: int
    scope: dict[str, Any]
    """The global names of the function, from which its text is found."""
    names: Mapping[str, Any]
    """The local variables. When a function returns, "" is what it returns."""


def follow(
    note: Callable[[Moment], bool], function: Callable[..., Any], *args: Any, **named: Any
) -> Any:
    """Call a function and note every moment of it, and of functions that it calls.

    Where `note` returns False, the function runs on without being followed.
    """
    start, before = sys._getframe(), sys.gettrace()

    def on_line(frame: FrameType, event: str, returned: Any) -> Any:
        if event in ("line", "return"):
            names = dict(frame.f_locals)
            if event == "return":
                names[""] = returned
            moment = Moment(frame.f_code, frame.f_lineno, frame.f_globals, names)
            if not note(moment):
                sys.settrace(before)
                return None
        return on_line

    def on_call(frame: FrameType, _: str, __: Any) -> Any:
        caller = frame.f_back
        followed = caller is start or getattr(caller, "f_trace", None) is on_line
        return on_line if followed and not is_library(frame.f_code) else None

    with _no_collection():
        sys.settrace(on_call)
        try:
            return function(*args, **named)
        finally:
            sys.settrace(before)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from running finalizers, whose lines would be followed too."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
