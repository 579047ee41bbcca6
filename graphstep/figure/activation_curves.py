"""The curves of the activation functions: value and derivative over x, as one SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..base.signs import minus
from ..base.words import say
from ..drawing.svg import escape
from ..engine.computational_graph import parse
from ..gates import GATES, Gate
from ..look.looks import stylesheet
from ..look.style import Style

LOW, HIGH, BOTTOM, TOP = -5.0, 5.0, -1.5, 2.5  # of x, of y
WIDTH, HEIGHT, TITLE, GAP, ACROSS = 240.0, 160.0, 44.0, 24.0, 4
POINTS, JUMP = 401, 0.2  # a line ends where the derivative jumps by more between two points


def curves(style: Style | None = None, lang: str = "en") -> str:
    """Draw all gates that have a curve, with value and derivative as graphstep computes them."""
    style = style or Style()
    shown = [gate for gate in GATES.values() if gate.curve]
    rows = -(-len(shown) // ACROSS)
    wide, high = ACROSS * (WIDTH + GAP) + GAP, rows * (HEIGHT + TITLE + GAP) + GAP + 20
    panels = "".join(
        _panel(gate, GAP + (k % ACROSS) * (WIDTH + GAP), GAP + k // ACROSS * (HEIGHT + TITLE + GAP))
        for k, gate in enumerate(shown)
    )
    legend = "".join(
        _line(kind, f"M{x:g} {high - 20:g}h24")
        + f'<text class="n" x="{x + 30:g}" y="{high - 16:g}" font-size="12">{say(key, lang)}</text>'
        for kind, key, x in (("v", "plot.value", GAP), ("g", "plot.derivative", GAP + 120))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graphstep gs-curves" role="img" '
        f'viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}" '
        f'font-family="{escape(style.font)}">\n<title>{say("plot.title", lang)}</title>\n'
        f"<style>{stylesheet(style, '.gs-curves')}</style>\n{panels}{legend}</svg>\n"
    )


def _panel(gate: Gate, left: float, top: float) -> str:
    """One gate: its name and formula, axes, and the two curves."""
    x, value, slope = _samples(gate.curve)
    formula = minus(gate.expansion if len(gate.params) == 1 else gate.curve)
    y = top + TITLE
    lines = "".join(
        _line(kind, _path(x, values, left, y)) for kind, values in (("v", value), ("g", slope))
    )
    return (
        f'<g data-gate="{gate.name}">'
        f'<text class="n" x="{left:g}" y="{top + 14:g}" font-size="14">{gate.name}</text>'
        f'<text class="k" x="{left:g}" y="{top + 32:g}" font-size="12">{escape(formula)}</text>\n'
        f"{_axes(left, y)}{lines}</g>\n"
    )


def _line(kind: str, path: str) -> str:
    """A curve in the colour of values, or dashed in that of gradients."""
    look = "stroke-width:2" + (";stroke-dasharray:6 3" if kind == "g" else "")
    return f'<g class="{kind}"><path class="br" style="{look}" d="{path}"/></g>\n'


def _axes(left: float, top: float) -> str:
    """Both axes with a few numbers."""
    x0, y0 = _place(0.0, 0.0, left, top)
    ticks = "".join(
        _tick(number, *_place(*at, left, top), anchor)
        for number, at, anchor in (
            (LOW, (LOW, 0.0), "start"), (HIGH, (HIGH, 0.0), "end"),
            (1.0, (0.0, 1.0), "above"), (-1.0, (0.0, -1.0), "above"),
        )
    )  # fmt: skip
    return (
        f'<rect class="fr" x="{left:g}" y="{top:g}" width="{WIDTH:g}" height="{HEIGHT:g}"/>'
        f'<path class="fr" d="M{left:g} {y0:.6g}h{WIDTH:g}M{x0:.6g} {top:g}v{HEIGHT:g}"/>{ticks}\n'
    )


def _tick(number: float, x: float, y: float, where: str) -> str:
    """A number below the x axis, or left of the y axis."""
    x, y, where = (x - 5, y + 4, "end") if where == "above" else (x, y + 13, where)
    return (
        f'<text class="k" x="{x:.6g}" y="{y:.6g}" font-size="10" '
        f'text-anchor="{where}">{minus(f"{number:g}")}</text>'
    )


def _samples(expression: str) -> tuple[Any, Any, Any]:
    """Points x, with the value and derivative there of an expression, by its own graph."""
    import numpy as np

    x = np.linspace(LOW, HIGH, POINTS)
    value = parse(expression).forward(x=x).value
    return x, value, parse(f"f = sum({expression})").forward(x=x).gradients["x"]


def _path(xs: Sequence[float], ys: Sequence[float], left: float, top: float) -> str:
    """The path through the points within the panel, broken where it leaves the panel or jumps."""
    parts = ("M" + "L".join(f"{x:.5g} {y:.5g}" for x, y in part)
             for part in _parts(xs, ys, left, top) if len(part) > 1)  # fmt: skip
    return "".join(parts)


def _parts(
    xs: Sequence[float], ys: Sequence[float], left: float, top: float
) -> Iterator[list[tuple[float, float]]]:
    part: list[tuple[float, float]] = []
    before = None
    for x, y in zip(xs, ys, strict=True):
        inside = BOTTOM <= y <= TOP
        if part and (not inside or abs(y - (before or 0.0)) > JUMP):
            yield part
            part = []
        if inside:
            part.append(_place(x, y, left, top))
        before = y
    yield part


def _place(x: float, y: float, left: float, top: float) -> tuple[float, float]:
    return (
        left + (x - LOW) / (HIGH - LOW) * WIDTH,
        top + (TOP - y) / (TOP - BOTTOM) * HEIGHT,
    )
