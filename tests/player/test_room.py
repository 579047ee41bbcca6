"""How figure, sentence, formula and controls share a window: four sizes, nothing moves, nothing is cut."""

import pytest
from browsing import BROWSER, LECTURE, net, until
from browsing_player import neuron

import graphstep as gs

pytestmark = BROWSER

WINDOWS = {
    "projector": (1280, 720),
    "laptop": (1440, 900),
    "screen": (1920, 1080),
    "phone": (390, 844),
}


def small(**options):
    return gs.stepper("f = (x + y) * z", x=-2, y=5, z=-4, **options)


def sixty():
    graph = net(55)
    return gs.stepper(graph, inputs=dict.fromkeys(graph.inputs, 0.5))


FIGURES = {
    "(x + y) z": small,
    "the neuron": neuron,
    "in Russian": lambda: neuron(by="value", lang="ru"),
    "x reused": lambda: gs.stepper("f = x*y + x**2 + sin(x)", x=2, y=3),
    "no numbers": lambda: gs.stepper("q = x + y; f = q * z"),
    "section 3": LECTURE["section 3"],
    "section 4": LECTURE["section 4"],
    "a net": LECTURE["a net"],
    "sixty gates": sixty,
}

MEASURED = """async names => {
    const root = document.querySelector('.graphstep-figure'), range = root.querySelector('.gs-bar input[type=range]');
    const found = [];
    for (let k = 0; k <= +range.max; k += 1) {
        range.value = k;
        range.dispatchEvent(new Event('input'));
        await new Promise(requestAnimationFrame);
        const boxes = names.map(name => { const b = root.querySelector(name).getBoundingClientRect();
            return [b.left, b.top + scrollY, b.width, b.height].map(x => Math.round(100 * x) / 100).join(' '); });
        const words = root.querySelector('.gs-words'), page = document.documentElement, formulas = root.querySelector('.gs-formulas');
        found.push({ boxes: boxes.join('; '), cut: words.scrollHeight - words.clientHeight, wide: page.scrollWidth - innerWidth,
                     high: page.scrollHeight - innerHeight, out: formulas.scrollWidth - formulas.clientWidth });
    }
    return found; }"""
PARTS = [".gs-stage", ".gs-words", ".gs-bar", ".gs-forward", ".gs-more", ".gs-why"]
WHOLE = """() => { const s = document.querySelector('.gs-stage');
    return s.scrollWidth <= s.clientWidth + 1 && s.scrollHeight <= s.clientHeight + 1; }"""


@pytest.fixture
def window(browser, tmp_path):
    """Opens a page in a window of a size."""
    made = []

    def open_(s, size):
        width, height = WINDOWS[size]
        phone = {"has_touch": True, "is_mobile": True} if size == "phone" else {}
        made.append(browser.new_context(viewport={"width": width, "height": height}, **phone))
        page = made[-1].new_page()
        s.save(tmp_path / "f.html")
        page.goto(f"file://{tmp_path / 'f.html'}")
        return page

    yield open_
    for context in made:
        context.close()


@pytest.mark.parametrize("size", WINDOWS)
@pytest.mark.parametrize("name", FIGURES)
def test_nothing_moves_from_frame_to_frame_and_no_page_is_too_wide(window, name, size):
    page = window(FIGURES[name](), size)
    found = page.evaluate(MEASURED, PARTS)
    assert len({one["boxes"] for one in found}) == 1
    assert all(one["wide"] <= 0 for one in found)
    if name != "sixty gates":  # of whose frames only those with most to say are measured
        assert all(one["cut"] <= 1 for one in found) or page.get_attribute(".gs-words", "tabindex")


@pytest.mark.parametrize("size", ["projector", "laptop", "screen"])
@pytest.mark.parametrize("make", [small, neuron])
def test_all_is_seen_at_once(window, make, size):
    """The whole figure, each sentence and formula, and the controls, without scrolling."""
    for lang in ("en", "ru"):
        page = window(make(lang=lang), size)
        found = page.evaluate(MEASURED, PARTS)
        assert page.evaluate(WHOLE)
        assert all(one["high"] <= 0 and one["cut"] <= 1 and one["out"] <= 1 for one in found)


