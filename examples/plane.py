"""A net that tells two kinds of points in a plane apart, trained with graphstep, and its regions:

python examples/plane.py 20                     one hidden layer of 20 neurons
python examples/plane.py 6 6 --decay 0.003      two of 6 neurons, with regularization

writes plane.svg, in which the background is what the net answers at each place.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np

import graphstep as gs

Array = Any
POINTS, NOISE, EDGE = 26, 0.28, 1.95  # of each kind; of their places; of the plane
CELLS, SIZE = 45, 216.0  # of the background in each direction; of the picture, in points
STEPS, RATE, MOMENTUM = 1000, 0.2, 0.9
POINT = ("#008370", "#c2410c")  # the two kinds
REGION = ("#b9d8d1", "#f3c9b5")  # and where the net sees them


def points() -> tuple[Array, Array]:
    """Two arcs that go into each other, shape (n, 2), and the kind of each point, shape (n,)."""
    rng, angles = np.random.default_rng(4), np.linspace(0.0, np.pi, POINTS)
    arc = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    both = np.concatenate([arc - (0.5, 0.25), (0.5, 0.25) - arc])
    return both + NOISE * rng.standard_normal(both.shape), np.repeat([0, 1], POINTS)


def scores(hidden: int) -> str:
    """The net as an expression: hidden layers of neurons with tanh, and two scores."""
    layers = [f"h{k} = tanh({'x' if k == 1 else f'h{k - 1}'} @ W{k} + b{k})"
              for k in range(1, hidden + 1)]  # fmt: skip
    last = hidden + 1
    return "; ".join([*layers, f"s = {f'h{hidden}' if hidden else 'x'} @ W{last} + b{last}"])


def trained(sizes: tuple[int, ...], decay: float) -> dict[str, Array]:
    """Weights and biases after gradient descent with momentum on all points at once."""
    x, y = points()
    rng, shapes = np.random.default_rng(1), list(zip((2, *sizes), (*sizes, 2), strict=True))
    weights = {f"W{k}": rng.standard_normal(shape) for k, shape in enumerate(shapes, 1)}
    given = weights | {f"b{k}": np.zeros(shape[1]) for k, shape in enumerate(shapes, 1)}
    penalty = " + ".join(f"l2({name})" for name in weights)
    net = gs.parse(f"{scores(len(sizes))}; L = cross_entropy(s, y) + {decay}*({penalty})")
    speed = {name: np.zeros_like(value) for name, value in given.items()}
    for _ in range(STEPS):
        gradients = net.forward(x=x, y=y, **given).backward(*given)
        for name in given:
            speed[name] = MOMENTUM * speed[name] - RATE * gradients[name]
            given[name] = given[name] + speed[name]
    return given


def regions(sizes: tuple[int, ...], decay: float = 0.0) -> str:
    """What a trained net answers at each place, and the points, as elements of an SVG."""
    middles = (np.arange(CELLS) + 0.5) / CELLS * 2 * EDGE - EDGE
    places = np.stack([*map(np.ravel, np.meshgrid(middles, -middles))], axis=1)
    found = gs.parse(scores(len(sizes))).forward(x=places, **trained(sizes, decay)).value
    second = found.argmax(axis=1).reshape(CELLS, CELLS)
    cell, drawn = SIZE / CELLS, list[str]()
    for row, line in enumerate(second):
        turns = np.flatnonzero(np.diff(line, prepend=0, append=0)).reshape(-1, 2)
        drawn += [f"M{a * cell:.4g} {row * cell:.4g}h{(b - a) * cell:.4g}v{cell + 0.1:.4g}"
                  f"h{(a - b) * cell:.4g}z" for a, b in turns]  # fmt: skip
    spots = (
        f'<circle cx="{(x + EDGE) / 2 / EDGE * SIZE:.4g}" '
        f'cy="{(EDGE - y) / 2 / EDGE * SIZE:.4g}" r="4" fill="{POINT[kind]}" stroke="#fff"/>'
        for (x, y), kind in zip(*points(), strict=True)
    )
    return (
        f'<rect width="{SIZE:g}" height="{SIZE:g}" fill="{REGION[0]}"/>'
        f'<path fill="{REGION[1]}" d="{"".join(drawn)}"/>\n{"".join(spots)}\n'
    )


def main() -> None:
    """Draw one net, as the command line has it."""
    parser = ArgumentParser(description="Train a net on two kinds of points, and draw its regions.")
    parser.add_argument("sizes", type=int, nargs="*", help="the neurons of each hidden layer")
    parser.add_argument("--decay", type=float, default=0.0, help="the strength of regularization")
    given = parser.parse_args()
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE:g} {SIZE:g}">'
    Path("plane.svg").write_text(f"{svg}\n{regions((*given.sizes,), given.decay)}</svg>\n", "utf-8")


if __name__ == "__main__":
    main()
