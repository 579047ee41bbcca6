"""Matrices in dicts, lists and attributes of parameters are inputs with names of their own."""

import threading

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


class Net:
    def __init__(self, **attributes):
        vars(self).update(attributes)

    def loss(self, x):
        self.seen = x
        total = sum(np.sum(x * w * (k + 1)) for k, w in enumerate(self.weights()))
        self.calls.append(1)
        return total if self.fails is None else self.fails(total)

    def weights(self):
        inner = [self.inner.w] if hasattr(self, "inner") else []
        return [self.w, *self.params.values(), *inner]

    __call__ = loss


def net(**more):
    return Net(w=A.copy(), params={"b": B.copy()}, calls=[], fails=None, **more)


def test_attributes_of_the_object_of_a_method_are_inputs():
    made = net(reg=0.1, me=None)
    made.me = made
    graph = gs.trace(made.loss, A)
    assert [*graph.inputs] == ["x", "w", "b"]
    gradients = graph.forward().gradients
    assert gradients["w"] == pytest.approx(A)
    assert gradients["b"] == pytest.approx(2 * A)
    for same in (
        gs.trace(made, A),
        gs.trace(Net.loss, made, A),
        gs.trace(lambda x: made.loss(x), A),
    ):
        assert same.forward().value == pytest.approx(graph.forward().value)
    assert gs.trace(made, A).source == graph.source


def test_names_of_attributes():
    made = net(inner=Net(w=B))
    assert [*gs.trace(made.loss, A).inputs] == ["x", "w", "b", "inner_w"]


def test_the_object_stays_as_it_is():
    made = net()
    gs.trace(made.loss, A)
    assert (made.w == A).all()
    assert (made.params["b"] == B).all()
    assert made.calls == []
    assert not hasattr(made, "seen")


@pytest.mark.parametrize("fails", [None, float, lambda total: total.nothing, lambda total: 1 / 0])
def test_an_object_that_cannot_be_copied_gets_its_arrays_back(fails):
    made = net(lock=threading.Lock())
    w, b, made.fails = made.w, made.params["b"], fails
    if fails is None:
        assert [*gs.trace(made.loss, A).inputs] == ["x", "w", "b"]
    else:
        with pytest.raises((gs.GraphstepError, ZeroDivisionError)):
            gs.trace(made.loss, A)
    assert made.w is w
    assert made.params["b"] is b
    assert made.w.tolist() == A.tolist()


def test_methods_of_classes_and_of_arrays_have_no_object():
    class Kind:
        @classmethod
        def loss(cls, x):
            return np.sum(x * 2)

        @staticmethod
        def other(x):
            return np.sum(x * 3)

    assert gs.trace(Kind.loss, A).source == "loss = sum(x*2)"
    assert gs.trace(Kind().other, A).source == "other = sum(x*3)"
