"""The numeric check: every gradient on a tape against differences, which need only values of gates.

A gradient is called wrong only where the difference is precise enough to show it. Errors are
measured as in the CS231n notes, |a - n| / max(|a|, |n|). Where the slopes on the two sides of a
point differ, every gradient between them is right: it is a subgradient.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.errors import GateError, GraphstepError
from ..base.notebook import shown
from ..base.signs import minus
from ..base.words import say, with_mark
from ..calculus.scalar_math import SCALAR, evaluate
from ..gates.gate import Gate
from ..gates.kinks import distances
from .run import Run
from .slopes import (
    DOUBTS,
    EPSILON,
    PRECISE,
    TINY,
    TOLERANCE,
    Claims,
    Found,
    Probe,
    Sample,
    Sides,
    measure,
)

if TYPE_CHECKING:  # NumPy is only imported where there are arrays
    from .probes import GateProbe

Ends = Callable[[float], tuple[float, float]]
Near = Callable[[], tuple[float, float]]
NOT_FINITE = Sample(math.nan, b"", lambda: math.nan)


class Row(NamedTuple):
    """One compared gradient, with its `status`.

    It is "ok" or "wrong"; "subgradient", right at a kink; or why it was not compared: "kink",
    "jump", "undefined", "infinite" or "unmeasurable".
    """

    kind: str  # "wire": a local gradient; "wire_weighted": that of a gate that gives an array,
    # whose elements are weighted by random numbers; "input": the gradient of a whole input;
    # "…_along" a direction: many elements of an array at once
    target: str  # the gate that the wire enters, or the output
    source: str  # the node that the gradient is with respect to
    position: int  # which input of the gate; 0 for an input's gradient
    analytic: float
    numeric: float  # at a kink, the slope of that side which is nearer to the analytic gradient
    error: float
    status: str
    below: float  # the slopes on the two sides: they differ at a kink only
    above: float


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
        """The gradients that could not be compared, each with its reason as its status."""
        return tuple(row for row in self.rows if row.status not in COMPARED)

    def __repr__(self) -> str:
        wrong = sum(row.status == "wrong" for row in self.rows)
        return f"<Report: {len(self.rows)} gradients, {wrong} wrong, {len(self.skipped)} skipped>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return shown(self)

    def __str__(self) -> str:
        compared = [row for row in self.rows if row.status in COMPARED]
        worst = max((row.error for row in compared), default=0.0)
        key = "wrong" if not self.ok else "ok" if compared else "nothing"
        lines = [
            say(f"check.{key}", self.lang, count=len(compared), worst=self._number(f"{worst:.1e}"))
        ]
        lines += [self._line(row) for row in self.rows if row.status != "ok"]
        return "\n".join(lines)

    def _number(self, text: str) -> str:
        """A number as it is printed in the language of the report."""
        return with_mark(minus(text), self.lang)

    def _line(self, row: Row) -> str:
        values = {**row._asdict(), "position": row.position + 1}
        values |= {key: self._number(repr(values[key])) for key in ("analytic", "numeric")}
        values |= {side: self._number(f"{values[side]:.6g}") for side in ("below", "above")}
        what = say(f"check.{row.kind}", self.lang, **values)
        bent = "_bent" if row.status == "wrong" and row.below != row.above else ""
        return say(f"check.line_{row.status}{bent}", self.lang, what=what, **values)


COMPARED = ("ok", "subgradient", "wrong")


def check_gradients(tape: Run) -> Report:
    """Compare each wire's local gradient and each input's gradient with numeric ones.

    Each element of an array is moved; of a large array some of them, and all along one direction.
    """
    tape = _precise(tape)
    for node in tape.graph.nodes:
        if node.gate is not None:  # a mistake in the kinks of a custom gate is raised here
            _sides(node.gate, node.taken(tape.values), node.options)
    wires = [tuple(_wire(tape, w)) for w in range(len(tape.graph.wires))]
    bends = _reaching(tape, {w for w, rows in enumerate(wires) if not _smooth(rows)})
    rules = Report(tuple(row for rows in wires for row in rows))
    inputs = (row for name in tape.graph.inputs for row in _input(tape, name, bends, rules.ok))
    return Report((*rules.rows, *inputs))


def _precise(tape: Run) -> Run:
    """The run in float64 where some input has fewer digits; its rules are the same."""
    coarse = {i: v for i, v in tape.given.items() if getattr(v, "itemsize", 8) < 8}
    return tape.at({i: v.astype(float) for i, v in coarse.items()}) if coarse else tape


def _smooth(rows: tuple[Row, ...]) -> bool:
    """Whether no row of a wire met a kink or a jump."""
    return not {row.status for row in rows} & {"subgradient", "kink", "jump"}


def _reaching(tape: Run, bent: set[int]) -> frozenset[int]:
    """The nodes on a way to one of these wires: the chain rule gives them no derivative."""
    found: set[int] = set()
    for w, (source, target, _) in reversed([*enumerate(tape.graph.wires)]):
        if w in bent or target in found:
            found.add(source)
    return frozenset(found)


def _wire(tape: Run, wire: int) -> Iterator[Row]:
    graph, (source, target, position) = tape.graph, tape.graph.wires[wire]
    gate = graph.nodes[target].gate
    assert gate is not None
    args = graph.nodes[target].taken(tape.values)
    question = Question("wire", graph.ids[target], graph.ids[source], position)
    if gate.mathematics(args) is SCALAR and type(tape.values[target]) is float:
        probe, scale = _gate_probe(gate, args, position), max(map(abs, args))
        yield question.answered(tape.local(wire), probe, args[position], scale)
    elif not graph.takes_labels(graph.wires[wire]):
        from .probes import GateProbe

        sample = GateProbe(tape, wire)
        weighted = "" if type(sample.weights) is float else "_weighted"
        yield from _elements(
            question, tape.values[source], sample.gradient, sample, None, weighted, sample
        )


def _input(tape: Run, name: str, bends: frozenset[int], locate: bool) -> Iterator[Row]:
    """The rows of an input. Its wrong elements are not located if those of a rule already are."""
    graph, values = tape.graph, tape.values
    node, gradient = graph.inputs[name], tape.backward(name)[name]
    end = tape.outside or graph.ids[graph.output]
    question = Question("input", end, name, 0, node in bends)
    sample, claims = _graph_probe(tape, node), _claims(tape, node, name)
    if all(type(value) is float for value in values):
        scale = max(abs(value) for value in tape.given.values())
        yield question.answered(gradient, sample, values[node], scale, claims)
    elif not graph.holds_labels(node):
        yield from _elements(question, values[node], gradient, sample, claims, locate=locate)


def _elements(
    question: Question, x: Any, gradient: Any, sample: Callable[[Any], Sample],
    claims: Claims | None = None, weighted: str = "", gate: GateProbe | None = None,
    locate: bool = True,
) -> Iterator[Row]:  # fmt: skip
    """The rows of an array: of its elements, and of a large one along a direction, too."""
    from . import probes

    x, gradient = probes.floats(x), probes.floats(gradient)

    def judge(nudge: probes.Nudge) -> Row:
        kind = question.kind + ("_along" if nudge.along else weighted)
        named = question._replace(kind=kind, source=question.source + nudge.suffix)
        many = partial(gate.ends, nudge) if gate and weighted else None
        near = partial(gate.nearby, nudge) if gate else None
        probe = _moving(sample, nudge.moved)
        along = claims and claims.along(nudge.moved, nudge.slope)
        return named.answered(
            nudge.slope(gradient), probe, nudge.at, abs(nudge.at), along, many, near
        )

    yield from map(judge, probes.elements(x))
    if x.size > probes.FEW:
        yield from probes.parts(lambda places: judge(probes.part(x, places)), x, locate=locate)


def _claims(tape: Run, node: int, name: str) -> Claims:
    """What the gradient of an input is claimed to be anywhere."""

    def at(x: Any) -> Any:
        try:
            return tape.at({node: x}).backward(name)[name]
        except GraphstepError:  # a custom gate outside of its domain
            return x * math.nan

    return Claims(at, lambda: EPSILON * max(map(_size_of, tape.values, tape.upstreams)))


def _size_of(value: Any, upstream: Any) -> float:
    """The size of the largest product of a number and its upstream gradient."""
    return _size((value * upstream,))


def _moving(sample: Callable[[Any], Sample], moved: Callable[[float], Any]) -> Probe:
    """The probe of one number, which moves an array."""

    def probe(x: float) -> Sample:
        try:
            return sample(moved(x))
        except GraphstepError:  # a custom gate outside of its domain
            return NOT_FINITE

    return probe


def _gate_probe(gate: Gate, args: tuple[float, ...], position: int) -> Probe:
    def probe(x: float) -> Sample:
        moved = (*args[:position], x, *args[position + 1 :])
        try:
            value = evaluate(gate.apply, *moved)
        except GateError:  # a custom gate outside of its domain
            return NOT_FINITE
        return Sample(value, _sides(gate, moved), lambda: abs(value))

    return probe


def _graph_probe(tape: Run, node: int) -> Callable[[Any], Sample]:
    kinked = [(n.gate, n) for n in tape.graph.nodes if n.gate is not None and n.gate.kinks]

    def probe(x: Any) -> Sample:
        try:
            moved = tape.at({node: x})
        except GraphstepError:
            return NOT_FINITE
        values = moved.values if kinked else ()
        sides = (_sides(gate, record.taken(values), record.options) for gate, record in kinked)
        return Sample(moved.end, b"".join(sides), lambda: _scale(moved))

    return probe


def _scale(tape: Run) -> float:
    """The size of the largest number on a tape, or of those that make up a loss outside."""
    scale = _size(tape.values)
    return scale if tape.arrived is None else max(scale, _size((tape.arrived * tape.value,)))


def _size(values: tuple[Any, ...]) -> float:
    if all(type(value) is float for value in values):
        return float(max(map(abs, values)))
    from .probes import largest

    return largest(values)


def _sides(gate: Gate, args: tuple[Any, ...], options: tuple[Any, ...] = ()) -> Sides:
    """The side of each of its kinks that the gate is on: 0, 1 (at the kink) or 2."""
    if gate.mathematics(args) is not SCALAR:
        from .probes import sides

        return sides(gate, args, options)
    return bytes((d > 0) - (d < 0) + 1 for d in distances(gate, args))


class Question(NamedTuple):
    """What is compared, as in `Row`; `bends`: whether kinks of gates are on the way."""

    kind: str
    target: str
    source: str
    position: int
    bends: bool = False

    def answered(
        self, claim: float, probe: Probe, x: float, scale: float, claims: Claims | None = None,
        many: Ends | None = None, near: Near | None = None,
    ) -> Row:  # fmt: skip
        """The gradient that is claimed at x, compared with the numeric one.

        `claims` are those of a whole graph, `many` gives the ends for a step where the probe is a
        sum of many elements, and `near` those beside the point, for the rule of a gate of arrays.
        """
        # inside one gate; on the way through a graph there may be numbers that have no part in it
        rough = EPSILON / 2 * probe(x).scale() if claims is None else 0.0
        found = measure(probe, x, scale, claim, rough)
        low, high = found.slopes.ends
        side = low if claim - low.slope <= high.slope - claim else high
        off = max(low.slope - claim, claim - high.slope)
        size = max(abs(claim), abs(low.slope), abs(high.slope))
        error = max(0.0, off) / size if size else 0.0
        if not math.isfinite(claim):
            status, error = self._not_finite(found), math.inf
        elif found.status != "slope":
            status = found.status
        elif error > TOLERANCE and off > DOUBTS * side.noise:
            # rounding of much larger numbers on the way may be all there is
            lost = off * side.step < DOUBTS * EPSILON * probe(x).scale() or off < TINY
            lost = lost or bool(claims and not claims.stay_wrong(probe, x, claim, off, side.step))
            status = "unmeasurable" if lost else self._mismatch(claim, found, many, near)
        elif found.slopes.bent:
            status = "subgradient"
        else:
            status = "unmeasurable" if side.noise > 1e-2 * size > 0 else "ok"
        sides = (low, high) if found.slopes.below == low else (high, low)
        numbers = (claim, side.slope, error, *(end.slope for end in sides))
        claim, slope, error, below, above = (number + 0.0 for number in numbers)  # no minus zero
        return Row(*self[:4], claim, slope, error, status, below, above)

    @property
    def _of_rule(self) -> bool:
        """Whether a gate's own rule is asked about; an input's gradient repeats what rules say."""
        return self.kind.startswith("wire")

    def _not_finite(self, found: Found) -> str:
        """The status of a claim that is not finite: wrong if both sides have a slope."""
        sides = found.slopes[1:]
        precise = all(side.noise <= PRECISE * max(1.0, abs(side.slope)) for side in sides)
        if found.status == "slope" and self._of_rule and precise:
            return "wrong"
        return "infinite" if found.status in ("slope", "unmeasurable") else found.status

    def _mismatch(self, claim: float, found: Found, many: Ends | None, near: Near | None) -> str:
        """The status of a claim that is no slope here: wrong, but where there need not be one.

        At the kink of a gate that is on the way, the chain rule says nothing of the whole. Nor do
        sides of which many kinks have a part each, or sides that meet at a declared kink, which
        other inputs may open. A rule that is no slope here may be one beside the point, where
        equal elements are a kink that no gate declares.
        """
        if not self._of_rule:
            return "kink" if found.declared or self.bends else "wrong"
        if found.declared and not found.slopes.bent:
            return "kink"
        if found.slopes.bent and self.kind.endswith("_along"):
            return "kink"
        asked: list[Near] = [near] if near else []
        if many and found.slopes.bent:
            asked.insert(0, partial(many, found.slopes.below.step))
        spans = (ends() for ends in asked)
        return "subgradient" if any(low <= claim <= high for low, high in spans) else "wrong"
