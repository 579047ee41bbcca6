"""Frames of a figure: what appears, what a step is about, and that nothing moves."""

import xml.etree.ElementTree as ET
from math import hypot

import pytest
from hypothesis import given, settings
from strategies import programs

import graphstep as gs
from examples import SVG, neuron, stepped
from graphstep.graph.slots import Slot
from graphstep.painting.shapes import Box, Text
from graphstep.painting.svg import FlatWriter


def test_only_slots_and_classes_change_between_frames():
    """0.00 pt of movement: every element that stays has the same coordinates in all frames."""
    s = neuron(by="wire", forward=True)
    where = {}
    for frame in s:
        root = ET.fromstring(frame.svg())
        assert root.get("viewBox") == ET.fromstring(s[0].svg()).get("viewBox")
        for shown in root.iter():
            kind, _, item = (shown.get("data-slot") or "").partition("-")
            if kind and s.appears[Slot(kind, int(item))] <= frame.index:  # else its name alone
                text = list(shown)[-1] if len(shown) else shown  # after its name
                place_ = (text.get("x"), text.get("y"), text.get("font-size"))
                assert where.setdefault(shown.get("data-slot"), place_) == place_
        paths = [p.get("d") for p in root.iter(f"{SVG}path")]
        rects = [
            tuple(r.get(k) for k in ("x", "y", "width"))
            for r in root.iter(f"{SVG}rect")
            if r.get("class") != "u"
        ]
        assert where.setdefault("paths", paths) == paths
        assert where.setdefault("rects", rects) == rects
    assert len(where) == 2 + sum(1 for _ in s.drawing.places)


def test_a_hidden_number_is_absent_from_the_file():
    s = gs.stepper("f = x*y", x=123, y=457, forward=True)
    svg = s[0].svg()
    assert "56211" not in svg
    assert s[1].svg().count("56211") == 3  # figure, caption, description
    shown = ET.fromstring(s[1].svg())
    assert not [
        t
        for t in shown.iter(f"{SVG}text")
        if (t.get("data-slot") or "").startswith(("up", "local"))
    ]


def test_states_of_a_step():
    s = gs.stepper("f = (x + y) * z", x=-2, y=5, z=-4, by="wire")
    root = ET.fromstring(s[3].svg())
    gradients = next(g for g in root.iter(f"{SVG}g") if g.get("class") == "g")
    states = {text.get("data-slot"): text.get("class") for text in gradients}
    assert states == {"upstream-4": None, "upstream-3": "new"}
    assert len([r for r in root.iter(f"{SVG}rect") if r.get("class") == "u"]) == 2
    assert len([p for p in root.iter(f"{SVG}path") if p.get("class") == "on"]) == 1


def test_an_element_is_written_once_for_all_frames(monkeypatch):
    """All frames of a figure take as many writings of wires, gates and numbers as the first."""
    written, write = [], FlatWriter.inside
    monkeypatch.setattr(FlatWriter, "inside", lambda *given: written.append(given) or write(*given))
    s = neuron(by="wire", forward=True)
    s[0].svg()
    drawing = s.drawing
    heads, symbols = sum(c.arrow for c in drawing.curves), sum(m.gate for m in drawing.marks)
    assert len(written) == sum(map(len, drawing[2:5])) + heads + symbols
    for frame in s:
        frame.svg()
    assert len(written) == sum(map(len, drawing[2:5])) + heads + symbols


def test_a_look_is_said_once_for_a_kind():
    """Only what a step is about, or is unlike the others, says in which colour it is."""
    svg = ET.fromstring(neuron()[-1].picture())
    for group in svg.findall(f"{SVG}g/{SVG}g"):
        plain = [one for one in group if not one.get("class")]
        assert plain
        assert not [one for one in plain if {"fill", "stroke", "stroke-width"} & set(one.attrib)]


def gap(a, b):
    """How far the lines of two rectangles with round corners are apart."""
    (left, top, right, low), (l2, t2, r2, low2) = [
        (r.x + r.radius, r.y + r.radius, r.x + r.width - r.radius, r.y + r.height - r.radius)
        for r in (a, b)
    ]
    between = hypot(max(l2 - right, left - r2, 0), max(t2 - low, top - low2, 0))
    return between - a.radius - b.radius - (a.look.width + b.look.width) / 2


def above(box, text):
    """How far an outline is above a number below it; far if it is elsewhere."""
    near = box.x < text.x < box.x + box.width and 0 < text.y - box.y - box.height < 30
    top = text.y - 0.8 * text.look.size  # that of its brackets
    return top - box.y - box.height - box.look.width / 2 if near else 30


def check_outlines(s):
    """What a step uses is outlined, and no outline touches a gate, be it drawn with a heavy line."""
    outlines = 0
    for frame in s:
        boxes = [shape for shape in frame.shapes.shapes if isinstance(shape, Box)]
        gates = [box for box in boxes if box.kind == "s"]
        texts = [shape for shape in frame.shapes.shapes if isinstance(shape, Text) and shape.slot]
        for box in boxes:
            if box.kind == "u":
                outlines += 1
                assert min(gap(box, gate) for gate in gates) > 0.3, (frame, box)
                assert all(above(box, text) > 1.5 for text in texts), (frame, box)
    assert outlines


FIGURES = {
    "the neuron": neuron,
    "a named gate": lambda: gs.stepper("top = sigmoid(x); L = top * u", x=1, u=0.5),
    "a gate in symbols": lambda: gs.stepper("z = f(x, y)", forward=True, by="local"),
    "symbols": lambda: gs.stepper("top = sigmoid(x); L = top * u"),
    "vectors": lambda: gs.stepper("q = W @ x; h = relu(q); f = l2(h)", W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4]),
    "maps": lambda: gs.stepper("h = tanh(W @ x); f = sum(h)", W=[[0.5] * 9] * 8, x=[1.0] * 9),
}  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
def test_outlines_touch_no_gate(name):
    check_outlines(FIGURES[name]())


@settings(max_examples=15, deadline=None)
@given(text=programs())
def test_outlines_of_random_graphs_touch_no_gate(text):
    check_outlines(stepped(text))
