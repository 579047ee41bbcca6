"""Wires as joined cubic Bezier curves: around all boxes, with ends moved, whole layouts raised."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from itertools import chain

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


def _pieces(curve: tuple[Point, ...]) -> Iterator[tuple[Point, ...]]:
    """The single cubic curves of which a curve is joined."""
    return (curve[k : k + 4] for k in range(0, len(curve) - 3, 3))


def between(curve: tuple[Point, ...], start: float, end: float) -> tuple[Point, ...]:
    """The curve without its wiggles above and below two heights."""
    low, high = sorted((start, end))
    return tuple((x, min(max(y, low), high)) for x, y in curve)


def _bent(start: Point, end: Point, turn: float = 0.0) -> tuple[Point, ...]:
    """The rest of a curve that leaves its start horizontally and meets its end at an angle."""
    pull = max(0.55 * (end[0] - start[0]), 10.0)
    low, high = sorted((start[1], end[1]))  # a control point beyond them would make a wiggle
    handle_y = min(max(end[1] + pull * math.sin(turn), low), high)
    return (start[0] + pull, start[1]), (end[0] - pull * math.cos(turn), handle_y), end


class Columns:
    """The boxes of a layout, column by column. Wires pass between the boxes of a column."""

    def __init__(self, middles: Sequence[float], boxes: Sequence[Rect]) -> None:
        places = sorted(set(middles))
        self.of = [bisect_left(places, x) for x in middles]
        self.boxes: list[list[tuple[Rect, int]]] = [[] for _ in places]
        for k, box in enumerate(boxes):
            self.boxes[self.of[k]].append((box, k))
        for column in self.boxes:
            column.sort(key=lambda one: one[0][1])
        self.tops = [[box[1] for box, _ in column] for column in self.boxes]
        self.lefts = [min(box[0] for box, _ in column) for column in self.boxes]
        self.rights = [max(box[2] for box, _ in column) for column in self.boxes]

    def way(self, begin: Point, tail: int, head: int, end: Point, turn: float) -> tuple[Point, ...]:
        """A curve from a place in one box to the left of another, which it meets at an angle.

        Straight to the end of a column, then one smooth S to the next one.
        """
        column, y = self.of[tail], begin[1]
        found: tuple[Point, ...] = straight(begin[0], self.rights[column], y)
        for c in range(column + 1, self.of[head]):
            y = self._gap(c, y + (end[1] - y) / (self.of[head] - c + 1))
            flat = straight(self.lefts[c], self.rights[c], y)
            found = (*found, *_bent(found[-1], flat[0]), *flat[1:])
        direct, left = (found[-1], *_bent(found[-1], end, turn)), self.lefts[self.of[head]]
        if end[0] < left + GRAZE or self.is_free(direct, (tail, head)):
            return (*found, *direct[1:])
        rail = (left, end[1])
        return (*found, *_bent(found[-1], rail), *straight(rail[0], *end)[1:])

    def bow(self, begin: Point, tail: int, end: Point, turn: float) -> tuple[Point, ...]:
        """A curve past all columns at once: straight to the end of the first, then one smooth S."""
        found = straight(begin[0], self.rights[self.of[tail]], begin[1])
        return (*found, *_bent(found[-1], end, turn))

    def is_free(self, curve: tuple[Point, ...], own: Collection[int]) -> bool:
        """Whether a curve that runs from left to right goes through no box but its own ones."""
        pieces = _pieces(curve)
        return not any(self._is_crossed(c, p, own) for p in pieces for c in self._columns(p))

    def _columns(self, piece: tuple[Point, ...]) -> range:
        """The columns that a piece of a curve passes."""
        first = bisect_left(self.rights, piece[0][0])
        return range(first, bisect_right(self.lefts, piece[-1][0]))

    def _is_crossed(self, c: int, piece: tuple[Point, ...], own: Collection[int]) -> bool:
        """Whether a piece goes through a box of a column that is not its own.

        Where the rectangle around it meets no such box, no point has to be looked at.
        """
        ys = [y for _, y in piece]
        top, tops = min(ys), self.tops[c]
        first, last = max(bisect_right(tops, top) - 1, 0), bisect_left(tops, max(ys))
        near = [box for box, k in self.boxes[c][first:last] if k not in own and box[3] > top]
        if not near:
            return False
        points = points_on(piece, min(box[0] for box in near), max(box[2] for box in near))
        return any(self._box_at(c, x, y) not in (None, *own) for x, y in points)

    def _box_at(self, c: int, x: float, y: float) -> int | None:
        """The box at a point of a column."""
        k = bisect_right(self.tops[c], y) - 1
        (left, top, right, low), box = self.boxes[c][max(k, 0)]
        inside = left + GRAZE < x < right - GRAZE and top + GRAZE < y < low - GRAZE
        return box if inside else None

    def _gap(self, c: int, y: float) -> float:
        """The height nearest to y at which a wire can pass a column."""
        column, k = self.boxes[c], bisect_right(self.tops[c], y + PASSING) - 1
        if k < 0 or y > column[k][0][3] + PASSING:
            return y
        top, low = column[k][0][1], column[k][0][3]
        above = column[k - 1][0][3] if k else top - 2 * PASSING
        under = self.tops[c][k + 1] if k + 1 < len(column) else low + 2 * PASSING
        gaps = (max(top - PASSING, (above + top) / 2), min(low + PASSING, (low + under) / 2))
        return min(gaps, key=lambda found: abs(found - y))


GRAZE = 0.25  # how far a wire may touch the empty edge of a box
PASSING = 3.0  # between a wire and the boxes that it passes, where there is room
STEP = 3.0  # between points at which a curve is looked at


def points_on(piece: tuple[Point, ...], left: float, right: float) -> Iterator[Point]:
    """Points between two sides on a piece that runs from left to right, close to each other."""
    xs, ys = zip(*piece, strict=True)
    steps = 2 + int((abs(xs[-1] - xs[0]) + abs(ys[-1] - ys[0])) / STEP)
    first = bisect_left(range(steps), left, key=lambda n: _at(xs, n / steps))
    for n in range(first, steps + 1):
        x = _at(xs, n / steps)
        if x > right:
            break
        yield x, _at(ys, n / steps)


def _at(controls: tuple[float, ...], t: float) -> float:
    """A coordinate of a cubic Bezier curve."""
    (a, b, c, d), u = controls, 1 - t
    return u * u * (u * a + 3 * t * b) + t * t * (3 * u * c + t * d)


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
    top = min([*ends, *(y - up for y, (up, _) in zip(middles, reach, strict=True))])
    low = max([*ends, *(y + down for y, (_, down) in zip(middles, reach, strict=True))])
    full: list[Rect] = sorted(
        (x - wide / 2, y - up, x + wide / 2, y + down)
        for (x, _), y, (up, down), wide in zip(layout.centres, middles, reach, widths, strict=True)
    )

    columns, widest = sorted({x for x, _ in layout.centres}), max(widths)

    def moved(curve: tuple[Point, ...]) -> tuple[Point, ...]:
        whole = found = tuple((x, y - lean) for x, y in curve)
        if bisect_left(columns, curve[0][0]) < bisect_left(columns, curve[-1][0]):
            cuts = (_cut(_cut(curve, turn)[::-1], turn)[::-1] for turn in TURNS)
            for found in chain([whole], (_ends_raised(one, lean) for one in chain([curve], cuts))):
                if not _enters(found, full, widest):
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
    return any(
        left < x < right and top < y < low
        for piece in _pieces(curve)
        if (near := _near(piece, boxes, widest))
        for x, y in _points(piece)
        for left, top, right, low in near
    )


def _near(piece: tuple[Point, ...], boxes: list[Rect], widest: float) -> list[Rect]:
    """The boxes that the rectangle around a piece meets; the piece can run through no others."""
    xs, ys = zip(*piece, strict=True)
    start, end, top, low = min(xs), max(xs), min(ys), max(ys)
    beside = boxes[bisect_left(boxes, (start - widest,)) : bisect_left(boxes, (end,))]
    return [box for box in beside if start < box[2] and box[1] < low and top < box[3]]


def _points(piece: tuple[Point, ...]) -> list[Point]:
    """Points on one piece of a curve."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = piece
    return [
        (a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy)
        for a, b, c, d in BERNSTEIN
    ]


BERNSTEIN = [
    ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
    for t in (k / 16 for k in range(1, 16))
]  # of each point on a piece: the weights of the four that control it
