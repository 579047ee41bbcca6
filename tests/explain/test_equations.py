"""The formulas of steps: those of the lecture, and the truth of every equation."""

import dataclasses
import math
from xml.etree.ElementTree import fromstring

import numpy as np
import pytest
from array_cases import CASES
from browsing import BROWSER
from formulas import UnknownError, check, column, known, value
from hypothesis import given, settings
from omml_schema import omml_of
from printed import read
from strategies import inputs, programs
from trees import balanced, typesets

import graphstep as gs
from graphstep.engine.computational_graph import ComputationalGraph
from graphstep.explain.step_kinds import WAYS
from graphstep.explain.symbols import parts
from graphstep.formulas.latex import latex
from graphstep.formulas.mathml import mathml, styles
from graphstep.formulas.tree import (
    Fenced,
    Marked,
    Name,
    Number,
    Row,
    Sign,
    Words,
)
from graphstep.formulas.unicode import unicode
from graphstep.gates import GATES, Rule
from graphstep.gates.kinks import distances
from graphstep.graph.nodes import Node
from graphstep.look import fonts
from graphstep.look.style import PALETTES

NEURON = "f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2)))"


NEURON_INPUTS = dict(w0=2, x0=-1, w1=-3, x1=-2, w2=-3)


def lines(s):
    """The equations of each frame, as text."""
    return [[unicode(e) for e in frame.equations] for frame in s]


# --- the lecture


def test_section_1():
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)
    assert lines(s) == [
        ["f = q z = (x + y) z = −12"],
        ["∂f/∂f = 1"],
        [
            "∂f/∂z = ∂f/∂f · ∂(q z)/∂z = 1 · q = 1 · 3 = 3",
            "∂f/∂q = ∂f/∂f · ∂(q z)/∂q = 1 · z = 1 · (−4) = −4",
        ],
        ["∂f/∂y = ∂f/∂q · ∂q/∂y = −4 · 1 = −4", "∂f/∂x = ∂f/∂q · ∂q/∂x = −4 · 1 = −4"],
    ]
    by_wire = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4, by="wire", forward=True)
    assert lines(by_wire)[:6] == [
        [],
        ["q = x + y = −2 + 5 = 3"],
        ["f = q z = 3 · (−4) = −12"],
        ["∂f/∂f = 1"],
        ["∂(q z)/∂z = q = 3"],
        ["∂f/∂z = ∂f/∂f · ∂(q z)/∂z = 1 · q = 1 · 3 = 3"],
    ]


def test_the_two_factors_are_named_once():
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4, lang="ru")
    first, second = s[3].equations
    named = [
        (p.kind, p.label)
        for e in (first, second)
        for p in parts(e)
        if isinstance(p, Marked) and p.label
    ]
    assert sorted(named) == [
        ("downstream", "выходящий"), ("local", "локальный градиент"), ("upstream", "входящий градиент"),
    ]  # fmt: skip
    last = first.sides[2]
    assert [(p.kind, p.inner) for p in parts(last) if isinstance(p, Marked)] == [
        ("local", Number("1")), ("upstream", Number("−4")),
    ]  # fmt: skip
    assert first.sides[-1] == Marked(Number("−4"), "downstream")


def test_section_2_in_russian():
    s = gs.stepper(NEURON, **NEURON_INPUTS, lang="ru")
    shown = lines(s)
    assert shown[0] == ["f = 1/(1 + e^(−(w₀ x₀ + w₁ x₁ + w₂))) = 0,73"]
    assert shown[2] == [
        "∂f/∂c = ∂f/∂f · ∂(1/c)/∂c = 1,00 · (−1/c²) = 1,00 · (−0,53) = −0,53",
        "c = 1 + e^(−(w₀ x₀ + w₁ x₁ + w₂))",
    ]
    assert shown[4] == [
        "∂f/∂a = ∂f/∂b · ∂b/∂a = −0,53 · eᵃ = −0,53 · 0,37 = −0,20",
        "a = −(w₀ x₀ + w₁ x₁ + w₂)",
        "b = eᵃ",
    ]
    assert shown[-1] == [
        "∂f/∂x₀ = ∂f/∂(w₀ x₀) · ∂(w₀ x₀)/∂x₀ = 0,20 · w₀ = 0,20 · 2,00 = 0,39",
        "∂f/∂w₀ = ∂f/∂(w₀ x₀) · ∂(w₀ x₀)/∂w₀ = 0,20 · x₀ = 0,20 · (−1,00) = −0,20",
    ]
    grouped = gs.stepper(gs.parse(NEURON).group_known(), **NEURON_INPUTS)
    assert lines(grouped)[2][0] == (
        "∂f/∂v = ∂f/∂f · ∂σ(v)/∂v = 1.00 · (1 − σ(v)) σ(v) = 1.00 · 0.20 = 0.20"
    )


