"""What is asked for: the questions of an assignment, and what all of its copies have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ..figure import options
from ..graph.expressions import all_on_one_line
from .friendly_numbers import InputNumbers

InputPairs = tuple[tuple[str, Any], ...]
OF_A_FIGURE = ("upstream", "target", "constants", "group", "expand", "palette", "digits", "engine")
"""The options of a figure that hold on paper, too."""


class Question(NamedTuple):
    """A graph to ask for: an expression, the lecture's numbers, options of its figure."""

    expression: str
    inputs: InputPairs
    options: tuple[tuple[str, Any], ...] = ()
    update: tuple[Any, ...] = ()  # the options of the update, if one is asked for

    @property
    def source(self) -> str:
        """The expression on one line."""
        return all_on_one_line(self.expression)


class Assignment(NamedTuple):
    """What all copies have in common: the questions, the seed, the language.

    `points` has a number for each question, or none. With `variants`, so many copies differ, and
    are called by letters. `secret` goes into the numbers and is printed nowhere; the seed is not
    printed on sheets if it is `hidden`.
    """

    questions: tuple[Question, ...]
    seed: int
    lang: str = "en"
    values: bool = False  # whether values are asked for too
    title: str = ""
    points: tuple[int, ...] = ()
    instructions: str = ""
    variants: int = 0
    hidden: bool = False
    secret: str = ""

    def key(self, copy: int, place: int) -> str:
        """What the numbers of a question of a copy follow from."""
        salt = f"{self.secret}/" if self.secret else ""
        return f"{salt}{self.seed}/{copy}/{place}"


def make_question(expression: str, inputs: InputNumbers, chosen: options.Chosen) -> Question:
    """A question that can be sent to other processes: with arrays as nested tuples."""
    given = tuple((name, _frozen(value)) for name, value in inputs.items())
    kept = tuple((name, _frozen(chosen[name])) for name in OF_A_FIGURE if name in chosen)
    learning = tuple(_frozen(chosen[name]) for name in options.UPDATE if name in chosen)
    return Question(expression, given, kept, learning if any(learning) else ())


def _frozen(value: Any) -> Any:
    if hasattr(value, "tolist"):
        value = value.tolist()
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


def without_repeats(questions: Iterable[Question]) -> tuple[Question, ...]:
    """The questions, without those that differ from an earlier one only in their numbers."""
    first: dict[object, Question] = {}
    for each in questions:
        first.setdefault((each.source, each.options, each.update), each)
    return tuple(first.values())
