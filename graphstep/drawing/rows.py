"""A long chain in rows, as a line of text goes on: where a graph may be cut, and into how many.

A graph may be cut after a box through which all goes that comes before it, so that one wire alone
leads to the next row, and the last row has two gates or more. Boxes are numbers, edges are (tail,
head), lengths are along the wires.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

START = 12.0  # the length of the wire that begins a row
HALVINGS = 10  # of the range in which the least width of so many rows is looked for


def rows(
    edges: Sequence[tuple[int, int]], lengths: Sequence[float], between: float, wrap: float
) -> list[tuple[int, ...]]:
    """The boxes of each row: as few rows as `wrap` allows, all as short as that many can be.

    A row is longer than `wrap` only where it cannot be cut.
    """
    chain = _Chain(edges, lengths, between)
    found = chain.rows(wrap)
    least, most = wrap / 2, wrap
    for _ in range(HALVINGS if len(found) > 1 else 0):
        middle = (least + most) / 2
        shorter = chain.rows(middle)
        if len(shorter) > len(found):
            least = middle
        else:
            found, most = shorter, middle
    return found


class _Chain:
    """The parts of a graph, and how long rows of them are."""

    def __init__(
        self, edges: Sequence[tuple[int, int]], lengths: Sequence[float], between: float
    ) -> None:
        self.lengths, self.between = lengths, between
        self.tails: dict[int, list[int]] = defaultdict(list)
        self.heads: dict[int, list[int]] = defaultdict(list)
        for tail, head in edges:
            self.tails[head].append(tail)
            self.heads[tail].append(head)
        self.order = self._order()
        self.parts = self._parts()

    def _order(self) -> list[int]:
        """The boxes in topological order."""
        missing = {box: len(self.tails[box]) for box in range(len(self.lengths))}
        ready = [box for box, count in missing.items() if not count]
        for box in ready:
            for head in self.heads[box]:
                missing[head] -= 1
                if not missing[head]:
                    ready.append(head)
        return ready

    def _trunk(self) -> list[int]:
        """The boxes on the longest way through the graph."""
        ends, before = dict[int, float](), dict[int, int]()
        for box in self.order:
            tails = self.tails[box]
            if tails:
                before[box] = max(tails, key=ends.__getitem__)
            ends[box] = self.lengths[box] + (ends[before[box]] if tails else 0.0)
        way = [max(self.order, key=ends.__getitem__)]
        while way[-1] in before:
            way.append(before[way[-1]])
        return way[::-1]

    def _parts(self) -> list[tuple[int, ...]]:
        """The boxes between each place to cut and the next one."""
        parts, part, seen, leaving = list[tuple[int, ...]](), list[int](), set[int](), 0
        place = {box: k for k, box in enumerate(self.order)}
        for box in self._trunk():
            new = self._before(box, seen)
            seen |= new
            part += new
            leaving += sum(len(self.heads[b]) - len(self.tails[b]) for b in new)
            if leaving == len(self.heads[box]) and self.tails[box]:
                parts.append(tuple(sorted(part, key=place.__getitem__)))
                part = []
        part += (box for box in self.order if box not in seen)
        last = (
            *(box for two in parts[-2:] for box in two),
            *part,
        )  # no gate is alone in a last row
        return [*parts[:-2], last]

    def _before(self, box: int, seen: set[int]) -> set[int]:
        """A box with all that leads to it, but for what was seen."""
        found, todo = {box}, [box]
        while todo:
            new = {tail for tail in self.tails[todo.pop()] if tail not in seen} - found
            found |= new
            todo += new
        return found

    def rows(self, limit: float) -> list[tuple[int, ...]]:
        """As few rows as there can be if none is to be longer than this."""
        found, row, ends = list[tuple[int, ...]](), tuple[int, ...](), dict[int, float]()
        for part in self.parts:
            self._measure(part, ends)
            if row and ends[part[-1]] > limit:
                found.append(row)
                row, ends = (), {}
                self._measure(part, ends)
            row += part
        return [*found, row]

    def _measure(self, part: tuple[int, ...], ends: dict[int, float]) -> None:
        """Add where each box of a part ends in a row."""
        for box in part:
            tails = (ends.get(tail, START) for tail in self.tails[box])
            before = max(tails, default=-self.between)
            ends[box] = before + self.between + self.lengths[box]
