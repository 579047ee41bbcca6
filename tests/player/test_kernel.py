"""A live figure whose kernel does not answer, in a real Chromium: it says so, and shows no false number."""

import pytest
from browsing import BROWSER, until

import graphstep as gs
from graphstep.base.words import say

pytestmark = BROWSER


def widget(lang="en"):
    return gs.stepper("q = x + y; f = q * z", lang=lang, x=-2, y=5, z=-4).widget()


def alert(page):
    return " ".join(page.tab.locator("[role=alert]").all_inner_texts()).strip()


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_restart_is_told_at_once(live, lang):
    page = live(widget(lang))
    page.type("x", "3")
    assert alert(page) == ""
    page.tab.get_by_label("y =", exact=True).fill("77")  # typed, but not yet entered
    page.tab.evaluate("live.restart()")
    assert alert(page) == say("player.kernel_gone", lang)
    assert [page.shown(name) for name in "xyz"] == ["3", "5", "-4"]
    assert page.tab.locator(".gs-inputs input:disabled").count() == 6
    page.tab.focus(".graphstep-figure")
    page.tab.keyboard.press("ArrowRight")  # it still steps
    assert page.tab.input_value(".gs-bar input[type=number]") == "2"


def test_a_kernel_that_does_not_answer_is_told(live):
    page = live(widget())
    box = page.tab.get_by_label("x =", exact=True)
    box.fill("9")
    page.tab.keyboard.press("Enter")
    until(page.tab, "document.querySelector('p.gs-error:not(:empty)') !== null")
    assert alert(page) == say("player.kernel_silent")
    assert page.shown("x") == "-2"
    assert page.tab.text_content("[data-slot=v0]") == "−2"
    page.tell()  # it was only busy
    assert alert(page) == ""
    assert page.shown("x") == "9"
    assert page.tab.text_content("[data-slot=v0]") == "9"


def test_a_link_that_comes_back_is_found(live):
    page = live(widget())
    page.tab.evaluate("live.restart()")
    assert alert(page) != ""
    page.tab.evaluate("live.reconnect()")
    page.tell()
    assert alert(page) == ""
    page.type("x", "1")
    assert page.widget.inputs["x"] == 1


def test_no_sentence_is_about_other_numbers(live):
    """Frames that were not shown since the inputs changed: their sentences are gone with the kernel."""
    page = live(widget())
    page.type("z", "7")

    def caption():
        return page.tab.inner_text(".gs-caption")

    page.tab.click("button.gs-code-open")
    assert "z = 7.0" in page.tab.inner_text(".gs-code")
    page.type("z", "7.5")
    assert "z = 7.5" in page.tab.inner_text(".gs-code")
    page.tab.click("button.gs-forward")
    page.tell()
    assert caption() == page.widget.stepper[1].caption
    page.tab.evaluate("live.restart()")
    for _ in range(2, len(page.widget.stepper)):
        page.tab.click("button.gs-forward")
        assert caption() == say("player.kernel_words")
        assert page.tab.locator(".gs-formulas > *").count() == 0
    for node in range(5):
        page.tab.select_option("select[aria-label='Look closer']", f"n{node}")
        assert "−4" not in page.tab.inner_text(".gs-detail")  # z as it was
    page.tab.select_option("select[aria-label='Paths from an input']", "x")
    assert page.tab.locator(".gs-terms li").count() == 0
    page.tab.click("button.gs-first")
    assert caption() == page.widget.stepper[0].caption
