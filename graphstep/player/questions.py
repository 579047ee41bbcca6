"""The questions of a quiz: what each frame asks for, and which answers are right.

A question is about a number, about the shape of an array, or about one element of a small array.
Sentences and hints are keys of the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, floor, isfinite, log10
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.errors import GraphError
from ..base.signs import typed
from ..calculus.shapes import Shape
from ..explain.steps import Step
from ..graph.slots import FORWARD, Slot
from ..look.matrices import is_small
from ..reasons.notices import dust
from ..updates.printing import weights
from .hints import Asked, general, matrix, slips

if TYPE_CHECKING:
    from ..figure.figure import Figure

MOST_GATES = 100  # in a figure with questions, terms of sums, and a static picture
RELATIVE, HALF_AT_MOST = 0.01, 0.05  # parts of a number by which an answer may be off
SIGN = 4.0  # from the middle of the question mark down to its baseline
LAST_BITS = 1e-9  # the same where nothing is rounded
PREFIXES = ("ask_", "wrong_", "slip_")  # of keys that only questions need


OF_KNOWN_SHAPE = ("upstream", "next", "tangent")
"""Kinds of slots whose arrays have the shape of the value that they belong to."""


class Slip(NamedTuple):
    """A likely wrong answer, with its own tolerance, and the key of its hint."""

    hint: str
    answer: float | Shape
    tolerance: float = 0.0


class Question(NamedTuple):
    """A question: when it comes, what it is about, its answers, and what it hides.

    `position` is that of an element in the flattened array. `hides` are the slots that show the
    answer; the first of them is marked in the figure.
    """

    frame: int
    slot: Slot
    ask: str
    answer: float | Shape
    tolerance: float
    slips: tuple[Slip, ...]
    wrong: str
    hides: tuple[Slot, ...]
    position: int | None = None


def can_be_followed(figure: Figure) -> bool:
    """Whether the figure is small enough for a person to go through all of it."""
    return len(figure.graph.gates) <= MOST_GATES


def check(figure: Figure) -> None:
    """Raise an error, with what to do instead, for a figure about which nothing can be asked.

    It is a GraphError, or for a figure without numbers an InputError.
    """
    figure.tape.check_numbers()
    if not can_be_followed(figure):
        raise GraphError("quiz_large", count=len(figure.graph.gates), most=MOST_GATES)
    if next(questions(figure), None) is not None:
        return
    for slots in (_asked(figure, step) for step in figure.steps):
        if slots:
            raise GraphError("quiz_not_finite")
    raise GraphError("quiz_nothing")


def questions(figure: Figure) -> Iterator[Question]:
    """The questions in the order in which they are asked; none for a large one, or of symbols.

    Of a gate's inputs the last comes first, as in captions.
    """
    if can_be_followed(figure) and figure.tape.numeric:
        for k, step in enumerate(figure.steps):
            for slot in _asked(figure, step):
                yield from _about(figure, k, slot)


def _asked(figure: Figure, step: Step) -> list[Slot]:
    """The slots that a step can ask for: what it says of its wires, or of its node."""
    graph, node = figure.graph, step.node
    gate_value = Slot("value", node)
    if figure.tape.mode is FORWARD:
        return _asked_ahead(step)
    if step.shows == (gate_value,) and graph.nodes[node].gate and not graph.holds_labels(node):
        return [gate_value]
    if step.shows == (Slot("next", node),):
        return [*step.shows]
    wires = step.in_order(graph)
    found = [Slot("downstream", w) for w in wires]
    if not set(found) & set(step.shows):
        found = [Slot("local", w) for w in wires]
    if len(graph.wires_back[node]) > 1:
        found.append(Slot("upstream", node))
    return [slot for slot in found if slot in step.shows]


def _asked_ahead(step: Step) -> list[Slot]:
    """The same in forward mode: the value of a gate, and its tangent."""
    found = [Slot("value", step.node), Slot("tangent", step.node)]
    return [slot for slot in found if step.kind == "push" and slot in step.shows]


def _about(figure: Figure, k: int, slot: Slot) -> Iterator[Question]:
    """The questions about a slot: its number, or else its shape and one of its elements."""
    content = figure.contents[slot]
    if isinstance(content, float):
        if isfinite(content):
            yield _of_number(figure, k, Asked(figure, slot))
        return
    if slot.kind not in OF_KNOWN_SHAPE:
        yield _of_shape(figure, k, slot)
    position = _element(k, slot, content)
    if position is not None:
        yield _of_number(figure, k, Asked(figure, slot, position))


def _element(k: int, slot: Slot, content: Any) -> int | None:
    """The position of the element to ask for: not always the same, and not 0 if possible."""
    if not is_small(content.shape):
        return None
    numbers = [float(number) for number in matrix(content).flat]
    finite = [i for i, number in enumerate(numbers) if isfinite(number)]
    found = [i for i in finite if numbers[i]] or finite
    return found[(k + slot.item) % len(found)] if found else None


def _hidden(figure: Figure, k: int, slot: Slot) -> tuple[Slot, ...]:
    """The slots of a frame that show the answer, first the one that is drawn."""
    if slot.kind == "tangent":
        wires = figure.steps[k].wires(figure.graph)
        locals_ = (Slot("local", w) for w in wires)
        return (slot, *(s for s in locals_ if s in figure.steps[k].shows))
    if slot.kind != "downstream":
        return (slot,)
    source = figure.graph.wires[slot.item].source
    own: tuple[Slot, ...] = (slot,)
    if len(figure.graph.wires_back[source]) == 1:
        own = (Slot("upstream", source), slot)
    return tuple(s for s in (*own, Slot("local", slot.item)) if s in figure.steps[k].shows)


# --- shapes


def _of_shape(figure: Figure, k: int, slot: Slot) -> Question:
    shape = figure.contents[slot].shape
    found = [Slip(*slip) for slip in _shape_slips(figure, slot) if slip[1] != shape]
    return Question(k, slot, f"ask_{slot.kind}_shape", shape, 0.0, tuple(found),
                    f"wrong_{slot.kind}_shape", _hidden(figure, k, slot))  # fmt: skip


def _shape_slips(figure: Figure, slot: Slot) -> Iterator[tuple[str, Shape]]:
    yield "slip_turned", figure.contents[slot].shape[::-1]
    if slot.kind == "downstream":
        yield "slip_shape_upstream", figure.tape.shapes[figure.graph.wires[slot.item].target]


# --- numbers


def _of_number(figure: Figure, k: int, asked: Asked) -> Question:
    slot, number = asked.slot, asked.number
    ask = f"ask_{slot.kind}" if asked.position is None else f"ask_{slot.kind}_element"
    tolerance = _tolerance(figure, number)
    if slot.kind == "next":
        tolerance = _of_change(asked, tolerance)
    if dust(figure.tape, slot) == number:
        tolerance = abs(number)  # the exact number may be 0, which is right too
    return Question(k, slot, ask, number, tolerance, _slips(asked, tolerance), general(asked),
                    _hidden(figure, k, slot), asked.position)  # fmt: skip


def _slips(asked: Asked, tolerance: float) -> tuple[Slip, ...]:
    """The likely wrong answers that can be told from the right one, each number once."""
    found: dict[float, Slip] = {}
    for hint, number in slips(asked):
        if number is not None and isfinite(number):
            near = _tolerance(asked.figure, number)
            if abs(number - asked.number) > tolerance + near:
                found.setdefault(number, Slip(hint, number, near))
    return tuple(found.values())


def _of_change(asked: Asked, usual: float) -> float:
    """How far a new value may be off: less than half of its way from the old one."""
    old = asked.beside("value", asked.slot.item)
    assert old is not None  # it has the shape of the new one
    numbers = weights(asked.figure.numbers, old, asked.number)._replace(mark=".")
    printed = abs(asked.number - float(typed(numbers(asked.number))))
    return max(min(usual, abs(asked.number - old) / 4), 1.0001 * printed)


def _tolerance(figure: Figure, number: float) -> float:
    """How far an answer may be from a number; as it is printed is always near enough.

    Exactly 0 is only 0, and a whole number among whole numbers only itself. Of others, students
    round what they work with: half of the last decimal, but no more than 5 % of the number,
    and 1 % for what is rounded before.
    """
    digits = figure.numbers.digits
    printed = abs(number - float(typed(figure.numbers._replace(mark=".")(number))))
    if number == 0 or (digits == 0 and number == round(number)):
        return max(LAST_BITS * abs(number), 1.0001 * printed)
    half = min(0.5 * 10.0 ** -max(digits, 1), HALF_AT_MOST * abs(number))
    return max(half + RELATIVE * abs(number), 1.0001 * printed)


# --- as data


class Row(NamedTuple):
    """A question as the player reads it, in `newQuestions`. The slots are numbers.

    Of an element, `of_array` is its index and its position; of a shape, the middle of the array.
    """

    k: int
    ask: str
    node: int
    gate: int
    answer: Any
    near: float
    slips: Sequence[tuple[str, Any, float]]
    wrong: str
    hides: Sequence[int]
    of_array: tuple[Any, Any] | None


def data(figure: Figure, order: dict[Slot, int]) -> list[Row]:
    """The questions, ready for JSON; slots are numbers by `order`."""
    return [_row(figure, question, order) for question in questions(figure)]


def _row(figure: Figure, question: Question, order: dict[Slot, int]) -> Row:
    node, gate = _nodes(figure, question.slot)
    slips = [(hint, _near(answer, near), _rough(near)) for hint, answer, near in question.slips]
    found: tuple[Any, Any] | None = None
    if question.position is not None:
        shape = figure.contents[question.slot].shape
        found = _index(shape, question.position), question.position
    elif not isinstance(question.answer, float):
        found = _middle(figure, question.hides[0])
    return Row(question.frame, question.ask, node, gate, _steady(question.answer),
               _rough(question.tolerance), slips, question.wrong,
               [order[slot] for slot in question.hides], found)  # fmt: skip


def _steady(value: Any) -> Any:
    """A number without its last bits, which differ between machines; anything else as it is."""
    if not isinstance(value, float):
        return value
    found = float(f"{value:.12g}")
    return int(found) if found.is_integer() else found


def _near(value: Any, tolerance: float) -> Any:
    """A number with as many digits as its tolerance wants; anything else as it is.

    >>> _near(-0.534446645389, 0.0103), _near(1 / 3, 1e-9), _near((2, 3), 0.0)
    (-0.53445, 0.333333333333, (2, 3))
    """
    if not isinstance(value, float) or not tolerance:
        return _steady(value)
    return _steady(round(value, 3 - floor(log10(tolerance))))


def _rough(tolerance: float) -> float:
    """A tolerance with four digits, rounded up.

    >>> _rough(0.0103444), _rough(0.0), _rough(0.25), _rough(1e-322)
    (0.01035, 0.0, 0.25, 1e-322)
    """
    step = 10.0 ** (floor(log10(tolerance)) - 3) if tolerance else 0.0
    if not step:  # the least floats have no four digits
        return tolerance
    return float(f"{ceil(tolerance / step) * step:.4g}")


def words(found: Sequence[Row]) -> set[str]:
    """The keys of the sentences that some questions, as data, can lead to."""
    needed = {hint for question in found for hint, *_ in question.slips}
    shapes = any(isinstance(each.answer, tuple) for each in found)
    of_shapes = ("slip_no_shape", "slip_axes") if shapes else ()
    return needed.union(of_shapes, *((each.ask, each.wrong) for each in found))


def short(row: Row, keys: Sequence[str]) -> list[Any]:
    """A question as a list, in which keys are their places, and nothing stands for no array."""
    slips = [(keys.index(hint), *rest) for hint, *rest in row.slips]
    changed = {"ask": keys.index(row.ask), "slips": slips, "wrong": keys.index(row.wrong)}
    found = [changed.get(name, value) for name, value in row._asdict().items()]
    return found if row.of_array else found[:-1]


def _nodes(figure: Figure, slot: Slot) -> tuple[int, int]:
    """The node that a question names, and the gate that it names."""
    if slot.of_node:
        return slot.item, slot.item
    source, target, _ = figure.graph.wires[slot.item]
    return source, target


def _index(shape: Sequence[int], position: int) -> str:
    """The index of an element as it is written after a name.

    >>> _index((2, 3), 4), _index((4,), 3)
    ('[1, 1]', '[3]')
    """
    found: list[int] = []
    for size in reversed(shape):
        position, at = divmod(position, size)
        found.insert(0, at)
    return str(found)


def _middle(figure: Figure, slot: Slot) -> tuple[float, float]:
    """The middle of the place of an array; of a layer of neurons, that of a half of a circle."""
    place = next(place for place in figure.drawing.places if place.slot == slot)
    baseline = 0.0 if place.marked else place.apart[1]
    down = baseline - SIGN if baseline else place.height / 2
    return round(place.x, 1), round(place.y + down, 1)
