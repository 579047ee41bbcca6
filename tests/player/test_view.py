"""What of a figure is in view in a real Chromium: sizes, edges, following the step, full screen."""

from itertools import pairwise

import pytest
from browsing import BROWSER, LECTURE, lecture_figures, net, until
from browsing_player import frame, neuron

import graphstep as gs
from graphstep.base.files import write
from graphstep.explain.step_kinds import WAYS
from graphstep.look.looks import SMALL
from graphstep.player.page import page as figure_page

pytestmark = BROWSER

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def chain(count=40, **options):
    text = "x0 = x * 1.1\n" + "".join(f"x{i} = sin(x{i - 1})\n" for i in range(1, count))
    return gs.stepper(text, x=1, **options)


def wide_net(gates=110, **options):
    graph = net(gates)
    return gs.stepper(graph, inputs=dict.fromkeys(graph.inputs, 0.5), **options)


@pytest.fixture
def phone(browser, tmp_path):
    """Opens a figure on a telephone."""
    context = browser.new_context(**PHONE)

    def open_(s):
        page = context.new_page()
        s.save(tmp_path / "f.html")
        page.goto(f"file://{tmp_path / 'f.html'}")
        return page

    yield open_
    context.close()


STEPPED = """([names, selector]) => names.map((name) => {
    document.querySelector(`button.gs-${name}`).click();
    const a = document.querySelector('.gs-stage').getBoundingClientRect();
    const outside = (n) => { const b = n.getBoundingClientRect();
        return b.left < a.left - 1 || b.right > a.right + 1 || b.top < a.top - 1 || b.bottom > a.bottom + 1; };
    const marked = [...document.querySelectorAll(selector)].filter(n => n.textContent);
    return [document.querySelector('.gs-bar input[type=number]').value, marked.length, marked.filter(outside).map(n => n.textContent)];
})"""

WHOLE = """() => { const s = document.querySelector('.gs-stage');
    return s.scrollWidth <= s.clientWidth + 1 && s.scrollHeight <= s.clientHeight + 1; }"""

OVER = "(s => s.scrollWidth - s.clientWidth)(document.querySelector('.gs-stage'))"
SCALE = """() => { const svg = document.querySelector('.gs-stage svg');
    return svg.getBoundingClientRect().width / svg.viewBox.baseVal.width; }"""


def more(page):
    """The sides on which buttons say that there is more."""
    shown = "ns => ns.filter(n => !n.hidden).map(n => n.className.replace('gs-more_', ''))"
    return page.eval_on_selector_all(".gs-window > button", shown)


def stepped(page, names, selector):
    """What of the selected elements is outside of the window after each click."""
    found = page.evaluate(STEPPED, [names, selector])
    return {frame: outside for frame, marked, outside in found if outside or not marked}


@pytest.mark.parametrize("by", WAYS)
def test_the_view_follows_each_step(opened, by):
    """All that is new in a step of one gate is inside the window, on the way forward and back."""
    s = chain(12, by=by, forward=True)
    page = opened(s, "#frame=2")
    page.set_viewport_size({"width": 420, "height": 500})
    assert not page.evaluate(WHOLE)
    there = ["forward"] * (len(s) - 2)
    assert stepped(page, there + ["back"] * len(there), ".gs-stage g.on, .gs-stage .new") == {}


def test_the_view_follows_in_a_large_net_and_when_enlarged(opened):
    page = opened(wide_net(), "#frame=2")
    assert stepped(page, ["larger"] * 3 + ["forward"] * 80, ".gs-stage g.on") == {}


@pytest.mark.parametrize("name", LECTURE)
def test_the_first_frame_shows_what_its_sentence_names(phone, name):
    """On a telephone too: the output if all values are known, or else the inputs."""
    s = LECTURE[name]()
    page = phone(s)
    page.wait_for_timeout(100)
    if s.steps[0].kind == "all":
        node = s.graph.output
        at = f"document.querySelector('.gs-stage [data-node=\"{node}\"]')"
        box = page.evaluate(f"(b => [b.left, b.right])({at}.getBoundingClientRect())")
        assert box[0] >= 0, name
        assert box[1] <= 390, name
    assert page.evaluate(SCALE) >= 8 / SMALL - 1e-3  # its smallest texts have 8 points
    assert bool(more(page)) != page.evaluate(WHOLE)


