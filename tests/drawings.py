"""Drawings that laws look at: where all is, and that nothing is in the way of anything."""

from math import hypot

import numpy as np

from graphstep.drawing.measures import RADIUS
from graphstep.graph.slots import Slot
from graphstep.look.looks import TEXT
from graphstep.look.text_widths import width

T = np.linspace(0, 1, 40)[:, None]
POLYNOMIALS = np.hstack([(1 - T) ** 3, 3 * (1 - T) ** 2 * T, 3 * (1 - T) * T**2, T**3])


def points_of(points):
    """Points on joined cubic Bezier curves."""
    for k in range(0, len(points) - 1, 3):
        yield from (POLYNOMIALS @ np.array(points[k : k + 4])).tolist()


LAYOUTS = [
    {}, {"direction": "down"}, {"direction": "up"},
    {"wrap": 420}, {"wrap": 250}, {"direction": "down", "wrap": 300}, {"direction": "up", "wrap": 300},
]  # fmt: skip
CAPITALS, TAILS = 0.93, 0.24  # of the size of a text: above its baseline, and below
CLEAR = 2.0  # between a wire and the names and gates of others
BESIDE = 16.0  # the farthest that a name is from its wire


def boxes_of(drawing):
    """The rectangles of numbers, gates and names, each with what it is of."""
    for p in drawing.places:
        top, low = (p.y, p.y + p.height) if p.height else (
            p.y - p.size * CAPITALS, p.y + p.size * TAILS)  # fmt: skip
        yield (p.x - p.width / 2, top, p.x + p.width / 2, low), p.slot
    for m in drawing.marks:
        half = RADIUS if m.gate else 9
        yield (m.x - m.width / 2, m.y - half, m.x + m.width / 2, m.y + half), m.node


def apart(a, b):
    return a[2] <= b[0] + 0.03 or b[2] <= a[0] + 0.03 or a[3] <= b[1] + 0.03 or b[3] <= a[1] + 0.03


def entered(curve, box, edge):
    """Whether a wire runs inside a box, more than `edge` from its sides, or less beside them."""
    inside = ((x - box[0], box[2] - x, y - box[1], box[3] - y) for x, y in points_of(curve.points))
    return any(min(distances) > edge for distances in inside)


def check_drawing(s):
    """All is inside the figure and apart, and no wire runs through a number, a name or a gate."""
    drawing, boxes = s.drawing, list(boxes_of(s.drawing))
    for k, (a, what) in enumerate(boxes):
        assert min(a[0], a[1]) > -1, what
        assert a[2] < drawing.width + 1, what
        assert a[3] < drawing.height + 1, what
        assert all(apart(a, b) for b, _ in boxes[:k]), what
    for curve in drawing.curves:
        ends = {node for w in curve.wires for node in s.graph.wires[w][:2]} or {s.graph.output}
        for box, what in boxes:
            if isinstance(what, Slot):
                assert not entered(curve, box, 1.5), (curve.wires, what)
            elif what not in ends:
                assert not entered(curve, box, -CLEAR), (curve.wires, what)
    check_names(s)


def check_names(s):
    """The name of a value is beside its wire before the value comes, and nowhere else."""
    for place in (place for place in s.drawing.places if place.prefix):
        x, y = place.x + place.apart[0], place.y + place.apart[1]
        half = width(place.bare, TEXT) / 2
        box = (x - half, y - TEXT * CAPITALS, x + half, y + TEXT * TAILS)
        node = place.slot.item
        curves = [
            c for c in s.drawing.curves if not c.wires or s.graph.wires[c.wires[0]].source == node
        ]
        away = min(distance(curve, box) for curve in curves)
        assert away < BESIDE, (place, away)


def distance(curve, box):
    """How far a wire is from a box."""
    return min(
        hypot(max(box[0] - x, x - box[2], 0), max(box[1] - y, y - box[3], 0))
        for x, y in points_of(curve.points)
    )
