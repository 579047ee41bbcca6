"""Several iterations: one layout, and every format with the frames of all of them."""

import json
import zipfile
from itertools import pairwise

import pytest

import graphstep as gs
from graphstep.drawing.drawing import fits
from graphstep.markdown import read
from graphstep.outputs import FORMATS
from graphstep.slides.arrangement import deck_of

TEXT = "f = (w*x + b - 2)**2"
NUMBERS = dict(w=0.5, x=3, b=-1)


def learning(count=3, **options):
    return gs.stepper(TEXT, **NUMBERS, update="w, b", rate=0.05, **options).iterations(count)


def test_iterations_are_steppers_at_the_weights_of_the_one_before():
    found = learning()
    assert [type(s) for s in found] == [gs.Stepper] * len(found)
    for before, after in pairwise(found):
        assert {name: after.tape.inputs[name] for name in "wb"} == before.update.weights
        assert after.update.time == before.update.time + 1
    assert found[0].value > found[1].value > found[2].value


def test_all_have_one_layout_in_which_their_numbers_fit():
    found = learning(5)
    assert len({id(s.drawing) for s in found}) == 1
    assert all(fits(s.drawing, s.texts) for s in found)


def test_only_chosen_frames_are_shown_of_each():
    s = gs.stepper(TEXT, **NUMBERS, update="w", rate=0.05)
    last = len(s) - 1
    assert [[f.index for f in each] for each in s.showing((0, last)).iterations(2)] == [
        [0, last]
    ] * 2


@pytest.mark.parametrize(
    "suffix", [ending for ending in FORMATS if ending not in (".apng", ".picture.pptx")]
)
def test_every_format_has_all_iterations(tmp_path, suffix):
    found = learning(2)
    number = sum(map(len, found))
    [path] = found.save(tmp_path / f"f{suffix}")
    data = path.read_bytes()
    if suffix == ".pptx":
        with zipfile.ZipFile(path) as parts:
            slides = [name for name in parts.namelist() if name.startswith("ppt/slides/slide")]
            assert len(slides) == number
            data = b"".join(parts.read(name) for name in parts.namelist() if name.endswith(".xml"))
    if suffix in (".txt", ".json", ".html", ".deck.html", ".pptx", ".tex"):
        for s in found:
            assert s.texts[s[-1].step.shows[0]] in data.decode("utf-8")
    if suffix == ".json":
        written = json.loads(data)["iterations"]
        assert [each["update"]["new"] for each in written] == [s.update.weights for s in found]
        assert written[1]["update"]["number"] == 2


def test_pictures_are_numbered_through(tmp_path):
    found = learning(2)
    paths = found.save(tmp_path / "{n:02}.svg")
    assert len(paths) == sum(map(len, found)) == len(set(paths))
    assert "→ " in paths[-1].read_text(encoding="utf-8")


def test_a_deck_has_a_slide_for_each_iteration():
    deck = deck_of(learning(3))
    assert [slide.figure.stepper.update.time for slide in deck.slides] == [1, 2, 3]
    fence = "## T\n\n```graphstep w=0.5 x=3 b=-1 --update w --rule adam --iterations 3 --steps update\n{}\n```\n"
    slides = read(fence.format(TEXT)).slides
    assert [slide.figure.stepper.update.time for slide in slides] == [1, 2, 3]
    assert {len(slide.figure.shown) for slide in slides} == {1}
    assert [slide.title for slide in slides] == [slides[0].title] * 3
    beside = f"::: beside in turn\n\n{fence.format(TEXT).partition('## T')[2].strip()}\n\n:::\n"
    [slide] = read("## T\n\n" + beside).slides
    assert len(slide.figure.stepper.figures) == 3


def test_one_cell_shows_all():
    html = learning(3)._repr_html_()
    assert html.count('<div class="graphstep-figure') == 3
    assert html.count("<script>") == 1


@pytest.mark.parametrize("count", [0, 101, 2.0, "3"])
def test_other_counts_are_refused(count):
    with pytest.raises(gs.GraphstepError, match="whole number from 1 to 100"):
        learning(count)
