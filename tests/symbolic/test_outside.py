"""The lecture's general gate, and a loss outside of a figure."""

import pytest

import graphstep as gs
from graphstep.formulas.unicode import unicode
from graphstep.graph.slots import Slot
from graphstep.painting.shapes import Path, Text

GENERAL = "z = f(x, y)"


# --- the lecture's general gate, slide by slide


def shown(frame):
    return {(slot.kind, slot.item): text for slot, text in frame.texts.items() if text}


def test_the_six_slides():
    s = gs.stepper(GENERAL, forward=True)
    value, locals_ = {("value", 2): "z"}, {("local", 0): "∂z/∂x", ("local", 1): "∂z/∂y"}
    arrives = {("upstream", 2): "∂L/∂z"}
    to_y = {("downstream", 1): "∂L/∂y", ("upstream", 1): "∂L/∂y"}
    to_x = {("downstream", 0): "∂L/∂x", ("upstream", 0): "∂L/∂x"}
    slides, there = [{}, value, locals_, arrives, to_y, to_x], {}
    assert len(s) == 6
    for frame, new in zip(s, slides, strict=True):
        there |= new
        assert shown(frame) == there
    assert s[3].caption == (
        "From the loss L, which is outside the figure, the upstream gradient ∂L/∂z arrives."
    )
    assert [[unicode(e) for e in frame.equations] for frame in s] == [
        [], ["z = f(x, y)"], [], [], ["∂L/∂y = ∂L/∂z · ∂z/∂y"], ["∂L/∂x = ∂L/∂z · ∂z/∂x"],
    ]  # fmt: skip
    assert "1" not in "".join(frame.caption + frame.why for frame in s)


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_one_to_many_inputs(count):
    names = [f"x{k}" for k in range(count)]
    s = gs.stepper(f"z = f({', '.join(names)})")
    last = s[-1].texts
    assert [last[Slot("downstream", w)] for w in range(count)] == [
        s.texts[Slot("upstream", s.graph.inputs[name])] for name in names
    ]


def test_with_gates_that_are_known():
    s = gs.stepper("z = f(x, y); q = z * w")
    assert s.texts[Slot("upstream", s.graph.output)] == "1"
    said = [unicode(e) for frame in s for e in frame.equations]
    assert "∂q/∂z = ∂q/∂q · ∂(z w)/∂z = 1 · w = w" in said
    assert "∂q/∂x = ∂q/∂z · ∂z/∂x" in " ".join(said)


def test_the_classifier_in_symbols():
    s = gs.stepper("s = f(x, W, b); d = h(s); r = R(W); L = d + λ*r", by="gate")
    assert s.tape.outside == ""  # the loss is the output
    said = [[unicode(e) for e in frame.equations] for frame in s]
    assert said[3][0] == "∂L/∂r = ∂L/∂q · ∂q/∂r = 1 · λ = λ"
    assert said[5:] == [
        ["∂L/∂s = ∂L/∂d · ∂d/∂s"],
        ["∂L/∂b = ∂L/∂s · ∂s/∂b", "contribution to ∂L/∂W = ∂L/∂s · ∂s/∂W", "∂L/∂x = ∂L/∂s · ∂s/∂x"],
        ["∂L/∂W = ∂L/∂s · ∂s/∂W + ∂L/∂r · ∂r/∂W"],
    ]


def test_no_letter_is_that_of_a_gate():
    s = gs.stepper("g(x, h(y)) * phi(x)")
    assert {"g", "h", "φ", "phi"}.isdisjoint(s.names)
    assert gs.stepper("f(x, y)").names == ("x", "y", "z")


# --- a loss outside


def test_any_figure_without_numbers_may_have_a_loss_outside():
    s = gs.stepper("f = (x + y) * z", upstream="L")
    assert s.texts[Slot("upstream", 4)] == "∂L/∂f"
    assert [unicode(e) for e in s[-1].equations] == [
        "∂L/∂y = ∂L/∂q · ∂q/∂y = ∂L/∂q · 1 = ∂L/∂q", "∂L/∂x = ∂L/∂q · ∂q/∂x = ∂L/∂q · 1 = ∂L/∂q",
        "q = x + y",
    ]  # fmt: skip
    assert s[1].equations == ()


