"""How large the letters in drawings from files are on a slide, where the file says so itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import inf
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from ..slides.deck import Block, Paragraph, Picture, Slide, inner
from ..slides.text_forecast import Place, picture_place
from .sizes import extent

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

USUAL = 16.0  # the size of letters that a drawing does not give
SIZE = re.compile(r"([0-9.]+)(?:px|pt)?")
STYLED = re.compile(r"font-size\s*:\s*([^;]+)")
PIXEL = 0.75  # points


def letters(slide: Slide, aspect: str) -> float:
    """The size in points of the smallest letters in the drawings of a slide, as far as known."""
    wide, high = picture_place(slide, aspect)
    found = _pictures(slide.blocks, Place(wide))
    return min((_shown(picture, place, high) for picture, place in found), default=inf)


def _pictures(blocks: Iterable[Block], place: Place) -> Iterator[tuple[Picture, float]]:
    """Pictures on lines of their own, each with the width of its place."""
    for block in blocks:
        alone = isinstance(block, Paragraph) and len(block.parts) == 1
        shown = block.parts[0] if alone and isinstance(block, Paragraph) else block
        if isinstance(shown, Picture) and not shown.frame:
            yield shown, place.wide
        else:
            for held, inside in zip(inner(block), place.inside(block), strict=True):
                yield from _pictures(held, inside)


def _shown(picture: Picture, wide: float, high: float) -> float:
    """The size of the smallest letters of a picture in a place."""
    smallest = _smallest(picture.data) if picture.suffix == ".svg" else inf
    if smallest == inf:
        return inf
    width, height = extent(picture)
    wanted = picture.width * wide or picture.points or PIXEL * width
    return smallest * min(wanted, wide, high * width / height) / width


@lru_cache
def _smallest(data: bytes) -> float:
    """The size of the smallest letters of a drawing in its pixels; infinite if it is unknown."""
    root = ElementTree.fromstring(data)  # it was vetted when it was read
    if any("scale" in it or "matrix" in it for e in root.iter() if (it := e.get("transform"))):
        return inf
    return min(_sizes(root, USUAL), default=inf)


def _sizes(element: Element, size: float) -> Iterator[float]:
    """The sizes of all texts in an element."""
    styled = STYLED.search(element.get("style", ""))
    given = SIZE.fullmatch((styled[1] if styled else element.get("font-size", "")).strip())
    size = float(given[1]) if given else size
    if (element.text or "").strip() and element.tag.endswith(("text", "tspan")):
        yield size
    for inside in element:
        yield from _sizes(inside, size)
