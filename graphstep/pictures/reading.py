"""Pictures of a deck: files that are read whole, and vetted before anything else sees them."""

from __future__ import annotations

import re
from errno import EFBIG
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

from ..base.errors import InputError, readable
from ..base.files import read
from ..slides.deck import Picture
from .raster import FORMATS, check_raster
from .vector import plain_svg

MOST_BYTES = 20_000_000
KNOWN = (*FORMATS, ".svg")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")  # one letter alone is a drive
SHARE = re.compile(r"[/\\]{2}")  # of another computer, which would be asked for it


class Files(Protocol):
    """Where files are found by their names."""

    def find(self, name: str) -> Path:
        """The path of a file. Raises InputError for one that may not be read."""


def read_picture(source: str, alt: str, files: Files) -> Picture:
    """The picture at a path in Markdown. Raises InputError where none can be shown.

    For every output it is the same: pixels that can be decoded, or a plain drawing in SVG.
    """
    return picture_named(unquote(source), alt, files)


def picture_named(name: str, alt: str, files: Files) -> Picture:
    """The picture in a file, as `read_picture` does for a path with escapes."""
    if SCHEME.match(name) or SHARE.match(name):
        raise InputError("picture_address", address=name)
    path = files.find(name)
    suffix = path.suffix.lower()
    if suffix not in KNOWN:
        raise InputError("picture_kind", path=name, known=" ".join(KNOWN))
    try:
        data = _vetted(_read(path, name), suffix)
    except InputError as error:
        error.values.setdefault("path", name)
        raise
    return Picture(data, ".jpg" if suffix == ".jpeg" else suffix, alt)


def _vetted(data: bytes, suffix: str) -> bytes:
    if suffix == ".svg":
        return plain_svg(data)
    check_raster(data, suffix)
    return data


def _read(path: Path, name: str) -> bytes:
    with readable(name):
        try:
            return read(path, MOST_BYTES)
        except OSError as error:
            if error.errno != EFBIG:
                raise
            most = MOST_BYTES // 1_000_000
            raise InputError("picture_large", path=name, most=most) from error
