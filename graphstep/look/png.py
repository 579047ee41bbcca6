"""SVG to PNG, with no fonts but those in graphstep. The only module that runs resvg."""

from __future__ import annotations

import os
from functools import cache

from .fonts import TEXT, folder


def png(svg: str, scale: float = 1.0, background: str = "") -> bytes:
    """A PNG of an SVG document, with `scale` pixels for each of its units (points).

    `background` is a colour as CSS text; without one the picture is transparent. Raises
    ImportError without resvg, and ValueError for a text that is not SVG.
    """
    from resvg_py import svg_to_bytes

    made: bytes = svg_to_bytes(
        svg_string=svg, background=background or None, zoom=scale, dpi=72, skip_system_fonts=True,
        font_files=_files(), font_family=TEXT, sans_serif_family=TEXT,
    )  # fmt: skip
    return made


@cache
def _files() -> list[str]:
    return sorted(os.fspath(path) for path in folder().glob("*.ttf"))
