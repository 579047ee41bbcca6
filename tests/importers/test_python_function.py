"""Python functions recorded as graphs."""

import copy
import functools
import math
import pickle
import re

import numpy as np
import pytest
from autograd import grad
from hypothesis import assume, given
from laws import OURS, finite
from strategies import inputs, programs, smooth_expressions

import graphstep as gs
from graphstep.base.errors import TraceError
from graphstep.importers.numpy_functions import FUNCTIONS, UFUNCS


def neuron(w, x, b=0.5):
    return 1 / (1 + np.exp(-(w * x + b)))


def test_a_function_becomes_its_graph():
    graph = gs.trace(neuron, 2.0, -1.0)
    assert graph.source == "w = 2.0; x = -1.0; b = 0.5; neuron = 1/(1 + exp(-(w*x + b)))"
    graph.check()
    tape = graph.forward()
    # NumPy's exp and Python's may differ in the last bit
    assert tape.value == pytest.approx(neuron(2.0, -1.0), rel=1e-15)
    slope = tape.value * (1 - tape.value)
    assert tape.gradients == pytest.approx({"w": -slope, "x": 2 * slope, "b": slope})
    assert tape.check().ok
    assert graph.forward(w=1).value == pytest.approx(neuron(1.0, -1.0), rel=1e-15)
    s = gs.stepper(graph, by="wire", forward=True)
    assert "neuron = " in s[-1].svg()


def test_a_value_that_is_used_twice_is_one_node():
    def f(x):
        y = np.sin(x)
        return y * y + y

    graph = gs.trace(f, 0.3)
    assert graph.source == "x = 0.3; t1 = sin(x); f = t1*t1 + t1"
    assert graph.forward().gradients["x"] == pytest.approx((2 * math.sin(0.3) + 1) * math.cos(0.3))


def test_loops_branches_on_numbers_and_deep_sharing():
    def power(x, n=20):
        for _ in range(20):
            x = x * x
        return x if True else n

    graph = gs.trace(power, 1.0000001)
    assert len(graph.nodes) == 21  # not two to the twentieth
    assert graph.forward().value == pytest.approx(power(1.0000001))
    assert list(graph.inputs) == ["x"]  # n is never used in the result


@given(text=programs(smooth_expressions), values=inputs)
def test_traced_programs_against_autograd(text, values):
    names = list(gs.parse(text).inputs)
    body = "\n".join(f"    {line}" for line in text.splitlines())
    scope = {n: getattr(np, n) for n in ("exp", "sin", "cos", "tanh", "square")}
    scope["sigmoid"] = lambda x: 1 / (1 + np.exp(-x))
    code = f"def program({', '.join(names)}):\n{body}\n    return f"
    exec(code, scope)  # text of this test only
    given_ = [float(values[n]) for n in names]
    graph = gs.trace(scope["program"], *given_)
    graph.check()
    assert graph == gs.parse(graph.source)
    tape = graph.forward()
    assume(finite(tape))
    theirs = dict(OURS)
    exec(code, theirs)
    for position, name in enumerate(names):
        if name in graph.inputs:
            expected = float(grad(theirs["program"], position)(*given_))
            assert tape.gradients[name] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("args", [(), (1, 2), ("a",), (None,), ([],)])
def test_bad_arguments(args):
    with pytest.raises(gs.GraphstepError):
        gs.trace(lambda x: x * 2, *args)
    with pytest.raises(TraceError):
        gs.trace(lambda *xs: xs[0] * 2, 1)
    with pytest.raises(TraceError):
        gs.trace(5, 1)


def test_values_of_another_trace_are_refused():
    kept = []
    gs.trace(lambda x: kept.append(x) or x * 2, 1)
    with pytest.raises(TraceError, match="another trace"):
        gs.trace(lambda x: x * kept[0], 1)


def test_long_functions():
    def deep(x):
        for _ in range(3000):
            x = np.sin(x) + 1
        return x

    def wide(x):
        return sum(np.sin(x * k) for k in range(1, 500))

    for function in (deep, wide):
        tape = gs.trace(function, 0.1).forward()
        assert tape.value == pytest.approx(function(0.1))
        tape.graph.check()


def test_names_that_clash():
    def x(t1, y):
        z = t1 * y
        return z * z

    graph = gs.trace(x, 2, 3)
    assert graph.forward().gradients == {"t1": 36.0, "y": 24.0}
    assert gs.trace(lambda a: a * 2, 3).forward().value == 6.0


