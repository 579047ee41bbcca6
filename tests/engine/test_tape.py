"""The tape as users have it: networkx, copies, and that nothing on it changes."""

import networkx
import pytest

import graphstep as gs
from graphstep.gates import GATES


def test_running_again_makes_no_graph(monkeypatch):
    graph = gs.parse("f = x * y")
    graph.forward(x=1, y=2)
    monkeypatch.setattr(networkx, "MultiDiGraph", None)
    assert graph.forward(x=3, y=4).gradients == {"x": 4.0, "y": 3.0}


def test_networkx_keeps_order_and_repetition():
    graph = gs.parse("f = x*x - y").nx
    assert isinstance(graph, networkx.MultiDiGraph)
    assert sorted(graph.edges(keys=True)) == [
        ("mul#1", "f", 0),
        ("x", "mul#1", 0),
        ("x", "mul#1", 1),
        ("y", "f", 1),
    ]
    assert graph.nodes["f"]["gate"] == "sub"
    assert gs.parse("f = 1/x").nx.nodes["f"]["constants"] == {0: 1.0}
    assert networkx.is_directed_acyclic_graph(graph)


def test_annotated_has_every_slot():
    shown = gs.parse("f = x*x").forward(x=3).annotated()
    assert shown.nodes["x"]["value"] == 3.0
    assert shown.nodes["x"]["upstream"] == 6.0
    assert shown.edges["x", "f", 1] == {"local": 3.0, "downstream": 3.0}


def test_a_tape_never_changes():
    tape = gs.parse("x * y").forward(x=2, y=3)
    with pytest.raises(TypeError):
        tape.upstreams[0] = 99.0
    with pytest.raises(TypeError):
        tape.values[0] = 99.0


def test_graphs_tapes_and_steppers_can_be_pickled_and_copied():
    import copy
    import pickle

    s = gs.stepper("f = x * sigmoid(y)", x=2, y=0)
    assert pickle.loads(pickle.dumps(GATES["mul"])) is GATES["mul"]
    assert pickle.loads(pickle.dumps(s.graph)) == s.graph == copy.deepcopy(s.graph)
    assert copy.deepcopy(s.graph).forward(x=2, y=0).gradients == s.gradients
    s[0].svg()
    assert pickle.loads(pickle.dumps(s))[2].svg() == s[2].svg() == copy.deepcopy(s)[2].svg()
