"""Frames of a figure: what appears, what a step is about, and that nothing moves."""

import xml.etree.ElementTree as ET

import graphstep as gs
from examples import SVG, neuron
from graphstep.graph.slots import Slot


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
    classes = {t.get("data-slot"): t.get("class") for t in root.iter(f"{SVG}text")}
    assert classes["upstream-3"] == "new g"
    assert classes["upstream-4"] == "g"
    assert len([r for r in root.iter(f"{SVG}rect") if r.get("class") == "u"]) == 2
    assert len([p for p in root.iter(f"{SVG}path") if p.get("class") == "w on"]) == 1
