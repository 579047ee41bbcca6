"""The numeric check: every gradient on a tape against differences, by values of the gates alone.

The numeric derivative is the central difference with Richardson extrapolation (Ridders 1982), over
steps scaled to the argument; its own error is estimated, rounding included, so that a gradient is
called wrong only where the difference can tell. The measure is that of the CS231n notes,
|a - n| / max(|a|, |n|).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from .gates import Gate, evaluate
from .words import say

if TYPE_CHECKING:  # a tape is passed in as a value: this room stands below it
    from .tape import Tape

TOLERANCE = 1e-6  # relative; a rule that is wrong is wrong by far more
ROWS = 7  # of the extrapolation; each one shrinks the step
SHRINK = 1.6
EPSILON = 2.0**-52

Signs = tuple[int, ...]
Probe = Callable[[float], tuple[float, Signs]]  # a value, and on which side of each kink it is


class Row(NamedTuple):
    """One compared gradient. `status`: "ok", "wrong", "kink", "undefined" or "unmeasurable"."""

    kind: str  # "wire": a local gradient; "input": the gradient of a whole input
    target: str  # the gate that the wire enters, or the output
    source: str  # the node that the gradient is with respect to
    position: int  # which input of the gate; 0 for an input's gradient
    analytic: float
    numeric: float
    error: float
    status: str


class Report(NamedTuple):
    """All compared gradients: those of wires in the graph's order, then those of inputs."""

    rows: tuple[Row, ...]
    lang: str = "en"

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.first is None

    @property
    def first(self) -> Row | None:
        """The first wrong gradient: a wire's rule before the inputs that it spoils."""
        return next((row for row in self.rows if row.status == "wrong"), None)

    @property
    def skipped(self) -> tuple[Row, ...]:
        """What could not be compared: at a kink, not finite, or lost in rounding."""
        return tuple(row for row in self.rows if row.status not in ("ok", "wrong"))

    def __str__(self) -> str:
        compared = [row for row in self.rows if row.status in ("ok", "wrong")]
        worst = max((row.error for row in compared), default=0.0)
        key = "ok" if self.ok else "wrong"
        lines = [say(f"check.{key}", self.lang, count=len(compared), worst=f"{worst:.1e}")]
        lines += [self._line(row) for row in self.rows if row.status != "ok"]
        return "\n".join(lines)

    def _line(self, row: Row) -> str:
        values = {**row._asdict(), "position": row.position + 1}
        what = say(f"check.{row.kind}", self.lang, **values)
        return say(f"check.line_{row.status}", self.lang, what=what, **values)


def check(tape: Tape) -> Report:
    """Compare each wire's local gradient and each input's gradient with numeric ones."""
    return Report((*_wires(tape), *_inputs(tape)))


def _wires(tape: Tape) -> Iterator[Row]:
    graph, values = tape.graph, tape.values
    for w, (source, target, position) in enumerate(graph.wires):
        gate = graph.nodes[target].gate
        assert gate is not None
        args = tuple(values[a] if isinstance(a, int) else a for a in graph.nodes[target].args)
        probe = _gate_probe(gate, args, position)
        yield _compare("wire", graph.ids[target], graph.ids[source], position, tape.local(w),
                       probe, args[position], args)  # fmt: skip


def _inputs(tape: Tape) -> Iterator[Row]:
    graph, values = tape.graph, tape.values
    given = {name: values[i] for name, i in graph.inputs.items()}
    for name, analytic in tape.gradients.items():
        probe = _graph_probe(tape, given, name)
        yield _compare("input", graph.ids[graph.output], name, 0, analytic,
                       probe, given[name], tuple(given.values()))  # fmt: skip


def _gate_probe(gate: Gate, args: tuple[float, ...], position: int) -> Probe:
    def probe(x: float) -> tuple[float, Signs]:
        moved = (*args[:position], x, *args[position + 1 :])
        return evaluate(gate.apply, *moved), _signs(gate, moved)

    return probe


