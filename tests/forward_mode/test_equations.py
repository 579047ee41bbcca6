"""The formulas of forward mode: both sides of each come to the same."""

import caption_equations
import formulas
from array_cases import EACH, direction, without_tangent
from hypothesis import assume, given
from laws import finite, only
from strategies import inputs as points
from strategies import programs

import graphstep as gs
from graphstep.formulas.unicode import unicode

NUMBERS = dict(x=-2, y=5, z=-4)


@given(programs(), points)
def test_every_equation_and_caption_of_random_programs_holds(text, values):
    graph = gs.parse(text)
    values = only(graph, values)
    assume(finite(graph.forward(values)))
    name = [*graph.inputs][len(text) % len(graph.inputs)]
    s = gs.stepper(graph, inputs=values, mode="forward", wrt=name, style=gs.Style(digits=15))
    assert formulas.check(s)
    said = gs.stepper(graph, inputs=values, mode="forward", wrt=name, lang="ru")
    assert caption_equations.check(said)
    caption_equations.check_legends(said)


def is_plain(shapes, text):
    """Whether the evaluator of formulas knows the shapes: no stacks, and nothing is repeated."""
    alike = "@" in text or len({shape for shape in shapes if shape}) <= 1 or "(" in text[1:-1]
    return all(len(shape) < 3 for shape in shapes) and alike and "mse" not in text


@EACH
def test_every_equation_and_caption_of_arrays_holds(name, text, inputs, theirs):
    graph = gs.parse(f"p = {text}")
    tape = graph.forward(inputs)
    wrt = min(inputs.keys() - without_tangent(tape))
    given_tangent = direction(tape.shapes[graph.inputs[wrt]])
    asked = dict(inputs=inputs, mode="forward", wrt=wrt, tangent=given_tangent)
    for lang in ("en", "ru"):
        s = gs.stepper(graph, lang=lang, **asked)
        assert caption_equations.check(s)
        caption_equations.check_legends(s)
    if is_plain(tape.shapes, text):
        formulas.check(gs.stepper(graph, style=gs.Style(digits=15), **asked))


def test_what_they_look_like():
    s = gs.stepper("q = x + y; f = q * z", mode="forward", wrt="x", **NUMBERS)
    assert [[unicode(e) for e in frame.equations] for frame in s] == [
        [],
        ["∂x/∂x = 1"],
        ["q = x + y = −2 + 5 = 3", "∂q/∂x = ∂(x + y)/∂x · ∂x/∂x = 1 · 1 = 1"],
        ["f = q z = 3 · (−4) = −12", "∂f/∂x = ∂f/∂q · ∂q/∂x = z · 1 = −4 · 1 = −4"],
        ["passes of forward mode = 3", "backward passes = 1"],
    ]


def test_no_symbol_has_two_meanings():
    """∂(q x)/∂x is the local gradient; the tangent of that gate is that of a letter."""
    s = gs.stepper("q = x*x; f = q*x + 1", x=-2, mode="forward")
    found = [unicode(e) for e in s[3].equations]
    assert found[1].startswith("∂u/∂x = ∂(q x)/∂x · ∂x/∂x + ∂u/∂q · ∂q/∂x = ")


def test_a_gate_that_is_linear_in_an_array_takes_its_tangent():
    given_inputs = dict(W=[[1, 2], [3, 4]], x=[1, 2])
    s = gs.stepper("q = W @ x; f = q.T", mode="forward", wrt="W[0, 1]", **given_inputs)
    assert unicode(s[2].equations[1]) == "∂q/∂t = ∂q/∂W · ∂W/∂t = [0 1; 0 0] · x = [2; 0]"
    s = gs.stepper("t = W @ x; f = l2(t)", mode="forward", wrt="x", tangent=[1, 0], **given_inputs)
    assert unicode(s[3].equations[1]) == "∂f/∂s = ∂f/∂t · ∂t/∂s = ∑ (2 t) ⊙ [1; 3] = 76"


def test_a_local_gradient_without_a_formula_is_its_number():
    text = "n(w, x) = sigmoid(w*x); f = n(a, x)"
    s = gs.stepper(text, a=1, x=0, mode="forward", wrt="a")
    assert unicode(s[2].equations[1]) == "∂f/∂a = ∂n(a, x)/∂a · ∂a/∂a = 0.00 · 1.00 = 0.00"
