"""Local gradients by index: over all indexes they are the Jacobian."""

from itertools import product

import numpy as np
import pytest
from array_cases import CASES, EACH
from indexed_values import Values, some

import graphstep as gs
from examples import array
from graphstep.formulas.unicode import unicode
from graphstep.gates import GATES
from graphstep.indexes.forms import INTO, MADE, OUT
from graphstep.indexes.table import FORMS

SUMS = gs.Style(sums=True)
W, V = ([[0.3, 0.7, 0.2], [0.5, 0.9, 0.4]], [[0.6, 0.1, 0.8], [0.35, 0.25, 0.45]])
INPUTS = dict(W=W, V=V, A=array(2, 4, 2, 3), u=array(4), v=array(4, seed=2))
"""A is a batch of images with four channels, of which u and v have a number each."""
OTHERWISE = {"arccosh": "W + 1", "clip": "W, 0.25, 0.6", "where": "W > V, W, V"}
"""What gates take that are not of one or two arrays of numbers between 0 and 1."""
BY_ELEMENT = [
    (name, f"{name}({OTHERWISE.get(name) or ', '.join('WV'[: len(gate.params)])})")
    for name, gate in GATES.items()
    if gate.elementwise
]
MOVED = [
    ("reshape", "reshape(W, 3, 2)"), ("reshape", "reshape(W, 6)"), ("reshape", "reshape(W[0], 3, 1)"),
    ("reshape", "reshape(W, 1, 6)"), ("flatten", "flatten(W)"), ("slice", "W[0][1:]"), ("part", "W[:, 1:3]"),
    ("part", "W[:, ::2]"), ("part", "W[::-1, :]"), ("part", "W[:, 1]"), ("part", "W[1, :]"), ("part", "W[0:1, 0:2]"),
    ("part", "W[None, 0]"), ("concat", "concat(W, V)"), ("concat", "concat(W, V, axis=1)"), ("concat", "concat(W[0], V[1])"),
    ("permute", "permute(W, 1, 0)"), ("swapaxes", "swapaxes(W, 0, 1)"), ("expand_dims", "expand_dims(W[0], 1)"),
    ("squeeze", "squeeze(expand_dims(W[0], 0), 0)"), ("stack", "stack(W[0], V[1])"), ("stack", "stack(W[0], V[1], axis=1)"),
    ("split", "split(W[0], 3)[1]"), ("pad", "pad(W[0], 2)"), ("pad", "pad(W, 1)"),
    ("broadcast_to", "broadcast_to(W[0], 2, 3)"), ("avgpool2d", "avgpool2d(W, 2, 1)"), ("avgpool2d", "avgpool2d(V, 1)"), ("maxpool2d", "maxpool2d(V, 2, 1)"),
]  # fmt: skip
"""Gates that move elements, and windows."""
ELSE = [
    *BY_ELEMENT, ("sum", "sum(W, 0)"), ("sum", "sum(W, 1)"), ("mean", "mean(W, 0)"), ("mean", "mean(W, 1)"),
    ("log_softmax", "log_softmax(W[1])"), ("softmax", "softmax(W[1])"), ("index", "W[-1][0]"),
    ("transpose", "W[0].T"), ("cumsum", "cumsum(W, 0)"), ("cumsum", "cumsum(W, 1)"),
    ("amax", "max(W, axis=0)"), ("amax", "max(W, axis=1)"), ("amin", "min(W, axis=0)"), ("amin", "min(W, axis=1)"),
    ("diag", "diag(W @ V.T)"), ("diag", "diag(W[1])"), ("trace", "trace(W @ V.T)"), ("prod", "prod(W, axis=1)"),
    ("var", "var(W, axis=0)"), ("std", "std(W, axis=-1, keepdims=1)"), ("logsumexp", "logsumexp(W, axis=0)"),
    ("var", "var(W, keepdims=1)"), ("var", "var(stack(W, V), axis=(0, 2))"), ("size", "W*size(V, 1)"),
    ("einsum", 'einsum("ij,kj->ki", W, V)'), ("einsum", 'einsum("ij,ij->j", W, V)'), ("einsum", 'einsum("ij->j", W)'),
    ("group_norm", "group_norm(stack(W[0], V[1], W[1], axis=1), 0.7, W[0], 1)"), ("group_norm", "group_norm(W @ W.T, V[0, 1:], V[1, :2], 2)"),
    ("group_norm", "group_norm(concat(W, V, axis=1), 0.7, 0.2, 2)"), ("group_norm", "group_norm(concat(W, V, axis=1), concat(W[0], V[1]), concat(V[0], W[1]), 3)"),
    *[("group_norm", f"group_norm(A, {scale}, {groups})") for scale in ("0.7, 0.2", "u, v") for groups in (1, 2, 4)],
    ("sub", "W - mean(W, -1, 1)"), ("mul", "W*V[:, 1:2]"), ("div", "W[:, :1]/V[1:]"), ("pow", "V[0]**A[:, :1, :1]"), ("max", "max(W[:1], V[:, 2:])"),
    ("group_norm", "group_norm(A[:, :, 0], u, v, 2)"), ("var", "var(A, axis=(0, 2, 3), keepdims=1)"),
    ("conv2d", "conv2d(stack(W, V), reshape(W[:, 1:], 2, 1, 1, 2), groups=2)"), ("conv2d", "conv2d(W, V[:, :2], dilation=2, pad=1)"),
    *MOVED,
]  # fmt: skip


