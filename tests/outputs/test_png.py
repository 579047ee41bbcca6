"""PNG: its size, its sentence, a picture of each frame."""

import re

import numpy as np
import pytest

import graphstep as gs
from examples import first, image_of
from graphstep.look.png import TRANSPOSED
from graphstep.outputs import png


def test_a_png_has_two_pixels_a_unit_and_its_sentence():
    s = first()
    svg = s[-1].svg()
    wide, high = map(float, re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups())
    image = image_of(png.whole(s)).convert("RGB")
    assert image.size == pytest.approx((2 * wide, 2 * high), abs=1)
    seen = np.asarray(image)
    assert (seen[0, 0] == 255).all()
    words_below = seen[int(2 * s._canvas.bottom) :]
    assert (words_below.astype(int).sum(axis=2) < 300).sum() > 500
    dark = np.asarray(image_of(png.whole(first(style=gs.Style(theme="dark")))).convert("RGB"))
    assert dark[0, 0].tolist() == [13, 17, 23]
    assert dark.max() > 200


def test_a_png_has_no_sign_without_a_glyph():
    """The transposed sign is in none of the fonts, so it is written otherwise."""
    s = gs.stepper("q = W @ x; f = l2(q)", W=[[1, 2], [3, 4]], x=[1, 1])
    svg = s[-1].svg()
    assert "ᵀ" in svg
    assert png.png(svg) == png.png(svg.replace("ᵀ", TRANSPOSED)) != png.png(svg.replace("ᵀ", "□"))
    named = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" aria-label="Wᵀ"/>'
    assert png.png(named)  # in a text only


def test_png_of_each_frame(tmp_path):
    s = first()
    written = s.save(tmp_path / "{n:02}.png")
    assert [path.name for path in written] == ["00.png", "01.png", "02.png", "03.png"]
    assert len({path.read_bytes() for path in written}) == len(s)
    assert written[-1].read_bytes() == png.whole(s)
