"""A row of the table of gates: what a gate computes, its local gradients, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from ..base.errors import GraphError, short
from ..calculus.functions import Number
from ..calculus.scalar_math import SCALAR, evaluate
from ..calculus.shapes import Shape, broadcast
from .rules import Kink, Local, Option, Rule

if TYPE_CHECKING:  # arrays are read where there are some
    from ..calculus.jacobians import Jacobian


@dataclass(frozen=True, eq=False)
class GateRow:
    """What is known of a gate. All hangs on the definition, `apply(m, *inputs, *options)`."""

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
    made: tuple[Callable[..., GateRow], tuple[Any, ...]] | None = field(default=None, repr=False)
    """How to make the gate again, for one that is not in the table."""

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


class Recording(Protocol):
    """A value that stands for a number or array, and keeps account of the gates it goes through.

    As NumPy asks its arguments for `__array_ufunc__`, a gate asks its inputs for this method.
    """

    def __graphstep_gate__(
        self, gate: GateRow, inputs: tuple[Any, ...], options: tuple[Any, ...]
    ) -> Any:
        """What stands for the output of a gate over these inputs and options."""


def recording(values: Iterable[object]) -> Recording | None:
    """The first value that records gates."""
    found: Any = (value for value in values if hasattr(type(value), "__graphstep_gate__"))
    first: Recording | None = next(found, None)
    return first
