"""The texts of local gradients, as they hold for what a gate takes.

The text of a rule is written for vectors. Here it is made true of other shapes: along an axis, over
copies of a smaller input, for stacks of matrices; and of numbers where it would not hold, such as
equal elements of a maximum.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from math import prod
from types import MappingProxyType
from typing import Any, NamedTuple

from ..calculus.axes import axes_in_order, inverse, widths_of
from ..calculus.functions import Number
from ..calculus.shapes import Shape, axes_of, broadcast
from ..gates.gate_row import GateRow
from ..gates.rules import Rule
from .row_texts import PLACE

BY_DIMENSIONS: Mapping[tuple[str, tuple[int, ...]], str] = MappingProxyType(
    {
        ("{g} · {y}ᵀ", (1, 1)): "{g}*{y}",
        ("{x}ᵀ · {g}", (1, 1)): "{g}*{x}",
        ("{g}.T", (1,)): "{g}",
        ("{g}.T", (0,)): "{g}",
    }
)
"""Texts for matrices, and their form for vectors and numbers."""
BY_ONE = re.compile(r"/1(?![\d.])")
"""A mean of one number, which says nothing."""
CHOICES: Mapping[str, str] = MappingProxyType({"max({args})": ">", "min({args})": "<"})
"""The relation of the input that gets the gradient to the other input."""


class Taken(NamedTuple):
    """A gate at work: its arguments, in which floats are inside it, their values, its output."""

    gate: GateRow
    args: Sequence[int | float]
    values: tuple[Number, ...]
    out: Number
    options: tuple[Any, ...] = ()

    def shape(self, position: int) -> Shape:
        """The shape of an argument."""
        return getattr(self.values[position], "shape", ())

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The shapes of all arguments."""
        return tuple(map(self.shape, range(len(self.values))))

    @property
    def out_shape(self) -> Shape:
        """The shape of the output."""
        return getattr(self.out, "shape", ())

    def option(self, name: str) -> Any:
        """An option by its name; None if the gate has none of that name."""
        names = [option.name for option in self.gate.options]
        return self.options[names.index(name)] if name in names else None


def local_template(gate: GateRow, position: int, args: Sequence[Any] = ()) -> str:
    """The local gradient with respect to one input, with the gate's parameters as places.

    `args` are the gate's arguments: numbers among them may be folded in.

    >>> from graphstep.gates import GATES
    >>> [local_template(GATES[name], 0) for name in ("mul", "exp", "log", "neg", "max")]
    ['{y}', 'exp({x})', '1/{x}', '-1', '[{x} = max({args})]']
    """
    if gate.variadic and gate.elementwise:
        return f"[{{{gate.params[position]}}} = {gate.text}]"
    if gate.folded and position == 0 and args and isinstance(args[1], float):
        return gate.folded(args[1])
    rule = gate.rule(position)
    if isinstance(rule, Rule):
        return rule.text
    if isinstance(rule, str):
        return gate.text if rule == "out" else f"{{{rule}}}"
    return f"{rule:g}"


def local_text(taken: Taken, position: int) -> str:
    """The local gradient as it holds here, or for a map the downstream one; empty if none holds.

    >>> import numpy as np
    >>> from graphstep.gates import GATES
    >>> x = np.array([[1.0, 2.0], [4.0, 3.0]])
    >>> local_text(Taken(GATES["amax"], (0,), (x,), x.max(1), (1, 0)), 0)
    '{g}[:, None]*[{x} = max({x}, axis=1, keepdims=1)]'
    """
    gate, rule = taken.gate, taken.gate.rule(position)
    if gate.variadic:
        return _chosen(taken, position) if gate.elementwise else ""
    text = local_template(gate, position, taken.args)
    if not isinstance(rule, Rule):
        return text
    if _fails(taken, rule):
        text = rule.there
    return _of_shapes(taken, rule, position, text) if rule.maps else text


def text_anywhere(taken: Taken, position: int) -> str:
    """The same for any values of these shapes; empty for a gate with any number of inputs.

    Where the text of a rule has another one beside it, that is the one that holds there too.

    >>> from graphstep.gates import GATES
    >>> text_anywhere(Taken(GATES["amax"], (0,), (0.0,), 0.0, (None, 0)), 0)
    '{g}*[{x} = max({x})]/sum([{x} = max({x})])'
    """
    gate = taken.gate
    if gate.variadic:
        return ""
    text, rule = local_template(gate, position, taken.args), gate.rule(position)
    if not isinstance(rule, Rule):
        return text
    text = rule.there or text
    return _of_shapes(taken, rule, position, text) if rule.maps else text


