"""A figure for the player: no captions, elements marked with what they show.

Its slots are empty, or filled with the numbers of a frame, which is what those see for whom no
script runs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from ..drawing.measures import MARGIN, Curve, Drawing, Mark, Place, extent
from ..graph.slots import Slot
from ..look.looks import NUMBERS
from ..look.style import Style
from .arrays import scale
from .elements import gate, outside, warning, wire
from .svg import coordinate, escape, svg

EMPTY: Mapping[Slot, str] = MappingProxyType({})
TOGETHER = 64  # elements of a large figure


def stage(
    drawing: Drawing,
    style: Style,
    scope: str,
    scale: str,
    warned: Iterable[int],
    filled: Mapping[Slot, str] = EMPTY,
    signs: Collection[int] = (),
) -> str:
    """The figure as SVG, with a warning sign at each node in `warned`, seen at those in `signs`.

    `filled` has the texts in slots, and the SVG of arrays. It holds no colours: see
    `look.looks.themes`.
    """
    wide, high = extent(drawing, scale)
    marks = {mark.node: mark for mark in drawing.marks}
    inside = (
        *map(_curve, drawing.curves),
        *(svg(one) for one in (outside(drawing.outside) if drawing.outside else ())),
        *map(_mark, drawing.marks),
        *map(partial(_slot, filled), drawing.places),
        *(_sign(marks[n], n in signs) for n in warned),
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graphstep {scope}" '
        f'viewBox="0 0 {wide:.6g} {high:.6g}" font-family="{escape(style.font)}">'
        f'<g transform="translate({MARGIN:.6g} {MARGIN:.6g})">{"".join(_grouped(inside))}</g>'
        f"{scale_svg(drawing, scale)}</svg>"
    )


def _grouped(elements: Sequence[str]) -> Iterable[str]:
    """The elements of a figure; those of a large one in groups.

    A browser that lays out a figure again asks each element in a group where something changed.
    """
    if len(elements) <= 2 * TOGETHER:
        return elements
    starts = range(0, len(elements), TOGETHER)
    return (f"<g>{''.join(elements[k : k + TOGETHER])}</g>" for k in starts)


def _curve(curve: Curve) -> str:
    """A curve, marked with the wires of the graph that run through it."""
    owners = f'data-wires="{" ".join(map(str, curve.wires))}" '
    return "".join(svg(one, owners) for one in wire(curve))


def _mark(mark: Mark) -> str:
    """A gate or a leaf, marked with its node."""
    return f'<g data-node="{mark.node}">{"".join(svg(one) for one in gate(mark))}</g>'


def _sign(mark: Mark, seen: bool) -> str:
    """A warning sign on a gate."""
    hidden = "" if seen else 'hidden="" '
    return svg(warning(mark, ""), f'data-warn="{mark.node}" {hidden}') + "\n"


def _slot(filled: Mapping[Slot, str], place: Place) -> str:
    """A slot: its name, always shown, and an element for the text, as the player fills it."""
    there = filled.get(place.slot, "")
    named = f'class="{NUMBERS[place.slot.kind]}" data-slot="{short(place.slot)}"'
    if place.height:
        return _element("g", named if place.marked else f"{named} data-unmarked=''", there)
    x, y, name = coordinate(place.x), coordinate(place.y), escape(place.bare)
    text = escape(f"[{there}]" if there and place.slot.kind == "local" else there)
    if name:
        shown = f"{name} = " if there else name
        text = f'<tspan class="n" data-bare="{name}">{shown}</tspan>{_element("tspan", "", text)}'
    return _element("text", f'{named} x="{x}" y="{y}"', text)


def _element(name: str, attributes: str, inside: str) -> str:
    """An element, closed at once if nothing is inside."""
    begin = f"{name} {attributes}".rstrip()
    return f"<{begin}>{inside}</{name}>" if inside else f"<{begin}/>"


def short(slot: Slot) -> str:
    """A slot's name in the player: "v3" for the value of node 3, "d7" for wire 7's downstream."""
    return f"{slot.kind[0]}{slot.item}"


def scale_svg(drawing: Drawing, most: str) -> str:
    """The colour scale of heat maps for a page; empty if `most` is empty."""
    return svg(scale(drawing, most)) if most else ""
