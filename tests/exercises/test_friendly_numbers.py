"""Friendly numbers: small, short, new, and away from kinks."""

import math
from collections import Counter
from itertools import islice

import numpy as np
import pytest
from exercise_graphs import ALL, NEURON, SCALARS

import graphstep as gs
from graphstep.exercises import assignment
from graphstep.exercises.friendly_numbers import flat_numbers, for_seed, friendly


def numbers_of(name, copy, taken=()):
    text, lecture = ALL[name]
    return friendly(gs.parse(text), lecture, f"7/{copy}/0", taken)


@pytest.mark.parametrize("name", ALL)
def test_numbers_are_small_integers_and_all_is_finite(name):
    text, lecture = ALL[name]
    graph = gs.parse(text)
    before = graph.forward(lecture)
    for copy in range(8):
        given = numbers_of(name, copy)
        assert list(given) == list(graph.inputs)
        assert all(number == int(number) for number in flat_numbers(given))
        if name != "log":
            assert max(map(abs, flat_numbers(given))) <= 9
        tape = graph.forward(given)
        assert tape.shapes == before.shapes
        assert not tape.troubles
        assert flat_numbers(given) != flat_numbers(
            {n: assignment._frozen(v) for n, v in lecture.items()}
        )
        if "y" in given and graph.holds_labels(graph.inputs["y"]):
            assert given["y"] in (0, 1, 2)


@pytest.mark.parametrize("name", [*sorted(SCALARS.keys() - {"neuron"}), "norm", "hinge", "layers"])
def test_numbers_are_short(name):
    """Two decimals carry every value and gradient exactly, the root's too."""
    graph = gs.parse(ALL[name][0])
    for copy in range(8):
        tape = graph.forward(numbers_of(name, copy))
        for value in (*tape.values, *tape.upstreams):
            assert np.allclose(np.round(value, 2), value, rtol=0, atol=1e-12)
            assert np.max(np.abs(value)) < 1000


@pytest.mark.parametrize("name", ["patterns", "hinge", "layers", "one"])
def test_no_gate_stands_at_a_kink(name):
    graph = gs.parse(ALL[name][0])
    for copy in range(12):
        report = graph.forward(numbers_of(name, copy)).check()
        assert report.ok
        assert "at a kink" not in str(report)


COPIES = 60


def copies_of(text, **lecture):
    """The values of s in many copies, none of which repeats the numbers of another."""
    graph, taken = gs.parse(text), set()
    for copy in range(1, COPIES + 1):
        given = friendly(graph, lecture, f"7/{copy}/0", taken)
        taken.add(flat_numbers(given))
        yield graph.forward(given).values[graph.index("s")]
    assert len(taken) == COPIES


@pytest.mark.parametrize(
    ("text", "lecture"),
    [
        (NEURON[0].replace("f = 1", "s = w0*x0 + w1*x1 + w2; f = 1").replace("(w0*x0 + w1*x1 + w2)", "s"), NEURON[1]),
        ("s = w0*x0 + w1*x1 + w2; f = sigmoid(s)", NEURON[1]),
        ("s = w*x + b; f = sigmoid(s)", dict(w=2, x=-1, b=3)),
        ("s = w*x + b; f = tanh(s) * c", dict(w=2, x=-1, b=3, c=2)),
        ("s = w @ x; f = sum(sigmoid(s))", dict(w=[[0.5, 1]], x=[1, 2])),
    ],
)  # fmt: skip
def test_the_argument_of_a_sigmoid_varies(text, lecture):
    """An argument of 0 makes short numbers, but is the same exercise each time."""
    arguments = Counter(float(np.ravel(s)[0]) for s in copies_of(text, **lecture))
    assert max(map(abs, arguments)) <= 3
    assert arguments[0.0] <= COPIES / 3
    assert sum(count >= COPIES / 10 for count in arguments.values()) >= 4, arguments


@pytest.mark.parametrize(
    ("text", "lecture"),
    [
        ("L = cross_entropy(s, y)", dict(s=[3.2, 5.1, -1.7], y=0)),
        ("s = W @ x; L = cross_entropy(s, y)", dict(W=[[1, 2], [3, 4], [0, 1]], x=[1, 2], y=1)),
        ("p = softmax(s); f = p @ c", dict(s=[3.2, 5.1, -1.7], c=[1, 2, 4])),
    ],
)
def test_no_softmax_needs_small_powers(text, lecture):
    """Two decimals of e^-4 keep two digits that are wrong by a quarter; so scores are close."""
    count = (
        COPIES // 6 if "W" in lecture else COPIES // 2
    )  # a search among more numbers takes longer
    spreads = [float(np.ptp(s)) for s in islice(copies_of(text, **lecture), count)]
    assert max(spreads) <= 3
    assert len(set(spreads)) > 2


def test_a_gradient_that_is_given_counts():
    graph = gs.parse("q = W @ x")  # its output is an array, which has no gradient of 1
    lecture = dict(W=[[1, 2], [3, 4]], x=[1, 2])
    for seed in range(5):
        given = for_seed(graph, lecture, seed, upstream=[1, 0.5])
        found = graph.forward(given).backward(upstream=[1, 0.5])
        assert np.allclose(np.round(found["x"], 2), found["x"])
        assert friendly(graph, lecture, f"{seed}", upstream=[1, 0.5]) != given
    s = gs.stepper("q = W @ x", **lecture, upstream=[1, 0.5])
    assert s.quiz(seed=3).stepper.tape.arrived.tolist() == [1, 0.5]


def test_numbers_follow_from_the_key_alone():
    assert numbers_of("neuron", 3) == numbers_of("neuron", 3)
    assert numbers_of("neuron", 3) != numbers_of("neuron", 4)


@pytest.mark.parametrize("name", ["scalar", "hypotenuse", "one", "softmax"])
def test_what_is_taken_is_not_used_again(name):
    taken = set()
    for copy in range(15):
        given = flat_numbers(numbers_of(name, copy, taken))
        assert given not in taken
        taken.add(given)


def test_the_lectures_numbers_stand_where_no_others_are_finite():
    graph = gs.parse("f = log(1 - x*x)")
    assert friendly(graph, {"x": 0.5}, "1/1/0") in ({"x": 0.5}, {"x": 0.0})


def test_judgement_sees_what_is_bad():
    """Each kind of defect costs, so that the search above is a real one."""
    from graphstep.exercises.friendly_numbers import _inputs, _length, _price

    text, lecture = SCALARS["patterns"]
    graph = gs.parse(text)

    def price(**given):
        return _price(graph, _inputs(graph, lecture), {k: float(v) for k, v in given.items()}, 1e9)

    good = price(x=2, y=5, z=4, w=-3)
    assert good < price(x=200, y=555, z=4, w=-3)
    assert good < price(x=0, y=5, z=4, w=-3)
    assert good < price(x=2, y=2, z=2, w=-2)
    assert good < price(**lecture)
    assert price(x=2, y=5, z=4, w=4) == math.inf
    assert _length(0.5) == _length(-12) == _length(0.25) == 0
    assert _length(0.125) == _length(12.5) == 1  # it is printed to its end
    assert _length(0.5) < _length(125) < _length(1 / 3) < _length(1e-9)
    assert _length(math.nan) == _length(math.inf) == math.inf
