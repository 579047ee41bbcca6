"""How large pictures are, and where they stand: attributes, the words of Marp, and rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from ..base.errors import GraphstepError, InputError, Span
from ..slides.deck import MARGIN, SIZES, Block, Columns, FigureBlock, Picture
from .raster import raster_extent
from .vector import svg_extent

UNITS: Mapping[str, float] = MappingProxyType(
    {"": 0.75, "px": 0.75, "pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4}
)
"""Points of a slide in each unit: a slide is 1280 pixels wide, or 960 in 4:3."""
LENGTH = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,3})?)(px|pt|in|cm|mm|)")
PERCENT = re.compile(r"([1-9][0-9]?(?:\.[0-9]{1,3})?|100)%")
TEXT_WIDTH = SIZES["16:9"][0] - 2 * MARGIN  # points
KEYS = ("width", "height")


class Side(NamedTuple):
    """A picture at a side of the whole slide, "left" or "right", or in place of any text.

    `share` is its part of the width, `span` its place in the source.
    """

    picture: Picture
    side: str
    share: float
    span: Span


class Order(NamedTuple):
    """What the words of Marp say about a picture: its sizes, and its side if it is beside all."""

    alt: str  # the rest
    sizes: Mapping[str, str] = MappingProxyType({})
    background: bool = False
    side: str = ""
    share: float = 0.5


def extent(picture: Picture) -> tuple[float, float]:
    """Width and height of a vetted picture in pixels."""
    return (svg_extent if picture.suffix == ".svg" else raster_extent)(picture.data)


def percent(text: str) -> float:
    """A part of a width in percent, from 1 to 100, as a part of 1; 0 for any other text."""
    found = PERCENT.fullmatch(text.strip())
    return float(found[1]) / 100 if found else 0.0


def sized(picture: Picture, sizes: Mapping[str, str]) -> Picture:
    """A picture with a width, a height, or both, between which it keeps its shape.

    Raises InputError for what is no size.
    """
    width, height = (sizes.get(key, "") for key in KEYS)
    if part := percent(width):
        picture = picture._replace(width=part)
        width = ""
    points = [_points(width, "width")] if width else []
    if height:
        wide, high = extent(picture)
        points.append(_points(height, "height") * wide / high)
    return picture._replace(points=min(points)) if points else picture


def _points(text: str, key: str) -> float:
    """A length in points of a slide."""
    found = LENGTH.fullmatch(text.strip())
    length = float(found[1]) * UNITS[found[2]] if found else 0.0
    if not length:
        raise InputError("picture_length", text=f"{key}={text}")
    return length


WORD = re.compile(r"(w|width|h|height):(\S+)|(left|right)(?::(\S+))?|(bg|fit|contain)")
FIRST = re.compile(r"(?:bg|(?:w|h|width|height):\S+)(?=\s|$)")
"""The beginning of what a picture shows, if it is an order about its size or place."""
STRANGE = re.compile(r"\w+:\S+|cover|auto|vertical|\d+%")
FILTERS = (
    r"(?:blur|brightness|contrast|drop-shadow|grayscale|hue-rotate|invert|opacity|saturate|sepia)"
    r"(?::\S+)?"
)
PLACES = r"(?:inline|fit|original|filtered|left|right)"
OTHERS = re.compile(
    rf"{FILTERS}(?: {FILTERS})*|{PLACES}(?: (?:{PLACES}|\d+%))+|(?:[^|\n]*\|)?\d+(?:x\d+)?(?:px|%)?"
)
"""Orders of Marp, Deckset and Obsidian in the place of what a picture shows."""


def read_order(alt: str) -> Order:
    """What the words at the beginning of a description say.

    Raises InputError for an order that is not known.
    """
    if OTHERS.fullmatch(alt):
        raise InputError("other_picture", text=alt)
    if not FIRST.match(alt):
        return Order(alt)
    sizes, words = dict[str, str](), alt.split()
    order = Order(alt, sizes, background="bg" in words)
    while words and (found := WORD.fullmatch(words[0])) and (order.background or found[1]):
        if found[1]:
            sizes["width" if found[1].startswith("w") else "height"] = found[2]
        elif found[3]:
            share = percent(found[4]) if found[4] else order.share
            order = order._replace(side=found[3], share=share)
        words.pop(0)
    if (words and STRANGE.fullmatch(words[0])) or not 0.05 <= order.share <= 0.95:
        raise InputError("other_picture", text=alt)
    return order._replace(alt=" ".join(words))


def row(pictures: Sequence[Picture]) -> Block:
    """Pictures beside each other: as wide as they ask for, or else equally high."""
    if len(pictures) == 1:
        return pictures[0]
    wanted = [one.width or one.points / TEXT_WIDTH for one in pictures]
    if all(wanted):
        shares = [one / max(1.0, sum(wanted)) for one in wanted]
        rest = (1 - sum(shares)) / len(shares)
        given = [one._replace(width=min(1.0, share / (share + rest)), points=0.0)
                 for one, share in zip(pictures, shares, strict=True)]  # fmt: skip
        return Columns(tuple((one,) for one in given), tuple(share + rest for share in shares))
    extents = [*map(extent, pictures)]
    high = min(high for _, high in extents) * UNITS["px"]
    wide = [high * extent[0] / extent[1] for extent in extents]
    same = (one._replace(width=0.0, points=each) for one, each in zip(pictures, wide, strict=True))
    return Columns(tuple((one,) for one in same), tuple(each / sum(wide) for each in wide))


def beside(blocks: tuple[Block, ...], sides: Sequence[Side], source: str) -> tuple[Block, ...]:
    """The blocks of a slide with pictures at its left or right side; several share a side.

    Raises GraphstepError, with the place in the source, where texts would be on a picture, or a
    figure beside one.
    """
    for side in sides:
        if any(isinstance(block, FigureBlock) for block in blocks):
            raise GraphstepError("picture_beside_figure", source=source, span=side.span)
        if blocks and not side.side:
            raise GraphstepError("picture_behind_text", source=source, span=side.span)
    for name in ("left", "right", ""):
        found = [side for side in sides if side.side == name]
        pictures = tuple(_filling(side.picture) for side in found)
        if found and blocks:
            share = found[-1].share
            both, shares = (blocks, pictures), (1 - share, share)
            turn = -1 if name == "left" else 1
            blocks = (Columns(both[::turn], shares[::turn]),)
        elif found:
            blocks = pictures
    return blocks


def _filling(picture: Picture) -> Picture:
    """A picture as wide as its place, unless it has a size."""
    return picture if picture.width or picture.points else picture._replace(width=1.0)
