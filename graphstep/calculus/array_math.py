"""The mathematics on arrays: NumPy under the names that gates use, and what NumPy lacks.

That is stable sums of exponentials, labels, losses, and the Jacobians of gates as linear maps.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

import numpy as np

from ..base.errors import short
from .convolution import (
    avgpool2d,
    bias_map,
    conv2d,
    conv2d_bias,
    conv_map,
    gaps,
    gaps2d,
    maxpool2d,
    pool_map,
)
from .functions import Array
from .jacobians import (
    Contraction,
    Diagonal,
    Jacobian,
    Linear,
    LogSoftmax,
    Move,
    Product,
    Pulled,
    Softmax,
    Zero,
    array_of,
    fit,
    pull_left,
    pull_right,
    spread,
)
from .scalar_math import numpy_math
from .shapes import Axis, Misfit, Shape, axes_of


def _where(test: Any, yes: Any, no: Any) -> Any:
    if not isinstance(test, bool):
        return np.where(test, yes, no)
    chosen, other = (yes, no) if test else (no, yes)
    if type(other) is float:  # fits every shape
        return chosen
    shape = np.broadcast_shapes(np.shape(yes), np.shape(no))
    if np.shape(chosen) == shape and type(chosen) is not float:
        return chosen
    return np.broadcast_to(chosen, shape)[()]  # of shape (): a number of NumPy, which has a shape


def _power(x: Any, y: Any) -> Any:
    """X to the power y. The ** of arrays is fast for whole y; for y = 1 nothing needs computing."""
    return x if type(y) is float and y == 1.0 else x**y


def _total(x: Array, axis: Axis = None, keepdims: Any = False) -> Array:
    """The sum, without the overhead of np.sum."""
    return np.add.reduce(x, axis=axis, keepdims=keepdims)


def _matmul(x: Array, y: Array) -> Array:
    """The matrix product; for small matrices, dot takes half the time of @."""
    return x.dot(y) if x.ndim <= 2 and y.ndim <= 2 else np.matmul(x, y)


# --- sums of exponentials, without overflow and without 1 - p


def _shifted(x: Array, axis: int | None) -> tuple[Array, Array]:
    """The largest element, and the log of the sum of exp(x - largest), which is exact near 0."""
    x = array_of(x).astype(float, copy=False)
    top = x.max(axis=axis, keepdims=True)
    rest = np.exp(x - top)[...]  # an array also where it is one number
    at = np.expand_dims(x.argmax(axis=axis), axis) if axis is not None else x.argmax()
    if axis is None:
        rest.flat[at] = 0.0
    else:
        np.put_along_axis(rest, at, 0.0, axis)
    return top, np.log1p(rest.sum(axis=axis, keepdims=True))


def softmax(x: Array, axis: int) -> Array:
    """The softmax exp(x) / sum(exp(x)) along an axis."""
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def log_softmax(x: Array, axis: int) -> Array:
    """The logarithm of softmax, x - log(sum(exp(x))), along an axis."""
    top, rest = _shifted(x, axis)
    return (x - top) - rest


def logsumexp(x: Array, axis: int | None, keepdims: int) -> Array:
    """The logarithm of sum(exp(x)), over everything or along an axis."""
    top, rest = _shifted(x, axis)
    return top + rest if keepdims else np.squeeze(top + rest, axis)


def lse_map(out: Array, x: Array, axis: int | None) -> Contraction:
    """The Jacobian of logsumexp, whose weights are the softmax."""

    def weights() -> Array:
        if axis is None:
            return softmax(np.reshape(x, -1), 0).reshape(np.shape(x))
        return softmax(x, axis)

    return Contraction(np.shape(out), np.shape(x), weights, axis)


# --- labels and losses


def labels(y: Array, count: int) -> Array:
    """Labels as integers. Raises Misfit for anything but whole numbers from 0 to count - 1."""
    found = array_of(y)
    whole = found.astype(int) if np.isfinite(found).all() else np.full(found.shape, -1)
    wrong = (whole != found) | (whole < 0) | (whole >= count)
    if wrong.any():
        raise Misfit("label", given=f"{found[wrong].flat[0]:g}", last=count - 1)
    return whole


def explained(misfit: Misfit, inputs: Sequence[Array]) -> Misfit:
    """The misfit of a gate with these inputs; rows with a one and probabilities have their own."""
    if misfit.inside or misfit.key != "labels" or len(inputs) != 2:
        return misfit
    scores, y = map(np.asarray, inputs)
    if not scores.ndim or y.shape[-1:] != scores.shape[-1:]:
        return misfit
    if not ((y >= 0) & np.isclose(y.sum(axis=-1, keepdims=True), 1)).all():
        return misfit
    if (y.max(axis=-1) == 1).all():
        return Misfit("one_hot", numbers=short(y.argmax(axis=-1).tolist()))
    return Misfit("probabilities") if y.shape == scores.shape else misfit


def _batch(s: Array, y: Array) -> tuple[Array, Array, Array]:
    """Scores as rows, their labels, and the index of each row."""
    rows = np.atleast_2d(array_of(s).astype(float, copy=False))
    found = np.atleast_1d(labels(y, rows.shape[1]))
    return rows, found, np.arange(len(rows))


def pick(s: Array, y: Array) -> Array:
    """Elements of a vector, or in each row the score of its label: NumPy's s[arange(len(s)), y]."""
    return s[_at(s, y)]


