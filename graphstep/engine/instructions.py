"""What an engine runs: records over slots, and what engines on floats and on arrays share.

Slots are one list: a value for each node, then the numbers inside gates, then whatever else an
engine keeps there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

from ..gates.gate import Gate
from ..graph.graph import Graph

PIECE = 128  # nodes; passes run, and become code, in pieces of so many


Item = TypeVar("Item")
Parts = Mapping[range, Sequence[Item]]


class Call(NamedTuple):
    """slots[out] = run(*slots): a gate."""

    out: int
    run: Callable[..., Any]
    slots: tuple[int, ...]


class FloatCall(NamedTuple):
    """slots[out] = run(slots[first], slots[second]); for MANY inputs `first` is all their slots."""

    out: int
    run: Callable[..., float]
    first: Any
    second: int
    gate: Gate
    slots: tuple[int, ...]


UNARY, MANY = -1, -2  # in place of the second argument's slot


class LocalFormula(NamedTuple):
    """slots[slot] = of(SCALAR, out, *inputs): a local gradient that takes a formula."""

    slot: int
    of: Callable[..., float]
    out: int
    inputs: tuple[int, ...]
    position: int


class Pull(NamedTuple):
    """One wire of the backward pass: downstream = run(upstream, *slots).

    Where `formula` is given, it fills the only slot first.
    """

    source: int
    target: int
    run: Callable[..., Any]
    slots: tuple[int, ...] = ()
    position: int = 0
    formula: LocalFormula | None = None


def same(upstream: Any) -> Any:
    """What comes back through a local gradient of 1."""
    return upstream


class Engine(Protocol):
    """A graph made flat, on floats or on arrays of certain shapes."""

    @property
    def graph(self) -> Graph:
        """The graph."""

    @property
    def start(self) -> list[Any]:
        """The slots before the inputs are filled in."""

    @property
    def nodes(self) -> int:
        """How many nodes there are."""

    @property
    def output(self) -> int:
        """The node whose gradient is taken."""

    @property
    def instructions(self) -> Sequence[Call | FloatCall]:
        """The gates, in order."""

    @property
    def zero(self) -> float | None:
        """What the sum of what comes back to a node begins with; None: the first that comes."""

    def steps_to(self, wanted: frozenset[int]) -> list[Any]:
        """The wires from the output to the wanted nodes, the last gate's first."""

    def pulls_of(self, steps: Sequence[Any]) -> Sequence[Pull]:
        """The same wires as code is written from them."""

    def filled(self, inputs: Mapping[int, Any]) -> list[Any]:
        """The slots before a run."""

    def forward(self, slots: list[Any]) -> None:
        """Fill the value of every gate. Overflow and the like give inf or nan, never an error."""

    def backward(self, slots: list[Any], wanted: frozenset[int]) -> list[Any]:
        """The upstream gradient of every node on a path from the wanted ones."""

    def value(self, slot: Any) -> Any:
        """A slot as users see it."""

    def values(self, slots: list[Any]) -> tuple[Any, ...]:
        """The value of every node."""

    def upstreams(self, slots: list[Any]) -> tuple[Any, ...]:
        """The upstream gradient of every node, in its shape."""

    def gradients(self, slots: list[Any], nodes: Sequence[int]) -> list[Any]:
        """The gradients of some nodes; only what they need is worked out."""

    def local(self, slots: list[Any], wire: int) -> Any:
        """The local gradient on a wire, after `upstreams`."""

    def pulled(self, local: Any, upstream: Any) -> Any:
        """The downstream gradient: upstream pulled back through the local one."""


def by_piece(nodes: int, items: Iterable[Item], node_of: Callable[[Item], int]) -> Parts[Item]:
    """Items by the piece that their nodes are in; pieces in the order of their first items."""
    parts: dict[int, list[Item]] = {}
    for item in items:
        parts.setdefault(node_of(item) // PIECE, []).append(item)
    return {range(k * PIECE, min((k + 1) * PIECE, nodes)): parts[k] for k in parts}
