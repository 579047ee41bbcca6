"""Numbers for an exercise: small integers with which values and gradients are short to write.

They are found by trial, and nothing here knows any gate: numbers that make the argument of a root a
square lead to shorter results and so get a lower price. Those that make the argument of an
exponential 0 do, too, and more than all others: most copies refuse that, since it is the same
exercise each time.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.errors import InputError, short
from ..calculus.shapes import Shape, shape_text
from ..gates.kinks import at_kink, somewhere
from ..look.matrices import is_small
from ..look.numbers import decimals

if TYPE_CHECKING:
    from ..engine.computational_graph import ComputationalGraph
    from ..engine.tape import Tape

TRIES, ROUNDS = 240, 12  # in a round; the later ones only where all that was found is hard
CLASS = 30  # readers of a quiz, whose numbers should differ
REACH = 5  # the largest integer, at first
SLACK, SLACK_SHARE = 1.0, 0.1  # how much worse than the best is good enough: copies should differ
PRINTED = 3  # decimals that a sheet shows of a number that ends there
DIGITS = 2  # of a number that cost nothing; each further one costs 1
ROUNDED, FADED = 1.5, 4.0  # price of a number that is printed rounded, and of one hardly printable
COARSE, COARSE_BELOW = 3.0, 0.05  # price of a rounded number of which paper keeps but a digit
LARGE = 100.0  # from here on, a rounded number is hardly printable
HARD = 10.0  # price of such numbers on the way, where gates are written out
ZERO, CANCELLED = 1.0, 100.0  # price of a 0, and of one that makes work on paper vanish
CANCELS = 5  # one copy of so many may have such zeros at the price of others
REPEATED, ONE, SEEN, ALIKE = 2.0, 2.0, 2.0, 3.0  # prices, times the share of the numbers

InputNumbers = dict[str, Any]  # a float, or nested tuples of them, for each input


class _Input(NamedTuple):
    """An input: its shape, the lecture's numbers and, of labels, how many classes they have."""

    name: str
    shape: Shape
    numbers: tuple[float, ...]
    classes: int


class Wanted(NamedTuple):
    """What numbers are for: the gradient of the output, where it is given; whether zeros of gates
    are no fault; the graph written out in simpler gates, in which one computes on paper.
    """

    upstream: object = None
    zeros: bool = False
    written_out: ComputationalGraph | None = None

    def run(self, graph: ComputationalGraph, given: InputNumbers) -> Tape:
        """The run of a graph, with the gradient that is given."""
        tape = graph.forward(given)
        return tape if self.upstream is None else tape.arriving(self.upstream)


ANY = Wanted(zeros=True)


class _Judged(NamedTuple):
    """Numbers of a try, their price, and how many of them are hard to write on the way."""

    price: float
    hard: int
    given: InputNumbers


def friendly(
    graph: ComputationalGraph,
    lecture: Mapping[str, Any],
    key: str,
    taken: Collection[tuple[float, ...]] = (),
    upstream: object = None,
) -> InputNumbers:
    """New numbers for the inputs of a graph, of the same shapes as the lecture's.

    They depend on `key` alone. `taken` are numbers of other copies, as `flat_numbers` returns them,
    which are avoided where possible; `upstream` is the gradient of the output, where it is not 1.
    Of all tries, take the first that is about as good as the best; where no try gives finite
    numbers, take the lecture's.
    """
    inputs = _inputs(graph, lecture)
    zeros = not Random(f"{key}/0").randrange(CANCELS)
    wanted = Wanted(upstream, zeros, _written_out(graph))
    good = _good(graph, inputs, Random(key), len(taken), wanted, taken)
    return next(iter(good), _of_lecture(inputs))


def for_seed(
    graph: ComputationalGraph, lecture: Mapping[str, Any], seed: int, upstream: object = None
) -> InputNumbers:
    """New numbers that depend on a seed alone, as one reader of many gets them.

    They are any of the good ones: the first would be the same few small numbers for many seeds.
    Raises InputError for a seed that is not a whole number from 0 on, and for large
    arrays.
    """
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise InputError("bad_seed", seed=short(seed))
    inputs, random = _inputs(graph, lecture), Random(f"{seed}")
    for part in inputs:
        if not is_small(part.shape or (1,)):
            raise InputError("quiz_arrays", name=part.name, shape=shape_text(part.shape))
    found = _good(graph, inputs, random, CLASS, Wanted(upstream, False, _written_out(graph)))
    return random.choice(found) if found else _of_lecture(inputs)


