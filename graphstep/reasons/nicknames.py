"""What a gate does to gradients: its nickname where that is true, and who shares at a tie."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from ..gates.kinks import everywhere, somewhere
from .kinks import gate_of

if TYPE_CHECKING:
    from ..engine.run import Run


def is_tied(run: Run, wire: int) -> bool:
    """Whether an input is equal to others, with which it shares the gradient."""
    return bool(gate_of(run, wire).ties) and somewhere(run.kinks(wire))


def of_tie(run: Run, node: int) -> str:
    """The key of what is said where inputs or elements are equal and share the gradient."""
    gate = run.graph.nodes[node].gate
    if gate is None or not gate.ties:
        return ""
    masks = [mask for of_input in run.kinks_of_gate(node).values() for mask in of_input]
    if not somewhere(masks):
        return ""
    whole = not gate.variadic or everywhere((reduce(or_, masks),))
    return gate.ties if whole else f"{gate.ties}_some"


def of_nickname(run: Run, node: int, wires: tuple[int, ...]) -> str:
    """The key of a gate's nickname, where its sentence is true as it stands; else empty."""
    gate = run.graph.nodes[node].gate
    if gate is None or not gate.nickname or of_tie(run, node):
        return ""
    if gate.elementwise:
        repeated = any(_structure(run, w) == "broadcast" for w in wires)
        each = "_each" if gate.variadic and type(run.values[node]) is not float else ""
        return "" if len(wires) < 2 or repeated else gate.name + each
    if gate.name == "matmul" and not _is_plain_product(run, node):
        return ""
    return gate.name + ("_axis" if _is_along_axis(run, node) else "")


def _structure(run: Run, wire: int) -> str:
    return getattr(run.local(wire), "structure", "")


def _is_plain_product(run: Run, node: int) -> bool:
    """Whether no factor of a matrix product is repeated, which would sum what it gets."""
    return len({run.shapes[source][:-2] for source in run.graph.nodes[node].sources}) == 1


def _is_along_axis(run: Run, node: int) -> bool:
    """Whether a gate that routes does so along one axis of several."""
    record = run.graph.nodes[node]
    assert record.gate is not None
    if not record.gate.ties or record.gate.options[0].name != "axis":
        return False
    return record.options[0] is not None and len(run.shapes[record.sources[0]]) > 1
