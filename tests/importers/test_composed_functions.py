"""NumPy's functions that are made of others: values are NumPy's, gradients finite differences."""

import numpy as np
import pytest
from real_functions import Case, arrays, follow

import graphstep as gs

X, Y, A, V, U = arrays(3, (3, 4), (4, 2), (3, 3), (5,), (5,))
T = np.random.default_rng(4).normal(size=(2, 3, 4))
trapezoid = getattr(np, "trapezoid", None) or np.trapz  # the name in NumPy 1


def added(zeros, x):
    zeros[0] = x[1]
    return zeros * x[:3]


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
    "quantile": (lambda x: np.quantile(x, 0.3) * np.sum(x), V),
    "quantile axis": (lambda x: np.quantile(x, 0.3, axis=1, keepdims=True) * x, X),
    "quantile lower": (lambda x: np.quantile(x, [0.1, 0.6], method="lower"), V),
    "quantile higher": (lambda x: np.quantile(x, 0.6, axis=0, method="higher"), X),
    "quantile midpoint": (lambda x: np.quantile(x, 0.6, method="midpoint"), V),
    "percentile": (lambda x: np.percentile(x, [0, 25, 50, 100], axis=0), X),
    "interp": (lambda x: np.interp(x, [-1, 0.05, 2], [3.0, 4, 9]), V),
    "interp of a number": (lambda x, p, q: np.interp(x, p, q), 0.4, np.arange(3.0), U[:3]),
    "piecewise": (lambda x: np.piecewise(x, [x > 0], [np.sqrt, lambda z: z**2]), V),
    "piecewise numbers": (lambda x: np.piecewise(x, [x < 0, x > 1], [-1.0, lambda z: z**3]), V),
    "cov": (lambda x: np.cov(x), X),
    "cov of columns": (lambda x: np.cov(x, rowvar=False, bias=True), X),
    "cov of two": (lambda x, y: np.cov(x, y, ddof=0), V, U),
    "corrcoef": (lambda x: np.corrcoef(x), X),
    "corrcoef of two": (lambda x, y: np.corrcoef(x, y)[0, 1], V, U),
    **{
        f"{name} {mode} {less}": (
            lambda x, y, name=name, mode=mode: getattr(np, name)(x, y, mode),
            V[less:],
            U[: 4 - less],
        )
        for name in ("convolve", "correlate")
        for mode in ("full", "same", "valid")
        for less in (0, 1, 3)
    },
    "convolve a list": (lambda x: np.convolve([1, 0, -1, 2, 2, 1], x), V),
    "cross": (lambda x, y: np.cross(x, y), X[:, :3], A),
    "meshgrid": (lambda x, y: np.meshgrid(x, y)[0] * np.meshgrid(x, y)[1], V, U[:3]),
    "meshgrid ij": (lambda x, y: np.meshgrid(x, y, [1.0, 2], indexing="ij")[1] + x[0], V, U),
    "meshgrid sparse": (lambda x, y: np.meshgrid(x, y, sparse=True)[1] * x, V, U),
    "trapezoid": (lambda x: trapezoid(x), V),
    "trapezoid axis": (lambda x: trapezoid(x, [0.0, 1, 3], axis=0), X),
    "vander": (lambda x: np.vander(x, 4), V),
    "vander increasing": (lambda x: np.vander(x, increasing=True), V),
    "ediff1d": (lambda x: np.ediff1d(x), X),
    "diagflat": (lambda x: np.diagflat(x), X),
    "linspace": (lambda x, y: np.linspace(x, y, 5) ** 2, 0.3, 2.0),
    "r_": (lambda x, s: np.r_[0:3, x, s, 2.0], V, 0.5),
    "r_ of matrices": (lambda x: np.r_[x, 2 * x], X),
    "c_": (lambda x: np.c_[np.ones(3), x, x[:, 0] ** 2], X),
    "c_ of numbers": (lambda x, y: np.c_[x, y], 0.5, 2.0),
    "r_ written to": (lambda x: added(np.r_[0.0, 0, 0], x), V),
    "dstack of vectors": (lambda x, y: np.dstack([x, y]), V, U),
    "full_like": (lambda x: np.sum(np.full_like(x, 2) * x), X),
}


@pytest.mark.parametrize("name", MADE)
def test_the_function_is_recorded_with_its_values_and_gradients(name):
    function, *args = MADE[name]
    follow(Case(function, tuple(args)))


@pytest.mark.parametrize(
    ("function", "form"),
    [
        (lambda x: np.interp(x, [0, 1], [2.0, 3.0], left=0), r"np\.interp\(x, \[0, 1\]"),
        (lambda x: np.quantile(x, 0.3, method="hazen"), r"np\.quantile\(x, 0\.3, axis=0\)"),
        (lambda x: np.r_["0,2", x], r"np\.concatenate\(\[x, y\]\)"),
        (lambda x: np.cov(x, aweights=[1, 2, 3, 4, 5]), r"np\.cov\(x, y\)"),
    ],
)
def test_other_forms_are_refused_with_those_that_have_a_gate(function, form):
    with pytest.raises(gs.TraceError, match=f"Forms with a gate: .*{form}"):
        gs.trace(function, V)


@pytest.mark.parametrize("choose", [max, min, sorted])
def test_pythons_own_choices_are_refused_with_numpys(choose):
    with pytest.raises(gs.TraceError) as caught:
        gs.trace(lambda x: choose([x[0], x[1]]), V)
    advice = {max: "np.maximum(x, y) for max(x, y)", min: "np.minimum for min",
              sorted: "np.sort(x) for sorted(x)"}  # fmt: skip
    assert advice[choose] in str(caught.value)


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
