"""What a reader may not expect.

Terms that cancel up to rounding, inputs that are repeated, a softmax that is taken twice, and rows
where an element of each row may have been meant.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from ..calculus.shapes import broadcast
from ..gates import GATES
from ..graph.slots import Slot
from .troubles import number_at

ROUNDING = 4 * 2.0**-52  # relative to the sum of the sizes of the terms
SUSPECT = 1e-9  # relative to the upstream gradient; only smaller ones are looked at closely
ONE_TERM = frozenset(("identity", "scaled", "diagonal", "permutation", "selection", "part", "zero"))
"""The structures of Jacobians that sum nothing when a gradient is pulled back."""

LABELLED = re.compile(r"\[\s*\w+\s*\]$")
"""An index such as [y]; [y, :] says that rows are meant."""
OF_LOSSES = frozenset(("neg", "log", "log2", "sum", "mean", "mul", "div"))

if TYPE_CHECKING:
    from ..engine.run import Run


def dust(run: Run, slot: Slot) -> float | None:
    """A number that is no more than the rounding of the terms whose sum it is; None if it is."""
    if slot.kind in ("local", "next", "tangent") or slot in run.graph.never_filled:
        return None
    terms = TERMS[slot.kind](run, slot.item)
    return None if terms is None else _least(number_at(run, slot), terms)


def _least(found: Any, terms: Any) -> float | None:
    """The first number that is not 0, but within the rounding of its terms."""
    if type(found) is float and type(terms) is float:
        return found if 0 < abs(found) <= ROUNDING * terms and math.isfinite(terms) else None
    import numpy as np

    found = np.asarray(found)
    size = np.fabs(found)
    mask = (size > 0) & (size <= ROUNDING * np.asarray(terms)) & np.isfinite(terms)
    return float(found[mask].flat[0]) if mask.any() else None


def _of_value(run: Run, node: int) -> Any:
    """The sizes of the terms of a gate that adds."""
    record = run.graph.nodes[node]
    gate = record.gate
    if gate is None or gate.terms is None:
        return None
    taken = run.at_work[node].values
    return gate.asked(gate.terms, taken, *taken, *record.options)


def _of_upstream(run: Run, node: int) -> Any:
    """The sizes of what several wires bring back."""
    sizes = [abs(run.downstream(w)) for w in run.graph.wires_back[node]]
    if len(sizes) < 2 or all(type(size) is float for size in sizes):
        return sum(sizes) if len(sizes) > 1 else None
    import numpy as np

    with np.errstate(over="ignore"):
        return sum(sizes)


def _of_downstream(run: Run, wire: int) -> Any:
    """The size of what is summed on the way back through a Jacobian, roughly.

    With other weights the terms do not cancel; what then comes back is of their size.
    """
    local = run.local(wire)
    if isinstance(local, float) or local.structure in ONE_TERM:
        return None
    import numpy as np

    from ..calculus.jacobians import irregular

    upstream, found = run.upstreams[run.graph.wires[wire].target], run.downstream(wire)
    if not np.any((found != 0) & (np.fabs(found) < SUSPECT * np.max(np.fabs(upstream)))):
        return None
    with np.errstate(all="ignore"):
        return np.fabs(local.pull(np.asarray(upstream * irregular(local.rows))))


TERMS = {"value": _of_value, "upstream": _of_upstream, "downstream": _of_downstream}


def repeated(run: Run, node: int) -> tuple[int, ...]:
    """The inputs of a gate that repeat to a shape which none of them has: 2 and 2x1 to 2x2.

    Of a loss that compares its inputs, all inputs of different shapes, but for single numbers.
    """
    record, values = run.graph.nodes[node], run.values
    gate = record.gate
    if gate is None or gate.own or not (gate.elementwise or gate.pairs):
        return ()
    arrays = [source for source in record.sources if getattr(values[source], "shape", ())]
    found = {values[source].shape for source in arrays}
    if len(found) < 2 or (not gate.pairs and broadcast(*found) in found):
        return ()
    return tuple(dict.fromkeys(arrays))


def softmax_twice(run: Run, node: int) -> int | None:
    """The softmax along the last axis that a softmax loss takes for scores; None if it does not."""
    record = run.graph.nodes[node]
    if record.gate is not GATES["cross_entropy"]:
        return None
    scores = record.sources[0]
    given = run.graph.nodes[scores]
    last = (-1, len(run.shapes[scores]) - 1)
    return scores if given.gate is GATES["softmax"] and given.options[0] in last else None


def rows_of_labels(run: Run, node: int) -> bool:
    """Whether s[y], some rows of s, was perhaps meant as one element of each row, for a loss.

    There is a label for each row, each fits a row too, and only gates of losses follow.
    """
    graph, record = run.graph, run.graph.nodes[node]
    if record.gate is not GATES["take"] or not LABELLED.search(graph.source[slice(*record.span)]):
        return False
    import numpy as np

    s, y = (run.values[source] for source in record.sources)
    if np.ndim(s) != 2 or np.shape(y) != s.shape[:1] or not np.isin(y, range(s.shape[1])).all():
        return False
    while node != graph.output:
        if len(graph.wires_out[node]) != 1:
            return False
        node = graph.wires[graph.wires_out[node][0]].target
        gate = graph.nodes[node].gate
        if gate is None or gate.name not in OF_LOSSES:
            return False
    return True
