"""A traced graph is compared with its function: what differs is an error that says where."""

import random
from functools import partial

import numpy as np
import pytest

import graphstep as gs
from graphstep.base.errors import TraceError
from graphstep.importers import python_function
from graphstep.importers.in_place import Changeable
from graphstep.verification import departure

X = np.array([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])


def departure_of(function, *args, **named):
    with pytest.raises(TraceError) as caught:
        gs.trace(function, *args, **named)
    error = caught.value
    assert "verify=False" in str(error)
    assert "verify=False" in error.message("ru")
    return error


def marked(error):
    """The text over the carets."""
    return error.source[error.span.start : error.span.end]


traced = partial(type.__instancecheck__, Changeable)
"""Whether a value is traced: what a function must not ask. It has no lines of its own."""


def branch(x):
    y = x * 2
    if traced(x):
        y = y * 3
    return y.sum()


def setting(x):
    y = x * 1
    scale = 3 if traced(x) else 2
    return (scale * y).sum()


def element(x):
    y = np.exp(x * 0.1)
    y[1, 2] = 5.0 if traced(x) else 7.0
    return y.sum()


def helper(v):
    w = v + 1
    return w * 2 if traced(v) else w * 3


def nested(x):
    total = x.sum()
    return helper(total) ** 2


def in_a_list(x):
    layers = [x * 1, x * 2]
    layers[1] = layers[1] * (3 if traced(x) else 4)
    return layers[0].sum() + layers[1].sum()


def in_a_dict(x):
    found = {"a": x.sum()}
    found["a"] = found["a"] + traced(x)
    return found["a"] * 2


def loop(x):
    total = 0.0 * x.sum()
    for k in range(5):
        total = total + k * x[0, 0]
        if k == 3 and traced(x):
            total = total + 1
    return total


def shape(x):
    y = x[0:1] if traced(x) else x
    return y.sum()


@pytest.mark.parametrize(
    ("function", "key", "line", "said"),
    [
        (branch, "trace_path", "if traced(x):", {}),
        (setting, "trace_value", "scale = 3", dict(variable="scale", recorded="3", plain="2")),
        (element, "trace_value", "y[1, 2] = 5.0", dict(variable="y[1, 2]", recorded="5.0", plain="7.0")),
        (nested, "trace_returned", "return w * 2", dict(recorded="50.0", plain="75.0")),
        (in_a_list, "trace_value", "layers[1] =", dict(variable="layers[1][0, 0]", plain="12.0")),
        (in_a_dict, "trace_value", 'found["a"] = found', dict(variable="found['a']")),
        (loop, "trace_path", "if k == 3", {}),
        (shape, "trace_value", "y = x[0:1]", dict(recorded="array 1×3", plain="array 2×3")),
    ],
)  # fmt: skip
def test_the_line_where_the_recording_leaves_the_function(function, key, line, said):
    error = departure_of(function, X)
    assert error.key == key
    assert marked(error).startswith(line)
    assert error.file == "test_comparison.py"
    assert said.items() <= error.values.items()
    assert f"ine {error.line} of {error.values['function']}" in str(error)
    recorded = gs.trace(function, X, verify=False)  # as the error says
    assert recorded.forward().value != pytest.approx(function(X))


def test_where_no_line_shows_it():
    class Box:
        pass

    def hidden(x):
        box = Box()
        box.scale = 3 if traced(x) else 2
        return (x * box.scale).sum()

    assert marked(departure_of(hidden, X)) == "return (x * box.scale).sum()"
    scope = {"traced": traced}
    exec("def f(x):\n    y = 2 + traced(x)\n    return y * x", scope)  # it has no text
    error = departure_of(scope["f"], 3.0)
    assert error.span is None
    assert "After line 2 of f, y is 2" in str(error)


def test_a_run_that_is_too_long_to_be_followed(monkeypatch):
    monkeypatch.setattr(departure, "MOST_MOMENTS", 3)
    error = departure_of(loop, X)
    assert (error.key, error.span) == ("trace_returned", None)
    assert f"Line {loop.__code__.co_firstlineno} of loop" in str(error)


def test_a_mechanism_that_is_broken_is_found(monkeypatch):
    """As it was before views were followed: the check said ok, and the graph was another one."""
    monkeypatch.setattr(Changeable, "_overwritten" if hasattr(Changeable, "_overwritten") else
                        "overwritten", lambda self, result: result)  # fmt: skip

    def second_name(x):
        y = x * 1
        z = y
        z += 1
        return (y * z).sum()

    error = departure_of(second_name, np.array([2.0]))
    assert marked(error) == "z += 1"
    assert error.values["variable"] == "y[0]"


def test_functions_with_chance():
    def noisy(x):
        return (x * np.random.default_rng().normal(size=3)).sum()

    def older(x):
        return x * random.random()

    for function, x in ((noisy, X), (older, 2.0)):
        error = departure_of(function, x)
        assert error.key == "trace_chance"
        assert gs.trace(function, x, verify=False).forward().check().ok

    def advice(x, noise):
        return (x * noise).sum()

    assert gs.trace(advice, X, np.random.default_rng(1).normal(size=3)).forward().check().ok

    def same_chance(x, seed):
        return (x * np.random.default_rng(int(seed.size)).normal(size=3)).sum()

    assert gs.trace(same_chance, X, np.zeros(3)).forward().check().ok


