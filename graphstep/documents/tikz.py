"""A figure that steps as one TikZ picture for Beamer: what all steps share is written once.

Scenes differ in the shapes that have appeared, which becomes an overlay around shapes, and in the
shapes that a step makes heavier, which becomes an overlay inside a shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from textwrap import shorten
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from ..base import package_files
from ..drawing.measures import MARGIN, Point
from ..look.looks import HEAVY, TEXT, USUAL, Look
from ..painting.shapes import Box, Path, Scene, Shape, Text, TextRun
from .latex_text import comment, figure_text

if TYPE_CHECKING:
    from ..figure.figure import Figure, Frame
    from ..figure.outline import Outline
    from ..look.style import Colours


class OverlayShape(NamedTuple):
    """A shape with the overlays in which it is present and those in which it stands out."""

    shape: Shape
    there: list[int]
    heavy: list[int]


@cache
def static(name: str) -> str:
    """A piece of LaTeX that is the same in all documents: definitions."""
    return package_files.text(__file__, "static", name).rstrip("\n")


def colour_definitions(colours: Colours, named: bool = False) -> list[str]:
    """The definitions of colours; with those that formulas can name."""
    found = colours._asdict() | colours.parts | (colours.hues if named else {})
    return [rf"\definecolor{{gs{n}}}{{HTML}}{{{c[1:].upper()}}}" for n, c in found.items()]


def tikz_picture(frames: Sequence[Frame | Outline], waits: int = 0) -> str:
    """The figure of some frames as a TikZ picture, one overlay for each frame.

    It appears after `waits` overlays; the last frame stays.
    """
    scenes = [frame.shapes for frame in frames]
    names, last = _names(frames[0].figure), waits + len(frames)
    lines = [
        r"\begin{tikzpicture}[graphstep]",
        rf"  \useasboundingbox (0,0) rectangle {_point((scenes[0].width, scenes[0].height))};",
    ]
    begun = 0
    for overlays, group in groupby(
        _shown(scenes, waits), key=lambda s: overlay_spec(s.there, last)
    ):
        shapes = list(group)
        first = shapes[0].there[0]
        if first > begun:  # a step begins: its caption as a comment
            begun = first
            said = shorten(frames[first - 1 - waits].caption, 90, placeholder=" …")
            lines.append(comment(f"{first}: {said}", "  "))
        lines += _group(overlays, list(_codes(shapes, last, names)))
    return "\n".join([*lines, r"\end{tikzpicture}"])


def _shown(scenes: list[Scene], waits: int) -> list[OverlayShape]:
    """Every shape once, in order of appearance."""
    found: dict[Shape, OverlayShape] = {}
    for k, now in enumerate(scenes, start=waits + 1):
        for shape in now.shapes:
            usual = _usual(shape)
            shown = found.setdefault(usual, OverlayShape(usual, [], []))
            shown.there.append(k)
            if _is_heavy(shape):
                shown.heavy.append(k)
    return list(found.values())


def _is_heavy(shape: Shape) -> bool:
    return shape.look.bold if isinstance(shape, Text) else shape.look.width == HEAVY


def _usual(shape: Shape) -> Shape:
    """A shape as it is when it does not stand out."""
    look = shape.look._replace(bold=False)
    if isinstance(shape, Text):
        runs = tuple(run._replace(look=run.look._replace(bold=False)) for run in shape.runs)
        return shape._replace(look=look, runs=runs)
    return shape._replace(look=look._replace(width=USUAL) if look.width == HEAVY else look)


def _group(overlays: str, codes: list[str]) -> list[str]:
    """Shapes that are present in the same overlays."""
    if not overlays:
        return [f"  {code}" for code in codes]
    return [rf"  \only<{overlays}>{{%", *(f"    {code}" for code in codes), "  }"]


def overlay_spec(there: list[int], last: int = 0) -> str:
    """Some overlays as Beamer writes them; empty if it is all from 1 to `last`, which stays.

    >>> overlay_spec([2, 4, 5, 6], 6), overlay_spec([1, 2, 3], 6), overlay_spec([1, 2], 2)
    ('2,4-', '1-3', '')
    """
    runs: list[tuple[int, int]] = []
    for k in there:
        if runs and runs[-1][1] == k - 1:
            runs[-1] = (runs[-1][0], k)
        else:
            runs.append((k, k))
    if runs == [(1, last)]:
        return ""
    return ",".join(f"{a}" if a == b else f"{a}-" if b == last else f"{a}-{b}" for a, b in runs)


# --- shapes


def _codes(shapes: list[OverlayShape], last: int, names: Mapping[Point, str]) -> Iterator[str]:
    """Shapes, each on its line, with the name of their node or wire as a comment."""
    said = ""
    for shown in shapes:
        name = names.get(_place(shown.shape), "")
        yield _code(shown, last) + (comment(name, "  ") if name not in ("", said) else "")
        said = name


def _code(shown: OverlayShape, last: int) -> str:
    """A shape with the overlays in which it stands out."""
    shape = shown.shape
    heavy = (overlay_spec(shown.heavy, last) or "1-") if shown.heavy else ""
    if isinstance(shape, Text):
        return _text(shape, heavy)
    options = SHAPE_STYLES.get(shape.kind) or _paint(shape.look)
    if heavy:
        options += f", on={{<{heavy}>}}" if "," in heavy else f", on=<{heavy}>"
    if isinstance(shape, Box):
        return _box(shape, options)
    return rf"\path[{options}] {_path(shape.pieces)};"


SHAPE_STYLES: Mapping[str, str] = MappingProxyType(
    {"w": "wire", "a": "head", "s": "gate", "u": "used"}
)
"""The style of each kind of shape; others give their colour and width."""


def _paint(look: Look) -> str:
    parts = []
    if look.fill:
        parts.append(f"fill=gs{look.fill}")
        if look.opacity < 1:
            parts.append(f"fill opacity={_n(look.opacity)}")
    if look.stroke:
        parts.append(f"draw=gs{look.stroke}, line width={_n(look.width)}pt")
    return ", ".join(parts)


def _box(box: Box, options: str) -> str:
    """A rectangle with round corners, or a circle if the corners meet."""
    middle = (box.x + box.width / 2, box.y + box.height / 2)
    if box.width == box.height == 2 * box.radius:
        return rf"\path[{options}] {_point(middle)} circle[radius={_n(box.radius)}];"
    if box.radius:
        options += f", rounded corners={_n(box.radius)}pt"
    end = (box.x + box.width, box.y + box.height)
    return rf"\path[{options}] {_point((box.x, box.y))} rectangle {_point(end)};"


def _path(pieces: Iterable[tuple[str, tuple[Point, ...]]]) -> str:
    """A path, made of the commands of SVG."""
    return " ".join(PIECES[name].format(*map(_point, points)) for name, points in pieces)


PIECES: Mapping[str, str] = MappingProxyType(
    {"M": "{}", "L": "-- {}", "C": ".. controls {} and {} .. {}", "Z": "-- cycle"}
)


def _text(text: Text, heavy: str) -> str:
    """A node on its baseline."""
    given = text.runs[0].look.size if len(text.runs) == 1 else text.look.size
    size = "" if given == TEXT else f", size={_n(given)}"
    style = TEXT_STYLES.get(text.look.fill, f"text=gs{text.look.fill}")
    if text.look.italic and style != "gradient":
        style += r", node font=\itshape"
    inside = "".join(_run(run, text.look, heavy) for run in text.runs)
    options = f"{style}{ANCHORS[text.look.anchor]}{size}"
    return rf"\node[{options}] at {_point((text.x, text.y))} {{{inside}}};"


TEXT_STYLES: Mapping[str, str] = MappingProxyType(
    {"ink": "ink", "value": "value", "gradient": "gradient", "muted": "local"}
)
ANCHORS: Mapping[str, str] = MappingProxyType(
    {"middle": "", "start": ", anchor=base west", "end": ", anchor=base east"}
)


def _run(run: TextRun, look: Look, heavy: str) -> str:
    """A run of a text, with what differs from the text around it."""
    shown = figure_text(run.text)
    if shown.endswith(" "):
        shown = shown[:-1] + r"\ "
    if run.look.fill != look.fill:
        return rf"\textcolor{{gs{run.look.fill}}}{{{shown}}}"
    if run.rise:
        return rf"\gsraised{{{_n(run.rise)}}}{{{_n(run.look.size)}}}{{{shown}}}"
    return rf"\gsnew<{heavy}>{{{shown}}}" if heavy else shown


def _point(point: Point) -> str:
    return f"({_n(point[0])},{_n(point[1])})"


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


# --- names


def _place(shape: Shape) -> Point:
    """The point that identifies a shape: a text's anchor, a box's middle, a path's start."""
    if isinstance(shape, Path):
        x, y = shape.pieces[0][1][0]
    elif isinstance(shape, Box):
        x, y = shape.x + shape.width / 2, shape.y + shape.height / 2
    else:
        x, y = shape.x, shape.y
    return round(x), round(y)


def _names(figure: Figure | Outline) -> dict[Point, str]:
    """The name of the node or wire at each point, for readers of the file."""
    drawing, graph = figure.drawing, figure.graph
    wires = [figure.names[wire.source] for wire in graph.wires]
    found = {curve.points[0]: wires[curve.wires[0]] for curve in drawing.curves if curve.wires}
    found |= {(mark.x, mark.y): figure.names[mark.node] for mark in drawing.marks if mark.gate}
    for place in drawing.places:
        of_wire = place.slot.kind in ("local", "downstream")
        name = wires[place.slot.item] if of_wire else figure.names[place.slot.item]
        found[place.x, place.y] = name
    return {(round(x + MARGIN), round(y + MARGIN)): name for (x, y), name in found.items()}
