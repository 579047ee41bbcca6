"""The drawn figure in a real Chromium: numbers of every frame, sizes, texts that fit."""

import pytest
from browsing import BROWSER, LECTURE, fits
from browsing_player import frame, neuron, texts
from hypothesis import HealthCheck, given
from strategies import examples, programs

import graphstep as gs
from examples import stepped
from graphstep.explain.step_kinds import WAYS
from graphstep.painting.stage import short

pytestmark = BROWSER


def expected(s, k):
    """The texts of frame k as Python has them."""
    found = {}
    for slot in s.appears:
        text = s.texts[slot] if s.appears[slot] <= k else ""
        found[short(slot)] = f"[{text}]" if text and slot.kind == "local" else text
    return found


@pytest.mark.parametrize("by", WAYS)
def test_every_frame_shows_its_numbers_forward_and_back(opened, by):
    s = neuron(by=by, forward=True)
    page = opened(s)
    page.focus(".graphstep-figure")
    drawn = {short(p.slot) for p in s.drawing.places}
    order = [*range(len(s)), *range(len(s) - 2, -1, -1)]
    for before, k in zip([0, *order], order, strict=False):
        if k != before:
            page.keyboard.press("ArrowRight" if k > before else "ArrowLeft")
        assert frame(page) == k
        assert texts(page) == {n: t for n, t in expected(s, k).items() if n in drawn}
        assert page.inner_text(".gs-caption") == s[k].caption
        assert page.get_attribute(".gs-stage svg", "aria-label") == s[k].caption
        new = page.eval_on_selector_all(
            ".gs-stage .new[data-slot]", "ns => ns.map(n => n.dataset.slot)"
        )
        shows = {short(slot) for slot in s[k].step.shows} & drawn
        assert set(new) == (shows if s[k].step.kind != "all" else set())


@pytest.mark.parametrize("by", ["gate", "wire"])
@pytest.mark.parametrize("local", ["step", "never"])
def test_local_gradients_come_and_go_with_their_steps(opened, local, by):
    s = neuron(by=by, style=gs.Style(local=local))
    page = opened(s)
    page.focus(".graphstep-figure")
    order = [*range(len(s)), *range(len(s) - 2, -1, -1)]
    for before, k in zip([0, *order], order, strict=False):
        if k != before:
            page.keyboard.press("ArrowRight" if k > before else "ArrowLeft")
        there = {short(slot) for slot in s[k].texts}
        shown = {name for name, text in texts(page).items() if text}
        assert shown == there & {short(place.slot) for place in s.drawing.places}


def test_a_large_figure_scrolls_and_follows(opened):
    text = "x0 = x * 1.1\n" + "".join(f"x{i} = sin(x{i - 1})\n" for i in range(1, 40))
    page = opened(gs.stepper(text, x=1))
    page.set_viewport_size({"width": 700, "height": 500})
    wide = page.evaluate(
        "(n => n.scrollWidth / n.clientWidth)(document.querySelector('.gs-stage'))"
    )
    assert wide > 3
    page.click("button.gs-last")
    inside = """() => { const a = document.querySelector('.gs-stage').getBoundingClientRect(),
        b = document.querySelector('.gs-stage g.on').getBoundingClientRect();
        return b.left >= a.left - 1 && b.right <= a.right + 1 }"""
    assert page.evaluate(inside)
    page.click("button.gs-first")
    page.click("button.gs-forward")
    assert page.evaluate(inside)
    before = page.evaluate("document.querySelector('.gs-stage svg').getBoundingClientRect().width")
    page.click("button.gs-larger")
    now = page.evaluate("document.querySelector('.gs-stage svg').getBoundingClientRect().width")
    assert now == pytest.approx(before * 1.25, rel=0.01)


def test_warning_signs_come_with_their_numbers(opened):
    s = gs.stepper("f = log(x) * y", x=0, y=2, forward=True)
    page = opened(s)
    seen = []
    for _ in range(len(s)):
        seen.append(page.locator("[data-warn]:visible").count())
        page.click("button.gs-forward", force=True)
    assert seen == [len(frame.warnings) for frame in s]


BOXES = """() => [...document.querySelectorAll('.gs-stage > svg text')].filter(t => t.textContent && !t.closest('.gs-scale')).map(t => {
    const b = t.getBBox();
    return {slot: t.closest('[data-slot]')?.dataset.slot || '', kind: t.getAttribute('class') || '', text: t.textContent,
            left: b.x, right: b.x + b.width, top: b.y, bottom: b.y + b.height,
            x0: b.x + 12, x1: b.x + b.width + 12, y0: b.y + 12, y1: b.y + b.height + 12}})"""


def each_text_fits(page, s):
    page.set_content(s._repr_html_())
    kinds = {"v": "value", "u": "upstream", "l": "local", "d": "downstream"}
    for k, shown in enumerate(s):
        page.evaluate("k => { const n = document.querySelector('.gs-bar input[type=range]');"
                      "n.value = k; n.dispatchEvent(new Event('input')) }", k)  # fmt: skip
        assert frame(page) == k
        boxes = page.evaluate(BOXES)
        for box in boxes:
            box["slot"] = box["slot"] and f"{kinds[box['slot'][0]]}-{box['slot'][1:]}"
        fits(s, shown, boxes)


@pytest.mark.parametrize("name", LECTURE)
def test_each_text_of_the_player_fits(page, name):
    each_text_fits(page, LECTURE[name]())


@examples(12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=programs())
def test_texts_of_random_graphs_fit_in_the_player(page, text):
    each_text_fits(page, stepped(text))


FILLED = """() => Object.fromEntries([...document.querySelectorAll('.gs-stage [data-slot]')].map(
    node => [node.dataset.slot, !!node.firstChild]))"""


def test_colours_of_neurons_come_and_go_with_their_steps(opened):
    s = gs.stepper(
        "h = tanh(W1 @ x + b); f = W2 @ h", style=gs.Style(drawn="neurons"), forward=True,
        x=[1, -2], W1=[[0.5, -1], [2, 0.25], [0, 1]], b=[0.1, -0.3, 0], W2=[1, -1, 2],
    )  # fmt: skip
    page = opened(s)
    page.focus(".graphstep-figure")
    places = {short(place.slot): place.slot for place in s.drawing.places}
    order = [*range(len(s)), *range(len(s) - 2, -1, -1)]
    for before, k in zip([0, *order], order, strict=False):
        if k != before:
            page.keyboard.press("ArrowRight" if k > before else "ArrowLeft")
        assert page.evaluate(FILLED) == {
            name: s.appears[slot] <= k for name, slot in places.items()
        }
        assert page.inner_text(".gs-caption") == s[k].caption
    assert not page.query_selector_all(".gs-stage rect.u")
