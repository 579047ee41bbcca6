"""DOT, the language of Graphviz: the last frame, with its numbers as labels."""

from __future__ import annotations

from ..figure.figure import Figure


def whole(figure: Figure) -> str:
    """The DOT text of the last frame."""
    text: str = figure.frames[-1].graphviz().source
    return text
