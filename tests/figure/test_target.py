"""A chosen target: the gradients of a node before the output, in numbers, figures and files."""

import copy
import json
import pickle

import caption_equations
import formulas
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from laws import finite, only
from strategies import hasty, programs
from strategies import inputs as points

import graphstep as gs
from graphstep.explain.step_kinds import WAYS
from graphstep.formulas.unicode import unicode
from graphstep.graph.slots import Slot

NUMBERS = dict(x=-2, y=5, z=-4)
TEXT = "q = x*y; r = x*x; f = q*z + r"


@given(programs(), points, st.sampled_from("pq"), st.sampled_from([*WAYS]), st.booleans())
def test_gradients_are_those_of_the_text_up_to_there(text, values, target, by, forward):
    graph = gs.parse(text)
    assume(graph.nodes[graph.index(target)].gate)
    values = only(graph, values)
    lines = text.splitlines()[: "pq".index(target) + 1]
    part = gs.parse("\n".join(lines))
    tape = part.forward(only(part, values))
    assume(finite(tape) and finite(graph.forward(values)))
    s = gs.stepper(graph, inputs=values, target=target, by=by, forward=forward)
    expected = dict.fromkeys(graph.inputs, 0.0) | tape.gradients
    assert (s.value, s.gradients) == (tape.value, expected)
    assert s.tape.check().ok
    shown = {slot for frame in s for slot in frame.step.shows}
    names = {s.graph.ids[slot.item] for slot in shown if slot.kind == "upstream"}
    assert names & graph.inputs.keys() == part.inputs.keys()
    assert shown == {*s.texts}  # nothing is left out of the steps, and nothing else is drawn


@example(
    "p = x\nq = -(x / (1 + square((1 + square(x))**x)))*p\nf = x + q*sin(p)",
    dict.fromkeys("xyzw", 2.5),
)
@given(programs(), points)
def test_every_equation_and_caption_holds(text, values):
    graph = gs.parse(text)
    values = only(graph, values)
    assume(finite(graph.forward(values)))
    s = gs.stepper(graph, inputs=values, target="q", style=gs.Style(digits=15))
    formulas.check(s)
    caption_equations.check(gs.stepper(graph, inputs=values, target="q", lang="ru"))


def test_codes_compute_the_same_bits_as_loops():
    graph = gs.parse(TEXT).target("q")
    before = graph.forward(NUMBERS).gradients
    with hasty():
        found = [graph.forward(NUMBERS).backward(*names) for names in 400 * [(), ("x", "z")]]
    assert before == {"x": 5.0, "y": -2.0, "z": 0.0}
    assert all(one.items() <= before.items() for one in found)


def test_what_is_said():
    s = gs.stepper("q = x + y; f = q * z", target="q", **NUMBERS)
    assert s[0].caption == "Forward pass: every value is known, and q = 3."
    assert s[1].caption == (
        "The backward pass begins at the target q: ∂q/∂q = 1. "
        "q does not depend on z, f: no gradient comes there."
    )
    assert (s[2].why, len(s)) == ("It gives the target, whose gradient is 1.", 3)
    assert s[1].texts[Slot("value", 4)] == "−12"  # what comes after it has its value
    assert unicode(s[2].equations[0]).startswith("∂q/∂y = ∂q/∂q · ")


def test_only_some_wires_of_a_value_lead_to_the_target():
    s = gs.stepper(TEXT, target="q", by="value", **NUMBERS)
    x = s.graph.index("x")
    assert s[-1].step.node == x
    assert s[-1].caption.startswith("x is used once, so its gradient is what comes back.")
    assert {slot.kind for slot in s[-1].step.shows} == {"local", "downstream", "upstream"}


