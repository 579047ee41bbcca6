"""The player in a real Chromium: pages opened from files, keys, quiz, hostile texts, speed."""

import base64
import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
from axe_core_python.sync_playwright import Axe
from browsing import BROWSER, LECTURE, fits, net, until
from hypothesis import HealthCheck, given, settings
from strategies import programs

import graphstep as gs
from examples import NEURON, NEURON_INPUTS, stepped
from graphstep.drawing.stage import short
from graphstep.explain.step_kinds import WAYS
from graphstep.graph.slots import Slot
from graphstep.player import assets
from graphstep.player import page as html
from graphstep.player.payload import as_json, veiled

pytestmark = BROWSER


def neuron(**options):
    return gs.stepper(NEURON, **NEURON_INPUTS, **options)


@pytest.fixture
def tab(browser):
    """A tab that notes errors, and requests other than for the file itself."""
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    page.problems = []
    page.on(
        "console",
        lambda m: page.problems.append(m.text) if m.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith("file:") else page.problems.append(r.url))
    yield page
    assert page.problems == []
    page.close()


@pytest.fixture
def opened(tab, tmp_path):
    """Opens a figure saved as a page."""

    def open_(s, suffix="", name="f.html"):
        s.save(tmp_path / name)
        tab.goto(f"file://{tmp_path / name}{suffix}")
        return tab

    return open_


def texts(page):
    """What stands in each slot."""
    return page.evaluate("""() => Object.fromEntries([...document.querySelectorAll('.gs-stage > svg [data-slot]')]
        .filter(n => !n.parentElement.closest('[data-slot]')).map(n => [n.dataset.slot,
            n.tagName === 'text' ? (n.lastChild?.textContent || '') : n.textContent.trim()]))""")


def frame(page):
    return int(page.input_value(".gs-bar input[type=number]")) - 1


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
        assert page.inner_text(".gs-legend") == s[k].legend
        assert page.get_attribute(".gs-stage svg", "aria-label") == s[k].caption
        new = page.eval_on_selector_all(
            ".gs-stage .new[data-slot]", "ns => ns.map(n => n.dataset.slot)"
        )
        shows = {short(slot) for slot in s[k].step.shows} & drawn
        assert set(new) == (shows if s[k].step.kind != "all" else set())


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


def test_deep_links(opened):
    page = opened(neuron(), "#frame=4")
    assert frame(page) == 3
    page.focus(".graphstep-figure")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("location.hash") == "#frame=5"
    page.evaluate("location.hash = '#frame=2'")
    until(page, "document.querySelector('.gs-bar input[type=number]').value === '2'")
    assert frame(opened(neuron(), "#frame=999")) == len(neuron()) - 1
    assert frame(opened(neuron(), "#other")) == len(neuron()) - 1  # not ours: it stays
    assert frame(opened(neuron(), "#frame=x", "g.html")) == 0


def test_several_figures_on_one_page(tab, tmp_path):
    one, other = neuron(), gs.stepper("f = x * y", x=2, y=3)
    text = html.page(one, other, one, title="three")
    (tmp_path / "f.html").write_text(text, encoding="utf-8")
    tab.goto(f"file://{tmp_path / 'f.html'}")
    tab.locator(".graphstep-figure").nth(1).focus()
    tab.keyboard.press("End")
    numbers = tab.eval_on_selector_all(".gs-bar input[type=number]", "ns => ns.map(n => +n.value)")
    assert numbers == [1, len(other), 1]
    assert tab.evaluate("location.hash") == f"#figure=2&frame={len(other)}"
    tab.evaluate("location.hash = 'figure=3&frame=4'")
    wanted = [1, len(other), 4]
    until(
        tab,
        f"JSON.stringify([...document.querySelectorAll('.gs-bar input[type=number]')].map(n => +n.value)) === '{json.dumps(wanted, separators=(',', ':'))}'",
    )
    tab.goto(f"file://{tmp_path / 'f.html'}?again#figure=2&frame=2")
    numbers = tab.eval_on_selector_all(".gs-bar input[type=number]", "ns => ns.map(n => +n.value)")
    assert numbers == [1, 2, 1]
    ids = tab.eval_on_selector_all("[id]", "ns => ns.map(n => n.id)")
    assert len(ids) == len(set(ids))


