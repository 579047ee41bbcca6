"""The figure of a frame as native shapes: each gate, wire and number can be moved and edited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..base.words import say
from ..drawing.measures import Point
from ..graph.slots import OF_NODES, Slot
from ..look.looks import Look
from ..look.text_widths import width
from ..painting.shapes import Box, Path, Shape, Text, TextRun
from .xml import (
    DESCENT,
    LEADING,
    SUPER,
    Inks,
    Rect,
    Span,
    body,
    emu,
    filled,
    named,
    outlined,
    paragraph,
    preset,
    shape,
    shape_group,
    text_run,
    textbox,
)

if TYPE_CHECKING:
    from ..figure.figure import Figure, Frame

PATH_COMMANDS = {"M": "moveTo", "L": "lnTo", "C": "cubicBezTo", "Z": "close"}
ALIGNS = {"start": "l", "middle": "ctr", "end": "r"}
SHARE = {"start": 0.0, "middle": 0.5, "end": 1.0}  # part of a text's width to the left of its x


def native_figure(frame: Frame, place: Rect, colours: Inks) -> str:
    """A figure as a group of shapes; `place` has its proportions."""
    found = frame.shapes
    painter = _Painter(frame, place, place.width / found.width, colours)
    shapes = "".join(painter.shapes(found.shapes))
    return shape_group(named(painter.say("figure"), frame.caption), place, shapes)


class _Painter:
    """Converts one figure to the shapes of a slide."""

    def __init__(self, frame: Frame, place: Rect, scale: float, colours: Inks) -> None:
        self.place, self.scale, self.colours = place, scale, colours
        self.lang = frame.figure.lang
        self.names = _slots(frame.figure)
        self.wires = iter(_wires(frame.figure))
        self.leaves = iter(_leaves(frame.figure))
        self.warnings = iter(frame.warnings.values())

    def say(self, what: str, **values: object) -> str:
        """The name of a kind of shape."""
        return say(f"shape.{what}", self.lang, **values)

    def shapes(self, found: tuple[Shape, ...]) -> Iterator[str]:
        """All shapes; an arrow head is part of its wire, and a symbol of its gate."""
        for k, one in enumerate(found):
            after = found[k + 1] if k + 1 < len(found) else None
            before = found[k - 1] if k else None
            if isinstance(one, Box):
                gate = isinstance(after, Text) and one.kind == "s"
                yield self.gate(one, after) if gate else self.box(one)  # type: ignore[arg-type]
            elif isinstance(one, Path) and one.kind != "a":
                head = after if isinstance(after, Path) and after.kind == "a" else None
                yield self.path(one, head)
            elif isinstance(one, Text) and not (isinstance(before, Box) and before.kind == "s"):
                yield self.text(one)

    def at(self, point: Point) -> Point:
        """A point of the figure on the slide."""
        return self.place.x + self.scale * point[0], self.place.y + self.scale * point[1]

    def name(self, one: Shape) -> str:
        """The name of a shape, by its slot or its kind."""
        if one.slot:
            return self.names[one.slot]
        return self.say(SHAPE_NAMES.get(one.kind, "scale"))

    def rect(self, box: Box) -> Rect:
        """The place of a box."""
        return Rect(*self.at((box.x, box.y)), box.width * self.scale, box.height * self.scale)

    def paint(self, look: Look) -> str:
        """Fill and line."""
        line = outlined(self.colours.get(look.stroke, ""), look.width * self.scale)
        return filled(self.colours.get(look.fill, ""), look.opacity) + line

    def box(self, box: Box) -> str:
        """A rectangle, with round corners if it has a radius."""
        side = min(box.width, box.height)
        round_ = preset("roundRect", round(box.radius / side * 100000)) if box.radius else ""
        geometry = round_ or preset("rect")
        return shape(named(self.name(box)), self.rect(box), geometry, self.paint(box.look))

    def gate(self, box: Box, symbol: Text) -> str:
        """An oval, or a pill, with the symbol as its own text."""
        geometry = preset("ellipse") if box.width == box.height else preset("roundRect", 50000)
        paint = self.paint(box.look._replace(fill="page"))
        text = body(self.runs(symbol), "ctr", wrap=False)
        if len(symbol.runs) == 1:
            below = symbol.y - box.y - box.height / 2 - MIDDLE * symbol.runs[0].look.size
            side = "tIns" if below > 0 else "bIns"
            inset = emu(2 * self.scale * abs(below))
            text = text.replace(f'{side}="0"', f'{side}="{inset}"', 1)
        who = self.say("gate", symbol="".join(run.text for run in symbol.runs))
        return shape(named(who), self.rect(box), geometry, paint, text)

    def path(self, path: Path, head: Path | None = None) -> str:
        """A freeform; that of a wire includes its arrow head.

        It is no connector: LibreOffice would replace its geometry by a route of its own.
        """
        paths = [path, head] if head else [path]
        points = [self.at(point) for one in paths for _, ps in one.pieces for point in ps]
        xs, ys = zip(*points, strict=True)
        # no extent is 0: PowerPoint could not scale such a shape
        place = Rect(min(xs), min(ys), max(max(xs) - min(xs), 0.01), max(max(ys) - min(ys), 0.01))
        modes = ['fill="none"' if path.kind == "w" else "", 'stroke="0"']
        inside = "".join(map(self.pieces, paths, [place] * 2, modes))
        geometry = (
            "<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
            f'<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>{inside}</a:pathLst></a:custGeom>'
        )
        look = path.look._replace(fill=head.look.fill) if head else path.look
        return shape(self.called(path), place, geometry, self.paint(look))

    def called(self, path: Path) -> str:
        """The name of a freeform, with its sentence if it is a warning sign."""
        if path.kind == "w":
            return named(self.say("wire", wire=next(self.wires, "")))
        if path.kind == "" and path.look.stroke == "warning":
            return named(self.say("warning"), next(self.warnings, ""))
        return named(self.name(path))

    def pieces(self, path: Path, place: Rect, mode: str) -> str:
        """The commands of a path, in coordinates relative to its place."""
        wide, high = emu(place.width), emu(place.height)
        inside = "".join(
            f"<a:{PATH_COMMANDS[command]}>{''.join(self.point(p, place) for p in points)}"
            f"</a:{PATH_COMMANDS[command]}>"
            for command, points in path.pieces
        )
        return f'<a:path w="{wide}" h="{high}" {mode}>{inside}</a:path>'

    def point(self, point: Point, place: Rect) -> str:
        """A point in a path."""
        x, y = self.at(point)
        return f'<a:pt x="{emu(x - place.x)}" y="{emu(y - place.y)}"/>'

    def text(self, text: Text) -> str:
        """A text with its baseline as in the figure.

        It is anchored at the bottom of its box, as the fonts it may get differ least below.
        """
        size = max(r.look.size for r in text.runs)
        wide = sum(width(r.text, r.look.size) for r in text.runs)
        x, y = text.x - SHARE[text.look.anchor] * wide, text.y + DESCENT * size
        place = Rect(
            *self.at((x, y - LEADING * size)), wide * self.scale, LEADING * size * self.scale
        )
        leaf = text.kind == "m"
        who = self.say("input", name=next(self.leaves, "")) if leaf else self.name(text)
        return textbox(named(who), place, body(self.runs(text), "b", wrap=False))

    def runs(self, text: Text) -> str:
        """The runs of a text as a paragraph."""
        alone = len(text.runs) == 1
        spans = (self.span(r, SUPER if r.rise and not alone else 0) for r in text.runs)
        shown = (text_run(span, self.colours, self.lang, proof=False) for span in spans)
        return paragraph(shown, ALIGNS[text.look.anchor])

    def span(self, given: TextRun, rise: int) -> Span:
        """A run; the size makes up for programs that shrink raised text."""
        look, size = given.look, given.look.size * self.scale * (SHIFTED if rise else 1.0)
        return Span(given.text, size, look.fill, look.bold, look.italic, rise=rise)


MIDDLE = 0.39  # the middle of a line of text above its baseline, in ems
SHIFTED = 1.55  # the factor by which programs shrink raised text
SHAPE_NAMES = {"u": "used", "b": "warning"}


def _slots(figure: Figure) -> Mapping[Slot, str]:
    """The names of all slots."""
    lang, graph = figure.lang, figure.graph
    found = {}
    for kind in OF_NODES:
        for i in range(len(graph.nodes)):
            found[Slot(kind, i)] = say(f"shape.{kind}", lang, name=figure.names[i])
    for kind in ("local", "downstream"):
        for w, (source, target, _) in enumerate(graph.wires):
            wire = f"{figure.names[source]} → {figure.names[target]}"
            found[Slot(kind, w)] = say(f"shape.{kind}", lang, wire=wire)
    return found


def _wires(figure: Figure) -> Iterator[str]:
    """The ends of the curves of a figure, in drawing order."""
    graph = figure.graph
    for curve in figure.drawing.curves:
        wires = [graph.wires[w] for w in curve.wires]
        sources = dict.fromkeys(figure.names[wire.source] for wire in wires)
        targets = dict.fromkeys(figure.names[wire.target] for wire in wires)
        ends = [", ".join(sources) or figure.names[graph.output], ", ".join(targets)]
        yield " → ".join(filter(None, ends))
    if figure.drawing.outside:
        yield f"{figure.names[graph.output]} → {figure.tape.outside}"


def _leaves(figure: Figure) -> Iterator[str]:
    """The inputs and constants of a figure, in drawing order."""
    if figure.drawing.outside:
        yield figure.tape.outside
    own = (mark for mark in figure.drawing.marks if not mark.gate and not mark.own)
    yield from (figure.names[mark.node] for mark in own)
