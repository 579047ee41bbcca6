"""Figures without numbers: names, sentences and equations."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import inputs, programs
from symbolic_meaning import Meaning, equations_hold, is_plain, pair, same, worth

import graphstep as gs
from examples import NEURON
from graphstep.base.words import languages, sentences
from graphstep.formulas.unicode import unicode
from graphstep.graph.slots import Slot
from graphstep.symbolic.names import SymbolicNames

PRODUCT = "f = (x + y) * z"


def texts(s):
    return {(slot.kind, slot.item): text for slot, text in s.texts.items()}


def lines(s):
    return [[unicode(equation) for equation in frame.equations] for frame in s]


# --- what they say


def test_the_lecture_s_gate():
    s = gs.stepper(PRODUCT)
    assert [s.names[i] for i in range(5)] == ["x", "y", "q", "z", "f"]
    assert texts(s) == {
        ("value", 0): "", ("value", 1): "", ("value", 2): "q", ("value", 3): "", ("value", 4): "f",
        ("upstream", 0): "∂f/∂x", ("upstream", 1): "∂f/∂y", ("upstream", 2): "∂f/∂q",
        ("upstream", 3): "∂f/∂z", ("upstream", 4): "1",
        ("local", 0): "∂q/∂x", ("local", 1): "∂q/∂y", ("local", 2): "∂f/∂q", ("local", 3): "∂f/∂z",
        ("downstream", 0): "∂f/∂x", ("downstream", 1): "∂f/∂y", ("downstream", 2): "∂f/∂q",
        ("downstream", 3): "∂f/∂z",
    }  # fmt: skip
    assert s[0].caption == "Forward pass: q = x + y; f = q*z."
    assert s[3].caption == (
        "Add gate, q = x + y: the upstream gradient is ∂f/∂q. By the chain rule, downstream = "
        "local · upstream. Input y: local = ∂q/∂y = 1, so downstream = [∂q/∂y] · [∂f/∂q] = ∂f/∂y. "
        "Input x: local = ∂q/∂x = 1, so downstream = [∂q/∂x] · [∂f/∂q] = ∂f/∂x. "
        "An add gate is a distributor: each input gets the upstream gradient as it is."
    )
    assert lines(s)[2:] == [
        ["∂f/∂z = ∂f/∂f · ∂(q z)/∂z = 1 · q = q", "∂f/∂q = ∂f/∂f · ∂(q z)/∂q = 1 · z = z"],
        ["∂f/∂y = ∂f/∂q · ∂q/∂y = z · 1 = z", "∂f/∂x = ∂f/∂q · ∂q/∂x = z · 1 = z", "q = x + y"],
    ]


def test_a_long_upstream_gradient_stays_a_symbol():
    said = lines(gs.stepper(NEURON))
    assert said[-1][0] == "∂f/∂x₀ = ∂f/∂q · ∂q/∂x₀ = ∂f/∂q · w₀"
    assert "∂f/∂s = ∂f/∂t · ∂t/∂s = ∂f/∂t · 1 = ∂f/∂t" in said[6]


def test_a_value_that_is_used_several_times():
    s = gs.stepper("f = x*x + x")
    wires = [s.texts[Slot("downstream", w)] for w in s.graph.wires_out[0]]
    assert wires == ["∂f/∂x′", "∂f/∂x″", "∂(q + x)/∂x"]
    assert s[-1].caption == (
        "x is used 3 times, so its gradient is the sum of what its wires bring back: "
        "∂f/∂x = ∂f/∂x′ + ∂f/∂x″ + ∂(q + x)/∂x. Here x′ = x″ = x."
    )
    assert "∂f/∂x = ∂f/∂x′ + ∂f/∂x″ + ∂f/∂f · ∂(q + x)/∂x = x″ + x′ + 1" in lines(s)[-1]


def test_the_forward_pass_is_said_in_names():
    said = [frame.caption for frame in gs.stepper("f = 2*x", constants="nodes", forward=True)]
    assert said[:2] == ["The inputs are x.", "Forward pass, multiply gate: f = q*x."]
    many = gs.stepper(NEURON)[0].caption
    assert many == "Forward pass: q = w₀*x₀; r = w₁*x₁; s = q + r; t = s + w₂; …; f = 1/a."


def test_every_language_has_the_same_sentences():
    own = [{k for k in sentences(lang) if k.startswith("symbols.")} for lang in languages()]
    assert own[0]
    assert all(keys == own[0] for keys in own)
    for key in own[0]:  # each stands in for one about numbers
        assert key.removeprefix("symbols.") in sentences("en")


# --- the truth of it


variants = {"unknown": st.booleans(), "outside": st.booleans()}


@settings(max_examples=120)
@given(text=programs(), point=inputs, **variants)
def test_every_slot_says_what_is_true(text, point, unknown, outside):
    for constants in ("inside", "nodes"):
        s, run = pair(text, point, unknown, outside, constants=constants)
        if not is_plain(run):
            return
        meaning, numbers = Meaning(s, run), gs.stepper(run.graph, inputs=run_inputs(run)).contents
        for slot, shown in s.texts.items():
            if shown:
                assert same(meaning.of(shown), numbers[slot]), (slot, shown)
        assert {slot.item for slot, shown in s.texts.items() if not shown} == {
            *s.graph.inputs.values()
        }


def run_inputs(run):
    return {name: run.values[i] for name, i in run.graph.inputs.items()}


@settings(max_examples=80)
@given(text=programs(), point=inputs, **variants)
def test_every_equation_of_sentences_is_true(text, point, unknown, outside):
    s, run = pair(text, point, unknown, outside, by="value", lang="ru")
    if not is_plain(run):
        return
    words, meaning = s._speaker.words, Meaning(s, run)
    for i, node in enumerate(s.graph.nodes):
        if node.gate:
            name, _, formula = words.formulas.equation(i).partition(" = ")
            assert same(worth(formula, meaning.names), meaning.names[name]), formula
    for w, wire in enumerate(s.graph.wires):
        said = words.wire(w)
        if wire.target in s.graph.unknown:
            assert said["formula"] == ""
        else:
            assert same(worth(said["formula"], meaning.names), run.local(w)), said
        assert same(meaning.of(said["local"]) * meaning.of(said["upstream"]),
                    meaning.of(said["downstream"])), said  # fmt: skip
    shown = " ".join(frame.caption + frame.legend for frame in s)
    for w in range(len(s.graph.wires)):
        said = words.wire(w)
        assert f"[{said['local']}] · [{said['upstream']}] = {said['downstream']}" in shown


@settings(max_examples=90)
@given(text=programs(), point=inputs, **variants)
def test_every_side_of_every_equation_is_true(text, point, unknown, outside):
    several = ({}, {"by": "wire", "forward": True}, {"by": "value", "constants": "nodes"},
               {"by": "local", "forward": True})  # fmt: skip
    for options in several:
        s, run = pair(text, point, unknown, outside, **options)
        if not is_plain(run):
            return
        equations_hold(s, run)


@settings(max_examples=60)
@given(text=programs(), **variants)
def test_no_sentence_has_a_number_of_its_own(text, unknown, outside):
    """All digits are those of formulas over names: constants, names' indexes, the seed, counts."""
    for lang in languages():
        s, _ = pair(text, dict.fromkeys("xyzw", 1.0), unknown, outside, lang=lang)
        words = s._speaker.words
        formulas = [words.formulas.equation(i) for i in s.graph.gates]
        formulas += [words.wire(w)["local_formula"] for w in range(len(s.graph.wires))]
        formulas += [*filter(None, s.texts.values()), "∂f/∂f = 1", "[1]"]
        formulas += [words.say("times.more", count=k) for k in range(3, 40)]
        for frame in s:
            left = frame.caption
            for formula in sorted(formulas, key=len, reverse=True):
                left = left.replace(formula, "") if len(formula) > 1 else left
            assert not re.search(r"\d", left), frame.caption


def test_a_name_that_a_gate_takes_many_times():
    s = gs.stepper("f = max(x, x, x, x, x) * y")
    names = SymbolicNames(s.graph)
    assert [names.entry(w) for w in range(5)] == ["x′", "x″", "x‴", "x⁽⁴⁾", "x⁽⁵⁾"]
