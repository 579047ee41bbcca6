"""Widths of texts, from a table of DejaVu Sans Bold, so that every machine draws the same."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import accumulate

from ..base import package_files

UNKNOWN = 1.0  # ems; enough for any character that is not in the table, CJK included
NARROWEST_CHARACTER = 0.605  # ems; as wide as an "i" in a monospaced fallback font


class Widths(dict[str, float]):
    """Advances by character, in ems."""

    def __missing__(self, char: str) -> float:
        return UNKNOWN


@cache
def widths() -> Widths:
    """The advance of each listed character."""
    return Widths(_characters(package_files.text(__file__, "data", "widths.txt")))


def _characters(text: str) -> Iterator[tuple[str, float]]:
    for line in text.splitlines():
        first, *advances = line.split()
        for offset, advance in enumerate(advances):
            yield chr(int(first, 16) + offset), max(int(advance) / 1000, NARROWEST_CHARACTER)


@lru_cache(maxsize=4096)
def width(text: str, size: float) -> float:
    """The width of a text at a font size, in the units of the size; never too small.

    >>> width("-0.20", 10.0)
    32.98
    """
    table = widths()
    return round(sum(map(table.__getitem__, text)) * size, 2)


def wrap(text: str, size: float, limit: float) -> list[str]:
    """Lines of a text, each at most `limit` wide; a single word that is wider is cut with "…"."""
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
    """The text if it fits into `limit`, else as much of its beginning as fits, with "…"."""
    if width(text, size) <= limit:
        return text
    table, free = widths(), limit / size - widths()["…"]
    kept = accumulate(map(table.__getitem__, text))
    return "".join(char for char, end in zip(text, kept, strict=True) if end <= free) + "…"