def net(x, w1, b1, w2, y):
    h = np.maximum(0, x @ w1 + b1)
    scores = h.dot(w2)
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    logs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return -logs[np.arange(len(x)), y].mean() + 0.1 * (w1**2).sum()


def test_a_network_in_numpy():
    rng = np.random.default_rng(1)
    given_ = dict(x=rng.normal(size=(4, 3)), w1=rng.normal(size=(3, 5)), b1=rng.normal(size=5),
                  w2=rng.normal(size=(5, 2)), y=np.array([0, 1, 1, 0]))  # fmt: skip
    graph = gs.trace(net, *given_.values())
    graph.check()
    tape = graph.forward()
    assert list(tape.gradients) == ["x", "w1", "b1", "w2", "y"]
    assert tape.value == pytest.approx(net(**given_), rel=1e-14)
    text = "h = max(0, x @ w1 + b1); L = cross_entropy(h @ w2, y) + 0.1*l2(w1)"
    other = gs.parse(text).forward(given_)
    for name in ("x", "w1", "b1", "w2"):
        assert tape.gradients[name] == pytest.approx(other.gradients[name], rel=1e-9, abs=1e-12)
    assert gs.stepper(graph)[-1].svg()


def test_a_function_called_like_a_step():
    def t1(x):
        y = x * 2
        return y * y

    assert gs.trace(t1, 3.0).forward().gradients == {"x": 24.0}


def test_gates_of_a_traced_function():
    """Gates for which NumPy has no function, and own ones: recorded, and so checked."""

    @gs.gate(local=[lambda x: np.cos(x)])
    def wrong(x):
        return np.sin(2 * x)

    @gs.gate
    class double:
        def forward(self, x, k=2.0):
            self.k = k
            return k * x

        def backward(self, dz):
            return [self.k * dz, 0.0 * dz]

    def f(x, w):
        hidden = gs.GATES["double"].forward(wrong(x @ w))
        return gs.GATES["logsumexp"].forward(hidden, axis=0)

    graph = gs.trace(f, np.array([1.0, 2.0]), np.array([[0.1, 0.2], [0.3, 0.4]]))
    assert graph.source == "f = logsumexp(double(wrong(x @ w), 2), axis=0)"
    first = graph.forward().check().first
    assert first.kind.startswith("wire")
    assert first.target.startswith("wrong")
    assert wrong(0.5) == np.sin(1.0)  # outside of a trace it stays the function

    @gs.gate(local=[lambda x, k: k * x ** (k - 1), lambda x, k: x**k * np.log(x)])
    def root(x, k=0.5):
        return x**k

    graph = gs.trace(lambda x, y: root(x=x) + root(y, k=x), 4.0, 1.0)
    assert graph.source.endswith("root(x, 0.5) + root(y, x)")
    with pytest.raises(TypeError, match="missing"):
        gs.trace(lambda x: root(k=x), 1.0)  # as Python says it of any function
    with pytest.raises(gs.GraphstepError):
        gs.trace(lambda x: gs.GATES["exp"].forward(x, x), 1.0)


def test_what_a_text_cannot_say_shortly_is_exact_all_the_same():
    dropout, pick = gs.GATES["dropout"], gs.GATES["pick"]
    graph = gs.trace(lambda x: dropout.forward(x, p=0.1234567890123).sum(), np.ones(4))
    assert graph.nodes[1].options == (0.1234567890123, 0)
    graph = gs.trace(lambda x: pick.forward(x, 1), np.array([3.0, 4.0]))
    assert graph.source == "t1 = pick(x, 1)"
    assert graph.forward().value == 4.0


def test_a_function_called_like_a_word_of_python():
    def f(x):
        return x * 2

    f.__name__ = "in"
    assert gs.trace(f, 1.0).source == "x = 1.0; t1 = x*2"


# --- parameters


def layered(x, matrices, activation, scale=True, mode="sum", options=None, bias=(0.5, 1.0)):
    for matrix in matrices:
        x = activation(x @ matrix) + bias
    if options is not None and scale is True:
        x = x * options["scale"]
    return x.sum() if mode == "sum" else x.mean()


