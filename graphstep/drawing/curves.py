"""Wires as joined cubic Bezier curves: straight lines, moved ends, and whole layouts raised."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

from .layout import Layout
from .measures import Point

Rect = tuple[float, ...]  # left, top, right, bottom
TURNS = (96.0, 48.0, 24.0)  # lengths over which a wire reaches its box's height, best first


def straight(start: float, end: float, y: float) -> tuple[Point, ...]:
    """A horizontal line as a curve."""
    third = (end - start) / 3
    return tuple((x, y) for x in (start, start + third, end - third, end))


def ended(curve: tuple[Point, ...], end: Point) -> tuple[Point, ...]:
    """The curve with its end moved, and its last control point with it."""
    *rest, handle, last = curve
    dx, dy = end[0] - last[0], end[1] - last[1]
    return (*rest, (handle[0] + dx, handle[1] + dy), end)


def lean_of(reach: list[tuple[float, float]]) -> float:
    """How far above the middle of its box each wire lies, so that the total height is least.

    All wires get the same distance, so that what Graphviz draws straight stays straight.
    """
    found = {max(down - up, 0.0) / 2 for up, down in reach}
    return min(sorted(found), key=lambda lean: sum(max(u + lean, d - lean) for u, d in reach))


def raised(
    layout: Layout, lean: float, reach: list[tuple[float, float]], widths: list[float]
) -> Layout:
    """The layout with wires above the middles of their boxes, and no more height than needed.

    Curves approach their boxes as smoothly as they can without crossing another box.
    """
    middles = [y - lean for _, y in layout.centres]
    ends = [y for curve in layout.curves for _, y in curve]
    top = min(*ends, *(y - up for y, (up, _) in zip(middles, reach, strict=True)))
    low = max(*ends, *(y + down for y, (_, down) in zip(middles, reach, strict=True)))
    full: list[Rect] = sorted(
        (x - wide / 2, y - up, x + wide / 2, y + down)
        for (x, _), y, (up, down), wide in zip(layout.centres, middles, reach, widths, strict=True)
    )

    def moved(curve: tuple[Point, ...]) -> tuple[Point, ...]:
        cuts = (_cut(_cut(curve, turn)[::-1], turn)[::-1] for turn in TURNS)
        for found in (_ends_raised(one, lean) for one in (curve, *cuts)):
            if not _enters(found, full, max(widths)):
                break
        return tuple((x, y - top) for x, y in found)

    centres = tuple((x, y - lean - top) for x, y in layout.centres)
    return Layout(layout.width, low - top, centres, tuple(map(moved, layout.curves)))


def _ends_raised(curve: tuple[Point, ...], lean: float) -> tuple[Point, ...]:
    """The curve with both ends raised, and their control points with them."""
    kept = range(2, len(curve) - 2)
    return tuple((x, y - lean * (k not in kept)) for k, (x, y) in enumerate(curve))


def _cut(curve: tuple[Point, ...], length: float) -> tuple[Point, ...]:
    """The same curve with its first piece split at a length (de Casteljau)."""
    (a, b, c, d), rest = curve[:4], curve[4:]
    t = min(0.5, length / max(abs(d[0] - a[0]), 1.0))
    ab, bc, cd = (_between(p, q, t) for p, q in ((a, b), (b, c), (c, d)))
    abc, bcd = _between(ab, bc, t), _between(bc, cd, t)
    return (a, ab, abc, _between(abc, bcd, t), bcd, cd, d, *rest)


def _between(p: Point, q: Point, t: float) -> Point:
    return p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])


def _enters(curve: tuple[Point, ...], boxes: list[Rect], widest: float) -> bool:
    """Whether a curve runs through a box; `boxes` are sorted from left to right."""
    xs, ys = zip(*curve, strict=True)
    start, end, top, low = min(xs), max(xs), min(ys), max(ys)
    near = [
        box
        for box in boxes[bisect_left(boxes, (start - widest,)) : bisect_left(boxes, (end,))]
        if start < box[2] and box[1] < low and top < box[3]
    ]
    return any(
        left < x < right and top < y < low
        for k in range(0, len(curve) - 3 if near else 0, 3)
        for x, y in _points(curve[k : k + 4])
        for left, top, right, low in near
    )


def _points(piece: tuple[Point, ...]) -> list[Point]:
    """Points on one piece of a curve."""
    found: list[Point] = []
    for k in range(1, 16):
        row = list(piece)
        while len(row) > 1:
            row = [_between(p, q, k / 16) for p, q in pairwise(row)]
        found += row
    return found