@pytest.mark.parametrize("name", ["section 1", "section 3", "section 4"])
@pytest.mark.parametrize("size", [(390, 844), (360, 740)])
def test_a_small_figure_is_seen_whole_on_a_telephone(phone, name, size):
    page = phone(LECTURE[name]())
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    until(page, f"({WHOLE})()")
    until(page, "[...document.querySelectorAll('.gs-window > button')].every((n) => n.hidden)")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_on_a_telephone_no_figure_of_the_lecture_is_scrolled_sideways(phone, tmp_path):
    """But for one on the narrowest: that says so, and a button shows it whole."""
    page, scrolled = phone(gs.stepper("f = x", x=1)), []
    for s in lecture_figures():
        write(tmp_path / "f.html", figure_page(s))
        for wide, high in ((390, 844), (360, 740)):
            page.set_viewport_size({"width": wide, "height": high})
            page.reload()
            assert page.evaluate("document.documentElement.scrollWidth") <= wide
            if page.evaluate(OVER) <= 1:
                assert not {"left", "right"} & {*more(page)}
                continue
            scrolled.append((wide, s.graph.source))
            until(
                page,
                "!document.querySelector('.gs-more_left').hidden || !document.querySelector('.gs-more_right').hidden",
            )
            page.click("button.gs-fit")
            assert page.evaluate(OVER) <= 1
    assert [wide for wide, source in scrolled] == [360], scrolled


MOVED = """() => [...document.querySelectorAll('.gs-stage svg *')].map((n) =>
    [n.tagName, n.getAttribute('d'), n.getAttribute('x'), n.getAttribute('y')].join()).filter((line) => line.startsWith('path,M'))"""


@pytest.mark.parametrize("make", [neuron, lambda **o: wide_net(10, **o)])
def test_on_a_telephone_a_wide_figure_goes_on_in_rows_or_stands_upright(phone, opened, make):
    """Its texts are larger, nothing is cut at the sides, and a wide window has all back in place."""
    page = phone(make())
    assert page.evaluate(SCALE) >= 0.79
    assert (
        page.evaluate("(s => s.scrollWidth - s.clientWidth)(document.querySelector('.gs-stage'))")
        <= 1
    )
    for name in ("last", "first", "forward", "quiz"):
        page.click(f"button.gs-{name}")
    narrow, usual = page.evaluate(MOVED), opened(make()).evaluate(MOVED)
    page.set_viewport_size({"width": 1000, "height": 390})
    until(page, "document.querySelector('.gs-narrow') === null")
    assert page.evaluate(MOVED) == usual != narrow
    page.set_viewport_size({"width": 390, "height": 844})
    until(page, "document.querySelector('.gs-narrow') !== null")
    assert page.evaluate(MOVED) == narrow
    fixed = phone(make(style=gs.Style(direction="right")))
    assert fixed.evaluate(MOVED) == usual


def test_buttons_say_where_there_is_more_and_lead_there(phone):
    page = phone(neuron(style=gs.Style(direction="right")))
    until(page, "document.querySelector('.gs-more_left:not([hidden])') !== null")
    assert more(page) == ["left"]
    assert page.get_attribute(".gs-more_left", "aria-label") == "More to the left"
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.gs-stage')).maskImage") != "none"
    )
    for _ in range(4):
        page.focus(".gs-window > button:not([hidden])")
        before = page.evaluate("document.querySelector('.gs-stage').scrollLeft")
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)
        after = page.evaluate("document.querySelector('.gs-stage').scrollLeft")
        if after == 0:
            break
        assert after < before
        assert more(page) == ["left", "right"]
    assert more(page) == ["right"]
    assert page.evaluate("document.activeElement.className").startswith("graphstep-figure")
    page.click("button.gs-fit")
    until(page, "document.querySelectorAll('.gs-window > button:not([hidden])').length === 0")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.gs-stage')).maskImage") == "none"
    )


