"""A gate run by itself: forward, backward, and what it remembers between them."""

import dataclasses
import pickle

import pytest

import graphstep as gs
from graphstep.base.errors import GraphError, InputError
from graphstep.calculus.shapes import ShapeError
from graphstep.gates import GATES


def test_forward_then_backward_as_in_the_lecture():
    multiply = gs.GATES["mul"]
    assert multiply.forward(-2, 5) == -10.0
    assert multiply.backward(3) == [15.0, -6.0]


def test_backward_before_forward_is_an_error():
    fresh = dataclasses.replace(GATES["mul"])
    with pytest.raises(gs.GraphstepError, match="forward"):
        fresh.backward(1.0)


def test_gates_remember_apart_from_copies():
    other = dataclasses.replace(GATES["mul"], name="other")
    GATES["mul"].forward(2, 3)
    other.forward(10, 20)
    assert GATES["mul"].backward(1) == [3.0, 2.0]
    with pytest.raises(gs.GraphstepError):
        GATES["mul"].forward("a", 2)
    with pytest.raises(gs.GraphstepError):
        GATES["mul"].forward(1, 2, 3)


def test_the_gates_by_themselves():
    assert GATES["sum"].forward([[1, 2], [3, 4]], axis=0).tolist() == [4.0, 6.0]
    assert GATES["sum"].backward([1, 2])[0].tolist() == [[1.0, 2.0], [1.0, 2.0]]
    assert GATES["mul"].forward([1, 2], 3).tolist() == [3.0, 6.0]
    by_x, by_y = GATES["mul"].backward([1, 1])
    assert (by_x.tolist(), by_y) == ([3.0, 3.0], 3.0)
    assert type(by_y) is float
    with pytest.raises(GraphError, match="has no option along. Options: axis, keepdims"):
        GATES["sum"].forward([1], along=0)
    with pytest.raises(GraphError, match="must have the shape of its output"):
        GATES["mul"].backward(1.0)
    with pytest.raises(ShapeError, match="x has shape 2, y has shape 3: matmul needs y of shape 2"):
        GATES["matmul"].forward([1, 2], [1, 2, 3])
    with pytest.raises(InputError):
        GATES["sum"].forward([1, "a"])


def test_a_pickled_gate_is_the_row_of_the_table_and_nothing_else():
    assert pickle.loads(pickle.dumps(GATES["mul"])) is GATES["mul"]
    with pytest.raises(TypeError, match="cannot pickle the gate mul"):
        pickle.dumps(dataclasses.replace(GATES["mul"]))
