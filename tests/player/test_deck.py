"""A deck that steps in a real Chromium: fragments, links, notes, print, sizes."""

import re

import pytest
from browsing import BROWSER, until
from browsing_deck import DISPLAY, KINDS, PIXEL, expected, figure, line, matrix, same, seen, talk
from browsing_player import neuron
from deck_parts import signed

import graphstep as gs
from examples import first
from graphstep.formulas.tree import Name, Row, Sign
from graphstep.slides.deck import (
    SIZES,
    Code,
    Display,
    Formula,
    Run,
    Slide,
    Table,
)
from graphstep.slides.slide_plans import TEXT_SIZES

pytestmark = BROWSER


def hash_is(page, text):
    until(page, f"location.hash === '{text}'")


def test_every_fragment_shows_its_frame_forward_and_back(opened_deck):
    s = neuron(forward=True)
    page = opened_deck(talk(Slide((), (line("before"),)), Slide((Run("N"),), (figure(s),))))
    page.keyboard.press("ArrowRight")
    order = [*range(len(s)), *range(len(s) - 2, -1, -1)]
    for before, k in zip([0, *order], order, strict=False):
        if k != before:
            page.keyboard.press("ArrowRight" if k > before else "ArrowLeft")
        same(page, s[k], k)
    page.keyboard.press("ArrowLeft")
    assert page.inner_text(".present .gs-body") == "before"
    page.keyboard.press("PageDown")
    same(page, s[0], 0)
    page.keyboard.press("PageDown")
    same(page, s[1], 1)
    page.keyboard.press("PageUp")
    same(page, s[0], 0)


def test_only_the_frames_that_are_shown(opened_deck):
    s, shown = neuron(), (2, 5, 9)
    page = opened_deck(talk(Slide((), (figure(s, shown),))))
    for k, index in enumerate(shown):
        same(page, s[index], k)
        page.keyboard.press("ArrowRight")
    same(page, s[9], 2)
    page.keyboard.press("Home")
    same(page, s[2], 0)
    page.keyboard.press("End")
    same(page, s[9], 2)


def test_links_reload_and_back(opened_deck):
    s, other = neuron(), first()
    deck = talk(Slide((), (figure(other),)), Slide((), (figure(s),)), Slide((), (line("end"),)))
    page = opened_deck(deck, "#/1/0/4")
    same(page, s[5], 5)
    page.reload()
    until(page, "document.querySelector('.reveal.ready') !== null")
    same(page, s[5], 5)
    page.keyboard.press("ArrowRight")
    hash_is(page, "#/1/0/5")
    page.keyboard.press("ArrowRight")
    hash_is(page, "#/1/0/6")
    page.evaluate("history.back()")
    hash_is(page, "#/1/0/5")
    same(page, s[6], 6)
    page.evaluate("location.hash = '#/0'")
    until(page, "Reveal.getIndices().h === 0")
    same(page, other[0], 0)
    page.evaluate("location.hash = '#/1'")  # a link to a slide is one to its first frame
    until(page, "Reveal.getIndices().h === 1")
    same(page, s[0], 0)
    page.keyboard.press("ArrowRight")
    hash_is(page, "#/1/0/0")
    page.evaluate("history.back()")
    hash_is(page, "#/1")
    until(page, "document.querySelectorAll('.present .fragment.visible').length === 0")
    same(page, s[0], 0)
    page.evaluate("location.hash = '#/1/0/999'")
    until(page, "document.querySelectorAll('.present .fragment.visible').length === 9")
    same(page, s[9], 9)


def test_home_end_and_overview(opened_deck):
    s, other = neuron(), first()
    page = opened_deck(talk(Slide((), (figure(other),)), Slide((), (figure(s),))))
    page.keyboard.press("End")
    same(page, s[-1], len(s) - 1)
    page.keyboard.press("Home")
    same(page, other[0], 0)
    page.keyboard.press("End")
    page.keyboard.press("Escape")
    until(page, "Reveal.isOverview()")
    assert page.eval_on_selector_all(".gs-fallback", "ns => ns.length") == 0
    found = seen(page, ".past")
    assert {k: v for k, v in found.items() if k in expected(other[-1])} == expected(other[-1])
    page.keyboard.press("Escape")
    same(page, s[-1], len(s) - 1)
    page.keyboard.press("ArrowLeft")
    same(page, s[-2], len(s) - 2)


def test_two_figures_do_not_disturb_each_other(opened_deck):
    s = first()
    same_again = first()
    page = opened_deck(talk(*(Slide((), (figure(x),)) for x in (s, matrix(), same_again))))
    page.keyboard.press("ArrowRight")
    page.evaluate("Reveal.slide(2, 0, 1)")
    same(page, same_again[2], 2)
    page.evaluate("Reveal.slide(0, 0, 0)")
    same(page, s[1], 1)
    page.evaluate("Reveal.slide(2, 0, -1)")
    same(page, same_again[0], 0)
    ids = page.eval_on_selector_all("[id]", "ns => ns.map(n => n.id)")
    assert len(ids) == len(set(ids))


