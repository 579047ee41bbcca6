"""The fonts that graphstep contains, so that every machine typesets the same."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path
from struct import unpack_from
from unicodedata import category

from ..base import package_files

TEXT, CODE, MATHEMATICS = "DejaVu Sans", "DejaVu Sans Mono", "STIX Two Math"  # families


@cache
def folder() -> Path:
    """The folder of the font files."""
    return Path(package_files.path(__file__, "data", "fonts"))


def not_drawn(text: str) -> str:
    """The letters and symbols of a text that no font here has, each once.

    >>> not_drawn("x → 中 中 ✓ 🚀")
    '中🚀'
    """
    shown = (char for char in dict.fromkeys(text) if category(char) in DRAWN)
    return "".join(char for char in shown if not any(ord(char) in each for each in _characters()))


DRAWN = ("Lo", "Ll", "Lu", "So")
"""Kinds of characters that are looked for: letters and symbols."""


@cache
def _characters() -> tuple[frozenset[int], ...]:
    """The characters of each font file."""
    return tuple(_listed(path.read_bytes()) for path in sorted(folder().glob("*.[to]tf")))


def _listed(font: bytes) -> frozenset[int]:
    """The characters of a font, from the format 12 of its table `cmap` (OpenType, 5.1)."""
    tables = {font[at : at + 4]: unpack_from(">I", font, at + 8)[0]
              for at in range(12, 12 + 16 * unpack_from(">H", font, 4)[0], 16)}  # fmt: skip
    start, found = tables[b"cmap"], set[int]()
    for k in range(unpack_from(">H", font, start + 2)[0]):
        at = start + unpack_from(">I", font, start + 4 + 8 * k + 4)[0]
        if unpack_from(">H", font, at)[0] == 12:
            for group in range(unpack_from(">I", font, at + 12)[0]):
                first, last = unpack_from(">II", font, at + 16 + 12 * group)
                found.update(range(first, last + 1))
    return frozenset(found)


@cache
def mathematics() -> str:
    """The font of formulas in a page: WOFF2 in base64."""
    return b64encode(folder().joinpath("STIXTwoMath.woff2").read_bytes()).decode("ascii")
