"""A frame's picture as a list of shapes, for formats that have shapes of their own.

It is read from the SVG, so that every format shows what the SVG shows. Coordinates are those of
the SVG; a colour is the name of a field of `style.Colours`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.etree import ElementTree

Point = tuple[float, float]
SVG = "{http://www.w3.org/2000/svg}"


class Look(NamedTuple):
    """How an element is painted; what stands in a group has the look of the group."""

    fill: str = ""  # a colour, or empty for none
    stroke: str = ""
    width: float = 1.0  # of the stroke
    opacity: float = 1.0
    size: float = 12.0  # of the font
    anchor: str = "start"  # or "middle", "end"
    bold: bool = False
    italic: bool = False


class Path(NamedTuple):
    """Pieces ("M", one point), ("L", one), ("C", three) or ("Z", none), one after the other."""

    pieces: tuple[tuple[str, tuple[Point, ...]], ...]
    look: Look
    kind: str  # its class in the SVG: "w" a wire, "a" its head, "br" brackets, "hp" cells, ...
    slot: str = ""  # what it shows, such as "value-3"; empty for what is no number


class Box(NamedTuple):
    """A rectangle with round corners: a gate ("s"), an outline ("u"), a frame ("fr")."""

    x: float
    y: float
    width: float
    height: float
    radius: float
    look: Look
    kind: str
    slot: str = ""


class Run(NamedTuple):
    """A piece of a text in one look, `rise` above the baseline."""

    text: str
    look: Look
    rise: float = 0.0


class Text(NamedTuple):
    """Runs on one baseline, anchored at x as the look of the text says."""

    x: float
    y: float
    runs: tuple[Run, ...]
    look: Look
    kind: str
    slot: str = ""


class Scene(NamedTuple):
    """All shapes in the order in which they are painted."""

    width: float
    height: float
    shapes: tuple[Path | Box | Text, ...]


def scene(svg: str) -> Scene:
    """The shapes of a picture that `Frame.picture` made.

    >>> import graphstep as gs
    >>> found = scene(gs.stepper("f = x * y", x=2, y=3)[-1].picture())
    >>> [shape.runs[0].text for shape in found.shapes if isinstance(shape, Text)][:4]
    ['x', 'y', '*', '2']
    """
    root = ElementTree.fromstring(svg)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    return Scene(width, height, tuple(_shapes(root, Look(), (0.0, 0.0), ())))


def _shapes(
    element: ElementTree.Element, look: Look, at: Point, within: tuple[str, ...], slot: str = ""
) -> Iterator[Path | Box | Text]:
    """The shapes in a group, which is moved to `at` and has certain classes around it."""
    for child in element:
        tag, given = child.tag.removeprefix(SVG), child.attrib
        classes = given.get("class", "").split()
        own = _look(look, classes, given, within)
        kind = next((name for name in classes if name not in STATES), "")
        shows = given.get("data-slot", slot)
        if tag == "g":
            yield from _shapes(child, own, _moved(at, given), (*within, *classes), shows)
        elif tag == "path":
            yield Path(tuple(_pieces(given["d"], at)), own, kind, shows)
        elif tag == "rect":
            x, y, wide, high, radius = (float(given.get(n, 0)) for n in BOX)
            yield Box(x + at[0], y + at[1], wide, high, radius, own, kind, shows)
        elif tag == "text":
            x, y = float(given["x"]) + at[0], float(given["y"]) + at[1]
            yield Text(x, y, tuple(_runs(child, own)), own, kind, shows)


BOX = ("x", "y", "width", "height", "rx")
STATES = ("new", "on")


def _moved(at: Point, given: dict[str, str]) -> Point:
    found = re.fullmatch(r"translate\((\S+) (\S+)\)", given.get("transform", ""))
    return (at[0] + float(found[1]), at[1] + float(found[2])) if found else at


def _runs(text: ElementTree.Element, look: Look) -> Iterator[Run]:
    """A text's runs; a `dy` lowers all that follows it."""
    rise = 0.0
    if text.text:
        yield Run(text.text, look)
    for span in text:
        rise -= float(span.attrib.get("dy", 0))
        own = _look(look, span.attrib.get("class", "").split(), span.attrib, ())
        if span.text:
            yield Run(span.text, own, rise)
        if span.tail:
            yield Run(span.tail, look, rise)


