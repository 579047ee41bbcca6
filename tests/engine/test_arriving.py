"""Backward passes that begin with a given gradient of the output, which may be an array."""

import copy
import pickle

import caption_equations
import formulas
import numpy as np
import pytest
from array_cases import EACH
from hypothesis import assume, given
from hypothesis import strategies as st
from laws import finite, only
from strategies import inputs as points
from strategies import programs

import graphstep as gs
from graphstep.explain.step_kinds import WAYS
from graphstep.formulas.unicode import unicode
from graphstep.graph.slots import Slot

NUMBERS = dict(x=-2, y=5, z=-4)


def test_a_number():
    tape = gs.parse("f = (x + y) * z").forward(NUMBERS)
    assert tape.backward(upstream=0.5) == {"x": -2.0, "y": -2.0, "z": 1.5}
    assert tape.backward("z", upstream=-1) == {"z": -3.0}
    assert tape.backward() == {"x": -4.0, "y": -4.0, "z": 3.0}  # a tape never changes


def test_an_array():
    tape = gs.parse("q = W @ x").forward(W=[[1, 2], [3, 4]], x=[1, 2])
    found = tape.backward(upstream=[1, 0.5])
    assert found["W"].tolist() == [[1, 2], [0.5, 1]]
    assert found["x"].tolist() == [2.5, 4]
    with pytest.raises(gs.GraphError, match="upstream gradient"):
        tape.backward()


@given(programs(), points, st.floats(-5, 5))
def test_a_number_is_a_factor_after_the_output(text, values, upstream):
    """The same bits as those of a graph that goes on with a product."""
    graph = gs.parse(text)
    values = only(graph, values)
    tape = graph.forward(values)
    assume(finite(tape))
    longer = gs.parse(f"{text}\nL = f * g").forward({**values, "g": upstream})
    found = tape.backward(upstream=upstream)
    assert found == {name: longer.gradients[name] for name in found}
    assert tape.arriving(upstream).upstreams == longer.upstreams[: len(tape.values)]


def gradient_for(value):
    """A gradient that differs from element to element."""
    return np.cos(np.arange(np.size(value)) + 1.0).reshape(np.shape(value))[()]


@EACH
def test_an_array_is_weights_of_the_elements(name, text, inputs, theirs):
    tape = gs.parse(f"p = {text}").forward(inputs)
    upstream = gradient_for(tape.value)
    ending = "p*g" if np.ndim(upstream) == 0 else "sum(p*g)"
    longer = gs.parse(f"p = {text}; L = {ending}").forward({**inputs, "g": upstream})
    found = tape.backward(upstream=upstream)
    for given_input, gradient in found.items():
        assert np.shape(gradient) == np.shape(longer.gradients[given_input])
        assert gradient == pytest.approx(longer.gradients[given_input], rel=1e-12, abs=1e-14)
    arrived = tape.arriving(upstream, "L")
    assert arrived.check().ok
    assert arrived.end == pytest.approx(longer.value)


def is_plain(shapes, text):
    """Whether the evaluator of formulas knows the shapes: no stacks, and nothing is repeated."""
    alike = "@" in text or len({shape for shape in shapes if shape}) <= 1 or "(" in text[1:-1]
    return all(len(shape) < 3 for shape in shapes) and alike and "mse" not in text


@EACH
def test_every_equation_of_every_figure_holds(name, text, inputs, theirs):
    value = gs.parse(f"p = {text}").forward(inputs).value
    for lang, sums in (("en", False), ("ru", True)):
        style = gs.Style(sums=sums)
        s = gs.stepper(f"p = {text}", inputs=inputs, upstream=gradient_for(value), lang=lang,
                       style=style)  # fmt: skip
        assert "∂L/∂p = " in s[1].caption
        assert caption_equations.check(s)
        caption_equations.check_legends(s)
        if is_plain(s.tape.shapes, text):
            formulas.check(gs.stepper(s.graph, inputs=inputs, upstream=s.tape.arrived,
                                      style=gs.Style(sums=sums, digits=15)))  # fmt: skip


