"""The help, read from text files without loading anything else, so that it appears at once."""

from __future__ import annotations

from ..base import package_files


def help_text(command: str = "") -> str:
    """The help text of a command, or of graphstep itself."""
    return package_files.text(package_files.__file__, "words", f"{command or 'help'}.en.txt")
