"""Makes the pictures of the documents anew: python tools/pictures.py. A test keeps them fresh."""

from __future__ import annotations

from pathlib import Path

import graphstep as gs

TARGET = Path(__file__).parent.parent / "docs" / "images"
NEURON = "f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2)))"
NEURON_INPUTS = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}


def pictures() -> dict[str, str]:
    """Every picture's file name and SVG."""
    neuron = gs.stepper(NEURON, inputs=NEURON_INPUTS, engine="embedded")
    first = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4, by="wire", engine="embedded")
    reuse = gs.stepper("f = x*x + sin(x)", x=3, engine="embedded")
    grouped = gs.stepper(gs.parse(NEURON).group_known(), inputs=NEURON_INPUTS, engine="embedded")
    return {
        "neuron-grouped.svg": grouped[-1].svg(),
        "neuron.svg": neuron[-1].svg(),
        "neuron-step.svg": neuron[4].svg(),
        "step.svg": first[5].svg(),
        "reuse.svg": reuse[-1].svg(),
    }


if __name__ == "__main__":
    for name, svg in pictures().items():
        (TARGET / name).write_text(svg, encoding="utf-8")
