"""Custom gates: a class as students write it, or a function with its local gradients."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from ..base.errors import GateError, short
from ..calculus.functions import Number
from ..calculus.shapes import Misfit, broadcast
from ..calculus.values import is_finite
from . import Gate, Rule, called, register
from .gate_row import recording
from .rules import Kink


def gate(
    definition: Any = None,
    /,
    *,
    local: Sequence[Callable[..., float]] | None = None,
    kinks: Callable[..., Number] | Sequence[Callable[..., Number]] = (),
    name: str | None = None,
    symbol: str | None = None,
) -> Any:
    """Make a gate from a class, or from a function with its local gradients; a decorator.

    A class has `forward(self, x, y)`, which returns a number or an array, and `backward(self, dz)`,
    which returns the downstream gradients, one for each input and in its shape (not in a list where
    there is one input); `dz` is the upstream gradient, in the shape of what `forward` returned. A
    function comes with `local`, one function of the inputs for each input. `kinks` is a function of
    some of the inputs, by their names, or several such functions: 0 where the gate has no
    derivative with respect to these inputs, as `lambda x: x` for max(0, x). `name` is its name in
    expressions, `symbol` the text in its circle; by default both are the name of the definition. In
    a function that `graphstep.trace` follows, call the function directly, and a class as
    `GATES["cube"].forward(x)`. `tape.check()` checks the gate like every other. Raises GateError
    for a definition that cannot be a gate, and when the gate is run for an error inside it, a nan,
    or a result that is not a number.

    >>> @gate
    ... class cube:
    ...     def forward(self, x):
    ...         self.x = x
    ...         return x**3
    ...     def backward(self, dz):
    ...         return 3 * self.x**2 * dz
    >>> from graphstep.engine.computational_graph import parse
    >>> parse("f = cube(x) + x").forward(x=2).gradients
    {'x': 13.0}
    """
    if definition is None:
        return lambda later: gate(later, local=local, kinks=kinks, name=name, symbol=symbol)
    called = str(name or getattr(definition, "__name__", ""))
    if inspect.isclass(definition):
        made = _of_class(definition, called, symbol or called, local, kinks)
    elif callable(definition):
        made = _of_function(definition, called, symbol or called, local, kinks)
    else:
        raise GateError("gate_definition", gate=called or short(definition))
    register(made)
    return definition if inspect.isclass(definition) else _recorded(made, definition)


def _recorded(gate: Gate, function: Callable[..., Number]) -> Callable[..., Any]:
    """The function itself; for values that `graphstep.trace` follows, its gate."""
    signature = inspect.signature(function)

    @wraps(function)
    def run(*args: Any, **named: Any) -> Any:
        if recording((*args, *named.values())) is None:
            return function(*args, **named)
        bound = signature.bind(*args, **named)
        bound.apply_defaults()
        return gate.forward(*bound.args)

    return run


def _of_class(kind: type, name: str, symbol: str, local: object, kinks: object) -> Gate:
    forward, backward = getattr(kind, "forward", None), getattr(kind, "backward", None)
    if not callable(forward) or not callable(backward) or local is not None:
        raise GateError("gate_class", gate=name)
    params, defaults = _signature(name, forward, skip=1)

    def apply(m: Any, *given: Number) -> Number:
        inputs = _locked(m, given)
        return _ran(name, m, lambda: kind().forward(*inputs), inputs)

    def pulled(position: int) -> Rule:
        def back(m: Any, inputs: tuple[Number, ...], upstream: Number) -> Number:
            def run() -> object:
                instance = kind()
                instance.forward(*inputs)
                return _one_of(name, instance.backward(upstream), position, len(inputs))

            return _ran(name, m, run, inputs)

        def of(m: Any, out: Number, *given: Number) -> Number:
            inputs = _locked(m, given)
            if not on_arrays(m):
                return back(m, inputs, 1.0)
            rows, columns = m.shape(out), m.shape(inputs[position])
            return m.Pulled(rows, columns, lambda g: back(m, inputs, _own(m, g)))

        return Rule("", of, maps=True)

    rules = [pulled(i) for i in range(len(params))]
    return _row(name, symbol, params, defaults, apply, rules, _kinks(name, params, kinks))


def _of_function(
    function: Callable[..., Number], name: str, symbol: str, local: object, kinks: object
) -> Gate:
    params, defaults = _signature(name, function, skip=0)
    rules = local if isinstance(local, list | tuple) else ()
    if len(rules) != len(params) or not all(map(callable, rules)):
        raise GateError("gate_local", gate=name, count=len(params))

    def apply(m: Any, *given: Number) -> Number:
        inputs = _locked(m, given)
        return _ran(name, m, lambda: function(*inputs), inputs)

    def pulled(position: int) -> Rule:
        def of(m: Any, out: Number, *given: Number) -> Number:
            inputs = _locked(m, given)
            found = _ran(name, m, lambda: rules[position](*inputs), inputs)
            return _mapped(name, m, out, inputs[position], found) if on_arrays(m) else found

        return Rule("", of, maps=True)

    made = [pulled(i) for i in range(len(params))]
    return _row(name, symbol, params, defaults, apply, made, _kinks(name, params, kinks))


def on_arrays(m: Any) -> bool:
    """Whether `m` is the mathematics of arrays, where a local gradient is a linear map."""
    return hasattr(m, "Pulled")


def _locked(m: Any, inputs: tuple[Number, ...]) -> tuple[Number, ...]:
    """The inputs for a user's code: numbers, and arrays that it cannot write to."""
    if not on_arrays(m):
        return inputs
    views = [m.asarray(x).view() for x in inputs]
    for view in views:
        view.flags.writeable = False
    return tuple(view if view.ndim else view[()] for view in views)


