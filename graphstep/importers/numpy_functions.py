"""NumPy's functions and the methods of arrays that traced values record as gates, by name."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from ..calculus.functions import ELEMENTARY
from ..gates import GATES
from ..language.pieces import einsum_text
from .composed_functions import COMPOSED
from .known import is_mask, plain_settings
from .places import gate_of_index, keys_of, left_of, named_keys


class Call(NamedTuple):
    """A gate with its inputs, which may be calls themselves, and its options."""

    gate: str
    args: tuple[Any, ...]
    options: tuple[Any, ...] = ()


UFUNCS: Mapping[str, str] = MappingProxyType(
    {
        ufunc: name
        for name, gate in GATES.items()
        if name in ELEMENTARY and not ELEMENTARY[name].each and not gate.own
        for ufunc in ELEMENTARY[name].ufuncs
    }
    | {
        name: name
        for name in (
            "matmul",
            "greater",
            "greater_equal",
            "less",
            "less_equal",
            "equal",
            "not_equal",
        )
    }
)
"""The gate of each elementwise NumPy function that has one, and of `matmul`."""


def name_of_function(function: Any) -> str:
    """What a user calls a function: np.linalg.norm, or the bare name of what is not NumPy's."""
    import numpy as np

    name = str(getattr(function, "__name__", function))
    if getattr(np, name, None) is function:
        return f"np.{name}"
    module = str(getattr(function, "__module__", ""))
    return f"np{module.removeprefix('numpy')}.{name}" if module.startswith("numpy") else name


def _unary(gate: str) -> Callable[..., Call]:
    return lambda x: Call(gate, (x,))


def _binary(gate: str) -> Callable[..., Call]:
    return lambda x, y: Call(gate, (x, y))


# --- sums and their like


def _reduction(gate: str) -> Callable[..., Call]:
    def call(x: Any, axis: Any = None, dtype: Any = None, *, keepdims: bool = False) -> Call:
        _check_dtype(dtype)
        return Call(gate, (x,), (_axes(axis), int(keepdims)))

    return call


def _extreme(gate: str) -> Callable[..., Call]:
    def call(x: Any, axis: Any = None, *, keepdims: bool = False) -> Call:
        return Call(gate, (x,), (_axes(axis), int(keepdims)))

    return call


def _axes(axis: Any) -> int | tuple[int, ...] | None:
    """The setting of a gate for an axis, several axes, or all."""
    if isinstance(axis, tuple | list):
        axes = tuple(map(operator.index, axis))
        return axes[0] if len(axes) == 1 else axes
    return None if axis is None else operator.index(axis)


def _check_dtype(dtype: Any) -> None:
    """Raise TypeError for a type in which results would be rounded more than in a graph."""
    import numpy as np

    if dtype is not None and np.dtype(dtype) != np.float64:
        raise TypeError


def _spread(gate: str) -> Callable[..., Call]:
    """The variance or standard deviation, also with another divisor."""

    def call(
        x: Any, axis: Any = None, dtype: Any = None, *, ddof: float = 0, keepdims: bool = False
    ) -> Call:
        import numpy as np

        _check_dtype(dtype)
        options = (_axes(axis), int(keepdims))
        if not ddof:
            return Call(gate, (x,), options)
        count = np.size(x) / np.sum(np.ones(np.shape(x)), axis=axis).size
        variance = Call("mul", (Call("var", (x,), options), count / (count - ddof)))
        return variance if gate == "var" else Call("sqrt", (variance,))

    return call


def _cumsum(x: Any, axis: int | None = None) -> Call:
    return Call("cumsum", (x,), (_axes(axis),))


def _sorted(x: Any, axis: int | None = -1, **named: Any) -> Any:
    """Elements in order. The kind of sorting changes no number."""
    if named.keys() - {"kind", "stable"}:
        raise TypeError
    return _sorted(x.ravel(), 0) if axis is None else Call("sort", (x,), (operator.index(axis),))


def _sorted_in_place(x: Any, axis: int = -1, **named: Any) -> None:
    import numpy as np

    x[...] = np.sort(x, axis, **named)


