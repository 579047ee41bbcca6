"""Local gradients by index of gates with channels: convolutions, and norms of groups of channels.

In a convolution the question is which place of the image meets which of the filter. floor(k/2) is
the group of channel k, where each has two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import NamedTuple

from ..calculus.shapes import Shape
from ..calculus.windows import margins
from ..language.local_texts import Taken
from .reductions import INNER

Indexes = Sequence[str]


def convolved(taken: Taken, position: int, out: Indexes, into: Indexes) -> str:
    """The form over indexes of the output and of the input.

    Where the filter has gaps, the place of the image has to be one that they leave.
    """
    if position == 2:
        return f"[{out[-3]} = {into[0]}]"
    parts = _of_image(taken, out, into) if position == 0 else _of_filter(taken, out, into)
    return "*".join(parts)


def group_normed(taken: Taken, position: int, out: Indexes, into: Indexes) -> str:
    """The same of the norm of groups of channels, of rows or of images."""
    x, scale = taken.shape(0), len(taken.shape(1))
    norm = _Norm(x[1] // int(taken.option("groups")), x[1:], taken.option("eps"))
    at = out[1]
    if position == 2:
        return f"[{at} = {into[0]}]" if into else "1"
    spread = f"sqrt({norm.variance(out)})"
    if position == 1:
        same = f"[{at} = {into[0]}]*" if into else ""
        return f"{same}({norm.centred(out)}/{spread})"
    of = f"{{gamma}}[{at}]" if scale else "{gamma}"
    both = f"{norm.centred(out)}*{norm.centred((out[0], *into[1:]))}"
    conditions = [*_same(out[1:], into[1:], len(x) - 1)]
    if norm.size == 1 and len(conditions) > 1:  # that of the channels stands before all
        conditions = conditions[1:]
    size = norm.elements
    inner = f"{'*'.join(conditions)} - 1/{size} - {both}/({size}*{norm.variance(out)})"
    return f"[{out[0]} = {into[0]}]*{norm.together(at, into[1])}({of}/{spread})*({inner})"


class _Norm(NamedTuple):
    """The parts of the norm of groups of so many channels each; `shape` is that of one example."""

    size: int
    shape: Shape
    eps: float

    @property
    def elements(self) -> int:
        """How many elements a group has."""
        return self.size * prod(self.shape[1:])

    def together(self, a: str, b: str) -> str:
        """That two channels are in one group, before a product."""
        if self.size == self.shape[0]:
            return ""
        return f"[{_part(a, self.size)} = {_part(b, self.size)}]*"

    def mean(self, at: Indexes, power: str = "") -> str:
        """The mean of the group of an element, or of a power of it."""
        row, channel = at[:2]
        places = INNER[1 : len(self.shape)]
        if self.size == 1 and places:  # its channel is the group
            return f"over({', '.join(places)}, {_x(row, channel, *places)}{power})/{self.elements}"
        element = f"{self.together('r', channel)}{_x(row, 'r', *places)}{power}"
        return f"over({', '.join(('r', *places))}, {element})/{self.elements}"

    def centred(self, at: Indexes) -> str:
        """An element without the mean of its group."""
        return f"({_x(*at)} - {self.mean(at)})"

    def variance(self, at: Indexes) -> str:
        """The variance of the group of an element, and what is added to it."""
        return f"({self.mean(at, '**2')} - ({self.mean(at)})**2 + {self.eps:.12g})"


def _x(*at: str) -> str:
    """An element of the batch."""
    return f"{{x}}[{', '.join(at)}]"


def _of_image(taken: Taken, out: Indexes, into: Indexes) -> Iterator[str]:
    """The place of the filter that meets a place of the image, if there is one."""
    has_channels, stride = len(taken.shape(1)) == 4, taken.option("stride")
    yield from _same(out, into, len(into) - 2 - has_channels)
    places = []
    if has_channels:
        filters, channels = _groups(taken)
        if taken.option("groups") > 1:
            yield f"[{_part(out[-3], filters)} = {_part(into[-3], channels)}]"
        places = [out[-3], _within(into[-3], channels, _part(into[-3], channels), taken)]
    gap = int(taken.option("dilation"))
    sides = zip(out[-2:], into[-2:], taken.shape(1)[-2:], margins(taken.option("pad")), strict=True)
    for window, at, size, (before, _) in sides:
        inside = _sum((1, at), (-stride, window), (before, ""))
        yield f"[{_sum((stride, window))} <= {_sum((1, at), (before, ''))}]"
        end = _sum((stride, window), (gap * (size - 1) + 1, ""))
        yield f"[{_sum((1, at), (before, ''))} < {end}]"
        if gap > 1:
            yield f"[{gap}*floor(({inside})/{gap}) = {inside}]"
        places.append(inside if gap == 1 else f"floor(({inside})/{gap})")
    yield f"{{w}}[{', '.join(places)}]"


def _of_filter(taken: Taken, out: Indexes, into: Indexes) -> Iterator[str]:
    """The place of the image that meets a place of the filter, if it is not around the image."""
    stride, gap, has_channels = taken.option("stride"), taken.option("dilation"), len(into) == 4
    lead = out[: len(out) - 2 - has_channels]
    places = [*lead]
    if has_channels:
        yield f"[{out[-3]} = {into[0]}]"
        filters, channels = _groups(taken)
        first = (channels, _part(out[-3], filters)) if taken.option("groups") > 1 else (0, "")
        places.append(_sum(first, (1, into[1])))
    sides = zip(out[-2:], into[-2:], taken.shape(0)[-2:], margins(taken.option("pad")), strict=True)
    for window, at, size, (before, after) in sides:
        inside = _sum((stride, window), (gap, at))
        if before:
            yield f"[{before} <= {inside}]"
        if after:
            yield f"[{inside} < {size + before}]"
        places.append(_sum((stride, window), (gap, at), (-before, "")))
    yield f"{{x}}[{', '.join(places)}]"


def _groups(taken: Taken) -> tuple[int, int]:
    """How many filters and how many channels of the image are in a group."""
    filters, channels = taken.shape(1)[:2]
    return filters // int(taken.option("groups")), channels


def _part(index: str, size: int) -> str:
    """The group that a filter or a channel is in."""
    return index if size == 1 else f"floor({index}/{size})"


def _within(index: str, size: int, group: str, taken: Taken) -> str:
    """The place of a channel in its group."""
    if taken.option("groups") == 1:
        return index
    return "0" if size == 1 else f"{index} - {size}*{group}"


def _same(out: Indexes, into: Indexes, count: int) -> Iterator[str]:
    """That the first indexes of both are the same."""
    return (f"[{a} = {b}]" for a, b in zip(out[:count], into[:count], strict=True))


def _sum(*terms: tuple[int, str]) -> str:
    """A sum of multiples of indexes, and of a number where there is no index.

    >>> _sum((1, "i"), (-2, "k"), (1, "")), _sum((1, "i"), (0, ""))
    ('i - 2*k + 1', 'i')
    """
    found = ""
    for count, index in terms:
        size = str(abs(count))
        text = size if not index else index if size == "1" else f"{size}*{index}"
        sign = " - " if count < 0 else " + " if found else ""
        found += f"{sign}{text}" if count else ""
    return found
