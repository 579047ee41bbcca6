"""Gradients as graphs: they can be read, run, and differentiated again."""

import math
from types import SimpleNamespace

import autograd.numpy as anp
import caption_equations
import numpy as np
import pytest
import sympy
from array_cases import EACH, LABELLED
from autograd import grad
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from laws import BY_ELEMENT, finite, graph_of, only, smooth_at
from strategies import MATRICES, matrix_programs, programs, smooth_expressions
from strategies import inputs as points

import graphstep as gs
from examples import array
from graphstep.calculus.functions import MATHEMATICS
from graphstep.calculus.indexing import index_text
from graphstep.gates import GATES


@pytest.mark.parametrize(
    ("text", "name", "source"),
    [
        ("f = (x + y)*z", "z", "dz = x + y"),
        ("f = (x + y)*z", "x", "dx = z + x*0"),
        ("f = x**3", "x", "dx = 3*(x**2)"),
        ("f = x + y", "x", "dx = 1 + x*0"),
        ("f = -x", "x", "dx = (-1) + x*0"),
        ("f = y*y", "y", "dy = y + y"),
        ("f = x*x*x", "x", "t1 = x*x; dx = (t1 + t1) + t1"),
        ("f = relu(x)*w", "x", "dx = w*(x > 0)"),
        ("f = tanh(x)", "x", "f = tanh(x); dx = 1 - f**2"),
        ("f = exp(x)*y", "x", "dx = y*exp(x)"),
        ("q = x*y; f = sin(q)", "q", "q = x*y; dq = cos(q)"),
        ("f = floor(x)", "x", "dx = x*0"),
        ("f = x*dx", "x", "dx_ = dx + x*0"),
    ],
)
def test_texts(text, name, source):
    assert gs.parse(text).gradient(name).source == source


def test_equal_inputs_of_a_maximum_share_it_here_too():
    graph = gs.parse("f = max(x, y, z)")
    for point in ((1, 1, 0), (2, 2, 2), (0, 1, 2), (3, 1, 3)):
        values = dict(zip("xyz", point, strict=True))
        for name, gradient in graph.forward(values).gradients.items():
            assert graph.gradient(name).forward(values).value == gradient


@settings(max_examples=60)
@given(programs(), points)
def test_its_values_are_the_gradients(text, values):
    graph = gs.parse(text)
    values = only(graph, values)
    tape = graph.forward(values)
    assume(finite(tape))
    for name in graph.names:
        found = graph.gradient(name)
        (gradient,) = tape.backward(name).values()
        value = found.forward(values).value
        assert value == pytest.approx(
            gradient, rel=1e-6, abs=1e-9 * (1 + max(map(abs, tape.upstreams)))
        )
        assert gs.parse(found.source) == found or found.unused


@settings(max_examples=30)
@given(programs(smooth_expressions), points)
def test_a_hessian_times_a_direction(text, values):
    """Against differences of gradients, and the Hessian is symmetric."""
    graph = gs.parse(text)
    values = only(graph, values)
    tape = graph.forward(values)
    assume(finite(tape) and max(map(abs, tape.upstreams)) < 1e3)
    names = list(graph.inputs)
    along = graph.directional(**{name: f"to_{name}" for name in names})
    size = {}
    for k, name in enumerate(names):
        unit = {f"to_{other}": float(other == name) for other in names}
        found = along.forward({**values, **unit}).gradients
        size[name] = [found[other] for other in names]
        h = 1e-5
        ends = [graph.forward({**values, name: values[name] + s}).gradients for s in (h, -h)]
        for other in names:
            difference = (ends[0][other] - ends[1][other]) / (2 * h)
            assert found[other] == pytest.approx(difference, rel=1e-3, abs=1e-2), (name, other, k)
    hessian = np.array([size[name] for name in names])
    assert np.allclose(hessian, hessian.T, rtol=1e-8, atol=1e-8)


# --- against sympy


def _where(test, yes, no):
    return sympy.Piecewise((yes, test), (no, True))


