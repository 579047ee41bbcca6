"""Graphs built node by node, and what a builder refuses."""

import pickle

import numpy as np
import pytest

import graphstep as gs
from graphstep.calculus.shapes import ShapeError


def test_a_graph_without_text():
    b = gs.GraphBuilder()
    x, y, z = b.input("x"), b.input("y", 5), b.input("z")
    q = b.gate("add", x, y, name="q")
    graph = b.graph(b.gate("mul", q, b.gate("max", z, 0), name="f"))
    assert isinstance(graph, gs.ComputationalGraph)
    assert graph.source == "y = 5.0; q = x + y; f = q*max(z, 0)"
    graph.check()
    assert graph == gs.parse(graph.source)
    assert graph.forward(x=-2, z=4).gradients == {"x": 4.0, "y": 4.0, "z": 3.0}
    assert pickle.loads(pickle.dumps(graph)) == graph
    assert repr(b) == "<GraphBuilder: 6 nodes>"


def test_figures_and_errors_speak_of_the_text():
    b = gs.GraphBuilder()
    x, w = b.input("x"), b.input("W")
    graph = b.graph(b.gate("sum", b.gate("matmul", w, b.gate("add", x, 1))))
    assert graph.source == "sum(W @ (x + 1))"
    s = gs.stepper(graph, x=[1, 2], W=[[1, 2], [3, 4]], by="wire")
    other = gs.stepper(graph.source, x=[1, 2], W=[[1, 2], [3, 4]], by="wire")
    assert [frame.caption for frame in s.frames] == [frame.caption for frame in other.frames]
    assert s[-1].svg() == other[-1].svg()
    with pytest.raises(ShapeError) as caught:
        graph.forward(x=[1, 2, 3], W=[[1, 2], [3, 4]])
    assert graph.source[slice(*caught.value.span)] == "W @ (x + 1)"


def test_constants():
    b = gs.GraphBuilder()
    x, two, rows = b.input("x"), b.constant(2), b.constant([[1, 2], [3, -4]])
    graph = b.graph(b.gate("sum", b.gate("matmul", rows, b.gate("mul", x, two)), name="f"))
    assert graph.source == "f = sum([[1, 2], [3, -4]] @ (x*2))"
    assert [node.value for node in graph.nodes if node.constant] == [2.0, ((1.0, 2.0), (3.0, -4.0))]
    assert graph.forward(x=[1, 1]).gradients["x"].tolist() == [8.0, -4.0]
    graph = b.graph(b.gate("mul", rows, b.gate("mul", rows, x)))
    assert sum(node.constant for node in graph.nodes) == 1  # one node, written where it is used
    assert graph.source == "[[1, 2], [3, -4]]*([[1, 2], [3, -4]]*x)"
    labels = b.gate("take", x, b.constant([1, 0]))
    assert b.graph(labels).source == "take(x, [1, 0])"
    found = b.gate("take", x, b.gate("mul", b.input("y"), 2))
    assert b.graph(found).source == "t1 = y*2; x[t1]"  # an index is a name
    assert b.graph(labels).forward(x=[3, 4]).value.tolist() == [4.0, 3.0]


def test_values_of_inputs():
    b = gs.GraphBuilder()
    x, w = b.input("x", np.array([1.0, -2.0])), b.input("w", np.ones((10, 10)))
    six = b.constant([6])
    n, m = b.input(value=3), b.input(value=[4, 5])
    scale = b.gate("sum", b.gate("mul", w, n))
    graph = b.graph(b.gate("sum", b.gate("mul", b.gate("concat", x, m, six), scale)))
    assert graph.source == "x = [1, -2]; c1 = 3.0; c2 = [4, 5]; sum(concat(x, c2, [6])*sum(w*c1))"
    tape = graph.forward()
    assert tape.value == 14 * 100 * 3
    assert tape.gradients["w"].shape == (10, 10)
    assert gs.parse(graph.source).forward(w=np.ones((10, 10))).value == tape.value


def test_options_and_other_names_of_gates():
    b = gs.GraphBuilder()
    x, y = b.input("x"), b.input("y")
    most = b.gate("max", b.gate("reshape", x, shape=(2, -1)), axis=0)
    graph = b.graph(b.gate("dot", most, b.gate("slice", y, j=2)))
    assert graph.source == "max(reshape(x, 2, -1), axis=0) @ y[:2]"
    assert graph == gs.parse(graph.source)
    assert b.graph(b.gate("leaky_relu", x)).source == "leaky_relu(x, 0.1)"
    assert b.graph(b.gate("reshape", x, shape=4)).source == "reshape(x, 4)"


