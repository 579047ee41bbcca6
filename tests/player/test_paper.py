"""Pages and decks that are printed from Chromium, as Ctrl+P does it, opened again with poppler."""

import shutil
import subprocess

import pytest
from browsing import BROWSER, LECTURE, until
from browsing_deck import DISPLAY, KINDS, figure, line, same, talk
from browsing_player import neuron

import graphstep as gs
from graphstep.slides.deck import Code, Run, Slide, Table

pytestmark = [
    *BROWSER,
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no poppler"),
]


@pytest.fixture
def printed(tmp_path):
    """The texts of the pages of a printed page."""

    def print_(page):
        target = tmp_path / "printed.pdf"
        page.pdf(path=target, prefer_css_page_size=True)
        text = subprocess.run(
            ["pdftotext", "-raw", target, "-"], capture_output=True, text=True, check=True
        )
        return text.stdout.split("\f")[:-1]

    return print_


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_deck_has_a_page_for_each_step(opened_deck, printed, theme):
    """Titles, texts, formulas, numbers and words of each step; then all is as it was."""
    s = neuron()
    deck = talk(
        Slide((Run("Section"),)),
        Slide((Run("A figure"),), (line("above"), figure(s, captions=True), line("below"))),
        Slide((Run("Kinds"),), KINDS),
        title="The talk", author="Ada", theme=theme,
    )  # fmt: skip
    page = opened_deck(deck, "#/2/0/3")
    same(page, s[4], 4)
    pages = printed(page)
    assert len(pages) == 3 + len(s)
    assert "The talk" in pages[0]
    assert "Ada" in pages[0]
    assert "Section" in pages[1]
    for k, frame in enumerate(s):
        words = close(pages[2 + k])
        values = [text for slot, text in frame.texts.items() if slot.kind in ("value", "upstream")]
        for text in ("A figure", "above", "below", frame.caption, "3 / 4", *values):
            assert close(text) in words
    kinds = pages[-1]
    for word in ("Kinds", "Bold", "nested", "quoted", "Heading", "def f(x)"):
        assert word in kinds
    assert page.locator(".gs-paper").count() == 0
    same(page, s[4], 4)
    page.keyboard.press("ArrowRight")
    assert page.inner_text(".present .gs-told .on") == s[5].caption


def close(text):
    """A text without white space: lines are broken, and signs spaced, as on the page."""
    return "".join(text.split())


LONG = "A sentence that goes on for as long as a sentence on a slide may ever go on. "
MUCH = {
    "text": tuple(line(f"({k}) ", LONG * 3) for k in range(30)),
    "code": (Code("\n".join(f"({k})" for k in range(60))),),
    "table": (Table((((Run("head"),),), *(((Run(f"({k})"),),) for k in range(50))), ("left",)),),
    "cells": (Table((((Run("head"),),), *(((Run(f"({k}) " + LONG * 12),),) for k in range(9))), ("left",)),),
    "figure": (*(line(f"({k}) ", LONG * 2) for k in range(28)), DISPLAY, figure(neuron(), (2,))),
}  # fmt: skip


@pytest.mark.parametrize("link", ["", "?print-pdf"])
@pytest.mark.parametrize("name", MUCH)
def test_what_is_too_long_goes_on_on_the_next_page(opened_deck, printed, name, link):
    page = opened_deck(talk(Slide((Run("Much"),), MUCH[name]), Slide((), (line("the end"),))), link)
    if link:
        until(page, "document.querySelector('.pdf-page.gs-flow') !== null")
    pages = printed(page)
    assert len(pages) > 2
    assert "the end" in pages[-1]
    whole = "".join(pages[:-1])
    count = sum(f"({k})" in whole for k in range(60))
    assert count == {"text": 30, "code": 60, "table": 50, "cells": 9, "figure": 28}[name]
    if name == "figure":
        assert all(text in whole for text in neuron()[2].texts.values())


def test_a_deck_without_scripts_is_printed_whole(browser, printed, tmp_path):
    from graphstep.player import reveal_deck

    deck = talk(
        Slide((Run("Much"),), MUCH["text"]),
        Slide((), (figure(neuron()),)),
        Slide((), (line("the end"),)),
    )
    (tmp_path / "d.html").write_text(reveal_deck.deck(deck), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"file://{tmp_path / 'd.html'}")
    pages = printed(page)
    context.close()
    assert all(f"({k})" in "".join(pages) for k in range(30))
    assert any("0.73" in text for text in pages)
    assert "the end" in pages[-1]


@pytest.mark.parametrize("name", ["section 2", "a net", "long names"])
def test_a_page_is_printed_with_the_whole_figure_and_its_words(opened, printed, name):
    s = LECTURE[name]()
    page = opened(s, "#frame=4")
    for _ in range(4):
        page.click("button.gs-larger")  # on paper it is whole all the same
    text = close(" ".join(printed(page)))
    assert close(s[3].caption) in text
    numbers = [
        text
        for slot, text in s[3].texts.items()
        if slot.kind == "value" and text[0] in "-−0123456789" and "×" not in text
    ]
    assert all(number in text for number in numbers)
    assert "Predict" not in text


def test_a_long_chain_is_whole_on_paper(opened, printed):
    text = "x0 = x * 1.1\n" + "".join(f"x{i} = sin(x{i - 1})\n" for i in range(1, 40))
    page = opened(gs.stepper(text, x=1))
    pages = printed(page)
    assert len(pages) == 1
    assert "x₀ = 1.10" in pages[0]
    assert pages[0].count("x₃₉ = 0.26") == 2  # in the sentence, and in the figure
