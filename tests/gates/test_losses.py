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
