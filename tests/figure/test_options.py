"""Options as words: what a line says, where each word stands, what is refused."""

from typing import get_args

import numpy as np
import pytest

import graphstep as gs
from graphstep import notebook_magic as magic
from graphstep.base.words import languages
from graphstep.explain.step_kinds import By
from graphstep.figure.options import (
    CELL_OPTIONS,
    FENCE_OPTIONS,
    OPTIONS,
    Lang,
    LayoutEngine,
    complete,
    from_texts,
    graph,
    keywords,
    read_line,
)
from graphstep.look.layout_engines import BUILT_IN


@pytest.mark.parametrize(
    ("line", "inputs", "options"),
    [
        ("", [], {}),
        ("x=-2  y=5", ["x=-2", "y=5"], {}),
        ("'W=[[1, 2]]' --by=wire", ["W=[[1, 2]]"], {"by": "wire"}),
        ('"W=[[1, 2]]" --by wire x=1', ["W=[[1, 2]]", "x=1"], {"by": "wire"}),
        ("--forward x=1 --captions", ["x=1"], {"forward": True, "captions": True}),
        ("--forward=false --group=on", [], {"forward": False, "group": True}),
        ("--digits 3 --seed 7", [], {"digits": 3, "seed": 7}),
        ("--local step", [], {"local": "step"}),
        (
            "--symbols program --spacing wide --direction up --wrap 420.5",
            [],
            {"symbols": "program", "spacing": "wide", "direction": "up", "wrap": 420.5},
        ),
        (
            "--steps 1,3-last --expand sigmoid,q",
            [],
            {"steps": "1,3-last", "expand": ("sigmoid", "q")},
        ),
        (r"W=randn(3,\ 4)", ["W=randn(3, 4)"], {}),
        ("x=1#2", ["x=1#2"], {}),
    ],
)
def test_a_line_says(line, inputs, options):
    found = read_line(line, FENCE_OPTIONS)
    assert ([word.text for word in found.inputs], found.options) == (inputs, options)


def test_words_know_where_they_stand():
    text = "before x=1  'y = 2' --by\twire after"
    line = read_line(text, FENCE_OPTIONS, 7, text.index(" after"))
    assert [text[slice(*word.span)] for word in line.inputs] == ["x=1", "'y = 2'"]
    assert text[slice(*line.spans["by"])] == "wire"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "x=1 --forwrad",
            "line 1, column 5: There is no option --forwrad. Did you mean --forward? Options: --by, --forward, "
            "--upstream, --target, --mode, --wrt, --tangent, --update, --rate, --rule, --accumulate, --iterations, --constants, --group, --expand, --palette, --digits, --local, --sums, --code, --drawn, --symbols, --spacing, --direction, --wrap, --lang, --engine, --seed, --steps, --captions.\n"
            "    x=1 --forwrad\n        ^^^^^^^^^",
        ),
        ("--by", "line 1, column 1: --by needs a value behind it.\n    --by\n    ^^^^"),
        (
            "--by leaf",
            "line 1, column 6: by cannot be 'leaf'; it can be: gate, wire, product, value, local.\n    --by leaf\n         ^^^^",
        ),
        (
            "--wrap wide",
            "line 1, column 8: wrap cannot be 'wide'; give the width of a row in points, a number from 100 on.\n"
            "    --wrap wide\n           ^^^^",
        ),
        (
            "--digits 16",
            "line 1, column 10: '16' digits cannot be shown; give a whole number from 0 to 15.\n    --digits 16\n             ^^",
        ),
        (
            "--seed -1",
            "line 1, column 8: A seed is a whole number from 0 on, not -1.\n    --seed -1\n           ^^",
        ),
        (
            "--lang=xx",
            f"line 1, column 1: lang cannot be 'xx'; it can be: {', '.join(languages())}.\n    --lang=xx\n    ^^^^^^^^^",
        ),
        (
            "--group=1",
            "line 1, column 1: group cannot be '1'; it can be: true, yes, on, false, no, off.\n    --group=1\n    ^^^^^^^^^",
        ),
        (
            "--steps 2-3x",
            "line 1, column 9: '2-3x' does not say which frames are meant. Write numbers, ranges and names, "
            "as in 3, 2-5, 1,4, forward, backward, last, or that of a node.\n    --steps 2-3x\n            ^^^^",
        ),
        (
            "x=1 'y=2",
            "line 1, column 5: This quotation mark or backslash is never followed by its end. Close the quotation, or write the mark in other quotation marks.\n    x=1 'y=2\n        ^",
        ),
        (
            "--by gate --by wire",
            "line 1, column 11: --by is given twice. Give it once.\n    --by gate --by wire\n              ^^^^",
        ),
    ],
)
def test_what_is_refused(line, message):
    with pytest.raises(gs.GraphstepError) as refused:
        read_line(line, FENCE_OPTIONS)
    assert str(refused.value) == message


def test_an_option_of_one_place_is_unknown_in_another():
    with pytest.raises(gs.GraphstepError, match="no option --quiz"):
        read_line("--quiz", FENCE_OPTIONS)
    with pytest.raises(gs.GraphstepError, match="no option --steps"):
        read_line("--steps 1", CELL_OPTIONS)
    assert set(FENCE_OPTIONS) | set(CELL_OPTIONS) == set(OPTIONS)


def test_the_options_make_the_figure():
    options = complete({"digits": 3, "by": "wire"}, {"digits": 1, "theme": "dark"})
    s = gs.stepper(graph("f = x * y", options), x=1, y=2, **keywords(options))
    assert (s.by, s.style) == ("wire", gs.Style("default", "dark", 1))
    neuron = "f = 1/(1 + exp(-(w*x)))"
    assert "sigmoid" in [
        n.gate.name for n in graph(neuron, complete({"group": True})).nodes if n.gate
    ]
    apart = graph("f = sigmoid(x)", complete({"expand": ("sigmoid",)}))
    assert "exp" in [n.gate.name for n in apart.nodes if n.gate]


def test_a_cell_takes_all_options_of_a_figure(capsys):
    s = magic.cell_magic("x=1 --group --engine embedded --palette cs231n", "f = 1/(1 + exp(-x))")
    assert (len(s.graph.nodes), s.style.palette) == (2, "cs231n")
    assert magic.cell_magic("x=1 --palete cs231n", "f = x") is None
    out = capsys.readouterr().out
    assert "Did you mean --palette?" in out
    assert out.endswith("\n    x=1 --palete cs231n\n        ^^^^^^^^\n")


def test_types_of_options_are_the_tables():
    assert set(get_args(By)) == set(OPTIONS["by"].known())
    for words, known in ((Lang, languages()), (LayoutEngine, BUILT_IN)):
        suggested, anything = get_args(words)
        assert set(get_args(suggested)) <= set(known)
        assert anything is str


def test_a_given_gradient_can_be_in_a_file(tmp_path, monkeypatch):
    np.save(tmp_path / "dz.npy", np.array([1.0, 0.5]))
    line = read_line("--upstream @dz.npy", FENCE_OPTIONS, find=lambda name: tmp_path / name)
    assert line.options["upstream"].tolist() == [1.0, 0.5]
    monkeypatch.chdir(tmp_path)
    assert from_texts({"upstream": "@dz.npy"})["upstream"].tolist() == [1.0, 0.5]
    with pytest.raises(gs.InputError, match=r"Cannot read none\.npy"):
        from_texts({"upstream": "@none.npy"})
