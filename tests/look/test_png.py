"""PNG in few bytes."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from graphstep.look.png import TINTS, inked, png, svg_size, tabled

DISC = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 90"><circle cx="45" cy="45" r="40" fill="#24292f"/><circle cx="30" cy="45" r="20" fill="red" fill-opacity=".4"/></svg>'

HALF = round(255 / TINTS) / 2  # of a degree of opacity, which is a whole number, too


def pixels(data):
    """All pixels of a picture."""
    return np.asarray(Image.open(BytesIO(data)).convert("RGBA")).astype(int)


def test_a_table_of_inks_keeps_what_is_seen():
    given = png(DISC, 2.0)
    made = inked(given, ["#24292f", "#b42318"])
    assert len(made) < 0.6 * len(given)
    before, after = pixels(given), pixels(made)
    assert abs(after - before)[..., 3].max() <= HALF
    assert after[90, 160].tolist() == [0x24, 0x29, 0x2F, 255]
    assert {tuple(one[:3]) for one in after[after[..., 3] > 0].tolist()} == {
        (0x24, 0x29, 0x2F), (0xB4, 0x23, 0x18)}  # fmt: skip


@pytest.mark.parametrize("opacity", [0, 1, 9, 128, 255])
@pytest.mark.parametrize("shape", [(40, 40), (1, 1), (3, 7)])
def test_a_picture_of_one_colour(opacity, shape):
    given = np.full((*shape, 4), (0x24, 0x29, 0x2F, opacity), np.uint8)
    out = BytesIO()
    Image.fromarray(given).save(out, "PNG")
    after = pixels(inked(out.getvalue(), ["#ffffff", "#24292f"]))
    assert abs(after[..., 3] - opacity).max() <= HALF
    assert (after[..., :3][after[..., 3] > 0] == (0x24, 0x29, 0x2F)).all()


@pytest.mark.parametrize(
    ("colours", "smaller"), [(1, False), (16, True), (255, True), (256, True), (257, False)]
)
def test_a_table_of_few_colours_keeps_every_pixel(colours, smaller):
    """One colour is transparent; the first bytes of others are equal. One alone is small as it is."""
    k = np.random.default_rng(1).permutation(np.arange(90 * 90) % colours)
    given = np.stack((k * 0 + 36, k % 16, k // 16, (k * 37 + 1) % 256), axis=1).astype(np.uint8)
    out = BytesIO()
    Image.fromarray(np.where(k == 0, 0, given.T).T.astype(np.uint8).reshape(90, 90, 4)).save(
        out, "PNG"
    )
    made = tabled(out.getvalue())
    assert (pixels(made) == pixels(out.getvalue())).all()
    assert (len(made) < len(out.getvalue())) == smaller


def test_a_drawing_of_many_colours_keeps_what_is_seen():
    """Edges of many inks are more than 256 colours; each becomes one near it, in half of the bytes."""
    discs = "".join(
        f'<circle cx="{9 * k}" cy="45" r="30" fill="#{k:x}{9 - k:x}{7:x}"/>' for k in range(10)
    )
    given = png(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 90">{discs}</svg>', 2.0)
    assert Image.open(BytesIO(given)).convert("RGBA").getcolors(256) is None
    made = tabled(given, close=True)
    before, after = (one[..., :3] * one[..., 3:] / 255 for one in (pixels(given), pixels(made)))
    assert len(made) < 0.6 * len(given)
    assert abs(after - before).mean() < 2
    assert abs(after - before).max() < 40


@pytest.mark.parametrize(("svg", "size"), [
    ('<svg width="3" height="4"/>', (3, 4)),
    ('<svg aria-label="a > b" height="1e2pt" width="0.5pt"><path/></svg>', (0.5, 100)),
    ('<s:svg xmlns:s="http://www.w3.org/2000/svg" height="4" width="3"/>', (3, 4)),
    ('<svg width="3"/>', None), ('<svg width="100%" height="4"/>', None), ("no svg", None), ("", None),
])  # fmt: skip
def test_the_size_of_a_drawing(svg, size):
    assert svg_size(svg) == size