def _chosen(taken: Taken, position: int) -> str:
    """The condition under which an input is the greatest, or least; two share at a tie."""
    gate, rule = taken.gate, taken.gate.rule(position)
    names = gate.named(len(taken.values))
    tie = isinstance(rule, Rule) and _fails(taken, rule)
    if len(names) > 2:
        return "" if tie else f"[{{{names[position]}}} = {in_short(gate.text)}]"
    mine, other = f"{{{names[position]}}}", f"{{{names[1 - position]}}}"
    greater = f"[{mine} {CHOICES[gate.text]} {other}]"
    return f"{greater} + [{mine} = {other}]/2" if tie else greater


def in_short(text: str) -> str:
    """A text of a gate with any number of inputs, in which some stand for many.

    What is said of every input would else repeat all of them each time.

    >>> in_short("max({args})")
    'max({few})'
    """
    return text.replace("{args}", "{few}")


def _fails(taken: Taken, rule: Rule) -> bool:
    """Whether the text of a rule does not hold in some element."""
    if rule.fails is None:
        return False
    found = taken.gate.asked(rule.fails, taken.values, *taken.values, *taken.options)
    return bool(found if isinstance(found, bool) else found.any())


def _of_shapes(taken: Taken, rule: Rule, position: int, text: str) -> str:
    """The text of a map, made true of the shapes at hand."""
    dimensions = tuple(map(len, taken.shapes))
    if "·" in text and min(dimensions) == 1 and max(dimensions) > 2:
        return ""  # a vector beside a stack of matrices is no matrix
    text = BY_DIMENSIONS.get((text, dimensions), text)
    found = {f"{{{name}}}": of(taken) for name, of in PLACES.items() if f"{{{name}}}" in text}
    text = PLACE.sub(lambda place: found.get(place[0], place[0]), text)
    text = BY_ONE.sub("", text)
    return _summed(taken, position, text) if rule.repeats else text


def _axes(taken: Taken) -> tuple[int, ...]:
    """The axes along which a gate works, counted from 0; none if they are all of its input's."""
    shape = taken.shape(0)
    axes = axes_of(shape, taken.option("axis"))
    return axes if len(axes) < len(shape) else ()


def _along(taken: Taken) -> str:
    """The options of a sum that fits beside the gate's input."""
    axes = _axes(taken)
    return f", axis={axes[0] if len(axes) == 1 else axes}, keepdims=1" if axes else ""


def _upstream(taken: Taken) -> str:
    """The upstream gradient, with the axes put back that the gate took away."""
    axes = _axes(taken) if taken.option("keepdims") == 0 else ()
    if axes == tuple(range(len(axes))):  # NumPy puts axes before the others by itself
        return "{g}"
    keys = ("None" if k in axes else ":" for k in range(axes[-1] + 1))
    return f"{{g}}[{', '.join(keys)}]"


def _averaged(taken: Taken) -> str:
    """The number of elements that a mean averages."""
    return str(prod(broadcast(*taken.shapes)) // prod(taken.out_shape))


def _undone(taken: Taken) -> str:
    """The axes in the order that undoes a permutation."""
    count = len(taken.shape(0))
    return ", ".join(map(str, inverse(axes_in_order(count, taken.options))))


def _middle(taken: Taken) -> str:
    """The index of what was there before zeros were put around it."""
    shape = taken.shape(0)
    firsts = (before for before, _ in widths_of(shape, taken.option("width")))
    ends = zip(firsts, shape, strict=True)
    return ", ".join(f"{first}:{first + size}" for first, size in ends)


def _places(taken: Taken) -> str:
    """All axes of the output but that of the channels."""
    count = len(taken.out_shape)
    return str((*range(count - 3), count - 2, count - 1))


PLACES: Mapping[str, Callable[[Taken], str]] = MappingProxyType(
    {
        "along": _along,
        "g": _upstream,
        "n": _averaged,
        "undone": _undone,
        "middle": _middle,
        "places": _places,
        "N": lambda taken: str(prod(taken.shape(-1))),
    }
)
"""Places of maps that depend on shapes only; N is the number of labels."""


def _summed(taken: Taken, position: int, text: str) -> str:
    """A text summed over the copies of an input that was repeated."""
    own, out = taken.shape(position), taken.out_shape
    whole = out or broadcast(*taken.shapes)
    if "·" in text and out:  # a product for each of a stack of matrices
        whole = (*out[:-2], *own[-2:])
    return over_copies(text, own, whole)


def over_copies(text: str, own: Shape, whole: Shape) -> str:
    """A text of one shape summed to another, from which it was repeated.

    >>> over_copies("{g}", (3,), (2, 3)), over_copies("{g}", (2, 1), (2, 3))
    ('sum({g}, axis=0)', 'sum({g}, axis=1, keepdims=1)')
    """
    if whole == own or not text:
        return text
    if not own:
        return f"sum({text})"
    extra = len(whole) - len(own)
    for axis, size in enumerate(own):
        if size != whole[axis + extra]:
            text = f"sum({text}, axis={axis + extra}, keepdims=1)"
    for _ in range(extra):
        text = f"sum({text}, axis=0)"
    return text
