"""Functions that a text defines, and groups, as gates: called, nested, expanded, pickled."""

import copy
import pickle
import re

import caption_equations
import formulas
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from laws import finite, only
from strategies import expressions, programs
from strategies import inputs as points

import graphstep as gs
from graphstep.base.words import languages

NEURON = "neuron(w, x, b) = sigmoid(w*x + b)\nh = neuron(w1, x, b1)\nf = neuron(w2, h, b2)"
NUMBERS = dict(w1=1, x=2, b1=-1, w2=0.5, b2=0.25)


def gates(graph):
    return [node.gate.name for node in graph.nodes if node.gate]


def test_a_function_is_a_gate():
    graph = gs.parse(NEURON)
    assert gates(graph) == ["neuron", "neuron"]
    assert list(graph.inputs) == ["w1", "x", "b1", "w2", "b2"]
    written = gs.parse("h = sigmoid(w1*x + b1); f = sigmoid(w2*h + b2)")
    assert graph.forward(NUMBERS).value == written.forward(NUMBERS).value
    assert graph.forward(NUMBERS).gradients == pytest.approx(
        written.forward(NUMBERS).gradients, rel=1e-15
    )
    assert graph.forward(NUMBERS).check().ok


def test_it_can_be_opened_by_gate_name_or_index():
    graph = gs.parse(NEURON)
    assert gates(graph.expand("neuron")) == ["mul", "add", "sigmoid"] * 2
    assert gates(graph.expand("h")) == ["mul", "add", "sigmoid", "neuron"]
    assert gates(graph.expand(graph.output)) == ["neuron", "mul", "add", "sigmoid"]
    assert gates(graph.expand("neuron").expand("sigmoid"))[2:6] == ["neg", "exp", "add", "div"]
    opened = graph.expand("neuron")
    assert opened.names == {**graph.names, "h": opened.names["h"], "f": opened.output} | {
        name: opened.names[name] for name in graph.inputs
    }


def test_equal_texts_are_equal_graphs_and_files_keep_them():
    graph = gs.parse(NEURON)
    assert graph == gs.parse(NEURON)
    for again in (pickle.loads(pickle.dumps(graph)), copy.deepcopy(graph)):
        assert again == graph
        assert again.forward(NUMBERS).gradients == graph.forward(NUMBERS).gradients
        assert again.expand("neuron") == graph.expand("neuron")


def test_functions_call_functions():
    graph = gs.parse("sq(x) = x*x; quad(x) = sq(sq(x)); f = quad(y) + sq(z)")
    assert gates(graph) == ["quad", "sq", "add"]
    assert gates(graph.expand("quad")) == ["sq", "sq", "sq", "add"]
    assert graph.forward(y=2, z=3).gradients == {"y": 32.0, "z": 6.0}


def test_a_function_of_numbers_is_a_number():
    assert gates(gs.parse("sq(x) = x*x; f = y*sq(3)")) == ["mul"]
    assert gs.parse("sq(x) = x*x; f = y*sq(3)").forward(y=2).value == 18.0


def test_a_function_over_arrays():
    graph = gs.parse("layer(W, x, b) = relu(W @ x + b); f = sum(layer(W, x, b)**2)")
    given_inputs = dict(W=[[1, -2], [3, 4]], x=[1, 0.5], b=[0.5, 1])
    plain = gs.parse("f = sum(relu(W @ x + b)**2)")
    found, wanted = graph.forward(given_inputs), plain.forward(given_inputs)
    assert found.check().ok
    for name, gradient in wanted.gradients.items():
        assert found.gradients[name].tolist() == gradient.tolist()
    assert gates(graph.expand("layer")) == ["matmul", "add", "relu", "pow", "sum"]


