"""What traced values cannot do: the reason, and what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NoReturn

from ..base.errors import TraceError, short
from .numpy_functions import FORMS, known_functions


class NoAttributeError(TraceError, AttributeError):
    """A TraceError that hasattr takes for an answer."""


class StoppedError(TraceError, TypeError):
    """A TraceError for a function that raised TypeError by itself."""


INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        "np.log2": "np.log(x) / np.log(2)",
        "np.log10": "np.log(x) / np.log(10)",
        "np.exp2": "2**x",
        "np.sinh": "(np.exp(x) - np.exp(-x)) / 2",
        "np.cosh": "(np.exp(x) + np.exp(-x)) / 2",
        "np.expm1": "np.exp(x) - 1",
        "np.log1p": "np.log(1 + x)",
        "np.hypot": "np.sqrt(x**2 + y**2)",
        "np.logaddexp": "np.log(np.exp(x) + np.exp(y))",
        "np.logaddexp2": "np.log(2**x + 2**y) / np.log(2)",
        "np.fmax": "np.maximum(x, y)",
        "np.fmin": "np.minimum(x, y)",
        "np.positive": "1 * x",
        "np.conjugate": "1 * x",
        "np.real": "1 * x",
        "np.degrees": "x * (180 / np.pi)",
        "np.rad2deg": "x * (180 / np.pi)",
        "np.radians": "x * (np.pi / 180)",
        "np.deg2rad": "x * (np.pi / 180)",
        "np.add.reduce": "np.sum(x, axis=0)",
        "np.maximum.reduce": "np.max(x, axis=0)",
        "np.minimum.reduce": "np.min(x, axis=0)",
        "np.multiply.outer": "np.outer(x, y)",
        "np.vecdot": "np.sum(x * y, axis=-1)",
        "np.var": "np.mean((x - np.mean(x)) ** 2)",
        "np.std": "np.sqrt(np.mean((x - np.mean(x)) ** 2))",
        "np.ptp": "np.max(x) - np.min(x)",
        "np.average": "np.mean(x)",
        "np.diff": "x[1:] - x[:-1]",
        "np.inner": "x @ y",
        "np.vdot": "x.ravel() @ y.ravel()",
        "np.linalg.matmul": "x @ y",
        "np.linalg.outer": "np.outer(x, y)",
        "np.linalg.vector_norm": "np.linalg.norm(x)",
        "np.linalg.matrix_norm": "np.linalg.norm(x)",
        "np.vstack": "np.stack([x, y])",
        "np.hstack": "np.concatenate([x, y])",
        "np.append": "np.concatenate([x, y])",
        "np.squeeze": "x.reshape(-1)",
        "np.expand_dims": "x.reshape(1, -1)",
        "np.atleast_2d": "x.reshape(1, -1)",
        "np.swapaxes": "x.T",
        "np.where": "mask * x + (1 - mask) * y",
        "np.linalg.matrix_transpose": "x.T",
        "x.shape = y": "x = x.reshape(y)",
        "x.flat = y": "x[:] = y",
        "expit": "gs.GATES['sigmoid'].forward(x)",
        "log_expit": "-gs.GATES['softplus'].forward(-x)",
    }
)  # fmt: skip
"""What to write for a function without a gate."""

CHOICES: frozenset[str] = frozenset(
    {
        "np.less", "np.less_equal", "np.greater", "np.greater_equal", "np.equal", "np.not_equal",
        "np.isfinite", "np.isinf", "np.isnan", "np.signbit", "np.logical_and", "np.logical_or",
        "np.logical_not", "np.logical_xor", "np.isclose", "np.allclose", "np.array_equal",
        "np.array_equiv", "np.any", "np.all", "np.argmax", "np.argmin", "np.nanargmax",
        "np.nanargmin", "np.argsort", "np.argpartition", "np.argwhere", "np.sort", "np.partition",
        "np.nonzero", "np.flatnonzero", "np.count_nonzero", "np.searchsorted", "np.unique",
        "np.median", "np.percentile", "np.quantile", "np.isposinf", "np.isneginf", "np.isin",
        "np.digitize", "np.bincount", "np.histogram", "np.lexsort", "np.extract", "np.select",
    }
)  # fmt: skip
"""Functions that compare numbers, or choose by them."""


def no_gate(what: str) -> TraceError:
    """The error for a function, method or operator without a gate."""
    if what in CHOICES:
        return TraceError("trace_choice", what=what)
    if what in INSTEAD:
        return TraceError("trace_instead", what=what, instead=INSTEAD[what])
    return TraceError("trace_function", what=what, known=known_functions())


def no_form(what: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> TraceError:
    """The error for a function that has a gate, but not for these arguments."""
    forms, axis = ", ".join(FORMS.get(what, (f"{what}(x)",))), named.get("axis")
    if type(axis) is int:
        forms = forms.replace("axis=0", f"axis={axis}")
    return TraceError("trace_form", what=written(what, args, named), forms=forms)


def refusing(what: str) -> Callable[..., NoReturn]:
    """A method for an operator without a gate."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise no_gate(what)

    return refuse


def choosing(what: str) -> Callable[..., NoReturn]:
    """A method that would compare a traced value, or choose by it."""

    def refuse(*_: object) -> NoReturn:
        raise TraceError("trace_choice", what=what)

    return refuse


def leaving(what: str) -> Callable[..., NoReturn]:
    """A method that would make something ordinary of a traced value."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise TraceError("trace_leaves", what=what)

    return refuse


def written(what: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> str:
    """A call as users write it: arrays as x and y.

    >>> written("np.sum", (), {"axis": (0, 1)})
    'np.sum(axis=(0, 1))'
    """
    letters = iter("xyzuvw")
    parts = [
        short(arg) if isinstance(arg, int | str | None) else next(letters, "...") for arg in args
    ]
    parts += [f"{key}={short(value)}" for key, value in named.items()]
    return f"{what}({', '.join(parts)})"


class Refused:
    """A method or attribute without a gate: it is there, but using it in any way is an error."""

    def __init__(self, what: str) -> None:
        self._what = what

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise no_gate(self._what)

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise NoAttributeError("trace_attribute", kind="method", name=name)
        self._refuse()

    __call__ = __len__ = __iter__ = __getitem__ = __setitem__ = __contains__ = _refuse
    __array__ = __float__ = __int__ = __index__ = __bool__ = __repr__ = __format__ = _refuse
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __neg__ = __abs__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __matmul__ = _refuse
    __truediv__ = __rtruediv__ = __pow__ = __rpow__ = __rmatmul__ = _refuse
    __hash__ = object.__hash__


def no_result(name: str, result: object) -> TraceError:
    """The error for a function that did not return one traced value."""
    if isinstance(result, dict | list | tuple):
        place = next(iter(result), 0) if isinstance(result, dict) else 0
        kind = type(result).__name__
        return TraceError("trace_result_many", name=name, kind=kind, place=short(place))
    return TraceError("trace_result", name=name, given=short(result))
