"""Writing files so that nothing is lost: beside the target first, then renamed over it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from errno import EACCES, EISDIR, ENOTDIR
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
    return write_all([(path, content)])[0]


def write_all(files: Iterable[tuple[str | os.PathLike[str], str | bytes]]) -> list[Path]:
    """Write several files as `write` does, and none before all of them are complete."""
    with ExitStack() as stack:
        made = [stack.enter_context(_beside(Path(path), content)) for path, content in files]
        for target, beside in made:
            with _told(target):
                os.replace(beside, target)
    return [target for target, _ in made]


def check(path: str | os.PathLike[str]) -> None:
    """Refuse a place that cannot be written, before the work that is to be written there.

    Nothing is made. Raises OutputError as `write` does, as far as it can be told beforehand.
    """
    target = Path(path)
    with _told(target):
        _refuse_folder(target)
        with suppress(FileNotFoundError, NotADirectoryError):
            target.lstat()  # which refuses names that cannot be
        folder = next(parent for parent in target.absolute().parents if parent.exists())
        if not folder.is_dir():
            raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR))
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(EACCES, os.strerror(EACCES))


def _refuse_folder(target: Path) -> None:
    if target.is_dir():
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:  # a file stands there
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR)) from error


@contextmanager
def _beside(target: Path, content: str | bytes) -> Iterator[tuple[Path, Path]]:
    """A target and, beside it, a new file with the content, which is gone in the end."""
    beside = target.parent / f".{target.name}.{token_hex(4)}"
    try:
        with _told(target):
            _make_folder(target.parent)
            _refuse_folder(target)
            mode = target.stat().st_mode & 0o777 if target.exists() else 0o666
            with _created(beside, mode) as file:
                file.write(_encoded(content))
        yield target, beside
    finally:
        with suppress(OSError, ValueError):
            beside.unlink(missing_ok=True)


@contextmanager
def _told(target: Path) -> Iterator[None]:
    """What the system refuses, as an error that tells the path."""
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a path with a zero character
        path = ascii(str(target))[1:-1]
        raise OutputError("cannot_write", path=path, reason=reason(error)) from error


def _encoded(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")


@contextmanager
def _created(path: Path, mode: int) -> Iterator[BinaryIO]:
    """A new file open for writing."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        yield file
