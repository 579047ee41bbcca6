"""Nodes to text: reading the text gives the same nodes."""

import pytest
from hypothesis import assume, given
from strategies import expressions, inputs, programs, smooth_expressions

import graphstep as gs
from graphstep.graph.writer import LONGEST_EXPRESSION


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


OPTIONS = {
    "at": "::-2, None, ..., -1",
    "shape": [2, -1],
    "i": -1,
    "j": 2,
    "axis": -1,
    "keepdims": 1,
    "p": 0.1234567890123,
    "order": [1, -2],
    "axis1": 0,
    "axis2": -1,
    "count": 2,
    "width": ((0, 1), (2, 0)),
    "groups": 2,
    "pad": (1, 0),
    "dilation": 3,
}


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
    longest = LONGEST_EXPRESSION + len("t5000 = sin()")
    assert max(map(len, graph.source.split("; "))) <= longest
    assert graph == gs.parse(graph.source)
