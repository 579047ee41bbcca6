"""The lecture's numbers, as printed and to full precision."""

import math
import re
import shlex

import pytest
from readme import ROOT

import graphstep as gs
from examples import NEURON, NEURON_INPUTS, PATTERNS, PATTERNS_INPUTS
from graphstep.cli.main import main
from graphstep.graph.slots import Slot


def printed(s):
    """(value, gradient) of each node as printed, inputs by name and gates by symbol in order."""
    return [
        (s.graph.ids[i], s.texts[Slot("value", i)], s.texts[Slot("upstream", i)])
        for i in range(len(s.graph.nodes))
    ]


def test_section_1():
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)
    assert printed(s) == [
        ("x", "−2", "−4"), ("y", "5", "−4"), ("q", "3", "−4"), ("z", "−4", "3"), ("f", "−12", "1"),
    ]  # fmt: skip
    assert s.value == -12.0
    assert s.gradients == {"x": -4.0, "y": -4.0, "z": 3.0}
    locals_ = {(w.source, w.target): s.tape.local(i) for i, w in enumerate(s.graph.wires)}
    assert locals_ == {(0, 2): 1.0, (1, 2): 1.0, (2, 4): -4.0, (3, 4): 3.0}


def test_section_1_steps_in_the_order_of_the_slides():
    s = gs.stepper("q = x + y; f = q * z", by="wire", x=-2, y=5, z=-4)
    shown = [
        s.graph.ids[s.graph.wires[f.step.wire].source] for f in s if f.step.kind == "downstream"
    ]
    assert shown == ["z", "q", "y", "x"]
    assert [f.step.kind for f in s][:4] == ["all", "seed", "local", "downstream"]
    legends = [f.legend.splitlines()[-1] for f in s if f.step.kind == "downstream"]
    assert legends == [
        "z: [3] · [1] = 3",
        "q: [−4] · [1] = −4",
        "y: [1] · [−4] = −4",
        "x: [1] · [−4] = −4",
    ]


def test_section_1_one_slide_a_gradient():
    """The lecture's slides: df/df, df/dz, df/dq, df/dy, df/dx, each as local times upstream."""
    s = gs.stepper("q = x + y; f = q * z", by="product", x=-2, y=5, z=-4)
    assert [frame.legend.partition("\n")[2] for frame in s][2:] == [
        "z: [3] · [1] = 3", "q: [−4] · [1] = −4", "y: [1] · [−4] = −4", "x: [1] · [−4] = −4",
    ]  # fmt: skip
    assert s[1].caption == "The backward pass begins at the output: ∂f/∂f = 1."
    assert s[4].caption == (
        "Add gate, input y: local = 1; downstream = local · upstream = [1] · [−4] = −4."
    )


def test_section_2():
    s = gs.stepper(NEURON, **NEURON_INPUTS)
    assert [(v, g) for _, v, g in printed(s)] == [
        ("2.00", "−0.20"), ("−1.00", "0.39"), ("−2.00", "0.20"),  # w0, x0, w0*x0
        ("−3.00", "−0.39"), ("−2.00", "−0.59"), ("6.00", "0.20"),  # w1, x1, w1*x1
        ("4.00", "0.20"), ("−3.00", "0.20"), ("1.00", "0.20"),  # +, w2, +
        ("−1.00", "−0.20"), ("0.37", "−0.53"), ("1.37", "−0.53"), ("0.73", "1.00"),
    ]  # fmt: skip
    sigma = 1 / (1 + math.exp(-1))
    slope = sigma * (1 - sigma)
    assert s.value == pytest.approx(sigma, rel=1e-15)
    exact = {"w0": -slope, "x0": 2 * slope, "w1": -2 * slope, "x1": -3 * slope, "w2": slope}
    assert s.gradients == pytest.approx(exact, rel=1e-14)


def test_section_2_gates_in_order():
    s = gs.stepper(NEURON, **NEURON_INPUTS)
    marks = [m for m in s.drawing.marks if m.gate]
    assert sorted(m.text for m in marks) == sorted(["×", "×", "+", "+", "×−1", "exp", "+1", "1/x"])
    across = [m.text for m in sorted(marks, key=lambda m: m.x)]
    assert across == ["×", "×", "+", "+", "×−1", "exp", "+1", "1/x"]


def test_section_2_slides_multiply_exact_numbers():
    s = gs.stepper(NEURON, by="wire", **NEURON_INPUTS)
    legends = [f.legend.splitlines()[-1] for f in s if f.step.kind == "downstream"]
    assert "w₀: [−1.00] · [0.20] = −0.20" in legends
    assert "x₀: [2.00] · [0.20] = 0.39" in legends  # not 0.40, the product of what is printed


