"""SVG: the last frame, or one document a frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..figure.figure import Figure


def whole(stepper: Figure) -> str:
    """The last frame."""
    return stepper.frames[-1].svg()


def pages(stepper: Figure) -> list[Callable[[], str]]:
    """One SVG document a frame, each made when it is asked for."""
    return [frame.svg for frame in stepper.frames]
