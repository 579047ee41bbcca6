"""Laws over the gates of vectors and matrices, and over all gates on arrays."""

import dataclasses
import math
import re
import runpy
import tracemalloc

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st
from readme import ROOT
from strategies import as_code, hasty, programs

import graphstep as gs
from examples import CONVNET, CONVNET_INPUTS, array
from graphstep.base.errors import GateError, GraphError, InputError
from graphstep.calculus.jacobians import Diagonal, Jacobian, Pulled, fit
from graphstep.calculus.shapes import ShapeError
from graphstep.engine import instructions
from graphstep.engine.run import engines
from graphstep.explain.step_kinds import WAYS
from graphstep.gates import GATES, Rule


def logsumexp(x, axis=None, keepdims=False):
    top = anp.max(x, axis=axis, keepdims=True)
    out = top + anp.log(anp.sum(anp.exp(x - top), axis=axis, keepdims=True))
    return out if keepdims else anp.squeeze(out, axis=axis)


def rows_of(s, y):
    return anp.reshape(s, (-1, s.shape[-1])), np.atleast_1d(y).astype(int)


def softmax_loss(s, y):
    s, y = rows_of(s, y)
    return anp.mean(logsumexp(s, axis=1) - s[np.arange(len(y)), y])


def hinge(s, y):
    s, y = rows_of(s, y)
    each = np.arange(len(y))
    margins = anp.maximum(0.0, s - anp.reshape(s[each, y], (-1, 1)) + 1.0)
    return anp.mean(anp.sum(margins, axis=1)) - 1.0


def convolve(x, w, stride=1, pad=0):
    """Written with loops over the places of the output."""
    single = w.ndim == 2
    w = anp.reshape(w, (1, 1, *w.shape)) if single else w
    lead = x.shape[:-2] if single else x.shape[:-3]
    x = anp.reshape(x, (-1, w.shape[1], *x.shape[-2:]))
    x = anp.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), "constant")
    height, width = w.shape[2:]
    places = [
        [anp.sum(x[:, None, :, i : i + height, j : j + width] * w[None], axis=(2, 3, 4))
         for j in range(0, x.shape[3] - width + 1, stride)]
        for i in range(0, x.shape[2] - height + 1, stride)
    ]  # fmt: skip
    out = anp.moveaxis(anp.array(places), (0, 1), (-2, -1))  # batch, filter, row, column
    return anp.reshape(out, lead + (out.shape[1:] if not single else out.shape[2:]))


def pooled(choose, x, size, stride):
    places = [
        [choose(x[..., i : i + size, j : j + size], axis=(-2, -1))
         for j in range(0, x.shape[-1] - size + 1, stride)]
        for i in range(0, x.shape[-2] - size + 1, stride)
    ]  # fmt: skip
    return anp.moveaxis(anp.array(places), (0, 1), (-2, -1))


def batchnorm(x, gamma, beta, eps=1e-5):
    centred = x - anp.mean(x, axis=0)
    return gamma * centred / anp.sqrt(anp.mean(centred**2, axis=0) + eps) + beta


def masked(x, p, seed):
    return x * (np.random.default_rng(seed).random(x.shape) >= p) / (1 - p)


W, x, y, s = array(2, 3), array(3), array(2), array(4, 5)
LABELS = np.array([0, 4, 2, 2])

