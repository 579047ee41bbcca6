"""Drawings of the lecture that are no figures: python tools/pictures.py writes them."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import graphstep as gs
from graphstep.look.matrices import runs
from graphstep.look.png import png

ROOT = Path(__file__).parent.parent
INK, MUTED, VALUE, GRADIENT = "#24292f", "#57606a", "#008370", "#c2410c"
PALE, CORE = "#e8f0ee", "#b9d8d1"  # of a cell and its nucleus
PIXELS, CELL = 32, 9  # pixels of the small image in each direction; points of one
FUR, DARK, LIGHT, WALL, NOSE = "#d98e4a", "#7a4a21", "#f7ead9", "#dfe9f2", "#c9666b"
SHADES = (FUR, DARK, LIGHT, WALL, NOSE, INK, "#a9652f", "#dcbd98", "#b0a08c")

WORDS = {
    "en": {"dendrites": "dendrites", "inputs": "(inputs)", "body": "cell body",
           "sum": "(sum, activation)", "axon": "axon", "output": "(output)",
           "active": "activation", "out": "output"},
    "ru": {"dendrites": "дендриты", "inputs": "(входы)", "body": "тело клетки",
           "sum": "(сумма, активация)", "axon": "аксон", "output": "(выход)",
           "active": "активация", "out": "выход"},
}  # fmt: skip

# The digits of the generated data, seven rows of five pixels each, a row a number in base 2.
DIGITS = (
    (14, 17, 17, 17, 17, 17, 14), (4, 12, 4, 4, 4, 4, 14), (14, 17, 1, 2, 4, 8, 31),
    (31, 2, 4, 2, 1, 17, 14), (2, 6, 10, 18, 31, 2, 2), (31, 16, 30, 1, 1, 17, 14),
    (6, 8, 16, 30, 17, 17, 14), (31, 1, 2, 4, 8, 8, 8), (14, 17, 17, 14, 17, 17, 14),
    (14, 17, 17, 15, 1, 2, 12),
)  # fmt: skip
SIDE, EACH, ROUNDS = 9, 60, 80  # of an image; images of each digit; steps of gradient descent
TINTS = ("#00705f", "#4da394", "#a6d1c9", "#ffffff", "#f0c2ad", "#da855f", "#c2410c")


def svg(wide: float, high: float, drawn: Iterable[str], top: float = 0.0) -> str:
    """A document with the elements of a drawing."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {top:g} {wide:g} {high:g}" '
        f'width="{wide:g}" height="{high:g}" font-family="DejaVu Sans, Verdana, sans-serif">\n'
        + "\n".join(drawn)
        + "\n</svg>\n"
    )


def text(x: float, y: float, said: str, size: float = 17, fill: str = INK, more: str = "") -> str:
    """A text, centred at x."""
    return (f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{fill}" text-anchor="middle"'
            f"{more}>{said}</text>")  # fmt: skip


def line(path: str, stroke: str, width: float) -> str:
    """A line with round ends."""
    return (f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{width:g}" '
            f'stroke-linecap="round"/>')  # fmt: skip


# --- a neuron, in nature and in networks

DENDRITES = (
    ("M150 190 Q60 70 20 60", (40, 65)), ("M150 190 Q50 140 10 150", (30, 145)),
    ("M150 195 Q60 200 14 220", (37, 210)), ("M150 200 Q80 270 40 300", (60, 285)),
    ("M150 180 Q110 90 90 30", (100, 60)),
)  # fmt: skip
BODY = (
    "M118 168 C130 140 178 140 190 170 C214 182 214 220 188 228 "
    "C172 250 128 246 118 222 C98 210 100 182 118 168 Z"
)
ENDS = (("q12 -31 30 -34", 480, 156), ("q14 -4 36 -4", 486, 186), ("q11 25 28 28", 478, 218))


def dendrites(words: dict[str, str]) -> Iterator[str]:
    """What brings signals to a nerve cell."""
    for branch, (x, y) in DENDRITES:
        yield line(branch, VALUE, 5)
        yield line(f"M{x} {y} q-14 -4 -22 -22 M{x} {y} q-16 6 -26 2", VALUE, 3)
    yield text(92, 338, words["dendrites"], fill=VALUE)
    yield text(92, 360, words["inputs"], 15, MUTED)


