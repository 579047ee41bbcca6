"""What a quiz asks for, which answers are right, and which hints wrong ones get."""

import json
import math
import re
import shutil
import subprocess
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from browsing_player import neuron
from hypothesis import given, settings
from hypothesis import strategies as st
from printed import read

import graphstep as gs
from graphstep.base.words import languages, sentences
from graphstep.explain.step_kinds import WAYS
from graphstep.graph.slots import Slot
from graphstep.player import assets
from graphstep.player.payload import payload
from graphstep.player.questions import questions

WEIGHTS = {"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [0.2, 0.4]}
FIGURES = {
    "numbers": ("f = x*y + sin(x)/y - x", {"x": 1.5, "y": -2}),
    "thrice": ("q = x*y; f = q*q + exp(q) + x", {"x": 0.5, "y": 0.25}),
    "arrays": ("q = W @ x; f = sum(q**2) + sum(W)", WEIGHTS),
    "labels": ("f = cross_entropy(W @ x, y) + mse(W @ x, x)", {**WEIGHTS, "y": 1}),
    "broadcast": ("f = sum(max(c * (W + x), 0.1))", {**WEIGHTS, "c": 2}),
    "large": ("f = sum(tanh(V @ v)) + mean(v)", {"V": np.arange(60.0).reshape(6, 10) / 60 - 0.4, "v": np.ones(10)}),
}  # fmt: skip
HINTS = {
    "value": {"wrong_value", "slip_sign", "slip_input", "slip_gate", "slip_element"},
    "local": {"wrong_local", "slip_sign", "slip_other", "slip_not_upstream", "slip_not_downstream",
              "slip_not_value", "slip_element"},
    "downstream": {"wrong_downstream", "wrong_pulled", "slip_sign", "slip_upstream", "slip_local",
                   "slip_added", "slip_sum", "slip_gradient", "slip_element"},
    "upstream": {"wrong_upstream", "slip_sign", "slip_wire", "slip_missing", "slip_product",
                 "slip_mean", "slip_wire_sign", "slip_gradient", "slip_element"},
    "tangent": {"wrong_tangent", "slip_sign", "slip_term", "slip_tangent", "slip_not_value",
                "slip_element"},
    "next": {"wrong_next", "slip_sign", "slip_same", "slip_uphill", "slip_step", "slip_no_rate",
             "slip_element"},
}  # fmt: skip
SHAPE_HINTS = {"slip_turned", "slip_shape_upstream"}


def figure(name, **options):
    text, inputs = FIGURES[name]
    return gs.stepper(text, inputs=inputs, **options)


@cache
def steppers():
    """Each figure in all ways of stepping, once for all tests."""
    chosen = product(FIGURES, WAYS, (False, True))
    found = (figure(name, by=by, forward=forward) for name, by, forward in chosen)
    return (*found, *updating(), *ahead())


def ahead():
    """Figures in forward mode."""
    for name, wrt in (
        ("numbers", "x"),
        ("thrice", "y"),
        ("arrays", "W[0, 1]"),
        ("labels", "W[1, 0]"),
    ):
        yield figure(name, mode="forward", wrt=wrt)
    tangent = [[1, -2], [0.5, 3]]
    yield figure("broadcast", mode="forward", wrt="W", tangent=tangent)


def updating():
    """Figures with an update, of a number and of an array, by large and small steps."""
    for rule, rate in (("sgd", 0.1), ("momentum", 0.001), ("adam", 0.01)):
        yield gs.stepper("f = w*x + w", w=2, x=3, update="w", rule=rule, rate=rate)
        yield gs.stepper("f = l2(w*x)", w=[1, -2], x=[3, 0.5], update="w", rule=rule, rate=rate)


@cache
def asked_for(s):
    return tuple(questions(s))


def hints(question):
    return {question.wrong, *(slip.hint for slip in question.slips)}


def asked(s, kind, **about):
    """The questions about a kind of slot, in order."""
    return [q for q in asked_for(s) if q.slot.kind == kind and all(getattr(q, k) == v for k, v in about.items())]  # fmt: skip


def test_every_number_that_a_step_works_out_is_asked_for_before_it_is_shown():
    for s in steppers():
        hidden = {(q.frame, slot) for q in asked_for(s) for slot in q.hides}
        for k, step in enumerate(s.steps):
            if step.kind not in ("all", "given", "seed", "begin"):
                shown = [slot for slot in step.shows if slot.kind != "upstream" or len(s.graph.wires_out[slot.item]) == 1
                         or np.ndim(s.contents[slot]) == 0 or s.contents[slot].size <= 8]  # fmt: skip
                assert {(k, slot) for slot in shown} <= hidden, (s, step)


def test_hints_fit_what_is_asked_for():
    for s in steppers():
        for q in asked_for(s):
            kind = q.slot.kind
            if isinstance(q.answer, tuple):
                assert hints(q) <= {f"wrong_{kind}_shape", *SHAPE_HINTS}
                assert q.ask == f"ask_{kind}_shape"
            else:
                assert hints(q) <= HINTS[kind], q
                assert ("slip_element" in hints(q)) <= (q.position is not None)
                assert q.ask == f"ask_{kind}" + ("" if q.position is None else "_element")


def test_all_hints_can_be_reached_and_have_their_words():
    found = {key for s in steppers() for q in asked_for(s) for key in (q.ask, *hints(q))}
    known = {key.removeprefix("player.") for key in sentences("en") if re.match(r"player\.(ask|wrong|slip)_", key)}  # fmt: skip
    assert found | {"slip_axes", "slip_no_shape"} == known
    assert all(f"player.{key}" in sentences(lang) for lang in languages() for key in found)


def test_a_page_has_the_words_of_its_questions_only():
    s = gs.stepper("f = x * y", x=2, y=3)
    words = set(payload(s)["words"])
    assert {"ask_downstream", "wrong_downstream", "slip_added"} <= words
    kept = {word for word in words if word.startswith(("ask_", "wrong_", "slip_"))}
    assert not any(
        word.split("_")[1] in ("value", "upstream") or "element" in word
        for word in kept - {"slip_upstream"}
    )


@settings(max_examples=40)
@given(st.floats(-200, 200), st.floats(-2, 2), st.sampled_from([0, 1, 2, 3, 6]))
def test_an_answer_as_it_is_printed_is_right(x, w, digits):
    s = gs.stepper(
        "f = tanh(x*w)*x + exp(w)", x=x, w=w, style=gs.Style(digits=digits), by="wire", forward=True
    )
    for q in asked_for(s):
        typed = read(s.texts[q.slot])
        assert abs(typed - q.answer) <= q.tolerance, (x, w)


def test_an_element_as_it_is_printed_is_right():
    for s in steppers():
        for q in asked_for(s):
            if q.position is not None:
                cells = [cell for row in s.blocks[q.slot].rows for cell in row]
                assert abs(read(cells[q.position]) - q.answer) <= q.tolerance


def test_exactly_zero_is_only_zero():
    (q,) = asked(gs.stepper("f = x * y", x=0, y=2.5), "downstream", answer=0.0)
    assert q.tolerance == 0
    assert 0.04 not in (slip.answer for slip in q.slips)


def test_zero_up_to_rounding_may_be_given_as_zero():
    s = gs.stepper("f = (0.1 + a - 0.3) * x", a=0.2, x=3, forward=True)
    (q,) = asked(
        s, "value", slot=Slot("value", s.graph.wires[s.graph.wires_in[s.graph.output][0]].source)
    )
    assert q.answer != 0
    assert abs(q.answer) <= q.tolerance < 1e-15


def test_whole_numbers_have_to_be_exact_and_others_need_not():
    for q in questions(gs.stepper("f = x*y*7", x=300, y=-2)):
        assert q.tolerance < 1e-4
    for q in questions(neuron()):
        assert 0.01 * abs(q.answer) <= q.tolerance <= max(0.0601 * abs(q.answer), 0.006)


def test_a_number_printed_to_its_third_decimal_is_asked_for_with_it():
    (q, *_) = asked(gs.stepper("f = x*y", x=0.034, y=2), "downstream", answer=0.034)
    assert q.tolerance < 0.034 - 0.03


def test_wrong_answers_are_told_apart_from_right_ones():
    for s in steppers():
        for q in asked_for(s):
            for slip in q.slips:
                if isinstance(q.answer, tuple):
                    assert slip.answer != q.answer
                else:
                    assert abs(slip.answer - q.answer) > q.tolerance + slip.tolerance


def test_a_sum_over_wires_knows_what_is_missing_from_it():
    s = figure("thrice")
    (q,) = asked(s, "upstream", slot=Slot("upstream", s.graph.names["q"]))
    parts = [s.tape.downstream(w) for w in s.graph.wires_out[s.graph.names["q"]]]
    wrong = {slip.hint: slip.answer for slip in q.slips}
    assert q.answer == sum(parts)
    assert math.isclose(wrong["slip_product"], math.prod(parts))
    assert math.isclose(q.answer - wrong["slip_missing"], parts[-1])
    assert q.wrong == "wrong_upstream"


def test_arrays_are_asked_for_by_shape_and_element():
    s = gs.stepper("q = W @ x; f = sum(q**2)", **WEIGHTS)
    first, second = asked(s, "downstream", slot=Slot("downstream", s.graph.wires_out[0][0]))
    assert first.answer == (2, 2)
    assert second.answer == s.gradients["W"].flat[second.position]
    keys = [*payload(s)["words"]]
    data = [q for q in payload(s)["quiz"] if (keys[q[1]], q[2]) == ("ask_downstream_element", 0)]
    assert s.gradients["W"][tuple(map(int, re.findall(r"\d+", data[0][-1][0])))] == second.answer


def test_of_large_arrays_only_shapes_are_asked_for():
    s = figure("large")
    assert {q.answer for q in asked(s, "downstream", position=None)} >= {(6, 10), (10,)}
    assert not [q for q in asked_for(s) if q.position is not None]


def test_a_jacobian_between_arrays_gives_a_sum_of_products():
    q = next(
        q
        for q in questions(gs.stepper("f = sum((W @ x)**2)", **WEIGHTS))
        if q.wrong == "wrong_pulled"
    )
    assert q.position is not None
    s = figure("broadcast")
    (q,) = asked(s, "downstream", slot=Slot("downstream", s.graph.wires_out[s.graph.names["c"]][0]))
    assert (q.wrong, q.position) == ("wrong_pulled", None)


@pytest.mark.parametrize(
    ("text", "inputs", "key"),
    [
        ("f = z" + " + x*y" * 60, {"x": 1, "y": 1, "z": 1}, "quiz_large"),
        ("f = x", {"x": 1}, "quiz_nothing"),
        ("f = exp(1) * 2", {}, "quiz_nothing"),
        ("f = log(x)", {"x": 0}, "quiz_not_finite"),
    ],
)
def test_where_nothing_can_be_asked_the_quiz_says_what_to_do(text, inputs, key):
    s = gs.stepper(text, inputs=inputs)
    with pytest.raises(gs.GraphError) as error:
        s.quiz()
    assert error.value.key == key
    assert payload(s)["quiz"] == []


def test_the_advice_for_large_graphs_works():
    graph = gs.parse("f = z" + " + x*y" * 60)
    gates = [
        i
        for i, node in enumerate(graph.nodes)
        if node.gate and i < max(graph.nodes[graph.output].sources)
    ]
    s = gs.stepper(graph.group(gates, "rest"), x=1, y=2, z=3)
    assert s.quiz()


@pytest.mark.parametrize("seed", [0, 3])
def test_a_seed_gives_other_numbers_and_the_same_again(seed):
    s = neuron()
    first, again = s.quiz(seed=seed).stepper, s.quiz(seed=seed).stepper
    assert first.given == again.given != s.given
    assert first.graph is s.graph
    assert all(float(v).is_integer() for v in first.at({}).tape.values[: len(s.graph.inputs)])


def test_seeds_give_most_readers_numbers_of_their_own():
    s = gs.stepper("f = (x + y) * z", x=-2, y=5, z=-4)
    assert len({s.quiz(seed=seed).stepper.given for seed in range(12)}) == 12


@pytest.mark.parametrize(
    ("text", "inputs", "seed", "key"),
    [
        ("f = x * y", {"x": 2, "y": 3}, -1, "bad_seed"),
        ("f = x * y", {"x": 2, "y": 3}, "ann", "bad_seed"),
        ("f = x * y", {"x": 2, "y": 3}, True, "bad_seed"),
        ("f = sum(W**2)", {"W": np.ones((30, 20))}, 1, "quiz_arrays"),
    ],
)
def test_seeds_that_cannot_be_used(text, inputs, seed, key):
    with pytest.raises(gs.InputError) as error:
        gs.stepper(text, inputs=inputs).quiz(seed=seed)
    assert error.value.key == key


MODULES = Path(assets.__file__).parent / "static" / "modules"


@pytest.mark.skipif(shutil.which("node") is None, reason="no node")
def test_what_people_type():
    numbers = {
        "3": 3, " -0,5 ": -0.5, "−4.0e−04": -4e-4, "1/3": 1 / 3, "−1 / 4": -0.25, "1⁄2": 0.5, "3÷4": 0.75, "1,5/0,5": 3,
        ".5": 0.5, "2e3": 2000, "three": None, "": None, " ": None, "1/0": None, "1/2/3": None, "/3": None, "x/3": None,
        "4.0·10⁻⁵": 4e-5, "−4,0 · 10⁻⁵": -4e-5, "10⁷": 1e7, "-10⁻¹²": -1e-12, "4*10^-5": 4e-5, "2x10**3": 2000, "102": 102,
        "10^(-5)": 1e-5, "4·5": None, "x10⁵": None,
    }  # fmt: skip
    shapes = {
        "2x3": [2, 3], "2×3": [2, 3], "(2, 3)": [2, 3], "[2,3]": [2, 3], "(2,)": [2], "4": [4], "2 by 3": [2, 3],
        "2 на 3": [2, 3], "2х3": [2, 3], "2 3": [2, 3], "2*3": [2, 3], "two": None, "": None, "2.5": None, "-2": None,
    }  # fmt: skip
    script = f"""
import {{ typedNumber, typedShape }} from "file://{MODULES}/typed.js";
const read = (text) => {{ const found = typedNumber(text); return found === "" || Number.isNaN(+found) ? null : +found; }};
console.log(JSON.stringify([{list(numbers)}.map(read), {list(shapes)}.map(typedShape)]));"""
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    assert dict(zip(numbers, found[0], strict=True)) == numbers
    assert dict(zip(shapes, found[1], strict=True)) == shapes
