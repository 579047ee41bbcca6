"""Decks for users: slides from a file of Markdown, which can be saved in every format for decks."""

from __future__ import annotations

import os
from pathlib import Path

from .markdown import read_file
from .outputs import save_deck
from .slides.deck import Deck


class SavedDeck(Deck):
    """A deck that can be saved."""

    __slots__ = ()

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it in the format of the path's ending, and return the path.

        The endings are .html, .pdf, .pptx, .picture.pptx and .tex. Raises OutputError for another
        one, or where the format needs something that is not installed.
        """
        return save_deck(self, path)


def deck(path: str | os.PathLike[str], confined: bool = False) -> SavedDeck:
    """The deck of a Markdown file; if `confined`, nothing outside of its folder is read.

    Raises GraphstepError, with line and column, for what cannot be read or drawn.
    """
    return SavedDeck(*read_file(path, confined))
