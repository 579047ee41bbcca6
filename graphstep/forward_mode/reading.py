"""What is asked for: the mode, the input along which tangents go, and its own tangent."""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple, get_args

from ..base.errors import GraphError, InputError, one_of, short
from ..calculus.shapes import Shape, ShapeError, shape_said, shape_text
from ..calculus.values import nothing, value_for
from ..engine.run import Run

Mode = Literal["backward", "forward"]
MODES: tuple[str, ...] = get_args(Mode)
WRITTEN = re.compile(r"([^\W\d]\w*)(\[[-\d,\s]+\])?")
"""An input, or one of its elements: x, W[0, 1]."""
LETTERS = ("t", "s", "τ", "h", "t1", "t2")
"""Letters for the step along a direction: the first that is free."""


class Along(NamedTuple):
    """The input along which tangents go, or an element of it, and its tangent, if given."""

    wrt: str | None
    tangent: object = None


class Start(NamedTuple):
    """Where forward mode begins: an input and its tangent, in its shape.

    Tangents are derivatives with respect to `letter`: the input itself where it is a number and
    moves by 1; else the step t in x + t·v.
    """

    node: int
    tangent: Any
    letter: str


def asked(
    mode: str | Along | None, wrt: str | None, tangent: object = None, **backward: object
) -> Along | None:
    """What options ask for; None in backward mode. `backward` are options of a backward pass.

    Raises GraphstepError for an unknown mode, and for options of the other mode.

    >>> asked("forward", "x"), asked("backward", None)
    (Along(wrt='x', tangent=None), None)
    """
    if isinstance(mode, Along):
        return mode
    mode = "backward" if mode is None else mode
    one_of("mode", mode, MODES)
    if mode == "backward":
        for name, value in (("wrt", wrt), ("tangent", tangent)):
            if value is not None:
                raise InputError("forward_needed", name=name)
        return None
    for name, value in backward.items():
        if value:
            raise GraphError("backward_only", name=name)
    return Along(wrt, tangent)


def start(run: Run, along: Along) -> Start:
    """Where forward mode begins in a run.

    Raises InputError for what is not an input, ShapeError for a tangent of another shape, and for
    an array without one.
    """
    name, element = _written(run, along.wrt)
    node = run.graph.variable(name, "wrt_node", "wrt_without")
    shape = run.shapes[node]
    if element:
        return Start(node, _unit(name, shape, element, along.tangent), _letter(run))
    if along.tangent is None:
        if shape:
            first = ", ".join("0" * len(shape))
            raise ShapeError("tangent_needed", name=name, shape=shape_text(shape), element=first)
        return Start(node, 1.0, name)
    given = value_for("tangent", along.tangent)
    if getattr(given, "shape", ()) != shape:
        found = shape_said(getattr(given, "shape", ()))
        raise ShapeError("tangent_shape", name=name, given=found, needed=shape_said(shape))
    return Start(node, given, _letter(run))


def _written(run: Run, wrt: str | None) -> tuple[str, str]:
    """The name of an input, and the index of an element, if any; the only input by itself."""
    inputs = [*run.graph.inputs]
    if wrt is None and len(inputs) == 1:
        return inputs[0], ""
    found = WRITTEN.fullmatch(wrt.strip()) if isinstance(wrt, str) else None
    if found is None:
        example = inputs[0] if inputs else "x"
        raise InputError("wrt_missing", given=short(wrt), known=", ".join(inputs), name=example)
    return found[1], found[2] or ""


def _unit(name: str, shape: Shape, element: str, tangent: object) -> Any:
    """A tangent of 1 in one element. Raises InputError."""
    at = tuple(int(part) for part in element.strip("[]").split(",") if part.strip())
    inside = len(at) == len(shape) and all(-n <= i < n for i, n in zip(at, shape, strict=True))
    if not inside:
        what = shape_text(shape) if shape else "1"
        raise InputError("wrt_element", name=name, given=f"{name}{element}", shape=what)
    if tangent is not None:
        raise InputError("tangent_element", name=name, given=f"{name}{element}")
    made = nothing(shape)
    made[at] = 1.0
    return made


def _letter(run: Run) -> str:
    """A letter that is free for the step along a direction."""
    taken = {*run.graph.names, *run.graph.unused}
    return next((letter for letter in LETTERS if letter not in taken), LETTERS[0])
