"""Fixtures of the browser tests, and what processes of tests inherit."""

import os
import shutil
import signal

import pytest

# ignored, also by all children, where a shell started the tests in the background
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, driven by Playwright, for all tests."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing: tools/system-packages installs it")
        pytest.skip("no Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        found = play.chromium.launch(executable_path=chromium, args=args)
        yield found
        found.close()


@pytest.fixture(scope="module")
def page(browser):
    """A page that may not ask for anything."""
    made = browser.new_page(viewport={"width": 1600, "height": 900})
    made.on("request", lambda request: pytest.fail(f"a request: {request.url}"))
    yield made
    made.close()