# the gate, an expression, its inputs, and the same by an independent library
CASES = [
    ("matmul", "W @ x", dict(W=W, x=x), lambda W, x: W @ x),
    ("matmul", "dot(x, z)", dict(x=x, z=array(3, seed=2)), anp.dot),
    ("matmul", "y @ W", dict(y=y, W=W), lambda y, W: y @ W),
    ("matmul", "W @ V", dict(W=W, V=array(3, 4)), lambda W, V: W @ V),
    ("matmul", "A @ B", dict(A=array(5, 2, 3), B=array(5, 3, 4)), anp.matmul),
    ("matmul", "A @ V", dict(A=array(5, 2, 3), V=array(3, 4)), anp.matmul),
    ("matmul", "W @ B", dict(W=W, B=array(5, 3, 4)), anp.matmul),
    ("matmul", "A @ x", dict(A=array(5, 2, 3), x=x), anp.matmul),
    ("matmul", "y @ A", dict(y=y, A=array(5, 2, 3)), anp.matmul),
    ("matmul", "A @ B", dict(A=array(4, 1, 2, 3), B=array(5, 3, 2)), anp.matmul),
    ("outer", "outer(x, y)", dict(x=x, y=y), anp.outer),
    ("transpose", "W.T", dict(W=W), anp.transpose),
    ("transpose", "A.T", dict(A=array(2, 3, 4)), anp.transpose),
    ("reshape", "reshape(W, 3, -1)", dict(W=W), lambda W: anp.reshape(W, (3, 2))),
    ("flatten", "flatten(A, 1)", dict(A=array(2, 3, 4)), lambda A: anp.reshape(A, (2, 12))),
    ("flatten", "flatten(W)", dict(W=W), lambda W: anp.reshape(W, 6)),
    ("index", "W[1]", dict(W=W), lambda W: W[1]),
    ("index", "x[-1]", dict(x=x), lambda x: x[-1]),
    ("slice", "s[1:3]", dict(s=s), lambda s: s[1:3]),
    ("slice", "x[:-1]", dict(x=x), lambda x: x[:-1]),
    ("pick", "s[y]", dict(s=s, y=LABELS), lambda s, y: s[np.arange(4), y.astype(int)]),
    ("pick", "x[y]", dict(x=x, y=2), lambda x, y: x[int(y)]),
    ("pick", "x[y]", dict(x=x, y=[0, 2, 2, 1]), lambda x, y: x[y.astype(int)]),
    ("concat", "concat(x, y)", dict(x=x, y=y), lambda x, y: anp.concatenate([x, y])),
    ("concat", "concat(W, V, W, axis=1)", dict(W=W, V=array(2, 2)),
     lambda W, V: anp.concatenate([W, V, W], axis=1)),
    ("sum", "sum(W)", dict(W=W), anp.sum),
    ("sum", "sum(A, 1)", dict(A=array(2, 3, 4)), lambda A: anp.sum(A, axis=1)),
    ("sum", "sum(W, axis=-1, keepdims=1)", dict(W=W), lambda W: anp.sum(W, axis=1, keepdims=True)),
    ("sum", "sum(W, keepdims=1)", dict(W=W), lambda W: anp.sum(W, keepdims=True)),
    ("mean", "mean(W)", dict(W=W), anp.mean),
    ("mean", "mean(A, 0)", dict(A=array(2, 3, 4)), lambda A: anp.mean(A, axis=0)),
    ("amax", "max(W)", dict(W=W), anp.max),
    ("amax", "max(W, axis=0)", dict(W=W), lambda W: anp.max(W, axis=0)),
    ("amin", "min(A, axis=1, keepdims=1)", dict(A=array(2, 3, 4)),
     lambda A: anp.min(A, axis=1, keepdims=True)),
    ("amin", "min(x)", dict(x=x), anp.min),
    ("norm", "norm(W)", dict(W=W), lambda W: anp.sqrt(anp.sum(W * W))),
    ("l1", "l1(W)", dict(W=W), lambda W: anp.sum(anp.abs(W))),
    ("l2", "l2(W)", dict(W=W), lambda W: anp.sum(W**2)),
    ("elastic_net", "elastic_net(W, b)", dict(W=W, b=0.3),
     lambda W, b: anp.sum(b * W**2 + anp.abs(W))),
    ("mse", "mse(W, V)", dict(W=W, V=array(2, 3, seed=3)), lambda W, V: anp.mean((W - V) ** 2)),
    ("mse", "mse(W, x)", dict(W=W, x=x), lambda W, x: anp.mean((W - x) ** 2)),
    ("softmax", "softmax(s)", dict(s=s), lambda s: anp.exp(s) / anp.sum(anp.exp(s), 1, keepdims=True)),
    ("softmax", "softmax(s, 0)", dict(s=s), lambda s: anp.exp(s) / anp.sum(anp.exp(s), 0)),
    ("log_softmax", "log_softmax(s)", dict(s=s),
     lambda s: s - logsumexp(s, axis=1, keepdims=True)),
    ("logsumexp", "logsumexp(s)", dict(s=s), logsumexp),
    ("logsumexp", "logsumexp(s, 1)", dict(s=s), lambda s: logsumexp(s, axis=1)),
    ("logsumexp", "logsumexp(s, 0, 1)", dict(s=s), lambda s: logsumexp(s, axis=0, keepdims=True)),
    ("cross_entropy", "cross_entropy(s, y)", dict(s=s, y=LABELS), softmax_loss),
    ("cross_entropy", "cross_entropy(x, y)", dict(x=x, y=1), softmax_loss),
    ("hinge", "hinge(s, y)", dict(s=s, y=LABELS), hinge),
    ("hinge", "hinge(x, y)", dict(x=x, y=1), hinge),
    ("maxout", "maxout(x, w1, b1, w2, b2)",
     dict(x=x, w1=array(3, 4), b1=array(4), w2=array(3, 4, seed=2), b2=array(4, seed=2)),
     lambda x, w1, b1, w2, b2: anp.maximum(x @ w1 + b1, x @ w2 + b2)),
    ("maxout", "maxout(X, w1, b1, w2, b2)",
     dict(X=array(5, 3), w1=x, b1=0.3, w2=array(3, seed=4), b2=-0.2),
     lambda x, w1, b1, w2, b2: anp.maximum(x @ w1 + b1, x @ w2 + b2)),
    ("conv2d", "conv2d(x, w)", dict(x=array(5, 6), w=array(3, 2)), convolve),
    ("conv2d", "conv2d(x, w, stride=2, pad=1)", dict(x=array(7, 6), w=array(3, 3)),
     lambda x, w: convolve(x, w, 2, 1)),
    ("conv2d", "conv2d(x, w)", dict(x=array(2, 5, 5), w=array(3, 2, 3, 3)),
     lambda x, w: convolve(x, w)[0] if convolve(x, w).ndim == 4 else convolve(x, w)),
    ("conv2d", "conv2d(x, w, 2, 1)", dict(x=array(4, 2, 5, 5), w=array(3, 2, 2, 3)),
     lambda x, w: convolve(x, w, 2, 1)),
    ("maxpool2d", "maxpool2d(x)", dict(x=array(4, 6)), lambda x: pooled(anp.max, x, 2, 2)),
    ("maxpool2d", "maxpool2d(x, 3, 1)", dict(x=array(2, 5, 6)), lambda x: pooled(anp.max, x, 3, 1)),
    ("avgpool2d", "avgpool2d(x, 2)", dict(x=array(3, 5, 5)), lambda x: pooled(anp.mean, x, 2, 2)),
    ("batchnorm", "batchnorm(x, gamma, beta)", dict(x=array(6, 3), gamma=array(3), beta=array(3)),
     batchnorm),
    ("batchnorm", "batchnorm(x, gamma, beta, eps=0.1)", dict(x=array(6, 3), gamma=1.5, beta=0.2),
     lambda x, gamma, beta: batchnorm(x, gamma, beta, 0.1)),
    ("dropout", "dropout(x, 0.4, seed=3)", dict(x=array(4, 5)), lambda x: masked(x, 0.4, 3)),
    ("add", "x + W", dict(x=x, W=W), lambda x, W: x + W),
    ("sub", "W - c", dict(W=W, c=0.5), lambda W, c: W - c),
    ("mul", "W * z", dict(W=W, z=array(2, 1)), lambda W, z: W * z),
    ("mul", "W * c", dict(W=W, c=2.5), lambda W, c: W * c),
    ("div", "W / z", dict(W=W, z=2 + np.abs(x)), lambda W, z: W / z),
    ("div", "1 / W", dict(W=W), lambda W: 1 / W),
    ("pow", "z ** W", dict(z=1.5 + np.abs(x), W=W), lambda z, W: z**W),
    ("pow", "W ** 3", dict(W=W), lambda W: W**3),
    ("max", "max(0, W)", dict(W=W), lambda W: anp.maximum(0, W)),
    ("min", "min(W, x)", dict(W=W, x=x), anp.minimum),
    ("sigmoid", "sigmoid(W)", dict(W=W), lambda W: 1 / (1 + anp.exp(-W))),
    ("tanh", "tanh(W)", dict(W=W), anp.tanh),
    ("relu", "relu(W)", dict(W=W), lambda W: anp.maximum(W, 0)),
    ("elu", "elu(W)", dict(W=W), lambda W: anp.where(W >= 0, W, anp.exp(W) - 1)),
    ("leaky_relu", "leaky_relu(W, a)", dict(W=W, a=0.2), lambda W, a: anp.where(W > 0, W, a * W)),
]  # fmt: skip
EACH = pytest.mark.parametrize(
    ("name", "text", "inputs", "theirs"), CASES, ids=[f"{c[1]} {i}" for i, c in enumerate(CASES)]
)
TENSOR = {name for name, gate in GATES.items() if not gate.elementwise}


def wrapped(text, inputs):
    """A tape of the expression under a loss that sends back a different gradient everywhere."""
    return gs.parse(f"p = {text}; f = sum(sin(p + 0.3)*(p + 2))").forward(inputs)


def maps(tape, name=None):
    """The local gradients that are maps, of one gate or all: (wire, Jacobian)."""
    graph = tape.graph
    for w, wire in enumerate(graph.wires):
        gate = graph.nodes[wire.target].gate
        if isinstance(tape.local(w), Jacobian) and name in (None, gate.name):
            yield wire, tape.local(w)


def test_every_gate_of_arrays_has_a_case():
    assert {name for name, *_ in CASES} >= TENSOR


@EACH
def test_values_and_gradients_against_autograd(name, text, inputs, theirs):
    tape = wrapped(text, inputs)
    keys = [key for key in tape.graph.inputs if key != "y" or "y" not in LABELLED.get(name, ())]
    values = {key: np.asarray(inputs[key], dtype=float) for key in inputs}
    assert tape.values[tape.graph.names["p"]] == pytest.approx(
        np.asarray(theirs(*values.values())), rel=1e-12, abs=1e-14
    )

    def loss(*args):
        p = theirs(*args)
        return anp.sum(anp.sin(p + 0.3) * (p + 2))

    for key in keys:
        other = grad(loss, list(inputs).index(key))(*values.values())
        assert np.shape(tape.gradients[key]) == np.shape(inputs[key])
        assert tape.gradients[key] == pytest.approx(other, rel=1e-10, abs=1e-11), key


LABELLED = {name: (gate.labels,) for name, gate in GATES.items() if gate.labels}


@EACH
def test_gradients_against_differences(name, text, inputs, theirs):
    report = wrapped(text, inputs).check()
    assert report.ok, str(report)
    assert any(row.status == "ok" for row in report.rows)


@EACH
def test_pull_is_the_transpose_of_push(name, text, inputs, theirs):
    tape = wrapped(text, inputs)
    for wire, jacobian in maps(tape):
        g, d = array(*jacobian.rows, seed=5), array(*jacobian.columns, seed=6)
        one, other = np.sum(g * jacobian.push(d)), np.sum(jacobian.pull(g) * d)
        assert np.shape(jacobian.push(d)) == jacobian.rows, wire
        assert np.shape(jacobian.pull(g)) == jacobian.columns, wire
        assert one == pytest.approx(other, rel=1e-11, abs=1e-11), wire


