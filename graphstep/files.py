"""Writing files so that nothing is lost: beside the target first, then renamed over it."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import OutputError


def write(path: str | os.PathLike[str], text: str) -> Path:
    """Write a text (UTF-8) to a path and return the path; missing directories are made.

    The old file stays whole until the new one is complete. Raises OutputError where the place
    cannot be written.
    """
    import tempfile

    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            raise IsADirectoryError(f"{target} is a directory")
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise OutputError("cannot_write", path=str(target), reason=_reason(error)) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(beside, mode)
        os.replace(beside, target)
    except OSError as error:
        raise OutputError("cannot_write", path=str(target), reason=_reason(error)) from error
    finally:
        Path(beside).unlink(missing_ok=True)
    return target


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _umask() -> int:
    """The process's file mask; it can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
