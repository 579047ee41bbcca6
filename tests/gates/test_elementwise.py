"""Laws over the gates that work element by element: differences, autograd, floats against arrays."""

import dataclasses
import math

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import assume, given
from hypothesis import strategies as st
from laws import BY_ELEMENT, arguments, graph_of, smooth_at

from graphstep.calculus.scalar_math import SCALAR, evaluate
from graphstep.gates import GATES, Rule

ALL = pytest.mark.parametrize("gate", BY_ELEMENT.values(), ids=BY_ELEMENT)
points = st.lists(st.floats(-4, 4).map(lambda v: round(v, 4)), min_size=2, max_size=2)


@ALL
@given(point=points)
def test_local_gradients_against_differences(gate, point):
    args = arguments(gate, point)
    assume(smooth_at(gate, args))
    names = graph_of(gate).inputs
    report = graph_of(gate).forward(dict(zip(names, args, strict=True))).check()
    assert report.ok, str(report)


@ALL
@given(point=points)
@pytest.mark.filterwarnings("ignore:Output seems independent")
def test_local_gradients_against_autograd(gate, point):
    """The textbook definition, differentiated by an independent library."""
    args = arguments(gate, point)
    assume(smooth_at(gate, args))
    out = evaluate(gate.apply, *args)
    for i in range(len(args)):
        theirs = grad(INDEPENDENT[gate.name], i)(*args)
        assert gate.local_at(i, out, args) == pytest.approx(theirs, rel=1e-10, abs=1e-12)


INDEPENDENT = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "pow": lambda x, y: x**y,
    "neg": lambda x: -x,
    "exp": anp.exp,
    "log": anp.log,
    "sqrt": anp.sqrt,
    "abs": anp.abs,
    "sin": anp.sin,
    "cos": anp.cos,
    "tan": anp.tan,
    "tanh": anp.tanh,
    "sigmoid": lambda x: 1.0 / (1.0 + anp.exp(-x)),
    "relu": lambda x: anp.maximum(0.0, x),
    "leaky_relu": lambda x, a: x if x > 0 else a * x,
    "elu": lambda x, a: x if x >= 0 else a * (anp.exp(x) - 1.0),
    "max": anp.maximum,
    "min": anp.minimum,
    "square": lambda x: x**2,
    "softplus": lambda x: anp.log(1.0 + anp.exp(x)),
    "reciprocal": lambda x: x**-1.0,
}


def test_every_gate_has_an_independent_definition():
    assert INDEPENDENT.keys() == BY_ELEMENT.keys()


@ALL
@given(point=points)
def test_fast_is_the_definition_to_the_bit(gate, point):
    args = tuple(point[: len(gate.params)])
    if gate.fast is None:
        return
    try:
        fast = gate.fast(*args)
    except (ArithmeticError, ValueError):
        with pytest.raises((ArithmeticError, ValueError)):
            gate.apply(SCALAR, *args)
        return
    assert fast == gate.apply(SCALAR, *args)


@ALL
@given(point=points)
def test_floats_and_numpy_agree(gate, point):
    """Both mathematics under the same formulas: they may differ in the last bits only."""
    args = arguments(gate, point)
    assume(smooth_at(gate, args))
    assert evaluate(gate.apply, *args) == pytest.approx(float(gate.apply(np, *args)), rel=1e-15)
    out = evaluate(gate.apply, *args)
    for i in range(len(args)):
        rule = gate.rule(i)
        if isinstance(rule, Rule):
            with np.errstate(all="ignore"):  # where takes both sides
                theirs = float(rule.of(np, np.float64(out), *map(np.float64, args)))
            assert gate.local_at(i, out, args) == pytest.approx(theirs, rel=1e-14)


@ALL
@given(point=points)
def test_elements_of_arrays_are_as_numbers(gate, point):
    args = arguments(gate, point)
    assume(smooth_at(gate, args))
    out, fresh = evaluate(gate.apply, *args), dataclasses.replace(gate)
    assert fresh.forward(*([x, x] for x in args)) == pytest.approx([out, out], rel=1e-15)
    for i, downstream in enumerate(fresh.backward([1.0, -2.0])):
        local = gate.local_at(i, out, args)
        assert downstream == pytest.approx([local, -2 * local], rel=1e-14)


def test_tails_are_exact():
    """1 - sigmoid and 1 - tanh**2 would be 0 here."""
    sigmoid, tanh = GATES["sigmoid"], GATES["tanh"]
    assert sigmoid.local_at(0, 1.0, (50.0,)) == pytest.approx(math.exp(-50), rel=4e-16)
    assert evaluate(sigmoid.apply, -745.0) == pytest.approx(5e-324)
    assert evaluate(sigmoid.apply, -1e6) == 0.0
    assert evaluate(sigmoid.apply, 1e6) == 1.0
    assert tanh.local_at(0, 1.0, (30.0,)) == pytest.approx(4 * math.exp(-60), rel=1e-15)
