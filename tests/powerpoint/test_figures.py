"""Figures as native shapes, and what LibreOffice makes of them."""

import math
import os
import random
import shutil
import subprocess

import pytest
from drawings import LAYOUTS
from lxml import etree
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from presentations import neuron, opened, run, shapes

import graphstep as gs
from graphstep.drawing.measures import MARGIN, RADIUS
from graphstep.look.style import PALETTES
from graphstep.painting.shapes import Text
from graphstep.powerpoint import pages
from graphstep.powerpoint.figures import native_figure
from graphstep.powerpoint.masters import NAMESPACES
from graphstep.powerpoint.xml import Rect, inks
from graphstep.slides import deck as sl


def test_gates_wires_and_numbers_are_shapes_with_names():
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)
    slide = opened(pages.whole(s)).slides[3]
    figure = next(shape for shape in slide.shapes if shape.shape_type == 6)
    assert figure.name == "figure"
    names = [shape.name for shape in figure.shapes]
    for name in ("gate +", "gate ×", "wire x → q", "wire q → f", "value q", "gradient q", "input z",
                 "local gradient z → f", "used in this step"):  # fmt: skip
        assert name in names, name
    by_name = {shape.name: shape for shape in figure.shapes}
    gate = by_name["gate ×"]
    assert gate.text_frame.text == "×"
    assert gate.auto_shape_type.name == "OVAL"
    wire = by_name["wire x → q"]._element
    paths = wire.findall(".//" + qn("a:path"))
    assert wire.find(".//" + qn("a:cubicBezTo")) is not None
    assert [p.get("fill") or p.get("stroke") for p in paths] == ["none", "0"]  # and its arrow head


def test_a_long_symbol_is_a_pill_and_a_power_is_raised():
    s = gs.stepper("f = softplus(x)**3", x=1)
    figure = next(x for x in opened(pages.whole(s)).slides[0].shapes if x.shape_type == 6)
    kinds = {x.text_frame.text: x for x in figure.shapes if x.name.startswith("gate")}
    assert kinds["softplus"].auto_shape_type.name == "ROUNDED_RECTANGLE"
    assert "baseline" in etree.tostring(kinds["x3"]._element).decode()


def test_heat_maps_are_freeforms_with_opacity_and_a_warning_has_its_sentence():
    sys_path = gs.stepper(
        "h = x @ w; L = cross_entropy(h, y)", x=[[0.1 * (r - c) for c in range(6)] for r in range(5)],
        w=[[0.3 * (r * c % 4 - 1) for c in range(3)] for r in range(6)], y=[0, 1, 2, 0, 1],
    )  # fmt: skip
    data = etree.tostring(opened(pages.whole(sys_path)).slides[-1].element).decode()
    assert data.count("<a:alpha") > 10
    s = gs.stepper("f = log(x) * y", x=-1, y=2)
    sign = [x for x in shapes(opened(pages.whole(s)).slides[-1]) if x.name == "warning"]
    assert sign[0]._element.nvSpPr.cNvPr.get("descr") == next(iter(s[-1].warnings.values()))


def random_figure(seed):
    """Of a graph in which values are used several times, in one of the layouts."""
    pick, names, lines = random.Random(seed), ["x", "y"], []
    for k in range(7):
        one, other = pick.sample(names, 2)
        gate = pick.choice((f"{one} * {other}", f"{one} + {other}", f"sin({one})"))
        lines.append(f"v{k} = {gate}")
        names.append(f"v{k}")
    sums = (f"s{k} = {f's{k - 1}' if k else 'x'} + {name}" for k, name in enumerate(names[1:]))
    style = gs.Style(**LAYOUTS[seed])
    return gs.stepper("; ".join((*lines, *sums)), inputs={"x": 0.5, "y": -0.3}, style=style)


CORNER, SCALE = (30, 50), 0.7


def grouped(frame):
    """The shapes of a figure by name: they are in its group directly, which shifts nothing."""
    place = Rect(*CORNER, SCALE * frame.shapes.width, SCALE * frame.shapes.height)
    palette = PALETTES["default"].light
    text = native_figure(frame, place, inks(palette, palette))
    group = parse_xml(text.replace("<p:grpSp>", f"<p:grpSp {NAMESPACES}>", 1))
    off, ext, inner_off, inner_ext = (dict(e.attrib) for e in group.grpSpPr[0])
    assert (off, ext) == (inner_off, inner_ext)
    assert {e.tag for e in group[2:]} == {qn("p:sp")}  # no connectors, no groups inside
    return [(e.nvSpPr.cNvPr.get("name"), e) for e in group[2:]]


