"""The tape as users have it: networkx, copies, and that nothing on it changes."""

import json

import networkx
import numpy as np
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


# --- by name


def test_a_node_by_its_name():
    tape = gs.parse("q = x + y; f = q * z").forward(x=-2, y=5, z=-4)
    q, f = tape["q"], tape["f"]
    assert (q.name, q.shape, q.value, q.upstream) == ("q", (), 3.0, -4.0)
    assert (f.local("q"), f.local("z"), f.downstream("q"), f.downstream("z")) == (
        -4.0,
        3.0,
        -4.0,
        3.0,
    )
    assert repr(q) == "<q of <Tape f = -12 at x=-2, y=5, z=-4>>"


def test_a_node_without_a_name_has_an_id():
    tape = gs.parse("f = x * y + x").forward(x=2, y=3)
    (middle,) = set(tape.graph.ids) - set(tape.graph.names)
    assert tape[middle].value == 6.0
    assert tape["f"].local(middle) == 1.0


def test_every_slot_can_be_asked_for_by_name():
    tape = gs.parse("h = tanh(W @ x); f = sum(h * h)").forward(W=[[1, 2], [3, 4]], x=[0.1, -0.2])
    graph = tape.graph
    for i, name in enumerate(graph.ids):
        assert tape[name].value is tape.values[i]
        assert tape[name].upstream is tape.upstreams[i]
        for which, w in enumerate(graph.wires_in[i]):
            source = graph.ids[graph.wires[w].source]
            several = [graph.wires[v].source for v in graph.wires_in[i]].count(
                graph.wires[w].source
            )
            asked = (source, which) if several > 1 else (source,)
            assert tape[name].local(*asked) is tape.local(w)
            assert np.array_equal(tape[name].downstream(*asked), tape.downstream(w))


def test_an_input_that_is_taken_twice():
    tape = gs.parse("f = x ** x").forward(x=3)
    with pytest.raises(gs.InputError, match="takes x 2 times") as caught:
        tape["f"].local("x")
    assert "local('x', 0)" in str(caught.value)
    assert tape["f"].local("x", 0) == 27.0
    for which in (2, -1):
        with pytest.raises(gs.InputError):
            tape["f"].local("x", which)
    with pytest.raises(gs.InputError, match="does not take f. It takes: x"):
        tape["f"].local("f")
    with pytest.raises(gs.InputError, match=r"no gate.* as in tape\['f'\].local\('x'\)"):
        tape["x"].local("f")
    with pytest.raises(gs.InputError, match="Did you mean"):
        gs.parse("f = weight*x").forward(weight=1, x=2)["wieght"]


def test_a_table_has_a_row_a_wire():
    tape = gs.parse("f = x*x + y").forward(x=3, y=1)
    rows = tape.table()
    assert [(row["node"], row["into"], row["position"]) for row in rows] == [
        ("x", "mul#1", 0), ("x", "mul#1", 1), ("mul#1", "f", 0), ("y", "f", 1), ("f", None, None),
    ]  # fmt: skip
    assert [row["downstream"] for row in rows] == [3.0, 3.0, 1.0, 1.0, None]
    assert {row["upstream"] for row in rows if row["node"] == "x"} == {6.0}


def test_a_dict_is_plain_and_complete():
    tape = gs.parse("f = sum(W @ x)").forward(W=[[1, 2], [3, 4]], x=[1, -1])
    found = json.loads(json.dumps(tape.to_dict()))
    assert found["value"] == tape.value
    assert found["gradients"] == {name: g.tolist() for name, g in tape.gradients.items()}
    assert found["nodes"]["x"] == {"value": [1, -1], "upstream": [4, 6]}
    wires = [(w["node"], w["into"], w["position"]) for w in found["wires"]]
    ids = tape.graph.ids
    assert wires == [(ids[s], ids[t], p) for s, t, p in tape.graph.wires]
    assert found["wires"][1]["local"] == [[1, 2], [3, 4]]