def _median(x: Any, axis: Any = None, *, keepdims: bool = False, **named: Any) -> Call:
    if named.keys() - {"overwrite_input"}:
        raise TypeError
    return Call("median", (x,), (_axes(axis), int(keepdims)))


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Call:  # noqa: A002
    import numpy as np

    if ord is None and axis is None and not keepdims:
        return Call("norm", (x,))
    is_vector = np.ndim(x) == 1 if axis is None else not isinstance(axis, tuple)
    sizes = {1: ("abs", "sum"), 2: ("square", "sum"), np.inf: ("abs", "amax")}
    named = 2 if ord is None else ord
    if named not in sizes or not (ord is None or is_vector):
        raise TypeError  # the norms of matrices are others
    each, all_of_them = sizes[named]
    found = Call(all_of_them, (Call(each, (x,)),), (_axes(axis), int(keepdims)))
    return Call("sqrt", (found,)) if each == "square" else found


def _dot(x: Any, y: Any) -> Call:
    import numpy as np

    shapes = np.shape(x), np.shape(y)
    if () in shapes:
        return Call("mul", (x, y))
    if len(shapes[1]) > 2:  # there np.dot differs from @
        raise TypeError
    return Call("matmul", (x, y))


EINSUM = "np.einsum"
"""In the place of the name of a gate: the one for the form, which is the option."""


def _einsum(form: str, *arrays: Any, **named: Any) -> Call:
    if not isinstance(form, str) or not einsum_text(form, len(arrays))[1]:
        raise TypeError
    if named.keys() - {"optimize"}:
        raise TypeError
    return Call(EINSUM, arrays, (form,))


# --- elements in other places


def _reshape(x: Any, shape: Any, order: str = "C", *, copy: bool | None = None) -> Any:
    import numpy as np

    to = tuple(shape) if np.ndim(shape) else (shape,)
    if order != "C" or copy is not None:
        return _moved(np.reshape, x, to, order=order)
    if not to:
        return Call(*gate_of_index(x, (0,) * np.ndim(x))) if np.ndim(x) else x
    return Call("reshape", (x,), tuple(map(operator.index, to)))


def _reshape_method(x: Any, *shape: Any, order: str = "C") -> Any:
    if not shape:
        raise TypeError
    return _reshape(x, shape[0] if len(shape) == 1 else shape, order)


def _moved(function: Callable[..., Any], x: Any, *args: Any, **named: Any) -> Any:
    """A function that only puts elements to other places, as seen by what it does to the places."""
    import numpy as np

    args, named = plain_settings(args), plain_settings(named)
    grid = np.empty_like(x._plain, dtype=int, subok=False)
    grid[...] = np.arange(grid.size).reshape(grid.shape)
    return _at_places(x, function(grid, *args, **named))


def _at_places(x: Any, places: Any) -> Any:
    """The elements of an array at these places in C order."""
    import numpy as np

    shape, places = np.shape(x), np.asarray(places)
    if not places.size:
        raise ValueError
    if np.array_equal(places.ravel(), np.arange(np.size(x))):
        return _reshape(x, places.shape)
    if len(shape) == places.ndim == 2 and keys_of(places.T, shape) == tuple(map(range, shape)):
        return Call("transpose", (x,))
    keys = keys_of(places, shape)
    if keys is not None and left_of(keys) == places.shape:
        return Call(*gate_of_index(x, named_keys(keys, shape)))
    flat = x if len(shape) == 1 else Call("reshape", (x,), (-1,))
    return Call("take", (flat, places)) if places.shape else Call("index", (flat,), (int(places),))


def _moving(name: str) -> Callable[..., Any]:
    """A function of NumPy that only puts elements to other places."""

    def call(x: Any, *args: Any, **named: Any) -> Any:
        import numpy as np

        return _moved(getattr(np, name), x, *args, **named)

    return call


