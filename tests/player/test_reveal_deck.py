"""A deck in a real Chromium, opened from a file: fragments, links, notes, print, sizes, policy."""

import base64
import re

import pytest
from axe_core_python.sync_playwright import Axe
from browsing import BROWSER, until

import graphstep as gs
from examples import NEURON, NEURON_INPUTS
from graphstep.drawing.stage import short
from graphstep.figure.deck import (
    SIZES,
    Code,
    Deck,
    Display,
    FigureBlock,
    Formula,
    Heading,
    Items,
    Meta,
    Paragraph,
    Picture,
    Quote,
    Run,
    Slide,
    Table,
    sentence,
)
from graphstep.formulas.tree import Frac, Name, Row, Scripts, Sign
from graphstep.outputs import save, save_deck
from graphstep.player import reveal_deck as reveal

pytestmark = BROWSER
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
HOSTILE = "</script><img src=x onerror=alert(1)><!-- \"'&<script>alert(2)</script>"


def first(**options):
    return gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4, **options)


def neuron(**options):
    return gs.stepper(NEURON, **NEURON_INPUTS, **options)


def matrix(**options):
    return gs.stepper("q = W @ x; f = l2(q)", W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4], **options)


def line(*parts):
    return Paragraph(tuple(Run(part) if isinstance(part, str) else part for part in parts))


def figure(stepper, shown=None, captions=False):
    return FigureBlock(stepper, tuple(range(len(stepper))) if shown is None else shown, captions)


def talk(*slides, **meta):
    return Deck(Meta(**meta), slides)


DISPLAY = Display(Formula(Row((Name("f"), Sign("="), Frac(Name("alpha"), Name("beta")))), "f"))
KINDS = (
    line("Bold ", Run("b", bold=True, italic=True), Run("c", code=True), Run("s", struck=True),
         Run("link", link="https://example.org/"), Formula(Scripts(Name("x"), None, Name("n"))),
         Run("\n"), Picture(PIXEL, ".png", "a dot")),
    Heading((Run("Heading"),), 2),
    Items(((line("one"), Items(((line("nested"),),), 3)), (line("two"),))),
    Quote((line("quoted"),)),
    DISPLAY,
    Code("def f(x):\n\treturn x < 2 and '&'\n", "python"),
    Table((((Run("a"),), (Run("b"),)), ((Run("1"),), (Run("2"),))), ("left", "right")),
    Picture(PIXEL, ".png", "a picture"),
)  # fmt: skip


