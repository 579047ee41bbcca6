"""Groups that are opened again: the graph that was there before, in every field."""

import pickle
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import only
from strategies import MATRICES, examples, inputs, matrix_programs, programs

import graphstep as gs
from graphstep.graph.composites import gathers

FUNCTION = "soft(u, v) = tanh(u)*v + u; r = soft(x, y); twin = r; "
"""A function, and a node with two names, before other statements."""
OPENED = ("first", "second")


def between(graph, drawn):
    """The drawn gates, and all gates on paths between them: what can be one group."""
    above, below = set(drawn), set(drawn)
    for i, node in enumerate(graph.nodes):
        if above.intersection(node.sources):
            above.add(i)
    for i in reversed(range(len(graph.nodes))):
        if i in below:
            below.update(graph.nodes[i].sources)
    return {i for i in above & below if graph.nodes[i].gate}


def grouped(graph, data, times):
    """The graph after several groupings, also of groups, and the names of the groups."""
    names = []
    for k in range(times):
        drawn = data.draw(st.sets(st.sampled_from(graph.gates), min_size=1, max_size=3))
        try:
            graph = graph.group(between(graph, drawn), f"group{k}")
        except gs.GraphError as error:
            assert error.key == "group_leaks"
            continue
        graph.check()
        names.append(f"group{k}")
    return graph, names


def opened(graph, names, data):
    """The graph with all groups opened, in any order that nesting allows; by any of their names."""
    while there := [i for i in graph.gates if graph.nodes[i].gate.name in names]:
        at = data.draw(st.sampled_from(there))
        name = graph.nodes[at].gate.name
        parts = [i for i, node in enumerate(graph.nodes) if at in node.sources]
        by = [at, name, *([graph.nodes[at].name] if graph.nodes[at].name else [])]
        if gathers(graph.nodes[at].gate):
            by += [*parts, *(graph.nodes[i].name for i in parts if graph.nodes[i].name)]
        graph = graph.expand(data.draw(st.sampled_from(by)))
        graph.check()
    return graph


def matrices(graph, seed):
    """Random values for the inputs of a program of matrices."""
    random = np.random.default_rng(seed)
    known = {name: random.normal(size=shape) for name, shape in MATRICES.items()}
    return {name: known[name] if name != "labels" else [1, 0] for name in graph.inputs}


def same(one, other):
    """Whether two graphs agree in all that a user can see."""
    assert one == other
    assert one.ids == other.ids
    assert [node.span for node in one.nodes] == [node.span for node in other.nodes]
    assert one.inputs == other.inputs
    assert one.unused == other.unused
    assert list(one.inputs) == list(other.inputs)
    return True


@examples(150)
@given(programs(), inputs, st.data(), st.sampled_from(["inside", "nodes"]), st.booleans())
def test_expanding_undoes_grouping(text, values, data, constants, with_function):
    text = text.replace("f = ", FUNCTION + "f = r*twin + ") if with_function else text
    graph = gs.parse(text, constants=constants)
    if with_function and data.draw(st.booleans()):
        graph = graph.expand("soft")
    if data.draw(st.booleans()):
        graph = graph.target("q")
    closed, names = grouped(graph, data, data.draw(st.integers(1, 4)))
    assert same(opened(pickle.loads(pickle.dumps(closed)), names, data), graph)
    tape = closed.forward(only(closed, values))
    assert same(opened(tape.graph, names, data), graph)
    steps = gs.stepper(opened(closed, names, data), inputs=only(graph, values)).steps
    assert steps == gs.stepper(graph, inputs=only(graph, values)).steps


@examples(80)
@given(matrix_programs(), st.integers(0, 99), st.data())
def test_expanding_undoes_grouping_over_arrays(text, seed, data):
    """Groups of outputs of different shapes in groups: their runs, gradients, and the way back."""
    graph = gs.parse(text)
    closed, names = grouped(graph, data, data.draw(st.integers(1, 4)))
    values = matrices(graph, seed)
    tape, other = graph.forward(values), closed.forward(values)
    other.graph.check()
    for node in other.graph.nodes:
        if node.name:
            np.testing.assert_allclose(
                other[node.name].value, tape[node.name].value, rtol=1e-12, atol=1e-12
            )
    for name, gradient in tape.gradients.items():
        np.testing.assert_allclose(other.gradients[name], gradient, rtol=1e-9, atol=1e-9)
    assert same(opened(closed, names, data), graph)
    assert same(opened(other.graph, names, data), graph)
    assert same(opened(pickle.loads(pickle.dumps(other.graph)), names, data), graph)
    again = other.graph.forward(values)
    assert again.graph == other.graph


