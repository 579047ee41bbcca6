"""The memory of traced arrays, against NumPy: random programs with aliases, views and writing."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given, settings
from numpy_programs import PARAMETERS, numpy_programs

import graphstep as gs
from graphstep.base.errors import TraceError
from graphstep.importers.in_place import Changeable

STEP = 1e-5


def function_of(text):
    scope = {"np": np}
    exec(text, scope)  # text of this test only
    return scope["program"]


def copied(values):
    return [np.copy(v, order="K") if isinstance(v, np.ndarray) else v for v in values]


def moved(values, k, at, step):
    made = copied(values)
    if isinstance(made[k], np.ndarray):
        made[k][at] += step
    else:
        made[k] += step
    return made


def slopes(function, values, k):
    """Finite differences with respect to one argument, with two steps to see kinks."""
    found = np.zeros((2, *np.shape(values[k])))
    for at in np.ndindex(np.shape(values[k])):
        for row, step in enumerate((STEP, 2 * STEP)):
            up, down = (function(*moved(values, k, at, s)) for s in (step, -step))
            found[(row, *at)] = (up - down) / (2 * step)
    return found


def holds(text, values):
    """Check that the graph of a program is the program."""
    function = function_of(text)
    expected = function(*copied(values))
    assume(np.isfinite(expected) and abs(expected) < 1e6)
    graph = gs.trace(function, *values, verify=False)
    tape = graph.forward()
    assert tape.value == pytest.approx(expected, rel=1e-11, abs=1e-11), text
    for k, name in enumerate(PARAMETERS.split(", ")):
        if name not in graph.inputs:
            continue
        near, far = slopes(function, values, k)
        smooth = np.abs(near - far) <= 1e-4 * (1 + np.abs(near))
        wrong = np.abs(tape.gradients[name] - near) > 1e-4 * (1 + np.abs(near))
        assert not (wrong & smooth).any(), (text, name, k)
    assert gs.trace(function, *values) == graph, text  # the comparison sees no fault where none is


def test_random_programs_are_their_graphs():
    """Aliases, views, masks, item assignment and out=, by value and by gradient; none is refused."""

    @settings(max_examples=150)
    @given(program=numpy_programs())
    def law(program):
        holds(*program)

    law()


def test_the_comparison_finds_every_graph_that_is_not_its_program(monkeypatch):
    """Views that never see what is written: each wrong graph is refused, with a line."""
    now = Changeable._index.fget
    monkeypatch.setattr(
        Changeable, "_index",
        property(lambda self: now(self) if self._seen[1] is None else self._seen[1]),
    )  # fmt: skip
    seen = Counter()

    @settings(max_examples=80)
    @given(program=numpy_programs())
    def law(program):
        text, values = program
        function = function_of(text)
        expected = function(*copied(values))
        assume(np.isfinite(expected) and abs(expected) < 1e6)
        try:
            graph = gs.trace(function, *values)
        except TraceError as error:
            seen[error.key] += 1
            assert 2 <= error.values["line"] <= text.count("\n") + 1
        else:
            assert graph.forward().value == pytest.approx(expected, rel=1e-9, abs=1e-9), text

    law()
    assert seen["trace_value"] + seen["trace_returned"] > 20


def test_a_view_of_everything():
    def f(x):
        y = x[...]
        y += 1
        y[...] *= 2
        return (x * x).sum()

    assert gs.trace(f, [1.0, 2.0]).forward().value == 52.0
    assert gs.trace(lambda x: f(x[...]), np.array(1.0)).forward().value == 16.0


@pytest.mark.parametrize("shape", [(1, 3), (1, 1, 3), (1, 1), (3,), (1,)])
def test_axes_of_length_one_before_the_others_are_dropped_in_writing(shape):
    def into(x, y):
        z = x * 1
        z[...] = y
        return (z * x).sum()

    x, y = np.array([1.0, 2, 3]), np.arange(2.0, 2 + np.prod(shape)).reshape(shape)
    assert gs.trace(into, x, y).forward().value == into(x, y)
    with pytest.raises(TraceError, match="does not fit"):
        gs.trace(into, x, np.ones((2, 3)))
