"""Shapes that do not fit: the message, the place in the text, and nothing evaluated before."""

import dataclasses

import pytest
from array_cases import W, s, x, y

import graphstep as gs
from examples import array
from graphstep.calculus.shapes import ShapeError
from graphstep.gates import GATES

SHAPES = [
    ("W @ x", dict(W=W, x=y), "W has shape 2×3, x has shape 2: W @ x needs x of shape 3.", "W @ x"),
    (
        "W @ V",
        dict(W=W, V=W),
        "W has shape 2×3, V has shape 2×3: W @ V needs V of shape 3×3.",
        "W @ V",
    ),
    (
        "1 + (W + y)",
        dict(W=W, y=y),
        "W has shape 2×3, y has shape 2: W + y needs equal shapes",
        "W + y",
    ),
    ("W @ c", dict(W=W, c=2), "c is one number: W @ c needs vectors or matrices", "W @ c"),
    ("outer(W, y)", dict(W=W, y=y), "needs two vectors", "outer(W, y)"),
    (
        "sum(W, axis=2)",
        dict(W=W),
        "W has shape 2×3: sum(W, axis=2) has no axis 2. Axes are counted from 0; their number is 2.",
        "sum(W, axis=2)",
    ),
    ("reshape(W, 4, 2)", dict(W=W), "reshape(W, 4, 2) needs a shape for 6", "reshape(W, 4, 2)"),
    ("2*x[3]", dict(x=x), "x[3] has no place 3; the last one is 2", "x[3]"),
    ("c[0]", dict(c=1), "c is one number: c[0] needs a vector", "c[0]"),
    ("x[2:1]", dict(x=x), "has no elements; the last place is 2", "x[2:1]"),
    ("W[2:1]", dict(W=W), "has no elements; the last place is 1", "W[2:1]"),
    ("W[2]", dict(W=W), "W[2] has no place 2; the last one is 1", "W[2]"),
    ("W[-3]", dict(W=W), "W[-3] has no place -3; the last one is 1", "W[-3]"),
    (
        "concat(W, V, axis=1)",
        dict(W=W, V=array(3, 2)),
        "equal but for axis 1",
        "concat(W, V, axis=1)",
    ),
    ("reshape(W, -1, -1)", dict(W=W), "needs a shape for 6", "reshape(W, -1, -1)"),
    (
        "flatten(W, 2)",
        dict(W=W),
        "has no axis 2. Axes are counted from 0; their number is 2",
        "flatten(W, 2)",
    ),
    (
        "maxout(x, w, b, v, c)",
        dict(x=x, w=array(3, 2), b=0, v=array(3, 4), c=0),
        "maxout",
        "maxout(x, w, b, v, c)",
    ),
    ("hinge(s, y)", dict(s=s, y=1), "a row of scores for each label", "hinge(s, y)"),
    ("hinge(s, y)", dict(s=x, y=5), "whole numbers from 0 to 2, not 5", "hinge(s, y)"),
    ("s[y]", dict(s=x, y=[0.5]), "whole numbers from 0 to 2, not 0.5", "s[y]"),
    ("concat(W, x)", dict(W=W, x=x), "shapes that are equal but for axis 0", "concat(W, x)"),
    ("conv2d(x, k)", dict(x=x, k=W), "needs an image", "conv2d(x, k)"),
    ("conv2d(W, k)", dict(W=W, k=array(3, 3)), "has a window of 3×3", "conv2d(W, k)"),
    ("conv2d(W, k)", dict(W=W, k=array(1, 1, 2, 2)), "needs an image of channels", "conv2d(W, k)"),
    (
        "conv2d(W, k, dilation=2)",
        dict(W=W, k=array(2, 2)),
        "has a window of 3×3",
        "conv2d(W, k, dilation=2)",
    ),
    (
        "conv2d(W, k, groups=2)",
        dict(W=array(2, 3, 3), k=array(3, 1, 2, 2)),
        "into 2 groups",
        "conv2d(W, k, groups=2)",
    ),
    ("conv2d(W, k, groups=2)", dict(W=W, k=array(1, 1)), "into 2 groups", "conv2d(W, k, groups=2)"),
    (
        "conv2d(W, k, pad=((1, 1), (1, 1), (1, 1)))",
        dict(W=W, k=array(1, 1)),
        "2 of them, not 3",
        "conv2d(W, k, pad=((1, 1), (1, 1), (1, 1)))",
    ),
    (
        "maxpool2d(W, 2, pad=(0, 2))",
        dict(W=W),
        "a padding of 2, which has to be less",
        "maxpool2d(W, 2, pad=(0, 2))",
    ),
    (
        "conv2d(A, k, x)",
        dict(A=array(2, 3, 3), k=array(2, 2, 1, 1), x=x),
        "one number x for each filter",
        "conv2d(A, k, x)",
    ),
    ("conv2d(W, k, x)", dict(W=W, k=array(2, 2), x=x), "write conv2d(W, k) + x", "conv2d(W, k, x)"),
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


@pytest.mark.parametrize(
    ("text", "shape", "found"),
    [
        ("W[-2]", (2, 3), (3,)), ("W[1]", (2, 3), (3,)), ("W[1:9]", (2, 3), (1, 3)), ("W[-1:]", (2, 3), (1, 3)),
        ("flatten(W, 1)", (2, 3), (2, 3)), ("flatten(W)", (2, 3), (6,)), ("reshape(W, -1)", (2, 3), (6,)),
        ("concat(W, W, axis=-1)", (2, 3), (2, 6)), ("maxpool2d(W, 2)", (2, 3), (1, 1)),
        ("maxpool2d(W, 2, 1)", (2, 3), (1, 2)), ("conv2d(W, W)", (2, 3), (1, 1)),
        ("conv2d(W, W, 1, 1)", (2, 3), (3, 3)), ("conv2d(W, W, 2, 2)", (3, 3), (3, 3)),
    ],
)  # fmt: skip
def test_shapes_at_the_last_place_that_fits(text, shape, found):
    assert gs.parse(f"p = {text}; f = sum(p)").forward(W=array(*shape)).at({}).shapes[-2] == found
