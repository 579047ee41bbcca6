"""The expression of a live widget, edited in place, in a real Chromium."""

import pytest
from browsing import BROWSER
from browsing_player import frame, texts

import graphstep as gs
from graphstep.base.words import say

pytestmark = BROWSER

TEXT = "q = x + y; f = q * z"
LINES = "q = x + y\nf = q * z"
BOX = ".gs-edit textarea"
WRONG = ".gs-edit [role=alert]"


def widget(text=TEXT, **options):
    return gs.stepper(text, inputs=dict(x=-2, y=5, z=-4), **options).widget()


def write(page, text, key="Enter"):
    """Type a text into the field of the expression, and press a key."""
    page.tab.fill(BOX, text)
    page.tab.press(BOX, key)
    page.tell()


def fields(page):
    return page.tab.locator(".graphstep-figure > .gs-inputs label").all_inner_texts()


def sliders(page):
    return page.tab.eval_on_selector_all(
        ".gs-inputs input[type=range]", "all => all.map(s => [s.ariaLabel, +s.value])"
    )


def seen(page):
    """All that a reader finds at each frame, beginning at the first one."""
    found = []
    page.tab.click("button.gs-first", force=True)
    for k in range(len(page.widget.stepper)):
        page.tell()
        about = page.tab.locator(".gs-caption, .gs-formulas, .gs-reason")
        found.append((frame(page.tab), texts(page.tab), about.all_text_contents()))
        if k + 1 < len(page.widget.stepper):
            page.tab.click("button.gs-forward")
    return found


EDITED = "b = 3; r = x * b; f = sigmoid(r - z)"


@pytest.mark.parametrize("options", [{}, {"by": "wire", "forward": True, "lang": "ru"}])
def test_an_edited_figure_is_what_a_new_one_is(live, options):
    page = live(widget(**options))
    page.tab.click(".gs-more .gs-why")
    write(page, EDITED)
    page.tab.click(".gs-more .gs-why")
    assert page.widget.inputs == {"x": -2, "b": 3, "z": -4}
    edited = seen(page), fields(page), sliders(page)
    new = live(gs.stepper(EDITED, x=-2, z=-4, **options).widget())
    new.tab.click(".gs-more .gs-why")
    assert edited == (seen(new), fields(new), sliders(new))


def test_everything_works_on_the_new_figure(live):
    page = live(widget())
    write(page, "f = (x + y) * y * x")
    assert page.widget.stepper.value == -30
    page.type("x", "3")
    assert page.tab.text_content("[data-slot=v4]") == "f = 120"
    page.tab.select_option("select[aria-label='Look closer']", "n0")
    assert "3" in page.tab.inner_text(".gs-detail")
    page.tab.select_option("select[aria-label='Paths from an input']", "x")
    page.tell()
    assert page.tab.locator(".gs-terms li").count() == 2
    page.tab.focus(".graphstep-figure")
    page.tab.keyboard.press("End")
    page.tell()
    assert page.widget.step == len(page.widget.stepper) - 1
    write(page, "f = exp(x)")  # the whole figure stays the whole one
    assert (frame(page.tab), page.widget.step) == (len(page.widget.stepper) - 1,) * 2
    assert page.tab.locator(".graphstep-figure .gs-bar:not(.gs-more)").count() == 1
    page.widget.expression = "w = 1; f = exp(x * w)"
    page.widget.step = 2
    page.tell()
    assert page.tab.input_value(BOX) == "w = 1; f = exp(x * w)"
    assert frame(page.tab) == 2


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_an_error_stands_under_the_text_and_the_figure_stays(live, lang):
    page = live(widget(lang=lang))
    before = texts(page.tab)
    write(page, "f = (x + 2y) * z")
    with pytest.raises(gs.ParseError) as error:
        gs.parse("f = (x + 2y) * z")
    assert page.tab.text_content(WRONG) == error.value.message(lang)
    assert page.tab.inner_text(WRONG).endswith("\n             ^^")
    assert page.tab.get_attribute(BOX, "aria-invalid") == "true"
    assert "wrong" in page.tab.get_attribute(BOX, "aria-describedby")
    assert page.tab.input_value(BOX) == "f = (x + 2y) * z"
    assert texts(page.tab) == before
    page.tab.click("button.gs-last")
    page.tell()
    assert frame(page.tab) == page.widget.step == 3
    page.tab.focus(BOX)
    page.tab.keyboard.press("Escape")
    assert page.tab.input_value(BOX) == TEXT
    assert page.tab.text_content(WRONG) == ""
    assert page.tab.get_attribute(BOX, "aria-invalid") is None
    assert not page.tab.is_visible(".gs-edit button")
    assert page.widget.expression == TEXT


