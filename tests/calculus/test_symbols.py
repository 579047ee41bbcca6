"""Functions of arrays, opened by running them on symbols: what they do, or left as they are."""

import operator

import numpy as np
import pytest

from graphstep.calculus.symbols import Symbol, opened

ARRAY = np.array([[1.0, 2.0], [3.0, 4.0]])


def computed(part, args):
    """What a symbol says, done to arrays."""
    if not isinstance(part, Symbol):
        return part
    if part.run is None:
        return args[part.parts[0]]
    parts = [computed(one, args) for one in part.parts]
    if part.run == "T":
        return parts[0].T
    return parts[0].dot(parts[1]) if part.run == "dot" else part.run(*parts)


@pytest.mark.parametrize(
    "function",
    [
        lambda g, x: g * (2.0 * x),
        lambda g, x: 1.0 - g / (-x) ** 2.0 + 0.5,
        lambda g, x: g.dot(x.T) if x.ndim == 2 else g * x,
        lambda g, x: np.exp(g) * np.maximum(0.0, x),
        lambda g, x: g,
    ],
)
def test_a_symbol_says_what_its_function_does(function):
    found = opened(function, [(2, 2), (2, 2)])
    assert isinstance(found, Symbol)
    args = (ARRAY, ARRAY + 1)
    assert np.array_equal(computed(found, args), function(*args))
    assert found.known == (2, 2)


def twice(g, x):
    power = np.exp(x)
    return power / (power + g)


@pytest.mark.parametrize(
    "function",
    [
        lambda g, x: g if x > 0 else x,
        lambda g, x: g if x == 0 else x,
        lambda g, x: g * x.sum(),
        lambda g, x: np.add.reduce(g * x, axis=None),
        lambda g, x: np.where(x, g, 0.0),
        lambda g, x: np.exp(g, out=x),
        lambda g, x: ARRAY * g,
        lambda g, x: g * np.float64(2.0),
        lambda g, x: g * np.inf,
        lambda g, x: np.asarray([g, x]),
        lambda g, x: 3.0,
        twice,
    ],
)
def test_what_hangs_on_more_than_shapes_stays_a_call(function):
    assert opened(function, [(2, 2), (2, 2)]) is function


def test_a_shape_that_does_not_fit_stays_a_call():
    assert opened(operator.add, [(2,), (3,)]) is operator.add


def test_numbers_are_written_as_they_are():
    found = opened(lambda x, y: x if type(y) is float and y == 1.0 else x**y, [(2,), 1.0])
    assert found.run is None  # to the power 1: the array itself
