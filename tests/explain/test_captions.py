"""Captions about labels, kinks and zeros: what is said, and no false reason."""

import re
from itertools import pairwise

import pytest

import graphstep as gs
from graphstep.explain.step_kinds import WAYS

NAMED = [
    ["w0", "x0", "alpha", "y"],
    ["x1", "x_1", "w2", "b"],  # two that would look the same
    ["w_h", "w_y", "eta2", "z"],  # an index that cannot be set
    ["x_min", "x_max", "lambda_", "rate"],
]


@pytest.mark.parametrize("symbols", ["typeset", "program"])
@pytest.mark.parametrize("names", NAMED, ids=" ".join)
def test_names_in_sentences_are_those_of_the_figure(names, symbols):
    a, b, c, d = names
    text = f"q_1 = {a}*{b} + {c}; f = max(q_1*{d}, {a})/{b}"
    for inputs in (dict.fromkeys(names, 0.5), None):
        s = gs.stepper(text, inputs=inputs, by="wire", style=gs.Style(symbols=symbols))
        drawn = {mark.node: mark.text for mark in s.drawing.marks if not mark.gate}
        said = " ".join(text for f in s for text in (f.caption, f.legend, f.why)) + s.given
        for name in names:
            shown = drawn[s.graph.names[name]]
            assert s.names[s.graph.names[name]] == s.labels[s.graph.names[name]] == shown
            assert re.search(rf"\binput {re.escape(shown)}[.:]", said)
            assert shown == name or not re.search(rf"\b{re.escape(name)}\b", said)
        assert ("q₁" in said) == (symbols == "typeset")


def test_max_of_three_is_told():
    s = gs.stepper("f = max(x, y, z)", x=1, y=2, z=3)
    assert "Input z" in s[2].caption
    assert "not the maximum" in s[2].caption
    assert gs.stepper("f = sum(max(x, y, z))", x=[1, 2], y=[2, 1], z=[0, 5])[3].caption


@pytest.mark.parametrize("by", WAYS)
def test_of_labels_is_said_that_they_have_no_derivative_and_no_more(by):
    s = gs.stepper("f = cross_entropy(W @ x, t)", W=[[1, 2], [3, 4]], x=[0.2, 0.4], t=1, by=by)
    said = [
        frame.caption for frame in s if "t holds labels, which have no derivative." in frame.caption
    ]
    assert len(said) == (2 if by in ("wire", "local") else 1)
    assert not any("nput t" in frame.caption or "\nt:" in frame.legend for frame in s)


def test_labels_that_are_used_twice_have_no_sum():
    s = gs.stepper("f = cross_entropy(s, t) + hinge(s, t)", s=[0.2, 0.4], t=1)
    at = next(frame for frame in s if frame.step.kind == "sum" and frame.step.node == 1)
    assert at.caption == "t holds labels, which have no derivative."
    assert (at.legend, at.equations) == ("", ())
    s = gs.stepper("f = cross_entropy(s, t) + 2*t", s=[0.2, 0.4], t=1)
    at = next(frame for frame in s if frame.step.kind == "sum")
    assert at.legend == "2.00 = 2.00"
    assert len(at.equations[0].sides) == 3  # nothing is written of the labels' wire


@pytest.mark.parametrize(
    ("text", "inputs", "not_said"),
    [
        ("f = sum(x*y)", dict(x=2, y=[1, -1]), "multiplied by 0"),
        ("f = sum([0, 1]*relu(x))", dict(x=[1, -1]), "x gets 0, since the ReLU is off"),
        ("f = sum(relu(x))", dict(x=[0, -1, -2]), "x gets 0: at the kink"),
        ("f = sum(W @ x)", dict(W=[[1, -1], [-1, 1]], x=[1, 2]), "local gradient is 0"),
        ("f = concat(x, z)[0]", dict(x=[1, 2], z=[3, 4]), "local gradient is 0"),
        ("f = sum(x + b)", dict(x=[[1, 2], [3, 4]], b=[1, 2]), "as it is"),
    ],
)
def test_no_false_reason_is_given(text, inputs, not_said):
    assert not_said not in " ".join(frame.caption for frame in gs.stepper(text, inputs=inputs)
                                    if frame.step.node != frame.figure.graph.output or "as it" not in not_said)  # fmt: skip


