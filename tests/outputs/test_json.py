"""The numbers of a figure as JSON: exact, complete, and JSON that every reader takes."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from strategies import inputs, programs

import graphstep as gs
from examples import NEURON, NEURON_INPUTS
from graphstep.outputs.json import whole


def strict(text):
    """What a reader without NaN and Infinity makes of it."""
    return json.loads(text, parse_constant=lambda name: pytest.fail(name))


def number(found):
    return float(found) if isinstance(found, str) else found


@pytest.mark.parametrize("by", ["gate", "wire", "product"])
def test_every_number_of_every_step_is_there_once_and_exact(by):
    s = gs.stepper(NEURON, inputs=NEURON_INPUTS, by=by, forward=True)
    data = strict(whole(s))
    assert data["value"] == s.value
    assert data["gradients"] == s.gradients
    shown = [
        (slot["kind"], slot.get("node", slot.get("wire")), slot["number"])
        for step in data["steps"]
        for slot in step["shows"]
    ]
    ids, tape = s.graph.ids, s.tape
    assert sorted(shown, key=str) == sorted(
        [
            *(("value", name, tape.values[i]) for i, name in enumerate(ids)),
            *(("upstream", name, tape.upstreams[i]) for i, name in enumerate(ids)),
            *(("local", w, tape.local(w)) for w in range(len(s.graph.wires))),
            *(("downstream", w, tape.downstream(w)) for w in range(len(s.graph.wires))),
        ],
        key=str,
    )
    assert [step["caption"] for step in data["steps"]] == [frame.caption for frame in s]


def test_the_graph_can_be_run_from_the_file():
    """Each node names its gate, its inputs in order and its options: nothing else is needed."""
    s = gs.stepper("q = W @ x; f = sum(softmax(q, 0)**2) / 3", W=[[1, 2], [3, 4]], x=[0.5, -1])
    data = strict(whole(s))
    values = {}
    for node in data["nodes"]:
        if node["gate"] is None:
            values[node["id"]] = node["value"]
            continue
        taken = [
            values[data["wires"][part["wire"]]["from"]] if "wire" in part else part["number"]
            for part in node["takes"]
        ]
        values[node["id"]] = gs.GATES[node["gate"]].forward(*taken, **node["options"])
        np.testing.assert_array_equal(np.asarray(values[node["id"]]), np.asarray(node["value"]))


def test_jacobians_have_their_shape_structure_and_entries():
    s = gs.stepper("f = l2(W @ x)", W=[[1, 2], [3, 4]], x=[0.5, -1])
    data = strict(whole(s))
    for w, wire in enumerate(data["wires"]):
        local = s.tape.local(w)
        if not isinstance(local, float):
            assert wire["local"]["shape"] == list(local.shape)
            np.testing.assert_array_equal(wire["local"]["entries"], local.dense())
    large = gs.stepper("f = sum(x*x)", x=np.ones(400))
    assert strict(whole(large))["wires"][0]["local"]["entries"] is None


def test_numbers_that_json_lacks_are_words():
    data = strict(whole(gs.stepper("f = log(x) * y", x=0, y=-1)))
    assert data["value"] == "inf"
    assert data["gradients"]["y"] == "-inf"


@settings(max_examples=50)
@given(text=programs(), values=inputs)
def test_any_program_can_be_written(text, values):
    graph = gs.parse(text)
    s = gs.stepper(graph, inputs={name: values[name] for name in graph.inputs})
    data = strict(whole(s))
    assert [number(node["value"]) for node in data["nodes"]] == pytest.approx(
        list(s.tape.values), nan_ok=True, rel=0, abs=0
    )
    assert whole(s) == whole(gs.stepper(graph, inputs={n: values[n] for n in graph.inputs}))
