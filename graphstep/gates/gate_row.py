"""A row of the table of gates: what the gate computes, its local gradients, how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from ..base.errors import GraphError, Said, short
from ..calculus.functions import Number
from ..calculus.scalar_math import SCALAR, evaluate
from ..calculus.shapes import Shape, broadcast
from .rules import Kink, Local, Option, Options, Rule, Setting

if TYPE_CHECKING:  # NumPy is only imported where there are arrays
    from ..calculus.jacobians import Jacobian


@dataclass(frozen=True, eq=False)
class GateRow:
    """All that is known about a gate; its definition is `apply(m, *inputs, *options)`."""

    name: str
    params: tuple[str, ...]
    apply: Callable[..., Number]
    local: tuple[Local, ...]
    symbol: str
    """The text in its circle; `^` opens a superscript."""
    text: str
    """Its formula, with placeholders for the inputs."""
    fast: Callable[..., float] | None = None
    """`apply` on floats as one direct call, where that pays; its results are the same bits."""
    left: str | None = None
    """The text in its circle when the first input is a number, such as `{c}/x` for 1/x."""
    right: str | None = None
    """The same when the second input is a number."""
    defaults: tuple[float, ...] = ()
    """The values of the last inputs where a call leaves them out."""
    options: tuple[Option, ...] = ()
    shape: Callable[..., Shape] | None = None
    """The output's shape from the inputs' shapes and the options; None: element by element."""
    alone: str = ""
    """The gate that a call with one input means: max(x) is the largest element of x, `amax`."""
    more: str = ""
    """The gate that a call with one input more means: conv2d(x, w, b) adds b, `conv2d_bias`."""
    curve: str = ""
    """The curve of an activation function, as an expression in x."""
    labels: str = ""
    """The name of the input that holds labels: whole numbers, the classes."""
    domain: str = ""
    """Where it is defined; empty for everywhere."""
    defined: Callable[..., Any] | None = None
    """The same as a function of (m, *inputs), True or an array of bools."""
    edge: Callable[..., Any] | None = None
    """Why a local gradient is inf or nan where the value is finite: a function of
    (m, position, *inputs) that returns a key of the words under `trouble.`, "" if it is too large.
    """
    terms: Callable[..., Any] | None = None
    """Of a gate that adds, the sum of the sizes of its terms, from (m, *inputs, *options)."""
    pairs: bool = False
    """Whether it takes its inputs element by element, though its output has another shape."""
    kinks: Callable[..., tuple[Kink, ...]] | None = None
    """The places without a derivative, from (m, inputs); `kinks.at_kink` asks about them."""
    jumps: bool = False
    """Whether the value jumps at the kinks."""
    convention: str = ""
    """The derivative that is used at the kink."""
    nickname: str = ""
    """The lecture's word for what it does to a gradient: distributor, router, switcher."""
    ties: str = ""
    """What share the gradient where they are equal: a key of the words under `tie.`."""
    zero: str | Callable[..., Any] = ""
    """Why a local gradient of it is 0, but for kinks: a key of the words under `zero.`, or a
    function of (m, position, *inputs, *options) that returns the key, or that of each element."""
    written: str = ""
    """How the language writes it, where that is not `text`."""
    folded: Callable[[float], str] | None = None
    """The text of the first local gradient when the second input is a number."""
    own: bool = False
    """Whether it is a custom gate, made with `graphstep.gate`."""
    unknown: bool = False
    """Whether nothing is known of it but its name and what it takes."""
    expansion: str = ""
    """What a composite gate is made of: an expression in `params`."""
    commutes: bool = False
    each: Callable[[int], Rule] | None = None
    """The rule for the input at a position, for a gate that takes any number of inputs."""
    made: tuple[Callable[..., GateRow], tuple[Any, ...]] | None = None
    """How to make it again when it is unpickled, for a gate that is not in the table."""

    @property
    def variadic(self) -> bool:
        """Whether it takes any number of inputs, two or more."""
        return self.each is not None

    @property
    def elementwise(self) -> bool:
        """Whether it works on numbers, and on arrays element by element."""
        return self.shape is None

    def rule(self, position: int) -> Local:
        """The local gradient with respect to the input at a position."""
        return self.each(position) if self.each else self.local[position]

    def factors(self, position: int, count: int) -> Sequence[int | None]:
        """The values that a local gradient is made of: positions of inputs, None for the output."""
        rule = self.rule(position)
        if isinstance(rule, Rule) and rule.maps:
            return tuple(None if name == "out" else self.params.index(name) for name in rule.uses)
        if self.variadic or self.unknown:
            return range(count)
        if isinstance(rule, Rule):
            return tuple(i for i, p in enumerate(self.params) if f"{{{p}}}" in rule.text)
        if isinstance(rule, str):
            return (None,) if rule == "out" else (self.params.index(rule),)
        return ()

    def local_at(self, position: int, out: float, inputs: tuple[float, ...]) -> float:
        """The local gradient at a point: d out / d input[position]."""
        return evaluate(lambda m, y, *xs: self.local_value(m, position, y, xs), out, *inputs)

    def local_value(self, m: Any, position: int, out: Number, inputs: tuple[Number, ...]) -> Number:
        """The local gradient in the mathematics `m`; raises what `m` raises."""
        rule = self.rule(position)
        if isinstance(rule, Rule):
            return rule.of(m, out, *inputs)
        if isinstance(rule, str):
            return out if rule == "out" else inputs[self.params.index(rule)]
        return rule

    def jacobian(
        self, position: int, out: Number, inputs: Sequence[Number], options: tuple[Any, ...] = ()
    ) -> Jacobian:
        """The local gradient on arrays as a linear map, whose entries are worked out when used."""
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
        """The shape of the output. Raises Misfit where the inputs do not fit."""
        return broadcast(*shapes) if self.shape is None else self.shape(*shapes, *options)

    def mathematics(self, inputs: Sequence[Number]) -> Any:
        """The mathematics that these inputs need: that of floats, or that of arrays."""
        if self.elementwise and {float}.issuperset(map(type, inputs)):
            return SCALAR
        from ..calculus.array_math import ARRAY

        return ARRAY

    def value(self, inputs: Sequence[Number], options: tuple[Any, ...] = ()) -> Number:
        """The output, with inf or nan where floats would raise. Arrays are not checked to fit."""
        m = self.mathematics(inputs)
        if m is SCALAR:
            return evaluate(self.apply, *inputs)
        import numpy as np

        with np.errstate(all="ignore"):
            return self.apply(m, *map(np.asarray, inputs), *options)

    def asked(self, function: Callable[..., Any], inputs: Sequence[Number], *args: Any) -> Any:
        """A function of the row, about these inputs, in their mathematics and without warnings."""
        m = self.mathematics(inputs)
        if m is SCALAR:
            return function(m, *args)
        import numpy as np

        given = (np.float64(x) if type(x) is float else x for x in args)  # it has a shape
        with np.errstate(all="ignore"):
            return function(m, *given)

    def named(self, count: int) -> tuple[str, ...]:
        """A name for each of `count` inputs."""
        if self.variadic:
            return _numbered(count)
        return self.params

    def positions(self, count: int) -> Mapping[str, int]:
        """The position of each of `count` inputs, by its name."""
        return _positions(self.named(count))

    def chosen(self, given: Mapping[str, Setting]) -> Options:
        """The options of a call, as given or by default. Raises GraphError for a wrong one."""
        known = {option.name: option for option in self.options}
        if any(option.many for option in self.options):
            raise GraphError("only_in_text", gate=self.name)
        for name in given.keys() - known.keys():
            raise GraphError("option_unknown", gate=self.name, name=name, known=self.options_said())
        for name, number in given.items():
            if not known[name].takes(number):
                raise GraphError("bad_option", gate=self.name, name=name, given=short(number))
        for option in self.options:
            if option.needed and option.name not in given:
                raise GraphError("option_needed", gate=self.name, name=option.name)
        return tuple(given.get(name, option.default) for name, option in known.items())

    def options_said(self) -> Said:
        """What follows in a message about an option that it does not have: those that it has."""
        known = ", ".join(option.name for option in self.options)
        call = f"{self.name}({', '.join(self.params)})"
        return Said("options_known" if known else "options_none", {"known": known, "call": call})

    def complete(self, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        """The inputs of a call, with defaults for those left out."""
        missing = len(self.params) - len(inputs)
        return inputs + self.defaults[len(self.defaults) - missing :] if missing > 0 else inputs

    @property
    def takes(self) -> str:
        """The number of inputs of a call, as printed: "2", "2-3", or "1+" for any number."""
        least = len(self.params) - len(self.defaults)
        most = "+" if self.variadic else f"-{len(self.params)}" if self.defaults else ""
        return f"{least}{most}"

    def accepts(self, count: int) -> bool:
        """Whether a call may have `count` inputs."""
        least = len(self.params) - len(self.defaults)
        return count >= least and (self.variadic or count <= len(self.params))


def called(name: str, params: tuple[str, ...]) -> str:
    """The formula of a gate that is written as a call.

    >>> called("neuron", ("w", "x"))
    'neuron({w}, {x})'
    """
    return f"{name}({', '.join(f'{{{param}}}' for param in params)})"


class Recording(Protocol):
    """A stand-in for a number or array that records the gates applied to it.

    As NumPy asks its arguments for `__array_ufunc__`, a gate asks its inputs for this method.
    """

    def __graphstep_gate__(
        self, gate: GateRow, inputs: tuple[Any, ...], options: tuple[Any, ...]
    ) -> Any:
        """The stand-in for the output of a gate with these inputs and options."""


def recording(values: Iterable[object]) -> Recording | None:
    """The first value that records gates."""
    found: Any = (value for value in values if hasattr(type(value), "__graphstep_gate__"))
    first: Recording | None = next(found, None)
    return first


@lru_cache(maxsize=64)
def _numbered(count: int) -> tuple[str, ...]:
    """Names for the inputs of a gate that takes any number of them."""
    return tuple(f"x{i}" for i in range(count))


@lru_cache(maxsize=256)
def _positions(names: tuple[str, ...]) -> Mapping[str, int]:
    return {name: position for position, name in enumerate(names)}