def test_what_is_no_number_reaches_the_function_as_it_is():
    matrices = [np.array([[0.5, 1.0], [-1.0, 0.25]]), np.array([[1.0, 0.5], [2.0, 1.0]])]
    given_ = (np.array([0.5, 1.5]), matrices, np.tanh)
    for named in ({}, {"mode": "mean"}, {"options": {"scale": 3.0}, "scale": np.bool_(True)},
                  {"options": {"scale": 3.0}, "scale": True}, {"bias": 2.0}):  # fmt: skip
        graph = gs.trace(layered, *given_, **named)
        expected = layered(*given_, **{"bias": np.array([0.5, 1.0]), **named})
        assert graph.forward().value == pytest.approx(float(expected), rel=1e-13)
        assert {"x", "bias"} <= set(graph.forward().gradients)
        assert not {"matrices", "activation", "scale", "mode"} & set(graph.forward().gradients)


@pytest.mark.parametrize(
    ("function", "args", "inputs_"),
    [
        (lambda x, n: sum(x**k for k in range(n)), (2.0, 4), ["x"]),
        (lambda x, i: x[i] * x[0], ([1.0, 2.0, 4.0], 2), ["i", "x"]),
        (lambda x, rows: x.reshape(rows, -1)[1].sum(), ([1.0, 2.0, 3.0, 4.0], 2), ["x"]),
        (lambda x, shape: x.reshape(shape)[1].sum(), ([1.0, 2.0, 3.0, 4.0], (2, 2)), ["x"]),
        (lambda x, shape: x.reshape((1, *shape))[0, 1].sum(), ([1.0, 2.0, 3.0, 4.0], (2, 2)), ["x"]),
        (lambda x, n: np.ones(n) @ x / n, ([1.0, 2.0], 2), ["x"]),
        (lambda x, axis: x.sum(axis=axis)[1], ([[1.0, 2.0], [3.0, 4.0]], 0), ["x"]),
        (lambda x, y: (np.eye(2)[y] * x).sum(), ([[1.0, 2.0], [3.0, 4.0]], np.array([1, 0])), ["x", "y"]),
        (lambda x, n: sum([x] * n), (2.0, 3), ["x"]),
        (lambda x, n: x * int(n), (2.0, 3), ["x"]),
        (lambda x, k, w: w * x[k - 1], ([1.0, 2.0], 2, 3), ["k", "w", "x"]),
        (lambda x, n: x * n, (2.0, 3), ["n", "x"]),
        (lambda x, n: x / n + n**2, (2, 4), ["n", "x"]),
    ],
)  # fmt: skip
def test_whole_numbers_are_inputs_unless_they_count_or_index(function, args, inputs_):
    graph = gs.trace(function, *args)
    plain = [np.array(a) if isinstance(a, list) else a for a in args]
    assert graph.forward().value == pytest.approx(float(function(*plain)))
    assert sorted({*graph.inputs} - {"c1"}) == inputs_  # c1 is an array from outside


def test_a_function_that_catches_everything_is_run_again_too():
    def f(x, n):
        try:
            count = [1, 2, 3][n]
        except BaseException:
            count = 10
        return count * x

    assert gs.trace(f, 2.0, 1).forward().value == 4.0


def test_a_number_is_no_count():
    for function in (lambda x: x * range(x)[1], lambda x: [1.0, 2.0][x] * x, lambda x: x * int(x)):
        with pytest.raises(TraceError, match="ordinary"):
            gs.trace(function, 1.0)
    with pytest.raises(TraceError, match="no number or array"):
        gs.trace(lambda n: [0.0] * n, 3)


def test_unused_parameters_have_gradient_0():
    def f(x, w, b, n=20, t1=1.0):
        return (x * w).sum() * (x * w).sum()

    graph = gs.trace(f, [1.0, 2.0], 3.0, np.ones((2, 1)))
    assert list(graph.inputs) == ["w", "x"]
    for tape in (graph.forward(), pickle.loads(pickle.dumps(graph.forward())),
                 copy.deepcopy(graph).forward(), graph.forward().at({graph.index("w"): 3.0})):  # fmt: skip
        assert list(tape.gradients) == ["w", "x", "b", "n", "t1"]
        assert tape.gradients["w"] == 54.0
        assert tape.gradients["n"] == tape.gradients["t1"] == 0.0
        assert tape.gradients["b"].tolist() == [[0.0], [0.0]]
    assert graph.forward().check().ok
    assert list(graph.forward().backward("b", "w", "n")) == ["b", "w", "n"]
    assert graph.forward(n=-3, b=[1.0, 2.0]).gradients["b"].tolist() == [0.0, 0.0]
    assert gs.stepper(graph, n=5.0).gradients["n"] == 0.0
    assert gs.stepper(graph)[-1].svg()
    with pytest.raises(gs.GraphstepError, match="n must be one number"):
        graph.forward(n="many")
    with pytest.raises(gs.GraphstepError, match="no input q.*w, x, b, n, t1"):
        graph.forward(q=1)
    sigmoid = gs.trace(lambda x, y: 1 / (1 + np.exp(-x)), 2.0, 1.0)
    assert sigmoid.group_known().expand("sigmoid").forward().gradients["y"] == 0.0


