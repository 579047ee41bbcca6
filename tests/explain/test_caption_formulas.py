"""The formulas of captions: local gradients, letters for what is long, and the law of equations."""

import dataclasses
from types import MappingProxyType

import numpy as np
import pytest
from array_cases import CASES, EACH
from caption_equations import UnreadableError, check, check_legends, check_panel
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import inputs as points
from strategies import programs

import graphstep as gs
from examples import NEURON, NEURON_INPUTS, stepped
from graphstep.base.words import sentences
from graphstep.engine.computational_graph import ComputationalGraph
from graphstep.explain.step_kinds import WAYS
from graphstep.formulas.unicode import unicode
from graphstep.gates import GATES
from graphstep.gates.rules import Rule
from graphstep.graph.nodes import Node


def formula(text, wire):
    return stepped(text)._speaker.words.formulas.local(wire)


@pytest.mark.parametrize(
    ("text", "wire", "local"),
    [
        ("f = (x+y)**z", 3, "(x+y)**z*log(x+y)"),
        ("f = (-x)**y", 2, "(−x)**y*log(−x)"),
        ("f = (-2)**x", 0, "(−2)**x*log(−2)"),
        ("f = z/(x·y)", 2, "1/(x*y)"),
        ("f = z/(x·y)", 3, "−z/(x*y)**2"),
        ("f = (x # the input\n + y) * z", 3, "x + y"),
        ("f = x**-1", 0, "(−1)*x**(−2)"),
        ("f = x*2", 0, "2"),
        ("f = 1/x", 0, "−1/x**2"),
        ("f = max(x, y - 1)", 1, "[x > y − 1]"),
        ("f = max(x, y)", 0, "[x > y] + [x = y]/2"),
        ("f = min(x, y, z)", 0, ""),
    ],
)
def test_formulas_of_local_gradients(text, wire, local):
    assert formula(text, wire) == local


LONG = "aaaaaa*bbbbbb + cccccc*dddddd"
NUMBERS = dict(aaaaaa=1, bbbbbb=2, cccccc=3, dddddd=4, x=5)


def test_what_is_long_has_the_letter_of_the_formulas_beside_it_and_the_caption_says_its_meaning():
    s = gs.stepper(f"f = exp(({LONG})/x)", inputs=NUMBERS, forward=True)
    said = [frame.caption for frame in s]
    assert "a = aaaaaa*bbbbbb + cccccc*dddddd = 2.00 + 12.00 = 14.00." in said[3]
    assert said[4].endswith("b = a/x = 14.00/5.00 = 2.80. Here a = aaaaaa*bbbbbb + cccccc*dddddd.")
    assert said[7].endswith("Here b = (aaaaaa*bbbbbb + cccccc*dddddd)/x.")
    assert unicode(s[7].equations[0]).startswith("∂f/∂b = ∂f/∂f · ∂(eᵇ)/∂b")
    assert s.formulas[-1].endswith("exp(2.80)\nb = (aaaaaa*bbbbbb + cccccc*dddddd)/x")


# --- the law: every equation of every caption holds, worked out from its text alone

LANGS = ("en", "ru")
FORWARD = ("gate", "value")  # ways that are tried with the steps of the forward pass


def all_ways(text, inputs, functions=MappingProxyType({}), **options):
    """How many equations hold in the captions of a graph, by every way, in both languages."""
    graph = gs.parse(text) if isinstance(text, str) else text
    figures = (
        gs.stepper(graph, inputs=inputs, by=by, lang=lang, forward=by in FORWARD, **options)
        for by in WAYS
        for lang in LANGS
    )
    return sum(check(figure, **functions) for figure in figures)


