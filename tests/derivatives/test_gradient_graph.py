"""Gradients as graphs: they can be read, run, and differentiated again."""

import math
from types import SimpleNamespace

import caption_equations
import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from laws import BY_ELEMENT, finite, graph_of, only, smooth_at
from strategies import inputs as points
from strategies import programs, smooth_expressions

import graphstep as gs
from graphstep.calculus.functions import MATHEMATICS
from graphstep.gates import GATES


@pytest.mark.parametrize(
    ("text", "name", "source"),
    [
        ("f = (x + y)*z", "z", "dz = x + y"),
        ("f = (x + y)*z", "x", "dx = z + x*0"),
        ("f = x**3", "x", "dx = 3*(x**2)"),
        ("f = x + y", "x", "dx = 1 + x*0"),
        ("f = -x", "x", "dx = (-1) + x*0"),
        ("f = y*y", "y", "dy = y + y"),
        ("f = x*x*x", "x", "dx = (x*x + x*x) + x*x"),
        ("f = relu(x)*w", "x", "dx = w*(x > 0)"),
        ("f = tanh(x)", "x", "dx = 1 - tanh(x)**2"),
        ("f = exp(x)*y", "x", "dx = y*exp(x)"),
        ("q = x*y; f = sin(q)", "q", "q = x*y; dq = cos(q)"),
        ("f = floor(x)", "x", "dx = x*0"),
        ("f = x*dx", "x", "dx_ = dx + x*0"),
    ],
)
def test_texts(text, name, source):
    assert gs.parse(text).gradient(name).source == source


def test_equal_inputs_of_a_maximum_share_it_here_too():
    graph = gs.parse("f = max(x, y, z)")
    for point in ((1, 1, 0), (2, 2, 2), (0, 1, 2), (3, 1, 3)):
        values = dict(zip("xyz", point, strict=True))
        for name, gradient in graph.forward(values).gradients.items():
            assert graph.gradient(name).forward(values).value == gradient


@settings(max_examples=60)
@given(programs(), points)
def test_its_values_are_the_gradients(text, values):
    graph = gs.parse(text)
    values = only(graph, values)
    tape = graph.forward(values)
    assume(finite(tape))
    for name in graph.names:
        found = graph.gradient(name)
        (gradient,) = tape.backward(name).values()
        value = found.forward(values).value
        assert value == pytest.approx(
            gradient, rel=1e-6, abs=1e-9 * (1 + max(map(abs, tape.upstreams)))
        )
        assert gs.parse(found.source) == found or found.unused


@settings(max_examples=30)
@given(programs(smooth_expressions), points)
def test_a_hessian_times_a_direction(text, values):
    """Against differences of gradients, and the Hessian is symmetric."""
    graph = gs.parse(text)
    values = only(graph, values)
    tape = graph.forward(values)
    assume(finite(tape) and max(map(abs, tape.upstreams)) < 1e3)
    names = list(graph.inputs)
    along = graph.directional(**{name: f"to_{name}" for name in names})
    size = {}
    for k, name in enumerate(names):
        unit = {f"to_{other}": float(other == name) for other in names}
        found = along.forward({**values, **unit}).gradients
        size[name] = [found[other] for other in names]
        h = 1e-5
        ends = [graph.forward({**values, name: values[name] + s}).gradients for s in (h, -h)]
        for other in names:
            difference = (ends[0][other] - ends[1][other]) / (2 * h)
            assert found[other] == pytest.approx(difference, rel=1e-3, abs=1e-2), (name, other, k)
    hessian = np.array([size[name] for name in names])
    assert np.allclose(hessian, hessian.T, rtol=1e-8, atol=1e-8)


# --- against sympy


def _where(test, yes, no):
    return sympy.Piecewise((yes, test), (no, True))


