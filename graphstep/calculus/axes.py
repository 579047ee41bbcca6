"""Axes moved, joined, cut and padded: the shapes, and how to undo it. No numbers, no arrays."""

from __future__ import annotations

from collections.abc import Sequence

from .shapes import Axis, Misfit, Shape, axes_of, axis_of

Widths = int | tuple[int, int] | tuple[tuple[int, int], ...]
"""What is put around an array: everywhere, before and after each axis, or a pair for each axis."""


def axes_in_order(count: int, axes: Sequence[int]) -> tuple[int, ...]:
    """The axes of a permutation, counted from 0. Raises Misfit unless each is there once.

    >>> axes_in_order(3, (0, -1, 1))
    (0, 2, 1)
    """
    found = tuple(axis % count if -count <= axis < count else count for axis in axes)
    if sorted(found) != [*range(count)]:
        raise Misfit("permutation", count=count)
    return found


def inverse(axes: Sequence[int]) -> tuple[int, ...]:
    """The order that undoes a permutation.

    >>> inverse((2, 0, 1))
    (1, 2, 0)
    """
    return tuple(sorted(range(len(axes)), key=axes.__getitem__))


def permuted(shape: Shape, *axes: int) -> Shape:
    """The shape with its axes in another order.

    >>> permuted((2, 3, 4), 2, 0, 1)
    (4, 2, 3)
    """
    return tuple(shape[axis] for axis in axes_in_order(len(shape), axes))


def swapped(shape: Shape, axis1: int, axis2: int) -> Shape:
    """The shape with two axes exchanged.

    >>> swapped((2, 3, 4), 1, -1)
    (2, 4, 3)
    """
    sizes, (i, j) = list(shape), (axis_of(shape, axis) for axis in (axis1, axis2))
    sizes[i], sizes[j] = sizes[j], sizes[i]
    return tuple(sizes)


def expanded(shape: Shape, axis: int) -> Shape:
    """The shape with a new axis of 1 element at a place of the result.

    >>> expanded((2, 3), 1), expanded((2, 3), -1)
    ((2, 1, 3), (2, 3, 1))
    """
    if not -len(shape) - 1 <= axis <= len(shape):
        raise Misfit("new_axis", axis=axis, last=len(shape))
    at = axis % (len(shape) + 1)
    return (*shape[:at], 1, *shape[at:])


def squeezed(shape: Shape, axis: Axis) -> Shape:
    """The shape without some axes of 1 element, or without all of them.

    >>> squeezed((1, 3, 1), None), squeezed((1, 3, 1), 0)
    ((3,), (3, 1))
    """
    if axis is None:
        return tuple(size for size in shape if size != 1)
    axes = axes_of(shape, axis)
    if any(shape[k] != 1 for k in axes):
        raise Misfit("squeeze")
    return tuple(size for k, size in enumerate(shape) if k not in axes)


def stacked(*shapes: Shape, axis: int) -> Shape:
    """The shape of equal arrays along a new axis.

    >>> stacked((2, 3), (2, 3), axis=0), stacked((4,), (4,), (4,), axis=-1)
    ((2, 2, 3), (4, 3))
    """
    first, *others = shapes
    if any(other != first for other in others):
        raise Misfit("stack")
    whole = expanded(first, axis)
    at = axis % len(whole)
    return (*whole[:at], len(shapes), *whole[at + 1 :])


def parts(shape: Shape, count: int, axis: int) -> Shape:
    """The shape of equal parts of an array along one of its axes, as an array of them.

    >>> parts((2, 6), 3, 1)
    (3, 2, 2)
    """
    at = axis_of(shape, axis)
    if shape[at] % count:
        raise Misfit("parts", count=count, size=shape[at])
    return (count, *shape[:at], shape[at] // count, *shape[at + 1 :])


def widths_of(shape: Shape, width: Widths) -> tuple[tuple[int, int], ...]:
    """How many zeros come before and after each axis.

    >>> widths_of((2, 3), 1), widths_of((2, 3), (0, 1))
    (((1, 1), (1, 1)), ((0, 1), (0, 1)))
    """
    if not shape:
        raise Misfit("index_number")
    if isinstance(width, int):
        return ((width, width),) * len(shape)
    pairs = tuple(pair for pair in width if isinstance(pair, tuple))
    if not pairs:
        before, after = (number for number in width if isinstance(number, int))
        return ((before, after),) * len(shape)
    if len(pairs) != len(shape):
        raise Misfit("widths", given=len(pairs), count=len(shape))
    return pairs


def padded(shape: Shape, width: Widths) -> Shape:
    """The shape with zeros around it.

    >>> padded((2, 3), ((0, 0), (1, 2)))
    (2, 6)
    """
    pairs = zip(shape, widths_of(shape, width), strict=True)
    return tuple(size + before + after for size, (before, after) in pairs)


def repeated(shape: Shape, *to: int) -> Shape:
    """The shape `to`, in which an array is repeated by the rules of NumPy.

    >>> repeated((3, 1), 2, 3, 4)
    (2, 3, 4)
    """
    extra = len(to) - len(shape)
    pairs = zip(shape, to[extra:], strict=True) if extra >= 0 else ()
    if extra < 0 or min(to) < 1 or any(size not in (1, wanted) for size, wanted in pairs):
        raise Misfit("repeat")
    return to
