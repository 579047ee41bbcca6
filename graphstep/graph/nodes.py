"""The records of a graph: nodes and wires."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar, cast

from ..base.errors import Span
from ..calculus.shapes import Shape
from ..gates.gate import Gate
from ..gates.rules import Options
from ..language.foreign_names import NUMBERS
from ..language.local_texts import Taken

Value = float | tuple[Any, ...]  # one number, or an array as nested tuples


class Node(NamedTuple):
    """An input, a constant, or a gate with its inputs in order.

    In `args` an int is the index of a node (a wire), a float a number inside the gate, so that
    `x*x` keeps two wires, `x - y` its order, and `1/x` is a division with one wire. `value` is a
    constant's number or an input's default, an array as nested tuples. `options` are all settings
    of the gate. `place` orders nodes while groups are made and opened: where the node stood before
    that; empty where no group has moved any.
    """

    gate: Gate | None
    args: tuple[int | float, ...] = ()
    name: str | None = None
    value: Value | None = None
    constant: bool = False
    span: Span = Span(0, 0)
    options: Options = ()
    place: tuple[int, ...] = ()

    @property
    def known(self) -> bool:
        """Whether it is a constant with a name of its own, such as pi."""
        return self.constant and self.name in NUMBERS

    @property
    def literal(self) -> bool:
        """Whether it is a constant that is written as its number or list."""
        return self.constant and not self.known

    @property
    def sources(self) -> tuple[int, ...]:
        """The nodes that this one takes, in order, with repetition."""
        if float not in map(type, self.args):  # as most have it, and some take thousands
            return cast(tuple[int, ...], self.args)
        return tuple(arg for arg in self.args if isinstance(arg, int))

    def taken(self, values: Any) -> tuple[Any, ...]:
        """The gate's arguments: the value on each wire, or the number inside the gate."""
        if float not in map(type, self.args):
            return tuple(map(values.__getitem__, self.args))
        return tuple(values[arg] if isinstance(arg, int) else arg for arg in self.args)

    def at_work(self, values: Any, out: Any) -> Taken:
        """The gate with what it takes and the output that it gives."""
        assert self.gate is not None  # only gates take something
        return Taken(self.gate, self.args, self.taken(values), out, self.options)


def shape_of(value: Value) -> Shape:
    """The shape of a number, or of an array as nested tuples.

    >>> shape_of(((1.0, 2.0, 3.0), (4.0, 5.0, 6.0)))
    (2, 3)
    """
    return (len(value), *shape_of(value[0])) if isinstance(value, tuple) else ()


def shapes_of(
    args: Iterable[int | float], known: Mapping[int, Shape] | Sequence[Shape]
) -> list[Shape]:
    """The shape of each argument of a gate: that of a node, or of a number inside the gate."""
    return [known[arg] if isinstance(arg, int) else () for arg in args]


Along = TypeVar("Along", bound=tuple[Any, ...])


def on_paths(
    steps: Sequence[Along], wanted: Collection[int], nodes: int, beyond: Collection[int] = ()
) -> list[Along]:
    """The steps (source, target, ...) on a path from the wanted nodes to the output, in order.

    The backward pass has to walk these: to reach a node, it needs all that depends on the node, but
    for what is beyond the output.
    """
    steps = [step for step in steps if step[1] not in beyond] if beyond else steps
    needed = [i in wanted for i in range(nodes)]
    for source, target, *_ in steps:
        needed[target] = needed[target] or needed[source]
    return [step for step in steps if needed[step[0]]]


def spliced(
    parts: Sequence[Node], output: int, given: Mapping[str, int | float],
    add: Callable[[Node, bool], int | float],
) -> int | float:  # fmt: skip
    """The gates of a pattern added to other nodes; where its output is then, or its number.

    `given` has what stands for each input, by name. `add` takes a gate or an array, and whether it
    is the output, and returns its index, or the number that it comes to.
    """
    places: dict[int, int | float] = {}
    for i, part in enumerate(parts):
        if part.gate is not None or isinstance(part.value, tuple):
            args = tuple(places[arg] if isinstance(arg, int) else arg for arg in part.args)
            places[i] = add(part._replace(args=args), i == output)
        else:
            number = part.value if isinstance(part.value, float) else None
            places[i] = given[part.name or ""] if number is None else number
    return places[output]


class Wire(NamedTuple):
    """One use of a node's value: the gate `target` takes it as input number `position`."""

    source: int
    target: int
    position: int
