"""Laws over the gates of vectors and matrices, and over all gates on arrays."""

import re

import autograd.numpy as anp
import numpy as np
import pytest
from array_cases import CASES, EACH, LABELLED, TENSOR, maps, wrapped, x, y
from autograd import grad
from caption_equations import Reader, plain

import graphstep as gs
from examples import array
from graphstep.calculus.shapes import ShapeError
from graphstep.gates import GATES, Rule
from graphstep.graph.expressions import fill
from graphstep.language.local_texts import local_text


def test_every_gate_of_arrays_has_a_case():
    assert {name for name, *_ in CASES} >= TENSOR


@EACH
def test_values_and_gradients_against_autograd(name, text, inputs, theirs):
    tape = wrapped(text, inputs)
    keys = [key for key in tape.graph.inputs if key != "y" or "y" not in LABELLED.get(name, ())]
    values = {key: np.asarray(inputs[key], dtype=float) for key in inputs}
    assert tape.values[tape.graph.names["p"]] == pytest.approx(
        np.asarray(theirs(*values.values())), rel=1e-12, abs=1e-14
    )

    def loss(*args):
        p = theirs(*args)
        return anp.sum(anp.sin(p + 0.3) * (p + 2))

    for key in keys:
        other = grad(loss, list(inputs).index(key))(*values.values())
        assert np.shape(tape.gradients[key]) == np.shape(inputs[key])
        assert tape.gradients[key] == pytest.approx(other, rel=1e-10, abs=1e-11), key


@EACH
def test_gradients_against_differences(name, text, inputs, theirs):
    report = wrapped(text, inputs).check()
    assert report.ok, str(report)
    assert any(row.status == "ok" for row in report.rows)


@EACH
def test_the_printed_formula_is_what_is_pulled(name, text, inputs, theirs):
    """The text of a rule, as it holds for the shapes at hand, worked out by NumPy."""
    tape = wrapped(text, inputs)
    for wire, jacobian in maps(tape, name):
        record, out = tape.graph.nodes[wire.target], tape.values[wire.target]
        taken, gate = record.at_work(tape.values, out), record.gate
        text = local_text(taken, wire.position)
        rule = gate.rule(wire.position)
        if not text or not isinstance(rule, Rule) or not rule.maps:
            continue
        g = array(*jacobian.rows, seed=5)
        if text == "0":
            assert not np.any(jacobian.pull(g))
            continue
        names = dict(zip(gate.params, map(np.asarray, taken.values), strict=True))
        ones = f"ones({', '.join(map(str, jacobian.columns))})"
        formula = fill(gate, text, gate.params, record.options, g="g", ones=ones)
        rows = name == "matmul" and np.ndim(taken.values[0]) == 1 < np.ndim(taken.values[1])
        scores = np.shape(taken.values[0])[-1:]
        known = {**names, "g": g, "scores": scores[0] if scores else 0}
        found = Reader(plain(formula), known, rows=rows).worked_out()
        if len(jacobian.columns) == 1:
            found = np.ravel(found)  # a vector as a column or row
        assert np.shape(found) == jacobian.columns
        assert jacobian.pull(g) == pytest.approx(found), formula


def test_the_printed_formulas_of_products():
    g, a, b = array(2, 4), array(2, 3), array(3, 4)
    tape = gs.parse("f = sum((a @ b)*g)").forward(g=g, a=a, b=b)
    assert tape.gradients["a"] == pytest.approx(g @ b.T)
    assert tape.gradients["b"] == pytest.approx(a.T @ g)
    tape = gs.parse("f = sum(outer(x, z)*g)").forward(g=array(3, 2), x=x, z=y)
    assert tape.gradients["x"] == pytest.approx(array(3, 2) @ y)
    assert tape.gradients["z"] == pytest.approx(array(3, 2).T @ x)


