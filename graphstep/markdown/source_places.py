"""Places in a source text of the parts that Markdown cuts out of it, and files beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..base.errors import GraphstepError, OutputError, Span
from ..base.folders import file_in

if TYPE_CHECKING:  # formulas are not read here
    from ..latex_input.macros import Macro

NEWLINES = re.compile("\r\n?")
STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML, and so a page or a slide, cannot contain."""


class LocatedText(NamedTuple):
    """Lines of a source text, perhaps indented or quoted there; `starts` are their offsets."""

    content: str
    starts: tuple[int, ...]

    def span(self, span: Span) -> Span:
        """A span of the content as a span of the source text."""
        return Span(self._at(span.start), self._at(span.end))

    def _at(self, offset: int) -> int:
        line = self.content.count("\n", 0, offset)
        return self.starts[line] + offset - (self.content.rfind("\n", 0, offset) + 1)


class SourceText:
    """The text of a file as Markdown reads it: ends of lines and control characters replaced."""

    def __init__(self, source: str, name: str = "") -> None:
        self.name, self.lang = name, "en"
        self.macros: dict[str, Macro] = {}  # of its formulas, as far as it was read
        self.source = STRANGE.sub("\ufffd", NEWLINES.sub("\n", source.removeprefix("\ufeff")))

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without their ends."""
        return self.source.split("\n")

    @cached_property
    def starts(self) -> list[int]:
        """Offsets of the starts of all lines, and of the end."""
        starts = [0]
        for line in self.lines:
            starts.append(starts[-1] + len(line) + 1)
        return [*starts[:-1], len(self.source)]

    def line(self, k: int) -> Span:
        """The span of a line, without the white space around it."""
        text, start = self.lines[k], self.starts[k]
        return Span(start + len(text) - len(text.lstrip()), start + len(text.rstrip()))

    def locate(self, content: str, first: int, column: int = 0) -> LocatedText:
        """Content with its place, whose lines are those of the source from line `first` on."""
        starts = [
            self._found(part, first + k, column) for k, part in enumerate(content.split("\n"))
        ]
        return LocatedText(content, tuple(starts))

    def _found(self, part: str, k: int, column: int) -> int:
        if k >= len(self.lines):
            return len(self.source)
        line = self.lines[k]
        at = line.find(part, column) if column else line.rfind(part)
        return self.starts[k] + max(at, 0)

    @contextmanager
    def named(self) -> Iterator[None]:
        """Give errors that are raised inside the name of the file, and its language."""
        try:
            yield
        except GraphstepError as error:
            error.file, error.lang = error.file or self.name, self.lang
            raise
        except ImportError as error:
            raise OutputError("needs_extra", what="Markdown", extra="slides") from error


class Files:
    """A folder in which files are found, and the state in which each was seen first.

    If `confined`, none is found, and none looked at, that is not really in the folder or below it.
    """

    def __init__(self, folder: Path, confined: bool = False) -> None:
        self.folder, self.confined = folder, confined
        self.seen: dict[Path, object] = {}

    def find(self, name: str) -> Path:
        """The path of a file, whose state is noted. Raises InputError for one out of bounds."""
        path = file_in(self.folder, name, self.folder if self.confined else None)
        self.seen.setdefault(path, stamp(path))
        return path


def stamp(path: Path) -> object:
    """The state of a file, which changes when it is written; None where there is none."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