def test_an_infinite_slope_beyond_the_target_changes_nothing():
    s = gs.stepper("q = x*y; f = sqrt(z) * q + log(z + 1)*x", x=2, y=3, z=0, target="q")
    assert s.gradients == {"x": 3.0, "y": 2.0, "z": 0.0}
    assert not s.tape.troubles
    assert s.tape.downstream(s.graph.wires_in[s.graph.index("f")][0]) == 0.0


def test_an_array_needs_the_gradient_that_arrives():
    given_inputs = dict(W=[[1, 2], [3, 4]], x=[1, 2], z=2)
    with pytest.raises(gs.GraphError, match="give the upstream gradient that comes back to q"):
        gs.stepper("q = W @ x; f = l2(q)*z", target="q", **given_inputs)
    s = gs.stepper("q = W @ x; f = l2(q)*z", target="q", upstream=[1, 0.5], **given_inputs)
    assert s.gradients["x"].tolist() == [2.5, 4.0]
    assert s.gradients["z"] == 0
    assert s.drawing.outside is None  # a wire leaves the target there
    assert "output" not in "".join(frame.why for frame in s)
    assert s.tape.check().ok
    formulas.check(s)


def test_in_symbols():
    s = gs.stepper(TEXT, target="q")
    assert s[1].caption.startswith("The backward pass begins at the target q: ∂q/∂q = 1.")
    assert s.texts[Slot("upstream", s.graph.index("x"))] == "∂q/∂x"
    known = gs.stepper("z = f(x, y); w = z*x", target="z")
    assert known.tape.outside == ""


def test_copies_other_inputs_and_rewritten_graphs_keep_it():
    s = gs.stepper(TEXT, target="q", **NUMBERS)
    assert s.at(x=3).gradients == {"x": 5.0, "y": 3.0, "z": 0.0}
    for again in (pickle.loads(pickle.dumps(s.tape)), copy.deepcopy(s.tape)):
        assert again.gradients == s.gradients
    assert s.graph.target("f") == gs.parse(TEXT)
    grouped = gs.parse("q = sigmoid(x); f = sigmoid(q*y)").target("q").expand("sigmoid")
    tape = grouped.forward(x=1, y=2)
    assert tape.gradients == pytest.approx({"x": 0.19661193324148185, "y": 0.0})
    again = gs.stepper(grouped, x=1, y=2)  # a graph with a target is a graph as any other
    assert again.gradients == tape.gradients
    assert gs.parse(TEXT).target("q").gradient("x").forward(NUMBERS).value == 5.0


def test_in_files_and_on_the_command_line(tmp_path, capsys):
    s = gs.stepper(TEXT, target="q", **NUMBERS)
    for ending in ("html", "svg", "txt", "json", "dot", "tex", "deck.html", "py"):
        assert s.save(tmp_path / f"q.{ending}")
    data = json.loads((tmp_path / "q.json").read_text())
    assert (data["output"], data["gradients"]) == ("q", {"x": 5.0, "y": -2.0, "z": None})
    assert "dz" not in (tmp_path / "q.py").read_text()
    from graphstep.cli.main import main

    assert main([TEXT, "x=-2", "y=5", "z=-4", "--target", "q"]) == 0
    assert "begins at the target q" in capsys.readouterr().out


def test_what_is_refused():
    with pytest.raises(gs.GraphError, match=r"x is an input.* Choose a named result: q, r, f"):
        gs.stepper(TEXT, target="x", **NUMBERS)
    with pytest.raises(gs.InputError, match="has no node called u"):
        gs.stepper(TEXT, target="u", **NUMBERS)
    with pytest.raises(gs.InputError, match="z has no gradient here"):
        gs.stepper(TEXT, target="q", update="z", **NUMBERS)
    with pytest.raises(gs.GraphError, match='Leave out drawn="neurons"'):
        gs.stepper("h = relu(W @ x); L = l2(h)", W=[[1, 2], [3, 4]], x=[1, 2], target="h",
                   upstream=[1, 1], style=gs.Style(drawn="neurons"))  # fmt: skip
