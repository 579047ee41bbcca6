"""Room for wires that cross between two columns: there they can be told apart."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from .curves import Columns
from .layout import Edge, Layout
from .measures import Point

SLOPE = 0.75  # of a gap, to the height that a wire of it runs through where it crosses others
MOST = 52.0  # points, for any gap


def widened(layout: Layout, columns: Columns, edges: Sequence[Edge]) -> Layout:
    """The layout with more room between columns where wires cross steeply; heights stay."""
    extras = _extras(layout, columns, edges)
    if not any(extras):
        return layout
    moves = [0.0, *accumulate(extras)]
    gaps = list(zip(columns.rights, columns.lefts[1:], strict=False))

    def moved(point: Point) -> Point:
        x, y = point
        k = bisect_right(gaps, (x,))
        if k == 0:
            return point
        begin, end = gaps[k - 1]
        share = min((x - begin) / max(end - begin, 1e-9), 1.0)
        return x + moves[k - 1] + share * extras[k - 1], y

    curves = tuple(tuple(map(moved, curve)) for curve in layout.curves)
    return Layout(
        layout.width + moves[-1], layout.height, tuple(map(moved, layout.centres)), curves
    )


def _extras(layout: Layout, columns: Columns, edges: Sequence[Edge]) -> list[float]:
    """What each gap between columns lacks."""
    inside: list[list[tuple[float, float]]] = [[] for _ in columns.lefts]
    for tail, head, *_ in edges:
        if columns.of[head] == columns.of[tail] + 1:
            inside[columns.of[tail]].append((layout.centres[tail][1], layout.centres[head][1]))
    gaps = zip(columns.rights, columns.lefts[1:], inside, strict=False)
    return [max(_needed(wires) - (left - right), 0.0) for right, left, wires in gaps]


def _needed(wires: list[tuple[float, float]]) -> float:
    """The room for wires from one column to the next, each from a height to another."""
    high = max((abs(end - start) for start, end in _crossing(sorted(wires))), default=0.0)
    return min(SLOPE * high, MOST)


def _crossing(wires: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Those of some wires, from top to bottom, that cross another one."""
    lowest = [float("-inf"), *accumulate((end for _, end in wires), max)]
    highest = [float("inf"), *accumulate((end for _, end in reversed(wires)), min)][-2::-1]
    for k, (start, end) in enumerate(wires):
        if lowest[k] > end or highest[k] < end:
            yield start, end