def _graph_probe(tape: Tape, given: dict[str, float], name: str) -> Probe:
    graph = tape.graph
    kinked = [(n.gate, n.args) for n in graph.nodes if n.gate is not None and n.gate.kinks]

    def probe(x: float) -> tuple[float, Signs]:
        moved = graph.forward({**given, name: x})
        values = moved.values
        signs: list[int] = []
        for gate, args in kinked:
            signs += _signs(gate, tuple(values[a] if isinstance(a, int) else a for a in args))
        return moved.value, tuple(signs)

    return probe


def _signs(gate: Gate, args: tuple[float, ...]) -> Signs:
    """On which side of each of its kinks the gate is: -1, 0 (on it) or 1."""
    distances = gate.kinks(*args) if gate.kinks else ()
    return tuple((d > 0) - (d < 0) for d in distances)


def _compare(
    kind: str, target: str, source: str, position: int, analytic: float,
    probe: Probe, x: float, scales: Sequence[float],
) -> Row:  # fmt: skip
    numeric, noise, status = _difference(probe, x, scales)
    if status == "ok" and not math.isfinite(analytic):
        status = "undefined"
    off = abs(analytic - numeric)
    size = max(abs(analytic), abs(numeric))
    error = off / size if size else 0.0
    if status == "ok" and error > TOLERANCE and off > 8 * noise:
        status = "wrong"
    elif status == "ok" and size and noise > 1e-2 * size:
        status = "unmeasurable"
    return Row(kind, target, source, position, analytic, numeric, error, status)


def _difference(probe: Probe, x: float, scales: Sequence[float]) -> tuple[float, float, str]:
    """A derivative, an estimate of its error, and whether there is one.

    The first step is a part of the argument, then of 1 and of the other arguments (a small x
    beside a large y drowns in rounding otherwise); the one with the smallest error is taken.
    """
    middle, here = probe(x)
    if not math.isfinite(middle):
        return math.nan, math.nan, "undefined"
    starts = {abs(s) for s in (x, 1.0, *scales) if s} | {1e-3}
    found = [_ridders(probe, x, _inside(probe, x, 0.02 * start, here)) for start in starts]
    numeric, noise = min(found, key=lambda pair: pair[1])
    if not math.isfinite(noise):
        return math.nan, math.nan, "kink" if 0 in here or _is_kink(probe, x) else "undefined"
    return numeric, noise, "ok"


def _is_kink(probe: Probe, x: float) -> bool:
    h = 1e-9 * (abs(x) or 1.0)
    return probe(x - h)[1] != probe(x + h)[1]


def _inside(probe: Probe, x: float, step: float, here: Signs) -> float:
    """The step, or a smaller one, so that no kink or end of the domain lies within it; else 0."""
    for _ in range(30):
        if x + step == x:
            break
        below, above = probe(x - step), probe(x + step)
        finite = math.isfinite(below[0]) and math.isfinite(above[0])
        if finite and below[1] == above[1] == here:
            return step
        step /= 4.0
    return 0.0


def _ridders(probe: Probe, x: float, step: float) -> tuple[float, float]:
    """Extrapolated central difference and its error, inf where no step is possible."""
    best, noise = math.nan, math.inf
    if not step:
        return best, noise
    last: list[float] = []
    steepest = 0.0
    for _ in range(ROWS):
        above, below = x + step, x - step
        if above == below:
            break
        up, down = probe(above)[0], probe(below)[0]
        rounding = 2 * EPSILON * max(abs(up), abs(down)) / step
        row = [(up - down) / (above - below)]
        steepest = max(steepest, abs(row[0]))
        factor = SHRINK**2
        for older in last:
            row.append((factor * row[-1] - older) / (factor - 1))
            factor *= SHRINK**2
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - older)) + rounding
            if error < noise:
                best, noise = row[-1], error
        last, step = row, step / SHRINK
    # beside slopes this much steeper within the step, no extrapolation can be trusted
    return best, max(noise, 1e-10 * steepest)
