"""Custom gates in a traced function: run on the numbers, for the shape of their result."""

import numpy as np
import pytest

import graphstep as gs


def pairs(x):
    return x[:2]


class affine:
    def forward(self, x, w):
        self.x, self.w = x, w
        return x @ w

    def backward(self, dz):
        return dz @ self.w.T, self.x.T @ dz


class total:
    def forward(self, x):
        self.x = x
        return np.sum(x)

    def backward(self, dz):
        return dz * np.ones_like(self.x)


@pytest.fixture(autouse=True)
def pair_gate():
    gs.gate(affine)
    gs.gate(total)
    return gs.gate(pairs, local=[lambda x: np.eye(2, len(x))])


RNG = np.random.default_rng(4)
X, W = RNG.normal(size=(2, 3)), RNG.normal(size=(3, 4))


def test_the_true_shape_counts(pair_gate):
    def mean(x):
        h = pair_gate(x)
        assert (h.shape, len(h), h.ndim) == ((2,), 2, 1)
        return h.sum() / h.size

    assert gs.trace(mean, [1.0, 2, 3, 4]).forward().value == 1.5

    def loss(x, w):
        h = gs.GATES["affine"].forward(np.exp(x), w)
        assert h.shape == (2, 4)
        h -= h.max(axis=1, keepdims=True)
        scale = gs.GATES["total"].forward(h)
        scale /= h.size  # a number, not an array
        return (h * scale).reshape(-1)[3:].sum()

    graph = gs.trace(loss, X, W)
    h = np.exp(X) @ W
    h -= h.max(axis=1, keepdims=True)
    tape = graph.forward()
    assert tape.value == pytest.approx((h * h.mean()).reshape(-1)[3:].sum())
    assert tape.check().ok


def test_each_gate_is_run_once_while_tracing():
    runs = []

    @gs.gate(local=[lambda x: np.ones_like(x)])
    def counted(x):
        runs.append(x)
        return x + 0.0

    def deep(x):
        for _ in range(50):
            x = counted(np.sin(x))
        return x.sum()

    graph = gs.trace(deep, [1.0, 2.0], verify=False)
    assert len(runs) == 50
    assert graph.forward().value == pytest.approx(deep(np.array([1.0, 2.0])), rel=1e-14)


def test_a_custom_gate_that_fails_says_so_while_tracing():
    @gs.gate(local=[lambda x: 1.0])
    def broken(x):
        return x.nothing

    with pytest.raises(gs.GraphstepError, match=r"broken.*nothing"):
        gs.trace(lambda x: broken(x) * 2, 1.0)
    with pytest.raises(gs.GraphstepError, match="affine"):
        gs.trace(lambda x: gs.GATES["affine"].forward(x, x).sum(), X)
