"""The program of a run: its lines, each of which knows the numbers of the figure that it makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ..graph.slots import Slot

FURTHEST = 44  # the column in which comments begin at most


class Line(NamedTuple):
    """A line of a program; `makes` are the slots of a figure whose numbers it computes.

    `part` is "head", "functions", "inputs", "forward", "backward", "update" or "end".
    """

    code: str
    comment: str
    makes: tuple[Slot, ...]
    part: str

    @property
    def about(self) -> str:
        """The wire ("w7") or node ("n3") of a figure that it is about; empty for none."""
        if not self.makes:
            return ""
        kind, item = self.makes[0]
        return f"w{item}" if kind in ("local", "downstream") else f"n{item}"


@dataclass(frozen=True)
class Program:
    """A run as flat NumPy, forward and backward; it needs nothing but NumPy."""

    lines: tuple[Line, ...]

    def __str__(self) -> str:
        return self.text

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Each line as it is printed, with its comment."""
        wide = [len(line.code) for line in self.lines if line.comment and line.code]
        column = min(max(wide, default=0), FURTHEST)
        return tuple(_text(line, column) for line in self.lines)

    @property
    def text(self) -> str:
        """The whole program."""
        return "\n".join(self.texts) + "\n"

    def making(self, slots: Sequence[Slot]) -> tuple[int, ...]:
        """The lines that compute some numbers of the figure, by their indexes from 0."""
        wanted = {*slots}
        return tuple(k for k, line in enumerate(self.lines) if wanted.intersection(line.makes))


def _text(line: Line, column: int) -> str:
    if not line.comment:
        return line.code
    if not line.code:
        return f"# {line.comment}"
    return f"{line.code:<{column}}  # {line.comment}"
