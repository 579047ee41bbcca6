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
            if type(numbers(shape)[key]) is np.ndarray and not numbers(shape)[key].shape:
                continue  # a view without axes, which is told where it is written
            if len(shape) < 3 or error.key not in ("trace_index", "trace_assigned"):
                wrong.append((index_text(key), str(error)))
            continue
        given += 1
        if found.value != pytest.approx(expected):
            wrong.append((index_text(key), found.value, expected))
    assert not wrong
    assert given > 20


CHOICES = {
    "x[::-1]": "np.eye(len(x))[::-1] @ x",
    "x[::2]": "np.eye(len(x))[::2] @ x",
    "x[[0, 2]]": "np.eye(len(x))[[0, 2]] @ x",
    "x[[True, False, True]]": "np.eye(len(x))[[True, False, True]] @ x",
    "x[np.array([2, 0, 1, 1])]": "np.eye(len(x))[y] @ x",
    "x[np.array([True, False, True])]": "np.eye(len(x))[y] @ x",
    "x[:, ::-1]": "x @ np.eye(x.shape[1])[:, ::-1]",
    "x[:, [1, 0]]": "x @ np.eye(x.shape[1])[:, [1, 0]]",
    "x[:, np.array([1, 1])]": "x @ np.eye(x.shape[1])[:, y]",
}


@pytest.mark.parametrize(("index", "instead"), CHOICES.items())
def test_what_to_write_for_other_choices(index, instead):
    x, scope = numbers((3, 2)), {"np": np}
    with pytest.raises(TraceError) as caught:
        gs.trace(lambda x: eval(index, {**scope, "x": x}).sum(), x)
    assert caught.value.values.get("instead") == instead
    if "np.array" in index:
        scope["y"] = eval(index[index.index("np.") : -1], scope)
    found = gs.trace(lambda x: weighted(eval(instead, {**scope, "x": x})), x)
    assert found.forward().value == pytest.approx(weighted(eval(index, {**scope, "x": x})))


@pytest.mark.parametrize("key", [0.5, "a", True, (slice(None), slice(None), 0), (0.5, None)])
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


def test_traced_values_in_an_array_that_is_not():
    def function(x, start):
        found = start(x)
        for i in range(3):
            found[i] = x[i] * x[0]
        return weighted(found)

    for start in (lambda x: np.zeros(3), np.zeros_like):
        with pytest.raises(TraceError) as caught:
            gs.trace(function, numbers((3,)), start)
        assert caught.value.key == "trace_stored"
    found = gs.trace(function, numbers((3,)), lambda x: 0 * x).forward().value
    assert found == pytest.approx(function(numbers((3,)), np.zeros_like))
    with pytest.raises(TraceError, match=r"float\(x\) would"):
        gs.trace(lambda x, list_=[0]: list_.__setitem__(0, float(x[0])), numbers((3,)))
