"""Local gradients of arrays as linear maps, which do what the Jacobian does without building it.

`push` maps a change of the input to the change of the output, `pull` maps an upstream gradient back
to the downstream one: ⟨g, push d⟩ = ⟨pull g, d⟩. Shape, structure and number of non-zeros are
known from shapes alone; entries are worked out when something is pushed, pulled or shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from math import prod
from typing import Any, ClassVar

import numpy as np

from ..base.errors import GraphError
from .functions import Array
from .shapes import Axis, Shape, axes_of

Entries = Any  # an array or float, or a function that gives it

MOST_DENSE = 1_000_000  # of a matrix; a larger one is of no use to a reader


class Jacobian:
    """The derivative of each element of the output with respect to each element of an input.

    `rows` is the shape of the output, `columns` that of the input; as a matrix it has their sizes.
    """

    structure: str = "dense"
    """Which entries can differ from 0: a key of the words under `structure.`."""
    kept: ClassVar[tuple[str, ...]] = ()  # the attributes that hold its numbers

    def __init__(self, rows: Shape, columns: Shape) -> None:
        self.rows, self.columns = rows, columns

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the matrix: elements of the output, elements of the input."""
        return prod(self.rows), prod(self.columns)

    @property
    def nonzeros(self) -> int:
        """How many entries can differ from 0."""
        return prod(self.shape)

    def push(self, change: Array) -> Array:
        """The change of the output, in its shape, for a change of the input; to first order."""
        raise NotImplementedError

    def pull(self, upstream: Array) -> Array:
        """The downstream gradient, in the input's shape: the transposed matrix times upstream."""
        raise NotImplementedError

    def dense(self) -> Array:
        """The matrix, rows by columns.

        Raises GraphError where it has more than a million entries.
        """
        rows, columns = self._dense_shape()
        units = np.eye(columns).reshape(columns, *self.columns)
        with np.errstate(all="ignore"):
            pushed = [np.reshape(self.push(unit), rows) for unit in units]
        return np.stack(pushed, axis=1)

    def _dense_shape(self) -> tuple[int, int]:
        """Rows and columns of the matrix. Raises GraphError where it is too large to build."""
        rows, columns = self.shape
        if rows * columns > MOST_DENSE:
            raise GraphError("too_dense", rows=rows, columns=columns, most=MOST_DENSE)
        return rows, columns

    @property
    def flat(self) -> Array:
        """For each element of the input, whether it has no derivative other than 0."""
        with np.errstate(all="ignore"):
            return np.asarray(self.pull(irregular(self.rows)[()]) == 0)

    @property
    def is_finite(self) -> bool:
        """Whether all entries are finite numbers."""
        with np.errstate(all="ignore"):
            return all(bool(np.isfinite(getattr(self, name)).all()) for name in self.kept)

    @property
    def bad_number(self) -> float:
        """The first entry that is not finite; nan if only its directions are known."""
        with np.errstate(all="ignore"):
            entries = (np.ravel(getattr(self, name)) for name in self.kept)
            found = (values[~np.isfinite(values)] for values in entries)
            return next((float(bad[0]) for bad in found if bad.size), math.nan)

    def __repr__(self) -> str:
        rows, columns = self.shape
        return f"<Jacobian {rows}×{columns}, {self.structure}>"


def irregular(shape: Shape) -> Array:
    """Weights from 0.5 to 1 without whole ratios, so that nothing cancels by chance."""
    count = np.arange(2.0, prod(shape) + 2)
    return (1.0 - (np.sqrt(count) % 1.0) / 2).reshape(shape)


def array_of(x: Array) -> Array:
    """A number as one of NumPy; an array, or what acts as one, stays as it is."""
    return x if hasattr(x, "ndim") else np.asarray(x)


def fit(gradient: Array, shape: Shape) -> Array:
    """Sum a gradient over the axes along which an input of this shape was repeated."""
    found = np.shape(gradient)
    if found == shape:
        return gradient
    extra = len(found) - len(shape)
    axes = (*range(extra), *(i + extra for i, n in enumerate(shape) if n == 1))
    return array_of(gradient).sum(axis=axes, keepdims=True).reshape(shape)


