"""Laws over the whole table of gates, and a test of the laws with deliberately wrong gates."""

import dataclasses
import math

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import assume, given
from hypothesis import strategies as st
from laws import arguments, graph_of, smooth_at

import graphstep as gs
from graphstep.base.errors import Span
from graphstep.base.words import sentences
from graphstep.calculus.scalar_math import SCALAR, evaluate
from graphstep.engine.computational_graph import ComputationalGraph
from graphstep.gates import GATES, Rule
from graphstep.graph.nodes import Node

BY_ELEMENT = {name: gate for name, gate in GATES.items() if gate.elementwise}
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


@pytest.mark.parametrize("gate", GATES.values(), ids=GATES)
def test_rows_are_whole(gate):
    assert gate.name in GATES
    assert gate.variadic or len(gate.local) == len(gate.params)
    assert f"gate.{gate.name}" in sentences("en")
    assert not gate.kinks or gate.convention
    assert not gate.zero or f"zero.{gate.zero}" in sentences("en")
    assert not gate.nickname or f"nickname.{gate.name}" in sentences("en")


def test_forward_then_backward_as_in_the_lecture():
    multiply = gs.GATES["mul"]
    assert multiply.forward(-2, 5) == -10.0
    assert multiply.backward(3) == [15.0, -6.0]


def test_backward_before_forward_is_an_error():
    fresh = dataclasses.replace(GATES["mul"])
    with pytest.raises(gs.GraphstepError, match="forward"):
        fresh.backward(1.0)


def test_tails_are_exact():
    """1 - sigmoid and 1 - tanh**2 would be 0 here."""
    sigmoid, tanh = GATES["sigmoid"], GATES["tanh"]
    assert sigmoid.local_at(0, 1.0, (50.0,)) == pytest.approx(math.exp(-50), rel=4e-16)
    assert evaluate(sigmoid.apply, -745.0) == pytest.approx(5e-324)
    assert evaluate(sigmoid.apply, -1e6) == 0.0
    assert evaluate(sigmoid.apply, 1e6) == 1.0
    assert tanh.local_at(0, 1.0, (30.0,)) == pytest.approx(4 * math.exp(-60), rel=1e-15)


WRONG = {
    "a sign": ("sub", (1.0, 1.0)),
    "a factor": ("square", (Rule("{x}", lambda m, out, x: x),)),
    "swapped arguments": ("mul", ("x", "y")),
    "an off-by-one power": (
        "pow",
        (Rule("", lambda m, out, x, y: y * m.power(x, y)), GATES["pow"].local[1]),
    ),
    "a small factor": ("exp", (Rule("", lambda m, out, x: out * 1.001),)),
}


@pytest.mark.parametrize(("name", "local"), WRONG.values(), ids=WRONG)
def test_a_wrong_gate_is_found_and_named(name, local):
    """A right gate before it and one after it, so that the first wrong wire has to be picked."""
    wrong = dataclasses.replace(GATES[name], local=local)
    count = len(wrong.params)
    leaves = [Node(None, (), n) for n in "ab"]
    nodes = (
        *leaves,
        Node(GATES["exp"], (0,), "p"),
        Node(wrong, (2, 1)[:count], "q", span=Span(0, 0)),
        Node(GATES["mul"], (3, 1), "f"),
    )
    graph = ComputationalGraph(nodes, 4, {n.name: i for i, n in enumerate(nodes)})
    graph.check()
    report = graph.forward(a=0.7, b=1.9).check()
    assert not report.ok
    assert report.first.target == "q"
    assert report.first.kind == "wire"
    assert "WRONG" in str(report)
    assert "q" in str(report)


def test_the_check_says_what_it_skips():
    report = gs.parse("f = relu(x) + max(y, y)").forward(x=0, y=1).check()
    assert report.ok
    assert {row.status for row in report.skipped} == {"kink"}
    assert "kink" in str(report)
    report = gs.parse("f = sqrt(x)").forward(x=0).check()
    assert {row.status for row in report.skipped} == {"undefined"}


@pytest.mark.parametrize("x", [1e-9, 1e9, -1e9, 0.0, 1e-300])
def test_the_check_scales_its_step(x):
    assert gs.parse("f = x + y").forward(x=x, y=1.0).check().ok
    assert gs.parse("f = x * y + z").forward(x=x, y=1e6, z=3).check().ok
    assert gs.parse("f = sin(x * 1e-8)").forward(x=x).check().ok


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_a_rule_that_is_not_finite_is_wrong(number):
    wrong = dataclasses.replace(GATES["sin"], local=(Rule("", lambda m, out, x: number),))
    assert not graph_of(wrong).forward(a=1).check().ok


def test_the_check_tells_when_it_could_not_compare():
    assert "nothing could be compared" in str(gs.parse("log(x)").forward(x=-1).check())


RIGHT = ["x/y", "1/x", "sin(x)", "cos(x*y)", "log(exp(x) + exp(y)) - x", "x**y", "tanh(x)", "x - y",
         "(x + sigmoid(y))/(sigmoid(x) + (x + y)**2)", "elu(x)*y", "x**5", "max(x, y)*x"]  # fmt: skip
sizes = st.builds(
    lambda sign, power: sign * 10.0**power, st.sampled_from([-1, 1]), st.floats(-9, 9)
)


@pytest.mark.parametrize("text", RIGHT)
@given(x=sizes, y=sizes)
def test_the_check_never_calls_a_right_gradient_wrong(text, x, y):
    """Poles, periods, cancellation and rounding at all sizes."""
    graph = gs.parse(text)
    report = graph.forward({n: v for n, v in (("x", x), ("y", y)) if n in graph.inputs}).check()
    assert report.ok, str(report)


@pytest.mark.parametrize(
    "gate", [g for g in BY_ELEMENT.values() if not g.variadic], ids=lambda g: g.name
)
@given(x=st.floats(0.2, 3), y=st.floats(0.2, 3), off=st.sampled_from([0.01, -2.0, 0.3]))
def test_the_check_finds_any_factor(gate, x, y, off):
    """One rule of each gate is wrong by a factor: the check must see it."""
    args = (x, y)[: len(gate.params)]
    for i in range(len(args)):
        right = gate.local_at(i, evaluate(gate.apply, *args), args)
        rule = Rule("", lambda m, out, *xs, i=i: gate.local_at(i, out, xs) * (1 + off))
        if abs(right) < 1e-3:
            continue
        wrong = dataclasses.replace(gate, local=(*gate.local[:i], rule, *gate.local[i + 1 :]))
        report = graph_of(wrong).forward(dict(zip("ab", args, strict=False))).check()
        assert report.first is not None
        assert report.first.position == i


def test_a_large_neighbour_does_not_hide_a_wrong_gate():
    wrong = dataclasses.replace(GATES["add"], local=(1.0, -1.0))
    report = graph_of(wrong).forward(a=1e9, b=1e-9).check()
    assert report.first is not None
    assert report.first.position == 1
