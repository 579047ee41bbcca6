"""Drawings: where gates, numbers and wires are, on both engines."""

import re

import pytest
from hypothesis import given, settings
from strategies import inputs, programs

import graphstep as gs
from examples import LAYOUT_ENGINES, neuron, stepped
from graphstep.drawing.measures import BELOW, RADIUS
from graphstep.graph.slots import Slot
from graphstep.look.style import LOCALS
from graphstep.look.text_widths import number_width


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


def test_inputs_stand_in_one_column():
    s = neuron()
    left = [m.x - m.width / 2 for m in s.drawing.marks if not m.gate]
    assert max(left) - min(left) < 6  # names are of different widths


def too_wide(figure):
    """The numbers that are wider than their places, bold as they are when they are new."""
    return [
        place.slot for place in figure.drawing.places
        if not place.height and number_width(shown(figure, place), place.size) > place.width + 0.01
    ]  # fmt: skip


def shown(figure, place):
    text = place.prefix + figure.texts[place.slot]
    return f"[{text}]" if place.slot.kind == "local" else text


@settings(max_examples=40, deadline=None)
@given(text=programs(), values=inputs, others=inputs)
def test_every_number_fits_its_place(text, values, others):
    graph = gs.parse(text)
    s = gs.stepper(graph, inputs={name: values[name] for name in graph.inputs})
    for figure in (s, s.at({name: others[name] for name in graph.inputs})):
        assert not too_wide(figure)


def test_the_layout_stays_where_other_numbers_fit_it():
    s = neuron()
    assert s.at(w0=2.5, w2=-2).drawing is s.drawing
    far = s.at(w0=-1.23456e-9, x0=98765.4321)
    assert far.drawing.width > s.drawing.width
    assert not too_wide(far)
    assert far.at(w0=2, x0=-1).drawing is s.drawing  # whatever came between


def test_a_figure_with_space_moves_for_no_number():
    s = neuron().with_space
    far = s.at(w0=-1.23456e-9, x0=98765.4321)
    assert far.drawing == s.drawing
    assert not too_wide(far)
    assert max(map(len, far.texts.values())) <= s.style.room


def vector(**options):
    return gs.stepper(
        "q = W @ x; f = sum(q**2)", W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4], **options
    )


@pytest.mark.parametrize("by", ["gate", "wire", "product", "value"])
@pytest.mark.parametrize("example", [neuron, vector])
def test_local_gradients_are_shown_always_in_their_step_or_never(example, by):
    """In the SVG, among the shapes and in the texts of each frame; other numbers stay."""
    always, step, never = (example(by=by, style=gs.Style(local=local)) for local in LOCALS)
    assert step.drawing == always.drawing  # nothing moves when they go
    assert never.drawing.height < always.drawing.height  # no space is kept for them
    for frames in zip(always, step, never, strict=True):
        of_step = frames[0].step
        rest = [slot for slot in frames[0].texts if slot.kind != "local"]
        due = {slot for slot in frames[0].texts if slot.kind == "local"}
        brief = {slot for slot in due if slot in (*of_step.shows, *of_step.uses)}
        for frame, expected in zip(frames, (due, brief, set()), strict=True):
            assert [slot for slot in frame.texts if slot.kind != "local"] == rest
            assert {slot for slot in frame.texts if slot.kind == "local"} == expected
            shapes = {one.slot for one in frame.shapes.shapes if one.slot is not None}
            assert {slot for slot in shapes if slot.kind == "local"} == expected
            drawn = set(re.findall(r'data-slot="local-(\d+)"', frame.svg()))
            assert drawn == {str(slot.item) for slot in expected}
