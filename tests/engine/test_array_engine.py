"""The engine on arrays: the maps it pulls through, memory, and random programs."""

import json
import math
import weakref
from itertools import product

import numpy as np
import pytest
from array_cases import EACH, wrapped
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import hasty

import graphstep as gs
from examples import array
from graphstep.base.errors import GraphError, InputError
from graphstep.gates import GATES


@EACH
def test_the_backward_pass_pulls_through_the_same_maps(name, text, inputs, theirs):
    """The walk has short cuts; each must be what the Jacobian on its wire does."""
    tape = wrapped(text, inputs)
    for w, (source, target, _) in enumerate(tape.graph.wires):
        local, pull = tape.local(w), tape.engine.pulls[w]
        g = np.float64(0.7) if isinstance(local, float) else array(*local.rows, seed=5)
        expected = g * local if isinstance(local, float) else local.pull(g)
        found = pull.run(g, *[tape.slots[i] for i in pull.slots])
        assert (pull.source, pull.target) == (source, target)
        assert found == pytest.approx(expected, rel=1e-15, abs=1e-300), w


def test_numbers_too_large_for_what_is_done_with_them_are_no_cause_for_a_warning():
    """Which would be an error here."""
    assert gs.parse("f = sum(x)").forward(x=np.array([1e300, -1e300])).value == 0.0
    tape = gs.parse("f = sum(x)/w").forward(x=np.ones(2, np.float32), w=1e-300)
    assert tape.gradients["x"].tolist() == [math.inf, math.inf]
    layers = gs.parse("f = sum(batchnorm(x, w, w)) + sum(maxout(x, v, w, v, w)) + sum(x**2)")
    s = gs.stepper(layers, x=array(9, 3) * 1e200, w=array(3), v=array(3, 3) * 1e200)
    assert s.tape.troubles
    assert all((frame.caption, frame.equations) for frame in s)
    s.tape.check()
    if np.finfo(np.longdouble).max > np.finfo(float).max:
        with pytest.raises(InputError, match="inf"):
            gs.parse("f = sum(x)").forward(x=[np.longdouble("1e4000")])


LARGE = "y = (x @ w)**2 + sum(w * v)", "y = (x @ w)**2", "y = x @ w"
HELD = {
    "itself": lambda g: g,
    "row": lambda g: g[3],
    "transpose": lambda g: g.T,
    "memory": memoryview,
    "nothing": lambda g: None,
    "nothing, read-only": lambda g: g.setflags(write=False),
    "nothing, flat": lambda g: g.resize(g.size, refcheck=False),
}


def by_w(graph, inputs):
    """The gradient with respect to w of the sum of the outputs."""
    upstream = np.ones((2, 128), inputs["x"].dtype)
    return graph.forward(inputs).backward("w", upstream=upstream)["w"]


def compiled(graph, inputs):
    """Let the backward pass to w become code."""
    with hasty():
        for _ in range(4):
            by_w(graph, inputs)
    tape = graph.forward(inputs)
    assert all(one.whole for one in tape.engine.passes.made.values())


@settings(deadline=None, max_examples=20)
@given(
    text=st.sampled_from(LARGE),
    ways=st.lists(st.sampled_from([*HELD]), min_size=4, max_size=12),
    types=st.lists(st.sampled_from([float, float, float, np.float32]), min_size=12),
)
def test_large_gradients_are_written_over_only_where_nobody_holds_them(text, ways, types):
    graph, fresh = gs.parse(text), gs.parse(text)
    inputs = {n: array(*((2, 128) if n == "x" else (128, 128))) for n in graph.inputs}
    compiled(graph, inputs)
    held, numbers = [], []
    for way, kind in zip(ways, types, strict=False):
        inputs["x"] = inputs["x"] + 1
        now = {name: value.astype(kind) for name, value in inputs.items()}
        gradient = by_w(graph, now)
        assert np.array_equal(gradient, by_w(fresh, now))
        held.append(HELD[way](gradient))
        numbers.append(np.array(held[-1]))
        del gradient
        assert all(map(np.array_equal, held, numbers))


