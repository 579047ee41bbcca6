"""The formulas of each step on a page and in a widget: those of the deck, hidden while they are asked for."""

from pathlib import Path

import pytest
from browsing import BROWSER, LECTURE, net
from browsing_player import frame, neuron

import graphstep as gs
from graphstep.explain.step_kinds import WAYS
from graphstep.look.style import PAGES, PALETTES
from graphstep.player import assets
from graphstep.player.reveal_deck import _said

pytestmark = BROWSER

FIGURES = {
    **LECTURE,
    "x reused": lambda: gs.stepper("f = x*y + x**2 + sin(x)", x=2, y=3, lang="ru"),
    "no numbers": lambda: gs.stepper("q = x + y; f = q * exp(z)"),
    "a long sum": lambda: gs.stepper("f = " + " + ".join(f"x**{k}" for k in range(2, 12)), x=2),
    "sixty gates": lambda: gs.stepper(net(55), inputs=dict.fromkeys(net(55).inputs, 0.5)),
    **{by: lambda by=by: neuron(by=by, forward=True) for by in WAYS},
}

SHOWN = "document.querySelector('.gs-formulas').innerHTML"
NORMAL = "html => new DOMParser().parseFromString(html, 'text/html').body.innerHTML"


def of_the_deck(page, frame):
    """The formulas of a frame as a deck has them, as the browser writes them."""
    html = _said(frame) if frame.equations else ""
    return page.evaluate(NORMAL, html.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', ""))


@pytest.mark.parametrize("name", FIGURES)
def test_each_frame_has_the_formulas_of_the_deck(opened, name):
    """On the way forward and back; without them there would be no line in numbers either."""
    s = FIGURES[name]()
    page = opened(s)
    page.focus(".graphstep-figure")
    wanted = [of_the_deck(page, one) for one in s]
    assert any(wanted)
    for k in [*range(len(s)), *range(len(s) - 2, -1, -1)]:
        if k != frame(page):
            page.keyboard.press("ArrowRight" if k > frame(page) else "ArrowLeft")
        assert page.evaluate(SHOWN) == wanted[k], k
        assert s[k].equations or not s[k].legend


def test_a_page_of_some_steps_has_all_and_begins_with_the_first_of_them(opened):
    s = neuron()
    page = opened(s.showing((4, 6)))
    for k in range(4, len(s)):
        assert frame(page) == k
        assert page.inner_text(".gs-caption") == s[k].caption
        assert page.evaluate(SHOWN) == of_the_deck(page, s[k])
        page.click("button.gs-forward", force=True)


def test_formulas_are_hidden_until_their_numbers_are_known(opened):
    s = gs.stepper("f = (x + y) * z", x=-2, y=5, z=-4)
    page = opened(s.quiz())
    assert page.evaluate(SHOWN) == of_the_deck(page, s[0])
    for k in (2, 3):
        page.click("button.gs-forward")
        page.click("button.gs-forward", force=True) if k == 2 else None
        while page.locator(".gs-asked input").count():
            assert page.evaluate(SHOWN) == ""
            assert page.inner_text(".gs-caption") == ""
            page.click(".gs-asked button:not([type=submit])")
        assert page.evaluate(SHOWN) == of_the_deck(page, s[k])
    page.click("button.gs-back")
    assert page.evaluate(SHOWN) == of_the_deck(page, s[2])


def test_a_step_is_announced_once(opened):
    s = neuron()
    page = opened(s)
    page.click("button.gs-forward")
    live = page.locator("[aria-live], [role=status], [role=alert], output")
    assert live.all_text_contents() == [s[1].caption]
    assert page.locator("[aria-live] math, [role=status] math").count() == 0
    assert page.locator(".gs-formulas[role], .gs-formulas[aria-label]").count() == 0


def test_a_changed_input_changes_the_formulas(live):
    w = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4).widget()
    page = live(w)
    page.tab.click("button.gs-last")
    page.tell()
    page.type("z", "7")
    now = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=7)
    for k in range(len(now) - 1, -1, -1):
        assert page.tab.evaluate(SHOWN) == of_the_deck(page.tab, now[k]), k
        page.tab.click("button.gs-back", force=True)
        page.tell()