@pytest.fixture
def context(browser):
    """A window of its own, in which nothing may be asked for and nothing may go wrong."""
    made = browser.new_context(viewport={"width": 960, "height": 540})
    problems = []

    def watch(page):
        page.on(
            "console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith(LOCAL) else problems.append(r.url))

    made.on("page", watch)
    yield made
    assert problems == []
    made.close()


LOCAL = ("file:", "data:", "about:")


@pytest.fixture
def opened(context, tmp_path):
    """Opens a deck from a file, at a link."""
    tab = context.new_page()

    def open_(deck, link="", name="d.html"):
        (tmp_path / name).write_text(reveal.deck(deck), encoding="utf-8")
        tab.goto("about:blank")
        tab.goto(f"file://{tmp_path / name}{link}")
        until(tab, "document.querySelector('.reveal.ready, .pdf-page') !== null")
        return tab

    return open_


def seen(page, root=".present"):
    """What stands in each slot of the figure on the slide."""
    return page.evaluate(
        """(root) => Object.fromEntries([...document.querySelectorAll(root + ' .gs-stage > svg [data-slot]')]
        .map(n => [n.dataset.slot, n.tagName === 'text' ? (n.lastChild?.textContent || '') : n.textContent.trim()]))""",
        root,
    )


def expected(frame):
    """The texts of a frame as Python has them, of slots with numbers that are drawn."""
    s, texts = frame.figure, frame.texts
    drawn = [place.slot for place in s.drawing.places if not place.height]
    return {
        short(slot): (f"[{texts[slot]}]" if slot.kind == "local" else texts[slot])
        if slot in texts
        else ""
        for slot in drawn
    }


def under(page):
    """The index of what is seen under the figure, and whether it is formulas or a sentence."""
    return page.evaluate("""() => [...document.querySelectorAll('.present .gs-said > *')]
        .filter(n => getComputedStyle(n).visibility === 'visible').map(n => [+n.dataset.k,
            n.querySelector('math') ? 'math' : n.textContent])""")


def same(page, frame, k):
    """Whether the slide shows a frame, fragment k: its numbers, its formulas or its sentence."""
    found = seen(page)
    wanted = expected(frame)
    assert {slot: found[slot] for slot in wanted} == wanted
    assert page.get_attribute(".present .gs-stage svg", "aria-label") == frame.caption
    assert under(page) == [[k, "math" if frame.equations else sentence(frame)]]


def hash_is(page, text):
    until(page, f"location.hash === '{text}'")


def test_every_fragment_shows_its_frame_forward_and_back(opened):
    s = neuron(forward=True)
    page = opened(talk(Slide((), (line("before"),)), Slide((Run("N"),), (figure(s),))))
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


def test_only_the_frames_that_are_shown(opened):
    s, shown = neuron(), (2, 5, 9)
    page = opened(talk(Slide((), (figure(s, shown),))))
    for k, index in enumerate(shown):
        same(page, s[index], k)
        page.keyboard.press("ArrowRight")
    same(page, s[9], 2)
    page.keyboard.press("Home")
    same(page, s[2], 0)
    page.keyboard.press("End")
    same(page, s[9], 2)


def test_links_reload_and_back(opened):
    s, other = neuron(), first()
    deck = talk(Slide((), (figure(other),)), Slide((), (figure(s),)), Slide((), (line("end"),)))
    page = opened(deck, "#/1/0/4")
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


def test_home_end_and_overview(opened):
    s, other = neuron(), first()
    page = opened(talk(Slide((), (figure(other),)), Slide((), (figure(s),))))
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


def test_two_figures_do_not_disturb_each_other(opened):
    s = first()
    same_again = first()
    page = opened(talk(*(Slide((), (figure(x),)) for x in (s, matrix(), same_again))))
    page.keyboard.press("ArrowRight")
    page.evaluate("Reveal.slide(2, 0, 1)")
    same(page, same_again[2], 2)
    page.evaluate("Reveal.slide(0, 0, 0)")
    same(page, s[1], 1)
    page.evaluate("Reveal.slide(2, 0, -1)")
    same(page, same_again[0], 0)
    ids = page.eval_on_selector_all("[id]", "ns => ns.map(n => n.id)")
    assert len(ids) == len(set(ids))


def test_arrays_step_in_both_directions(opened):
    s = matrix()
    page = opened(talk(Slide((), (figure(s),))))

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


def test_nothing_moves_between_frames(opened):
    page = opened(talk(Slide((Run("N"),), (line("above"), figure(neuron(), captions=True)))))
    boxes = set()
    for _ in range(10):
        box = page.locator(".present .gs-stage svg").bounding_box()
        boxes.add(tuple(round(box[side], 1) for side in ("x", "y", "width", "height")))
        page.keyboard.press("ArrowRight")
    assert len(boxes) == 1


def test_the_speaker_sees_the_note_of_the_current_fragment(opened, context):
    s = first()
    page = opened(
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


def test_print_has_a_page_for_each_frame(opened):
    s = neuron()
    deck = talk(
        Slide((Run("N"),), (line("above"), figure(s))), Slide((), (line("end"),)), title="T"
    )
    page = opened(deck, "?print-pdf")
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
    assert base64.b64decode(data).decode() == s[-1].picture("light")


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
def test_a_crowded_slide_shrinks_and_nothing_is_cut(opened, name, aspect):
    page = opened(talk(Slide((Run("A title"),), CROWDED[name]), aspect=aspect))
    for _ in range(3):
        assert outside(page) == []
        page.keyboard.press("ArrowRight")
    size = page.evaluate("document.querySelector('.gs-page').style.getPropertyValue('--size')")
    assert 0.6 <= float(size) <= 1
    assert page.locator(".gs-long").count() == 0
    assert page.evaluate("Reveal.getConfig().width") == SIZES[aspect][0]


@pytest.mark.parametrize("aspect", SIZES)
def test_a_long_title_is_smaller_and_whole(opened, aspect):
    page = opened(talk(Slide((Run(LONG * 4),)), title=LONG * 3, author="Ada", aspect=aspect))
    for _ in range(2):
        assert outside(page) == []
        page.keyboard.press("ArrowRight")
    page = opened(talk(Slide((Run("Short"),)), title="Short", aspect=aspect))
    size = "document.querySelector('.gs-page').style.getPropertyValue('--size')"
    assert page.evaluate(size) == "1"


@pytest.mark.parametrize(("aspect", "least"), [("16:9", 0.5), ("4:3", 0.38)])
def test_words_stand_where_they_cost_a_large_figure_nothing(opened, aspect, least):
    rows = [[((7 * r + 3 * c) % 11 - 5) / 4 for c in range(8)] for r in range(8)]
    s = gs.stepper(
        "h = relu(x @ w1 + b); L = cross_entropy(h @ w2, y)", y=[0, 1, 2, 0, 1, 2], b=rows[0],
        x=[row[:5] for row in rows[:6]], w1=rows[:5], w2=[row[:3] for row in rows],
    )  # fmt: skip
    page = opened(talk(Slide((Run("A net"),), (figure(s, captions=True),)), aspect=aspect))
    wide = s.drawing.width
    for k, frame in enumerate(s):
        box = page.locator(".present .gs-stage svg").bounding_box()
        told = page.locator(".present .gs-told .on")
        assert told.inner_text() == sentence(frame)
        beside = told.bounding_box()
        assert box["width"] > least * wide
        below, right = (box[a] + box[b] for a, b in (("y", "height"), ("x", "width")))
        assert beside["y"] > below - 2 or beside["x"] > right - 2, k
        assert outside(page) == []
        page.keyboard.press("ArrowRight")


def test_what_never_fits_is_scrolled(opened):
    page = opened(talk(Slide((Run("A title"),), tuple(line(LONG * 3) for _ in range(40)))))
    assert page.get_attribute(".gs-long", "tabindex") == "0"
    slide = talk(Slide((Run("A title"),), (line("little"),)))
    page = opened(slide)
    assert (
        page.evaluate("document.querySelector('.gs-page').style.getPropertyValue('--size')") == "1"
    )


def test_hostile_texts_are_texts(opened):
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
        title=HOSTILE, author=HOSTILE, date=HOSTILE,
    )  # fmt: skip
    page = opened(deck, "#/2")
    page.on("dialog", lambda _: pytest.fail("a dialog"))
    assert page.title() == HOSTILE
    assert page.inner_text(".present h2") == HOSTILE
    assert page.inner_text(".present pre") == HOSTILE
    assert page.get_attribute(".present .gs-picture", "alt") == HOSTILE
    links = page.eval_on_selector_all(".present a", "ns => ns.map(n => n.textContent)")
    assert links == ["d", "e", "f", "i"]
    assert page.eval_on_selector_all("[onclick], [onerror]", "ns => ns.length") == 0
    assert page.get_attribute(".present a >> nth=0", "rel") == "noopener"
    page.keyboard.press("ArrowRight")
    same(page, s[0], 0)


def test_title_sections_language_and_theme(opened):
    s = first(lang="ru")
    deck = talk(
        Slide((Run("Скаляры"),)), Slide((Run("Шаги"),), (figure(s, captions=True),)),
        title="Лекция", author="Автор", date="2026", lang="ru", theme="dark", aspect="4:3",
    )  # fmt: skip
    page = opened(deck)
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
def test_accessibility(opened, theme):
    deck = talk(
        Slide((Run("Kinds"),), KINDS), Slide((Run("Steps"),), (figure(first(), captions=True),)),
        title="Title", theme=theme,
    )  # fmt: skip
    page = opened(deck)
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


def test_an_empty_deck_opens(opened):
    page = opened(talk())
    assert page.inner_text(".present") == ""
