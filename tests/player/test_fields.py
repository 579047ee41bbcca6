"""The fields of the live widget, and their sliders, in Python and in a real Chromium."""

import json

import pytest
from browsing import BROWSER
from hypothesis import given, settings
from hypothesis import strategies as st

import graphstep as gs
from graphstep.player.fields import fields_of

pytestmark = BROWSER

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def widget(text="q = x + y; f = q * z", lang="en", **inputs):
    return gs.stepper(text, lang=lang, **(inputs or dict(x=-2, y=5, z=-4))).widget()


def slider(w, name="x"):
    return next(field["slider"] for field in w.fields if field["name"] == name)


@given(st.lists(NUMBERS, min_size=1, max_size=8))
@settings(max_examples=200)
def test_a_slider_reaches_its_number_with_steps_that_are_small_enough(numbers):
    s, sliders = gs.stepper("f = 2 * x", x=1), {}
    for number in numbers:
        low, high, step = fields_of(s.at(x=number), sliders)[0]["slider"]
        json.dumps([low, high, step], allow_nan=False)
        assert low < high
        assert step > 0 or abs(number) < 1e-300
        if abs(number) < 1e300:
            assert low < number < high or number == 0
        assert number == 0 or step <= 2 * abs(number) or step <= 0.01
        if 1e-300 < step < 1e300:
            assert low / step == pytest.approx(round(low / step))  # so it stops at round numbers
            assert f"{step:.0e}"[0] in "125"


def test_a_range_follows_its_number_but_does_not_run_from_the_hand():
    w = widget(x=1, y=5, z=-4)
    first = slider(w)
    assert first == [-1, 3, 0.01]
    w.inputs = {"x": 2.9}
    assert slider(w) == first
    w.inputs = {"x": 100}
    assert slider(w) == [-100, 300, 1]
    w.inputs = {"x": 0}
    assert slider(w) == [-100, 300, 1]
    w.inputs = {"x": 0.001}
    assert slider(w) == [-0.001, 0.003, 1e-5]
    assert slider(w, "y") == [-5, 15, 0.05]


SLIDE = "input[aria-label='x'][type=range]"


def test_the_slider_in_the_page_has_the_range_and_the_number(live):
    page = live(widget(x=1, y=5, z=-4))

    def ends():
        return page.tab.eval_on_selector(SLIDE, "s => [+s.min, +s.max, +s.value]")

    page.type("x", "100")
    assert ends() == [-100, 300, 100]
    page.widget.inputs = {"x": -5000}
    page.tell()
    assert ends() == [-15000, 5000, -5000]
    # dragged to its end it waits for the hand to let go
    box = page.tab.locator(SLIDE).bounding_box()
    at = box["y"] + box["height"] / 2
    page.tab.mouse.move(box["x"] + box["width"] / 2, at)
    page.tab.mouse.down()
    page.tab.mouse.move(box["x"] + box["width"] + 50, at)
    page.tell()
    assert page.widget.inputs["x"] == 5000
    assert ends() == [-15000, 5000, 5000]
    page.tab.mouse.up()
    assert ends() == [-5000, 15000, 5000]
    assert page.shown("x") == "5000"
