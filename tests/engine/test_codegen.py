"""Straight-line code: the bits of the loops, in words that a person reads."""

import math
import re

import numpy as np
import pytest
from array_cases import EACH, LABELLED, wrapped
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import as_code, hasty, inputs, programs, warm

import graphstep as gs
from examples import array
from graphstep.calculus.shapes import ShapeError
from graphstep.engine import codegen, instructions
from graphstep.engine.codegen import step_lines
from graphstep.engine.computational_graph import ComputationalGraph
from graphstep.engine.run import engines


def bits(numbers):
    return [np.asarray(number, dtype=float).tobytes() for number in numbers]


def assert_same_bits(tape, other):
    assert bits(tape.values) == bits(other.values)
    assert bits(tape.upstreams) == bits(other.upstreams)


@settings(deadline=None)
@given(text=programs(), values=inputs, piece=st.sampled_from([2, 5, 128]))
def test_code_gives_the_bits_of_the_loops(text, values, piece):
    """Nobody can tell from the numbers what became code."""
    graph, fresh = gs.parse(text), gs.parse(text)
    given = {name: values[name] for name in graph.inputs}
    with hasty(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(instructions, "PIECE", piece)
        tape = as_code(graph, given)
        other = fresh.forward(given)
        assert_same_bits(tape, other)
        wires = range(len(graph.wires))
        assert bits(map(tape.local, wires)) == bits(map(other.local, wires))
        for name in given:
            for _ in range(3):
                found = tape.backward(name)
            assert repr(found) == repr(fresh.forward(given).backward(name))


@pytest.mark.parametrize("x", [0.0, -0.0, math.nan, 2.0])
def test_code_keeps_the_sign_of_zero(x):
    text = "p = -x; q = p*y - x; r = x*-1; f = q*p + r*x - relu(p)/3"
    graph, fresh = gs.parse(text), gs.parse(text)
    nan = math.isnan(x)
    given = dict(x=1.0 if nan else x, y=-0.0)
    with hasty():
        as_code(graph, given)
    program, other = engines(graph).on_floats, engines(fresh).on_floats
    slots, loops = (
        e.filled({graph.index("x"): x, graph.index("y"): -0.0}) for e in (program, other)
    )
    for e, s in ((program, slots), (other, loops)):
        e.forward(s)
    found, expected = program.upstreams(slots), other.upstreams(loops)
    assert repr(found) == repr(expected)


def test_a_step_reads_like_a_lecture():
    tape = gs.parse("q = x + y\nf = q * z").forward(x=-2, y=5, z=-4)
    assert step_lines(tape.engine) == [
        "q = x + y",
        "f = q * z",
        "df = 1.0",
        "dz = 0.0 + df * q",
        "dq = 0.0 + df * z",
        "dy = dq",
        "dx = dq",
    ]


def test_helpers_and_local_gradients_are_named_after_gates_and_nodes():
    tape = gs.parse("p = x - 1\nt = tanh(p)\nf = t**p + 2*x").forward(x=3)
    assert step_lines(tape.engine) == [
        "p = x - 1.0",
        "t = tanh(p)",
        "v3 = pow(t, p)",
        "v4 = 2.0 * x",
        "f = v3 + v4",
        "df = 1.0",
        "dv4 = df",
        "dv3 = df",
        "dx = 0.0 + dv4 * 2.0",
        "dv3_dp = d_pow_y(floats, v3, t, p)",
        "dp = 0.0 + dv3 * dv3_dp",
        "dv3_dt = d_pow_x(floats, v3, t, p)",
        "dt = 0.0 + dv3 * dv3_dt",
        "dt_dp = d_tanh(floats, t, p)",
        "dp = dp + dt * dt_dp",
        "dx = dx + dp",
    ]


def test_a_step_over_arrays_reads_the_same():
    text = "h = sigmoid(x @ w1)\ny_pred = h @ w2\nloss = sum((y_pred - y)**2)"
    one = np.ones((1, 1))
    lines = step_lines(gs.parse(text).forward(x=one, w1=one, w2=one, y=one).engine)
    assert lines[:4] == [
        "v2 = x.dot(w1)",
        "h = sigmoid(v2)",
        "y_pred = h.dot(w2)",
        "v7 = y_pred - y",
    ]
    assert "dy_pred = dv7" in lines
    assert "dy = -dv7" in lines
    assert "dw2 = h.T.dot(dy_pred)" in lines
    assert "dx = dv2.dot(w1.T)" in lines
    assert not [line for line in lines if "_2" in line]  # one helper for all gates of a kind


NAMES = ["values", "gradients", "floats", "forward", "backward", "exp", "d_exp", "dx", "x", "d", "v4",
         "dv4", "d_mul_x", "class", "None", "__import__", "__builtins__", "_", "é", "x" * 60, "len",
         "a b", "x\n", "dx_dx", "exp_2", "x; import os", "gate"]  # fmt: skip


@settings(deadline=None)
@given(names=st.permutations(NAMES), piece=st.sampled_from([3, 128]))
def test_only_vetted_names_stand_in_code_and_none_stands_for_two_things(names, piece):
    """The parser refuses most of these; other sources of graphs may not."""
    plain = gs.parse("a = exp(x)*y; b = exp(a) + x; c = b**a; f = c*max(a, b, x) - tanh(c)/x")
    nodes = tuple(node._replace(name=name) for node, name in zip(plain.nodes, names, strict=False))
    graph = ComputationalGraph(nodes, plain.output, {n.name: i for i, n in enumerate(nodes)})
    seen = []
    with hasty(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(instructions, "PIECE", piece)
        patch.setattr(codegen, "compile", lambda text, *a: seen.append(text) or compile(text, *a), raising=False)  # fmt: skip
        values = {nodes[plain.index("x")].name: 0.5, nodes[plain.index("y")].name: -0.25}
        tape = as_code(graph, values)
    assert_same_bits(tape, plain.forward(x=0.5, y=-0.25))
    assert seen
    for word in set(re.findall(r"[^\W\d]\w*", "\n".join(seen))) - {"def"}:
        assert re.fullmatch(r"[a-zA-Z]\w*", word, re.ASCII), word
        assert len(word) < 90
    for text in seen:
        assert ";" not in text
        assert "import" not in text


def test_gates_of_one_name_keep_apart():
    def cube(slope):
        return gs.gate(local=[lambda x: slope * x**2], name="cube_twice")(lambda x: x**3)

    cube(3.0)
    old = gs.parse("a = cube_twice(x)")
    cube(30.0)
    new = gs.parse("b = cube_twice(x)")
    first, second = old.nodes[1], new.nodes[1]._replace(args=(1,))
    graph = ComputationalGraph((old.nodes[0], first, second), 2, {"x": 0, "a": 1, "b": 2})
    with hasty():
        assert as_code(graph, {"x": 2.0}).gradients == {"x": 3 * 2.0**2 * 30 * 8.0**2}
    code = step_lines(engines(graph).on_floats)
    assert code[:2] == ["a = cube_twice(x)", "b = cube_twice_2(a)"]


def test_a_gate_named_like_a_gradient():
    gs.gate(local=[lambda x: 2.0], name="dq_dp")(lambda x: 2.0 * x)
    text = "p = x*x; q = dq_dp(p); f = q*dq_dp(x)"
    graph, fresh = gs.parse(text), gs.parse(text)
    with hasty():
        assert_same_bits(as_code(graph, {"x": 3.0}), fresh.forward(x=3.0))


@pytest.mark.parametrize(
    "text",
    [
        "dt_dp = sin(x); u = x*dt_dp; p = u*2; t = tanh(p); f = t + u",
        "d_tanh = sin(x); f = tanh(d_tanh)*tanh(x)",
        "pow_2 = sin(x); f = pow_2**x",
    ],
)
def test_nodes_named_like_what_code_calls_or_keeps(text):
    graph, fresh = gs.parse(text), gs.parse(text)
    with hasty():
        assert_same_bits(as_code(graph, {"x": 0.7}), fresh.forward(x=0.7))


def test_code_over_many_pieces():
    text = "a0 = x\n" + "".join(f"a{i} = a{i - 1} * y + x\n" for i in range(1, 600))
    graph, fresh = gs.parse(text), gs.parse(text)
    with hasty():
        tape = as_code(graph, dict(x=0.5, y=0.9))
    assert tape.engine.passes.made[None].written == 10
    assert_same_bits(tape, fresh.forward(x=0.5, y=0.9))


def test_pieces_that_are_code_go_with_pieces_that_are_loops():
    text = "a0 = x\n" + "".join(f"a{i} = tanh(a{i - 1}) * y + x\n" for i in range(1, 300))
    graph, fresh = gs.parse(text), gs.parse(text).forward(x=0.5, y=0.9)
    with hasty():
        for k in range(1, 12):
            tape = graph.forward(x=0.5, y=0.9)
            assert_same_bits(tape, fresh)
            assert {one.written for one in tape.engine.passes.made.values()} == {min(k, 8)}


def same_bits(tape, other):
    for one, two in ((tape.values, other.values), (tape.upstreams, other.upstreams)):
        for a, b in zip(one, two, strict=True):
            assert np.array_equal(a, b, equal_nan=True)
            assert np.shape(a) == np.shape(b)


@pytest.mark.parametrize("piece", [3, 128])
@EACH
def test_straight_line_code_gives_the_same_bits(name, text, inputs, theirs, piece, monkeypatch):
    """A graph over arrays that is run often is compiled; nobody can tell from its numbers."""
    monkeypatch.setattr(instructions, "PIECE", piece)
    fresh = wrapped(text, inputs)
    graph = wrapped(text, inputs).graph
    tape = warm(graph, inputs)
    same_bits(tape, fresh)
    for input_ in inputs:
        if input_ not in LABELLED.get(name, ()):
            assert np.array_equal(tape.backward(input_)[input_], fresh.backward(input_)[input_])


@settings(deadline=None, max_examples=30)
@given(text=programs())
def test_straight_line_code_of_programs_over_arrays(text):
    total = f"{text}\nout = sum(f * (f + 2))"
    graph, fresh = gs.parse(total), gs.parse(total)
    inputs = {n: array(2, 3, seed=k) for k, n in enumerate(graph.inputs)}
    same_bits(warm(graph, inputs), fresh.forward(inputs))


def test_straight_line_code_tells_of_labels_as_the_loops_do():
    graph, inputs = gs.parse("f = cross_entropy(s, y)"), dict(s=[[1.0, 2.0], [3.0, 4.0]], y=[0, 1])
    warm(graph, inputs)
    with pytest.raises(ShapeError, match="labels that are whole numbers from 0 to 1, not 2"):
        graph.forward({**inputs, "y": [0, 2]})
    assert graph.forward({**inputs, "y": [1, 1]}).value > 0
