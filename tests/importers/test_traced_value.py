"""Traced values: the operators, indexes and NumPy functions that become gates."""

import math

import numpy as np
import pytest

import graphstep as gs
from graphstep.base.errors import TraceError
from graphstep.calculus.shapes import ShapeError
from graphstep.importers.traced_value import UFUNCS


@pytest.mark.parametrize("name", [n for n in UFUNCS if n not in ("true_divide", "matmul")])
def test_every_numpy_function_of_the_table(name):
    ufunc = getattr(np, name)
    args = (0.7, 1.3)[: ufunc.nin] if name != "arccosh" else (1.3,)
    graph = gs.trace((lambda x, y: ufunc(x, y)) if ufunc.nin == 2 else (lambda x: ufunc(x)), *args)
    assert graph.forward().value == pytest.approx(float(ufunc(*args)), rel=1e-15)


def test_a_gate_is_recorded_by_any_input_that_asks_for_it():
    """The protocol alone counts: the value need not be one of ours."""

    class Value:
        def __graphstep_gate__(self, gate, inputs, options):
            return gate.name, inputs, options

    value = Value()
    assert gs.GATES["leaky_relu"].forward(value) == ("leaky_relu", (value, 0.1), ())
    assert gs.GATES["sum"].forward(value, axis=1) == ("sum", (value,), (1, 0))
    assert gs.GATES["add"].forward(2.0, value)[0] == "add"
    with pytest.raises(gs.GraphstepError):
        gs.GATES["add"].forward(value)


def test_operators_with_numbers_on_both_sides():
    def f(x, y):
        return -(2 + x) * (y - 1) / (3 - x) + 2**y + x**2 - 1 / y + abs(+x) + np.float64(2) * y

    tape = gs.trace(f, 0.5, 2.0).forward()
    assert tape.value == pytest.approx(f(0.5, 2.0))
    assert tape.check().ok


def boolean(x):
    return x if x > 0 else -x


@pytest.mark.parametrize(
    "function",
    [
        boolean, lambda x: math.exp(x), lambda x: np.spacing(x), lambda x: x // 2, lambda x: x @ x,
        lambda x: x[0], lambda x: [y for y in x], lambda x: len(x),
        lambda x: x[None], lambda x: x[x > 0], lambda x: np.sum(x, where=True), lambda x: x.reshape(7),
        lambda x: 3.0, lambda x: x, lambda x: None, lambda x: (1, x), lambda x: float(x),
        lambda x: x // 1, lambda x: np.add.reduce(x), lambda x: np.exp(x, where=True), lambda x: x + "1",
        lambda x: x * float("nan"), lambda x: np.array(x) * 2,
    ],
)  # fmt: skip
def test_what_would_leave_the_graph_is_refused(function):
    with pytest.raises(gs.GraphstepError) as caught:
        gs.trace(function, 1.5)
    assert str(caught.value)


ARRAYS = [
    lambda x, w: (x @ w).sum(), lambda x, w: np.dot(w.T, x.T).mean(), lambda x, w: x[0] @ w @ w[1],
    lambda x, w: np.outer(x[0], w[0]).max(), lambda x, w: x.reshape(-1).min() * x.ravel().dot(w.flatten()),
    lambda x, w: np.concatenate([x, w.T], axis=0).sum(), lambda x, w: np.linalg.norm(x),
    lambda x, w: sum(row[0] for row in x), lambda x, w: x[1, 2] * x[-1][0], lambda x, w: x[0:1].sum(),
    lambda x, w: (np.array([1.0, 2.0]) * x.T).sum() + (x @ np.ones(3)).sum(),
    lambda x, w: x.sum() / len(x) + x.ndim * x.size * x.shape[0] * x[0, 0],
    lambda x, w: np.transpose(x.transpose()).sum(axis=0).max(), lambda x, w: np.dot(x, 2).sum(),
    lambda x, w: x[np.arange(2), np.array([2, 1])].sum(),
    lambda x, w: x[0][np.array([2, 0])].sum(), lambda x, w: np.reshape(x, (3, 2))[2].sum(),
]  # fmt: skip


@pytest.mark.parametrize("function", ARRAYS, ids=range(len(ARRAYS)))
def test_array_functions(function):
    rng = np.random.default_rng(2)
    x, w = rng.normal(size=(2, 3)), rng.normal(size=(3, 2))
    graph = gs.trace(function, x, w)
    written = gs.parse(graph.source)  # without the arrays, which stand in the nodes alone
    assert [node if node.gate else node._replace(value=None) for node in graph.nodes] == [
        *written.nodes
    ]
    tape = graph.forward()
    assert tape.value == pytest.approx(float(function(x, w)), rel=1e-13)
    assert tape.check().ok


def test_shapes_that_do_not_fit_are_told_while_tracing():
    with pytest.raises(
        ShapeError, match="x has shape 2×3, y has shape 2: x @ y needs y of shape 3"
    ):
        gs.trace(lambda a, b: (a @ b).sum(), np.ones((2, 3)), np.ones(2))
    with pytest.raises(TraceError, match=r"np\.dot"):
        gs.trace(lambda a: np.dot(a, np.ones((2, 3, 3))).sum(), np.ones((2, 3)))


def test_indexes_mean_what_numpy_means():
    x = np.array([[1.0, 2, 3], [4, 5, 6]])
    for function in (lambda x: x[0][np.array([0.5])], lambda x: x[0.5:].sum(), lambda x: x[[]].sum()):  # fmt: skip
        with pytest.raises(gs.GraphstepError):
            gs.trace(function, x)
    assert gs.trace(lambda x: x[0][[2, 0]].sum(), x).forward().value == 4.0


def test_dot_with_lists():
    for function in (lambda x: np.dot([1.0, 2.0], x), lambda x: x.dot([1.0, 2.0]) * 1):
        assert gs.trace(function, [3.0, 4.0]).forward().value == 11.0


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x.sum(axis=(0, 0)), lambda x: x.sum(dtype=np.float32), lambda x: x.ravel("Q").sum(),
        lambda x: x.transpose(1, 1).sum(), lambda x: x.reshape(np.array([3, 3])).sum(),
        lambda x: x.std(where=[True, False, True]), lambda x: x.item(),
        lambda x: x.astype(int).sum(), lambda x: x.reshape(()).sum(), lambda x: x.sum(initial=2.0),
    ],
)  # fmt: skip
def test_forms_without_a_gate_are_refused(function):
    with pytest.raises(gs.GraphstepError):
        gs.trace(function, np.ones((2, 3)))


def test_one_part_is_joined_as_it_is():
    assert gs.trace(lambda x: np.concatenate([x]).sum(), [1.0, 2]).forward().value == 3.0