NAMES = {
    **{f"arc{n}": f"a{n}" for n in ("sin", "cos", "tan", "tan2", "sinh", "cosh", "tanh")},
    "fabs": "Abs", "absolute": "Abs", "maximum": "Max", "minimum": "Min",
}  # fmt: skip
OURS = {
    "add": lambda x, y: x + y, "subtract": lambda x, y: x - y, "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y, "true_divide": lambda x, y: x / y, "power": lambda x, y: x**y,
    "float_power": lambda x, y: x**y, "negative": lambda x: -x, "square": lambda x: x * x,
    "reciprocal": lambda x: 1 / x, "expm1": lambda x: sympy.exp(x) - 1, "log1p": lambda x: sympy.log(1 + x),
    "log2": lambda x: sympy.log(x, 2), "log10": lambda x: sympy.log(x, 10),
    "cbrt": lambda x: sympy.sign(x) * sympy.Abs(x) ** sympy.Rational(1, 3),
    "hypot": lambda x, y: sympy.sqrt(x * x + y * y),
    "logaddexp": lambda x, y: sympy.log(sympy.exp(x) + sympy.exp(y)),
    "where": _where,
}  # fmt: skip
SYMBOLS = SimpleNamespace(
    **OURS,
    **{n: found for n in MATHEMATICS if n not in OURS
       if (found := getattr(sympy, NAMES.get(n, n), None)) is not None},
)  # fmt: skip
FLAT = {name for name, gate in BY_ELEMENT.items() if set(gate.local) == {0.0}}
DIFFERENTIATED = sorted(BY_ELEMENT.keys() - FLAT - {"max", "min", "where"})
POINTS = ((0.7, 1.3, 2.1), (0.4, 2.2, 3.3), (-0.6, 1.7, 2.4), (1.6, 0.3, 0.9))


@pytest.mark.parametrize("name", DIFFERENTIATED)
def test_second_derivatives_of_every_gate(name):
    gate, seen = GATES[name], 0
    graph = graph_of(gate)
    symbols = sympy.symbols(" ".join(graph.inputs) + ",", real=True)
    formula = gate.apply(SYMBOLS, *symbols)
    for point in POINTS:
        args = point[: len(symbols)]
        if not smooth_at(gate, args) or not all(map(math.isfinite, args)):
            continue
        at = dict(zip(symbols, args, strict=True))
        for one, first in zip(graph.inputs, symbols, strict=True):
            slope = graph.gradient(one)
            for other, second in zip(graph.inputs, symbols, strict=True):
                wanted = complex(sympy.diff(formula, first, second).subs(at).evalf(30))
                if math.isnan(wanted.real) or abs(wanted.imag) > 1e-12:
                    continue
                found = slope.gradient(other).forward(dict(zip(graph.inputs, args, strict=True)))
                assert found.value == pytest.approx(wanted.real, rel=1e-9, abs=1e-9), (one, other)
                seen += 1
    assert seen, name


X, Y = sympy.symbols("x y", real=True)
CHOICES = {
    "max(x*x, y**3)": sympy.Piecewise((X * X, X * X > Y**3), (Y**3, True)),
    "min(x*x, y**3)": sympy.Piecewise((X * X, X * X < Y**3), (Y**3, True)),
    "where(x > y, x**3 * y, x*y*y)": sympy.Piecewise((X**3 * Y, X > Y), (X * Y * Y, True)),
}


@pytest.mark.parametrize("text", CHOICES)
def test_second_derivatives_of_gates_that_choose(text):
    graph = gs.parse(f"f = {text}")
    for first in (X, Y):
        for second in (X, Y):
            exact = sympy.diff(CHOICES[text], first, second)
            found = graph.gradient(str(first)).gradient(str(second))
            for x, y, _ in POINTS:
                value = found.forward(
                    {k: v for k, v in dict(x=x, y=y).items() if k in found.inputs}
                ).value
                assert value == pytest.approx(float(exact.subs({X: x, Y: y})), rel=1e-9), (x, y)


@pytest.mark.parametrize("name", sorted(FLAT))
def test_second_derivatives_through_gates_that_are_flat(name):
    """A gate without slope is a number: of its product with a cube, 6 x times that number."""
    args = ("x", "y")[: len(GATES[name].params)]
    graph = gs.parse(f"g = {name}({', '.join(args)}); f = g*x**3 + exp(x)")
    found = graph.gradient("x").gradient("x")
    for x, y, _ in POINTS:
        given_ = {k: v for k, v in dict(x=x, y=y).items() if k in graph.inputs}
        wanted = 6 * x * graph.forward(given_)["g"].value + math.exp(x)
        value = found.forward({k: v for k, v in given_.items() if k in found.inputs}).value
        assert value == pytest.approx(wanted)


# --- as any other graph


