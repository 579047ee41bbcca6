"""Write the pictures of the documents: python tools/pictures.py. A test keeps them fresh."""

from __future__ import annotations

from pathlib import Path

from lecture_drawings import DRAWINGS

import graphstep as gs
from graphstep.exercises import sheets
from graphstep.exercises.assignment import Assignment, make_question
from graphstep.figure.activation_curves import LARGE, curves

ROOT = Path(__file__).parent.parent
LECTURE = "examples/lecture/images"
SHOWN = ("sigmoid", "tanh", "relu", "leaky_relu", "maxout", "elu")  # in the lecture
NEURON = "f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2)))"
NEURON_INPUTS = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}


def network() -> gs.Stepper:
    """A small net on a small batch, with numbers that need no generator."""

    def grid(rows: int, columns: int) -> list[list[float]]:
        return [[((7 * r + 3 * c) % 11 - 5) / 4 for c in range(columns)] for r in range(rows)]

    return gs.stepper(
        "h = relu(x @ w1 + b); L = cross_entropy(h @ w2, y)", engine="embedded",
        x=grid(6, 5), w1=grid(5, 8), b=grid(1, 8)[0], w2=grid(8, 3), y=[0, 1, 2, 0, 1, 2],
    )  # fmt: skip


def exercise() -> str:
    """A figure of an exercise sheet, as on paper."""
    lecture = {"x": -2, "y": 5, "z": -4}
    asked = make_question("q = x + y; f = q * z", lecture, {"engine": "embedded"})
    assignment = Assignment((asked,), 7)
    figure = sheets.figures((assignment, sheets.numbers((assignment, 1))))[0].sheet
    return figure.replace("<svg ", '<svg style="background:#fff" ', 1)


def pictures() -> dict[str, str]:
    """Every picture as SVG, by path."""
    neuron = gs.stepper(NEURON, inputs=NEURON_INPUTS, engine="embedded")
    first = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4, by="wire", engine="embedded")
    reuse = gs.stepper("f = x*x + sin(x)", x=3, engine="embedded")
    grouped = gs.stepper(gs.parse(NEURON).group_known(), inputs=NEURON_INPUTS, engine="embedded")
    matrix = gs.stepper(
        "q = W @ x; f = l2(q)", W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4], engine="embedded"
    )
    neurons = gs.stepper(
        "h = tanh(W1 @ x + b1); s = W2 @ h + b2; L = mse(s, y)", engine="embedded",
        x=[1, -2], W1=[[0.5, -1], [2, 0.25], [0, 1]], b1=[0.1, -0.3, 0],
        W2=[[1, -1, 2], [0.5, 0, -1]], b2=[0, 1], y=[1, 0], style=gs.Style(drawn="neurons"),
    )  # fmt: skip
    general = gs.stepper("z = f(x, y)", forward=True, engine="embedded")
    update = gs.stepper("f = (w*x - y)**2", w=1, x=2, y=6, update="w", engine="embedded")
    shown = {
        "general.svg": general[-1].svg(),
        "update.svg": update[-1].svg(),
        "exercise.svg": exercise(),
        "matrix.svg": matrix[-1].svg(),
        "net.svg": network()[-1].svg(),
        "neurons.svg": neurons[-1].svg(),
        "activations.svg": curves(),
        "neuron-grouped.svg": grouped[-1].svg(),
        "neuron.svg": neuron[-1].svg(),
        "neuron-step.svg": neuron[4].svg(),
        "step.svg": first[5].svg(),
        "reuse.svg": reuse[-1].svg(),
    }
    light = gs.Style(theme="light")
    return {
        **{f"docs/images/{name}": svg for name, svg in shown.items()},
        **{f"{LECTURE}/activations.{lang}.svg": curves(light, lang, SHOWN, LARGE)
           for lang in ("en", "ru")},
    }  # fmt: skip


if __name__ == "__main__":
    for name, svg in pictures().items():
        (ROOT / name).write_text(svg, encoding="utf-8")
    for name, draw in DRAWINGS.items():
        (ROOT / LECTURE / name).write_text(draw(), encoding="utf-8")
