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
    chosen: Callable[[Any], Any] = lambda result: result,
) -> None:  # fmt: skip
    """Compare a graph with its function. Raises TraceError where they differ.

    `plainly` runs a function on fresh copies of the arguments, `record` on traced values; it
    returns the nodes. `precision` is that of the arguments; `chosen` gives the output among several
    results.
    """
    tape, name = graph.forward(), getattr(function, "__name__", "") or short(function)
    returned = chosen(_returned(name, function, plainly))
    found = difference(tape.value, returned, precision)
    if found is None or not difference(tape.value, returned, precision, rounding(tape, precision)):
        return
    changed = difference(returned, chosen(_returned(name, function, plainly)), precision)
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
            returned = None
            with suppress(ArithmeticError):
                returned = plainly(function)
            if returned is None or isinstance(returned, complex):
                returned = plainly(function, ieee=True)
        if hasattr(type(returned), "_index"):
            raise TraceError("trace_kept", name=name)
        return returned
    except TraceError as error:  # of a traced value, which only the recording can have left
        raise _placed(TraceError("trace_kept", name=name), error) from error
    except Exception as error:
        what = f"{type(error).__name__}: {reason(error).rstrip('.')}"
        raise _placed(TraceError("trace_raises", name=name, error=what), error) from error


def _placed(error: TraceError, raised: Exception) -> TraceError:
    """An error at the place where another was raised."""
    locate(error.with_traceback(raised.__traceback__))
    return error
