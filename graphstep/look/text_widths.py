"""Widths of texts, from a table of DejaVu Sans Bold, so that every machine draws the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate, chain, count, repeat, takewhile

from ..base import package_files

UNKNOWN = 1.0  # ems; enough for any character that is not in the table, CJK included
NARROWEST_CHARACTER = 0.605  # ems; as wide as an "i" in a monospaced fallback font


class Widths(dict[str, float]):
    """Advances by character, in ems."""

    def __missing__(self, char: str) -> float:
        return UNKNOWN


@cache
def advances() -> Widths:
    """The advance of each listed character."""
    return Widths(_characters(package_files.text(__file__, "data", "widths.txt")))


@cache
def widths() -> Widths:
    """The most that each listed character takes, in a monospaced font too."""
    return Widths((c, max(wide, NARROWEST_CHARACTER)) for c, wide in advances().items())


def _characters(text: str) -> Iterator[tuple[str, float]]:
    for line in text.splitlines():
        first, *row = line.split()
        for offset, advance in enumerate(row):
            yield chr(int(first, 16) + offset), int(advance) / 1000


@lru_cache(maxsize=4096)
def width(text: str, size: float) -> float:
    """The width of a text at a font size, in the units of the size; never too small.

    >>> width("-0.20", 10.0)
    32.98
    """
    table = widths()
    return round(sum(map(table.__getitem__, text)) * size, 2)


@lru_cache(maxsize=4096)
def number_width(text: str, size: float) -> float:
    """The width of a number: in a monospaced font, its digits make up for its narrow signs.

    >>> number_width("-0.20", 10.0), number_width("0", 10.0)
    (30.25, 6.96)
    """
    if is_word(text):  # letters lean out of their places
        return width(text, size)
    wide = sum(map(advances().__getitem__, text))
    return round(max(wide, NARROWEST_CHARACTER * len(text)) * size, 2)


def is_word(number: str) -> bool:
    """Whether a number is written in letters, as inf and nan are."""
    return "inf" in number or "nan" in number


def wrap(text: str, size: float, limit: float) -> list[str]:
    """Lines of a text, each at most `limit` wide; a single word that is wider is broken."""
    if width(text, size) <= limit:
        return [" ".join(text.split())] if text.strip() else []
    lines: list[list[str]] = []
    used, space = limit, width(" ", size)
    for word in chain.from_iterable(_broken(word, size, limit) for word in text.split()):
        wide = width(word, size)
        used += space + wide
        if used <= limit:
            lines[-1].append(word)
        else:
            lines.append([word])
            used = wide
    return [" ".join(words) for words in lines]


def _broken(word: str, size: float, limit: float) -> Iterator[str]:
    """A word in pieces that fit into a line."""
    if width(word, size) <= limit:
        yield word
        return
    start = 0
    while start < len(word):
        end = start + max(_fitting(word, limit / size, start), 1)
        yield word[start:end]
        start = end


def shorten(text: str, size: float, limit: float) -> str:
    """The text if it fits into `limit`, else as much of its beginning as fits, with "…"."""
    if _fitting(text, limit / size) == len(text):
        return text
    return text[: _fitting(text, limit / size - widths()["…"])] + "…"


def _fitting(text: str, ems: float, start: int = 0) -> int:
    """How many characters fit into a width, from one of them on."""
    most = max(int(ems / NARROWEST_CHARACTER) + 1, 0)
    ends = accumulate(map(widths().__getitem__, text[start : start + most]))
    return sum(1 for _ in takewhile(lambda end: end <= ems + ROUNDING, ends))


ROUNDING = 1e-9  # of sums of widths


# --- several texts in one figure


def shorten_apart(limits: Mapping[str, float]) -> dict[str, str]:
    """Texts shortened to their limits, in ems, such that different ones stay different.

    Those with a common beginning are cut in the middle, then before the part that differs.

    >>> list(shorten_apart({"learning_rate_initial": 10.0, "learning_rate_decay": 10.0}).values())
    ['learni…initial', 'learni…_decay']
    """
    shown = {text: shorten(text, 1.0, limit) for text, limit in limits.items()}
    for cut in (_in_the_middle, *repeat(_at_the_difference, MOST_CUTS)):
        for alike in _alike(shown):
            start = _in_common(alike)
            shown |= {text: cut(text, limits[text], start) for text in alike}
    for text in chain.from_iterable(_alike(shown)):
        shown[text] = _numbered(text, limits[text], set(shown.values()))
    return shown


MOST_CUTS = 8  # each cut moves on to the next character in which some texts differ


def _alike(shown: Mapping[str, str]) -> list[list[str]]:
    """The texts that had to be shortened and are shown like another one, in groups."""
    groups: dict[str, list[str]] = {}
    for text, seen in shown.items():
        groups.setdefault(seen, []).append(text)
    many = (group for group in groups.values() if len(group) > 1)
    return [[text for text in group if text != shown[text]] for group in many]


def _in_common(texts: Sequence[str]) -> int:
    """How many characters texts have in common at their beginning."""
    first, last = min(texts), max(texts)
    unlike = (k for k, (a, b) in enumerate(zip(first, last, strict=False)) if a != b)
    return next(unlike, len(first))


def _in_the_middle(text: str, limit: float, _start: int) -> str:
    """The beginning and the end of a text, in half of the width each."""
    half = (limit - widths()["…"]) / 2
    end = _fitting(text[::-1], half)
    return f"{text[: _fitting(text, half)]}…{text[len(text) - end :]}"


def _at_the_difference(text: str, limit: float, start: int) -> str:
    """The beginning of a text, and what comes from a character on."""
    begin = text[: _fitting(text, limit / 4)]
    used = sum(map(widths().__getitem__, begin + "…"))
    return f"{begin}…{shorten(text[start:], 1.0, limit - used)}"


def _numbered(text: str, limit: float, taken: Collection[str]) -> str:
    """The beginning of a text with the first number that makes it unlike those that are taken."""
    for number in count(2):
        room = limit - sum(map(widths().__getitem__, f"…{number}"))
        if (shown := f"{text[: _fitting(text, room)]}…{number}") not in taken:
            return shown
    raise AssertionError  # numbers do not end
