"""How wide a text is, from a table of DejaVu Sans Bold, so that every machine draws the same."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from itertools import accumulate

UNKNOWN = 1.0  # ems; wide enough for any character the table does not list, CJK included
NARROWEST = 0.605  # ems; where the page falls back to a monospaced font, an "i" is as wide as that


class Widths(dict[str, float]):
    """Advances by character, in ems."""

    def __missing__(self, char: str) -> float:
        return UNKNOWN


@cache
def widths() -> Widths:
    """The advance of each listed character."""
    text = resources.files(__package__).joinpath("data/widths.txt").read_text(encoding="ascii")
    return Widths(_characters(text))


def _characters(text: str) -> Iterator[tuple[str, float]]:
    for line in text.splitlines():
        first, *advances = line.split()
        for offset, advance in enumerate(advances):
            yield chr(int(first, 16) + offset), max(int(advance) / 1000, NARROWEST)


@lru_cache(maxsize=4096)
def width(text: str, size: float) -> float:
    """Width of a text at a font size, in the units of the size; never less than it takes.

    >>> width("-0.20", 10.0)
    32.98
    """
    table = widths()
    return round(sum(map(table.__getitem__, text)) * size, 2)


def wrap(text: str, size: float, limit: float) -> list[str]:
    """A text as lines of at most `limit` wide; a single word that is wider is cut with "…"."""
    if width(text, size) <= limit:
        return [" ".join(text.split())] if text.strip() else []
    lines: list[list[str]] = []
    used, space = limit, width(" ", size)
    for word in text.split():
        wide = width(word, size)
        used += space + wide
        if used <= limit:
            lines[-1].append(word)
        else:
            lines.append([word if wide <= limit else shorten(word, size, limit)])
            used = wide
    return [" ".join(words) for words in lines]


def shorten(text: str, size: float, limit: float) -> str:
    """The text if it fits into `limit`, else its beginning with "…"."""
    if width(text, size) <= limit:
        return text
    table, room = widths(), limit / size - widths()["…"]
    kept = accumulate(map(table.__getitem__, text))
    return "".join(char for char, end in zip(text, kept, strict=True) if end <= room) + "…"