def test_it_can_be_drawn_stepped_checked_and_grouped():
    slope = gs.parse("f = sigmoid(w*x)*w").gradient("w")
    s = gs.stepper(slope, w=0.5, x=2, forward=True)
    assert caption_equations.check(s)
    assert s.tape.check().ok
    assert "<svg" in s[-1].svg()
    assert slope.gradient("x").gradient("x").forward(w=0.5, x=2).check().ok


def test_inputs_that_are_not_in_it_may_be_given():
    slope = gs.parse("f = x*3 + y; g = f*z").gradient("x")
    assert slope.forward(x=1, y=2, z=3).value == 9.0
    assert slope.forward(x=1, y=2, z=3).gradients == {"x": 0.0, "y": 0.0, "z": 3.0}


@pytest.mark.parametrize(
    ("text", "name", "key"),
    [
        ("f = sum(W)", "W", "shapes_needed"),
        ("f = sum(x @ y)*2", "x", "shapes_needed"),
        ("f = x*y", "weight", "unknown_name"),
        ("f = x*y", 3, "not_a_name"),
    ],
)
def test_what_has_no_graph_of_its_gradient(text, name, key):
    with pytest.raises(gs.GraphstepError) as caught:
        gs.parse(text).gradient(name)
    assert caught.value.key == key


def test_a_shape_that_is_for_no_input():
    with pytest.raises(gs.InputError, match=r"no input y\. Inputs: x\."):
        gs.parse("f = l2(x)").gradient("x", shapes={"y": 3})


def test_a_direction_needs_new_names():
    with pytest.raises(gs.GraphError) as caught:
        gs.parse("f = x*y").directional(x="y")
    assert caught.value.key == "builder_taken"


@given(st.integers(1, 5))
def test_derivatives_of_a_power_to_any_order(order):
    graph = gs.parse("f = x**5")
    for _ in range(order):
        graph = graph.gradient("x")
    expected = math.perm(5, order) * 2.0 ** (5 - order)
    assert graph.forward(x=2).value == pytest.approx(expected)


# --- over arrays


def shapes_of(inputs):
    return {name: np.shape(value) for name, value in inputs.items()}


@pytest.mark.parametrize(
    ("text", "name", "shapes", "source"),
    [
        ("f = sum(W @ x)", "x", {"W": (2, 3), "x": (3,)}, "dx = W.T @ broadcast_to(1, 2)"),
        ("f = l2(W @ x)", "W", {"W": (2, 3), "x": (3,)}, "dW = outer(2*(W @ x), x)"),
        ("f = mean(X @ W)", "W", {"X": (5, 2), "W": (2, 3)}, "dW = X.T @ broadcast_to(0.06666666666666667, 5, 3)"),
        ("q = W @ x + b; f = dot(q, q)", "b", {"W": (2, 3), "x": (3,), "b": (2,)},
         "q = W @ x + b; dq = q + q"),
        ("f = sum(x*c)", "c", {"x": (3,), "c": ()}, "dc = sum(x)"),
        ("f = sum(x*c)", "x", {"x": (3,), "c": ()}, "dx = broadcast_to(c, 3)"),
        ("f = sum(tanh(X + b))", "b", {"X": (4, 2), "b": (2,)}, "db = sum(1 - tanh(X + b)**2, axis=0)"),
        ("f = cross_entropy(s, y)", "s", {"s": (2, 3), "y": (2,)},
         "ds = 0.5*exp(s - logsumexp(s, axis=1, keepdims=1)) + (-0.5)*equal(y[:, None], [0, 1, 2])"),
        ("f = max(x)", "x", {"x": (3,)}, "f = max(x); t1 = equal(x, f); dx = t1/sum(t1)"),
        ("f = l2(W @ B)", "W", {"W": (2, 3), "B": (5, 3, 4)},
         "dW = sum((2*(W @ B)) @ swapaxes(B, -2, -1), axis=0)"),
        ("f = tanh(x).T + squeeze(x)", "x", {"x": ()}, "dx = (1 - tanh(x)**2) + 1"),
        ("f = sum(x + W)", "x", {"x": (3,), "W": (2, 3)}, "dx = 2 + x*0"),
        ("f = sum(x) + sum(x + W)", "x", {"x": (3,), "W": (2, 3)}, "dx = 3 + x*0"),
        ("f = l2(x[1:3])", "x", {"x": (5,)}, "dx = pad(2*x[1:3], (1, 2))"),
        ("f = l2(x[::2])", "x", {"x": (5,)},
         "dx = reshape(pad(reshape(2*x[::2], 3, 1), ((0, 0), (0, 1))), 6)[:5]"),
        ("n(w, x) = sigmoid(w @ x); f = n(w, x)", "w", {"w": (3,), "x": (3,)},
         "f = sigmoid(w @ x); dw = ((1 - f)*f)*x"),
    ],
)  # fmt: skip
def test_texts_over_arrays(text, name, shapes, source):
    assert gs.parse(text).gradient(name, shapes=shapes).source == source