@pytest.mark.parametrize(
    "name", sorted(TENSOR - {"index", "slice", "pick", "part", "take", "dropout"})
)
def test_forward_then_backward_of_a_gate(name):
    text, inputs = next((c[1], c[2]) for c in CASES if c[0] == name and "=" not in c[1])
    if re.search(r", -?\d", text) or GATES[name].variadic:
        return  # options are given by name: below
    gate = GATES[name]
    out = gate.forward(*inputs.values())
    tape = gs.parse(f"p = {text}; f = sum(p)").forward(inputs)
    assert out == pytest.approx(tape.values[tape.graph.names["p"]])
    back = gate.backward(np.ones(np.shape(out)))
    for key, ours in zip(inputs, back, strict=True):
        assert ours == pytest.approx(tape.gradients[key])


def test_kinks_and_ties():
    assert gs.parse("f = max(x)").forward(x=[2, 5, 5]).gradients["x"].tolist() == [0, 0.5, 0.5]
    tape = gs.parse("f = sum(maxpool2d(x))").forward(x=np.ones((2, 2)))
    assert tape.gradients["x"].tolist() == [[0.25, 0.25], [0.25, 0.25]]
    assert gs.parse("f = sum(relu(x))").forward(x=[0.0, -1]).gradients["x"].tolist() == [0, 0]
    assert gs.parse("f = l1(x)").forward(x=[0.0, -1]).gradients["x"].tolist() == [0, -1]
    report = gs.parse("f = sum(relu(x)) + max(x)").forward(x=[0.0, 0.0]).check()
    assert report.ok
    assert {row.status for row in report.rows} == {"ok", "subgradient"}
    bent = [row for row in report.rows if row.status == "subgradient"]
    assert all(row.below != row.above for row in bent)
    assert all(row.analytic == sorted((row.below, row.analytic, row.above))[1] for row in bent)


@EACH
def test_an_expansion_is_the_gate_on_arrays(name, text, inputs, theirs):
    if not GATES[name].expansion:
        return
    tape = wrapped(text, inputs)
    expanded = tape.graph.expand("p")
    expanded.check()
    other = expanded.forward(inputs)
    assert other.value == pytest.approx(tape.value, rel=1e-12)
    for key in inputs:
        assert other.gradients[key] == pytest.approx(tape.gradients[key], rel=1e-9, abs=1e-11)


def test_every_composite_gate_has_an_expansion_case():
    cases = {name for name, *_ in CASES}
    assert {g.name for g in GATES.values() if g.expansion and not g.elementwise} <= cases
    named = ("sigmoid", "softmax", "tanh", "hinge", "cross_entropy", "norm", "l2", "mse")
    assert all(GATES[name].expansion for name in named)


def test_maxout_needs_pieces_of_one_shape():
    given_ = dict(x=[[1, 2, 3]], w1=np.ones((3, 2)), b1=np.ones((4, 2)), w2=np.ones((3, 2)), b2=0)
    with pytest.raises(ShapeError, match="two pieces of the same shape"):
        gs.parse("f = sum(maxout(x, w1, b1, w2, b2))").forward(given_)


@pytest.mark.parametrize("name", GATES)
def test_numbers_among_arrays_are_as_numbers_alone(name):
    """The same values, gradients and sentences, or the same refusal."""
    names = "abc"[: len(GATES[name].params)]
    numbers = dict(zip(names, (0.3, 0.7, 2.0), strict=False))
    call = f"{name}({', '.join(names)})"

    def found(text, **arrays):
        try:
            s = gs.stepper(text, inputs={**numbers, **arrays}, constants="nodes")
            told = [frame.caption + frame.legend + str(frame.equations) for frame in s]
        except gs.GraphstepError as error:
            return error.key
        assert all(told)
        assert "WRONG" not in str(s.tape.check())
        return s.tape["p"].value, *(s.gradients[key] for key in names)

    alone, among = found(f"p = {call}"), found(f"p = {call}; f = p + sum(v)", v=[1.0, 2.0])
    assert among == (
        alone if isinstance(alone, str) else pytest.approx(alone, rel=1e-12, nan_ok=True)
    )