def test_section_2_grouped():
    s = gs.stepper("f = sigmoid(w0*x0 + w1*x1 + w2)", **NEURON_INPUTS)
    assert s.gradients == pytest.approx(gs.stepper(NEURON, **NEURON_INPUTS).gradients, rel=1e-14)


def test_section_3():
    s = gs.stepper(PATTERNS, **PATTERNS_INPUTS)
    assert [(v, g) for _, v, g in printed(s)] == [
        ("3", "−8"), ("−4", "6"), ("−12", "2"), ("2", "2"), ("−1", "0"), ("2", "2"),
        ("−10", "2"), ("−20", "1"),
    ]  # fmt: skip
    captions = " ".join(f.caption for f in s)
    assert all(word in captions for word in ("distributor", "switcher", "router"))
    assert "w gets 0, since it is not the maximum." in captions


def test_the_notes_have_26_pairs():
    figures = (
        gs.stepper("f = (x + y) * z", x=-2, y=5, z=-4),
        gs.stepper(NEURON, **NEURON_INPUTS),
        gs.stepper(PATTERNS, **PATTERNS_INPUTS),
    )
    assert sum(len(printed(s)) for s in figures) == 26


def test_the_larger_example_of_the_notes():
    s = gs.stepper("f = (x + sigmoid(y)) / (sigmoid(x) + (x + y)**2)", x=3, y=-4)
    assert s.value == pytest.approx(1.5456448841066441, rel=4e-16)
    assert s.gradients["x"] == pytest.approx(2.0595697955721652, rel=4e-16)
    assert s.gradients["y"] == pytest.approx(1.5922327514838093, rel=4e-16)


@pytest.mark.parametrize(
    ("text", "inputs", "value", "gradients"),
    [
        ("x*x", dict(x=3), 9, dict(x=6)),
        ("x - y", dict(x=2, y=5), -3, dict(x=1, y=-1)),
        ("x/y", dict(x=3, y=2), 1.5, dict(x=0.5, y=-0.75)),
        ("x**y", dict(x=2, y=3), 8, dict(x=12, y=8 * math.log(2))),
        ("a = x*x; b = x + a; f = a*b", dict(x=2), 24, dict(x=44)),  # a diamond: x**3 + x**4
        ("max(x, x)", dict(x=4), 4, dict(x=1)),
        ("max(x, y)", dict(x=4, y=4), 4, dict(x=0.5, y=0.5)),
        ("max(x, y, z)", dict(x=1, y=7, z=2), 7, dict(x=0, y=1, z=0)),
        ("relu(x)", dict(x=0), 0, dict(x=0)),
        ("abs(x)", dict(x=0), 0, dict(x=0)),
        ("leaky_relu(x)", dict(x=0), 0, dict(x=0.1)),
        ("elu(x, 2)", dict(x=0), 0, dict(x=1)),
        ("x**3", dict(x=-2), -8, dict(x=12)),
        ("2**x", dict(x=3), 8, dict(x=8 * math.log(2))),
        ("x**y", dict(x=0, y=2), 0, dict(x=0, y=0)),
        ("x**0", dict(x=0), 1, dict(x=0)),
        ("-x**2", dict(x=3), -9, dict(x=-6)),
        ("x**-1", dict(x=4), 0.25, dict(x=-1 / 16)),
        ("f = x", dict(x=3), 3, dict(x=1)),
        ("f = 2**3**2", {}, 512, {}),
        ("b = 3; f = b*x", dict(x=2), 6, dict(b=2, x=3)),
        ("b = 3; f = b*x", dict(x=2, b=5), 10, dict(b=2, x=5)),
    ],
)
def test_small_graphs(text, inputs, value, gradients):
    tape = gs.parse(text).forward(inputs)
    assert tape.value == value
    assert tape.gradients == pytest.approx(gradients, rel=1e-15)
    assert gs.parse(text, constants="nodes").forward(inputs).gradients == tape.gradients


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_command_on_a_slide_prints_what_stands_below_it(lang, capsys):
    text = (ROOT / "examples" / "lecture" / f"{lang}.md").read_text("utf-8")
    [(command, printed)] = re.findall(r"```\n\$ graphstep (.*)\n((?:.*\n)+?)```", text)
    assert main(shlex.split(command)) in (0, None)
    assert capsys.readouterr().out.endswith(printed)


KINDS = re.compile(r"^(#+ |```\w*|:::+ ?\w*|!\[|\$\$|\|)", re.MULTILINE)


def test_both_languages_have_the_same_slides():
    """The same headings, figures, programs, blocks, pictures, formulas and tables in one order."""
    texts = [
        (ROOT / "examples" / "lecture" / f"{lang}.md").read_text("utf-8") for lang in ("en", "ru")
    ]
    first, second = (KINDS.findall(text) for text in texts)
    assert first == second
    figures = [re.findall(r"^```graphstep(?:.*\n)+?```", text, re.MULTILINE) for text in texts]
    assert figures[0] == figures[1]
