"""Places in the text of a traced function, for errors."""

from __future__ import annotations

import linecache
from dis import opmap
from itertools import islice
from pathlib import Path
from sysconfig import get_path
from types import CodeType, FrameType, TracebackType
from typing import Any

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
    if entry is None:
        return
    code, scope = entry.tb_frame.f_code, entry.tb_frame.f_globals
    first, last, start, end = next(islice(code.co_positions(), entry.tb_lasti // 2, None))
    if first is not None and last is not None and start is not None and end is not None:
        _move(error, code, scope, (first, start), (last, end))


def stores_an_item(error: Exception) -> bool:
    """Whether an error was raised where the user's code writes x[i] = y."""
    entry = _last_of_the_user(error.__traceback__)
    return entry is not None and _is_store(entry.tb_frame.f_code, entry.tb_lasti)


def is_storing(frame: FrameType | None) -> bool:
    """Whether the user's code, from which a frame was reached, writes x[i] = y."""
    while frame is not None and is_library(frame.f_code):
        frame = frame.f_back
    return frame is not None and _is_store(frame.f_code, frame.f_lasti)


def _is_store(code: CodeType, at: int) -> bool:
    return code.co_code[at] == opmap["STORE_SUBSCR"]


def locate_line(error: GraphstepError, code: CodeType, line: int, scope: dict[str, Any]) -> None:
    """Give an error the place of a line, if the code has a text; `scope` has its global names."""
    text = linecache.getline(code.co_filename, line, scope)
    if text.strip():
        start = len(text) - len(text.lstrip())
        places = [len(text[:end].encode()) for end in (start, len(text.rstrip()))]
        _move(error, code, scope, (line, places[0]), (line, places[1]))


def _move(
    error: GraphstepError, code: CodeType, scope: dict[str, Any],
    start: tuple[int, int], end: tuple[int, int],
) -> None:  # fmt: skip
    """Move an error to a part of the code's text, from one line and byte to another."""
    lines = linecache.getlines(code.co_filename, scope)
    if start[0] > len(lines):
        return
    at = _offset(lines, *start)
    path = Path(code.co_filename)
    span = Span(at, max(_offset(lines, *end), at + 1))
    error.moved("".join(lines), span, path.name if path.is_file() else "")


def is_library(code: CodeType) -> bool:
    """Whether code is not the user's."""
    return code.co_filename.startswith(LIBRARIES)


def _last_of_the_user(traceback: TracebackType | None) -> TracebackType | None:
    """The innermost entry that is the user's own code."""
    found = None
    while traceback is not None:
        if not is_library(traceback.tb_frame.f_code):
            found = traceback
        traceback = traceback.tb_next
    return found


def _offset(lines: list[str], line: int, byte: int) -> int:
    """The offset of a place in the whole text, from its line and its byte in the line."""
    before = sum(map(len, lines[: line - 1]))
    return before + len(lines[line - 1].encode()[:byte].decode(errors="ignore"))
