"""Decks for the browser tests, and what a deck in Chromium shows."""

import base64

import graphstep as gs
from graphstep.formulas.tree import Frac, Name, Row, Scripts, Sign
from graphstep.painting.stage import short
from graphstep.slides.deck import (
    Code,
    Deck,
    Display,
    FigureBlock,
    Formula,
    Heading,
    Items,
    Meta,
    Paragraph,
    Picture,
    Quote,
    Run,
    Table,
)

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def matrix(**options):
    return gs.stepper("q = W @ x; f = l2(q)", W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4], **options)


def line(*parts):
    return Paragraph(tuple(Run(part) if isinstance(part, str) else part for part in parts))


def figure(stepper, shown=None, captions=False):
    shown = tuple(range(len(stepper))) if shown is None else shown
    return FigureBlock(stepper, shown, shown if captions else ())


def talk(*slides, **meta):
    return Deck(Meta(**meta), slides)


DISPLAY = Display(Formula(Row((Name("f"), Sign("="), Frac(Name("alpha"), Name("beta")))), "f"))


KINDS = (
    line("Bold ", Run("b", bold=True, italic=True), Run("c", code=True), Run("s", struck=True),
         Run("link", link="https://example.org/"), Formula(Scripts(Name("x"), None, Name("n"))),
         Run("\n"), Picture(PIXEL, ".png", "a dot")),
    Heading((Run("Heading"),), 2),
    Items(((line("one"), Items(((line("nested"),),), 3)), (line("two"),))),
    Quote((line("quoted"),)),
    DISPLAY,
    Code("def f(x):\n\treturn x < 2 and '&'\n", "python"),
    Table((((Run("a"),), (Run("b"),)), ((Run("1"),), (Run("2"),))), ("left", "right")),
    Picture(PIXEL, ".png", "a picture"),
)  # fmt: skip


def seen(page, root=".present"):
    """What stands in each slot of the figure on the slide."""
    return page.evaluate(
        """(root) => Object.fromEntries([...document.querySelectorAll(root + ' .gs-stage > svg [data-slot]')]
        .map(n => [n.dataset.slot, n.tagName === 'text' ? (n.lastChild?.textContent || '') : n.textContent.trim()]))""",
        root,
    )


def expected(frame):
    """The texts of a frame as Python has them, of slots with numbers that are drawn."""
    s, texts = frame.figure, frame.texts
    drawn = [place.slot for place in s.drawing.places if not place.height]
    return {
        short(slot): (f"[{texts[slot]}]" if slot.kind == "local" else texts[slot])
        if slot in texts
        else ""
        for slot in drawn
    }


def under(page):
    """The index of what is seen under the figure, and whether it is formulas or a sentence."""
    return page.evaluate("""() => [...document.querySelectorAll('.present .gs-said > *')]
        .filter(n => getComputedStyle(n).visibility === 'visible').map(n => [+n.dataset.k,
            n.querySelector('math') ? 'math' : n.textContent])""")


def same(page, frame, k):
    """Whether the slide shows a frame, fragment k: its numbers, its formulas or its sentence."""
    found = seen(page)
    wanted = expected(frame)
    assert {slot: found[slot] for slot in wanted} == wanted
    assert page.get_attribute(".present .gs-stage svg", "aria-label") == frame.caption
    assert under(page) == [[k, "math" if frame.equations else frame.caption]]
