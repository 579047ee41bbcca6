"""Figures beside each other on a slide: to all formats they are one figure that steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ..painting.shapes import Scene
from .slide_plans import SHARES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..figure.figure import Figure, Frame
    from ..formulas.tree import Equation
    from ..graph.graph import Graph
    from ..graph.slots import Slot
    from ..look.matrices import ArrayBlock
    from ..look.style import Style


@dataclass(frozen=True, eq=False)
class FigureRow:
    """Figures beside each other; frame k has that frame of each figure which `views[k]` says."""

    figures: tuple[Figure, ...]
    views: tuple[tuple[int, ...], ...]

    @cached_property
    def frames(self) -> tuple[RowFrame, ...]:
        """The frames of all figures together."""
        found = (
            tuple(figure[at] for figure, at in zip(self.figures, view, strict=True))
            for view in self.views
        )
        return tuple(RowFrame(self, k, frames) for k, frames in enumerate(found))

    def __len__(self) -> int:
        return len(self.views)

    def __getitem__(self, index: int) -> RowFrame:
        return self.frames[index]

    def __iter__(self) -> Iterator[RowFrame]:
        return iter(self.frames)

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height of all figures, with the distances between them."""
        wide, high = zip(*(figure.extent for figure in self.figures), strict=True)
        return sum(wide) + SHARES.between * (len(wide) - 1), max(high)

    @property
    def lang(self) -> str:
        """The language of the first figure."""
        return self.figures[0].lang

    @property
    def style(self) -> Style:
        """The style of the first figure; its palette is that of all formulas."""
        return self.figures[0].style

    @property
    def graph(self) -> Graph:
        """The graph of the first figure."""
        return self.figures[0].graph

    @property
    def scope(self) -> str:
        """A CSS class of the figures together."""
        return "-".join(("gs", *(figure.scope.removeprefix("gs-") for figure in self.figures)))

    @property
    def blocks(self) -> Mapping[Slot, ArrayBlock]:
        """The arrays of all figures."""
        return {slot: block for figure in self.figures for slot, block in figure.blocks.items()}


@dataclass(frozen=True, eq=False)
class RowFrame:
    """A frame of each of the figures in a row."""

    figure: FigureRow = field(repr=False)
    index: int
    frames: tuple[Frame, ...]

    @property
    def caption(self) -> str:
        """The sentences of all figures."""
        return " ".join(dict.fromkeys(frame.caption for frame in self.frames))

    @property
    def equations(self) -> tuple[Equation, ...]:
        """The formulas of all figures."""
        return tuple(equation for frame in self.frames for equation in frame.equations)

    @property
    def shapes(self) -> Scene:
        """The shapes of all figures, each where it is in its own."""
        wide, high = self.figure.extent
        return Scene(wide, high, tuple(s for frame in self.frames for s in frame.shapes.shapes))


def row_of(figures: Sequence[Figure], shown: Sequence[Sequence[int]], in_turn: bool) -> FigureRow:
    """A row of figures with their frames; one that has come to its last frame stays there.

    They step together, or `in_turn` each after the one before it.
    """
    starts = [in_turn * sum(len(each) - 1 for each in shown[:k]) for k in range(len(shown))]
    count = max(start + len(each) for start, each in zip(starts, shown, strict=True))
    views = (
        tuple(_at(each, now - start) for start, each in zip(starts, shown, strict=True))
        for now in range(count)
    )
    return FigureRow(tuple(figures), tuple(views))


def _at(shown: Sequence[int], moment: int) -> int:
    """The frame at a moment, before it the first one, and in the end the last."""
    return shown[min(max(moment, 0), len(shown) - 1)]


def each_figure(figure: Figure | FigureRow) -> tuple[Figure, ...]:
    """The figures of a row, or the one figure."""
    return figure.figures if isinstance(figure, FigureRow) else (figure,)


def redrawn(figure: Figure | FigureRow, figures: Sequence[Figure]) -> Figure | FigureRow:
    """The same row, or the same figure, with its figures drawn in another way."""
    return replace(figure, figures=tuple(figures)) if isinstance(figure, FigureRow) else figures[0]


def each_frame(frame: Frame | RowFrame) -> tuple[Frame, ...]:
    """The frames of all figures in a row, or the one frame."""
    return frame.frames if isinstance(frame, RowFrame) else (frame,)
