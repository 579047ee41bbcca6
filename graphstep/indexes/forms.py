"""Local gradients by index: ∂q_k/∂W_ij = 1{k=i} x_j, for a wire of a gate at work.

A form is a formula of a gate's row in which parts of arrays have indexes: k and l of an element of
the output, i and j of one of the input. [k = i] is 1 where it holds, and else 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from ..calculus.functions import ELEMENTARY
from ..calculus.shapes import Shape, axes_of
from ..gates import GATES
from ..gates.kinks import kinks_by_input, somewhere
from ..language.local_texts import Taken
from ..language.row_texts import (
    Bare,
    Binary,
    Call,
    Formula,
    Index,
    Minus,
    Option,
    Place,
    Test,
    Turned,
    read,
)
from .moves import MOVES, moved

OUT, INTO = ("k", "l"), ("i", "j")
"""The indexes of an element of the output, and of the input."""

WINDOW = "[{s}*k <= i]*[i < {s}*k + {w}]*[{s}*l <= j]*[j < {s}*l + {w}]"
"""That an element is in a window of some width, which moves in steps."""

Forms = Mapping[tuple[int, ...], tuple[str, ...]]
EXTREME: Forms = MappingProxyType(
    {
        (2, 0): ("[k = j]*[{x}[i, j] = {out}[k]]",),
        (2, 1): ("[k = i]*[{x}[i, j] = {out}[k]]",),
    }
)
FORMS: Mapping[str, Forms] = MappingProxyType(
    {
        "matmul": {
            (1, 1): ("{y}[i]", "{x}[i]"),
            (2, 1): ("[k = i]*{y}[j]", "{x}[k, i]"),
            (1, 2): ("{y}[i, k]", "[k = j]*{x}[i]"),
            (2, 2): ("[k = i]*{y}[j, l]", "{x}[k, i]*[l = j]"),
        },
        "outer": {(1, 1): ("[k = i]*{y}[l]", "[l = i]*{x}[k]")},
        "transpose": {(1,): ("[k = i]",), (2,): ("[k = j]*[l = i]",)},
        "sum": {(2, 0): ("[k = j]",), (2, 1): ("[k = i]",)},
        "mean": {(2, 0): ("[k = j]/{n}",), (2, 1): ("[k = i]/{n}",)},
        "index": {(1,): ("[i = {at}]",), (2,): ("[i = {at}]*[k = j]",)},
        "pick": {
            (1, 0): ("[i = {y}]", ""),
            (2, 1): ("[k = i]*[j = {y}[k]]", ""),
        },
        "take": {
            (1, 0): ("[i = {i}]", ""),
            (1, 1): ("[i = {i}[k]]", ""),
            (2, 0): ("[i = {i}]*[k = j]", ""),
            (2, 1): ("[i = {i}[k]]*[l = j]", ""),
        },
        "avgpool2d": {(2,): (f"{WINDOW}/{{all}}",)},
        "maxpool2d": {(2,): (f"{WINDOW}*[{{x}}[i, j] = {{out}}[k, l]]",)},
        "cumsum": {
            (1,): ("[i <= k]",),
            (1, 0): ("[i <= k]",),
            (2, 0): ("[i <= k]*[l = j]",),
            (2, 1): ("[k = i]*[j <= l]",),
        },
        "amax": EXTREME,
        "amin": EXTREME,
        "softmax": {
            (1, 0): ("{out}[k]*([k = i] - {out}[i])",),
            (2, 0): ("[l = j]*{out}[k, l]*([k = i] - {out}[i, l])",),
            (2, 1): ("[k = i]*{out}[k, l]*([l = j] - {out}[k, j])",),
        },
        "log_softmax": {
            (1, 0): ("[k = i] - softmax({x})[i]",),
            (2, 1): ("[k = i]*([l = j] - softmax({x})[k, j])",),
        },
    }
)  # fmt: skip
"""One row a gate: the form for each input, by the dimensions of all inputs and the axis, if any.

