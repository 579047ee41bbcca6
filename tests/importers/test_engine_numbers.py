"""The methods of small engines: on traced numbers, and on the plain ones of the comparison."""

import math

import numpy as np
import pytest

import graphstep as gs
from graphstep.importers.engine_numbers import ENGINE_METHODS, EngineNumber

PLAIN = {
    "relu": lambda x: max(x, 0.0),
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    **{name: getattr(math, name) for name in ("exp", "log", "tanh", "sqrt", "sin", "cos")},
}


@pytest.mark.parametrize("name", ENGINE_METHODS)
@pytest.mark.parametrize("x", [0.75, 2.5])
def test_methods(name, x):
    tape = gs.trace(lambda x, y: getattr(x * y, name)() + y, x, 0.5).forward()
    assert tape.value == pytest.approx(PLAIN[name](x * 0.5) + 0.5, rel=1e-14)
    assert tape.check().ok
    assert getattr(EngineNumber(x), name)() == pytest.approx(PLAIN[name](x), rel=1e-14)


def test_numbers_stay_numbers_of_an_engine():
    x = EngineNumber(0.5)
    for found in (x + 1, 2 - x, x * x, 3 / x, -x, abs(x), x**2, 2**x, np.float64(2) * x, np.tanh(x),
                  np.int64(2) + x):  # fmt: skip
        assert type(found) is EngineNumber
    assert (type(x.data), x.data, x.backward()) == (float, 0.5, None)
    with pytest.raises(AttributeError):
        x.gelu()


def test_a_function_that_does_otherwise_on_plain_numbers_is_found_out():
    def function(x):
        return x.relu() * (2 if type(x) is EngineNumber else 3)

    with pytest.raises(gs.GraphstepError, match="plain numbers"):
        gs.trace(function, 2.0)
