"""What changes from one frame to the next, as small pictures: a film is drawn from these.

A frame drawn whole takes as long as the figure is large, and a film would take its square.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from math import ceil, floor, sqrt
from typing import TYPE_CHECKING, NamedTuple

from ..look.png import fitting, png
from ..look.style import PAGES
from ..look.text_widths import width
from ..painting.shapes import Box, Shape, Text
from ..painting.svg import SHARE
from .png import PIXELS

if TYPE_CHECKING:
    from ..figure.figure import Figure

MOST_PIXELS = 16_000_000  # of a frame, two screens of the largest usual size, if texts stay legible
CALL = 20_000.0  # square units that are drawn in the time that it takes to begin another drawing
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


PIXEL = Area(0.0, 0.0, 1.0, 1.0)  # drawn again where nothing differs


class Sentence(NamedTuple):
    """A line below a figure, on its baseline."""

    x: float
    y: float
    text: str
    size: float


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
    wide, high = figure.page[:2]
    scale = min(PIXELS, max(1.0, sqrt(MOST_PIXELS / (wide * high))))
    scale, before = fitting(wide, high, scale), set[Shape | Sentence]()
    for frame in figure.frames:
        svg = frame.svg()
        shown = {*frame.shapes.shapes, *_sentences(svg, figure.page.size)}
        if not before:
            whole = f'viewBox="0 0 {wide:.6g} {high:.6g}" width="{wide:.6g}" height="{high:.6g}"'
            yield [Patch(0, 0, png(VIEW.sub(whole, svg, count=1), scale, page))]
        else:
            areas = _together(_on_page(figure, one) for one in before ^ shown)
            found = list(_pixels(figure, areas, scale)) or [PIXEL]
            yield [_patch(svg, area, scale, page) for area in found]
        before = shown


def _sentences(svg: str, size: float) -> Iterator[Sentence]:
    """The lines below the figure."""
    for x, y, text in TEXT.findall(svg, svg.rindex("</g>")):
        yield Sentence(float(x), float(y), unescape(text), size)


def _on_page(figure: Figure, one: Shape | Sentence) -> Area:
    """An area of a frame that contains a shape or a line."""
    if isinstance(one, Sentence):
        return Area(one.x, one.y - one.size, one.x + width(one.text, one.size), one.y)
    left, top, right, bottom = _extent(one)
    return Area(left + figure.page.left, top, right + figure.page.left, bottom)


def _together(areas: Iterable[Area]) -> list[Area]:
    """Areas, some of them as one, where that takes less time than to draw them alone."""
    found = list[Area]()
    for area in sorted(areas):
        grown = area
        for other in found[:]:
            both = _around((grown, other))
            if _size(both) <= _size(grown) + _size(other) + CALL:
                found.remove(other)
                grown = both
        found.append(grown)
    return found


def _size(area: Area) -> float:
    return (area.right - area.left) * (area.bottom - area.top)


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
