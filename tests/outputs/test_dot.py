"""Frames in Graphviz's language."""

import shutil

import graphstep as gs
from examples import neuron
from graphstep.outputs import FORMATS, plan


def test_graphviz_of_a_frame():
    import graphviz

    shown = neuron()[-1].graphviz()
    assert isinstance(shown, graphviz.Digraph)
    assert "w₀\\n2.00\\n−0.20" in shown.source
    assert '[label="[2.00]\\n0.39"]' in shown.source
    assert "0.39" not in neuron()[0].graphviz().source
    if shutil.which("dot"):
        assert "w₀".encode() in shown.pipe("svg")


STRANGE = "\0\x1b[31m\r\x85\u2028\ud800\ufffe"


def test_control_characters_reach_no_file():
    """A custom gate may have any symbol, and a style any font; Python has no gate it cannot follow."""

    @gs.gate(symbol=f"a{STRANGE}b", local=[lambda x: 2])
    def odd(x):
        return 2 * x

    s = gs.stepper("f = odd(x)", x=1, style=gs.Style(font=f"A{STRANGE}B"))
    for ending, form in FORMATS.items():
        if not form.extra and ending != ".py":
            ((_, content),) = plan(s, f"f{ending}")
            assert not set(content()) & {"\0", "\x1b", "\r", "\ud800"}, ending
    if shutil.which("dot"):
        assert b"</svg>" in s[-1].graphviz().pipe("svg")
