"""Digits of all gates, against arithmetic with 400 digits: no cancellation, no sign of a zero."""

from functools import partial
from itertools import product

import mpmath as mp
import numpy as np
import pytest
from laws import BY_ELEMENT, EXACTLY

import graphstep as gs
from graphstep.calculus.scalar_math import evaluate
from graphstep.gates import GATES
from graphstep.gates.kinks import distances

STEP = mp.mpf(10) ** -60
TINY = 1e-300  # below it floats have fewer digits


def total(values):
    return mp.fsum(values)


def softmax(x):
    powers = [mp.exp(v) for v in x]
    return [p / total(powers) for p in powers]


def logsumexp(x):
    return mp.log(total(map(mp.exp, x)))


POINTS = (
    -740.0,
    -36.5,
    -8.0,
    -1e-9,
    -1e-30,
    1e-30,
    1e-9,
    0.3,
    0.9,
    1 + 1e-9,
    2.5,
    3.75,
    20.0,
    38.5,
    700.0,
)

ON_VECTORS = {
    "sum": total,
    "mean": lambda x: total(x) / len(x),
    "amax": max,
    "amin": min,
    "norm": lambda x: mp.sqrt(total(v * v for v in x)),
    "l1": lambda x: total(map(abs, x)),
    "l2": lambda x: total(v * v for v in x),
    "logsumexp": logsumexp,
    "softmax": softmax,
    "log_softmax": lambda x: [v - logsumexp(x) for v in x],
}
WITH_MORE = {
    "mse(x, [1, 2, -3])": lambda x: total((v - t) ** 2 for v, t in zip(x, (1, 2, -3), strict=True)) / 3,
    "elastic_net(x, 0.5)": lambda x: total(v * v / 2 + abs(v) for v in x),
    **{f"cross_entropy(x, {k})": lambda x, k=k: logsumexp(x) - x[k] for k in range(3)},
}  # fmt: skip
VECTORS = ([40.0, 0.0, -3.0], [0.0, 90.0, 2.0], [-700.0, 1.0, 3.0], [0.25, 0.5, 0.125],
           [1e-20, 3.0, -80.0], [250.0, 250.5, -20.0])  # fmt: skip
WEIGHTS = ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, -2.5, 0.3], [1.0, 1.0, -0.7])


@pytest.fixture(autouse=True)
def digits():
    with mp.workdps(400):
        yield


def slope(function, args, position):
    """The derivative with respect to one argument, by a step that 400 digits allow."""
    up, down = list(args), list(args)
    up[position], down[position] = args[position] + STEP, args[position] - STEP
    return (function(*up) - function(*down)) / (2 * STEP)


def assert_close(found, exact):
    assert found == pytest.approx(float(exact), rel=4e-13, abs=TINY)


def defined(name, args):
    """Whether a gate is defined around a point; pow is not for negative numbers."""
    return not ((name in ("log", "sqrt") or name == "pow") and args[0] < 0)


@pytest.mark.parametrize("name", BY_ELEMENT)
def test_local_gradients_keep_their_digits(name):
    gate, met = GATES[name], 0
    exactly = partial(gate.apply, EXACTLY)
    for args in product(POINTS, repeat=len(gate.params)):
        if not defined(name, args) or (gate.variadic and args[0] == args[1]):
            continue
        if not gate.variadic and any(distance == 0 for distance in distances(gate, args)):
            continue  # at a kink
        value = exactly(*map(mp.mpf, args))
        if isinstance(value, mp.mpc):
            continue  # no real number
        if not TINY < abs(value) < 1e300 and value:
            continue
        out = evaluate(gate.apply, *args)
        assert_close(out, value)
        for i in range(len(args)):
            exact = slope(exactly, list(map(mp.mpf, args)), i)
            if not isinstance(exact, mp.mpc) and abs(exact) < 1e300:
                assert_close(gate.local_at(i, out, args), exact)
                met += 1
    assert met >= 6


CALLS = {
    **{f"{GATES[name].text.format(x='x', options='')}": f for name, f in ON_VECTORS.items()},
    **WITH_MORE,
}


@pytest.mark.parametrize("text", CALLS)
@pytest.mark.parametrize("x", VECTORS, ids=str)
def test_gradients_of_arrays_keep_their_digits(text, x):
    """Of each output and of weighted sums of them: the winner of a softmax too."""
    exact = CALLS[text]
    many = isinstance(exact(list(map(mp.mpf, x))), list)
    for weights in WEIGHTS if many else (None,):
        source = f"f = sum([{', '.join(map(str, weights))}]*{text})" if many else f"f = {text}"

        def whole(*values, weights=weights):
            out = exact(list(values))
            return mp.fdot(map(mp.mpf, weights), out) if many else out

        tape = gs.parse(source).forward(x=x)
        for i, found in enumerate(tape.gradients["x"]):
            assert_close(found, slope(whole, list(map(mp.mpf, x)), i))


def test_the_winner_of_a_softmax_by_hand():
    """Its gradient is p*(1 - p), with p so close to 1 that 1 - p is 0 on floats."""
    left = float(mp.exp(-40) / (1 + mp.exp(-40)))
    for text in ("softmax(x)[0]", "log_softmax(x)[0]"):
        for axis, x in ((0, [40.0, 0.0]), (-1, [[40.0, 0.0], [0.0, 40.0]])):
            source = (
                f"f = {text}"
                if axis == 0
                else f"f = sum({text.replace('[0]', '')}*[[1, 0], [0, 1]])"
            )
            found = gs.parse(source).forward(x=x).gradients["x"]
            assert np.abs(found) == pytest.approx(np.full(np.shape(x), left), rel=1e-15)


# --- the sign of a zero


POLES = {("div", 1), ("reciprocal", 0), ("pow", 0)}
"""Where the value jumps from -inf to inf, so that the sign of a zero says on which side it is."""


@pytest.mark.parametrize("name", BY_ELEMENT)
def test_a_negative_zero_is_zero(name):
    """The sign of a zero does not turn a slope round, where the function has a value or one side."""
    gate = GATES[name]
    for args in product((-2.0, 0.0, 0.5, 1.0, 3.0), repeat=len(gate.params)):
        for place in (k for k, v in enumerate(args) if v == 0):
            other = (*args[:place], -0.0, *args[place + 1 :])
            if (name, place) in POLES and not np.isfinite(evaluate(gate.apply, *args)):
                continue
            for i in range(len(args)):
                plus, minus = (gate.local_at(i, evaluate(gate.apply, *a), a) for a in (args, other))
                assert plus == minus or (plus != plus and minus != minus), (args, place, i)


def test_slopes_at_the_end_of_a_domain_are_positive():
    for name in ("sqrt", "log"):
        for zero in (0.0, -0.0):
            tape = gs.parse(f"f = {name}(x)").forward(x=zero)
            assert tape.gradients == {"x": float("inf")}
            tape = gs.parse(f"f = sum({name}(x))").forward(x=[zero, 4.0])
            assert tape.gradients["x"][0] == float("inf")
