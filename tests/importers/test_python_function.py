"""Python functions recorded as graphs."""

import math

import numpy as np
import pytest
from autograd import grad
from hypothesis import assume, given
from laws import OURS, finite
from strategies import inputs, programs, smooth_expressions

import graphstep as gs
from graphstep.base.errors import TraceError
from graphstep.calculus.shapes import ShapeError
from graphstep.importers.traced_value import UFUNCS


def neuron(w, x, b=0.5):
    return 1 / (1 + np.exp(-(w * x + b)))


def test_a_function_becomes_its_graph():
    graph = gs.trace(neuron, 2.0, -1.0)
    assert graph.source == "w = 2.0; x = -1.0; b = 0.5; neuron = 1/(1 + exp(-(w*x + b)))"
    graph.check()
    tape = graph.forward()
    assert tape.value == neuron(2.0, -1.0)
    slope = tape.value * (1 - tape.value)
    assert tape.gradients == pytest.approx({"w": -slope, "x": 2 * slope, "b": slope})
    assert tape.check().ok
    assert graph.forward(w=1).value == neuron(1.0, -1.0)
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


@pytest.mark.parametrize("name", [n for n in UFUNCS if n not in ("true_divide", "matmul")])
def test_every_numpy_function_of_the_table(name):
    ufunc = getattr(np, name)
    args = (0.7, 1.3)[: ufunc.nin]
    graph = gs.trace((lambda x, y: ufunc(x, y)) if ufunc.nin == 2 else (lambda x: ufunc(x)), *args)
    assert graph.forward().value == pytest.approx(float(ufunc(*args)), rel=1e-15)


def test_a_gate_is_recorded_by_any_input_that_asks_for_it():
    """The protocol alone counts: the value need not be one of ours."""

    class Value:
        def __graphstep_gate__(self, gate, inputs, options):
            return gate.name, inputs, options

    value = Value()
    assert gs.GATES["leaky_relu"].forward(value) == ("leaky_relu", (value, 0.1), ())
    assert gs.GATES["sum"].forward(value, axis=1) == ("sum", (value,), (1, 0))
    assert gs.GATES["add"].forward(2.0, value)[0] == "add"
    with pytest.raises(gs.GraphstepError):
        gs.GATES["add"].forward(value)


def test_operators_with_numbers_on_both_sides():
    def f(x, y):
        return -(2 + x) * (y - 1) / (3 - x) + 2**y + x**2 - 1 / y + abs(+x) + np.float64(2) * y

    tape = gs.trace(f, 0.5, 2.0).forward()
    assert tape.value == pytest.approx(f(0.5, 2.0))
    assert tape.check().ok


def boolean(x):
    return x if x > 0 else -x


@pytest.mark.parametrize(
    "function",
    [
        boolean, lambda x: math.exp(x), lambda x: np.arctan(x), lambda x: x // 2, lambda x: x @ x,
        lambda x: x[0], lambda x: [y for y in x], lambda x: len(x), lambda x: np.cumsum(x),
        lambda x: x[None], lambda x: x[x > 0], lambda x: np.sum(x, where=True), lambda x: x.reshape(7),
        lambda x: 3.0, lambda x: x, lambda x: None, lambda x: (x * 2, x), lambda x: float(x),
        lambda x: x == 1, lambda x: np.add.reduce(x), lambda x: np.exp(x, where=True), lambda x: x + "1",
        lambda x: x * float("nan"), lambda x: np.array(x) * 2,
    ],
)  # fmt: skip
def test_what_would_leave_the_graph_is_refused(function):
    with pytest.raises(gs.GraphstepError) as caught:
        gs.trace(function, 1.5)
    assert str(caught.value)


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


