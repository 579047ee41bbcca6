"""The task to update weights after the backward pass: how, what to write, and the answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..base.words import say
from ..graph.slots import Slot
from ..language.row_texts import PLACE
from ..updates.formulas import UpdateFormulas
from ..updates.reading import asked
from ..updates.rules import GRADIENT, RATE, WEIGHT
from ..updates.update import Update
from .papers import UpdateTask

if TYPE_CHECKING:
    from ..figure.figure import Figure


def update_task(figure: Figure, options: tuple[Any, ...]) -> UpdateTask:
    """The task of a figure with numbers, by the options of an update; empty without one.

    Raises InputError for a name that is not an input, and for labels.
    """
    learning = asked(*options) if options else None
    if learning is None:
        return UpdateTask()
    shown = replace(figure, update=Update.of(learning, figure.tape), _drawn=[])
    speaker = shown._speaker
    formulas, words = speaker.update, speaker.words
    assert formulas is not None  # there is an update
    rules, names, answers, known = list[str](), list[str](), list[str](), dict[str, None]()
    for node in formulas.update.nodes:
        gradient = words.slot(Slot("upstream", node), shown.tape.outside or speaker.output)
        name, symbols = words.formulas.name(node), words.formulas.symbols
        spoken = [*formulas.spoken(node, name, gradient, symbols, shown.lang)]
        rules += [text.split(" = ")[0] for text in spoken]
        known.update(dict.fromkeys(_known(formulas, node, name, symbols)))
        names.append(f"{name} ←")
        answers.append(f"{name} ← {spoken[-1].rpartition(' = ')[2]}")
    said = say("exercise.update", shown.lang, rule=say(f"rule.{learning.name}", shown.lang),
               settings=", ".join(known), formulas="; ".join(rules))  # fmt: skip
    return UpdateTask(said, tuple(names), tuple(answers))


def _known(formulas: UpdateFormulas, node: int, weight: str, symbols: str) -> Iterator[str]:
    """The numbers of a rule that are known: η = 0.1, and what it keeps, which begins with 0."""
    letters, update = formulas.in_sentences(node, weight, symbols), formulas.update
    rule, found = update.asked.rule, dict.fromkeys(PLACE.findall(update.asked.rule.text))
    for name in sorted(found, key=lambda name: (name != RATE, name in rule.state)):
        if name in rule.state:
            yield f"{letters[name]} = 0"
        elif name not in (WEIGHT, GRADIENT):
            yield f"{letters[name]} = {formulas.number(name, node, update.before(node)[name])}"
