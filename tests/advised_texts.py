"""Texts as people write them, followed until they can be read, and compared with NumPy."""

import math

import numpy as np
import pytest

import graphstep as gs
from graphstep.base.words import languages
from graphstep.language.foreign_names import CONSTANTS

_RNG = np.random.default_rng(0)
INPUTS = {
    "x": 0.3, "y": 0.7, "z": 1.2, "w": -0.4, "b": 0.1, "t": 0.6, "n": 2.0, "a": 0.9, "c": 1.7, "k": 2.0,
    "p": 0.8, "y_hat": 0.8, "theta": 0.45, "lam": 0.01,
    "X": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.5]]), "U": np.array([[0.5, -1.0, 2.0], [1.5, 0.3, -0.7]]),
    "Y": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]), "W": np.array([[1.0, -2.0], [0.5, 4.0], [5.0, 6.0]]),
    "A": np.array([[2.0, 1.0], [0.5, 3.0]]), "B": np.array([[0.3, -1.0], [2.5, 0.7]]),
    "v": np.array([1.0, 2.0, 3.0]), "u": np.array([-1.0, 0.5, 2.0]), "d": np.array([0.4, -0.3]),
    "i": np.array([0, 2]), "j": np.array([1, 0]),
    "P": np.array([[0.2, 0.5, 0.3], [0.6, 0.3, 0.1]]),
    "I": _RNG.normal(size=(5, 5)), "K": _RNG.normal(size=(3, 3)), "I4": _RNG.normal(size=(2, 2, 5, 6)),
    "K4": _RNG.normal(size=(3, 2, 3, 3)), "I3": _RNG.normal(size=(2, 3, 7)), "K3": _RNG.normal(size=(4, 3, 3)),
    "bb": _RNG.normal(size=3), "Q": _RNG.normal(size=(4, 3)), "KK": _RNG.normal(size=(5, 3)),
    "V": _RNG.normal(size=(5, 2)), "S": _RNG.normal(size=(3, 4)),
}  # fmt: skip
STEP = 1e-6


def sig(x):
    return 1 / (1 + np.exp(-np.asarray(x)))


def soft(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def lse(x, axis=None):
    return np.log(np.exp(x).sum(axis=axis))


def ln(x, g=1, b=0):
    """Layer norm along the last axis."""
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5) * g + b


def conv(x, w, stride=1, pad=0, dilation=1, b=0.0):
    """A convolution, place by place; of two matrices, or of images with channels."""
    if x.ndim == 2:
        return conv(x[None, None], w[None, None], stride, pad, dilation)[0, 0]
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    high, wide = ((k - 1) * dilation + 1 for k in w.shape[2:])
    rows = range(0, x.shape[2] - high + 1, stride)
    columns = range(0, x.shape[3] - wide + 1, stride)
    out = [[np.einsum("nchw,fchw->nf", x[:, :, r : r + high : dilation, s : s + wide : dilation], w)
            for s in columns] for r in rows]  # fmt: skip
    return np.moveaxis(np.array(out), (2, 3), (0, 1)) + np.reshape(b, (-1, 1, 1))


def pooled(x, by):
    """Images in squares of two by two."""
    return by(x.reshape(2, 2, 2, 2, 3, 2), (3, 5))


def groups_normal(x):
    """Each channel of each image by itself."""
    mean, var = x.mean((2, 3), keepdims=True), x.var((2, 3), keepdims=True)
    return (x - mean) / np.sqrt(var + 1e-5)


NAMES = {"np": np, "math": math, **{
    f.__name__: f for f in (sig, soft, lse, ln, conv, pooled, groups_normal)
}}  # fmt: skip


def rows(table):
    """Lines of a text and its meaning, as parameters of a test."""
    for line in table.strip().splitlines():
        text, meaning = line.replace("\\|", "¦").split("|")
        yield pytest.param(text.rstrip().replace("¦", "|"), meaning.strip(), id=text.strip()[:60])


def followed(text):
    """The graph after all advice is taken, and how often. Each advice is in both messages."""
    for taken in range(8):
        try:
            return gs.parse(text), taken
        except gs.ParseError as error:
            write, (start, end) = error.values.get("write"), error.span
            assert write is not None, str(error)
            for lang in languages():
                first = error.message(lang).splitlines()[0]
                assert write in first
                assert write or first.endswith(("Leave it out.", "Уберите это."))
            assert text[start:end].strip() == text[start:end] != write
            text = text[:start] + write + text[end:]
    raise AssertionError(text)


def run(graph, inputs):
    """The tape, with constants as the message about them advises."""
    given = {name: inputs[name] for name in graph.inputs if name in inputs}
    for _ in range(3):
        try:
            return graph.forward(given)
        except gs.InputError as error:
            name = error.values["name"]
            assert f"{name}={CONSTANTS[name]}" in str(error)
            given[name] = error.values["value"]
    raise AssertionError(given)


def meant(meaning, inputs):
    return np.asarray(eval(meaning, {**NAMES, **inputs}), float)


def slopes(meaning, name, upstream):
    """The gradient of a meaning, by finite differences."""
    base = np.asarray(INPUTS[name], float)
    found = np.zeros(base.shape)
    for at in np.ndindex(*base.shape):
        ends = []
        for step in (STEP, -STEP):
            moved = base.copy()
            moved[at] += step
            ends.append((meant(meaning, {**INPUTS, name: moved[()]}) * upstream).sum())
        found[at] = (ends[0] - ends[1]) / (2 * STEP)
    return found


def check(text, meaning):
    """A text has its writer's value and gradients, as it is or once all advice is taken."""
    graph, taken = followed(text)
    tape, expected = run(graph, INPUTS), meant(meaning, INPUTS)
    np.testing.assert_allclose(tape.value, expected, rtol=1e-9, atol=1e-12)
    assert np.shape(tape.value) == expected.shape
    upstream = np.random.default_rng(1).normal(size=expected.shape)[()]
    gradients = tape.backward(upstream=upstream)
    for name in graph.inputs:
        if name in INPUTS and np.asarray(INPUTS[name]).dtype.kind == "f":
            numeric = slopes(meaning, name, upstream)
            np.testing.assert_allclose(gradients[name], numeric, rtol=1e-4, atol=1e-5)
    return taken