def test_unused_names_stay_theirs():
    """No node is called like an unused parameter, be it numbered, an outside array or the output."""

    def b(t1, c1, b, x):
        z = x * np.array([1.0, 2.0])
        return (z * z).sum()

    tape = gs.trace(b, 1.0, 1.0, 1.0, 3.0).forward()
    assert tape.gradients["x"] == 30.0
    assert tape.gradients["t1"] == tape.gradients["c1"] == tape.gradients["b"] == 0.0


def test_pythons_sum_adds_no_gate():
    assert gs.trace(lambda x, y: sum([x, y, x * y]), 1.0, 2.0).source.endswith("= (x + y) + x*y")

    def total(x):
        found = 0.0
        for number in x:
            found += number
        return found

    assert gs.trace(total, [1.0, 2.0]).source == "total = x[0] + x[1]"
    halves = gs.trace(lambda x: ((0.0 + x) / 2).sum(), np.array([1, 2]))  # not of whole numbers
    assert halves.forward().value == 1.5

    def changed(x):
        total = sum([x])
        total += 1  # an array of its own, as 0 + x is
        return (total * x).sum()

    assert gs.trace(changed, [1.0, 2.0]).forward().value == 8.0


# --- types


def by_type(x):
    if isinstance(x, np.ndarray) and x.dtype.kind == "f" and hasattr(x, "T"):
        return x.sum() * np.finfo(x.dtype).eps * x.itemsize
    return x * x if isinstance(x, float) and not hasattr(x, "dtype") else x**3


@pytest.mark.parametrize("x", [2.0, np.float64(2), 2, np.int64(2), np.ones(3), np.ones(3, np.float32),
                               np.array([1, 2]), np.array(2.0)])  # fmt: skip
def test_branches_on_types_are_those_of_plain_python(x):
    assert gs.trace(by_type, x).forward().value == pytest.approx(by_type(x))


def test_the_docstring_lists_every_function_with_a_gate():
    listed = re.search(r"numbers and arrays: (.*?)\.\n", gs.trace.__doc__, re.DOTALL)[1]
    names = {*UFUNCS, *(name.removeprefix("np.") for name in FUNCTIONS)}
    assert set(re.split(r",\s+", listed)) == names


def test_any_number_of_arguments_is_refused_with_a_way_out():
    def total(*xs):
        return sum(xs)

    for function in (total, lambda x, **named: x * 2):
        with pytest.raises(gs.TraceError, match=r"lambda x, y: f\(x, y\)"):
            gs.trace(function, 2.0)
    assert gs.trace(lambda x, y: total(x, y), 2.0, 3.0).forward().value == 5.0


def test_texts_of_numbers_are_plain():
    """A number that is read back from a text is a constant."""
    assert gs.trace(lambda x: x * float(f"{x:.1f}"), 2.0).forward().gradients["x"] == 2.0


def test_whole_numbers_that_what_is_called_needs():
    """A seed of NumPy, the key of a dictionary, an argument of a cached function."""

    @functools.lru_cache
    def doubled(n):
        return 2.0 * n

    def seeded(x, seed=3):
        return (x * np.random.default_rng(seed).normal(size=3)).sum()

    x = np.array([1.0, 2.0, 3.0])
    assert gs.trace(seeded, x).forward().value == pytest.approx(seeded(x))
    assert gs.trace(lambda x, n: x * {2: 5.0}[n] + doubled(n), 2.0, 2).forward().value == 14.0
    with pytest.raises(TraceError, match=r"hash\(x\) would"):
        gs.trace(lambda x: doubled(x), 2.0)