def test_gates_that_are_in_no_table():
    neuron = gs.parse("a = w*x; h = tanh(a)").group(["a", "h"], "neuron").nodes[-1].gate
    b = gs.GraphBuilder()
    graph = b.graph(b.gate(neuron, b.input("u"), b.gate("exp", b.input("v"))))
    assert graph.source == "neuron(u, exp(v))"
    assert graph.forward(u=1, v=0).value == pytest.approx(np.tanh(1))


def test_one_builder_gives_many_graphs():
    b = gs.GraphBuilder()
    x, y = b.input("x", 1), b.input("y")
    f = b.gate("exp", x, name="f")
    first = b.graph(f)
    second = b.graph(b.gate("mul", f, y))
    assert first.source == "x = 1.0; f = exp(x)"  # y does not reach it
    assert first == b.graph(f)
    assert second.source == "x = 1.0; f = exp(x); f*y"
    second.check()


def test_names_are_those_of_the_language():
    b = gs.GraphBuilder()
    scores = b.gate("mul", b.input("µ"), b.input("max"))
    graph = b.graph(b.gate("take", scores, b.input("हिन्दी"), name="и\u0306"))
    assert graph == gs.parse(graph.source)
    assert list(graph.inputs) == ["μ", "max", "हिन्दी"]
    assert graph.nodes[graph.output].name == "й"
    with pytest.raises(gs.GraphstepError, match="already"):
        b.input("μ")


def refused(key, of, **values):
    def case():
        b = gs.GraphBuilder()
        b.x = b.input("x")
        return of(b)

    return pytest.param(case, key, values, id=key)


@pytest.mark.parametrize(
    ("case", "key", "values"),
    [
        refused("builder_gate", lambda b: b.gate("Log", b.x), near="log"),
        refused("builder_gate", lambda b: b.gate("sigmod", b.x), near="sigmoid"),
        refused("builder_gate", lambda b: b.gate(7, b.x), name="7"),
        refused("arity", lambda b: b.gate("exp", b.x, b.x), given=2),
        refused("arity", lambda b: b.gate("mul", b.x), takes="2"),
        refused("builder_numbers", lambda b: b.gate("mul", 2, [1, 2])),
        refused("builder_input", lambda b: b.gate("mul", b.x, "x")),
        refused("builder_input", lambda b: b.gate("mul", b.x, None)),
        refused("not_finite", lambda b: b.gate("mul", b.x, float("nan"))),
        refused("not_finite", lambda b: b.input("y", float("inf"))),
        refused("ragged", lambda b: b.constant([[1], [2, 3]])),
        refused("builder_foreign", lambda b: b.gate("mul", b.x, gs.GraphBuilder().input("y"))),
        refused("builder_foreign", lambda b: gs.GraphBuilder().graph(b.x)),
        refused("builder_name", lambda b: b.input("2x")),
        refused("builder_name", lambda b: b.input("if")),
        refused("builder_name", lambda b: b.gate("exp", b.x, name="")),
        refused("builder_name", lambda b: b.input("x y")),
        refused("builder_name", lambda b: b.input(3)),
        refused("builder_taken", lambda b: b.gate("exp", b.x, name="x")),
        refused("builder_output", lambda b: b.graph(b.x), given="x"),
        refused("builder_output", lambda b: b.graph(b.constant(2))),
        refused("builder_output", lambda b: b.graph("f")),
        refused("option_unknown", lambda b: b.gate("sum", b.x, dim=1)),
        refused("option_unknown", lambda b: b.gate("reshape", b.x, axis=1)),
        refused("option_needed", lambda b: b.gate("index", b.x)),
        refused("option_needed", lambda b: b.gate("reshape", b.x)),
        refused("option_needed", lambda b: b.gate("reshape", b.x, shape=[])),
        refused("bad_option", lambda b: b.gate("sum", b.x, axis=0.5)),
        refused("bad_option", lambda b: b.gate("index", b.x, i=10**10)),
        refused("bad_option", lambda b: b.gate("reshape", b.x, shape=[2, "3"])),
    ],
)
def test_what_is_refused(case, key, values):
    with pytest.raises(gs.GraphstepError) as caught:
        case()
    assert caught.value.key == key
    assert values.items() <= caught.value.values.items()
    assert str(caught.value)
    assert caught.value.message("ru")


def test_a_name_that_was_refused_or_not_used_is_free():
    b = gs.GraphBuilder()
    x = b.input("x")
    with pytest.raises(gs.GraphstepError):
        b.gate("exp", x, x, name="f")
    assert b.graph(b.gate("exp", x, name="f")).source == "f = exp(x)"