def test_on_a_telephone_a_small_figure_is_seen_with_all_of_its_words(window):
    page = window(small(), "phone")
    assert page.evaluate(WHOLE)
    assert all(one["high"] <= 0 and one["cut"] <= 1 for one in page.evaluate(MEASURED, PARTS))


SCALE = """document.querySelector('.gs-stage svg').getBoundingClientRect().width
    / document.querySelector('.gs-stage svg').viewBox.baseVal.width"""


@pytest.mark.parametrize(
    ("make", "size", "least"),
    [(small, "projector", 2.8), (small, "laptop", 3), (small, "screen", 3.4), (small, "phone", 1.1),
     (neuron, "projector", 1.3), (neuron, "laptop", 1.7), (neuron, "screen", 2.2)],
)  # fmt: skip
def test_a_figure_is_as_large_as_its_window_allows(window, make, size, least):
    assert window(make(), size).evaluate(SCALE) >= least


@pytest.mark.parametrize("size", ["projector", "laptop", "phone"])
def test_code_is_beside_a_figure_where_there_is_room(window, size):
    page = window(neuron(), size)
    before = page.evaluate(SCALE)
    page.click("button.gs-code-open")
    page.wait_for_timeout(200)  # the figure is arranged anew
    page.click("button.gs-last")
    body, code = (page.locator(name).bounding_box() for name in (".gs-body", ".gs-code"))
    if size == "phone":
        assert code["y"] > body["y"] + body["height"]
        return
    assert body["x"] + body["width"] <= code["x"]
    assert code["y"] + code["height"] <= page.viewport_size["height"]
    assert page.evaluate(WHOLE)
    page.click("button.gs-code-open")
    page.wait_for_timeout(200)
    assert page.evaluate(SCALE) == before


WAY = "document.querySelector('.gs-body').className"


def test_words_are_where_they_leave_a_figure_the_largest(window):
    assert window(small(), "projector").evaluate(WAY) == "gs-body gs-beside"
    assert window(neuron(), "projector").evaluate(WAY) == "gs-body gs-row"
    assert window(neuron(), "phone").evaluate(WAY) == "gs-body gs-under"


SIZES = """['.gs-stage .v', '.gs-formulas', '.gs-caption', '.gs-bar'].map(name => {
    const node = document.querySelector(name), size = parseFloat(getComputedStyle(node).fontSize);
    return size * (node.ownerSVGElement ? node.getScreenCTM().a : 1); })"""


@pytest.mark.parametrize("size", ["projector", "laptop", "screen"])
@pytest.mark.parametrize("make", [small, neuron])
def test_sizes_of_texts_have_one_order(window, make, size):
    """From the largest: numbers of the figure, about as large formulas, sentences, controls."""
    numbers, formulas, sentences, controls = window(make(), size).evaluate(SIZES)
    assert numbers >= 0.95 * formulas
    assert formulas > sentences > controls >= 13


@pytest.mark.parametrize(
    ("name", "size", "least"),
    [("(x + y) z", "projector", 22), ("(x + y) z", "laptop", 25), ("(x + y) z", "screen", 33),
     ("section 3", "screen", 33), ("the neuron", "screen", 25), ("in Russian", "screen", 25)],
)  # fmt: skip
def test_sentences_grow_with_the_window(window, name, size, least):
    """On a screen that is read from the last row, they have at least 45 % of the size of numbers."""
    numbers, _, sentences, _ = window(FIGURES[name](), size).evaluate(SIZES)
    assert sentences >= max(least, 0.45 * numbers)


