"""Windows over the last two axes: how they move, and the shapes. No numbers, no arrays."""

from __future__ import annotations

from typing import Any

from .shapes import Misfit, Shape, shape_text

Side = int | tuple[int, int]
Pad = int | tuple[Side, Side]
"""What is put around an image: everywhere, for rows and columns, or a pair for each of the two."""
Margins = tuple[tuple[int, int], tuple[int, int]]


def margins(pad: Pad) -> Margins:
    """What is put above and below an image, and left and right of it.

    Raises Misfit for anything but one number or two, or two pairs.

    >>> margins(1), margins((0, 2)), margins(((0, 1), (2, 3)))
    (((1, 1), (1, 1)), ((0, 0), (2, 2)), ((0, 1), (2, 3)))
    """
    sides = (pad, pad) if isinstance(pad, int) else pad
    if len(sides) != 2:
        raise Misfit("widths", given=len(sides), count=2)
    rows, columns = ((side, side) if isinstance(side, int) else side for side in sides)
    return rows, columns


def span(size: int, dilation: int) -> int:
    """How many elements a window of some size reaches over, with steps between its taps.

    >>> span(3, 1), span(3, 2)
    (3, 5)
    """
    return dilation * (size - 1) + 1


def windows(
    shape: Shape, height: int, width: int, stride: int, pad: Pad = 0, dilation: int = 1
) -> Shape:
    """How many windows fit down and across the last two axes. Raises Misfit if none does."""
    if len(shape) < 2:
        raise Misfit("image")
    size = (span(height, dilation), span(width, dilation))
    sides = [whole + sum(around) - of_window for whole, around, of_window in
             zip(shape[-2:], margins(pad), size, strict=True)]  # fmt: skip
    if min(sides) < 0:
        raise Misfit("window", size=shape_text(size))
    return tuple(side // stride + 1 for side in sides)


def pooled(shape: Shape, size: int, stride: int | None, pad: Pad) -> Shape:
    """The shape of one number for each window. Raises Misfit if one could hold padding alone.

    >>> pooled((4, 6), 2, None, 0), pooled((3, 3), 2, 2, 1)
    ((2, 3), (2, 2))
    """
    around = max(map(max, margins(pad)))
    if around >= size:
        raise Misfit("pool_pad", pad=around, size=size)
    return (*shape[:-2], *windows(shape, size, size, stride or size, pad))


def biased(x: Shape, w: Shape, b: Shape, *options: Any) -> Shape:
    """The shape of a convolution with a bias for each filter, which filters of matrices lack."""
    out = convolved(x, w, *options)
    if len(w) != 4 or b != w[:1]:
        raise Misfit("bias")
    return out


def convolved(x: Shape, w: Shape, stride: int, pad: Pad, dilation: int, groups: int) -> Shape:
    """The shape of a convolution of (..., C, H, W) with (F, C/groups, h, w), or of two matrices.

    >>> convolved((8, 8), (3, 3), 1, 0, 1, 1), convolved((5, 4, 8, 8), (6, 2, 3, 3), 1, 1, 2, 2)
    ((6, 6), (5, 6, 6, 6))
    """
    if len(w) == 2 and groups == 1:
        return (*x[:-2], *windows(x, *w, stride, pad, dilation))
    if len(w) != 4 or len(x) < 3 or x[-3] != w[1] * groups or w[0] % groups:
        raise Misfit("channels" if groups == 1 else "channel_groups", groups=groups)
    return (*x[:-3], w[0], *windows(x, w[2], w[3], stride, pad, dilation))