def _swapped(x: Any, axis1: int, axis2: int) -> Any:
    import numpy as np

    axes = plain_settings((axis1, axis2))
    if np.ndim(x) < 3:
        return _moved(np.swapaxes, x, *axes)
    return Call("swapaxes", (x,), tuple(map(operator.index, axes)))


def _moved_axes(x: Any, source: Any, destination: Any) -> Any:
    import numpy as np

    places = np.moveaxis(np.empty(range(np.ndim(x))), *plain_settings((source, destination)))
    return _transpose(x, places.shape)


def _repeated(x: Any, shape: Any) -> Call:
    import numpy as np

    to = plain_settings(shape)
    return Call("broadcast_to", (x,), tuple(map(operator.index, to if np.ndim(to) else (to,))))


def _diagonal(x: Any, k: int = 0) -> Any:
    import numpy as np

    if np.ndim(x) == 1 and plain_settings(k):
        return _placed_off(x, k)
    is_square = len({*np.shape(x)}) == 1
    return Call("diag", (x,)) if is_square and not k else _moved(np.diag, x, k)


def _trace(x: Any) -> Call:
    import numpy as np

    shape = np.shape(x)
    if len(shape) == 2 and len({*shape}) == 2:
        return Call("sum", (_moved(np.diagonal, x),), (None, 0))
    return _of_matrix("trace")(x)


def _placed_off(x: Any, k: int) -> Call:
    """A vector on a diagonal beside the middle one."""
    before, after = max(0, k), max(0, -k)
    return Call("pad", (Call("diag", (x,)),), (((after, before), (before, after)),))


def _of_matrix(gate: str) -> Callable[..., Call]:
    """A function of one matrix, not of a row of them."""

    def call(x: Any) -> Call:
        import numpy as np

        if np.ndim(x) != 2:
            raise TypeError
        return Call(gate, (x,))

    return call


def _solution(a: Any, b: Any) -> Any:
    """The solution of a x = b, as the inverse times b: NumPy's up to rounding."""
    import numpy as np

    if np.ndim(a) != 2 or np.ndim(b) not in (1, 2):
        raise TypeError
    return np.linalg.inv(a) @ b


def _triangle(name: str) -> Callable[..., Call]:
    """One of the two halves of a matrix: a product with a mask."""

    def call(x: Any, k: int = 0) -> Call:
        import numpy as np

        mask = getattr(np, name)(np.ones(np.shape(x)), plain_settings(k))
        return Call("where", (mask, x, 0.0))

    return call


def _transpose(x: Any, *axes: Any, **named: Any) -> Any:
    import numpy as np

    given = axes[0] if len(axes) == 1 else axes or named.pop("axes", None)
    if named or len(axes) > np.ndim(x):
        raise TypeError
    order, ndim = plain_settings(given), np.ndim(x)
    if order is None or ndim < 3:
        return _moved(np.transpose, x, order)
    return Call("permute", (x,), tuple(operator.index(axis) % ndim for axis in order))


def _flat(x: Any, order: str = "C") -> Any:
    import numpy as np

    return Call("flatten", (x,), (0,)) if order == "C" else _moved(np.ravel, x, order)


def _same_shape_or(name: str) -> Callable[..., Any]:
    """A function that changes the shape only."""

    def call(x: Any, *args: Any, **named: Any) -> Any:
        import numpy as np

        args, named = plain_settings(args), plain_settings(named)
        shape = getattr(np, name)(np.broadcast_to(0.0, np.shape(x)), *args, **named).shape
        if shape == np.shape(x):
            return x[...] if shape else x
        return _reshape(x, shape)

    return call


def _pad(x: Any, pad_width: Any, mode: str = "constant", constant_values: Any = 0) -> Any:
    import numpy as np

    if mode != "constant":
        return _moved(np.pad, x, pad_width, mode)
    ends, pad_width = {*np.ravel(plain_settings(constant_values))}, plain_settings(pad_width)
    if len(ends) > 1:
        raise TypeError
    if ends == {0.0}:
        pairs = np.broadcast_to(pad_width, (np.ndim(x), 2)).tolist()
        return Call("pad", (x,), (tuple(map(tuple, pairs)),))
    grid = np.arange(np.size(x)).reshape(np.shape(x))
    places = np.pad(grid, pad_width, constant_values=grid.size)
    row = Call("concat", (Call("reshape", (x,), (-1,)), np.array([*ends], float)), (0,))
    return Call("take", (row, places))