def axon(words: dict[str, str]) -> Iterator[str]:
    """What carries the signal of a nerve cell away."""
    yield line("M190 200 C260 200 250 150 320 160 S410 210 450 190", GRADIENT, 7)
    for end, x, y in ENDS:
        yield line(f"M450 190 {end}", GRADIENT, 4)
        yield f'<circle cx="{x}" cy="{y}" r="5" fill="{GRADIENT}"/>'
    yield text(340, 140, words["axon"], fill=GRADIENT)
    yield text(340, 120, words["output"], 15, MUTED)


def body(words: dict[str, str]) -> Iterator[str]:
    """The cell itself."""
    yield f'<path d="{BODY}" fill="{PALE}" stroke="{INK}" stroke-width="2.5"/>'
    yield f'<circle cx="153" cy="196" r="17" fill="{CORE}" stroke="{INK}" stroke-width="1.5"/>'
    yield text(200, 272, words["body"])
    yield text(200, 294, words["sum"], 15, MUTED)


def model(words: dict[str, str]) -> Iterator[str]:
    """The neuron of networks: a weighted sum and a function."""
    for k, mark in enumerate("₀₁₂"):
        y, end = 90 + 100 * k, 162 + 28 * k
        yield text(538, y + 6, f"x{mark}", 19)
        yield line(f"M556 {y} L734 {end}", VALUE, 3)
        yield text(644, (y + end) / 2 + (-13, -13, 28)[k], f"w{mark} x{mark}", fill=VALUE)
    yield f'<circle cx="790" cy="190" r="62" fill="{PALE}" stroke="{INK}" stroke-width="2.5"/>'
    yield f'<path d="M790 128v124" stroke="{INK}" stroke-width="1.2" stroke-dasharray="4 4"/>'
    yield text(761, 188, "Σ w x", 16) + text(761, 210, "+ b", 16)
    yield text(821, 197, "f", 24, more=' font-style="italic"')
    yield text(821, 116, words["active"], 15, MUTED)
    yield line("M852 190 h140", GRADIENT, 4)
    yield f'<path d="M1002 190 l-12 -6 v12 z" fill="{GRADIENT}"/>'
    yield text(927, 176, "f(Σ w x + b)", fill=GRADIENT)
    yield text(927, 216, words["out"], 15, MUTED)


def neuron(words: dict[str, str], stage: int) -> str:
    """A neuron of which one part more is seen at each stage, from 1 to 4."""
    parts = (dendrites, body, axon, model)[:stage]
    order = [one for one in (dendrites, axon, body, model) if one in parts]  # the body covers ends
    return svg(1012, 376, (one for part in order for one in part(words)), -4)


# --- an image and its pixels


def cat() -> str:
    """The image of which the lecture asks what it shows."""
    size = PIXELS * CELL
    ears = "M62 110 L70 30 L128 74 Z M226 110 L218 30 L160 74 Z"
    inner = "M76 92 L80 52 L108 74 Z M212 92 L208 52 L180 74 Z"
    stripes = "M144 64v34 M126 68l4 26 M162 68l-4 26 M52 168l30 4 M236 168l-30 4"
    whiskers = "M96 186L30 174 M96 196L30 202 M192 186L258 174 M192 196L258 202"
    eyes = "".join(
        f'<ellipse cx="{x}" cy="146" rx="15" ry="18" fill="{LIGHT}"/>'
        f'<ellipse cx="{x}" cy="146" rx="7" ry="15" fill="{INK}"/>'
        for x in (110, 178)
    )
    return svg(size, size, [
        f'<rect width="{size}" height="{size}" fill="{WALL}"/>',
        f'<path d="{ears}" fill="{FUR}" stroke="{FUR}" stroke-width="8" stroke-linejoin="round"/>',
        f'<path d="{inner}" fill="{NOSE}"/>',
        f'<ellipse cx="144" cy="160" rx="98" ry="92" fill="{FUR}"/>', line(stripes, DARK, 8),
        f'<ellipse cx="144" cy="202" rx="48" ry="36" fill="{LIGHT}"/>', eyes,
        f'<path d="M132 180h24l-12 14z" fill="{NOSE}"/>',
        line("M144 194v10 q-14 18 -28 6 M144 204q14 18 28 6", DARK, 4), line(whiskers, DARK, 3),
    ])  # fmt: skip


