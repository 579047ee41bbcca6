"""Room for wires that cross between two columns: there they can be told apart."""

from __future__ import annotations

from bisect import bisect_left
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
    begins, ends = columns.rights[:-1], columns.lefts[1:]

    def moved(points: Sequence[Point]) -> tuple[Point, ...]:
        found = []
        for x, y in points:
            k = bisect_left(begins, x) - 1
            if k >= 0:
                share = min((x - begins[k]) / max(ends[k] - begins[k], 1e-9), 1.0)
                found.append((x + moves[k] + share * extras[k], y))
            else:
                found.append((x, y))
        return tuple(found)

    curves = tuple(map(moved, layout.curves))
    return Layout(layout.width + moves[-1], layout.height, moved(layout.centres), curves)


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
