"""How large the texts of a slide come out: a forecast from their letters, for any format."""

from __future__ import annotations

from ..figure.deck import BODY, SIZES, Display, Picture, Slide
from ..figure.slide_plans import text_parts
from .masters import body_place
from .texts import Grid, Listing, Words, Writer

SMALL = 13.0  # points; smaller texts cannot be read from the last row
BESIDE = 0.5  # of the height, what texts have on a slide with a figure or a picture
FORMULA = 2.4 * BODY  # the height of a formula that stands alone


def size(slide: Slide, aspect: str) -> float:
    """The size in points that texts have so that all of them fit, or the least there is.

    >>> from graphstep.figure.deck import Paragraph, Run
    >>> line = Paragraph((Run("word " * 15),))
    >>> [round(size(Slide((), (line,) * count), "16:9"), 1) for count in (2, 15, 40)]
    [18.0, 16.2, 10.8]
    """
    place = body_place(SIZES[aspect])
    texts = [block for block in slide.blocks if block is not slide.figure]
    parts = list(Writer(lambda _: "").blocks(texts))
    pictured = slide.figure or any(isinstance(part, Picture) for part in parts)
    high = place.height * (BESIDE if pictured else 1.0)
    fits = (part for part in text_parts() if _height(parts, part, place.width) <= high)
    return BODY * next(fits, text_parts()[-1])


def _height(parts: list[object], part: float, room: float) -> float:
    """The height of all in one of their sizes, without pictures, which become smaller."""
    heights = [
        one.sized(part).height(room) if isinstance(one, Words | Listing | Grid) else part * FORMULA
        for one in parts
        if isinstance(one, Words | Listing | Grid | Display)
    ]
    return sum(heights) + part * BODY * max(0, len(heights) - 1)
