"""The help, read from text files without loading anything else, so that it appears at once."""

from __future__ import annotations

from os.path import dirname, join


def help_text(command: str = "") -> str:
    """The help text of a command, or of graphstep itself."""
    path = join(dirname(dirname(__file__)), "base", "words", f"{command or 'help'}.en.txt")
    with open(path, encoding="utf-8") as file:
        return file.read()
