"""The engine on floats: laws over random programs."""

import math
import random
import re

import numpy as np
import pytest
from autograd import grad
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from laws import OURS, finite, only
from strategies import inputs, numbers, programs, smooth_expressions

import graphstep as gs
from graphstep.engine.computational_graph import ComputationalGraph
from graphstep.engine.run import engines


@example(text="f = tanh(y**8)", values={"y": 3.0})  # autograd's formula overflows, ours does not
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
        with np.errstate(over="ignore"):
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
    engine = engines(graph).on_floats
    steps = engine.steps_to(frozenset([graph.index("y")]))
    assert len(steps) == 1
    assert not engine.formulas_of(steps)


@given(x=numbers, y=numbers)
def test_expressions_of_the_strategy_have_inputs_of_it(x, y):
    assert gs.parse("x - y").forward(x=x, y=y).value == x - y
