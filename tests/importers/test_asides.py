"""What a function works out beside its result stays plain; nothing comes back from there."""

import math

import numpy as np
import pytest

import graphstep as gs
from graphstep.base.errors import TraceError

X = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]])


def beside(work):
    """A function that works something out beside its result."""
    return lambda x: (np.sum(x**2), work(x))


@pytest.mark.parametrize(
    "work",
    [
        lambda x: float(x.sum()),
        lambda x: int(x[0, 0]),
        lambda x: math.sqrt(np.sum(x**2)),
        lambda x: math.log(np.exp(x[0, 0])),
        lambda x: round(x.mean(), 2),
        lambda x: np.argmax(x, axis=1) == np.array([0, 1]),
        lambda x: x.argmin(),
        lambda x: np.sort(x, axis=None)[:2],
        lambda x: np.isfinite(x).all(),
        lambda x: np.median(x),
        lambda x: x.tolist(),
        lambda x: np.linspace(0, float(x[0, 0]), 3),
        lambda x: np.histogram(x, 3)[0],
        lambda x: [float(v) for v in x.ravel()],
        lambda x: -1 if float(x[0, 0]) > 0.5 else float(x[1, 1]),
    ],
)
def test_what_is_beside_the_result_changes_nothing(work):
    graph = gs.trace(beside(work), X)
    assert graph.forward().value == pytest.approx(np.sum(X**2))
    assert graph.forward().gradients["x"] == pytest.approx(2 * X)


def largest_row(x):
    return np.sum(x[np.argmax(x[:, 0])] ** 2)


def of_float(x):
    return np.sum(x) * float(x[0, 0])


def by_a_branch(x):
    return np.sum(x) if float(x[0, 0]) > 0.5 else np.sum(x**2)


def by_a_far_bound(x):
    return np.sum(x) if abs(float(x[0, 0])) < 1000 else np.sum(x**2)


def by_a_near_bound(x):
    return np.sum(x) if abs(float(x[0, 0])) > 1e-9 else np.sum(x**2)


def by_two(x):
    return np.sum(x) if 100 * float(x[0, 0]) > float(x[0, 1]) else np.sum(x**2)


def by_labels(x, y=(0, 1)):
    return np.sum(x) if np.any(y) else np.sum(x**2)


def by_all_labels(x, y=(3, 1)):
    return np.sum(x) if not np.all(y == 4) else np.sum(x**2)


def by_how_often(x):
    total, k = np.sum(x), 0
    while k < round(x[1, 1]):
        total, k = total + x[0, 0], k + 1
    return total


def scaled_first(x):
    print(float(x.sum()))  # beside the result
    shifted = x - float(np.max(x))
    return np.sum(np.exp(shifted)), round(x[0, 0], 1)


def from_a_list(x):
    return np.sum(np.array(x.tolist()) * x)


def through_np(x):
    return np.sum(np.asarray(x, dtype=np.float64).__array__() * x)


@pytest.mark.parametrize(
    ("function", "place"),
    [
        (largest_row, "np.argmax(x[:, 0])"), (of_float, "float(x[0, 0])"),
        (by_a_branch, "float(x[0, 0])"), (by_a_far_bound, "float(x[0, 0])"),
        (by_a_near_bound, "float(x[0, 0])"), (by_two, "float(x[0, 0])"),
        (by_labels, "np.any(y)"), (by_all_labels, "np.all(y == 4)"), (by_how_often, "round(x[1, 1])"),
        (scaled_first, "float(np.max(x))"), (from_a_list, "x.tolist()"),
        (through_np, "np.asarray(x, dtype=np.float64).__array__()"),
    ],
)  # fmt: skip
def test_a_result_that_depends_on_it_is_refused_at_its_place(function, place):
    with pytest.raises(TraceError) as caught:
        gs.trace(function, X)
    error = caught.value
    assert error.source[slice(*error.span)] == place


def test_chance_is_told_as_what_it_is():
    def shaken(x):
        print(float(np.sum(x)))
        return np.sum(x * np.random.rand(*x.shape))

    with pytest.raises(TraceError, match="called again with the same arguments"):
        gs.trace(shaken, X)


def test_without_a_comparison_nothing_leaves():
    with pytest.raises(TraceError, match="float"):
        gs.trace(beside(lambda x: float(x.sum())), X, verify=False)


def test_no_false_number_is_shown_or_kept(capsys):
    kept = np.zeros(2)

    def shows(x):
        print(float(np.sum(x)))
        return np.sum(x**2)

    def keeps(x):
        kept[0] = np.sum(x)
        return np.sum(x**2)

    gs.trace(shows, X)
    assert {*map(float, capsys.readouterr().out.split())} == {X.sum()}
    with pytest.raises(TraceError, match="array from outside"):
        gs.trace(keeps, X)
    assert not kept.any()


def test_a_result_that_is_worked_out_beside_is_no_result():
    with pytest.raises(TraceError, match=r"float\(x\) would"):
        gs.trace(lambda x: float(np.sum(x)), X)
    with pytest.raises(TraceError, match=r"np\.argmax compares"):
        gs.trace(lambda x: (np.sum(x), np.argmax(x)), X, output=1)


# --- infinite numbers


def test_inf_is_no_result():
    with pytest.raises(TraceError, match="returns"):
        gs.trace(lambda x: np.where(x > 0, x, -np.inf), X)


def test_masks_of_inf_as_arguments_and_limits():
    def limited(x, mask, high=np.inf):
        shown = np.exp(x + mask)
        return np.clip(shown, 0.0, high).sum()

    mask = np.array([[0.0, -np.inf, 0.0], [0.0, 0.0, -np.inf]])
    graph = gs.trace(limited, X, mask)
    tape = graph.forward()
    assert tape.value == pytest.approx(np.exp(X + mask).sum())
    assert tape.gradients["x"] == pytest.approx(np.exp(X + mask))
    assert not tape.troubles
    assert not any(f.warnings for f in gs.stepper(graph) if hasattr(f, "warnings"))