def test_the_last_line_is_the_output_with_its_inputs_in_order():
    """As the lecture writes it."""
    graph = gs.parse("f(x, y, z) = (x + y)*z")
    assert gates(graph) == ["add", "mul"]
    assert graph.forward(x=-2, y=5, z=-4).gradients == {"x": -4.0, "y": -4.0, "z": 3.0}
    assert list(gs.parse("f(z, y, x) = (x + y)*z").inputs) == ["z", "y", "x"]
    assert list(gs.parse("q = a*b; f(b, a) = q + b").inputs) == ["a", "b"]
    assert list(gs.parse("f(x) = w*x + b").inputs) == ["x", "w", "b"]


@given(expressions, expressions, points)
def test_a_call_is_what_it_stands_for(body, argument, values):
    """Values to the bit, gradients but for rounding."""
    inside = sorted(set(re.findall(r"\b[xyzw]\b", body)))
    assume("(" in body)  # it has a gate
    arguments = [f"({argument})", *inside[1:]]
    called = f"call({', '.join(inside)}) = {body}\nf = call({', '.join(arguments)}) + x*0"
    body = re.sub(rf"\b{inside[0]}\b", "put", body)
    plain = f"put = {argument}\nf = {body} + x*0"
    graph, other = gs.parse(called), gs.parse(plain)
    assume(set(graph.inputs) == set(other.inputs))
    values = only(graph, values)
    tape, wanted = graph.forward(values), other.forward(values)
    assume(finite(wanted) and finite(tape))
    assert tape.value == wanted.value
    size = max(map(abs, wanted.upstreams))
    for name, gradient in wanted.gradients.items():
        assert tape.gradients[name] == pytest.approx(gradient, rel=1e-9, abs=1e-9 * (1 + size))
    opened = graph.expand("call") if "call" in gates(graph) else graph
    assert opened.forward(values).gradients == pytest.approx(
        wanted.gradients, rel=1e-9, abs=1e-9 * (1 + size)
    )


@given(programs(), points, st.randoms(use_true_random=False))
def test_expanding_undoes_grouping(text, values, random):
    graph = gs.parse(text)
    last = random.choice(graph.gates)
    first = random.choice([i for i in graph.gates if i <= last])
    inside = [i for i in graph.gates if first <= i <= last]
    try:
        grouped = graph.group(inside, "part")
    except gs.GraphError:
        assume(False)
    opened = grouped.expand("part")
    values = only(graph, values)
    assert dict(opened.names) == dict(graph.names) or set(opened.names) == set(graph.names)
    assert gates(opened) == gates(graph) or sorted(gates(opened)) == sorted(gates(graph))
    tape, wanted = opened.forward(values), graph.forward(values)
    assume(finite(wanted))
    assert tape.value == wanted.value
    assert tape.gradients == pytest.approx(wanted.gradients, rel=1e-12)


def test_a_group_without_anything_between_comes_back_as_it_was():
    graph = gs.parse("q = x*y; r = sin(q) + q; f = r*z")
    for inside in (["q", "r"], ["r"], ["f"]):
        for name in ("part", graph.nodes[graph.index(inside[-1])].name):
            nodes = {graph.index(n) for n in inside} | {
                3 if "r" in inside else graph.index(inside[0])
            }
            grouped = graph.group(sorted(nodes), "part")
            assert grouped.expand("part") == graph == grouped.expand(name)


# --- in figures


@pytest.mark.parametrize("lang", languages())
def test_what_figures_say_of_functions_holds(lang):
    for forward in (False, True):
        s = gs.stepper(NEURON, **NUMBERS, lang=lang, forward=forward)
        known = s.graph.nodes[s.graph.output].gate
        assert caption_equations.check(s, neuron=known.forward)
        assert "neuron" in s[-1].caption
    s = gs.stepper(
        gs.parse(NEURON).expand("neuron"), **NUMBERS, lang=lang, style=gs.Style(digits=9)
    )
    assert formulas.check(s)


def test_without_numbers_too():
    s = gs.stepper("sq(x) = x*x; f = sq(a) + b")
    assert "∂f/∂a" in s.texts.values()
