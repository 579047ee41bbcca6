"""Names of nodes in formulas, and a graph as one formula."""

import graphstep as gs
from graphstep.explain.equations import expression
from graphstep.explain.symbols import Symbols
from graphstep.formulas.unicode import unicode


def test_a_graph_as_one_formula():
    assert unicode(expression(gs.parse("q = x + y; f = q*z"))) == "f = q z = (x + y) z"
    assert unicode(expression(gs.parse("1/(1 + exp(-x))"))) == "f = 1/(1 + e⁻ˣ)"
    assert unicode(expression(gs.parse("x"))) == "x"
    assert unicode(expression(gs.parse("W2 @ relu(W1 @ x)"))) == "f = W₂ max(0, W₁ x)"
    chain = gs.parse("f = " + "sin(" * 199 + "x" + ")" * 199)
    assert "…" in unicode(expression(chain))
    wide = gs.parse("; ".join(f"a{k + 1} = a{k} * a{k}" for k in range(40)))
    assert len(unicode(expression(wide))) < 300


def test_letters_are_no_names_of_the_graph():
    s = gs.stepper("f = ((u + v) * (a + b) + c)**2", u=1, v=2, a=3, b=4, c=5)
    letters = set(s._writer.facts.symbols.letters)
    assert letters
    assert not letters & {*"uvabc", "f"}
    same = Symbols(gs.parse("f = w_0 * w0 + alpha*α"))
    shown = [unicode(p.tree) for p in same.pieces]
    assert len(set(shown)) == len(shown)
    assert unicode(expression(gs.parse("f = exp(e)"))) == "f = exp(e)"
    assert Symbols(gs.parse("x*f")).output == "L"
    assert unicode(expression(gs.parse("σ = sigmoid(x); f = σ*x"))) == "f = σ x = sigmoid(x) x"
    looks = gs.stepper("f = ((ν + с) * (x + y) + z)**2", inputs=dict.fromkeys("νсxyz", 1))
    assert not set(looks._writer.facts.symbols.letters) & {*"vc"}
