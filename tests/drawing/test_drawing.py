"""Drawings: where gates, numbers and wires are, on both engines."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from drawings import LAYOUTS, check_drawing
from hypothesis import example, given, settings
from strategies import inputs, programs

import graphstep as gs
from examples import CONVNET, CONVNET_INPUTS, LAYOUT_ENGINES, neuron, stepped
from graphstep.base.words import say, sentences
from graphstep.drawing.measures import BELOW, LABEL, RADIUS, any_width, jacobian_space
from graphstep.graph.slots import Slot
from graphstep.look.looks import SMALL, TEXT
from graphstep.look.matrices import jacobian_block
from graphstep.look.numbers import Numbers
from graphstep.look.style import LOCALS
from graphstep.look.text_widths import number_width, width


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


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
@settings(max_examples=25, deadline=None)
@given(text=programs())
def test_all_is_apart_in_each_direction(layout, text):
    check_drawing(stepped(text, style=gs.Style(**layout)))


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_arrays_are_apart_in_each_direction(layout):
    style = gs.Style(**layout)
    check_drawing(vector(style=style))
    check_drawing(gs.stepper(CONVNET, inputs=CONVNET_INPUTS, style=style))


@pytest.mark.parametrize("direction", ["down", "up"])
def test_an_upright_figure_has_values_left_of_wires_and_gradients_right(direction):
    s = neuron(style=gs.Style(direction=direction))
    marks = {m.node: m for m in s.drawing.marks}
    places = {p.slot: p for p in s.drawing.places}
    way = 1 if direction == "down" else -1
    for i in range(len(s.graph.nodes)):
        x, y = marks[i].x, marks[i].y
        assert places[Slot("value", i)].x < x < places[Slot("upstream", i)].x
        assert places[Slot("value", i)].y == places[Slot("upstream", i)].y
        assert (places[Slot("value", i)].y - y) * way > 0  # the wire after the gate
    for w, (source, target, _) in enumerate(s.graph.wires):
        assert (marks[target].y - marks[source].y) * way > 0
        local = places[Slot("local", w)]  # under its gradient
        assert local.y > places[Slot("upstream", source)].y
    assert len({m.x for m in s.drawing.marks if m.node >= 8}) == 1  # the tail of gates is straight
    names = [m.y for m in s.drawing.marks if not m.gate]
    assert max(names) == min(names)
    assert s.drawing.height > 500
    assert s.drawing.width < 600


def row_heights(s):
    """The rows of a figure, by the heights of its gates in reading order of the graph."""
    heights = [mark.y for mark in s.drawing.marks if mark.gate]
    return [k for k in range(1, len(heights)) if heights[k] > heights[k - 1] + 60]


def test_a_long_chain_goes_on_in_another_row():
    plain = neuron()
    two, three = (neuron(style=gs.Style(wrap=wrap)) for wrap in (450, 300))
    assert plain.drawing.width > 700
    assert two.drawing.width <= 450
    assert three.drawing.width <= 300
    assert plain.drawing.height < two.drawing.height < three.drawing.height
    assert neuron(style=gs.Style(wrap=1000)).drawing == plain.drawing  # where no row is too long


def test_the_wire_between_rows_is_one_curve_without_corners():
    s = neuron(style=gs.Style(wrap=450))
    (last,) = (node for node in range(len(s.graph.nodes)) if s.graph.nodes[node].name is None
               and s.drawing.marks[node].text == "×−1")  # fmt: skip
    (wire,) = (curve for curve in s.drawing.curves if curve.wires == s.graph.wires_in[last])
    source = s.drawing.marks[s.graph.nodes[last].args[0]]
    assert wire.points[0] == pytest.approx((source.x + RADIUS, source.y))
    assert min(x for x, _ in wire.points) < min(m.x - m.width / 2 for m in s.drawing.marks) + 1
    assert max(x for x, _ in wire.points) > source.x + 60
    for before, joint, after in zip(
        wire.points[2:-3:3], wire.points[3:-1:3], wire.points[4::3], strict=True
    ):
        a, b = np.subtract(joint, before), np.subtract(after, joint)
        assert a @ b >= 0.999 * np.linalg.norm(a) * np.linalg.norm(b)


def test_a_value_used_twice_goes_on_in_another_row():
    s = gs.stepper("a = sigmoid(w*x + b); f = log(a*a + sin(a) + 1)", x=3, w=1, b=2,
                   style=gs.Style(wrap=380))  # fmt: skip
    check_drawing(s)
    (stub,) = (curve for curve in s.drawing.curves if len(curve.wires) == 3)
    (shared,) = (i for i, node in enumerate(s.graph.nodes) if node.name == "a")
    mark = s.drawing.marks[shared]
    assert stub.points[0] == pytest.approx((mark.x + mark.width / 2, mark.y))
    assert stub.points[-1][1] > mark.y + 60
    assert s.drawing.width <= 400


def test_what_cannot_be_cut_stays_in_one_row():
    """A weight that is used at both ends of a chain holds it together."""
    text = "f = exp(sin(cos(exp(sin(cos(w * x)))))) + w"
    s = gs.stepper(text, w=0.5, x=1, style=gs.Style(wrap=200))
    check_drawing(s)
    assert s.drawing.width > 600


def test_figures_of_the_first_version_can_be_had_back():
    """Names and signs as in programs, and places in which any number has space, in one row."""
    style = gs.Style(spacing="wide", symbols="program", direction="right")
    s, now = neuron(style=style), neuron()
    assert {"w0", "*", "*−1"} <= {m.text for m in s.drawing.marks}
    assert {"w₀", "×", "×−1"} <= {m.text for m in now.drawing.marks}
    least = any_width(style.room, TEXT)
    assert all(p.width >= least for p in s.drawing.places if p.size == TEXT)
    assert s.drawing.width > 1.3 * now.drawing.width


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
@example(text="f = -exp(800*y)", values={"y": 0.0}, others={"y": 1.0})
def test_every_number_fits_its_place(text, values, others):
    graph = gs.parse(text)
    s = gs.stepper(graph, inputs={name: values[name] for name in graph.inputs})
    for figure in (s, s.at({name: others[name] for name in graph.inputs})):
        assert not too_wide(figure)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_words_for_a_large_jacobian_fit_their_place(lang):
    """Of each structure, in whole words."""
    place = jacobian_space(96, 3, gs.Style())
    structures = [key for key in sentences(lang) if key.startswith("structure.")]
    assert len(structures) > 15
    for key in structures:
        jacobian = SimpleNamespace(shape=(96, 3), structure=key.partition(".")[2])
        shape, *lines = jacobian_block(jacobian, Numbers(2, 8), 8, lang).lines
        assert (shape, " ".join(lines)) == ("96×3", say(key, lang))
        assert max(width(line, SMALL) for line in lines) <= place.width, key
        assert (1 + len(lines)) * LABEL <= place.height, key


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
    widest = any_width(s.style.room, 1.0)
    assert all(number_width(text, 1.0) <= widest for text in far.texts.values())


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
