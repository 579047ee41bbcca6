"""The numbers beside the recording: what the function would work with if it were not traced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ..base.errors import TraceError, reason, short
from ..gates import Gate
from ..graph.expressions import fill

Plainly = Callable[..., Any]


def worked_out(
    gate: Gate, options: tuple[Any, ...], args: Sequence[Any], plainly: Plainly | None
) -> Any:
    """The value of a gate on plain arguments, by the operation that Python runs, if it is known.

    Where Python's floats raise, as in 1 / 0.0, the value is NumPy's. Raises TraceError where the
    operation fails on these numbers.
    """
    import numpy as np

    function = plainly or partial(_by_gate, gate, options)
    formula = fill(gate, gate.text, gate.named(len(args)), options)
    with np.errstate(all="ignore"):
        try:
            found = _tried(function, args)
            if found is None or isinstance(found, complex):
                found = function(*map(_ieee, args))
        except (TypeError, ValueError, LookupError, ArithmeticError) as error:
            kind, told = type(error).__name__, reason(error).rstrip(".")
            raise TraceError("trace_fails", what=formula, kind=kind, error=told) from error
        if (
            plainly
            and _is_rounded(found)
            and not np.array_equal(_by_gate(gate, options, *args), found)
        ):
            raise TraceError("trace_whole_numbers", what=formula, given=short(found))
    return found


def _is_rounded(found: Any) -> bool:
    """Whether NumPy worked in whole numbers, with their limits."""
    return getattr(getattr(found, "dtype", None), "kind", "") in ("i", "u")


def _tried(function: Plainly, args: Sequence[Any]) -> Any:
    try:
        return function(*args)
    except ArithmeticError:
        return None


def _ieee(value: Any) -> Any:
    import numpy as np

    return np.float64(value) if isinstance(value, int | float) else value


def _by_gate(gate: Gate, options: tuple[Any, ...], *args: Any) -> Any:
    import numpy as np

    given: list[Any] = [np.asarray(arg) for arg in args]
    if gate.elementwise and not any(arg.ndim for arg in given):
        return gate.value([float(arg) for arg in given])
    return np.asarray(gate.value(given, options))[()]


def array_of(plain: Any, *args: Any, **named: Any) -> Any:
    """What a plain value answers where NumPy asks for an array."""
    import numpy as np

    return np.asarray(plain).__array__(*args, **named)