def test_keys_of_one_line_and_of_several(live):
    page = live(widget(LINES))
    assert page.tab.get_attribute(BOX, "rows") == "2"
    page.tab.focus(BOX)
    page.tab.keyboard.press("Control+End")
    page.tab.keyboard.press("Enter")
    page.tab.keyboard.type("g = f * f d")
    page.tell()
    assert page.widget.expression == LINES
    page.tab.keyboard.press("Backspace")
    page.tab.keyboard.press("Control+Enter")
    page.tell()
    assert page.widget.expression == LINES + "\ng = f * f "
    assert page.tab.evaluate("document.activeElement.matches('.gs-edit textarea')")
    write(page, "f = x", "Shift+Enter")
    assert page.widget.expression != "f = x"
    page.tab.keyboard.type("+ y")
    page.tab.click(".gs-edit button[type=submit]")
    page.tell()
    assert page.widget.expression != "f = x"
    assert page.tab.locator(WRONG).inner_text().startswith("line 1, column 1: f is never used")
    write(page, "f = x * y")
    assert page.widget.expression == "f = x * y"


def test_what_a_screen_reader_reads(live):
    page = live(widget())
    box = page.tab.get_by_role("textbox", name="Expression")
    box.fill("f = x * y")
    assert say("player.kernel_keys") in page.tab.inner_text(".gs-edit")
    page.tab.get_by_role("button", name="Apply").click()
    page.tell()
    page.tab.wait_for_function("document.querySelector('.gs-live').textContent")
    assert page.tab.text_content(".gs-live") == page.widget.stepper[0].caption
    assert page.tab.evaluate("document.activeElement.matches('.gs-edit textarea')")


def test_inputs_that_are_missing_can_be_given(live):
    page = live(widget())
    write(page, "f = sum(W * x) * c")
    assert page.tab.inner_text(WRONG).startswith("line 1, column 9: No value is given for W, c.")
    lacking = page.tab.locator(".gs-edit .gs-inputs input")
    assert lacking.count() == 2
    page.tab.keyboard.type("[[1, 2], [3, 4]]")  # the first one has the focus
    page.tab.keyboard.press("Tab")
    page.tab.keyboard.type("many")
    page.tab.keyboard.press("Enter")
    page.tell()
    assert "many" in page.tab.inner_text(WRONG)
    assert page.widget.expression == TEXT
    assert [lacking.nth(k).input_value() for k in (0, 1)] == ["[[1, 2], [3, 4]]", "many"]
    lacking.nth(1).fill("1/2")
    page.tab.keyboard.press("Enter")
    page.tell()
    assert page.widget.inputs == {"W": [[1, 2], [3, 4]], "x": -2, "c": 0.5}
    assert lacking.count() == 0
    assert page.shown("c") == "0.5"
    assert page.widget.stepper.value == -10


def test_a_field_for_what_is_no_more_lacking_does_no_harm(live):
    page = live(widget())
    write(page, "f = x * b")
    page.tab.fill(".gs-edit .gs-inputs input", "7")
    write(page, "f = x * y")
    assert page.widget.inputs == {"x": -2, "y": 5}


def by_hand():
    b = gs.GraphBuilder()
    return b.graph(b.gate("mul", b.input("x"), b.input("y")))


@pytest.mark.parametrize(
    "graph",
    [
        gs.trace(lambda x, y: x * y, 2.0, 3.0, verify=False),
        by_hand(),
        gs.parse("f = sigmoid(x) * y").expand("sigmoid"),
        gs.parse("f = 1/(1 + exp(-x)) * y").group_known(),
    ],
)
def test_without_a_text_there_is_nothing_to_edit(live, graph):
    page = live(gs.stepper(graph, x=2, y=3).widget())
    assert page.tab.locator(".gs-edit").count() == 0
    page.type("x", "5")
    assert page.widget.inputs["x"] == 5


def test_without_a_kernel_the_text_can_be_copied_but_not_changed(live):
    page = live(widget())
    page.tab.fill(BOX, "f = x * y * z")
    page.tab.evaluate("live.restart()")
    assert page.tab.input_value(BOX) == "f = x * y * z"
    assert page.tab.get_attribute(BOX, "readonly") is not None
    page.tab.evaluate("live.reconnect()")
    page.tell()
    page.tab.press(BOX, "Enter")
    page.tell()
    assert page.widget.expression == "f = x * y * z"


def test_a_view_that_opens_later_shows_the_new_figure_and_both_follow(live):
    page = live(widget())
    write(page, "f = x * y")
    page.tab.evaluate("void (window.leave_too = live.view())")
    boxes = page.tab.locator(BOX)
    assert boxes.count() == 2
    page.widget.expression = "f = x - y"
    page.tell()
    assert [boxes.nth(k).input_value() for k in (0, 1)] == ["f = x - y"] * 2
    page.tab.evaluate("leave(); leave_too()")
    assert page.tab.evaluate("live.heard.length") == 0