def test_in_an_iframe(tab, tmp_path):
    neuron().save(tmp_path / "f.html")
    (tmp_path / "outer.html").write_text('<iframe src="f.html" width=900 height=600></iframe>')
    tab.goto(f"file://{tmp_path / 'outer.html'}")
    inner = tab.frame_locator("iframe")
    inner.locator("button.gs-last").click()
    assert inner.locator(".gs-bar input[type=number]").input_value() == str(len(neuron()))


HOSTILE = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>"


def test_texts_of_users_never_become_markup(opened, tmp_path):
    @gs.gate(name="bad", symbol=HOSTILE, local=[lambda x: 1.0])
    def bad(x):
        return x

    s = gs.stepper(f"f = bad(x) * 2  # {HOSTILE}", x=1)
    page = opened(s, name="</title><b>.html".replace("/", "_"))
    for step in range(len(s)):
        page.evaluate(
            "k => { document.querySelector('.gs-bar input[type=number]').value = k + 1 }", step
        )
        page.click("button.gs-forward", force=True, no_wait_after=True)
    page.hover("[data-node='1']")
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.images.length") == 0
    assert page.evaluate("document.scripts.length") == 2
    assert HOSTILE in page.text_content("[data-node='1']")


def test_the_policy_of_the_page_is_strict(opened):
    page = opened(neuron())
    policy = page.get_attribute("meta[http-equiv]", "content")
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
    blocked = page.evaluate("""() => new Promise(done => {
        document.addEventListener('securitypolicyviolation', e => done(e.violatedDirective));
        const s = document.createElement('script'); s.textContent = 'window.hacked = 1';
        document.body.append(s); })""")
    assert blocked.startswith("script-src")
    assert page.evaluate("window.hacked") is None
    page.problems.clear()  # what was just provoked


def test_looking_closer(opened):
    s = gs.stepper("q = x + y; f = q * z + relu(w)", x=-2, y=5, z=-4, w=-1)
    page = opened(s)
    node = s.graph.names["q"]
    page.hover(f"[data-node='{node}']")
    assert "x + y = (-2) + 5 = 3" in page.inner_text(".gs-detail")
    assert "not known yet" in page.inner_text(".gs-detail")
    page.click(f"[data-node='{node}']")
    page.click("button.gs-last")
    page.mouse.move(0, 0)
    shown = page.inner_text(".gs-detail")
    assert "q (Add gate)" in shown
    assert "[-4] x [1] = -4" in shown
    page.focus(".graphstep-figure")
    assert page.locator(".gs-pinned").count() == 1
    page.keyboard.press("Escape")
    assert page.is_hidden(".gs-detail")
    assert page.locator(".gs-pinned").count() == 0
    page.select_option("select[aria-label='Look closer']", f"n{s.graph.inputs['w']}")
    assert "w gets 0, since the ReLU is off." in page.inner_text(".gs-detail")
    wire = s.graph.wires_out[s.graph.inputs["x"]][0]
    page.click("button:text('Close')")
    page.dispatch_event(f"path[data-wires='{wire}']", "pointerover")
    assert "Into q" in page.inner_text(".gs-detail")


def test_paths_and_the_terms_of_the_sum(opened):
    s = gs.stepper("f = x*x + sin(x)", x=3)
    page = opened(s)
    page.select_option("select[aria-label='Paths from an input']", "x")
    assert page.locator(".gs-terms li").count() == 3
    assert "[" not in page.inner_text(".gs-terms")  # not known yet
    page.click("button.gs-last")
    lines = page.locator(".gs-terms li").all_inner_texts()
    assert sorted(float(line.split(" = ")[-1]) for line in lines) == [-0.99, 3.0, 3.0]
    lit = page.eval_on_selector_all(".w.gs-path", "ns => ns.length")
    assert lit >= len(s.graph.wires)


@pytest.mark.parametrize("quiz", [False, True])
@pytest.mark.parametrize("text", ["x", "f = x*x*x", "f = max(x, x) + relu(-x)", "f = log(-x) * x"])
def test_everything_can_be_pointed_at_in_every_frame(opened, text, quiz):
    s = gs.stepper(text, x=1, forward=True)
    page = opened(s.quiz() if quiz else s)
    for _ in range(len(s)):
        page.evaluate("""() => document.querySelectorAll('.gs-stage [data-node], .gs-stage [data-wires], .gs-stage [data-slot]')
            .forEach(n => n.dispatchEvent(new PointerEvent('pointerover', {bubbles: true})))""")
        page.click("button.gs-forward", force=True)


