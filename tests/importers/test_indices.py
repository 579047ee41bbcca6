"""Indices of traced arrays: what NumPy gives, read and written, or an error that says what to write."""

import itertools

import numpy as np
import pytest

import graphstep as gs
from graphstep.base.errors import TraceError
from graphstep.calculus.indexing import index_text

SHAPES = ((3,), (2, 3), (2, 3, 2))
PARTS = (0, -1, slice(None), slice(1, None), slice(0, 2), None, ...)
KEYS = [*PARTS, *itertools.product(PARTS, PARTS), *itertools.product(PARTS[1:6], repeat=3)]


def numbers(shape):
    return np.arange(1.0, np.prod(shape) + 1).reshape(shape) ** 1.5


def weighted(y):
    return (y * numbers(np.shape(y))).sum() if np.shape(y) else y * 3


def read(x, key):
    return weighted(x[key] * 1)


def written(x, key):
    x = x * 1
    x[key] = x[key] * 2 + 1
    y = x[key]
    y += 4  # of a number, a new number; of an array, a view
    x[key] *= 3
    return weighted(x) + weighted(y)


def traced(function, x, key):
    return gs.trace(lambda x: function(x, key), x)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("function", [read, written])
def test_indices_are_those_of_numpy(function, shape):
    wrong, given = [], 0
    for key in KEYS:
        try:
            expected = function(numbers(shape), key)
        except IndexError:
            continue
        try:
            found = traced(function, numbers(shape), key).forward()
        except TraceError as error:
            wrong.append((index_text(key), str(error)))
            continue
        given += 1
        if found.value != pytest.approx(expected):
            wrong.append((index_text(key), found.value, expected))
    assert not wrong
    assert given > 20


CHOICES = (
    slice(None, None, -1), slice(None, None, 2), [0, 2], [-1], np.array([2, 0, 1, 1]),
    np.array([[2, 0], [1, 1]]), [True, False, True], np.array([True, False, True]), True,
    (slice(None), slice(None, None, -1)), (slice(None), [1, 0]), (slice(None), np.array([1, 1])),
    ([0, 2, 0], [1, 0, 0]), (range(3), [1, 0, 1]), ([[0], [2]], [[1, 0]]), ([0, 1], None), (),
    (np.array([[True, False], [False, True], [True, True]]),), (2, [1, 1]), (..., [0]),
)  # fmt: skip


@pytest.mark.parametrize("key", CHOICES, ids=index_text)
@pytest.mark.parametrize("function", [read, written])
def test_lists_arrays_and_steps(function, key):
    """Read they are copies; written, the last of equal places counts."""
    x = numbers((3, 2))
    assert traced(function, x, key).forward().value == pytest.approx(function(x.copy(), key))
    assert traced(function, x, key).forward().check().ok


@pytest.mark.parametrize("key", [0.5, "a", (slice(None), slice(None), 0), (0.5, None)])
def test_wrong_indices_are_refused(key):
    with pytest.raises(gs.GraphstepError, match=r"x\[.*\]|fails without a trace too"):
        gs.trace(lambda x: x[key].sum(), numbers((3, 2)))
    with pytest.raises(gs.GraphstepError):
        traced(written, numbers((3, 2)), key)


def distances(x):
    return ((x[:, None, :] - x[None, :, :]) ** 2).sum(-1).sum()


def convolved(x, k):
    places = itertools.product(range(2), range(3))
    found = [(x[i : i + 2, j : j + 2] * k).sum() for i, j in places]
    return (np.stack(found).reshape(2, 3) ** 2).sum()


def test_programs_of_columns_and_parts():
    x = numbers((3, 4)) / 10
    assert gs.trace(distances, x).forward().value == pytest.approx(distances(x))
    k = numbers((2, 2))
    tape = gs.trace(convolved, x, k).forward()
    assert tape.value == pytest.approx(convolved(x, k))
    assert tape.check().ok


def test_traced_values_in_an_array_from_outside():
    outside = np.zeros(3)

    def function(x, start):
        found = start(x)
        for i in range(3):
            found[i] = x[i] * x[0]
        return weighted(found)

    with pytest.raises(TraceError) as caught:
        gs.trace(function, numbers((3,)), lambda x: outside)
    assert caught.value.key == "trace_stored"
    for start in (
        lambda x: 0 * x,
        np.zeros_like,
        lambda x: np.zeros(3),
        lambda x: np.array(outside),
    ):
        found = gs.trace(function, numbers((3,)), start).forward().value
        assert found == pytest.approx(function(numbers((3,)), np.zeros_like))
    assert not outside.any()
    with pytest.raises(TraceError, match=r"float\(x\) would"):
        gs.trace(lambda x, list_=[0.0]: list_.__setitem__(0, float(x[0])), numbers((3,)))