def _at(s: Array, y: Array) -> Any:
    """The index of the elements that `pick` returns."""
    found = labels(y, s.shape[-1])
    return found if s.ndim == 1 else (np.arange(len(s)), found)


def pick_map(s: Array, y: Array) -> Linear:
    """The Jacobian of what `pick` returns with respect to s."""

    def back(g: Array) -> Array:
        whole = np.zeros_like(g, float, "C", shape=s.shape)
        np.add.at(whole, _at(s, y), g)
        return whole

    rows = np.shape(y)
    return Linear(rows, s.shape, lambda d: d[_at(s, y)], back, "selection", prod(rows))


def take(x: Array, i: Array) -> Array:
    """The rows of x at whole numbers. Raises Misfit, also for labels of the columns."""
    try:
        return x[labels(i, x.shape[0])]
    except Misfit as misfit:
        if x.ndim != 2 or i.shape != x.shape[:1] or not np.isin(i, range(x.shape[1])).all():
            raise
        raise Misfit("rows", **misfit.values) from None


def take_map(x: Array, i: Array) -> Linear:
    """The Jacobian of the rows x[i] with respect to x; the gradients of one row are added up."""
    at = labels(i, x.shape[0])

    def back(g: Array) -> Array:
        whole = np.zeros_like(g, float, "C", shape=x.shape)
        np.add.at(whole, at, g)
        return whole

    rows = (*at.shape, *x.shape[1:])
    return Linear(rows, x.shape, lambda d: d[at], back, "selection", prod(rows))


def cross_entropy(s: Array, y: Array) -> Array:
    """The mean of -log softmax(s)[y] over the batch."""
    rows, found, each = _batch(s, y)
    return -log_softmax(rows, 1)[each, found].mean()


def cross_entropy_map(s: Array, y: Array) -> Contraction:
    """The Jacobian of the mean loss: softmax(s), less 1 at the label.

    There it is computed as minus the sum of the others, which stays exact.
    """

    def weights() -> Array:
        rows, found, each = _batch(s, y)
        p = softmax(rows, 1)
        p[each, found] = 0.0
        p[each, found] = -p.sum(axis=1)
        return (p / len(rows)).reshape(s.shape)

    return Contraction((), s.shape, weights)


def margins(s: Array, y: Array) -> Array:
    """The margin s_j - s_y + 1 of each class; 0 for the label itself, which does not count."""
    rows, found, each = _batch(s, y)
    found_margins = rows - rows[each, found][:, None] + 1.0
    found_margins[each, found] = 0.0
    return found_margins


def hinge(s: Array, y: Array) -> Array:
    """The mean over the batch of the sum of positive margins."""
    return np.maximum(margins(s, y), 0.0).sum(axis=1).mean()


def hinge_gaps(s: Array, y: Array) -> Array:
    """The margins, 0 at a kink; at the label, which is in all of them, 0 if one of them is."""
    found = margins(s, y)
    _, label, each = _batch(s, y)
    found[each, label] = 1.0
    found[each, label] = (found != 0).all(axis=1)
    return found


def hinge_map(s: Array, y: Array) -> Contraction:
    """The Jacobian of the hinge loss: 1 for positive margins, minus their count at the label."""

    def weights() -> Array:
        _, found, each = _batch(s, y)
        w = (margins(s, y) > 0) * 1.0
        w[each, found] = -w.sum(axis=1)
        return (w / len(w)).reshape(s.shape)

    return Contraction((), s.shape, weights)


# --- the rest


