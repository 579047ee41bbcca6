"""Rows of the table: each is complete, and options are checked."""

import numpy as np
import pytest
from laws import BY_ELEMENT

import graphstep as gs
from graphstep.base.errors import GraphError
from graphstep.base.words import sentences
from graphstep.calculus.scalar_math import evaluate
from graphstep.gates import GATES


@pytest.mark.parametrize("gate", GATES.values(), ids=GATES)
def test_rows_are_whole(gate):
    assert gate.name in GATES
    assert gate.variadic or len(gate.local) == len(gate.params)
    assert f"gate.{gate.name}" in sentences("en")
    assert not gate.kinks or gate.convention
    assert not gate.zero or callable(gate.zero) or f"zero_some.{gate.zero}" in sentences("en")
    assert not gate.ties or f"tie.{gate.ties}" in sentences("en")
    assert (gate.defined is None) == (not gate.domain or gate.name == "tan")  # no float is a pole
    assert not gate.nickname or f"nickname.{gate.name}" in sentences("en")


def test_options_of_a_gate_by_itself_are_checked():
    for name, given_, options in (("sum", [[1, 2]], dict(axis="a")), ("sum", [[1]], dict(axis=1.0)),
                                  ("softmax", [1, 2], dict(axis=None)), ("dropout", [1], dict(p=-1)),
                                  ("maxpool2d", np.ones((2, 2)), dict(size=0)),
                                  ("dropout", [1], dict(seed=-1))):  # fmt: skip
        with pytest.raises(GraphError, match="cannot be"):
            GATES[name].forward(given_, **options)
    GATES["mul"].forward(1, 2)
    for bad in ([1, 2], None):
        with pytest.raises(gs.GraphstepError):
            GATES["mul"].backward(bad)


@pytest.mark.parametrize(
    ("name", "factors"),
    [
        ("add", [(), ()]), ("mul", [(1,), (0,)]), ("div", [(1,), (0, 1)]), ("exp", [(None,)]),
        ("max", [(0, 1), (0, 1)]), ("matmul", [(1,), (0,)]), ("softmax", [(None,)]),
        ("norm", [(0, None)]), ("cross_entropy", [(0, 1), ()]), ("sum", [()]),
    ],
)  # fmt: skip
def test_the_values_that_a_local_gradient_is_made_of(name, factors):
    """Positions of inputs; None is the output, which the local gradient of exp is."""
    assert [tuple(GATES[name].factors(i, 2)) for i in range(len(factors))] == factors


@pytest.mark.parametrize("gate", BY_ELEMENT.values(), ids=BY_ELEMENT)
def test_a_local_gradient_is_made_of_nothing_else(gate):
    first = 1.7 if gate.domain == "x ≥ 1" else 0.7
    inputs = (first, 1.9, 2.4)[: len(gate.params)]
    out = evaluate(gate.apply, *inputs)
    for position in range(len(inputs)):
        factors = gate.factors(position, len(inputs))
        other = tuple(x if i in factors else x + 0.1 for i, x in enumerate(inputs))
        here = out if None in factors else evaluate(gate.apply, *other)
        assert gate.local_at(position, here, other) == gate.local_at(position, out, inputs)


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("dropout(x)", "dropout(x, p=0.5, seed=0)"), ("softmax(x)", "softmax(x, axis=-1)"),
        ("log_softmax(x)", "log_softmax(x, axis=-1)"), ("maxpool2d(x)", "maxpool2d(x, 2, 2, 0)"),
        ("avgpool2d(x, 3)", "avgpool2d(x, 3, stride=3)"), ("flatten(x)", "flatten(x, 0)"),
        ("conv2d(x, x)", "conv2d(x, x, stride=1, pad=0, dilation=1, groups=1)"), ("concat(x, x)", "concat(x, x, axis=0)"),
        ("batchnorm(x, 2, 1)", "batchnorm(x, 2, 1, eps=1e-5)"),
        ("stack(x, x)", "stack(x, x, axis=0)"), ("split(x, 2)", "split(x, count=2, axis=0)"),
        ("leaky_relu(x)", "leaky_relu(x, 0.1)"), ("elu(x)", "elu(x, 1)"),
    ],
)  # fmt: skip
def test_what_options_and_inputs_left_out_mean(short, whole):
    x = np.random.default_rng(1).standard_normal((6, 6))
    one, other = (gs.parse(f"y = {text}; f = sum(y*y)").forward(x=x) for text in (short, whole))
    assert one.value == other.value
    assert (one.gradients["x"] == other.gradients["x"]).all()
