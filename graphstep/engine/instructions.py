"""The records that an engine runs, and the protocol of the engines on floats and on arrays.

Slots are one list: a value for each node, then the numbers inside gates, then whatever else an
engine keeps there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

from ..gates.gate import Gate
from ..graph.graph import Graph

PIECE = 128  # nodes; a pass runs, and becomes code, in pieces of this size

Instruction = TypeVar("Instruction")
Parts = Mapping[range, Sequence[Instruction]]


class GateCall(NamedTuple):
    """A gate: slots[out] = run(*slots)."""

    out: int
    run: Callable[..., Any]
    slots: tuple[int, ...]


class FloatCall(NamedTuple):
    """A gate on floats: slots[out] = run(slots[first], slots[second]).

    For one input `second` is UNARY; for MANY, `first` holds all their slots.
    """

    out: int
    run: Callable[..., float]
    first: Any
    second: int
    gate: Gate
    slots: tuple[int, ...]


UNARY, MANY = -1, -2  # in place of the slot of the second input


class LocalFormula(NamedTuple):
    """A local gradient that takes a formula: slots[slot] = of(SCALAR, out, *inputs)."""

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


class Asked(NamedTuple):
    """The nodes whose gradients are asked for: by name, and as a pass is known by them."""

    named: Mapping[str, int]
    nodes: tuple[int, ...]
    wanted: frozenset[int]

    @classmethod
    def of(cls, named: Mapping[str, int]) -> Asked:
        """Some nodes by name."""
        nodes = tuple(named.values())
        return cls(named, nodes, frozenset(nodes))


def same(upstream: Any) -> Any:
    """The upstream gradient through a local gradient of 1."""
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
        """The number of nodes."""

    @property
    def output(self) -> int:
        """The index of the output."""

    @property
    def instructions(self) -> Sequence[GateCall | FloatCall]:
        """The gates, in the order in which they run."""

    @property
    def one(self) -> Any:
        """The upstream gradient of the output, where it is not given."""

    @property
    def zero(self) -> float | None:
        """The start of the sum of downstream gradients at a node; None: the first one."""

    def steps_to(self, wanted: frozenset[int]) -> list[Any]:
        """The wires from the output to the wanted nodes, the last gate's first."""

    def calls_of(self, calls: Sequence[Any]) -> Sequence[Any]:
        """Some gates as records from which code is written; `run` may be a `Symbol`."""

    def pulls_of(self, steps: Sequence[Any]) -> Sequence[Pull]:
        """The same for wires."""

    def filled(self, inputs: Mapping[int, Any]) -> list[Any]:
        """The slots before a run."""

    def forward(self, slots: list[Any]) -> None:
        """Fill in the value of every gate. Overflow and the like give inf or nan, no error."""

    def backward(self, slots: list[Any], wanted: frozenset[int], seed: Any = None) -> list[Any]:
        """The upstream gradient of every node on a path from the wanted ones.

        It begins with that of the output, `seed`, or with 1.
        """

    def value(self, slot: Any) -> Any:
        """A slot as users see it."""

    def values(self, slots: list[Any]) -> tuple[Any, ...]:
        """The value of every node."""

    def upstreams(self, slots: list[Any], seed: Any = None) -> tuple[Any, ...]:
        """The upstream gradient of every node, in its shape."""

    def gradients(self, slots: list[Any], asked: Asked, seed: Any = None) -> list[Any]:
        """The gradients of some nodes; only what they need is computed."""

    def local(self, slots: list[Any], wire: int) -> Any:
        """The local gradient on a wire, after `upstreams`."""

    def pulled(self, local: Any, upstream: Any) -> Any:
        """The downstream gradient: upstream pulled back through the local one."""


def by_piece(
    nodes: int, instructions: Iterable[Instruction], node_of: Callable[[Instruction], int]
) -> Parts[Instruction]:
    """Instructions by the piece that their nodes are in, the piece of the first one first."""
    parts: dict[int, list[Instruction]] = {}
    for instruction in instructions:
        parts.setdefault(node_of(instruction) // PIECE, []).append(instruction)
    return {range(k * PIECE, min((k + 1) * PIECE, nodes)): parts[k] for k in parts}
