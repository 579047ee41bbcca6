"""Laws over Jacobians of all gates: pull and push, the dense matrix, structure and non-zeros."""

import math
import tracemalloc

import numpy as np
import pytest
from array_cases import CASES, EACH, maps, wrapped

import graphstep as gs
from examples import array
from graphstep.base.errors import GraphError
from graphstep.calculus.jacobians import Diagonal, Pulled, fit


@EACH
def test_pull_is_the_transpose_of_push(name, text, inputs, theirs):
    tape = wrapped(text, inputs)
    for wire, jacobian in maps(tape):
        g, d = array(*jacobian.rows, seed=5), array(*jacobian.columns, seed=6)
        one, other = np.sum(g * jacobian.push(d)), np.sum(jacobian.pull(g) * d)
        assert np.shape(jacobian.push(d)) == jacobian.rows, wire
        assert np.shape(jacobian.pull(g)) == jacobian.columns, wire
        assert one == pytest.approx(other, rel=1e-11, abs=1e-11), wire


@EACH
def test_dense_agrees_with_push_pull_and_the_number_of_nonzeros(name, text, inputs, theirs):
    for wire, jacobian in maps(wrapped(text, inputs)):
        dense, (rows, columns) = jacobian.dense(), jacobian.shape
        g, d = array(*jacobian.rows, seed=7), array(*jacobian.columns, seed=8)
        assert dense.shape == (rows, columns)
        assert np.ravel(jacobian.flat).tolist() == (dense == 0).all(axis=0).tolist()
        assert dense @ np.reshape(d, columns) == pytest.approx(np.reshape(jacobian.push(d), rows))
        assert dense.T @ np.reshape(g, rows) == pytest.approx(np.reshape(jacobian.pull(g), columns))
        assert np.count_nonzero(dense) <= jacobian.nonzeros <= rows * columns, wire
        assert f"{rows}×{columns}, {jacobian.structure}" in repr(jacobian)
        EXACT[jacobian.structure] = max(
            EXACT.get(jacobian.structure, 0), np.count_nonzero(dense) / max(jacobian.nonzeros, 1)
        )
        assert_structure(jacobian, dense)


@pytest.mark.parametrize(
    ("shape", "view"), [((3,), None), ((2, 1), None), ((3,), (3, 1)), ((), None)]
)
def test_an_infinite_entry_leaves_the_zeros_beside_it(shape, view):
    rows = (2, 3) if view is None else (3, 3)
    entries = np.full(rows, 2.0)
    entries[0, 1] = np.inf
    dense = Diagonal(rows, shape, entries, view).dense()
    assert not np.isnan(dense).any()
    assert np.count_nonzero(np.isinf(dense)) == 1
    finite = Diagonal(rows, shape, np.where(np.isinf(entries), 5.0, entries), view)
    assert (np.where(np.isinf(dense), 5.0, dense) == super(Diagonal, finite).dense()).all()


EXACT = {}


def assert_structure(jacobian, dense):
    """What the structure's name says of the matrix."""
    rows = dense.shape[0]
    if jacobian.structure == "identity":
        assert (dense == np.eye(rows)).all()
    elif jacobian.structure == "scaled":
        assert (dense == dense[0, 0] * np.eye(rows)).all()
    elif jacobian.structure == "diagonal":
        assert (dense == np.diag(np.diag(dense))).all()
    elif jacobian.structure in ("permutation", "selection", "part"):
        assert set(dense.ravel()) <= {0.0, 1.0}
        assert dense.sum() == jacobian.nonzeros
    elif jacobian.structure == "broadcast":
        assert (np.count_nonzero(dense, axis=1) <= 1).all()
    elif jacobian.structure == "row":
        assert rows == 1
    elif jacobian.structure == "blocks":
        assert (np.count_nonzero(dense, axis=0) <= 1).all()
    elif jacobian.structure == "dense":
        assert jacobian.nonzeros == dense.size
    elif jacobian.structure == "sparse":
        assert jacobian.nonzeros < dense.size
    elif jacobian.structure == "kronecker":  # one matrix, many times
        assert jacobian.nonzeros < dense.size
        assert len(np.unique(dense[dense != 0])) < jacobian.nonzeros
    elif jacobian.structure == "zero":
        assert not dense.any()


def test_the_number_of_nonzeros_is_reached():
    """Not only a bound: for random numbers every structure fills the entries it counts."""
    for case in CASES:
        test_dense_agrees_with_push_pull_and_the_number_of_nonzeros(*case)
    loose = {name for name, ratio in EXACT.items() if ratio < 1}
    assert loose <= {"zero", "windows"}  # of a window only the largest counts


@EACH
def test_a_push_is_what_a_small_step_does(name, text, inputs, theirs):
    tape = wrapped(text, inputs)
    p = tape.graph.names["p"]
    for wire, jacobian in maps(tape, name):
        key = tape.graph.ids[wire.source]
        if wire.target != p or tape.graph.takes_labels(wire):
            continue
        d, h = array(*jacobian.columns, seed=9), 1e-6
        sides = [
            tape.graph.forward({**inputs, key: np.asarray(inputs[key]) + h * sign * d}).values[p]
            for sign in (1, -1)
        ]
        if len(list(maps(tape, name))) > len(tape.graph.inputs):
            continue  # an input used twice
        assert jacobian.push(d) == pytest.approx(
            (sides[0] - sides[1]) / (2 * h), rel=1e-5, abs=1e-6
        )


@pytest.mark.parametrize(
    ("entries", "flat"),
    [(0.0, [True] * 2), (np.zeros(2), [True] * 2), (np.array([0.0, 1e-300]), [True, False])],
)
def test_where_a_jacobian_has_zeros_only(entries, flat):
    assert Diagonal((2,), (2,), entries).flat.tolist() == flat


@pytest.mark.parametrize("shape", [(4096,), (100, 4096)])
def test_the_jacobian_of_relu_is_never_built(shape):
    tape = gs.parse("f = sum(relu(x))").forward(x=np.zeros(shape))
    tracemalloc.start()
    jacobian, size = tape.local(0), math.prod(shape)
    assert jacobian.shape == (size, size)
    assert (jacobian.structure, jacobian.nonzeros) == ("diagonal", size)
    assert repr(jacobian) == f"<Jacobian {size}×{size}, diagonal>"
    assert jacobian.pull(np.ones(shape)).shape == shape
    assert tracemalloc.get_traced_memory()[1] < 20 * 8 * size + 100_000
    tracemalloc.stop()
    with pytest.raises(GraphError, match=f"A Jacobian of {size}×{size} is not built"):
        jacobian.dense()


def test_the_law_of_the_transpose_can_fail():
    wrong = Pulled((2,), (2,), lambda g: np.array([g[1], 2 * g[0]]))
    wrong.push = lambda d: d
    g, d = array(2), array(2, seed=3)
    assert np.sum(g * wrong.push(d)) != pytest.approx(np.sum(wrong.pull(g) * d))


def test_fit_sums_over_what_was_repeated():
    assert fit(np.ones((4, 2, 3)), (2, 1)).tolist() == [[12.0], [12.0]]
    assert fit(np.ones((2, 3)), ()) == 6.0
    assert Diagonal((2, 3), (3,), 2.0).pull(np.ones((2, 3))).tolist() == [4.0, 4.0, 4.0]
