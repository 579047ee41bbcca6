"""Matrices in dicts and lists of parameters are inputs with names of their own."""

import numpy as np
import pytest

import graphstep as gs

A, B = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([[0.25, 3.0], [1.5, 1.0]])


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"W": A, "b": B}, ["W", "b"]),
        ([A, B], ["p_0", "p_1"]),
        ({"layer": {"W": A}, "other": {"W": B}}, ["W", "p_other_W"]),
        ({"x": A, "1": B}, ["p_x", "p_1"]),
        ({"in proj": A, "k": (B, 2.0)}, ["p_in_proj", "p_k_0"]),
        ({"if": A, 3: B}, ["p_if", "p_3"]),
        ({"mode": "train", "eps": 1e-5, "n": 3, "counts": np.array([1, 2]), "W": A}, ["W"]),
    ],
)
def test_names(given, names):
    def leaves(value):
        if isinstance(value, dict | list | tuple):
            parts = value.values() if isinstance(value, dict) else value
            return [leaf for part in parts for leaf in leaves(part)]
        return [value] if isinstance(value, np.ndarray) and value.dtype.kind == "f" else []

    def function(x, p):
        return sum(np.sum(x * w * (k + 1)) for k, w in enumerate(leaves(p)))

    graph = gs.trace(function, A, given)
    assert [*graph.inputs] == ["x", *names]
    gradients = graph.forward().gradients
    for k, name in enumerate(names):
        assert gradients[name] == pytest.approx(A * (k + 1))


def test_what_is_given_stays_as_it_is():
    given = {"W": A.copy(), "cache": []}

    def function(x, p):
        p["W"] *= 2
        p["cache"].append(1)
        return np.sum(x * p["W"])

    graph = gs.trace(function, A, given)
    assert (given["W"] == A).all()
    assert not given["cache"]
    assert graph.forward(W=B).value == pytest.approx(np.sum(A * 2 * B))


def test_one_array_at_two_places_is_not_written():
    def function(p):
        p["V"] += 1
        return np.sum(p["W"] * p["V"])

    with pytest.raises(gs.GraphstepError, match="shares memory"):
        gs.trace(function, {"W": A, "V": A})
