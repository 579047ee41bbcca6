"""Tangents: laws against backward passes and differences, for random programs and all gates."""

import copy
import pickle

import numpy as np
import pytest
from array_cases import EACH, direction, without_tangent
from hypothesis import assume, given
from laws import BY_ELEMENT, arguments, finite, graph_of, only
from strategies import inputs as points
from strategies import programs

import graphstep as gs
from graphstep.forward_mode.reading import Along
from graphstep.forward_mode.tape import ForwardTape
from graphstep.graph.slots import Slot

H = 1e-6


def along(tape, wrt, tangent=None):
    return ForwardTape.of(tape, Along(wrt, tangent))


@given(programs(), points)
def test_the_tangent_of_the_output_is_the_gradient_of_the_input(text, values):
    graph = gs.parse(text)
    tape = graph.forward(only(graph, values))
    assume(finite(tape))
    for name, gradient in tape.gradients.items():
        forward = along(tape, name)
        assert forward.derivative == pytest.approx(gradient, rel=1e-9, abs=1e-12)
        assert forward.values == tape.values
        assert forward.tangents[graph.inputs[name]] == 1.0


@given(programs(), points)
def test_each_tangent_is_the_derivative_of_its_node(text, values):
    """That of every named node is the gradient of the graph with this target."""
    graph = gs.parse(text)
    values = only(graph, values)
    assume(finite(graph.forward(values)))
    for name in graph.inputs:
        forward = along(graph.forward(values), name)
        for node, at in graph.names.items():
            if graph.nodes[at].gate:
                expected = graph.target(node).forward(values).gradients[name]
                assert forward.tangents[at] == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_through_every_gate_of_numbers():
    for gate in BY_ELEMENT.values():
        for count in {len(gate.params), 2 if gate.accepts(2) else len(gate.params)}:
            graph = graph_of(gate, count)
            values = arguments(gate, (0.7, 1.3, 0.4, 2.1)[:count])
            tape = graph.forward(dict(zip(graph.inputs, values, strict=False)))
            for name, gradient in tape.gradients.items():
                if Slot("upstream", graph.inputs[name]) not in graph.never_filled:
                    assert along(tape, name).derivative == pytest.approx(gradient, nan_ok=True), (
                        gate.name
                    )


@EACH
def test_pushed_and_pulled_are_transposed(name, text, inputs, theirs):
    """⟨g, J v⟩ = ⟨Jᵀ g, v⟩ over the whole graph, for all gates of arrays."""
    tape = gs.parse(f"p = {text}").forward(inputs)
    upstream = np.cos(np.arange(np.size(tape.value)) + 1.0).reshape(np.shape(tape.value))[()]
    gradients = tape.backward(upstream=upstream)
    for given_input in inputs.keys() - without_tangent(tape):
        v = direction(np.shape(tape.inputs[given_input]))
        forward = along(tape, given_input, v)
        assert np.shape(forward.derivative) == np.shape(tape.value)
        pushed, pulled = np.sum(upstream * forward.derivative), np.sum(gradients[given_input] * v)
        assert pushed == pytest.approx(pulled, rel=1e-9, abs=1e-10)


@EACH
def test_tangents_are_limits_of_differences(name, text, inputs, theirs):
    graph = gs.parse(f"p = {text}")
    tape = graph.forward(inputs)
    for given_input in inputs.keys() - without_tangent(tape):
        v, x = direction(np.shape(inputs[given_input])), np.asarray(inputs[given_input], float)
        ends = [graph.forward({**inputs, given_input: x + s * H * v}).value for s in (1, -1)]
        difference = (np.asarray(ends[0]) - np.asarray(ends[1])) / (2 * H)
        slopes = [
            (np.asarray(end) - tape.value) / (s * H) for end, s in zip(ends, (1, -1), strict=True)
        ]
        smooth = np.isclose(*slopes, rtol=1e-3, atol=1e-3)  # elsewhere there is a kink
        found = np.asarray(along(tape, given_input, v).derivative)
        assert np.allclose(found[smooth], difference[smooth], rtol=1e-5, atol=1e-6), given_input


def test_an_element_is_a_column_of_the_jacobian():
    inputs = dict(W=[[1, 2, 0.5], [3, 4, -1]], x=[1, 2, 3])
    tape = gs.parse("q = sigmoid(W @ x); f = q*q[0]").forward(inputs)
    for at in ((0, 1), (1, 2), (-1, 0)):
        unit = np.zeros((2, 3))
        unit[at] = 1
        given_element = along(tape, f"W[{at[0]}, {at[1]}]").derivative
        assert given_element.tolist() == along(tape, "W", unit).derivative.tolist()


def test_what_does_not_depend_on_the_input_has_the_tangent_0():
    tape = gs.parse("q = x*y; f = sqrt(z)*q").forward(x=2, y=3, z=0)
    forward = along(tape, "x")
    assert forward.tangents == (1.0, 0.0, 3.0, 0.0, 0.0, 0.0)  # though the slope at z = 0 is inf
    assert forward.derivative == 0.0


def test_an_overflow_of_tangents_is_told():
    s = gs.stepper("q = x*a; f = q*b", x=1e-300, a=1e200, b=1e200, mode="forward", wrt="x")
    assert [(t.node, t.kind) for t in s.tape.troubles] == [(4, "tangent")]
    assert "The tangent of f is inf" in s[-2].caption
    assert s[-2].warnings.keys() == {4}
    assert not s[-3].warnings


def test_copies_and_other_inputs_keep_the_direction():
    s = gs.stepper("q = W @ x; f = softmax(q)", W=[[1, 2], [3, 4]], x=[1, 2], mode="forward",
                   wrt="x", tangent=[1, 0.5])  # fmt: skip
    for again in (pickle.loads(pickle.dumps(s.tape)), copy.deepcopy(s.tape), s.at(x=[1, 2]).tape):
        assert again.tangents[2].tolist() == [2, 5]
    assert s.at(W=[[1, 0], [0, 1]]).tape.tangents[2].tolist() == [1, 0.5]
    assert s.tangents["q"].tolist() == [2, 5]
    assert s.tangents["W"].tolist() == [[0, 0], [0, 0]]


def test_passes_count_numbers_and_no_labels():
    tape = gs.parse("f = cross_entropy(W @ x, y)").forward(W=[[1, 2], [3, 4]], x=[1, 2], y=1)
    assert along(tape, "x", [1, 0]).passes == {"forward": 6, "backward": 1}
    assert along(gs.parse("q = x*[1, 2, 3]").forward(x=2), "x").passes["backward"] == 3


def test_by_name_it_has_tangents():
    s = gs.stepper(
        "q = W @ x", W=[[1, 2], [3, 4]], x=[1, 2], mode="forward", wrt="x", tangent=[1, 0]
    )
    tape = s.tape
    assert tape["q"].tangent.tolist() == [1, 3]
    assert tape["q"].local("x").dense().tolist() == [[1, 2], [3, 4]]
    assert tape.table()[1].keys() == {"node", "value", "tangent", "into", "position", "local"}
    assert [row["tangent"].tolist() for row in tape.table()][1:] == [[1, 0], [1, 3]]
    found = tape.to_dict()
    assert found["nodes"]["q"] == {"value": [5, 11], "tangent": [1, 3]}
    assert found.keys() == {"value", "nodes", "wires"}
    assert tape.annotated().nodes["q"]["tangent"].tolist() == [1, 3]
    with pytest.raises(gs.InputError, match='Add mode="forward"'):
        _ = gs.parse("f = x*y").forward(x=1, y=2)["f"].tangent
