"""Composite gates taken apart and put together: the same values and gradients on both sides."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from laws import arguments, distances, finite, graph_of, only, smooth_at
from strategies import MATRICES, examples, inputs, matrix_programs, programs

import graphstep as gs
from examples import NEURON, NEURON_INPUTS
from graphstep.base.errors import GraphError
from graphstep.gates import GATES
from graphstep.graph.composites import gathers
from graphstep.graph.expressions import symbol

COMPOSITE = [gate for gate in GATES.values() if gate.expansion and gate.elementwise]
points = st.lists(st.floats(-4, 4).map(lambda v: round(v, 3)), min_size=3, max_size=3)


def symbols(graph):
    return [symbol(node) for node in graph.nodes if node.gate]


def test_composites_are_there():
    assert {"sigmoid", "tanh", "relu", "leaky_relu", "elu", "abs"} <= {g.name for g in COMPOSITE}


@pytest.mark.parametrize("gate", COMPOSITE, ids=lambda g: g.name)
@given(point=points)
def test_an_expansion_is_the_gate(gate, point):
    args = arguments(gate, point)
    assume(smooth_at(gate, args))
    graph = graph_of(gate)
    expanded = graph.expand(gate.name)
    expanded.check()
    assert gate not in [node.gate for node in expanded.nodes]
    values = dict(zip("abc", args, strict=False))
    tape, other = graph.forward(values), expanded.forward(values)
    assert other.value == pytest.approx(tape.value, rel=1e-12, abs=1e-12)
    inner = [node for node in expanded.nodes if node.gate]  # leaky_relu(x, 1) is made of two kinks
    assume(all(d for n in inner for d in distances(n.gate, n.taken(other.values))))
    assert other.gradients == pytest.approx(tape.gradients, rel=1e-9, abs=1e-9)


@given(text=programs(), values=inputs)
def test_expanding_everything_changes_no_gradient(text, values):
    graph = gs.parse(text)
    expanded = graph
    for gate in COMPOSITE:
        if gate in [node.gate for node in expanded.nodes]:
            expanded = expanded.expand(gate.name)
    expanded.check()
    tape, other = graph.forward(only(graph, values)), expanded.forward(only(graph, values))
    assume(finite(tape) and finite(other))
    kinked = [row for row in tape.check().rows if row.status != "ok"]
    assume(not kinked)
    assert other.value == pytest.approx(tape.value, rel=1e-9, abs=1e-9)
    assert other.gradients == pytest.approx(tape.gradients, rel=1e-6, abs=1e-6)


def test_expand_one_node_or_all_of_a_gate():
    graph = gs.parse("a = sigmoid(x); f = a + sigmoid(y)")
    assert symbols(graph.expand("a")) == ["*−1", "exp", "+1", "1/x", "σ", "+"]
    assert symbols(graph.expand(3)) == ["σ", "*−1", "exp", "+1", "1/x", "+"]
    assert symbols(graph.expand("sigmoid")).count("exp") == 2
    assert graph.expand("sigmoid").names.keys() == graph.names.keys()
    assert symbols(gs.parse("leaky_relu(-x)").expand("leaky_relu")) == [
        "*−1",
        "ReLU",
        "*−1",
        "ReLU",
        "*0.1",
        "−",
    ]


@pytest.mark.parametrize("what", ["f", "exp", "x", 0, 99, "tanh", None])
def test_nothing_to_expand(what):
    with pytest.raises(GraphError) as caught:
        gs.parse("f = exp(x)").expand(what)
    assert caught.value.key == "nothing_to_expand"


def test_section_2_both_ways():
    """The four last gates are one sigmoid, and the sigmoid is those four gates."""
    long = gs.parse(NEURON)
    short = long.group_known()
    short.check()
    assert symbols(short) == ["*", "*", "+", "+", "σ"]
    again = short.expand("sigmoid")
    assert symbols(again) == symbols(long)
    one, two, three = (g.forward(NEURON_INPUTS) for g in (long, short, again))
    assert two.gradients == pytest.approx(one.gradients, rel=1e-14)
    assert three.gradients == pytest.approx(one.gradients, rel=1e-14)
    s = gs.stepper(short, inputs=NEURON_INPUTS)
    assert "Sigmoid gate" in s[2].caption
    assert "<svg" in s[2].svg()
    assert "<svg" in gs.stepper(again, inputs=NEURON_INPUTS)[3].svg()


@pytest.mark.parametrize(
    ("text", "gates"),
    [
        ("1/(exp(-x) + 1)", ["σ"]),
        ("(exp(x) - exp(-x))/(exp(x) + exp(-x))", ["tanh"]),
        ("max(-x, x)", ["|x|"]),
        ("1/(1 + exp(-x)) * (1/(1 + exp(-y)))", ["σ", "σ", "*"]),
        ("e = exp(-x); 1/(1 + e) + e", ["*−1", "exp", "+1", "1/x", "+"]),  # e is used elsewhere
        ("1/(2 + exp(-x))", ["*−1", "exp", "+2", "1/x"]),
        ("1/(1 + exp(x))", ["exp", "+1", "1/x"]),
        ("max(0, x)", ["max(0, x)"]),
    ],
)
def test_known_composites(text, gates):
    graph = gs.parse(text)
    grouped = graph.group_known()
    grouped.check()
    assert symbols(grouped) == gates
    values = dict.fromkeys(graph.inputs, 0.7)
    assert grouped.forward(values).gradients == pytest.approx(
        graph.forward(values).gradients, rel=1e-12
    )


def test_a_group_is_a_gate_of_its_own():
    graph = gs.parse("a = w*x; b = a + c; h = sigmoid(b); f = h**2")
    grouped = graph.group(["a", "b", "h"], "neuron")
    grouped.check()
    assert symbols(grouped) == ["neuron", "x^2"]
    values = dict(w=0.5, x=-1, c=2)
    tape = grouped.forward(values)
    assert tape.value == graph.forward(values).value
    assert tape.gradients == pytest.approx(graph.forward(values).gradients, rel=1e-14)
    assert tape.check().ok
    s = gs.stepper(grouped, inputs=values, by="wire", forward=True)
    assert any("neuron gate" in f.caption for f in s)
    assert all("<svg" in f.svg() for f in s)
    assert pickle.loads(pickle.dumps(grouped)).forward(values).gradients == tape.gradients
    assert copy.deepcopy(grouped).forward(values).gradients == tape.gradients


@given(text=programs(), values=inputs, data=st.data())
def test_any_group_that_is_taken_gives_the_same_gradients(text, values, data):
    graph = gs.parse(text)
    gates = [i for i, node in enumerate(graph.nodes) if node.gate]
    inside = data.draw(st.sets(st.sampled_from(gates), min_size=1, max_size=4))
    try:
        grouped = graph.group(inside, "part")
    except GraphError:
        return
    grouped.check()
    tape, other = graph.forward(only(graph, values)), grouped.forward(only(graph, values))
    assume(finite(tape))
    assert other.value == pytest.approx(tape.value, rel=1e-12)
    assert other.gradients == pytest.approx(tape.gradients, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("nodes", "name", "key"),
    [
        (["a"], "1a", "gate_name"), (["a"], "", "gate_name"), (["x"], "g", "group_of_gates"),
        ([], "g", "group_of_gates"), ([99], "g", "group_of_gates"), (["a", "f"], "g", "group_leaks"),
        (["q"], "g", "unknown_name"),
    ],
)  # fmt: skip
def test_groups_that_are_none(nodes, name, key):
    with pytest.raises(gs.GraphstepError) as caught:
        gs.parse("a = x*y; b = a + 1; f = b*a").group(nodes, name)
    assert caught.value.key == key
    assert str(caught.value)


def test_a_group_at_its_kink_and_out_of_its_domain():
    graph = gs.parse("a = relu(x) * 2; f = a + x").group([1, "a"], "part")
    assert graph.forward(x=0).check().ok
    graph = gs.parse("a = log(x) * 2; f = a + x").group([1, "a"], "part")
    tape = graph.forward(x=-1)
    assert tape.troubles
    assert graph.forward(x=0.5).gradients == {"x": 5.0}


@pytest.mark.parametrize("constants", ["inside", "nodes"])
def test_known_gates_are_found_wherever_their_numbers_stand(constants):
    graph = gs.parse("f = x/(1 + exp(-(w*x + b))) + 1/(1 + exp(-x))", constants=constants)
    known = graph.group_known()
    known.check()
    assert symbols(known).count("exp") == 1  # that of x/(1 + exp(...)), which is no sigmoid
    assert "σ" in symbols(known)  # not 1/x: the gate that is made of the most nodes
    inputs = dict(w=2, x=0.7, b=-1)
    tape, other = graph.forward(inputs), known.forward(inputs)
    assert other.value == pytest.approx(tape.value, rel=1e-15)
    assert other.gradients == pytest.approx(tape.gradients, rel=1e-14)


@pytest.mark.parametrize(
    "text", ["f = 1/(2 + exp(-x))", "f = 2/(1 + exp(-x))", "c = 1; f = 1/(c + exp(-x))"]
)
def test_another_number_or_an_input_of_that_value_is_no_sigmoid(text):
    assert "σ" not in symbols(gs.parse(text, constants="nodes").group_known())


def test_a_number_that_is_also_the_input_makes_no_known_gate():
    """1/(1 + exp(-1)), in which all ones are the same node."""
    b = gs.GraphBuilder()
    x, one = b.input("x"), b.constant(1)
    sigmoid = b.gate("div", one, b.gate("add", one, b.gate("exp", b.gate("neg", one))))
    graph = b.graph(b.gate("mul", sigmoid, x))
    known = graph.group_known()
    known.check()
    assert known.forward(x=3).value == graph.forward(x=3).value


@examples(40)
@given(text=matrix_programs(), seed=st.integers(0, 99), data=st.data())
def test_any_group_of_arrays_may_have_outputs_of_any_shapes(text, seed, data):
    """The run, the gradients, an update of shapes, and the way back by every name and index."""
    graph = gs.parse(text)
    gates = [i for i, node in enumerate(graph.nodes) if node.gate]
    first = data.draw(st.integers(0, len(gates) - 1))
    inside = gates[first : first + data.draw(st.integers(1, 5))]
    try:
        grouped = graph.group(inside, "cluster")
    except GraphError:
        return
    random = np.random.default_rng(seed)
    known = {name: random.normal(size=shape) for name, shape in MATRICES.items()}
    values = {name: known[name] if name != "labels" else [1, 0] for name in graph.inputs}
    tape, other = graph.forward(values), grouped.forward(values)
    other.graph.check()
    names = [node.name for node in other.graph.nodes if node.name]
    for name in names:
        np.testing.assert_allclose(other[name].value, tape[name].value, rtol=1e-12, atol=1e-12)
    for name, gradient in tape.gradients.items():
        np.testing.assert_allclose(other.gradients[name], gradient, rtol=1e-9, atol=1e-9)
    (at,) = (
        i for i, node in enumerate(other.graph.nodes) if node.gate and node.gate.name == "cluster"
    )
    outputs = [at, *(wire.target for wire in other.graph.wires if wire.source == at)]
    for what in ("cluster", *outputs[: 2 if gathers(other.graph.nodes[at].gate) else 1]):
        opened = other.graph.expand(what)
        opened.check()
        assert opened == graph
        again = opened.forward(values)
        assert np.asarray(again.value).tolist() == np.asarray(tape.value).tolist()
    assert grouped.forward(values).graph == other.graph == other.graph.forward(values).graph


def test_a_group_of_different_shapes_fits_other_shapes_later_and_is_shown():
    text = "a = W @ x; b = sum(x); c = outer(a, x); f = sum(c)*b + l2(a)"
    graph = gs.parse(text)
    grouped = graph.group(["a", "b", "c"], "part")
    first = grouped.forward(W=[[1, 2], [3, 4]], x=[1, -1])
    for W in ([[1, 2]], [[1, 2], [3, 4], [5, 6]]):
        tape = first.graph.forward(W=W, x=[0.5, 2])
        assert tape.value == graph.forward(W=W, x=[0.5, 2]).value
        assert tape.check().ok
        assert tape.graph.expand("c").forward(W=W, x=[0.5, 2]).value == tape.value
    for lang in ("en", "ru"):
        s = gs.stepper(grouped, W=[[1, 2], [3, 4]], x=[1, -1], lang=lang, by="wire", forward=True)
        assert all("<svg" in frame.svg() for frame in s)
        assert "part(W, x)" in " ".join(frame.caption for frame in s)
    scope = {}
    exec(str(s.code()), scope)
    assert scope["f"] == s.value
    assert np.array_equal(scope["dW"], s.gradients["W"])
    assert pickle.loads(pickle.dumps(s.tape.graph)).forward(W=[[1, 2]], x=[1, 2]).value == 70.0


def test_a_group_that_is_fitted_again_is_the_same():
    text = "h0 = tanh(B); h1 = reshape(h0.T, 2, 3); f = sum(h1*h0)"
    grouped = gs.parse(text).group([1, 2], "cluster").forward(B=[[1, 2, 3], [4, 5, 6]]).graph
    assert grouped.forward(B=[[1, 2, 3], [4, 5, 6]]).graph == grouped