def test_section_3():
    s = gs.stepper("f = (x*y + max(z, w)) * 2", x=3, y=-4, z=2, w=-1)
    assert lines(s)[4:] == [
        [
            "∂f/∂w = ∂f/∂max(z, w) · ∂max(z, w)/∂w = 2 · [w > z] = 2 · 0 = 0",
            "∂f/∂z = ∂f/∂max(z, w) · ∂max(z, w)/∂z = 2 · [z > w] = 2 · 1 = 2",
        ],
        [
            "∂f/∂y = ∂f/∂(x y) · ∂(x y)/∂y = 2 · x = 2 · 3 = 6",
            "∂f/∂x = ∂f/∂(x y) · ∂(x y)/∂x = 2 · y = 2 · (−4) = −8",
        ],
    ]
    third = gs.stepper("f = x*x*x", x=3)
    assert lines(third)[2] == [
        "contribution to ∂f/∂x = ∂f/∂f · ∂(u x)/∂x = 1 · u = 1 · 9 = 9",  # not 27
        "∂f/∂u = ∂f/∂f · ∂(u x)/∂u = 1 · x = 1 · 3 = 3",
        "u = x x",
    ]
    twice = gs.stepper("f = x*x", x=3)
    assert lines(twice)[2:] == [
        [
            "∂f/∂x″ = ∂f/∂f · ∂(x′ x″)/∂x″ = 1 · x′ = 1 · 3 = 3",
            "∂f/∂x′ = ∂f/∂f · ∂(x′ x″)/∂x′ = 1 · x″ = 1 · 3 = 3",
            "x′ = x″ = x",
        ],
        ["∂f/∂x = ∂f/∂x′ + ∂f/∂x″ = 3 + 3 = 6", "x′ = x″ = x"],
    ]
    reused = gs.stepper("a = x + y; b = max(y, z); f = a*b", x=1, y=2, z=0)
    assert lines(reused)[3][1] == "contribution to ∂f/∂y = ∂f/∂b · ∂b/∂y = 3 · [y > z] = 3 · 1 = 3"
    assert lines(reused)[5] == ["∂f/∂y = ∂f/∂a · ∂a/∂y + ∂f/∂b · ∂b/∂y = 2 + 3 = 5"]


def test_section_4():
    s = gs.stepper("q = W @ x; f = l2(q)", W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4])
    assert lines(s) == [
        ["f = ∑ q² = ∑ (W x)² = 0.116"],
        ["∂f/∂f = 1.00"],
        ["∂f/∂q = ∂f/∂f · ∂(∑ q²)/∂q = 1.00 · 2 q = 1.00 · [0.44; 0.52] = [0.44; 0.52]"],
        [
            "∂f/∂x = Wᵀ · ∂f/∂q = [0.1 −0.3; 0.5 0.8] · [0.44; 0.52] = [−0.112; 0.636]",
            "∂f/∂W = ∂f/∂q · xᵀ = [0.44; 0.52] · [0.2 0.4] = [0.088 0.176; 0.104 0.208]",
        ],
    ]


def test_large_arrays_are_symbols_and_a_size():
    s = gs.stepper("h = relu(x); f = sum(h)", x=np.arange(4096.0) - 5)
    assert lines(s)[2:] == [
        ["∂f/∂h = ∂f/∂f · ∂(∑ h)/∂h = 1 · 𝟏, of size 4096"],
        ["∂f/∂x = (∂h/∂x)ᵀ ∂f/∂h = ∂f/∂h ⊙ [x > 0], of size 4096"],  # also at the kink
    ]
    s = gs.stepper("h = relu(x); f = sum(h)", x=np.arange(4096.0) - 5.5, lang="ru", by="wire")
    assert lines(s)[4] == ["∂h/∂x = 4096×4096, диагональная"]
    assert lines(s)[5] == ["∂f/∂x = (∂h/∂x)ᵀ ∂f/∂h = ∂f/∂h ⊙ [x > 0], размера 4096"]


