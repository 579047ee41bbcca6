"""Texts of gates' rows as mathematics."""

import pytest

from graphstep.explain.terms import PRODUCT, SUM, Piece, read
from graphstep.formulas.tree import (
    Name,
    Number,
    Row,
    Scripts,
    Sign,
)
from graphstep.formulas.unicode import unicode

TEXTS = [
    ("-{x}/{y}**2", "−(a + b)/y²"),
    ("{x}*{y}", "(a + b) y"),
    ("{y}*{x}", "y (a + b)"),
    ("{y} - {x}", "y − (a + b)"),
    ("{x} - {y}", "a + b − y"),
    ("{x}**{y}*log({x})", "(a + b)ʸ ln(a + b)"),
    ("-{x}", "−(a + b)"),
    ("{n}*{y}", "−4 y"),
    ("{y}*{n}", "y · (−4)"),
    ("{y} + {n}", "y + (−4)"),
    ("{n}**2", "−4²"),  # see below
    ("exp({x})", "eᵃ⁺ᵇ"),
    ("1 - tanh({y})**2", "1 − tanh²(y)"),
    ("mean({y})**2 + max({y}, 0)**2", "(mean(y))² + (max(y, 0))²"),
    ("abs({x})", "|a + b|"),
    ("[{x} > 0]", "[a + b > 0]"),
    ("sqrt({x})", "√(a + b)"),
    ("{x} @ {y}", "(a + b) y"),
    ("{y}.T @ {x}", "yᵀ (a + b)"),
    ("sum({x})", "∑ (a + b)"),
    ("relu({y})", "max(0, y)"),
    ("softplus({y})", "ln(1 + eʸ)"),
    ("square({x})", "(a + b)²"),
    ("reciprocal({y})", "1/y"),
    ("l1({y})", "∑ |y|"),
    ("2*{y}*{w}", "2 y · rate"),
    ("{y}*2*{w}", "y · 2 rate"),
    ("l2({y})", "∑ y²"),
    ("logsumexp({y})", "ln(∑ eʸ)"),
    ("log_softmax({y})", "ln(softmax(y))"),
    ("outer({y}, {x})", "y (a + b)ᵀ"),
    ("cross_entropy({x}, {y})", "cross entropy(a + b, y)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), TEXTS, ids=[row[0] for row in TEXTS])
def test_texts_are_read(text, shown):
    places = {
        "x": Piece(Row((Name("a"), Sign("+"), Name("b"))), SUM),
        "y": Piece(Name("y")),
        "n": Piece(Number("-4"), minus=True),
        "w": Piece(Name("rate")),
    }
    assert unicode(read(text, places).tree) == shown.replace("−4²", "(−4)²")


@pytest.mark.parametrize(
    ("text", "shown"),
    [("abs({x})*{y}", "|x| ⊙ y"), ("norm({x})*{y}", "‖x‖ y"), ("abs({c})*{y}", "|c| y"),
     ("exp({x})*{y}", "eˣ ⊙ y"), ("sqrt({x})*{y}", "√x ⊙ y"), ("sum({x})*{y}", "(∑ x) y")],
)  # fmt: skip
def test_a_product_of_arrays_is_element_by_element(text, shown):
    """A norm and a sum are one number, so that their product with an array is none of arrays."""
    places = {"x": Piece(Name("x"), array=True), "y": Piece(Name("y"), array=True)}
    assert unicode(read(text, {**places, "c": Piece(Name("c"))}).tree) == shown


WORDS = {
    "rate": Piece(Name("rate")),
    "rate · c": Piece(Row((Name("rate"), Sign("·"), Name("c"))), PRODUCT),
    "rate²": Piece(Scripts(Name("rate"), sup=Number("2")), PRODUCT),
}


@pytest.mark.parametrize(("shown", "word"), WORDS.items(), ids=WORDS)
def test_a_letter_and_a_word_have_a_dot_between_them(shown, word):
    """Else y and rate would read as one word."""
    assert unicode(read("{y}*{w}", {"y": Piece(Name("y")), "w": word}).tree) == f"y · {shown}"


def test_a_letter_and_a_function_have_no_dot_between_them():
    assert unicode(read("{y}*log({y})", {"y": Piece(Name("y"))}).tree) == "y ln(y)"
