"""Graphs made without a text, and the text that is written from them."""

import pickle

import numpy as np
import pytest
from hypothesis import assume, given
from strategies import expressions, inputs, programs, smooth_expressions

import graphstep as gs
from graphstep.calculus.shapes import ShapeError
from graphstep.graph.writer import LONGEST


def rebuilt(graph, builder=None):
    """A graph made once more, node by node, under the same names."""
    b = builder or gs.GraphBuilder()
    handles = []
    for node in graph.nodes:
        if node.gate is None and node.constant:
            handles.append(b.constant(node.value))
        elif node.gate is None:
            handles.append(b.input(node.name, node.value))
        else:
            taken = [handles[a] if isinstance(a, int) else a for a in node.args]
            settings = {o.name: v for o, v in zip(node.gate.options, node.options, strict=True)}
            handles.append(b.gate(node.gate, *taken, name=node.name, **settings))
    return b.graph(handles[graph.output])


def bare(graph):
    """The nodes without their places in the text."""
    return [node._replace(span=None) for node in graph.nodes]


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


@given(text=programs(), values=inputs)
def test_a_parsed_graph_made_once_more(text, values):
    graph = gs.parse(text)
    again = rebuilt(graph)
    again.check()
    assert again == gs.parse(again.source)
    known = {name: values[name] for name in graph.inputs}
    first, second = graph.forward(known), again.forward(known)
    assert repr(second.value) == repr(first.value)
    # a text may read a node under a second name, so that other inputs come first in ours
    assume(graph.names.keys() == again.names.keys())
    assert again.ids == graph.ids
    assert bare(again) == bare(graph)
    assert repr(second.gradients) == repr(first.gradients)


@given(text=expressions)
def test_an_output_without_a_name_stays_without(text):
    graph = gs.parse(text)
    assume(graph.nodes[graph.output].gate)
    again = rebuilt(graph)
    assert again == gs.parse(again.source)
    assert again.nodes[again.output].name is None


@given(text=programs(smooth_expressions))
def test_numbers_as_nodes(text):
    graph = gs.parse(text, constants="nodes")
    again = rebuilt(graph)
    assert again == gs.parse(again.source, constants="nodes")
    assume(graph.names.keys() == again.names.keys())
    assert bare(again) == bare(graph)


OPTIONS = {"shape": [2, -1], "i": -1, "j": 2, "axis": -1, "keepdims": 1, "p": 0.1234567890123}


@pytest.mark.parametrize("name", gs.GATES)
def test_every_gate_is_read_back(name):
    """Over names, formulas, numbers and arrays, and inside of other gates."""
    gate = gs.GATES[name]
    count = 3 if gate.variadic else len(gate.params)
    b = gs.GraphBuilder()
    names = [b.input(letter) for letter in "abcdefgh"[:count]]
    products = [b.gate("mul", name, -2) for name in names]
    settings = {o.name: OPTIONS[o.name] for o in gate.options if o.name in OPTIONS}
    for taken in (
        names, products, [products[0]] * count, [names[0], *[2.5e-7] * (count - 1)],
        [names[0], *[-1] * (count - 1)], [*[-3] * (count - 1), names[-1]],
        [names[0], *[[1, -2]] * (count - 1)],
    ):  # fmt: skip
        made = b.gate(gate, *taken, **settings)
        for output in (
            made, b.gate("neg", made), b.gate("pow", made, 2), b.gate("transpose", made),
            b.gate("pick", made, made), b.gate("pick", made, names[0]), b.gate("sub", made, made),
            b.gate("sub", made, 1), b.gate("sub", 1, made), b.gate("div", names[0], made),
        ):  # fmt: skip
            graph = b.graph(output)
            assert graph == gs.parse(graph.source)


def test_what_is_used_twice_or_long_gets_a_name():
    b = gs.GraphBuilder()
    x = b.input("t1")
    y = b.gate("sin", x)
    graph = b.graph(b.gate("mul", y, y, name="f"))
    assert graph.source == "t2 = sin(t1); f = t2*t2"
    for _ in range(5000):
        y = b.gate("add", b.gate("sin", y), 1)
    graph = b.graph(y)
    longest = LONGEST + len("t5000 = sin()")
    assert max(map(len, graph.source.split("; "))) <= longest
    assert graph == gs.parse(graph.source)


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
    labels = b.gate("pick", x, b.constant([1, 0]))
    assert b.graph(labels).source == "pick(x, [1, 0])"
    found = b.gate("pick", x, b.gate("mul", b.input("y"), 2))
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
    graph = b.graph(b.gate("pick", scores, b.input("हिन्दी"), name="и\u0306"))
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
        refused("builder_gate", lambda b: b.gate("ln", b.x), near="log"),
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
