"""A figure with empty boxes in place of numbers, stretched so that one can write in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from ..drawing.measures import ABOVE, BELOW, CLEAR, HALF, LOWER, Drawing, Outside, Place
from ..drawing.spaces import shown_names
from ..graph.slots import Slot
from ..look.looks import NUMBERS, TEXT, Look, look_of
from ..look.matrices import ArrayBlock
from ..look.style import Colours, palette_of
from ..look.text_widths import width
from ..painting.svg import escape

if TYPE_CHECKING:
    from ..figure.figure import Figure

BOX_GAP = 3.5  # between a wire and a box, and between two boxes
ABOVE_WIRE = 21.0  # height of the numbers above a wire, or of half a gate
CORNER = 2.5
DASHES = {"local": ' stroke-dasharray="3 2"'}


class Blank(NamedTuple):
    """An empty box for the number of a slot, or for its array in rows and columns."""

    slot: Slot
    x: float
    y: float
    width: float
    height: float
    rows: int = 1
    columns: int = 1


class Stretch(NamedTuple):
    """How a figure is stretched: the factor, and the height for two boxes below each wire."""

    down: float
    below: float
    values: bool  # whether there are boxes above wires too


def stretch_for(figure: Figure, high: float, most: float, values: bool) -> Stretch:
    """How to stretch a figure for boxes of height `high`, to at most `most` times its height.

    Where all values are known and are plain numbers, boxes may use the space that the next wire
    leaves free.
    """
    shared = values or bool(figure.blocks)
    whole, taken = (HALF, BOX_GAP) if shared else (2 * HALF, ABOVE_WIRE + BOX_GAP)
    down = max(1.0, min((2 * high + 2 * BOX_GAP + taken) / whole, most))
    return Stretch(down, whole * down - taken, values)


def stretched(drawing: Drawing, stretch: Stretch) -> Drawing:
    """The drawing with larger vertical distances, but nothing in it larger.

    Places that will be boxes lose their names.
    """
    down = stretch.down
    marks = tuple(m._replace(y=m.y * down) for m in drawing.marks)
    curves = tuple(
        c._replace(points=tuple((x, y * down) for x, y in c.points)) for c in drawing.curves
    )
    places = tuple(_moved(_bare(p) if stretch.values else p, down) for p in drawing.places)
    high = drawing.height * down + max(0.0, stretch.below - HALF * down)
    beyond = drawing.outside and _moved_beyond(drawing.outside, down)
    return Drawing(drawing.width, high, marks, curves, places, beyond)


def _moved_beyond(way: Outside, down: float) -> Outside:
    """The way to a loss outside, moved."""
    dashes = tuple((x, y * down) for x, y in way.dashes)
    shift = (down - 1) * way.name.y  # its end is level, and its head keeps its form
    points = tuple((x, y + shift) for x, y in way.end.points)
    name = way.name._replace(y=way.name.y + shift)
    return Outside(dashes, way.end._replace(points=points), name)


def _bare(place: Place) -> Place:
    """The place without the name before its number."""
    before = width(place.prefix, TEXT)
    return place._replace(x=place.x + before / 2, width=place.width - before, prefix="")


def _moved(place: Place, down: float) -> Place:
    """The place moved: a number or value keeps its distance to the wire, other arrays do not."""
    kind, beside = place.slot.kind, BELOW_WIRE[place.slot.kind]
    if place.height:
        beside = -CLEAR - place.height if kind == "value" else 0.0
    return place._replace(y=(place.y - beside) * down + beside)


BELOW_WIRE = {"value": ABOVE, "upstream": BELOW, "downstream": BELOW, "local": LOWER}
"""How far below the wire each kind of number is."""


def blanks(figure: Figure, stretch: Stretch) -> list[Blank]:
    """The boxes for all gradients, on a figure that was stretched before.

    Labels have no gradient, and there is no box for a Jacobian that is too large to be printed.
    """
    places = figure.drawing.places
    asked = (place for place in places if _is_asked(figure, place.slot, stretch.values))
    return [_blank(place, figure.blocks.get(place.slot), stretch) for place in asked]


def _is_asked(figure: Figure, slot: Slot, values: bool) -> bool:
    graph, block = figure.graph, figure.blocks.get(slot)
    if block is not None and not block.rows:
        return False
    if slot.kind == "value":
        return values and graph.nodes[slot.item].gate is not None
    if slot.kind == "upstream":
        return not graph.holds_labels(slot.item) and slot != given_slot(figure)
    return not graph.takes_labels(graph.wires[slot.item])


def _blank(place: Place, block: ArrayBlock | None, stretch: Stretch) -> Blank:
    """The box of a place, as high as the space between the wire and the next box."""
    left, wide, kind = place.x - place.width / 2, place.width, place.slot.kind
    if block is not None:
        high = place.height * stretch.down
        top = place.y - (high - place.height if kind == "value" else 0.0)
        return Blank(place.slot, left, top, wide, high, len(block.rows), len(block.rows[0]))
    wire, high = place.y - BELOW_WIRE[kind], (stretch.below - 2 * BOX_GAP) / 2
    from_wire = {"value": -BOX_GAP - high, "local": BOX_GAP + high + BOX_GAP}.get(kind, BOX_GAP)
    return Blank(place.slot, left, wire + from_wire, wide, high)


def given_slot(figure: Figure) -> Slot | None:
    """The slot of the output's gradient, if it is given; of a target it is, though it is 1."""
    graph = figure.graph
    given = figure.tape.outside or graph.whole is not None
    return Slot("upstream", graph.output) if given else None


