"""Details of nodes and wires, paths, reasons and large arrays, in a real Chromium."""

import numpy as np
import pytest
from browsing import BROWSER
from printed import read

import graphstep as gs

pytestmark = BROWSER


def test_looking_closer(opened):
    s = gs.stepper("q = x + y; f = q * z + relu(w)", x=-2, y=5, z=-4, w=-1)
    page = opened(s)
    node = s.graph.names["q"]
    page.hover(f"[data-node='{node}']")
    assert "x + y = (−2) + 5 = 3" in page.inner_text(".gs-detail")
    assert "not known yet" in page.inner_text(".gs-detail")
    page.click(f"[data-node='{node}']")
    page.click("button.gs-last")
    page.mouse.move(0, 0)
    shown = page.inner_text(".gs-detail")
    assert "q (Add gate)" in shown
    assert "[−4] · [1] = −4" in shown
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


def test_details_say_each_number_once_and_what_letters_stand_for(opened):
    long = "aaaaaa*bbbbbb + cccccc*dddddd"
    s = gs.stepper(f"f = -({long})", aaaaaa=1, bbbbbb=2, cccccc=3, dddddd=4, forward=True)
    page = opened(s)
    page.click("button.gs-last")
    page.select_option("select[aria-label='Look closer']", f"n{s.graph.output}")
    shown = page.inner_text(".gs-detail")
    assert f"−a = −14; a = {long}" in shown
    assert "= −14 = −14" not in shown


def test_what_an_update_makes_of_a_weight(opened):
    page = opened(gs.stepper("f = (w*x - y)**2", w=1, x=2, y=6, update="w"))
    page.click("button.gs-last")
    page.click("button.gs-back")
    page.click("[data-node='0']")
    page.click("button.gs-all")
    known, table = "After the update\nnot known yet", ".gs-numbers table:first-of-type"
    assert known in page.inner_text(".gs-detail")
    assert page.inner_text(f"{table} tr:first-child").endswith("After the update")
    page.click("button.gs-forward")
    assert known.replace("not known yet", "2.6") in page.inner_text(".gs-detail")
    assert page.inner_text(f"{table} tbody tr:first-child").split() == ["w", "1", "−16", "2.6"]
    assert page.get_attribute("[data-node='0']", "aria-label").endswith("After the update: 2.6")


def test_paths_and_the_terms_of_the_sum(opened):
    s = gs.stepper("f = x*x + sin(x)", x=3)
    page = opened(s)
    page.select_option("select[aria-label='Paths from an input']", "x")
    assert page.locator(".gs-terms li").count() == 3
    assert "[" not in page.inner_text(".gs-terms")  # not known yet
    page.click("button.gs-last")
    lines = page.locator(".gs-terms li").all_text_contents()
    assert sorted(read(line.split(" = ")[-1]) for line in lines) == [
        -0.99,
        3.0,
        3.0,
    ]
    lit = page.eval_on_selector_all(".w.gs-path", "ns => ns.length")
    assert lit >= len(s.graph.wires)


TEXTS = ("f = x*x*x", "f = max(x, x) + relu(-x)", "f = log(-x) * x")


@pytest.mark.parametrize(
    ("text", "quiz"), [("x", False), *((text, quiz) for text in TEXTS for quiz in (False, True))]
)
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
    cells = page.locator(".gs-table td").all_text_contents()
    assert [float(c) for c in cells] == pytest.approx(W.ravel())


def test_of_labels_there_is_no_gradient_to_look_at(opened):
    s = gs.stepper("f = cross_entropy(s, t)", s=[0.2, 0.4], t=1)
    page = opened(s)
    page.click("button.gs-last")
    page.click(f"[data-node='{s.graph.inputs['t']}']")
    shown = page.inner_text(".gs-detail")
    assert "t holds labels, which have no derivative." in shown
    assert "gradient" not in shown.lower()
    assert "not known" not in shown
    options = page.locator("select[aria-label='Paths from an input'] option").all_text_contents()
    assert "s" in options
    assert "t" not in options


def test_a_figure_without_numbers(opened):
    page = opened(gs.stepper("f = (x + y) * z"))
    page.click("button.gs-last")
    assert {"q", "∂f/∂q", "[∂q/∂x]"} <= {*page.locator(".gs-stage [data-slot]").all_text_contents()}
    page.select_option("select[aria-label='Look closer']", "n2")
    assert "q (Add gate)" in page.inner_text(".gs-detail")
    page.select_option("select[aria-label='Paths from an input']", "x")
    assert "[∂q/∂x] · [∂f/∂q]" in page.inner_text(".gs-terms")


def test_lines_of_code_and_wires_lead_to_each_other(opened):
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)
    page, lines = opened(s), s.code().lines
    page.click(".gs-code-open")
    shown = page.locator(".gs-code > *")
    assert shown.count() == len(lines)
    for frame in s:
        page.fill("input[type=number]", str(frame.index + 1))
        page.locator("input[type=number]").blur()
        marked = page.eval_on_selector_all(
            ".gs-code > *", "all => all.flatMap((n, k) => n.ariaCurrent === 'step' ? [k] : [])"
        )
        assert tuple(marked) == frame.lines
    wire = s.graph.wires_out[s.graph.names["q"]][0]
    page.dispatch_event(f"path[data-wires='{wire}']", "pointerover")
    assert page.inner_text(".gs-near").startswith("dq = df * z")
    page.click("button.gs-first")
    page.click(".gs-code > button:has-text('dy = dq')")
    assert page.input_value("input[type=number]") == "4"  # the step that makes it
    assert "Into q" in page.inner_text(".gs-detail")
    assert page.locator(".gs-pinned").count()
