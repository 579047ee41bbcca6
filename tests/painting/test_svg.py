"""Elements as SVG: whatever a graph says stays text."""

import xml.etree.ElementTree as ET

import pytest

import graphstep as gs
from examples import SVG


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
    assert root.find(f"{SVG}title").text == source.rstrip(";")  # it ends no statement


def test_control_characters_are_left_out():
    graph = gs.parse("f = x")
    evil = gs.ComputationalGraph(graph.nodes, 0, graph.names, "a\x00b\ud800\x1b\ufffe")
    assert ET.fromstring(gs.stepper(evil, x=1)[0].svg()).find(f"{SVG}title").text == "ab"
