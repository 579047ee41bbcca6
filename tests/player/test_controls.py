"""The controls of a figure in a real Chromium: buttons, keys, playing."""

from browsing import BROWSER, until
from browsing_player import frame, neuron

import graphstep as gs

pytestmark = BROWSER


def test_controls_and_keys(opened):
    s = neuron()
    page, end = opened(s), len(s) - 1
    for control, at in (("last", end), ("back", end - 1), ("first", 0), ("forward", 1)):
        page.click(f"button.gs-{control}")
        assert frame(page) == at
    page.focus(".graphstep-figure")
    for key, at in (("End", end), ("PageUp", end - 1), ("ArrowLeft", end - 2), ("Home", 0),
                    ("PageDown", 1), ("ArrowRight", 2), ("ArrowDown", 3), ("ArrowUp", 2)):  # fmt: skip
        page.keyboard.press(key)
        assert frame(page) == at, key
    page.fill(".gs-bar input[type=number]", "5")
    page.keyboard.press("Enter")
    assert frame(page) == 4
    page.focus(".gs-bar input[type=range]")
    page.keyboard.press("End")
    assert frame(page) == end
    assert page.is_disabled("button.gs-forward")
    assert (
        page.get_attribute(".gs-bar input[type=range]", "aria-valuetext")
        == f"frame {end + 1} of {end + 1}"
    )


def test_play_and_pause(opened):
    page = opened(neuron())
    page.select_option("select[aria-label=Speed]", "4")
    page.wait_for_timeout(600)
    assert frame(page) == 0  # it never begins by itself
    page.focus(".graphstep-figure")
    page.keyboard.press("Space")
    until(page, "document.querySelector('.gs-bar input[type=number]').value >= 3")
    assert page.inner_text(".gs-live") == neuron()[0].caption or page.inner_text(".gs-live") == ""
    page.keyboard.press("Space")
    stopped = frame(page)
    assert page.inner_text(".gs-live") == neuron()[stopped].caption
    page.wait_for_timeout(600)
    assert frame(page) == stopped


def test_keys_stay_in_the_figure(opened):
    """They work only with the focus in the figure, and the page around never sees them."""
    page = opened(neuron())
    page.evaluate("window.heard = []; document.addEventListener('keydown', e => heard.push(e.key))")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    assert frame(page) == 0
    page.focus(".graphstep-figure")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("j")
    assert frame(page) == 1
    assert page.evaluate("heard") == ["ArrowRight"]
    assert page.get_attribute(".graphstep-figure", "data-lm-suppress-shortcuts") == "true"


def test_numbers_beyond_all_bounds_break_no_page(opened):
    page = opened(gs.stepper("f = a*x + b*x", a=1e200, b=1e200, x=1))
    page.click("button.gs-last")
    assert frame(page) > 0
