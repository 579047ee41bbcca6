"""PNG: the last frame, or one picture a frame, with its caption."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ..figure.deck import PAGES
from ..look.png import png

if TYPE_CHECKING:
    from ..figure.figure import Figure, Frame

PIXELS = 2.0  # for each unit of the SVG, so that it is sharp on dense screens
TRANSPOSED = '<tspan font-size="9" baseline-shift="super">T</tspan>'  # our fonts lack the character


def whole(figure: Figure) -> bytes:
    """The last frame."""
    return pages(figure)[-1]()


def pages(figure: Figure) -> list[Callable[[], bytes]]:
    """One function a frame, which makes its picture. Raises OutputError for one that is too large.

    Large pictures have fewer pixels a unit, at least one.
    """
    alike, page = fixed(figure)
    return [partial(_picture, frame, page) for frame in alike.frames]


def fixed(figure: Figure) -> tuple[Figure, str]:
    """A figure in the colours of one theme, and the colour of the page behind it.

    A picture cannot follow its reader's theme: it is dark only if the style says so.
    """
    theme = "dark" if figure.style.theme == "dark" else "light"
    return replace(figure, style=replace(figure.style, theme=theme)), PAGES[theme]


def svg_of(frame: Frame) -> str:
    """The SVG of a frame for our fonts."""
    return frame.svg().replace("ᵀ", TRANSPOSED)


def _picture(frame: Frame, page: str) -> bytes:
    return png(svg_of(frame), PIXELS, page)
