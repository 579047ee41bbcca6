"""NumPy's functions that are made of others: what they record are the gates of those."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from operator import matmul
from string import ascii_letters
from types import MappingProxyType
from typing import Any

from .known import plain_settings


def _cumprod(x: Any, axis: int | None = None) -> Any:
    """Running products: in each row of copies, ones stand for what comes later."""
    import numpy as np

    row = np.ravel(x) if axis is None else np.moveaxis(x, axis, -1)
    size = row.shape[-1]
    kept = np.where(np.tri(size) > 0, row[..., None, :], 1.0)
    found = np.prod(kept, axis=-1)
    return found if axis is None else np.moveaxis(found, -1, axis)


def _tensordot(x: Any, y: Any, axes: Any = 2) -> Any:
    """Sums of products over some axes of both: a product of matrices, or a form of einsum."""
    import numpy as np

    left, right = np.ndim(x), np.ndim(y)
    axes = plain_settings(axes)
    pair = (range(left - axes, left), range(axes)) if np.ndim(axes) == 0 else axes
    first, second = ([k % n for k in np.ravel(each).astype(int)]
                     for each, n in zip(pair, (left, right), strict=True))  # fmt: skip
    mine, other = list(ascii_letters[:left]), list(ascii_letters[left : left + right])
    for i, j in zip(first, second, strict=True):
        other[j] = mine[i]
    if not first:
        product = np.outer(x, y) if (left, right) == (1, 1) else _spread_out(x, y)
        return product.reshape(*np.shape(x), *np.shape(y))
    out = [c for c in mine if c not in other] + [c for c in other if c not in mine]
    return np.einsum(f"{''.join(mine)},{''.join(other)}->{''.join(out)}", x, y)


def _spread_out(x: Any, y: Any) -> Any:
    """Each element of one array times each of another."""
    import numpy as np

    return np.reshape(x, (-1, 1)) * np.reshape(y, (1, -1))


def _inner(x: Any, y: Any) -> Any:
    import numpy as np

    if np.ndim(x) == 0 or np.ndim(y) == 0:
        return x * y
    return x @ y.T if np.ndim(y) < 3 else _tensordot(x, y, (-1, -1))


def _vdot(x: Any, y: Any) -> Any:
    import numpy as np

    return np.ravel(x) @ np.ravel(y)


def _kron(x: Any, y: Any) -> Any:
    import numpy as np

    if np.ndim(x) == np.ndim(y) == 1:
        return np.outer(x, y).ravel()
    if np.ndim(x) != 2 or np.ndim(y) != 2:
        raise TypeError
    blocks = x[:, None, :, None] * y[None, :, None, :]
    return blocks.reshape(x.shape[0] * y.shape[0], -1)


def _average(x: Any, axis: Any = None, weights: Any = None, *, keepdims: bool = False) -> Any:
    import numpy as np

    if weights is None:
        return np.mean(x, axis=axis, keepdims=keepdims)
    if np.shape(weights) != np.shape(x):
        if axis is None or np.ndim(weights) != 1:
            raise TypeError
        weights = np.moveaxis(np.broadcast_to(weights, np.moveaxis(x, axis, -1).shape), -1, axis)
    total = np.sum(x * weights, axis=axis, keepdims=keepdims)
    return total / np.sum(weights, axis=axis, keepdims=keepdims)


def _ptp(x: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    import numpy as np

    return np.max(x, axis=axis, keepdims=keepdims) - np.min(x, axis=axis, keepdims=keepdims)


def _select(conditions: Sequence[Any], choices: Sequence[Any], default: Any = 0) -> Any:
    """The first choice whose condition holds: one `where` inside the other."""
    import numpy as np

    pairs = [*zip(conditions, choices, strict=True)]
    return reduce(lambda rest, pair: np.where(pair[0], pair[1], rest), pairs[::-1], default)


def _inserted(x: Any, at: Any, values: Any, axis: int | None = None) -> Any:
    import numpy as np

    k = plain_settings(at)
    if np.ndim(k) or np.ndim(x) != 1 or axis not in (None, 0, -1):
        raise TypeError
    k = int(k) % x.size if k < 0 else int(k)
    one = np.ravel(values) if np.ndim(values) else np.reshape(values, (1,))
    before, behind = ([x[:k]] if k > 0 else []), ([x[k:]] if k < x.size else [])
    return np.concatenate([*before, one, *behind])


def _block(rows: Any) -> Any:
    """Matrices side by side in rows, which stand below each other; or one row."""
    import numpy as np

    if not isinstance(rows, list):
        raise TypeError
    if not any(isinstance(row, list) for row in rows):
        return np.concatenate([np.atleast_1d(x) for x in rows], axis=-1)
    beside = [np.concatenate([np.atleast_2d(x) for x in row], axis=-1) for row in rows]
    return np.concatenate(beside, axis=-2)


def _dstack(xs: Sequence[Any]) -> Any:
    import numpy as np

    if any(np.ndim(x) < 2 for x in xs):
        raise TypeError
    return np.concatenate([x[..., None] if np.ndim(x) == 2 else x for x in xs], axis=2)


def _matrix_power(x: Any, n: int) -> Any:
    import numpy as np

    if n < 0:
        return _matrix_power(np.linalg.inv(x), -n)
    return reduce(matmul, [x] * n) if n else np.eye(len(x))


def _polyval(p: Any, x: Any) -> Any:
    """Horner's rule, as NumPy has it."""
    found: Any = 0.0
    for factor in p:
        found = found * x + factor
    return found


def _heaviside(x: Any, at_0: Any) -> Any:
    import numpy as np

    return np.where(x > 0, 1.0, np.where(x < 0, 0.0, at_0))


def _rounded(x: Any, decimals: int = 0) -> Any:
    import numpy as np

    scale = 10.0 ** plain_settings(decimals)
    return np.rint(x * scale) / scale if scale != 1 else np.rint(x)


def _full_like(x: Any, value: Any) -> Any:
    import numpy as np

    return np.broadcast_to(value, np.shape(x)).copy()


COMPOSED: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "np.cumprod": _cumprod, "np.tensordot": _tensordot, "np.inner": _inner, "np.vdot": _vdot,
        "np.kron": _kron, "np.average": _average, "np.ptp": _ptp, "np.select": _select,
        "np.insert": _inserted, "np.block": _block, "np.dstack": _dstack,
        "np.linalg.matrix_power": _matrix_power, "np.linalg.multi_dot": partial(reduce, matmul),
        "np.polyval": _polyval, "np.heaviside": _heaviside, "np.round": _rounded,
        "np.around": _rounded, "np.full_like": _full_like,
    }
)  # fmt: skip
"""NumPy's functions by what they are made of. A TypeError: not in this form."""
