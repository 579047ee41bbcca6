"""Writing files as `cp` does, but whole or not at all: to a new file first, then renamed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from errno import EACCES, EFBIG, EINVAL, EISDIR, ENOTDIR
from pathlib import Path
from secrets import token_hex
from stat import S_IMODE, S_ISDIR, S_ISREG
from typing import BinaryIO

from .errors import OutputError, reason


def read(path: str | os.PathLike[str], most: int, streams: bool = False) -> bytes:
    """The bytes of a file. Raises OSError; EFBIG for more than `most`, EINVAL for no plain file.

    With `streams`, pipes and devices are read too, up to the same bound.
    """
    if not streams:
        _refuse_stream(path)
    with open(path, "rb") as file:
        old = os.fstat(file.fileno())
        data = file.read(min(most, old.st_size if S_ISREG(old.st_mode) else most) + 1)
    if len(data) > most:
        raise OSError(EFBIG, os.strerror(EFBIG))
    return data


def _refuse_stream(path: str | os.PathLike[str]) -> None:
    """Raise OSError for pipes and devices before they are opened, which could take for ever."""
    mode = os.stat(path).st_mode
    if not S_ISREG(mode) and not S_ISDIR(mode):
        raise OSError(EINVAL, "a pipe or a device, not a file")


def read_text(path: str | os.PathLike[str], most: int) -> str:
    """The UTF-8 text of a file, a pipe or a device of at most `most` bytes, with plain newlines.

    Raises OSError as `read` does, and UnicodeDecodeError.
    """
    text = read(path, most, streams=True).decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def write(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Write a text (UTF-8) or bytes to a path and return it; make missing folders.

    Characters that UTF-8 cannot encode are written as escapes. The old file stays whole until the
    new one is complete, and its permissions and owner stay. A symbolic link is followed; a pipe or
    a device is written to. Raises OutputError where the path cannot be written, as for a file
    without permission to write.
    """
    return write_all([(path, content)])[0]


def write_all(files: Iterable[tuple[str | os.PathLike[str], str | bytes]]) -> list[Path]:
    """Write several files as `write` does, and none before all of them are complete."""
    with ExitStack() as stack:
        given = [(Path(path), content) for path, content in files]
        finish = [_prepared(target, _encoded(content), stack) for target, content in given]
        for (target, _), put in zip(given, finish, strict=True):
            with _as_output_error(target):
                put()
    return [target for target, _ in given]


def check_writable(path: str | os.PathLike[str]) -> None:
    """Raise OutputError for a path that cannot be written, before the work of making its content.

    Nothing is written, so not every error of `write` can be foreseen.
    """
    target = Path(path)
    with _as_output_error(target):
        old = _old(target)
        if _is_stream(target, old):
            return
        place = _place(target)
        folder = next(parent for parent in place.parents if parent.exists())
        if not folder.is_dir():
            raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR))
        _require(folder, os.W_OK | os.X_OK)


def _prepared(target: Path, data: bytes, stack: ExitStack) -> Callable[[], object]:
    """What puts the data into their place, once the stack holds them in a file beside it."""
    with _as_output_error(target):
        old = _old(target)
        if _is_stream(target, old):
            return lambda: _write_into(target, data)
        place = _place(target)
        _make_folder(place.parent)
        return stack.enter_context(_beside(place, data, old))


def _old(target: Path) -> os.stat_result | None:
    """What is there, at the end of symbolic links. Raises OSError if it cannot be written."""
    try:
        old = target.stat()
    except FileNotFoundError:
        return None
    except NotADirectoryError as error:
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR)) from error
    if S_ISDIR(old.st_mode):
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
    _require(target, os.W_OK)
    return old


def _require(path: Path, mode: int) -> None:
    if not os.access(path, mode, effective_ids=os.access in os.supports_effective_ids):
        raise PermissionError(EACCES, os.strerror(EACCES))


def _place(target: Path) -> Path:
    """Where the file itself is, or will be: the end of symbolic links."""
    return Path(os.path.realpath(target))


def _is_stream(target: Path, old: os.stat_result | None) -> bool:
    """Whether what is there cannot be replaced: a pipe, a device, an open file without a name."""
    if old is None:
        return False
    place = _place(target)
    return not (S_ISREG(old.st_mode) and place.exists() and os.path.samestat(place.stat(), old))


def _write_into(target: Path, data: bytes) -> None:
    with open(target, "wb") as file:
        file.write(data)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:  # there is a file of that name
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR)) from error


@contextmanager
def _beside(place: Path, data: bytes, old: os.stat_result | None) -> Iterator[Callable[[], None]]:
    """What renames a new file, beside a place, to it; the file is removed if that is not done.

    Where the system can, the file has no name before it is complete: a kill leaves no piece of it.
    One that replaces none has its own name at once. Others have another name for an instant, since
    no system gives a name that is taken to an open file.
    """
    beside = place.parent / f".graphstep-{token_hex(4)}"
    with ExitStack() as stack:
        stack.callback(_remove, beside)
        try:
            file = stack.enter_context(_nameless(place.parent))
            _fill(file, data, old)
        except OSError:  # a system or a folder without such files, or a full one
            file = None
            _create(beside, data, old)

        def put() -> None:
            if file and old is None and _linked(file, place):
                return
            if file and not _linked(file, beside):
                _create(beside, data, old)
            os.replace(beside, place)

        yield put


def _nameless(folder: Path) -> BinaryIO:
    flag = getattr(os, "O_TMPFILE", 0)
    if not flag:
        raise OSError
    return os.fdopen(os.open(folder, flag | os.O_WRONLY, 0o666), "wb")


def _linked(file: BinaryIO, path: Path) -> bool:
    """Whether an open file could be given a name: it must be free, and the system be able to."""
    with suppress(OSError):
        # with a folder to start from, the link to the open file is followed
        os.link(f"/proc/self/fd/{file.fileno()}", path, src_dir_fd=file.fileno())
        return True
    return False


def _create(path: Path, data: bytes, old: os.stat_result | None) -> None:
    with open(path, "xb") as file:
        _fill(file, data, old)


def _fill(file: BinaryIO, data: bytes, old: os.stat_result | None) -> None:
    """Write data into an open file, which gets the permissions and the owner of an old one."""
    file.write(data)
    file.flush()
    if old is not None and hasattr(os, "fchown"):
        for owner in ((old.st_uid, old.st_gid), (-1, old.st_gid)):
            with suppress(OSError):  # only root gives files away
                os.fchown(file.fileno(), *owner)
                break
        os.fchmod(file.fileno(), S_IMODE(old.st_mode) & 0o777)


def _remove(path: Path) -> None:
    with suppress(OSError, ValueError):
        path.unlink(missing_ok=True)


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
