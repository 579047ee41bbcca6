"""Expressions for every gate that works on arrays, each with the same by an independent library."""

import autograd.numpy as anp
import numpy as np
import pytest

import graphstep as gs
from examples import array
from graphstep.calculus.jacobians import Jacobian
from graphstep.gates import GATES
from graphstep.graph.slots import Slot


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


def around(pad):
    """What is above, below, left and right of an image."""
    rows, columns = pad if isinstance(pad, tuple) else (pad, pad)
    return tuple(side if isinstance(side, tuple) else (side, side) for side in (rows, columns))


def convolve(x, w, stride=1, pad=0, dilation=1, groups=1):
    """Written with loops over the places of the output."""
    single = w.ndim == 2
    lead = x.shape[:-2] if single else x.shape[:-3]
    w = anp.reshape(w, (1, 1, *w.shape)) if single else w
    x = anp.reshape(x, (-1, groups * w.shape[1], *x.shape[-2:]))
    x = anp.pad(x, ((0, 0), (0, 0), *around(pad)), "constant")
    height, width = (dilation * (n - 1) + 1 for n in w.shape[2:])

    def at(f, i, j):
        first = f // (len(w) // groups) * w.shape[1]
        found = x[
            :, first : first + w.shape[1], i : i + height : dilation, j : j + width : dilation
        ]
        return anp.sum(found * w[f], axis=(1, 2, 3))

    places = [
        [[at(f, i, j) for j in range(0, x.shape[3] - width + 1, stride)]
         for i in range(0, x.shape[2] - height + 1, stride)]
        for f in range(len(w))
    ]  # fmt: skip
    out = anp.moveaxis(anp.array(places), -1, 0)  # batch, filter, row, column
    return anp.reshape(out, lead + (out.shape[1:] if not single else out.shape[2:]))


def biased(x, w, b, *options):
    return convolve(x, w, *options) + anp.reshape(b, (-1, 1, 1))


def pooled(choose, x, size, stride, pad=0, outside=-1e30):
    x = anp.pad(x, ((0, 0),) * (x.ndim - 2) + around(pad), "constant", constant_values=outside)
    places = [
        [choose(x[..., i : i + size, j : j + size], axis=(-2, -1))
         for j in range(0, x.shape[-1] - size + 1, stride)]
        for i in range(0, x.shape[-2] - size + 1, stride)
    ]  # fmt: skip
    return anp.moveaxis(anp.array(places), (0, 1), (-2, -1))


def batchnorm(x, gamma, beta, eps=1e-5):
    centred = x - anp.mean(x, axis=0)
    return gamma * centred / anp.sqrt(anp.mean(centred**2, axis=0) + eps) + beta


def group_norm(x, groups, eps=1e-5):
    parts = anp.reshape(x, (len(x), groups, -1))
    centred = parts - anp.mean(parts, axis=2, keepdims=True)
    return anp.reshape(
        centred / anp.sqrt(anp.mean(centred**2, axis=2, keepdims=True) + eps), x.shape
    )


def masked(x, p, seed):
    return x * (np.random.default_rng(seed).random(x.shape) >= p) / (1 - p)


W, x, y, s = array(2, 3), array(3), array(2), array(4, 5)
LABELS = np.array([0, 4, 2, 2])


