"""SVG documents of frames: the same bytes, ids, styles, accessible names."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

import graphstep as gs
from examples import NEURON, SVG, neuron
from graphstep.base.errors import GraphError


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


def test_styles_reach_only_their_own_figure():
    svg = neuron()[2].svg()
    scope = re.search(r'<svg[^>]* class="graphstep ([^"]+)"', svg).group(1)
    sheet = re.search("<style>(.*)</style>", svg).group(1)
    selectors = re.findall(
        r"([^{}]+)\{[^{}]", sheet.replace("@media(prefers-color-scheme:dark){", "")
    )
    assert all(s.startswith(f".{scope} ") for group in selectors for s in group.split(","))
    assert not re.search(r"(href|url\(|src=|<script|on\w+=)", svg)


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
