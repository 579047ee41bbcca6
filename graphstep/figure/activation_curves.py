"""The curves of the activation functions: value and derivative over x, as one SVG."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import hypot
from typing import Any, NamedTuple

from ..base.signs import minus
from ..base.words import say
from ..engine.computational_graph import parse
from ..gates import GATES, Gate
from ..look.looks import Look, look_of
from ..look.style import PAGES, Style, palette_of
from ..painting.svg import FlatWriter, escape

LOW, HIGH, BOTTOM, TOP = -5.0, 5.0, -1.5, 2.5  # of x, of y
GAP = 24.0
Point = tuple[float, float]
FIELDS = (("fill", "stroke", "width"), ("fill", "size"))  # of lines, of texts
SEEN = 0.05  # points by which a curve may be off
POINTS, JUMP = 401, 0.2  # a line ends where the derivative jumps by more between two points


class Panels(NamedTuple):
    """How many panels are beside each other, how large each is, and its texts."""

    across: int = 4
    width: float = 240.0
    height: float = 160.0
    name: float = 14.0
    text: float = 12.0
    tick: float = 10.0

    @property
    def title(self) -> float:
        """The height of the name and the formula."""
        return self.name + self.text + 18

    @property
    def whole(self) -> tuple[float, float]:
        """Width and height of a panel, with the gap after it."""
        return self.width + GAP, self.height + self.title + GAP


LARGE = Panels(across=3, width=352.0, height=150.0, name=19.0, text=16.0, tick=16.0)
"""Panels whose texts can be read on a slide: six in two rows."""


def curves(
    style: Style | None = None, lang: str = "en", names: Iterable[str] = (),
    panels: Panels = Panels(),  # noqa: B008
) -> str:  # fmt: skip
    """Draw gates, or all that have a curve, with value and derivative as graphstep has them."""
    style = style or Style()
    pen = FlatWriter(getattr(palette_of(style.palette), style.printed))
    named = tuple(names)
    shown = [GATES[name] for name in named] or [gate for gate in GATES.values() if gate.curve]
    (across, down), rows = panels.whole, -(-len(shown) // panels.across)
    wide, high = panels.across * across + GAP, rows * down + GAP + 8 + panels.text
    drawn = "".join(
        _Panel(
            pen, panels, GAP + k % panels.across * across, GAP + k // panels.across * down
        ).drawn(gate)
        for k, gate in enumerate(shown)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graphstep gs-curves" role="img" '
        f'viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}" '
        f'font-family="{escape(style.font)}">\n<title>{say("plot.title", lang)}</title>\n'
        f'<rect width="{wide:g}" height="{high:g}" fill="{PAGES[style.printed]}"/>\n'
        f"{drawn}{_legend(pen, high, panels.text, lang)}</svg>\n"
    )


def _legend(pen: FlatWriter, high: float, size: float, lang: str) -> str:
    """What the two lines are."""
    return "".join(
        _line(pen, kind, f"M{x:g} {high - 20:g}h24")
        + f'<text {_look(pen, "n", size=size)}x="{x + 30:g}" y="{high - 16:g}">'
        + f"{say(key, lang)}</text>"
        for kind, key, x in (("v", "plot.value", GAP), ("g", "plot.derivative", GAP + 10 * size))
    )


def _look(pen: FlatWriter, kind: str, around: str = "", size: float = 12.0) -> str:
    """The attributes of an element of a kind."""
    look = look_of(Look(), kind, "", (around,))
    if kind == "br":  # a curve
        look = look._replace(width=2.0)
    return pen.attributes(look._replace(size=size), Look("-", size=0.0), FIELDS[kind in ("n", "k")])


class _Panel(NamedTuple):
    """The place of one gate in a picture of panels."""

    pen: FlatWriter
    panels: Panels
    left: float
    top: float

    def drawn(self, gate: Gate) -> str:
        """One gate: its name and formula, axes, and the two curves."""
        pen, panels = self.pen, self.panels
        x, value, slope = _samples(gate.curve)
        formula = minus(gate.expansion if len(gate.params) == 1 else gate.curve)
        lines = "".join(
            _line(pen, kind, self.path(x, values)) for kind, values in (("v", value), ("g", slope))
        )
        name, said = self.top + panels.name, self.top + panels.name + panels.text + 6
        return (
            f'<g data-gate="{gate.name}">'
            f'<text {_look(pen, "n", size=panels.name)}x="{self.left:g}" y="{name:g}">'
            f"{gate.name}</text>"
            f'<text {_look(pen, "k", size=panels.text)}x="{self.left:g}" y="{said:g}">'
            f"{escape(formula)}</text>\n"
            f"{self.axes()}{lines}</g>\n"
        )

    def axes(self) -> str:
        """Both axes with a few numbers."""
        wide, high = self.panels.width, self.panels.height
        left, top = self.place(LOW, TOP)
        x0, y0 = self.place(0.0, 0.0)
        ticks = "".join(
            self.tick(number, *self.place(*at), anchor)
            for number, at, anchor in (
                (LOW, (LOW, 0.0), "start"), (HIGH, (HIGH, 0.0), "end"),
                (1.0, (0.0, 1.0), "above"), (-1.0, (0.0, -1.0), "above"),
            )
        )  # fmt: skip
        frame = _look(self.pen, "fr")
        return (
            f'<rect {frame}x="{left:g}" y="{top:g}" width="{wide:g}" height="{high:g}"/>'
            f'<path {frame}d="M{left:g} {y0:.6g}h{wide:g}M{x0:.6g} {top:g}v{high:g}"/>{ticks}\n'
        )

    def tick(self, number: float, x: float, y: float, where: str) -> str:
        """A number below the x axis, or left of the y axis."""
        size = self.panels.tick
        x, y, where = (
            (x - 5, y + 0.4 * size, "end") if where == "above" else (x, y + 3 + size, where)
        )
        return (
            f'<text {_look(self.pen, "k", size=size)}x="{x:.6g}" y="{y:.6g}" '
            f'text-anchor="{where}">{minus(f"{number:g}")}</text>'
        )

    def path(self, xs: Sequence[float], ys: Sequence[float]) -> str:
        """The path through the points within the panel, broken where it leaves it or jumps."""
        parts = ("M" + "L".join(f"{x:.5g} {y:.5g}" for x, y in _thinned(part))
                 for part in self.parts(xs, ys) if len(part) > 1)  # fmt: skip
        return "".join(parts)

    def parts(self, xs: Sequence[float], ys: Sequence[float]) -> Iterator[list[Point]]:
        """The parts of a line that are within the panel."""
        part: list[Point] = []
        before = None
        for x, y in zip(xs, ys, strict=True):
            inside = BOTTOM <= y <= TOP
            if part and (not inside or abs(y - (before or 0.0)) > JUMP):
                yield part
                part = []
            if inside:
                part.append(self.place(x, y))
            before = y
        yield part

    def place(self, x: float, y: float) -> Point:
        """A point of a curve in the picture."""
        panels, top = self.panels, self.top + self.panels.title
        return (
            self.left + (x - LOW) / (HIGH - LOW) * panels.width,
            top + (TOP - y) / (TOP - BOTTOM) * panels.height,
        )


def _thinned(points: list[Point]) -> list[Point]:
    """The points without those that are within `SEEN` of the straight line past them."""
    (x0, y0), *within, (x1, y1) = points
    away = [abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) for x, y in within]
    if max(away, default=0.0) <= SEEN * hypot(x1 - x0, y1 - y0):
        return [points[0], points[-1]]
    k = away.index(max(away)) + 1  # the farthest one stays: Ramer 1972, Douglas and Peucker 1973
    return [*_thinned(points[: k + 1])[:-1], *_thinned(points[k:])]


def _line(pen: FlatWriter, kind: str, path: str) -> str:
    """A curve in the colour of values, or dashed in that of gradients."""
    dashes = 'stroke-dasharray="6 3" ' if kind == "g" else ""
    return f'<path {_look(pen, "br", kind)}{dashes}d="{path}"/>\n'


def _samples(expression: str) -> tuple[Any, Any, Any]:
    """Points x, with the value and derivative there of an expression, by its own graph."""
    import numpy as np

    x = np.linspace(LOW, HIGH, POINTS)
    value = parse(expression).forward(x=x).value
    return x, value, parse(f"f = sum({expression})").forward(x=x).gradients["x"]
