"""Why a number is not finite: where inf and nan begin, and where they come from; as keys."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..calculus.values import is_finite
from ..graph.slots import Slot

if TYPE_CHECKING:
    from ..engine.run import Run, Trouble


def of_trouble(run: Run, trouble: Trouble) -> str:
    """The key of why a number is not finite, though what it is made of is."""
    gate = run.graph.nodes[trouble.node].gate
    if trouble.kind == "tangent":
        return "tangent"
    assert gate is not None or trouble.kind == "upstream"
    if gate is None or trouble.kind == "upstream":
        return "upstream"
    if trouble.kind == "local":
        return "local" if gate.own else _of_local(run, trouble.item)
    taken = run.at_work[trouble.node].values
    if gate.defined is not None and not _all(gate.asked(gate.defined, taken, *taken)):
        return "domain"
    return "inside" if gate.made is not None or math.isnan(trouble.number) else "overflow"


def _all(mask: Any) -> bool:
    return mask if isinstance(mask, bool) else bool(mask.all())


def _of_local(run: Run, wire: int) -> str:
    """The key of why a local gradient is not finite where the value is."""
    _, target, position = run.graph.wires[wire]
    gate, _, taken, _, _ = run.at_work[target]
    if gate.made is not None:
        return "local_inside"
    if gate.edge is None:
        return "local_overflow"
    found = gate.asked(gate.edge, taken, position, *taken)
    keys = {found} if isinstance(found, str) else set(map(str, found.flat))
    return min(keys - {""}, default="local_overflow")


class Carried(NamedTuple):
    """What a step's numbers that are not finite come from, but for those that begin in it."""

    sources: tuple[Slot, ...] = ()
    """Slots of other steps that are not finite."""
    values: tuple[int, ...] = ()
    """Gates whose value is not finite, and so their local gradients."""
    too_large: bool = False
    """Whether a product is beyond the largest float though its factors are finite."""
    indefinite: bool = False
    """Whether a number is nan though none that it comes from is."""


def carried(run: Run, shows: Sequence[Slot]) -> Carried:
    """Where the numbers that a step shows have it from that they are not finite."""
    begin, without = run.trouble_at, run.graph.never_filled
    bad = [s for s in shows if s.kind != "next"
           and not (s in begin or s in without or is_finite(number_at(run, s)))]  # fmt: skip
    causes = {slot: [s for s in _causes(run, slot) if not is_finite(number_at(run, s))]
              for slot in bad}  # fmt: skip
    found = dict.fromkeys(c for slot in bad for c in causes[slot] if c not in shows)
    values = [c.item for slot in bad if slot.kind == "local" for c in causes[slot] if c in begin]
    return Carried(
        tuple(s for s in found if s.kind != "value" or s.item not in values),
        tuple(dict.fromkeys(values)),
        any(not found for found in causes.values()),
        any(_has_nan(run, s) and found and not any(_has_nan(run, c) for c in found)
            for s, found in causes.items() if s.kind != "local"),
    )  # fmt: skip


def number_at(run: Run, slot: Slot) -> Any:
    """The number, array or Jacobian of a slot."""
    if slot.kind == "local":
        return run.local(slot.item)
    if slot.kind == "downstream":
        return run.downstream(slot.item)
    return (run.values if slot.kind == "value" else run.derivatives)[slot.item]


def _has_nan(run: Run, slot: Slot) -> bool:
    value = number_at(run, slot)
    if hasattr(value, "is_finite"):
        return math.isnan(value.bad_number)
    if type(value) is float:
        return math.isnan(value)
    import numpy as np

    return bool(np.isnan(value).any())


def _causes(run: Run, slot: Slot) -> list[Slot]:
    """The slots from which the number of a slot is made."""
    graph = run.graph
    if slot.kind == "value":
        return [Slot("value", source) for source in graph.nodes[slot.item].sources]
    if slot.kind == "tangent":
        wires = graph.wires_in[slot.item]
        tangents = [Slot("tangent", graph.wires[w].source) for w in wires]
        return [*(Slot("local", w) for w in wires), *tangents]
    if slot.kind == "upstream":
        return [Slot("downstream", w) for w in graph.wires_back[slot.item]]
    target = graph.wires[slot.item].target
    if slot.kind == "downstream":
        return [Slot("local", slot.item), Slot("upstream", target)]
    sources = [Slot("value", source) for source in dict.fromkeys(graph.nodes[target].sources)]
    begins = all(is_finite(number_at(run, source)) for source in sources)
    return [Slot("value", target)] if begins else sources
