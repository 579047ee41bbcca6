"""Shape rules: the shape of a gate's output from the shapes of its inputs. No numbers, no arrays.

A rule raises `Misfit` where the inputs do not fit; the engine, which knows the graph, turns that
into an error at the operator's place in the text, with the names and shapes of the inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from math import prod
from typing import NamedTuple

from ..base.errors import PUBLIC, GraphstepError, Said, Span
from ..base.signs import CROSS

Shape = tuple[int, ...]
MOST_AXES = 8  # of an array that is written or made here
Axis = int | tuple[int, ...] | None
"""The axes of a reduction: one, several, or all of them."""


class ShapeError(GraphstepError):
    """Shapes that do not fit, with the place of their gate in the text."""

    __module__ = PUBLIC

    @classmethod
    def of(
        cls, misfit: Misfit, inputs: Iterable[tuple[str, Shape]], formula: str,
        source: str | None = None, span: Span | None = None,
    ) -> ShapeError:  # fmt: skip
        """The error for a misfit: the shape of each input, and what the gate needs."""
        inputs, formula = misfit.inside or (tuple(inputs), formula)
        names = {f"name{i}": name for i, (name, _) in enumerate(inputs)}
        shapes = tuple(
            Said("of_shape" if shape else "of_number", {"name": name, "shape": shape_text(shape)})
            for name, shape in inputs
        )
        return cls(f"shape.{misfit.key}", source=source, span=span, shapes=shapes,
                   formula=formula, **names, **misfit.values)  # fmt: skip


class Inside(NamedTuple):
    """A gate in a group: what it takes, each with its shape, and its formula.

    They are texts like those of a gate's row, with places for what the group takes.
    """

    inputs: tuple[tuple[str, Shape], ...]
    formula: str


class Misfit(Exception):  # noqa: N818 - not an error by itself: it becomes a ShapeError
    """Inputs of a gate that do not fit: a key of the words, and the values in its sentence.

    `inside` is the gate that they do not fit, if it is one of those that the gate is made of.
    """

    def __init__(self, key: str, inside: Inside | None = None, /, **values: object) -> None:
        super().__init__(key)
        self.key, self.inside, self.values = key, inside, values

    def told(self, write: Callable[[str], str]) -> Misfit:
        """The same with every text about a gate inside written anew."""
        if self.inside is None:
            return self
        inputs = tuple((write(text), shape) for text, shape in self.inside.inputs)
        return Misfit(self.key, Inside(inputs, write(self.inside.formula)), **self.values)


def shape_text(shape: Shape) -> str:
    """A shape as it is printed; empty for a single number.

    >>> shape_text((2, 3)), shape_text((4,)), shape_text(())
    ('2×3', '4', '')
    """
    return CROSS.join(map(str, shape))


def shape_said(shape: Shape) -> Said:
    """A shape as a part of a message, where it may be that of a single number."""
    return Said("shape_of_array" if shape else "shape_of_number", {"shape": shape_text(shape)})


def broadcast(*shapes: Shape) -> Shape:
    """The common shape, by the rules of NumPy.

    >>> broadcast((4, 1), (3,), ())
    (4, 3)
    """
    first, *others = shapes
    if all(shape in (first, ()) for shape in others):
        return first
    longest = max(map(len, shapes))
    padded = [(1,) * (longest - len(shape)) + shape for shape in shapes]
    sizes = [set(column) - {1} for column in zip(*padded, strict=True)]
    if any(len(found) > 1 for found in sizes):
        raise Misfit("broadcast")
    return tuple(next(iter(found), 1) for found in sizes)


def matmul(a: Shape, b: Shape) -> Shape:
    """The shape of `a @ b`, for vectors, matrices, and stacks of matrices.

    >>> matmul((2, 3), (3,)), matmul((7, 2, 3), (3, 4))
    ((2,), (7, 2, 4))
    """
    if not a or not b:
        raise Misfit("matmul_number")
    inner = len(b) - 2 if len(b) > 1 else 0
    if a[-1] != b[inner]:
        raise Misfit("matmul", need=shape_text((*b[:inner], a[-1], *b[inner + 1 :])))
    columns = b[-1:] if len(b) > 1 else ()
    return (*broadcast(a[:-2], b[:-2]), *a[-2:-1], *columns)


def outer(a: Shape, b: Shape) -> Shape:
    """The shape of the outer product of two vectors."""
    if len(a) != 1 or len(b) != 1:
        raise Misfit("vectors")
    return a + b


def axis_of(shape: Shape, axis: int) -> int:
    """The axis counted from 0. Raises Misfit if there is no such axis."""
    if not -len(shape) <= axis < len(shape):
        raise Misfit("axis", axis=axis, count=len(shape))
    return axis % len(shape)


def axes_of(shape: Shape, axis: Axis) -> tuple[int, ...]:
    """The axes of a reduction, counted from 0; None for all of them. Raises Misfit.

    >>> axes_of((2, 3, 4), None), axes_of((2, 3, 4), -1), axes_of((2, 3, 4), (2, 0))
    ((0, 1, 2), (2,), (0, 2))
    """
    if axis is None:
        return tuple(range(len(shape)))
    given = axis if isinstance(axis, tuple) else (axis,)
    found = sorted({axis_of(shape, one) for one in given})
    if len(found) < len(given):
        raise Misfit("axis_twice", axis=given[-1])
    return tuple(found)


def reduced(shape: Shape, axis: Axis = None, keepdims: int = 0) -> Shape:
    """The shape of a sum, mean or the like over everything or along some axes.

    >>> reduced((2, 3)), reduced((2, 3), 0), reduced((2, 3, 4), (0, -1), 1)
    ((), (3,), (1, 3, 1))
    """
    axes, one = axes_of(shape, axis), (1,) * bool(keepdims)
    sizes = (one if k in axes else (size,) for k, size in enumerate(shape))
    return tuple(chain.from_iterable(sizes))


def accumulated(shape: Shape, axis: int | None) -> Shape:
    """The shape of running sums: that of the array, or of all of it as one vector."""
    return (prod(shape),) if axis is None else along(shape, axis)


def square(shape: Shape) -> Shape:
    """The shape of a matrix with as many rows as columns. Raises Misfit for any other."""
    if len(shape) != 2 or shape[0] != shape[1]:
        raise Misfit("square")
    return shape


def of_square(shape: Shape) -> Shape:
    """The shape of one number made of such a matrix."""
    return reduced(square(shape))


def diagonal(shape: Shape) -> Shape:
    """The shape of the diagonal of such a matrix, or of the matrix with a vector as its diagonal.

    >>> diagonal((3, 3)), diagonal((2,))
    ((3,), (2, 2))
    """
    return shape * 2 if len(shape) == 1 else square(shape)[:1]


def counted(shape: Shape, axis: int | None) -> Shape:
    """The shape of a number of elements: one number."""
    if axis is not None:
        axis_of(shape, axis)
    return ()


def one_number(shape: Shape, *_: object) -> Shape:
    """The shape of one number made of all elements."""
    return reduced(shape)


def along(shape: Shape, axis: int = -1) -> Shape:
    """The same shape, for a gate that works along one of its axes."""
    axis_of(shape, axis)
    return shape


def transposed(shape: Shape) -> Shape:
    """The shape of the transpose: the axes in reverse."""
    return shape[::-1]


def reshaped(shape: Shape, *to: int) -> Shape:
    """The shape `to`, in which one -1 means whatever is left.

    >>> reshaped((2, 6), 3, -1)
    (3, 4)
    """
    count, known = prod(shape), prod(n for n in to if n != -1)
    if to.count(-1) == 1 and known > 0 and count % known == 0:
        to = tuple(count // known if n == -1 else n for n in to)
    if min(to, default=1) < 1 or prod(to) != count:
        raise Misfit("reshape", count=count)
    return to


def flattened(shape: Shape, start: int = 0) -> Shape:
    """The shape with the axes from `start` on joined into one."""
    if not 0 <= start <= max(len(shape) - 1, 0):
        raise Misfit("axis", axis=start, count=len(shape))
    return (*shape[:start], prod(shape[start:]))


def indexed(shape: Shape, i: int) -> Shape:
    """The shape of one row, or of one element of a vector."""
    if not shape:
        raise Misfit("index_number")
    if not -shape[0] <= i < shape[0]:
        raise Misfit("index", index=i, last=shape[0] - 1)
    return shape[1:]


def sliced(shape: Shape, i: int | None, j: int | None) -> Shape:
    """The shape of some rows, or of some elements of a vector."""
    if not shape:
        raise Misfit("index_number")
    count = len(range(*slice(i, j).indices(shape[0])))
    if not count:
        raise Misfit("slice", last=shape[0] - 1)
    return (count, *shape[1:])


def picked(s: Shape, y: Shape) -> Shape:
    """The shape of one score of a vector, or of one of each row."""
    if len(s) == 1 or (len(s) == 2 and y == s[:1]):
        return y
    raise Misfit("labels")


def taken(x: Shape, i: Shape) -> Shape:
    """The shape of the rows of x at each place of i, or the elements of a vector.

    >>> taken((27, 2), (5, 3))
    (5, 3, 2)
    """
    if not x:
        raise Misfit("index_number")
    return (*i, *x[1:])


def loss(s: Shape, y: Shape) -> Shape:
    """The shape of a loss over scores and labels: one number."""
    if (len(s) == 1 and y == ()) or (len(s) == 2 and y == s[:1]):
        return ()
    raise Misfit("labels")


def concatenated(*shapes: Shape, axis: int) -> Shape:
    """The shape of arrays joined along an axis; the other axes have to agree."""
    first, *others = shapes
    at = axis_of(first, axis)
    if any(len(o) != len(first) or o[:at] + o[at + 1 :] != first[:at] + first[at + 1 :]
           for o in others):  # fmt: skip
        raise Misfit("concat", axis=at)
    return (*first[:at], sum(shape[at] for shape in shapes), *first[at + 1 :])


def batch(x: Shape, *of_columns: Shape) -> Shape:
    """The shape of a batch of rows; all else is one number, or one for each column."""
    if len(x) != 2 or any(shape not in ((), x[1:]) for shape in of_columns):
        raise Misfit("batch")
    return x


def batchnormed(x: Shape, gamma: Shape, beta: Shape, _: float) -> Shape:
    """The shape of a normalized batch."""
    return batch(x, gamma, beta)


def group_normed(x: Shape, gamma: Shape, beta: Shape, groups: int, _: float) -> Shape:
    """The shape of N arrays of channels normalized by groups of channels."""
    fits = all(shape in ((), x[1:2]) for shape in (gamma, beta))
    if len(x) < 2 or x[1] % groups or not fits:
        raise Misfit("groups", groups=groups)
    return x


def dropped(x: Shape, p: float, _: int) -> Shape:
    """The shape after dropout. Raises Misfit for a probability of 1 or more."""
    if p >= 1:
        raise Misfit("dropout")
    return x


def maxout(x: Shape, w1: Shape, b1: Shape, w2: Shape, b2: Shape) -> Shape:
    """The shape of the larger of two linear pieces."""
    pieces = (matmul(x, w1), matmul(x, w2))
    if len({*pieces, broadcast(pieces[0], b1), broadcast(pieces[1], b2)}) > 1:
        raise Misfit("pieces")
    return pieces[0]


def regularized(_: Shape, strength: Shape) -> Shape:
    """The shape of a regularizer: one number. Its strength has to be one number too."""
    if strength:
        raise Misfit("one_number")
    return ()
