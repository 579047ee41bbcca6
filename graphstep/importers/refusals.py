"""What traced values cannot do: the reason, and what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NoReturn

from ..base.errors import TraceError, short
from .numpy_functions import FORMS
from .trial import Attempt, advised


class NoAttributeError(TraceError, AttributeError):
    """A TraceError that hasattr takes for an answer."""


class StoppedError(TraceError, TypeError):
    """A TraceError for a function that raised TypeError by itself."""


INSTEAD: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "np.exp2": ("2**x",),
        "np.logaddexp2": ("np.log(2**x + 2**y) / np.log(2)",),
        "np.fmax": ("np.maximum(x, y)",),
        "np.fmin": ("np.minimum(x, y)",),
        "np.positive": ("1 * x",),
        "np.conjugate": ("1 * x",),
        "np.real": ("1 * x",),
        "np.degrees": ("x * (180 / np.pi)",),
        "np.rad2deg": ("x * (180 / np.pi)",),
        "np.radians": ("x * (np.pi / 180)",),
        "np.deg2rad": ("x * (np.pi / 180)",),
        "np.add.reduce": ("np.sum(x, axis=0)",),
        "np.multiply.reduce": ("np.prod(x, axis=0)",),
        "np.add.accumulate": ("np.cumsum(x, axis=0)",),
        "np.multiply.accumulate": ("np.cumprod(x, axis=0)",),
        "np.logaddexp.reduce": ("np.log(np.sum(np.exp(x), axis=0))",),
        "np.fmod": ("x - y * np.sign(x / y) * np.floor(np.abs(x / y))",),
        "np.sinc": ("np.sin(np.pi * x) / (np.pi * x)",),
        "np.nansum": ("np.sum(x)", "np.sum(x, axis=0)"),
        "np.nanmean": ("np.mean(x)", "np.mean(x, axis=0)"),
        "np.nan_to_num": ("1 * x",),
        "np.maximum.reduce": ("np.max(x, axis=0)",),
        "np.minimum.reduce": ("np.min(x, axis=0)",),
        "np.multiply.outer": ("np.outer(x, y)", "x * y"),
        "np.vecdot": ("np.sum(x * y, axis=-1)",),
        "np.linalg.matmul": ("x @ y",),
        "np.linalg.outer": ("np.outer(x, y)",),
        "np.linalg.vector_norm": ("np.linalg.norm(x)", "np.sqrt(np.sum(x**2, axis=0))"),
        "np.linalg.matrix_norm": ("np.linalg.norm(x)",),
        "np.linalg.matrix_transpose": ("x.T",),
        "x.shape = y": ("x = x.reshape(y)",),
        "x.flat = y": ("x[:] = y",),
        "x.flat": ("x.ravel()",),
        "x % y": ("x - y * np.floor(x / y)",),
        "x // y": ("np.floor(x / y)",),
        "round(x)": ("np.rint(x)",),
        "math.floor(x)": ("np.floor(x)",),
        "math.ceil(x)": ("np.ceil(x)",),
        "math.trunc(x)": ("np.sign(x) * np.floor(np.abs(x))",),
        "expit": ("gs.GATES['sigmoid'].forward(x)",),
        "log_expit": ("-gs.GATES['softplus'].forward(-x)",),
    }
)  # fmt: skip
"""What to write for a function without a gate: for some, several forms of which one may fit."""

METHODS_OF_ENGINES: Mapping[str, str] = MappingProxyType(
    {name: f"np.{name}(x)" for name in ("exp", "log", "tanh", "sqrt", "sin", "cos")}
    | {"relu": "np.maximum(x, 0)", "sigmoid": "1 / (1 + np.exp(-x))"}
)
"""Methods of the values of small engines, which numbers and arrays lack: what to write instead."""

CHOICES: frozenset[str] = frozenset(
    {
        "np.isfinite", "np.isinf", "np.isnan", "np.signbit", "np.isclose", "np.allclose",
        "np.array_equal",
        "np.array_equiv", "np.any", "np.all", "np.argmax", "np.argmin", "np.nanargmax",
        "np.nanargmin", "np.argsort", "np.argpartition", "np.argwhere", "np.partition",
        "np.nonzero", "np.flatnonzero", "np.count_nonzero", "np.searchsorted", "np.unique",
        "np.isposinf", "np.isneginf", "np.isin",
        "np.digitize", "np.bincount", "np.histogram", "np.lexsort", "np.extract",
        "np.tolist",
    }
)  # fmt: skip
"""Functions that compare numbers, or choose by them."""


BESIDE: frozenset[str] = frozenset(
    {"argmax", "argmin", "argsort", "argpartition", "any", "all", "nonzero", "searchsorted",
     "tolist"}
)  # fmt: skip
"""Methods without a gate whose results may be used beside the result of a function."""


def no_gate(what: str, attempt: Attempt | None = None) -> TraceError:
    """The error for a function, method or operator without a gate."""
    known = what if what in INSTEAD else what.replace("x.", "np.", 1)  # x.var() is np.var(x)
    if known in CHOICES:
        return TraceError("trace_choice", what=what)
    instead = advised(INSTEAD[known], attempt) if known in INSTEAD else None
    if instead:
        return TraceError("trace_instead", what=what, instead=instead)
    return TraceError("trace_function", what=what)


def no_attribute(kind: type, name: str) -> NoAttributeError:
    """The error for what numbers and arrays lack."""
    if name in METHODS_OF_ENGINES:
        instead = METHODS_OF_ENGINES[name]
        return NoAttributeError("trace_method", kind=kind.__name__, name=name, instead=instead)
    return NoAttributeError("trace_attribute", kind=kind.__name__, name=name)


def no_form(what: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> TraceError:
    """The error for a function that has a gate, but not for these arguments."""
    forms, axis = ", ".join(FORMS.get(what, (f"{what}(x)",))), named.get("axis")
    if type(axis) is int:
        forms = forms.replace("axis=0", f"axis={axis}")
    return TraceError("trace_form", what=written(what, args, named), forms=forms)


def written(what: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> str:
    """A call as users write it: arrays as x and y.

    >>> written("np.sum", (), {"axis": (0, 1)})
    'np.sum(axis=(0, 1))'
    """
    letters = iter("xyzuvw")
    parts = [
        _said(arg) if isinstance(arg, int | str | type | None) else next(letters, "...")
        for arg in args
    ]
    parts += [f"{key}={_said(value)}" for key, value in named.items()]
    return f"{what}({', '.join(parts)})"


def _said(value: object) -> str:
    return value.__name__ if type(value) is type else short(value)


def method(name: str) -> Callable[..., Any]:
    """A method as a function of the object and its arguments."""
    return lambda x, *args, **named: getattr(x, name)(*args, **named)


class Refused:
    """A method or attribute without a gate: it is there, but using it in any way is an error."""

    def __init__(self, name: str, plain: Any) -> None:
        self._name, self._plain = name, plain

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise no_gate(f"x.{self._name}")

    def __call__(self, *args: Any, **named: Any) -> NoReturn:
        """Refuse the method, with what gives the same."""
        raise no_gate(f"x.{self._name}", Attempt(method(self._name), (self._plain, *args), named))

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise NoAttributeError("trace_attribute", kind="method", name=name)
        self._refuse()

    __len__ = __iter__ = __getitem__ = __setitem__ = __contains__ = _refuse
    __array__ = __float__ = __int__ = __index__ = __bool__ = __repr__ = __format__ = _refuse
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __neg__ = __abs__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __matmul__ = _refuse
    __truediv__ = __rtruediv__ = __pow__ = __rpow__ = __rmatmul__ = _refuse
    __hash__ = object.__hash__


def no_result(name: str, result: object, place: object) -> TraceError:
    """The error for a function that did not return a traced value."""
    if isinstance(result, dict | list | tuple):
        kind = type(result).__name__
        if place is None:
            return TraceError("trace_result_none", name=name, kind=kind)
        return TraceError("trace_result_many", name=name, kind=kind, place=short(place))
    return TraceError("trace_result", name=name, given=short(result))
