"""Figures in a real Chromium: every text fits its place, whatever font is there."""

from __future__ import annotations

import pytest
from browsing import BROWSER
from hypothesis import HealthCheck, given, settings
from strategies import programs
from test_documents import pictures
from test_lecture import NEURON, NEURON_INPUTS, PATTERNS, PATTERNS_INPUTS
from test_steps import stepped

import graphstep as gs

pytestmark = BROWSER

FONTS = ["DejaVu Sans, Verdana, Geneva, sans-serif", "serif", "monospace", "sans-serif"]
LECTURE = {
    "section 1": lambda: gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4, by="wire", forward=True),
    "section 2": lambda: gs.stepper(NEURON, **NEURON_INPUTS),
    "section 3": lambda: gs.stepper(PATTERNS, **PATTERNS_INPUTS, by="wire"),
    "the notes": lambda: gs.stepper("f = (x + sigmoid(y)) / (sigmoid(x) + (x + y)**2)", x=3, y=-4),
    "long numbers": lambda: gs.stepper("выход = (вес * x1)**2 / 3e-7", вес=-98765.4321, x1=12345.678, forward=True),
    "long names": lambda: gs.stepper(f"{'long_name_' * 4} = leaky_relu({'W' * 30}) * 123456.5", inputs={"W" * 30: -1e-9}),
    "section 4": lambda: gs.stepper("q = W @ x; f = sum(q**2)", W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4], by="wire", forward=True),
    "a net": pictures.network,
    "long arrays": lambda: gs.stepper("f = sum(W * -98765.4321 @ V) + l2(c*W)", W=[[1.2345, -2e-9, 3e9, 4]] * 3, V=[1, -1e-200, 2, 0.5], c=-7),
    "shared arrays": lambda: gs.stepper("h = tanh(W @ x); f = cross_entropy(h + W @ x, y) + mse(h, x)", W=[[1, 2, 3]] * 3, x=[1, 2, 0.5], y=1),
    "not finite": lambda: gs.stepper("f = log(x) * y", x=-1, y=2, style=gs.Style(digits=6)),
}  # fmt: skip


BOXES = """() => [...document.querySelectorAll('svg text')].filter(t => t.textContent).map(t => {
    const b = t.getBBox(), m = t.getCTM();
    return {slot: t.closest('[data-slot]')?.dataset.slot || '', kind: t.getAttribute('class') || '', text: t.textContent,
            left: b.x, right: b.x + b.width, top: b.y, bottom: b.y + b.height,
            x0: b.x + m.e, x1: b.x + b.width + m.e, y0: b.y + m.f, y1: b.y + b.height + m.f}})"""


def shown(page, svg, font=None):
    """The boxes of all texts of a figure as the browser draws it."""
    page.set_content(f"<body style='margin:0'>{svg}</body>")
    if font:
        page.evaluate(
            "font => document.querySelector('svg').setAttribute('font-family', font)", font
        )
    return page.evaluate(BOXES)


def fits(s, frame, boxes):
    """Each number lies within its reserved place, all texts within the figure, none overlap."""
    rooms = {f"{p.slot.kind}-{p.slot.item}": p for p in s.drawing.places}
    canvas = s._canvas
    for box in boxes:
        assert box["x0"] >= 0, box
        assert box["x1"] <= canvas.width, box
        assert box["y1"] <= canvas.height, box
        if box["slot"]:
            place = rooms[box["slot"]]
            assert box["left"] >= place.x - place.room / 2 - 0.5, (frame.index, box)
            assert box["right"] <= place.x + place.room / 2 + 0.5, (frame.index, box)
            if place.height:
                assert box["top"] >= place.y - 3, (frame.index, box)
                assert box["bottom"] <= place.y + place.height + 3, (frame.index, box)
    for mark in s.drawing.marks:
        if mark.gate:
            inside = [b for b in boxes if b["kind"] == "m" and abs((b["left"] + b["right"]) / 2 - mark.x) < 1
                      and b["top"] < mark.y < b["bottom"]]  # fmt: skip
            assert len(inside) == 1, mark
            assert inside[0]["right"] - inside[0]["left"] <= mark.width - 4, inside
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            apart = a["x1"] <= b["x0"] + 0.5 or b["x1"] <= a["x0"] + 0.5
            # boxes of lines include the room above capitals and below descenders: 0.3 em overlap
            assert apart or a["y0"] >= b["y1"] - 4.5 or b["y0"] >= a["y1"] - 4.5, (a, b)


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("name", LECTURE)
def test_every_text_of_every_frame_fits(page, name, font):
    s = LECTURE[name]()
    for frame in s:
        fits(s, frame, shown(page, frame.svg(), font))


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=programs())
def test_texts_of_random_graphs_fit(page, text):
    s = stepped(text)
    fits(s, s[-1], shown(page, s[-1].svg()))


def test_several_figures_on_one_page_keep_their_own_look(page):
    one = gs.stepper("x*y", x=2, y=3)
    two = gs.stepper("x*y", x=2, y=3, style=gs.Style(palette="cs231n"))
    page.set_content(one[0].svg() + two[0].svg() + one[1].svg())
    fills = page.evaluate(
        "() => [...document.querySelectorAll('svg')].map(s => getComputedStyle(s.querySelector('.v')).fill)"
    )
    assert fills == ["rgb(0, 95, 86)", "rgb(11, 122, 11)", "rgb(0, 95, 86)"]
    assert (
        page.evaluate("() => new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size")
        == 9
    )


@pytest.mark.parametrize(
    ("scheme", "ink"), [("light", "rgb(36, 41, 47)"), ("dark", "rgb(230, 237, 243)")]
)
def test_themes(page, scheme, ink):
    page.emulate_media(color_scheme=scheme)
    try:
        page.set_content(gs.stepper("x*y", x=2, y=3)[0].svg())
        assert page.evaluate("() => getComputedStyle(document.querySelector('.m')).fill") == ink
        fixed = gs.stepper("x*y", x=2, y=3, style=gs.Style(theme="light"))[0].svg()
        page.set_content(fixed)
        assert (
            page.evaluate("() => getComputedStyle(document.querySelector('.m')).fill")
            == "rgb(36, 41, 47)"
        )
        background = page.evaluate(
            "() => getComputedStyle(document.querySelector('svg')).backgroundColor"
        )
        assert background == "rgba(0, 0, 0, 0)"
    finally:
        page.emulate_media(color_scheme="light")


def test_text_can_be_selected(page):
    page.set_content(LECTURE["section 2"]()[-1].svg())
    assert "w0" in page.evaluate(
        "() => { document.execCommand('selectAll'); return getSelection().toString() }"
    )


def test_hostile_names_run_nothing(page):
    graph = gs.parse("f = x * 2")
    bad = "<img src=x onerror=window.hit=1><script>window.hit=1</script>"
    nodes = tuple(n._replace(name=bad + n.name if n.name else None) for n in graph.nodes)
    evil = gs.ComputationalGraph(nodes, 1, {n.name: i for i, n in enumerate(nodes)}, bad)
    page.set_content("".join(f.svg() for f in gs.stepper(evil, inputs={f"{bad}x": 3})))
    assert page.evaluate("() => window.hit") is None