def norm(x: Array) -> Array:
    """The Euclidean norm, scaled where squares would overflow or vanish."""
    found = np.sqrt(np.sum(np.square(x)))
    if 1e-150 < found < 1e150:
        return found
    top = np.max(np.fabs(x))
    return top * np.sqrt(np.sum(np.square(x / top))) if 0 < top < np.inf else top


def _in_groups(x: Array, axis: Axis) -> Array:
    """What is reduced to one number each, as the last axis."""
    axes = axes_of(x.shape, axis)
    last = np.moveaxis(x, axes, range(-len(axes), 0))
    return last.reshape(*last.shape[: x.ndim - len(axes)], -1)


def _from_groups(groups: Array, shape: Shape, axis: Axis) -> Array:
    """What `_in_groups` made, back in the order of an array."""
    axes = axes_of(shape, axis)
    kept = [size for k, size in enumerate(shape) if k not in axes]
    last = groups.reshape((*kept, *(shape[k] for k in axes)))  # for a number, to no axis at all
    return np.moveaxis(last, range(-len(axes), 0), axes)


def extreme_gaps(x: Array, axis: Axis, sign: float) -> Array:
    """The distance of each element from the greatest (sign 1) or least (-1) of the others."""
    groups = sign * _in_groups(x, axis)
    found = gaps(groups, -1)
    return found if found.shape != groups.shape else _from_groups(found, x.shape, axis)


def sort(x: Array, axis: int) -> Array:
    """The elements along an axis in order; equal ones keep theirs."""
    return np.sort(x, axis, "stable")


def sort_map(out: Array, x: Array, axis: int) -> Move:
    """The Jacobian of sorting: each element goes to its place."""
    order = np.argsort(x, axis, "stable")
    back = np.argsort(order, axis)
    return Move(np.shape(out), x.shape, lambda d: np.take_along_axis(d, order, axis),
                lambda g: np.take_along_axis(g, back, axis))  # fmt: skip


def neighbour_gaps(x: Array, axis: int) -> Array:
    """The distance of each element from the nearest other one, with a sign for each order."""
    rows = np.moveaxis(x, axis, -1)
    order = np.argsort(rows, -1, "stable")
    ordered = np.take_along_axis(rows, order, -1)
    apart = np.diff(ordered, prepend=-np.inf, append=np.inf)
    signed = np.minimum(apart[..., :-1], apart[..., 1:]) * (1 - 2 * (np.arange(rows.shape[-1]) % 2))
    return np.moveaxis(np.take_along_axis(signed, np.argsort(order, -1), -1), -1, axis)


def median(x: Array, axis: Axis, keepdims: bool) -> Array:
    """The middle element, or the mean of the two in the middle."""
    found: Array = np.median(x, axis, keepdims=keepdims)
    return found


