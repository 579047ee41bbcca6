"""Arrays that are changed in place: the operators, and item assignment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from ..base.errors import TraceError
from ..calculus.indexing import index_text
from ..calculus.shapes import Shape
from .known import has_traced, unwrapped
from .memory import Memory, unfit
from .places import at_places
from .selection import Selected


def _in_place(operator: str) -> Callable[[Any, object], Any]:
    """The operator that writes its result into its first operand, if that is an array."""

    def run(self: Any, other: object) -> Any:
        return self._overwritten(getattr(self, operator)(other))

    return run


class Changeable:
    """A value with a place in a memory, like NumPy's arrays: all that share it see a change."""

    def __init__(self, journal: Any, plain: Any, node: int | None, memory: Memory | None) -> None:
        self._journal, self._plain, self._memory = journal, plain, memory
        self._seen = (len(memory.written) if memory else 0, node)  # how much of it the node shows

    @property
    def _shape(self) -> Shape:
        return getattr(self._plain, "shape", ())

    @property
    def _is_known(self) -> bool:
        """Whether it is an array that does not depend on any input."""
        return self._memory is not None and self._memory.is_plain

    @property
    def _index(self) -> int:
        """The node that holds the value now."""
        memory, (since, node) = self._memory, self._seen
        if memory is None or (since == len(memory.written) and node is not None):
            assert node is not None
            return node
        if memory.is_plain:
            return self._journal.constant(self._plain)  # type: ignore[no-any-return]
        node = memory.read(self._journal, self._seen, self._plain)
        self._seen = (len(memory.written), node)
        return node

    def _copied(self, plain: Any) -> Self:
        """The same numbers in a memory of their own, which NumPy has made."""
        node = None if self._is_known else self._index
        return self._journal.value(plain, node)  # type: ignore[no-any-return]

    def __copy__(self) -> Self:
        return self if self._memory is None else self._copied(self._plain.copy("K"))

    def __deepcopy__(self, _: object) -> Self:
        return self.__copy__()

    def __pos__(self) -> Self:
        return self if self._memory is None else self._copied(+self._plain)

    def _overwritten(self, result: Any) -> Any:
        """The value after a result was written into it; a number never changes."""
        memory = self._memory
        if memory is None:
            return result
        if self._is_known and not has_traced(result):
            self._plain[...] = unwrapped(result)
            return self
        if getattr(result, "_shape", ()) != self._shape:
            raise unfit(result._shape, self._shape)
        memory.write(self._journal, memory.places(self._plain), result)
        self._plain[...] = result._plain
        return self

    __iadd__, __isub__, __imul__ = map(_in_place, ("__add__", "__sub__", "__mul__"))
    __itruediv__, __ipow__, __imatmul__ = map(_in_place, ("__truediv__", "__pow__", "__matmul__"))

    def __setitem__(self, key: Any, value: Any) -> None:
        key, value, memory = unwrapped(key), self._journal.joined(value), self._memory
        if memory is None:
            raise TraceError("trace_assigned", index=index_text(key))
        if self._is_known and not has_traced(key) and not has_traced(value):
            self._plain[key] = unwrapped(value)
            return
        if has_traced(key):
            self._write_where(key, value)
            return
        places = at_places(memory.places(self._plain), key)
        if not self._is_there(places, value):
            memory.write(self._journal, places, value)
            self._plain[key] = getattr(value, "_plain", value)

    def _is_there(self, places: Any, value: Any) -> bool:
        """Whether a value is what stands at the places: x[0] += 1 has written it already."""
        memory, shape = getattr(value, "_memory", None), getattr(places, "shape", ())
        if memory is not self._memory or memory is None or value._shape != shape:
            return False
        return bool((memory.places(value._plain) == places).all())

    def _write_where(self, mask: Any, value: Any) -> None:
        """Write where a traced mask holds. Raises TraceError for other traced keys."""
        selected = Selected.of(self, mask)
        found = selected.replaced(self, value)
        assert self._memory is not None
        self._memory.write(self._journal, self._memory.places(self._plain), found)
        self._plain[...] = found._plain
