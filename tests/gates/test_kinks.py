"""Where gates have no derivative: the rows' answers, against slopes to the left and to the right."""

from itertools import product

import numpy as np
import pytest

import graphstep as gs
from graphstep.calculus.scalar_math import evaluate
from graphstep.gates import GATES
from graphstep.gates.kinks import at_kink, distances, everywhere, somewhere

KINKED = {name: gate for name, gate in GATES.items() if gate.kinks and gate.elementwise}
STEP = 1e-6


def bends(gate, args, position):
    """Whether the slopes on both sides of an input differ, or the value jumps."""

    def at(step):
        return evaluate(gate.apply, *args[:position], args[position] + step, *args[position + 1 :])

    left, right = (at(0) - at(-STEP)) / STEP, (at(STEP) - at(0)) / STEP
    return abs(left - right) > 1e-3 or max(abs(left), abs(right)) > 1e3


@pytest.mark.parametrize("gate", KINKED.values(), ids=KINKED)
def test_an_input_is_at_a_kink_where_its_slope_changes(gate):
    counts, met = (2, 3) if gate.variadic else (len(gate.params),), set()
    for count in counts:
        for args in product((-3.0, -1.0, 0.0, 0.5, 1.0, 2.0), repeat=count):
            for position in range(count):
                found = somewhere(at_kink(gate, args, position=position))
                assert found == bends(gate, args, position), (args, position)
                met.add(found)
            anywhere = somewhere(at_kink(gate, args))
            assert anywhere == any(bends(gate, args, i) for i in range(count))
            assert anywhere == (0 in distances(gate, args))
    assert met == {False, True}


@pytest.mark.parametrize("gate", KINKED.values(), ids=KINKED)
def test_of_arrays_the_answer_is_that_of_each_element(gate):
    columns = np.array(list(product((-1.0, 0.0, 0.5), repeat=len(gate.params)))).T
    for position in range(len(columns)):
        masks = at_kink(gate, tuple(columns), position=position)
        wanted = [
            somewhere(at_kink(gate, tuple(map(float, args)), position=position))
            for args in columns.T
        ]
        found = np.logical_or.reduce([*masks, np.zeros(len(wanted), dtype=bool)])
        assert found.tolist() == wanted
        assert somewhere(masks) == any(wanted)
        assert everywhere(masks) == all(wanted)


def mask(name, *args, position=0):
    gate = GATES[name]
    arrays = tuple(map(np.asarray, args))
    return [m.tolist() for m in at_kink(gate, arrays, gate.chosen({}), position)]


def test_of_whole_arrays():
    assert mask("amax", [1.0, 3.0, 3.0]) == [[False, True, True]]
    assert mask("amin", [1.0, 3.0, 3.0]) == [[False, False, False]]
    assert mask("norm", [0.0, 0.0]) == [True]
    assert mask("l1", [0.0, 2.0]) == [[True, False]]
    assert mask("elastic_net", [0.0, 2.0], 0.5) == [[True, False]]
    assert mask("elastic_net", [0.0, 2.0], 0.5, position=1) == []
    assert mask("hinge", [[1.0, 2.0, 3.0]], [2.0]) == [[[False, True, True]]]  # and the label's
    assert mask("hinge", [[1.0, 2.5, 3.0]], [2.0]) == [[[False, False, False]]]
    assert mask("hinge", [[1.0, 2.0, 3.0]], [2.0], position=1) == []
    for position in range(5):
        pieces = [[1.0, 1.0]], [[1.0], [0.0]], [0.0], [[0.0], [1.0]], [0.0]
        assert mask("maxout", *pieces, position=position) == [[[True]]]
    assert mask("exp", [0.0]) == []


def test_of_pooling_the_answer_is_that_of_each_window():
    """A tie in the first window; in the second, one element is the greatest."""
    image = [[1.0, 1.0, 3.0, 0.0], [0.0, 0.0, 2.0, 0.0]]
    assert mask("maxpool2d", image) == [[[[True, True, False, False], [False] * 4]]]


def test_of_a_group_the_inputs_that_reach_a_kink():
    graph = gs.parse("a = x*y; b = relu(a); f = b*z")
    gate = graph.group(["a", "b", "f"], "cell").nodes[-1].gate
    at = [somewhere(at_kink(gate, (0.0, 2.0, 3.0), position=i)) for i in range(3)]
    assert at == [True, True, False]
    assert not somewhere(at_kink(gate, (1.0, 2.0, 3.0)))


@pytest.mark.parametrize(
    ("text", "slope"),
    [("relu(x)", 0.0), ("leaky_relu(x, 0.3)", 0.3), ("elu(x)", 1.0), ("elu(x, 2)", 1.0),
     ("abs(x)", 0.0), ("max(x, 0)", 0.5), ("min(x, 0)", 0.5)],
)  # fmt: skip
@pytest.mark.parametrize("x", [0.0, [0.0]])
def test_the_slope_that_is_used_at_the_kink(text, slope, x):
    """Of numbers and of arrays; the page of gates tells the convention."""
    assert gs.parse(f"f = sum({text})").forward(x=x).gradients["x"] == slope