def tip(wire):
    """Where the arrow head of a wire ends in its figure; None for a part of a wire without one."""
    paths = wire.findall(".//" + qn("a:path"))
    if len(paths) < 2:
        return None
    corner, point = next(wire.iter(qn("a:off"))), next(paths[1].iter(qn("a:pt")))
    on_slide = [(int(corner.get(k)) + int(point.get(k))) / 12700 for k in "xy"]
    return [(p - q) / SCALE - MARGIN for p, q in zip(on_slide, CORNER, strict=True)]


@pytest.mark.parametrize("seed", [None, *range(len(LAYOUTS))])
def test_wires_are_in_one_group_with_gates_and_end_at_those_after_which_they_are_named(seed):
    s = neuron() if seed is None else random_figure(seed)
    gates = {s[0].figure.names[m.node]: m for m in s.drawing.marks if m.gate}
    for frame in (s[0], s[len(s) // 2], s[len(s) - 1]):
        named = grouped(frame)
        assert sum(name.startswith("gate ") for name, _ in named) == len(gates)
        wires = [(name, tip(wire)) for name, wire in named if name.startswith("wire ")]
        ends = [(gates[name.rpartition(" → ")[2]], end) for name, end in wires if end]
        assert len(ends) == sum(curve.arrow for curve in s.drawing.curves)
        for gate, (x, y) in ends:
            beside = max(abs(x - gate.x) - (gate.width / 2 - RADIUS), 0)  # of the end of a pill
            assert math.hypot(beside, y - gate.y) == pytest.approx(RADIUS, abs=2)


def converted(data, tmp_path):
    if shutil.which("soffice") is None or shutil.which("pdftotext") is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is missing: tools/system-packages installs it")
        pytest.skip("no LibreOffice")
    source = tmp_path / "deck.pptx"
    source.write_bytes(data)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "pdf", "--outdir", tmp_path, source],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return tmp_path / "deck.pdf"


def words(pdf):
    """Of each page: (text, left, baseline's neighbourhood, right) of each word, in points."""
    html = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, check=True).stdout
    root = etree.fromstring(html, etree.XMLParser(recover=True))
    space = "{http://www.w3.org/1999/xhtml}"
    for page in root.iter(f"{space}page"):
        yield [
            (w.text, *(float(w.get(k)) for k in ("xMin", "yMin", "xMax", "yMax")))
            for w in page.iter(f"{space}word")
        ]


def test_libreoffice_shows_each_number_where_the_figure_has_it(tmp_path):
    s = neuron()
    deck = sl.Deck(sl.Meta("Lecture"), (
        sl.Slide((run("Steps"),), (sl.FigureBlock(s, tuple(range(len(s)))),)),
        sl.Slide((run("Шаги"),), (sl.FigureBlock(neuron(lang="ru"), (0, 9)),)),
    ))  # fmt: skip
    data = pages.deck(deck)
    groups = [[x for x in slide.shapes if x.shape_type == 6] for slide in opened(data).slides]
    seen = list(words(converted(data, tmp_path)))
    assert len(seen) == 1 + len(s) + 2
    for frame, page, (figure,) in zip(s, seen[1:], groups[1:], strict=False):
        found = frame.shapes
        scale = figure.width / 12700 / found.width
        for text in found.shapes:
            if not isinstance(text, Text) or len(text.runs) > 1 or text.runs[0].rise:
                continue
            shown, size = text.runs[0].text, text.runs[0].look.size * scale
            x, y = figure.left / 12700 + scale * text.x, figure.top / 12700 + scale * text.y
            near = [w for w in page if w[0] == shown and abs((w[1] + w[3]) / 2 - x) < 2]
            assert any(abs(w[4] - 0.236 * size - y) < 0.16 * size + 0.1 for w in near), (
                shown,
                page,
            )
    assert "−0,20" in {w[0] for w in seen[-1]}
