"""The comparison of a recorded graph with its function on plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from ..base.errors import TraceError, reason, short
from ..engine.computational_graph import ComputationalGraph
from ..graph.nodes import Node
from .departure import departure
from .differences import difference, rounding
from .places import locate

Function = Callable[..., Any]


def verify_graph(
    function: Function, graph: ComputationalGraph, plainly: Callable[..., Any],
    record: Callable[[Function], Sequence[Node]], precision: float,
) -> None:  # fmt: skip
    """Compare a graph with its function. Raises TraceError where they differ.

    `plainly` runs a function on fresh copies of the arguments, `record` on traced values; it
    returns the nodes. `precision` is that of the arguments.
    """
    tape, name = graph.forward(), getattr(function, "__name__", "") or short(function)
    returned = _returned(name, function, plainly)
    found = difference(tape.value, returned, precision)
    if found is None or not difference(tape.value, returned, precision, rounding(tape, precision)):
        return
    changed = difference(returned, _returned(name, function, plainly), precision)
    if changed is not None:
        raise TraceError("trace_chance", name=name, first=changed.recorded, second=changed.plain)
    line = getattr(getattr(function, "__code__", None), "co_firstlineno", 1)
    raise departure(function, plainly, record, precision) or TraceError(
        "trace_returned", line=line, function=name, recorded=found.recorded, plain=found.plain
    )


# --- running


def _returned(name: str, function: Function, plainly: Callable[..., Any]) -> Any:
    """What the function returns for plain numbers; NumPy's, where Python's floats have no value."""
    import numpy as np

    try:
        with np.errstate(all="ignore"):
            with suppress(ArithmeticError):
                returned = plainly(function)
                if not isinstance(returned, complex):
                    return returned
            return plainly(function, ieee=True)
    except Exception as error:
        what = f"{type(error).__name__}: {reason(error).rstrip('.')}"
        raised = TraceError("trace_raises", name=name, error=what)
        locate(raised.with_traceback(error.__traceback__))
        raise raised from error