@pytest.mark.parametrize(
    ("text", "given", "loss"),
    [
        (GENERAL, None, "L"), (GENERAL, "E", "E"), (GENERAL, 1, ""), (GENERAL, "1", ""),
        ("z = f(x, L)", None, "E"), ("L = f(x, y)", None, ""), ("loss = f(x, y)", None, ""),
        ("q = f(x, y) * w", None, ""), ("f = x * y", None, ""), ("f = x * y", "loss", "loss"),
    ],
)  # fmt: skip
def test_when_the_loss_is_outside(text, given, loss):
    assert gs.stepper(text, upstream=given).tape.outside == loss


@pytest.mark.parametrize(
    ("text", "numbers", "given", "message"),
    [
        (GENERAL, {}, "x", "x is in the figure already"),
        (GENERAL, {}, "f", "f is in the figure already"),
        (GENERAL, {}, "∂L", "is the name of a loss"),
        (GENERAL, {}, 2.0, "is the name of a loss"),
        (GENERAL, {}, True, "is the name of a loss"),
        ("f = x * y", {"x": 1, "y": 2}, "L", "is a name, and this figure has numbers"),
    ],
)
def test_what_a_loss_outside_cannot_be(text, numbers, given, message):
    with pytest.raises(gs.GraphstepError, match=message):
        gs.stepper(text, upstream=given, **numbers)


def test_with_numbers_1_is_what_the_output_has():
    assert gs.stepper("f = x * y", upstream=1, x=2, y=3).gradients == {"x": 3.0, "y": 2.0}


def test_the_wire_goes_on_beyond_all_else_in_dashes_to_the_name():
    for text in (GENERAL, "z = f(x, y) * w + g(h(x), y)"):
        s = gs.stepper(text, upstream="loss")
        for frame in s:
            shapes = frame.shapes.shapes
            dashed = next(p for p in shapes if isinstance(p, Path) and "MLML" in commands(p))
            name = next(t for t in shapes if isinstance(t, Text) and t.runs[0].text == "loss")
            others = [shape for shape in shapes if shape not in (dashed, name) and right(shape)]
            assert right(dashed) < left(name)
            head = max(map(right, others))
            assert left(name) > head
            assert right(dashed) >= max(right(o) for o in others if o.kind != "a")
            assert name.x < frame.shapes.width


@pytest.mark.parametrize(("direction", "sign"), [("down", 1), ("up", -1)])
def test_the_name_is_at_the_end_of_upright_figures(direction, sign):
    style = gs.Style(direction=direction)
    shapes = gs.stepper("z = f(x, y) * w", upstream="L", style=style)[-1].shapes
    texts = {s.runs[0].text: s.y for s in shapes.shapes if isinstance(s, Text) and s.runs}
    assert sign * texts.pop("L") > max(sign * y for y in texts.values())
    assert all(0 < s.y < shapes.height for s in shapes.shapes if isinstance(s, Text))


def test_in_rows_the_name_is_at_the_end_of_the_last_one():
    s = gs.stepper("q = f(x, y); r = g(q, w); s = exp(r); z = s*h(v)", upstream="loss",
                   style=gs.Style(wrap=420))  # fmt: skip
    shapes = s[-1].shapes
    name = next(t for t in shapes.shapes if isinstance(t, Text) and t.runs[0].text == "loss")
    value = next(t for t in shapes.shapes if isinstance(t, Text) and t.slot == Slot("value", 8))
    assert abs(name.y - value.y) < 25
    assert value.x < name.x < shapes.width


def commands(path):
    return "".join(name for name, _ in path.pieces)


def points(path):
    return [x for _, some in path.pieces for x, _ in some]


def right(shape):
    if isinstance(shape, Path):
        return max(points(shape))
    return shape.x + (0 if isinstance(shape, Text) else shape.width)


def left(name):
    return name.x - 5 * len(name.runs[0].text)


def test_in_every_format(tmp_path):
    s = gs.stepper(GENERAL, lang="ru")
    for ending in (".svg", ".html", ".txt", ".dot", ".tex", ".deck.html", ".pdf", ".pptx", ".png"):
        (path,) = s.save(tmp_path / f"f{ending}")
        assert path.stat().st_size > 100
    assert "dashed" in (tmp_path / "f.dot").read_text(encoding="utf-8")
    for ending in (".svg", ".html", ".txt", ".tex", ".deck.html"):
        text = (tmp_path / f"f{ending}").read_text(encoding="utf-8")
        assert "L" in text
    assert "∂L/∂z" in (tmp_path / "f.txt").read_text(encoding="utf-8")