@EACH
def test_the_backward_pass_pulls_through_the_same_maps(name, text, inputs, theirs):
    """The walk has short cuts; each must be what the Jacobian on its wire does."""
    tape = wrapped(text, inputs)
    for w, (source, target, _) in enumerate(tape.graph.wires):
        local, pull = tape.local(w), tape.engine.pulls[w]
        g = np.float64(0.7) if isinstance(local, float) else array(*local.rows, seed=5)
        expected = g * local if isinstance(local, float) else local.pull(g)
        found = pull.run(g, *[tape.slots[i] for i in pull.slots])
        assert (pull.source, pull.target) == (source, target)
        assert found == pytest.approx(expected, rel=1e-15, abs=1e-300), w


def same_bits(tape, other):
    for one, two in ((tape.values, other.values), (tape.upstreams, other.upstreams)):
        for a, b in zip(one, two, strict=True):
            assert np.array_equal(a, b, equal_nan=True)
            assert np.shape(a) == np.shape(b)


def warm(graph, inputs):
    """Run it so often, with runs that pay for a piece each, that all of it becomes code."""
    with hasty():
        tape = as_code(graph, inputs)
    _ = tape.upstreams
    return tape


@pytest.mark.parametrize("piece", [3, 128])
@EACH
def test_straight_line_code_gives_the_same_bits(name, text, inputs, theirs, piece, monkeypatch):
    """A graph over arrays that is run often is compiled; nobody can tell from its numbers."""
    monkeypatch.setattr(instructions, "PIECE", piece)
    fresh = wrapped(text, inputs)
    graph = wrapped(text, inputs).graph
    tape = warm(graph, inputs)
    same_bits(tape, fresh)
    for input_ in inputs:
        if input_ not in LABELLED.get(name, ()):
            assert np.array_equal(tape.backward(input_)[input_], fresh.backward(input_)[input_])


@settings(deadline=None, max_examples=30)
@given(text=programs())
def test_straight_line_code_of_programs_over_arrays(text):
    total = f"{text}\nout = sum(f * (f + 2))"
    graph, fresh = gs.parse(total), gs.parse(total)
    inputs = {n: array(2, 3, seed=k) for k, n in enumerate(graph.inputs)}
    same_bits(warm(graph, inputs), fresh.forward(inputs))


def test_straight_line_code_tells_of_labels_as_the_loops_do():
    graph, inputs = gs.parse("f = cross_entropy(s, y)"), dict(s=[[1.0, 2.0], [3.0, 4.0]], y=[0, 1])
    warm(graph, inputs)
    with pytest.raises(ShapeError, match="labels that are whole numbers from 0 to 1, not 2"):
        graph.forward({**inputs, "y": [0, 2]})
    assert graph.forward({**inputs, "y": [1, 1]}).value > 0


def test_without_memory_the_loops_try_again(monkeypatch):
    graph, inputs = gs.parse("q = outer(x, y); f = sum(q)"), dict(x=array(3), y=array(4))
    known = warm(graph, inputs).engine.passes.made[None]

    def full(slots):
        raise MemoryError

    monkeypatch.setattr(known, "_pieces", [full])
    assert graph.forward(inputs).value == pytest.approx(np.sum(np.outer(inputs["x"], inputs["y"])))


@EACH
def test_dense_agrees_with_push_pull_and_the_number_of_nonzeros(name, text, inputs, theirs):
    for wire, jacobian in maps(wrapped(text, inputs)):
        dense, (rows, columns) = jacobian.dense(), jacobian.shape
        g, d = array(*jacobian.rows, seed=7), array(*jacobian.columns, seed=8)
        assert dense.shape == (rows, columns)
        assert dense @ np.reshape(d, columns) == pytest.approx(np.reshape(jacobian.push(d), rows))
        assert dense.T @ np.reshape(g, rows) == pytest.approx(np.reshape(jacobian.pull(g), columns))
        assert np.count_nonzero(dense) <= jacobian.nonzeros <= rows * columns, wire
        assert f"{rows} x {columns}, {jacobian.structure}" in repr(jacobian)
        EXACT[jacobian.structure] = max(
            EXACT.get(jacobian.structure, 0), np.count_nonzero(dense) / max(jacobian.nonzeros, 1)
        )
        assert_structure(jacobian, dense)


EXACT = {}


def assert_structure(jacobian, dense):
    """What the structure's name says of the matrix."""
    rows = dense.shape[0]
    if jacobian.structure == "identity":
        assert (dense == np.eye(rows)).all()
    elif jacobian.structure == "scaled":
        assert (dense == dense[0, 0] * np.eye(rows)).all()
    elif jacobian.structure == "diagonal":
        assert (dense == np.diag(np.diag(dense))).all()
    elif jacobian.structure in ("permutation", "selection", "part"):
        assert set(dense.ravel()) <= {0.0, 1.0}
        assert dense.sum() == jacobian.nonzeros
    elif jacobian.structure == "broadcast":
        assert (np.count_nonzero(dense, axis=1) <= 1).all()
    elif jacobian.structure == "row":
        assert rows == 1
    elif jacobian.structure == "blocks":
        assert (np.count_nonzero(dense, axis=0) <= 1).all()
    elif jacobian.structure == "zero":
        assert not dense.any()


def test_the_number_of_nonzeros_is_reached():
    """Not only a bound: for random numbers every structure fills the entries it counts."""
    for case in CASES:
        test_dense_agrees_with_push_pull_and_the_number_of_nonzeros(*case)
    loose = {name for name, ratio in EXACT.items() if ratio < 1}
    assert loose <= {"zero", "windows"}  # of a window only the largest counts


@EACH
def test_a_push_is_what_a_small_step_does(name, text, inputs, theirs):
    tape = wrapped(text, inputs)
    p = tape.graph.names["p"]
    for wire, jacobian in maps(tape, name):
        key = tape.graph.ids[wire.source]
        if wire.target != p or GATES[name].labels == key:
            continue
        d, h = array(*jacobian.columns, seed=9), 1e-6
        sides = [
            tape.graph.forward({**inputs, key: np.asarray(inputs[key]) + h * sign * d}).values[p]
            for sign in (1, -1)
        ]
        if len(list(maps(tape, name))) > len(tape.graph.inputs):
            continue  # an input used twice
        assert jacobian.push(d) == pytest.approx(
            (sides[0] - sides[1]) / (2 * h), rel=1e-5, abs=1e-6
        )


def onehot(y):
    return (np.arange(5 if np.ndim(y) else 3) == np.asarray(y)[..., None]) * 1.0


def softmax(x):
    return np.exp(x) / np.exp(x).sum(-1, keepdims=True)


WORDS = dict(exp=np.exp, logsumexp=lambda x: np.log(np.exp(x).sum()), onehot=onehot, softmax=softmax, sign=np.sign, norm=np.linalg.norm,
             l2=lambda x: np.sum(x**2), sum=lambda x: x.sum(-1, keepdims=True))  # fmt: skip


@EACH
def test_the_printed_formula_is_what_is_pulled(name, text, inputs, theirs):
    """The text of a rule, worked out by NumPy."""
    if "=" in text or name in ("sum", "mean") or re.search(r", \d", text):
        return  # along an axis the sums of the formula are along it
    tape = wrapped(text, inputs)
    for wire, jacobian in maps(tape, name):
        rule, p = GATES[name].rule(wire.position), tape.graph.names["p"]
        if not isinstance(rule, Rule) or not rule.maps or not rule.text or wire.target != p:
            continue
        g = array(*jacobian.rows, seed=5)
        if rule.text == "0":
            assert not np.any(jacobian.pull(g))
            continue
        taken = tape.graph.nodes[p].taken(tape.values)
        args = dict(zip(GATES[name].params, map(np.asarray, taken), strict=True), g=g)
        formula = re.sub(r"\[(.*) = (max|min)\((.*)\)\]", r"(\1 == \1.\2())", rule.text)
        formula = re.sub(r"{(\w+)}ᵀ", r"np.asarray({\1}).T", formula).replace("·", "@")
        if max(map(np.ndim, args.values())) > 2 or name in ("outer", "matmul"):
            continue  # written for matrices: below
        sizes = dict(n=max(map(np.size, args.values())), N=np.size(args.get("y", 0)))
        found = eval(
            formula.format(**{k: k for k in args}, options=""),
            {"np": np},
            {**WORDS, **args, **sizes},
        )
        assert jacobian.pull(g) == pytest.approx(fit(found, jacobian.columns)), formula


