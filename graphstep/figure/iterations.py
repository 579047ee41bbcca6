"""Several iterations: the same graph at the weights that each update gives; other styles of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from ..base.errors import GraphError, short
from ..look.text_widths import width
from .options import check_iterations

if TYPE_CHECKING:
    from ..engine.computational_graph import ComputationalGraph
    from ..graph.graph import Graph
    from ..look.style import Style
    from ..painting.canvas import Page
    from ..program.lines import Program
    from .figure import Figure, Frame

    Shown: TypeAlias = "Figure | Iterations[Any]"
    """What is written to files."""

One = TypeVar("One", bound="Figure")


def styled(figure: One, style: Style) -> One:
    """The same figure in another style, laid out anew."""
    return replace(figure, style=style, _drawn=[], _first=None)


def no_update(graph: Graph) -> GraphError:
    """The error where nothing is updated."""
    name = next(iter(graph.inputs), "w")
    return GraphError("no_update", name=name, names=", ".join(graph.inputs) or "-")


def following(figure: One) -> One:
    """The figure at the new weights, with the next update. Raises GraphError without an update.

    >>> from graphstep.figure.figure import Figure
    >>> from graphstep.updates.reading import asked
    >>> following(Figure.of("f = x * y", x=2, y=3, update=asked("x"))).tape.inputs
    {'x': 1.7, 'y': 3.0}
    """
    if figure.update is None:
        raise no_update(figure.graph)
    tape = figure.graph.forward({**figure.tape.inputs, **figure.update.weights})
    tape = figure.tape.closing(tape)
    return figure.moved(tape, figure.update.following(tape))


def iterations(figure: One, count: int) -> tuple[One, ...]:
    """A figure, and the figures after each update, `count` in all, with one layout.

    They show the same steps. Raises what `check_iterations` and `following` raise.
    """
    found = [figure]
    for _ in range(check_iterations(count) - 1):
        found.append(following(found[-1]))
    return tuple(found) if count == 1 or figure.network is not None else _together(found)


def _together(figures: Sequence[One]) -> tuple[One, ...]:
    """Figures of one graph in a layout in which the numbers of all of them have their places."""
    from ..drawing.drawing import draw

    first = figures[0]
    widest = {
        slot: max((figure.texts[slot] for figure in figures), key=lambda text: width(text, 1.0))
        for slot in first.texts
    }
    widths = {slot: max(figure.widths[slot] for figure in figures) for slot in first.widths}
    tape, given = first.tape, (first.graph, first.style, first.engine)
    drawing = draw(*given, tape.shapes, widest, tape.outside, widths=widths)
    return tuple(replace(figure, _drawn=[drawing], _first=None) for figure in figures)


@dataclass(frozen=True, eq=False)
class Iterations(Generic[One]):
    """Figures one after another; to the writers of pictures they are one figure with all frames."""

    figures: tuple[One, ...]

    def __len__(self) -> int:
        return len(self.figures)

    def __getitem__(self, index: int) -> One:
        return self.figures[index]

    def __iter__(self) -> Iterator[One]:
        return iter(self.figures)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {short(self.graph.source)}: {len(self)}>"

    @cached_property
    def frames(self) -> tuple[Frame, ...]:
        """The frames of all figures."""
        return tuple(frame for figure in self.figures for frame in figure.frames)

    @property
    def graph(self) -> ComputationalGraph:
        """The graph of all of them."""
        return self.figures[0].graph

    @property
    def program(self) -> Program:
        """The program of all of them; raises what that of one figure raises."""
        from ..program.program import iterated

        updates = (figure.update for figure in self.figures)
        return iterated([update for update in updates if update is not None], self.lang)

    @property
    def style(self) -> Style:
        """The style of all of them."""
        return self.figures[0].style

    @property
    def lang(self) -> str:
        """The language of all of them."""
        return self.figures[0].lang

    @property
    def page(self) -> Page:
        """The page that has space for the sentences of each."""
        return max((figure.page for figure in self.figures), key=lambda page: page.height)


def each(figure: Shown) -> tuple[Figure, ...]:
    """The figures of iterations, or the one figure."""
    return figure.figures if isinstance(figure, Iterations) else (figure,)