@EACH
def test_gradients_of_every_gate_of_arrays(name, text, inputs, theirs):
    """As graphs they are those of the tape; their own, against autograd, are second derivatives."""
    graph = gs.parse(f"p = {text}; f = sum(sin(p + 0.3)*(p + 2))")
    tape = graph.forward(inputs)
    arrays = [np.asarray(value, float) for value in inputs.values()]
    names = [n for n in graph.inputs if n not in LABELLED.get(name, ())]
    shapes = shapes_of(inputs)

    def loss(*values):
        p = theirs(*values)
        return anp.sum(anp.sin(p + 0.3) * (p + 2))

    for one in names:
        slope = graph.gradient(one, shapes=shapes)
        tape_of_slope = slope.forward(inputs)
        gradient = tape.gradients[one]
        assert np.shape(tape_of_slope.value) == np.shape(gradient)
        assert np.allclose(tape_of_slope.value, gradient, rtol=1e-9, atol=1e-11)
        slope.check()
        assert slope.unused or gs.parse(slope.source) == slope
        along = array(*np.shape(gradient), seed=7)
        second = tape_of_slope.backward(upstream=along)
        first = grad(loss, [*inputs].index(one))
        for other in names:
            of_slope = grad(lambda *a: anp.sum(first(*a) * along), [*inputs].index(other))  # noqa: B023
            assert np.allclose(second[other], of_slope(*arrays), rtol=1e-7, atol=1e-8), (one, other)


@settings(max_examples=80, deadline=None)
@given(matrix_programs(), st.integers(0, 10**6))
def test_random_programs_over_matrices(text, seed):
    """Gradients are those of the tape; second derivatives, differences of first ones."""
    graph = gs.parse(text)
    rng = np.random.default_rng(seed)
    values = {n: rng.standard_normal(shape) for n, shape in MATRICES.items() if n in graph.inputs}
    values.update({"labels": rng.integers(0, 2, 2)} if "labels" in graph.inputs else {})
    names = [n for n in graph.inputs if n != "labels"]
    tape = graph.forward(values)
    assume(tape.value < 1e6 and all(np.abs(g).max() < 1e4 for g in tape.gradients.values()))
    for name in names:
        slope = graph.gradient(name, shapes=shapes_of(values))
        value = slope.forward(values).value
        assert np.shape(value) == MATRICES[name]
        assert np.allclose(value, tape.gradients[name], rtol=1e-9, atol=1e-9)
        slope.check()
        assert slope.unused or gs.parse(slope.source) == slope
    along = {name: rng.standard_normal(MATRICES[name]) for name in names}
    total = graph.directional({n: f"to_{n}" for n in names}, shapes=shapes_of(values))
    found = total.forward({**values, **{f"to_{n}": step for n, step in along.items()}})
    assert found.value == pytest.approx(
        sum(np.sum(along[n] * tape.gradients[n]) for n in names), rel=1e-8, abs=1e-8
    )
    h = 1e-5
    ends = [
        graph.forward({**values, **{n: values[n] + s * along[n] for n in names}}) for s in (h, -h)
    ]
    assume(is_smooth(*ends))
    times = found.gradients
    for name in names:
        difference = (ends[0].gradients[name] - ends[1].gradients[name]) / (2 * h)
        scale = 1 + np.abs(difference).max() + np.abs(times[name]).max()
        assert np.allclose(times[name], difference, rtol=1e-4, atol=1e-5 * scale), name


def from_kinks(tape):
    """How far each element is from a kink, with the side on which it is."""
    for node in tape.graph.nodes:
        if node.gate is not None and node.gate.kinks:
            taken = [np.asarray(v) for v in node.taken(tape.values)]
            for kink in node.gate.asked(node.gate.kinks, taken, *taken, *node.options):
                yield np.ravel(kink.distance)


def is_smooth(*tapes):
    """Whether no element is near a kink, and all are on one side of it."""
    sides = [np.concatenate([np.zeros(0), *from_kinks(tape)]) for tape in tapes]
    return np.all(np.abs(sides) > 1e-4) and all(
        np.array_equal(np.sign(s), np.sign(sides[0])) for s in sides
    )