def test_a_sum_of_columns_turns_what_comes_back_as_a_row():
    numbers = {"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [0.2, 0.4], "V": [[1, 2], [3, 4]]}
    last = gs.stepper("f = l2(W @ x) + l2(x @ V)", inputs=numbers, by="product")[-1]
    assert unicode(last.equations[0]).startswith(
        "∂f/∂x = Wᵀ · ∂f/∂(W x) + (∂f/∂(x V) · Vᵀ)ᵀ = [−0.112; 0.636] + [10.8; 24.4]"
    )


def test_vectors_that_are_rows_stay_rows():
    s = gs.stepper("f = x @ A @ x", x=[1, 2], A=[[1, 2], [3, 4]])
    assert lines(s)[0] == ["f = x A xᵀ = 27"]
    assert lines(gs.stepper("f = x.T @ A @ x", x=[1, 2], A=[[1, 2], [3, 4]]))[0] == lines(s)[0]
    batch = gs.stepper("h = X @ W + b; f = sum(h)", X=[[1, 2]], W=[[1, 2], [3, 4]], b=[5, 6])
    assert lines(batch)[3][0] == "∂f/∂b = (∂h/∂b)ᵀ ∂f/∂h = 𝟏ᵀ · ∂f/∂h = [1] · [1 1] = [1 1]"


def test_numbers_are_not_said_twice():
    s = gs.stepper("f = exp(x + y)", x=0.3, y=0.2, by="wire")
    assert lines(s)[4] == ["∂(x + y)/∂y = 1.00"]


def test_what_is_the_same_has_one_name():
    s = gs.stepper("f = (x + x)*(x + x)", x=2)
    assert lines(s)[2][2:] == ["u = x + x", "v = x + x"]
    assert lines(s)[3][0] == "∂f/∂x⁽⁴⁾ = ∂f/∂v · ∂v/∂x⁽⁴⁾ = 4 · 1 = 4"


def test_many_wires_are_not_all_written_out():
    s = gs.stepper("f = " + " + ".join(f"{k}*x" for k in range(2, 40)), x=1)
    last = unicode(s[-1].equations[0])
    assert last.endswith(" = 2 + 3 + 4 + 5 + … + 39 = 779")


def test_words_have_a_sign_between_them():
    s = gs.stepper(
        "f = вес*вход + x*вес + 2*вес + x*exp(x) + x*sin(x)", inputs={"вес": 1, "вход": 2, "x": 3}
    )
    assert lines(s)[0][0].startswith("f = вес · вход + x · вес + 2 вес + x eˣ + x sin(x)")


def test_labels_have_no_derivative():
    s = gs.stepper("L = cross_entropy(s, y)", s=[1, 2, 3], y=1)
    assert lines(s)[2] == [
        "∂L/∂s = ∂L/∂L · (∂cross entropy(s, y))/∂s = 1.00 · (softmax(s) − onehot(y)) = "
        "1.00 · [0.09; −0.76; 0.67] = [0.09; −0.76; 0.67]"
    ]
    for step in gs.stepper("L = cross_entropy(s, y)", s=[1, 2, 3], y=1, by="wire"):
        assert not any("∂y" in unicode(e) for e in step.equations)


# --- the truth of it


def slope(tree, by, names, step):
    """By differences: the derivative of a formula by one of the names in it."""
    at = np.array(names[by], dtype=float)
    found = np.zeros(at.shape)
    for k in np.ndindex(at.shape):
        moved = np.zeros(at.shape)
        moved[k] = step
        up, down = (value(tree, {**names, by: at + by_so_much}) for by_so_much in (moved, -moved))
        found[k] = np.sum(up - down) / (2 * step)
    return found


PRIMED = (Sign("′"), Sign("″"), Sign("‴"), *(Fenced(Number(str(k))) for k in range(4, 99)))


def differentiated(s):
    """Every ∂F/∂x, where F stands on the slide, is the derivative of F as it is written there.

    In x y x an x would be two things. Returns how many were compared.
    """
    facts, graph, count = s._writer.facts, s.graph, 0
    shaped = (
        (lambda v: np.reshape(v, (1, -1)) if np.ndim(v) == 1 else v)
        if facts.symbols.rows
        else column
    )
    sources = [
        (facts.entry(w).tree, s.tape.values[wire.source]) for w, wire in enumerate(graph.wires)
    ]
    values = [(p.tree, s.tape.values[i]) for i, p in enumerate(facts.symbols.pieces)]
    names = {unicode(tree): shaped(v) for tree, v in (*sources, *values)
             if isinstance(tree, Name | Words) or getattr(tree, "sup", None) in PRIMED}  # fmt: skip
    wanted = {facts.partial(w).tree: s.tape.local(w) for w, wire in enumerate(graph.wires)
              if not facts.shape(wire.target)}  # fmt: skip
    for frame in s:
        meant = {e.sides[0]: e.sides[1] for e in frame.equations}
        fractions = [p for e in frame.equations for p in parts(e) if p in wanted]
        for fraction in fractions:
            top, bottom = (Row(part.parts[1:]) for part in fraction)
            whole = top.parts[0] if len(top.parts) == 1 else top
            tree, by = meant.get(whole, whole), unicode(bottom)
            if by not in names or isinstance(tree, Name | Words):
                continue
            try:
                rough, found = (slope(tree, by, names, step) for step in (1e-4, 1e-6))
                large = max(np.max(np.abs(v)) for v in (value(tree, names), names[by])) > 1e5
            except UnknownError:
                continue
            if large or not np.allclose(rough, found, rtol=1e-3, atol=1e-5):
                continue  # too large, or too steep, for differences
            local = wanted[fraction]
            local = local.pull(1.0) if hasattr(local, "pull") else local
            assert np.allclose(found.ravel(), np.ravel(local), rtol=3e-3, atol=3e-5), (
                unicode(fraction), unicode(tree))  # fmt: skip
            count += 1
    return count


AGAIN = [
    ("f = x*x*x", dict(x=3), 4),
    ("f = x*x*x*x*x*x", dict(x=2), 8),
    ("f = (x + x)*(x + x)", dict(x=3), 4),
    ("f = (x*y)*(x*y)*x", dict(x=2, y=3), 8),
    ("a = x*y; b = a*x; f = b*x*a", dict(x=2, y=3), 2),
    ("f = x*(x + 1)*exp(x)", dict(x=2), 4),
    ("f = max(x*y, x) + tanh(x)**2*x", dict(x=2, y=3), 4),
    ("f = sqrt(x)*x + sigmoid(x)*x/(x + 1) - x/x**x", dict(x=2), 6),
    ("f = a*x @ x", dict(a=2, x=[1, 2]), 2),
    ("f = x @ A @ x", dict(x=[1, 2], A=[[1, 2], [3, 4]]), 2),
    ("f = x @ (A @ x)", dict(x=[1, 2], A=[[1, 2], [3, 4]]), 2),
    ("f = sum(x*y)*x[0] + mean(x)*norm(x)", dict(x=[1, 2], y=[3, 4]), 2),
]


@pytest.mark.parametrize(("text", "numbers", "least"), AGAIN, ids=[row[0] for row in AGAIN])
def test_partial_derivatives_are_those_of_what_is_written(text, numbers, least):
    for by in WAYS:
        for constants in ("inside", "nodes"):
            graph = gs.parse(text, constants=constants)
            s = gs.stepper(graph, inputs=numbers, by=by, forward=True)
            assert differentiated(s) >= least
            check(gs.stepper(graph, inputs=numbers, by=by, style=gs.Style(digits=15)))


def near_a_kink(s):
    """Whether differences could step over a place without a derivative."""
    gates = [node for node in s.graph.nodes if node.gate is not None and node.gate.kinks]
    taken = [(node.gate, node.taken(s.tape.values), node.options) for node in gates]
    return any(abs(d) < 1e-3 for gate, xs, options in taken
               for d in distances(gate, xs, options))  # fmt: skip


@settings(max_examples=40)
@given(text=programs(), point=inputs)
def test_partial_derivatives_of_random_graphs_are_those_of_what_is_written(text, point):
    graph = gs.parse(text)
    s = gs.stepper(graph, inputs={name: point[name] for name in graph.inputs})
    if not s.tape.troubles and not near_a_kink(s):
        with np.errstate(all="ignore"):
            differentiated(s)


W = [[0.1, 0.5], [-0.3, 0.8]]


TRUE = [
    ("q = x + y; f = q * z", dict(x=-2, y=5, z=-4), 18),
    (NEURON, NEURON_INPUTS, 50),
    ("f = x*x*y + x*x", dict(x=3, y=2), 45),
    ("f = max(a,b,c) + min(a,b) + sigmoid(a) + leaky_relu(b) + sqrt(c) + a/b/c - (a-b) + elu(a)"
     " + softplus(a) + tanh(a)**2 + log(c)**a + abs(a) + reciprocal(a) + square(b) + 2**a"
     " + sin(a)*cos(b)", dict(a=1, b=2, c=4), 200),
    ("q = W @ x; f = sum(q**2)", dict(W=W, x=[0.2, 0.4]), 18),
    ("q = W @ x; f = l2(q) + l1(x) + norm(x) + mean(W) + mse(q, x) + logsumexp(x)"
     " + elastic_net(q, 0.5)", dict(W=W, x=[0.2, 0.4]), 85),
    ("h = relu(V @ x + b); s = W @ h + c; L = cross_entropy(s, y)",
     dict(V=[[1, 2], [3, -4]], x=[1, 2], b=[0.1, 0.2], W=W, c=[0, 0.1], y=1), 30),
    ("h = x @ W + b; f = sum(h*h)", dict(x=[1, 2], W=[[1, 2, 3], [4, 5, 6]], b=[0, 1, 0]), 20),
    ("f = w @ x", dict(w=[1, 2], x=[3, 4]), 11),
    ("s = 2*x*a; f = softmax(s) @ y + sum(outer(x, y))", dict(x=[1, 2], y=[3, 4], a=3), 45),
    ("f = sum(x.T @ x) + norm(x[0])", dict(x=[[1, 2], [3, 4]]), 30),
    ("f = sum(sum(x, axis=1)*c)", dict(x=[[1, 2], [3, 4]], c=[1, 2]), 16),
    ("h = sigmoid(X @ W + b); f = mean((h - y)**2) + sum(max(h, y)) + max(h)",
     dict(X=[[1, 2], [3, 4]], W=W, b=[0.1, 0.2], y=[[0, 1], [2, 3]]), 40),
]  # fmt: skip


@pytest.mark.parametrize(("text", "numbers", "least"), TRUE, ids=[row[0] for row in TRUE])
def test_every_equation_is_true(text, numbers, least):
    style = gs.Style(digits=15)
    assert check(gs.stepper(text, inputs=numbers, style=style)) >= least
    assert (
        check(gs.stepper(text, inputs=numbers, style=style, by="wire", forward=True, lang="ru"))
        > least
    )
    assert (
        check(gs.stepper(gs.parse(text, constants="nodes"), inputs=numbers, style=style)) >= least
    )
    assert check(gs.stepper(text, inputs=numbers, style=style, by="value")) >= least


def compare(s):
    """Formulas of gates and of local gradients against the tape, to full precision."""
    facts, names, count = s._writer.facts, known(s._writer.facts, s.tape), 0
    with np.errstate(all="ignore"):
        for i, node in enumerate(s.graph.nodes):
            if node.gate is not None and math.isfinite(s.tape.values[i]):
                assert np.allclose(value(facts.own(i).tree, names), s.tape.values[i], rtol=1e-9)
        for w in range(len(s.graph.wires)):
            formula, local = facts.factor(w).names, s.tape.local(w)
            if formula is not None and math.isfinite(local):
                found = value(formula.tree, names)
                assert np.allclose(found, local, rtol=1e-6, atol=1e-12), unicode(formula.tree)
                count += 1
    return count


@settings(max_examples=60)
@given(text=programs(), point=inputs)
def test_formulas_of_random_graphs_are_true(text, point):
    graph = gs.parse(text)
    s = gs.stepper(graph, inputs={name: point[name] for name in graph.inputs})
    compare(s)
    for frame in s:
        for equation in frame.equations:
            unicode(equation)


def test_the_law_finds_a_wrong_formula():
    right = GATES["div"]
    wrong = dataclasses.replace(right, local=(Rule("1/{x}", right.local[0].of), right.local[1]))
    nodes = (
        Node(None, (), "x"), Node(None, (), "y"), Node(wrong, (0, 1), "q"), Node(GATES["exp"], (2,), "f"),
    )  # fmt: skip
    graph = ComputationalGraph(nodes, 3, {n.name: i for i, n in enumerate(nodes)})
    with pytest.raises(AssertionError, match="1/x"):
        compare(gs.stepper(graph, x=3, y=2))
    with pytest.raises(AssertionError):
        check(gs.stepper(graph, x=3, y=2, style=gs.Style(digits=15)))


def test_numbers_are_those_on_the_wires():
    """Upstream times local, as printed, is downstream as printed, up to the rounding of all three."""
    s = gs.stepper(NEURON, **NEURON_INPUTS, by="product")
    half = 0.005
    for frame in list(s)[2:]:
        first = frame.equations[0]
        factors = {p.kind: p.inner.text for p in parts(first.sides[-2]) if isinstance(p, Marked)}
        result = first.sides[-1].inner.text
        assert {*factors.values(), result} <= set(frame.texts.values())
        up, local = (read(factors[kind]) for kind in ("upstream", "local"))
        assert abs(up * local - read(result)) <= half * (1 + abs(up) + abs(local) + half)


# --- laws over the table


SQUARE = ("maxpool2d", "avgpool2d", "batchnorm", "transpose", "trace", "diag", "det", "inv")


def sample(gate):
    """A graph of one gate, at small inputs that fit it."""
    if any(option.needed or option.many for option in gate.options):
        _, text, numbers, _ = next(case for case in CASES if case[0] == gate.name)
        return f"z = {text}; f = sum(z)", numbers
    numbers = {"conv2d": ([[1.0, 2.0], [3.0, 4.5]], [[1.0]]), "conv2d_bias": ([W], [[[[1.0]]]], [0.5]), "matmul": (W, [1.0, 2.0]),
               "maxout": ([1.0, 2.0], W, [0.1, 0.2], [[2.0, 1.0], [0.0, 1.0]], [0.3, 0.1])}  # fmt: skip
    grid, vector = [[1.0, 2.0], [3.0, 4.5]], [1.0, 2.5]
    by_param = {"y": 1.0, "i": 1.0, "b": 0.5, "gamma": vector, "beta": vector, "a": 0.1}
    text, given_now = "", {}
    for k, param in enumerate(gate.params):
        name = f"in{k}"
        given_now[name] = numbers[gate.name][k] if gate.name in numbers else (
            1.5 + k if gate.elementwise else by_param.get(param) if gate.labels or param in ("gamma", "beta", "b")
            else grid if gate.name in SQUARE else vector
        )  # fmt: skip
        given_now[name] = vector if given_now[name] is None else given_now[name]
        text += (", " if text else "") + name
    call = {"slice": "in0[0:1]", "transpose": "in0.T", "matmul": "in0 @ in1",
            "take": "in0[in1]", "add": "in0 + in1", "sub": "in0 - in1",
            "mul": "in0*in1", "div": "in0/in1", "pow": "in0**in1", "neg": "-in0", "amax": "max(in0)",
            "amin": "min(in0)"}.get(gate.name, f"{gate.name}({text})")  # fmt: skip
    return f"z = {call}; f = sum(z)", given_now


@pytest.fixture(scope="module")
def of_all_gates():
    found = {}
    for gate in GATES.values():
        text, numbers = sample(gate)
        steppers = [gs.stepper(text, inputs=numbers, by=by, forward=True, lang=lang)
                    for by, lang in (("gate", "en"), ("wire", "ru"), ("value", "en"))]  # fmt: skip
        found[gate.name] = [e for s in steppers for frame in s for e in frame.equations]
    return found


@pytest.mark.parametrize("name", GATES)
def test_formulas_of_every_gate_can_be_written(of_all_gates, name):
    equations = of_all_gates[name]
    assert len(equations) >= 5
    for equation in equations:
        balanced(latex(equation))
        fromstring(mathml(equation))
        omml_of(equation)
        assert "{" not in unicode(equation)


def test_typst_takes_the_formulas_of_every_gate(of_all_gates):
    typesets([e for equations in of_all_gates.values() for e in equations])


@pytest.mark.parametrize("name", GATES)
def test_formulas_of_every_gate_are_true(name):
    text, numbers = sample(GATES[name])
    assert check(gs.stepper(text, inputs=numbers, style=gs.Style(digits=15))) >= 2


def test_gates_of_ones_own():
    @gs.gate(local=[lambda x: 3 * x * x])
    def my_cube(x):
        return x * x * x

    s = gs.stepper("f = my_cube(x) * 2", x=2)
    assert lines(s)[0] == ["f = my_cube(x) · 2 = 16"] or "cube" in lines(s)[0][0]
    balanced(latex(s[0].equations[0]))
    grouped = gs.parse("f = a*b + a").group(["f", 2], "pair")
    assert lines(gs.stepper(grouped, a=2, b=3))[0] == ["f = pair(a, b) = 8"]


# --- in a browser

PAGE = """<!doctype html><meta charset="utf-8"><style>
@font-face{{font-family:"STIX Two Math";src:url(data:font/woff2;base64,{font}) format("woff2")}}
math{{font-family:"STIX Two Math",math;font-size:32px}}
{styles}</style><body style="padding:2em">{body}</body>"""


def page_of(s):
    body = "".join(f"<p>{mathml(e, display=True)}</p>" for frame in s for e in frame.equations)
    return PAGE.format(
        font=fonts.mathematics(), styles=styles("body", PALETTES["default"].light), body=body
    )


class TestBrowser:
    pytestmark = BROWSER

    def test_mathml_is_laid_out(self, page):
        page.set_content(page_of(gs.stepper("q = W @ x; f = l2(q)", W=W, x=[0.2, 0.4], lang="ru")))
        page.evaluate("document.fonts.ready")
        assert page.evaluate("document.fonts.check('32px \"STIX Two Math\"')")
        boxes = page.evaluate(
            """() => Object.fromEntries(["mfrac", "munder", "mtable", "mn", "mtext"].map(tag => {
            const box = document.querySelector(tag).getBoundingClientRect()
            return [tag, [box.width, box.height]]}))"""
        )
        assert boxes["mfrac"][1] > 1.6 * boxes["mn"][1]  # one number above another
        assert boxes["mfrac"][0] < 60
        assert boxes["munder"][1] > boxes["mfrac"][1] + 15  # the brace and its words below
        assert boxes["mtable"][1] > 1.8 * boxes["mn"][1]
        colour = page.evaluate("getComputedStyle(document.querySelector('.gs-upstream')).color")
        assert colour == "rgb(194, 65, 12)"

    def test_the_font_is_used(self, page):
        """The same formula is another size without it."""
        s = gs.stepper("f = x/y", x=1, y=2)
        widths = []
        for text in (page_of(s), page_of(s).replace('"STIX Two Math",math', "monospace")):
            page.set_content(text)
            page.evaluate("document.fonts.ready")
            widths.append(
                page.evaluate("document.querySelector('mfrac').getBoundingClientRect().height")
            )
        assert widths[0] != widths[1]


@pytest.mark.parametrize(
    ("y", "sides"),
    [([3.0, 4.0], "q = x + y = [1; 2] + [3; 4] = [4; 6]"), (3.0, "q = x + y = [4; 5]"),
     ([[3.0, 4.0], [5.0, 6.0]], "q = x + y = [4 6; 6 8]")],
)  # fmt: skip
def test_numbers_are_put_in_where_that_is_mathematics(y, sides):
    """A vector plus a number, or plus a matrix, is the language's shorthand and no more."""
    s = gs.stepper("q = x + y; f = sum(q)", inputs={"x": [1.0, 2.0], "y": y}, forward=True)
    shown = [" = ".join(map(unicode, e.sides)) for frame in s for e in frame.equations]
    assert sides in shown


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("f = huber(log(x), y)", {"x": [0, 2], "y": 1}),
        ("f = kl(log(x), y)", {"x": 0, "y": [1, 0]}),
        ("f = bce_with_logits(x, log(y))", {"x": 1, "y": 0}),
        ("f = sum(log(x)*W)", {"x": [0, -1], "W": [[1, 2], [3, 4]]}),
        ("f = sum((1/x) @ W)", {"x": [0, 0], "W": [[1, 2], [3, 4]]}),
        ("f = sum(layer_norm(1/x))", {"x": [0, 1]}),
    ],
)
def test_numbers_that_are_not_finite_are_no_warning_of_numpy(text, inputs):
    for by in ("gate", "wire", "value"):
        assert [frame.equations for frame in gs.stepper(text, inputs=inputs, by=by)]