def test_the_printed_formulas_of_products():
    g, a, b = array(2, 4), array(2, 3), array(3, 4)
    tape = gs.parse("f = sum((a @ b)*g)").forward(g=g, a=a, b=b)
    assert tape.gradients["a"] == pytest.approx(g @ b.T)
    assert tape.gradients["b"] == pytest.approx(a.T @ g)
    tape = gs.parse("f = sum(outer(x, z)*g)").forward(g=array(3, 2), x=x, z=y)
    assert tape.gradients["x"] == pytest.approx(array(3, 2) @ y)
    assert tape.gradients["z"] == pytest.approx(array(3, 2).T @ x)


@pytest.mark.parametrize("name", sorted(TENSOR - {"index", "slice", "pick", "dropout"}))
def test_forward_then_backward_of_a_gate(name):
    text, inputs = next((c[1], c[2]) for c in CASES if c[0] == name and "=" not in c[1])
    if re.search(r", -?\d", text) or GATES[name].variadic:
        return  # options are given by name: below
    gate = GATES[name]
    out = gate.forward(*inputs.values())
    tape = gs.parse(f"p = {text}; f = sum(p)").forward(inputs)
    assert out == pytest.approx(tape.values[tape.graph.names["p"]])
    back = gate.backward(np.ones(np.shape(out)))
    for key, ours in zip(inputs, back, strict=True):
        assert ours == pytest.approx(tape.gradients[key])


def test_the_gates_by_themselves():
    assert GATES["sum"].forward([[1, 2], [3, 4]], axis=0).tolist() == [4.0, 6.0]
    assert GATES["sum"].backward([1, 2])[0].tolist() == [[1.0, 2.0], [1.0, 2.0]]
    assert GATES["mul"].forward([1, 2], 3).tolist() == [3.0, 6.0]
    by_x, by_y = GATES["mul"].backward([1, 1])
    assert (by_x.tolist(), by_y) == ([3.0, 3.0], 3.0)
    assert type(by_y) is float
    with pytest.raises(GraphError, match="has no option along. Options: axis, keepdims"):
        GATES["sum"].forward([1], along=0)
    with pytest.raises(GraphError, match="must have the shape of its output"):
        GATES["mul"].backward(1.0)
    with pytest.raises(ShapeError, match="x has shape 2, y has shape 3: matmul needs y of shape 2"):
        GATES["matmul"].forward([1, 2], [1, 2, 3])
    with pytest.raises(InputError):
        GATES["sum"].forward([1, "a"])


# --- the lecture


def test_section_4():
    s = gs.stepper("q = W @ x; f = sum(q**2)", W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4])
    tape, names = s.tape, s.graph.names
    assert tape.values[names["q"]] == pytest.approx([0.22, 0.26], rel=1e-15)
    assert s.value == pytest.approx(0.116, rel=1e-15)
    assert tape.upstreams[names["q"]] == pytest.approx([0.44, 0.52], rel=1e-15)
    assert s.gradients["W"] == pytest.approx(np.array([[0.088, 0.176], [0.104, 0.208]]), rel=1e-15)
    assert s.gradients["x"] == pytest.approx([-0.112, 0.636], rel=1e-15)
    by_w, by_x = tape.local(0), tape.local(1)
    assert by_w.dense().tolist() == [[0.2, 0.4, 0, 0], [0, 0, 0.2, 0.4]]  # 1{k = i} x_j
    assert by_x.dense().tolist() == [[0.1, 0.5], [-0.3, 0.8]]
    assert (by_w.structure, by_x.structure) == ("kronecker", "dense")


@pytest.mark.parametrize("shape", [(4096,), (100, 4096)])
def test_the_jacobian_of_relu_is_never_built(shape):
    tape = gs.parse("f = sum(relu(x))").forward(x=np.zeros(shape))
    tracemalloc.start()
    jacobian, size = tape.local(0), math.prod(shape)
    assert jacobian.shape == (size, size)
    assert (jacobian.structure, jacobian.nonzeros) == ("diagonal", size)
    assert repr(jacobian) == f"<Jacobian {size} x {size}, diagonal>"
    assert jacobian.pull(np.ones(shape)).shape == shape
    assert tracemalloc.get_traced_memory()[1] < 20 * 8 * size + 100_000
    tracemalloc.stop()
    with pytest.raises(GraphError, match=f"A Jacobian of {size} x {size} is not built"):
        jacobian.dense()


SCORES = [3.2, 5.1, -1.7]


def test_section_6_losses():
    tape = gs.parse("L = hinge(s, y)").forward(s=SCORES, y=0)
    assert tape.value == pytest.approx(2.9, rel=1e-15)
    assert tape.gradients["s"].tolist() == [-1.0, 1.0, 0.0]
    tape = gs.parse("L = cross_entropy(s, y)").forward(s=SCORES, y=0)
    assert tape.value == pytest.approx(2.04035515280017, rel=1e-14)
    p = np.exp(SCORES) / np.exp(SCORES).sum()
    assert tape.gradients["s"] == pytest.approx(p - [1, 0, 0], rel=1e-14)
    assert tape.gradients["y"] == 0.0


def test_section_6_linear_classifier_with_l2():
    text = "s = x @ W.T + b; L = hinge(s, y) + lam*l2(W)"
    inputs = dict(x=array(5, 7), W=array(3, 7), b=array(3), y=[0, 2, 1, 1, 0], lam=0.1)
    tape = gs.parse(text).forward(inputs)

    def theirs(W):
        return hinge(inputs["x"] @ W.T + inputs["b"], inputs["y"]) + 0.1 * anp.sum(W**2)

    assert tape.value == pytest.approx(theirs(inputs["W"]), rel=1e-14)
    assert tape.gradients["W"] == pytest.approx(grad(theirs)(inputs["W"]), rel=1e-12)
    assert tape.check().ok


THREE = "h1 = sigmoid(W1 @ x + b1); h2 = sigmoid(W2 @ h1 + b2); f = sum(W3 @ h2 + b3)"
THREE_INPUTS = dict(x=array(3), W1=array(4, 3), b1=array(4), W2=array(4, 4), b2=array(4, seed=2),
                    W3=array(1, 4), b3=array(1))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "inputs", "theirs"),
    [
        (THREE, THREE_INPUTS, lambda x, W1, b1, W2, b2, W3, b3: anp.sum(
            W3 @ logistic(W2 @ logistic(W1 @ x + b1) + b2) + b3)),
        ("f = sum(W2 @ max(0, W1 @ x))", dict(W2=array(2, 5), W1=array(5, 3), x=x),
         lambda W2, W1, x: anp.sum(W2 @ anp.maximum(0, W1 @ x))),
        ("f = l2(W3 @ max(0, W2 @ max(0, W1 @ x)))",
         dict(W3=array(2, 4), W2=array(4, 5), W1=array(5, 3), x=x),
         lambda W3, W2, W1, x: anp.sum((W3 @ anp.maximum(0, W2 @ anp.maximum(0, W1 @ x))) ** 2)),
        ("h = 1/(1 + exp(-(x @ w1))); f = sum((h @ w2 - y)**2)",
         dict(x=array(6, 10), w1=array(10, 5), w2=array(5, 3), y=array(6, 3)),
         lambda x, w1, w2, y: anp.sum((logistic(x @ w1) @ w2 - y) ** 2)),
    ],
)  # fmt: skip
def test_section_7_networks(text, inputs, theirs):
    s = gs.stepper(text, inputs=inputs)
    assert s.value == pytest.approx(theirs(*inputs.values()), rel=1e-13)
    for position, key in enumerate(inputs):
        other = grad(theirs, position)(*inputs.values())
        assert s.gradients[key] == pytest.approx(other, rel=1e-10, abs=1e-12)
    assert s.tape.check().ok