def _split(name: str) -> Callable[..., Any]:
    """A function that returns the parts of an array as a list of views."""

    def call(x: Any, *args: Any, **named: Any) -> Any:
        import numpy as np

        shape = np.shape(x)
        grid = np.arange(np.size(x)).reshape(shape)
        parts = getattr(np, name)(grid, *plain_settings(args), **plain_settings(named))
        return [x[named_keys(_keys(part, shape), shape)] for part in parts]

    return call


def _keys(places: Any, shape: tuple[int, ...]) -> tuple[range | int, ...]:
    """The keys of a part. Raises TypeError if it is empty."""
    keys = keys_of(places, shape)
    if keys is None:
        raise TypeError
    return keys


def _diff(x: Any, n: int = 1, axis: int = -1) -> Any:
    if n == 0:
        raise TypeError
    along = (slice(None),) * (axis % len(x.shape))
    found = x[(*along, slice(1, None))] - x[(*along, slice(None, -1))]
    return found if n == 1 else _diff(found, n - 1, axis)


# --- several arrays


def _concatenate(xs: Sequence[Any], axis: int | None = 0) -> Any:
    parts = [Call("reshape", (x,), (-1,)) for x in xs] if axis is None else [*xs]
    if len(parts) == 1:
        return xs[0].flatten() if axis is None else xs[0].copy()
    return Call("concat", tuple(parts), (operator.index(axis or 0),))


def _stack(xs: Sequence[Any], axis: int = 0) -> Any:
    import numpy as np

    at = operator.index(axis)
    if len(xs) == 1:
        return Call("reshape", tuple(xs), np.expand_dims(np.empty(np.shape(xs[0])), at).shape)
    return Call("stack", tuple(xs), (at,))


def _stacked(name: str, least: str) -> Callable[..., Any]:
    """A function that joins arrays which first get axes, along the second axis or the first."""

    def call(xs: Sequence[Any]) -> Any:
        import numpy as np

        rows = [getattr(np, least)(x) for x in xs]
        if name == "column_stack":
            rows = [x.reshape(-1, 1) if np.ndim(x) == 1 else x for x in rows]
        return _concatenate(rows, int(name != "vstack" and np.ndim(rows[0]) > 1))

    return call


def _append(x: Any, values: Any, axis: int | None = None) -> Any:
    return _concatenate([x, values], axis)


# --- choices by masks


def _where(mask: Any, x: Any, y: Any) -> Call:
    import numpy as np

    plain = mask if hasattr(mask, "_plain") else np.asarray(mask)
    return Call("where", (plain if hasattr(plain, "_plain") else plain.astype(float), x, y))


def _of_masks(gate: str) -> Callable[..., Call]:
    def call(*masks: Any) -> Call:
        if not all(map(is_mask, masks)):
            raise TypeError
        return Call(gate, (*masks, *(0.0,) * (len(masks) == 1)))

    return call


def _clip(x: Any, low: Any = None, high: Any = None, **named: Any) -> Call:
    lows, highs = (
        [end for end in (given, *(named.pop(name, None) for name in names)) if end is not None]
        for given, names in ((low, ("min", "a_min")), (high, ("max", "a_max")))
    )
    if named or len(lows) > 1 or len(highs) > 1 or not lows + highs:
        raise TypeError
    if lows and highs:
        return Call("clip", (x, *lows, *highs))
    return Call("max" if lows else "min", (x, *lows, *highs))


# --- copies and writing


def _copy(x: Any, order: str = "K") -> Any:
    return x._copied(x._plain.copy(order))


def _astype(x: Any, dtype: Any, **named: Any) -> Any:
    import numpy as np

    if not np.can_cast(x.dtype, dtype, "same_kind"):
        raise TypeError
    made = x._plain.astype(dtype, **named)
    return x if made is x._plain else x._copied(made)


