"""Pictures of pixels: whether they can be decoded, and whether they are of a bearable size."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from types import MappingProxyType

from ..base.errors import InputError, reason

MOST_PIXELS = 50_000_000
DRAFT = 64  # pixels of a side at which a JPEG is tried
FORMATS = MappingProxyType({".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF"})
"""File endings, with the name of their format in Pillow."""


def check_raster(data: bytes, suffix: str) -> int:
    """Decode a picture once, and return how many pixels it has.

    Raises InputError, which does not yet name the file, for one that is broken, of another kind
    than its ending says, or larger than slides can use. What is declared is looked at before
    anything is decoded, so a small file that would fill the memory is refused at once.
    """
    from PIL import Image

    kind = (FORMATS[suffix],)
    with _decoding():
        picture = Image.open(BytesIO(data), formats=kind)
    wide, high = picture.size
    check_pixels(wide * high)
    with _decoding():
        picture.verify()  # checksums
        picture = Image.open(BytesIO(data), formats=kind)
        picture.draft(None, (DRAFT, DRAFT))
        picture.load()
    return int(wide * high)


def raster_extent(data: bytes) -> tuple[float, float]:
    """Width and height in pixels of a picture that was checked."""
    from PIL import Image

    wide, high = Image.open(BytesIO(data)).size
    return float(wide), float(high)


def check_pixels(count: int) -> None:
    """Raise InputError for more pixels than a picture may have."""
    if count > MOST_PIXELS:
        raise InputError("picture_pixels", most=MOST_PIXELS // 1_000_000)


@contextmanager
def _decoding() -> Iterator[None]:
    """Raise whatever a decoder raises as an InputError."""
    import warnings

    from PIL.Image import DecompressionBombError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except DecompressionBombError:
            check_pixels(2 * MOST_PIXELS)  # Pillow does not even tell how many
        except Exception as error:
            raise InputError("picture_broken", reason=reason(error)) from error
