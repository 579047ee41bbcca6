"""What may be given for an input, and what is refused."""

import math

import numpy as np
import pytest

import graphstep as gs
from graphstep.base.errors import InputError


def test_what_an_input_may_be():
    parse = gs.parse("f = sum(x)")
    for good in ([1, 2], (1, 2), np.array([1, 2]), np.array([1, 2], np.float16), [True, True]):
        assert parse.forward(x=good).values[0].dtype == np.float64
    single = parse.forward(x=np.ones(3, np.float32))
    assert single.values[0].dtype == np.float32
    assert single.gradients["x"].dtype == np.float32
    foreign = parse.forward(x=np.array([1, 2], ">f8"))  # bytes in another order
    assert foreign.values[0].dtype.isnative
    assert foreign.gradients["x"].dtype.isnative
    assert parse.forward(x=np.array(2.0)).value == 2.0
    for bad in (np.array([1j]), np.array(["a"]), np.array([None]), [[1], [2, 3]], [], [math.nan]):
        with pytest.raises(InputError):
            parse.forward(x=bad)


@pytest.mark.parametrize("shape", [(0,), (2, 0)])
def test_an_array_without_elements_is_told(shape):
    with pytest.raises(InputError) as caught:
        gs.parse("f = sum(x)").forward(x=np.zeros(shape))
    assert caught.value.key == "no_elements"


@pytest.mark.parametrize("given", [np.array(2.0), np.float64(2), np.float32(2), 2, True])
def test_a_number_of_numpy_is_a_float(given):
    assert type(gs.parse("f = 2*x").forward(x=given).values[0]) is float


def test_masked_arrays_are_refused():
    with pytest.raises(InputError):
        gs.parse("f = sum(x)").forward(x=np.ma.array([1.0, 2.0], mask=[0, 1]))
