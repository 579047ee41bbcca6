"""SVG: the last frame, or one document a frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..figure.figure import Figure


def whole(figure: Figure) -> str:
    """The last frame."""
    return figure.frames[-1].svg()


def pages(figure: Figure) -> list[Callable[[], str]]:
    """One function a frame, which makes its SVG document."""
    return [frame.svg for frame in figure.frames]
