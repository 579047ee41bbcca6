"""`make demo`: sections 1, 2 and 3 of the lecture, as one SVG per step and as printed steps."""

from __future__ import annotations

from pathlib import Path

from tqdm import tqdm

import graphstep as gs
from graphstep.base.files import write
from graphstep.outputs import plan

OUT = Path("out")
EXAMPLES = {
    "1-scalars": ("q = x + y; f = q * z", {"x": -2, "y": 5, "z": -4}),
    "2-neuron": (
        "f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2)))",
        {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3},
    ),
    "3-patterns": ("f = (x*y + max(z, w)) * 2", {"x": 3, "y": -4, "z": 2, "w": -1}),
}


def main() -> None:
    """Render all examples with a progress bar and say what to open."""
    steppers = {
        name: gs.stepper(text, inputs=inputs, by="wire", forward=True)
        for name, (text, inputs) in EXAMPLES.items()
    }
    with tqdm(total=sum(map(len, steppers.values())), unit="frame") as bar:
        for name, s in steppers.items():
            s.save(OUT / f"{name}.svg")
            s.save(OUT / f"{name}.txt")
            for path, text in plan(s, OUT / name / "{n:02}.svg"):
                write(path, text())
                bar.update()
    print("\nOpen these in a browser; the folders beside them have one picture per step:")
    for name in EXAMPLES:
        print(f"  {OUT / name}.svg    steps: {OUT / name}/    as text: {OUT / name}.txt")


if __name__ == "__main__":
    main()
