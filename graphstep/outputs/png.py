"""PNG: the last frame, or one picture a frame, with its sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ..figure.deck import PAGES
from ..look.png import png

if TYPE_CHECKING:
    from ..figure.figure import Figure

SCALE = 2.0  # pixels a unit of the SVG, for screens that are sharp
TRANSPOSED = '<tspan font-size="9" baseline-shift="super">T</tspan>'  # no font of ours has its sign


def whole(stepper: Figure) -> bytes:
    """The last frame."""
    return pages(stepper)[-1]()


def pages(stepper: Figure) -> list[Callable[[], bytes]]:
    """One picture a frame, each made when it is asked for.

    A picture cannot follow its reader's theme: it is dark only where the style says so.
    """
    theme = "dark" if stepper.style.theme == "dark" else "light"
    fixed = replace(stepper, style=replace(stepper.style, theme=theme))
    return [partial(_picture, frame.svg, PAGES[theme]) for frame in fixed.frames]


def _picture(svg: Callable[[], str], page: str) -> bytes:
    return png(svg().replace("ᵀ", TRANSPOSED), SCALE, page)
