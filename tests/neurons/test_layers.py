"""Which graphs are fully connected networks, and what their layers are."""

from __future__ import annotations

import pickle

import caption_equations
import formulas
import numpy as np
import pytest

import graphstep as gs
from graphstep.neurons.layers import network

RNG = np.random.default_rng(5)
NEURONS = gs.Style(drawn="neurons")


def arrays(**shapes):
    return {name: RNG.normal(size=shape) for name, shape in shapes.items()}


COLUMNS = arrays(x=3, W1=(4, 3), b1=4, W2=(2, 4), b2=2, w3=2)
ROWS = arrays(X=(5, 3), W1=(3, 4), b1=4, W2=(4, 2), b2=2, y=(5, 2))
NETWORKS = {
    "f = sum(sigmoid(W2 @ tanh(W1 @ x + b1) + b2))": (COLUMNS, 2),
    "h = relu(W1 @ x); g = W2 @ h; f = w3 @ g": (COLUMNS, 3),
    "h = max(0, X @ W1 + b1); s = h @ W2 + b2; L = mse(s, y)": (ROWS, 2),
    "h = 1/(1 + exp(-(b1 + X @ W1))); s = h @ W2; L = sum((s - y)**2) + 0.1*l2(W1)": (ROWS, 2),
    "z = X @ W1 + b1; h = z*sigmoid(z); L = sum(h @ W2)": (ROWS, 2),
    "L = sum(relu(X @ V.T + c))": (arrays(X=(5, 3), V=(4, 3), c=4), 1),
    "f = sigmoid(w @ x + b)": ({**arrays(w=3, x=3), "b": 0.5}, 1),
}
"""Networks, each with its inputs and its number of layers."""


def given(text):
    inputs, _ = NETWORKS[text]
    return {name: inputs[name] for name in gs.parse(text).inputs}


def found(text):
    graph = gs.parse(text)
    return network(graph, graph.forward(given(text)))


@pytest.mark.parametrize("text", NETWORKS)
def test_each_layer_is_one_gate_and_so_is_the_loss(text):
    net = found(text)
    assert len(net.layers) == NETWORKS[text][1]
    assert len(net.graph.gates) in (len(net.layers), len(net.layers) + 1)
    assert [layer.node for layer in net.layers] == list(net.graph.gates)[: len(net.layers)]


@pytest.mark.parametrize("text", NETWORKS)
def test_layers_change_no_number(text):
    plain = gs.stepper(text, inputs=given(text))
    drawn = gs.stepper(text, inputs=given(text), style=NEURONS)
    assert drawn.value == plain.value
    for name, gradient in plain.gradients.items():
        np.testing.assert_allclose(drawn.gradients[name], gradient, rtol=1e-12, atol=1e-15)
    assert drawn.tape.check().ok


@pytest.mark.parametrize("text", NETWORKS)
def test_every_sentence_and_every_formula_of_a_layer_holds(text):
    s = gs.stepper(text, inputs=given(text), style=NEURONS)
    assert caption_equations.check(s) > 0
    assert caption_equations.check_legends(s) > 0
    assert caption_equations.check_panel(s) > 0
    exact = gs.stepper(text, inputs=given(text), style=gs.Style(drawn="neurons", digits=9))
    assert formulas.check(exact) > 0


def test_the_sentences_of_a_layer_say_how_a_gradient_comes_back():
    """Its Jacobian is large; what it does to a gradient is a short formula."""
    text = "h = sigmoid(W1 @ x + b1); f = tanh(w2 @ h)"
    inputs = {name: COLUMNS[name] for name in ("x", "W1", "b1")} | {"w2": RNG.normal(size=4)}
    said = " ".join(frame.caption for frame in gs.stepper(text, inputs=inputs, style=NEURONS))
    assert (
        "local = the Jacobian 4×3, by the chain rule; downstream = W₁ᵀ · (upstream*(1 − h)*h)"
        in said
    )
    assert "downstream = (upstream*(1 − f**2))*w₂ =" in said
    assert "localᵀ" not in said


