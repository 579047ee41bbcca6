"""Writing files so that nothing is lost: beside the target first, then renamed over it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EISDIR
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from .errors import OutputError, reason


def write(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Write a text (UTF-8) or bytes to a path and return it; missing directories are made.

    What of a text UTF-8 cannot carry is written as an escape.
    The old file stays whole until the new one is complete. Raises OutputError where the place
    cannot be written.
    """
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666
        beside = target.with_name(f".{target.name}.{token_hex(4)}")
        with _created(beside, mode) as file:
            file.write(_encoded(content))
        os.replace(beside, target)
    except (OSError, ValueError) as error:  # ValueError: a path with a zero character
        path = ascii(str(target))[1:-1]
        raise OutputError("cannot_write", path=path, reason=reason(error)) from error
    finally:
        with suppress(OSError, ValueError, NameError):
            beside.unlink(missing_ok=True)
    return target


def _encoded(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")


@contextmanager
def _created(path: Path, mode: int) -> Iterator[BinaryIO]:
    """A new file open for writing."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        yield file
