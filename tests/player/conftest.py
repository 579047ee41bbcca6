"""Fixtures for pages that are opened from a file in a real Chromium."""

import json

import pytest


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


MODEL = """
const values = {}, heard = [], sent = [];
let unsaved = {}, alive = true;
const model = {
  get: (name) => values[name],
  set: (name, value) => { values[name] = value; unsaved[name] = value; },
  save_changes: () => { if (alive) { sent.push(unsaved); unsaved = {}; } }, // as ipywidgets: else nothing happens
  on: (name, act) => heard.push([name, act]),
  off: (name, act) => { const k = heard.findIndex(([n, a]) => n === name && a === act); if (k >= 0) heard.splice(k, 1); },
};
const tell = (name) => heard.slice().forEach(([n, act]) => { if (n === name) act(); });
window.live = {
  sent, heard, tell,
  hear: (state) => { Object.assign(values, state); for (const name of Object.keys(state)) tell(`change:${name}`); },
  view: () => render({ model, el: document.body }),
  restart: () => { alive = false; tell("comm_live_update"); },
  reconnect: () => { alive = true; tell("comm_live_update"); },
};
"""


class Live:
    """A page with a view of a widget; `tell` carries messages between it and Python."""

    def __init__(self, tab, widget):
        self.tab, self.widget = tab, widget
        script = widget._esm.removesuffix("export default { render };\n") + f"{{{MODEL}}}"
        tab.set_content(f"<!DOCTYPE html><body></body><script>(() => {{{script}}})();</script>")
        self.known = self.state()
        tab.evaluate("state => { live.hear(state); window.leave = live.view(); }", self.known)

    def state(self):
        found = {k: v for k, v in self.widget.get_state().items() if k[0] != "_" and k != "layout"}
        return json.loads(json.dumps(found, allow_nan=False))

    def tell(self):
        """Give Python what the page sent, and the page what has changed in Python."""
        for message in self.tab.evaluate("live.sent.splice(0)"):
            self.known.update(message)
            self.widget.set_state(message)
        now = self.state()
        new = {k: v for k, v in now.items() if v != self.known.get(k)}
        self.tab.evaluate("state => live.hear(state)", new)
        self.known = now

    def type(self, name, text):
        """Type into the field of an input, and press Enter."""
        self.tab.get_by_label(f"{name} =", exact=True).fill(text)
        self.tab.keyboard.press("Enter")
        self.tell()

    def shown(self, name):
        """What stands in the field of an input."""
        return self.tab.get_by_label(f"{name} =", exact=True).input_value()


@pytest.fixture
def live(tab):
    """Shows a widget in a page."""
    return lambda widget: Live(tab, widget)
