"""The memory of traced arrays: which of them share it, as in NumPy, and what is written into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from math import prod
from typing import Any

from ..base.errors import TraceError
from ..calculus.shapes import Misfit, Shape, broadcast, shape_text
from .parameters import finite
from .places import Recorder, Write, part_at, places_in
from .writing import after_writing


@dataclass(eq=False)
class Memory:
    """The memory that an array and its views share. It is all that changes while tracing."""

    plain: Any
    """The array that was born with it, into which all is written as if nothing were traced."""
    node: int | None
    """The node that holds the array but for the last writes; None while its numbers are plain."""
    settled: int = 0
    """How many of the writes the node holds."""
    written: list[Write] = field(default_factory=list)
    """All writes of traced values, and those of plain numbers after the first of them."""
    before: Any = None
    """The plain numbers before the first of the writes."""
    shared_by: str = ""
    """The parameter with which it shares the caller's array."""

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing traced in it."""
        return self.node is None and not self.written

    def places(self, part: Any) -> Any:
        """Where the elements of one of its views are: positions in the array in C order."""
        return places_in(self.plain, part)

    def write(self, recorder: Recorder, places: Any, value: Any) -> None:
        """Note that a traced value, a number or an array goes to these places."""
        self.check_writable(value)
        self.check_writable(value)
        if self.is_plain:
            self.before = self.plain.copy()
        self.written.append(Write(places, _fitted(recorder, value, places.shape)))

    @property
    def is_settled(self) -> bool:
        """Whether the node holds all that was written."""
        return self.settled == len(self.written)

    def check_writable(self, value: Any) -> None:
        """Raise TraceError where NumPy would round what is written, or an argument is shared."""
        if self.shared_by:
            raise TraceError("trace_shared", name=self.shared_by)
        import numpy as np

        held, plain = self.plain.dtype, getattr(value, "_plain", value)
        new = np.min_scalar_type(plain) if type(plain) is int else np.result_type(plain)
        if not np.can_cast(new, held, "same_kind"):
            raise TraceError("trace_cast", held=held.name, new=new.name)

    def read(self, recorder: Recorder, seen: tuple[int, int | None], part: Any) -> int:
        """The node of a view, of which a node was known after that many writes."""
        since, node = seen
        if since == len(self.written) and node is not None:
            return node
        places = self.places(part)
        for write in reversed([*islice(self.written, since, None)]):
            if _same(write.places, places):
                return recorder.node_of(write.value, places.shape)
            if _meet(write.places, places):
                return self._settled_part(recorder, places)
        if node is None and self.node is not None:
            return part_at(recorder, self.node, self.plain.shape, places)
        return recorder.constant(part) if node is None else node

    def _settled_part(self, recorder: Recorder, places: Any) -> int:
        shape = self.plain.shape
        if self.settled < len(self.written):
            base = self.before if self.node is None else self.node
            self.node = after_writing(recorder, base, shape, self.written[self.settled :])
            self.settled = len(self.written)
        assert self.node is not None
        return part_at(recorder, self.node, shape, places)


def _same(some: Any, others: Any) -> bool:
    import numpy as np

    return np.array_equal(some, others)


def _meet(some: Any, others: Any) -> bool:
    import numpy as np

    return bool(np.isin(some, others).any())


def is_view(found: Any, memory: Memory | None) -> bool:
    """Whether an array shares a memory."""
    import numpy as np

    return memory is not None and np.may_share_memory(found, memory.plain)


def mark_parameters(traced: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Note which parameters share memory with others."""
    import numpy as np

    arrays = {name: value for name, value in given.items() if isinstance(value, np.ndarray)}
    for name, array in arrays.items():
        for other in arrays.keys() - {name}:
            if np.may_share_memory(array, arrays[other]):
                traced[name]._memory.shared_by = name


def _fitted(recorder: Recorder, value: Any, shape: Shape) -> int | float:
    """The value as a node of this shape, repeated as NumPy does it; or one number for all."""
    import numpy as np

    traced = hasattr(value, "_index")
    given = value._shape if traced else np.shape(value)
    surplus = len(given) - len(shape)
    if surplus > 0 and set(given[:surplus]) == {1}:  # NumPy drops such axes
        value, given = np.reshape(value, given[surplus:]), given[surplus:]
    try:
        if broadcast(given, shape) != shape:
            raise Misfit("broadcast")
    except Misfit:
        raise unfit(given, shape) from None
    if not traced:
        return (
            finite(float(value)) if not given else recorder.constant(np.broadcast_to(value, shape))
        )
    if given == shape:
        return int(value._index)
    if prod(given) == prod(shape):
        return recorder.record("reshape", (value._index,), shape or (-1,))
    return recorder.record("add", (value._index, recorder.constant(np.zeros(shape))))


def unfit(given: Shape, needed: Shape) -> TraceError:
    """The error for an array that does not fit where it is written."""
    sizes = [shape_text(shape) or "1" for shape in (given, needed)]
    return TraceError("trace_in_place", given=sizes[0], needed=sizes[1])
