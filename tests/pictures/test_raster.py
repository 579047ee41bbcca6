"""Pictures of pixels: bombs and broken ones are refused before they cost anything."""

import io
import struct
import zlib

import pytest
from PIL import Image

import graphstep as gs
from examples import png
from graphstep.pictures.raster import FORMATS, MOST_PIXELS, check_raster


def declared(wide, high):
    """A small PNG that says it is large."""
    head = b"IHDR" + struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    pixels = b"IDAT" + zlib.compress(b"\0" * 1000)
    parts = (head, pixels, b"IEND")
    chunks = (struct.pack(">I", len(p) - 4) + p + struct.pack(">I", zlib.crc32(p)) for p in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def saved(kind, size=(30, 20)):
    made = io.BytesIO()
    Image.new("RGB", size, "#a03070").save(made, kind)
    return made.getvalue()


@pytest.mark.parametrize(("suffix", "kind"), FORMATS.items())
def test_pixels_are_counted(suffix, kind):
    assert check_raster(saved(kind), suffix) == 600


@pytest.mark.parametrize("size", [(60_000, 60_000), (9_000, 6_000), (2**31 - 1, 2**31 - 1)])
def test_what_declares_too_many_pixels_is_not_decoded(size, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("decoded"))
    with pytest.raises(gs.InputError) as refused:
        check_raster(declared(*size), ".png")
    assert (refused.value.key, refused.value.values) == ("picture_pixels", {"most": 50})
    assert 9_000 * 6_000 > MOST_PIXELS > 8_000 * 6_000


@pytest.mark.parametrize(("suffix", "kind"), FORMATS.items())
def test_what_is_cut_short_or_of_another_kind_is_broken(suffix, kind):
    whole = saved(kind, (300, 200))
    others = [png() if kind != "PNG" else saved("GIF"), b"", b"\0" * 100]
    for data in (whole[: len(whole) // 2], whole[:20], *others):
        with pytest.raises(gs.InputError) as refused:
            check_raster(data, suffix)
        assert refused.value.key == "picture_broken"


def test_a_png_whose_pixels_cannot_be_unpacked_is_broken():
    with pytest.raises(gs.InputError) as refused:
        check_raster(declared(100, 100), ".png")
    assert refused.value.key == "picture_broken"
