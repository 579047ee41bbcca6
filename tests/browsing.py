"""A real Chromium for the tests, and the figures that are looked at in it."""

from dataclasses import replace

import bench
import pictures
import pytest
from readme import ROOT

import graphstep as gs
from examples import NEURON, NEURON_INPUTS, PATTERNS, PATTERNS_INPUTS
from graphstep.slides.deck import FigureBlock, every_block

net = bench.net

BROWSER = [
    pytest.mark.browser,
    # playwright leaves its own event loop to the collector
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


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


def lecture_figures(lang="en"):
    """The different figures of the lecture, with all of their frames, as they were written."""
    slides = gs.deck(ROOT / f"examples/lecture/{lang}.md").slides
    blocks = (
        b for slide in slides for b in every_block(slide.blocks) if isinstance(b, FigureBlock)
    )
    rows = (b.given or b.stepper for b in blocks)
    found = {(s.graph.source, s.by): s for row in rows for s in getattr(row, "figures", [row])}
    return [replace(s, shown=None) for s in found.values()]


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
            assert box["left"] >= place.x - place.width / 2 - 0.5, (frame.index, box)
            assert box["right"] <= place.x + place.width / 2 + 0.5, (frame.index, box)
            if place.height:
                assert box["top"] >= place.y - 3, (frame.index, box)
                assert box["bottom"] <= place.y + place.height + 3, (frame.index, box)
    for mark in s.drawing.marks:
        if mark.gate:
            inside = [b for b in boxes if b["kind"] == "m" and abs((b["left"] + b["right"]) / 2 - mark.x) < 3
                      and b["top"] < mark.y < b["bottom"]]  # fmt: skip
            assert len(inside) == 1, mark
            assert inside[0]["right"] - inside[0]["left"] <= mark.width - 4, inside
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            apart = a["x1"] <= b["x0"] + 0.5 or b["x1"] <= a["x0"] + 0.5
            # boxes of lines include the room above capitals and below descenders: 0.3 em overlap
            assert apart or a["y0"] >= b["y1"] - 4.5 or b["y0"] >= a["y1"] - 4.5, (a, b)


def until(page, condition):
    """Wait for a condition; the page's policy forbids Playwright's own way."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)
