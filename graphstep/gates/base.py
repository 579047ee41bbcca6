"""What a gate is: one row that says what it computes, its local gradients, and how it is shown.

A local gradient is written so that it can be checked by eye, as one of
  a number          the same everywhere: adding passes 1 on to both inputs;
  a parameter name  the value of that input, or of the output ("out"): d(xy)/dx is y;
  a Rule            a formula, as text for the reader and as a function of (m, out, inputs).
In functions `m` is the mathematics to use: floats (`SCALAR`) or `numpy`, with the same names.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple

from ..errors import GateError, GraphError

Number = Any  # a float, or a NumPy value under the same formulas


class Rule(NamedTuple):
    """A local gradient: `text` with the inputs' names as places, `of(m, out, *inputs)`."""

    text: str
    of: Callable[..., Number]


Local = float | str | Rule

SCALAR = SimpleNamespace(
    exp=math.exp,
    expm1=math.expm1,
    log=math.log,
    sqrt=math.sqrt,
    sin=math.sin,
    cos=math.cos,
    tanh=math.tanh,
    cosh=math.cosh,
    fabs=math.fabs,
    power=math.pow,
    where=lambda test, yes, no: yes if test else no,
    maximum=lambda x, y: x if x >= y or x != x else y,
    minimum=lambda x, y: x if x <= y or x != x else y,
    sign=lambda x: x if x != x else (x > 0.0) - (x < 0.0),
)
"""The mathematics on Python floats, under NumPy's names. Where a float function raises (overflow,
a division by zero, a logarithm of a negative number), `ieee` gives the inf or nan instead."""


def ieee(function: Callable[..., Number], *args: float) -> float:
    """`function(numpy, *args)` under IEEE rules: inf and nan where floats would raise."""
    import numpy as np

    with np.errstate(all="ignore"):
        return float(function(np, *map(np.float64, args)))


