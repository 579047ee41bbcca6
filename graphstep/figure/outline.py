"""A graph drawn before it runs: names, and the numbers that its text gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from ..base.words import say
from ..drawing.drawing import draw
from ..drawing.measures import Drawing
from ..formulas.names import figure_names, in_figure
from ..graph.expressions import all_on_one_line, printed_labels
from ..graph.graph import Graph
from ..graph.slots import Slot
from ..look.style import Style
from ..painting.canvas import Canvas, Sentences
from ..painting.layers import Contents, View
from ..painting.shapes import Scene, Scenes

IDENT = "gs-outline"  # pictures in pages are images: their ids do not meet
VIEW = View(0, (), (), (), (), {})


@dataclass(frozen=True, eq=False)
class Outline:
    """The picture of a graph, with what writers of pictures take of a frame and of its figure."""

    graph: Graph
    style: Style = field(default_factory=Style)

    @property
    def figure(self) -> Self:
        """It is a figure of one frame, and that frame."""
        return self

    @cached_property
    def caption(self) -> str:
        """The size of the graph, and its inputs."""
        graph = self.graph
        return say("outline.caption", nodes=len(graph.nodes), wires=len(graph.wires),
                   inputs=", ".join(self._shown[name] for name in graph.inputs))  # fmt: skip

    @cached_property
    def _shown(self) -> dict[str, str]:
        """The names of the graph as the picture sets them."""
        return figure_names(self.graph.names, self.style.symbols)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The name of each node, or its formula in names."""
        return tuple(in_figure(label, self._shown) for label in printed_labels(self.graph))

    @cached_property
    def drawing(self) -> Drawing:
        """The graph, laid out for numbers. Raises EngineError, and GraphError if it is large."""
        return draw(self.graph, self.style)

    @cached_property
    def _contents(self) -> Contents:
        """The numbers of the text, which are there, and all others, which are not there yet."""
        nodes = self.graph.nodes
        known = {Slot("value", i): n.value for i, n in enumerate(nodes) if type(n.value) is float}
        numbers = self.style.numbers(known.values())
        texts = {p.slot: numbers(known.get(p.slot, 0.0)) for p in self.drawing.places}
        return Contents(texts, {}, {slot: int(slot not in known) for slot in texts})

    def picture(self, theme: str = "light") -> str:
        """The picture as an SVG document."""
        words, source = [Sentences(IDENT, self.caption, "")], all_on_one_line(self.graph.source)
        canvas = Canvas(self.drawing, self.style, self._contents, IDENT, source, words)
        return canvas.picture(VIEW, theme)

    @cached_property
    def shapes(self) -> Scene:
        """The picture as shapes, for formats that have shapes of their own."""
        return Scenes(self.drawing, self._contents).scene(VIEW)
