"""What a gate is: one row that says what it computes, its local gradients, and how it is shown.

A local gradient is written so that it can be checked by eye, as one of
  a number          the same everywhere: adding passes 1 on to both inputs;
  a parameter name  the value of that input, or of the output ("out"): d(xy)/dx is y;
  a Rule            a formula, as text for the reader and as a function of (m, out, inputs).
On arrays these are the entries of a diagonal Jacobian, unless the rule gives a linear map itself.
In functions `m` is the mathematics to use: floats (`SCALAR`), `numpy`, or arrays (`arrays.ARRAY`),
with the same names. Functions take the inputs, then the options.
"""

from __future__ import annotations

import math
import operator
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.errors import GateError, GraphError, short
from ..calculus.shapes import Misfit, Shape, ShapeError, broadcast
from ..calculus.values import value_for

if TYPE_CHECKING:  # arrays are read where there are some
    from ..calculus.jacobians import Jacobian

Number = Any  # a float, or a NumPy value under the same formulas


class Rule(NamedTuple):
    """A local gradient: `text` with the inputs' names as places, `of(m, out, *inputs, *options)`.

    With `maps` it is a linear map of arrays, a `jacobian.Jacobian`, and `text` is the downstream
    gradient over the inputs and the upstream one, `{g}`; `uses` are the values it is made of.
    `back(m, upstream, out, *inputs, *options)` is what that map's `pull` gives, for gates so common
    and quick that making the map would take longer.
    """

    text: str
    of: Callable[..., Number]
    maps: bool = False
    uses: tuple[str, ...] = ()
    back: Callable[..., Number] | None = None


class Kink(NamedTuple):
    """A place without a derivative with respect to the inputs `of`, by position.

    `distance` is 0 exactly there, element by element.
    """

    distance: Number
    of: tuple[int, ...] = (0,)


class Option(NamedTuple):
    """A setting of a gate that is no input: an axis, a size. Always a number in the text."""

    name: str
    default: float | None = None
    whole: bool = True
    least: float = -math.inf
    many: bool = False  # takes all numbers that follow, and one at least

    def takes(self, number: object) -> bool:
        """Whether a number, or what it is by default, can stand for it."""
        if number is None:
            return self.default is None
        if isinstance(number, bool) or not isinstance(number, int if self.whole else int | float):
            return False
        return math.isfinite(number) and number >= self.least


Local = float | str | Rule

