"""The mathematics on arrays where numbers are hard: overflow, tails, tiny norms."""

import math

import numpy as np
import pytest

import graphstep as gs


def test_stable_at_a_thousand():
    big = [1000.0, -1000.0, 999.0]
    tape = gs.parse("f = cross_entropy(s, y)").forward(s=big, y=0)
    assert tape.value == pytest.approx(math.log1p(math.exp(-1)), rel=1e-15)
    tape = gs.parse("f = logsumexp(s) + sum(softmax(s)) + sum(log_softmax(s))").forward(s=big)
    assert tape.value == pytest.approx(1000 + 1 + math.log1p(math.exp(-1)) * -2 - 2001, rel=1e-14)
    assert np.isfinite(tape.gradients["s"]).all()
    assert not tape.troubles


def test_tails_are_exact_on_arrays():
    tape = gs.parse("f = sum(sigmoid(x)) + sum(tanh(z))").forward(x=[40.0, -700.0], z=[30.0])
    assert tape.gradients["x"] == pytest.approx([math.exp(-40), math.exp(-700)], rel=5e-16)
    assert tape.gradients["z"] == pytest.approx([4 * math.exp(-60)], rel=1e-15)


def test_norms_neither_overflow_nor_vanish():
    assert gs.parse("f = norm(x)").forward(x=[3e200, 4e200]).value == pytest.approx(5e200)
    assert gs.parse("f = norm(x)").forward(x=[3e-200, 4e-200]).value == pytest.approx(5e-200)
    assert gs.parse("f = norm(exp(x))").forward(x=[1000, 0]).value == np.inf
    assert gs.parse("f = norm(x)").forward(x=[0, 0]).gradients["x"].tolist() == [0.0, 0.0]


def test_logsumexp_of_one_number():
    assert gs.parse("f = logsumexp(x)").forward(x=2).value == 2.0
    assert gs.parse("f = logsumexp(min(x))").forward(x=[3, 4]).value == 3.0
