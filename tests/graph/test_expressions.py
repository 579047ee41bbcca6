"""Formulas of nodes have the values that are computed."""

import math
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import inputs, programs

import graphstep as gs
from examples import stepped
from graphstep.graph.expressions import all_on_one_line, label, symbol, value_formula
from graphstep.graph.nodes import Node


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


COMMENTS = st.sampled_from(["", "  # said (", " # x = [1; 2]"])
SEPARATORS = st.sampled_from(["\n", ";", "\n\n", " ;\n", "\r\n", ";;\n\n"])


@given(text=programs(), comment=COMMENTS, separator=SEPARATORS)
def test_statements_on_one_line_are_the_same_graph(text, comment, separator):
    """Lines within brackets are joined, statements are kept apart."""
    lines = text.split("\n")
    spread = [f"{line.partition(' = ')[0]} = ({line.partition(' = ')[2]}\n)" for line in lines]
    separator = "\n" + separator if comment and separator.lstrip().startswith(";") else separator
    for source in (text, separator.join(line + comment for line in spread)):
        one_line = all_on_one_line(source)
        assert "\n" not in one_line
        assert one_line.count(";") == len(lines) - 1
        assert without_places(one_line) == without_places(text)


def without_places(text):
    return [node._replace(span=None) for node in gs.parse(text).nodes]


@pytest.mark.parametrize(
    ("text", "circle"),
    [
        ("max(a, 3, b)", "max(x, 3, y)"), ("max(-1, a)", "max(−1, x)"), ("mse(2, p)", "mse(2, x)"),
        ("elu(-1, a)", "ELU(−1, x)"), ("leaky_relu(a, 0.2)", "LReLU"), ("2**a", "2^x"),
        ("a**-2", "x^−2"), ("a/-3", "/(−3)"), ("-2 - a", "−2−x"), ("a + 1/3", "+0.333333"),
        ("max(a, 3, b, c, d, e, g, h)", "max(x, 3, y, z, u, v, w, ·)"),
        ("take(a, 1)", "x[1]"), ("a[b]", "x[i]"), ("pick(a, b)", "pick"), ("hinge(a, 1)", "hinge loss(s, 1)"),
    ],
)  # fmt: skip
def test_the_circle_of_a_gate_shows_its_numbers(text, circle):
    """Its other inputs have letters in their order; the wires say which they are."""
    assert [symbol(node) for node in gs.parse(text).nodes if node.gate] == [circle]


@pytest.mark.parametrize("gate", [g for g in gs.GATES.values() if len(g.params) > 1])
def test_a_circle_with_numbers_is_a_call_of_a_name_or_a_formula(gate):
    """Not a call of a formula, such as s[y](s, 1)."""
    for numbers in range(1, 2 ** len(gate.params) - 1):
        args = [float(k) if numbers >> k & 1 else k for k, _ in enumerate(gate.params)]
        options = [option.default for option in gate.options]
        circle = symbol(Node(gate, tuple(args), "f", options=tuple(options)))
        called, bracket, _ = circle.partition("(")
        assert not bracket or set(re.findall(r"\w+", called)).isdisjoint(gate.params), circle


@pytest.mark.parametrize(
    ("sign", "circle"),
    [("x^a", "x^3"), ("a·x", "3·x"), ("x^2", "mine(x, 3)"), ("~", "~(x, 3)"), ("cube a", "cube 3")],
)
def test_the_circle_of_a_custom_gate_with_a_number(sign, circle):
    mine = gs.gate(local=[lambda x, a: a, lambda x, a: x], symbol=sign, name="mine")
    mine(lambda x, a: a * x)
    assert [symbol(node) for node in gs.parse("mine(x, 3)").nodes if node.gate] == [circle]
