"""Formulas as pictures: where they are broken, and how often they are set."""

import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from presentations import full_deck, opened

from graphstep.formulas.tree import Equation, Fenced, Frac, Name, Number, Row, Sign, Words
from graphstep.look.png import png
from graphstep.look.style import PALETTES
from graphstep.powerpoint import formula_pictures as formulas
from graphstep.powerpoint import pages
from graphstep.slides import deck as sl

COLOURS = PALETTES["default"].light


def test_an_equation_that_is_too_wide_is_broken_before_each_equals_sign():
    long = Row(tuple(Name(f"variable{k}") for k in range(6)))
    given = formulas.wanted((Equation((Name("f"), long, long, long)),), COLOURS, 5000)
    wide, narrow = formulas.formula_pictures(
        [given, given._replace(available=600)], COLOURS.ink
    ).values()
    assert wide.width > 600 > narrow.width
    assert narrow.height > 2 * wide.height


def test_all_formulas_are_set_in_one_run_and_not_again(monkeypatch):
    """One run for the drawings, and one for the pixels, which need to know how large they are."""
    counted = []
    whole = formulas.typeset
    monkeypatch.setattr(formulas, "typeset", lambda *a: counted.append(a[1]) or whole(*a))
    for cached in (formulas._drawn, formulas._rastered):
        cached.cache_clear()
    deck = full_deck()
    pages.deck(deck)
    pages.deck(deck)
    pages.text_sizes(deck)
    assert counted == ["svg", "png"]


def test_formulas_that_only_their_kinds_tell_apart_are_two_pictures():
    both = (Name("x"), Words("x"))
    assert both[0] == both[1]
    made = formulas.formula_pictures(
        (formulas.wanted((one,), COLOURS, 500) for one in both), COLOURS.ink
    )
    assert len({one.svg for one in made.values()}) == 2


def test_pixels_are_as_many_as_a_slide_shows():
    long = Row(tuple(p for k in range(60) for p in (Name(f"w{k}"), Sign("+"))))
    short = Fenced(Name("x"), "(", ")")
    blocks = (sl.Display(sl.Formula(long, "w")), sl.Display(sl.Formula(short, "x")))
    (slide,) = opened(pages.deck(sl.Deck(sl.Meta(), (sl.Slide((), blocks),)))).slides
    shown = [shape for shape in slide.shapes if shape.name == "formula"]
    assert len(shown) == 2
    for shape in shown:
        wide, high = shape.image.size
        assert wide == pytest.approx(2 * shape.width.pt, rel=0.03, abs=2)
        assert high == pytest.approx(2 * shape.height.pt, rel=0.03, abs=2)


def test_pixels_show_the_formula_as_its_drawing_does():
    tree = Frac(Name("alpha"), Row((Name("x1"), Sign("+"), Number("2"))))
    one = formulas.wanted((tree,), COLOURS, 500)
    (drawn,) = formulas.formula_pictures([one], COLOURS.ink).values()
    for part in (1.0, 0.6):
        sized = formulas.FormulaPixels(one, part)
        (made,) = formulas.formula_pixels([sized], COLOURS.ink).values()
        pictures = (Image.open(BytesIO(x)) for x in (png(drawn.svg, 2 * part), made))
        given, seen = (coarse(picture) for picture in pictures)
        assert given.max() > 50
        assert abs(seen - given).max() < 16


def coarse(picture):
    """The opacity of a picture in fields, so that edges count little."""
    alpha = picture.convert("RGBA").getchannel("A").crop((0, 0, 120, 96))
    return np.asarray(alpha.resize((10, 8), Image.Resampling.BOX), float)


def test_ids_are_short_though_hashes_may_begin_with_zeros():
    trees = (
        Row(tuple(Name(f"{letter}{k}") for k in range(4))) for letter in "abcdefghjkmnpqrstuvwxyz"
    )
    made = formulas.formula_pictures(
        (formulas.wanted((tree,), COLOURS, 500) for tree in trees), COLOURS.ink
    )
    assert not any(re.search("g[0-9A-F]{9}", one.svg) for one in made.values())


# --- the file
