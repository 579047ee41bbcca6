"""Nodes as buttons and the table of all numbers in a real Chromium: by keys, and as screen readers have them."""

import pytest
from axe_core_python.sync_playwright import Axe
from browsing import BROWSER, LECTURE
from browsing_player import frame, neuron

import graphstep as gs
from graphstep.base.words import say
from graphstep.graph.slots import Slot

pytestmark = BROWSER


def read(s, slot, k):
    """The text of a slot as frame k shows it."""
    return s.texts[slot] if s.appears[slot] <= k else say("player.unknown", s.lang)


def labels(s, k):
    """What is read out of each node at frame k."""
    found = []
    for i, node in enumerate(s.graph.nodes):
        name = f"{s.names[i]} ({s.gate_names[i]})" if node.gate else s.names[i]
        kinds = [kind for kind in ("value", "upstream") if Slot(kind, i) in s.appears]
        numbers = [
            f"{say(f'player.{kind}', s.lang)}: {read(s, Slot(kind, i), k)}" for kind in kinds
        ]
        found.append("; ".join([name, *numbers]))
    return found


LABELS = """() => [...document.querySelectorAll('[data-node]')].sort((a, b) => a.dataset.node - b.dataset.node)
    .map(n => n.ariaLabel)"""


@pytest.mark.parametrize("name", ["section 2", "section 4", "not finite"])
def test_nodes_are_read_with_their_numbers(opened, name):
    s = LECTURE[name]()
    page = opened(s)
    for control, k in (
        ("first", 0),
        ("forward", 1),
        ("last", len(s) - 1),
        ("back", len(s) - 2),
        ("first", 0),
    ):
        page.click(f"button.gs-{control}", force=True)
        assert frame(page) == k
        assert page.evaluate(LABELS) == labels(s, k)


def test_tab_reaches_each_node_and_then_the_controls(opened):
    s = gs.stepper("f = (x + y) * z", x=-2, y=5, z=-4, lang="ru")
    page = opened(s)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.ariaLabel") == "f = (x + y) * z"
    seen = []
    for _ in s.graph.nodes:
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.ariaLabel"))
        assert page.inner_text(".gs-detail strong") == seen[-1].split("; ")[0]
    assert sorted(seen) == sorted(labels(s, 0))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.gs-bar') !== null")


def test_enter_and_space_pin_a_node_and_release_it(opened):
    page = opened(neuron())
    for key in ("Enter", "Space"):
        page.focus("[data-node='2']")
        page.keyboard.press(key)
        page.wait_for_timeout(100)
        assert frame(page) == 0
        assert page.locator(".gs-pinned").get_attribute("data-node") == "2"
        assert page.inner_text(".gs-live").startswith("Value: w₀*x₀ = ")
        page.keyboard.press("ArrowRight")
        assert frame(page) == 1
        page.keyboard.press("ArrowLeft")
        page.keyboard.press(key)
        assert page.locator(".gs-pinned").count() == 0


def test_one_button_leads_past_many_nodes(opened):
    page = opened(neuron())
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.inner_text(":focus") == "Skip to the controls"
    assert page.locator(":focus").bounding_box()["width"] > 50
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('.gs-bar') !== null")
    assert opened(gs.stepper("f = x * y", x=1, y=2), name="g.html").locator(".gs-skip").count() == 0


def test_numbers_of_the_quiz_are_not_read(opened, tmp_path):
    s = gs.stepper("f = (x + y) * z", x=-2, y=5, z=-4)
    page = opened(s.quiz(), name="q.html")
    for _ in range(2):
        page.click("button.gs-forward")
    page.click("button.gs-all")
    asked = page.evaluate(LABELS)[3]
    assert asked == "z; Value: −4; Upstream gradient: not known yet"
    assert rows(page)[3] == ["z", "−4", ""]
    page.click(".gs-asked button[type=button]")
    page.click(".gs-asked button[type=button]")
    assert page.evaluate(LABELS) == labels(s, 2)
    assert rows(page)[3] == ["z", "−4", "3"]


def rows(page, table=0):
    """The rows of one of the two tables, names and numbers."""
    return page.locator(".gs-numbers table").nth(table).evaluate(
        "t => [...t.tBodies[0].rows].map(r => [...r.cells].map(c => c.textContent))")  # fmt: skip


FIGURES = {
    **LECTURE,
    "russian": lambda: gs.stepper(
        "f = x*y + sigmoid(x)", x=0.5, y=2, lang="ru", by="wire", forward=True
    ),
}


@pytest.mark.parametrize("name", ["section 1", "section 4", "not finite", "russian"])
def test_the_table_has_all_numbers_of_the_frame(opened, name):
    s = FIGURES[name]()
    page = opened(s)
    page.click("button.gs-all")
    for k in (0, 1, len(s) // 2, len(s) - 1, 2):
        page.fill(".gs-bar input[type=number]", str(k + 1))
        page.keyboard.press("Enter")
        cell = lambda slot: s.texts[slot] if slot in s.appears and s.appears[slot] <= k else ""  # noqa: B023, E731
        nodes, wires = range(len(s.graph.nodes)), enumerate(s.graph.wires)
        of = [
            f"{s.names[i]} ({s.gate_names[i]})" if s.graph.nodes[i].gate else s.names[i]
            for i in nodes
        ]
        assert rows(page) == [
            [of[i], cell(Slot("value", i)), cell(Slot("upstream", i))] for i in nodes
        ]
        assert rows(page, 1) == [[s.names[wire.source], s.names[wire.target], cell(Slot("local", w)),
                                  cell(Slot("downstream", w))] for w, wire in wires]  # fmt: skip
        known = say("player.known_at", s.lang, n=k + 1, total=len(s))
        assert page.locator(".gs-numbers caption").all_inner_texts() == [known, known]
    page.click("button.gs-all")
    assert page.is_hidden(".gs-numbers")


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_nothing_at_all_for_axe(browser, tmp_path, lang):
    """With the table, a pinned node, a question and a telephone's window: nothing, however slight."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    s = gs.stepper(
        "f = l2(W @ x) * relu(c)", W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4], c=2, lang=lang
    )
    s.save(tmp_path / "f.html")
    page.goto(f"file://{tmp_path / 'f.html'}")
    page.set_content((tmp_path / "f.html").read_text().replace("http-equiv", "data-was"))
    for control in ("all", "why", "last"):
        page.click(f"button.gs-{control}")
    page.click("[data-node='0']")
    found = [
        (v["id"], [n["html"][:120] for n in v["nodes"]]) for v in Axe().run(page)["violations"]
    ]
    assert found == []
    assert page.inner_text("h1") == s.graph.source
    page.close()
