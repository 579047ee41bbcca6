"""The page of a deck: hostile texts, languages, themes, policy, accessibility, equal bytes."""

import base64
import re

import pytest
from axe_core_python.sync_playwright import Axe
from browsing import BROWSER
from browsing_deck import KINDS, figure, line, same, talk
from browsing_player import neuron

import graphstep as gs
from examples import first
from graphstep.look.png import png
from graphstep.outputs import save, save_deck
from graphstep.player import reveal_deck as reveal
from graphstep.slides.deck import (
    Code,
    Picture,
    Run,
    Slide,
    Table,
)

pytestmark = BROWSER


HOSTILE = "</script><img src=x onerror=alert(1)><!-- \"'&<script>alert(2)</script>"


def test_without_scripts_a_picture_of_the_last_frame_stays(browser, tmp_path):
    s = first()
    (tmp_path / "d.html").write_text(
        reveal.deck(talk(Slide((Run("N"),), (figure(s),)), Slide((), (line("end"),)))), "utf-8"
    )
    made = browser.new_context(java_script_enabled=False)
    page = made.new_page()
    page.goto(f"file://{tmp_path / 'd.html'}")
    assert page.locator(".gs-fallback").bounding_box()["width"] > 300
    assert page.get_attribute(".gs-fallback", "alt") == s[-1].caption
    assert page.is_visible("text=end")
    made.close()
    data = re.search(r'src="data:image/svg\+xml;base64,([^"]*)"', reveal.whole(s))[1]
    assert png(base64.b64decode(data).decode()) == png(s[-1].picture("light"))


def test_hostile_texts_are_texts(opened_deck):
    s = gs.stepper(gs.parse("x*y"), x=1, y=2)
    deck = talk(
        Slide((Run(HOSTILE),)),
        Slide(
            (Run(HOSTILE),),
            (
                line(HOSTILE, Run(HOSTILE, code=True), Run("a", link="javascript:alert(1)"),
                     Run("b", link=" java\tscript:alert(1)"), Run("c", link="java\x01script:alert(1)"),
                     Run("d", link='https://example.org/"onclick="alert(1)'), Run("e", link="#/0"),
                     Run("f", link="files/a.pdf"), Run("g", link="data:text/html,x"),
                     Run("h", link="java\ud800script:alert(1)"), Run("i", link="mailto:a@example.org")),
                Code(HOSTILE, HOSTILE),
                Picture(b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
                        ".svg", HOSTILE),
                Table((((Run(HOSTILE),),),), ("left",)),
            ),
            HOSTILE,
        ),
        Slide((), (figure(s),), HOSTILE),
        title=HOSTILE, author=HOSTILE, date=HOSTILE, subtitle=HOSTILE, institute=HOSTILE,
        footer=HOSTILE,
    )  # fmt: skip
    page = opened_deck(deck, "#/2")
    page.on("dialog", lambda _: pytest.fail("a dialog"))
    assert page.title() == HOSTILE
    assert page.inner_text(".present h2") == HOSTILE
    assert page.inner_text(".present pre") == HOSTILE
    assert page.get_attribute(".present .gs-picture", "alt") == HOSTILE
    links = page.eval_on_selector_all(".present a", "ns => ns.map(n => n.textContent)")
    assert links == ["d", "i"]
    assert page.eval_on_selector_all("[onclick], [onerror]", "ns => ns.length") == 0
    assert page.get_attribute(".present a >> nth=0", "rel") == "noopener"
    page.keyboard.press("ArrowRight")
    same(page, s[0], 0)


def test_title_sections_language_and_theme(opened_deck):
    s = first(lang="ru")
    deck = talk(
        Slide((Run("Скаляры"),)), Slide((Run("Шаги"),), (figure(s, captions=True),)),
        title="Лекция", author="Автор", date="2026", lang="ru", theme="dark", aspect="4:3",
    )  # fmt: skip
    page = opened_deck(deck)
    assert page.get_attribute("html", "lang") == "ru"
    assert page.title() == "Лекция"
    assert page.inner_text(".present").split() == ["Лекция", "Автор", "2026"]
    assert page.get_attribute(".navigate-right", "aria-label") == "Вперёд"
    assert page.inner_text(".slide-number").split() == ["1", "/", "3"]
    page.keyboard.press("ArrowRight")
    assert page.inner_text(".present h1") == "Скаляры"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    same(page, s[1], 1)
    assert page.inner_text(".gs-live") == s[1].caption
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 17, 23)"
    fill = page.evaluate("getComputedStyle(document.querySelector('.present .v')).fill")
    assert fill == "rgb(94, 234, 212)"
    assert page.evaluate("document.fonts.check('18px \"STIX Two Math\"')")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessibility(opened_deck, theme):
    deck = talk(
        Slide((Run("Kinds"),), KINDS), Slide((Run("Steps"),), (figure(first(), captions=True),)),
        title="Title", theme=theme,
    )  # fmt: skip
    page = opened_deck(deck)
    for _ in range(4):
        found = Axe().run(page)["violations"]
        assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
        page.keyboard.press("ArrowRight")


def test_same_bytes(tmp_path):
    one, other = reveal.whole(neuron()), reveal.whole(neuron())
    assert one == other
    save(neuron(), tmp_path / "f.deck.html")
    assert (tmp_path / "f.deck.html").read_text(encoding="utf-8") == one
    deck = talk(Slide((Run("A"),), KINDS), title="T")
    save_deck(deck, tmp_path / "d.html")
    assert (tmp_path / "d.html").read_text(encoding="utf-8") == reveal.deck(deck)


def test_the_page_is_whole_and_strict():
    page = reveal.deck(talk(Slide((), KINDS)))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert page.count("font/woff2") == 1
    plain_ = reveal.deck(talk(Slide((), (line("no formulas"),))))
    assert "font/woff2" not in plain_
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 1
    assert "reveal.js" in scripts[0]


def test_an_empty_deck_opens(opened_deck):
    page = opened_deck(talk())
    assert page.inner_text(".present") == ""


def test_a_deck_has_the_notices_of_all_that_is_in_it():
    page = reveal.whole(gs.stepper("f = x * y", x=2, y=3))
    for owner in (
        "Hakim El Hattab",
        "Rik Schennink",
        "MarkedJS",
        "Christopher Jeffrey",
        "John Gruber",
    ):
        assert owner in page
    assert page.count("permission notice shall be included") >= 2
