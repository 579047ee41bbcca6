"""HOW: the layout on both engines, and the SVG of every frame."""

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from strategies import programs

import graphstep as gs
from examples import NEURON, NEURON_INPUTS, stepped
from graphstep.base.errors import EngineError, GraphError
from graphstep.drawing import layout
from graphstep.drawing.layout import Box, place
from graphstep.drawing.measures import BELOW, RADIUS
from graphstep.graph.slots import Slot
from graphstep.look.text_widths import width

ENGINES = pytest.mark.parametrize(
    "engine",
    [
        "embedded",
        pytest.param("dot", marks=pytest.mark.skipif(not shutil.which("dot"), reason="no dot")),
    ],
)
SVG = "{http://www.w3.org/2000/svg}"


def neuron(**options):
    return gs.stepper(NEURON, **NEURON_INPUTS, **options)


@ENGINES
def test_boxes_stand_apart_and_curves_join_them(engine):
    boxes = [Box(40, 30), Box(60, 20), Box(50, 50), Box(30, 30)]
    edges = [(0, 2), (1, 2), (1, 3), (2, 3), (0, 2)]
    found = place(boxes, edges, engine)
    rects = [(x - b.width / 2, y - b.height / 2, x + b.width / 2, y + b.height / 2)
             for b, (x, y) in zip(boxes, found.centres, strict=True)]  # fmt: skip
    for i, a in enumerate(rects):
        assert a[0] >= -1
        assert a[2] <= found.width + 1
        for b in rects[:i]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    for (tail, head), curve in zip(edges, found.curves, strict=True):
        assert len(curve) % 3 == 1
        assert curve[0] == pytest.approx((rects[tail][2], found.centres[tail][1]), abs=1.5)
        assert curve[-1] == pytest.approx((rects[head][0], found.centres[head][1]), abs=1.5)
        assert found.centres[tail][0] < found.centres[head][0]


@ENGINES
@pytest.mark.parametrize("count", [1, 160, 420])
def test_sizes_of_all_settings(engine, count):
    boxes = [Box(40, 30)] * count
    found = place(boxes, [(i, i + 1) for i in range(count - 1)], engine)
    assert len(found.centres) == count
    assert len(set(found.centres)) == count


def test_too_large_is_refused_with_advice():
    with pytest.raises(GraphError, match="Draw a smaller expression"):
        place([Box(1, 1)] * 4000, [])
    s = gs.stepper("+".join(f"x{i}" for i in range(3000)), inputs={f"x{i}": 1 for i in range(3000)})
    assert s.value == 3000.0
    with pytest.raises(GraphError):
        s[0].svg()


def test_an_unknown_engine_is_refused():
    with pytest.raises(gs.GraphstepError, match="embedded, dot"):
        neuron(engine="neato")
    with pytest.raises(gs.GraphstepError, match="embedded, dot"):
        place([Box(1, 1)], [], "neato")


def test_a_missing_dot_is_told(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EngineError, match="cannot be used here") as caught:
        neuron(engine="dot")[0].svg()
    assert caught.value.key == "engine_missing"


def test_a_missing_embedded_engine_is_told_and_dot_takes_over(monkeypatch):
    monkeypatch.setitem(sys.modules, "wasmtime", None)
    layout._embedded.cache_clear()
    try:
        with pytest.raises(EngineError, match="cannot be used here"):
            neuron(engine="embedded")[0].svg()
        if shutil.which("dot"):
            assert neuron()[0].svg() == neuron(engine="dot")[0].svg()
        monkeypatch.setenv("PATH", "")
        with pytest.raises(EngineError):
            neuron()[0].svg()
    finally:
        layout._embedded.cache_clear()


def test_a_failed_render_does_not_poison_the_next():
    with pytest.raises(EngineError, match="failed"):
        layout.ENGINES["embedded"]("digraph {")
    assert neuron(engine="embedded")[0].svg() == neuron(engine="embedded")[0].svg()


def test_no_text_of_a_user_reaches_graphviz(monkeypatch):
    seen = []
    run = layout._embedded()
    monkeypatch.setattr(
        layout, "_embedded", lambda: lambda source: seen.append(source) or run(source)
    )
    gs.stepper("secret = geheim * 2; f = secret + 1", geheim=3)[0].svg()
    assert "geheim" not in seen[0]
    assert "secret" not in seen[0]
    assert len(seen) == 1


@ENGINES
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
        (p.x - p.room / 2, p.y - p.size * 0.93, p.x + p.room / 2, p.y + p.size * 0.24)
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


