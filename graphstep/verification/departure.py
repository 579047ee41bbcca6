"""The line at which a recording leaves its function: found by running both, line by line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from ..base.errors import TraceError
from ..graph.nodes import Node
from .differences import Difference, difference, largest, text
from .moments import Moment, follow
from .node_values import NodeValues
from .places import locate_line

Function = Callable[..., Any]

MOST_MOMENTS = 100_000  # of a run
MOST_ITEMS = 20  # of a list or dict
MOST_ELEMENTS = 10_000  # of an array that is not traced


def departure(
    function: Function, plainly: Callable[..., Any],
    record: Callable[[Function], Sequence[Node]], precision: float,
) -> TraceError | None:  # fmt: skip
    """The error for the first line after which the two runs differ; None if no line shows it."""
    import numpy as np

    recorded: list[Moment] = []

    def note(moment: Moment) -> bool:
        recorded.append(moment._replace(names=_kept_items(moment.names)))
        return len(recorded) < MOST_MOMENTS

    values = NodeValues(record(partial(follow, note, function)))
    size = largest(map(values.of, range(len(values.nodes))))
    search = _Search(recorded, values, precision, precision**0.75 * size)
    with suppress(ArithmeticError), np.errstate(all="ignore"):
        plainly(partial(follow, search.compare, function))
    return search.found


# --- what local variables hold


class _Node(NamedTuple):
    """A traced value: the node that holds it."""

    node: int


class _Unknown:
    """What is not compared."""


def _kept(value: Any) -> Any:
    """What a local variable holds, so that it does not change any more."""
    import numpy as np

    if hasattr(type(value), "_index"):  # a traced value
        with suppress(TraceError):
            return _Node(value._index)
        return _Unknown
    if isinstance(value, np.ndarray):
        return value.copy() if value.size <= MOST_ELEMENTS else _Unknown
    if isinstance(value, list | tuple):
        return [_kept(item) for item in value[:MOST_ITEMS]]
    if isinstance(value, dict):
        return _kept_items(value)
    return value if isinstance(value, bool | int | float | str | np.generic) else _Unknown


def _kept_items(items: Mapping[Any, Any]) -> dict[Any, Any]:
    return {key: _kept(items[key]) for key in list(items)[:MOST_ITEMS]}


# --- comparing


@dataclass
class _Search:
    """The comparison of a plain run with the recorded one, moment by moment."""

    recorded: Sequence[Moment]
    values: NodeValues
    precision: float
    slack: float
    at: int = 0
    before: Moment | None = None
    found: TraceError | None = None

    def compare(self, moment: Moment) -> bool:
        """Compare the next moment; whether to go on."""
        if self.at < len(self.recorded):
            expected = self.recorded[self.at]
            self.found = self._path(expected, moment) or self._values(expected, moment)
        self.at, self.before = self.at + 1, moment
        return self.found is None and self.at < len(self.recorded)

    def _path(self, expected: Moment, moment: Moment) -> TraceError | None:
        """The error for runs that go on at different lines."""
        if expected[:2] == moment[:2] or self.before is None:
            return None
        return _at_line("trace_path", self.before, recorded=expected.line, plain=moment.line)

    def _values(self, expected: Moment, moment: Moment) -> TraceError | None:
        """The error for a variable, or a returned value, that differs."""
        for name in [name for name in expected.names if name in moment.names]:
            found = self._different(expected.names[name], moment.names[name])
            if found:
                said = {"recorded": found.recorded, "plain": found.plain}
                if not name:
                    return _at_line("trace_returned", moment, **said)
                variable = f"{name}{found.at}"
                return _at_line("trace_value", self.before or moment, variable=variable, **said)
        return None

    def _different(self, kept: Any, plain: Any) -> Difference | None:
        if kept is _Unknown:
            return None
        if isinstance(kept, dict | list):
            return self._different_items(kept, plain)
        if isinstance(kept, str | bool):
            return None if kept == plain else Difference("", text(kept), text(plain))
        value = self.values.of(kept.node) if isinstance(kept, _Node) else kept
        return difference(value, plain, self.precision, self.slack)

    def _different_items(self, kept: Any, plain: Any) -> Difference | None:
        keys = kept if isinstance(kept, dict) else range(len(kept))
        for key in keys:
            with suppress(LookupError, TypeError):
                found = self._different(kept[key], plain[key])
                if found:
                    return found._replace(at=f"[{key!r}]{found.at}")
        return None


def _at_line(key: str, moment: Moment, **values: Any) -> TraceError:
    """The error for a line of the function."""
    error = TraceError(key, line=moment.line, function=moment.code.co_name, **values)
    locate_line(error, moment.code, moment.line, moment.scope)
    return error
