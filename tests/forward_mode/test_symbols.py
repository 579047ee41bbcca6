"""Forward mode without numbers: slots, sentences and equations say what is true of any numbers."""

import copy
import pickle
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import inputs, programs
from symbolic_meaning import ForwardMeaning, equations_hold, is_plain, pair, same, worth

import graphstep as gs
from graphstep.base.words import languages
from graphstep.cli.main import main
from graphstep.formulas.unicode import unicode
from graphstep.forward_mode.reading import Along
from graphstep.forward_mode.tape import ForwardTape
from graphstep.graph.slots import Slot

TEXT = "f = (x + y)*z + x"


def symbols(text=TEXT, wrt="x", **options):
    return gs.stepper(text, mode="forward", wrt=wrt, **options)


def test_what_it_says():
    s = symbols()
    assert [s.texts[Slot("tangent", i)] for i in range(6)] == [
        "1",
        "0",
        "∂q/∂x",
        "0",
        "∂r/∂x",
        "∂f/∂x",
    ]
    assert [s.texts[Slot("local", w)] for w in (0, 2, 4, 5)] == [
        "∂q/∂x",
        "∂r/∂q",
        "∂f/∂r",
        "∂(r + x)/∂x",
    ]
    assert s[1].caption == (
        "Forward mode begins at the inputs: ∂x/∂x = 1. The tangent of every other input is 0: y, z."
    )
    assert s[3].caption == (
        "Forward pass, multiply gate: r = q*z. Input z does not depend on x: it adds 0. Input q: "
        "local = ∂r/∂q = z; local · tangent = [∂r/∂q] · [∂q/∂x] = ∂r/∂x. "
        "The tangent is ∂r/∂x = ∂r/∂q · ∂q/∂x."
    )
    assert s[4].legend.splitlines()[1:] == [
        "x: [∂(r + x)/∂x] · [1]",
        "r: [∂f/∂r] · [∂r/∂x]",
        "∂f/∂x = ∂(r + x)/∂x + ∂f/∂r · ∂r/∂x",
    ]
    assert [[unicode(e) for e in frame.equations] for frame in s][1:5] == [
        ["∂x/∂x = 1"],
        ["q = x + y", "∂q/∂x = ∂(x + y)/∂x · ∂x/∂x = 1"],
        ["r = q z", "∂r/∂x = ∂r/∂q · ∂q/∂x = z"],
        ["f = r + x", "∂f/∂x = ∂(r + x)/∂x · ∂x/∂x + ∂f/∂r · ∂r/∂x = 1 + z"],
    ]
    assert "3" in s[-1].legend.splitlines()[0]


def test_an_input_that_a_gate_takes_twice():
    s = symbols("f = x*x")
    assert s.texts[Slot("tangent", 1)] == "∂f/∂x"
    assert s[2].caption.endswith(
        "The tangent is the sum: ∂f/∂x = ∂f/∂x″ + ∂f/∂x′. Here x′ = x″ = x."
    )


def test_the_general_gate():
    s = symbols("z = f(x, y)")
    assert s[2].legend.splitlines()[1:] == ["x: [∂z/∂x] · [1] = ∂z/∂x"]


def chosen(text, which):
    names = [*gs.parse(text).inputs]
    return names[which % len(names)]


@settings(max_examples=60)
@given(text=programs(), point=inputs, unknown=st.booleans(), which=st.integers(0, 3))
def test_every_slot_sentence_and_equation_is_true(text, point, unknown, which):
    s, run = pair(text, point, unknown, mode="forward", wrt=chosen(text, which))
    run = ForwardTape.of(run, Along(s.tape.along.wrt))
    if not is_plain(run):
        return
    meaning = ForwardMeaning(s, run)
    found = {"value": run.values, "tangent": run.tangents}
    for slot, shown in s.texts.items():
        number = run.local(slot.item) if slot.kind == "local" else found[slot.kind][slot.item]
        assert not shown or same(meaning.of(shown), number), (slot, shown)
    words = s._speaker.words
    for w, wire in enumerate(s.graph.wires):
        said = words.wire(w)
        if wire.target not in s.graph.unknown:
            assert same(worth(said["formula"], meaning.names), run.local(w)), said
        assert same(meaning.of(said["term"]), run.pushed(w)), said
    equations_hold(s, run)


@settings(max_examples=25)
@given(text=programs(), unknown=st.booleans(), lang=st.sampled_from(languages()))
def test_no_sentence_has_a_number_of_its_own(text, unknown, lang):
    asked = dict(mode="forward", wrt=chosen(text, 0), lang=lang)
    s, _ = pair(text, dict.fromkeys("xyzw", 1.0), unknown, **asked)
    words = s._speaker.words
    formulas = [words.formulas.equation(i) for i in s.graph.gates]
    formulas += [words.wire(w)["local_formula"] for w in range(len(s.graph.wires))]
    formulas += [t for t in s.texts.values() if len(t) > 1]
    start = s.names[s.tape.start.node]
    formulas += [f"∂{start}/∂{start} = 1", "[1]"]
    for frame in [*s][:-1]:  # the last one counts passes
        left = re.sub(r"(is|adds|равна|даёт) 0\b", "", frame.caption)
        for formula in sorted(formulas, key=len, reverse=True):
            left = left.replace(formula, "")
        assert not re.search(r"\d", left), frame.caption


def test_in_files_and_on_the_command_line(tmp_path, capsys):
    s = symbols()
    for ending in ("html", "svg", "txt", "dot", "tex", "deck.html"):
        assert s.save(tmp_path / f"f.{ending}")
    assert "∂r/∂x" in (tmp_path / "f.html").read_text(encoding="utf-8")
    assert main([TEXT, "--mode", "forward", "--wrt", "x"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["f", "f", "∂f/∂x"]


def test_it_is_copied_and_pickled():
    tape = symbols().tape
    for other in (copy.copy(tape), pickle.loads(pickle.dumps(tape))):
        assert (other.along, other.start, other.graph) == (tape.along, tape.start, tape.graph)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: symbols(tangent=2),
        lambda: symbols().tangents,
        lambda: symbols().code(),
        lambda: symbols().value,
        lambda: symbols().at(x=1),
    ],
)
def test_what_needs_numbers_says_to_give_inputs(ask):
    with pytest.raises(gs.InputError, match="no numbers.* Give values for x, y, z, as in x=1"):
        ask()


def test_arrays_need_numbers():
    told = "W is an array. Give values for W, x, and the direction as tangent"
    with pytest.raises(gs.InputError, match=told):
        symbols("q = W @ x", W=gs.unknown(2, 2), x=gs.unknown(2))
    s = symbols("q = W @ x", W=[[1, 2], [3, 4]], x=[1, 1], tangent=[1, 0])
    assert s.tangents["q"].tolist() == [1, 3]


def test_what_is_no_input_is_refused():
    with pytest.raises(gs.GraphstepError, match="forward mode begins at an input"):
        symbols("q = x + y; f = q*z", wrt="q")
    with pytest.raises(gs.GraphError, match="target is about the backward pass"):
        symbols("q = x + y; f = q*z", target="q")
