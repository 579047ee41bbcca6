"""Local gradients by index of convolutions: which place of the image meets which of the filter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..calculus.windows import margins
from ..language.local_texts import Taken

Indexes = Sequence[str]


def convolved(taken: Taken, position: int, out: Indexes, into: Indexes) -> str:
    """The form over indexes of the output and of the input.

    Empty for groups of channels, and for the image where the filter has gaps: whether one of its
    places meets one of the image is then no condition as short as the others.
    """
    if taken.option("groups") != 1 or (position == 0 and taken.option("dilation") != 1):
        return ""
    if position == 2:
        return f"[{out[-3]} = {into[0]}]"
    parts = _of_image(taken, out, into) if position == 0 else _of_filter(taken, out, into)
    return "*".join(parts)


def _of_image(taken: Taken, out: Indexes, into: Indexes) -> Iterator[str]:
    """The place of the filter that meets a place of the image, if there is one."""
    has_channels, stride = len(taken.shape(1)) == 4, taken.option("stride")
    yield from _same(out, into, len(into) - 2 - has_channels)
    places = [out[-3], into[-3]] if has_channels else []
    sides = zip(out[-2:], into[-2:], taken.shape(1)[-2:], margins(taken.option("pad")), strict=True)
    for window, at, size, (before, _) in sides:
        yield f"[{_sum((stride, window))} <= {_sum((1, at), (before, ''))}]"
        yield f"[{_sum((1, at), (before, ''))} < {_sum((stride, window), (size, ''))}]"
        places.append(_sum((1, at), (-stride, window), (before, "")))
    yield f"{{w}}[{', '.join(places)}]"


def _of_filter(taken: Taken, out: Indexes, into: Indexes) -> Iterator[str]:
    """The place of the image that meets a place of the filter, if it is not around the image."""
    stride, gap, has_channels = taken.option("stride"), taken.option("dilation"), len(into) == 4
    lead = out[: len(out) - 2 - has_channels]
    if has_channels:
        yield f"[{out[-3]} = {into[0]}]"
    places = [*lead, *(into[1:2] if has_channels else ())]
    sides = zip(out[-2:], into[-2:], taken.shape(0)[-2:], margins(taken.option("pad")), strict=True)
    for window, at, size, (before, after) in sides:
        inside = _sum((stride, window), (gap, at))
        if before:
            yield f"[{before} <= {inside}]"
        if after:
            yield f"[{inside} < {size + before}]"
        places.append(_sum((stride, window), (gap, at), (-before, "")))
    yield f"{{x}}[{', '.join(places)}]"


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
