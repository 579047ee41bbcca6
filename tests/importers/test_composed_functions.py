"""NumPy's functions that are made of others: values are NumPy's, gradients finite differences."""

import numpy as np
import pytest
from real_functions import Case, arrays, follow

import graphstep as gs

X, Y, A, V, U = arrays(3, (3, 4), (4, 2), (3, 3), (5,), (5,))
T = np.random.default_rng(4).normal(size=(2, 3, 4))
MADE = {
    "sort": (lambda x: np.sum(np.sort(x) * np.arange(5)), V),
    "sort axis": (lambda x: np.sum(np.sort(x, axis=0, kind="stable") ** 2 * X), X),
    "sort all": (lambda x: np.sum(np.sort(x, axis=None) * np.arange(12)), X),
    "median": (lambda x: np.median(x) * np.sum(x), V),
    "median axis": (lambda x: np.sum(np.median(x, axis=1, keepdims=True) * x), X),
    "cumprod": (lambda x: np.sum(np.cumprod(x) * U), V),
    "cumprod axis": (lambda x: np.sum(np.cumprod(x, axis=0) * X), X),
    "cumprod method": (lambda x: np.sum(x.cumprod() * np.arange(12)), X),
    "tensordot": (lambda x, y: np.sum(np.tensordot(x, y, axes=1) ** 2), X, Y),
    "tensordot pairs": (lambda x, y: np.sum(np.tensordot(x, y, axes=([0, 1], [1, 2])) ** 2), X, T),
    "tensordot one": (lambda x, y: np.sum(np.tensordot(x, y, axes=(0, 1)) ** 2), X, T),
    "tensordot two": (lambda x: np.tensordot(x, 2 * x), X),
    "tensordot none": (lambda x, y: np.sum(np.tensordot(x, y, axes=0)[:, 1] ** 2), V, X),
    "inner": (lambda x: np.sum(np.inner(x, x) ** 2), X),
    "inner vectors": (lambda x, y: np.inner(x, y) ** 2, V, U),
    "inner of more axes": (lambda x, y: np.sum(np.inner(x, y) ** 2), X, T),
    "vdot": (lambda x: np.vdot(x, X) ** 2, X),
    "kron": (lambda x, y: np.sum(np.kron(x, y) * np.arange(25)), V, U),
    "kron of matrices": (lambda x, y: np.sum(np.kron(x, y)[::2] ** 2), X, A),
    "average": (lambda x, w: np.average(x, weights=w) ** 2, V, U**2),
    "average rows": (
        lambda x, w: np.sum(np.average(x, axis=0, weights=w) ** 2),
        X,
        np.ones(3) + U[:3] ** 2,
    ),
    "ptp": (lambda x: np.sum(np.ptp(x, axis=1) ** 2), X),
    "select": (lambda x: np.sum(np.select([x > 1, x > 0], [x, x**2], -x)), V),
    "insert": (lambda x, y: np.sum(np.insert(x, 2, y) * np.arange(6)), V, 0.5),
    "insert first": (lambda x: np.sum(np.insert(x, 0, 2.0) * np.arange(6)), V),
    "delete": (lambda x: np.sum(np.delete(x, 1) * np.arange(4)), V),
    "block": (lambda x: np.sum(np.block([[x, 2 * x], [x, x]])[::2] ** 2), X),
    "dstack": (lambda x: np.sum(np.dstack([x, x**2])[..., 1] * X), X),
    "matrix_power": (lambda x: np.sum(np.linalg.matrix_power(x, 3) * A), A),
    "multi_dot": (lambda x: np.sum(np.linalg.multi_dot([x, A, x]) * A), A),
    "polyval": (lambda p, x: np.polyval(p, x), V, 0.5),
    "heaviside": (lambda x: np.sum(np.heaviside(x, 0.5) * x), V),
    "round": (lambda x: np.sum(np.round(x, 1) * x), V),
    "full_like": (lambda x: np.sum(np.full_like(x, 2) * x), X),
}


@pytest.mark.parametrize("name", MADE)
def test_the_function_is_recorded_with_its_values_and_gradients(name):
    function, *args = MADE[name]
    follow(Case(function, tuple(args)))


def test_sorting_in_place_changes_what_shares_the_memory():
    def ordered(x):
        own = x.copy()
        own.sort()
        return own[0] * 2 + own[-1]

    follow(Case(ordered, (V,)))


def test_a_tuple_without_a_number_is_told_without_asking_for_another_place():
    with pytest.raises(gs.TraceError, match="nothing is a number") as caught:
        gs.trace(lambda x: ("a", None), 1.0)
    assert caught.value.key == "trace_result_none"
