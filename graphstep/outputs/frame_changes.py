"""What changes from one frame to the next, as small pictures: a film is drawn from these.

A frame drawn whole takes as long as the figure is large, and a film would take its square.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from ..look.png import fitting, png
from ..look.style import PAGES
from ..look.text_widths import width
from ..painting.shapes import Box, Shape, Text
from ..painting.svg import SHARE
from .png import PIXELS, svg_of

if TYPE_CHECKING:
    from ..figure.figure import Figure, Frame

AROUND = 8.0  # units around a shape: half a stroke, and letters below a baseline
TALLEST = 40.0  # units that a text reaches above or below its baseline
WIDEST = 20.0  # units of a character
TEXT = re.compile(r'<text [^>]*?\bx="([-\d.e]+)" y="([-\d.e]+)"[^>]*>(.*?)</text>\n?', re.DOTALL)
VIEW = re.compile(r'viewBox="[^"]*" width="[^"]*" height="[^"]*"')
TAG = re.compile("<[^>]*>")


class Area(NamedTuple):
    """A rectangle, in units of the SVG or in pixels."""

    left: float
    top: float
    right: float
    bottom: float


class Patch(NamedTuple):
    """A part of a frame as a PNG, and the pixel where its upper left corner goes."""

    left: int
    top: int
    png: bytes


def patches(figure: Figure) -> Iterator[list[Patch]]:
    """The first frame whole, then for each frame the parts that differ from the one before it.

    They are drawn one by one. Raises OutputError for a figure that is too large for a picture.
    """
    page = PAGES[figure.style.printed]
    scale = fitting(figure.page.width, figure.page.height, PIXELS)
    before: Frame | None = None
    for frame in figure.frames:
        svg = svg_of(frame)
        if before is None:
            yield [Patch(0, 0, png(svg, scale, page))]
        else:
            areas = _pixels(figure, _changed(before, frame), scale)
            yield [_patch(svg, area, scale, page) for area in areas]
        before = frame


def _changed(before: Frame, frame: Frame) -> Iterator[Area]:
    """Where two frames differ: in the figure, and below it in their sentences."""
    old, new = before.shapes.shapes, frame.shapes.shapes
    page = frame.figure.page
    areas = [_extent(shape) for shape in {*old} ^ {*new}]
    if areas:
        left, top, right, bottom = _around(areas)
        yield Area(left + page.left, top, right + page.left, bottom)
    said = [f"{one.caption}\n{one.legend}" for one in (before, frame)]
    if said[0] != said[1]:
        wide = max(width(line, page.size) for text in said for line in text.splitlines())
        yield Area(0.0, page.bottom, wide + 2 * AROUND, page.height)


def _around(areas: Iterable[Area]) -> Area:
    lefts, tops, rights, bottoms = zip(*areas, strict=True)
    return Area(min(lefts), min(tops), max(rights), max(bottoms))


def _extent(shape: Shape) -> Area:
    """An area that contains a shape."""
    if isinstance(shape, Box):
        return Area(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
    if isinstance(shape, Text):
        wide = sum(width(run.text, run.look.size) for run in shape.runs)
        left = shape.x - wide * SHARE[shape.look.anchor]
        rise = max(run.rise for run in shape.runs) + max(run.look.size for run in shape.runs)
        low = min(run.rise for run in shape.runs)
        return Area(left, shape.y - rise, left + wide, shape.y - low)
    points = [point for _, points in shape.pieces for point in points]
    return _around(Area(x, y, x, y) for x, y in points)


def _pixels(figure: Figure, areas: Iterable[Area], scale: float) -> Iterator[Area]:
    """Areas with some space around them, in whole pixels of the picture."""
    most = floor(figure.page.width * scale), floor(figure.page.height * scale)
    for area in areas:
        left, top = (max(0, floor((x - AROUND) * scale)) for x in area[:2])
        right, bottom = (
            min(m, ceil((x + AROUND) * scale)) for x, m in zip(area[2:], most, strict=True)
        )
        if left < right and top < bottom:
            yield Area(left, top, right, bottom)


def _patch(svg: str, area: Area, scale: float, page: str) -> Patch:
    """A part of a picture, drawn alone."""
    left, top, right, bottom = (side / scale for side in area)
    view = f'viewBox="{left!r} {top!r} {right - left!r} {bottom - top!r}"'
    view += f' width="{right - left!r}" height="{bottom - top!r}"'
    part = VIEW.sub(view, _texts_within(svg, Area(left, top, right, bottom)), count=1)
    return Patch(int(area.left), int(area.top), png(part, scale, page))


def _texts_within(svg: str, area: Area) -> str:
    """An SVG without most of the texts outside of an area, since texts take the time."""
    shift = TALLEST * WIDEST  # figures narrower than their sentences are in the middle

    def kept(found: re.Match[str]) -> str:
        x, y, reach = float(found[1]), float(found[2]), len(TAG.sub("", found[3])) * WIDEST + shift
        near = area.left - reach < x < area.right + reach
        return found[0] if near and area.top - TALLEST < y < area.bottom + TALLEST else ""

    return TEXT.sub(kept, svg)
