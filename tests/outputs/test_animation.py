"""GIF and animated PNG: all frames, each for as long as it takes to read."""

import numpy as np
import pytest

import graphstep as gs
from examples import image_of
from graphstep.outputs import png


@pytest.mark.parametrize(
    ("suffix", "kind", "text"),
    [(".gif", "GIF", "f = x*y + x*z + y*z + x*x"), (".apng", "PNG", "f = (x + y) * z")],
)
def test_a_film_has_all_frames(tmp_path, suffix, kind, text):
    """Also where a frame changes the figure in one place, and a sentence in another."""
    s = gs.stepper(text, x=-2, y=5, z=-4)
    (path,) = s.save(tmp_path / f"film{suffix}")
    film = image_of(path.read_bytes())
    assert film.format == kind
    assert film.n_frames == len(s)
    assert film.info["loop"] == 0
    times, seen = [], []
    for k in range(film.n_frames):
        film.seek(k)
        times.append(film.info["duration"])
        seen.append(np.asarray(film.convert("RGB")).astype(int))
    assert all(1500 <= time <= 10000 for time in times)
    assert times[2] > times[1]  # it has more to read
    for frame, page in zip(seen, png.pages(s), strict=True):
        whole = np.asarray(image_of(page()).convert("RGB")).astype(int)
        assert abs(frame - whole).mean() < 0.05
        assert (frame[0, 0] == whole[0, 0]).all()
