"""Boxes to write in: one for each number, and none over anything."""

from collections import Counter

import pytest
from exercise_graphs import ALL, ARRAYS, SCALARS

import graphstep as gs
from graphstep.drawing.measures import RADIUS
from graphstep.exercises import blanks


def roomy(name, values, high=20.0):
    s = gs.stepper(*ALL[name][:1], inputs=ALL[name][1], forward=values).with_space
    space = blanks.stretch_for(s, high, 3.0, values)
    from dataclasses import replace

    return replace(s, _drawn=[blanks.stretched(s.drawing, space)]), space


@pytest.mark.parametrize("values", [False, True])
@pytest.mark.parametrize("name", [*SCALARS, *ARRAYS])
def test_a_box_for_each_number_and_no_box_over_another(name, values):
    s, space = roomy(name, values)
    found = blanks.blanks(s, space)
    graph, kinds = s.graph, Counter(box.slot.kind for box in found)
    labels = sum(graph.holds_labels(i) for i in range(len(graph.nodes)))
    assert kinds["upstream"] == len(graph.nodes) - labels
    assert kinds["value"] == (sum(n.gate is not None for n in graph.nodes) if values else 0)
    shared = [w for w, wire in enumerate(graph.wires) if len(graph.wires_out[wire.source]) > 1]
    assert kinds["downstream"] == len(shared)
    if name in SCALARS:
        assert kinds["local"] == len(graph.wires)
        assert all(box.height >= 20 - 1e-6 for box in found)
    svg = blanks.blank_svg(s, space)
    assert svg.count("data-blank=") == len(found)
    boxes = [(b.x, b.y, b.x + b.width, b.y + b.height) for b in found]
    for k, a in enumerate(boxes):
        assert a[0] > -1
        assert a[2] < s.drawing.width + 1
        assert a[1] > -12
        assert a[3] < s.drawing.height + 12
        for b in boxes[:k]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


@pytest.mark.parametrize("name", [*SCALARS, *ARRAYS])
def test_boxes_hide_no_number_and_no_gate(name):
    s, space = roomy(name, False)
    for box in blanks.blanks(s, space):
        for place in s.drawing.places:
            if place.slot.kind == "value":
                top, bottom = (
                    (place.y, place.y + place.height) if place.height else (place.y - 9, place.y)
                )
                apart = (place.x + place.width / 2 <= box.x or box.x + box.width <= place.x - place.width / 2
                         or bottom <= box.y or box.y + box.height <= top)  # fmt: skip
                assert apart, (box, place)
        for mark in s.drawing.marks:
            half = mark.width / 2
            if mark.gate:
                assert (mark.x + half <= box.x + 0.01 or box.x + box.width <= mark.x - half
                        or mark.y + RADIUS <= box.y or box.y + box.height <= mark.y - RADIUS)  # fmt: skip