def pixelated() -> str:
    """The same image as a computer has it: few pixels, each of one colour."""
    from PIL import Image, ImageColor

    with Image.open(BytesIO(png(cat(), 1.0))) as whole:
        small = whole.convert("RGB").resize((PIXELS, PIXELS), Image.Resampling.BOX)
    known = np.array([ImageColor.getrgb(one) for one in SHADES])
    away = ((np.asarray(small).astype(int)[..., None, :] - known) ** 2).sum(axis=-1)
    colours = dict(enumerate(SHADES, 1))
    size, lines = PIXELS * CELL, "".join(
        f"M{k * CELL} 0v{PIXELS * CELL}M0 {k * CELL}h{PIXELS * CELL}" for k in range(PIXELS + 1)
    )  # fmt: skip
    grid = f'<path d="{lines}" stroke="#fff" stroke-width=".6"/>'
    return svg(size, size, [*cells((away.argmin(axis=-1) + 1).tolist(), colours, CELL), grid])


def cells(levels: Sequence[Sequence[int]], colours: dict[int, str], size: float) -> Iterator[str]:
    """A map of squares: a path for each colour; what is 0 is left blank."""
    for which, found in sorted(runs(levels).items()):
        path = "".join(f"M{x * size:g} {y * size:g}h{n * size:g}v{size:g}h{-n * size:g}z"
                       for y, x, n in found)  # fmt: skip
        yield f'<path fill="{colours[which]}" d="{path}"/>'


# --- the weights of a linear classifier


def digits() -> tuple[Any, Any]:
    """Noisy images of digits at random places, shape (n, SIDE²), and what they are, shape (n,)."""
    rng, images, kinds = np.random.default_rng(2), list[Any](), list[int]()
    for kind, rows in enumerate(DIGITS):
        shape = np.array([[row >> (4 - k) & 1 for k in range(5)] for row in rows], float)
        for _ in range(EACH):
            image = 0.3 * rng.standard_normal((SIDE, SIDE))
            down, right = rng.integers(1, 3), rng.integers(2, 4)
            image[down : down + 7, right : right + 5] += shape
            images.append(image.ravel())
            kinds.append(kind)
    return np.array(images), np.array(kinds)


def templates() -> str:
    """The weights of each of ten classes as an image, after training on generated digits."""
    x, y = digits()
    weights, biases = np.zeros((SIDE * SIDE, 10)), np.zeros(10)
    net = gs.parse("L = cross_entropy(x @ W + b, y) + 0.3*l2(W)")
    for _ in range(ROUNDS):
        gradients = net.forward(x=x, y=y, W=weights, b=biases).backward("W", "b")
        weights, biases = weights - 0.8 * gradients["W"], biases - 0.8 * gradients["b"]
    levels = np.rint(3 * weights / abs(weights).max(axis=0)).astype(int)
    colours = {k - 3: tint for k, tint in enumerate(TINTS)}
    drawn = list[str]()
    for kind, image in enumerate(levels.T.reshape(10, SIDE, SIDE)):
        x0, y0 = 16 + kind % 5 * 186, 10 + kind // 5 * 206
        whole = "\n".join(cells(image.tolist(), colours, 18))
        frame = f'<path d="M0 0h162v162H0z" fill="none" stroke="{MUTED}"/>'
        drawn.append(f'<g transform="translate({x0} {y0})">\n{whole}{frame}</g>')
        drawn.append(text(x0 + 81, y0 + 184, str(kind), 18))
    return svg(938, 410, drawn)


# --- a net


LAYERS = (("x", 3), ("h₁", 4), ("h₂", 4), ("out", 1))  # with their neurons


