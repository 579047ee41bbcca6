"""Fixtures for pages that are opened from a file in a real Chromium."""

import pytest
from browsing import until

from graphstep.player import reveal_deck as reveal


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


@pytest.fixture
def context(browser):
    """A window of its own, in which nothing may be asked for and nothing may go wrong."""
    made = browser.new_context(viewport={"width": 960, "height": 540})
    problems = []

    def watch(page):
        page.on(
            "console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith(LOCAL) else problems.append(r.url))

    made.on("page", watch)
    yield made
    assert problems == []
    made.close()


LOCAL = ("file:", "data:", "about:")


@pytest.fixture
def opened_deck(context, tmp_path):
    """Opens a deck from a file, at a link."""
    tab = context.new_page()

    def open_(deck, link="", name="d.html"):
        (tmp_path / name).write_text(reveal.deck(deck), encoding="utf-8")
        tab.goto("about:blank")
        tab.goto(f"file://{tmp_path / name}{link}")
        until(tab, "document.querySelector('.reveal.ready, .pdf-page') !== null")
        return tab

    return open_
