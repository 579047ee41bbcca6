"""SVG documents of frames: the same bytes, ids, styles, accessible names."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

import graphstep as gs
from examples import NEURON, SVG, array, neuron
from graphstep.base.errors import GraphError
from graphstep.figure.activation_curves import curves


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


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_files_are_flat(theme):
    """No style sheet, no reference to anything, no unit that programs read differently; own paper."""
    for s in (
        neuron(style=gs.Style(theme=theme)),
        gs.stepper("f = sum(W @ x)", W=array(9, 9), x=array(9), style=gs.Style(theme=theme)),
    ):
        for svg in (s[-1].svg(), s[2].picture("light"), curves(s.style)):
            root = ET.fromstring(svg)
            assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {
                "svg",
                "title",
                "desc",
                "g",
                "path",
                "rect",
                "text",
            }
            assert not {n for e in root.iter() for n in e.attrib} & {
                "style",
                "href",
                "marker-end",
                "dominant-baseline",
                "paint-order",
                "clip-path",
            }
            assert not re.search(r"(var\(|currentColor|rgba|url\(|href|@media|<script|on\w+=)", svg)
            assert all(
                e.get(n) == "none" or re.fullmatch("#[0-9a-f]{6}", e.get(n))
                for e in root.iter()
                for n in ("fill", "stroke")
                if n in e.attrib
            )
    paper = ET.fromstring(s[-1].svg()).find(f"{SVG}rect")
    assert paper.get("fill") == ("#0d1117" if theme == "dark" else "#ffffff")
    assert "prefers-color-scheme" not in s[-1].svg()


def test_accessible_name():
    root = ET.fromstring(neuron()[4].svg())
    labelled = root.get("aria-labelledby").split()
    assert [root.find(f"{SVG}{tag}").get("id") for tag in ("title", "desc")] == labelled
    assert root.find(f"{SVG}title").text == NEURON
    assert neuron()[4].caption in root.find(f"{SVG}desc").text
    assert root.get("role") == "img"


def test_a_notebook_shows_frames_and_figures():
    assert "<img" in neuron()[-1]._repr_html_()
    assert "<script>" in neuron()._repr_html_()
