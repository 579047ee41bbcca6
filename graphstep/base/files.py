"""Safe writing of files: to a new file beside the target first, then renamed over it."""

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
    """Write a text (UTF-8) or bytes to a path and return it; make missing folders.

    Characters that UTF-8 cannot encode are written as escapes. The old file stays whole until the
    new one is complete. Raises OutputError where the path cannot be written.
    """
    return write_all([(path, content)])[0]


def write_all(files: Iterable[tuple[str | os.PathLike[str], str | bytes]]) -> list[Path]:
    """Write several files as `write` does, and none before all of them are complete."""
    with ExitStack() as stack:
        made = [stack.enter_context(_beside(Path(path), content)) for path, content in files]
        for target, beside in made:
            with _as_output_error(target):
                os.replace(beside, target)
    return [target for target, _ in made]


def check_writable(path: str | os.PathLike[str]) -> None:
    """Raise OutputError for a path that cannot be written, before the work of making its content.

    Nothing is written, so not every error of `write` can be foreseen.
    """
    target = Path(path)
    with _as_output_error(target):
        _refuse_folder(target)
        with suppress(FileNotFoundError, NotADirectoryError):
            target.lstat()  # raises for names that no file can have
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
    except FileExistsError as error:  # there is a file of that name
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR)) from error


@contextmanager
def _beside(target: Path, content: str | bytes) -> Iterator[tuple[Path, Path]]:
    """A target and a new file beside it with the content, which is removed at the end."""
    beside = target.parent / f".{target.name}.{token_hex(4)}"
    try:
        with _as_output_error(target):
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
def _as_output_error(target: Path) -> Iterator[None]:
    """Raise what the system refuses as an OutputError that names the path."""
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        path = ascii(str(target))[1:-1]
        raise OutputError("cannot_write", path=path, reason=reason(error)) from error


def _encoded(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")


@contextmanager
def _created(path: Path, mode: int) -> Iterator[BinaryIO]:
    """A new file, open for writing."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        yield file
