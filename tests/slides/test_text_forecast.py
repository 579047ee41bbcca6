"""What is forecast of the texts of a slide, and what Chromium makes of it."""

import pytest
from browsing import BROWSER

import graphstep as gs
from examples import NEURON, NEURON_INPUTS
from graphstep.formulas.tree import Frac, Name
from graphstep.player import reveal_deck
from graphstep.slides.deck import (
    BODY,
    Code,
    Deck,
    Display,
    FigureBlock,
    Formula,
    Heading,
    Items,
    Meta,
    Paragraph,
    Quote,
    Run,
    Slide,
    Table,
)
from graphstep.slides.legibility import BODY_LEAST
from graphstep.slides.slide_plans import TEXT_SIZES

pytestmark = BROWSER
STEPS = 2
"""Sizes of the table by which a forecast may be wrong: it has no font but a table of widths."""


def line(words):
    return Paragraph((Run(words),))


def points(count):
    return Items(tuple((line(f"point {k}"),) for k in range(count)))


def around(*blocks):
    s = gs.stepper(NEURON, **NEURON_INPUTS)
    return *blocks, FigureBlock(s, tuple(range(len(s))))


LONG = "A sentence that goes on for as long as a sentence on a slide may ever go on. "
RATIO = Display(Formula(Frac(Name("a"), Name("b"))))
CELLS = tuple((Run(f"cell {k}"),) for k in range(3))
SLIDES = {
    "few": (line(LONG),),
    "points": (points(16),),
    "text": tuple(line(LONG * 3) for _ in range(6)),
    "crowded": tuple(line(LONG * 4) for _ in range(12)),
    "mixed": (Heading((Run("Heading"),), 2), RATIO, Quote((line(LONG * 2),)), Code("x = 1\n" * 5),
              Table((CELLS,) * 4, ("left",) * 3)),
    "figure": around(line(LONG)),
    "texts and figure": around(line(LONG * 2), RATIO, line(LONG * 3)),
}  # fmt: skip
DECK = Deck(Meta(), tuple(Slide((Run("Title"),), blocks) for blocks in SLIDES.values()))


@pytest.fixture(scope="module")
def seen(browser, tmp_path_factory):
    """The sizes that Chromium takes."""
    path = tmp_path_factory.mktemp("forecast") / "d.html"
    path.write_text(reveal_deck.deck(DECK), encoding="utf-8")
    page = browser.new_page(viewport={"width": 960, "height": 540})
    page.goto(path.as_uri())
    page.wait_for_selector(".reveal.ready")
    size = "+document.querySelector('.present .gs-page').style.getPropertyValue('--size')"
    found = {n: BODY * page.evaluate(f"Reveal.slide({k}), {size}") for k, n in enumerate(SLIDES)}
    page.close()
    return found


@pytest.mark.parametrize("name", SLIDES)
def test_a_forecast_is_near_what_is_seen(name, seen):
    found = dict(zip(SLIDES, (one.text for one in reveal_deck.sizes(DECK)), strict=True))
    assert abs(found[name] - seen[name]) <= STEPS * 0.07 * BODY + 0.01


def test_small_texts_are_forecast_where_they_are_seen(seen):
    found = dict(zip(SLIDES, (one.text for one in reveal_deck.sizes(DECK)), strict=True))
    small = {name for name in SLIDES if round(found[name], 1) < BODY_LEAST}
    assert small >= {name for name in SLIDES if round(seen[name], 1) < BODY_LEAST}
    assert not small & {"few", "figure"}
    assert found["few"] == seen["few"] == BODY * TEXT_SIZES[0].text
    assert "crowded" in small


TOO_LONG = {
    "short": (line(LONG),),
    "text": tuple(line(LONG * 9) for _ in range(12)),
    "points": (points(70),),
    "code": (Code("x = 1\n" * 60),),
    "table": (Table((CELLS,) * 40, ("left",) * 3),),
    "figure": around(*(line(LONG) for _ in range(40))),
}


def test_by_how_much_a_slide_is_too_long_is_forecast(opened_deck):
    deck = Deck(Meta(), tuple(Slide((Run("Title"),), blocks) for blocks in TOO_LONG.values()))
    forecast = [one.over for one in reveal_deck.sizes(deck)]
    page = opened_deck(deck)
    for over in forecast:
        body = page.locator(".present .gs-body")
        hidden = body.evaluate("n => (n.scrollHeight - n.clientHeight) / 540")
        assert (page.locator(".present .gs-long").count() == 1) == (over > 0)
        assert over == pytest.approx(hidden if over else 0, rel=0.25, abs=0.1)
        page.evaluate("Reveal.slide(Reveal.getIndices().h + 1)")


def test_marked_lines_do_not_shrink_their_program(opened_deck):
    codes = (Code("x = 1\n" * 3, "python", marked=marked) for marked in ((), (2,)))
    page = opened_deck(Deck(Meta(), tuple(Slide((Run("Title"),), (code,)) for code in codes)))
    size = "parseFloat(getComputedStyle(document.querySelector('.present pre')).fontSize)"
    plain, marked = (page.evaluate(f"Reveal.slide({k}), {size}") for k in range(2))
    assert marked == plain
