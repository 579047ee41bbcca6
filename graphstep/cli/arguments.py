"""The parser of arguments that every command uses."""

from __future__ import annotations

from argparse import ArgumentParser

from .help import help_text

BAD_USAGE = 2


class Parser(ArgumentParser):
    """Usage errors in one line, with where to find the help; the help is a file of words."""

    def __init__(self, command: str = "") -> None:
        super().__init__(prog=f"graphstep {command}".strip(), allow_abbrev=False)
        self.command = command

    def error(self, message: str) -> None:  # type: ignore[override]
        """Leave with the status of a usage error."""
        message = message.replace(", name=value", "")  # argparse asks for what may be left out
        self.exit(BAD_USAGE, f"{self.prog}: {message}\nTry {self.prog} --help.\n")

    def format_help(self) -> str:
        """What `--help` prints."""
        return help_text(self.command)
