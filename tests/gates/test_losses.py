"""Losses: the numbers of the lecture, and digits that must not be lost."""

import math

import autograd.numpy as anp
import numpy as np
import pytest
from array_cases import SCORES, hinge
from autograd import grad

import graphstep as gs
from examples import array


def test_section_6_losses():
    tape = gs.parse("L = hinge(s, y)").forward(s=SCORES, y=0)
    assert tape.value == pytest.approx(2.9, rel=1e-15)
    assert tape.gradients["s"].tolist() == [-1.0, 1.0, 0.0]
    tape = gs.parse("L = cross_entropy(s, y)").forward(s=SCORES, y=0)
    assert tape.value == pytest.approx(2.04035515280017, rel=1e-14)
    p = np.exp(SCORES) / np.exp(SCORES).sum()
    assert tape.gradients["s"] == pytest.approx(p - [1, 0, 0], rel=1e-14)
    assert tape.gradients["y"] == 0.0


def test_section_6_linear_classifier_with_l2():
    text = "s = x @ W.T + b; L = hinge(s, y) + lam*l2(W)"
    inputs = dict(x=array(5, 7), W=array(3, 7), b=array(3), y=[0, 2, 1, 1, 0], lam=0.1)
    tape = gs.parse(text).forward(inputs)

    def theirs(W):
        return hinge(inputs["x"] @ W.T + inputs["b"], inputs["y"]) + 0.1 * anp.sum(W**2)

    assert tape.value == pytest.approx(theirs(inputs["W"]), rel=1e-14)
    assert tape.gradients["W"] == pytest.approx(grad(theirs)(inputs["W"]), rel=1e-12)
    assert tape.check().ok


def test_a_sure_prediction_keeps_its_digits():
    """The loss of a score that is 40 above the others, and its gradient, are about e^-40."""
    tape = gs.parse("f = cross_entropy(s, y)").forward(s=[40.0, 0.0], y=0)
    assert tape.value == pytest.approx(math.exp(-40), rel=1e-15)
    assert tape.gradients["s"] == pytest.approx([-math.exp(-40), math.exp(-40)], rel=1e-14)


@pytest.mark.parametrize(
    ("text", "gate"),
    [("conv2d(x, w, b)", "conv2d_bias"), ("conv2d(x, w, b, 1, pad=1)", "conv2d_bias"),
     ("conv2d(x, w, 1, 1)", "conv2d"),
     ("conv2d(x, w)", "conv2d")],
)  # fmt: skip
def test_a_third_input_of_a_convolution_is_a_bias_and_a_number_is_an_option(text, gate):
    assert gs.parse(text).nodes[-1].gate.name == gate


def test_a_convolution_with_bias_is_built_by_its_usual_name():
    b = gs.GraphBuilder()
    found = b.graph(b.gate("conv2d", b.input("x"), b.input("w"), b.input("b"), stride=2))
    inputs = dict(x=array(2, 4, 4), w=array(3, 2, 2, 2), b=array(3))
    same = gs.parse("conv2d(x, w, b, 2)").forward(inputs)
    assert np.array_equal(found.forward(inputs).values[-1], same.values[-1])