PLAIN = [
    ("f = sum(x)", dict(x=[1, 2]), "downstream = upstream for each element = [1, 1]",
     "выходящий = входящий для каждого элемента = [1; 1]"),
    ("f = mean(x)", dict(x=[1, 2]), "downstream = upstream/2 for each element",
     "выходящий = входящий/2 для каждого элемента"),
    ("f = sum(log_softmax(x)*y)", dict(x=[[1, 2]], y=[[1, 0]]), "sum(upstream, axis=1, keepdims=1)",
     "sum(входящий, axis=1, keepdims=1)"),
    ("f = cross_entropy(s, y)", dict(s=[1, 2], y=1), "(softmax(s) − onehot(y)) = ",
     "(softmax(s) − onehot(y)) = "),
    ("f = sum(x.T @ y)", dict(x=[[1, 2]], y=[[3]]), "(x.T)ᵀ · upstream", "(x.T)ᵀ · входящий"),
    ("f = sum(relu(A@x))", dict(A=[[1, 2]], x=[1, 2]), "diagonal: [A@x > 0];",
     "диагональная: [A@x > 0];"),
    ("f = sum(x)", dict(x=[1] * 30), "= a vector of length 30", "= вектор длины 30"),
    ("f = sum(x)", dict(x=[[1] * 30] * 2), "= an array of 2×30", "= массив 2×30"),
    ("f = y*y", dict(y=3), "[3] · [1] = 3. The same comes back along another wire. A mul",
     "[3] · [1] = 3. То же приходит и по другому проводу. Узел"),
    ("f = log(x)", dict(x=0), "The log gate (f) gives −inf: log(x) needs x > 0.",
     "Получается −inf (узел логарифма, f): для log(x) нужно x > 0."),
    ("f = x*1e-12/y", dict(x=1, y=1e-9), "local = 1.0·10⁻¹²; ", "локальный градиент = 1,0·10⁻¹²; "),
    ("f = 1/y", dict(y=1e-9), "1/(1.0·10⁻⁹) =", "1/(1,0·10⁻⁹) ="),
    ("f = 1/(x - x)", dict(x=2), "is not: ∂f/∂(x − x).", "получены: ∂f/∂(x − x)."),
    ("f = 1/(x - x)", dict(x=2), "is not: ∂f/∂x.", "получены: ∂f/∂x."),
    ("f = 1/(x - x)", dict(x=2), "x/y needs y ≠ 0.", "для x/y нужно y ≠ 0."),
    ("f = y*y", dict(y=3), "y is used twice, so", "y используется дважды, поэтому"),
    ("f = y*y*y", dict(y=3), "y is used 3 times, so", "y используется несколько раз (3), поэтому"),
    ("f = relu(x) + l1(y)", dict(x=1, y=[1, 2]), "Forward pass, ReLU gate: relu(x) = relu(1)",
     "Прямой проход, узел ReLU: relu(x) = relu(1)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "inputs", "english", "russian"), PLAIN)
def test_plain_words(text, inputs, english, russian):
    for lang, said in (("en", english), ("ru", russian)):
        s = gs.stepper(text, inputs=inputs, lang=lang, forward=True)
        assert said in " ".join(frame.caption for frame in s)


def test_a_custom_gate_has_its_own_name_inside_of_sentences():
    @gs.gate(local=[lambda x: 2 * x])
    def Squared(x):  # noqa: N802
        return x * x

    assert gs.stepper("f = Squared(x)", x=3, forward=True)[1].caption == (
        "Forward pass, Squared gate: f = Squared(x) = Squared(3) = 9."
    )


def test_one_number_beside_a_jacobian_has_brackets_in_the_legend():
    s = gs.stepper("f = -sum(x)", x=[1, 2])
    assert s[-1].legend.endswith("x: [1×2, one row]ᵀ · [−1] = [−1, −1]")
    s = gs.stepper("f = -sum(x)", x=[1, 2], by="value")
    assert s[-1].legend.endswith("from sum(x): [1×2, one row]ᵀ · [−1] = [−1, −1]")


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("f = y*y + max(y, y)*0", dict(y=3)),
        ("f = sum(x*x) + sum(concat(x, x)) + sum(min(x, x))", dict(x=[0, 2])),
        ("f = relu(x*x)*(y - y) + abs(x + x)", dict(x=0, y=1)),
        ("f = log(x)*log(x) + exp(y)*exp(y)", dict(x=0, y=800)),
        ("f = sum(maxout(x, w, b, w, b)) + hinge(x, t)", dict(x=[1, 2], w=[[1, 0], [0, 1]], b=0, t=1)),
    ],
)  # fmt: skip
def test_no_sentence_is_said_twice_in_a_row(text, inputs):
    for by in WAYS:
        for lang in ("en", "ru"):
            for frame in gs.stepper(text, inputs=inputs, by=by, lang=lang, forward=True):
                said = frame.caption.removesuffix(".").split(". ")
                assert all(one != other for one, other in pairwise(said)), frame.caption


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("f = relu(x) + x", "x is at the kink, where the derivative is taken to be 0. Together"),
        ("f = leaky_relu(x) + x", "x is at the kink, where the derivative is taken to be 0.10."),
        ("f = max(x, 0) + x", "Equal inputs share the gradient. Together"),
        ("f = relu(x) + relu(x)", "x is at the kink, where the derivative is taken to be 0. Together"),
    ],
)  # fmt: skip
def test_kinks_and_ties_of_a_value_used_several_times_are_told_by_every_way(text, said):
    for by in WAYS:
        captions = " ".join(frame.caption for frame in gs.stepper(text, x=0, by=by))
        assert "kink" in captions or "Equal" in captions
    captions = [frame.caption for frame in gs.stepper(text, x=0, by="value")]
    assert said in captions[-1]
    assert "gets 0" not in captions[-1]
    assert captions[-1].count("is at the kink") + captions[-1].count("Equal") == 1


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_what_is_not_finite_is_named_by_what_it_is_computed_from(lang):
    """A value by its name, a gradient by its fraction."""
    forward = gs.stepper("q = 1/x; f = q*2", x=0, forward=True, lang=lang)
    assert [frame.caption for frame in forward if frame.caption.endswith(": q.")]
    backward = gs.stepper("f = log(sin(x))", x=0, lang=lang)
    assert backward[-1].caption.endswith(": ∂f/∂sin(x).")