@pytest.mark.parametrize("make", [neuron, lambda: chain(100), wide_net, LECTURE["a net"]])
def test_every_figure_can_be_seen_whole(opened, make):
    page = opened(make())
    page.set_viewport_size({"width": 390, "height": 600})
    page.wait_for_timeout(200)  # it is arranged when the browser tells of the new size
    usual = page.evaluate(SCALE)
    page.click("button.gs-fit")
    assert page.get_attribute("button.gs-fit", "aria-pressed") == "true"
    assert page.evaluate(WHOLE)
    page.set_viewport_size({"width": 800, "height": 300})
    assert page.evaluate(WHOLE)
    page.set_viewport_size({"width": 390, "height": 600})
    page.click("button.gs-fit")
    assert page.evaluate(SCALE) == usual
    page.evaluate(
        "for (let k = 0; k < 30; k += 1) document.querySelector('button.gs-smaller').click()"
    )
    assert page.evaluate(WHOLE)


def test_smaller_makes_smaller_and_larger_undoes_it(opened):
    page = opened(chain())
    scales = [page.evaluate(SCALE)]
    for control in ("smaller", "smaller", "larger", "larger", "larger"):
        page.click(f"button.gs-{control}")
        scales.append(page.evaluate(SCALE))
    ratios = [b / a for a, b in pairwise(scales)]
    assert ratios == pytest.approx([0.8, 0.8, 1.25, 1.25, 1.25], rel=0.01)


def test_the_wheel_enlarges_around_the_pointer(opened):
    page = opened(chain())
    page.mouse.move(600, 80)
    page.wait_for_timeout(100)
    at = """() => { const b = document.querySelector('.gs-stage svg').getBoundingClientRect();
        return (600 - b.left) / b.width; }"""
    before = page.evaluate(at), page.evaluate(SCALE)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    until(page, f"({SCALE})() > {1.05 * before[1]}")
    assert page.evaluate(at) == pytest.approx(before[0], abs=0.002)


def test_a_figure_fits_a_large_window(opened):
    page = opened(gs.stepper("f = x * y", x=1, y=2))
    page.click("button.gs-fit")
    assert page.evaluate(SCALE) > 2
    assert page.evaluate(WHOLE)


def test_full_screen_is_offered_where_it_works(tab, tmp_path):
    neuron().save(tmp_path / "f.html")
    for name, allowed in (("in", 'allow="fullscreen *"'), ("out", "allow=\"fullscreen 'none'\"")):
        frame_ = f'<iframe src="f.html" {allowed} width=900 height=600></iframe>'
        (tmp_path / f"{name}.html").write_text(frame_, encoding="utf-8")
        tab.goto(f"file://{tmp_path / name}.html")
        inner = tab.frame_locator("iframe")
        inner.locator("button.gs-fit").wait_for()
        assert inner.locator("button.gs-whole").count() == (name == "in")
    tab.goto(f"file://{tmp_path / 'f.html'}")
    tab.click("button.gs-whole")
    pressed = "document.querySelector('button.gs-whole').ariaPressed"  # told by an event, later
    until(tab, f"document.fullscreenElement !== null && {pressed} === 'true'")
    tab.click("button.gs-whole")
    until(tab, f"document.fullscreenElement === null && {pressed} === 'false'")


def test_the_focus_is_not_lost_at_the_last_frame(opened):
    page = opened(gs.stepper("f = x * y", x=1, y=2))
    page.focus("button.gs-forward")
    for _ in range(3):
        page.keyboard.press("Enter")
    end = frame(page)
    page.keyboard.press("ArrowLeft")
    assert frame(page) == end - 1
