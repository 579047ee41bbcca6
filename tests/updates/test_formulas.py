"""The formulas of updates hold, in captions and beside them, and say what changes."""

import caption_equations
import numpy as np
import pytest
from formulas import check
from hypothesis import given, settings
from strategies import inputs, programs

import graphstep as gs
from graphstep.formulas.unicode import unicode
from graphstep.updates.rules import RULES

NUMBERS = dict(w0=2, x0=-1, w1=-3, x1=-2, w2=-3)
NEURON = "f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2)))"
W, X = [[0.1, 0.5], [-0.3, 0.8]], [0.2, 0.4]
GRAPHS = [
    (NEURON, NUMBERS, "w0, w1, w2"),
    ("q = W @ x + b; f = l2(q)", {"W": W, "x": X, "b": [1, -1]}, "W, b"),
    ("h = X @ W + b; f = sum(h*h)", {"X": [[1, 2]], "W": [[1, 2], [3, 4]], "b": [5, 6]}, "b, W"),
    ("f = eta*v + t*m", {"eta": 2, "v": 3, "t": 0.5, "m": 1}, "v, eta"),
]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("text", "numbers", "names"), GRAPHS, ids=[row[0] for row in GRAPHS])
def test_every_equation_holds_over_three_iterations(text, numbers, names, rule):
    count = 0
    for lang, rate, accumulate in (("en", 0.1, False), ("ru", 0.003, True)):
        s = gs.stepper(text, inputs=numbers, update=names, rule=rule, rate=rate, lang=lang,
                       accumulate=accumulate)  # fmt: skip
        for each in s.iterations(3):
            last = each.showing(
                tuple(k for k, step in enumerate(each.steps) if step.kind == "update")
            )
            count += caption_equations.check(last)
            precise = gs.Style(digits=12)
            exact = gs.stepper(text, inputs=each.tape.inputs, update=names, rule=rule, rate=rate,
                               lang=lang, accumulate=accumulate, style=precise)  # fmt: skip
            count += check(exact)
    assert count > 20


@given(text=programs(), numbers=inputs)
@settings(max_examples=12)
def test_equations_of_random_graphs_hold(text, numbers):
    graph = gs.parse(text)
    numbers = {name: float(numbers[name]) for name in graph.inputs}
    tape = graph.forward(numbers)
    if tape.troubles or any(not 1e-3 < abs(g) < 1e3 for g in tape.gradients.values()):
        return
    s = gs.stepper(graph, inputs=numbers, update=tuple(numbers), rule="adam")
    last = s.showing(tuple(k for k, step in enumerate(s.steps) if step.kind == "update"))
    assert caption_equations.check(last) >= 6


def test_in_symbols_then_in_numbers():
    s = gs.stepper("f = (x + y) * z", x=-2, y=5, z=-4, update="x, z")
    assert [unicode(e) for e in s[-2].equations] == ["x ← x − η · ∂f/∂x = −2 − 0.1 · (−4) = −1.6"]
    assert s[-1].caption == "Gradient descent, update 1: z ← z − η*∂f/∂z = −4 − 0.1*3 = −4.3."
    assert s[-1].why == "The backward pass is over: the gradient of each weight is known."
    russian = gs.stepper("f = w*x", w=1, x=2, update="w", rule="momentum", lang="ru").next()
    assert russian[-1].caption == (
        "Метод импульса, обновление 2: v_w ← μ*v_w + ∂f/∂w = 0,9*2,00 + 2,00 = 3,80; "
        "w ← w − η*v_w = 0,80 − 0,1*3,80 = 0,42."
    )


def test_a_small_step_can_be_seen():
    s = gs.stepper(NEURON, **NUMBERS, update="w0", rate=0.001)
    assert s[-1].caption.endswith("w₀ ← w₀ − η*∂f/∂w₀ = 2.00 − 0.001*(−0.197) = 2.0002.")
    texts = s.texts
    assert texts[s[-1].step.shows[0]] == "2.0002"


def test_gradients_that_are_not_set_to_zero_are_told():
    s = gs.stepper("f = w*x", w=1, x=2, update="w", accumulate=True)
    assert "set to zero" not in s[-1].caption
    second = s.next()[-1].caption
    assert "G_w ← G_w + ∂f/∂w = 2.00 + 2.00 = 4.00; w ← w − η*G_w" in second
    assert second.endswith(
        "so G_w is the sum of all of them: a fault, unless they are meant to add up."
    )


def test_letters_with_an_index_have_it_below_in_sentences_too():
    s = gs.stepper("f = w0*x", w0=1, x=2, update="w0", rule="adam")
    assert ": m_w₀ ← β₁*m_w₀ + (1 − β₁)*∂f/∂w₀ = " in s[-1].caption
    typed = gs.stepper(
        "f = w0*x", w0=1, x=2, update="w0", rule="adam", style=gs.Style(symbols="program")
    )
    assert ": m_w0 ← β1*m_w0 + (1 − β1)*∂f/∂w0 = " in typed[-1].caption
    again = gs.stepper("f = w0*x", w0=1, x=2, update="w0", accumulate=True).next()
    assert "so G_w₀ is the sum" in again[-1].caption


def test_letters_of_the_figure_stay_its_own():
    s = gs.stepper("f = eta*v", eta=2, v=3, update="v", rule="momentum")
    assert s[-1].caption.endswith("v ← v − η_rule*v_v = 3 − 0.1*2 = 2.8.")


def test_large_arrays_are_symbols_and_a_size():
    s = gs.stepper("f = l2(W @ x)", W=np.ones((9, 8)), x=np.ones(8), update="W")
    assert [unicode(e) for e in s[-1].equations] == ["W ← W − η · ∂f/∂W, of size 9×8"]
    assert s[-1].caption.endswith("W ← W − η*∂f/∂W = an array of 9×8.")