Gates that work element by element, and those whose output is one number, need no row: their forms
follow from the texts of their local gradients. Those that move elements are in `moves`.
"""

TO_NUMBER = frozenset(
    ("norm", "max", "min", "sum", "l1", "l2", "mean", "var", "std", "prod", "logsumexp")
)
TO_ARRAY = frozenset(("softmax", "log_softmax"))
"""Functions of whole arrays, and those of their results that have elements again."""


class UnindexedError(Exception):
    """Raised for a local gradient that has no form by index here."""


class Letters(NamedTuple):
    """The indexes of the output and of the input."""

    out: tuple[str, ...]
    into: tuple[str, ...]


def letters_of(taken: Taken, position: int) -> Letters:
    """The indexes of a wire. Raises UnindexedError for arrays of more than two dimensions."""
    dimensions = len(taken.out_shape), len(taken.shape(position))
    if max(dimensions) > len(OUT):
        raise UnindexedError
    return Letters(OUT[: dimensions[0]], INTO[: dimensions[1]])


def form_of(taken: Taken, position: int, text: str) -> Formula:
    """The local gradient of an input by index; `text` is the one of its rule, as it holds here.

    Raises UnindexedError where there is none.
    """
    letters = letters_of(taken, position)
    if taken.gate.name in FORMS and taken.out_shape + taken.shape(position):
        found = _tabled(taken, position)
        if found:
            return read(found)
    if taken.gate.name in MOVES:
        text = moved(taken, position, *letters)
        if text:
            return read(text)
    if not text:
        raise UnindexedError
    if taken.gate.elementwise:
        return _by_element(taken, position, read(text), letters)
    if taken.out_shape:
        raise UnindexedError
    return _Elements(taken, taken.shape(position), letters.into).formula(read(text))


def _tabled(taken: Taken, position: int) -> str:
    """The text of a row of the table; empty where none fits."""
    key, shape = tuple(map(len, taken.shapes)), taken.shape(0)
    axis = taken.option("axis")
    if taken.option("keepdims"):
        raise UnindexedError
    if axis is not None:
        key = (*key, *axes_of(shape, axis))
    texts = FORMS[taken.gate.name].get(key, ())
    text = texts[position] if texts else ""
    at = taken.option("i") if taken.gate.name == "index" else None
    if at is not None:
        text = text.replace("{at}", str(int(at) % shape[0]))
    if "= {out}" in text and somewhere(
        kinks_by_input(taken.gate, taken.values, taken.options).get(0, ())
    ):
        raise UnindexedError  # equal elements share a gradient
    if WINDOW in text:
        return _windowed(taken, text)
    return text.replace("{n}", str(shape[key[-1]])) if "{n}" in text else text


def _windowed(taken: Taken, text: str) -> str:
    """The text of a gate with windows of its size and stride; none beside what is around it."""
    if taken.option("pad"):
        raise UnindexedError
    size, stride = int(taken.option("size")), int(taken.option("stride") or 0)
    for place, number in {"{w}": size, "{s}": stride or size, "{all}": size * size}.items():
        text = text.replace(place, str(number))
    return re.sub(r"(?<!\d)1\*", "", text)


def _by_element(taken: Taken, position: int, local: Formula, letters: Letters) -> Formula:
    """The form of a gate that works element by element: an element depends on its own alone."""
    shape, out = taken.shape(position), taken.out_shape
    own = letters.out[len(out) - len(shape) :]
    if shape != out[len(out) - len(shape) :]:
        raise UnindexedError  # an axis of length 1 is repeated
    made = _Elements(taken, out, letters.out).formula(local)
    negative = isinstance(made, Minus)
    made = made.of if isinstance(made, Minus) else made
    for outer, inner in reversed([*zip(own, letters.into, strict=True)]):
        same = Test("=", Bare(outer), Bare(inner))
        made = same if made == Bare("1") else Binary("*", same, made)
    return Minus(made) if negative else made


class _Elements(NamedTuple):
    """Gives indexes to the arrays in a formula about elements of a shape."""

    taken: Taken
    shape: Shape
    letters: tuple[str, ...]

    def formula(self, x: Formula) -> Formula:
        """A formula about one element."""
        match x:
            case Place(name):
                return self._place(x, name)
            case Bare():
                return x
            case Minus(of):
                return Minus(self.formula(of))
            case Binary(sign, left, right) if sign not in ("@", "·"):
                return Binary(sign, self.formula(left), self.formula(right))
            case Test(sign, left, right):
                return Test(sign, self.formula(left), self.formula(right))
            case Call(name, args):
                return self._call(x, name, args)
        raise UnindexedError

    def _place(self, x: Place, name: str) -> Formula:
        position = self.taken.gate.positions(len(self.taken.values))[name]
        shape = self.taken.shape(position)
        if not shape:
            return x
        if shape != self.shape[len(self.shape) - len(shape) :]:
            raise UnindexedError
        return indexed(x, self.letters[len(self.shape) - len(shape) :])

    def _call(self, x: Call, name: str, args: tuple[Formula, ...]) -> Formula:
        if any(isinstance(arg, Option | Turned) for arg in args):
            raise UnindexedError
        if name in TO_NUMBER and (name not in ("max", "min") or len(args) == 1):
            return x if self._is_array(args[0]) else Call(name, (self.formula(args[0]),))
        if name in TO_ARRAY:
            return indexed(x, self.letters)
        if name == "onehot":
            return self._one_hot(args[0])
        if name in ELEMENTARY or name == "sign" or (name in GATES and GATES[name].elementwise):
            return Call(name, tuple(map(self.formula, args)))
        raise UnindexedError

    def _is_array(self, x: Formula) -> bool:
        position = self.taken.gate.positions(len(self.taken.values)).get(getattr(x, "name", ""))
        return position is not None and bool(self.taken.shape(position))

    def _one_hot(self, labels: Formula) -> Formula:
        """1 at the class of a label, which every row has."""
        inner = labels if not self._is_array(labels) else indexed(labels, self.letters[:-1])
        return Test("=", Bare(self.letters[-1]), inner)


def indexed(x: Formula, letters: tuple[str, ...]) -> Formula:
    """An element of an array."""
    inside: list[Formula] = []
    for letter in letters:
        inside += [Bare(", "), Bare(letter)]
    return Index(x, tuple(inside[1:])) if letters else x
