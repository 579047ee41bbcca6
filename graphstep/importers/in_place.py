"""Arrays that are changed in place: the operators, and item assignment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from ..base.errors import TraceError
from ..calculus.indexing import index_text
from ..calculus.shapes import Shape
from .indices import steps_to
from .memory import WRITTEN_BACK, Memory, View, unfit


def _in_place(operator: str) -> Callable[[Any, object], Any]:
    """The operator that writes its result into its first operand, if that is an array."""

    def run(self: Any, other: object) -> Any:
        return self._overwritten(getattr(self, operator)(other))

    return run


class Changeable:
    """A value with a place in a memory, like NumPy's arrays: all that share it see a change."""

    def __init__(self, journal: Any, node: int, shape: Shape, view: View) -> None:
        self._journal, self._shape, self._view = journal, shape, view
        self._seen = (view.memory.node, node)  # what the memory held, and what is seen of it

    @property
    def _plain(self) -> Any:
        """The number or array that stands here if the function is not traced."""
        plain, dtype = self._journal.plains[self._index], self._view.memory.dtype
        return plain if dtype is None else plain.astype(dtype, copy=False)

    @property
    def _index(self) -> int:
        """The node that holds the value now."""
        held, node = self._seen
        if held != self._view.memory.node:
            node = self._view.read(self._journal)._seen[1]
            self._seen = (self._view.memory.node, node)
        return node

    def _is_viewed_by(self, gate: str, options: tuple[Any, ...]) -> bool:
        """Whether what a gate makes of this value shares its memory, at least sometimes."""
        return gate in WRITTEN_BACK and not self._view.copied_by(gate, options, self._shape)

    def _viewed(self, node: int, shape: Shape, gate: str, options: tuple[Any, ...]) -> Self:
        """The node of a gate that makes a view of this value."""
        view = self._view.through(gate, options, self._shape)
        return type(self)(self._journal, node, shape, view)

    def _copied(self, order: str = "C", dtype: Any = None) -> Self:
        """The same numbers in a memory of their own."""
        ordered, held = order == "C" or self._view.in_order, self._view.memory
        memory = Memory(self._index, held.writable, ordered, dtype=dtype or held.dtype)
        return type(self)(self._journal, memory.node, self._shape, View(memory))

    def __copy__(self) -> Self:
        return self._copied("K")

    def __deepcopy__(self, _: object) -> Self:
        return self._copied("K")

    def __pos__(self) -> Self:
        return self._copied("K")

    def _overwritten(self, result: Any) -> Any:
        """The value after a result was written into it; a number never changes."""
        if not self._view.memory.writable:
            return result
        if result._shape != self._shape:
            raise unfit(result._shape, self._shape)
        self._view.write(self._journal, result)
        return self

    __iadd__, __isub__, __imul__ = map(_in_place, ("__add__", "__sub__", "__mul__"))
    __itruediv__, __ipow__, __imatmul__ = map(_in_place, ("__truediv__", "__pow__", "__matmul__"))

    def __setitem__(self, key: Any, value: Any) -> None:
        if not self._view.memory.writable:
            raise TraceError("trace_assigned", index=index_text(key))
        try:
            place = self._view.at(steps_to(key, self._shape))
        except TraceError as error:
            raise TraceError("trace_assigned", index=index_text(key)) from error
        if getattr(value, "_view", None) != place:  # x[0] += 1 has written it already
            place.write(self._journal, value)