def figure(text, inputs):
    return gs.stepper(f"p = {text}; f = sum(sin(p + 0.3)*(p + 2))", inputs=inputs, style=SUMS)


def check_forms(s):
    """Each form is the Jacobian of its wire; returns the gates of those that have one."""
    values, found = Values(s), set()
    derivations = s._writer.derivations
    for w, wire in enumerate(s.graph.wires):
        sides = derivations.local(w)
        if not sides or s.graph.takes_labels(wire):
            continue
        out, into = s.tape.shapes[wire.target], s.tape.shapes[wire.source]
        dense = np.reshape(s.tape.local(w).dense(), (*out, *into))
        letters = [derivations.elements.letters[x] for x in (*OUT[: len(out)], *INTO[: len(into)])]
        for places in some(product(*map(range, dense.shape))):
            at = dict(zip(letters, places, strict=True))
            for side in sides:
                assert np.isclose(values.worth(side, at), dense[tuple(places)], rtol=1e-9, atol=1e-12), (
                    unicode(side), at)  # fmt: skip
        found.add(s.graph.nodes[wire.target].gate.name)
    return found


@EACH
def test_over_all_indexes_a_form_is_the_jacobian(name, text, inputs, theirs):
    check_forms(figure(text, inputs))


@pytest.mark.parametrize(("name", "text"), ELSE)
def test_the_same_of_other_gates(name, text):
    graph = gs.parse(text)
    assert name in check_forms(figure(text, {n: INPUTS[n] for n in graph.inputs}))


@pytest.mark.parametrize(("name", "text"), ELSE)
def test_forms_need_no_numbers(name, text):
    """The forms of a figure of these shapes without numbers are the same.

    But where elements of two arrays could be equal, that is provided for.
    """
    given = {n: INPUTS[n] for n in gs.parse(text).inputs}
    known, unknown = (
        figure(text, given),
        figure(text, {n: gs.unknown(*np.shape(x)) for n, x in given.items()}),
    )
    for w in known.graph.wires_in[known.graph.names["p"]]:
        form, found = (s._writer.derivations.form(w) for s in (known, unknown))
        assert form is not None
        assert found is not None
        assert found == form or name in ("max", "min")


OPENED = [
    "layer_norm(W, 0.7, 0.2)", "layer_norm(W)", "batchnorm(W)", "instance_norm(A)", "batchnorm2d(A, u, v)",
    "batchnorm(W, V[0], V[1], 0.7, 0.2)", "attention(W, V, V)", "kl(W, V)", "soft_cross_entropy(W, V)",
]  # fmt: skip


