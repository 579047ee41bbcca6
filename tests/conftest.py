"""Fixtures of the browser tests, and what processes of tests inherit."""

import os
import signal

import pytest
import shots

# ignored, also by all children, where a shell started the tests in the background
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, driven by Playwright, for all tests."""
    chromium = shots.chromium()
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing: tools/system-packages installs it")
        pytest.skip("no Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=chromium, args=shots.ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def page(browser):
    """A page that may not ask for anything."""
    made = browser.new_page(viewport={"width": 1600, "height": 900})
    made.on("request", lambda request: pytest.fail(f"a request: {request.url}"))
    yield made
    made.close()


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
    from browsing import until

    from graphstep.player import reveal_deck as reveal

    tab = context.new_page()

    def open_(deck, link="", name="d.html"):
        (tmp_path / name).write_text(reveal.deck(deck), encoding="utf-8")
        tab.goto("about:blank")
        tab.goto(f"file://{tmp_path / name}{link}")
        until(tab, "document.querySelector('.reveal.ready, .pdf-page') !== null")
        return tab

    return open_
