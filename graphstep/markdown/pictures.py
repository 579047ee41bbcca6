"""Pictures of a deck: files that are read whole, and checked before they are used."""

from __future__ import annotations

import os
from errno import EINVAL
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from ..base.errors import InputError, reason
from ..figure.deck import Picture
from .source_places import Files

MOST_BYTES = 20_000_000
PILLOW_FORMATS = MappingProxyType({".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF",
                          ".svg": ""})  # fmt: skip
"""File endings, with the name of their format in Pillow; SVG has none."""


def read_picture(source: str, alt: str, files: Files) -> Picture:
    """The picture at a path in Markdown. Raises InputError where none can be shown."""
    name = unquote(source)
    if len(urlsplit(source).scheme) > 1:  # one letter: a drive
        raise InputError("picture_address", address=name)
    path = files.find(name)
    suffix = path.suffix.lower()
    if suffix not in PILLOW_FORMATS:
        raise InputError("picture_kind", path=name, known=" ".join(PILLOW_FORMATS))
    data = _read(path, name)
    why = _wrong(data, PILLOW_FORMATS[suffix])
    if why:
        raise InputError("picture_broken", path=name, reason=why)
    return Picture(data, ".jpg" if suffix == ".jpeg" else suffix, alt)


def _read(path: Path, name: str) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise OSError(EINVAL, os.strerror(EINVAL))  # reading a pipe could take forever
        if path.stat().st_size > MOST_BYTES:
            raise InputError("picture_large", path=name, most=MOST_BYTES // 1_000_000)
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise InputError("cannot_read", path=name, reason=reason(error)) from error


def _wrong(data: bytes, kind: str) -> str:
    """What is wrong with a file that should be a picture; empty if nothing."""
    try:
        return _raster(data, kind) if kind else _vector(data)
    except Exception as error:  # decoders raise anything for broken files
        return reason(error)


def _raster(data: bytes, kind: str) -> str:
    import warnings

    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("error")  # for a decompression bomb Pillow only warns
        Image.open(BytesIO(data), formats=(kind,)).verify()
    return ""


def _vector(data: bytes) -> str:
    from xml.etree import ElementTree

    tag = ElementTree.fromstring(data).tag
    return "" if tag.rpartition("}")[2] == "svg" else f"<{tag}>"