def test_why_this_one_next(opened):
    s = gs.stepper("f = (a * b) + (c * d)", a=1, b=2, c=3, d=4)
    page = opened(s, "#frame=4")
    assert page.is_hidden(".gs-reason")
    page.click("button.gs-why")
    assert page.get_attribute("button.gs-why", "aria-expanded") == "true"
    assert (
        page.inner_text(".gs-reason")
        == "All gates that use its value are done: f. Ready now: a * b."
    )
    assert s[3].step.node == s.graph.wires[s.graph.wires_in[s.graph.output][1]].source


def test_large_arrays_can_be_read(opened):
    W = np.arange(60.0).reshape(6, 10) / 10
    page = opened(gs.stepper("f = l2(W @ x)", W=W, x=[0.5] * 10))
    page.click("[data-slot='v0']")
    cells = page.locator(".gs-table td").all_inner_texts()
    assert [float(c) for c in cells] == pytest.approx(W.ravel())


def answers(page, text):
    page.fill(".gs-asked input", text)
    page.click(".gs-asked button:text('Check')")
    return page.inner_text(".gs-asked")


def test_the_quiz(opened):
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)
    page = opened(s.quiz())
    assert page.inner_text(".gs-asked") == "Step forward: the next number will be asked for."
    page.click("button.gs-forward")
    page.click("button.gs-forward")
    assert "What is the downstream gradient of z, from f?" in page.inner_text(".gs-asked")
    assert texts(page)["u3"] == ""  # the same number, on its node
    assert page.inner_text(".gs-caption") == ""
    assert "sign" in answers(page, "-3")
    assert "must stand here" in answers(page, "three")
    assert "Not that number" in answers(page, "7")
    assert "of q, from f" in answers(page, "3.0")
    assert texts(page)["u3"] == "3"
    assert "upstream gradient is missing" not in page.inner_text(".gs-asked")
    assert "Right at once: 1 of 2." in answers(page, "-4,0")
    page.click("button.gs-forward")
    assert "local gradient is missing" in answers(page, "-4") or "of x" in page.inner_text(
        ".gs-asked"
    )
    page.click(".gs-asked button:text('Show it')")
    assert "That was the last number." in page.inner_text(".gs-asked")


def test_nothing_tells_what_is_asked_for(opened):
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)
    page = opened(s.quiz())
    page.select_option("select[aria-label='Look closer']", "n0")
    page.select_option("select[aria-label='Paths from an input']", "x")
    for _ in range(3):
        page.click("button.gs-forward")
    assert page.inner_text(".gs-live") == ""
    assert "[1] x [-4]" not in page.inner_text(".gs-detail")
    assert "= -4" not in page.inner_text(".gs-terms")
    page.click("button.gs-play")
    assert page.inner_text(".gs-live") == ""
    answers(page, "-4")
    answers(page, "-4")
    assert "[1] x [-4]" in page.inner_text(".gs-detail")
    assert "= -4" in page.inner_text(".gs-terms")


def test_the_quiz_by_keyboard_and_its_score(opened):
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)
    page = opened(s.quiz())
    page.focus(".graphstep-figure")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.name") == "answer"
    page.keyboard.type("99")
    page.keyboard.press("Enter")
    page.keyboard.type("7")  # in place of the wrong number
    assert page.input_value(".gs-asked input") == "7"
    page.click("button.gs-back")
    page.click("button.gs-forward")
    assert "Right at once: 0 of 1." in answers(page, "3")
    page.keyboard.type("-4")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    assert frame(page) == 3


def test_a_small_answer_has_to_be_that_small(opened):
    page = opened(gs.stepper("f = sigmoid(x)", x=12).quiz())
    page.click("button.gs-last")
    assert "Not that number" in answers(page, "-0.004")
    assert "That was the last number" in answers(page, "6.1e-6")