NETS = {
    "x @ w": ("q = W @ x; f = l2(q)", {"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [0.2, 0.4]}),
    "net": ("h = relu(x @ w + b); L = cross_entropy(h @ v, y)",
            {"x": (6, 5), "w": (5, 8), "b": (8,), "v": (8, 3), "y": [0, 1, 2, 0, 1, 2]}),
    "regularized": ("L = cross_entropy(relu(x @ w) @ v, y) + 0.1 * l2(w) + 0.1 * l2(v) + sum(x)",
                    {"x": (6, 5), "w": (5, 8), "v": (8, 3), "y": [0, 1, 2, 0, 1, 2]}),
    "numbers": ("a*b + sum(x)*c + exp(a)", {"a": 1, "b": 2, "c": 3, "x": (6, 5)}),
    "past others": ("a = max(x, y); b = a @ x; f = mean(b) + sum(a + [1, 2, 3])",
                    {"x": (3, 3), "y": (1, 3)}),
    "over columns": ("a = 1 / x; b = max(a, axis=1); c = max(b, a); f = mean(sin(cos(mean(c, 0))))",
                     {"x": (2, 1)}),
}  # fmt: skip


def net(name):
    text, inputs = NETS[name]
    given = {n: np.ones(i) if isinstance(i, tuple) else i for n, i in inputs.items()}
    return gs.stepper(text, **given)


@pytest.mark.parametrize("name", NETS)
def test_arrays_stand_apart_and_wires_go_around_them(name):
    drawing = net(name).drawing
    rects = [
        (p.x - p.room / 2, p.y, p.x + p.room / 2, p.y + p.height)
        for p in drawing.places if p.height
    ]  # fmt: skip
    for i, a in enumerate(rects):
        assert a[1] >= 0
        assert a[3] <= drawing.height
        for b in rects[:i]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a, b)
    for curve in drawing.curves:
        for x, y in points_of(curve.points):
            assert 0 <= y <= drawing.height
            inside = [a for a in rects if a[0] < x < a[2] and a[1] < y < a[3]]
            assert not inside, (curve, inside)


def points_of(points):
    """Points on joined cubic Bezier curves."""
    for k in range(0, len(points) - 1, 3):
        a, b, c, d = points[k : k + 4]
        for t in np.linspace(0, 1, 40):
            u = 1 - t
            parts = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
            yield tuple(
                sum(w * p[i] for w, p in zip(parts, (a, b, c, d), strict=True)) for i in (0, 1)
            )


def test_a_net_takes_no_more_height_than_its_arrays():
    """What is above wires and what is below them takes its own height, not twice the larger."""
    drawing = net("net").drawing
    places = [p for p in drawing.places if p.height]
    assert min(p.y for p in places) < 15
    assert max(p.y + p.height for p in places) > drawing.height - 15
    assert drawing.height < 0.8 * drawing.width
    tail = [m.y for m in drawing.marks if m.text in {"+", "ReLU"}]
    assert len(tail) == 2
    assert len(set(tail)) == 1  # what can be straight is straight


def test_only_slots_and_classes_change_between_frames():
    """0.00 pt of movement: every element that stays has the same coordinates in all frames."""
    s = neuron(by="wire", forward=True)
    where = {}
    for frame in s:
        root = ET.fromstring(frame.svg())
        assert root.get("viewBox") == ET.fromstring(s[0].svg()).get("viewBox")
        for text in root.iter(f"{SVG}text"):
            if text.get("data-slot"):
                place_ = (text.get("x"), text.get("y"), text.get("font-size"))
                assert where.setdefault(text.get("data-slot"), place_) == place_
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


def test_same_input_same_bytes_in_another_process():
    code = (
        "import graphstep as gs; print(gs.stepper('f = x*exp(y) - x', x=2, y=1)[3].svg(), end='')"
    )
    runs = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
        for _ in range(2)
    }
    assert runs == {gs.stepper("f = x*exp(y) - x", x=2, y=1)[3].svg().encode()}


def test_ids_are_unique_per_figure():
    figures = [neuron()[3], neuron()[4], neuron(by="wire")[3], gs.stepper("x*x", x=1)[0], gs.stepper("x*x", x=2)[0],
               gs.stepper("x*x", x=1, style=gs.Style(theme="dark"))[0]]  # fmt: skip
    ids = [i for f in figures for i in re.findall(r' id="([^"]+)"', f.svg())]
    assert len(ids) == len(set(ids)) == 3 * len(figures)
    assert 'id="mine"' in neuron()[3].svg(ident="mine")
    for bad in ('a"><script>', "", "1a", "a b", 5):
        with pytest.raises(GraphError, match="not an id"):
            neuron()[3].svg(ident=bad)


