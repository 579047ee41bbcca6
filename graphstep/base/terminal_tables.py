"""Tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def columns(rows: Sequence[Sequence[str]], words: int) -> Iterator[str]:
    r"""Lines with columns as wide as their widest text, the first `words` of them to the left.

    >>> print(*columns([["node", "value"], ["x", "-2"]], 1), sep="\n")
    node  value
    x        -2
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(row, widths, strict=True)
        sides = (t.ljust(n) if c < words else t.rjust(n) for c, (t, n) in enumerate(cells))
        yield "  ".join(sides).rstrip()