# the gate, an expression, its inputs, and the same by an independent library
def in_order(A, axis):
    """np.sort along an axis; autograd knows it for vectors."""
    turned = anp.swapaxes(A, axis, -1)
    rows = anp.reshape(turned, (-1, turned.shape[-1]))
    return anp.swapaxes(
        anp.reshape(anp.stack([anp.sort(row) for row in rows]), turned.shape), axis, -1
    )


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
    ("reshape", "reshape(W, (-1, 2))", dict(W=W), lambda W: anp.reshape(W, (3, 2))),
    ("flatten", "flatten(A, 1)", dict(A=array(2, 3, 4)), lambda A: anp.reshape(A, (2, 12))),
    ("flatten", "flatten(W)", dict(W=W), lambda W: anp.reshape(W, 6)),
    ("index", "W[1]", dict(W=W), lambda W: W[1]),
    ("index", "x[-1]", dict(x=x), lambda x: x[-1]),
    ("slice", "s[1:3]", dict(s=s), lambda s: s[1:3]),
    ("slice", "x[:-1]", dict(x=x), lambda x: x[:-1]),
    ("pick", "pick(s, y)", dict(s=s, y=LABELS), lambda s, y: s[np.arange(4), y.astype(int)]),
    ("pick", "pick(x, y)", dict(x=x, y=2), lambda x, y: x[int(y)]),
    ("pick", "pick(x, y)", dict(x=x, y=[0, 2, 2, 1]), lambda x, y: x[y.astype(int)]),
    ("part", "W[:, 0]", dict(W=W), lambda W: W[:, 0]),
    ("part", "W[1, -1]", dict(W=W), lambda W: W[1, -1]),
    ("part", "s[::-2, 1:4]", dict(s=s), lambda s: s[::-2, 1:4]),
    ("part", "A[..., 1:4:2]", dict(A=array(2, 3, 4)), lambda A: A[..., 1:4:2]),
    ("part", "W[:, None]", dict(W=W), lambda W: W[:, None]),
    ("part", "x[None]", dict(x=x), lambda x: x[None]),
    ("part", "A[0, ..., None, -2]", dict(A=array(2, 3, 4)), lambda A: A[0, ..., None, -2]),
    ("take", "W[y, :]", dict(W=W, y=[1, 0, 1]), lambda W, y: W[y.astype(int)]),
    ("take", "take(x, y)", dict(x=x, y=[0, 2, 2, 1]), lambda x, y: x[y.astype(int)]),
    ("take", "embedding(W, y)", dict(W=W, y=1), lambda W, y: W[int(y)]),
    ("take", "take(x, y)", dict(x=x, y=2), lambda x, y: x[int(y)]),
    ("take", "embedding(W, y)", dict(W=W, y=[[1, 0], [1, 1]]), lambda W, y: W[y.astype(int)]),
    ("take", "s[[3, 0, 3]]", dict(s=s), lambda s: s[[3, 0, 3]]),
    ("concat", "concat(x, y)", dict(x=x, y=y), lambda x, y: anp.concatenate([x, y])),
    ("concat", "concat(W, V, W, axis=1)", dict(W=W, V=array(2, 2)),
     lambda W, V: anp.concatenate([W, V, W], axis=1)),
    ("permute", "permute(A, 2, 0, 1)", dict(A=array(2, 3, 4)), lambda A: anp.transpose(A, (2, 0, 1))),
    ("permute", "permute(W, (-1, 0))", dict(W=W), anp.transpose),
    ("swapaxes", "swapaxes(A, 1, -1)", dict(A=array(2, 3, 4)), lambda A: anp.swapaxes(A, 1, 2)),
    ("swapaxes", "swapaxes(W, axis1=0, axis2=1)", dict(W=W), anp.transpose),
    ("expand_dims", "unsqueeze(W, 1)", dict(W=W), lambda W: anp.expand_dims(W, 1)),
    ("expand_dims", "expand_dims(W, axis=-1)", dict(W=W), lambda W: anp.expand_dims(W, -1)),
    ("squeeze", "squeeze(A)", dict(A=array(1, 3, 1)), anp.squeeze),
    ("squeeze", "squeeze(A, axis=(0, 2))", dict(A=array(1, 3, 1, 1)),
     lambda A: anp.reshape(A, (3, 1))),
    ("stack", "stack(W, V)", dict(W=W, V=array(2, 3, seed=2)), lambda W, V: anp.stack([W, V])),
    ("stack", "stack(W, V, W, axis=-1)", dict(W=W, V=array(2, 3, seed=2)),
     lambda W, V: anp.stack([W, V, W], axis=2)),
    ("split", "split(A, 2, axis=1)", dict(A=array(3, 4, 2)),
     lambda A: anp.stack([A[:, :2], A[:, 2:]])),
    ("split", "split(x, 3)[1]", dict(x=array(6)), lambda x: x[2:4]),
    ("pad", "pad(W, 1)", dict(W=W), lambda W: anp.pad(W, 1, "constant")),
    ("pad", "pad(W, ((0, 2), (1, 0)))", dict(W=W),
     lambda W: anp.pad(W, ((0, 2), (1, 0)), "constant")),
    ("pad", "pad(x, width=(0, 2))", dict(x=x), lambda x: anp.pad(x, (0, 2), "constant")),
    ("broadcast_to", "broadcast_to(W, (4, 2, 3))", dict(W=W), lambda W: W + anp.zeros((4, 2, 3))),
    ("broadcast_to", "broadcast_to(A, 2, 3, 4)", dict(A=array(3, 1)),
     lambda A: A + anp.zeros((2, 3, 4))),
    ("broadcast_to", "broadcast_to(c, 3)", dict(c=0.7), lambda c: c + anp.zeros(3)),
    ("sum", "sum(W)", dict(W=W), anp.sum),
    ("sum", "sum(A, 1)", dict(A=array(2, 3, 4)), lambda A: anp.sum(A, axis=1)),
    ("sum", "sum(W, axis=-1, keepdims=1)", dict(W=W), lambda W: anp.sum(W, axis=1, keepdims=True)),
    ("sum", "sum(W, keepdims=1)", dict(W=W), lambda W: anp.sum(W, keepdims=True)),
    ("mean", "mean(W)", dict(W=W), anp.mean),
    ("mean", "mean(A, 0)", dict(A=array(2, 3, 4)), lambda A: anp.mean(A, axis=0)),
    ("sum", "sum(A, axis=(0, 2))", dict(A=array(2, 3, 4)), lambda A: anp.sum(A, axis=(0, 2))),
    ("sum", "sum(A, axis=(-1, 1), keepdims=1)", dict(A=array(2, 3, 4)),
     lambda A: anp.sum(A, axis=(1, 2), keepdims=True)),
    ("mean", "mean(A, dim=(0, 1))", dict(A=array(2, 3, 4)), lambda A: anp.mean(A, axis=(0, 1))),
    ("mean", "mean(W, (0, 1), 1)", dict(W=W), lambda W: anp.mean(W, axis=(0, 1), keepdims=True)),
    ("amax", "max(A, axis=(0, 2))", dict(A=array(2, 3, 4)), lambda A: anp.max(A, axis=(0, 2))),
    ("amin", "min(A, axis=(2, 1), keepdims=1)", dict(A=array(2, 3, 4)),
     lambda A: anp.min(A, axis=(1, 2), keepdims=True)),
    ("var", "var(W)", dict(W=W), lambda W: anp.mean(W**2) - anp.mean(W) ** 2),
    ("var", "var(W, 1, 1)", dict(W=W), lambda W: anp.var(W, axis=1, keepdims=True)),
    ("var", "var(A, axis=(0, 2))", dict(A=array(2, 3, 4)), lambda A: anp.var(A, axis=(0, 2))),
    ("std", "std(x)", dict(x=x), lambda x: anp.sqrt(anp.mean((x - anp.mean(x)) ** 2))),
    ("std", "std(A, axis=1)", dict(A=array(2, 3, 4)), lambda A: anp.std(A, axis=1)),
    ("std", "std(A, axis=(0, 2), keepdims=1)", dict(A=array(2, 3, 4)),
     lambda A: anp.std(A, axis=(0, 2), keepdims=True)),
    ("prod", "prod(x)", dict(x=x), anp.prod),
    ("prod", "prod(W, axis=0)", dict(W=W), lambda W: W[0] * W[1]),
    ("prod", "prod(A, axis=(0, 2), keepdims=1)", dict(A=array(2, 3, 4)),
     lambda A: anp.prod(anp.prod(A, axis=0), axis=1)[None, :, None]),
    ("cumsum", "cumsum(x)", dict(x=x), anp.cumsum),
    ("cumsum", "cumsum(W)", dict(W=W), anp.cumsum),
    ("cumsum", "cumsum(A, axis=1)", dict(A=array(2, 3, 4)), lambda A: anp.cumsum(A, axis=1)),
    ("size", "x*size(W, 1)", dict(x=x, W=W), lambda x, W: x * 3.0 + 0.0 * anp.sum(W)),
    ("size", "size(W)*x", dict(x=x, W=W), lambda x, W: x * 6.0 + 0.0 * anp.sum(W)),
    ("trace", "trace(A)", dict(A=array(3, 3)), anp.trace),
    ("diag", "diag(A)", dict(A=array(3, 3)), anp.diag),
    ("diag", "diag(x)", dict(x=x), anp.diag),
    ("det", "det(A)", dict(A=array(3, 3)), anp.linalg.det),
    ("det", "det(A)", dict(A=np.array([[1.0, 2.0], [2.0, 4.0]])),
     lambda A: A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]),
    ("inv", "inv(A)", dict(A=array(3, 3)), anp.linalg.inv),
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
     convolve),
    ("conv2d", "conv2d(x, w, 2, 1)", dict(x=array(4, 2, 5, 5), w=array(3, 2, 2, 3)),
     lambda x, w: convolve(x, w, 2, 1)),
    ("conv2d", "conv2d(x, w, dilation=2)", dict(x=array(5, 6), w=array(2, 3)),
     lambda x, w: convolve(x, w, dilation=2)),
    ("conv2d", "conv2d(x, w, pad=((0, 1), (2, 0)))", dict(x=array(2, 3, 3), w=array(1, 2, 2, 3)),
     lambda x, w: convolve(x, w, pad=((0, 1), (2, 0)))),
    ("conv2d", "conv2d(x, w, groups=2)", dict(x=array(4, 3, 3), w=array(2, 2, 2, 2)),
     lambda x, w: convolve(x, w, groups=2)),
    ("conv2d", "conv2d(x, w, 2, (1, 0), dilation=2, groups=2)",
     dict(x=array(2, 2, 4, 5), w=array(4, 1, 2, 2)),
     lambda x, w: convolve(x, w, 2, (1, 0), 2, 2)),
    ("conv2d_bias", "conv2d(x, w, b)", dict(x=array(2, 3, 3), w=array(3, 2, 2, 2), b=array(3)), biased),
    ("conv2d_bias", "conv2d(x, w, b, 2, pad=(1, 0), groups=2)",
     dict(x=array(2, 2, 3, 3), w=array(4, 1, 2, 2), b=array(4)),
     lambda x, w, b: biased(x, w, b, 2, (1, 0), 1, 2)),
    ("maxpool2d", "maxpool2d(x, 2, pad=1)", dict(x=array(2, 3, 3) - 5),
     lambda x: pooled(anp.max, x, 2, 2, 1)),
    ("maxpool2d", "maxpool2d(x, 3, 2, ((0, 2), (1, 0)))", dict(x=array(4, 5)),
     lambda x: pooled(anp.max, x, 3, 2, ((0, 2), (1, 0)))),
    ("avgpool2d", "avgpool2d(x, 3, stride=1, pad=(1, 0))", dict(x=array(2, 3, 4)),
     lambda x: pooled(anp.mean, x, 3, 1, (1, 0), 0)),
    ("maxpool2d", "maxpool2d(x)", dict(x=array(4, 6)), lambda x: pooled(anp.max, x, 2, 2)),
    ("maxpool2d", "maxpool2d(x, 3, 1)", dict(x=array(2, 5, 6)), lambda x: pooled(anp.max, x, 3, 1)),
    ("avgpool2d", "avgpool2d(x, 2)", dict(x=array(3, 5, 5)), lambda x: pooled(anp.mean, x, 2, 2)),
    ("batchnorm", "batchnorm(x, gamma, beta)", dict(x=array(6, 3), gamma=array(3), beta=array(3)),
     batchnorm),
    ("batchnorm", "batchnorm(x, gamma, beta, eps=0.1)", dict(x=array(6, 3), gamma=1.5, beta=0.2),
     lambda x, gamma, beta: batchnorm(x, gamma, beta, 0.1)),
    ("group_norm", "group_norm(x, gamma, beta, 2)",
     dict(x=array(2, 4, 1, 2), gamma=array(4), beta=array(4, seed=2)),
     lambda x, gamma, beta: group_norm(x, 2) * gamma[:, None, None] + beta[:, None, None]),
    ("group_norm", "group_norm(x, gamma, beta, 1, eps=0.1)", dict(x=array(2, 3), gamma=array(3), beta=0.2),
     lambda x, gamma, beta: group_norm(x, 1, 0.1) * gamma + beta),
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
    ("take", "s[y]", dict(s=s, y=[3, 0, 3]), lambda s, y: s[y.astype(int)]),
    ("take", "W[y]", dict(W=W, y=1), lambda W, y: W[int(y)]),
    ("take", "x[y]", dict(x=x, y=2), lambda x, y: x[int(y)]),
    ("take", "A[y]", dict(A=array(2, 3, 4), y=[[1, 0], [1, 1]]), lambda A, y: A[y.astype(int)]),
    ("sort", "sort(x)", dict(x=x), anp.sort),
    ("sort", "sort(W)", dict(W=W), lambda W: in_order(W, 1)),
    ("sort", "sort(A, axis=1)", dict(A=array(2, 3, 4)), lambda A: in_order(A, 1)),
    ("median", "median(x)", dict(x=x), lambda x: anp.sort(x)[1]),
    ("median", "median(s, axis=1, keepdims=1)", dict(s=s), lambda s: in_order(s, 1)[:, 2:3]),
    ("median", "median(A, axis=(0, 2))", dict(A=array(2, 3, 4)), lambda A: anp.mean(
        in_order(anp.reshape(anp.transpose(A, (1, 0, 2)), (3, 8)), 1)[:, 3:5], axis=1)),
]  # fmt: skip
EACH = pytest.mark.parametrize(
    ("name", "text", "inputs", "theirs"), CASES, ids=[f"{c[1]} {i}" for i, c in enumerate(CASES)]
)
TENSOR = {name for name, gate in GATES.items() if not gate.elementwise}


def wrapped(text, inputs):
    """A tape of the expression under a loss that sends back a different gradient everywhere."""
    return gs.parse(f"p = {text}; f = sum(sin(p + 0.3)*(p + 2))").forward(inputs)


def direction(shape):
    return np.sin(np.arange(np.prod(shape, dtype=int)) + 0.5).reshape(shape)[()]


def without_tangent(tape):
    graph = tape.graph
    return {n for n, i in graph.inputs.items() if Slot("upstream", i) in graph.never_filled}


def maps(tape, name=None):
    """The local gradients that are maps, of one gate or all: (wire, Jacobian)."""
    graph = tape.graph
    for w, wire in enumerate(graph.wires):
        gate = graph.nodes[wire.target].gate
        if isinstance(tape.local(w), Jacobian) and name in (None, gate.name):
            yield wire, tape.local(w)


LABELLED = {name: ("y",) for name, gate in GATES.items() if gate.labels}
SCORES = [3.2, 5.1, -1.7]