@pytest.mark.parametrize("text", OPENED)
def test_opened_functions_have_the_lines_of_their_gates(text):
    graph = gs.parse(f"p = {text}; f = sum(sin(p + 0.3)*(p + 2))")
    while closed := [node.gate.name for node in graph.nodes if node.gate and node.gate.made]:
        graph = graph.expand(closed[0])
    s = gs.stepper(graph, inputs={n: INPUTS[n] for n in graph.inputs}, style=SUMS)
    wires = [w for w, wire in enumerate(graph.wires) if not graph.takes_labels(wire)]
    assert not [
        w
        for w in wires
        if any(s._writer.derivations.letters(w)) and not s._writer.derivations.form(w)
    ]
    check_forms(s)


def test_every_gate_has_a_form():
    found = {name for name, _ in ELSE}
    for name, text, inputs, _ in CASES:
        if name not in found and max(np.ndim(v) for v in inputs.values()) <= 4:
            found |= {name} & check_forms(figure(text, inputs))
    assert {name for name, gate in GATES.items() if not gate.own} <= found
    assert FORMS.keys() | MADE.keys() <= found


ONES = np.ones((2, 2, 2, 2))


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("A @ x", dict(A=ONES[0], x=[1, 2])),  # a stack of matrices
        ("x*y", dict(x=ONES[None], y=2)),  # five dimensions
        ("maxpool2d(W, 2)", dict(W=[[1, 2], [2, 1]])),  # equal elements
        ("max(W, axis=0)", dict(W=[[1, 2], [1, 1]])),
        ("maxout(x, u, a, u, a)", dict(x=[1, 2], u=[[1], [2]], a=[0])),
        ("std(W, axis=1)", dict(W=[[1, 1], [2, 3]])),  # a kink
        ("prod(W, axis=1)", dict(W=[[0, 1], [2, 3]])),  # a factor of 0
        ("det(W)", dict(W=[[1, 2], [2, 4]])),
        ("dropout(W)", dict(W=[[0, 1], [2, 3]])),  # a 0 may be dropped or not
    ],
)
def test_what_has_none(text, inputs):
    s = figure(text, inputs)
    (w, *_) = s.graph.wires_in[s.graph.names["p"]]
    assert not s._writer.derivations.local(w)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("einsum('ij,kj->ki', W, V)", "1{k = i} Wₗⱼ"),
        ("reshape(W, 6)", "1{k = 3 i + j}"),
        ("W[:, ::2]", "1{k = i} · 1{j = 2 l}"),
        ("W[::-1, 1]", "1{i = 1 − k} · 1{j = 1}"),
        ("concat(V, W)", "1{k = i + 2} · 1{l = j}"),
        ("stack(V[0], W[1], axis=1)", "1{k = i} · 1{l = 1}"),
        ("permute(W, 1, 0)", "1{l = i} · 1{k = j}"),
        ("var(W, axis=0)", "1{k = j} · (2 (Wᵢⱼ − (∑ᵣ Wᵣⱼ)/2))/2"),
        ("conv2d(V, W)", "V_(k + i, l + j)"),
        (
            "conv2d(V, W, dilation=2, pad=2)",
            "1{2 ≤ k + 2 i} · 1{k + 2 i < 4} · 1{2 ≤ l + 2 j} · 1{l + 2 j < 5} V_(k + 2 i − 2, l + 2 j − 2)",
        ),
        (
            "conv2d(V, W[:, 0:2], 2, pad=1)",
            "1{1 ≤ 2 k + i} · 1{2 k + i < 3} · 1{1 ≤ 2 l + j} · 1{2 l + j < 4} V_(2 k + i − 1, 2 l + j − 1)",
        ),
        ("avgpool2d(W, 2, 1)", "(1{k ≤ i} · 1{i < k + 2} · 1{l ≤ j} · 1{j < l + 2})/4"),
    ],
)
def test_where_an_element_comes_to_stand(text, form):
    s = figure(text, {n: dict(W=W, V=V)[n] for n in gs.parse(text).inputs})
    *_, w = s.graph.wires_in[s.graph.names["p"]]
    assert unicode(s._writer.derivations.local(w)[1]) == form


def test_elements_count_from_zero():
    s = figure("W[1]", dict(W=[[1, 2], [3, 4]]))
    (w,) = s.graph.wires_in[s.graph.names["p"]]
    assert [unicode(side) for side in s._writer.derivations.local(w)] == [
        "∂pₖ/∂Wᵢⱼ", "1{i = 1} · 1{k = j}",
    ]  # fmt: skip
