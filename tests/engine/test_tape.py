"""Graph and tape: forward, backward, partial backward, warnings; laws over random programs."""

import math
import random
import re

import networkx
import pytest
from autograd import grad
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from laws import OURS, finite, only
from strategies import inputs, numbers, programs, smooth_expressions

import graphstep as gs
from graphstep.base.errors import GraphError, InputError
from graphstep.engine.computational_graph import ComputationalGraph
from graphstep.engine.run import engines
from graphstep.gates import GATES
from graphstep.graph.nodes import Node


@given(text=programs(smooth_expressions), values=inputs)
def test_gradients_against_autograd(text, values):
    graph = gs.parse(text)
    tape = graph.forward(only(graph, values))
    assume(finite(tape))
    body = "\n".join(f"    {line}" for line in text.splitlines())
    names = list(graph.inputs)
    scope = dict(OURS)
    exec(f"def program({', '.join(names)}):\n{body}\n    return f", scope)  # text of this test only
    for position, (name, ours) in enumerate(tape.gradients.items()):
        theirs = grad(scope["program"], position)(*(float(values[n]) for n in names))
        assert ours == pytest.approx(float(theirs), rel=1e-9, abs=1e-9), name


@settings(max_examples=60)
@given(text=programs(), values=inputs)
def test_gradients_against_differences(text, values):
    graph = gs.parse(text)
    tape = graph.forward(only(graph, values))
    assume(finite(tape))
    report = tape.check()
    assert report.ok, f"{text}\n{report}"


@given(text=programs(), values=inputs, seed=st.integers(0, 2**32))
def test_any_topological_order_gives_the_same_gradients(text, values, seed):
    graph = gs.parse(text)
    shuffled = reorder(graph, random.Random(seed))
    shuffled.check()
    tape, other = graph.forward(only(graph, values)), shuffled.forward(only(graph, values))
    assume(finite(tape))
    assert other.value == tape.value
    assert other.gradients == pytest.approx(tape.gradients, rel=1e-9, abs=1e-9)


def reorder(graph, rng):
    """The same graph in a random topological order."""
    order, ready = [], [i for i, n in enumerate(graph.nodes) if not n.sources]
    missing = {i: len(n.sources) for i, n in enumerate(graph.nodes)}
    while ready:
        node = ready.pop(rng.randrange(len(ready)))
        order.append(node)
        for w in graph.wires_out[node]:
            target = graph.wires[w].target
            missing[target] -= 1
            if not missing[target]:
                ready.append(target)
    new = {old: i for i, old in enumerate(order)}
    nodes = tuple(
        graph.nodes[old]._replace(
            args=tuple(new[a] if isinstance(a, int) else a for a in graph.nodes[old].args)
        )
        for old in order
    )
    return ComputationalGraph(nodes, new[graph.output], {n: new[i] for n, i in graph.names.items()})


@given(text=programs(), values=inputs)
def test_renaming_and_constants_change_no_gradient(text, values):
    graph, nodes = gs.parse(text), gs.parse(text, constants="nodes")
    tape = graph.forward(only(graph, values))
    assume(finite(tape))
    assert nodes.forward(only(graph, values)).gradients == tape.gradients
    renamed = gs.parse(re.sub(r"\b[xy]\b", lambda m: renamed_name(m.group()), text))
    other = renamed.forward({renamed_name(n): values[n] for n in graph.inputs})
    assert list(other.gradients.values()) == list(tape.gradients.values())


def renamed_name(name):
    return {"x": "β", "y": "игрек"}.get(name, name)


@given(text=programs(), values=inputs)
def test_partial_backward_is_a_part_of_the_whole(text, values):
    graph = gs.parse(text)
    whole = graph.forward(only(graph, values)).gradients
    for name in whole:
        fresh = graph.forward(only(graph, values))
        assert repr(fresh.backward(name)) == repr({name: whole[name]})


@given(text=programs(), values=inputs)
def test_slots_hold_together(text, values):
    """downstream = upstream x local on each wire; upstream = the sum of downstreams."""
    graph = gs.parse(text)
    tape = graph.forward(only(graph, values))
    assume(finite(tape))
    for w, (source, target, position) in enumerate(graph.wires):
        assert tape.downstream(w) == tape.upstreams[target] * tape.local(w)
        node = graph.nodes[target]
        args = tuple(tape.values[a] if isinstance(a, int) else a for a in node.args)
        assert tape.local(w) == node.gate.local_at(position, tape.values[target], args)
        assert source in node.sources
    for i in range(len(graph.nodes)):
        if i != graph.output:
            back = math.fsum(tape.downstream(w) for w in graph.wires_out[i])
            assert tape.upstreams[i] == pytest.approx(back, rel=1e-9, abs=1e-9)


def test_partial_backward_walks_only_what_it_needs():
    graph = gs.parse("f = exp(x) * y")
    program = engines(graph).program
    steps = program.steps_to(frozenset([graph.index("y")]))
    assert len(steps) == 1
    assert not program.formulas_of(steps)


def test_backward_of_a_named_node():
    assert gs.parse("q = x + y; f = q * z").forward(x=1, y=2, z=5).backward("q") == {"q": 5.0}


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


