"""Printed signs: a true minus, a dot between factors, a cross in shapes, in all that people read."""

import re
import tomllib

import numpy as np
import pytest

import graphstep as gs
from examples import NEURON, NEURON_INPUTS
from graphstep.base import package_files, words
from graphstep.base.words import languages, sentences
from graphstep.explain.step_kinds import WAYS
from graphstep.formulas.unicode import unicode
from graphstep.outputs.text import whole
from graphstep.painting.shapes import Text

TYPED = re.compile(
    r"(?<![^\W\d_])-|-(?![^\W\d_])"  # no hyphen between letters
    r"|(?<=[\d\])}ᵀ])x(?=[\d\[({])|[\d\])}ᵀ] x [\[\d{]|(?:local|локальный)\S* x "
)
"""Signs as they are typed: a hyphen for minus, the letter x for a product or between sides."""
FIGURES = [
    (NEURON, NEURON_INPUTS),
    ("f = (x + y) * z - 3*x*-y", dict(x=-2, y=5.5, z=-4)),
    ("f = sum(relu(W @ x - b) * -2)", dict(W=[[1, -2.5], [3, 4]], x=[1, -2], b=[-1e-5, 3])),
    ("L = cross_entropy(W @ x - 1e-3, y) / 2", dict(W=-np.ones((6, 5)) / 2, x=[1, 2, 3, 4, 5], y=2)),
    ("f = log(x - y) * x**-2 + leaky_relu(-x, 0.1)", dict(x=1, y=2)),
    ("f = sum(x[0:2] * y) + elu(x[1] - x[0])", dict(x=[1, 2, -3], y=[1, -2])),
    ("q = sum(X*-1); f = q*q - exp(-q)", dict(X=np.full((2, 30), -0.01))),
]  # fmt: skip


def read_by_people(s):
    """All texts of a figure, without its source."""
    yield s.given
    yield from s.texts.values()
    yield from s.names
    for frame in s:
        yield from (frame.caption, frame.legend, frame.why, *frame.warnings.values())
        yield from map(unicode, frame.equations)
    texts = (
        shape for shape in s[-1].shapes.shapes if isinstance(shape, Text) and shape.kind != "m"
    )
    yield from ("".join(run.text for run in shape.runs) for shape in texts)


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("by", WAYS)
@pytest.mark.parametrize(("text", "inputs"), FIGURES)
def test_figures_print_signs(text, inputs, by, lang):
    s = gs.stepper(text, inputs=inputs, by=by, lang=lang, forward=True)
    printed = list(read_by_people(s))
    assert any("−" in text for text in printed)
    assert not [text for text in printed if TYPED.search(text)]


@pytest.mark.parametrize(("text", "inputs"), FIGURES)
def test_the_steps_as_text_and_the_labels_of_dot_print_signs(text, inputs):
    s = gs.stepper(text, inputs=inputs, forward=True)
    body = whole(s).partition("\n\n")[2]
    assert "−" in body
    assert not TYPED.search(body)
    labels = re.findall(r'label="(.*?)"', s[-1].graphviz().source)
    assert not [label for label in labels if TYPED.search(label)]


WITH_CONSTANTS = [
    ("f = 0.1*x + x**1.5 + max(x, 0.5)", dict(x=2)),
    ("s = [0.5, 0.25] @ x; f = huber(s, 0.3, 1.5) * 2.5e-7", dict(x=[1, 2])),
    ("f = clip(x*1.5, 0.5, 2.5)/0.25 - where(x > 0.5, 0.75, x)", dict(x=1)),
    ("f = sigmoid(0.1*(x + 3.5)) * x", {}),
    ("f = 0.5 + x", dict(x=2)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "inputs"), WITH_CONSTANTS)
def test_a_figure_has_one_decimal_mark(text, inputs):
    """In the circles of gates and at constants, too: of a language, or of a style."""
    constants = "nodes" if text.startswith("f = 0.5") else "inside"
    graph = gs.parse(text, constants=constants)
    for mark, lang in ((None, "ru"), (",", "en"), (".", "ru"), (None, "en")):
        s = gs.stepper(graph, inputs=inputs or None, lang=lang, style=gs.Style(mark=mark))
        comma = mark == "," or (mark is None and lang == "ru")
        shown = {"".join(run.text for run in shape.runs) for shape in s[-1].shapes.shapes
                 if isinstance(shape, Text)}  # fmt: skip
        shown |= set(re.findall(r'label="(.*?)"', s[-1].graphviz().source))
        assert [t for t in shown if re.search(r"\d[,.]\d", t)]
        assert not [t for t in shown if re.search(r"\d\.\d" if comma else r"\d,\d", t)], mark
        if "clip" in text:
            assert {comma: "clip(x; 0,5; 2,5)", not comma: "clip(x, 0.5, 2.5)"}[True] in shown


def test_what_is_shown_as_a_program_keeps_its_points():
    s = gs.stepper("f = 0.5*x", x=1.5, lang="ru", style=gs.Style(symbols="program"))
    assert [mark.text for mark in s.drawing.marks] == ["x", "*0.5"]


@pytest.mark.parametrize("lang", languages())
def test_sentences_print_signs(lang):
    """Errors and advice may quote what is typed."""
    said = {
        key: text
        for key, text in sentences(lang).items()
        if not key.startswith(("error.", "advice."))
    }
    assert not [key for key, text in said.items() if TYPED.search(text.replace("---", ""))]
    shapes = tomllib.loads(package_files.text(words.__file__, "words", f"{lang}.toml"))
    assert not [text for text in shapes["error"]["shape"].values() if " x " in text]


@pytest.mark.parametrize(
    "text", ["[2] x [3]", "a 2x3 array", "-0.20", "x - y", "local x upstream", "4e-05"]
)
def test_typed_signs_are_seen(text):
    assert TYPED.search(text)


@pytest.mark.parametrize("text", ["Log-sum-exp", "x**2", "W @ x + b", "2×3", "−0.20", "какой-то"])
def test_printed_signs_are_let_through(text):
    assert not TYPED.search(text)


def test_what_is_printed_can_be_typed():
    s = gs.stepper("f = 2*x**2 - x*y", x=-0.375, y=3)
    again = gs.stepper("f = " + s.names[s.graph.nodes[s.graph.output].sources[0]], x=1)
    assert again.value == 2
    assert gs.parse("f = −0.375 · x × 1").forward(x=2).value == -0.75
