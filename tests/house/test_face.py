"""The public face: what `import graphstep as gs` gives, and how it looks in a terminal."""

import pydoc
import re

import numpy as np
import pytest

import graphstep as gs
from graphstep import errors


def test_every_error_is_there_under_both_paths():
    for name in errors.__all__:
        if name != "Span":
            assert getattr(gs, name) is getattr(errors, name)
            assert getattr(gs, name).__module__ == "graphstep.errors"


def test_help_shows_the_face_first():
    text = pydoc.plain(pydoc.render_doc(gs))
    first = text[: text.index("PACKAGE CONTENTS")]
    for name in gs.__all__:
        assert re.search(rf"\b{name}\b", first), name


def test_reprs_are_one_line_without_addresses():
    graph = gs.parse("f = sum(W @ x)")
    tape = graph.forward(W=np.ones((2, 3)), x=[1, 2, 3])
    wide = gs.parse("f = " + " + ".join(f"x{i}" for i in range(300)))
    seen = [graph, tape, tape.check(), wide, wide.forward(dict.fromkeys(wide.inputs, 1.0)),
            gs.stepper("f = x*y", x=1, y=2), gs.stepper("f = x*y", x=1, y=2)[0], gs.GATES, *gs.GATES.values()]  # fmt: skip
    for text in map(repr, seen):
        assert "\n" not in text
        assert not re.search("0x[0-9a-f]{4}", text), text
        assert len(text) <= 140, text
    assert repr(graph) == "<ComputationalGraph 'f = sum(W @ x)': 4 nodes, 3 wires>"
    assert repr(gs.GATES["mul"]) == "<Gate mul(x, y)>"
    assert repr(tape) == "<Tape f = 12 at W=array 2×3, x=array 3>"


def test_the_table_of_gates_is_changed_by_its_decorator_only():
    for change in (
        lambda: gs.GATES.__setitem__("mine", gs.GATES["mul"]),
        lambda: gs.GATES.pop("mul"),
        lambda: gs.GATES.update(mine=gs.GATES["mul"]),
        lambda: gs.GATES.clear(),
    ):
        with pytest.raises(TypeError, match=r"graphstep\.gate"):
            change()
    assert "mine" not in gs.GATES
    assert "mul" in gs.GATES
