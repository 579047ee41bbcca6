"""Formulas as pictures: where they are broken, and how often they are set."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from presentations import full_deck, opened

from graphstep.formulas.tree import Equation, Fenced, Frac, Name, Number, Row, Sign, Words
from graphstep.look.png import png, svg_size
from graphstep.look.style import PALETTES
from graphstep.look.typst import equations, typeset
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
    """One run for their sizes, and one for the pixels, which need to know how large they are."""
    counted = []
    for name in ("typeset", "document_metadata"):
        whole = getattr(formulas, name)
        monkeypatch.setattr(
            formulas, name, lambda *a, of=whole: counted.append(of.__name__) or of(*a)
        )
    for cached in (formulas._measured, formulas._rastered):
        cached.cache_clear()
    deck = full_deck()
    pages.deck(deck)
    pages.deck(deck)
    pages.sizes(deck)
    assert counted == ["document_metadata", "typeset"]


def test_formulas_that_only_their_kinds_tell_apart_are_two_pictures():
    both = (Name("x"), Words("x"))
    assert both[0] == both[1]
    wanted = [formulas.wanted((one,), COLOURS, 500) for one in both]
    assert len(formulas.formula_pictures(wanted, COLOURS.ink)) == 2
    made = formulas.formula_pixels(
        [formulas.FormulaPixels(one, 1.0) for one in wanted], COLOURS.ink
    )
    assert len({*made.values()}) == 2


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


@pytest.mark.parametrize("part", [1.0, 0.6])
def test_pixels_are_the_formula_in_its_size_and_its_inks(part):
    """Against the drawing that Typst makes of the same page."""
    tree = Frac(Name("alpha"), Row((Name("x1"), Sign("+"), Number("2"))))
    one = formulas.wanted((tree,), COLOURS, 500)
    (sized,) = formulas.formula_pictures([one], COLOURS.ink).values()
    page = formulas._document([formulas._call("drawn", one, f"{part:g}")], COLOURS.ink, "")
    (drawing,) = (svg.decode() for svg in typeset(page, "svg", equations()))
    assert svg_size(drawing) == pytest.approx((part * sized.width, part * sized.height), abs=0.01)
    (made,) = formulas.formula_pixels([formulas.FormulaPixels(one, part)], COLOURS.ink).values()
    given, seen = (coarse(Image.open(BytesIO(x))) for x in (png(drawing, 2), made))
    assert given.max() > 50
    assert abs(seen - given).max() < 16


def coarse(picture):
    """The opacity of a picture in fields, so that edges count little."""
    alpha = picture.convert("RGBA").getchannel("A").crop((0, 0, 120, 96))
    return np.asarray(alpha.resize((10, 8), Image.Resampling.BOX), float)


# --- the file