def median_map(out: Array, x: Array, axis: Axis) -> Contraction:
    """The Jacobian of the median: half to each end of the middle; equal elements share it."""

    def weights() -> Array:
        groups = _in_groups(x, axis)
        ordered, count = np.sort(groups), groups.shape[-1]
        ends = (groups == ordered[..., k, None] for k in ((count - 1) // 2, count // 2))
        shares = sum(end / end.sum(-1, keepdims=True) for end in ends)
        return _from_groups(0.5 * shares, x.shape, axis)

    return Contraction(np.shape(out), x.shape, weights, axis)


def middle_gaps(x: Array, axis: Axis) -> Array:
    """The distance of each element from the nearer of the two others between which it counts."""
    groups = _in_groups(x, axis)
    ordered, count = np.sort(groups), groups.shape[-1]
    if count < 3:
        return np.ones(x.shape)
    place = np.argsort(np.argsort(groups, -1, "stable"), -1)
    low, high = ((count - 1) // 2 - 1, count // 2)  # among the others
    below, above = (groups - np.take_along_axis(ordered, k + (place <= k), -1) for k in (low, high))
    nearer = np.minimum(np.fabs(below), np.fabs(above))
    return _from_groups(nearer * np.sign(below) * np.sign(above), x.shape, axis)


def det(x: Array) -> Array:
    """The determinant of a matrix."""
    return np.linalg.det(x) if np.isfinite(x).all() else np.float64(np.nan)


def cofactors(x: Array) -> Array:
    """The derivatives of the determinant, det(x) inv(x).T, also where that has no inverse.

    Those of a small matrix are determinants of its parts, so that one that is 0 is exactly 0.
    """
    if not np.isfinite(x).all():
        return np.full(x.shape, np.nan)
    if len(x) <= 8:
        each = np.arange(len(x))
        others = np.array([np.delete(each, k) for k in each])
        parts = x[others[:, None, :, None], others[None, :, None, :]]
        return np.linalg.det(parts) * (1.0 - 2.0 * (np.add.outer(each, each) % 2)) + 0.0
    left, sizes, right = np.linalg.svd(x)
    products = [np.prod(np.delete(sizes, k)) for k in range(len(sizes))]
    return np.linalg.det(left) * np.linalg.det(right) * (left * products) @ right


def inverse(x: Array) -> Array:
    """The inverse of a matrix; nan where there is none."""
    try:
        return np.linalg.inv(x)
    except np.linalg.LinAlgError:
        return np.full(x.shape, np.nan)


def inverse_map(out: Array) -> Linear:
    """The Jacobian of the inverse, which takes a change d to -out d out."""
    return Linear(
        out.shape, out.shape, lambda d: -(out @ d @ out), lambda g: -(out.T @ g @ out.T),
        "dense", prod(out.shape) ** 2,
    )  # fmt: skip


def variance_map(out: Array, x: Array, axis: Axis) -> Contraction:
    """The Jacobian of the variance."""

    def weights() -> Array:
        return 2.0 * _count(out, x) * (x - x.mean(axis=axis, keepdims=True))

    return Contraction(np.shape(out), x.shape, weights, axis)


def deviation_map(out: Array, x: Array, axis: Axis) -> Contraction:
    """The Jacobian of the standard deviation; 0 where all elements are equal."""

    def weights() -> Array:
        centred = x - x.mean(axis=axis, keepdims=True)
        spread = x.std(axis=axis, keepdims=True)
        return np.where(spread == 0, 0.0, _count(out, x) * centred / spread)

    return Contraction(np.shape(out), x.shape, weights, axis)


def _count(out: Array, x: Array) -> float:
    """One over the number of elements that become one."""
    return max(np.size(out), 1) / np.size(x)


def deviations(x: Array, axis: Axis) -> Array:
    """The standard deviation beside each element: 0 at a kink."""
    return np.broadcast_to(x.std(axis=axis, keepdims=True), x.shape)


def prod_map(out: Array, x: Array, axis: Axis) -> Contraction:
    """The Jacobian of a product: that of the other elements, also where some are 0."""

    def weights() -> Array:
        found = _in_groups(x, axis)
        ones = np.ones_like(found[..., :1])
        before = np.cumprod(np.concatenate([ones, found[..., :-1]], -1), -1)
        behind = np.cumprod(np.concatenate([ones, found[..., :0:-1]], -1), -1)[..., ::-1]
        return _from_groups(before * behind, x.shape, axis)

    return Contraction(np.shape(out), x.shape, weights, axis)


def cumsum_map(out: Array, x: Array, axis: int | None) -> Linear:
    """The Jacobian of running sums, whose gradients run from the end."""
    along, rows = axis or 0, np.shape(out)
    count = rows[along]

    def back(g: Array) -> Array:
        found = np.flip(np.cumsum(np.flip(g, along), along), along)
        return np.reshape(found, x.shape)

    return Linear(rows, x.shape, lambda d: np.cumsum(d, axis), back, "triangular",
                  prod(rows) * (count + 1) // 2)  # fmt: skip


def mask(shape: Shape, p: float, seed: int) -> Array:
    """The factors of dropout: 0 with probability p, else 1/(1 - p), which keeps the mean."""
    return (np.random.default_rng(seed).random(shape) >= p) / (1.0 - p)


def normal(x: Array, eps: float) -> tuple[Array, Array]:
    """Each column with mean 0 and variance 1, and one over its standard deviation."""
    centred = x - x.mean(axis=0)
    inverse = 1.0 / np.sqrt(np.square(centred).mean(axis=0) + eps)
    return centred * inverse, inverse


def batchnorm_map(x: Array, gamma: Array, eps: float) -> Linear:
    """The Jacobian of batch norm with respect to the batch: one block for each column."""
    found, inverse = normal(x, eps)

    def centred(g: Array) -> Array:
        return (g - g.mean(axis=0) - found * (g * found).mean(axis=0)) * inverse

    return Linear(
        x.shape, x.shape, lambda d: gamma * centred(d), lambda g: centred(gamma * g),
        "column_blocks", prod(x.shape) * x.shape[0],
    )  # fmt: skip


def by_channel(values: Array, x: Array) -> Array:
    """One number for each channel, which are the second axis, in a shape that fits x."""
    return np.reshape(values, (-1,) + (1,) * (np.ndim(x) - 2))


def channel_map(x: Array, values: Array, entries: Any) -> Diagonal:
    """The Jacobian with respect to one number for each channel."""
    return Diagonal(x.shape, np.shape(values), entries, by_channel(values, x).shape)


def group_normal(x: Array, groups: int, eps: float) -> tuple[Array, Array]:
    """Each group of channels with mean 0 and variance 1, and one over its standard deviation."""
    parts = x.reshape(len(x), groups, -1)
    centred = parts - parts.mean(axis=2, keepdims=True)
    inverse = 1.0 / np.sqrt(np.square(centred).mean(axis=2, keepdims=True) + eps)
    return (centred * inverse).reshape(x.shape), inverse


def group_norm_map(x: Array, gamma: Array, groups: int, eps: float) -> Linear:
    """The Jacobian of group norm with respect to the batch: one block for each group."""
    found, inverse = group_normal(x, groups, eps)
    scale, parts = by_channel(gamma, x), found.reshape(len(x), groups, -1)

    def centred(g: Array) -> Array:
        g = np.reshape(g, parts.shape)
        means = g.mean(axis=2, keepdims=True) + parts * (g * parts).mean(axis=2, keepdims=True)
        return ((g - means) * inverse).reshape(x.shape)

    return Linear(
        x.shape, x.shape, lambda d: scale * centred(d), lambda g: centred(scale * g),
        "sparse", prod(x.shape) * parts.shape[2],
    )  # fmt: skip


def maxout(x: Array, w1: Array, b1: Array, w2: Array, b2: Array) -> Array:
    """The larger of two linear pieces."""
    return np.maximum(x @ w1 + b1, x @ w2 + b2)


def maxout_gaps(x: Array, w1: Array, b1: Array, w2: Array, b2: Array) -> Array:
    """The difference of the pieces: 0 at a kink."""
    return (x @ w1 + b1) - (x @ w2 + b2)


def maxout_map(position: int, out: Array, *inputs: Array) -> Jacobian:
    """The Jacobian of maxout: that of the larger piece, or half of each where they are equal."""
    x, w1, _, w2, _ = inputs
    gap, shape = maxout_gaps(*inputs), np.shape(out)
    first = np.where(gap > 0, 1.0, np.where(gap == 0, 0.5, 0.0))
    share = first if position in (1, 2) else 1 - first
    if position in (2, 4):
        return Diagonal(shape, np.shape(inputs[position]), share)
    if position in (1, 3):
        return _scaled(share, product_map(out, x, inputs[position], "right"))
    both = [
        _scaled(part, product_map(out, x, w, "left")) for part, w in ((first, w1), (1 - first, w2))
    ]
    return Linear(
        shape, x.shape, lambda d: both[0].push(d) + both[1].push(d),
        lambda g: both[0].pull(g) + both[1].pull(g), both[0].structure, both[0].nonzeros,
    )  # fmt: skip


def _scaled(factors: Array, inner: Jacobian) -> Linear:
    """A Jacobian with its rows scaled, so that no block of it is repeated."""
    structure = "sparse" if inner.structure == "kronecker" else inner.structure
    return Linear(inner.rows, inner.columns, lambda d: factors * inner.push(d),
                  lambda g: inner.pull(factors * g), structure, inner.nonzeros)  # fmt: skip


def product_map(out: Array, a: Array, b: Array, side: str) -> Product:
    """The Jacobian of a @ b with respect to the factor on one side."""
    return Product(out.shape, *((a.shape, b) if side == "left" else (b.shape, a)), side)


def transpose_map(out: Array, x: Array) -> Move:
    """The Jacobian of a transpose, which undoes itself."""
    return Move(out.shape, x.shape, np.transpose, np.transpose)


def reshape_map(out: Array, x: Array) -> Move:
    """The Jacobian of a reshape."""
    rows, columns = np.shape(out), np.shape(x)
    return Move(rows, columns, lambda d: np.reshape(d, rows), lambda g: np.reshape(g, columns))


def index_map(out: Array, x: Array, at: Any) -> Move:
    """The Jacobian of x[at], an index or a slice."""

    def back(g: Array) -> Array:
        whole = np.zeros_like(g, float, "C", shape=np.shape(x))
        whole[at] = g
        return whole

    return Move(np.shape(out), np.shape(x), lambda d: d[at], back)


def concat_map(position: int, out: Array, xs: tuple[Array, ...], axis: int) -> Move:
    """The Jacobian of concat with respect to one input, which is a part of the output."""
    start = sum(map(itemgetter(axis), map(np.shape, xs[:position])))
    at = [slice(None)] * np.ndim(out)
    at[axis] = slice(start, start + xs[position].shape[axis])
    part = tuple(at)

    def forth(d: Array) -> Array:
        whole = np.zeros_like(d, float, "C", shape=np.shape(out))
        whole[part] = d
        return whole

    return Move(np.shape(out), xs[position].shape, forth, lambda g: g[part])


def stack_map(position: int, out: Array, x: Array, axis: int) -> Move:
    """The Jacobian of stack with respect to one input, which is a place along the new axis."""
    place: Any = (*(slice(None),) * (axis % np.ndim(out)), position)

    def forth(d: Array) -> Array:
        whole = np.zeros_like(d, float, "C", shape=np.shape(out))
        whole[place] = d
        return whole

    return Move(np.shape(out), np.shape(x), forth, lambda g: g[place])


def outer_map(x: Array, y: Array, side: str) -> Diagonal:
    """The Jacobian of outer(x, y), in which x is a column and y a row, each repeated."""
    rows = (len(x), len(y))
    if side == "left":
        return Diagonal(rows, x.shape, lambda: np.broadcast_to(y, rows), (len(x), 1))
    return Diagonal(rows, y.shape, lambda: np.broadcast_to(x[:, None], rows), (1, len(y)))


def zero(out: Array, y: Array) -> Zero:
    """The Jacobian with respect to labels, which have no derivative."""
    return Zero(np.shape(out), np.shape(y))


def contraction(out: Array, x: Array, weights: Any, axis: Axis = None) -> Contraction:
    """The Jacobian of a weighted sum."""
    return Contraction(out.shape, x.shape, weights, axis)


def mse_map(x: Array, y: Array, side: str) -> Contraction:
    """The Jacobian of the mean of (x - y)^2 with respect to one side; a smaller one is repeated."""
    own, gap = (x, x - y) if side == "left" else (y, y - x)
    return Contraction((), np.shape(own), lambda: fit(2.0 / np.size(gap) * gap, np.shape(own)))


def repeated(out: Array, x: Array, entries: Any) -> Diagonal:
    """The Jacobian of a gate that works element by element."""
    return Diagonal(np.shape(out), np.shape(x), entries)


def extreme_map(out: Array, x: Array, axis: Axis, keepdims: int) -> Contraction:
    """The Jacobian of the largest or least element; equal ones share the gradient."""

    def weights() -> Array:
        top = out if axis is None or keepdims else np.expand_dims(out, axis)
        chosen = x == top
        return chosen / chosen.sum(axis=axis, keepdims=True)

    return Contraction(np.shape(out), np.shape(x), weights, axis)


FROM_NUMPY = (
    "mean", "var", "std", "prod", "cumsum", "amax", "amin", "reshape", "concatenate", "shape",
    "size", "ndim", "asarray", "outer", "transpose", "swapaxes", "moveaxis", "stack", "pad",
    "broadcast_to", "trace", "diag", "eye",
)  # fmt: skip

OWN = (
    softmax, log_softmax, logsumexp, lse_map, pick, pick_map, take, take_map, cross_entropy,
    cross_entropy_map, hinge, hinge_gaps, hinge_map, norm, extreme_gaps, extreme_map, variance_map,
    sort, sort_map, neighbour_gaps, median, median_map, middle_gaps,
    deviation_map, deviations, prod_map, cumsum_map, mask, normal, batchnorm_map,
    by_channel, channel_map, group_normal, group_norm_map, maxout,
    maxout_gaps, maxout_map, product_map, pull_left, pull_right, spread, transpose_map,
    reshape_map, index_map, concat_map, stack_map, outer_map, zero, contraction, repeated, det,
    cofactors, inverse, inverse_map, mse_map, conv2d, conv_map, conv2d_bias, bias_map, maxpool2d,
    avgpool2d, gaps2d, pool_map,
)  # fmt: skip

ARRAY = SimpleNamespace(
    **(vars(numpy_math()) | {"where": _where, "power": _power}),
    sum=_total,
    matmul=_matmul,
    Softmax=Softmax,
    LogSoftmax=LogSoftmax,
    Diagonal=Diagonal,
    Linear=Linear,
    Pulled=Pulled,
    Move=Move,
    **{name: getattr(np, name) for name in FROM_NUMPY},
    **{function.__name__: function for function in OWN},
)
"""The mathematics on arrays: the `m` that gates' functions take."""
