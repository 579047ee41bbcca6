"""A figure with empty boxes to write in, in place of numbers; stretched, so that there is room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..drawing.measures import ABOVE, BELOW, CLEAR, HALF, LONGEST_NAME, LOWER, Drawing, Place
from ..drawing.svg import escape
from ..graph.slots import Slot
from ..look.looks import NUMBERS, TEXT, Look, look_of
from ..look.matrices import ArrayBlock
from ..look.style import PALETTES, Colours
from ..look.text_widths import shorten, width

if TYPE_CHECKING:  # a stepper is passed in as a value: this room stands below it
    from ..figure.figure import Figure

APART = 3.5  # between a wire and a box, and between boxes
OVER = 21.0  # what the numbers above a wire, or half a gate, take
CORNER = 2.5
DASHES = {"local": ' stroke-dasharray="3 2"'}


class Box(NamedTuple):
    """An empty box for the number, or the array in rows and columns, of a slot."""

    slot: Slot
    x: float
    y: float
    width: float
    height: float
    rows: int = 1
    columns: int = 1


class Room(NamedTuple):
    """How a figure is stretched: how much, and what is below each wire for two boxes."""

    down: float
    below: float
    values: bool  # whether there are boxes above wires, too


def room(stepper: Figure, high: float, most: float, values: bool) -> Room:
    """The room for boxes so high; the figure gets at most so many times as high.

    Where all wires carry numbers, with their values above them, boxes may take what the next wire
    does not need.
    """
    shared = values or bool(stepper.blocks)
    whole, taken = (HALF, APART) if shared else (2 * HALF, OVER + APART)
    down = max(1.0, min((2 * high + 2 * APART + taken) / whole, most))
    return Room(down, whole * down - taken, values)


def stretched(drawing: Drawing, room: Room) -> Drawing:
    """A drawing with more room between what stands above each other, but nothing larger.

    Names stand no longer in places that will be boxes.
    """
    down = room.down
    marks = tuple(m._replace(y=m.y * down) for m in drawing.marks)
    curves = tuple(
        c._replace(points=tuple((x, y * down) for x, y in c.points)) for c in drawing.curves
    )
    places = tuple(_moved(_bare(p) if room.values else p, down) for p in drawing.places)
    high = drawing.height * down + max(0.0, room.below - HALF * down)
    return Drawing(drawing.width, high, marks, curves, places)


def _bare(place: Place) -> Place:
    """A place without the name before it."""
    before = width(place.prefix, TEXT)
    return place._replace(x=place.x + before / 2, room=place.room - before, prefix="")


def _moved(place: Place, down: float) -> Place:
    """A number or value keeps its distance from the wire; other arrays have higher boxes."""
    kind, beside = place.slot.kind, BESIDE[place.slot.kind]
    if place.height:
        beside = -CLEAR - place.height if kind == "value" else 0.0
    return place._replace(y=(place.y - beside) * down + beside)


BESIDE = {"value": ABOVE, "upstream": BELOW, "downstream": BELOW, "local": LOWER}
"""How far under the wire each kind of number stands."""


def boxes(stepper: Figure, room: Room) -> list[Box]:
    """The boxes of all gradients on a figure that was stretched so.

    Labels have no gradient, and a Jacobian too large to be printed is not asked for.
    """
    places = stepper.drawing.places
    asked = (place for place in places if _is_asked(stepper, place.slot, room.values))
    return [_box(place, stepper.blocks.get(place.slot), room) for place in asked]


def _is_asked(stepper: Figure, slot: Slot, values: bool) -> bool:
    graph, block = stepper.graph, stepper.blocks.get(slot)
    if block is not None and not block.rows:
        return False
    if slot.kind == "value":
        return values and graph.nodes[slot.item].gate is not None
    if slot.kind == "upstream":
        return not graph.holds_labels(slot.item)
    return not graph.takes_labels(graph.wires[slot.item])


def _box(place: Place, block: ArrayBlock | None, room: Room) -> Box:
    """Between the wire and the next box, as high as there is room."""
    left, wide, kind = place.x - place.room / 2, place.room, place.slot.kind
    if block is not None:
        high = place.height * room.down
        top = place.y - (high - place.height if kind == "value" else 0.0)
        return Box(place.slot, left, top, wide, high, len(block.rows), len(block.rows[0]))
    wire, high = place.y - BESIDE[kind], (room.below - 2 * APART) / 2
    from_wire = {"value": -APART - high, "local": APART + high + APART}.get(kind, APART)
    return Box(place.slot, left, wire + from_wire, wide, high)


def sheet(stepper: Figure, room: Room) -> str:
    """The figure, stretched before, without the numbers that are asked for, as SVG."""
    colours = PALETTES[stepper.style.palette].light
    found = boxes(stepper, room)
    drawn = "".join(_drawn(box, colours) for box in found)
    names = "".join(_name(stepper, box) for box in found if box.slot.kind == "value")
    return stepper[0].picture("light", plain=True, over=drawn + names)


def _drawn(box: Box, colours: Colours) -> str:
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


def _name(stepper: Figure, box: Box) -> str:
    """The name of a gate before the box of its value."""
    name = stepper.graph.nodes[box.slot.item].name
    if name is None:
        return ""
    text = escape(shorten(name, TEXT, LONGEST_NAME) + " =")
    y = box.y + box.height / 2 + 0.35 * TEXT
    return (
        f'<text class="n" x="{box.x - APART:.6g}" y="{y:.6g}" font-size="{TEXT:g}" '
        f'text-anchor="end">{text}</text>\n'
    )


def _lines(box: Box) -> Iterator[str]:
    """Between the rows and columns of an array."""
    for k in range(1, box.rows):
        yield f"M{box.x:.6g} {box.y + box.height * k / box.rows:.6g}h{box.width:.6g}"
    for k in range(1, box.columns):
        yield f"M{box.x + box.width * k / box.columns:.6g} {box.y:.6g}v{box.height:.6g}"
