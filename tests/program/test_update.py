"""The update in a program: the new weights of the stepper, to the bit, over several iterations."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import MATRICES, STRANGE, examples, inputs, matrix_programs, numbers, programs

import graphstep as gs
from graphstep.program.program import iterated
from graphstep.program.writing import bits
from graphstep.updates.rules import RULES

rules = st.sampled_from(sorted(RULES))


def ran(text):
    """All variables after a program ran."""
    space = {}
    exec("\n".join(line for line in text.splitlines() if not line.startswith("print(")), space)
    return space


def assert_same_weights(s, count):
    """The weights after each of several updates, from one program, and from each of several."""
    with np.errstate(all="ignore"):
        try:
            found = [s]
            while len(found) < count:
                found.append(found[-1].next())
        except gs.InputError as error:
            assert "not_finite" in error.key  # it went out of bounds
            assume(False)
        text = iterated([each.update for each in found]).text
        space = ran(text)
        one = [ran(each.code().text) for each in found]
    for name, new in found[-1].update.weights.items():
        assert bits(space[name]) == bits(new), text
    for each, alone in zip(found, one, strict=True):
        for name, new in each.update.weights.items():
            assert bits(alone[name]) == bits(new), each.code().text
        for name, gradient in each.gradients.items():
            assert name == "labels" or bits(alone[f"d{name}"]) == bits(gradient)
        updates = [frame for frame in each.every_frame if frame.step.kind == "update"]
        assert len(updates) == len(each.update.nodes)
        for frame, node in zip(updates, each.update.nodes, strict=True):
            lines = [each.code().lines[k] for k in frame.lines]
            name = each.graph.nodes[node].name
            assert lines[-1].code.startswith(f"{name} = ")
            assert {line.about for line in lines} == {f"n{node}"}
            assert len(lines) >= len(each.update.asked.rule.formulas)


@examples(60)
@given(
    programs(),
    st.one_of(inputs, st.fixed_dictionaries(dict.fromkeys("xyzw", STRANGE | numbers))),
    rules, st.booleans(), st.integers(1, 3), st.data(),
)  # fmt: skip
def test_new_weights_have_the_bits_of_the_stepper(text, values, rule, accumulate, count, data):
    graph = gs.parse(text)
    names = data.draw(st.lists(st.sampled_from(sorted(graph.inputs)), min_size=1, unique=True))
    values = {name: values[name] for name in graph.inputs}
    s = gs.stepper(graph, inputs=values, update=names, rule=rule, accumulate=accumulate, rate=0.01)
    assume(all(map(np.isfinite, s.gradients.values())))
    assert_same_weights(s, count)


@examples(25)
@given(matrix_programs(), st.integers(0, 99), rules, st.integers(1, 3), st.data())
def test_over_arrays_too(text, seed, rule, count, data):
    graph = gs.parse(text)
    random = np.random.default_rng(seed)
    values = {name: random.normal(size=shape) if shape else float(random.normal())
              for name, shape in MATRICES.items() if name in graph.inputs}  # fmt: skip
    if "labels" in values:
        values["labels"] = [1, 0]
    known = sorted(graph.inputs.keys() - {"labels"})
    names = data.draw(st.lists(st.sampled_from(known), min_size=1, unique=True))
    s = gs.stepper(graph, inputs=values, update=names, rule=rule, rate=0.05)
    assert_same_weights(s, count)


def test_it_reads_like_a_course():
    s = gs.stepper("f = (w*x - 1)**2", w=1, x=2, update="w", rule="momentum", rate=0.25)
    text = s.code().text
    assert text[text.index("# Update") :] == (
        "# Update\n"
        "rate = 0.25                   # learning rate\n"
        "mu = 0.9\n"
        "v_w = 0.0                     # kept from one update to the next\n"
        "v_w = mu * v_w + dw           # kept for w\n"
        "w = w - rate * v_w            # new w\n\n"
        'print("f =", f)\nprint("dw =", dw)\nprint("dx =", dx)\nprint("w =", w)\n'
    )
    second = s.next().code().text
    assert "v_w = 4.0 " in second
    assert second.startswith("# Inputs\nw = 0.0\n")


def test_names_of_a_rule_that_the_graph_has():
    s = gs.stepper("f = (rate*t - v_w)**2 + mu*w", inputs=dict(rate=1, t=2, v_w=3, mu=4, w=5),
                   update="w, t, mu, rate", rule="momentum")  # fmt: skip
    assert_same_weights(s, 3)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_the_command_line_writes_it_and_it_runs_by_itself(rule, tmp_path):
    command = [sys.executable, "-m", "graphstep", "f = (w*x + b - y)**2", "w=1", "x=2", "b=0.5",
               "y=1", "--update", "w,b", "--rate", "0.1", "--rule", rule]  # fmt: skip
    for more, count in ([], 1), (["--iterations", "3"], 3):
        subprocess.run(
            [*command, *more, "-o", "f.py"], cwd=tmp_path, check=True, capture_output=True
        )
        text = (tmp_path / "f.py").read_text(encoding="utf-8")
        assert "graphstep" not in text
        done = subprocess.run([sys.executable, "-I", "f.py"], cwd=tmp_path, capture_output=True,
                              text=True, check=True)  # fmt: skip
        found = dict(line.split(" = ") for line in done.stdout.splitlines())
        s = gs.stepper("f = (w*x + b - y)**2", w=1, x=2, b=0.5, y=1, update="w,b", rule=rule)
        for name, new in s.iterations(count)[-1].update.weights.items():
            assert float(found[name]) == new
    assert text.count("# Iteration ") == 3
