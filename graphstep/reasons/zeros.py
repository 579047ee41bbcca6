"""Why nothing comes back along a wire: a reason for each element, as keys under `zero.`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ..calculus.values import is_zero
from ..gates.gate import Gate
from ..gates.kinks import everywhere
from .kinks import by_element, gate_of, like

if TYPE_CHECKING:
    from ..engine.run import Run

Mask = Any  # an array of bools, one for each element of a wire's source


class Reason(NamedTuple):
    """A key of the words, and whether it is the reason of some elements only."""

    key: str
    part: bool = False


def of_zero(run: Run, wire: int) -> tuple[Reason, ...]:
    """The reasons why a downstream gradient is 0 in all elements; none if it is not."""
    graph, down = run.graph, run.downstream(wire)
    if graph.takes_labels(graph.wires[wire]):
        return (Reason("labels"),)
    if not is_zero(down):
        return ()
    local, upstream = run.local(wire), run.upstreams[graph.wires[wire].target]
    if is_zero(upstream):
        return (Reason("upstream"),)
    if not isinstance(local, float):
        return _of_elements(run, wire)
    return (Reason("underflow" if local else _of_number(run, wire)),)


def _of_number(run: Run, wire: int) -> str:
    """Why the local gradient between two numbers is 0."""
    gate = gate_of(run, wire)
    if everywhere(run.kinks(wire)) and not gate.ties:
        return _at_kink(gate)
    key = _key(run, wire)
    return key if isinstance(key, str) else str(key.flat[0])


def _at_kink(gate: Gate) -> str:
    return "jump" if gate.jumps else "kink"


def _key(run: Run, wire: int) -> Any:
    """Why local gradients of a gate are 0 if they are, kinks apart: a key, or one per element."""
    _, target, position = run.graph.wires[wire]
    gate, _, taken, _, options = run.at_work[target]
    if not callable(gate.zero):
        return gate.zero or "other"
    return gate.asked(gate.zero, taken, position, *taken, *options)


# --- element by element


def _of_elements(run: Run, wire: int) -> tuple[Reason, ...]:
    """The reasons of all elements, through a Jacobian, of an upstream gradient that is not 0."""
    import numpy as np

    left, keys = np.ones(run.local(wire).columns, dtype=bool), list[str]()
    with np.errstate(all="ignore"):
        for key, mask in _masks(run, wire):
            if key not in keys and np.any(left & mask):
                keys.append(key)
            left = left & ~mask
    return tuple(Reason(key, part=len(keys) > 1) for key in keys)


def _masks(run: Run, wire: int) -> Iterator[tuple[str, Mask]]:
    """Reasons in order: an element has the first one whose mask holds for it."""
    import numpy as np

    from ..calculus.jacobians import irregular

    local = run.local(wire)
    upstream = np.asarray(run.upstreams[run.graph.wires[wire].target])
    weights = irregular(local.rows)
    if by_element(gate_of(run, wire)):
        yield "upstream", ~_reaching(upstream != 0, local.columns)
    flat = local.flat
    yield from ((key, flat & mask) for key, mask in _flat(run, wire))
    yield "apart", local.pull(np.where(upstream != 0, weights, 0.0)) == 0
    yield "cancel", local.pull(upstream * weights) != 0
    yield "underflow", np.True_


def _reaching(mask: Mask, columns: tuple[int, ...]) -> Mask:
    """The elements of an input of this shape that reach an element in a mask of the output."""
    from ..calculus.jacobians import fit

    return fit(mask * 1.0, columns) > 0


def _flat(run: Run, wire: int) -> Iterator[tuple[str, Mask]]:
    """Reasons for a local gradient of 0, with masks of the elements that would have them."""
    import numpy as np

    gate, local = gate_of(run, wire), run.local(wire)
    single = by_element(gate)
    shape = local.rows if single else local.columns

    def reached(mask: Mask) -> Mask:
        mask = like(mask, shape)
        return _reaching(mask, local.columns) if single else mask

    if not gate.ties:
        yield from ((_at_kink(gate), reached(mask)) for mask in run.kinks(wire))
    keys = np.asarray(_key(run, wire))
    for key in sorted(np.unique(keys), key="tiny".__ne__):  # of one element the largest counts
        yield str(key), reached(keys == key)
