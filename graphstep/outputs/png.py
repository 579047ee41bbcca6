"""PNG: the last frame, or one picture a frame, with its caption."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ..figure.deck import PAGES
from ..look.png import png

if TYPE_CHECKING:
    from ..figure.figure import Figure

PIXELS = 2.0  # for each unit of the SVG, so that it is sharp on dense screens
TRANSPOSED = '<tspan font-size="9" baseline-shift="super">T</tspan>'  # our fonts lack the character


def whole(figure: Figure) -> bytes:
    """The last frame."""
    return pages(figure)[-1]()


def pages(figure: Figure) -> list[Callable[[], bytes]]:
    """One function a frame, which makes its picture.

    A picture cannot follow its reader's theme: it is dark only if the style says so.
    """
    theme = "dark" if figure.style.theme == "dark" else "light"
    fixed = replace(figure, style=replace(figure.style, theme=theme))
    return [partial(_picture, frame.svg, PAGES[theme]) for frame in fixed.frames]


def _picture(svg: Callable[[], str], page: str) -> bytes:
    return png(svg().replace("ᵀ", TRANSPOSED), PIXELS, page)
