"""Formulas as pictures: where they are broken, and how often they are set."""

from presentations import full_deck

from graphstep.formulas.tree import Equation, Name, Row
from graphstep.look.style import PALETTES
from graphstep.powerpoint import formula_pictures as formulas
from graphstep.powerpoint import pages


def test_an_equation_that_is_too_wide_is_broken_before_each_equals_sign():
    long = Row(tuple(Name(f"variable{k}") for k in range(6)))
    colours = PALETTES["default"].light
    given = formulas.Wanted((Equation((Name("f"), long, long, long)),), colours, 5000)
    wide, narrow = formulas.formula_pictures(
        [given, given._replace(available=600)], colours.ink
    ).values()
    assert wide.width > 600 > narrow.width
    assert narrow.height > 2 * wide.height


def test_all_formulas_are_set_in_one_run_and_not_again(monkeypatch):
    counted = []
    whole = formulas.typeset
    monkeypatch.setattr(formulas, "typeset", lambda *a: counted.append(a) or whole(*a))
    formulas._set.cache_clear()
    deck = full_deck()
    pages.deck(deck)
    pages.deck(deck)
    assert len(counted) == 1


# --- the file
