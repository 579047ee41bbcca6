"""The lecture's examples on arrays: its numbers, its networks, its training loop."""

import runpy

import autograd.numpy as anp
import numpy as np
import pytest
from array_cases import x
from autograd import grad
from readme import ROOT

import graphstep as gs
from examples import CONVNET, CONVNET_INPUTS, array


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
