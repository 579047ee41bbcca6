"""What traced values cannot do: the reason, and what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from ..base.errors import TraceError, short
from .advice import INSTEAD
from .numpy_functions import FORMS
from .trial import Attempt, advised


class NoAttributeError(TraceError, AttributeError):
    """A TraceError that hasattr takes for an answer."""


class StoppedError(TraceError, TypeError):
    """A TraceError for a function that raised TypeError by itself."""


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


def no_gate(what: str, attempt: Attempt | None = None) -> TraceError:
    """The error for a function, method or operator without a gate."""
    known = what if what in INSTEAD else what.replace("x.", "np.", 1)  # x.var() is np.var(x)
    if known in CHOICES:
        return TraceError("trace_choice", what=what)
    instead = advised(INSTEAD[known], attempt) if known in INSTEAD else None
    if instead:
        return TraceError("trace_instead", what=what, instead=instead)
    return TraceError("trace_function", what=what)


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
        _said(arg) if isinstance(arg, int | str | type | None) else next(letters, "...")
        for arg in args
    ]
    parts += [f"{key}={_said(value)}" for key, value in named.items()]
    return f"{what}({', '.join(parts)})"


def _said(value: object) -> str:
    return value.__name__ if type(value) is type else short(value)


class Refused:
    """A method or attribute without a gate: it is there, but using it in any way is an error."""

    def __init__(self, name: str, plain: Any) -> None:
        self._name, self._plain = name, plain

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise no_gate(f"x.{self._name}")

    def __call__(self, *args: Any, **named: Any) -> NoReturn:
        """Refuse the method, with what gives the same."""

        def method(x: Any, *args: Any, **named: Any) -> Any:
            return getattr(x, self._name)(*args, **named)

        raise no_gate(f"x.{self._name}", Attempt(method, (self._plain, *args), named))

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


def no_result(name: str, result: object) -> TraceError:
    """The error for a function that did not return one traced value."""
    if isinstance(result, dict | list | tuple):
        place = next(iter(result), 0) if isinstance(result, dict) else 0
        kind = type(result).__name__
        return TraceError("trace_result_many", name=name, kind=kind, place=short(place))
    return TraceError("trace_result", name=name, given=short(result))
