"""The curves of the activation functions: value and derivative over x, as one SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..base.signs import minus
from ..base.words import say
from ..engine.computational_graph import parse
from ..gates import GATES, Gate
from ..look.looks import Look, look_of
from ..look.style import PAGES, Style, palette_of
from ..painting.svg import FlatWriter, escape

LOW, HIGH, BOTTOM, TOP = -5.0, 5.0, -1.5, 2.5  # of x, of y
WIDTH, HEIGHT, TITLE, GAP, ACROSS = 240.0, 160.0, 44.0, 24.0, 4
FIELDS = (("fill", "stroke", "width"), ("fill", "size"))  # of lines, of texts
POINTS, JUMP = 401, 0.2  # a line ends where the derivative jumps by more between two points


def curves(style: Style | None = None, lang: str = "en") -> str:
    """Draw all gates that have a curve, with value and derivative as graphstep computes them."""
    style = style or Style()
    pen = FlatWriter(getattr(palette_of(style.palette), style.printed))
    shown = [gate for gate in GATES.values() if gate.curve]
    rows = -(-len(shown) // ACROSS)
    wide, high = ACROSS * (WIDTH + GAP) + GAP, rows * (HEIGHT + TITLE + GAP) + GAP + 20
    panels = "".join(
        _panel(
            pen,
            gate,
            GAP + (k % ACROSS) * (WIDTH + GAP),
            GAP + k // ACROSS * (HEIGHT + TITLE + GAP),
        )
        for k, gate in enumerate(shown)
    )
    legend = "".join(
        _line(pen, kind, f"M{x:g} {high - 20:g}h24")
        + f'<text {_look(pen, "n")}x="{x + 30:g}" y="{high - 16:g}">{say(key, lang)}</text>'
        for kind, key, x in (("v", "plot.value", GAP), ("g", "plot.derivative", GAP + 120))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graphstep gs-curves" role="img" '
        f'viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}" '
        f'font-family="{escape(style.font)}">\n<title>{say("plot.title", lang)}</title>\n'
        f'<rect width="{wide:g}" height="{high:g}" fill="{PAGES[style.printed]}"/>\n'
        f"{panels}{legend}</svg>\n"
    )


def _look(pen: FlatWriter, kind: str, around: str = "", size: float = 12.0) -> str:
    """The attributes of an element of a kind."""
    look = look_of(Look(), kind, "", (around,))
    if kind == "br":  # a curve
        look = look._replace(width=2.0)
    return pen.attributes(look._replace(size=size), Look("-", size=0.0), FIELDS[kind in ("n", "k")])


def _panel(pen: FlatWriter, gate: Gate, left: float, top: float) -> str:
    """One gate: its name and formula, axes, and the two curves."""
    x, value, slope = _samples(gate.curve)
    formula = minus(gate.expansion if len(gate.params) == 1 else gate.curve)
    y = top + TITLE
    lines = "".join(
        _line(pen, kind, _path(x, values, left, y)) for kind, values in (("v", value), ("g", slope))
    )
    return (
        f'<g data-gate="{gate.name}">'
        f'<text {_look(pen, "n", size=14.0)}x="{left:g}" y="{top + 14:g}">{gate.name}</text>'
        f'<text {_look(pen, "k")}x="{left:g}" y="{top + 32:g}">{escape(formula)}</text>\n'
        f"{_axes(pen, left, y)}{lines}</g>\n"
    )


def _line(pen: FlatWriter, kind: str, path: str) -> str:
    """A curve in the colour of values, or dashed in that of gradients."""
    dashes = 'stroke-dasharray="6 3" ' if kind == "g" else ""
    return f'<path {_look(pen, "br", kind)}{dashes}d="{path}"/>\n'


def _axes(pen: FlatWriter, left: float, top: float) -> str:
    """Both axes with a few numbers."""
    x0, y0 = _place(0.0, 0.0, left, top)
    ticks = "".join(
        _tick(pen, number, *_place(*at, left, top), anchor)
        for number, at, anchor in (
            (LOW, (LOW, 0.0), "start"), (HIGH, (HIGH, 0.0), "end"),
            (1.0, (0.0, 1.0), "above"), (-1.0, (0.0, -1.0), "above"),
        )
    )  # fmt: skip
    frame = _look(pen, "fr")
    return (
        f'<rect {frame}x="{left:g}" y="{top:g}" width="{WIDTH:g}" height="{HEIGHT:g}"/>'
        f'<path {frame}d="M{left:g} {y0:.6g}h{WIDTH:g}M{x0:.6g} {top:g}v{HEIGHT:g}"/>{ticks}\n'
    )


def _tick(pen: FlatWriter, number: float, x: float, y: float, where: str) -> str:
    """A number below the x axis, or left of the y axis."""
    x, y, where = (x - 5, y + 4, "end") if where == "above" else (x, y + 13, where)
    return (
        f'<text {_look(pen, "k", size=10.0)}x="{x:.6g}" y="{y:.6g}" '
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