@dataclass(frozen=True, eq=False)
class Gate:
    """One row of the table. `apply(m, *inputs)` is the definition, the other fields hang on it."""

    name: str
    params: tuple[str, ...]
    apply: Callable[..., Number]
    local: tuple[Local, ...]
    symbol: str
    """What stands in the circle; `^` opens a superscript."""
    text: str
    """The formula, with the inputs' names as places."""
    fast: Callable[..., float] | None = None
    """`apply` on floats without a detour, where it pays (the same bits: tested)."""
    left: str | None = None
    """What stands in the circle when a number is the first input, as `{c}/x` in 1/x."""
    right: str | None = None
    """The same for a number as the second input."""
    defaults: tuple[float, ...] = ()
    """Values of the last inputs when a call leaves them out."""
    domain: str = ""
    """Where it is defined, empty for everywhere."""
    kinks: Callable[..., tuple[float, ...]] | None = None
    """Functions of the inputs that are 0 exactly where the gate has no derivative."""
    convention: str = ""
    """The derivative that is used at the kink."""
    nickname: str = ""
    """The lecture's word for what the gate does to a gradient: distributor, router, switcher."""
    zero: str = ""
    """The reason a local gradient of 0 has, as a key of the words under `zero.`."""
    folded: Callable[[float], str] | None = None
    """The text of the first local gradient when a number is the second input."""
    own: bool = False
    """Made by a user with `graphstep.gate`."""
    expansion: str = ""
    """What a composite gate is made of, in graphstep's language over `params`."""
    commutes: bool = False
    variadic: bool = False
    """Takes two inputs or more; the rule of each follows from its position."""
    made: tuple[Callable[..., Gate], tuple[Any, ...]] | None = field(default=None, repr=False)
    """How to make the gate anew, for one that is not in GATES."""
    _memory: threading.local = field(default_factory=threading.local, repr=False, init=False)

    def __reduce__(self) -> tuple[Callable[..., Gate], tuple[Any, ...]]:
        """Pickled by name if it is a row of GATES, else as what it was made of."""
        if GATES.get(self.name) is self:
            return _row_of, (self.name,)
        if self.made is None:
            raise TypeError(f"cannot pickle the gate {self.name}")  # as Python says it of functions
        return self.made

    def __deepcopy__(self, _: object) -> Gate:
        return self  # frozen

    def rule(self, position: int) -> Local:
        """The local gradient with respect to the input at a position."""
        return _share(position) if self.variadic else self.local[position]

    def factors(self, position: int, count: int) -> tuple[int | None, ...]:
        """What a local gradient is made of: positions of inputs, None for the output."""
        rule = self.rule(position)
        if self.variadic:
            return tuple(range(count))
        if isinstance(rule, Rule):
            return tuple(i for i, p in enumerate(self.params) if f"{{{p}}}" in rule.text)
        if isinstance(rule, str):
            return (None,) if rule == "out" else (self.params.index(rule),)
        return ()

    def forward(self, *inputs: float) -> float:
        """The value for some inputs, which are kept for `backward` (as in the lecture's gates).

        Raises GraphError for a wrong number of inputs, or what is not a number.

        >>> GATES["mul"].forward(-2.0, 5.0)
        -10.0
        >>> GATES["mul"].backward(3.0)
        [15.0, -6.0]
        """
        if not self.accepts(len(inputs)):
            raise GraphError("forward_inputs", gate=self.name, given=len(inputs))
        try:
            inputs = tuple(map(float, self.complete(inputs)))
        except (TypeError, ValueError, OverflowError) as error:
            raise GraphError("forward_numbers", gate=self.name) from error
        out = evaluate(self.apply, *inputs)
        self._memory.last = (out, inputs)
        return out

    def backward(self, upstream: float) -> list[float]:
        """The downstream gradients of the last `forward` in this thread, one an input.

        Raises GraphError before any `forward`.
        """
        if not hasattr(self._memory, "last"):
            raise GraphError("backward_first", gate=self.name)
        out, inputs = self._memory.last
        return [upstream * self.local_at(i, out, inputs) for i in range(len(inputs))]

    def local_at(self, position: int, out: float, inputs: tuple[float, ...]) -> float:
        """The local gradient at a point: d out / d input[position]."""
        return evaluate(lambda m, y, *xs: self.local_value(m, position, y, xs), out, *inputs)

    def local_value(self, m: Any, position: int, out: Number, inputs: tuple[Number, ...]) -> Number:
        """The local gradient under a mathematics `m`, which may raise as it does."""
        rule = self.rule(position)
        if isinstance(rule, Rule):
            return rule.of(m, out, *inputs)
        if isinstance(rule, str):
            return out if rule == "out" else inputs[self.params.index(rule)]
        return rule

    def complete(self, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        """The inputs of a call, with the defaults of those left out."""
        missing = len(self.params) - len(inputs)
        return inputs + self.defaults[len(self.defaults) - missing :] if missing > 0 else inputs

    def accepts(self, count: int) -> bool:
        """Whether a call with so many inputs is right."""
        least = len(self.params) - len(self.defaults)
        return count >= least and (self.variadic or count <= len(self.params))


def called(name: str, params: tuple[str, ...]) -> str:
    """The template of a gate that is called by its name.

    >>> called("neuron", ("w", "x"))
    'neuron({w}, {x})'
    """
    return f"{name}({', '.join(f'{{{param}}}' for param in params)})"


def _row_of(name: str) -> Gate:
    return GATES[name]


def evaluate(function: Callable[..., Number], *args: float) -> float:
    """`function(m, *args)` on floats, with inf or nan where floats would raise."""
    try:
        return float(function(SCALAR, *args))
    except (ArithmeticError, ValueError):
        return ieee(function, *args)


def _share(position: int) -> Rule:
    """The extreme one takes the gradient; of several equal ones each takes the same part."""
    return Rule(
        "",
        lambda m, out, *xs: m.where(xs[position] == out, 1.0 / sum(x == out for x in xs), 0.0),
    )


_TABLE: dict[str, Gate] = {}
GATES: Mapping[str, Gate] = MappingProxyType(_TABLE)
"""Every gate by its name, in the order in which they are listed to users."""


def register(gate: Gate) -> None:
    """Add a gate of a user's own, or put it in the place of an earlier one of that name.

    Raises GateError for the name of a built-in gate.
    """
    if gate.name in _TABLE and not _TABLE[gate.name].own:
        raise GateError("gate_taken", gate=gate.name)
    _TABLE[gate.name] = gate
