"""Write the screenshots of the documents, in Chromium: python tools/shots.py."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import graphstep as gs
from graphstep import markdown
from graphstep.outputs import save_deck

TARGET = Path(__file__).parent.parent / "docs" / "images"
NEURON = "f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2)))"
NEURON_INPUTS = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}
SLIDE = """
## The backward pass

```graphstep x=-2 y=5 z=-4 --by product
q = x + y; f = q * z
```
"""
SUMS = """
## The gradient of W

```graphstep "W=[[0.1, 0.5], [-0.3, 0.8]]" x=[0.2,0.4] --by product --sums
q = W @ x; f = l2(q)
```
"""

CODE = """
## Each step is a line

```graphstep w=1 x=2 y=6 --update w --code
f = (w*x - y)**2
```
"""


# the first one has no windows, and opens a page in a quarter of the time
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--font-render-hinting=none",  # widths of letters are in proportion to their size
)  # fmt: skip


def chromium() -> str | None:
    """The path of Chromium."""
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


def main() -> None:
    """Write the player at a frame, a question, three slides, and a film."""
    from playwright.sync_api import sync_playwright

    s = gs.stepper(NEURON, inputs=NEURON_INPUTS)
    with sync_playwright() as play, tempfile.TemporaryDirectory() as folder:
        browser = play.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1240, "height": 700})
        s.save(f"{folder}/f.html")
        page.goto(f"file://{folder}/f.html#frame=5")
        page.click("button.gs-why")
        page.mouse.move(0, 0)
        page.screenshot(path=TARGET / "player.png", full_page=True)
        s.quiz().save(f"{folder}/q.html")
        page.goto(f"file://{folder}/q.html")
        for _ in range(2):
            page.click("button.gs-forward")
        page.fill(".gs-asked input", "0.53")
        page.click(".gs-asked button")
        page.screenshot(path=TARGET / "quiz.png", full_page=True)
        page.set_viewport_size({"width": 960, "height": 540})
        for name, deck, step in (("slide", SLIDE, 3), ("sums", SUMS, 4), ("code", CODE, 3)):
            save_deck(markdown.read(deck), f"{folder}/{name}.html")
            page.goto(f"file://{folder}/{name}.html#/0/0/{step}")
            page.wait_for_timeout(500)
            page.screenshot(path=TARGET / f"{name}.png")
        browser.close()
    steps = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4, by="product", forward=True)
    steps.save(TARGET / "steps.gif")


if __name__ == "__main__":
    main()
