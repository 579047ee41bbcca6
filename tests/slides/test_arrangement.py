"""Arrangements of figures on slides: rows, directions, and how large texts become."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from strategies import programs

import graphstep as gs
from examples import NEURON, NEURON_INPUTS, first, neuron, stepped
from graphstep.markdown import read
from graphstep.powerpoint import pages
from graphstep.slides.arrangement import arranged, deck_of
from graphstep.slides.deck import Deck, FigureBlock, Meta, Slide
from graphstep.slides.legibility import FIGURE_LEAST
from graphstep.slides.text_forecast import figure_words, shared

INPUTS = " ".join(f"{name}={value}" for name, value in NEURON_INPUTS.items())


def alone(s, **meta):
    """A deck of one figure, as it is."""
    return Deck(Meta(**meta), (Slide((), (FigureBlock(s, tuple(range(len(s)))),)),))


def figure_of(deck):
    return deck.slides[0].figure.stepper


def points(deck):
    """The size of the smallest texts of the only figure, in points on a slide of PowerPoint."""
    return pages.sizes(deck)[0].figure


def test_the_neuron_can_be_read_in_one_row_where_it_has_a_wide_slide_to_itself():
    plain = alone(neuron())
    assert figure_of(arranged(plain)) is figure_of(plain)
    assert points(plain) >= FIGURE_LEAST


def test_the_neuron_turns_into_two_rows_where_its_texts_become_larger():
    plain = alone(neuron(), aspect="4:3")
    found = arranged(plain)
    before, after = figure_of(plain), figure_of(found)
    assert after.style == replace(before.style, wrap=after.style.wrap)
    assert after.drawing.width < 0.6 * before.drawing.width
    assert found.slides[0].figure.shown == plain.slides[0].figure.shown
    assert [frame.caption for frame in after] == [frame.caption for frame in before]
    assert worth(found) > 1.08 * worth(plain)
    assert points(found) > 1.1 * points(plain)
    assert points(found) >= FIGURE_LEAST


@pytest.mark.parametrize("options", ["", "--direction right", "--direction up", "--wrap 300"])
def test_an_option_of_the_figure_is_left_as_it_is(options):
    deck = read(f"## T\n\n```graphstep {INPUTS} {options}\n{NEURON}\n```\n")
    style = figure_of(deck).style
    said = options.removeprefix("--").split()
    if not said:
        assert style.wrap is not None
    else:
        assert str(getattr(style, said[0])).removesuffix(".0") == said[1]
        assert (style.wrap is None) == (said[0] == "direction")


def test_all_that_makes_slides_of_a_figure_arranges_it():
    assert figure_of(deck_of(neuron())).style.wrap is not None


def test_what_can_be_read_stays_in_one_row():
    s = first()
    assert figure_of(arranged(alone(s))) is s


def worth(deck):
    slide = deck.slides[0]
    words = figure_words(slide.figure, deck.meta.aspect)
    share = shared(slide, slide.figure, words, deck.meta.aspect)
    return share.worth


@settings(max_examples=10, deadline=None)
@given(text=programs())
def test_no_arrangement_makes_texts_smaller(text):
    plain = alone(stepped(text))
    found = arranged(plain)
    assert figure_of(found) is figure_of(plain) or worth(found) > 1.05 * worth(plain)


def test_a_figure_of_many_gates_is_not_laid_out_again_and_again(monkeypatch):
    text = " + ".join(f"x{k} * {k + 2}" for k in range(60))
    s = gs.stepper(text, inputs={f"x{k}": 0.5 for k in range(60)})
    _ = s.drawing
    monkeypatch.setattr("graphstep.figure.figure.draw", None)
    assert figure_of(arranged(alone(s))) is s
