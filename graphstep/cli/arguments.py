"""The argument parser of all commands."""

from __future__ import annotations

from argparse import ArgumentParser

from ..base.errors import LONGEST, cut
from .help import help_text

BAD_USAGE = 2


class Parser(ArgumentParser):
    """An argument parser whose usage errors are short, and whose help is a file of its own."""

    def __init__(self, command: str = "") -> None:
        super().__init__(prog=f"graphstep {command}".strip(), allow_abbrev=False)
        self.command = command

    def error(self, message: str) -> None:  # type: ignore[override]
        """Print a usage error with the way to the help, and exit."""
        message = message.replace(
            ", name=value", ""
        )  # argparse lists it as missing, but it is optional
        message = cut(message, LONGEST)
        self.exit(BAD_USAGE, f"{self.prog}: {message}\nTry {self.prog} --help.\n")

    def format_help(self) -> str:
        """The text that `--help` prints."""
        return help_text(self.command)
