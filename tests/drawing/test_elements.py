"""Elements: outlines, symbols and names."""

import xml.etree.ElementTree as ET

import pytest

import graphstep as gs
from examples import SVG
from graphstep.graph.slots import Slot
from graphstep.look.looks import SMALL
from graphstep.look.text_widths import number_width, width


def test_outlines_go_around_the_whole_number():
    s = gs.stepper("a = x*y; b = sin(a); f = a*b", x=1.5, y=0.3)
    frame = next(f for f in s if Slot("value", 2) in f.step.uses)
    root = ET.fromstring(frame.svg())
    place_ = next(p for p in s.drawing.places if p.slot == Slot("value", 2))
    boxes = [r for r in root.iter(f"{SVG}rect") if r.get("class") == "u"]
    box = min(boxes, key=lambda r: abs(float(r.get("x")) + float(r.get("width")) / 2 - place_.x))
    assert float(box.get("width")) >= number_width(f"{place_.prefix}0.45", place_.size)


def test_unicode_names_in_the_figure():
    svg = gs.stepper("выход = вес * α", вес=2, α=3)[0].svg()
    root = ET.fromstring(svg)
    texts = ["".join(t.itertext()) for t in root.iter(f"{SVG}text")]
    assert {"вес", "α", "выход =", "6"} <= set(texts)


def test_superscripts_and_long_names():
    s = gs.stepper(f"{'n' * 60} = x**2", x=3)
    runs = [one.runs for one in s[0].shapes.shapes if hasattr(one, "runs")]
    assert [(run.text, run.rise) for run in next(r for r in runs if len(r) == 2)] == [
        ("x", 0),
        ("2", 5),
    ]
    assert any(t.startswith("nnn") and "… = 9" in t for t in texts_of(s[0]))


@pytest.mark.parametrize("widest", [1.0, -123.45, 1.5e-7])
def test_the_outline_of_an_array_follows_what_is_drawn(widest):
    """As wide as its brackets and its shape, however much space other numbers would take."""
    s = gs.stepper("q = W @ x; f = sum(q**2)", W=[[widest, 2], [3, 4]], x=[1, 2])
    for frame in s:
        parts = frame.shapes.shapes
        outlines = [one for one in parts if one.kind == "u"]
        slots = [slot for slot in frame.step.uses if slot in s.blocks]
        for slot in slots:
            brackets = [x for one in parts if one.slot == slot and one.kind == "br"
                        for _, points in one.pieces for x, _ in points]  # fmt: skip
            label = width(s.blocks[slot].label, SMALL) + 3 if slot.kind != "local" else 0.0
            ends = min(brackets) - 2, max(brackets) + label + 2  # all of them rounded to tenths
            assert any((one.x, one.x + one.width) == pytest.approx(ends, abs=0.11) for one in outlines)  # fmt: skip


@pytest.mark.parametrize("kind", ["inputs", "gates", "both"])
def test_different_names_are_drawn_differently(kind):
    long = [f"the_learning_rate_of_the_{what}" for what in ("first", "second", "third")]
    text, names = {
        "inputs": (f"f = {' * '.join(long)}", long),
        "gates": (f"{long[0]} = x; {long[1]} = x**2 * {long[0]}; f = {long[1]} + 1", ["x"]),
        "both": (f"{long[0]} = exp({long[1]}); {long[2]} = {long[0]}**2", long[1:2]),
    }[kind]
    s = gs.stepper(text, inputs=dict.fromkeys(names, 0.5))
    cut = {text for text in texts_of(s[-1]) if "…" in text}
    assert len(cut) == len({node.name for node in s.graph.nodes if node.name in long})


def texts_of(frame):
    """The texts of a frame's figure."""
    return ["".join(run.text for run in one.runs) for one in frame.shapes.shapes if hasattr(one, "runs")]  # fmt: skip
