"""PNG: the last frame, or one picture a frame, with its caption."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from ..look.png import png
from ..look.style import PAGES

if TYPE_CHECKING:
    from ..figure.figure import Figure, Frame

PIXELS = 2.0  # for each unit of the SVG, so that it is sharp on dense screens


def whole(figure: Figure) -> bytes:
    """The last frame."""
    return pages(figure)[-1]()


def pages(figure: Figure) -> list[Callable[[], bytes]]:
    """One function a frame, which makes its picture. Raises OutputError for one that is too large.

    Large pictures have fewer pixels a unit, at least one.
    """
    page = PAGES[figure.style.printed]
    return [partial(_picture, frame, page) for frame in figure.frames]


def _picture(frame: Frame, page: str) -> bytes:
    return png(frame.svg(), PIXELS, page)
