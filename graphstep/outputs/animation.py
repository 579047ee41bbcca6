"""GIF and animated PNG: all frames in turn, each for as long as it takes to read.

Frames are drawn and packed one by one, and of each only what differs from the frame before it:
memory does not grow with their number, nor time with its square. Pillow packs the pictures; it
would keep all of them to make a film.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from ..look.png import SIGNATURE, chunk
from .frame_changes import Patch, patches

if TYPE_CHECKING:
    from ..figure.figure import Figure, Frame

LEAST, A_LETTER, MOST = 1500, 40, 8000  # milliseconds: a frame at least, a letter, at most
PAUSE = 2000  # milliseconds on the last frame, before the first one comes again
CLEAR = 255  # the index of GIF's transparent colour
LOOP = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
RGBA = (8, 6, 0, 0, 0)  # as a PNG's header says it: bits, colours, and no choices


class Part(NamedTuple):
    """A part of a picture in its place: its pixels, row by row."""

    left: int
    top: int
    width: int
    height: int
    pixels: bytes


class Change(NamedTuple):
    """What a frame changes in the picture, and for how long it is shown, in milliseconds."""

    parts: tuple[Part, ...]
    time: int

    @property
    def corner(self) -> tuple[int, int]:
        """The upper left corner of all parts together."""
        return min(p.left for p in self.parts), min(p.top for p in self.parts)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of all parts together."""
        left, top = self.corner
        right = max(p.left + p.width for p in self.parts)
        return right - left, max(p.top + p.height for p in self.parts) - top


def _changes(figure: Figure, mode: str) -> Iterator[Change]:
    """What each frame changes, in a mode of Pillow; the first one is whole."""
    for k, (frame, found) in enumerate(zip(figure.frames, patches(figure), strict=True)):
        time = _time(frame) + PAUSE * (k == len(figure) - 1)
        yield Change(tuple(_part(one, mode) for one in found), time)


def _part(patch: Patch, mode: str) -> Part:
    from PIL import Image

    image = Image.open(BytesIO(patch.png)).convert(mode)
    return Part(patch.left, patch.top, image.width, image.height, image.tobytes())


def _time(frame: Frame) -> int:
    """How long a frame is shown, in milliseconds."""
    return min(LEAST + A_LETTER * len(frame.caption + frame.legend), MOST)


# --- GIF


def gif(figure: Figure) -> bytes:
    """All frames as GIF, with at most 255 colours each. Raises OutputError if it is too large."""
    made = [b""]
    for change in _changes(figure, "RGB"):
        image = _of_few_colours(change)
        if len(made) == 1:
            made[0] = b"GIF89a" + struct.pack("<HHBBB", *image.size, 0, 0, 0) + LOOP
        made.append(_gif_frame(change, image))
    return b"".join([*made, b";"])


def _gif_frame(change: Change, image: Any) -> bytes:
    """A frame of a GIF, from a GIF of its own, whose colours become those of the frame.

    That has a header of 13 bytes, the colours, and the frame from its place on.
    """
    file = BytesIO()
    image.save(file, "GIF", optimize=False, interlace=0)
    data = file.getvalue()
    bits = data[10] & 7
    end = 13 + (6 << bits)
    begin = data.index(b",", end)
    shown = struct.pack("<BBBBHBB", 0x21, 0xF9, 4, 0b101, change.time // 10, CLEAR, 0)
    place = struct.pack("<BHHHHB", 0x2C, *change.corner, *image.size, 0x80 | bits)
    return b"".join([shown, place, data[13:end], data[begin + 10 : -1]])


def _of_few_colours(change: Change) -> Any:
    """The picture of a change in 255 colours, chosen for its parts, and a transparent one."""
    from PIL import Image

    pixels = b"".join([part.pixels for part in change.parts])
    row = Image.frombytes("RGB", (len(pixels) // 3, 1), pixels)
    few = row.quantize(CLEAR, dither=Image.Dither.NONE)
    codes, (left, top), at = few.tobytes(), change.corner, 0
    joined = Image.new("P", change.size, CLEAR)
    for part in change.parts:
        end = at + part.width * part.height
        image = Image.frombytes("P", (part.width, part.height), codes[at:end])
        joined.paste(image, (part.left - left, part.top - top))
        at = end
    colours = few.getpalette()
    joined.putpalette([*colours, *[0] * (768 - len(colours))])
    return joined


# --- animated PNG


def apng(figure: Figure) -> bytes:
    """All frames as animated PNG, sharp and in full colour. Raises OutputError as `gif` does."""
    body, count = list[bytes](), 0
    for change in _changes(figure, "RGBA"):
        if not body:
            body.append(chunk(b"IHDR", struct.pack(">2I5B", *change.size, *RGBA)))
            body.append(chunk(b"acTL", struct.pack(">2I", len(figure), 0)))
        place = struct.pack(">5I", count, *change.size, *change.corner)
        body.append(chunk(b"fcTL", place + struct.pack(">2H2B", change.time, 1000, 0, 1)))
        numbered = (b"fdAT", struct.pack(">I", count + 1)) if count else (b"IDAT", b"")
        body.append(chunk(numbered[0], numbered[1] + _packed(change)))
        count += 2 if count else 1
    return b"".join([SIGNATURE, *body, chunk(b"IEND", b"")])


def _packed(change: Change) -> bytes:
    """The parts of a change on a transparent picture, as PNG has it, packed row by row."""
    packer = zlib.compressobj()
    return b"".join([*map(packer.compress, _rows(change)), packer.flush()])


def _rows(change: Change) -> Iterator[bytes]:
    """The rows of the picture of a change, each after the number of a filter that does nothing."""
    (left, top), (wide, high) = change.corner, change.size
    for y in range(top, top + high):
        row = bytearray(1 + 4 * wide)
        for part in change.parts:
            if part.top <= y < part.top + part.height:
                at, size = 1 + 4 * (part.left - left), 4 * part.width
                begin = (y - part.top) * size
                row[at : at + size] = part.pixels[begin : begin + size]
        yield bytes(row)