def test_numbers_beyond_all_bounds_break_no_page(opened):
    page = opened(gs.stepper("f = a*x + b*x", a=1e200, b=1e200, x=1))
    page.click("button.gs-last")
    assert frame(page) > 0


def test_in_a_frame_without_an_address(tab, tmp_path):
    from html import escape

    page_ = html.page(gs.stepper("f = x * y", x=1, y=2), quiz=True)
    (tmp_path / "outer.html").write_text(
        f'<iframe srcdoc="{escape(page_)}" width=900 height=700></iframe>'
    )
    tab.goto(f"file://{tmp_path / 'outer.html'}")
    inner = tab.frame_locator("iframe")
    inner.locator("button.gs-last").click()
    assert "from f?" in inner.locator(".gs-asked").inner_text()


def test_cells_of_a_notebook_throw_nothing(browser):
    page = browser.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.set_content(neuron()._repr_html_() * 2 + neuron().quiz()._repr_html_() * 2)
    assert page.locator(".gs-caption").count() == 4
    assert problems == []
    page.close()


def test_the_quiz_adds_wires(opened):
    s = gs.stepper("f = x*y + sin(x)", x=0, y=2)
    page = opened(s.quiz())
    page.click("button.gs-last")
    assert "from all of its wires" in page.inner_text(".gs-asked")
    assert "other wires have to be added" in answers(page, "2")
    assert "multiplied" not in answers(page, "9")
    answers(page, "3")
    assert texts(page)["u0"] == s.texts[Slot("upstream", 0)]


def test_the_quiz_by_value_asks_for_each_wire_then_for_the_sum(opened):
    s = gs.stepper("f = x*y + sin(x)", x=0, y=2, by="value")
    page = opened(s.quiz())
    page.click("button.gs-last")
    assert "of x, from x*y" in page.inner_text(".gs-asked")
    assert texts(page)["u0"] == ""
    assert "of x, from sin(x)" in answers(page, "2")
    assert "from all of its wires" in answers(page, "1")
    assert texts(page)["u0"] == ""
    answers(page, "3")
    assert texts(page)["u0"] == s.texts[Slot("upstream", 0)]


def test_answers_are_not_plain_text_in_the_quiz(tmp_path):
    s = gs.stepper("q = x + y; f = q * z", x=-2.125, y=5, z=-4.375)
    s.quiz().save(tmp_path / "q.html")
    source = (tmp_path / "q.html").read_text(encoding="utf-8")
    for number in s.gradients.values():
        assert str(number) not in source
        assert f"{number:.2f}" not in source
    assert "q + y" not in source
    hidden = re.sub(r"data-veiled>.*?</script>", "", s.quiz()._repr_html_(), flags=re.DOTALL)
    assert not any(f"{number:.2f}" in hidden for number in s.gradients.values())
    data = re.search(r"data-veiled>(.*?)</script>", source, re.DOTALL).group(1)
    raw = bytes(b ^ ((i * 7 + 13) & 255) for i, b in enumerate(base64.b64decode(data)))
    assert json.loads(raw)["predict"] is True
    assert veiled({"ж": 1}) != as_json({"ж": 1})


def test_the_theme_is_found_when_a_notebook_puts_the_figure_back(opened):
    page = opened(gs.stepper("f = x * y", x=1, y=2))
    page.evaluate("""() => { window.kept = document.querySelector('.graphstep-figure').parentElement;
        window.hole = kept.parentElement; kept.remove(); document.body.className = 'away'; }""")
    page.wait_for_timeout(100)
    assert page.evaluate("kept.querySelector('.graphstep-figure').dataset.theme") == "light"
    page.evaluate("document.body.style.background = '#111'")
    page.evaluate("hole.append(kept)")
    until(page, "document.querySelector('.graphstep-figure').dataset.theme === 'dark'")


THEMES = [("#ffffff", "dark", "light"), ("#0d1117", "light", "dark"), ("#ffffff", "light", "light"),
          ("transparent", "dark", "light"), ("oklch(98% 0 0)", "light", "light"),
          ("lab(5 0 0)", "light", "dark")]  # fmt: skip


