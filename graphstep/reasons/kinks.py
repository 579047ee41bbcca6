"""Which elements of an input are at a kink of its gate, and what is used there."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from ..calculus.shapes import Shape
from ..gates.gate import Gate
from ..gates.kinks import Mask, everywhere, somewhere

if TYPE_CHECKING:
    from ..engine.run import Run


def gate_of(run: Run, wire: int) -> Gate:
    """The gate that a wire enters."""
    gate = run.graph.nodes[run.graph.wires[wire].target].gate
    assert gate is not None  # a wire ends at a gate: Graph.check
    return gate


def by_element(gate: Gate) -> bool:
    """Whether each element of an input reaches its own elements of the output only.

    A custom gate may do what it likes.
    """
    return gate.elementwise and not gate.own


def of_kink(run: Run, wire: int) -> str:
    """Which elements of an input are at a kink: "one" for a number, "all", "some", or "".

    With "_jump" where the value jumps. Empty for gates whose inputs share the gradient there: see
    `of_tie`.
    """
    gate = gate_of(run, wire)
    if gate.kinks is None or gate.ties:
        return ""
    masks = run.kinks(wire)
    if not somewhere(masks):
        return ""
    whole = "all" if everywhere(masks) else "some"
    key = "one" if isinstance(run.local(wire), float) else whole
    return f"{key}_jump" if gate.jumps else key


def taken_at_kink(run: Run, wire: int) -> float | None:
    """The derivative that is used at the kinks of a wire; None if there are several."""
    local = run.local(wire)
    if isinstance(local, float):
        return local
    import numpy as np

    mapped = not hasattr(local, "entries")
    shape = local.columns if mapped else local.rows
    mask = np.any([like(mask, shape) for mask in run.kinks(wire)], axis=0)
    if mapped:
        return 0.0 if local.flat[mask].all() else None
    entries = np.broadcast_to(local.entries, local.rows)[mask]
    return float(entries[0]) if np.ptp(entries) == 0 else None


def like(mask: Mask, shape: Shape) -> Mask:
    """A mask as one of this shape: of as many elements, or repeated."""
    import numpy as np

    same = np.size(mask) == prod(shape)
    return np.reshape(mask, shape) if same else np.broadcast_to(mask, shape)
