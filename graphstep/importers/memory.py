"""The memory of traced arrays: which of them share it, as in NumPy, and what is written into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from ..base.errors import TraceError
from ..calculus.shapes import Misfit, Shape, broadcast, shape_text
from .indices import Step

IN_ORDER = frozenset(("matmul", "outer", "pick"))
"""The gates whose results are in C order, whatever the order of their inputs."""


class Recorder(Protocol):
    """The journal in which traced values record gates."""

    def run(self, gate: str, args: Sequence[object], options: tuple[Any, ...] = ()) -> Any:
        """Record a gate over traced values, numbers and arrays."""

    plains: list[Any]
    """The value of each node if the function is not traced."""

    def leaf(self, name: str | None, value: Any, plain: Any = None) -> Any:
        """Record an array from outside."""

    def held(self, node: int) -> Any:
        """A value of its own for a node that was recorded before."""


@dataclass(eq=False)
class Memory:
    """The memory that an array and its views share. It is all that changes while tracing."""

    node: int
    """The node that holds its numbers now."""
    writable: bool = True
    """Whether it is an array; NumPy's numbers never change."""
    in_order: bool = True
    """Whether its elements lie one after another in C order, so that every reshape is a view."""
    shared_by: str = ""
    """The parameter with which it shares the caller's array."""
    dtype: Any = None
    """NumPy's type of its numbers once it was written or converted: all becomes that type."""


class View(NamedTuple):
    """A part of a memory, or all of it in another shape: the gates that lead to it."""

    memory: Memory
    steps: tuple[Step, ...] = ()

    def through(self, gate: str, options: tuple[Any, ...], shape: Shape) -> View:
        """The view that a gate makes of an array in this view and of this shape."""
        moves = gate in ("reshape", "flatten")
        certain = not moves or self.in_order or (gate == "reshape" and len(shape) == 1)
        if gate == "reshape" and -1 not in options:
            certain |= _without_ones(shape) == _without_ones(options)
        return self.at((Step(gate, options, certain),))

    def copied_by(self, gate: str, options: tuple[Any, ...], shape: Shape) -> bool:
        """Whether a gate surely copies an array in this view: a transposed matrix, made flat."""
        turned = len(self.steps) % 2 == 1 and {step.gate for step in self.steps} == {"transpose"}
        flat = gate == "flatten" or (gate == "reshape" and len(options) == 1)
        return flat and turned and self.memory.in_order and len(shape) == 2 and min(shape) > 1

    def at(self, steps: tuple[Step, ...]) -> View:
        """The view of a part of this view."""
        return self._replace(steps=self.steps + steps)

    @property
    def in_order(self) -> bool:
        """Whether its elements certainly lie one after another in C order."""
        return self.memory.in_order and not any(s.gate == "transpose" for s in self.steps)

    def read(self, recorder: Recorder) -> Any:
        """What is seen through the view after its memory was written."""
        return self._holders(recorder)[-1]

    def write(self, recorder: Recorder, value: object) -> None:
        """Write an array or number into the view, and so into all that share its memory."""
        if self.memory.shared_by:
            raise TraceError("trace_shared", name=self.memory.shared_by)
        self._check_type(recorder, value)
        *holders, seen = self._holders(recorder)
        new = _fitted(recorder, value, seen._shape)
        for step, holder in zip(reversed(self.steps), reversed(holders), strict=True):
            new = WRITTEN_BACK[step.gate](recorder, holder, new, *step.options)
        self.memory.node = new._index

    def _check_type(self, recorder: Recorder, value: Any) -> None:
        """Raise TraceError where NumPy would round what is written, or refuse it."""
        import numpy as np

        held = self.memory.dtype = self.memory.dtype or recorder.plains[self.memory.node].dtype
        plain = value._plain if hasattr(value, "_index") else value
        new = np.min_scalar_type(plain) if type(plain) is int else np.result_type(plain)
        if not np.can_cast(new, held, "same_kind"):
            raise TraceError("trace_cast", held=held.name, new=new.name)

    def _holders(self, recorder: Recorder) -> list[Any]:
        """The whole memory as it is now, and what each gate makes of it."""
        found = [recorder.held(self.memory.node)]
        for step in self.steps:
            if not step.certain:
                raise TraceError("trace_order", gate=step.gate)
            found.append(recorder.run(step.gate, (found[-1],), step.options))
        return found


def _without_ones(shape: Shape) -> Shape:
    return tuple(size for size in shape if size != 1)


def in_order(*given: Any) -> bool:
    """Whether NumPy certainly puts the elements of what it makes of these arrays in C order."""
    return all(
        value._view.in_order if hasattr(value, "_view") else _is_in_order(value) for value in given
    )


def _is_in_order(value: Any) -> bool:
    flags = getattr(value, "flags", None)
    return flags is None or bool(flags.c_contiguous)


def mark_parameters(traced: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Note which parameters share memory with others, and which are arrays of one number."""
    import numpy as np

    arrays = {name: value for name, value in given.items() if isinstance(value, np.ndarray)}
    for name, array in arrays.items():
        memory = traced[name]._view.memory
        memory.writable, memory.in_order = True, in_order(array)
        for other in arrays.keys() - {name}:
            if np.may_share_memory(array, arrays[other]):
                memory.shared_by = name


def _fitted(recorder: Recorder, value: Any, shape: Shape) -> Any:
    """The value as a traced one of this shape, repeated as NumPy does it."""
    import numpy as np

    traced = hasattr(value, "_index")
    given = value._shape if traced else np.shape(value)
    surplus = len(given) - len(shape)
    if shape and surplus > 0 and set(given[:surplus]) == {1}:  # NumPy drops such axes
        value, given = np.reshape(value, given[surplus:]), given[surplus:]
    try:
        if broadcast(given, shape) != shape:
            raise Misfit("broadcast")
    except Misfit:
        raise unfit(given, shape) from None
    if not traced:
        new = np.array(np.broadcast_to(np.asarray(value), shape))
        return recorder.leaf(None, new.astype(float), new)
    if given == shape:
        return value
    return recorder.run("add", (value, recorder.leaf(None, np.zeros(shape))))


def unfit(given: Shape, needed: Shape) -> TraceError:
    """The error for an array that does not fit where it is written."""
    sizes = [shape_text(shape) or "1" for shape in (given, needed)]
    return TraceError("trace_in_place", given=sizes[0], needed=sizes[1])


def _row_back(recorder: Recorder, holder: Any, new: Any, i: int) -> Any:
    """An array with another row, or a vector with another element."""
    start = i % holder._shape[0]
    row = recorder.run("reshape", (new,), (1, *new._shape))
    return _slice_back(recorder, holder, row, start, start + 1)


def _slice_back(recorder: Recorder, holder: Any, new: Any, i: int | None, j: int | None) -> Any:
    """An array with other rows from i to j."""
    start, stop, _ = slice(i, j).indices(holder._shape[0])
    ends = [
        recorder.run("slice", (holder,), end)
        for end, there in (((None, start), start), ((stop, None), stop < holder._shape[0]))
        if there
    ]
    parts = [*ends[: bool(start)], new, *ends[bool(start) :]]
    return recorder.run("concat", parts, (0,)) if ends else new


def _shape_back(recorder: Recorder, holder: Any, new: Any, *_: object) -> Any:
    return recorder.run("reshape", (new,), holder._shape)


WRITTEN_BACK: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "index": _row_back,
        "slice": _slice_back,
        "transpose": lambda recorder, _, new: recorder.run("transpose", (new,)),
        "reshape": _shape_back,
        "flatten": _shape_back,
    }
)
"""The gates that make views, and how what is written into a view gets into the array."""
