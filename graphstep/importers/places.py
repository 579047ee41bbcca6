"""The place of an error in the function that is traced."""

from __future__ import annotations

import linecache
from itertools import islice
from pathlib import Path
from sysconfig import get_path
from types import TracebackType

from ..base.errors import GraphstepError, Span

LIBRARIES = tuple(
    {
        str(Path(__file__).parent.parent),
        "<frozen ",
        *map(get_path, ("stdlib", "platlib", "purelib")),
    }
)
"""Where code that is not the user's stands: graphstep's own, Python's, and what is installed."""


def locate(error: GraphstepError) -> None:
    """Give an error the place in the user's code from which it was raised, if that has a text."""
    if error.span is not None:
        return
    entry = _last_of_the_user(error.__traceback__)
    found = entry and _lines(entry)
    if entry is None or not found:
        return
    code, source = entry.tb_frame.f_code, "".join(found)
    first, last, start, end = next(islice(code.co_positions(), entry.tb_lasti // 2, None))
    if first is None or last is None or start is None or end is None or first > len(found):
        return
    at = _offset(found, first, start)
    span = Span(at, max(_offset(found, last, end), at + 1))
    path = Path(code.co_filename)
    error.moved(source, span, path.name if path.is_file() else "")


def _last_of_the_user(traceback: TracebackType | None) -> TracebackType | None:
    """The innermost entry that is the user's own code."""
    found = None
    while traceback is not None:
        if not traceback.tb_frame.f_code.co_filename.startswith(LIBRARIES):
            found = traceback
        traceback = traceback.tb_next
    return found


def _lines(entry: TracebackType) -> list[str]:
    frame = entry.tb_frame
    return linecache.getlines(frame.f_code.co_filename, frame.f_globals)


def _offset(lines: list[str], line: int, byte: int) -> int:
    """The offset of a place in the whole text, from its line and its byte in the line."""
    before = sum(map(len, lines[: line - 1]))
    return before + len(lines[line - 1].encode()[:byte].decode(errors="ignore"))
