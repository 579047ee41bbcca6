"""The theme of a figure, which follows the page around it."""

import pytest
from browsing import BROWSER, until
from browsing_player import neuron

import graphstep as gs

pytestmark = BROWSER


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


def test_paths_are_coloured_in_a_dark_theme_too(browser):
    for background in ("#fff", "#111"):
        page = browser.new_page()
        page.set_content(f"<body style='background:{background}'>{neuron()._repr_html_()}</body>")
        page.select_option("select[aria-label='Paths from an input']", "w0")
        strokes = page.eval_on_selector_all(
            "path.w.gs-path", "ns => [...new Set(ns.map(n => getComputedStyle(n).stroke))]"
        )
        accent = page.eval_on_selector(
            ".graphstep-figure",
            "n => { n.style.color = 'var(--accent)'; return getComputedStyle(n).color; }",
        )
        assert strokes == [accent]
        page.close()
