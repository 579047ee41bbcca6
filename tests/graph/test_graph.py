"""The graph as a record: wires, equality, and what `check` refuses in one made by hand."""

import pytest

import graphstep as gs
from graphstep.base.errors import GraphError
from graphstep.engine.computational_graph import ComputationalGraph
from graphstep.gates import GATES
from graphstep.graph.nodes import Node

X, F = Node(None, (), "x"), Node(GATES["exp"], (0,), "f")


@pytest.mark.parametrize(
    ("nodes", "output", "key"),
    [
        ((X, F), 2, "no_output"),
        ((), 0, "no_output"),
        ((X, Node("exp", (0,), "f")), 1, "bad_gate"),
        ((Node(GATES["exp"], (1,), "f"), X), 0, "not_topological"),
        ((X, Node(GATES["exp"], (0, 0), "f")), 1, "bad_arity"),
        ((X, Node(GATES["add"], (1.0, 2.0), "f")), 1, "bad_arity"),
        ((X, X._replace(), Node(GATES["add"], (0, 1), "f")), 2, "name_not_unique"),
        ((X, Node(None, (), "y"), F), 2, "reaches_nothing"),
        ((Node(None), Node(GATES["exp"], (0,), "f")), 1, "bad_leaf"),
        ((X, Node(None, (0,), "y")), 1, "bad_leaf"),
    ],
)
def test_check_says_what_a_graph_is(nodes, output, key):
    graph = ComputationalGraph(nodes, output, {n.name: i for i, n in enumerate(nodes) if n.name})
    with pytest.raises(GraphError) as caught:
        graph.check()
    assert caught.value.key == key
    assert str(caught.value)
    with pytest.raises(GraphError):
        gs.stepper(graph, inputs=dict.fromkeys(graph.inputs, 1))


@pytest.mark.parametrize("names", [{"x": 1, "f": 0}, {"x": 0, "f": 1, "q": 77}, {"x": 0, "f": 0}])
def test_check_knows_names_that_lead_astray(names):
    with pytest.raises(GraphError) as caught:
        ComputationalGraph((X, F), 1, names).check()
    assert caught.value.key == "bad_name"


def test_a_name_used_twice_is_one_node():
    graph = gs.parse("x*x + x")
    assert [n.name for n in graph.nodes] == ["x", None, None]
    assert [tuple(w) for w in graph.wires] == [(0, 1, 0), (0, 1, 1), (1, 2, 0), (0, 2, 1)]


def test_equal_texts_give_equal_graphs():
    text = "q = x + sin(y)*2; f = q**2"
    assert gs.parse(text) == gs.parse(text)
    assert gs.parse(text).ids == gs.parse(text).ids
    assert hash(gs.parse(text)) == hash(gs.parse(text))
    assert gs.parse(text) != gs.parse(text + " + x")
