"""Gates of a user's own: a class as students write it, or a function with its local gradients."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from typing import Any

from .errors import GateError, short
from .gates import Gate, Number, Rule, called, register


def gate(
    definition: Any = None,
    /,
    *,
    local: Sequence[Callable[..., float]] | None = None,
    name: str | None = None,
    symbol: str | None = None,
) -> Any:
    """Make a gate of a class, or of a function with its local gradients; a decorator.

    A class has `forward(self, x, y)`, which returns one number, and `backward(self, dz)`, which
    returns the downstream gradients, one an input (or a number where there is one input). A
    function comes with `local`, one function of the inputs for each input. `name` is what it is
    called in expressions, `symbol` what stands in its circle; both are the definition's own name
    otherwise. The gate is checked like every other by `tape.check()`. Raises GateError for a
    definition that cannot be a gate; an error inside it, a nan or something that is no number is a
    GateError when it is run.

    >>> @gate
    ... class cube:
    ...     def forward(self, x):
    ...         self.x = x
    ...         return x**3
    ...     def backward(self, dz):
    ...         return 3 * self.x**2 * dz
    >>> from graphstep.graph import parse
    >>> parse("f = cube(x) + x").forward(x=2).gradients
    {'x': 13.0}
    """
    if definition is None:
        return lambda later: gate(later, local=local, name=name, symbol=symbol)
    called = str(name or getattr(definition, "__name__", ""))
    if inspect.isclass(definition):
        made = _of_class(definition, called, symbol or called, local)
    elif callable(definition):
        made = _of_function(definition, called, symbol or called, local)
    else:
        raise GateError("gate_definition", gate=called or short(definition))
    register(made)
    return definition


def _of_class(kind: type, name: str, symbol: str, local: object) -> Gate:
    forward, backward = getattr(kind, "forward", None), getattr(kind, "backward", None)
    if not callable(forward) or not callable(backward) or local is not None:
        raise GateError("gate_class", gate=name)
    params, defaults = _signature(name, forward, skip=1)

    def apply(_: Any, *inputs: Number) -> float:
        return _ran(name, lambda: kind().forward(*inputs), inputs)

    def pulled(position: int) -> Callable[..., float]:
        def of(_: Any, __: Number, *inputs: Number) -> float:
            def back() -> object:
                instance = kind()
                instance.forward(*inputs)
                return _one_of(name, instance.backward(1.0), position, len(inputs))

            return _ran(name, back, inputs)

        return of

    return _row(name, symbol, params, defaults, apply, [pulled(i) for i in range(len(params))])


def _of_function(function: Callable[..., float], name: str, symbol: str, local: object) -> Gate:
    params, defaults = _signature(name, function, skip=0)
    rules = local if isinstance(local, list | tuple) else ()
    if len(rules) != len(params) or not all(map(callable, rules)):
        raise GateError("gate_local", gate=name, count=len(params))

    def apply(_: Any, *inputs: Number) -> float:
        return _ran(name, lambda: function(*inputs), inputs)

    def pulled(rule: Callable[..., float]) -> Callable[..., float]:
        return lambda _, __, *inputs: _ran(name, lambda: rule(*inputs), inputs)

    return _row(name, symbol, params, defaults, apply, [pulled(rule) for rule in rules])


def _row(
    name: str, symbol: str, params: tuple[str, ...], defaults: tuple[float, ...],
    apply: Callable[..., float], rules: Sequence[Callable[..., float]],
) -> Gate:  # fmt: skip
    if not name.isidentifier():
        raise GateError("gate_name", gate=name)
    local = tuple(Rule("", rule) for rule in rules)
    return Gate(
        name, params, apply, local, symbol, called(name, params), defaults=defaults, own=True
    )


def _signature(
    name: str, function: Callable[..., object], skip: int
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The inputs of a definition, and the values of those that may be left out."""
    allowed = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        params = list(inspect.signature(function).parameters.values())[skip:]
        defaults = tuple(float(p.default) for p in params if p.default is not p.empty)
    except (TypeError, ValueError) as error:
        raise GateError("gate_inputs", gate=name) from error
    if not params or any(p.kind not in allowed for p in params):
        raise GateError("gate_inputs", gate=name)
    return tuple(p.name for p in params), defaults


def _ran(name: str, run: Callable[[], object], inputs: Sequence[Number]) -> float:
    """What a user's code gives, as one number; whatever goes wrong in it names the gate."""
    given = ", ".join(short(float(x)) for x in inputs)
    try:
        result = run()
    except GateError:
        raise
    except Exception as error:
        arithmetic = isinstance(error, ArithmeticError | ValueError)
        if arithmetic and all(type(x) is float for x in inputs):
            raise  # it is run once more on NumPy's numbers, which give inf where floats raise
        what = f"{type(error).__name__}: {error}"
        raise GateError("gate_raised", gate=name, inputs=given, error=what) from error
    if isinstance(result, str | bytes | bool) or result is None:
        raise GateError("gate_returned", gate=name, inputs=given, result=short(result))
    try:
        number = float(result)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError) as error:
        raise GateError("gate_returned", gate=name, inputs=given, result=short(result)) from error
    if math.isnan(number) and all(math.isfinite(x) for x in inputs):
        raise GateError("gate_nan", gate=name, inputs=given)
    return number


def _one_of(name: str, gradients: object, position: int, count: int) -> object:
    """The downstream gradient of one input, from what `backward` returned."""
    if isinstance(gradients, list | tuple):
        if len(gradients) != count:
            raise GateError("gate_gradients", gate=name, count=count, given=len(gradients))
        return gradients[position]
    if count != 1:
        raise GateError("gate_gradients", gate=name, count=count, given=1)
    return gradients
