"""Numbers for an exercise: small integers with which values and gradients are short to write.

They are found by trying and judging, with no word about any gate: whatever makes the arguments of
an exponential 0, or that of a root a square, has shorter numbers and so is judged better.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from ..calculus.shapes import Shape
from ..gates.kinks import at_kink, somewhere

if TYPE_CHECKING:  # a graph is passed in as a value
    from ..engine.computational_graph import ComputationalGraph
    from ..engine.tape import Tape

TRIES = 240
REACH = 5  # the largest integer, at first
SLACK, SLACK_SHARE = 1.0, 0.1  # how much worse than the best is as good: copies shall differ
DIGITS = 2  # of a number, which cost nothing; each further one costs 1
ROUNDED, FADED = 1.5, 4.0  # for a number that is printed rounded, and one hard to print at all
ZERO = 1.0
REPEATED, ONE, SEEN, ALIKE = 2.0, 2.0, 2.0, 3.0  # by their share of the numbers

Given = dict[str, Any]  # a float, or nested tuples of them, for each input


class _Input(NamedTuple):
    """What is known of an input: its shape and the lecture's numbers; of labels, how many."""

    name: str
    shape: Shape
    numbers: tuple[float, ...]
    classes: int


def friendly(
    graph: ComputationalGraph,
    lecture: Mapping[str, Any],
    key: str,
    taken: Collection[tuple[float, ...]] = (),
) -> Given:
    """Other numbers for the inputs of a graph than the lecture's, of the same shapes.

    They follow from `key` alone. `taken` are numbers, as `flat` gives them, of other copies, which
    are not used again while there are others. Of so many tries the first is taken that is about as
    good as the best; where none gives finite numbers, the lecture's own.
    """
    inputs = _inputs(graph, lecture)
    refused = {*taken, _joined(part.numbers for part in inputs)}
    judged: list[tuple[float, Given]] = []
    enough = math.inf
    for tried in islice(_tries(inputs, Random(key), len(taken)), TRIES):
        given = _named(inputs, tried)
        if flat(given) in refused:
            continue
        price = _price(graph, inputs, given, enough)
        if price <= enough:
            judged.append((price, given))
            enough = min(enough, SLACK + (1 + SLACK_SHARE) * price)
    found = (given for price, given in judged if price <= enough)
    return next(found, _named(inputs, [part.numbers for part in inputs]))


def flat(given: Given) -> tuple[float, ...]:
    """All numbers of some inputs in a row.

    >>> flat({"x": 2.0, "W": ((1.0, 2.0), (3.0, 4.0))})
    (2.0, 1.0, 2.0, 3.0, 4.0)
    """
    return _joined(map(_leaves, given.values()))


def _joined(parts: Iterable[tuple[float, ...]]) -> tuple[float, ...]:
    return tuple(number for part in parts for number in part)


def _leaves(value: Any) -> tuple[float, ...]:
    if isinstance(value, tuple):
        return _joined(map(_leaves, value))
    return (value,)


def _inputs(graph: ComputationalGraph, lecture: Mapping[str, Any]) -> list[_Input]:
    tape = graph.forward(lecture)
    return [
        _Input(name, tape.shapes[i], tuple(_numbers(tape.values[i])), _classes(graph, tape, i))
        for name, i in graph.inputs.items()
    ]


def _numbers(value: Any) -> list[float]:
    """The numbers of a value or a gradient."""
    return [value] if type(value) is float else list(map(float, value.ravel().tolist()))


def _classes(graph: ComputationalGraph, tape: Tape, node: int) -> int:
    """How many classes labels have; 0 for what is no label."""
    found = [graph.wires[w] for w in graph.wires_out[node] if graph.takes_labels(graph.wires[w])]
    scores = [graph.nodes[wire.target].args[0] for wire in found]
    return min((tape.shapes[s][-1] for s in scores if isinstance(s, int)), default=0)


# --- tries


def _tries(
    inputs: Sequence[_Input], random: Random, taken: int
) -> Iterator[list[tuple[float, ...]]]:
    """Numbers for all inputs, without end; where many are taken they reach further."""
    size = sum(len(part.numbers) for part in inputs) or 1
    further = math.ceil(taken ** (1 / size)) if taken else 0
    for number in count():
        way, reaches = WAYS[number % len(WAYS)], number // len(WAYS)
        reach = 1 + reaches % (REACH + further)
        yield [
            tuple(
                float(random.randrange(part.classes)) if part.classes else way(random, reach, old)
                for old in part.numbers
            )
            for part in inputs
        ]