M = [[2, 2], [1, 3]]
STACK = [[[1, 2], [3, 4]], [[0, 1], [-1, 2]]]
EDGES = [
    ("f = (sigmoid(w*x+b)*tanh(x)**2)/x", dict(w=1, x=2, b=3)),
    (NEURON, NEURON_INPUTS),
    ("f = (aaaaaaaaaa*bbbbbbbbbb + cccccc*dddddd)**(aaaaaaaaaa/bbbbbbbbbb - cccccc*dddddd)",
     dict(aaaaaaaaaa=1, bbbbbbbbbb=2, cccccc=3, dddddd=0.5)),
    ("f = sum([[0.1, 0.5], [-0.3, 0.8]] @ x) + [1.25, -2.75, 0.125, 7.5] @ y",
     dict(x=[1, 2], y=[1, 2, 3, 4])),
    ("f = (x # a comment\n + y) * z", dict(x=1, y=2, z=3)),
    # ties
    ("f = max(x)*z", dict(x=[2, 2, 1], z=3)),
    ("f = min(x)*z", dict(x=[2, 1, 1], z=3)),
    ("f = sum(max(x, axis=1)*[1, 2])", dict(x=M)),
    ("f = sum(max(x, axis=0)*[1, 2])", dict(x=[[2, 2], [2, 3]])),
    ("f = sum(min(x, axis=0, keepdims=1)*[1, 2])", dict(x=[[2, 2], [2, 3]])),
    ("f = sum(max(x, axis=1, keepdims=1)*[1, 2])", dict(x=M)),
    ("f = sum(max(A, axis=1)*M) + sum(min(A, -1)*M)", dict(A=STACK, M=M)),
    ("f = max(x, y)*2 + min(x, y)", dict(x=1, y=1)),
    ("f = max(x, y, z) + min(x, y, z)", dict(x=1, y=1, z=5)),
    ("f = sum(max(x, y)*z)", dict(x=[1, 2], y=[1, 5], z=[1, 2])),
    ("f = sum(max(x, y, z))", dict(x=[1, 2], y=[1, 5], z=[0, 5])),
    ("f = max(x, 0) + min(0, y)", dict(x=0, y=0)),
    ("f = maxpool2d(x)[0][0] + sum(maxpool2d(x, 1))", dict(x=M)),
    # kinks and zeros
    ("f = norm(x) + l1(x) + elastic_net(x, b) + l2(x)", dict(x=[0, 0], b=0.5)),
    ("f = relu(x) + leaky_relu(x) + elu(x, 2) + abs(x) + softplus(x) + elu(x, 1)", dict(x=0)),
    ("f = sum(relu(x) + leaky_relu(x, a) + elu(x, a) + abs(x))", dict(x=[0, -1, 2], a=0.5)),
    ("f = x**y + y**2 + x**0", dict(x=0, y=2)),
    ("f = x**y", dict(x=0, y=0)),
    ("f = sum(x**y)", dict(x=[0, 2, 0], y=[2, 3, 1])),
    ("f = sum(x*y) + x[0]*0", dict(x=[0, 0], y=[0, 1])),
    ("f = tanh(x) + sigmoid(x) + exp(-x)", dict(x=40)),
    ("f = exp(x)*y", dict(x=-1000, y=2)),
    ("f = sqrt(x)*log(x) - tan(x)/reciprocal(x) + square(x)*sin(x) + cos(-x)", dict(x=2)),
    ("f = sum(sqrt(x)*log(x) - tan(x)/reciprocal(x) + square(x)*sin(x) + cos(-x))", dict(x=[2, 3])),
    # functions, activations, choices
    ("f = expm1(x) + log2(x)*log10(x) - log1p(x)/cbrt(x) + logaddexp(x, y)*hypot(x, y)",
     dict(x=2, y=3)),
    ("f = arcsin(x)*arccos(x) + arctan(x)/arctan2(y, x) + erf(x)*erfc(y)", dict(x=0.5, y=-0.3)),
    ("f = sinh(x)*cosh(y) + arcsinh(x)*arccosh(y) + arctanh(x)", dict(x=0.5, y=2)),
    ("f = gelu(x)*gelu_tanh(x) + silu(x)*selu(x) + mish(x)", dict(x=-0.5)),
    ("f = sum(gelu(x)*gelu_tanh(x) + silu(x)*selu(x) + mish(x))", dict(x=[-0.5, 0, 2])),
    ("f = hardtanh(x) + hardsigmoid(x) + relu6(x) + clip(x, 0, y)", dict(x=1, y=2)),
    ("f = sum(hardtanh(x) + hardsigmoid(x) + relu6(x) + clip(x, 0, y))",
     dict(x=[-1, 1, 3, 6], y=3)),
    ("f = (x > y)*z + (x < y)*z + (x >= y)*z + (x <= y)*z + (x == y)*z + (x != y)*z",
     dict(x=1, y=1, z=3)),
    ("f = sum(where(x > y, x*2, y) + (0 < x)*(x < y)*3 + (x != 2)*x)", dict(x=[1, 2, 5], y=2)),
    ("f = where(x, y, z)*2 + where(y > z, x, 3)", dict(x=0, y=2, z=1)),
    ("f = sign(x) + floor(x)*x + ceil(x)*y + round(y)", dict(x=2, y=0.5)),
    ("f = sum(sign(x)*x + floor(x)*x + ceil(x) + round(x))", dict(x=[0, 0.5, 1.7, -2])),
    ("f = hypot(x, y) + arctan2(y, x)", dict(x=0, y=0)),
    ("f = arctan2(y, x) + sum(arctan2([0, 1, -1], x)*[1, 2, 3])", dict(x=-2, y=0)),
    # axes
    ("f = sum(softmax(x)*[1, 2])", dict(x=M)),
    ("f = sum(softmax(x, axis=0)*[1, 2])", dict(x=M)),
    ("f = sum(log_softmax(x, 0)*[1, 2])", dict(x=M)),
    ("f = sum(log_softmax(x)*[1, 2]) + softmax(x[0])[1] + log_softmax(x[0])[1]", dict(x=M)),
    ("f = logsumexp(x[0]) + sum(logsumexp(x, 1)*[1, 2] + logsumexp(x, 0)*[1, 2])", dict(x=M)),
    ("f = sum(logsumexp(x, 1, 1)*[1, 2] + logsumexp(x, keepdims=1))", dict(x=M)),
    ("f = sum(sum(x, 1)*[1, 2] + sum(x, 0)*[1, 2] + sum(x, 1, 1)) + sum(x[0], 0)", dict(x=M)),
    ("f = sum(mean(x, 1)*[1, 2] + mean(x, 0)*[1, 2] + mean(x, 1, 1)) + mean(x)", dict(x=M)),
    ("f = sum(softmax(A, 1)*A) + sum(sum(A, 1)*M) + sum(mean(A, -1)*M)", dict(A=STACK, M=M)),
    # one input smaller than the other
    ("f = mse(x, y)", dict(x=M, y=[1, 2])),
    ("f = mse(x, y) + mse(y, x)", dict(x=M, y=[[1], [2]])),
    ("f = mse(x, y) + mse(x, 3)", dict(x=M, y=2)),
    ("f = mse(A, y)", dict(A=STACK, y=[[1], [2]])),
    ("f = sum(x*y + x/z - c*x)", dict(x=M, y=[1, 2], z=[[1], [2]], c=2)),
    # matrices and stacks of them
    ("f = sum(A @ B)", dict(A=[[[1, 2], [3, 4]]], B=M)),
    ("f = sum(A @ B * C)", dict(A=STACK, B=STACK, C=M)),
    ("f = sum(B @ A * M)", dict(A=STACK, B=M, M=M)),
    ("f = sum(A @ x) + sum(x @ A)", dict(A=STACK, x=[1, 2])),
    ("f = sum(W @ x) + sum(x @ W) + x @ x + sum(outer(x, x))", dict(W=M, x=[1, 2])),
    ("f = sum(A.T * A) + sum(W.T @ W) + sum(x.T)", dict(A=STACK, W=M, x=[1, 2])),
    ("f = cross_entropy(x, t) + hinge(x, t) + sum(x[t])", dict(x=M, t=[0, 1])),
    ("f = sin(2*pi*x)*π/(x + pi)", dict(x=0.4)),
    ("f = sum(x*pi)", dict(x=[1, 2])),
    # one value used several times
    ("f = y*y + y", dict(y=3)),
    ("q = x*x*x; f = q + q*x - q/x", dict(x=2)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "inputs"), EDGES, ids=[row[0] for row in EDGES])
