"""The records a graph is made of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple, TypeVar

from ..base.errors import Span
from ..gates.gate import Gate

Value = float | tuple[Any, ...]  # one number, or an array as nested tuples
Options = tuple[float | None, ...]  # all settings of a gate


class Node(NamedTuple):
    """An input, a constant, or a gate with its inputs in order.

    In `args` an int is the index of a node (a wire), a float a number inside the gate, so that
    `x*x` keeps two wires, `x - y` its order, and `1/x` is a division with one wire. `value` is a
    constant's number or an input's default; of an array, its rows as tuples. `options` are all
    settings of the gate.
    """

    gate: Gate | None
    args: tuple[int | float, ...] = ()
    name: str | None = None
    value: Value | None = None
    constant: bool = False
    span: Span = Span(0, 0)
    options: Options = ()

    @property
    def sources(self) -> tuple[int, ...]:
        """The nodes this one takes, in order, with repetition."""
        return tuple(arg for arg in self.args if isinstance(arg, int))

    def taken(self, values: Any) -> tuple[Any, ...]:
        """What the gate takes: of `values` where a wire enters, else the number inside."""
        return tuple(values[arg] if isinstance(arg, int) else arg for arg in self.args)


Along = TypeVar("Along", bound=tuple[Any, ...])


def on_paths(steps: Sequence[Along], wanted: Collection[int], nodes: int) -> list[Along]:
    """The steps on a path from the wanted nodes to the output, of (source, target, ...) in order.

    What the backward pass has to walk: to reach a node, everything that depends on it.
    """
    needed = [i in wanted for i in range(nodes)]
    for source, target, *_ in steps:
        needed[target] = needed[target] or needed[source]
    return [step for step in steps if needed[step[0]]]


class Wire(NamedTuple):
    """One use of a node's value: the gate `target` takes it as input number `position`."""

    source: int
    target: int
    position: int