def test_arrays_step_in_both_directions(opened_deck):
    s = matrix()
    page = opened_deck(talk(Slide((), (figure(s),))))

    def stage():
        return page.inner_html(".present .gs-stage").replace(' class=""', "")

    once = []
    for k in range(len(s)):
        same(page, s[k], k)
        once.append(stage())
        page.keyboard.press("ArrowRight")
    for k in reversed(range(len(s) - 1)):
        page.keyboard.press("ArrowLeft")
        assert stage() == once[k]


def test_nothing_moves_between_frames(opened_deck):
    page = opened_deck(talk(Slide((Run("N"),), (line("above"), figure(neuron(), captions=True)))))
    boxes = set()
    for _ in range(10):
        box = page.locator(".present .gs-stage svg").bounding_box()
        boxes.add(tuple(round(box[side], 1) for side in ("x", "y", "width", "height")))
        page.keyboard.press("ArrowRight")
    assert len(boxes) == 1


def test_the_speaker_sees_the_note_of_the_current_fragment(opened_deck, context):
    s = first()
    page = opened_deck(
        talk(
            Slide((), (line("text"),), "Hello <b>all</b>\n& welcome"),
            Slide((), (figure(s),), "The slide's own note"),
            lang="en",
        )
    )
    with context.expect_page() as popup:
        page.keyboard.press("s")
    view = popup.value
    until(view, "document.querySelectorAll('iframe').length === 2")

    def note(text):
        until(view, f"document.querySelector('.value').innerText.includes({text!r})")

    note("Hello <b>all</b>")
    assert view.eval_on_selector_all(".value b", "ns => ns.length") == 0
    page.keyboard.press("ArrowRight")
    note("The slide's own note")
    note(s[0].caption)
    for k in (1, 2, 1):
        page.evaluate(f"Reveal.slide(1, 0, {k - 1})")
        note(s[k].caption)
        assert "own note" not in view.inner_text(".value")
        shown = view.frames[1]
        found = f"document.querySelectorAll('.present .fragment.visible').length === {k}"
        until(shown, found)
        same_in_frame = shown.evaluate("document.querySelector('.present svg').ariaLabel")
        assert same_in_frame == s[k].caption
    assert not view.is_visible(".pacing-title")
    view.close()


def test_print_has_a_page_for_each_frame(opened_deck):
    s = neuron()
    deck = talk(
        Slide((Run("N"),), (line("above"), figure(s))), Slide((), (line("end"),)), title="T"
    )
    page = opened_deck(deck, "?print-pdf")
    until(page, f"document.querySelectorAll('.pdf-page').length === {len(s) + 2}")
    until(page, "document.querySelectorAll('.pdf-page .gs-fallback').length === 0")
    for k in range(len(s)):
        root = f".pdf-page:nth-child({k + 2})"
        found = seen(page, root)
        wanted = expected(s[k])
        assert {slot: found[slot] for slot in wanted} == wanted
        on = page.eval_on_selector_all(f"{root} .gs-said > .on", "ns => ns.map(n => n.dataset.k)")
        assert on == [str(k)]
    pages = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    assert len(pages) == len(s) + 2


def outside(page):
    """Elements of the slide, other than hidden ones, that are not wholly on it."""
    return page.evaluate("""() => {
        const edge = document.querySelector('.present .gs-page').getBoundingClientRect();
        return [...document.querySelectorAll('.present .gs-page *')].filter(n => {
            const box = n.getBoundingClientRect();
            return box.width && box.height && getComputedStyle(n).visibility === 'visible' && !n.closest('defs, title, desc')
                && (box.left < edge.left - 1 || box.top < edge.top - 1 || box.right > edge.right + 1 || box.bottom > edge.bottom + 1);
        }).map(n => n.outerHTML.slice(0, 200)); }""")


LONG = "A sentence that goes on for as long as a sentence on a slide may ever go on. "


CROWDED = {
    "kinds": KINDS,
    "text": tuple(line(f"{k}. ", LONG * 2) for k in range(8)),
    "word": (line("x" * 400),),
    "code": (Code("\n".join(f"y = {'x + ' * 25}{k}" for k in range(22))),),
    "wide": (Display(Formula(Row((Name("f"), *[Sign("+"), Name("alpha")] * 60)), "")),),
    "table": (Table(((tuple((Run(f"column {k}"),) for k in range(9))),) * 12, ("left",) * 9),),
    "figure": (line(LONG), DISPLAY, figure(neuron(), captions=True), line(LONG * 2)),
    "net": (line(LONG * 3), figure(matrix(), captions=True), line(LONG)),
}


@pytest.mark.parametrize("aspect", SIZES)
@pytest.mark.parametrize("name", CROWDED)
def test_a_crowded_slide_shrinks_and_nothing_is_cut(opened_deck, name, aspect):
    page = opened_deck(talk(Slide((Run("A title"),), CROWDED[name]), aspect=aspect))
    for _ in range(3):
        assert outside(page) == []
        page.keyboard.press("ArrowRight")
    size = page.evaluate("document.querySelector('.gs-page').style.getPropertyValue('--size')")
    assert TEXT_SIZES[-1].text <= float(size) <= TEXT_SIZES[0].text
    assert page.locator(".gs-long").count() == 0
    assert page.evaluate("Reveal.getConfig().width") == SIZES[aspect][0]