def test_layers_begin_where_the_one_before_ends():
    net = found("h = relu(W1 @ x); g = W2 @ h; f = w3 @ g")
    names = [net.graph.ids[layer.source] for layer in net.layers]
    assert names == ["x", "h", "g"]
    assert [net.graph.ids[layer.weights] for layer in net.layers] == ["W1", "W2", "w3"]
    assert [layer.symbol for layer in net.layers] == ["ReLU", "", ""]


@pytest.mark.parametrize(
    ("text", "inputs", "message"),
    [
        (
            "f = (x + y)*z",
            {"x": 1, "y": 2, "z": 3},
            "f is not part of a fully connected layer, so this graph cannot be drawn as neurons. "
            'Write each layer as in h = sigmoid(W @ x + b), or leave out drawn="neurons".',
        ),
        (
            "h = relu(W1 @ x); g = h + V @ h; f = sum(W2 @ g)",
            {**arrays(x=3, W1=(4, 3), V=(4, 4), W2=(2, 4))},
            "g is not part of a fully connected layer",
        ),
        (
            "h = m*relu(W1 @ x); f = sum(W2 @ h)",
            arrays(x=3, W1=(4, 3), m=4, W2=(2, 4)),
            "h is not part of a fully connected layer",
        ),
        (
            "z = W1 @ x; h = relu(z); f = sum(W2 @ h) + sum(z)",
            arrays(x=3, W1=(4, 3), W2=(2, 4)),
            "z is not part of a fully connected layer",
        ),
        (
            "h = softmax(W1 @ x); f = sum(W2 @ h)",
            arrays(x=3, W1=(4, 3), W2=(2, 4)),
            "h is not part of a fully connected layer",
        ),
    ],
)
def test_other_graphs_are_refused_at_the_gate_in_the_way(text, inputs, message):
    with pytest.raises(gs.GraphError) as refused:
        gs.stepper(text, inputs=inputs, style=NEURONS)
    assert message in str(refused.value)
    assert "^" in str(refused.value)


def test_without_numbers_there_are_no_neurons():
    with pytest.raises(gs.GraphError, match="Give all of its inputs"):
        gs.stepper("f = w*x + b", style=NEURONS)


def test_other_inputs_keep_the_layers():
    text = "h = relu(W1 @ x); g = W2 @ h; f = w3 @ g"
    s = gs.stepper(text, inputs=given(text), style=NEURONS)
    moved = s.at(x=[1.0, 2.0, 3.0])
    assert len(moved) == len(s)
    assert moved.value == gs.parse(text).forward({**given(text), "x": [1.0, 2.0, 3.0]}).value
    assert moved[-1].svg() != s[-1].svg()


def test_sentences_and_formulas_say_what_is_inside_a_layer():
    s = gs.stepper(
        "h = 1/(1 + exp(-(W1 @ x + b1))); f = sum(W2 @ h + b2)",
        inputs={name: COLUMNS[name] for name in ("x", "W1", "b1", "W2", "b2")},
        style=NEURONS, forward=True,
    )  # fmt: skip
    assert s[1].caption.startswith("Forward pass, layer1 gate: h = 1/(1 + exp(−(W₁ @ x + b₁))) = ")
    again = pickle.loads(pickle.dumps(s.graph))
    assert [n.gate.text for n in again.nodes if n.gate] == [
        n.gate.text for n in s.graph.nodes if n.gate
    ]
    called = gs.parse("h = 1/(1 + exp(-x)); f = h*y").group([1, 2, 3, "h"], "logistic")
    assert called.nodes[called.index("h")].gate.text == "logistic({x})"


@pytest.mark.parametrize("text", NETWORKS)
def test_the_formula_of_a_layer_computes_it(text):
    net = found(text)
    values = net.graph.forward(given(text)).values
    for i in net.graph.gates:
        node = net.graph.nodes[i]
        if not node.gate.made:
            continue
        names = {param: f"p{k}" for k, param in enumerate(node.gate.named(len(node.args)))}
        formula = node.gate.text.format(**names)
        inputs = {names[p]: values[arg] for p, arg in zip(names, node.args, strict=True)}
        again = gs.parse(f"f = {formula}").forward(inputs).values[-1]
        np.testing.assert_allclose(again, values[i], rtol=1e-12)
