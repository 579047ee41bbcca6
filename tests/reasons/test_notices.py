"""What a reader may not expect: rounding that is left, repeated shapes, a softmax of a softmax."""

import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphstep as gs
from graphstep.base.words import sentences
from graphstep.reasons.notices import dust, repeated

DUST = {"en": "is no more than rounding", "ru": "не больше ошибки округления"}


def captions(text, lang="en", forward=False, **inputs):
    s = gs.stepper(text, inputs=inputs, lang=lang, forward=forward)
    return " ".join(frame.caption for frame in s)


@pytest.mark.parametrize("lang", DUST)
@pytest.mark.parametrize("forward", [False, True])
def test_what_is_left_of_terms_that_cancel_is_told(lang, forward):
    said = captions("f = x - y - z", lang, forward, x=1, y=0.9, z=0.1)
    assert said.count(DUST[lang]) == 1
    assert DUST[lang] in captions("f = sum(x) - y", lang, forward, x=[0.1, 0.2, 0.3], y=0.6)
    assert DUST[lang] in captions("f = x @ y", lang, forward, x=[0.1, 0.2, -0.3], y=[1, 1, 1])
    assert DUST[lang] in captions("f = mean(x)", lang, forward, x=[0.1, 0.2, -0.3])
    assert DUST[lang] in captions("f = a*x + b*x + c*x", lang, forward, a=0.1, b=0.2, c=-0.3, x=1)
    of_map = captions("f = sum(W @ x)", lang, forward, W=[[0.1], [0.2], [-0.3]], x=[1.0])
    assert DUST[lang] in of_map


def test_what_is_exact_or_only_small_is_not_told():
    for text, inputs in (
        ("f = x - y", dict(x=1, y=1)),
        ("f = x - y", dict(x=1e-17, y=2e-17)),
        ("f = x - y", dict(x=1, y=0.9999999999999)),
        ("f = x*y", dict(x=1e-9, y=1e-9)),
        ("f = sin(x) + y", dict(x=1, y=1e-3)),
        ("f = sum(softmax(x)*[1, 0])", dict(x=[40, 0])),
        ("f = sum(softmax(x))", dict(x=[0.1, 0.5, 3])),
    ):
        assert DUST["en"] not in captions(text, **inputs)


decimals = st.integers(-30, 30).map(lambda n: Fraction(n, 10))


@given(terms=st.lists(decimals, min_size=2, max_size=5), factors=st.lists(decimals, min_size=5))
def test_sums_of_decimals_against_exact_fractions(terms, factors):
    """Told exactly where the exact sum is 0 and the floats' sum is not."""
    factors = factors[: len(terms)]
    floats, others = ([float(n) for n in numbers] for numbers in (terms, factors))
    for text, exact in (
        ("f = sum(x)", sum(terms)),
        ("f = x @ y", sum(a * b for a, b in zip(terms, factors, strict=True))),
    ):
        graph = gs.parse(text)
        values = {"x": floats, "y": others}
        run = graph.forward({name: values[name] for name in graph.inputs})
        told = any(dust(run, gs_slot) for gs_slot in slots(run))
        assert told == (exact == 0 and run.value != 0)


def slots(run):
    return [slot for slot in gs.stepper(run.graph, inputs={
        name: run.values[i] for name, i in run.graph.inputs.items()
    }).steps[0].shows]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_inputs_that_are_repeated_to_a_larger_shape_are_told(lang):
    start = sentences(lang)["repeated.shapes"].partition("(")[0].partition("}")[2]
    mse = captions("f = mse(A @ x, b)", lang, A=[[1, 2], [3, 4]], x=[1, 2], b=[[1], [2]])
    assert start in mse
    assert "A @ x: 2, b: 2×1" in mse
    assert "2×2" in mse
    for text in ("f = sum(x - y)", "f = sum(max(x, y))", "f = sum(x**y)"):
        assert start in captions(text, lang, x=[1, 2, 3], y=[[1], [2]])
        assert start in captions(text, lang, forward=True, x=[1, 2, 3], y=[[1], [2]])