@pytest.mark.parametrize("digits", [None, 9])
def test_equations_hold(text, inputs, digits):
    assert all_ways(text, inputs, style=gs.Style(digits=digits)) >= 30


@pytest.mark.parametrize(("text", "inputs"), EDGES, ids=[row[0] for row in EDGES])
def test_legends_and_the_panel_of_the_player_hold(text, inputs):
    graph = gs.parse(text)
    for by in WAYS:
        assert check_legends(gs.stepper(graph, inputs=inputs, by=by)) >= len(graph.wires) / 2
    figures = [gs.stepper(graph, inputs=inputs, lang=lang) for lang in LANGS]
    assert sum(map(check_panel, figures)) >= len(graph.nodes)


@EACH
def test_equations_of_arrays_hold(name, text, inputs, theirs):
    assert all_ways(f"p = {text}; f = sum(sin(p + 0.3)*(p + 2))", inputs) >= 100


def test_every_gate_is_in_the_law():
    """All rows of the table are at work in some graph whose captions are checked."""
    graphs = [gs.parse(text) for text, _ in EDGES]
    found = {node.gate.name for graph in graphs for node in graph.nodes if node.gate}
    assert found | {case[0] for case in CASES} == {
        name for name, gate in GATES.items() if not gate.own
    }


@settings(max_examples=40)
@given(text=programs(), point=points, by=st.sampled_from(sorted(WAYS)), lang=st.sampled_from(LANGS),
       digits=st.sampled_from([None, 9]))  # fmt: skip
def test_equations_of_random_graphs_hold(text, point, by, lang, digits):
    graph = gs.parse(text)
    s = gs.stepper(graph, inputs={name: point[name] for name in graph.inputs}, by=by, lang=lang,
                   forward=True, style=gs.Style(digits=digits))  # fmt: skip
    assume(all(abs(v) < 1e6 for v in (*s.tape.values, *s.tape.upstreams)))
    assert check(s) >= len(graph.wires)


