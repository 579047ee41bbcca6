"""A gate with `forward` and `backward`, as in the lecture, and the table of all gates."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from ..base.errors import GateError, GraphError
from ..base.notebook import Shown
from ..calculus.scalar_math import SCALAR
from ..calculus.shapes import Misfit, ShapeError
from ..calculus.values import value_for
from .gate_row import GateRow, recording


@dataclass(frozen=True, eq=False)
class Gate(Shown, GateRow):
    """One row of the table, with `forward` and `backward`."""

    _memory: threading.local = field(default_factory=threading.local, init=False)

    def __reduce__(self) -> tuple[Callable[..., GateRow], tuple[Any, ...]]:
        """Pickle by name if it is a row of GATES, else by what it was made of."""
        if GATES.get(self.name) is self:
            return _row_of, (self.name,)
        if self.made is None:
            raise TypeError(f"cannot pickle the gate {self.name}")  # as Python says it of functions
        return self.made

    def __deepcopy__(self, _: object) -> Gate:
        return self  # frozen

    def __repr__(self) -> str:
        inputs = "x0, x1, …" if self.variadic else ", ".join(self.params)
        return f"<Gate {self.name}({inputs})>"

    def forward(self, *inputs: Any, **options: float | None) -> Any:
        """Compute the value for some inputs, kept for `backward` as in the lecture's gates.

        Inputs are numbers, arrays or nested lists; in a function that `graphstep.trace` runs they
        may be its values, and the gate becomes a node of the graph. Raises GraphError for a wrong
        number of inputs or for wrong options, InputError for anything but finite numbers, and
        ShapeError where shapes do not fit.

        >>> GATES["mul"].forward(-2.0, 5.0)
        -10.0
        >>> GATES["mul"].backward(3.0)
        [15.0, -6.0]
        """
        if not self.accepts(len(inputs)):
            raise GraphError("arity", gate=self.name, takes=self.takes, given=len(inputs),
                             params=", ".join(self.params))  # fmt: skip
        recorder = recording(inputs)
        if recorder is not None and GATES.get(self.name) is self:
            return recorder.__graphstep_gate__(self, self.complete(inputs), self.chosen(options))
        given = tuple(
            value_for(name, value)
            for name, value in zip(self.named(len(inputs)), self.complete(inputs), strict=True)
        )
        chosen = self.chosen(options)
        out = self._fitting(given, chosen)
        self._memory.last = (out, given, chosen)
        return out

    def _fitting(self, given: tuple[Any, ...], options: tuple[Any, ...]) -> Any:
        """The output. Raises ShapeError where the inputs do not fit."""
        if self.mathematics(given) is SCALAR:
            return self.value(given)
        import numpy as np

        from ..calculus.array_math import explained

        shapes = tuple(np.shape(value) for value in given)
        try:
            if not self.own:  # a custom gate finds out by itself
                self.shaped(shapes, options)
            return self.value(given, options)
        except Misfit as misfit:
            names = self.named(len(given))
            found = explained(misfit, given).told(lambda text: text.format(**{n: n for n in names}))
            inputs = zip(names, shapes, strict=True)
            raise ShapeError.of(found, inputs, self.name) from None

    def backward(self, upstream: Any) -> list[Any]:
        """The downstream gradients of the last `forward` in this thread, one for each input.

        Each has the shape of its input, and shares no memory. Raises GraphError before any
        `forward`, and for an upstream gradient that does not have the shape of the output.
        """
        if not hasattr(self._memory, "last"):
            raise GraphError("backward_first", gate=self.name)
        out, inputs, options = self._memory.last
        upstream = value_for("upstream", upstream)
        if type(out) is type(upstream) is float:
            return [upstream * self.local_at(i, out, inputs) for i in range(len(inputs))]
        import numpy as np

        arrays = tuple(map(np.asarray, inputs))
        if np.shape(upstream) != np.shape(out):
            raise GraphError("upstream_shape", gate=self.name, given=list(np.shape(upstream)),
                             needed=list(np.shape(out)))  # fmt: skip
        with np.errstate(all="ignore"):
            maps = [self.jacobian(i, out, arrays, options) for i in range(len(inputs))]
            pulled = [jacobian.pull(np.asarray(upstream)) for jacobian in maps]
        return [np.array(found) if np.ndim(found) else float(found) for found in pulled]


def _row_of(name: str) -> Gate:
    return GATES[name]


class GateTable(Shown, dict[str, Gate]):
    """Gates by name, to which only `register`, and so `graphstep.gate`, adds."""

    def __repr__(self) -> str:
        return f"<{len(self)} gates: {', '.join([*self][:8])}, …>"

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("the table of gates is changed by graphstep.gate only")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse


GATES = GateTable()
"""All gates by name, in the order in which users see them."""


def register(gate: Gate) -> None:
    """Add a custom gate, or replace an earlier one of that name.

    Raises GateError for the name of a built-in gate.
    """
    if gate.name in GATES and not GATES[gate.name].own:
        raise GateError("gate_taken", gate=gate.name)
    dict.__setitem__(GATES, gate.name, gate)
