"""The numeric check: every gradient on a tape against differences, which need only values of gates.

The numeric derivative is the central difference with Richardson extrapolation (Ridders 1982), over
steps scaled to the argument; its own error is estimated, rounding included, so that a gradient is
called wrong only where the difference is precise enough. Errors are measured as in the CS231n
notes, |a - n| / max(|a|, |n|).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from ..base.errors import GateError, GraphstepError
from ..base.signs import minus
from ..base.words import say
from ..calculus.scalar_math import SCALAR, evaluate
from ..calculus.shapes import Misfit
from ..gates.gate import Gate
from ..gates.kinks import distances
from .run import Run

FIRST_STEP = 0.02  # as a part of the argument
TOLERANCE = 1e-6  # relative; a wrong rule is wrong by far more
EXTRAPOLATIONS = 7  # rows of Ridders' table; each one shrinks the step
SHRINK = 1.6
EPSILON = 2.0**-52
TINY = 1e-290  # below it floats lose digits one by one

Signs = tuple[int, ...]
What = tuple[str, str, str, int]  # kind, target, source, position


class Sample(NamedTuple):
    """A value, the side of each kink that it is on, and the largest number it was made of."""

    value: float
    signs: Signs
    scale: float


Probe = Callable[[float], Sample]


class Row(NamedTuple):
    """One compared gradient. `status`: "ok", "wrong", "kink", "undefined" or "unmeasurable"."""

    kind: str  # "wire": a local gradient; "wire_weighted": that of a gate that gives an array,
    # whose elements are weighted by random numbers; "input": the gradient of a whole input;
    # "…_along" a direction: all elements of an array at once
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
        """The gradients that could not be compared: at a kink, not finite, or lost in rounding."""
        return tuple(row for row in self.rows if row.status not in ("ok", "wrong"))

    def __repr__(self) -> str:
        wrong = sum(row.status == "wrong" for row in self.rows)
        return f"<Report: {len(self.rows)} gradients, {wrong} wrong, {len(self.skipped)} skipped>"

    def __str__(self) -> str:
        compared = [row for row in self.rows if row.status in ("ok", "wrong")]
        worst = max((row.error for row in compared), default=0.0)
        key = "wrong" if not self.ok else "ok" if compared else "nothing"
        lines = [say(f"check.{key}", self.lang, count=len(compared), worst=minus(f"{worst:.1e}"))]
        lines += [self._line(row) for row in self.rows if row.status != "ok"]
        return "\n".join(lines)

    def _line(self, row: Row) -> str:
        values = {**row._asdict(), "position": row.position + 1}
        values |= {key: minus(repr(values[key])) for key in ("analytic", "numeric")}
        what = say(f"check.{row.kind}", self.lang, **values)
        return say(f"check.line_{row.status}", self.lang, what=what, **values)


def check_gradients(tape: Run) -> Report:
    """Compare each wire's local gradient and each input's gradient with numeric ones.

    Each element of an array is moved; of a large array some of them, and all along one direction.
    """
    tape = _precise(tape)
    return Report((*_wires(tape), *_inputs(tape)))


def _precise(tape: Run) -> Run:
    """The run in float64 where some input has fewer digits; its rules are the same."""
    coarse = {i: v for i, v in tape.given.items() if getattr(v, "itemsize", 8) < 8}
    return tape.at({i: v.astype(float) for i, v in coarse.items()}) if coarse else tape


def _wires(tape: Run) -> Iterator[Row]:
    graph, values = tape.graph, tape.values
    for w, (source, target, position) in enumerate(graph.wires):
        gate = graph.nodes[target].gate
        assert gate is not None
        args = graph.nodes[target].taken(values)
        what = ("wire", graph.ids[target], graph.ids[source], position)
        if gate.mathematics(args) is SCALAR:
            probe = _gate_probe(gate, args, position)
            yield _compare(*what, tape.local(w), probe, args[position], args)
        elif not graph.takes_labels(graph.wires[w]):
            yield from _array_wire(tape, w, what)


def _array_wire(tape: Run, wire: int, what: What) -> Iterator[Row]:
    from .probes import GateProbe, nudges

    probe = GateProbe(tape, wire)
    source = tape.graph.wires[wire].source
    each = "" if type(probe.weights) is float else "_weighted"
    for nudge in nudges(tape.values[source], probe.gradient):
        yield _compare(
            *_named(what, nudge, each), nudge.claim, _moving(probe, nudge), nudge.at, (nudge.at,)
        )


def _inputs(tape: Run) -> Iterator[Row]:
    graph, values = tape.graph, tape.values
    given = {name: values[i] for name, i in graph.inputs.items()}
    for name, analytic in tape.backward(*graph.inputs).items():
        what = ("input", graph.ids[graph.output], name, 0)
        if all(type(value) is float for value in values):
            yield _compare(*what, analytic, _graph_probe(tape, name), given[name],
                           tuple(given.values()))  # fmt: skip
        elif not graph.holds_labels(graph.inputs[name]):
            yield from _array_input(tape, given, what, analytic)


def _array_input(tape: Run, given: dict[str, Any], what: What, gradient: Any) -> Iterator[Row]:
    from .probes import nudges

    name = what[2]
    sample = _graph_probe(tape, name)
    for nudge in nudges(given[name], gradient):
        yield _compare(
            *_named(what, nudge), nudge.claim, _moving(sample, nudge), nudge.at, (nudge.at,)
        )


def _moving(sample: Callable[[Any], tuple[Any, ...]], nudge: Any) -> Probe:
    """The probe of one number, which puts it in its place in the array."""

    def probe(x: float) -> Sample:
        try:
            return Sample(*sample(nudge.moved(x)))
        except (GraphstepError, Misfit):  # a custom gate outside of its domain
            return Sample(math.nan, (), math.nan)

    return probe


def _named(what: What, nudge: Any, each: str = "") -> What:
    """What is compared, by the kind of nudge and with the element that moves."""
    kind, target, source, position = what
    return kind + ("_along" if nudge.along else each), target, source + nudge.suffix, position


def _gate_probe(gate: Gate, args: tuple[float, ...], position: int) -> Probe:
    def probe(x: float) -> Sample:
        moved = (*args[:position], x, *args[position + 1 :])
        try:
            value = evaluate(gate.apply, *moved)
        except GateError:  # a custom gate outside of its domain
            value = math.nan
        return Sample(value, _signs(gate, moved), abs(value))

    return probe


def _graph_probe(tape: Run, name: str) -> Callable[[Any], Sample]:
    graph, node = tape.graph, tape.graph.inputs[name]
    kinked = [(n.gate, n) for n in graph.nodes if n.gate is not None and n.gate.kinks]

    def probe(x: Any) -> Sample:
        try:
            moved = tape.at({node: x})
        except GraphstepError:
            return Sample(math.nan, (), math.nan)
        values = moved.values
        signs = chain.from_iterable(
            _signs(gate, record.taken(values), record.options) for gate, record in kinked
        )
        return Sample(moved.value, tuple(signs), _size(values))

    return probe


def _size(values: tuple[Any, ...]) -> float:
    if all(type(value) is float for value in values):
        return float(max(map(abs, values)))
    from .probes import largest

    return largest(values)


def _signs(gate: Gate, args: tuple[Any, ...], options: tuple[Any, ...] = ()) -> Signs:
    """The side of each of its kinks that the gate is on: -1, 0 (at the kink) or 1."""
    if gate.mathematics(args) is not SCALAR:
        from .probes import sides

        return sides(gate, args, options)
    return tuple((d > 0) - (d < 0) for d in distances(gate, args))


class Measured(NamedTuple):
    """A numeric slope, an estimate of its error (inf: unknown), and the step it was found with."""

    slope: float
    noise: float
    step: float

    @property
    def doubt(self) -> tuple[float, float]:
        """A key to sort by, the best slope first: the relative error, then the error."""
        known = self.slope and math.isfinite(self.noise)
        return (self.noise / abs(self.slope) if known else math.inf), self.noise


def _compare(
    kind: str, target: str, source: str, position: int, analytic: float,
    probe: Probe, x: float, scales: Sequence[float],
) -> Row:  # fmt: skip
    found, status = _measure(probe, x, max(map(abs, scales)), analytic)
    off = abs(analytic - found.slope)
    size = max(abs(analytic), abs(found.slope))
    error = off / size if size else 0.0
    if status == "ok" and not math.isfinite(analytic):
        # for an input it would only repeat what is reported of the wires on the way
        status, error = ("wrong", math.inf) if kind.startswith("wire") else ("undefined", math.nan)
    elif status == "ok" and error > TOLERANCE and off > 8 * found.noise:
        # rounding of much larger numbers on the way may be all there is
        lost = off * found.step < 8 * EPSILON * probe(x).scale or off < TINY
        status = "unmeasurable" if lost else "wrong"
    elif status == "ok" and found.noise > 1e-2 * size > 0:
        status = "unmeasurable"
    return Row(kind, target, source, position, analytic, found.slope, error, status)


def _measure(probe: Probe, x: float, scale: float, claim: float) -> tuple[Measured, str]:
    """The slope at x, and its status.

    Steps of several sizes are tried: a part of the argument, of 1, of the largest argument, and the
    step that changes the value by a hundredth if the claim is right. They grow; each refines the
    slope if it agrees with the smaller ones, and the first that does not has jumped over a pole or
    over periods.
    """
    best = Measured(math.nan, math.inf, 0.0)
    here = probe(x)
    middle = here.value
    if not math.isfinite(middle):
        return best, "undefined"
    claimed = abs(middle / claim) / 2 if claim and math.isfinite(claim) else math.inf
    steep = min(claimed, abs(x) or 1.0) or 1.0
    blind = FIRST_STEP * steep < _finest(x)  # two sizes of steps have to agree closely
    need = 2 if blind else 1
    rough = _roughness(probe, x, middle)
    for start in sorted(s for s in {abs(x), 1.0, scale, steep} if s and math.isfinite(s)):
        found = _confirmed(probe, x, _inside(probe, x, FIRST_STEP * start, here), rough)
        known = math.isfinite(best.noise)
        near = abs(best.slope - found.slope) <= 1e-3 * abs(best.slope)
        if known and (not _agree(best, found) or (blind and not near)):
            break
        need -= math.isfinite(found.noise)
        best = min(best, found, key=lambda measured: measured.doubt)
        if (best.doubt[0] <= 1e-5 and need <= 0) or not math.isfinite(claim):
            break  # a slope above the largest float looks finite to large steps
    if math.isfinite(best.noise):
        return best, "ok" if need <= 0 else "unmeasurable"
    if 0 in here.signs or _is_kink(probe, x):
        return best, "kink"
    return best, "unmeasurable" if math.isfinite(best.slope) else "undefined"


def _finest(x: float) -> float:
    """The smallest step; with fewer floats in it, it could not be halved evenly."""
    return 2e3 * math.ulp(x)


def _agree(one: Measured, other: Measured) -> bool:
    """Whether two slopes are the same within their errors, both of which have to be known."""
    return abs(one.slope - other.slope) <= 8 * (one.noise + other.noise)


def _roughness(probe: Probe, x: float, middle: float) -> float:
    """The size of rounding in the value: its last bit, or the largest jump next to x."""
    near = [probe(x + k * math.ulp(x)).value for k in (-5, -3, -2, 2, 3, 5)]
    jumps = [abs(value - middle) for value in near if math.isfinite(value)]
    return max([EPSILON * abs(middle), *jumps])


def _confirmed(probe: Probe, x: float, step: float, rough: float) -> Measured:
    """A slope and its error, which is inf where a much smaller step gives another slope."""
    first = _ridders(probe, x, step, rough)
    second = _ridders(probe, x, step / 37.0, rough)
    better = min(first, second, key=lambda measured: measured.noise)
    apart = abs(first.slope - second.slope) if _agree(first, second) else math.inf
    return better._replace(noise=max(better.noise, apart))


def _is_kink(probe: Probe, x: float) -> bool:
    h = 1e-9 * (abs(x) or 1.0)
    return probe(x - h).signs != probe(x + h).signs


def _inside(probe: Probe, x: float, step: float, here: Sample) -> float:
    """The step, or a smaller one, without a kink, end of the domain or spike within it; else 0."""
    largest = 0.0
    for _ in range(60):
        if step < _finest(x):
            break
        below, above = probe(x - step), probe(x + step)
        finite = math.isfinite(below.value) and math.isfinite(above.value)
        if finite and below.signs == above.signs == here.signs:
            largest = largest or step
            bend = abs(above.value + below.value - 2 * here.value)
            if bend <= max(abs(here.value), 10 * abs(above.value - below.value)):
                return step
        step /= 4.0
    return largest  # a minimum of value 0 looks like a spike at every size


def _ridders(probe: Probe, x: float, step: float, rough: float) -> Measured:
    """The extrapolated central difference; its error is inf where no step is possible."""
    best, noise, steepest, first = math.nan, math.inf, 0.0, step
    last: list[float] = []
    for _ in range(EXTRAPOLATIONS if step else 0):
        above, below = x + step, x - step
        if above == below:
            break
        up, down = probe(above), probe(below)
        row = [(up.value - down.value) / (above - below)]
        steepest = max(steepest, abs(row[0]))
        factor = SHRINK**2
        for older in last:
            row.append((factor * row[-1] - older) / (factor - 1))
            factor *= SHRINK**2
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - older)) + 2 * rough / step
            if error < noise:
                best, noise = row[-1], error
        last, step = row, step / SHRINK
    # with slopes this much steeper within the step, no extrapolation can be trusted
    return Measured(best, max(noise, 1e-10 * steepest), first)
