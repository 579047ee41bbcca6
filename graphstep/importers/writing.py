"""What was written into an array as gates: parts that are joined, or elements that are taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from ..calculus.shapes import Shape
from .places import Recorder, Write, keys_of, part_of, shaped


def after_writing(recorder: Recorder, base: Any, shape: Shape, writes: Sequence[Write]) -> int:
    """The node of an array of this shape after the writes, of which later ones count.

    `base` is its node before them, or the plain array.
    """
    import numpy as np

    owner, element = np.zeros(prod(shape), int), np.arange(prod(shape))
    for k, write in enumerate(writes, 1):
        owner[write.places] = k
        element[write.places] = np.arange(write.places.size).reshape(write.places.shape)
    patches = _Patches(recorder, base, writes, owner.reshape(shape), element.reshape(shape))
    return patches.joined()


@dataclass(frozen=True)
class _Patches:
    """An array whose elements come from several others."""

    recorder: Recorder
    base: Any
    writes: Sequence[Write]
    owner: Any
    """For each element the number of the write that it comes from; 0 is the base."""
    element: Any
    """Which of the elements there it is."""

    @property
    def shape(self) -> Shape:
        return tuple(self.owner.shape)

    def joined(self) -> int:
        """The node of the whole array."""
        import numpy as np

        live = [int(k) for k in np.unique(self.owner)]
        if len(live) == 2 and live[0] == 0 and self._is_masked(live[1]):
            return self._masked(float(self.writes[live[1] - 1].value))
        if self._in_order(live):
            return self._in_row(live)
        if all(map(self._is_box, live[live[0] == 0 :])):
            return self._box(tuple(slice(0, size) for size in self.shape))
        return self._taken(live)

    def _is_masked(self, k: int) -> bool:
        """Whether a write puts one number at places that no index with whole numbers chooses."""
        import numpy as np

        is_number = isinstance(self.writes[k - 1].value, float)
        return is_number and keys_of(np.flatnonzero(self.owner), self.shape) is None

    def _masked(self, number: float) -> int:
        """A number where it was written, and the base elsewhere."""
        mask = self.recorder.constant((self.owner > 0).astype(float))
        return self.recorder.record("where", (mask, number, self._node(0)))

    def _in_order(self, live: Sequence[int]) -> bool:
        """Whether all elements of single numbers and vectors, one after another, are the array."""
        import numpy as np

        if live[0] == 0 or any(self.writes[k - 1].places.ndim > 1 for k in live):
            return len(live) == 1 and self._is_whole()
        order = self._by_place(live)
        places = np.concatenate([self.writes[k - 1].places.ravel() for k in order])
        return np.array_equal(places, np.arange(self.owner.size))

    def _by_place(self, live: Sequence[int]) -> list[int]:
        return sorted(live, key=lambda k: int(self.writes[k - 1].places.flat[0]))

    def _is_whole(self) -> bool:
        import numpy as np

        return np.array_equal(self.element.ravel(), np.arange(self.owner.size))

    def _in_row(self, live: Sequence[int]) -> int:
        if len(live) == 1:
            return shaped(self.recorder, self._node(live[0]), self._shape_of(live[0]), self.shape)
        order = self._by_place(live)
        if all(self._shape_of(k) == () for k in live):
            row = self.recorder.record("stack", tuple(map(self._node, order)), (0,))
        else:
            row = self.recorder.record("concat", tuple(map(self._flat, order)), (0,))
        return shaped(self.recorder, row, (self.owner.size,), self.shape)

    def _is_box(self, k: int) -> bool:
        """Whether what is left of a write is all of it, at neighbouring places in their order."""
        import numpy as np

        places = np.flatnonzero(self.owner == k)
        keys = keys_of(places, self.shape)
        return (
            len(places) == self.writes[k - 1].places.size
            and keys is not None
            and all(isinstance(key, int) or key.step == 1 for key in keys)
            and np.array_equal(self.element.ravel()[places], np.arange(len(places)))
        )

    def _box(self, at: tuple[slice, ...]) -> int:
        """The node of a part: of one source, or joined along the first axis where they change."""
        owner = self.owner[at]
        if (owner == owner.flat[0]).all():
            return self._piece(int(owner.flat[0]), at)
        for axis, along in enumerate(at):
            cuts = [along.start + i for i in _changes(owner, axis)]
            if cuts:
                ends = zip([along.start, *cuts], [*cuts, along.stop], strict=True)
                parts = [self._box((*at[:axis], slice(*end), *at[axis + 1 :])) for end in ends]
                return self.recorder.record("concat", parts, (axis,))
        raise AssertionError(owner)  # different owners change along some axis

    def _piece(self, k: int, at: tuple[slice, ...]) -> int:
        """The node of a part that has one source."""
        shape = tuple(end.stop - end.start for end in at)
        if k == 0:
            keys = [range(end.start, end.stop) for end in at]
            return part_of(self.recorder, self._node(0), keys, self.shape)
        if prod(shape) == self.writes[k - 1].places.size:
            return shaped(self.recorder, self._node(k), self._shape_of(k), shape)
        start = int(self.element[at].flat[0])
        flat = self._flat(k)
        if (self.element[at].ravel() == range(start, start + prod(shape))).all():
            part = self.recorder.record("slice", (flat,), (start, start + prod(shape)))
            return shaped(self.recorder, part, (prod(shape),), shape)
        return self.recorder.record("take", (flat, self.recorder.constant(self.element[at])))

    def _taken(self, live: Sequence[int]) -> int:
        """Every element taken from all sources in one row."""
        import numpy as np

        sizes = [prod(self._shape_of(k)) for k in live]
        starts = dict(zip(live, np.cumsum([0, *sizes[:-1]]), strict=True))
        index = np.vectorize(starts.__getitem__, otypes=[int])(self.owner) + self.element
        flats = tuple(map(self._flat, live))
        row = self.recorder.record("concat", flats, (0,)) if len(flats) > 1 else flats[0]
        return self.recorder.record("take", (row, self.recorder.constant(index)))

    def _node(self, k: int) -> int:
        if k:
            return self.recorder.node_of(self.writes[k - 1].value, self._shape_of(k))
        return self.base if isinstance(self.base, int) else self.recorder.constant(self.base)

    def _shape_of(self, k: int) -> Shape:
        return tuple(self.writes[k - 1].places.shape) if k else self.shape

    def _flat(self, k: int) -> int:
        size = (prod(self._shape_of(k)),)
        return shaped(self.recorder, self._node(k), self._shape_of(k), size)


def _changes(owner: Any, axis: int) -> list[int]:
    """Where along an axis the sources change."""
    import numpy as np

    slabs = np.moveaxis(owner, axis, 0).reshape(owner.shape[axis], -1)
    return [int(i) + 1 for i in np.flatnonzero((slabs[1:] != slabs[:-1]).any(axis=1))]
