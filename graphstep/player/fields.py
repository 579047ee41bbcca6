"""The fields of the live widget: the expression, numbers with sliders, cells of small arrays."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from ..base.errors import InputError
from ..engine.computational_graph import parse
from ..engine.run import named_values
from ..figure.input_texts import written_value
from ..look.matrices import is_small
from .payload import Data

if TYPE_CHECKING:
    from ..figure.figure import Figure
    from ..graph.graph import Graph
    from ..graph.named_nodes import Constants

SLIDER_REACH = 2.0  # how far a slider goes, in units of the number, or of 1 for numbers of its size
SMALL = 0.1  # below which a slider goes in units of the number again: learning rates
STEPS = 200  # from the number to either end
LARGEST = 1.79e308  # there is nothing beyond it in JSON
MOST_CHARACTERS = 10_000  # of an expression that is edited, or of an input that is typed
TINY = 1e-300  # below which steps would have no digits, and a number is as good as 0


def expression_of(figure: Figure) -> str:
    """The text of a figure, which can be edited; empty where the graph is not that of a text."""
    return figure.graph.source if _constants(figure.graph) else ""


def _constants(graph: Graph) -> Constants | None:
    """How the text of a graph was read; None where the graph is not that of its text.

    It is where a group was opened again.
    """
    if graph.read is None or len(graph.source) > MOST_CHARACTERS:
        return graph.constants
    found = parse(graph.source, constants=graph.read)
    return graph.read if found == graph else None


def edited(figure: Figure, text: str, typed: Mapping[str, str]) -> Figure:
    """The figure of another text, with the inputs that are still in it and those that were typed.

    A number that the new text gives, and the old one did not, takes the place of the input's. Those
    that are updated still are, with what the rule has kept of them. Raises GraphstepError.
    """
    before = figure.graph
    constants = _constants(before)
    if constants is None:
        raise InputError("not_from_text")
    for given in (text, *typed.values()):
        if len(given) > MOST_CHARACTERS:
            raise InputError("too_long", count=len(given), most=MOST_CHARACTERS)
    graph = parse(text, constants=constants)
    written = {name: graph.nodes[i].value for name, i in graph.inputs.items()}
    kept = {
        name: value
        for name, value in figure.tape.inputs.items()
        if name in written and written[name] in (None, before.nodes[before.inputs[name]].value)
    }
    new = {name: written_value(name, typed[name]) for name in written if name in typed}
    now = {**kept, **new}
    named_values(graph, now)  # all are needed, as the fields show numbers
    target = None if before.whole is None else before.ids[before.output]
    update = figure.update.asked.among(graph.inputs) if figure.update else None
    made = figure.of(
        graph, inputs=now, target=target, lang=figure.lang, by=figure.by, forward=figure.forward,
        engine=figure.engine, style=figure.style, upstream=figure.tape.arrived, update=update,
        mode=getattr(figure.tape, "along", None),
    )  # fmt: skip
    if made.update is None or figure.update is None:
        return made
    return replace(made, update=figure.update.among(made.update))


def inputs_of(stepper: Figure) -> dict[str, Any]:
    """The inputs as JSON values."""
    values = stepper.tape.inputs.items()
    return {name: v if isinstance(v, float) else v.tolist() for name, v in values}


def replaced(value: Any, at: list[int], number: float) -> Any:
    """A value with one of its numbers replaced."""
    if not at:
        return number
    first, *rest = at
    return [replaced(v, rest, number) if i == first else v for i, v in enumerate(value)]


def fields_of(stepper: Figure, sliders: dict[str, list[float]]) -> list[Data]:
    """A field for each input that is a number, and for each cell of a small array.

    `sliders` has the range of each slider, and is changed where a range follows its number.
    """
    found: list[Data] = []
    for name, value in stepper.tape.inputs.items():
        if isinstance(value, float):
            slider = sliders[name] = _slider(value, sliders.get(name))
            found.append({"name": name, "at": [], "text": f"{value:.12g}", "slider": slider})
        elif is_small(value.shape):
            found += [
                {"name": name, "at": list(at), "text": f"{float(value[at]):.12g}", "slider": None}
                for at in product(*map(range, value.shape))
            ]
    return found


def _slider(value: float, before: list[float] | None) -> list[float]:
    """Minimum, maximum and step of a slider.

    A range is kept while the number lies inside of it and is not too small for its steps, since
    one that moves with each number would run away from the hand that drags it.

    >>> _slider(1, None), _slider(2.5, [-1, 3, 0.01]), _slider(3, [-1, 3, 0.01])
    ([-1.0, 3.0, 0.01], [-1, 3, 0.01], [-3.0, 9.0, 0.02])
    """
    size = abs(value)
    if before and before[0] < value < before[1] and (not value or size >= before[2] / 2):
        return before
    reach = SLIDER_REACH * (size if TINY < size < SMALL else max(1.0, size))
    step = _round(min(reach, LARGEST) / STEPS)
    ends = [min(max(value + side * reach, -LARGEST), LARGEST) for side in (-1, 1)]
    return [*(float(f"{math.floor(end / step + 0.5) * step:.12g}") for end in ends), step]


def _round(step: float) -> float:
    """The nearest of 1, 2, 5, 10, ... below a step, so that a slider stops at round numbers.

    >>> _round(0.03), _round(0.01), _round(70.0)
    (0.02, 0.01, 50.0)
    """
    power = float(f"1e{math.floor(math.log10(step) + 1e-9)}")
    return float(f"{next(k for k in (5, 2, 1) if k * power <= step * (1 + 1e-9)) * power:.12g}")
