"""Tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def columns(rows: Sequence[Sequence[str]], left: int) -> Iterator[str]:
    r"""Lines of a table, its first `left` columns aligned to the left, the others to the right.

    >>> print(*columns([["node", "value"], ["x", "-2"]], 1), sep="\n")
    node  value
    x        -2
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(row, widths, strict=True)
        sides = (t.ljust(n) if c < left else t.rjust(n) for c, (t, n) in enumerate(cells))
        yield "  ".join(sides).rstrip()