def test_equations_of_groups_and_of_custom_gates_hold():
    grouped = gs.parse("f = a*b + a; g = f*a").group(["f", 2], "pair")
    pair = {"pair": lambda a, b: a * b + a}
    assert all_ways(grouped, dict(a=2, b=3), pair) >= 50
    expanded = gs.parse("f = sigmoid(x)*tanh(y) + softmax(z)[1]").expand("sigmoid")
    assert all_ways(expanded, dict(x=1, y=2, z=[1, 2])) >= 50

    @gs.gate(local=[lambda x: 3 * x * x])
    def law_cube(x):
        return x * x * x

    @gs.gate
    class LawScale:
        def forward(self, x, k):
            self.x, self.k = x, k
            return x * k

        def backward(self, dz):
            return [dz * self.k, np.sum(dz * self.x)]

    functions = {"law_cube": lambda x: x**3, "LawScale": lambda x, k: x * k}
    text = "f = law_cube(a + 1)*2 + sum(LawScale(x, a))"
    assert all_ways(text, dict(a=2, x=[1, 2]), functions) >= 50


# --- the law bites

WRONG = [
    ("step.gate_input", "[{local}] · [{upstream}]", "[{local}] · [{local}]"),
    ("step.gate_input", "{local_formula}", "-({local_formula})"),
    ("step.gate_input_map", "{pulled}", "upstream"),
    ("step.gate_input_map", "{pulled}", "2*({pulled})"),
    ("step.sum", "{total}", "1 + {total}"),
    ("step.all", "{value}", "2*{value}"),
    ("step.letters", "{meanings}", "{meanings} + 1"),
    ("step.given", "{inputs}", "x = [1, 3], {inputs}"),
    ("step.value", "{equation}", "{equation} = 0"),
    ("step.seed", "1", "2"),
    ("array.large", "an array of {shape}", "an array of 2{shape}"),
    ("array.each", "{formula}", "2*{formula}"),
    ("array.pulled", "localᵀ · upstream", "upstream"),
]


@pytest.mark.parametrize(("key", "right", "wrong"), WRONG)
def test_the_law_finds_a_wrong_sentence(monkeypatch, key, right, wrong):
    text = f"h = relu(W @ x + x); f = exp(({LONG})/x[0]) + sum(sum(h*A, 1)) + h[0]"
    inputs = {**NUMBERS, "x": [1, 2], "W": M, "A": STACK}
    by, forward = ("wire", False) if key == "step.all" else ("gate", True)
    assert check(gs.stepper(text, inputs=inputs, by=by, forward=forward)) > 50
    sentence = sentences("en")[key]
    assert right in sentence
    monkeypatch.setitem(sentences("en"), key, sentence.replace(right, wrong))
    with pytest.raises(AssertionError):
        check(gs.stepper(text, inputs=inputs, by=by, forward=forward))


@pytest.mark.parametrize("key", ["legend.wire", "legend.wire_map", "legend.sum"])
def test_the_law_finds_a_wrong_legend(monkeypatch, key):
    monkeypatch.setitem(sentences("en"), key, sentences("en")[key] + " + 1")
    s = gs.stepper("f = sum(W @ x) + x[0]*y", W=M, x=[1, 2], y=3)
    with pytest.raises(AssertionError):
        check_legends(s)


def test_the_law_has_no_silent_skips(monkeypatch):
    said = "local = {local_formula}"
    for by, key in (("gate", "step.gate_input"), ("wire", "step.local")):
        wrong = sentences("en")[key].replace(said, "local = about {local_formula}")
        monkeypatch.setitem(sentences("en"), key, wrong)
        with pytest.raises(UnreadableError):
            check(gs.stepper("f = x*y", x=2, y=3, by=by))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("div", dict(local=(Rule("1/{x}", GATES["div"].local[0].of), GATES["div"].local[1]))),
        ("div", dict(text="{y}/{x}")),
        ("max", dict(text="min({args})")),
        ("max", dict(each=lambda k: GATES["max"].each(k)._replace(fails=None))),
    ],
)
def test_the_law_finds_a_wrong_row(name, change):
    gate = dataclasses.replace(GATES[name], **change)
    nodes = (Node(None, (), "x"), Node(None, (), "y"), Node(gate, (0, 1), "q"),
             Node(GATES["exp"], (2,), "f"))  # fmt: skip
    graph = ComputationalGraph(nodes, 3, {n.name: i for i, n in enumerate(nodes)})
    figures = [gs.stepper(graph, x=3, y=y, forward=True) for y in (2, 3)]
    with pytest.raises(AssertionError):
        sum(map(check, figures))