@given(
    x=st.sampled_from([(), (2,), (2, 1), (1, 2), (2, 2), (3, 2), (1,)]),
    y=st.sampled_from([(), (2,), (2, 1), (1, 2), (2, 2), (3, 2), (1,)]),
    gate=st.sampled_from(["sum(x*y)", "mse(x, y)"]),
)
def test_repeated_is_what_numpy_repeats(x, y, gate):
    try:
        common = np.broadcast_shapes(x, y)
    except ValueError:
        return
    run = gs.parse(f"f = {gate}").forward(x=np.ones(x) if x else 1.0, y=np.ones(y) if y else 1.0)
    node = next(i for i, n in enumerate(run.graph.nodes) if n.gate)
    both = common not in (x, y)
    unlike = bool(x and y and x != y)
    assert bool(repeated(run, node)) == (unlike if gate.startswith("mse") else both)


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize(
    ("text", "write"),
    [
        ("p = softmax(z); L = cross_entropy(p, 1)", "cross_entropy(z, 1)"),
        ("L = cross_entropy(softmax(2*z), y)", "cross_entropy(2*z, y)"),
        ("L = cross_entropy(softmax(Z, 1), Y)", "cross_entropy(Z, Y)"),
        ("L = cross_entropy(softmax(Z, 0), Y)", ""),  # another softmax
        ("L = cross_entropy(z, y)", ""),
        ("L = cross_entropy(log_softmax(z), y)", ""),  # of which the loss is the same
        ("L = -log(softmax(z)[1])", ""),
    ],
)
def test_a_softmax_that_is_taken_twice_is_told(lang, text, write):
    inputs = {"z": [1, 2, 4], "y": 1, "Z": [[1, 2], [3, 5]], "Y": [0, 1]}
    graph = gs.parse(text)
    said = captions(text, lang, **{name: inputs[name] for name in graph.inputs})
    start = sentences(lang)["twice.softmax"].partition("{write}")[0].rpartition("}")[2]
    assert (start in said) == bool(write)
    assert write in said
    if write:
        other = gs.parse(f"L = {write}")
        assert other.forward({name: inputs[name] for name in other.inputs}).value


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("f = sum(W[i])", True),
        ("f = -mean(log_softmax(W)[i])", True),
        ("f = -sum(log(W[i]))/2", True),
        ("f = sum(W[k])", False),  # not a label for each row
        ("f = sum(V[i])", False),  # no label fits in a row of one
        ("f = sum(W[i, :])", False),
        ("f = sum(embedding(W, i))", False),
        ("f = sum(sigmoid(W[i] @ W.T))", False),
        ("p = W[i]; f = sum(p) + mean(p)", False),
        ("f = sum(pick(W, i))", False),
        ("f = W[0][1]", False),
        ("f = cross_entropy(W, i)", False),
    ],
)
def test_rows_of_labels_are_told_where_an_element_of_each_row_may_be_meant(lang, text, told):
    inputs = {"W": [[1, 2, 4], [3, 5, 4]], "i": [0, 1], "k": [0, 1, 0], "V": [[1], [2]]}
    said = captions(text, lang, **{name: inputs[name] for name in gs.parse(text).inputs})
    assert ("NumPy" in said) == told
    if told:
        write = re.search(r"pick\((?:log_softmax\()?W\)?, i\)", said)[0]
        other = gs.parse(f"f = -mean({write})")
        rows = np.array(inputs["W"], float)
        rows = rows - np.log(np.exp(rows).sum(1, keepdims=True)) * ("log" in write)
        assert other.forward(W=inputs["W"], i=[0, 1]).value == pytest.approx(
            -rows[[0, 1], [0, 1]].mean()
        )


def test_gradients_that_add_up_past_the_largest_float_are_no_warning_of_numpy():
    s = gs.stepper("f = sum((x + x) * (x - 1e308))", x=[1, 2])
    assert all(frame.caption for frame in s)
