"""Which frames of a figure are meant: by number, by pass, or by a node that gets its gradient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..base.errors import GraphstepError, nearest
from ..graph.slots import Slot

if TYPE_CHECKING:
    from .figure import Figure

LAST, FORWARD, BACKWARD, UPDATE, NODE = "last", "forward", "backward", "update", "node:"
WORDS = (FORWARD, BACKWARD, UPDATE, LAST)
"""The words that stand for frames; a node that is called so is written with `NODE` before it."""


def chosen_frames(steps: str, figure: Figure) -> tuple[int, ...]:
    """The frames of a figure that `--steps` asks for; all of them where it is empty.

    Raises GraphstepError for a frame, or a name, that does not exist.

    >>> from graphstep.figure.figure import Figure
    >>> figure = Figure.of("q = x + y; f = q * z", x=-2, y=5, z=-4, by="product")
    >>> chosen_frames("0,2-4,last", figure), chosen_frames("forward,z,q-", figure)
    ((0, 2, 3, 4, 5), (0, 2, 3, 4, 5))
    """
    if not steps:
        return tuple(range(len(figure)))
    return tuple(frame for part in steps.split(",") for frame in _range(part, figure))


def noted_frames(captions: bool | str, figure: Figure, shown: Sequence[int]) -> tuple[int, ...]:
    """The frames whose sentences `--captions` asks for: all that are shown, none, or some.

    Raises GraphstepError as `chosen_frames` does, and for a frame that is not among `shown`.
    """
    if isinstance(captions, bool):
        return tuple(shown) if captions else ()
    found = chosen_frames(captions, figure)
    check_shown(found, shown)
    return found


def check_shown(frames: Sequence[int], shown: Sequence[int]) -> None:
    """Raise GraphstepError for a frame that is not shown."""
    for frame in frames:
        if frame not in shown:
            listed = ", ".join(map(str, dict.fromkeys(shown)))
            raise GraphstepError("frame_not_shown", frame=frame, shown=listed)


def _range(part: str, figure: Figure) -> Sequence[int]:
    """The frames of a part between commas: a frame or a name, or all from one to another."""
    first, dash, last = part.partition("-")
    begin = _frames(first, figure)
    if not dash:
        return begin
    found = range(begin[0], _frames(last or LAST, figure)[-1] + 1)
    if not found:
        raise GraphstepError("bad_frames", given=part)
    return found


def _frames(text: str, figure: Figure) -> Sequence[int]:
    """The frames of a number or a name."""
    every = range(len(figure))
    if text.isdigit():
        if int(text) not in every:
            raise GraphstepError("no_frame", frame=int(text), last=every[-1])
        return (int(text),)
    passes = _passes(figure)
    nodes = dict(_gradients(figure))
    if text in passes:
        if text in nodes:
            numbers = ",".join(map(str, passes[text]))
            raise GraphstepError("ambiguous_step", name=text, node=NODE + text, numbers=numbers)
        return passes[text]
    name = text.removeprefix(NODE)
    if name not in nodes:
        known = [*passes, *(one for one in nodes if "#" not in one)]
        raise GraphstepError(
            "no_step_name", name=name, near=nearest(name, known), known=", ".join(known)
        )
    return nodes[name]


def _passes(figure: Figure) -> dict[str, Sequence[int]]:
    """The frames of both passes, of updates, and the last one.

    The backward pass begins with the seed.
    """
    kinds = [frame.step.kind for frame in figure]
    last = len(kinds) - 1
    if "seed" not in kinds:  # forward mode
        return {FORWARD: range(len(kinds)), LAST: (last,)}
    seed = kinds.index("seed")
    end = kinds.index("update") if "update" in kinds else len(kinds)
    passes = {FORWARD: range(seed), BACKWARD: range(seed, end), LAST: (last,)}
    return {**passes, UPDATE: range(end, len(kinds))} if end <= last else passes


def _gradients(figure: Figure) -> Iterator[tuple[str, Sequence[int]]]:
    """Each node that gets a gradient, by name, and the frame in which that appears."""
    for node, name in enumerate(figure.graph.ids):
        slots = {Slot("upstream", node), Slot("tangent", node)}
        if found := [k for k, frame in enumerate(figure) if slots & {*frame.step.shows}]:
            yield name, found