def _good(
    graph: ComputationalGraph, inputs: Sequence[_Input], random: Random,
    others: int, wanted: Wanted, taken: Collection[tuple[float, ...]] = (),
) -> list[InputNumbers]:  # fmt: skip
    """Of all tries those that are about as good as the best, in order; none if none is finite."""
    refused = {*taken, _joined(part.numbers for part in inputs)}
    judged: list[_Judged] = []
    enough = math.inf
    tries = _tries(inputs, random, others)
    for _ in range(ROUNDS):
        for tried in islice(tries, TRIES):
            given = _named(inputs, tried)
            if flat_numbers(given) in refused:
                continue
            price = _price(graph, inputs, given, enough, wanted)
            hard = _hard_work(given, wanted) if price <= enough else 0
            price += HARD * hard
            if price <= enough:
                judged.append(_Judged(price, hard, given))
                enough = min(enough, SLACK + (1 + SLACK_SHARE) * price)
        judged = [each for each in judged if each.price <= enough]
        if judged and not any(each.hard for each in judged):
            break
    return [each.given for each in judged]


def _of_lecture(inputs: Sequence[_Input]) -> InputNumbers:
    return _named(inputs, [part.numbers for part in inputs])


def flat_numbers(given: InputNumbers) -> tuple[float, ...]:
    """All numbers of some inputs, in one tuple.

    >>> flat_numbers({"x": 2.0, "W": ((1.0, 2.0), (3.0, 4.0))})
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
    """How many classes labels have; 0 for an input that is no label."""
    found = [graph.wires[w] for w in graph.wires_out[node] if graph.takes_labels(graph.wires[w])]
    scores = [graph.nodes[wire.target].args[0] for wire in found]
    return min((tape.shapes[s][-1] for s in scores if isinstance(s, int)), default=0)


# --- tries


def _tries(
    inputs: Sequence[_Input], random: Random, taken: int
) -> Iterator[list[tuple[float, ...]]]:
    """Numbers for all inputs, without end; the more are taken, the larger they get."""
    size = sum(len(part.numbers) for part in inputs) or 1
    further = math.ceil(taken ** (1 / size)) if taken else 0
    for number in count():
        draw, reaches = DRAWS[number % len(DRAWS)], number // len(DRAWS)
        reach = 1 + reaches % (REACH + further)
        yield [
            tuple(
                float(random.randrange(part.classes)) if part.classes else draw(random, reach, old)
                for old in part.numbers
            )
            for part in inputs
        ]


def _free(random: Random, reach: int, _: float) -> float:
    """A random integer that is not 0."""
    return float(random.choice((-1, 1)) * random.randint(1, reach))


def _signed(random: Random, reach: int, old: float) -> float:
    """A random integer of the sign of the lecture's number, so in the domain of most gates."""
    return math.copysign(random.randint(1, reach), old) if old else _free(random, reach, old)


def _near(random: Random, reach: int, old: float) -> float:
    """A random integer near the lecture's number, for domains far from 0."""
    return float(round(old) + random.randint(-reach, reach))


DRAWS = (_signed, _free, _near)


def _named(inputs: Sequence[_Input], numbers: Sequence[tuple[float, ...]]) -> InputNumbers:
    pairs = zip(inputs, numbers, strict=True)
    return {part.name: _shaped(part.shape, iter(found)) for part, found in pairs}


def _shaped(shape: Shape, numbers: Iterator[float]) -> Any:
    if not shape:
        return next(numbers)
    return tuple(_shaped(shape[1:], numbers) for _ in range(shape[0]))


# --- prices


