"""Wires that cross between two columns can be told apart."""

import math
from itertools import combinations, pairwise

import pytest
from drawings import points_of

import graphstep as gs
from graphstep.drawing.crossings import _crossing


def angles(s):
    """The angle in degrees at which each two wires of different values cross."""
    sources = [{s.graph.wires[w].source for w in curve.wires} for curve in s.drawing.curves]
    lines = [list(pairwise(points_of(curve.points))) for curve in s.drawing.curves]
    for (one, start), (other, begin) in combinations(zip(lines, sources, strict=True), 2):
        if start & begin:
            continue
        for (a, b), (c, d) in ((p, q) for p in one for q in other):
            u, v = (b[0] - a[0], b[1] - a[1]), (d[0] - c[0], d[1] - c[1])
            cross, w = u[0] * v[1] - u[1] * v[0], (c[0] - a[0], c[1] - a[1])
            if not cross:
                continue
            at, there = (w[0] * v[1] - w[1] * v[0]) / cross, (w[0] * u[1] - w[1] * u[0]) / cross
            if 0.01 < at < 0.99 and 0.01 < there < 0.99:
                between = abs(math.degrees(math.atan2(cross, u[0] * v[0] + u[1] * v[1])))
                yield min(between, 180 - between)


@pytest.mark.parametrize(
    ("text", "least"),
    [("a = x * y; b = x + y; f = a * b", 40), ("f = (x*y + x*z) * (y + z)", 40),
     ("f = (x*y + y*z) / (z + x*y)", 25)],
)  # fmt: skip
def test_wires_that_cross_do_so_at_an_angle(text, least):
    """A variable that is used twice is a figure of the lecture: there they were upright, as one."""
    found = [*angles(gs.stepper(text))]
    assert found
    assert min(found) > least


def test_what_does_not_cross_is_as_close_as_ever():
    layouts = [gs.stepper("f = x + y", x=1, y=2), gs.stepper("f = (x + y) * z", x=1, y=2, z=3)]
    assert [round(s.drawing.width) for s in layouts] == [161, 243]


@pytest.mark.parametrize(
    ("wires", "crossing"),
    [([(0, 0), (1, 1)], []), ([(0, 1), (1, 0)], [(0, 1), (1, 0)]), ([(0, 1), (0, 1)], []),
     ([(0, 2), (1, 0), (2, 3)], [(0, 2), (1, 0)]), ([(0, 3), (1, 1), (2, 2)], [(0, 3), (1, 1), (2, 2)])],
)  # fmt: skip
def test_which_wires_cross(wires, crossing):
    assert [*_crossing(wires)] == crossing
