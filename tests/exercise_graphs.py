"""Graphs of exercises, and assignments made of them."""

from graphstep.exercises.assignment import Assignment, make_question
from graphstep.figure.options import complete

NEURON = ("f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2)))", dict(w0=2, x0=-1, w1=-3, x1=-2, w2=-3))
SCALARS = {
    "scalar": ("q = x + y; f = q * z", dict(x=-2, y=5, z=-4)),
    "patterns": ("f = (x*y + max(z, w)) * 2", dict(x=3, y=-4, z=2, w=-1)),
    "neuron": NEURON,
    "reuse": ("f = x*x + x*y", dict(x=3, y=2)),
    "hypotenuse": ("f = sqrt(x*x + y*y)", dict(x=1, y=2)),
}
ARRAYS = {
    "norm": ("q = W @ x; f = l2(q)", dict(W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4])),
    "hinge": ("L = hinge(W @ x + b, y)", dict(W=[[1, 2], [3, 4], [0, 1]], x=[1, 2], b=[1, 2, 3], y=1)),
    "layers": ("f = sum(W2 @ relu(W1 @ x))", dict(x=[1, -2], W1=[[0.5, -1], [1, 0.5], [-1, 1]], W2=[[1, -1, 2]])),
}  # fmt: skip
EASY = {
    "log": ("f = log(x - 100) * y", dict(x=200, y=2)),
    "one": ("f = relu(x)", dict(x=1)),
    "softmax": ("L = cross_entropy(s, y)", dict(s=[3.2, 5.1, -1.7], y=0)),
}
ALL = {**SCALARS, **ARRAYS, **EASY}


def order(*names, seed=7, lang="en", values=False):
    asked = tuple(make_question(*ALL[name], complete()) for name in names)
    return Assignment(asked, seed, lang, values)
