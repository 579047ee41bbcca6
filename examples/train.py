"""A two-layer net trained as in the lecture, with graphstep in place of the hand-written
gradients: python examples/train.py [steps]
"""

from __future__ import annotations

import sys

from numpy.random import default_rng

import graphstep as gs

N, D_in, H, D_out = 64, 1000, 100, 10
net = gs.parse("h = 1/(1 + exp(-(x @ w1))); y_pred = h @ w2; loss = sum((y_pred - y)**2)")


def train(steps: int, report: int = 100) -> list[float]:
    """Return the losses of that many steps of gradient descent."""
    rng, losses = default_rng(0), []
    x, y = rng.standard_normal((N, D_in)), rng.standard_normal((N, D_out))
    w1, w2 = rng.standard_normal((D_in, H)), rng.standard_normal((H, D_out))
    for t in range(steps):
        tape = net.forward(x=x, y=y, w1=w1, w2=w2)
        gradients = tape.backward("w1", "w2")  # not those of the data
        w1 -= 1e-4 * gradients["w1"]
        w2 -= 1e-4 * gradients["w2"]
        losses.append(tape.value)
        if t % report == 0:
            print(t, tape.value)
    return losses


if __name__ == "__main__":
    train(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