ARRAYS = [
    lambda x, w: (x @ w).sum(), lambda x, w: np.dot(w.T, x.T).mean(), lambda x, w: x[0] @ w @ w[1],
    lambda x, w: np.outer(x[0], w[0]).max(), lambda x, w: x.reshape(-1).min() * x.ravel().dot(w.flatten()),
    lambda x, w: np.concatenate([x, w.T], axis=0).sum(), lambda x, w: np.linalg.norm(x),
    lambda x, w: sum(row[0] for row in x), lambda x, w: x[1, 2] * x[-1][0], lambda x, w: x[0:1].sum(),
    lambda x, w: (np.array([1.0, 2.0]) * x.T).sum() + (x @ np.ones(3)).sum(),
    lambda x, w: x.sum() / len(x) + x.ndim * x.size * x.shape[0] * x[0, 0],
    lambda x, w: np.transpose(x.transpose()).sum(axis=0).max(), lambda x, w: np.dot(x, 2).sum(),
    lambda x, w: x[np.arange(2), np.array([2, 1])].sum(),
    lambda x, w: x[0][np.array([2, 0])].sum(), lambda x, w: np.reshape(x, (3, 2))[2].sum(),
]  # fmt: skip


@pytest.mark.parametrize("function", ARRAYS, ids=range(len(ARRAYS)))
def test_array_functions(function):
    rng = np.random.default_rng(2)
    x, w = rng.normal(size=(2, 3)), rng.normal(size=(3, 2))
    graph = gs.trace(function, x, w)
    written = gs.parse(graph.source)  # without the arrays, which stand in the nodes alone
    assert [node if node.gate else node._replace(value=None) for node in graph.nodes] == [
        *written.nodes
    ]
    tape = graph.forward()
    assert tape.value == pytest.approx(float(function(x, w)), rel=1e-13)
    assert tape.check().ok


def test_shapes_that_do_not_fit_are_told_while_tracing():
    with pytest.raises(
        ShapeError, match="x has shape 2x3, y has shape 2: x @ y needs y of shape 3"
    ):
        gs.trace(lambda a, b: (a @ b).sum(), np.ones((2, 3)), np.ones(2))
    with pytest.raises(TraceError, match=r"np\.dot"):
        gs.trace(lambda a: np.dot(a, np.ones((2, 3, 3))).sum(), np.ones((2, 3)))
    with pytest.raises(TraceError, match="indexed"):
        gs.trace(lambda a: a[::2].sum(), np.ones(3))


def test_indexes_mean_what_numpy_means():
    x = np.array([[1.0, 2, 3], [4, 5, 6]])
    for function in (lambda x: x[[0, 1]].sum(), lambda x: x[np.array([0, 1])].sum(),
                     lambda x: x[0][[True, False, True]].sum(), lambda x: x[True].sum(),
                     lambda x: x[0][np.array([0.5])], lambda x: x[0.5:].sum(), lambda x: x[[]].sum()):  # fmt: skip
        with pytest.raises(gs.GraphstepError):
            gs.trace(function, x)
    assert gs.trace(lambda x: x[0][[2, 0]].sum(), x).forward().value == 4.0


def test_dot_with_lists():
    for function in (lambda x: np.dot([1.0, 2.0], x), lambda x: x.dot([1.0, 2.0]) * 1):
        assert gs.trace(function, [3.0, 4.0]).forward().value == 11.0


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x.sum(axis=(0, 1)), lambda x: x.sum(dtype=float), lambda x: x.ravel("F").sum(),
        lambda x: x.reshape(3, 2, order="F").sum(), lambda x: x.transpose(1, 0).sum(),
        lambda x: x.reshape(np.array([3, 2])).sum(), lambda x: x.std(), lambda x: x.item(),
        lambda x: x.astype(float).sum(), lambda x: x.copy().sum(), lambda x: x.reshape(()).sum(),
    ],
)  # fmt: skip
def test_forms_without_a_gate_are_refused(function):
    with pytest.raises(gs.GraphstepError):
        gs.trace(function, np.ones((2, 3)))


def test_one_part_is_joined_as_it_is():
    assert gs.trace(lambda x: np.concatenate([x]).sum(), [1.0, 2]).forward().value == 3.0


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