def _item(x: Any, *at: Any) -> Any:
    plain = x._plain.item(*at)
    found = x[at] if at else x.reshape(-1)[0] if x._shape else x
    return found._journal.value(plain, found._index)


def _written(x: Any, value: Any) -> None:
    x[...] = value


def _filled(x: Any, value: Any) -> None:
    import numpy as np

    if np.shape(value):
        raise TypeError
    x[...] = value


FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "np.sum": _reduction("sum"), "np.mean": _reduction("mean"), "np.prod": _reduction("prod"),
        "np.max": _extreme("amax"), "np.amax": _extreme("amax"), "np.min": _extreme("amin"),
        "np.amin": _extreme("amin"), "np.var": _spread("var"), "np.std": _spread("std"),
        "np.cumsum": _cumsum, "np.sort": _sorted,
        "np.median": _median, **COMPOSED, "np.dot": _dot, "np.outer": _binary("outer"),
        "np.einsum": _einsum,
        "np.transpose": _transpose, "np.reshape": _reshape, "np.ravel": _flat, "np.pad": _pad,
        "np.concatenate": _concatenate, "np.stack": _stack, "np.append": _append,
        "np.vstack": _stacked("vstack", "atleast_2d"),
        "np.hstack": _stacked("hstack", "atleast_1d"),
        "np.column_stack": _stacked("column_stack", "atleast_1d"),
        "np.diff": _diff, "np.where": _where, "np.swapaxes": _swapped,
        "np.moveaxis": _moved_axes, "np.broadcast_to": _repeated, "np.diag": _diagonal,
        "np.trace": _trace, "np.linalg.inv": _of_matrix("inv"),
        "np.linalg.solve": _solution,
        "np.linalg.det": _of_matrix("det"), "np.tril": _triangle("tril"),
        "np.triu": _triangle("triu"),
        "np.clip": _clip, "np.copy": _copy, "np.copyto": _written,
        **{
            f"np.{kind}_{name}": _of_masks(gate)  # & | ^ of a plain mask and one of values
            for name, gate in (("and", "mul"), ("or", "max"), ("xor", "not_equal"))
            for kind in ("logical", "bitwise")
        },
        "np.logical_not": _of_masks("equal"),
        "np.linalg.norm": _norm,
        **{f"np.{name}": _split(name) for name in ("split", "array_split", "hsplit", "vsplit")},
        **{
            f"np.{name}": _moving(name)
            for name in ("flip", "fliplr", "flipud", "roll", "repeat",
                         "tile", "diagonal", "take_along_axis", "delete", "take", "rot90")
        },
        **{
            f"np.{name}": _same_shape_or(name)
            for name in ("squeeze", "expand_dims", "atleast_1d", "atleast_2d")
        },
    }
)  # fmt: skip
"""NumPy's array functions that become gates. A TypeError or ValueError: not in this form."""

METHODS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "reshape": _reshape_method, "copy": lambda x, order="C": _copy(x, order),
        "conjugate": lambda x: x.copy(), "astype": _astype, "item": _item, "fill": _filled,
        "flatten": lambda x, order="C": x.ravel(order).copy(),
        "sort": _sorted_in_place,
        **{
            name: FUNCTIONS[f"np.{name}"]
            for name in ("cumprod", "ptp", "round",
                         "sum", "mean", "prod", "var", "std", "max", "min", "cumsum", "dot",
                         "transpose", "ravel", "clip", "squeeze", "swapaxes", "repeat", "take",
                         "diagonal", "trace")
        },
    }
)  # fmt: skip
"""The methods of arrays that become gates."""

FACTS: frozenset[str] = frozenset(
    {
        "np.shape", "np.ndim", "np.size", "np.result_type", "np.iscomplexobj", "np.isrealobj",
        "np.can_cast", "np.common_type", "np.array_repr", "np.array_str", "np.array2string",
        "np.zeros_like", "np.ones_like", "np.empty_like",
    }
)  # fmt: skip
"""Functions whose results do not change with the numbers, or are texts: the plain value is used."""

