"""NumPy's functions that are made of others: what they record are the gates of those."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from math import ceil, floor
from operator import matmul, or_
from string import ascii_letters
from types import MappingProxyType
from typing import Any

from .known import plain_settings, unwrapped


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

    rows = [np.atleast_2d(x) for x in xs]
    return np.concatenate([x[..., None] if np.ndim(x) == 2 else x for x in rows], axis=2)


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


def _array(x: Any) -> Any:
    """A list of numbers as an array; a traced value as it is."""
    import numpy as np

    return x if hasattr(type(x), "_is_known") else np.asarray(x)


# --- np.r_ and np.c_


def joined_in_a_row(items: Sequence[Any]) -> Any:
    """What np.r_ makes of numbers, ranges and arrays along the first axis."""
    import numpy as np

    return np.concatenate([_with_axes(np.r_, item, 1) for item in items])


def joined_as_columns(items: Sequence[Any]) -> Any:
    """What np.c_ makes: vectors are columns, along the last axis."""
    import numpy as np

    return np.concatenate([_with_axes(np.c_, item, 2) for item in items], axis=-1)


def _with_axes(joiner: Any, item: Any, least: int) -> Any:
    """An item as an array with as many axes; what is known, as NumPy makes it."""
    import numpy as np

    if isinstance(item, str):
        raise TypeError  # another axis, or a matrix
    if not hasattr(type(item), "_is_known") or item._is_known:
        return joiner[unwrapped(item)]
    shape = getattr(item, "shape", ())
    if len(shape) >= least:
        return item
    return np.reshape(item, (-1, 1)[:least] if shape else (1,) * least)


# --- order, interpolation and pieces


def _quantile(
    x: Any, q: Any, axis: int | None = None, *, method: str = "linear", keepdims: bool = False
) -> Any:
    """Between two neighbours in order, by NumPy's default; `q` is a share, or several."""
    import numpy as np

    shares = np.asarray(plain_settings(q), float)
    if isinstance(axis, tuple | list) or method not in BETWEEN:
        raise TypeError
    row = np.moveaxis(np.ravel(x) if axis is None else x, axis or 0, 0)
    ordered, count = np.sort(row, axis=0), row.shape[0]
    found = [_between(ordered, share * (count - 1), method) for share in shares.ravel()]
    if keepdims:
        shape = [1] * np.ndim(x) if axis is None else [*np.shape(x)]
        shape[axis or 0] = 1
        found = [np.reshape(each, shape) for each in found]
    return np.stack(found).reshape(shares.shape + np.shape(found[0])) if shares.shape else found[0]


BETWEEN: Mapping[str, Callable[[float], float]] = MappingProxyType(
    {
        "linear": lambda t: t,
        "lower": lambda _: 0.0,
        "higher": ceil,
        "midpoint": lambda t: ceil(t) / 2,
    }
)
"""How far from the lower neighbour to the upper one a quantile is, by its share of the way."""


def _between(ordered: Any, place: float, method: str) -> Any:
    below = floor(place)
    share = BETWEEN[method](place - below)
    return ordered[below] * (1 - share) + ordered[below + 1] * share if share else ordered[below]


def _percentile(x: Any, q: Any, axis: int | None = None, **named: Any) -> Any:
    import numpy as np

    return _quantile(x, np.asarray(plain_settings(q)) / 100, axis, **named)


def _interp(x: Any, xp: Any, fp: Any) -> Any:
    """A line from point to point: what each piece adds up to x."""
    import numpy as np

    x, xp, fp = map(_array, (x, xp, fp))
    width = xp[1:] - xp[:-1]
    way = np.clip(np.expand_dims(x, -1) - xp[:-1], 0.0, width)
    return fp[0] + np.sum((fp[1:] - fp[:-1]) / width * way, axis=-1)


def _piecewise(x: Any, conditions: Any, functions: Sequence[Any]) -> Any:
    """Each function of the elements at which its condition holds, as NumPy has it."""
    import numpy as np

    masks = [*conditions] if isinstance(conditions, list | tuple) else [conditions]
    if len(functions) == len(masks) + 1:
        masks.append(~reduce(or_, masks))
    if len(functions) != len(masks):
        raise TypeError
    found = 0.0 * x
    for mask, function in zip(masks, functions, strict=True):
        if np.any(getattr(mask, "_plain", mask)):
            found[mask] = function(x[mask]) if callable(function) else function
    return found


# --- statistics of several variables


def _cov(m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: Any = None) -> Any:
    """The covariances of variables, which are rows."""
    import numpy as np

    rows = np.atleast_2d(m) if rowvar or np.ndim(m) == 1 else m.T
    if y is not None:
        more = np.atleast_2d(y) if rowvar or np.ndim(y) == 1 else y.T
        rows = np.concatenate([rows, more], axis=0)
    less = int(not bias) if ddof is None else plain_settings(ddof)
    far = rows - np.mean(rows, axis=1, keepdims=True)
    found = far @ far.T / (rows.shape[1] - less)
    return np.squeeze(found) if 1 in found.shape else found