def test_section_7_training_as_by_hand():
    """The lecture's 20 lines with hand-written gradients, and the example: the same losses."""
    rng = np.random.default_rng(0)
    x, y_ = rng.standard_normal((64, 1000)), rng.standard_normal((64, 10))
    w1, w2 = rng.standard_normal((1000, 100)), rng.standard_normal((100, 10))
    losses = []
    for _ in range(200):
        h = 1 / (1 + np.exp(-x.dot(w1)))
        y_pred = h.dot(w2)
        losses.append(np.square(y_pred - y_).sum())
        grad_y_pred = 2.0 * (y_pred - y_)
        grad_w2 = h.T.dot(grad_y_pred)
        grad_h = grad_y_pred.dot(w2.T)
        grad_w1 = x.T.dot(grad_h * h * (1 - h))
        w1 -= 1e-4 * grad_w1
        w2 -= 1e-4 * grad_w2
    example = runpy.run_path(str(ROOT / "examples" / "train.py"))
    assert example["train"](200) == pytest.approx(losses, rel=1e-9)


def logistic(z):
    return 1 / (1 + anp.exp(-z))


def test_a_small_convolutional_net():
    s = gs.stepper(CONVNET, inputs=CONVNET_INPUTS)
    report = s.tape.check()
    assert report.ok, str(report)
    assert len([row for row in report.rows if row.status == "ok"]) > 80
    for frame in s:
        assert frame.svg()


# --- numbers that are hard


def test_stable_at_a_thousand():
    big = [1000.0, -1000.0, 999.0]
    tape = gs.parse("f = cross_entropy(s, y)").forward(s=big, y=0)
    assert tape.value == pytest.approx(math.log1p(math.exp(-1)), rel=1e-15)
    tape = gs.parse("f = logsumexp(s) + sum(softmax(s)) + sum(log_softmax(s))").forward(s=big)
    assert tape.value == pytest.approx(1000 + 1 + math.log1p(math.exp(-1)) * -2 - 2001, rel=1e-14)
    assert np.isfinite(tape.gradients["s"]).all()
    assert not tape.troubles


def test_a_sure_prediction_keeps_its_digits():
    """The loss of a score that is 40 above the others, and its gradient, are about e^-40."""
    tape = gs.parse("f = cross_entropy(s, y)").forward(s=[40.0, 0.0], y=0)
    assert tape.value == pytest.approx(math.exp(-40), rel=1e-15)
    assert tape.gradients["s"] == pytest.approx([-math.exp(-40), math.exp(-40)], rel=1e-14)


def test_tails_are_exact_on_arrays():
    tape = gs.parse("f = sum(sigmoid(x)) + sum(tanh(z))").forward(x=[40.0, -700.0], z=[30.0])
    assert tape.gradients["x"] == pytest.approx([math.exp(-40), math.exp(-700)], rel=5e-16)
    assert tape.gradients["z"] == pytest.approx([4 * math.exp(-60)], rel=1e-15)


def test_norms_neither_overflow_nor_vanish():
    assert gs.parse("f = norm(x)").forward(x=[3e200, 4e200]).value == pytest.approx(5e200)
    assert gs.parse("f = norm(x)").forward(x=[3e-200, 4e-200]).value == pytest.approx(5e-200)
    assert gs.parse("f = norm(x)").forward(x=[0, 0]).gradients["x"].tolist() == [0.0, 0.0]


def test_kinks_and_ties():
    assert gs.parse("f = max(x)").forward(x=[2, 5, 5]).gradients["x"].tolist() == [0, 0.5, 0.5]
    tape = gs.parse("f = sum(maxpool2d(x))").forward(x=np.ones((2, 2)))
    assert tape.gradients["x"].tolist() == [[0.25, 0.25], [0.25, 0.25]]
    assert gs.parse("f = sum(relu(x))").forward(x=[0.0, -1]).gradients["x"].tolist() == [0, 0]
    assert gs.parse("f = l1(x)").forward(x=[0.0, -1]).gradients["x"].tolist() == [0, -1]
    report = gs.parse("f = sum(relu(x)) + max(x)").forward(x=[0.0, 0.0]).check()
    assert report.ok
    assert {row.status for row in report.skipped} == {"kink"}


def test_what_is_not_finite_has_a_warning():
    tape = gs.parse("f = sum(log(x))").forward(x=[1.0, 0.0])
    assert [(t.kind, t.number) for t in tape.troubles] == [
        ("value", -math.inf),
    ]
    tape = gs.parse("f = sum(sqrt(x))").forward(x=[1.0, 0.0])
    assert [t.kind for t in tape.troubles] == ["local"]
    assert not gs.parse("f = sum(x)").forward(x=[1.0]).troubles
    tape = gs.parse("f = sum(exp(x))").forward(x=[1000.0, 0.0])
    assert tape.troubles[0].number == math.inf


# --- inputs and outputs


def test_what_an_input_may_be():
    parse = gs.parse("f = sum(x)")
    for good in ([1, 2], (1, 2), np.array([1, 2]), np.array([1, 2], np.float16), [True, True]):
        assert parse.forward(x=good).values[0].dtype == np.float64
    single = parse.forward(x=np.ones(3, np.float32))
    assert single.values[0].dtype == np.float32
    assert single.gradients["x"].dtype == np.float32
    foreign = parse.forward(x=np.array([1, 2], ">f8"))  # bytes in another order
    assert foreign.values[0].dtype.isnative
    assert foreign.gradients["x"].dtype.isnative
    assert parse.forward(x=np.array(2.0)).value == 2.0
    for bad in (np.array([1j]), np.array(["a"]), np.array([None]), [[1], [2, 3]], [], [math.nan]):
        with pytest.raises(InputError):
            parse.forward(x=bad)


def test_numbers_too_large_for_what_is_done_with_them_are_no_cause_for_a_warning():
    """Which would be an error here."""
    assert gs.parse("f = sum(x)").forward(x=np.array([1e300, -1e300])).value == 0.0
    tape = gs.parse("f = sum(x)/w").forward(x=np.ones(2, np.float32), w=1e-300)
    assert tape.gradients["x"].tolist() == [math.inf, math.inf]
    layers = gs.parse("f = sum(batchnorm(x, w, w)) + sum(maxout(x, v, w, v, w)) + sum(x**2)")
    s = gs.stepper(layers, x=array(9, 3) * 1e200, w=array(3), v=array(3, 3) * 1e200)
    assert s.tape.troubles
    assert all((frame.caption, frame.equations) for frame in s)
    s.tape.check()
    if np.finfo(np.longdouble).max > np.finfo(float).max:
        with pytest.raises(InputError, match="inf"):
            gs.parse("f = sum(x)").forward(x=[np.longdouble("1e4000")])


