"""The chain rule by index: each line comes to the gradient that the tape has."""

from itertools import product

import numpy as np
import pytest
from array_cases import EACH
from formulas import check
from hypothesis import given, settings
from hypothesis import strategies as st
from indexed_values import Values, some
from strategies import smooth_expressions

import graphstep as gs
from graphstep.explain.step_kinds import WAYS
from graphstep.formulas.latex import latex
from graphstep.formulas.mathml import mathml
from graphstep.formulas.tree import Limits
from graphstep.formulas.typst_math import typst
from graphstep.formulas.unicode import unicode
from graphstep.indexes.forms import INTO

SUMS = gs.Style(sums=True)
EXACT = gs.Style(sums=True, digits=15)
LECTURE = dict(W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4])


def check_derivations(s):
    """Each side of each derivation is what its wire brings back; returns how many there were."""
    values, count = Values(s), 0
    derivations, writer = s._writer.derivations, s._writer
    for w, wire in enumerate(s.graph.wires):
        if s.graph.takes_labels(wire):
            continue
        first, *sides = [*derivations.sides(w, writer._contribution(wire.source)), None][:-1] or [
            None
        ]
        if first is None:
            continue
        gradient = np.asarray(s.tape.downstream(w))
        letters = [derivations.elements.letters[x] for x in INTO[: gradient.ndim]]
        out = zip(derivations.letters(w).out, s.tape.shapes[wire.target], strict=True)
        values.ranges = {derivations.elements.letters[x]: size for x, size in out}
        named = s._writer.facts.asked(w) is not None
        for places in some(product(*map(range, gradient.shape)), 4):
            at = dict(zip(letters, places, strict=True))
            for side in (first, *sides) if named and sides else sides:
                assert np.isclose(values.worth(side, at), gradient[tuple(places)], rtol=1e-8, atol=1e-10), (
                    unicode(side), at)  # fmt: skip
                count += 1
    return count


def lines(s):
    return [[unicode(equation) for equation in frame.equations] for frame in s]


def test_the_lecture_s_lines():
    s = gs.stepper("q = W @ x; f = l2(q)", by="product", style=SUMS, inputs=LECTURE)
    assert lines(s)[2:] == [
        ["∂f/∂qᵢ = 2 qᵢ",
         "∇_q f = ∂f/∂f · ∂(∑ q²)/∂q = 1.00 · 2 q = 1.00 · [0.44; 0.52] = [0.44; 0.52]"],
        ["∂f/∂xᵢ = ∑ₖ ∂f/∂qₖ · ∂qₖ/∂xᵢ = ∑ₖ 2 qₖ · Wₖᵢ = ∑ₖ 2 qₖ Wₖᵢ",
         "∇ₓ f = Wᵀ · ∂f/∂q = 2 Wᵀ · q = [0.1 −0.3; 0.5 0.8] · [0.44; 0.52] = [−0.112; 0.636]"],
        ["∂f/∂Wᵢⱼ = ∑ₖ ∂f/∂qₖ · ∂qₖ/∂Wᵢⱼ = ∑ₖ 2 qₖ · 1{k = i} xⱼ = 2 qᵢ xⱼ",
         "∇_W f = ∂f/∂q · xᵀ = 2 q · xᵀ = [0.44; 0.52] · [0.2 0.4] = [0.088 0.176; 0.104 0.208]"],
    ]  # fmt: skip
    assert check_derivations(s) > 10
    assert check(s) > 10


def test_the_local_gradients_by_themselves():
    s = gs.stepper("q = W @ x; f = l2(q)", by="wire", style=SUMS, inputs=LECTURE)
    said = [line for frame in lines(s) for line in frame]
    assert "∂qₖ/∂Wᵢⱼ = 1{k = i} xⱼ" in said
    assert "∂qₖ/∂xᵢ = Wₖᵢ" in said
    assert "∂(∑ q²)/∂qᵢ = 2 qᵢ" in said


def test_without_the_option_there_is_none():
    for style in (gs.Style(), SUMS):
        s = gs.stepper("f = x * y", x=1, y=2, style=style)
        assert not any("∑" in line for frame in lines(s) for line in frame)
    plain = gs.stepper("q = W @ x; f = l2(q)", inputs=LECTURE)
    assert not any("ₖ" in line for frame in lines(plain) for line in frame)


@EACH
def test_each_side_of_each_derivation_is_true(name, text, inputs, theirs):
    for loss in ("sum(sin(p + 0.3)*(p + 2))", "l2(p)", "sum(p)", "mean(3*p)"):
        s = gs.stepper(f"p = {text}; f = {loss}", inputs=inputs, style=EXACT)
        check_derivations(s)
        if checks(gs.stepper(s.graph, inputs=inputs, style=gs.Style(digits=15))):
            check(s)


