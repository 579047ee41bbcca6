"""Python functions recorded as graphs."""

import math

import numpy as np
import pytest
from autograd import grad
from hypothesis import assume, given
from strategies import inputs, programs, smooth_expressions
from test_tape import OURS, finite

import graphstep as gs
from graphstep.errors import TraceError
from graphstep.tracing import UFUNCS


def neuron(w, x, b=0.5):
    return 1 / (1 + np.exp(-(w * x + b)))


def test_a_function_becomes_its_graph():
    graph = gs.trace(neuron, 2.0, -1.0)
    assert graph.source == "w = 2.0; x = -1.0; b = 0.5; neuron = 1/(1 + exp(-(w*x + b)))"
    graph.check()
    tape = graph.forward()
    assert tape.value == neuron(2.0, -1.0)
    slope = tape.value * (1 - tape.value)
    assert tape.gradients == pytest.approx({"w": -slope, "x": 2 * slope, "b": slope})
    assert tape.check().ok
    assert graph.forward(w=1).value == neuron(1.0, -1.0)
    s = gs.stepper(graph, by="wire", forward=True)
    assert "neuron = " in s[-1].svg()


def test_a_value_that_is_used_twice_is_one_node():
    def f(x):
        y = np.sin(x)
        return y * y + y

    graph = gs.trace(f, 0.3)
    assert graph.source == "x = 0.3; t1 = sin(x); f = t1*t1 + t1"
    assert graph.forward().gradients["x"] == pytest.approx((2 * math.sin(0.3) + 1) * math.cos(0.3))


def test_loops_branches_on_numbers_and_deep_sharing():
    def power(x, n=20):
        for _ in range(20):
            x = x * x
        return x if True else n

    graph = gs.trace(power, 1.0000001)
    assert len(graph.nodes) == 21  # not two to the twentieth
    assert graph.forward().value == pytest.approx(power(1.0000001))
    assert list(graph.inputs) == ["x"]  # n is never used in the result


@given(text=programs(smooth_expressions), values=inputs)
def test_traced_programs_against_autograd(text, values):
    names = list(gs.parse(text).inputs)
    body = "\n".join(f"    {line}" for line in text.splitlines())
    scope = {n: getattr(np, n) for n in ("exp", "sin", "cos", "tanh", "square")}
    scope["sigmoid"] = lambda x: 1 / (1 + np.exp(-x))
    code = f"def program({', '.join(names)}):\n{body}\n    return f"
    exec(code, scope)  # text of this test only
    given_ = [float(values[n]) for n in names]
    graph = gs.trace(scope["program"], *given_)
    graph.check()
    tape = graph.forward()
    assume(finite(tape))
    theirs = dict(OURS)
    exec(code, theirs)
    for position, name in enumerate(names):
        if name in graph.inputs:
            expected = float(grad(theirs["program"], position)(*given_))
            assert tape.gradients[name] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", [n for n in UFUNCS if n != "true_divide"])
def test_every_numpy_function_of_the_table(name):
    ufunc = getattr(np, name)
    args = (0.7, 1.3)[: ufunc.nin]
    graph = gs.trace((lambda x, y: ufunc(x, y)) if ufunc.nin == 2 else (lambda x: ufunc(x)), *args)
    assert graph.forward().value == pytest.approx(float(ufunc(*args)), rel=1e-15)


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
        boolean, lambda x: math.exp(x), lambda x: np.arctan(x), lambda x: x // 2, lambda x: x @ x,
        lambda x: x[0], lambda x: [y for y in x], lambda x: np.sum(x), lambda x: np.array([1.0]) * x,
        lambda x: 3.0, lambda x: x, lambda x: None, lambda x: (x * 2, x), lambda x: float(x),
        lambda x: x == 1, lambda x: np.add.reduce(x), lambda x: np.exp(x, where=True), lambda x: x + "1",
        lambda x: x * float("nan"), lambda x: np.array(x) * 2,
    ],
)  # fmt: skip
def test_what_would_leave_the_graph_is_refused(function):
    with pytest.raises(gs.GraphstepError) as caught:
        gs.trace(function, 1.5)
    assert str(caught.value)


@pytest.mark.parametrize("args", [(), (1, 2), ("a",), (None,), ([1, 2],)])
def test_bad_arguments(args):
    with pytest.raises(gs.GraphstepError):
        gs.trace(lambda x: x * 2, *args)
    with pytest.raises(TraceError):
        gs.trace(lambda *xs: xs[0] * 2, 1)
    with pytest.raises(TraceError):
        gs.trace(5, 1)


def test_values_of_another_trace_are_refused():
    kept = []
    gs.trace(lambda x: kept.append(x) or x * 2, 1)
    with pytest.raises(TraceError, match="another trace"):
        gs.trace(lambda x: x * kept[0], 1)


def test_long_functions():
    def deep(x):
        for _ in range(3000):
            x = np.sin(x) + 1
        return x

    def wide(x):
        return sum(np.sin(x * k) for k in range(1, 500))

    for function in (deep, wide):
        tape = gs.trace(function, 0.1).forward()
        assert tape.value == pytest.approx(function(0.1))
        tape.graph.check()


def test_names_that_clash():
    def x(t1, y):
        z = t1 * y
        return z * z

    graph = gs.trace(x, 2, 3)
    assert graph.forward().gradients == {"t1": 36.0, "y": 24.0}
    assert gs.trace(lambda a: a * 2, 3).forward().value == 6.0