@examples(40)
@given(matrix_programs(), st.integers(0, 99), st.data())
def test_gradients_of_groups_are_graphs(text, seed, data):
    graph = gs.parse(text)
    closed, _ = grouped(graph, data, data.draw(st.integers(1, 3)))
    values = matrices(graph, seed)
    shapes = {name: MATRICES[name] for name in graph.inputs}
    name = next(iter(graph.inputs))
    try:
        wanted = graph.gradient(name, shapes=shapes)
    except gs.GraphError as error:
        with pytest.raises(gs.GraphError, match=str(error).splitlines()[0][:20]):
            closed.gradient(name, shapes=shapes)
        return
    for one in (closed, closed.forward(values).graph):
        found = one.gradient(name, shapes=shapes).forward(values)
        np.testing.assert_allclose(found.value, wanted.forward(values).value, rtol=1e-9, atol=1e-9)


def test_a_group_knows_its_gates_where_another_group_has_moved_them():
    graph = gs.parse(
        "p = ((1 + square(x))**x)**2; q = max(x, min(y, x))**2*p;"
        "soft(u, v) = tanh(u)*v + u; r = soft(x, y); f = r*r + -(2 + x)**2 + q*sin(p)"
    )
    for pair in list(combinations(graph.gates, 2))[::5]:
        try:
            first = graph.group(pair, "first")
        except gs.GraphError:
            continue
        for drawn in combinations(first.gates, 2):
            try:
                second = first.group(drawn, "second")
            except gs.GraphError:
                continue
            found = second
            while there := [n.gate.name for n in found.nodes if n.gate and n.gate.name in OPENED]:
                found = found.expand(there[-1])
            assert same(found, graph)


def test_traced_and_built_graphs_come_back_too():
    def net(w, x, b):
        h = np.tanh(w @ x + b)
        return np.sum(h * h) + np.max(h)

    values = dict(w=[[0.5, -1], [2, 0.25]], x=[1, -0.5], b=[0.1, -0.2])
    graph = gs.trace(net, **values)
    inner = [i for i in graph.gates if i != graph.output]
    closed = graph.group(inner[:3], "net")
    assert same(closed.expand("net"), graph)
    b = gs.GraphBuilder()
    x, y = b.input("x"), b.input("y", 3.0)
    q = b.gate("mul", x, y)
    r = b.gate("add", q, x, name="r")
    built = b.graph(b.gate("max", r, q, name="f"))
    closed = built.group([built.nodes[built.index("r")].args[0], "r"], "both")
    assert same(closed.expand("both"), built)
    gate = next(node.gate for node in closed.nodes if node.gate)
    b = gs.GraphBuilder()  # in which that group is a gate, twice
    x, y = b.input("x"), b.input("y")
    both = b.gate(gate, x, y)
    twice = b.graph(b.gate("sum", b.gate(gate, b.gate("index", both, i=0), y)))
    outer = twice.group(list(twice.gates)[:2], "outer")
    assert same(outer.expand("outer"), twice)
    twice.expand("both").check()
    assert twice.expand("both").forward(x=2, y=3).value == twice.forward(x=2, y=3).value


def test_the_other_name_of_a_node_inside_a_group_comes_back():
    graph = gs.parse("a = x*y; c = a; d = sin(a) + c; f = d*z")
    closed = graph.group(["a", "d", 3], "part")
    assert "c" not in closed.names
    assert same(closed.expand("part"), graph)
    assert same(closed.group(["d", "f"], "all").expand("all").expand("part"), graph)


def test_a_group_around_a_part_of_a_group_has_all_of_it_inside():
    graph = gs.parse("a = x*y; b = x + y; c = sin(a); f = c*b")
    closed = graph.group(["a", "b"], "part").group(["a", "c"], "outer")
    assert [node.gate.name for node in closed.nodes if node.gate] == [
        "outer",
        "index",
        "index",
        "mul",
    ]
    with pytest.raises(gs.GraphError, match="'part' is inside outer"):
        closed.expand("part")
    assert same(closed.expand("outer").expand("part"), graph)
    assert same(closed.expand("c").expand("part"), graph)


def test_a_run_of_a_group_checks_its_inputs_once(monkeypatch):
    from graphstep.engine import computational_graph, run

    seen = []

    def counted(name, value):
        seen.append(name)
        return known(name, value)

    known = run.value_for
    monkeypatch.setattr(run, "value_for", counted)
    text = "a = W @ x; b = sum(x); f = sum(a)*b"
    closed = gs.parse(text).group(["a", "b"], "part")
    tape = closed.forward(W=[[1, 2]], x=[1, 3])
    assert seen == ["W", "x"]
    again = tape.graph.forward(W=[[1, 2]], x=[1, 4])
    assert again.graph is tape.graph  # what engines keep is used again
    assert computational_graph  # its own check is the only one