def circles() -> str:
    """A net with two hidden layers, as circles and lines."""
    places = [[(40 + 120 * k, 160 + 64 * (j - (count - 1) / 2)) for j in range(count)]
              for k, (_, count) in enumerate(LAYERS)]  # fmt: skip
    lines = "".join(f"M{x:g} {y:g}L{a:g} {b:g}" for left, right in pairwise(places)
                    for x, y in left for a, b in right)  # fmt: skip
    spots = (
        f'<circle cx="{x:g}" cy="{y:g}" r="20" fill="{PALE if k else CORE}" stroke="{INK}" '
        f'stroke-width="2"/>'
        for k, layer in enumerate(places) for x, y in layer
    )  # fmt: skip
    names = (text(40 + 120 * k, 28, name, 22) for k, (name, _) in enumerate(LAYERS))
    return svg(440, 290, [line(lines, MUTED, 1.2), *spots, *names])


# --- downhill


class Landscape(NamedTuple):
    """A loss of two weights, seen from above: points for each unit, and where 0 is."""

    scale: float = 70.0
    x: float = 320.0
    y: float = 165.0

    def place(self, w: Sequence[float]) -> tuple[float, float]:
        """Where two weights are in the drawing."""
        return self.x + self.scale * w[0], self.y - self.scale * w[1]


def descent() -> str:
    """Contours of a loss and the steps of gradient descent, each from its own gradient."""
    land, net = Landscape(), gs.parse("L = w1**2 + 4*w2**2")
    path, drawn = [(-3.1, 1.6)], list[str]()
    for _ in range(14):
        w1, w2 = path[-1]
        found = net.forward(w1=w1, w2=w2).backward("w1", "w2")
        path.append((w1 - 0.21 * found["w1"], w2 - 0.21 * found["w2"]))
    for k, height in enumerate((20, 13, 8, 4.5, 2, 0.5)):
        wide = land.scale * height**0.5
        shade = ("#f3c9b5", "#f3d8c8", "#eee3da", "#dfe7e3", "#c9dfda", "#b0d3cb")[k]
        drawn.append(f'<ellipse cx="{land.x:g}" cy="{land.y:g}" rx="{wide:.4g}" '
                     f'ry="{wide / 2:.4g}" fill="{shade}" stroke="#fff"/>')  # fmt: skip
    places = [land.place(w) for w in path]
    drawn.append(line("M" + "L".join(f"{x:.4g} {y:.4g}" for x, y in places), INK, 2))
    drawn += [f'<circle cx="{x:.4g}" cy="{y:.4g}" r="4" fill="{INK}"/>' for x, y in places]
    (x, y), low = places[0], land.place((0, 0))
    drawn.append(text(x + 6, y - 14, "W", 30) + text(low[0] + 62, low[1] - 12, "min L", 28, VALUE))
    return svg(640, 330, drawn)


NETS = ((1, 0), (3, 0), (20, 0), (20, 0.01), (20, 0.002), (20, 0))  # hidden neurons, decay


@cache
def nets() -> str:
    """Regions of nets: with more neurons, and with less regularization."""
    plane = runpy.run_path(str(ROOT / "examples" / "plane.py"))
    size, drawn, known = plane["SIZE"], list[str](), cache(plane["regions"])
    for k, (hidden, decay) in enumerate(NETS):
        said = f"λ = {decay:g}" if k > 2 else f"H = {hidden}"
        x, y = k % 3 * (size + 40), k // 3 * (size + 44)
        drawn.append(f'<g transform="translate({x:g} {y + 30:g})">\n{known((hidden,), decay)}</g>')
        drawn.append(text(x + size / 2, y + 20, said, 19))
    return svg(3 * size + 80, 2 * size + 74, drawn)


def nets_in(mark: str) -> str:
    """The same with a decimal mark."""
    return re.sub(r"(?<=λ = 0)[.]", mark, nets())


DRAWINGS: dict[str, Callable[[], str]] = {
    **{f"neuron-{stage}.{lang}.svg": partial(neuron, words, stage)
       for lang, words in WORDS.items() for stage in (1, 2, 3, 4)},
    "cat.svg": cat, "circles.svg": circles, "descent.svg": descent,
    "nets.en.svg": partial(nets_in, "."), "nets.ru.svg": partial(nets_in, ","),
    "pixels.svg": pixelated, "templates.svg": templates,
}  # fmt: skip
"""Every drawing by its name, made when it is called."""
