"""Gates whose local gradients are wrong, and right ones, for the numeric check to tell apart.

Run as a program, it prints how many wrong ones of each kind the check finds.
"""

import inspect
from collections import Counter
from itertools import islice

import numpy as np
from laws import BY_ELEMENT, arguments, graph_of

import graphstep as gs
from examples import array
from graphstep.calculus.array_math import ARRAY
from graphstep.calculus.scalar_math import evaluate
from graphstep.gates import Rule
from graphstep.gates.kinks import distances


def declared(forward, backward, count, name="tried", **options):
    """Make a custom gate of `count` inputs from functions: `backward` has dz, then the inputs."""

    class Tried:
        def forward(self, *inputs):
            self.inputs = inputs
            return forward(*inputs)

        def backward(self, dz):
            return backward(dz, *self.inputs)

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    names = ["self", *(f"x{i}" for i in range(count))]
    Tried.forward.__signature__ = inspect.Signature([inspect.Parameter(n, kind) for n in names])
    gs.gate(Tried, name=name, **options)
    return names[1:]


def report_of(forward, backward, inputs, **options):
    """The check of a custom gate at some inputs, under a sum."""
    names = declared(forward, backward, len(inputs), **options)
    text = f"f = sum(tried({', '.join(names)})*1)"
    return gs.parse(text).forward(dict(zip(names, inputs, strict=True))).check()


def as_custom(node):
    """The forward and backward of a node's gate, with the node's options, on arrays."""
    gate, options = node.gate, node.options

    def forward(*inputs):
        with np.errstate(all="ignore"):
            return gate.apply(ARRAY, *map(np.asarray, inputs), *options)

    def backward(dz, *inputs):
        arrays, out = tuple(map(np.asarray, inputs)), forward(*inputs)
        with np.errstate(all="ignore"):
            maps = [gate.jacobian(i, out, arrays, options) for i in range(len(arrays))]
            return [one.pull(np.asarray(dz)) for one in maps]

    return forward, backward


# --- mistakes in the rules of the gates that work element by element

MISTAKES = {
    "a sign": lambda g, x, others: -g,
    "a factor": lambda g, x, others: 2 * g,
    "1 %": lambda g, x, others: 1.01 * g,
    "0.1 %": lambda g, x, others: 1.001 * g,
    "0.01 %": lambda g, x, others: 1.0001 * g,
    "a term": lambda g, x, others: g + 0.1,
    "a small term": lambda g, x, others: g + 1e-4,
    "left out": lambda g, x, others: 0.0 * g,
    "growing with x": lambda g, x, others: g * (1 + 1e-3 * x),
    "the branch": lambda g, x, others: others,
}
"""A wrong local gradient from the right one, the input, and the one at the point -x."""

POINTS = [(0.7, 1.9), (-1.3, 0.4), (3.0, 3.0 + 1e-6), (-2e-6, 1.0), (0.0, 0.0), (1.5, 1.5)]


def slopes_of(gate, args, position):
    """The slopes on the two sides by plain differences, the smaller one first."""

    def at(step):
        return evaluate(gate.apply, *args[:position], args[position] + step, *args[position + 1 :])

    return sorted(((at(0) - at(-1e-7)) / 1e-7, (at(1e-7) - at(0)) / 1e-7))


def wrong_rules():
    """Yield (mistake, gate, inputs, position): gates with a rule that is wrong at these inputs."""
    for gate in BY_ELEMENT.values():
        count = len(gate.params)
        for point in ((*point, 0.9) for point in POINTS):
            args = point[:count] if not gate.domain else tuple(abs(x) + 0.3 for x in point[:count])
            args = arguments(gate, args) if gate.domain.startswith("−1") else args
            if gate.jumps and not all(distances(gate, args)):
                continue  # where the value jumps, no gradient can be compared
            for position in range(count):
                right = gate.local_at(position, evaluate(gate.apply, *args), args)
                there = tuple(-x if i == position else x for i, x in enumerate(args))
                other = gate.local_at(position, evaluate(gate.apply, *there), there)
                low, high = slopes_of(gate, args, position)
                for mistake, change in MISTAKES.items():
                    wrong = change(right, args[position], other)
                    slack = 3e-5 * max(abs(low), abs(high), 1e-3)
                    if low - slack <= wrong <= high + slack or not np.isfinite(wrong):
                        continue  # not wrong here
                    yield mistake, with_rule(gate, position, wrong), args, position


