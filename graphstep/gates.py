"""The gates. A gate is one row: what it computes, its local gradients, and how it is shown.

A local gradient is written so that it can be checked by eye, as one of
  a number          the same everywhere: adding passes 1 on to both inputs;
  a parameter name  the value of that input, or of the output ("out"): d(xy)/dx is y;
  a Rule            a formula, as text for the reader and as a function of (m, out, inputs).
In functions `m` is the mathematics to use: floats (`SCALAR`) or `numpy`, with the same names.
"""

from __future__ import annotations

import math
import operator
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple

from .errors import GateError, GraphError

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


def _gaps(*xs: float) -> tuple[float, ...]:
    """How far each input is from the greatest of the others: 0 at a tie at the top."""
    return tuple(x - max(xs[:i] + xs[i + 1 :]) for i, x in enumerate(xs))


def _falls(*xs: float) -> tuple[float, ...]:
    return _gaps(*(-x for x in xs))


def _less(power: float) -> str:
    """d(x**n)/dx with the numbers worked out: 2*x and 3*x**2, not 2*x**(2 - 1).

    >>> _less(2.0), _less(3.0), _less(-1.0)
    ('2*{x}', '3*{x}**2', '(-1)*{x}**(-2)')
    """
    factor, rest = (f"{n:.6g}" if n >= 0 else f"({n:.6g})" for n in (power, power - 1.0))
    return factor if rest == "0" else f"{factor}*{{x}}" + (f"**{rest}" if rest != "1" else "")


def _sigmoid(m: Any, x: Number) -> Number:
    """Without overflow: exp is only taken of negative numbers."""
    z = m.exp(-m.fabs(x))
    return m.where(x >= 0, 1.0, z) / (1.0 + z)


def _fold(choose: str) -> Callable[..., Number]:
    def extreme(m: Any, *xs: Number) -> Number:
        out = xs[0]
        for x in xs[1:]:
            out = getattr(m, choose)(out, x)
        return out

    return extreme