def test_gradients_are_the_users_own():
    """No two gradients share memory, and changing one does not change the tape."""
    upstream = np.ones(2)
    GATES["add"].forward([1, 2], [3, 4])
    by_x, by_y = GATES["add"].backward(upstream)
    by_x *= 5
    assert (by_x.tolist(), by_y.tolist(), upstream.tolist()) == ([5, 5], [1, 1], [1, 1])
    tape = gs.parse("f = sum(x + z) + sum(reshape(w, -1))").forward(x=[1, 2], z=[3, 4], w=[[1, 2]])
    found = tape.gradients
    for name in found:
        found[name] *= 5
    assert {k: v.tolist() for k, v in found.items()} == {"x": [5, 5], "z": [5, 5], "w": [[5, 5]]}
    assert tape.gradients["x"].tolist() == [1, 1]
    with pytest.raises(ValueError, match="read-only"):
        tape.values[0][0] = 7
    with pytest.raises(ValueError, match="read-only"):
        tape.upstreams[0][0] = 7


def test_only_what_is_asked_for_is_worked_out():
    graph = gs.parse("f = sum((x @ w1) @ w2)")
    inputs = dict(x=array(4, 3), w1=array(3, 2), w2=array(2, 2))
    tape = graph.forward(inputs)
    assert tape.backward("w1", "w2").keys() == {"w1", "w2"}
    assert tape.backward("w1")["w1"] == pytest.approx(tape.gradients["w1"])
    flow = tape.engine
    assert all(flow.graph.ids[p.source] != "x" for p in flow.steps_to(frozenset({1, 3})))


def test_an_output_that_is_no_number():
    tape = gs.parse("q = W @ x").forward(W=W, x=x)
    assert tape.value == pytest.approx(W @ x)
    with pytest.raises(
        GraphError, match=r"q has shape 2, but a gradient is of one number.*sum\(q\)"
    ):
        tape.backward()
    with pytest.raises(GraphError, match="of one number"):
        gs.stepper("q = W @ x", W=W, x=x)


def test_literals_and_defaults():
    s = gs.stepper("W = [[1, 2], [3, -4]]; f = sum(W @ [1, 0.5])")
    assert s.value == 3.0
    assert s.gradients["W"].tolist() == [[1, 0.5], [1, 0.5]]
    assert s.at(W=[[0, 0], [0, 1]]).value == 0.5
    assert gs.parse("f = sum([[1], [2]] * x)").forward(x=[1, 1]).value == 6.0


SHAPES = [
    ("W @ x", dict(W=W, x=y), "W has shape 2x3, x has shape 2: W @ x needs x of shape 3.", "W @ x"),
    (
        "W @ V",
        dict(W=W, V=W),
        "W has shape 2x3, V has shape 2x3: W @ V needs V of shape 3x3.",
        "W @ V",
    ),
    (
        "1 + (W + y)",
        dict(W=W, y=y),
        "W has shape 2x3, y has shape 2: W + y needs equal shapes",
        "W + y",
    ),
    ("W @ c", dict(W=W, c=2), "c is one number: W @ c needs vectors or matrices", "W @ c"),
    ("outer(W, y)", dict(W=W, y=y), "needs two vectors", "outer(W, y)"),
    (
        "sum(W, axis=2)",
        dict(W=W),
        "W has shape 2x3: sum(W, axis=2) has no axis 2. Axes are counted from 0; their number is 2.",
        "sum(W, axis=2)",
    ),
    ("reshape(W, 4, 2)", dict(W=W), "reshape(W, 4, 2) needs a shape for 6", "reshape(W, 4, 2)"),
    ("2*x[3]", dict(x=x), "x[3] has no place 3; the last one is 2", "x[3]"),
    ("c[0]", dict(c=1), "c is one number: c[0] needs a vector", "c[0]"),
    ("x[2:1]", dict(x=x), "has no elements; the last place is 2", "x[2:1]"),
    ("hinge(s, y)", dict(s=s, y=1), "a row of scores for each label", "hinge(s, y)"),
    ("hinge(s, y)", dict(s=x, y=5), "whole numbers from 0 to 2, not 5", "hinge(s, y)"),
    ("s[y]", dict(s=x, y=[0.5]), "whole numbers from 0 to 2, not 0.5", "s[y]"),
    ("concat(W, x)", dict(W=W, x=x), "shapes that are equal but for axis 0", "concat(W, x)"),
    ("conv2d(x, k)", dict(x=x, k=W), "needs an image", "conv2d(x, k)"),
    ("conv2d(W, k)", dict(W=W, k=array(3, 3)), "has a window of 3x3", "conv2d(W, k)"),
    ("conv2d(W, k)", dict(W=W, k=array(1, 1, 2, 2)), "needs an image of channels", "conv2d(W, k)"),
    ("batchnorm(x, 1, 0)", dict(x=x), "needs a batch of rows", "batchnorm(x, 1, 0)"),
    ("elastic_net(W, x)", dict(W=W, x=x), "needs x to be one number", "elastic_net(W, x)"),
    ("dropout(x, 1)", dict(x=x), "needs a probability", "dropout(x, 1)"),
]


@pytest.mark.parametrize(("text", "inputs", "says", "piece"), SHAPES, ids=[c[0] for c in SHAPES])
def test_shapes_that_do_not_fit(text, inputs, says, piece):
    """The message, the place in the text, and that nothing was evaluated before (but labels)."""
    with pytest.raises(ShapeError) as caught:
        gs.parse(text).forward(inputs)
    error = caught.value
    assert says in str(error)
    assert error.source[slice(*error.span)] == piece


def test_shapes_are_known_before_anything_is_evaluated(monkeypatch):
    seen = []
    exp = dataclasses.replace(
        GATES["exp"], fast=None, apply=lambda m, x: seen.append(x) or m.exp(x)
    )
    monkeypatch.setattr("graphstep.graph.parser.GATES", {**GATES, "exp": exp})
    graph = gs.parse("f = exp(x) @ y")
    with pytest.raises(ShapeError):
        graph.forward(x=[1, 2], y=[1, 2, 3])
    assert not seen
    graph.forward(x=[1, 2], y=[1, 2])
    assert seen


# --- random programs

sizes = st.sampled_from([(), (2,), (3,), (2, 3), (3, 2), (1, 3), (2, 2), (4, 2, 3), (2, 4, 4)])
PIECES = ["{} + {}", "{} * {}", "{} @ {}", "relu({})", "sum({}, axis=0)", "{}.T", "softmax({})",
          "reshape({}, 3, 2)", "{}[0]", "{}[0:2]", "max({}, 0.5)", "concat({}, {})", "mean({})",
          "cross_entropy({}, {})", "{}[y]", "outer({}, {})", "conv2d({}, {})", "maxpool2d({})",
          "norm({})", "-{}", "{} ** 2", "flatten({})", "max({}, axis=-1)", "hinge({}, {})",
          "tanh({}) / (1 + square({}))", "dropout({})", "batchnorm({}, 1, {})"]  # fmt: skip


@st.composite
def arrays_programs(draw):
    def grow(depth):
        if depth == 0:
            return draw(st.sampled_from(["x", "z", "w", "[1, 2]", "0.5"]))
        piece = draw(st.sampled_from(PIECES))
        return f"({piece.format(*[grow(depth - 1) for _ in range(piece.count('{}'))])})"

    return grow(draw(st.integers(1, 3)))


@settings(max_examples=400, deadline=None)
@given(
    text=arrays_programs(),
    shapes=st.lists(sizes, min_size=3, max_size=3),
    y=st.sampled_from([0, [0, 1]]),
)
def test_random_programs_fit_or_are_refused(text, shapes, y):
    """Only GraphstepError, never a bare error of NumPy; and a program that fits is checked."""
    try:
        graph = gs.parse(f"f = sum({text})")
        given_ = dict(zip("xzw", (array(*shape) for shape in shapes), strict=True), y=y)
        tape = graph.forward({name: given_[name] for name in graph.inputs})
    except gs.GraphstepError:
        return
    for name, gradient in tape.gradients.items():
        assert np.shape(gradient) == np.shape(given_[name])
    for w, wire in enumerate(graph.wires):
        assert np.shape(tape.downstream(w)) == np.shape(tape.values[wire.source])
    assert tape.check().ok, str(tape.check())


