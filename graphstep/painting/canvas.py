"""A figure as SVG documents, one per frame. Frames differ only in texts and what stands out.

Documents are flat: each element says itself how it looks, so that every program shows the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from ..drawing.measures import MARGIN, NARROWEST, Drawing, extent, rounded
from ..graph.slots import Slot
from ..look.looks import Look, look_of
from ..look.style import PAGES, Style, palette_of
from ..look.text_widths import wrap
from .arrays import scale
from .elements import Element
from .layers import Contents, Layers, Painter, Pieces, View
from .svg import ROOT, FlatWriter, coordinate, escape, inside

CAPTION, LEADING = 13.0, 18.0
LEGEND_GAP = 8.0


class Sentences(NamedTuple):
    """The sentences under a frame, and its id on a page."""

    ident: str
    caption: str
    legend: str


IDENT = "\0"  # a placeholder for the id of a frame: it cannot occur in SVG


class Head(NamedTuple):
    """The SVG before the figure: up to the description, split at the ids, and after it."""

    around_ident: tuple[str, ...]
    rest: str


class Page(NamedTuple):
    """The size of a frame with its sentences, and where the figure and the sentences are in it."""

    width: float
    height: float
    left: float  # of the figure alone
    bottom: float  # of the figure; sentences are below it
    size: float = CAPTION  # of their font


class Strand(NamedTuple):
    """Elements of one kind in a group; its first and its last piece are the ends of the group."""

    pieces: Pieces[str]
    owners: Sequence[int]  # which wire, gate or number each element belongs to
    leading: Mapping[int, tuple[int, Element, str]]  # by owner: first elements, as written
    emphasis: str  # of those that are active

    def about(self, active: Collection[int]) -> list[tuple[int, Element, str]]:
        """The first elements of those that are active."""
        if not active or self.leading.keys().isdisjoint(active):
            return []
        return [self.leading[owner] for owner in active if owner in self.leading]


class Strands:
    """Wires, gates or numbers as SVG, those of each kind in one group, which has their look."""

    def __init__(self, writer: FlatWriter, elements: Sequence[Sequence[Element]]) -> None:
        self.writer = writer
        kinds: dict[str, list[tuple[int, Element]]] = {}
        for owner, some in enumerate(elements):
            for one in some:
                kinds.setdefault(one.kind, []).append((owner, one))
        self.strands = [self._strand(kind, found, elements) for kind, found in kinds.items()]

    def _strand(
        self, kind: str, found: list[tuple[int, Element]], elements: Sequence[Sequence[Element]]
    ) -> Strand:
        look = look_of(ROOT, kind, "", ())
        written = [self.writer.inside(one, look) for _, one in found]
        pieces = Pieces([self.writer.group(kind), *written, "</g>\n"], "".join)
        leading = {
            owner: (k, one, text)
            for k, ((owner, one), text) in enumerate(zip(found, written, strict=True))
            if one is elements[owner][0]
        }
        emphasis = self.writer.emphasis(found[0][1])
        return Strand(pieces, [owner for owner, _ in found], leading, emphasis)

    def all(self, active: Collection[int]) -> list[str]:
        """All of them, some of them active."""
        return [text for strand in self.strands for text in self._all(strand, active)]

    def _all(self, strand: Strand, active: Collection[int]) -> list[str]:
        about, write, how = strand.about(active), self.writer.active, strand.emphasis
        if not about:
            return [strand.pieces.whole]
        return strand.pieces.all({k + 1: write(one, text, how) for k, one, text in about})

    def first(self, count: int, active: Collection[int]) -> list[str]:
        """The first `count`, and then those that are active."""
        return [text for strand in self.strands for text in self._first(strand, count, active)]

    def _first(self, strand: Strand, count: int, active: Collection[int]) -> list[str]:
        shown = bisect_left(strand.owners, count)
        about = strand.about(active)
        if not shown and not about:
            return []
        now = [self.writer.active(one, text, strand.emphasis) for _, one, text in about]
        return [strand.pieces.first(shown + 1), *now, "</g>\n"]


class Canvas:
    """The pieces of a figure's SVG, made once; `render` joins those that a frame shows.

    The space under the graph is reserved for the longest caption and legend, so that nothing moves
    between frames.
    """

    def __init__(
        self, drawing: Drawing, style: Style, contents: Contents, scope: str, title: str,
        words: Sequence[Sentences],
    ) -> None:  # fmt: skip
        self.drawing, self.style, self.contents = drawing, style, contents
        self.scope, self.title, self.words = scope, title, words
        self.narrow, self.bottom = extent(drawing, contents.scale)
        self.width = rounded(max(drawing.width, NARROWEST) + 2 * MARGIN)
        self._wrapped: dict[str, list[str]] = {}
        rows = max(len(self._lines(w.caption)) + len(self._lines(w.legend)) for w in words)
        self.height = rounded(self.bottom + LEADING * rows + 3 * LEGEND_GAP)
        self._layers: dict[str, tuple[Layers[str], str]] = {}  # by theme
        self.inks = [self._ink(kind) for kind in "ck"]  # of captions, of legends
        self.head = self._head(self.width, self.height, style.printed, PAGES[style.printed])

    @property
    def page(self) -> Page:
        """The size of each frame, and where things are in it."""
        left = (self.width - self.narrow) / 2
        return Page(self.width, self.height, left, self.bottom)

    def render(self, view: View, ident: str = "") -> str:
        """The SVG of a frame, on its page. Same drawing, same view: same bytes."""
        figure = self._figure(self.head, view, ident, self.style.printed)
        return "".join([*figure, *self._sentences(self.words[view.number]), "</svg>\n"])

    def picture(self, view: View, theme: str, over: str = "") -> str:
        """The figure of a frame without its sentences and page, in the colours of one theme.

        `over` is SVG painted on top.
        """
        head = self._head(self.narrow, self.bottom, theme, "")
        return "".join([*self._figure(head, view, "", theme, over), "</svg>\n"])

    def _writer(self, theme: str) -> FlatWriter:
        return FlatWriter(getattr(palette_of(self.style.palette), theme))

    def layers(self, theme: str) -> tuple[Layers[str], str]:
        """All pieces of the figure, and the scale of its colours, as SVG."""
        if theme not in self._layers:
            self._layers[theme] = self._painted(theme)
        return self._layers[theme]

    def _painted(self, theme: str) -> tuple[Layers[str], str]:
        writer, most = self._writer(theme), self.contents.scale
        painter = Painter(writer.lines, partial(Strands, writer), "".join)
        below = f"<g {writer.root}>{writer.lines((scale(self.drawing, most),))}</g>" if most else ""
        return Layers(self.drawing, self.contents, painter), below

    def _figure(
        self, head: Head, view: View, ident: str, theme: str, over: str = ""
    ) -> list[str]:  # fmt: skip
        own, caption, legend = self.words[view.number]
        described = escape(f"{caption} {legend}".strip())
        begin = [(ident or own).join(head.around_ident), described, head.rest]
        layers, below = self.layers(theme)
        return [*begin, *layers.frame(view), over, "</g>\n", below]

    def _head(self, wide: float, high: float, theme: str, page: str) -> Head:
        """Everything before the figure, split where a frame's ids and description go."""
        left = (wide - self.narrow) / 2 + MARGIN
        size = f'width="{wide:.6g}" height="{high:.6g}"'
        begin = (
            f'<svg xmlns="http://www.w3.org/2000/svg" id="{IDENT}" '
            f'class="graphstep {self.scope}" role="img" '
            f'aria-labelledby="{IDENT}-t {IDENT}-d" '
            f'viewBox="0 0 {wide:.6g} {high:.6g}" {size} '
            f'font-family="{escape(self.style.font)}">\n'
            f'<title id="{IDENT}-t">{escape(self.title)}</title>\n<desc id="{IDENT}-d">'
        )
        paper = f'<rect class="page" {size} fill="{page}"/>\n' if page else ""
        place = f'transform="translate({coordinate(left)} {MARGIN:g})"'
        rest = f"</desc>\n{paper}<g {place} {self._writer(theme).root}>\n"
        return Head(tuple(begin.split(IDENT)), rest)

    def _ink(self, kind: str) -> str:
        """The colour of a kind of sentence, as an attribute."""
        writer = self._writer(self.style.printed)
        return writer.attributes(look_of(Look(), kind, "", ()), Look(), ("fill",))

    def _sentences(self, words: Sentences) -> list[str]:
        """The caption and, below it, the legend."""
        y = self.bottom + LEGEND_GAP + CAPTION
        caption, legend = self._lines(words.caption), self._lines(words.legend)
        under = y + len(caption) * LEADING + LEGEND_GAP
        c, k = self.inks
        return [
            *[ROW % ("c", c, y + n * LEADING, line) for n, line in enumerate(caption)],
            *[ROW % ("k", k, under + n * LEADING, line) for n, line in enumerate(legend)],
        ]

    def _lines(self, text: str) -> list[str]:
        if text not in self._wrapped:
            limit = self.width - 2 * MARGIN
            rows = (row for part in text.splitlines() for row in wrap(part, CAPTION, limit))
            self._wrapped[text] = list(map(escape, rows))
        return self._wrapped[text]


ROW = f'<text class="%s" %sx="{MARGIN:g}" y="%.6g" font-size="{CAPTION:g}">%s</text>\n'


def arrays_svg(drawing: Drawing, contents: Contents) -> dict[Slot, str]:
    """The SVG inside each array's slot on a page, without the element of the slot itself."""
    places = (place for place in drawing.places if place.height)
    return {place.slot: inside(contents.array(place)) for place in places}