SCALAR = SimpleNamespace(
    exp=math.exp,
    expm1=math.expm1,
    log=math.log,
    log1p=math.log1p,
    sqrt=math.sqrt,
    sin=math.sin,
    cos=math.cos,
    tanh=math.tanh,
    cosh=math.cosh,
    fabs=math.fabs,
    power=math.pow,
    divide=operator.truediv,
    where=lambda test, yes, no: yes if test else no,
    maximum=lambda x, y: x if x >= y or x != x else y,
    minimum=lambda x, y: x if x <= y or x != x else y,
    sign=lambda x: x if x != x else float((x > 0.0) - (x < 0.0)),
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
    """One row of the table. The rest hangs on the definition, `apply(m, *inputs, *options)`."""

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
    options: tuple[Option, ...] = ()
    shape: Callable[..., Shape] | None = None
    """The output's shape from those of the inputs and the options; None: element by element."""
    alone: str = ""
    """The gate that a call with one input means: max(x) is the largest element of x."""
    curve: str = ""
    """What is plotted of an activation function: an expression over x."""
    labels: str = ""
    """The input that holds whole numbers: classes, not values."""
    domain: str = ""
    """Where it is defined, empty for everywhere."""
    kinks: Callable[..., tuple[Kink, ...]] | None = None
    """The places without a derivative, from (m, inputs); `kinks.at_kink` asks about them."""
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
    each: Callable[[int], Rule] | None = None
    """The rule of an input by its position, for a gate that takes two inputs or more."""
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

    @property
    def variadic(self) -> bool:
        """Whether it takes any number of inputs from two on."""
        return self.each is not None

    @property
    def elementwise(self) -> bool:
        """Whether it works on numbers, and on arrays element by element."""
        return self.shape is None

    def rule(self, position: int) -> Local:
        """The local gradient with respect to the input at a position."""
        return self.each(position) if self.each else self.local[position]

    def factors(self, position: int, count: int) -> tuple[int | None, ...]:
        """What a local gradient is made of: positions of inputs, None for the output."""
        rule = self.rule(position)
        if isinstance(rule, Rule) and rule.maps:
            return tuple(None if name == "out" else self.params.index(name) for name in rule.uses)
        if self.variadic:
            return tuple(range(count))
        if isinstance(rule, Rule):
            return tuple(i for i, p in enumerate(self.params) if f"{{{p}}}" in rule.text)
        if isinstance(rule, str):
            return (None,) if rule == "out" else (self.params.index(rule),)
        return ()

    def forward(self, *inputs: Any, **options: float | None) -> Any:
        """The value for some inputs, which are kept for `backward` (as in the lecture's gates).

        Inputs are numbers, arrays or nested lists; in a function that `graphstep.trace` runs they
        may be its values, and the gate becomes a node of the graph. Raises GraphError for a wrong
        number of inputs or options, InputError for what is not finite numbers, ShapeError where
        shapes do not fit.

        >>> GATES["mul"].forward(-2.0, 5.0)
        -10.0
        >>> GATES["mul"].backward(3.0)
        [15.0, -6.0]
        """
        if not self.accepts(len(inputs)):
            raise GraphError("arity", gate=self.name, takes=self.takes, given=len(inputs),
                             params=", ".join(self.params))  # fmt: skip
        # a traced value comes from a room above and brings its journal along
        journals = [x._journal for x in inputs if hasattr(x, "_journal")]
        if journals and GATES.get(self.name) is self:
            return journals[0].run(self.name, self.complete(inputs), self.chosen(options))
        given = tuple(
            value_for(name, value)
            for name, value in zip(self.named(len(inputs)), self.complete(inputs), strict=True)
        )
        chosen = self.chosen(options)
        if self.elementwise and all(type(value) is float for value in given):
            out = evaluate(self.apply, *given)
        else:
            out = self._on_arrays(given, chosen)
        self._memory.last = (out, given, chosen)
        return out

    def _on_arrays(self, given: tuple[Any, ...], options: tuple[Any, ...]) -> Any:
        import numpy as np

        from ..calculus.array_math import ARRAY

        shapes = tuple(np.shape(value) for value in given)
        with np.errstate(all="ignore"):
            try:
                self.shaped(shapes, options)
                return self.apply(ARRAY, *map(np.asarray, given), *options)
            except Misfit as misfit:
                names = tuple(zip(self.named(len(given)), shapes, strict=True))
                raise ShapeError.of(misfit, names, self.name) from None

    def backward(self, upstream: Any) -> list[Any]:
        """The downstream gradients of the last `forward` in this thread, one an input.

        Each has the shape of its input and memory of its own. Raises GraphError before any
        `forward`, and for an upstream gradient that has not the shape of the output.
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

    def jacobian(
        self, position: int, out: Number, inputs: Sequence[Number], options: tuple[Any, ...] = ()
    ) -> Jacobian:
        """The local gradient on arrays, as a linear map; its entries are worked out when used."""
        from ..calculus.array_math import ARRAY

        rule = self.rule(position)
        if not isinstance(rule, Rule):
            rule = self.local_value(ARRAY, position, out, tuple(inputs))
            return ARRAY.repeated(out, inputs[position], rule)  # type: ignore[no-any-return]
        if rule.maps:
            return rule.of(ARRAY, out, *inputs, *options)  # type: ignore[no-any-return]
        of = rule.of
        return ARRAY.repeated(  # type: ignore[no-any-return]
            out, inputs[position], lambda: of(ARRAY, out, *inputs, *options)
        )

    def shaped(self, shapes: Sequence[Shape], options: Sequence[Any]) -> Shape:
        """The shape of the output. Raises Misfit."""
        return broadcast(*shapes) if self.shape is None else self.shape(*shapes, *options)

    def mathematics(self, inputs: Sequence[Number]) -> Any:
        """Floats or arrays, by what the gate is given."""
        if self.elementwise and all(type(x) is float for x in inputs):
            return SCALAR
        from ..calculus.array_math import ARRAY

        return ARRAY

    def named(self, count: int) -> tuple[str, ...]:
        """A name for each of so many inputs."""
        if self.variadic:
            return tuple(f"x{i}" for i in range(count))
        return self.params

    def chosen(self, given: Mapping[str, float | None]) -> tuple[float | None, ...]:
        """All options of a call, by name or as they are by default. Raises GraphError."""
        known = {option.name: option for option in self.options}
        if any(option.many for option in self.options):
            raise GraphError("only_in_text", gate=self.name)
        for name in given.keys() - known.keys():
            raise GraphError("option_unknown", gate=self.name, name=name,
                             known=", ".join(known) or "-")  # fmt: skip
        for name, number in given.items():
            if not known[name].takes(number):
                raise GraphError("bad_option", gate=self.name, name=name, given=short(number))
        return tuple(given.get(name, option.default) for name, option in known.items())

    def complete(self, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        """The inputs of a call, with the defaults of those left out."""
        missing = len(self.params) - len(inputs)
        return inputs + self.defaults[len(self.defaults) - missing :] if missing > 0 else inputs

    @property
    def takes(self) -> str:
        """How many inputs a call has, as it is printed: "2", "2-3", or "1+" for any number."""
        least = len(self.params) - len(self.defaults)
        most = "+" if self.variadic else f"-{len(self.params)}" if self.defaults else ""
        return f"{least}{most}"

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