# --- the tests are tested


def broken(name, of):
    """A gate whose first local gradient is wrong."""
    right = GATES[name]
    return dataclasses.replace(right, local=(Rule("", of, maps=True), *right.local[1:]))


WRONG = {
    "not transposed": ("matmul", "W @ V", dict(W=array(2, 2), V=array(2, 2)),
        lambda m, out, x, y: m.product(out, x, y.T, "left")),
    "sum instead of mean": ("mean", "mean(W)", dict(W=W),
        lambda m, out, x, *_: m.contraction(out, x, 1.0)),
    "the label not counted": ("hinge", "hinge(s, y)", dict(s=SCORES, y=0),
        lambda m, out, s, y: m.contraction(out, s, np.array([0.0, 1.0, 0.0]))),
    "one element": ("softmax", "softmax(x)", dict(x=x),
        lambda m, out, x, axis: m.repeated(out, x, out * (1 - out))),
    "a large array": ("l2", "l2(W)", dict(W=array(30, 40)),
        lambda m, out, x: m.contraction(out, x, 2.001 * x)),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "inputs", "of"), WRONG.values(), ids=WRONG)
def test_a_wrong_rule_is_found_and_named(name, text, inputs, of, monkeypatch):
    monkeypatch.setattr("graphstep.graph.parser.GATES", {**GATES, name: broken(name, of)})
    report = gs.parse(f"p = {text}; f = sum(sin(p))").forward(inputs).check()
    assert not report.ok
    assert report.first.target == "p"
    assert report.first.kind.startswith("wire")
    assert "WRONG" in str(report)
    of_array = np.ndim(gs.parse(text).forward(inputs).value) > 0
    assert ("weighted by random numbers" in str(report)) == of_array


def test_the_law_of_the_transpose_can_fail():
    wrong = Pulled((2,), (2,), lambda g: np.array([g[1], 2 * g[0]]))
    wrong.push = lambda d: d
    g, d = array(2), array(2, seed=3)
    assert np.sum(g * wrong.push(d)) != pytest.approx(np.sum(wrong.pull(g) * d))


def test_fit_sums_over_what_was_repeated():
    assert fit(np.ones((4, 2, 3)), (2, 1)).tolist() == [[12.0], [12.0]]
    assert fit(np.ones((2, 3)), ()) == 6.0
    assert Diagonal((2, 3), (3,), 2.0).pull(np.ones((2, 3))).tolist() == [4.0, 4.0, 4.0]


# --- gates of a user's own, groups


def test_own_gates_on_arrays():
    @gs.gate
    class affine:
        def forward(self, x, w):
            self.x, self.w = x, w
            return x @ w

        def backward(self, dz):
            return [dz @ self.w.T, self.x.T @ dz]

    s = gs.stepper("f = sum(affine(x, w)**2)", x=array(2, 3), w=array(3, 4))
    other = gs.stepper("f = sum((x @ w)**2)", x=array(2, 3), w=array(3, 4))
    assert s.gradients["w"] == pytest.approx(other.gradients["w"])
    assert s.tape.check().ok
    assert s.tape.local(0).dense() == pytest.approx(other.tape.local(0).dense())
    assert all(frame.svg() for frame in s)


def test_an_own_function_on_arrays():
    @gs.gate(local=[lambda x: np.cos(x)])
    def wave(x):
        return np.sin(x)

    @gs.gate(local=[lambda x: 3 * x**2])
    def cubes(x):
        return np.sum(x**3)

    tape = gs.parse("f = cubes(wave(x))").forward(x=array(4))
    assert tape.gradients["x"] == pytest.approx(3 * np.sin(array(4)) ** 2 * np.cos(array(4)))
    assert tape.check().ok


@pytest.mark.parametrize(
    ("forward", "backward", "says"),
    [
        (
            lambda x: x,
            lambda dz: dz[:1],
            r"gives a gradient of shape \[1\] for an input of shape \[2\]",
        ),
        (lambda x: "text", lambda dz: dz, "must give a number at"),
        (lambda x: x @ np.ones(5), lambda dz: dz, "The gate own failed at .*ValueError"),
        (lambda x: x * math.nan, lambda dz: dz, "The gate own gave nan"),
        (lambda x: x, lambda dz: dz * math.nan, "The gate own gave nan"),
        (lambda x: x, lambda dz: 1 / 0, "ZeroDivisionError"),
        (lambda x: x.__setitem__(0, 5), lambda dz: dz, "read-only"),
    ],
)
def test_an_own_gate_that_goes_wrong_on_arrays(forward, backward, says):
    @gs.gate
    class own:
        def forward(self, x):
            return forward(x)

        def backward(self, dz):
            return backward(dz)

    with pytest.raises(GateError, match=says):
        gs.parse("f = sum(own(x))").forward(x=[1.0, 2.0]).backward()


def test_a_wrong_backward_on_arrays_is_found_with_its_element():
    @gs.gate
    class square_it:
        def forward(self, x):
            self.x = x
            return x**2

        def backward(self, dz):
            return 2 * self.x * dz * np.array([1.0, 1.5])

    report = gs.parse("f = sum(square_it(x))").forward(x=[1.0, 2.0]).check()
    assert report.first.source == "x[1]"
    assert report.first.analytic == pytest.approx(1.5 * report.first.numeric)


def test_a_group_of_gates_on_arrays():
    graph = gs.parse("a = W @ x; h = tanh(a + b); f = sum(h**2)")
    inputs = dict(W=W, x=x, b=y)
    grouped = graph.group(["a", 4, "h"], "layer")
    tape, other = graph.forward(inputs), grouped.forward(inputs)
    for name in inputs:
        assert other.gradients[name] == pytest.approx(tape.gradients[name])
    assert other.check().ok
    for _, jacobian in maps(other, "layer"):
        g, d = array(*jacobian.rows, seed=5), array(*jacobian.columns, seed=6)
        assert np.sum(g * jacobian.push(d)) == pytest.approx(np.sum(jacobian.pull(g) * d))
        assert jacobian.structure == "inside"
    with pytest.raises(ShapeError, match="layer"):
        grouped.forward(W=W, x=y, b=y)


@EACH
def test_an_expansion_is_the_gate_on_arrays(name, text, inputs, theirs):
    if not GATES[name].expansion:
        return
    tape = wrapped(text, inputs)
    expanded = tape.graph.expand("p")
    expanded.check()
    other = expanded.forward(inputs)
    assert other.value == pytest.approx(tape.value, rel=1e-12)
    for key in inputs:
        assert other.gradients[key] == pytest.approx(tape.gradients[key], rel=1e-9, abs=1e-11)


def test_every_composite_gate_has_an_expansion_case():
    cases = {name for name, *_ in CASES}
    assert {g.name for g in GATES.values() if g.expansion and not g.elementwise} <= cases
    named = ("sigmoid", "softmax", "tanh", "hinge", "cross_entropy", "norm", "l2", "mse")
    assert all(GATES[name].expansion for name in named)


# --- found by a reader, held since


def gradient(text, name, **inputs):
    return gs.parse(text).forward(inputs).gradients[name]


def test_logsumexp_of_one_number():
    assert gs.parse("f = logsumexp(x)").forward(x=2).value == 2.0
    assert gs.parse("f = logsumexp(min(x))").forward(x=[3, 4]).value == 3.0


def test_numbers_inside_gates_on_arrays():
    assert np.isinf(gradient("f = sum(x/0)", "x", x=[1, 2])).all()
    tape = gs.parse("f = sum(leaky_relu(2, a))").forward(a=[1, 2, 3])
    assert tape.value == 6.0
    assert tape.gradients["a"].tolist() == [0, 0, 0]
    assert gs.parse("f = sum(elu(-1, a))").forward(a=[1, 2]).check().ok
    assert gs.parse("f = sum(elu(2, a))").forward(a=[1, 2]).value == 4.0