def _rows() -> tuple[Gate, ...]:
    x, xy = ("x",), ("x", "y")
    return (
        Gate(
            "add", xy, lambda m, x, y: x + y, (1.0, 1.0), "+", "{x} + {y}", operator.add,
            left="+{c}", right="+{c}", nickname="distributor", commutes=True,
        ),
        Gate(
            "sub", xy, lambda m, x, y: x - y, (1.0, -1.0), "-", "{x} - {y}", operator.sub,
            left="{c}-x", right="-{c}",
        ),
        Gate(
            "mul", xy, lambda m, x, y: x * y, ("y", "x"), "*", "{x}*{y}", operator.mul,
            left="*{c}", right="*{c}", nickname="switcher", zero="factor", commutes=True,
        ),
        Gate(
            "div", xy, lambda m, x, y: x / y,
            (Rule("1/{y}", lambda m, out, x, y: 1.0 / y),
             Rule("-{x}/{y}**2", lambda m, out, x, y: -out / y)),
            "/", "{x}/{y}", operator.truediv, left="{c}/x", right="/{c}", domain="y != 0",
        ),
        Gate(
            "pow", xy, lambda m, x, y: m.power(x, y),
            (Rule("{y}*{x}**({y} - 1)",
                  lambda m, out, x, y: m.where(y == 0, 0.0, y * m.power(x, y - 1.0))),
             # 0**y stays 0 for every y > 0: the limit, where the formula would give 0 * -inf
             Rule("{x}**{y}*log({x})",
                  lambda m, out, x, y: m.where((x == 0) & (y > 0), 0.0, out * m.log(x)))),
            "x^y", "{x}**{y}", math.pow, left="{c}^x", right="x^{c}", folded=_less,
            domain="x > 0, or x < 0 with whole y, or x = 0 with y >= 0",
        ),
        Gate("neg", x, lambda m, x: -x, (-1.0,), "*-1", "-{x}", operator.neg),
        Gate("exp", x, lambda m, x: m.exp(x), ("out",), "exp", "exp({x})", math.exp),
        Gate(
            "log", x, lambda m, x: m.log(x), (Rule("1/{x}", lambda m, out, x: 1.0 / x),),
            "log", "log({x})", math.log, domain="x > 0",
        ),
        Gate(
            "sqrt", x, lambda m, x: m.sqrt(x),
            (Rule("1/(2*sqrt({x}))", lambda m, out, x: 0.5 / out),),
            "sqrt", "sqrt({x})", math.sqrt, expansion="x**0.5",
            domain="x >= 0", convention="sqrt'(0) = inf",
        ),
        Gate(
            "abs", x, lambda m, x: m.fabs(x), (Rule("sign({x})", lambda m, out, x: m.sign(x)),),
            "|x|", "abs({x})", math.fabs, kinks=lambda x: (x,), convention="abs'(0) = 0",
            expansion="max(x, -x)", zero="kink",
        ),
        Gate("sin", x, lambda m, x: m.sin(x),
             (Rule("cos({x})", lambda m, out, x: m.cos(x)),), "sin", "sin({x})", math.sin),
        Gate("cos", x, lambda m, x: m.cos(x),
             (Rule("-sin({x})", lambda m, out, x: -m.sin(x)),), "cos", "cos({x})", math.cos),
        Gate(
            # 1 - tanh(x)**2 loses all digits in the tails; sech(x)**2 keeps them
            "tanh", x, lambda m, x: m.tanh(x),
            (Rule("1 - tanh({x})**2", lambda m, out, x: (1.0 / m.cosh(x)) ** 2),),
            "tanh", "tanh({x})", math.tanh,
            expansion="(exp(x) - exp(-x))/(exp(x) + exp(-x))",
        ),
        Gate(
            # sigmoid(x) * (1 - sigmoid(x)), with 1 - sigmoid(x) = sigmoid(-x) exact in the tails
            "sigmoid", x, _sigmoid,
            (Rule("(1 - sigmoid({x}))*sigmoid({x})", lambda m, out, x: out * _sigmoid(m, -x)),),
            "σ", "sigmoid({x})", expansion="1/(1 + exp(-x))",
        ),
        Gate(
            "relu", x, lambda m, x: m.maximum(x, 0.0),
            (Rule("[{x} > 0]", lambda m, out, x: (x > 0) * 1.0),),
            "ReLU", "relu({x})", lambda x: x if x >= 0.0 or x != x else 0.0,
            kinks=lambda x: (x,), convention="relu'(0) = 0", zero="relu",
            expansion="max(0, x)",
        ),
        Gate(
            "leaky_relu", ("x", "a"), lambda m, x, a: m.where(x > 0, x, a * x),
            (Rule("[{x} > 0] + {a}*[{x} <= 0]", lambda m, out, x, a: m.where(x > 0, 1.0, a)),
             Rule("{x}*[{x} <= 0]", lambda m, out, x, a: m.where(x > 0, 0.0, x))),
            "LReLU", "leaky_relu({x}, {a})", right="LReLU", defaults=(0.1,),
            kinks=lambda x, a: (x,), convention="leaky_relu'(0) = a",
            expansion="relu(x) - a*relu(-x)",
        ),
        Gate(
            "elu", ("x", "a"), lambda m, x, a: m.where(x >= 0, x, a * m.expm1(m.minimum(x, 0.0))),
            (Rule("[{x} >= 0] + {a}*exp({x})*[{x} < 0]",
                  lambda m, out, x, a: m.where(x >= 0, 1.0, a * m.exp(m.minimum(x, 0.0)))),
             Rule("(exp({x}) - 1)*[{x} < 0]", lambda m, out, x, a: m.expm1(m.minimum(x, 0.0)))),
            "ELU", "elu({x}, {a})", right="ELU", defaults=(1.0,),
            # with a = 1 both sides meet with slope 1: no kink
            kinks=lambda x, a: (x if a != 1.0 else 1.0,), convention="elu'(0) = 1",
            expansion="max(x, 0) + a*(exp(min(x, 0)) - 1)",
        ),
        Gate(
            "max", xy, _fold("maximum"), (), "max", "max({args})", kinks=_gaps, zero="max",
            nickname="router", convention="equal inputs share the gradient: half to each of two",
            commutes=True, variadic=True,
        ),
        Gate(
            "min", xy, _fold("minimum"), (), "min", "min({args})", kinks=_falls, zero="min",
            nickname="router", convention="equal inputs share the gradient: half to each of two",
            commutes=True, variadic=True,
        ),
        Gate(
            "square", x, lambda m, x: x * x, (Rule("2*{x}", lambda m, out, x: 2.0 * x),),
            "x^2", "square({x})", zero="factor", expansion="x*x",
        ),
        Gate(
            "reciprocal", x, lambda m, x: 1.0 / x,
            (Rule("-1/{x}**2", lambda m, out, x: -out / x),),
            "1/x", "reciprocal({x})", expansion="1/x", domain="x != 0",
        ),
    )  # fmt: skip


_TABLE = {gate.name: gate for gate in _rows()}
GATES: Mapping[str, Gate] = MappingProxyType(_TABLE)
"""Every gate by its name, in the order in which they are listed to users."""


def register(gate: Gate) -> None:
    """Add a gate of a user's own, or put it in the place of an earlier one of that name.

    Raises GateError for the name of a built-in gate.
    """
    if gate.name in _TABLE and not _TABLE[gate.name].own:
        raise GateError("gate_taken", gate=gate.name)
    _TABLE[gate.name] = gate


OPERATORS: Mapping[str, str] = MappingProxyType(
    {"+": "add", "-": "sub", "*": "mul", "/": "div", "**": "pow"}
)
"""The gate behind each binary operator of the language."""

SAME_AS: Mapping[str, str] = MappingProxyType({"−": "-", "·": "*", "⋅": "*", "×": "*"})
"""Characters that are accepted for an operator, as slides and keyboards give them."""