def test_the_controls_of_a_telephone_are_under_the_thumb(window):
    for make in (small, neuron, sixty):
        page = window(make(), "phone")
        for scrolled in (0, 10_000):
            page.evaluate("y => scrollTo(0, y)", scrolled)
            box = page.locator(".gs-bar").first.bounding_box()
            assert box["y"] + box["height"] >= 844 - 36
            assert box["y"] + box["height"] <= 844
        for name in ("first", "back", "play", "forward", "last"):
            button = page.locator(f"button.gs-{name}").bounding_box()
            assert button["height"] >= 44
            assert button["width"] >= 44


@pytest.mark.parametrize("size", WINDOWS)
@pytest.mark.parametrize("make", [small, neuron])
def test_what_a_button_opens_is_in_view(window, make, size):
    """And on a telephone no control covers it."""
    page = window(make(), size)
    page.click("button.gs-forward")
    for button, panel in (("why", "reason"), ("all", "numbers"), ("code-open", "code")):
        page.click(f"button.gs-{button}")
        page.wait_for_timeout(50)
        box, bar = (page.locator(at).first.bounding_box() for at in (f".gs-{panel}", ".gs-bar"))
        low = bar["y"] if size == "phone" else WINDOWS[size][1]
        assert box["y"] >= 0, panel
        assert box["y"] + box["height"] <= low + 1, panel
        page.click(f"button.gs-{button}")


def test_a_formula_that_is_too_wide_is_scrolled_in_its_own_box(window):
    s = gs.stepper(f"f = {'long_name_' * 4} * x + exp({'W' * 30} * x)",
                   inputs={"long_name_" * 4: 2, "W" * 30: 1, "x": 3})  # fmt: skip
    page = window(s, "phone")
    found = page.evaluate(MEASURED, PARTS)
    assert all(one["wide"] <= 0 for one in found)
    assert any(one["out"] > 1 for one in found)
    page.locator(".gs-formulas").focus()  # with keys too
    assert page.evaluate("document.activeElement.className") == "gs-formulas"


def test_nothing_moves_in_a_quiz(window):
    """The question stands where the sentence will stand."""
    page = window(small(), "projector")
    page.click("button.gs-quiz")
    places = set()
    while True:
        places.add(page.evaluate(MEASURED.replace("k <= +range.max", "k < 1").replace(
            "range.value = k;", "").replace("range.dispatchEvent(new Event('input'));", ""), PARTS)[0]["boxes"])  # fmt: skip
        if page.locator(".gs-asked input").count():
            page.click(".gs-asked button:not([type=submit])")
        elif page.locator("button.gs-forward:disabled").count():
            break
        else:
            page.click("button.gs-forward")
    assert len(places) == 1


def test_the_plan_follows_the_window(opened):
    page = opened(neuron())
    page.set_viewport_size({"width": 1280, "height": 720})
    until(page, f"{WAY} === 'gs-body gs-row'")
    wide = page.evaluate(SCALE)
    page.set_viewport_size({"width": 800, "height": 720})
    until(page, f"{WAY} === 'gs-body gs-under'")
    page.set_viewport_size({"width": 1280, "height": 720})
    until(page, f"{WAY} === 'gs-body gs-row'")
    assert page.evaluate(SCALE) == pytest.approx(wide)


def test_among_other_texts_a_figure_leaves_them_space(tab):
    """In a notebook, and where a page has several, it is no larger than twice its texts."""
    tab.set_viewport_size({"width": 1280, "height": 720})
    tab.set_content(small()._repr_html_())
    assert 1 <= tab.evaluate(SCALE) <= 1.76
    high = tab.evaluate("document.querySelector('.graphstep-figure').offsetHeight")
    assert high <= 0.9 * 720
    assert all(one["cut"] <= 1 for one in tab.evaluate(MEASURED, PARTS))


def test_figures_that_were_out_of_sight_are_arranged_when_they_are_seen(tab):
    tab.set_content(f"<div hidden id=away>{neuron()._repr_html_()}</div>")
    tab.evaluate("document.getElementById('away').hidden = false")
    until(tab, "parseFloat(document.querySelector('.gs-words').style.height) > 100")
    assert len({one["boxes"] for one in tab.evaluate(MEASURED, PARTS)}) == 1