def with_rule(gate, position, number):
    """The gate with another local gradient, and as if no kink of it was known."""
    rules = [gate.rule(i) for i in range(len(gate.params))]
    rules[position] = Rule("", lambda m, out, *xs: number)
    fields = {name: getattr(gate, name) for name in ("name", "params", "apply", "symbol", "text")}
    return type(gate)(**fields, local=tuple(rules))


# --- mistakes in gates on arrays: forward, backward, inputs

X, W, B = array(4, 3), array(3, 3, seed=2), array(3, seed=3)
EDGES = np.array([-0.5, 0.0, 0.25, 1.0, 1.5])
TIES = np.array([[1.0, 1.0, 0.0], [2.0, -1.0, 2.0], [0.5, 0.1, 0.3]])
LONG = array(3000, seed=4)


def softmax(x):
    z = np.exp(x - x.max(axis=1, keepdims=True))
    return z / z.sum(axis=1, keepdims=True)


def softmax_back(dz, x):
    p = softmax(x)
    return [p * (dz - (p * dz).sum(axis=1, keepdims=True))]


def first_of(x, best=np.argmax):
    """One for the first greatest number of each row."""
    return np.eye(x.shape[1])[best(x, axis=1)]


def at_one(factor, place):
    """A backward pass of x * sin(x) that is wrong in one place."""

    def backward(dz, x):
        g = dz * (np.sin(x) + x * np.cos(x))
        g[place] *= factor
        return [g]

    return backward


def clip(x):
    return np.clip(x, 0, 1)


def relu(x):
    return np.maximum(x, 0)


def affine(x, w, b):
    return x @ w + b


def largest(x):
    return x.max(axis=1)


def wave(x):
    return x * np.sin(x)


RIGHT = {
    "affine": (affine, lambda dz, x, w, b: [dz @ w.T, x.T @ dz, dz.sum(0)], (X, W, B)),
    "clip, with edges": (clip, lambda dz, x: [dz * ((x >= 0) & (x <= 1))], (EDGES,)),
    "clip, without edges": (clip, lambda dz, x: [dz * ((x > 0) & (x < 1))], (EDGES,)),
    "relu": (relu, lambda dz, x: [dz * (x > 0)], (np.array([1.0, 0.0, -1.0]),)),
    "relu, half": (relu, lambda dz, x: [dz * np.heaviside(x, 0.5)], (np.array([1.0, 0.0, -1.0]),)),
    "relu, many zeros": (relu, lambda dz, x: [dz * (x > 0)], (LONG * (LONG > -0.5),)),
    "greatest": (largest, lambda dz, x: [dz[:, None] * first_of(x)], (TIES,)),
    "softmax": (softmax, softmax_back, (X,)),
    "wave": (wave, at_one(1.0, 0), (LONG,)),
    "a hinge in one number": (
        lambda w, y: np.maximum(0, w * y),
        lambda dz, w, y: [(dz * y * (w * y > 0)).sum(), dz * w * (w * y > 0)],
        (np.array(0.0), array(9, seed=5)),
    ),
    "floor": (np.floor, lambda dz, x: [0 * dz], (EDGES,)),
}

