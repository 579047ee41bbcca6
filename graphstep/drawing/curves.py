"""Wires as joined cubic Bezier curves: around all boxes, with ends moved, whole layouts raised."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple, Self

from .layout import Layout
from .measures import Point

Rect = tuple[float, ...]  # left, top, right, bottom
BEND, ARC = 12.0, 0.5523  # the radius of a turn between rows, and a quarter circle's control points


def straight(start: float, end: float, y: float) -> tuple[Point, ...]:
    """A horizontal line as a curve."""
    third = (end - start) / 3
    return (start, y), (start + third, y), (end - third, y), (end, y)


def returning(
    begin: Point, right: float, middle: float, left: float, end: Point
) -> tuple[Point, ...]:
    """A wire from the end of a row to the start of the next one, around the ends of both.

    It turns at the right, runs back at the height `middle` between the rows, and turns at the left.
    """
    out, back = min(BEND, (middle - begin[1]) / 2), min(BEND, (end[1] - middle) / 2)
    far, near = right + out, left - back
    return (
        *straight(begin[0], right, begin[1]),
        *_quarter((right, begin[1]), (far, begin[1]), (far, begin[1] + out)),
        *_line((far, begin[1] + out), (far, middle - out)),
        *_quarter((far, middle - out), (far, middle), (right, middle)),
        *_line((right, middle), (left, middle)),
        *_quarter((left, middle), (near, middle), (near, middle + back)),
        *_line((near, middle + back), (near, end[1] - back)),
        *_quarter((near, end[1] - back), (near, end[1]), (left, end[1])),
        *_line((left, end[1]), end),
    )


def _line(start: Point, end: Point) -> tuple[Point, ...]:
    """The rest of a straight curve from its start."""
    return _between(start, end, 1 / 3), _between(start, end, 2 / 3), end


def _quarter(start: Point, corner: Point, end: Point) -> tuple[Point, ...]:
    """The rest of a quarter of a circle from its start."""
    return _between(start, corner, ARC), _between(end, corner, ARC), end


def _between(p: Point, q: Point, t: float) -> Point:
    return p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])


def ended(curve: tuple[Point, ...], end: Point) -> tuple[Point, ...]:
    """The curve with its end moved, and its last control point with it."""
    *rest, handle, last = curve
    dx, dy = end[0] - last[0], end[1] - last[1]
    return (*rest, (handle[0] + dx, handle[1] + dy), end)


def between(curve: tuple[Point, ...], start: float, end: float) -> tuple[Point, ...]:
    """The curve without its wiggles above and below two heights."""
    low, high = sorted((start, end))
    return tuple([(x, min(max(y, low), high)) for x, y in curve])


def _bent(start: Point, end: Point, turn: float = 0.0) -> tuple[Point, ...]:
    """The rest of a curve that leaves its start horizontally and meets its end at an angle."""
    far = end[0] - start[0]
    pull = max(0.55 * far, min(0.8 * far, 10.0))  # less than all of it, or the curve would run back
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
            flat = straight(self.lefts[c] - ASIDE, self.rights[c], y)
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
        """Whether a curve runs from left to right, through no box but its own ones."""
        return all(self._passes(curve[k : k + 4], own) for k in range(0, len(curve) - 3, 3))

    def _passes(self, piece: tuple[Point, ...], own: Collection[int]) -> bool:
        """The same of one piece."""
        if _turns_back(piece):
            return False
        start, end, course = piece[0][0], piece[-1][0], Course.of(piece)
        for c in range(bisect_right(self.rights, start), bisect_left(self.lefts, end + ASIDE)):
            ys = course.heights(self.lefts[c] - ASIDE, self.rights[c])
            if ys and any(course.enters(box) for box in self._around(c, min(ys), max(ys), own)):
                return False
        return True

    def _around(self, c: int, top: float, low: float, own: Collection[int]) -> list[Rect]:
        """The boxes of a column, but the own ones, that reach between two heights."""
        tops = self.tops[c]
        first, last = max(bisect_right(tops, top) - 1, 0), bisect_left(tops, low)
        near = self.boxes[c][first:last]
        return [box for box, k in near if box[3] > top and k not in own]

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
ASIDE = 2.5  # between the name or gate at the left of a box and the wires of others
PASSING = 3.0  # between a wire and the boxes that it passes, where there is room


def _turns_back(piece: tuple[Point, ...]) -> bool:
    """Whether a piece runs from right to left anywhere."""
    (x0, _), (x1, _), (x2, _), (x3, _) = piece
    return x3 < x0 or any(0.0 < t < 1.0 for t in _turns((x0, x1, x2, x3)))


class Course(NamedTuple):
    """A cubic Bezier curve that runs from left to right, as polynomials of its parameter.

    Each is how much the parameter counts cubed, squared and once, and where the curve begins.
    """

    x: tuple[float, float, float, float]
    y: tuple[float, float, float, float]
    end: float
    turns: list[float]  # the parameters of the highest and the lowest points

    @classmethod
    def of(cls, piece: tuple[Point, ...]) -> Self:
        """The course of a piece of a wire."""
        xs, ys = zip(*piece, strict=True)
        return cls(_powers(xs), _powers(ys), xs[-1], _turns(ys))

    def enters(self, box: Rect) -> bool:
        """Whether the curve enters a box, be it between two points on it."""
        left, top, right, low = box
        ys = self.heights(left - ASIDE, right - GRAZE)
        return bool(ys) and max(ys) > top + GRAZE and min(ys) < low - GRAZE

    def heights(self, left: float, right: float) -> list[float]:
        """The heights at two sides, and where the curve turns between them.

        All of its other heights between the sides are between these.
        """
        begin = self._when(left) if self.x[-1] < left else 0.0
        end = self._when(right) if self.end > right else 1.0
        if begin > end:
            return []
        a, b, c, d = self.y
        turns = [t for t in self.turns if begin < t < end]
        return [((a * t + b) * t + c) * t + d for t in (begin, end, *turns)]

    def _when(self, x: float) -> float:
        """The parameter at which the curve is at x, which is on it."""
        a, b, c, begin = self.x
        low, high, before, after = 0.0, 1.0, begin, self.end
        for _ in range(HALVINGS):
            t = (low + high) / 2
            now = ((a * t + b) * t + c) * t + begin
            if now < x:
                low, before = t, now
            else:
                high, after = t, now
        return low + (high - low) * (x - before) / (after - before)


def _powers(controls: tuple[float, ...]) -> tuple[float, float, float, float]:
    """A cubic Bezier curve of one coordinate as a polynomial."""
    p, q, r, s = controls
    return s - p + 3 * (q - r), 3 * (p - 2 * q + r), 3 * (q - p), p


def _turns(ys: tuple[float, ...]) -> list[float]:
    """Where a cubic Bezier curve has its highest and its lowest points, as parameters.

    They are the zeros of its derivative: a t**2 + 2 b t + c.
    """
    y0, y1, y2, y3 = ys
    if y0 <= y1 <= y2 <= y3 or y0 >= y1 >= y2 >= y3:
        return []
    a, b, c = 3 * (y1 - y2) + y3 - y0, y0 - 2 * y1 + y2, y1 - y0
    inside = b * b - a * c
    if inside <= 0:
        return []
    q = -(b + math.copysign(math.sqrt(inside), b))
    return [top / low for top, low in ((q, a), (c, q)) if low]


HALVINGS = 7  # of a curve, to find a place on it; between two places it is as good as straight


def lean_of(reach: list[tuple[float, float]]) -> float:
    """How far above the middle of its box each wire lies, so that the total height is least.

    All wires get the same distance, so that what Graphviz draws straight stays straight.
    """
    often = Counter(reach)
    found = {max(down - up, 0.0) / 2 for up, down in often}

    def height(lean: float) -> float:
        return sum([n * max(up + lean, down - lean) for (up, down), n in often.items()])

    return min(sorted(found), key=height)


def raised(layout: Layout, lean: float, reach: list[tuple[float, float]]) -> Layout:
    """The layout with wires above the middles of their boxes, and no more height than needed."""
    ends = [y for curve in layout.curves for _, y in curve]
    middles = [(y - lean, *far) for (_, y), far in zip(layout.centres, reach, strict=True)]
    top = min([*ends, *(y - up for y, up, _ in middles)])
    low = max([*ends, *(y + down for y, _, down in middles)])

    def moved(points: tuple[Point, ...]) -> tuple[Point, ...]:
        return tuple([(x, y - lean - top) for x, y in points])

    curves = tuple(map(moved, layout.curves))
    return Layout(layout.width, low - top, moved(layout.centres), curves)


def lowered(curve: tuple[Point, ...], lean: float) -> tuple[Point, ...]:
    """A raised curve that is where it was before, but for its ends with their control points."""
    return (*curve[:2], *[(x, y + lean) for x, y in curve[2:-2]], *curve[-2:])
