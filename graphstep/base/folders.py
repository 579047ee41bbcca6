"""Files that a document names, beside it, and perhaps nowhere else."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

from .errors import InputError, readable


def file_in(folder: Path, name: str, within: Path | None = None) -> Path:
    """The path of a file that is named relative to a folder.

    Raises InputError for one that is not really in the folder `within` or below it: because of an
    absolute name, of `..`, or of a link that leads out. A name that means another computer or
    drive, on any system, is refused before it is looked at, since looking would already ask there.
    """
    path = folder / name
    if within is None:
        return path
    if PureWindowsPath(name).anchor:
        raise InputError("outside_folder", path=name)
    with readable(name):
        inside = path.resolve().is_relative_to(within.resolve())
    if not inside:
        raise InputError("outside_folder", path=name)
    return path
