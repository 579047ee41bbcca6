"""Keys in a real Chromium: they step the figure with the focus, and no page around it hears them."""

import pytest
from browsing import BROWSER
from browsing_player import frame, neuron

pytestmark = BROWSER

FOCUSABLE = (
    ".graphstep-figure, .graphstep-figure :is(button, input, select, [tabindex]):not([disabled])"
)
HOSTS = """() => { window.heard = [];
    for (const kind of ["keydown", "keypress", "keyup"]) for (const capture of [true, false]) {
        document.addEventListener(kind, e => heard.push(`${kind} ${e.key} ${capture}`), capture);
        window.addEventListener(kind, e => heard.push(`${kind} ${e.key} ${capture}`), capture); } }"""


@pytest.mark.parametrize("quiz", [False, True])
def test_whatever_has_the_focus_no_host_hears_a_key(opened, quiz):
    """Hosts listen on the way down (Notebook 7) or up (JupyterLab), at the document or the window."""
    s = neuron()
    page = opened(s.quiz() if quiz else s, "#frame=3")
    page.evaluate(HOSTS)
    page.click("[data-node='2']")  # details, with their button
    focus = """([selector, k]) => { const found = [...document.querySelectorAll(selector)][k]; found?.focus();
        return !found ? null : !found.matches(":focus") ? "hidden" : found.dataset.lmSuppressShortcuts === "true"; }"""
    k = pressed = 0
    while (marked := page.evaluate(focus, [FOCUSABLE, k])) is not None:
        k += 1
        if marked == "hidden":
            continue
        assert marked, k  # Lumino's attribute, on the very element with the focus
        for key in ("d", "x", "ArrowRight"):
            page.keyboard.press(key)
        pressed += 1
    assert pressed > 12
    assert page.evaluate("heard") == []
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert len(page.evaluate("heard")) == 3 * 2 * 2


def test_keys_go_on_where_a_button_ends(opened):
    """The last press disables the button; the focus stays in the figure."""
    s = neuron()
    page = opened(s)
    for control, key, at in (("last", "ArrowLeft", len(s) - 2), ("first", "ArrowRight", 1)):
        page.click(f"button.gs-{control}")
        page.keyboard.press(key)
        assert frame(page) == at, control
    page.click("[data-node='2']")
    page.click(".gs-detail button")  # Close
    page.keyboard.press("End")
    assert frame(page) == len(s) - 1


def test_keys_in_a_shadow_tree_and_of_several_scripts(browser):
    """marimo shows outputs in shadow trees; each cell of a notebook brings its own script."""
    page = browser.new_page()
    page.set_content("<div id='host'></div>" + neuron()._repr_html_() * 2)
    page.evaluate("""text => { const host = document.getElementById('host');
        host.attachShadow({ mode: 'open' }).append(document.querySelector('.graphstep-figure').parentElement); }""")
    page.evaluate(HOSTS)
    for k in (0, 1):
        figure = page.locator(".graphstep-figure").nth(k)
        figure.locator("button.gs-forward").click()
        page.keyboard.press("ArrowRight")
        assert figure.locator(".gs-bar input[type=number]").input_value() == "3"
        figure.locator(".gs-bar input[type=number]").fill("")
        page.keyboard.type("5")  # typed, not stepped
        page.keyboard.press("Home")
        assert figure.locator(".gs-bar input[type=number]").input_value() == "5"
        node = figure.locator(
            "[data-node='2']"
        )  # chosen by Tab, opened by Enter, also in a shadow tree
        node.evaluate("node => node.focus()")
        page.keyboard.press("Enter")
        assert figure.locator(".gs-detail").is_visible()
    assert page.evaluate("heard") == []
    page.close()
