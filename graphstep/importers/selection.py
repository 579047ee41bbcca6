"""The elements of an array for which a mask of traced numbers holds."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, Self

from ..base.errors import TraceError
from .known import has_traced, is_mask

HARMLESS = 0.5
"""What stands at the other elements while functions run: almost all are smooth there."""


def _operator(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, *others: self._each(function, (self, *others))


def _reflected(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, other: self._each(function, (other, self))


def _refused(*_: object, **__: object) -> NoReturn:
    raise TraceError("trace_selected", what="x[mask]")


class Selected:
    """x[mask] for a mask of traced numbers: how many there are changes with the numbers.

    Functions of single elements run on the whole array, and the mask decides when the result is
    written at x[mask], or summed.
    """

    __array_priority__ = 2000.0
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, full: Any, mask: Any, plain: Any) -> None:
        self._full, self._mask, self._plain = full, mask, plain

    @classmethod
    def of(cls, array: Any, mask: Any) -> Self:
        """The elements of an array. Raises TraceError for any key but a mask of its shape."""
        import numpy as np

        if not is_mask(mask):
            parts = mask if isinstance(mask, tuple) else (mask,)
            raise next(part for part in parts if has_traced(part))._whole("x[y] = z")
        plain = mask._plain
        chosen = array._plain[plain]
        axes = array._plain.ndim - plain.ndim
        mask = mask.reshape((*plain.shape, *(1,) * axes)) if axes else mask
        return cls(np.where(mask, array, HARMLESS), mask, chosen)

    def replaced(self, array: Any, value: Any) -> Any:
        """The array with new values at these elements: one number, or elements of this mask."""
        import numpy as np

        if isinstance(value, Selected):
            self._check(value)
            value = value._full
        elif np.shape(getattr(value, "_plain", value)):
            raise TraceError("trace_selected", what="x[mask] = y")
        return np.where(self._mask, value, array)

    def _check(self, other: Selected) -> None:
        """Raise TraceError for elements of another mask."""
        if not self._mask._journal.is_same(self._mask._index, other._mask._index):
            raise TraceError("trace_selected", what="x[mask1] = y[mask2]")

    def _each(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        """A function of single elements: of these, and of one number for all."""
        import numpy as np

        for arg in args:
            if isinstance(arg, Selected):
                self._check(arg)
            elif np.shape(getattr(arg, "_plain", arg)):
                _refused()
        full, plain = (
            function(*(getattr(arg, name, arg) for arg in args)) for name in ("_full", "_plain")
        )
        return Selected(full, self._mask, plain)

    def __array_ufunc__(self, ufunc: Any, method: str, *args: Any, **options: Any) -> Any:
        if method != "__call__" or options:
            _refused()
        return self._each(ufunc, args)

    def __array_function__(
        self, function: Any, _: object, args: tuple[Any, ...], named: Mapping[str, Any]
    ) -> Any:
        name = getattr(function, "__name__", "")
        if name not in ("sum", "mean", "copy") or len(args) > 1 or named:
            _refused()
        return getattr(self, name)()

    def sum(self) -> Any:
        """The sum of the elements."""
        import numpy as np

        return np.where(self._mask, self._full, 0.0).sum()

    def mean(self) -> Any:
        """The mean of the elements."""
        return self.sum() / self._mask.sum()

    def copy(self) -> Self:
        """The elements, which never change."""
        return self

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)
        _refused()

    def __repr__(self) -> str:
        return repr(self._plain)

    __add__, __sub__, __mul__ = map(_operator, (operator.add, operator.sub, operator.mul))
    __truediv__, __pow__ = map(_operator, (operator.truediv, operator.pow))
    __radd__, __rsub__, __rmul__ = map(_reflected, (operator.add, operator.sub, operator.mul))
    __rtruediv__, __rpow__ = map(_reflected, (operator.truediv, operator.pow))
    __neg__, __abs__ = _operator(operator.neg), _operator(abs)
    __lt__, __le__, __gt__ = map(_operator, (operator.lt, operator.le, operator.gt))
    __ge__ = _operator(operator.ge)
    __len__ = __iter__ = __getitem__ = __setitem__ = __array__ = _refused
    __bool__ = __float__ = __int__ = __contains__ = __matmul__ = __rmatmul__ = _refused
