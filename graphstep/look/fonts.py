"""The fonts that graphstep contains, so that every machine typesets the same."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path

from ..base import package_files

TEXT, CODE, MATHEMATICS = "DejaVu Sans", "DejaVu Sans Mono", "STIX Two Math"  # families


@cache
def folder() -> Path:
    """The folder of the font files."""
    return Path(package_files.path(__file__, "data", "fonts"))


@cache
def mathematics() -> str:
    """The font of formulas in a page: WOFF2 in base64."""
    return b64encode(folder().joinpath("STIXTwoMath.woff2").read_bytes()).decode("ascii")
