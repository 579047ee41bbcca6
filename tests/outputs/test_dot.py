"""Frames in Graphviz's language."""

import shutil

from examples import neuron


def test_graphviz_of_a_frame():
    import graphviz

    shown = neuron()[-1].graphviz()
    assert isinstance(shown, graphviz.Digraph)
    assert "w0\\n2.00\\n−0.20" in shown.source
    assert '[label="[2.00]\\n0.39"]' in shown.source
    assert "0.39" not in neuron()[0].graphviz().source
    if shutil.which("dot"):
        assert b"w0" in shown.pipe("svg")
