"""One step of the backward pass: the downstream gradient on a wire, as nodes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..gates import OPERATORS
from ..graph.expressions import option_texts, settled
from ..graph.writer import literal
from ..language.local_texts import Taken, text_anywhere
from ..language.row_texts import PLACE, Binary, Call, Formula, Minus, Test, read, to_text
from .parts import Part, Parts, Sized
from .pulls import PULLS

SPREAD = "*{ones}"
"""The end of a text whose gradient is the same for all elements that were added up."""
SCALED = re.compile(r"\{g\}(?:\[[^\]]*\])?(?=[*/])(?!.*\{g\})")
"""A gradient that the rest of a text is a factor of, with the axes put back that a sum took away.

One that is the same for all elements, a number, is that factor's number.
"""


def downstream(parts: Parts, target: int, position: int, up: Part) -> Part | None:
    """What a gate sends back to an input; None if it is not written in gates."""
    node = parts.nodes[target]
    gate = node.gate
    assert gate is not None  # only gates send something back
    sized = {i: Sized(parts.shapes[i]) for i in (*node.sources, target)}
    taken = node.at_work(sized, sized[target])
    if not gate.elementwise:
        return _pulled(parts, taken, target, position, up)
    local = _local(parts, taken, target, position)
    if local is None:
        return None
    return parts.over_copies(parts.product(up, local), taken.shape(position), taken.out_shape)


def _local(parts: Parts, taken: Taken, target: int, position: int) -> Part | None:
    """The local gradient of a gate that works element by element."""
    gate = taken.gate
    rule = gate.rule(position)
    if isinstance(rule, float):
        return rule
    if rule == "out":
        return target
    count = len(taken.args)
    text = _shared(count, position) if gate.variadic else text_anywhere(taken, position)
    if not text:
        return None
    return _made(parts, taken, to_text(_masked(read(text)), _names(taken)), {"out": target})


def _pulled(parts: Parts, taken: Taken, target: int, position: int, up: Part) -> Part | None:
    """The downstream gradient of a gate of arrays."""
    row = PULLS.get(taken.gate.name)
    text = row(taken, position) if row else text_anywhere(taken, position)
    if not text or text == "0":
        return 0.0 if text else None
    if isinstance(up, float) and SCALED.match(text):
        text = SCALED.sub("{g}", text)
    elif taken.out_shape:
        up = parts.whole(up, taken.out_shape)
    text = text.removesuffix(SPREAD)
    names = {**_names(taken), "g": "g" if isinstance(up, int) else repr(up), "out": "out"}
    text = _settled(taken, text)
    filled = (
        PLACE.sub(lambda place: names[place[1]], text) if row
        else to_text(_masked(read(text)), names)
    )  # fmt: skip
    return _made(parts, taken, filled, {"out": target, "g": up})


def _settled(taken: Taken, text: str) -> str:
    """A text with the options of the gate in it."""
    settings = option_texts(taken.gate, taken.options, literal)
    return settled(taken.gate, text, settings, len(taken.args))


def _names(taken: Taken) -> dict[str, str]:
    """What stands for each input in a text: a name, or the number inside the gate."""
    places = zip(taken.gate.named(len(taken.args)), taken.args, strict=True)
    return {
        **{p: f"v{i}" if isinstance(arg, int) else repr(arg) for i, (p, arg) in enumerate(places)},
        "out": "out",
    }


def _made(parts: Parts, taken: Taken, text: str, given: Mapping[str, Part]) -> Part:
    inputs = {f"v{i}": arg for i, arg in enumerate(taken.args)}
    return parts.made(text, {**inputs, **given})


def _shared(count: int, position: int) -> str:
    """The local gradient of the greatest of some inputs: equal ones share it."""
    tests = [f"[{{x{k}}} = {{out}}]" for k in range(count)]
    return f"{tests[position]}/({' + '.join(tests)})"


MASKS = {**OPERATORS, "=": OPERATORS["=="]}


def _masked(formula: Formula) -> Formula:
    """A formula in which each condition in brackets, [x > 0], is the gate of a comparison."""
    if isinstance(formula, Test):
        return Call(MASKS[formula.sign], (_masked(formula.left), _masked(formula.right)))
    if isinstance(formula, Binary):
        return formula._replace(left=_masked(formula.left), right=_masked(formula.right))
    if isinstance(formula, Call):
        return formula._replace(args=tuple(map(_masked, formula.args)))
    return formula._replace(of=_masked(formula.of)) if isinstance(formula, Minus) else formula
