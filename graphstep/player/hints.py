"""Hints for wrong answers in a quiz: which other number a reader has worked out instead.

They differ for a value, a local gradient, a downstream gradient, and the sum of what several wires
bring back. Of an array, each is about one element, at a position of the flattened array.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ..graph.slots import Slot

if TYPE_CHECKING:
    from ..figure.figure import Figure
    from ..forward_mode.tape import ForwardTape

ELEMENTWISE = frozenset(("identity", "scaled", "diagonal"))
"""Structures of Jacobians by which each element of the output hangs on one of the input."""

Slips = Iterator[tuple[str, float | None]]


class Asked(NamedTuple):
    """The number that is asked for: of a slot, and of an array the element at `position`."""

    figure: Figure
    slot: Slot
    position: int | None = None

    @property
    def number(self) -> float:
        """The answer."""
        found = self.at(self.content)
        assert found is not None  # questions are about numbers that are there
        return found

    @property
    def content(self) -> Any:
        """The number, array or Jacobian of the slot."""
        return self.figure.contents[self.slot]

    def at(self, content: Any) -> float | None:
        """A number as it is, or an element of an array of the same shape; None if there is none."""
        if isinstance(content, float):
            return content
        if self.position is None or content.shape != self.content.shape:
            return None
        return float(matrix(content).flat[self.position])

    def beside(self, kind: str, item: int) -> float | None:
        """The number at the same place in another slot."""
        content = self.figure.contents.get(Slot(kind, item))  # labels have no gradient
        return None if content is None else self.at(content)


def matrix(content: Any) -> Any:
    """An array as it is, a Jacobian as the matrix that it is."""
    return content.dense() if hasattr(content, "structure") else content


def slips(asked: Asked) -> Slips:
    """Likely wrong answers, each with the key of its hint; None where there is no such number."""
    yield from SLIPS[asked.slot.kind](asked)
    yield "slip_sign", -asked.number
    if asked.position is not None:
        yield from (("slip_element", float(other)) for other in matrix(asked.content).flat)


def general(asked: Asked) -> str:
    """The key of the hint for any other wrong number."""
    if asked.slot.kind == "downstream":
        local = _factor(asked)
        return "wrong_downstream" if local is not None else "wrong_pulled"
    return f"wrong_{asked.slot.kind}"


def _of_value(asked: Asked) -> Slips:
    """An input, or what another gate would give."""
    node = asked.figure.graph.nodes[asked.slot.item]
    found = map(asked.at, node.taken(asked.figure.tape.values))
    taken = [number for number in found if number is not None]
    yield from (("slip_input", number) for number in taken)
    if len(taken) == 2:
        a, b = taken
        quotients = [x / y for x, y in ((a, b), (b, a)) if y]
        yield from (("slip_gate", other) for other in (a + b, a * b, a - b, b - a, *quotients))


def _of_local(asked: Asked) -> Slips:
    """Another of the numbers at the same gate."""
    wires = asked.figure.graph.wires
    target = wires[asked.slot.item].target
    others = (w for w in asked.figure.graph.wires_in[target] if w != asked.slot.item)
    yield from (("slip_other", asked.beside("local", w)) for w in others)
    yield "slip_not_upstream", asked.beside("upstream", target)
    yield "slip_not_downstream", asked.beside("downstream", asked.slot.item)
    yield "slip_not_value", asked.beside("value", target)


def _of_downstream(asked: Asked) -> Slips:
    """One factor without the other, their sum, or what other wires bring too."""
    graph = asked.figure.graph
    source, target, _ = graph.wires[asked.slot.item]
    local, upstream = _factor(asked), asked.beside("upstream", target)
    if local is not None and upstream is not None:
        yield from (("slip_upstream", local), ("slip_local", upstream),
                    ("slip_added", local + upstream))  # fmt: skip
    if len(graph.wires_back[source]) > 1:
        yield "slip_sum", asked.beside("upstream", source)
    yield "slip_gradient", asked.beside("value", source)


def _factor(asked: Asked) -> float | None:
    """The one local gradient by which the upstream gradient is multiplied; None if it is many."""
    local, position = asked.figure.contents[Slot("local", asked.slot.item)], asked.position
    if isinstance(local, float):
        return local
    if position is None:
        return None
    if not local.rows:
        return float(local.dense().flat[position])
    return float(local.dense()[position, position]) if local.structure in ELEMENTWISE else None


def _of_sum(asked: Asked) -> Slips:
    """A wire alone, all wires but one, or another way to put them together."""
    wires = asked.figure.graph.wires_back[asked.slot.item]
    found = [asked.beside("downstream", w) for w in wires]
    parts = [part for part in found if part is not None]
    yield from (("slip_wire", part) for part in parts)
    if len(parts) > 2:
        yield from (("slip_missing", asked.number - part) for part in parts)
    yield "slip_product", prod(parts)
    yield "slip_mean", asked.number / len(parts)
    yield from (("slip_wire_sign", asked.number - 2 * part) for part in parts)
    yield "slip_gradient", asked.beside("value", asked.slot.item)


def _of_tangent(asked: Asked) -> Slips:
    """What one input adds, a local gradient alone, or the value."""
    tape, node = cast("ForwardTape", asked.figure.tape), asked.slot.item
    for w in tape.carrying(node):
        yield "slip_term", asked.at(tape.pushed(w))
        yield "slip_tangent", asked.beside("local", w)
    yield "slip_not_value", asked.beside("value", node)


def _of_next(asked: Asked) -> Slips:
    """The old value, what is subtracted from it, a step the other way, or without the rate."""
    update, node, new = asked.figure.update, asked.slot.item, asked.number
    old, gradient = asked.beside("value", node), asked.beside("upstream", node)
    assert update is not None  # it gives the number
    assert old is not None  # it has the shape of the new one
    yield from (("slip_same", old), ("slip_uphill", 2 * old - new), ("slip_step", old - new))
    if gradient is not None:
        yield "slip_no_rate", old - gradient


SLIPS: Mapping[str, Callable[[Asked], Slips]] = MappingProxyType(
    {
        "value": _of_value,
        "local": _of_local,
        "downstream": _of_downstream,
        "upstream": _of_sum,
        "next": _of_next,
        "tangent": _of_tangent,
    }
)
"""The likely wrong answers for each kind of slot, besides those that any number has."""
