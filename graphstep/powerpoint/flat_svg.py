"""A figure as SVG with the look on every shape, as PowerPoint does not read style sheets."""

from __future__ import annotations

from collections.abc import Iterator

from ..drawing.shapes import Box, Scene, Shape, Text
from ..drawing.svg import escape
from ..look.looks import Look
from ..look.style import Colours


def flat(found: Scene, colours: Colours, font: str) -> str:
    """A frame's picture without classes and groups."""
    shapes = "".join(_shape(one, colours) for one in found.shapes)
    size = f"{found.width:g} {found.height:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{found.width:g}" '
        f'height="{found.height:g}" font-family="{escape(font)}">{shapes}</svg>'
    )


def _shape(one: Shape, colours: Colours) -> str:
    look = one.look
    if isinstance(one, Text):
        runs = "".join(_runs(one, colours))
        at = f'x="{one.x:g}" y="{one.y:g}" text-anchor="{look.anchor}" xml:space="preserve"'
        return f"<text {at}>{runs}</text>"
    if isinstance(one, Box):
        return (
            f'<rect x="{one.x:g}" y="{one.y:g}" width="{one.width:g}" height="{one.height:g}" '
            f'rx="{one.radius:g}" {_paint(look, colours)}/>'
        )
    path = " ".join(f"{name}{_points(points)}" for name, points in one.pieces)
    return f'<path d="{path}" {_paint(look, colours)}/>'


def _points(points: tuple[tuple[float, float], ...]) -> str:
    return " ".join(f"{x:g} {y:g}" for x, y in points)


def _runs(text: Text, colours: Colours) -> Iterator[str]:
    rise = 0.0
    for run in text.runs:
        weight = ' font-weight="bold"' if run.look.bold else ""
        slant = ' font-style="italic"' if run.look.italic else ""
        yield (
            f'<tspan dy="{rise - run.rise:g}" font-size="{run.look.size:g}"{weight}{slant} '
            f'fill="{getattr(colours, run.look.fill)}">{escape(run.text)}</tspan>'
        )
        rise = run.rise


def _paint(look: Look, colours: Colours) -> str:
    fill = getattr(colours, look.fill) if look.fill else "none"
    stroke = getattr(colours, look.stroke) if look.stroke else "none"
    opacity = f' fill-opacity="{look.opacity:g}"' if look.opacity != 1 else ""
    return f'fill="{fill}"{opacity} stroke="{stroke}" stroke-width="{look.width:g}"'
