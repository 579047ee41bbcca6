"""Elements: outlines, symbols and names."""

import xml.etree.ElementTree as ET

import graphstep as gs
from examples import SVG
from graphstep.graph.slots import Slot
from graphstep.look.text_widths import width


def test_outlines_go_around_the_whole_number():
    s = gs.stepper("a = x*y; b = sin(a); f = a*b", x=1.5, y=0.3)
    frame = next(f for f in s if Slot("value", 2) in f.step.uses)
    root = ET.fromstring(frame.svg())
    place_ = next(p for p in s.drawing.places if p.slot == Slot("value", 2))
    boxes = [r for r in root.iter(f"{SVG}rect") if r.get("class") == "u"]
    box = min(boxes, key=lambda r: abs(float(r.get("x")) + float(r.get("width")) / 2 - place_.x))
    assert float(box.get("width")) >= width(f"{place_.prefix}0.45", place_.size)


def test_unicode_names_in_the_figure():
    svg = gs.stepper("выход = вес * α", вес=2, α=3)[0].svg()
    root = ET.fromstring(svg)
    texts = ["".join(t.itertext()) for t in root.iter(f"{SVG}text")]
    assert {"вес", "α", "выход = 6"} <= set(texts)


def test_superscripts_and_long_names():
    root = ET.fromstring(gs.stepper(f"{'n' * 60} = x**2", x=3)[0].svg())
    texts = {"".join(t.itertext()) for t in root.iter(f"{SVG}text")}
    assert "x2" in texts  # x with a raised 2
    assert any(t.startswith("nnn") and "… = 9" in t for t in texts)