def test_a_graph_over_arrays_is_like_any_other():
    graph = gs.parse("h = tanh(W @ x + b); f = cross_entropy(V @ h, y)")
    inputs = {"W": array(3, 2), "x": array(2), "b": array(3), "V": array(4, 3), "y": 1}
    slope = graph.gradient("W", shapes=shapes_of(inputs))
    size = gs.parse(f"{slope.source}; f = l2(dW)")
    s = gs.stepper(size, forward=True, **inputs)
    assert caption_equations.check(s)
    assert s.tape.check().ok
    assert "<svg" in s[-1].svg()
    assert np.array_equal(
        gs.stepper(slope, upstream=np.ones((3, 2)), **inputs).value, slope.forward(inputs).value
    )
    third = size.gradient("b", shapes=shapes_of(inputs))
    assert np.allclose(third.forward(inputs).value, s.tape.gradients["b"])


def test_where_equal_numbers_and_zeros_are():
    """At kinks and where quotients have no value, the gradients are those of the tape, too."""
    cases = {
        "sum(max(x, axis=1)*w)": {"x": [[1, 3, 3], [2, 2, 2]], "w": [1, 2]},
        "norm(x) + sum(w)": {"x": [0, 0], "w": [1, 2]},
        "sum(std(x, 1)*w)": {"x": [[1, 1], [1, 3]], "w": [1, 2]},
        "sum(hypot(x, w))": {"x": [0, 3], "w": [0, 4]},
        "sum(arctan2(x, w))": {"x": [0, 3], "w": [0, 4]},
        "sum(prod(x, 1)*w)": {"x": [[0, 2, 3], [0, 0, 4]], "w": [1, 2]},
        "prod(x)*prod(w)": {"x": [0, 2, 3], "w": [0, 2]},
        "sum(relu(x)*w) + sum(abs(x))": {"x": [0, 1, -1], "w": [1, 2, 3]},
    }
    for text, inputs in cases.items():
        graph = gs.parse(f"f = {text}")
        for name, gradient in graph.forward(inputs).gradients.items():
            found = graph.gradient(name, shapes=shapes_of(inputs)).forward(inputs).value
            assert np.allclose(found, gradient), (text, name)


KEYS = st.one_of(
    st.integers(-4, 3), st.none(),
    st.builds(slice, *[st.one_of(st.none(), st.integers(-5, 5))] * 2, st.sampled_from([None, 1, 2, 3, -1, -2])),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(KEYS, min_size=1, max_size=4),
    st.integers(0, 4),
    st.lists(st.integers(1, 6), min_size=1, max_size=3),
)
def test_parts_of_arrays_go_back_where_they_were(keys, at, shape):
    keys = (*keys[:at], *([...] if at < len(keys) else []), *keys[at:])
    x = array(*shape)
    try:
        assume(x[keys].size)
    except IndexError:
        assume(False)
    graph = gs.parse(f"f = l2(x[{index_text(keys)}])")
    slope = graph.gradient("x", shapes={"x": x.shape})
    assert np.allclose(slope.forward(x=x).value, graph.forward(x=x).gradients["x"])


@pytest.mark.parametrize("shape", [(3,), (3, 2), (3, 2, 2)])
@pytest.mark.parametrize("labels", [1, [2, 0, 2, 1], [[0, 2], [2, 2]]])
def test_rows_go_back_to_where_they_were_taken_from(shape, labels):
    graph, inputs = gs.parse("f = l2(take(x, i))"), {"x": array(*shape), "i": labels}
    slope = graph.gradient("x", shapes=shapes_of(inputs))
    assert np.allclose(slope.forward(inputs).value, graph.forward(inputs).gradients["x"])


def test_gradients_of_named_nodes_have_their_shapes():
    slope = gs.parse("h = tanh(x); f = sum(h*c*2)").gradient("x", shapes={"x": (3,), "c": ()})
    assert slope.source == "h = tanh(x); dh = broadcast_to(2*c, 3); dx = dh*(1 - h**2)"
    assert slope.forward(x=[0, 1, 2], c=3)["dh"].value.tolist() == [6, 6, 6]


