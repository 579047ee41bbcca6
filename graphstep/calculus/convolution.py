"""Windows that slide over the last two axes: convolution, pooling, and their linear maps."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .functions import Array
from .jacobians import Linear
from .shapes import Shape, convolved, pooled


def _windows(x: Array, height: int, width: int, stride: int) -> Array:
    """Every window as the last two axes of a view."""
    view = sliding_window_view(x, (height, width), axis=(-2, -1))
    return view[..., ::stride, ::stride, :, :]


def _padded(x: Array, pad: int) -> Array:
    if not pad:
        return x
    try:
        return np.pad(x, [(0, 0)] * (x.ndim - 2) + [(pad, pad)] * 2)
    except ValueError as error:  # too large for any memory; NumPy reports that as a ValueError
        raise MemoryError from error


def conv2d(x: Array, w: Array, stride: int, pad: int) -> Array:
    """The sum of x times w over channels and window; w is not flipped."""
    if w.ndim == 2:
        return np.tensordot(_windows(_padded(x, pad), w.shape[0], w.shape[1], stride), w, axes=2)
    # (..., C, rows, columns, h, w)
    found = _windows(_padded(x, pad), w.shape[2], w.shape[3], stride)
    out = np.tensordot(found, w, axes=((x.ndim - 3, -2, -1), (1, 2, 3)))
    return np.moveaxis(out, -1, x.ndim - 3)


def conv_map(x: Array, w: Array, stride: int, pad: int, of: str) -> Linear:
    """The Jacobian of conv2d with respect to x or w, in each of which it is linear."""
    rows = convolved(x.shape, w.shape, stride, pad)
    columns = x.shape if of == "x" else w.shape
    taps = prod(w.shape[-2:]) * (w.shape[1] if w.ndim == 4 else 1)
    return Linear(
        rows, columns,
        lambda d: conv2d(d, w, stride, pad) if of == "x" else conv2d(x, d, stride, pad),
        lambda g: _to_image(g, w, columns, stride, pad) if of == "x"
        else _to_kernel(g, x, columns, stride, pad),
        "convolution", prod(rows) * taps,
    )  # fmt: skip


def _to_image(g: Array, w: Array, shape: Shape, stride: int, pad: int) -> Array:
    """The gradient of the image: each tap of the kernel carries upstream back to where it read."""
    channels = -3 if w.ndim == 4 else None

    def tap(i: int, j: int) -> Array:
        if channels is None:
            return g * w[i, j]
        return np.moveaxis(np.tensordot(g, w[:, :, i, j], axes=((g.ndim - 3,), (0,))), -1, channels)

    return _scattered(tap, g, w.shape[-2:], shape, stride, pad)


def _to_kernel(g: Array, x: Array, shape: Shape, stride: int, pad: int) -> Array:
    """The gradient of the kernel: each tap sums upstream times what it read."""
    found = _windows(_padded(x, pad), shape[-2], shape[-1], stride)
    if len(shape) == 2:
        return np.tensordot(g, found, axes=(range(g.ndim), range(g.ndim)))
    batch = range(x.ndim - 3)
    over = ((*batch, g.ndim - 2, g.ndim - 1), (*batch, x.ndim - 2, x.ndim - 1))
    return np.tensordot(g, found, axes=over)


def _scattered(
    tap: Callable[[int, int], Array],
    g: Array,
    size: Shape,
    shape: Shape,
    stride: int,
    pad: int = 0,
) -> Array:
    """The sum of `tap(i, j)`, in the shape of g, over a window, each put where it came from."""
    padded = (*shape[:-2], shape[-2] + 2 * pad, shape[-1] + 2 * pad)
    whole = np.zeros_like(g, float, "C", shape=padded)
    down, across = (stride * (n - 1) + 1 for n in g.shape[-2:])
    for i in range(size[0]):
        for j in range(size[1]):
            whole[..., i : i + down : stride, j : j + across : stride] += tap(i, j)
    return whole[..., pad : pad + shape[-2], pad : pad + shape[-1]]


def maxpool2d(x: Array, size: int, stride: int | None) -> Array:
    """The largest element of each window."""
    return _windows(x, size, size, stride or size).max(axis=(-2, -1))


def avgpool2d(x: Array, size: int, stride: int | None) -> Array:
    """The mean of each window."""
    return _windows(x, size, size, stride or size).mean(axis=(-2, -1))


def gaps2d(x: Array, size: int, stride: int | None) -> Array:
    """The distance of each element of a window from the greatest of the others: 0 at a tie."""
    found = _windows(x, size, size, stride or size)
    return gaps(found.reshape(*found.shape[:-2], -1), -1)


def gaps(x: Array, axis: int) -> Array:
    """The distance of each element from the greatest of the others along an axis."""
    if x.ndim == 0 or x.shape[axis] < 2:
        return np.ones(1)
    two = -np.partition(-x, 1, axis=axis)
    first, second = np.take(two, [0], axis), np.take(two, [1], axis)
    return np.where(x == first, x - second, x - first)


def pool_map(x: Array, size: int, stride: int | None, out: Array | None = None) -> Linear:
    """The Jacobian of pooling: by the mean, or by the maximum if its output is given as `out`."""
    step, rows = stride or size, pooled(x.shape, size, stride)

    def weights() -> Array:
        if out is None:
            return np.full((*rows, size, size), 1.0 / size**2)
        largest = _windows(x, size, size, step) == out[..., None, None]
        return largest / largest.sum(axis=(-2, -1), keepdims=True)

    def pull(g: Array) -> Array:
        parts = weights() * g[..., None, None]
        return _scattered(lambda i, j: parts[..., i, j], g, (size, size), x.shape, step)

    return Linear(
        rows, x.shape,
        lambda d: (weights() * _windows(d, size, size, step)).sum(axis=(-2, -1)), pull,
        "windows", prod(rows) * size * size,
    )  # fmt: skip
