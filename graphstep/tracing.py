"""An ordinary Python function recorded as a graph, by running it once on values that remember."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn

from .errors import TraceError, short
from .formula import fill
from .gates import GATES, Gate
from .graph import ComputationalGraph, parse
from .values import number_for

UFUNCS: Mapping[str, str] = MappingProxyType(
    {
        "add": "add", "subtract": "sub", "multiply": "mul", "divide": "div", "true_divide": "div",
        "power": "pow", "float_power": "pow", "negative": "neg", "exp": "exp", "log": "log",
        "sqrt": "sqrt", "absolute": "abs", "fabs": "abs", "sin": "sin", "cos": "cos",
        "tanh": "tanh", "maximum": "max", "minimum": "min", "square": "square",
        "reciprocal": "reciprocal",
    }
)  # fmt: skip
"""The gate behind each NumPy function that there is one for."""


LONGEST = 200  # characters of one expression; a longer one is given a name


class Record(NamedTuple):
    """One gate that was run: what it took, each a number or the index of a record or input."""

    gate: Gate
    args: tuple[int | float, ...]


def trace(function: Callable[..., Any], /, *args: Any, **named: Any) -> ComputationalGraph:
    """The graph of a Python function, with the names of its parameters and these values.

    The function runs once. It may use `+ - * / **`, unary minus, `abs`, and the NumPy functions
    for which there is a gate (`np.exp`, `np.maximum` …), on numbers; its parameters are the inputs
    of the graph, with the given numbers as their values. Raises TraceError for anything else that
    is done with them, since it would leave the graph: a comparison, `math.exp`, an array.

    >>> import numpy as np
    >>> def neuron(w, x, b=0.5):
    ...     return 1 / (1 + np.exp(-(w * x + b)))
    >>> g = trace(neuron, 2.0, -1.0)
    >>> g.source
    'w = 2.0; x = -1.0; b = 0.5; neuron = 1/(1 + exp(-(w*x + b)))'
    >>> round(g.forward().gradients["w"], 6)
    -0.149146
    """
    name = getattr(function, "__name__", "")
    try:
        bound = inspect.signature(function).bind(*args, **named)
    except (TypeError, ValueError) as error:
        raise TraceError("trace_inputs", name=name or short(function), error=str(error)) from error
    bound.apply_defaults()
    kinds = {p.kind for p in inspect.signature(function).parameters.values()}
    if kinds & {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}:
        raise TraceError("trace_inputs", name=name, error="*args, **kwargs")
    values = {key: number_for(key, value) for key, value in bound.arguments.items()}
    journal = _Journal(tuple(values))
    bound.arguments.update({key: Traced(journal, i) for i, key in enumerate(values)})
    result = function(*bound.args, **bound.kwargs)
    return parse(journal.text(values, journal.taken(result, "return"), name))


class _Journal:
    """What was run, in order: inputs first, then gates."""

    def __init__(self, inputs: tuple[str, ...]) -> None:
        self.inputs = inputs
        self.records: list[Record] = []

    def run(self, gate: str, args: Sequence[object]) -> Traced:
        """Record a gate over traced values and numbers."""
        taken = tuple(self.taken(arg, gate) for arg in args)
        self.records.append(Record(GATES[gate], taken))
        return Traced(self, len(self.inputs) + len(self.records) - 1)

    def taken(self, value: object, where: str) -> int | float:
        """A traced value's index, or a number."""
        if isinstance(value, Traced):
            if value._journal is not self:
                raise TraceError("trace_foreign", what=where)
            return value._index
        return number_for(where, value)

    def text(self, values: Mapping[str, float], output: int | float, name: str) -> str:
        """The statements of the graph; a value used once stands where it is used."""
        if not isinstance(output, int) or output < len(self.inputs):
            raise TraceError("trace_result")
        used = self._used(output)
        texts: dict[int, str] = dict(enumerate(self.inputs))
        lines = [f"{key} = {value!r}" for i, (key, value) in enumerate(values.items()) if i in used]
        gates = [i for i in sorted(used) if i >= len(self.inputs)]
        uses = Counter(a for i in gates for a in self.records[i - len(self.inputs)].args)
        free = (t for t in map("t{}".format, count(1)) if t not in self.inputs)
        for index in gates:
            gate, args = self.records[index - len(self.inputs)]
            parts = [texts[a] if isinstance(a, int) else repr(a).removesuffix(".0") for a in args]
            texts[index] = fill(gate, gate.text, parts)
            if index == output or uses[index] > 1 or len(texts[index]) > LONGEST:
                own = index == output and name.isidentifier() and name not in texts.values()
                lines.append(f"{name if own else next(free)} = {texts[index]}")
                texts[index] = lines[-1].partition(" = ")[0]
        return "; ".join(lines)

    def _used(self, output: int) -> set[int]:
        """What the output depends on, itself included."""
        todo, seen = [output], set[int]()
        while todo:
            index = todo.pop()
            if index not in seen:
                seen.add(index)
                if index >= len(self.inputs):
                    args = self.records[index - len(self.inputs)].args
                    todo.extend(a for a in args if isinstance(a, int))
        return seen


class Traced:
    """A number that remembers what is done with it."""

    __array_priority__ = 1000.0

    def __init__(self, journal: _Journal, index: int) -> None:
        self._journal, self._index = journal, index

    def __add__(self, other: object) -> Traced:
        return self._journal.run("add", (self, other))

    def __radd__(self, other: object) -> Traced:
        return self._journal.run("add", (other, self))

    def __sub__(self, other: object) -> Traced:
        return self._journal.run("sub", (self, other))

    def __rsub__(self, other: object) -> Traced:
        return self._journal.run("sub", (other, self))

    def __mul__(self, other: object) -> Traced:
        return self._journal.run("mul", (self, other))

    def __rmul__(self, other: object) -> Traced:
        return self._journal.run("mul", (other, self))

    def __truediv__(self, other: object) -> Traced:
        return self._journal.run("div", (self, other))

    def __rtruediv__(self, other: object) -> Traced:
        return self._journal.run("div", (other, self))

    def __pow__(self, other: object) -> Traced:
        return self._journal.run("pow", (self, other))

    def __rpow__(self, other: object) -> Traced:
        return self._journal.run("pow", (other, self))

    def __neg__(self) -> Traced:
        return self._journal.run("neg", (self,))

    def __pos__(self) -> Traced:
        return self

    def __abs__(self) -> Traced:
        return self._journal.run("abs", (self,))

    def __array_ufunc__(self, ufunc: Any, method: str, *args: object, **options: object) -> Traced:
        gate = UFUNCS.get(ufunc.__name__)
        if gate is None or method != "__call__" or options:
            raise TraceError("trace_function", what=f"np.{ufunc.__name__}")
        return self._journal.run(gate, args)

    def __array_function__(self, function: Any, *_: object) -> NoReturn:
        raise TraceError("trace_function", what=f"np.{function.__name__}")

    def _leaves(self, *_: object, **__: object) -> NoReturn:
        """The value would leave the graph here."""
        raise TraceError("trace_leaves")

    __float__ = __int__ = __index__ = __bool__ = __lt__ = __le__ = __gt__ = __ge__ = _leaves
    __eq__ = __ne__ = __len__ = __iter__ = __getitem__ = __matmul__ = __mod__ = _leaves
    __floordiv__ = __rfloordiv__ = __rmod__ = __rmatmul__ = __array__ = _leaves
    __hash__ = object.__hash__