@pytest.mark.parametrize("aspect", SIZES)
def test_a_long_title_is_smaller_and_whole(opened_deck, aspect):
    page = opened_deck(talk(Slide((Run(LONG * 4),)), title=LONG * 3, author="Ada", aspect=aspect))
    for _ in range(2):
        assert outside(page) == []
        page.keyboard.press("ArrowRight")
    page = opened_deck(talk(Slide((Run("Short"),)), title="Short", aspect=aspect))
    size = "document.querySelector('.gs-page').style.getPropertyValue('--size')"
    assert page.evaluate(size) == "1"


@pytest.mark.parametrize(("aspect", "least"), [("16:9", 0.5), ("4:3", 0.38)])
def test_words_stand_where_they_cost_a_large_figure_nothing(opened_deck, aspect, least):
    rows = [[((7 * r + 3 * c) % 11 - 5) / 4 for c in range(8)] for r in range(8)]
    s = gs.stepper(
        "h = relu(x @ w1 + b); L = cross_entropy(h @ w2, y)", y=[0, 1, 2, 0, 1, 2], b=rows[0],
        x=[row[:5] for row in rows[:6]], w1=rows[:5], w2=[row[:3] for row in rows],
    )  # fmt: skip
    page = opened_deck(talk(Slide((Run("A net"),), (figure(s, captions=True),)), aspect=aspect))
    wide = s.drawing.width
    for k, frame in enumerate(s):
        box = page.locator(".present .gs-stage svg").bounding_box()
        told = page.locator(".present .gs-told .on")
        assert told.inner_text() == frame.caption
        beside = told.bounding_box()
        assert box["width"] > least * wide
        below, right = (box[a] + box[b] for a, b in (("y", "height"), ("x", "width")))
        assert beside["y"] > below - 2 or beside["x"] > right - 2, k
        assert outside(page) == []
        page.keyboard.press("ArrowRight")


def test_what_never_fits_is_scrolled(opened_deck):
    page = opened_deck(talk(Slide((Run("A title"),), tuple(line(LONG * 3) for _ in range(40)))))
    assert page.get_attribute(".gs-long", "tabindex") == "0"
    slide = talk(Slide((Run("A title"),), (line("little"),)))
    page = opened_deck(slide)
    size = page.evaluate("document.querySelector('.gs-page').style.getPropertyValue('--size')")
    assert size == f"{TEXT_SIZES[0].text}"


@pytest.mark.parametrize(("numbering", "shown"), [("true", "2/4"), ("page", "2"), ("false", "")])
def test_logo_footer_and_numbers_are_on_every_slide(numbering, shown, opened_deck):
    page = opened_deck(signed((PIXEL, ".png"), numbering=numbering, aspect="4:3"))
    words = ["Title", "Below it", "A. Lecturer", "An institute", "2030"]
    assert (
        page.eval_on_selector_all(".present h1, .present p", "ns => ns.map(n => n.textContent)")
        == words
    )
    large = page.locator(".present .gs-logo").bounding_box()
    assert page.locator(".present .gs-foot").count() == 0
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        foot = page.locator(".present .gs-foot")
        assert foot.inner_text() == "At the foot"
        small = foot.locator(".gs-logo").bounding_box()
        assert small["height"] / large["height"] == pytest.approx(22 / 64, rel=0.01)
        assert "data:image/png" in foot.locator(".gs-logo").evaluate(
            "n => getComputedStyle(n).backgroundImage"
        )
        body = page.locator(".present .gs-page").bounding_box()
        assert body["y"] + body["height"] > small["y"] + small["height"]
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    number = page.locator(".slide-number")
    assert (re.sub(r"\s", "", number.inner_text()) if number.is_visible() else "") == shown
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    printed = page.eval_on_selector_all(
        ".gs-paper .gs-number", "ns => ns.map(n => n.textContent.replaceAll(' ', ''))"
    )
    assert (printed[1] if printed else "") == shown


def test_programs_of_a_slide_have_one_size_and_stay_between_their_edges(opened_deck):
    from graphstep.markdown import read

    text = "::: columns\n::: column {width=60%}\n```python\ndef forward(self, first, second, third):  # a rather long line\n```\n:::\n::: column\n```python\nx = 1\n```\n:::\n:::\n"
    page = opened_deck(read(f"## A\n\n{text}"))
    codes = page.locator(".present pre code")
    sizes = codes.evaluate_all("all => all.map(one => parseFloat(getComputedStyle(one).fontSize))")
    assert len(sizes) == 2
    assert max(sizes) < 1.05 * min(sizes)
    over = codes.evaluate_all("all => all.map(one => one.scrollWidth - one.clientWidth)")
    assert max(over) <= 1