def _price(
    graph: ComputationalGraph, inputs: Sequence[_Input], given: InputNumbers, most: float,
    wanted: Wanted = ANY,
) -> float:  # fmt: skip
    """How much there is to write, and how dull it is; infinite for numbers that cannot be used.

    Beyond `most` the price is not computed to the end. Hard work on the way comes on top.
    """
    tape = wanted.run(graph, given)
    nodes = [i for i in range(len(graph.nodes)) if not graph.holds_labels(i)]
    price = _dullness(inputs, given) + _written(tape.values[i] for i in nodes)
    price += 0.0 if wanted.zeros else CANCELLED * _cancelled(graph, tape)
    if price > most or _at_kink(graph, tape):
        return math.inf
    price += _written(tape.upstreams[i] for i in nodes) + _sameness(tape)
    locals_ = map(tape.local, range(len(graph.wires)))
    return price + _written(local for local in locals_ if type(local) is float)


def _hard_work(given: InputNumbers, wanted: Wanted) -> int:
    """How many numbers are hard to write on the way, where gates are written out."""
    if wanted.written_out is None:
        return 0
    tape = wanted.run(wanted.written_out, given)
    wires = range(len(wanted.written_out.wires))
    return _hard((*tape.values, *map(tape.downstream, wires)))


def _written_out(graph: ComputationalGraph) -> ComputationalGraph | None:
    """The graph with all gates expanded that can be; None if none can.

    What one gate gives may be short, and still need e^-7 on paper, as a softmax loss does.
    """
    made = graph
    while names := {node.gate.name for node in made.nodes if node.gate and node.gate.expansion}:
        for name in sorted(names):
            made = made.expand(name)
    return None if made is graph else made


def _hard(found: Iterable[Any]) -> int:
    """How many numbers keep at most a digit where they are rounded, or are far too large."""
    numbers = (abs(number) for value in found for number in _numbers(value))
    return sum(decimals(size) > PRINTED and not COARSE_BELOW <= size < LARGE for size in numbers)


def _written(found: Iterable[Any]) -> float:
    """The price of writing some values or gradients; infinite if one is not finite."""
    return sum(_length(number) for value in found for number in _numbers(value))


def _cancelled(graph: ComputationalGraph, tape: Tape) -> int:
    """How many numbers are 0 by chance: not constants, labels, or what max and relu cut off."""
    inputs = set(graph.inputs.values())
    found = (
        tape.values[i]
        for i, node in enumerate(graph.nodes)
        if (i in inputs and not graph.holds_labels(i)) or (node.gate and not node.gate.kinks)
    )
    return sum(not number for value in found for number in _numbers(value))


def _at_kink(graph: ComputationalGraph, tape: Tape) -> bool:
    """Whether a gate has no derivative here, as max has none where its arguments are equal."""
    return any(
        somewhere(at_kink(node.gate, node.taken(tape.values), node.options))
        for node in graph.nodes
        if node.gate is not None
    )


def _length(number: float) -> float:
    """The price of writing a number: free up to two digits, with any sign and point; 0 is dull."""
    size = abs(number)
    if not 0 < size < math.inf:
        return math.inf if size else ZERO
    if decimals(size) > PRINTED:
        faded = size < 0.005 or size >= LARGE
        return ROUNDED + (FADED if faded else COARSE if size < COARSE_BELOW else 0.0)
    digits = f"{size:.{PRINTED}f}".rstrip("0").rstrip(".")
    return max(0, len(digits.replace(".", "").lstrip("0")) - DIGITS)


def _sameness(tape: Tape) -> float:
    """The price of gradients that are all the same number, which can be guessed."""
    found = [g for gradient in tape.gradients.values() for g in _numbers(gradient)]
    return ALIKE if len(found) > 1 and len(set(found)) == 1 else 0.0


def _dullness(inputs: Sequence[_Input], given: InputNumbers) -> float:
    """The price of inputs that are equal, 1, or the lecture's."""
    found = [(part, _leaves(given[part.name])) for part in inputs if not part.classes]
    groups = [_joined(new for part, new in found if not part.shape)]
    groups += [new for part, new in found if part.shape]
    pairs = [pair for part, new in found for pair in zip(part.numbers, new, strict=True)]
    seen = sum(old == new for old, new in pairs) / (len(pairs) or 1)
    return sum(map(_repeats, groups)) + SEEN * seen


def _repeats(numbers: Sequence[float]) -> float:
    """The price of equal numbers and ones among numbers that are shown together."""
    repeated = len(numbers) - len(set(numbers))
    ones = sum(abs(number) == 1 for number in numbers)
    return (REPEATED * repeated + ONE * ones) / (len(numbers) or 1)
