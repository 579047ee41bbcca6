"""Formulas of nodes and local gradients have the values that are computed."""

import math

import pytest
from hypothesis import assume, given, settings
from strategies import inputs, programs

import graphstep as gs
from examples import stepped
from graphstep.graph.expressions import label, local_formula, value_formula


def test_formulas_of_local_gradients_are_true():
    """The text of every local gradient, evaluated, is the number beside it."""

    @settings(max_examples=150)
    @given(text=programs(), values=inputs)
    def law(text, values):
        s = stepped(text, values)
        assume(all(abs(v) < 1e6 for v in (*s.tape.values, *s.tape.upstreams)))
        scope = {name: s.tape.values[i] for name, i in s.graph.names.items()}
        for w in range(len(s.graph.wires)):
            formula = local_formula(s.graph, w)
            try:
                number = iverson(formula, scope) if formula else s.tape.local(w)
            except NameError:  # a free letter stands for an input that is too long to write
                continue
            assert number == pytest.approx(s.tape.local(w), rel=1e-6, abs=1e-9), (formula, text)

    law()


@settings(max_examples=100)
@given(text=programs(), values=inputs)
def test_formulas_of_values_are_true(text, values):
    """What a gate computes, in names and in numbers, is its value: read by the parser itself."""
    s = stepped(text, values)
    known = s.tape.values
    assume(all(abs(v) < 1e6 for v in (*known, *s.tape.upstreams)))
    names = [label(s.graph, i) or f"node{i}" for i in range(len(known))]
    scope = {f"node{i}": v for i, v in enumerate(known)}
    scope |= {name: known[i] for name, i in s.graph.names.items()}
    for i, node in enumerate(s.graph.nodes):
        if node.gate is None:
            continue
        again = gs.parse(value_formula(s.graph, i, names.__getitem__))
        found = again.forward({name: scope[name] for name in again.inputs}).value
        assert found == pytest.approx(known[i], rel=1e-9), (i, text)
        formula = value_formula(s.graph, i, lambda j: repr(known[j]))
        assert iverson(formula, {}) == pytest.approx(known[i], rel=1e-9), (formula, text)


def iverson(formula, scope):
    """A formula as Python; [x > 0] is 1 or 0."""
    functions = {
        **{n: f for n, f in vars(math).items() if callable(f)},
        "abs": abs, "max": max, "min": min, "square": lambda x: x * x,
        "sigmoid": lambda x: 1 / (1 + math.exp(-x)), "relu": lambda x: max(x, 0.0),
        "leaky_relu": lambda x, a=0.1: x if x > 0 else a * x,
        "elu": lambda x, a=1.0: x if x >= 0 else a * math.expm1(x),
        "sign": lambda x: (x > 0) - (x < 0),
    }  # fmt: skip
    return float(eval(formula.replace("[", "(").replace("]", ")"), functions, scope))


@pytest.mark.parametrize(
    ("text", "wire", "formula"),
    [
        ("f = (x+y)**z", 3, "(x+y)**z*log(x+y)"),
        ("f = (-x)**y", 2, "(-x)**y*log(-x)"),
        ("f = (-2)**x", 0, "(-2)**x*log(-2)"),
        ("f = z/(x·y)", 2, "1/(x*y)"),
        ("f = z/(x·y)", 3, "-z/(x*y)**2"),
        ("f = (x # the input\n + y) * z", 3, "x + y"),
        ("f = (aaaaaa*bbbbbb + cccccc*dddddd)*x", 6, "x"),
        ("f = (aaaaaa*bbbbbb + cccccc*dddddd)*x", 7, ""),
        ("f = exp(aaaaaa*bbbbbb + cccccc*dddddd + x)", 8, "exp(y)"),
        ("f = x**-1", 0, "(-1)*x**(-2)"),
        ("f = x*2", 0, "2"),
        ("f = 1/x", 0, "-1/x**2"),
    ],
)
def test_formulas_of_local_gradients(text, wire, formula):
    assert local_formula(gs.parse(text), wire) == formula
