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

from graphstep.calculus.scalar_math import SCALAR, evaluate, numpy_math
from graphstep.gates import GATES, Rule

ALL = pytest.mark.parametrize("gate", BY_ELEMENT.values(), ids=BY_ELEMENT)
points = st.lists(st.floats(-4, 4).map(lambda v: round(v, 4)), min_size=3, max_size=3)


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


def area_of_bell(x):
    """The error function as what it is, an integral, by Gauss and Legendre."""
    places, weights = np.polynomial.legendre.leggauss(60)
    heights = anp.exp(-((x * (places + 1) / 2) ** 2))
    return 2 / math.sqrt(math.pi) * x * anp.sum(weights / 2 * heights)


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
    "expm1": lambda x: anp.exp(x) - 1.0,
    "log2": anp.log2,
    "log10": anp.log10,
    "log1p": anp.log1p,
    "cbrt": lambda x: anp.sign(x) * anp.abs(x) ** (1.0 / 3.0),
    "hypot": lambda x, y: anp.sqrt(x**2 + y**2),
    "arcsin": anp.arcsin,
    "arccos": anp.arccos,
    "arctan": anp.arctan,
    "arctan2": anp.arctan2,
    "sinh": anp.sinh,
    "cosh": anp.cosh,
    "arcsinh": anp.arcsinh,
    "arccosh": anp.arccosh,
    "arctanh": anp.arctanh,
    "erf": lambda x: area_of_bell(x),
    "erfc": lambda x: 1.0 - area_of_bell(x),
    "logaddexp": anp.logaddexp,
    "gelu": lambda x: x * (1.0 + area_of_bell(x / math.sqrt(2.0))) / 2.0,
    "gelu_tanh": lambda x: 0.5 * x * (1.0 + anp.tanh((2 / math.pi) ** 0.5 * (x + 0.044715 * x**3))),
    "silu": lambda x: x / (1.0 + anp.exp(-x)),
    "selu": lambda x: (
        1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * (anp.exp(x) - 1.0))
    ),
    "mish": lambda x: x * anp.tanh(anp.log(1.0 + anp.exp(x))),
    "hardtanh": lambda x: anp.clip(x, -1.0, 1.0),
    "hardsigmoid": lambda x: anp.clip(x / 6.0 + 0.5, 0.0, 1.0),
    "relu6": lambda x: anp.clip(x, 0.0, 6.0),
    "clip": lambda x, low, high: anp.minimum(anp.maximum(x, low), high),
    "where": lambda mask, x, y: x if mask else y,
    "greater": lambda x, y: 1.0 if x > y else 0.0,
    "greater_equal": lambda x, y: 1.0 if x >= y else 0.0,
    "less": lambda x, y: 1.0 if x < y else 0.0,
    "less_equal": lambda x, y: 1.0 if x <= y else 0.0,
    "equal": lambda x, y: 1.0 if x == y else 0.0,
    "not_equal": lambda x, y: 1.0 if x != y else 0.0,
    "sign": lambda x: anp.sign(x),
    "floor": lambda x: anp.floor(x),
    "ceil": lambda x: anp.ceil(x),
    "round": lambda x: anp.round(x),
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
    assert evaluate(gate.apply, *args) == pytest.approx(
        float(gate.apply(numpy_math(), *args)), rel=1e-15
    )
    out = evaluate(gate.apply, *args)
    for i in range(len(args)):
        rule = gate.rule(i)
        if isinstance(rule, Rule):
            with np.errstate(all="ignore"):  # where takes both sides
                theirs = float(rule.of(numpy_math(), np.float64(out), *map(np.float64, args)))
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
