"""Captions about labels, kinks and zeros: what is said, and no false reason."""

import pytest

import graphstep as gs
from graphstep.explain.step_kinds import WAYS


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
    assert len(said) == (2 if by == "wire" else 1)
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