def _own(m: Any, upstream: Number) -> Number:
    """The upstream gradient for a user's code, which may change it: a number, or a copy."""
    return float(upstream) if m.ndim(upstream) == 0 else upstream.copy()


def _mapped(name: str, m: Any, out: Number, x: Number, found: Number) -> Number:
    """The linear map for a local gradient given as numbers."""
    shape = m.shape(found)
    if m.shape(out) == () and shape in ((), m.shape(x)):
        return m.contraction(out, x, found)
    for given in (shape, m.shape(x)):
        try:
            fits = broadcast(given, m.shape(out)) == m.shape(out)
        except Misfit:
            fits = False
        if not fits:
            raise GateError("gate_local_shape", gate=name, given=list(given),
                            needed=list(m.shape(out)))  # fmt: skip
    return m.repeated(out, x, found)


def _row(
    name: str, symbol: str, params: tuple[str, ...], defaults: tuple[float, ...],
    apply: Callable[..., Number], rules: Sequence[Rule],
    kinks: Callable[..., tuple[Kink, ...]] | None,
) -> Gate:  # fmt: skip
    if not name.isidentifier():
        raise GateError("gate_name", gate=name)
    return Gate(
        name, params, apply, tuple(rules), symbol, called(name, params), defaults=defaults,
        kinks=kinks, own=True,
    )  # fmt: skip


def _kinks(
    name: str, params: tuple[str, ...], given: object
) -> Callable[..., tuple[Kink, ...]] | None:
    """The kinks of a custom gate, each with the inputs that its function names."""
    functions = tuple(given) if isinstance(given, list | tuple) else (given,)
    refusal = GateError("gate_kinks", gate=name, inputs=", ".join(params), first=params[0])
    try:
        named = [tuple(inspect.signature(function).parameters) for function in functions]
    except (TypeError, ValueError) as error:
        raise refusal from error
    if not all(names and set(names) <= set(params) for names in named):
        raise refusal
    of = [tuple(map(params.index, names)) for names in named]

    def found(m: Any, *given: Number) -> tuple[Kink, ...]:
        inputs = _locked(m, given)
        return tuple(
            Kink(_distance(name, m, function, [inputs[i] for i in positions], refusal), positions)
            for function, positions in zip(functions, of, strict=True)
        )

    return found if functions else None


def _distance(
    name: str, m: Any, function: Callable[..., Number], inputs: list[Number], refusal: GateError
) -> Number:
    """How far these inputs are from a kink; inf where its function is not defined."""

    def run() -> Number:
        found = function(*inputs)
        if isinstance(found, bool) or getattr(found, "dtype", None) == "bool":
            raise refusal  # True and False would be 1 and 0
        return found

    try:
        return _ran(name, m, run, inputs)
    except (ArithmeticError, ValueError):
        return math.inf


def _signature(
    name: str, function: Callable[..., object], skip: int
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The names of the inputs of a definition, and the defaults of the last ones."""
    allowed = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        params = list(inspect.signature(function).parameters.values())[skip:]
        defaults = tuple(float(p.default) for p in params if p.default is not p.empty)
    except (TypeError, ValueError) as error:
        raise GateError("gate_inputs", gate=name) from error
    if not params or any(p.kind not in allowed for p in params):
        raise GateError("gate_inputs", gate=name)
    return tuple(p.name for p in params), defaults


def _ran(name: str, m: Any, run: Callable[[], object], inputs: Sequence[Number]) -> Number:
    """Run a user's code for a number or array. Raises GateError for whatever goes wrong in it."""
    try:
        result = run()
    except GateError:
        raise
    except Exception as error:
        arithmetic = isinstance(error, ArithmeticError | ValueError)
        if arithmetic and all(type(x) is float for x in inputs):
            raise  # the caller runs it again on NumPy's numbers, which give inf where floats raise
        what = f"{type(error).__name__}: {error}"
        raise GateError("gate_raised", gate=name, inputs=_shown(inputs), error=what) from error
    try:
        value = _number(m, result)
    except (TypeError, ValueError, OverflowError) as error:
        raise GateError(
            "gate_returned", gate=name, inputs=_shown(inputs), result=short(result)
        ) from error
    if _has_nan(value) and all(is_finite(x) for x in inputs):
        raise GateError("gate_nan", gate=name, inputs=_shown(inputs))
    return value


def _shown(inputs: Sequence[Number]) -> str:
    """The inputs in an error."""
    return ", ".join(short(x if getattr(x, "shape", ()) else float(x)) for x in inputs)


def _number(m: Any, result: Any) -> Number:
    """The result as a number or, over arrays, an array. Raises TypeError or ValueError."""
    if isinstance(result, str | bytes | bool) or result is None:
        raise TypeError
    if not on_arrays(m):
        return float(result)
    found = m.asarray(result)
    if found.dtype.kind not in "biuf" or not found.size:
        raise TypeError
    return found.astype(float)[()]


def _has_nan(value: Number) -> bool:
    found = value != value
    return found if isinstance(found, bool) else bool(found.any())


def _one_of(name: str, gradients: object, position: int, count: int) -> object:
    """The downstream gradient of one input, from what `backward` returned."""
    if isinstance(gradients, list | tuple):
        if len(gradients) != count:
            raise GateError("gate_gradients", gate=name, count=count, given=len(gradients))
        return gradients[position]
    if count != 1:
        raise GateError("gate_gradients", gate=name, count=count, given=1)
    return gradients