NAMES = {
    **{f"arc{n}": f"a{n}" for n in ("sin", "cos", "tan", "tan2", "sinh", "cosh", "tanh")},
    "fabs": "Abs", "absolute": "Abs", "maximum": "Max", "minimum": "Min",
}  # fmt: skip
OURS = {
    "add": lambda x, y: x + y, "subtract": lambda x, y: x - y, "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y, "true_divide": lambda x, y: x / y, "power": lambda x, y: x**y,
    "float_power": lambda x, y: x**y, "negative": lambda x: -x, "square": lambda x: x * x,
    "reciprocal": lambda x: 1 / x, "expm1": lambda x: sympy.exp(x) - 1, "log1p": lambda x: sympy.log(1 + x),
    "log2": lambda x: sympy.log(x, 2), "log10": lambda x: sympy.log(x, 10),
    "cbrt": lambda x: sympy.sign(x) * sympy.Abs(x) ** sympy.Rational(1, 3),
    "hypot": lambda x, y: sympy.sqrt(x * x + y * y),
    "logaddexp": lambda x, y: sympy.log(sympy.exp(x) + sympy.exp(y)),
    "where": _where,
}  # fmt: skip
SYMBOLS = SimpleNamespace(
    **OURS,
    **{n: found for n in MATHEMATICS if n not in OURS
       if (found := getattr(sympy, NAMES.get(n, n), None)) is not None},
)  # fmt: skip
FLAT = {name for name, gate in BY_ELEMENT.items() if set(gate.local) == {0.0}}
DIFFERENTIATED = sorted(BY_ELEMENT.keys() - FLAT - {"max", "min", "where"})
POINTS = ((0.7, 1.3, 2.1), (0.4, 2.2, 3.3), (-0.6, 1.7, 2.4), (1.6, 0.3, 0.9))


@pytest.mark.parametrize("name", DIFFERENTIATED)
def test_second_derivatives_of_every_gate(name):
    gate, seen = GATES[name], 0
    graph = graph_of(gate)
    symbols = sympy.symbols(" ".join(graph.inputs) + ",", real=True)
    formula = gate.apply(SYMBOLS, *symbols)
    for point in POINTS:
        args = point[: len(symbols)]
        if not smooth_at(gate, args) or not all(map(math.isfinite, args)):
            continue
        at = dict(zip(symbols, args, strict=True))
        for one, first in zip(graph.inputs, symbols, strict=True):
            slope = graph.gradient(one)
            for other, second in zip(graph.inputs, symbols, strict=True):
                wanted = complex(sympy.diff(formula, first, second).subs(at).evalf(30))
                if math.isnan(wanted.real) or abs(wanted.imag) > 1e-12:
                    continue
                found = slope.gradient(other).forward(dict(zip(graph.inputs, args, strict=True)))
                assert found.value == pytest.approx(wanted.real, rel=1e-9, abs=1e-9), (one, other)
                seen += 1
    assert seen, name


# --- as any other graph


def test_it_can_be_drawn_stepped_checked_and_grouped():
    slope = gs.parse("f = sigmoid(w*x)*w").gradient("w")
    s = gs.stepper(slope, w=0.5, x=2, forward=True)
    assert caption_equations.check(s)
    assert s.tape.check().ok
    assert "<svg" in s[-1].svg()
    assert slope.gradient("x").gradient("x").forward(w=0.5, x=2).check().ok


def test_inputs_that_are_not_in_it_may_be_given():
    slope = gs.parse("f = x*3 + y; g = f*z").gradient("x")
    assert slope.forward(x=1, y=2, z=3).value == 9.0
    assert slope.forward(x=1, y=2, z=3).gradients == {"x": 0.0, "y": 0.0, "z": 3.0}


@pytest.mark.parametrize(
    ("text", "name", "key"),
    [
        ("f = sum(W)", "W", "no_gradient_text"),
        ("f = sum(x @ y)*2", "x", "no_gradient_text"),
        ("f = x*y", "weight", "unknown_name"),
        ("f = x*y", 3, "not_a_name"),
    ],
)
def test_what_has_no_graph_of_its_gradient(text, name, key):
    with pytest.raises(gs.GraphstepError) as caught:
        gs.parse(text).gradient(name)
    assert caught.value.key == key


def test_a_direction_needs_new_names():
    with pytest.raises(gs.GraphError) as caught:
        gs.parse("f = x*y").directional(x="y")
    assert caught.value.key == "builder_taken"


@given(st.integers(1, 5))
def test_derivatives_of_a_power_to_any_order(order):
    graph = gs.parse("f = x**5")
    for _ in range(order):
        graph = graph.gradient("x")
    expected = math.perm(5, order) * 2.0 ** (5 - order)
    assert graph.forward(x=2).value == pytest.approx(expected)
