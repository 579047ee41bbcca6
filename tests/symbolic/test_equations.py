"""Figures of arrays without numbers, of which only shapes are known: `equations`, `tape`, `names`."""

import numpy as np
import pytest
from array_cases import EACH, wrapped
from formulas import beside, known, sides_of

import graphstep as gs
from graphstep.cli.main import main
from graphstep.formulas.unicode import unicode
from graphstep.graph.slots import Slot

NET = "h = relu(W1 @ x); f = sum(W2 @ h)"
SHAPES = {"x": gs.unknown(2), "W1": gs.unknown(3, 2), "W2": gs.unknown(1, 3)}


def lines(s):
    return [[unicode(equation) for equation in frame.equations] for frame in s]


def test_the_lecture_s_worked_example():
    s = gs.stepper("q = W @ x; f = l2(q)", W=gs.unknown(2, 2), x=gs.unknown(2))
    assert {(slot.kind, slot.item): text for slot, text in s.texts.items()} == {
        ("value", 0): "2×2", ("value", 1): "2", ("value", 2): "q", ("value", 3): "f",
        ("upstream", 0): "∂f/∂W", ("upstream", 1): "∂f/∂x", ("upstream", 2): "∂f/∂q", ("upstream", 3): "1",
        ("local", 0): "∂q/∂W", ("local", 1): "∂q/∂x", ("local", 2): "∂f/∂q",
        ("downstream", 0): "∂f/∂W", ("downstream", 1): "∂f/∂x", ("downstream", 2): "∂f/∂q",
    }  # fmt: skip
    assert lines(s)[2:] == [
        ["∂f/∂q = ∂f/∂f · ∂(∑ q²)/∂q = 1 · 2 q = 2 q"],
        ["∂f/∂x = Wᵀ · ∂f/∂q = Wᵀ · 2 q", "∂f/∂W = ∂f/∂q · xᵀ = 2 q · xᵀ"],
    ]
    assert s[-1].caption == (
        "Matrix multiply gate, q = W @ x: the upstream gradient is ∂f/∂q. By the chain rule, "
        "downstream = localᵀ · upstream. Input x: local = the Jacobian ∂q/∂x, 2×2; downstream = Wᵀ · "
        "upstream = ∂f/∂x, of the shape of x. Input W: local = the Jacobian ∂q/∂W, 2×4; downstream = "
        "upstream · xᵀ = ∂f/∂W, of the shape of W. A matrix multiply gate is a switcher: each input "
        "gets the upstream gradient times the other input, transposed."
    )


def test_a_matrix_that_is_used_twice():
    s = gs.stepper("f = sum(W @ x) + l2(W)", W=gs.unknown(2, 2), x=gs.unknown(2))
    assert [s.texts[Slot("downstream", w)] for w in s.graph.wires_out[0]] == [
        "(∂q/∂W)ᵀ · ∂f/∂q", "∂f/∂s · ∂s/∂W"
    ]  # fmt: skip


def test_labels_have_no_gradient():
    s = gs.stepper("L = hinge(s, y)", s=gs.unknown(3), y=gs.unknown(), lang="ru")
    assert "y" in s[-1].caption
    assert Slot("upstream", s.graph.inputs["y"]) not in s.texts
    assert "nan" not in " ".join(frame.caption + frame.legend for frame in s)


def test_wherever_inputs_are_written(tmp_path, capsys):
    (tmp_path / "d.md").write_text(
        f"## A\n\n```graphstep x=unknown(2) W1=unknown(3,2) W2=unknown(1,3)\n{NET}\n```\n",
        encoding="utf-8",
    )
    main(["deck", str(tmp_path / "d.md"), "-o", str(tmp_path / "d.html")])
    assert "∂f/∂W₁" in (tmp_path / "d.html").read_text(encoding="utf-8")
    assert main([NET, "x=unknown(2)", "W1=unknown(3, 2)", "W2=unknown(1,3,)"]) == 0
    assert "W₁" in capsys.readouterr().out


@pytest.mark.parametrize("ending", [".svg", ".html", ".tex", ".dot", ".txt", ".deck.html"])
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_every_output_that_is_no_list_of_numbers_shows_them(tmp_path, lang, ending):
    text = "svm(s, y) = hinge(s, y); L = svm(W @ x, y) + 0.1*l2(W)"
    s = gs.stepper(text, W=gs.unknown(2, 3), x=gs.unknown(3), y=gs.unknown(), lang=lang)
    s.save(tmp_path / f"f{ending}")
    shape = "2$\\times$3" if ending == ".tex" else "2×3"
    assert shape in (tmp_path / f"f{ending}").read_text(encoding="utf-8")


def test_what_needs_numbers_says_what_to_give():
    s = gs.stepper(NET, inputs=SHAPES)
    for asked in (
        lambda: s.value,
        lambda: s.tape.check(),
        lambda: s.code(),
        lambda: s.at(x=[1, 2]),
    ):
        with pytest.raises(gs.InputError, match=r"as in x=\[1, 1\]\."):
            asked()
    assert (
        gs.stepper("f = x * y", x=gs.unknown(), y=gs.unknown()).texts
        == gs.stepper("f = x * y").texts
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [({"x": [1, 2]}, r"W1 is unknown, and x is given.* as in x=unknown\(2\)"),
     ({"x": gs.unknown(3)}, "W1 has shape 3×2, x has shape 3"),
     ({"x": None}, r"No value is given for x. Pass one, as in x=unknown\(\)")],
)  # fmt: skip
def test_all_inputs_are_unknown_and_fit(given, said):
    inputs = {name: value for name, value in (SHAPES | given).items() if value is not None}
    with pytest.raises((gs.InputError, gs.ShapeError), match=said):
        gs.stepper(NET, inputs=inputs)


@pytest.mark.parametrize("sizes", [(0,), (2, -1), (2.0,), ("2",), (10**9,), (1,) * 9])
def test_sizes_are_whole_numbers(sizes):
    with pytest.raises(gs.InputError, match="whole numbers from 1 on"):
        gs.unknown(*sizes)


@pytest.mark.parametrize("by", ["gate", "value"])
@EACH
def test_every_side_of_every_equation_is_true(name, text, inputs, theirs, by):
    """Its names stand for the numbers of a run of the same shapes."""
    run = wrapped(text, inputs)
    shapes = {n: gs.unknown(*np.shape(value)) for n, value in inputs.items()}
    s = gs.stepper(run.graph, inputs=shapes, by=by)
    names, count = known(s._writer.facts, run), 0
    for frame in s.frames[1:]:
        for equation in frame.equations:
            first, *others = [*sides_of(equation, names), None][:-1] or [None]
            for other in others:
                pair = beside(first, other), beside(other, first)
                assert np.allclose(*pair, rtol=1e-6, atol=1e-7), unicode(equation)
                count += 1
    assert count > 3