def luminance(colour):
    def linear(part):
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", PAGES)
@pytest.mark.parametrize("palette", PALETTES)
def test_factors_have_the_colours_of_their_numbers_and_can_be_read(tab, theme, palette):
    s = gs.stepper("f = (x + y) * z", x=-2, y=5, z=-4, style=gs.Style(palette=palette))
    tab.set_content(f"<body style='background:{PAGES[theme]}'>{s._repr_html_()}</body>")
    for _ in range(2):
        tab.click("button.gs-forward")
    ink = PALETTES[palette][theme == "dark"].parts
    paper = [int(PAGES[theme][k : k + 2], 16) for k in (1, 3, 5)]
    for kind in ("upstream", "local", "downstream"):
        colour = tab.eval_on_selector(f".gs-formulas .gs-{kind}", "n => getComputedStyle(n).color")
        shown = [int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
        assert "#{:02x}{:02x}{:02x}".format(*shown) == ink[kind]
        assert contrast(shown, paper) >= 4.5
        assert tab.text_content(f".gs-formulas munder.gs-{kind} mtext").startswith(kind)
    plain = tab.eval_on_selector(".gs-formulas mo", "n => getComputedStyle(n).color")
    assert contrast([int(p) for p in plain[4:-1].split(",")], paper) >= 4.5


BUILT = """async ([heads, leaf]) => { const { formulasOf } = await import("http://modules.test/formulas.js");
    const made = formulasOf({ heads, forms: ["A0)"], leaves: [leaf], frames: ["0 0"] }, 0);
    document.body.replaceChildren(...made);
    return [document.querySelectorAll("math > *").length, document.body.textContent]; }"""


@pytest.fixture
def built(browser):
    """What formulas of hostile data become; data is made by Python, this is the second lock."""
    page = browser.new_page()
    modules = Path(assets.__file__).parent / "static" / "modules"
    page.route("http://modules.test/*.js", lambda route: route.fulfill(
        path=modules / route.request.url.rpartition("/")[2],
        content_type="text/javascript", headers={"access-control-allow-origin": "*"}))  # fmt: skip
    yield lambda head, leaf="x": page.evaluate(BUILT, [{"A": head}, leaf])
    assert page.evaluate("window.hacked") is None
    page.close()


def test_texts_of_formulas_never_become_markup(built):
    hostile = "<img src=x onerror=window.hacked=1>"
    assert built(["math"], hostile) == [1, hostile]


@pytest.mark.parametrize(
    "head",
    [["script"], ["img"], ["annotation-xml"], ["maction"], ["semantics"],
     ["math", "", {"onclick": "window.hacked=1"}], ["math", "", {"href": "javascript:hacked=1"}],
     ["math", "", {"style": "color:red"}]],
)  # fmt: skip
def test_only_elements_and_attributes_of_formulas_are_made(built, head):
    with pytest.raises(Exception, match=head[0]):
        built(head)


@pytest.mark.parametrize("name", ["w0", "x_max", "alpha1_2", "loss", "w_12_3", "λ", "x1y"])
def test_names_have_their_indexes(opened, name):
    s = gs.stepper(f"f = exp({name}) * 2", inputs={name: 1})
    page = opened(s, "#frame=4")
    assert page.evaluate(SHOWN) == of_the_deck(page, s[3])


def test_a_derivative_in_a_sentence_stays_on_one_line(opened):
    """A browser may break a line after any slash."""
    s = gs.stepper("hidden = x*y + z; loss = hidden * hidden", lang="ru")
    page = opened(s)
    page.focus(".graphstep-figure")
    lines = "(nodes) => nodes.map((node) => [node.innerText, node.getClientRects().length])"
    for wide in (320, 390, 500, 640, 1280):
        page.set_viewport_size({"width": wide, "height": 900})
        page.keyboard.press("Home")
        for k in range(len(s)):
            found = page.eval_on_selector_all(".gs-caption .gs-one", lines)
            assert len(found) == s[k].caption.count("/∂"), s[k].caption
            assert all(count == 1 for _, count in found), (wide, found)
            assert page.inner_text(".gs-caption") == s[k].caption
            page.keyboard.press("ArrowRight")
