"""PNG in few bytes."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from graphstep.look.png import indexed, png

DISC = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 90"><circle cx="45" cy="45" r="40" fill="#24292f"/><circle cx="30" cy="45" r="20" fill="red" fill-opacity=".4"/></svg>'


def pixels(data: bytes) -> object:
    """All pixels of a picture."""
    return np.asarray(Image.open(BytesIO(data)).convert("RGBA")).tolist()


def test_a_table_of_colours_keeps_every_pixel():
    given = png(DISC, 2.0)
    made = indexed(given)
    assert pixels(made) == pixels(given)
    assert len(made) < 0.8 * len(given)


@pytest.mark.parametrize("shape", [(40, 40, 4), (1, 1, 4)])
def test_any_picture_keeps_its_pixels(shape):
    out = BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 256, shape, np.uint8)).save(out, "PNG")
    assert pixels(indexed(out.getvalue())) == pixels(out.getvalue())
