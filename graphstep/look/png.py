"""PNG: of SVG, with no fonts but those in graphstep, and small. The only module that runs resvg."""

from __future__ import annotations

import os
import re
import struct
import zlib
from collections.abc import Iterable
from contextlib import suppress
from functools import cache, lru_cache
from io import BytesIO
from math import sqrt
from typing import TYPE_CHECKING, Any

from ..base.errors import OutputError
from .fonts import TEXT, folder

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_SIDE, MOST_PIXELS = 65_535, 64_000_000  # what a GIF can hold; a quarter of a GB while drawn
USUAL = 2.0  # pixels for each unit, where SVG cannot be shown
LARGEST = (1920.0, 1080.0)  # pixels: a slide at the usual scale
RAISED = re.compile("ᵀ(?=[^<>]*<)")  # in a text; our fonts lack the character
TRANSPOSED = '<tspan font-size="70%" baseline-shift="super">T</tspan>'
SIGNATURE = b"\x89PNG\r\n\x1a\n"
TINTS = 3  # of an ink, of which five fit into 4 bits; more are hardly seen at the edge of a letter


def png(svg: str, scale: float = 1.0, background: str = "") -> bytes:
    """A PNG of an SVG document, with `scale` pixels for each of its units (points).

    A large picture has fewer, see `fitting`. `background` is a colour as CSS text; without one the
    picture is transparent. Raises ImportError without resvg, OutputError for a picture that is too
    large, and ValueError for a text that is not SVG.
    """
    from resvg_py import svg_to_bytes

    size = svg_size(svg)
    made: bytes = svg_to_bytes(
        svg_string=RAISED.sub(TRANSPOSED, svg), background=background or None, dpi=72,
        skip_system_fonts=True, zoom=fitting(*size, scale) if size else scale,
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


@lru_cache(maxsize=64)  # slides are planned before they are made, all of a deck
def fitting_png(svg: bytes, most: float = LARGEST[0]) -> tuple[bytes, float]:
    """A PNG of a whole document that is no larger than a slide needs, and the scale it has.

    It is at most `most` pixels wide. One without photographs has at most 256 colours, which makes
    a third of the bytes.
    """
    text = svg.decode("utf-8", "replace")
    wide, high = svg_size(text) or (1.0, 1.0)
    scale = min(USUAL, most / wide, LARGEST[1] / high)
    return tabled(png(text, scale), close="<image" not in text), scale


def svg_size(svg: str) -> tuple[float, float] | None:
    """Width and height of a document in its units, or in points; None if it does not state both.

    >>> svg_size('<svg viewBox="0 0 9 9" height="20.5pt" width="30"/>')
    (30.0, 20.5)
    """
    from xml.etree import ElementTree

    with suppress(SyntaxError, ValueError):
        _, root = next(ElementTree.iterparse(BytesIO(svg.encode()), events=("start",)))
        wide, high = (float(root.get(name, "").removesuffix("pt")) for name in ("width", "height"))
        return wide, high
    return None


def inked(data: bytes, inks: Iterable[str]) -> bytes:
    """A PNG of a drawing in a few inks, in a quarter of the bytes: its colours are in a table.

    At the edges of what is drawn, an ink has one of `TINTS` degrees of opacity.
    """
    import numpy as np
    from PIL import Image, ImageColor

    with Image.open(BytesIO(data)) as given:
        pixels = np.asarray(given.convert("RGBA")).view("<u4")[..., 0]
    drawn = pixels != 0
    shades, which = np.unique(pixels[drawn], return_inverse=True)
    parts = shades.astype("<u4").view(np.uint8).reshape(-1, 4).astype(int)
    known = np.array([ImageColor.getrgb(ink) for ink in dict.fromkeys(inks)])
    nearest = ((parts[:, None, :3] - known) ** 2).sum(axis=2).argmin(axis=1)
    tints = np.rint(parts[:, 3] * TINTS / 255).astype(int)
    codes, places = np.unique(np.where(tints, nearest * TINTS + tints, 0), return_inverse=True)
    codes, places = (codes, places) if 0 in codes else (np.append(0, codes), places + 1)
    table = np.zeros(pixels.shape, np.uint8)
    table[drawn] = places.ravel()[which.ravel()]
    ink, tint = np.divmod(np.maximum(codes, 1) - 1, TINTS)
    opacity = np.where(codes, np.rint((tint + 1) * 255 / TINTS), 0)
    colours = np.column_stack((known[ink], opacity)).astype(np.uint8)
    return _with_table(table, colours.tobytes())


def tabled(data: bytes, close: bool = False) -> bytes:
    """A PNG with its colours in a table if they are few enough for one; no pixel changes.

    If they are more, `close` takes the 256 colours nearest to them.
    """
    import numpy as np
    from PIL import Image

    with Image.open(BytesIO(data)) as given:
        whole = given.convert("RGBA")
    colours = whole.getcolors(256)
    if colours is None and close:
        whole = whole.quantize(256, Image.Quantize.FASTOCTREE).convert("RGBA")
        colours = whole.getcolors(256)
    if colours is None:
        return data
    table = np.sort(np.array([one for _, one in colours], np.uint8).view("<u4").ravel())
    places = np.searchsorted(table, np.asarray(whole).view("<u4")[..., 0])
    made = _with_table(places.astype(np.uint8), table.tobytes())
    return min(data, made, key=len)


def _with_table(places: NDArray[Any], colours: bytes) -> bytes:
    """A PNG: for each pixel the place of its colour, red, green, blue and opacity, in a table.

    Written here since Pillow takes four times as long for a seventh more bytes. Of two pixels in a
    byte, the left one is in its upper half. Source: the PNG specification (ISO/IEC 15948), 11.
    """
    import numpy as np

    high, wide = places.shape
    bits = 4 if len(colours) <= 4 * 16 else 8
    if bits == 4:
        even = np.pad(places, ((0, 0), (0, wide % 2)))
        places = even[:, ::2] << 4 | even[:, 1::2]
    lines = np.pad(places, ((0, 0), (1, 0)))  # each begins with 0: as it is, without a filter
    table = np.frombuffer(colours, np.uint8).reshape(-1, 4)
    header = struct.pack(">IIBBBBB", wide, high, bits, 3, 0, 0, 0)  # 3: colours are in a table
    chunks = (
        (b"IHDR", header), (b"PLTE", table[:, :3].tobytes()), (b"tRNS", table[:, 3].tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes())), (b"IEND", b""),
    )  # fmt: skip
    return SIGNATURE + b"".join(chunk(kind, data) for kind, data in chunks)


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG file."""
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


@cache
def _files() -> list[str]:
    return sorted(os.fspath(path) for path in folder().glob("*.ttf"))