WRONG = {
    "not transposed": ("affine", lambda dz, x, w, b: [dz @ w, x.T @ dz, dz.sum(0)]),
    "a sum missing": ("affine", lambda dz, x, w, b: [dz @ w.T, x.T @ dz, dz[0]]),
    "a mean for a sum": ("affine", lambda dz, x, w, b: [dz @ w.T, x.T @ dz, dz.mean(0)]),
    "another element": ("affine", lambda dz, x, w, b: [dz @ w.T, x.T @ dz, dz.sum(0)[::-1]]),
    "rows turned": ("affine", lambda dz, x, w, b: [dz @ w.T, (x.T @ dz)[::-1], dz.sum(0)]),
    "clip: everywhere": ("clip, with edges", lambda dz, x: [dz]),
    "clip: nowhere": ("clip, with edges", lambda dz, x: [0 * dz]),
    "clip: below only": ("clip, with edges", lambda dz, x: [dz * (x >= 0)]),
    "clip: outside": ("clip, with edges", lambda dz, x: [dz * ((x < 0) | (x > 1))]),
    "clip: twice at an edge": (
        "clip, with edges", lambda dz, x: [dz * ((x >= 0) & (x <= 1)) * (1 + (x == 1))]),
    "clip: against an edge": (
        "clip, with edges", lambda dz, x: [dz * ((x > 0) & (x < 1)) - 0.5 * dz * (x == 0)]),
    "relu: 1.5 at 0": ("relu", lambda dz, x: [dz * ((x > 0) + 1.5 * (x == 0))]),
    "relu: one zero of many": (
        "relu, many zeros",
        lambda dz, x: [dz * (x > 0) * (1 + (np.arange(x.size) == np.argmax(x)))]),
    "greatest: the least": ("greatest", lambda dz, x: [dz[:, None] * first_of(x, np.argmin)]),
    "greatest: 1 to each of two": (
        "greatest", lambda dz, x: [dz[:, None] * (x == x.max(1, keepdims=True))]),
    "greatest: shared by all": ("greatest", lambda dz, x: [dz[:, None] * np.ones_like(x) / 3]),
    "softmax: the diagonal": ("softmax", lambda dz, x: [dz * softmax(x) * (1 - softmax(x))]),
    "softmax: the other axis": (
        "softmax",
        lambda dz, x: [softmax(x) * (dz - (softmax(x) * dz).sum(axis=0, keepdims=True))]),
    "wave: a term": ("wave", lambda dz, x: [dz * np.sin(x)]),
    "wave: growing": ("wave", lambda dz, x: [at_one(1.0, 0)(dz, x)[0] * (1 + 1e-3 * x)]),
    **{f"wave: {name} in 1 of 3000": ("wave", at_one(factor, 1234))
       for name, factor in (("twice", 2), ("1 %", 1.01), ("0.1 %", 1.001), ("0.01 %", 1.0001))},
    "floor: 1": ("floor", lambda dz, x: [dz]),
}  # fmt: skip


def near_kink(off):
    """relu with a backward pass that has its kink a little beside the true one."""
    return (relu, lambda dz, x: [dz * (x > 2 * off)], (np.array([off, 1.0, -1.0]),))


def survey(every=1):
    """Try wrong gates: how many of each kind of mistake there are, and which are not found.

    Of those that work element by element, one of `every` so many is tried.
    """
    tried, missed = Counter(), Counter()
    for mistake, gate, args, position in islice(wrong_rules(), 0, None, every):
        report = graph_of(gate).forward(dict(zip("abc", args, strict=False))).check()
        tried[mistake] += 1
        named = report.first is not None and report.first.position == position
        missed[mistake] += not named
    for mistake, (name, backward) in WRONG.items():
        forward, _, inputs = RIGHT[name]
        tried[mistake] += 1
        missed[mistake] += report_of(forward, backward, inputs).ok
    for off in (1e-3, 1e-6, 1e-9):
        tried["near a kink"] += 1
        missed["near a kink"] += report_of(*near_kink(off)).ok
    return tried, +missed


if __name__ == "__main__":
    tried, missed = survey()
    for mistake, count in tried.items():
        print(f"{mistake:32} {count - missed[mistake]:4} of {count}")
    found = sum(tried.values()) - sum(missed.values())
    print(f"found {found} of {sum(tried.values())}: {found / sum(tried.values()):.1%}")
