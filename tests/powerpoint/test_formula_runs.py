"""Formulas that flow in a sentence."""

import pytest

from graphstep.formulas.tree import Fenced, Frac, Matrix, Name, Number, Row, Scripts, Sign
from graphstep.latex_input.reader import latex_to_tree
from graphstep.powerpoint.formula_runs import formula_runs


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (Row((Name("w0"), Name("x0"), Sign("+"), Name("b"))), "w0x0\u00a0+\u00a0b"),
        (Row((Sign("-"), Name("alpha"))), "−α"),
        (Frac(Row((Sign("∂"), Name("f"))), Row((Sign("∂"), Name("x")))), "∂f/∂x"),
        (Row((Name("tanh"), Sign("\u2061"), Name("x"))), "tanh\u00a0x"),
        (Frac(Row((Name("a"), Sign("+"), Name("b"))), Number("2")), "(a + b)/2"),
        (Scripts(Name("e"), sup=Scripts(Name("x"), sub=Number("1"))), None),
        (Matrix(((Name("a"),),)), None),
    ],
)
def test_a_formula_flows_in_a_sentence(formula, text):
    found = formula_runs(formula)
    assert text is None or "".join(piece.text for piece in found) == text
    assert (len(found) == 1) == (text is None or "(a" in text)
    assert "\n" not in "".join(piece.text for piece in found)


def test_runs_have_colours_and_frames():
    runs = formula_runs(latex_to_tree(r"\color{red}{a} + \boxed{\textcolor{value}{b}} c"))
    assert [(r.text.strip("\xa0"), r.colour, r.boxed) for r in runs] == [
        ("a", "red", False), ("+", "", False), ("b", "value", True), ("c", "", False),
    ]  # fmt: skip


def test_a_prime_is_high_already_and_is_raised_with_what_it_belongs_to_only():
    prime, x = Sign("′"), Name("x")
    whole = Row((Fenced(x, "(", ")"), Sign("="), Scripts(x, sub=Number("1"), sup=prime)))
    texts = [(run.text, run.rise) for run in formula_runs(Scripts(whole, sup=Sign("″")))]
    assert texts[-3:] == [("1", -1), ("′", 0), ("″", 0)]
    inner = formula_runs(Scripts(Name("e"), sup=Row((Scripts(x, sup=prime),))))
    assert [(run.text, run.rise) for run in inner] == [("e", 0), ("x", 1), ("′", 1)]
