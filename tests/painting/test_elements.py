"""Elements: outlines, symbols and names."""

import xml.etree.ElementTree as ET

import pytest

import graphstep as gs
from examples import SVG
from graphstep.formulas.signs import SUBSCRIPTS
from graphstep.graph.slots import Slot
from graphstep.look.looks import SMALL
from graphstep.look.text_widths import advances, number_width, width


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


TEXT = "y_hat = alpha1 * w0 - x_min @ (x_max + learning_rate); f = -y_hat[0] * 2"
NUMBERS = dict(alpha1=1, w0=2, x_min=[[3, 1]], x_max=4, learning_rate=[5, 6])


@pytest.mark.parametrize(
    ("symbols", "shown"),
    [
        ("typeset", {"α₁", "w₀", "xₘᵢₙ", "xₘₐₓ", "learning_rate", "yₕₐₜ =", "×", "@", "×−1", "×2"}),
        ("program", {"alpha1", "w0", "x_min", "x_max", "y_hat =", "*", "@", "*−1", "*2"}),
    ],
)
def test_signs_and_names_are_set_as_in_formulas_or_as_they_are_typed(symbols, shown):
    frame = gs.stepper(TEXT, inputs=NUMBERS, style=gs.Style(symbols=symbols))[-1]
    assert shown <= {text.strip() for text in texts_of(frame)}
    texts = {t.text for t in ET.fromstring(frame.svg()).iter(f"{SVG}text")}
    assert shown <= texts
    assert ("w₀" in frame.graphviz().source) is (symbols == "typeset")


@pytest.mark.parametrize("symbols", ["typeset", "program"])
def test_a_sentence_names_a_gate_by_the_sign_in_the_figure(symbols):
    long = " + ".join(f"long_name_{k}" for k in range(4))
    inputs = {f"long_name_{k}": k for k in range(4)} | {"z": 3}
    s = gs.stepper(f"f = sin(({long}) * z)", inputs=inputs, style=gs.Style(symbols=symbols))
    sign = "×" if symbols == "typeset" else "*"
    assert f"({sign} gate)" in s.names
    assert any(mark.text == sign for mark in s.drawing.marks)


def test_different_names_are_set_differently():
    names = ["x1", "x_1", "alpha", "α", "w_h", "w_y", "w0", "w"]
    s = gs.stepper("f = " + " + ".join(names), inputs=dict.fromkeys(names, 1))
    shown = {mark.text for mark in s.drawing.marks if not mark.gate}
    assert shown == {"x1", "x_1", "alpha", "α", "w_h", "w_y", "w₀", "w"}
    assert set(SUBSCRIPTS.values()) <= advances().keys()  # nothing is wider than its place
