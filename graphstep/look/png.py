"""PNG: of SVG, with no fonts but those in graphstep, and small. The only module that runs resvg."""

from __future__ import annotations

import os
import re
from functools import cache
from io import BytesIO
from math import sqrt

from ..base.errors import OutputError
from .fonts import TEXT, folder

MOST_SIDE, MOST_PIXELS = 65_535, 64_000_000  # what a GIF can hold; a quarter of a GB while drawn
SIZE = re.compile(r'<svg\b[^>]*?\swidth="([\d.e+]+)" height="([\d.e+]+)"')
USUAL = 2.0  # pixels for each unit, where SVG cannot be shown
LARGEST = (1920.0, 1080.0)  # pixels: a slide at the usual scale


def png(svg: str, scale: float = 1.0, background: str = "") -> bytes:
    """A PNG of an SVG document, with `scale` pixels for each of its units (points).

    A large picture has fewer, see `fitting`. `background` is a colour as CSS text; without one the
    picture is transparent. Raises ImportError without resvg, OutputError for a picture that is too
    large, and ValueError for a text that is not SVG.
    """
    from resvg_py import svg_to_bytes

    size = SIZE.match(svg)
    made: bytes = svg_to_bytes(
        svg_string=svg, background=background or None, dpi=72, skip_system_fonts=True,
        zoom=fitting(float(size[1]), float(size[2]), scale) if size else scale,
        font_files=_files(), font_family=TEXT, sans_serif_family=TEXT,
    )  # fmt: skip
    return made


def fitting(wide: float, high: float, scale: float) -> float:
    """Pixels for a unit of a picture of a size: `scale`, or fewer where memory would not do.

    Raises OutputError where that would be less than one, so that texts could not be read.

    >>> fitting(500.0, 300.0, 2.0), fitting(40_000.0, 300.0, 2.0)
    (2.0, 1.63835)
    """
    fits = min(scale, (MOST_SIDE - 1) / max(wide, high), sqrt(MOST_PIXELS / (wide * high)))
    if fits < min(scale, 1.0):
        raise OutputError("picture_too_large", wide=round(wide), high=round(high),
                          side=MOST_SIDE, most=MOST_PIXELS // 1_000_000)  # fmt: skip
    return fits


def fitting_png(svg: bytes) -> tuple[bytes, float]:
    """A PNG of a whole document that is no larger than a slide needs, and the scale it has."""
    wide, high = _size(svg)
    scale = min(USUAL, LARGEST[0] / wide, LARGEST[1] / high)
    return png(svg.decode("utf-8", "replace"), scale), scale


def _size(svg: bytes) -> tuple[float, float]:
    """Width and height in pixels as the document states them; 1 where it does not."""
    from xml.etree import ElementTree

    _, root = next(ElementTree.iterparse(BytesIO(svg), events=("start",)))
    wide, high = (float(root.get(name) or 1) for name in ("width", "height"))
    return wide, high


def indexed(data: bytes) -> bytes:
    """A PNG with its colours in a table, which takes a third of the bytes; the same pixels.

    A picture of more than 255 colours besides transparent black is returned as it is.
    """
    import numpy as np
    from PIL import Image

    with Image.open(BytesIO(data)) as given:
        pixels = np.asarray(given.convert("RGBA")).view("<u4")[..., 0]
    inked = pixels != 0
    colours, found = np.unique(pixels[inked], return_inverse=True)
    if len(colours) > 255:
        return data
    table = np.zeros(pixels.shape, np.uint8)
    table[inked] = found.ravel() + 1
    made, out = Image.fromarray(table), BytesIO()
    made.putpalette(np.concatenate(([0], colours)).astype("<u4").tobytes(), "RGBA")
    made.save(out, "PNG", compress_level=9)
    return out.getvalue()


@cache
def _files() -> list[str]:
    return sorted(os.fspath(path) for path in folder().glob("*.ttf"))