def checks(s):
    """Whether the evaluator knows the formulas without sums: not those of stacks and copies."""
    try:
        return check(s)
    except (ValueError, AssertionError):
        return 0


NETS = [
    ("h = relu(X @ W1 + b); L = cross_entropy(h @ W2, y)",
     dict(X=[[1, 2], [3, 4], [5, -6]], W1=[[1, 2], [0, 1]], b=[1, 2], W2=[[1, 0, 1], [0, 1, 1]], y=[0, 1, 2])),
    ("p = softmax(s); f = p @ w", dict(s=[1, 2, 3], w=[1, 0, 2])),
    ("f = x @ A @ x", dict(x=[1, 2], A=[[1, 2], [3, 4]])),
    ("f = x @ x", dict(x=[1, 2])),
    ("f = sum(x*x)*norm(x)", dict(x=[1, 2])),
    ("f = mean((X.T - c)**2) + max(X)", dict(X=[[1, 2, 3], [4, 5, 6]], c=[2, 3])),
    ("f = l2(W @ x + b) + 0.1*l2(W)", dict(W=[[1, 2], [3, 4]], x=[1, 2], b=[1, 1])),
    ("i = W @ k; j = tanh(i); l = k @ j; f = l*l", dict(W=[[1, 2], [0.3, 0.4]], k=[0.1, 0.2])),
    ("f = sum(outer(x1, y2) @ W3)", dict(x1=[1, 2], y2=[3, 4, 5], W3=[[1, 2], [3, 4], [5, 6]])),
    ("q = concat(W @ x, b); f = l2(q[1:])", dict(W=[[1, 2], [3, 4]], x=[1, 2], b=[1, -1, 2])),
    ("q = reshape(W, 3, 2) @ x; f = sum(pad(q, 1)**2)", dict(W=[[1, 2, 3], [4, 5, 6]], x=[1, 2])),
    ("f = -sum(log_softmax(s)[y])", dict(s=[[1, 2], [3, 1]], y=[0, 1])),
]  # fmt: skip


@pytest.mark.parametrize(("text", "inputs"), NETS, ids=[text for text, _ in NETS])
@pytest.mark.parametrize("by", WAYS)
def test_of_whole_graphs(text, inputs, by):
    s = gs.stepper(text, inputs=inputs, by=by, style=EXACT)
    assert check_derivations(s) > 3
    assert check(s) > 3


@settings(max_examples=40)
@given(text=smooth_expressions, seed=st.integers(0, 99))
def test_of_random_graphs(text, seed):
    """Vectors x, y and a number z, rows added to a matrix w."""
    random = np.random.default_rng(seed)
    values = {"x": random.normal(size=3), "y": random.normal(size=3), "z": 0.7,
              "w": random.normal(size=(2, 3))}  # fmt: skip
    graph = gs.parse(f"p = {text}; f = sum(p*p)")
    s = gs.stepper(graph, inputs={n: values[n] for n in graph.inputs}, style=EXACT)
    if any(s.tape.shapes) and not s.tape.troubles and np.max(np.abs(s.tape.values[-1])) < 1e6:
        check_derivations(s)


def test_no_index_is_a_name_of_the_figure():
    s = gs.stepper("i = W @ k; f = l2(i)", W=[[1, 2], [3, 4]], k=[1, 2], style=SUMS)
    letters = {*s._writer.derivations.elements.letters.values()}
    assert letters.isdisjoint({"i", "k", "W", "f"})
    assert len(letters) == 6  # two of an output, of an input, and of sums inside


def test_several_wires_are_contributions():
    s = gs.stepper("f = x @ A @ x", x=[1, 2], A=[[1, 2], [3, 4]], by="value", style=SUMS)
    said = [line for frame in lines(s) for line in frame if "ᵢ" in line]
    assert any(line.startswith("contribution to ∂f/∂xᵢ = ") for line in said)
    ru = gs.stepper("f = x @ A @ x", x=[1, 2], A=[[1, 2], [3, 4]], style=SUMS, lang="ru")
    assert any(line.startswith("вклад в ∂f/∂xᵢ = ") for frame in lines(ru) for line in frame)


def test_in_every_language_of_formulas():
    s = gs.stepper("q = W @ x; f = l2(q)", style=SUMS, inputs=LECTURE)
    found = [e for frame in s for e in frame.equations if any_sum(e)]
    assert found
    for equation in found:
        assert r"\sum_{k}" in latex(equation)
        assert "<munder><mo>∑</mo><mi>k</mi></munder>" in mathml(equation)
        assert "attach(∑, b: k)" in typst(equation)
        assert "∑ₖ" in unicode(equation)


def any_sum(x):
    return isinstance(x, Limits) or (isinstance(x, tuple) and any(map(any_sum, x)))
