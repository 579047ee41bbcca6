"""PowerPoint: one slide a step, figures as native shapes, titles, texts, tables, notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..figure.deck import Deck, deck_of
from .package import packed
from .pages import book, text_sizes

if TYPE_CHECKING:
    from ..figure.figure import Figure

__all__ = ["deck", "text_sizes", "whole"]


def deck(deck: Deck) -> bytes:
    """A deck as a file. Raises OutputError."""
    return packed(book(deck))


def whole(stepper: Figure) -> bytes:
    """The steps of a figure, one slide each. Raises OutputError."""
    return deck(deck_of(stepper))
