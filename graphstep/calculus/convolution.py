"""Windows that slide over the last two axes: convolution, pooling, and their linear maps."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .functions import Array
from .jacobians import Diagonal, Linear
from .shapes import Shape
from .windows import Pad, convolved, margins, pooled, span


class Steps(NamedTuple):
    """How windows move: their steps, what is around the image, the distance of their taps."""

    stride: int
    pad: Pad = 0
    dilation: int = 1


def _windows(x: Array, size: Shape, steps: Steps, around: float = 0.0) -> Array:
    """Every window as the last two axes of a view."""
    reach = tuple(span(n, steps.dilation) for n in size)
    view = sliding_window_view(_padded(x, steps.pad, around), reach, axis=(-2, -1))
    by, apart = slice(None, None, steps.stride), slice(None, None, steps.dilation)
    return view[..., by, by, apart, apart]


def _padded(x: Array, pad: Pad, around: float) -> Array:
    if not any(map(any, margins(pad))):
        return x
    widths = [(0, 0)] * (x.ndim - 2) + [*margins(pad)]
    try:
        return np.pad(x, widths, constant_values=around)
    except ValueError as error:  # too large for any memory; NumPy reports that as a ValueError
        raise MemoryError from error


def conv2d(
    x: Array, w: Array, stride: int = 1, pad: Pad = 0, dilation: int = 1, groups: int = 1
) -> Array:
    """The sum of x times w over channels and window; w is not flipped.

    With groups, the channels of x and the filters are cut into so many parts, each on its own.
    """
    steps = Steps(stride, pad, dilation)
    if groups == 1:
        return _convolved(x, w, steps)
    parts = zip(_parts(x, groups, -3), _parts(w, groups, 0), strict=True)
    return np.concatenate([_convolved(*part, steps) for part in parts], -3)


def _parts(x: Array, count: int, axis: int) -> list[Array]:
    """Equal parts along an axis: that of channels, -3, or that of filters, 0."""
    size = x.shape[axis] // count
    cuts = (slice(k * size, (k + 1) * size) for k in range(count))
    return [x[..., cut, :, :] if axis else x[cut] for cut in cuts]


def _convolved(x: Array, w: Array, steps: Steps) -> Array:
    found = _windows(x, w.shape[-2:], steps)
    if w.ndim == 2:
        return np.tensordot(found, w, axes=2)
    # (..., C, rows, columns, h, w)
    out = np.tensordot(found, w, axes=((x.ndim - 3, -2, -1), (1, 2, 3)))
    return np.moveaxis(out, -1, x.ndim - 3)


def conv2d_bias(x: Array, w: Array, b: Array, *options: Any) -> Array:
    """The convolution, plus a number for each filter."""
    return conv2d(x, w, *options) + np.reshape(b, (-1, 1, 1))


def bias_map(out: Array, b: Array) -> Diagonal:
    """The Jacobian of a convolution with respect to its bias: each number is repeated."""
    return Diagonal(out.shape, b.shape, 1.0, (*b.shape, 1, 1))


def conv_map(
    of: str, x: Array, w: Array, stride: int = 1, pad: Pad = 0, dilation: int = 1, groups: int = 1
) -> Linear:
    """The Jacobian of conv2d with respect to x or w, in each of which it is linear."""
    options, steps = (stride, pad, dilation, groups), Steps(stride, pad, dilation)
    rows = convolved(x.shape, w.shape, *options)
    taps = prod(w.shape[-2:]) * (w.shape[1] if w.ndim == 4 else 1)

    def pull(g: Array) -> Array:
        if groups == 1:
            return _pulled(of, g, x, w, steps)
        parts = zip(_parts(g, groups, -3), _parts(x, groups, -3), _parts(w, groups, 0), strict=True)
        return np.concatenate([_pulled(of, *part, steps) for part in parts],
                              -3 if of == "x" else 0)  # fmt: skip

    return Linear(
        rows, x.shape if of == "x" else w.shape,
        lambda d: conv2d(d, w, *options) if of == "x" else conv2d(x, d, *options),
        pull, "convolution", prod(rows) * taps,
    )  # fmt: skip


def _pulled(of: str, g: Array, x: Array, w: Array, steps: Steps) -> Array:
    """The gradient of the image or of the kernel, of one group."""
    return _to_image(g, w, x.shape, steps) if of == "x" else _to_kernel(g, x, w.shape, steps)


def _to_image(g: Array, w: Array, shape: Shape, steps: Steps) -> Array:
    """The gradient of the image: each tap of the kernel carries upstream back to where it read."""
    channels = -3 if w.ndim == 4 else None

    def tap(i: int, j: int) -> Array:
        if channels is None:
            return g * w[i, j]
        return np.moveaxis(np.tensordot(g, w[:, :, i, j], axes=((g.ndim - 3,), (0,))), -1, channels)

    return _scattered(tap, g, w.shape[-2:], shape, steps)


def _to_kernel(g: Array, x: Array, shape: Shape, steps: Steps) -> Array:
    """The gradient of the kernel: each tap sums upstream times what it read."""
    found = _windows(x, shape[-2:], steps)
    if len(shape) == 2:
        return np.tensordot(g, found, axes=(range(g.ndim), range(g.ndim)))
    batch = range(x.ndim - 3)
    over = ((*batch, g.ndim - 2, g.ndim - 1), (*batch, x.ndim - 2, x.ndim - 1))
    return np.tensordot(g, found, axes=over)


def _scattered(
    tap: Callable[[int, int], Array], g: Array, size: Shape, shape: Shape, steps: Steps
) -> Array:
    """The sum of `tap(i, j)`, in the shape of g, over a window, each put where it came from."""
    (above, below), (left, right) = margins(steps.pad)
    padded = (*shape[:-2], shape[-2] + above + below, shape[-1] + left + right)
    whole = np.zeros_like(g, float, "C", shape=padded)
    stride, apart = steps.stride, steps.dilation
    down, across = (stride * (n - 1) + 1 for n in g.shape[-2:])
    for i in range(0, size[0] * apart, apart):
        for j in range(0, size[1] * apart, apart):
            at = (..., slice(i, i + down, stride), slice(j, j + across, stride))
            whole[at] += tap(i // apart, j // apart)
    return whole[..., above : above + shape[-2], left : left + shape[-1]]


def maxpool2d(x: Array, size: int, stride: int | None, pad: Pad) -> Array:
    """The largest element of each window; what is put around the image is never the largest."""
    return _pools(x, size, stride, pad, -np.inf).max(axis=(-2, -1))


def avgpool2d(x: Array, size: int, stride: int | None, pad: Pad) -> Array:
    """The mean of each window, in which zeros around the image count."""
    return _pools(x, size, stride, pad, 0.0).mean(axis=(-2, -1))


def _pools(x: Array, size: int, stride: int | None, pad: Pad, around: float) -> Array:
    return _windows(x, (size, size), Steps(stride or size, pad), around)


def gaps2d(x: Array, size: int, stride: int | None, pad: Pad) -> Array:
    """The distance of each element of a window from the greatest of the others: 0 at a tie."""
    found = _pools(x, size, stride, pad, -np.inf)
    return gaps(found.reshape(*found.shape[:-2], -1), -1)


def gaps(x: Array, axis: int) -> Array:
    """The distance of each element from the greatest of the others along an axis."""
    if x.ndim == 0 or x.shape[axis] < 2:
        return np.ones(1)
    two = -np.partition(-x, 1, axis=axis)
    first, second = np.take(two, [0], axis), np.take(two, [1], axis)
    return np.where(x == first, x - second, x - first)


def pool_map(x: Array, size: int, stride: int | None, pad: Pad, out: Array | None = None) -> Linear:
    """The Jacobian of pooling: by the mean, or by the maximum if its output is given as `out`."""
    steps, rows = Steps(stride or size, pad), pooled(x.shape, size, stride, pad)

    def weights() -> Array:
        if out is None:
            return np.full((*rows, size, size), 1.0 / size**2)
        largest = _windows(x, (size, size), steps, -np.inf) == out[..., None, None]
        return largest / largest.sum(axis=(-2, -1), keepdims=True)

    def pull(g: Array) -> Array:
        parts = weights() * g[..., None, None]
        return _scattered(lambda i, j: parts[..., i, j], g, (size, size), x.shape, steps)

    return Linear(
        rows, x.shape,
        lambda d: (weights() * _windows(d, (size, size), steps)).sum(axis=(-2, -1)), pull,
        "windows", prod(rows) * size * size,
    )  # fmt: skip