def test_functions_in_functions_are_opened():
    deep = "; ".join(
        ["g0(x) = x*2", *(f"g{k}(x) = g{k - 1}(x) + x" for k in range(1, 250)), "f = g249(y)"]
    )
    assert gs.parse(deep).gradient("y").forward(y=1).value == 251
    graph = gs.parse("q = tanh(x); r = q*q; f = sum(r)*c").group(["q", "r"], "inner")
    slope = graph.gradient("x", shapes={"x": (2,), "c": ()})
    assert np.allclose(
        slope.forward(x=[1, 2], c=3).value, graph.forward(x=[1, 2], c=3).gradients["x"]
    )
    with pytest.raises(gs.ShapeError, match=r"line 1, column 30: .*x @ y needs y of shape 3"):
        gs.parse("pair(a, b) = sum(a @ b); f = pair(x, y)").gradient("x", shapes={"x": 3, "y": 2})


def test_labels_of_many_classes():
    graph = gs.parse("f = nll(s, y)")
    texts = [graph.gradient("s", shapes={"s": (1, n), "y": (1,)}).source for n in (20, 21)]
    assert "[0, 1, 2" in texts[0]
    assert "[0, 1, 2" not in texts[1]
    inputs = {"s": array(2, 30), "y": [3, 29]}
    graph = gs.parse("f = cross_entropy(s, y)")
    slope = graph.gradient("s", shapes=shapes_of(inputs))
    assert len(slope.source) < 120
    assert np.allclose(slope.forward(inputs).value, graph.forward(inputs).gradients["s"])
    assert np.all(graph.gradient("y", shapes=shapes_of(inputs)).forward(inputs).value == 0)


# --- shapes


def test_shapes_are_kept_for_the_next_derivative_and_for_inputs():
    slope = gs.parse("f = l2(x)*c").gradient("x", shapes={"x": [3], "c": ()})
    assert slope.gradient("x", upstream="u").forward(
        x=[1, 2, 3], c=2, u=[1, 0, 0]
    ).value.tolist() == [4, 0, 0]
    assert slope.group(["dx"], "doubled").shapes == slope.shapes
    assert gs.parse("W = [[1, 2], [3, 4]]; f = l2(W)").gradient("W").forward().value.tolist() == [
        [2, 4],
        [6, 8],
    ]


@pytest.mark.parametrize(
    ("ask", "key"),
    [
        (lambda: gs.parse("f = l2(x)").gradient("x", shapes={"y": 3}), "superfluous_input"),
        (lambda: gs.parse("f = l2(x)").gradient("x", shapes={"x": (0,)}), "bad_shape"),
        (lambda: gs.parse("f = l2(x)").gradient("x", shapes={"x": "3"}), "bad_shape"),
        (lambda: gs.parse("f = sum(x @ y)").gradient("x", shapes={"x": 3, "y": 2}), "shape.matmul"),
        (lambda: gs.parse("f = x*2").gradient("x", shapes={"x": 3}), "gradient_of_array"),
        (lambda: gs.parse("f = x*2").gradient("x", shapes={"x": 3}, upstream="x"), "builder_taken"),
        (lambda: gs.parse("f = l2(x)").gradient("x", shapes={"x": 3}).forward(x=[1, 2]), "made_for_shape"),
        (lambda: gs.parse("f = l2(x)").gradient("x", shapes={"x": 3}).forward(x=1), "made_for_shape"),
    ],
)  # fmt: skip
def test_shapes_that_are_refused(ask, key):
    with pytest.raises(gs.GraphstepError) as caught:
        ask()
    assert caught.value.key == key


@pytest.mark.parametrize(("text", "name"), [("q = x*2", "q"), ("x*2", "f")])
def test_the_output_that_is_an_array_is_named(text, name):
    with pytest.raises(gs.GraphError, match=rf"{name} has shape 3,.* end with sum\({name}\)"):
        gs.parse(text).gradient("x", shapes={"x": 3})


def test_a_gradient_that_arrives():
    graph = gs.parse("q = W @ x")
    slope = graph.gradient("W", shapes={"W": (2, 3), "x": (3,)}, upstream="dq")
    assert slope.source == "dW = outer(dq, x)"
    inputs = {"W": array(2, 3), "x": array(3)}
    (wanted,) = graph.forward(inputs).backward("W", upstream=[1, -2]).values()
    assert np.allclose(slope.forward(**inputs, dq=[1, -2]).value, wanted)


def test_inputs_that_are_not_in_it_may_be_left_out():
    assert gs.parse("f = x*3 + y; g = f*z").gradient("x").forward(z=3).gradients == {"z": 3.0}
    assert gs.parse("f = floor(x)*y").directional(x="u").forward(x=1, u=2).value == 0.0