@pytest.mark.parametrize(("background", "system", "theme"), THEMES)
def test_the_theme_is_that_of_the_page_around(browser, background, system, theme):
    page = browser.new_page(color_scheme=system)
    page.set_content(f"<body style='background:{background}'>{neuron()._repr_html_()}</body>")
    assert page.get_attribute(".graphstep-figure", "data-theme") == theme
    page.evaluate("document.body.style.background = '#000'")
    until(page, "document.querySelector('.graphstep-figure').dataset.theme === 'dark'")
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("quiz", [False, True])
def test_nothing_serious_for_axe(browser, tmp_path, theme, quiz):
    page = browser.new_page(color_scheme=theme)
    s = gs.stepper("f = l2(W @ x) * relu(c)", W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4], c=2)
    (s.quiz() if quiz else s).save(tmp_path / "f.html")
    page.goto(f"file://{tmp_path / 'f.html'}#frame=4")
    policy_free = (tmp_path / "f.html").read_text().replace("http-equiv", "data-was")
    page.set_content(policy_free)  # axe is a script that the page's policy forbids
    page.click("button.gs-why")
    page.click("[data-node='0']")
    found = Axe().run(page)
    bad = [(v["id"], v["impact"], [n["html"][:120] for n in v["nodes"]]) for v in found["violations"]
           if v["impact"] in ("serious", "critical")]  # fmt: skip
    assert bad == []
    page.close()


def test_printing_leaves_the_controls_out(opened):
    page = opened(neuron(), "#frame=5")
    page.emulate_media(media="print")
    assert page.is_hidden(".gs-bar")
    assert page.is_visible(".gs-caption")
    assert page.is_visible(".gs-stage svg")


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


def test_a_small_figure_stays_small_and_fits(opened):
    page = opened(gs.stepper("f = x * y", x=1, y=2))
    s = gs.stepper("f = x * y", x=1, y=2)
    width = page.evaluate("document.querySelector('.gs-stage svg').getBoundingClientRect().width")
    assert width == pytest.approx(s.drawing.width + 24, abs=1)


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


@settings(max_examples=50, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(text=programs())
def test_texts_of_random_graphs_fit_in_the_player(page, text):
    each_text_fits(page, stepped(text))


def test_a_notebook_that_is_not_trusted_shows_a_picture():
    shown = neuron()._repr_html_()
    without = re.sub(r"<script.*?</script>", "", shown, flags=re.DOTALL)
    assert "0.73" in without
    long = gs.stepper("x" + "+1*x" * 120, x=1)
    assert "gs-fallback" not in re.sub(
        r"<s(cript|tyle).*?</s(cript|tyle)>", "", long._repr_html_(), flags=re.DOTALL
    )


def test_the_modules_run_as_they_are(browser):
    """Unjoined, as a browser loads them from a server: each imports what it uses."""
    page, problems = browser.new_page(), []
    page.on("pageerror", lambda error: problems.append(str(error)))
    modules = Path(assets.__file__).parent / "static" / "modules"
    page.route("http://modules.test/*.js", lambda route: route.fulfill(
        path=modules / route.request.url.rpartition("/")[2],
        content_type="text/javascript", headers={"access-control-allow-origin": "*"}))  # fmt: skip
    s = gs.stepper("f = l2(W @ x) * c", W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4], c=2)
    page.set_content(html.figure(s))
    page.evaluate("""async () => { for (const name of ["page", "widget", "bare"])
        window[name] = await import(`http://modules.test/${name}.js`);
        page.start(document.querySelector('.graphstep-figure')); }""")
    for control in ("last", "back", "quiz", "forward", "quiz", "play", "why", "larger"):
        page.click(f"button.gs-{control}", force=True)
    page.select_option("select[aria-label='Paths from an input']", "c")
    page.click("[data-node='0']")
    page.keyboard.press("End")
    assert frame(page) == len(s) - 1
    assert problems == []
    page.close()


@pytest.mark.parametrize(("gates", "most"), [(10, 70), (110, 270), (550, 1100)])
def test_pages_are_small(tmp_path, gates, most):
    """Graphs of the kind that the benchmarks use: some shared values, a tree at the end."""
    graph = net(gates)
    s = gs.stepper(graph, inputs=dict.fromkeys(graph.inputs, 0.5))
    s.save(tmp_path / "f.html")
    assert os.path.getsize(tmp_path / "f.html") <= most * 1000, len(s.graph.nodes)