def test_max_of_three_is_told():
    s = gs.stepper("f = max(x, y, z)", x=1, y=2, z=3)
    assert "Input z" in s[2].caption
    assert "not the maximum" in s[2].caption
    assert gs.stepper("f = sum(max(x, y, z))", x=[1, 2], y=[2, 1], z=[0, 5])[3].caption


@pytest.mark.parametrize("text", ["f = sum(abs(x))", "f = sum(square(x))", "f = log(sum(exp(x)))",
                                  "f = sum(exp(x)/sum(exp(x), -1, 1)*x)",
                                  "f = sum((x - logsumexp(x, -1, 1))*x)"])  # fmt: skip
def test_known_gates_over_gates_with_options(text):
    graph = gs.parse(text)
    known = graph.group_known()
    assert len(known.nodes) < len(graph.nodes)
    one, other = graph.forward(x=[1.5, -2, 0.3]), known.forward(x=[1.5, -2, 0.3])
    assert other.value == pytest.approx(one.value)
    assert other.gradients["x"] == pytest.approx(one.gradients["x"])


def test_groups_with_options_and_labels():
    grouped = gs.parse("a = abs(x); f = sum(a, axis=0)").group(["a", "f"], "g")
    assert grouped.forward(x=[1, -2]).gradients["x"].tolist() == [1, -1]
    grouped = gs.parse("a = s[y]; b = a*2; f = sum(b)").group(["a", "b"], "g")
    tape = grouped.forward(s=[1, -2], y=[0, 1])
    assert tape.gradients["s"].tolist() == [2, 2]
    assert tape.check().ok


def test_own_functions_that_are_not_element_by_element_are_refused():
    @gs.gate(local=[lambda x: 1.0])
    def turned(x):
        return x.T

    @gs.gate(local=[lambda x: 1.0])
    def cut(x):
        return x[:2]

    for text, x in (("f = sum(turned(x))", W), ("f = sum(cut(x))", [1, 2, 3])):
        with pytest.raises(GateError, match="those of each element"):
            gs.parse(text).forward(x=x).backward()


def test_own_gates_of_strange_shapes():
    @gs.gate
    class some:
        def forward(self, x):
            self.x = x
            return x[x > 0]

        def backward(self, dz):
            whole = np.zeros_like(self.x)
            whole[self.x > 0] = dz
            return whole

    graph = gs.parse("f = l2(some(x))")
    assert graph.forward(x=[1, 2]).value == 5.0
    with pytest.raises(GateError, match="must follow from those of its inputs"):
        graph.forward(x=[1, -2])
    with pytest.raises(GateError, match="must give a number"):
        gs.parse("f = l2(some(x))").forward(x=[-1, -2])


def test_maxout_needs_pieces_of_one_shape():
    given_ = dict(x=[[1, 2, 3]], w1=np.ones((3, 2)), b1=np.ones((4, 2)), w2=np.ones((3, 2)), b2=0)
    with pytest.raises(ShapeError, match="two pieces of the same shape"):
        gs.parse("f = sum(maxout(x, w1, b1, w2, b2))").forward(given_)


@pytest.mark.parametrize("by", WAYS)
def test_of_labels_is_said_that_they_have_no_derivative_and_no_more(by):
    s = gs.stepper("f = cross_entropy(W @ x, t)", W=[[1, 2], [3, 4]], x=[0.2, 0.4], t=1, by=by)
    said = [
        frame.caption for frame in s if "t holds labels, which have no derivative." in frame.caption
    ]
    assert len(said) == (2 if by == "wire" else 1)
    assert not any("nput t" in frame.caption or "\nt:" in frame.legend for frame in s)


def test_another_thread_may_forget_the_flat_graphs():
    class Forgetful(dict):
        def __setitem__(self, key, value):
            """As if another thread ran the graph for its seventeenth shape now."""

    graph = gs.parse("f = sum(x)")
    engines(graph).flows = Forgetful()
    assert graph.forward(x=[1, 2]).value == 3.0


def test_labels_that_are_used_twice_have_no_sum():
    s = gs.stepper("f = cross_entropy(s, t) + hinge(s, t)", s=[0.2, 0.4], t=1)
    at = next(frame for frame in s if frame.step.kind == "sum" and frame.step.node == 1)
    assert at.caption == "t holds labels, which have no derivative."
    assert (at.legend, at.equations) == ("", ())
    s = gs.stepper("f = cross_entropy(s, t) + 2*t", s=[0.2, 0.4], t=1)
    at = next(frame for frame in s if frame.step.kind == "sum")
    assert at.legend == "0.00 + 2.00 = 2.00"
    assert len(at.equations[0].sides) == 3  # nothing is written of the labels' wire


def test_labels_alone_can_be_drawn():
    assert gs.stepper("f = l2(s[y])", s=[0, 0, 0], y=[1] * 6)[-1].svg()


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


def test_what_does_not_fit_into_memory_is_told():
    with pytest.raises(GraphError, match="does not fit into memory"):
        gs.parse("f = sum(outer(x, x))").forward(x=np.ones(10_000_000))


@pytest.mark.parametrize("seed", range(5))
def test_the_check_where_terms_cancel(seed):
    x = np.random.default_rng(seed).standard_normal(30)
    assert gs.parse("f = sum(x)").forward(x=x - x.mean()).check().ok
    assert gs.parse("f = sum(batchnorm(x, 1, 0))").forward(x=x.reshape(10, 3)).check().ok
    tape = gs.parse("f = sum(W @ x)").forward(W=np.linspace(-1, 1, 30).reshape(5, 6), x=np.ones(6))
    assert tape.check().ok


def test_the_check_in_single_precision():
    rng = np.random.default_rng(0)
    given_ = {n: rng.standard_normal(s).astype(np.float32)
              for n, s in (("x", (20, 30)), ("w1", (30, 20)), ("w2", (20, 5)))}  # fmt: skip
    y = rng.integers(0, 5, 20)
    assert gs.parse("f = cross_entropy(relu(x @ w1) @ w2, y)").forward(given_, y=y).check().ok


def test_the_check_near_ties():
    for x in ([1, 1 + 1e-6, 0], [1, 1, 0], [1, 1 + 1e-12, 0]):
        report = gs.parse("f = max(x)").forward(x=x).check()
        assert report.ok, str(report)
    report = gs.parse("f = max(x)").forward(x=[1, 1, 0]).check()
    assert "x[0], 0.5" in str(report)


@pytest.mark.parametrize(
    ("text", "inputs", "not_said"),
    [
        ("f = sum(x*y)", dict(x=2, y=[1, -1]), "multiplied by 0"),
        ("f = sum([0, 1]*relu(x))", dict(x=[1, -1]), "ReLU is off"),
        ("f = sum(relu(x))", dict(x=[0, -1, -2]), "at the kink"),
        ("f = sum(W @ x)", dict(W=[[1, -1], [-1, 1]], x=[1, 2]), "local gradient is 0"),
        ("f = concat(x, z)[0]", dict(x=[1, 2], z=[3, 4]), "local gradient is 0"),
        ("f = sum(x + b)", dict(x=[[1, 2], [3, 4]], b=[1, 2]), "as it is"),
    ],
)
def test_no_false_reason_is_given(text, inputs, not_said):
    assert not_said not in " ".join(frame.caption for frame in gs.stepper(text, inputs=inputs)
                                    if frame.step.node != frame.figure.graph.output or "as it" not in not_said)  # fmt: skip


def test_masked_arrays_are_refused():
    with pytest.raises(InputError):
        gs.parse("f = sum(x)").forward(x=np.ma.array([1.0, 2.0], mask=[0, 1]))
