"""Pages in a real Chromium: links, several figures, frames, hostile texts, policy, notebooks, print."""

import json
import os
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from browsing import BROWSER, net, until
from browsing_player import frame, neuron

import graphstep as gs
from graphstep.player import assets
from graphstep.player import page as html
from graphstep.player.javascript import PROPERTIES

pytestmark = BROWSER


def test_deep_links(opened):
    page = opened(neuron(), "#frame=4")
    assert frame(page) == 3
    page.focus(".graphstep-figure")
    page.keyboard.press("ArrowRight")
    until(page, "location.hash === '#frame=5'")
    page.evaluate("location.hash = '#frame=2'")
    until(page, "document.querySelector('.gs-bar input[type=number]').value === '2'")
    assert frame(opened(neuron(), "#frame=999")) == len(neuron()) - 1
    assert frame(opened(neuron(), "#other")) == len(neuron()) - 1  # not ours: it stays
    assert frame(opened(neuron(), "#frame=x", "g.html")) == 0


def test_a_key_that_is_held_down_changes_the_address_once(opened):
    page = opened(neuron(), "#frame=1")
    page.evaluate("""() => {
        window.links = 0;
        const replace = history.replaceState.bind(history);
        history.replaceState = (...given) => { window.links += 1; replace(...given); };
        const key = () => new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true });
        for (let k = 0; k < 9; k += 1) document.querySelector(".graphstep-figure").dispatchEvent(key());
    }""")
    until(page, "location.hash === '#frame=10'")
    assert page.evaluate("window.links") == 1


def test_several_figures_on_one_page(tab, tmp_path):
    one, other = neuron(), gs.stepper("f = x * y", x=2, y=3)
    text = html.page(one, other, one, title="three")
    (tmp_path / "f.html").write_text(text, encoding="utf-8")
    tab.goto(f"file://{tmp_path / 'f.html'}")
    tab.locator(".graphstep-figure").nth(1).focus()
    tab.keyboard.press("End")
    numbers = tab.eval_on_selector_all(".gs-bar input[type=number]", "ns => ns.map(n => +n.value)")
    assert numbers == [1, len(other), 1]
    until(tab, f"location.hash === '#figure=2&frame={len(other)}'")
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


def test_the_modules_run_as_they_are(browser):
    """Unjoined, as a browser loads them from a server: each imports what it uses."""
    page, problems = browser.new_page(), []
    page.on("pageerror", lambda error: problems.append(str(error)))
    modules = Path(assets.__file__).parent / "static" / "modules"
    page.route("http://modules.test/*.js", lambda route: route.fulfill(
        path=modules / route.request.url.rpartition("/")[2],
        content_type="text/javascript", headers={"access-control-allow-origin": "*"}))  # fmt: skip
    s = gs.stepper("f = l2(W @ x) * c", W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4], c=2)
    page.set_content(html.figure_element(s))
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
    known = page.evaluate("""() => Object.getOwnPropertyNames(window).filter((name) => /^[A-Z]/.test(name))
        .flatMap((name) => Object.getOwnPropertyNames(window[name]?.prototype ?? {}))""")
    assert "textContent" in known
    assert not {*PROPERTIES} & {*known}  # which become short in pages
    page.close()


@pytest.mark.parametrize(("gates", "most"), [(10, 70), (110, 270), (550, 1100)])
def test_pages_are_small(tmp_path, gates, most):
    """Graphs of the kind that the benchmarks use: some shared values, a tree at the end."""
    graph = net(gates)
    s = gs.stepper(graph, inputs=dict.fromkeys(graph.inputs, 0.5))
    s.save(tmp_path / "f.html")
    assert os.path.getsize(tmp_path / "f.html") <= most * 1000, len(s.graph.nodes)
