"""What changes between frames: the same pixels as whole frames, at a cost that grows linearly."""

import gc

import numpy as np
import pytest
from PIL import Image

import graphstep as gs
from examples import NEURON, NEURON_INPUTS, array, first, image_of
from graphstep.outputs import animation, frame_changes, png

FIGURES = {
    "numbers": lambda: gs.stepper(NEURON, **NEURON_INPUTS, by="product"),
    "warnings": lambda: gs.stepper("f = log(x) + max(x, y)", x=0, y=0, lang="ru"),
    "arrays": lambda: gs.stepper("q = W @ x; f = l2(q)", W=[[1, 2], [3, 4]], x=[1, 1], style=gs.Style(theme="dark")),
    "heat maps": lambda: gs.stepper("f = sum(relu(W @ x))", W=array(8, 12), x=array(12), by="wire"),
    "side by side": lambda: side_by_side(6),
    "some frames": lambda: gs.stepper(NEURON, **NEURON_INPUTS).showing((2, 5, 7)),
}  # fmt: skip


@pytest.mark.parametrize("kind", FIGURES)
def test_frames_made_of_changes_are_whole_frames(kind):
    s = FIGURES[kind]()
    seen = None
    for parts, page in zip(frame_changes.patches(s), png.pages(s), strict=True):
        whole = image_of(page()).convert("RGB")
        seen = seen or Image.new("RGB", whole.size)
        for part in parts:
            seen.paste(image_of(part.png).convert("RGB"), (part.left, part.top))
        apart = np.abs(np.asarray(seen).astype(int) - np.asarray(whole)).max(axis=2)
        assert (apart > 3).mean() < 3e-4  # an edge between two pixels may be rounded otherwise
        assert apart.max() < 100


def chain(gates):
    lines = ["h0 = x * y", *(f"h{k} = tanh(h{k - 1})" for k in range(1, gates))]
    return gs.stepper("\n".join(lines), x=0.5, y=0.25)


def side_by_side(gates):
    """As many products, of which each adds its own height."""
    terms = " + ".join(f"x{k}*y{k}" for k in range(gates // 2))
    return gs.stepper(
        f"f = {terms}", inputs={f"{n}{k}": 0.5 for k in range(gates // 2) for n in "xy"}
    )


@pytest.mark.parametrize("figure", [chain, side_by_side])
def test_what_is_drawn_for_a_film_grows_linearly(monkeypatch, figure):
    """A film of twice as many gates has twice as many frames. The first one is drawn whole."""
    drawn = []

    def drawing(svg, *rest):
        drawn.append(
            np.prod([float(side) for side in frame_changes.VIEW.search(svg)[0].split('"')[3::2]])
        )
        return image

    image = png.png('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
    monkeypatch.setattr(frame_changes, "png", drawing)
    areas = []
    for gates in (16, 32):
        drawn.clear()
        assert len(list(frame_changes.patches(figure(gates)))) >= gates
        areas.append(sum(drawn[1:]))
    assert areas[1] < 2.3 * areas[0]


def test_frames_of_a_film_are_no_larger_than_screens_if_texts_stay_legible(monkeypatch):
    s = chain(4)
    wide, high = s.page[:2]
    for most, scale in ((10 * wide * high, 2), (2.25 * wide * high, 1.5), (wide * high / 2, 1)):
        monkeypatch.setattr(frame_changes, "MOST_PIXELS", most)
        ((first_frame,), *_) = frame_changes.patches(s)
        assert image_of(first_frame.png).width == pytest.approx(scale * wide, abs=1.01)


@pytest.mark.parametrize("make", [animation.gif, animation.apng])
def test_a_film_keeps_no_pictures_of_earlier_frames(monkeypatch, make):
    alive, plain = [], frame_changes.patches

    def watched(figure):
        for parts in plain(figure):
            alive.append(sum(isinstance(found, Image.Image) for found in gc.get_objects()))
            yield parts

    monkeypatch.setattr(animation, "patches", watched)
    make(first(by="wire"))
    assert len(alive) > 5
    assert max(alive[4:]) <= max(alive[:4])


def test_large_pictures_have_fewer_pixels_a_point_and_too_large_ones_are_refused(monkeypatch):
    monkeypatch.setattr("graphstep.look.png.MOST_SIDE", 1001)
    s = first()
    assert image_of(png.whole(s)).width == 1000
    assert image_of(animation.gif(s)).width == 1000
    monkeypatch.setattr("graphstep.look.png.MOST_SIDE", 501)
    for make in (png.whole, animation.gif, animation.apng):
        with pytest.raises(gs.GraphstepError) as caught:
            make(s)
        assert caught.value.key == "picture_too_large"
    monkeypatch.undo()
    monkeypatch.setattr("graphstep.look.png.MOST_PIXELS", 400_000)
    image = image_of(png.whole(s))
    assert 380_000 < image.width * image.height < 402_000
