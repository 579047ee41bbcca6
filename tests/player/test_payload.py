"""The data of a figure, as the player reads it."""

import re
from operator import attrgetter

import numpy as np
import pytest
from browsing_player import neuron

import graphstep as gs
from graphstep.figure.iterations import styled
from graphstep.painting.stage import short
from graphstep.player.narrow import NARROW, narrow
from graphstep.player.payload import MOST_FORMULAS, bare, path, payload


def test_the_data_says_what_python_says():
    s = neuron(by="wire")
    data = payload(s)
    again = data["again"]
    parts = [step["c"] if isinstance(step["c"], list) else [step["c"]] for step in data["steps"]]
    captions = ["".join(again[x] if isinstance(x, int) else x for x in found) for found in parts]
    assert captions == [frame.caption for frame in s]
    assert len(again) > 1
    shown = {*range(sum(step["s"] for step in data["steps"]))}
    assert shown == set(range(len(data["slots"].split())))


def test_a_figure_that_only_shows_its_frames_has_no_data_but_theirs():
    s = neuron()
    data, whole = bare(s), payload(s)
    assert data.keys() == {"slots", "texts", "blocks", "steps", "warnings", "again"}
    assert all(data[key] == whole[key] for key in data.keys() - {"steps"})
    for step, full in zip(data["steps"], whole["steps"], strict=True):
        assert step == {key: text for key, text in full.items() if key != "y"}


def test_the_factors_of_a_path_stand_in_the_order_of_its_names():
    s = gs.stepper("q = 3*x; r = q*z; f = exp(r)", x=2, z=0.5)
    wires, product, _ = path(s, "x")["paths"]["x"]["terms"][0]
    assert [s.names[s.graph.wires[w].source] for w in wires] == [*"xqr"]
    assert product == s.numbers(s.gradients["x"])


@pytest.mark.parametrize(("gates", "has"), [(20, True), (600, False)])
def test_a_figure_of_very_many_frames_has_sentences_only(gates, has):
    text = "; ".join(f"x{k + 1} = tanh(x{k})" for k in range(gates))
    s = gs.stepper(text, x0=1)
    found = payload(s)
    assert (len(s) <= MOST_FORMULAS) == has
    assert all(step["c"] for step in found["steps"])
    assert any(found["formulas"]["frames"]) == has


def test_the_lines_of_the_code_know_what_they_are_about():
    s = neuron(by="wire")
    data = payload(s)
    assert data["code"].split("\n") == list(s.code().texts)
    assert data["code_of"] == [list(frame.lines) for frame in s]
    for of, line in zip(data["code_about"].split(" "), s.code().lines, strict=True):
        kinds = {slot.kind for slot in line.makes}
        assert of[:1] == ("-" if not kinds else "w" if "local" in kinds else "n")


def test_what_cannot_be_written_as_code_has_a_page_all_the_same():
    gs.gate(local=[lambda x: 2.0 * x], name="own_square")(lambda x: float(x) ** 2)
    for s in (gs.stepper("f = own_square(x)", x=2), gs.stepper("f = x*y")):
        assert "code" not in payload(s)
    large = gs.stepper("f = sum(x)", x=np.ones((400, 300)))
    assert "code" not in payload(large)


@pytest.mark.parametrize("by", ["gate", "wire", "value"])
def test_what_is_elsewhere_in_a_narrow_page_makes_the_stage_of_another_arrangement(by):
    s = neuron(by=by)
    changes = narrow(s, attrgetter("stage"))
    other = styled(s, gs.Style(wrap=NARROW)).stage
    elements = [*re.finditer(r"<(\w+)([^>]*)>", s.stage)]
    made, at = [found[0] for found in elements], 0
    for change in changes.split(";"):
        further, name, value = re.fullmatch(r"(\d*)([\w-]+) (.*)", change).groups()
        at += int(further or 0)
        made[at], count = re.subn(rf'(?<= ){name}="[^"]*"', f'{name}="{value}"', made[at])
        assert count == 1, change
    own = re.compile(r"gs-[0-9a-f]{10}")
    assert [own.sub("", tag) for tag in made] == re.findall(r"<\w+[^>]*>", own.sub("", other))


NUMBERS_OF = re.compile(r'\b(x|y)="(-?[\d.]+)"')


def test_arrays_are_moved_as_a_whole_to_where_they_are_in_the_other_arrangement():
    text = "h = sigmoid(x @ w1); p = h @ w2; loss = l2(p - y)"
    shapes = {"x": (4, 6), "w1": (6, 5), "w2": (5, 2), "y": (4, 2)}
    s = gs.stepper(text, **{name: np.ones(shape) * 0.3 for name, shape in shapes.items()})
    changes = narrow(s, attrgetter("stage")).split(";")
    moved = [change.split("transform ")[1] for change in changes if "transform" in change]
    other, slots = (
        styled(s, gs.Style(wrap=NARROW)),
        re.findall(r'<g [^>]*data-slot="(\w+)"', s.stage),
    )
    assert len(slots) == len(moved) == len(s.markup) == 24
    assert other.extent[0] < 0.6 * s.extent[0]
    by_name = {short(slot): slot for slot in s.markup}
    for name, move in zip(slots, moved, strict=True):
        by = dict(zip("xy", map(float, re.findall(r"-?[\d.]+", move)), strict=True))
        places = [NUMBERS_OF.findall(figure.markup[by_name[name]]) for figure in (s, other)]
        assert places[0]
        for (axis, old), (same, new) in zip(*places, strict=True):
            assert axis == same
            assert float(new) == pytest.approx(float(old) + by[axis], abs=0.2), (name, move)


@pytest.mark.parametrize(
    ("text", "inputs", "style"),
    [("f = (x + y) * z", dict(x=1, y=2, z=3), {}), ("f = l2(W @ x)", dict(W=[[1, 2], [3, 4]], x=[1, 2]), {}),  # it would be no narrower
     (None, {}, dict(direction="right")), (None, {}, dict(wrap=500)), (None, {}, dict(direction="up"))],
)  # fmt: skip
def test_small_figures_and_those_with_an_arrangement_of_their_own_stay(text, inputs, style):
    s = (
        gs.stepper(text, inputs=inputs, style=gs.Style(**style))
        if text
        else neuron(style=gs.Style(**style))
    )
    assert narrow(s, attrgetter("stage")) == ""