def _look(look: Look, classes: list[str], given: dict[str, str], within: tuple[str, ...]) -> Look:
    """A look with what its classes and attributes change; the classes are those of `svg`."""
    for name in classes:
        around = next((LOOKS[f"{g} {name}"] for g in within if f"{g} {name}" in LOOKS), {})
        look = look._replace(**LOOKS.get(name, {}) | around)  # type: ignore[arg-type]
    if "new" in classes:
        look = look._replace(bold=True)
    if "on" in classes:
        look = look._replace(width=2.8)
    for attribute, field in ATTRIBUTES.items():
        if attribute in given:
            look = look._replace(**{field: float(given[attribute])})  # type: ignore[arg-type]
    if given.get("fill") == "none":
        look = look._replace(fill="")
    if given.get("stroke") == "none":
        look = look._replace(stroke="")
    return look._replace(anchor=given.get("text-anchor", look.anchor))


ATTRIBUTES = {"font-size": "size", "fill-opacity": "opacity", "stroke-width": "width"}
_MIDDLE: dict[str, object] = {"anchor": "middle"}
LOOKS: dict[str, dict[str, object]] = {
    "n": {"fill": "ink", "italic": False, "bold": False},
    "m": {"fill": "ink", **_MIDDLE},
    "s": {"stroke": "ink", "width": 1.4},
    "w": {"stroke": "ink", "width": 1.4},
    "a": {"fill": "ink"},
    "v": {"fill": "value", **_MIDDLE},
    "g": {"fill": "gradient", "italic": True, **_MIDDLE},
    "l": {"fill": "muted", **_MIDDLE},
    "br": {"fill": "", "width": 1.2},
    "v br": {"stroke": "value"},
    "g br": {"stroke": "gradient"},
    "l br": {"stroke": "muted"},
    "fr": {"fill": "", "stroke": "muted", "width": 0.6},
    "hj": {"fill": "muted"},
    "hp": {"fill": "plus"},
    "hm": {"fill": "minus"},
    "u": {"fill": "", "stroke": "accent", "width": 1.2},
    "b": {"fill": "warning", "stroke": "warning"},
}
"""What each class of the SVG's style sheet says; `svg.stylesheet` says the same in CSS."""


def _pieces(path: str, at: Point) -> Iterator[tuple[str, tuple[Point, ...]]]:
    """A path's pieces with absolute coordinates, of the commands that `svg` writes."""
    x = y = first_x = first_y = 0.0
    for command, rest in COMMAND.findall(path):
        name, relative = command.upper(), command.islower()
        if name == "Z":
            x, y = first_x, first_y
            yield "Z", ()
        for given in _groups(list(map(float, rest.split())), COUNTS.get(name, 2)):
            base_x, base_y = (x, y) if relative else (0.0, 0.0)
            both = {"H": (*given, y - base_y), "V": (x - base_x, *given)}.get(name, given)
            points = tuple((base_x + a, base_y + b) for a, b in _groups(both, 2))
            x, y = points[-1]
            yield "L" if name in "HV" else name, tuple((a + at[0], b + at[1]) for a, b in points)
            if name == "M":  # further points are lines
                (first_x, first_y), name = points[0], "L"


COMMAND = re.compile(r"([MLHVCZlhvz])([^MLHVCZlhvz]*)")  # an "e" belongs to a number
COUNTS = {"H": 1, "V": 1, "C": 6}


def _groups(numbers: Sequence[float], count: int) -> Iterator[tuple[float, ...]]:
    for k in range(0, len(numbers), count):
        yield tuple(numbers[k : k + count])
