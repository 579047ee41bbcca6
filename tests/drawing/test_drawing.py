"""Drawings: where gates, numbers and wires are, on both engines."""

import pytest
from hypothesis import given, settings
from strategies import programs

from examples import LAYOUT_ENGINES, neuron, stepped
from graphstep.drawing.measures import BELOW, RADIUS
from graphstep.graph.slots import Slot


@LAYOUT_ENGINES
def test_geometry_is_that_of_the_notes(engine):
    """Value above the wire, gradient below it, gates at the left of their numbers."""
    s = neuron(engine=engine)
    marks = {m.node: m for m in s.drawing.marks}
    places = {p.slot: p for p in s.drawing.places}
    for i in range(len(s.graph.nodes)):
        wire = marks[i].y
        assert places[Slot("value", i)].y < wire < places[Slot("upstream", i)].y
        assert places[Slot("value", i)].x > marks[i].x + marks[i].width / 2
        assert places[Slot("upstream", i)].y == pytest.approx(wire + BELOW)
    assert len({m.y for m in s.drawing.marks if m.node >= 8}) == 1  # the tail of gates is straight
    for curve in s.drawing.curves:
        if curve.arrow:
            target = marks[s.graph.wires[curve.wires[0]].target]
            x, y = curve.points[-1]
            distance = (
                (x - target.x + target.width / 2 - RADIUS) ** 2 + (y - target.y) ** 2
            ) ** 0.5
            assert distance == pytest.approx(RADIUS, abs=0.02)


@settings(max_examples=25, deadline=None)
@given(text=programs())
def test_places_are_apart(text):
    """No two places for texts overlap, nor a place and a gate."""
    drawing = stepped(text).drawing
    rects = [
        (p.x - p.width / 2, p.y - p.size * 0.93, p.x + p.width / 2, p.y + p.size * 0.24)
        for p in drawing.places
    ] + [(m.x - m.width / 2, m.y - 10, m.x + m.width / 2, m.y + 10) for m in drawing.marks]
    for i, a in enumerate(rects):
        assert a[0] > -1
        assert a[1] > -1
        assert a[2] < drawing.width + 1
        assert a[3] < drawing.height + 1
        for b in rects[:i]:
            across = a[2] <= b[0] + 0.02 or b[2] <= a[0] + 0.02
            assert across or a[3] <= b[1] or b[3] <= a[1], (a, b)


def test_svg_output_of_at_fits_the_same_figure():
    """Other inputs, other widths of numbers: the same places hold them."""
    s = neuron()
    far = s.at(w0=-1.23456e-9, x0=98765.4321)
    assert far.drawing is s.drawing
    assert max(map(len, far.texts.values())) <= s.style.room
