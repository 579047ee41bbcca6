"""Arrays drawn in their places: numbers between brackets, or heat maps with their scale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate, chain

from ..base.signs import MINUS
from ..drawing.measures import (
    BRACKET,
    CELL,
    CELL_GAP,
    LABEL,
    LINE,
    MARGIN,
    Drawing,
    Place,
    cell_size,
)
from ..look.looks import NUMBERS, SMALL, TEXT
from ..look.matrices import LEVELS, ArrayBlock, runs
from ..look.text_widths import number_width, width
from .elements import CORNER, Element, Group, Label, Line, Part, Rectangle, before, text


def array(place: Place, block: ArrayBlock) -> Group:
    """The array of a place, after its name if it has one."""
    left, right = place.x - place.width / 2 + width(place.prefix, TEXT), place.x + place.width / 2
    parts: list[Element] = []
    middle = (left + right) / 2
    if block.rows:
        parts += _numbers(place, block, middle, right - left)
    elif block.levels:
        parts += _map(place, block, middle)
    for k, line in enumerate(block.lines):
        parts.append(text(line, middle, place.y + (k + 1) * LABEL - 2, size=SMALL))
    if place.prefix:
        parts.insert(0, before(place, min(x for one in parts for x in _ends(one))))
    return Group(tuple(parts), NUMBERS[place.slot.kind], slot=place.slot)


def around(place: Place, drawn: Group) -> Rectangle:
    """The outline around an array that a step uses, without the name before it."""
    ends = [x for one in drawn.parts for x in _ends(one)]
    left, right = min(ends) - 2, max(ends) + 2
    return Rectangle(left, place.y - 2, right - left, place.height + 4, CORNER, "u")


def _ends(one: Element) -> tuple[float, ...]:
    """The left and right end of a part of an array: brackets, the frame of a map, or a text."""
    if isinstance(one, Rectangle):
        return one.x, one.x + one.width
    if isinstance(one, Line) and one.kind == "br":
        return one.numbers[2::5]
    if isinstance(one, Label) and one.kind != "n":
        half = width("".join(part.text for part in one.parts), SMALL) / 2
        return one.x - half, one.x + half
    return ()


def _numbers(place: Place, block: ArrayBlock, middle: float, available: float) -> Iterator[Element]:
    """Rows of numbers, aligned right, between brackets; their shape is written beside them.

    The rare number with a long exponent makes all of them smaller.
    """
    size = SMALL if place.slot.kind == "local" else CELL
    label = block.label if place.slot.kind != "local" else ""
    beside = width(label, SMALL) + 3 if label else 0.0
    fixed = 2 * BRACKET + CELL_GAP * (len(block.rows[0]) - 1) + beside
    columns = zip(*block.rows, strict=True)
    wide = [max(number_width(cell, size) for cell in column) for column in columns]
    smaller = min(1.0, (available - fixed) / sum(wide))
    wide = [w * smaller for w in wide]
    inner = sum(wide) + CELL_GAP * (len(wide) - 1)
    left = middle - (inner + 2 * BRACKET + beside) / 2
    right, bottom = left + inner + 2 * BRACKET, place.y + LINE * len(block.rows) + 2
    ends = list(accumulate((w + CELL_GAP for w in wide), initial=left + BRACKET - CELL_GAP))[1:]
    yield _brackets(left, right, place.y, bottom)
    yield _cells(block.rows, ends, place.y, size * smaller)
    if label:
        yield text(label, right + 3 + width(label, SMALL) / 2, bottom - 1, "l")


def _brackets(left: float, right: float, top: float, bottom: float) -> Line:
    sides = ((x + hook, top, x, bottom, x + hook) for x, hook in ((left, 3.5), (right, -3.5)))
    return Line("MHVH" * 2, tuple(chain(*sides)), "br")


def _cells(rows: tuple[tuple[str, ...], ...], ends: list[float], top: float, size: float) -> Group:
    """The numbers of an array, aligned at the right end of their columns."""
    cells = tuple(
        Label(x, top + LINE * (r + 1) - 2.5, (Part(cell),))
        for r, row in enumerate(rows)
        for x, cell in zip(ends, row, strict=True)
    )
    return Group(cells, own={"anchor": "end", "size": round(size, 2)})


def _map(place: Place, block: ArrayBlock, middle: float) -> Iterator[Element]:
    """A heat map, one path for the cells of each level, and the array's shape under it."""
    rows, columns = len(block.levels), len(block.levels[0])
    cell = cell_size(rows, columns)
    left, top = middle - columns * cell / 2, place.y
    for level, cells in sorted(runs(block.levels).items()):
        strips = ((left + c * cell, top + r * cell, n * cell, cell) for r, c, n in cells)
        kind = "hj" if place.slot.kind == "local" else colour(level)
        yield _strips(strips, kind, min(abs(level) / LEVELS, 1.0))
    yield Rectangle(left, top, columns * cell, rows * cell, kind="fr")
    yield text(block.label, middle, top + rows * cell + LABEL - 2, "l")


def _strips(strips: Iterable[tuple[float, ...]], kind: str, opacity: float) -> Line:
    """Rectangles (left, top, width, height) as one path."""
    numbers = [(x, y, x + wide, y + high, x) for x, y, wide, high in strips]
    return Line("MHVHZ" * len(numbers), tuple(chain(*numbers)), kind, round(opacity, 4))


def colour(level: int) -> str:
    """The kind of element for cells of a level: a warning for numbers that are not finite."""
    return "b" if abs(level) > LEVELS else "hp" if level > 0 else "hm"


def scale(drawing: Drawing, most: str) -> Group:
    """The colour scale of heat maps, from `-most` through 0 to `most`.

    It is below the figure, in coordinates of the whole picture, margin included.
    """
    top, ends = drawing.height + 2 * MARGIN, width(MINUS + most, SMALL)
    left, cell = MARGIN + ends + 4, 8.0
    squares = (
        _strips([(left + k * cell, top, cell, cell)], colour(level), abs(level) / LEVELS)
        for k, level in enumerate(range(-LEVELS, LEVELS + 1))
    )
    middle, right = left + (LEVELS + 0.5) * cell, left + (2 * LEVELS + 1) * cell
    texts = (
        text(f"{MINUS}{most}", MARGIN + ends / 2, top + 8, "l"),
        text(most, right + 4 + ends / 2, top + 8, "l"),
        text("0", middle, top + 18, "l"),
    )
    frame = Rectangle(left, top, right - left, cell, kind="fr")
    return Group((*squares, frame, *texts), "gs-scale")
