"""Local gradients by index: ∂q_k/∂W_ij = 1{k=i} x_j, for a wire of a gate at work.

The forms are in a table, or made by what knows its kind of gate; those of gates that work element
by element, and of those whose output is one number, follow from the texts of their local gradients.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
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
from .channels import convolved, group_normed
from .moves import MOVES, moved
from .products import product_form
from .reductions import REDUCED, reduced
from .table import FORMS, WINDOW

OUT, INTO = ("k", "l", "m", "n"), ("i", "j", "p", "q")
"""The indexes of an element of the output, and of the input."""
Maker = Callable[[Taken, int, Sequence[str], Sequence[str]], str]
MADE: Mapping[str, Maker] = MappingProxyType(
    dict.fromkeys(MOVES, moved)
    | dict.fromkeys(REDUCED, reduced)
    | dict.fromkeys(("conv2d", "conv2d_bias"), convolved)
    | {"einsum": product_form, "group_norm": group_normed}
)
"""What makes the form of a gate, as a text, over indexes of the output and of the input."""

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
    """The indexes of a wire. Raises UnindexedError for arrays of more than four dimensions."""
    dimensions = len(taken.out_shape), len(taken.shape(position))
    if max(dimensions) > len(OUT):
        raise UnindexedError
    return Letters(OUT[: dimensions[0]], INTO[: dimensions[1]])


def form_of(taken: Taken, position: int, text: str) -> Formula:
    """The local gradient of an input by index; `text` is the one of its rule, as it holds here.

    Raises UnindexedError where there is none.
    """
    letters = letters_of(taken, position)
    if found := _made(taken, position, letters):
        return read(found)
    if not text or taken.gate.name in FORMS:
        raise UnindexedError
    if taken.gate.elementwise:
        return _by_element(taken, position, read(text), letters)
    if taken.out_shape:
        raise UnindexedError
    return _Elements(taken, taken.shape(position), letters.into).formula(read(text))


def _made(taken: Taken, position: int, letters: Letters) -> str:
    """The text of a form that is in the table or made; empty where there is none."""
    name = taken.gate.name
    if name in MADE:
        return MADE[name](taken, position, *letters)
    if name in FORMS and any(letters) and not _fails(taken):
        return _tabled(taken, position)
    return ""


def _fails(taken: Taken) -> bool:
    """Whether a form of the table does not hold in some element."""
    match taken.gate.name:
        case "det":
            return not taken.out
        case "dropout":
            return not all(map(bool, taken.values[0].ravel()))
        case "maxpool2d" | "maxout":  # equal elements, or pieces, share a gradient
            kinks = kinks_by_input(taken.gate, taken.values, taken.options)
            return somewhere(kinks.get(0, ()))
    return False


def _tabled(taken: Taken, position: int) -> str:
    """The text of a row of the table; empty where none fits."""
    key, shape = tuple(map(len, taken.shapes)), taken.shape(0)
    axis = taken.option("axis")
    if axis is not None and taken.gate.name != "size":
        key = (*key, *axes_of(shape, axis))
    texts = FORMS[taken.gate.name].get(key, ())
    text = texts[position] if texts else ""
    if WINDOW in text:
        return _windowed(taken, text)
    numbers = {"n": shape[0], "eps": taken.option("eps")}
    if taken.gate.name == "index":
        numbers["at"] = int(taken.option("i")) % shape[0]
    if taken.gate.name == "dropout":
        numbers["keep"] = 1 - taken.option("p")
    for place, number in numbers.items():
        text = text.replace(f"{{{place}}}", f"{number:.12g}" if number is not None else "")
    return text


def _windowed(taken: Taken, text: str) -> str:
    """The text of a gate with windows of its size and stride; none beside what is around it."""
    if taken.option("pad"):
        raise UnindexedError
    size, stride = int(taken.option("size")), int(taken.option("stride") or 0)
    for place, number in {"{w}": size, "{s}": stride or size, "{all}": size * size}.items():
        text = text.replace(place, str(number))
    return re.sub(r"(?<!\d)1\*", "", text)


def _by_element(taken: Taken, position: int, local: Formula, letters: Letters) -> Formula:
    """The form of a gate that works element by element: an element depends on its own alone.

    Along an axis of length 1, which is repeated, all of them depend on the same one.
    """
    shape, out = taken.shape(position), taken.out_shape
    own = letters.out[len(out) - len(shape) :]
    made = _Elements(taken, out, letters.out).formula(local)
    negative = isinstance(made, Minus)
    made = made.of if isinstance(made, Minus) else made
    repeated = _repeated(shape, out)
    for outer, inner, again in reversed([*zip(own, letters.into, repeated, strict=True)]):
        if again:
            continue
        same = Test("=", Bare(outer), Bare(inner))
        made = same if made == Bare("1") else Binary("*", same, made)
    return Minus(made) if negative else made


def _repeated(shape: Shape, out: Shape) -> list[bool]:
    """Which axes of an array have length 1 and are repeated to those of the output."""
    return [a != b for a, b in zip(shape, out[len(out) - len(shape) :], strict=True)]


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
        repeated = _repeated(shape, self.shape)
        if any(repeated) and not self.taken.gate.elementwise:
            raise UnindexedError
        own = self.letters[len(self.shape) - len(shape) :]
        return indexed(
            x, tuple("0" if again else x for x, again in zip(own, repeated, strict=True))
        )

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