def _free(random: Random, reach: int, _: float) -> float:
    """Any integer but 0."""
    return float(random.choice((-1, 1)) * random.randint(1, reach))


def _signed(random: Random, reach: int, old: float) -> float:
    """One of the lecture's sign, which lies inside of every gate's domain."""
    return math.copysign(random.randint(1, reach), old) if old else _free(random, reach, old)


def _near(random: Random, reach: int, old: float) -> float:
    """One near the lecture's, for a domain that begins far away."""
    return float(round(old) + random.randint(-reach, reach))


WAYS = (_signed, _free, _near)


def _named(inputs: Sequence[_Input], numbers: Sequence[tuple[float, ...]]) -> Given:
    pairs = zip(inputs, numbers, strict=True)
    return {part.name: _shaped(part.shape, iter(found)) for part, found in pairs}


def _shaped(shape: Shape, numbers: Iterator[float]) -> Any:
    if not shape:
        return next(numbers)
    return tuple(_shaped(shape[1:], numbers) for _ in range(shape[0]))


# --- judgement


def _price(graph: ComputationalGraph, inputs: Sequence[_Input], given: Given, most: float) -> float:
    """How much there is to write, and how dull it is; infinite for what cannot be asked.

    What has passed `most` is not judged to its end.
    """
    tape = graph.forward(given)
    nodes = [i for i in range(len(graph.nodes)) if not graph.holds_labels(i)]
    price = _dullness(inputs, given) + _written(tape.values[i] for i in nodes)
    if price > most or _at_kink(graph, tape):
        return math.inf
    price += _written(tape.upstreams[i] for i in nodes) + _sameness(tape)
    locals_ = map(tape.local, range(len(graph.wires)))
    return price + _written(local for local in locals_ if type(local) is float)


def _written(found: Iterable[Any]) -> float:
    """What there is to write of some values or gradients; infinite if one is not finite."""
    return sum(_length(number) for value in found for number in _numbers(value))


def _at_kink(graph: ComputationalGraph, tape: Tape) -> bool:
    """Whether a gate is where it has no derivative, such as a tie of max."""
    return any(
        somewhere(at_kink(node.gate, node.taken(tape.values), node.options))
        for node in graph.nodes
        if node.gate is not None
    )


def _length(number: float) -> float:
    """What there is to write of a number beyond a sign, a point and two digits; 0 teaches least."""
    size = abs(number)
    if not 0 < size < math.inf:
        return math.inf if size else ZERO
    if not math.isclose(size, round(size, 2), rel_tol=1e-12):
        return ROUNDED + (FADED if size < 0.005 or size >= 100 else 0.0)
    digits = f"{size:.2f}".rstrip("0").rstrip(".") if size % 1 else f"{size:.0f}"
    return max(0, len(digits.replace(".", "").lstrip("0")) - DIGITS)


def _sameness(tape: Tape) -> float:
    """Gradients that are all the same number can be guessed."""
    found = [g for gradient in tape.gradients.values() for g in _numbers(gradient)]
    return ALIKE if len(found) > 1 and len(set(found)) == 1 else 0.0


def _dullness(inputs: Sequence[_Input], given: Given) -> float:
    """Inputs that are the same, 1, or the lecture's."""
    found = [(part, _leaves(given[part.name])) for part in inputs if not part.classes]
    groups = [_joined(new for part, new in found if not part.shape)]
    groups += [new for part, new in found if part.shape]
    pairs = [pair for part, new in found for pair in zip(part.numbers, new, strict=True)]
    seen = sum(old == new for old, new in pairs) / (len(pairs) or 1)
    return sum(map(_repeats, groups)) + SEEN * seen


def _repeats(numbers: Sequence[float]) -> float:
    """Of numbers that stand side by side."""
    repeated = len(numbers) - len(set(numbers))
    ones = sum(abs(number) == 1 for number in numbers)
    return (REPEATED * repeated + ONE * ones) / (len(numbers) or 1)