class Diagonal(Jacobian):
    """The Jacobian of a gate that works element by element; a smaller input is repeated.

    `entries` are the derivatives: one number, an array that fits the output, or a function that
    returns one. `view` is the shape in which the input is repeated, where that is not its own.
    """

    kept = ("entries",)

    def __init__(self, rows: Shape, columns: Shape, entries: Entries, view: Shape | None = None):
        super().__init__(rows, columns)
        self._entries, self._view = entries, columns if view is None else view

    @property
    def entries(self) -> Array:
        """The derivative of each element of the output."""
        if callable(self._entries):
            with np.errstate(all="ignore"):
                self._entries = self._entries()
        return self._entries

    @property
    def structure(self) -> str:  # type: ignore[override]
        """What follows from the shapes, and from whether the entries are one number."""
        if prod(self.rows) != prod(self.columns):
            return "broadcast"
        if type(self._entries) is float:
            return "identity" if self._entries == 1.0 else "scaled"
        return "diagonal"

    @property
    def nonzeros(self) -> int:
        """One for each element of the output."""
        return prod(self.rows)

    def push(self, change: Array) -> Array:
        """The entries times the change."""
        moved = np.reshape(change, self._view)
        if type(self._entries) is not float or self._entries != 1.0:
            moved = moved * self.entries
        return np.broadcast_to(moved, self.rows)

    def pull(self, upstream: Array) -> Array:
        """The entries times upstream, summed over what was repeated."""
        if self.rows != self.columns:
            product = np.broadcast_to(upstream * self.entries, self.rows)
            return np.reshape(fit(product, self._view), self.columns)
        return upstream if type(self._entries) is float and self._entries == 1.0 else (
            upstream * self.entries
        )  # fmt: skip

    def dense(self) -> Array:
        """The matrix, rows by columns. An infinite entry leaves the zeros beside it alone."""
        rows, columns = self._dense_shape()
        used = np.broadcast_to(np.arange(columns).reshape(self._view), self.rows)
        matrix = np.zeros((rows, columns))
        with np.errstate(all="ignore"):
            matrix[np.arange(rows), used.ravel()] = np.broadcast_to(self.entries, self.rows).ravel()
        return matrix


class Contraction(Jacobian):
    """The Jacobian of a weighted sum over everything or along axes: sum, mean, norm, maximum."""

    kept = ("weights",)

    def __init__(self, rows: Shape, columns: Shape, weights: Entries, axis: Axis = None):
        super().__init__(rows, columns)
        self._weights, self.axis = weights, axis

    @property
    def structure(self) -> str:  # type: ignore[override]
        """A single row, or one block for each element of the output."""
        return "row" if prod(self.rows) == 1 else "blocks"

    @property
    def nonzeros(self) -> int:
        """Each element of the input is used once."""
        return prod(self.columns)

    @property
    def weights(self) -> Array:
        """The derivative with respect to each element of the input: one number, or an array."""
        if callable(self._weights):
            self._weights = self._weights()
        return self._weights

    def push(self, change: Array) -> Array:
        """The weighted sum of the change."""
        return np.reshape(np.sum(self.weights * array_of(change), axis=self.axis), self.rows)

    def pull(self, upstream: Array) -> Array:
        """Upstream times the weights, spread back."""
        return spread(upstream, self.weights, self.columns, self.axis)


def spread(upstream: Array, weights: Array, columns: Shape, axis: Axis) -> Array:
    """Upstream times weights, repeated over everything that was summed."""
    if axis is None:
        repeated = np.reshape(upstream, ()) if getattr(upstream, "ndim", 0) else upstream
        if type(weights) is float:
            whole = np.empty_like(repeated, float, "C", shape=columns)
            whole.fill(repeated * weights)
            return whole
    else:
        axes = axes_of(columns, axis)
        kept = [1 if k in axes else size for k, size in enumerate(columns)]
        repeated = np.reshape(upstream, kept)
    product = repeated * weights
    return product if np.shape(product) == columns else np.broadcast_to(product, columns)


class Product(Jacobian):
    """The Jacobian of `a @ b` with respect to the factor on one `side` ("left": a)."""

    kept = ("other",)

    def __init__(self, rows: Shape, columns: Shape, other: Array, side: str) -> None:
        super().__init__(rows, columns)
        self.other, self.side = other, side

    @property
    def structure(self) -> str:  # type: ignore[override]
        """Dense for a vector, whose Jacobian is the other factor; for a matrix that is repeated."""
        if prod(self.rows) == 1:
            return "row"
        return "dense" if self.nonzeros == prod(self.shape) else "kronecker"

    @property
    def nonzeros(self) -> int:
        """One row of a, or one column of b, for each element of the output."""
        inner = self.columns[-1] if self.side == "left" else self.columns[-2:][0]
        return prod(self.rows) * inner

    def push(self, change: Array) -> Array:
        """The product with the change in place of the input."""
        return change @ self.other if self.side == "left" else self.other @ change

    def pull(self, upstream: Array) -> Array:
        """Upstream times the other factor transposed."""
        back = pull_left if self.side == "left" else pull_right
        return back(upstream, self.other, self.columns)


def pull_left(upstream: Array, b: Array, a: Shape) -> Array:
    """The gradient of a: upstream @ b.T, with vectors as matrices of one row or column."""
    if b.ndim == len(a) == 2:
        return upstream.dot(b.T)
    if b.ndim == 1:
        return fit(array_of(upstream)[..., None] * b, a)
    if len(a) == 1:
        return fit((b @ array_of(upstream)[..., None])[..., 0], a)
    return fit(upstream @ b.swapaxes(-1, -2), a)


def pull_right(upstream: Array, a: Array, b: Shape) -> Array:
    """The gradient of b: a.T @ upstream, with vectors as matrices of one row or column."""
    if a.ndim == len(b) == 2:
        return a.T.dot(upstream)
    upstream = array_of(upstream)
    if a.ndim == 1:
        return fit(a[:, None] * upstream[..., None, :] if len(b) > 1 else a * upstream, b)
    if len(b) == 1:
        return a.reshape(-1, a.shape[-1]).T @ upstream.reshape(-1)
    if len(b) == 2:  # weights shared by a stack: one product instead of a sum of many
        return a.reshape(-1, a.shape[-1]).T @ upstream.reshape(-1, b[-1])
    return fit(a.swapaxes(-1, -2) @ upstream, b)