def test_figures_of_graphs_made_by_hand_have_ids_of_their_own():
    add, mul = (gs.parse(text) for text in ("f = x + y", "f = x * y"))
    bare = [gs.ComputationalGraph(g.nodes, g.output, g.names) for g in (add, mul)]
    one, two = (gs.stepper(g, x=2, y=2)[0].svg() for g in bare)
    assert set(re.findall(r' id="([^"]+)"', one)).isdisjoint(re.findall(r' id="([^"]+)"', two))


def test_outlines_go_around_the_whole_number():
    s = gs.stepper("a = x*y; b = sin(a); f = a*b", x=1.5, y=0.3)
    frame = next(f for f in s if Slot("value", 2) in f.step.uses)
    root = ET.fromstring(frame.svg())
    place_ = next(p for p in s.drawing.places if p.slot == Slot("value", 2))
    boxes = [r for r in root.iter(f"{SVG}rect") if r.get("class") == "u"]
    box = min(boxes, key=lambda r: abs(float(r.get("x")) + float(r.get("width")) / 2 - place_.x))
    assert float(box.get("width")) >= width(f"{place_.prefix}0.45", place_.size)


def test_styles_reach_only_their_own_figure():
    svg = neuron()[2].svg()
    scope = re.search(r'<svg[^>]* class="graphstep ([^"]+)"', svg).group(1)
    sheet = re.search("<style>(.*)</style>", svg).group(1)
    selectors = re.findall(
        r"([^{}]+)\{[^{}]", sheet.replace("@media(prefers-color-scheme:dark){", "")
    )
    assert all(s.startswith(f".{scope} ") for group in selectors for s in group.split(","))
    assert not re.search(r"(href|url\(|src=|<script|on\w+=)", svg)


@pytest.mark.parametrize(
    "source", ["<script>alert(1)</script>", "</svg><b>", '" onload="x', "]]>&amp;"]
)
def test_hostile_text_stays_text(source):
    """Names cannot hold markup, but a graph built by hand can say anything."""
    graph = gs.parse("f = x * 2")
    nodes = tuple(n._replace(name=source + n.name if n.name else None) for n in graph.nodes)
    evil = gs.ComputationalGraph(nodes, 1, {n.name: i for i, n in enumerate(nodes)}, source)
    s = gs.stepper(evil, inputs={f"{source}x": 3})
    for frame in s:
        root = ET.fromstring(frame.svg())
        kinds = {e.tag.removeprefix(SVG) for e in root.iter()}
        assert kinds <= {"svg", "title", "desc", "style", "g", "path", "rect", "text", "tspan"}
        assert not [k for e in root.iter() for k in e.attrib if k.startswith("on")]
        assert "label=<" not in frame.graphviz().source
    assert root.find(f"{SVG}title").text == source


def test_control_characters_are_left_out():
    graph = gs.parse("f = x")
    evil = gs.ComputationalGraph(graph.nodes, 0, graph.names, "a\x00b\ud800\x1b\ufffe")
    assert ET.fromstring(gs.stepper(evil, x=1)[0].svg()).find(f"{SVG}title").text == "ab"


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


def test_accessible_name():
    root = ET.fromstring(neuron()[4].svg())
    labelled = root.get("aria-labelledby").split()
    assert [root.find(f"{SVG}{tag}").get("id") for tag in ("title", "desc")] == labelled
    assert root.find(f"{SVG}title").text == NEURON
    assert neuron()[4].caption in root.find(f"{SVG}desc").text
    assert root.get("role") == "img"


def test_repr_svg_for_notebooks():
    assert neuron()[-1]._repr_svg_() == neuron()[-1].svg()
    assert "<script>" in neuron()._repr_html_()


def test_graphviz_of_a_frame():
    import graphviz

    shown = neuron()[-1].graphviz()
    assert isinstance(shown, graphviz.Digraph)
    assert "w0\\n2.00\\n-0.20" in shown.source
    assert '[label="[2.00]\\n0.39"]' in shown.source
    assert "0.39" not in neuron()[0].graphviz().source
    if shutil.which("dot"):
        assert b"w0" in shown.pipe("svg")


def test_svg_output_of_at_fits_the_same_figure():
    """Other inputs, other widths of numbers: the same places hold them."""
    s = neuron()
    far = s.at(w0=-1.23456e-9, x0=98765.4321)
    assert far.drawing is s.drawing
    assert max(map(len, far.texts.values())) <= s.style.room
