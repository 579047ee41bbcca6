"""What is said at kinks, against slopes to the left and to the right."""

from itertools import product

import numpy as np
import pytest
from laws import graph_of

import graphstep as gs
from graphstep.calculus.scalar_math import evaluate
from graphstep.gates import GATES
from graphstep.gates.kinks import bends
from graphstep.reasons.kinks import of_kink, taken_at_kink

STEP = 1e-6
BENT = {n: g for n, g in GATES.items() if g.kinks and g.elementwise and not g.ties}


def slopes(gate, args, position):
    def at(step):
        return evaluate(gate.apply, *args[:position], args[position] + step, *args[position + 1 :])

    return (at(0) - at(-STEP)) / STEP, (at(STEP) - at(0)) / STEP


def is_bent(gate, args, position):
    """Whether the slopes to both sides differ, or the value jumps."""
    left, right = slopes(gate, args, position)
    return abs(left - right) > 1e-3 or max(abs(left), abs(right)) > 1e3


@pytest.mark.parametrize("gate", BENT.values(), ids=BENT)
def test_an_input_at_a_kink_is_told_with_a_slope_of_one_side_or_between(gate):
    graph, met, jump = graph_of(gate), set(), "_jump" if gate.jumps else ""
    for args in product((-3.0, -1.0, 0.0, 0.5, 1.0, 2.0), repeat=len(gate.params)):
        run = graph.forward(dict(zip(graph.inputs, args, strict=True)))
        for wire, (_, _, position) in enumerate(graph.wires):
            found = of_kink(run, wire)
            assert found == (f"one{jump}" if is_bent(gate, args, position) else "")
            if found and not jump:
                low, high = sorted(slopes(gate, args, position))
                assert low - 1e-5 <= taken_at_kink(run, wire) <= high + 1e-5
            met.add(found)
    assert met == {"", f"one{jump}"}


@pytest.mark.parametrize("gate", BENT.values(), ids=BENT)
def test_of_arrays_is_told_whether_all_elements_are_at_a_kink(gate):
    graph = graph_of(gate)
    summed = gs.parse(f"f = sum({gate.name}({', '.join(gate.params)}))")
    for elements in product(product((-1.0, 0.0, 2.0), repeat=len(gate.params)), repeat=2):
        columns = [list(column) for column in zip(*elements, strict=True)]
        run = summed.forward(dict(zip(gate.params, columns, strict=True)))
        for position, name in enumerate(gate.params):
            (wire,) = summed.wires_out[summed.inputs[name]]
            bent = [is_bent(gate, args, position) for args in elements]
            jump = "_jump" if gate.jumps and any(bent) else ""
            wanted = "all" if all(bent) else "some" if any(bent) else ""
            assert of_kink(run, wire) == wanted + jump
    assert len(graph.wires) == len(gate.params)


def captions(text, lang="en", **inputs):
    return " ".join(frame.caption for frame in gs.stepper(text, inputs=inputs, lang=lang))


def test_the_kink_is_told_where_the_gradient_is_not_0():
    one = "x is at the kink, where the derivative is taken to be 1."
    assert one in captions("elu(x, 2)", x=0)
    assert one not in captions("elu(x)", x=0)  # the slope is 1 on both sides
    assert "at the kink" not in captions("leaky_relu(x, 1)", x=0)
    assert "All elements of x are at the kink, where the derivative is taken to be 1." in captions(
        "f = sum(elu(x, 2))", x=[0, 0]
    )
    some = "Some elements of x are at the kink, where the derivative is "
    assert some + "taken to be 0." in captions("f = l1(x)", x=[0, 2])
    assert some + "that of one side." in captions("f = sum(leaky_relu(x, a))", x=[0, 0, 1],
                                                  a=[0.1, 0.2, 0.3])  # fmt: skip
    assert "All elements of x are at the kink, where the derivative is that of one side." in (
        captions("f = sum(leaky_relu(x, a))", x=[0, 0], a=[0.1, 0.2])
    )
    assert "x — в точке излома" in captions("elu(x, 2)", lang="ru", x=0)


GROUPS = {
    "r = relu(x); f = r * w": [(dict(x=0, w=2), True), (dict(x=0, w=0), False)],
    "r = relu(x); f = square(r) + w": [(dict(x=0, w=2), False)],
    "r = max(x, w); f = abs(r)*x": [(dict(x=0, w=0), False), (dict(x=1, w=1), True)],
}


@pytest.mark.parametrize("text", GROUPS)
@pytest.mark.parametrize("arrays", [False, True])
def test_in_a_group_a_kink_is_told_only_where_it_has_an_effect(text, arrays):
    graph = gs.parse(text)
    gate = graph.group([i for i, n in enumerate(graph.nodes) if n.gate], "cell").nodes[-1].gate
    for inputs, bent in GROUPS[text]:
        args = [float(inputs[name]) for name in graph.inputs]
        apart = (np.array([a, 3.0 + k]) for k, a in enumerate(args))
        taken = tuple(apart) if arrays else tuple(args)
        position = list(graph.inputs).index("x")
        masks = bends(gate, taken, position)
        found = any(np.ravel(mask)[0] for mask in masks)
        assert found == bent == is_bent(gate, tuple(args), position)
        assert not any(np.ravel(mask)[1:].any() for mask in masks)


def test_a_zero_in_a_group_at_a_kink_of_no_effect_has_another_reason():
    grouped = gs.parse("r = relu(x); f = r * w").group(["r", "f"], "cell")
    said = " ".join(frame.caption for frame in gs.stepper(grouped, x=0, w=0))
    assert "at the kink" not in said
    assert "x gets 0, since the local gradient is 0 here." in said