class Move(Jacobian):
    """The Jacobian of a gate that only moves elements: reshape, transpose, index, concat.

    `forth` moves the elements, `back` moves gradients to where they came from.
    """

    def __init__(
        self, rows: Shape, columns: Shape, forth: Callable[[Array], Array],
        back: Callable[[Array], Array],
    ) -> None:  # fmt: skip
        super().__init__(rows, columns)
        self.push, self.pull = forth, back  # type: ignore

    @property
    def structure(self) -> str:  # type: ignore[override]
        """All elements in another order, some of them, or all of them in a part of the output."""
        rows, columns = self.shape
        return "permutation" if rows == columns else "selection" if rows < columns else "part"

    @property
    def nonzeros(self) -> int:
        """One for each element that is moved."""
        return min(self.shape)


class Softmax(Jacobian):
    """The Jacobian of softmax along an axis: diag(p) - p p.T for each vector p along it."""

    structure = "rank_one"
    kept = ("p",)

    def __init__(self, p: Array, axis: int) -> None:
        super().__init__(p.shape, p.shape)
        self.p, self.axis = p, axis

    @property
    def nonzeros(self) -> int:
        """One block for each vector."""
        return prod(self.rows) * self.rows[self.axis]

    def push(self, change: Array) -> Array:
        """The same as `pull`: each block is symmetric."""
        return self.pull(change)

    def pull(self, upstream: Array) -> Array:
        """P times (upstream less its mean under p)."""
        return self.p * self._centred(upstream)

    def _centred(self, values: Array) -> Array:
        """Values less their mean under p.

        First less the value where p is largest, so that 1 - p is never taken of a p close to 1.
        """
        values = array_of(values)
        values = values - np.take_along_axis(values, self._winner, self.axis)
        return values - (values * self.p).sum(axis=self.axis, keepdims=True)

    @property
    def _winner(self) -> Array:
        """The place of the largest p of each vector."""
        return np.expand_dims(self.p.argmax(axis=self.axis), self.axis)


class LogSoftmax(Softmax):
    """The Jacobian of log_softmax along an axis: I - 1 p.T for each vector p along it."""

    def push(self, change: Array) -> Array:
        """The change less its mean under p."""
        return self._centred(change)

    def pull(self, upstream: Array) -> Array:
        """Upstream less p times its sum; with 1 - p as the sum of the others where p is largest."""
        at, axis = self._winner, self.axis
        back = upstream - self.p * upstream.sum(axis=axis, keepdims=True)
        own, p = (np.take_along_axis(values, at, axis) for values in (upstream, self.p))
        others, left = (_without(values, at, axis) for values in (upstream, self.p))
        np.put_along_axis(back, at, own * left - p * others, axis)
        return back


def _without(values: Array, at: Array, axis: int) -> Array:
    """The sum along an axis without one place of each vector."""
    rest = values.copy()
    np.put_along_axis(rest, at, 0.0, axis)
    return rest.sum(axis=axis, keepdims=True)


class Linear(Jacobian):
    """A Jacobian given by its two directions, its structure and its number of non-zeros."""

    def __init__(
        self, rows: Shape, columns: Shape, push: Callable[[Array], Array],
        pull: Callable[[Array], Array], structure: str, nonzeros: int,
    ) -> None:  # fmt: skip
        super().__init__(rows, columns)
        self.structure, self._nonzeros = structure, nonzeros
        self.push, self.pull = push, pull  # type: ignore

    @property
    def nonzeros(self) -> int:
        """As given."""
        return self._nonzeros


class Zero(Jacobian):
    """The Jacobian for an input without derivative, such as labels: nothing comes back."""

    structure = "zero"

    @property
    def nonzeros(self) -> int:
        """None."""
        return 0

    def push(self, change: Array) -> Array:  # noqa: ARG002
        """Nothing."""
        return np.zeros(self.rows)

    def pull(self, upstream: Array) -> Array:  # noqa: ARG002
        """Nothing."""
        return np.zeros(self.columns)


class Pulled(Jacobian):
    """The Jacobian of a custom gate: only `pull` is known, so a push takes a pull for each row."""

    def __init__(self, rows: Shape, columns: Shape, pull: Callable[[Array], Array]) -> None:
        super().__init__(rows, columns)
        self.pull = pull  # type: ignore

    def push(self, change: Array) -> Array:
        """The change times each row of the matrix."""
        return np.reshape([np.sum(row * change) for row in self._rows()], self.rows)

    def _rows(self) -> Sequence[Array]:
        count = prod(self.rows)
        return [self.pull(unit.reshape(self.rows)) for unit in np.eye(count)]

    def dense(self) -> Array:
        """The matrix, row by row."""
        _, columns = self._dense_shape()
        return np.stack([np.reshape(row, columns) for row in self._rows()])