def test_memory_of_large_gradients_is_used_again():
    """That of the last but one, since the last one is there until the next one is known."""
    graph, inputs = gs.parse(LARGE[1]), dict(x=array(2, 128), w=array(128, 128))
    compiled(graph, inputs)
    gradient = by_w(graph, inputs)
    kept = [by_w(graph, inputs) for _ in range(3)]
    places = [one.ctypes.data for one in kept]
    del kept
    for _ in range(10):
        gradient = by_w(graph, inputs)
        assert gradient.ctypes.data in places[1:]
    known = weakref.ref(gradient)
    for _ in range(10):
        gradient = by_w(graph, inputs)
        assert known() is not gradient


def test_a_gradient_that_is_given_is_not_given_back():
    graph, given = gs.parse("y = x + b"), np.ones((2, 3))
    found = graph.forward(x=array(2, 3), b=array(2, 3)).backward(upstream=given)
    assert not any(np.shares_memory(given, gradient) for gradient in found.values())


def test_gradients_are_the_users_own():
    """No two gradients share memory, and changing one does not change the tape."""
    upstream = np.ones(2)
    GATES["add"].forward([1, 2], [3, 4])
    by_x, by_y = GATES["add"].backward(upstream)
    by_x *= 5
    assert (by_x.tolist(), by_y.tolist(), upstream.tolist()) == ([5, 5], [1, 1], [1, 1])
    tape = gs.parse("f = sum(x + z) + sum(reshape(w, -1))").forward(x=[1, 2], z=[3, 4], w=[[1, 2]])
    found = tape.gradients
    for name in found:
        found[name] *= 5
    assert {k: v.tolist() for k, v in found.items()} == {"x": [5, 5], "z": [5, 5], "w": [[5, 5]]}
    assert tape.gradients["x"].tolist() == [1, 1]
    with pytest.raises(ValueError, match="read-only"):
        tape.values[0][0] = 7
    with pytest.raises(ValueError, match="read-only"):
        tape.upstreams[0][0] = 7


def test_only_what_is_asked_for_is_worked_out():
    graph = gs.parse("f = sum((x @ w1) @ w2)")
    inputs = dict(x=array(4, 3), w1=array(3, 2), w2=array(2, 2))
    tape = graph.forward(inputs)
    assert tape.backward("w1", "w2").keys() == {"w1", "w2"}
    assert tape.backward("w1")["w1"] == pytest.approx(tape.gradients["w1"])
    flow = tape.engine
    assert all(flow.graph.ids[p.source] != "x" for p in flow.steps_to(frozenset({1, 3})))


def test_literals_and_defaults():
    s = gs.stepper("W = [[1, 2], [3, -4]]; f = sum(W @ [1, 0.5])")
    assert s.value == 3.0
    assert s.gradients["W"].tolist() == [[1, 0.5], [1, 0.5]]
    assert s.at(W=[[0, 0], [0, 1]]).value == 0.5
    assert gs.parse("f = sum([[1], [2]] * x)").forward(x=[1, 1]).value == 6.0


sizes = st.sampled_from([(), (2,), (3,), (2, 3), (3, 2), (1, 3), (2, 2), (4, 2, 3), (2, 4, 4)])
PIECES = ["{} + {}", "{} * {}", "{} @ {}", "relu({})", "sum({}, axis=0)", "{}.T", "softmax({})",
          "reshape({}, 3, 2)", "{}[0]", "{}[0:2]", "max({}, 0.5)", "concat({}, {})", "mean({})",
          "cross_entropy({}, {})", "{}[y]", "outer({}, {})", "conv2d({}, {})", "maxpool2d({})",
          "norm({})", "-{}", "{} ** 2", "flatten({})", "max({}, axis=-1)", "hinge({}, {})",
          "tanh({}) / (1 + square({}))", "dropout({})", "batchnorm({}, 1, {})"]  # fmt: skip


@st.composite
def arrays_programs(draw):
    def grow(depth):
        if depth == 0:
            return draw(st.sampled_from(["x", "z", "w", "[1, 2]", "0.5"]))
        piece = draw(st.sampled_from(PIECES))
        return f"({piece.format(*[grow(depth - 1) for _ in range(piece.count('{}'))])})"

    return grow(draw(st.integers(1, 3)))