def test_functions_that_remember():
    calls = []

    def counting(x):
        calls.append(1)
        return x * len(calls)

    assert departure_of(counting, 2.0).key == "trace_chance"


def test_values_of_the_recording_that_are_used_again():
    values = {}

    def cached(x):
        return (values.setdefault("y", np.exp(x)) * x).sum()

    def remembered(x):
        if "y" in values:
            return float(values["y"]) * x[0]
        values["y"] = x.sum() * 2
        return values["y"] * x.sum()

    for function in (cached, remembered):
        values.clear()
        error = departure_of(function, X)
        assert error.key == "trace_kept"
        values.clear()
        assert gs.trace(function, X, verify=False).forward().check().ok
    assert marked(error) == 'float(values["y"])'


@pytest.mark.parametrize(("verify", "times"), [(True, 2), (False, 1)])
def test_the_function_runs_once_more_to_be_compared(verify, times):
    calls = []

    def noted(x):
        calls.append(1)
        return x.sum()

    gs.trace(noted, X, verify=verify)
    assert len(calls) == times


def test_functions_that_fail_on_plain_numbers():
    def halved(x):
        y = x
        y /= 2
        return y.sum()

    locked = X.copy()
    locked.flags.writeable = False
    error = departure_of(halved, locked)
    assert error.key == "trace_raises"
    assert "ValueError: output array is read-only" in str(error)
    assert marked(error) == "y /= 2"
    assert gs.trace(halved, locked, verify=False).forward().value == pytest.approx(X.sum() / 2)


def test_where_pythons_floats_have_no_value():
    """The graph is NumPy's there: inf and nan."""
    for function, x in ((lambda x: 1 / x, 0.0), (lambda x: x**0.5, -2.0), (lambda x: x / 0, 2.0),
                        (lambda x: x**-1, 0.0), (lambda x: x**9999, 1e9)):  # fmt: skip
        assert not np.isfinite(gs.trace(function, x).forward().value)

    def complex_numbers(x):
        return abs(x**0.5)

    assert departure_of(complex_numbers, -2.0).values["recorded"] == "nan"


def test_arguments_stay_as_they_are():
    def f(x, w):
        x += w
        w *= 2
        x[0] = w
        return (x * x).sum()

    x, w = X.copy(), np.array([1.0, 2.0, 3.0])
    for verify in (True, False):
        graph = gs.trace(f, x, w, verify=verify)
        assert (x == X).all()
        assert w.tolist() == [1.0, 2.0, 3.0]
    assert graph.forward().value == pytest.approx(f(x.copy(), w.copy()))
    with pytest.raises(TraceError):
        gs.trace(branch, x)
    assert (x == X).all()


def test_a_parameter_called_verify():
    graph = gs.trace(lambda x, verify: x * verify, 2.0, 3.0)
    assert graph.forward().gradients == {"x": 3.0, "verify": 2.0}


def test_rounding_is_no_difference():
    def cancelling(x):
        y = np.exp(20 * x) + np.sin(x)
        return y - np.exp(20 * x) - np.tanh(x) * 1e-3

    def zeros(x):
        return np.sin(x) ** 2 + np.cos(x) ** 2 - 1

    def overflow(x):
        return np.exp(x * 1e4) - np.exp(x * 1e4), np.exp(x * 1e4), 1 / (x - x), -1 / (x - x)

    for function in (cancelling, zeros):
        for x in np.linspace(0.1, 1.5, 40):
            gs.trace(function, float(x))
            gs.trace(lambda x: function(x).sum(), np.full((2, 2), x))  # noqa: B023
    for k in range(4):
        gs.trace(lambda x: overflow(x)[k], 2.0)  # noqa: B023
        gs.trace(lambda x: overflow(x)[k], [2.0, 1.0])  # noqa: B023


@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_numbers_that_are_less_exact(kind):
    """The graph computes in float64; a function on float32 rounds more, and that is all."""
    rng = np.random.default_rng(5)

    def f(x, w):
        return (np.exp(x) * w).mean() + (x.sum() - x.sum())

    for _ in range(20):
        gs.trace(f, rng.normal(size=(3, 4)).astype(kind), rng.normal(size=4))
    assert departure_of(setting, X.astype(kind)).values["variable"] == "scale"


def test_each_run_is_needed(monkeypatch):
    """One run on plain numbers where all is well, none with verify=False."""
    runs = []
    plainly = python_function._run_plainly
    monkeypatch.setattr(python_function, "_run_plainly",
                        lambda *args, **named: runs.append(1) or plainly(*args, **named))  # fmt: skip
    gs.trace(lambda x: x * 2, 1.0)
    assert len(runs) == 1
    gs.trace(lambda x: x * 2, 1.0, verify=False)
    assert len(runs) == 1