@pytest.mark.parametrize("by", WAYS)
def test_by_every_way(by):
    for forward in (False, True):
        s = gs.stepper("q = x*y; f = q*tanh(q) + x", x=2, y=0.25, upstream=-3, by=by,
                       forward=forward)  # fmt: skip
        assert s.gradients == s.tape.backward()
        assert caption_equations.check(s)
        formulas.check(gs.stepper(s.graph, x=2, y=0.25, upstream=-3, by=by, forward=forward,
                                  style=gs.Style(digits=15)))  # fmt: skip
        assert "∂f/∂f" not in " ".join(unicode(e) for frame in s for e in frame.equations)
        assert "= 1" not in "".join(frame.why for frame in s)


def test_a_loss_of_another_name_where_that_is_taken():
    for text, loss in (("f = L*x", "E"), ("L = x*x", "E"), ("L = x*E + J; loss = L*x", "L1")):
        graph = gs.parse(text)
        s = gs.stepper(graph, inputs=dict.fromkeys(graph.inputs, 2.0), upstream=3)
        assert s.tape.outside == loss
        assert f"∂{loss}/∂" in s[1].caption


def test_one_is_the_usual_end_of_a_number_and_a_gradient_for_an_array_of_one():
    assert gs.stepper("f = x*x", x=2, upstream=1).tape.outside == ""
    assert gs.stepper("f = x*x", x=[2], upstream=[1]).tape.outside == "L"


def test_other_inputs_copies_and_files_keep_it():
    s = gs.stepper("q = W @ x", W=[[1, 2], [3, 4]], x=[1, 2], upstream=[1, 0.5])
    for other in (s.at(x=[2, 2]), s.showing((1,)), s.with_space):
        assert other.tape.outside == "L"
        assert other.tape.upstreams[other.graph.output].tolist() == [1, 0.5]
    for again in (pickle.loads(pickle.dumps(s.tape)), copy.copy(s.tape), copy.deepcopy(s.tape)):
        assert again.outside == "L"
        assert again.gradients["x"].tolist() == s.gradients["x"].tolist()


def test_the_check_finds_a_wrong_gate():
    wrong = gs.gate(lambda x: x * x, local=[lambda x: 2.2 * x], name="wrong")
    assert gs.parse("f = x*x").forward(x=3).arriving(0.5).check().ok
    graph = gs.trace(lambda x: wrong(x) + x, 3.0)
    report = graph.forward(x=3).arriving(0.5, "L").check()
    assert not report.ok
    assert {row.target for row in report.rows if row.kind == "input"} == {"L"}


@pytest.mark.parametrize(
    ("upstream", "error", "key"),
    [
        ([1, 2, 3], gs.ShapeError, "seed_shape"),
        (2.0, gs.ShapeError, "seed_shape"),
        ([[1], [2]], gs.ShapeError, "seed_shape"),
        ("L", gs.InputError, "upstream_symbols"),
        (float("nan"), gs.InputError, "not_finite"),
        ([1, float("inf")], gs.InputError, "element_not_finite"),
        ({}, gs.InputError, "not_a_number"),
    ],
)
def test_what_cannot_arrive(upstream, error, key):
    with pytest.raises(error) as caught:
        gs.stepper("q = W @ x", W=[[1, 2], [3, 4]], x=[1, 2], upstream=upstream)
    assert caught.value.key == key


def test_a_shape_that_does_not_fit_is_said_also_where_it_is_that_of_a_number():
    with pytest.raises(gs.ShapeError, match="an array of shape 2×2, not a single number"):
        gs.stepper("q = x*1", x=[[1, 2], [3, 4]], upstream=2)
    with pytest.raises(gs.ShapeError, match="a single number, not an array of shape 2"):
        gs.stepper("q = x*1", x=1, upstream=[1, 2])


def test_paths_end_at_the_loss_and_have_its_gradient():
    from graphstep.player.payload import payload

    s = gs.stepper("f = x*y + x", x=2, y=3, upstream=0.5)
    terms = payload(s)["paths"]["x"]["terms"]
    assert [(wires, product) for wires, product, _ in terms] == [([0, 2], "1.50"), ([3], "0.50")]
    assert s.texts[Slot("upstream", s.graph.inputs["x"])] == "2.00"


def test_neurons():
    inputs = dict(W=[[0.5, -1], [2, 0.25], [1, 1]], x=[1, 2])
    s = gs.stepper(
        "h = tanh(W @ x)", **inputs, upstream=[1, 0, -2], style=gs.Style(drawn="neurons")
    )
    plain = gs.stepper("h = tanh(W @ x)", **inputs, upstream=[1, 0, -2])
    for name, gradient in plain.gradients.items():
        assert s.gradients[name] == pytest.approx(gradient)
