"""Formulas of nodes have the values that are computed."""

import math

import pytest
from hypothesis import assume, given, settings
from strategies import inputs, programs

import graphstep as gs
from examples import stepped
from graphstep.graph.expressions import label, value_formula


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
        assert worked_out(formula, {}) == pytest.approx(known[i], rel=1e-9), (formula, text)


def worked_out(formula, scope):
    """A formula as Python."""
    functions = {
        **{n: f for n, f in vars(math).items() if callable(f)},
        "abs": abs, "max": max, "min": min, "square": lambda x: x * x,
        "sigmoid": lambda x: 1 / (1 + math.exp(-x)), "relu": lambda x: max(x, 0.0),
        "leaky_relu": lambda x, a=0.1: x if x > 0 else a * x,
        "elu": lambda x, a=1.0: x if x >= 0 else a * math.expm1(x),
    }  # fmt: skip
    return float(eval(formula, functions, scope))
