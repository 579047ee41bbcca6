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

from .frame_changes import patches

if TYPE_CHECKING:
    from ..figure.figure import Figure, Frame

LEAST, A_LETTER, MOST = 1500, 40, 8000  # milliseconds: a frame at least, a letter, at most
PAUSE = 2000  # milliseconds on the last frame, before the first one comes again
CLEAR = 255  # the index of GIF's transparent colour
LOOP = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Change(NamedTuple):
    """What a frame changes in the picture: images, with the place of each, and for how long."""

    images: tuple[tuple[tuple[int, int], Any], ...]
    time: int  # milliseconds

    @property
    def corner(self) -> tuple[int, int]:
        """The upper left corner of all images together."""
        lefts, tops = zip(*(place for place, _ in self.images), strict=True)
        return min(lefts), min(tops)

    def joined(self, made: Any, images: Iterator[Any]) -> Any:
        """Images in the places of its own, on an empty picture that is made for the size."""
        left, top = self.corner
        right = max(x + image.width for (x, _), image in self.images)
        bottom = max(y + image.height for (_, y), image in self.images)
        joined = made((right - left, bottom - top))
        for ((x, y), _), image in zip(self.images, images, strict=True):
            joined.paste(image, (x - left, y - top))
        return joined


def _changes(figure: Figure) -> Iterator[Change]:
    """What each frame changes; the first one is whole."""
    from PIL import Image

    for k, (frame, parts) in enumerate(zip(figure.frames, patches(figure), strict=True)):
        opened = [((p.left, p.top), Image.open(BytesIO(p.png)).convert("RGBA")) for p in parts]
        nothing = ((0, 0), Image.new("RGBA", (1, 1)))
        yield Change(tuple(opened) or (nothing,), _time(frame) + PAUSE * (k == len(figure) - 1))


def _time(frame: Frame) -> int:
    """How long a frame is shown, in milliseconds."""
    return min(LEAST + A_LETTER * len(frame.caption + frame.legend), MOST)


# --- GIF


def gif(figure: Figure) -> bytes:
    """All frames as GIF, with at most 255 colours each. Raises OutputError if it is too large."""
    made = [b""]
    for change in _changes(figure):
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
    """The picture of a change in 255 colours, chosen for it, and a transparent one around."""
    from PIL import Image

    images = [image for _, image in change.images]
    packed = Image.new("RGB", (max(i.width for i in images), sum(i.height for i in images)))
    tops = [sum(i.height for i in images[:k]) for k in range(len(images))]
    for image, top in zip(images, tops, strict=True):
        packed.paste(image, (0, top))
    few = packed.quantize(CLEAR, dither=Image.Dither.NONE)
    parts = (
        few.crop((0, top, i.width, top + i.height)) for i, top in zip(images, tops, strict=True)
    )
    joined = change.joined(lambda size: Image.new("P", size, CLEAR), parts)
    colours = few.getpalette()
    joined.putpalette([*colours, *[0] * (768 - len(colours))])
    return joined


# --- animated PNG


def apng(figure: Figure) -> bytes:
    """All frames as animated PNG, sharp and in full colour. Raises OutputError as `gif` does."""
    from PIL import Image

    body, head, count = list[bytes](), b"", 0
    for k, change in enumerate(_changes(figure)):
        images = (image for _, image in change.images)
        image = change.joined(lambda size: Image.new("RGBA", size), images)
        file = BytesIO()
        image.save(file, "PNG")
        found = dict(_chunks(file.getvalue()))
        head = head or _chunk(b"IHDR", found[b"IHDR"])
        shown = struct.pack(">5I", count, *image.size, *change.corner)
        body.append(_chunk(b"fcTL", shown + struct.pack(">HHBB", change.time, 1000, 0, 1)))
        numbered = (b"fdAT", struct.pack(">I", count + 1)) if k else (b"IDAT", b"")
        body.append(_chunk(numbered[0], numbered[1] + found[b"IDAT"]))
        count += 2 if k else 1
    control = _chunk(b"acTL", struct.pack(">II", len(figure), 0))
    return b"".join([SIGNATURE, head, control, *body, _chunk(b"IEND", b"")])


def _chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and data of each chunk of a PNG; the parts of the picture come as one, at the end."""
    at, picture = len(SIGNATURE), list[bytes]()
    while at < len(data):
        (size,), kind = struct.unpack_from(">I", data, at), data[at + 4 : at + 8]
        content = data[at + 8 : at + 8 + size]
        if kind == b"IDAT":
            picture.append(content)
        else:
            yield kind, content
        at += size + 12
    yield b"IDAT", b"".join(picture)
