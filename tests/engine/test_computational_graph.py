"""Groups and known composites in graphs over arrays."""

import numpy as np
import pytest
from array_cases import W, maps, x, y

import graphstep as gs
from examples import array
from graphstep.calculus.shapes import ShapeError


def test_a_group_of_gates_on_arrays():
    graph = gs.parse("a = W @ x; h = tanh(a + b); f = sum(h**2)")
    inputs = dict(W=W, x=x, b=y)
    grouped = graph.group(["a", 4, "h"], "layer")
    tape, other = graph.forward(inputs), grouped.forward(inputs)
    for name in inputs:
        assert other.gradients[name] == pytest.approx(tape.gradients[name])
    assert other.check().ok
    for _, jacobian in maps(other, "layer"):
        g, d = array(*jacobian.rows, seed=5), array(*jacobian.columns, seed=6)
        assert np.sum(g * jacobian.push(d)) == pytest.approx(np.sum(jacobian.pull(g) * d))
        assert jacobian.structure == "inside"
    with pytest.raises(ShapeError, match="W @ x needs x of shape 3"):
        grouped.forward(W=W, x=y, b=y)


@pytest.mark.parametrize("text", ["f = sum(abs(x))", "f = sum(square(x))", "f = log(sum(exp(x)))",
                                  "f = sum(exp(x)/sum(exp(x), -1, 1)*x)",
                                  "f = sum((x - logsumexp(x, -1, 1))*x)"])  # fmt: skip
def test_known_gates_over_gates_with_options(text):
    graph = gs.parse(text)
    known = graph.group_known()
    assert len(known.nodes) < len(graph.nodes)
    one, other = graph.forward(x=[1.5, -2, 0.3]), known.forward(x=[1.5, -2, 0.3])
    assert other.value == pytest.approx(one.value)
    assert other.gradients["x"] == pytest.approx(one.gradients["x"])


def test_groups_with_options_and_labels():
    grouped = gs.parse("a = abs(x); f = sum(a, axis=0)").group(["a", "f"], "g")
    assert grouped.forward(x=[1, -2]).gradients["x"].tolist() == [1, -1]
    grouped = gs.parse("a = s[y]; b = a*2; f = sum(b)").group(["a", "b"], "g")
    tape = grouped.forward(s=[1, -2], y=[0, 1])
    assert tape.gradients["s"].tolist() == [2, 2]
    assert tape.check().ok