def box_height(figure: Figure, stretch: Stretch) -> float:
    """The height of the lowest box, or of a row of one, in a figure that is stretched so."""
    drawing = stretched(figure.drawing, stretch)
    found = blanks(replace(figure, _drawn=[drawing]), stretch)
    return min((box.height / box.rows for box in found), default=inf)


def blank_svg(figure: Figure, stretch: Stretch) -> str:
    """SVG of a figure that was stretched before, with boxes in place of the numbers asked for.

    A gradient that is given is shown with the first numbers.
    """
    known = given_slot(figure)
    if known is not None:
        appears = {**figure.appears, known: 0}
        figure = replace(figure)
        figure.__dict__["appears"] = appears
    colours = palette_of(figure.style.palette).light
    found = blanks(figure, stretch)
    drawn = "".join(_drawn(box, colours) for box in found)
    shown = shown_names(figure.graph, figure.tape.shapes, figure.marked_style)
    nodes = figure.graph.nodes
    values = ((box, nodes[box.slot.item].name) for box in found if box.slot.kind == "value")
    names = "".join(_name(box, shown[name], colours.ink) for box, name in values if name)
    return figure[0].picture("light", plain=True, over=drawn + names)


def _drawn(box: Blank, colours: Colours) -> str:
    kind, item = box.slot
    colour = getattr(colours, look_of(Look(), NUMBERS[kind], "", ()).fill)
    lines = "".join(_lines(box))
    inner = f'<path d="{lines}" stroke-width=".5"/>' if lines else ""
    look = f'fill="none" stroke="{colour}"{DASHES.get(kind, "")}'
    return (
        f'<g data-blank="{kind}-{item}" {look}>'
        f'<rect x="{box.x:.6g}" y="{box.y:.6g}" width="{box.width:.6g}" '
        f'height="{box.height:.6g}" rx="{CORNER:g}" stroke-width=".9"/>{inner}</g>\n'
    )


def _name(box: Blank, name: str, ink: str) -> str:
    """The name of a gate, before the box for its value."""
    text = escape(f"{name} =")
    y = box.y + box.height / 2 + 0.35 * TEXT
    return (
        f'<text fill="{ink}" x="{box.x - BOX_GAP:.6g}" y="{y:.6g}" font-size="{TEXT:g}" '
        f'text-anchor="end">{text}</text>\n'
    )


def _lines(box: Blank) -> Iterator[str]:
    """Lines between the rows and columns of an array."""
    for k in range(1, box.rows):
        yield f"M{box.x:.6g} {box.y + box.height * k / box.rows:.6g}h{box.width:.6g}"
    for k in range(1, box.columns):
        yield f"M{box.x + box.width * k / box.columns:.6g} {box.y:.6g}v{box.height:.6g}"
