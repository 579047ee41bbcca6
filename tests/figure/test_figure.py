"""The figure as a record."""

import gc
import json
import re
from zipfile import ZipFile

import numpy as np
import pytest
from printed import read

import graphstep as gs
from graphstep.explain.step_kinds import WAYS
from graphstep.gates import GATES
from graphstep.look.numbers import Numbers
from graphstep.outputs import plan
from graphstep.outputs.json import whole


def test_labels_alone_can_be_drawn():
    assert gs.stepper("f = l2(s[y])", s=[0, 0, 0], y=[1] * 6)[-1].svg()


LABELLED = {
    "f = cross_entropy(s, t)": dict(s=[0.2, 0.4, -0.3], t=1),
    "f = hinge(s, t)": dict(s=[[2, 1, 1.5], [4, 3, 3.5]], t=[1, 1]),
    "f = s[t]*3 + 2*t": dict(s=[1.5, 4], t=1),
    "f = sum(s[t])": dict(s=[[2, 1], [4, 3]], t=[1, 0, 1]),
    "f = sum(pick(s, t))*3": dict(s=[[2], [4]], t=[0, 0]),
}


def test_every_gate_that_takes_labels_has_an_example():
    gates = [node.gate for text in LABELLED for node in gs.parse(text).nodes if node.gate]
    assert {g.name for g in gates if g.labels} == {g.name for g in GATES.values() if g.labels}


@pytest.mark.parametrize("by", WAYS)
@pytest.mark.parametrize("text", LABELLED)
def test_labels_have_no_gradient_in_any_step(text, by):
    s = gs.stepper(text, inputs=LABELLED[text], by=by)
    wires = {w for w, wire in enumerate(s.graph.wires) if s.graph.takes_labels(wire)}
    never = s.graph.never_filled
    assert {slot.item for slot in never if slot.kind == "local"} == wires != set()
    steps = {slot for step in s.steps for slot in (*step.shows, *step.uses)}
    places = {place.slot for place in s.drawing.places}
    assert not never & (steps | places | s.texts.keys() | s.blocks.keys())
    assert len(s.contents) == 2 * len(s.graph.nodes) + 2 * len(s.graph.wires) - len(never)


NUMBER = re.compile(r"(?<![\w.,])[-−]?\d+(?:[.,]\d+)?(?![\w.,])")
SHOWN = {
    "svg": lambda text: re.findall(r"<tspan[^>]*>([^<]*)<|<text[^>]*>([^<]+)<", text),
    "html": lambda text: re.findall(r'"texts":\[(.*?)\],"', text),
    "tex": lambda text: re.findall(r"\\node[^;]*;", text),
    "dot": lambda text: re.findall(r'label="?([^"]*)"?', text),
    "txt": lambda text: text.rpartition("\n\n")[2],
    "pptx": lambda text: re.findall(r"<a:t>([^<]*)</a:t>", text),
}
"""What each format shows as numbers, from what is in the file."""


@pytest.mark.parametrize("ending", SHOWN)
@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize(
    "text", [text for text in LABELLED if "(s, t)" in text and "*" not in text]
)
def test_labels_have_no_gradient_in_any_format(text, lang, ending, tmp_path):
    """All other gradients of these examples differ from 0; rows that are chosen have Jacobians with zeros."""
    s = gs.stepper(text, inputs=LABELLED[text], lang=lang)
    (path,) = s.save(tmp_path / f"f.{ending}")
    found = path.read_bytes().decode("utf-8", "replace")
    if ending == "pptx":
        with ZipFile(path) as package:
            slides = [name for name in package.namelist() if "slides/slide" in name]
            found = "".join(package.read(name).decode() for name in slides)
    shown = SHOWN[ending](found)
    numbers = {read(n) for n in NUMBER.findall(str(shown))}
    assert 1.0 in numbers
    assert 0.0 not in numbers


def test_labels_have_no_gradient_in_json():
    for text, inputs in LABELLED.items():
        s = gs.stepper(text, inputs=inputs)
        data = json.loads(whole(s))
        none = [w for w, wire in enumerate(data["wires"]) if wire["downstream"] is None]
        assert none == [w for w, wire in enumerate(s.graph.wires) if s.graph.takes_labels(wire)]
        assert (data["gradients"]["t"] is None) == ("2*t" not in text)
        assert all(found["printed"] for step in data["steps"] for found in step["shows"])


def test_ten_thousand_other_inputs_leave_nothing_behind():
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)

    def alive(runs):
        for k in range(runs):
            assert s.at(x=k)[-1].svg()[:4] == "<svg" if k % 1000 == 0 else s.at(x=k).gradients
        gc.collect()
        return len(gc.get_objects())

    first = alive(1001)
    assert alive(10_000) < first + 100


def test_the_last_bit_of_an_input_changes_no_byte():
    """Sums of products end otherwise on other machines; what is printed does not.

    A page's program has the inputs exactly, which are the same everywhere.
    """

    def written(step):
        rng = np.random.default_rng(3)
        W, x = (step(rng.standard_normal(shape)) for shape in ((30, 20), 20))
        figures = (
            gs.stepper("f = sum(relu(W @ x))", W=w, x=v) for w, v in ((W, x), (W[:2, :3], x[:3]))
        )
        return [re.sub(r"(?<=\\n)[Wx] = np\.array\(.*?\)(?=\\n)", "", content())
                for s in figures for form in (".svg", ".html", ".deck.html", ".tex", ".txt", ".dot")
                for _, content in plan(s, "f" + form)]  # fmt: skip

    assert written(lambda values: values) == written(lambda values: np.nextafter(values, 9))


def test_equal_numbers_are_printed_once(monkeypatch):
    """A gradient that is handed on as it is has been printed before."""
    printed, call = [], Numbers.__call__
    monkeypatch.setattr(Numbers, "__call__", lambda own, n: printed.append(n) or call(own, n))
    s = gs.stepper("f = x*y + x*y + z", x=3, y=2, z=6)
    assert len(s.texts) > len(printed) == len(set(s.contents.values()))


def test_other_inputs_leave_nothing_behind():
    """After a few, ten times as many figures of other inputs keep no object more."""
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)

    def kept(count):
        for k in range(count):
            _ = s.at(x=float(k)).gradients, s.at(x=float(k))[2].caption
        gc.collect()
        return len(gc.get_objects())

    kept(50)
    assert kept(500) - kept(50) < 20