@pytest.mark.parametrize(
    ("text", "given", "value", "nodes"),
    [
        ("f = exp(x)", dict(x=1000), math.inf, {"f"}),
        ("f = x / y", dict(x=1, y=0), math.inf, {"f"}),
        ("f = x / y", dict(x=0, y=0), math.nan, {"f"}),
        ("q = log(x); f = q + 1", dict(x=-1), math.nan, {"q"}),
        ("f = log(x)", dict(x=0), -math.inf, {"f"}),
        ("f = x ** y", dict(x=-8, y=1 / 3), math.nan, {"f"}),
        ("f = x ** y", dict(x=10, y=400), math.inf, {"f"}),
        ("f = x * y", dict(x=1e200, y=1e200), math.inf, {"f"}),
        ("f = sqrt(x)", dict(x=0), 0.0, {"f"}),  # its local gradient is inf
        ("f = sqrt(x)", dict(x=-1), math.nan, {"f"}),
        ("f = sin(exp(x))", dict(x=1000), math.nan, {"exp#1"}),
        ("f = 1/x", dict(x=1e-200), 1e200, {"f"}),  # -1/x**2 overflows
    ],
)
def test_what_is_not_finite_warns_on_its_node(text, given, value, nodes):
    tape = gs.parse(text).forward(given)
    assert repr(tape.value) == repr(value) or tape.value == pytest.approx(value)
    assert {tape.graph.ids[t.node] for t in tape.troubles} == nodes


def test_a_gradient_that_overflows_warns():
    tape = gs.parse("f = (x * 1e200) * 1e200").forward(x=1e-300)
    assert tape.gradients == {"x": math.inf}
    assert [(t.kind, tape.graph.ids[t.node]) for t in tape.troubles] == [("upstream", "x")]


def test_no_silent_nan():
    """Whatever a program of one gate gives, a number that is not finite has a warning."""
    for gate in filter(lambda gate: gate.elementwise, GATES.values()):
        for a in (-1e200, -1.0, 0.0, 1.0, 1e200):
            for b in (-1e200, -0.5, 0.0, 2.0, 1e200):
                names = "ab"[: len(gate.params)]
                graph = gs.parse(f"f = {gate.name}({', '.join(names)})") if gate.name not in (
                    "add", "sub", "mul", "div", "pow", "neg") else gs.parse(
                    f"f = {gate.text.format(x='a', y='b')}")  # fmt: skip
                tape = graph.forward(dict(zip(names, (a, b), strict=False)))
                if not all(map(math.isfinite, (*tape.values, *tape.upstreams))):
                    assert tape.troubles, (gate.name, a, b)


@pytest.mark.parametrize(
    ("given", "key"),
    [
        (dict(x=1), "missing_input"),
        (dict(x=1, y=2, z=3), "superfluous_input"),
        (dict(x=1, y="2"), "not_a_number"),
        (dict(x=1, y=None), "not_a_number"),
        (dict(x=1, y=[]), "no_elements"),
        (dict(x=1, y=[[1, 2], [3]]), "ragged"),
        (dict(x=1, y=["a"]), "not_an_array"),
        (dict(x=1, y=[1, math.inf]), "element_not_finite"),
        (dict(x=1, y=1j), "not_a_number"),
        (dict(x=1, y=10**400), "not_a_number"),
        (dict(x=1, y=10**5000), "not_a_number"),
        ({1: 2}, "inputs_form"),
        ([("x", 1)], "inputs_form"),
        (5, "inputs_form"),
        (dict(x=1, y=math.nan), "not_finite"),
        (dict(x=1, y=math.inf), "not_finite"),
    ],
)
def test_bad_inputs(given, key):
    with pytest.raises(InputError) as caught:
        gs.parse("x + y").forward(given)
    assert caught.value.key == key
    assert str(caught.value)


def test_a_missing_input_is_shown_in_the_text():
    with pytest.raises(InputError, match="No value is given for y, z") as caught:
        gs.parse("x + y * z").forward(x=1)
    assert caught.value.column == 5


def test_inputs_of_other_number_types():
    from fractions import Fraction

    import numpy as np

    tape = gs.parse("x * y * z").forward(x=np.float32(0.5), y=Fraction(1, 2), z=True)
    assert tape.value == 0.25
    assert all(type(v) is float for v in (*tape.values, *tape.gradients.values()))


def test_unknown_names_in_backward():
    with pytest.raises(InputError, match="no node called q"):
        gs.parse("x").forward(x=1).backward("q")
    for bad in (5, ["x"]):
        with pytest.raises(InputError, match="by its name"):
            gs.parse("x").forward(x=1).backward(bad)
    with pytest.raises(InputError, match="given twice"):
        gs.parse("x").forward({"x": 1}, x=1)


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


@given(x=numbers, y=numbers)
def test_expressions_of_the_strategy_have_inputs_of_it(x, y):
    assert gs.parse("x - y").forward(x=x, y=y).value == x - y


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


def test_gates_remember_apart_from_copies():
    import dataclasses

    other = dataclasses.replace(GATES["mul"], name="other")
    GATES["mul"].forward(2, 3)
    other.forward(10, 20)
    assert GATES["mul"].backward(1) == [3.0, 2.0]
    with pytest.raises(gs.GraphstepError):
        GATES["mul"].forward("a", 2)
    with pytest.raises(gs.GraphstepError):
        GATES["mul"].forward(1, 2, 3)