@settings(max_examples=400, deadline=None)
@given(
    text=arrays_programs(),
    shapes=st.lists(sizes, min_size=3, max_size=3),
    y=st.sampled_from([0, [0, 1]]),
)
def test_random_programs_fit_or_are_refused(text, shapes, y):
    """Only GraphstepError, never a bare error of NumPy; and a program that fits is checked."""
    try:
        graph = gs.parse(f"f = sum({text})")
        given_ = dict(zip("xzw", (array(*shape) for shape in shapes), strict=True), y=y)
        tape = graph.forward({name: given_[name] for name in graph.inputs})
    except gs.GraphstepError:
        return
    for name, gradient in tape.gradients.items():
        assert np.shape(gradient) == np.shape(given_[name])
    for w, wire in enumerate(graph.wires):
        assert np.shape(tape.downstream(w)) == np.shape(tape.values[wire.source])
    assert tape.check().ok, str(tape.check())


def gradient(text, name, **inputs):
    return gs.parse(text).forward(inputs).gradients[name]


def test_numbers_inside_gates_on_arrays():
    assert np.isinf(gradient("f = sum(x/0)", "x", x=[1, 2])).all()
    tape = gs.parse("f = sum(leaky_relu(2, a))").forward(a=[1, 2, 3])
    assert tape.value == 6.0
    assert tape.gradients["a"].tolist() == [0, 0, 0]
    assert gs.parse("f = sum(elu(-1, a))").forward(a=[1, 2]).check().ok
    assert gs.parse("f = sum(elu(2, a))").forward(a=[1, 2]).value == 4.0


PLAIN = [gate for gate in GATES.values() if gate.elementwise and len(gate.params) > 1]


@pytest.mark.parametrize("gate", PLAIN, ids=lambda gate: gate.name)
@pytest.mark.parametrize("x", [1.0, -1.0, 0.0])
def test_literals_beside_a_number_among_arrays(gate, x):
    """What the gate gives goes into a gate that needs its shape."""
    for args in product(("2", "-1", "x"), repeat=len(gate.params)):
        graph = gs.parse(f"f = sum({gate.name}({', '.join(args)})) + sum(y) * x")
        tape = graph.forward(x=x, y=np.ones(2))
        assert not {type(slot) for slot in tape.slots[: len(graph.nodes)]} & {float, int}
        assert tape.gradients["y"].tolist() == [x, x]


def test_what_does_not_fit_into_memory_is_told():
    with pytest.raises(GraphError, match="does not fit into memory"):
        gs.parse("f = sum(outer(x, x))").forward(x=np.ones(10_000_000))


@pytest.mark.parametrize("gate", ["cross_entropy", "hinge"])
@pytest.mark.parametrize(
    ("scores", "rows", "numbers"),
    [([1, 2, 3], [0, 0, 1], "2"), ([[1, 2, 3], [4, 5, 7]], [[0, 1, 0], [1, 0, 0]], "[1, 0]")],
)
def test_rows_with_a_one_are_told_to_be_no_labels(gate, scores, rows, numbers):
    graph = gs.parse(f"f = {gate}(s, y)")
    with pytest.raises(gs.ShapeError) as caught:
        graph.forward(s=scores, y=rows)
    assert (caught.value.key, caught.value.values["numbers"]) == ("shape.one_hot", numbers)
    assert isinstance(graph.forward(s=scores, y=json.loads(numbers)).value, float)
    with pytest.raises(gs.ShapeError) as caught:
        gs.GATES[gate].forward(scores, rows)
    assert caught.value.key == "shape.one_hot"


@pytest.mark.parametrize("labels", [[0, 2, 1], [0, 0.1, 0.8], [1, 1, 0], [0, 0, 0], [-0.5, 0.5, 1]])
def test_other_labels_that_do_not_fit_are_no_rows_with_a_one(labels):
    with pytest.raises(gs.ShapeError) as caught:
        gs.parse("f = cross_entropy(s, y)").forward(s=[1, 2, 3], y=labels)
    assert caught.value.key == "shape.labels"


@pytest.mark.parametrize("p", [[0, 0.1, 0.9], [[0.2, 0.3, 0.5], [0, 1, 0]]])
def test_probabilities_are_told_to_be_no_labels(p):
    """Numbers from 0 that add up to 1; the advice works."""
    scores = np.broadcast_to([1.0, 2.0, 3.0], np.shape(p))
    with pytest.raises(gs.ShapeError) as caught:
        gs.parse("f = cross_entropy(s, y)").forward(s=scores, y=p)
    assert caught.value.key == "shape.probabilities"
    assert "soft_cross_entropy(s, y)" in str(caught.value)
    assert gs.parse("f = soft_cross_entropy(s, y)").forward(s=scores, y=p).check().ok