def _corrcoef(x: Any, y: Any = None, rowvar: bool = True) -> Any:
    import numpy as np

    found = _cov(x, y, rowvar)
    if not np.ndim(found):
        return found / found
    size = np.sqrt(np.diag(found))
    return found / size[:, None] / size[None, :]


# --- convolution, products, grids


def _correlate(x: Any, y: Any, mode: str = "valid") -> Any:
    """Sums of products at each place of the shorter array along the longer one."""
    import numpy as np

    x, y = map(_array, (x, y))
    if np.ndim(x) != 1 or np.ndim(y) != 1 or mode not in ("valid", "same", "full"):
        raise TypeError
    if len(y) > len(x):
        return _correlate(y, x, mode)[::-1]
    size = len(y)
    before = {"valid": 0, "same": size // 2, "full": size - 1}[mode]
    after = {"valid": 0, "same": size - before - 1, "full": size - 1}[mode]
    row = np.pad(x, (before, after)) if before or after else x
    places = np.arange(len(x) + before + after - size + 1)
    return row[places[:, None] + np.arange(size)] @ y


def _convolve(x: Any, y: Any, mode: str = "full") -> Any:
    x, y = map(_array, (x, y))
    longer, shorter = (y, x) if len(y) > len(x) else (x, y)
    return _correlate(longer, shorter[::-1], mode)


def _cross(x: Any, y: Any) -> Any:
    """The vector product along the last axis, of vectors of three."""
    import numpy as np

    x, y = map(_array, (x, y))
    if np.shape(x)[-1:] != (3,) or np.shape(y)[-1:] != (3,):
        raise TypeError
    pairs = ((1, 2), (2, 0), (0, 1))
    found = [x[..., i] * y[..., j] - x[..., j] * y[..., i] for i, j in pairs]
    return np.stack(found, axis=-1)


def _meshgrid(*axes: Any, indexing: str = "xy", sparse: bool = False) -> Any:
    """Each vector along its axis, repeated along those of the others."""
    import numpy as np

    rows = [np.ravel(axis) for axis in axes]
    order = [1, 0, *range(2, len(rows))] if indexing == "xy" and len(rows) > 1 else range(len(rows))
    shape = [0] * len(rows)
    for at, row in zip(order, rows, strict=True):
        shape[at] = row.shape[0]
    found = []
    for at, row in zip(order, rows, strict=True):
        along = row.reshape([-1 if k == at else 1 for k in range(len(rows))])
        found.append(along if sparse else np.broadcast_to(along, tuple(shape)).copy())
    return tuple(found)


def _trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    import numpy as np

    row = np.moveaxis(y, axis, -1)
    width = dx if x is None else np.diff(x)
    return np.sum(width * (row[..., 1:] + row[..., :-1]) / 2.0, axis=-1)


def _vander(x: Any, N: Any = None, increasing: bool = False) -> Any:
    """Powers of a vector as columns."""
    import numpy as np

    count = len(x) if N is None else plain_settings(N)
    powers: list[Any] = [np.ones(len(x))]
    for _ in range(count - 1):
        powers.append(powers[-1] * x)
    return np.stack(powers if increasing else powers[::-1], axis=-1)


def _differences(x: Any) -> Any:
    import numpy as np

    return np.diff(np.ravel(x))


def _on_diagonal(x: Any) -> Any:
    import numpy as np

    return np.diag(np.ravel(x))


def _linspace(start: Any, stop: Any, num: int = 50) -> Any:
    import numpy as np

    if np.ndim(start) or np.ndim(stop):
        raise TypeError
    return start + np.linspace(0.0, 1.0, plain_settings(num)) * (stop - start)


COMPOSED: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "np.cumprod": _cumprod, "np.tensordot": _tensordot, "np.inner": _inner, "np.vdot": _vdot,
        "np.kron": _kron, "np.average": _average, "np.ptp": _ptp, "np.select": _select,
        "np.insert": _inserted, "np.block": _block, "np.dstack": _dstack,
        "np.linalg.matrix_power": _matrix_power, "np.linalg.multi_dot": partial(reduce, matmul),
        "np.polyval": _polyval, "np.heaviside": _heaviside, "np.round": _rounded,
        "np.around": _rounded, "np.full_like": _full_like,
        "np.quantile": _quantile, "np.percentile": _percentile, "np.interp": _interp,
        "np.piecewise": _piecewise, "np.cov": _cov, "np.corrcoef": _corrcoef,
        "np.correlate": _correlate, "np.convolve": _convolve, "np.cross": _cross,
        "np.meshgrid": _meshgrid, "np.vander": _vander, "np.linspace": _linspace,
        "np.trapezoid": _trapezoid, "np.trapz": _trapezoid,
        "np.ediff1d": _differences, "np.diagflat": _on_diagonal,
    }
)  # fmt: skip
"""NumPy's functions by what they are made of. A TypeError: not in this form."""