ATTRIBUTES: frozenset[str] = frozenset(
    {
        "dtype",
        "shape",
        "ndim",
        "size",
        "itemsize",
        "nbytes",
        "strides",
        "flags",
        "imag",
        "denominator",
        "device",
    }
)
"""Attributes of numbers and arrays that do not change with the numbers."""

FORMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **{
            f"np.{name}": (f"np.{name}(x)", f"np.{name}(x, axis=0)",
                           f"np.{name}(x, axis=(0, 1), keepdims=True)")
            for name in ("sum", "mean", "max", "min", "prod", "var", "std")
        },
        "np.cumsum": ("np.cumsum(x)", "np.cumsum(x, axis=0)"),
        "np.dot": ("x @ y",),
        "np.outer": ("np.outer(x, y)",),
        "np.einsum": ("np.einsum('ij,jk->ik', x, y)", "np.einsum('ii->i', x)"),
        "np.transpose": ("x.T", "np.transpose(x, (1, 0))"),
        "np.reshape": ("x.reshape(-1)", "x.reshape(2, -1)"),
        "np.ravel": ("x.ravel()",),
        "np.concatenate": ("np.concatenate([x, y])", "np.concatenate([x, y], axis=0)"),
        "np.stack": ("np.stack([x, y])", "np.stack([x, y], axis=0)"),
        "np.split": ("x[:1]", "x[:, :1]"),
        "np.where": ("np.where(x > 0, x, y)",),
        "np.pad": ("np.pad(x, 1)", "np.pad(x, ((1, 1), (0, 2)))"),
        "np.copy": ("x.copy()",),
        "np.clip": ("np.clip(x, 0, 1)", "np.clip(x, 0, None)"),
        "np.squeeze": ("np.squeeze(x)", "x[0]"),
        "np.expand_dims": ("np.expand_dims(x, 0)", "x.reshape(1, -1)"),
        "np.atleast_1d": ("np.atleast_1d(x)",),
        "np.atleast_2d": ("np.atleast_2d(x)",),
        "np.astype": ("x.astype(float)",),
        **{
            f"np.{kind}_{name}": (f"(x > 0) {sign} (y > 0)",)
            for name, sign in (("and", "&"), ("or", "|"), ("xor", "^"))
            for kind in ("logical", "bitwise")
        },
        "np.logical_not": ("~(x > 0)",),
        "np.linalg.norm": ("np.linalg.norm(x)", "np.linalg.norm(x, axis=0)"),
        "np.linalg.solve": ("np.linalg.solve(x, y)",),
        "np.sort": ("np.sort(x)", "np.sort(x, axis=0)"),
        "np.median": ("np.median(x)", "np.median(x, axis=0)"),
        "np.insert": ("np.concatenate([x[:1], y, x[1:]])",),
        "np.kron": ("np.kron(x, y)",),
        "np.interp": ("np.interp(x, [0, 1], [2, 3])",), "np.cross": ("np.cross(x, y)",),
        **{
            f"np.{name}": (f"np.{name}(x, {share})", f"np.{name}(x, {share}, axis=0)")
            for name, share in (("percentile", 30), ("quantile", 0.3))
        },
        "np.piecewise": ("np.piecewise(x, [x < 0, x >= 0], [0.0, np.exp])",),
        "np.meshgrid": ("np.meshgrid(x, y)", "np.meshgrid(x, y, indexing='ij')"),
        "np.cov": ("np.cov(x)", "np.cov(x, y)"), "np.linspace": ("np.linspace(x, y, 5)",),
        "np.r_": ("np.concatenate([x, y])",), "np.c_": ("np.stack([x, y], axis=-1)",),
        "np.average": ("np.average(x, weights=y)", "np.average(x, axis=0)"),
        "np.block": ("np.block([[x, y], [x, y]])",),
        "np.dstack": ("np.stack([x, y], axis=-1)",),
    }
)  # fmt: skip
"""The forms of a function that become gates, or what to write for others."""
