"""The gates that work element by element, on numbers and on arrays."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from itertools import accumulate, repeat
from typing import Any

from ..calculus.functions import ELEMENTARY, Number
from .gate import Gate
from .gate_row import called
from .rules import Kink, Local, Rule


def _share(position: int) -> Rule:
    """The local gradient of max and min: equal inputs share the gradient."""
    return Rule(
        "",
        lambda m, out, *xs: m.where(xs[position] == out, 1.0 / _equal(xs, out), 0.0),
        fails=lambda m, *xs: _is_tie(xs[position], xs),
    )


def _is_tie(mine: Number, xs: tuple[Number, ...]) -> Any:
    """Whether an input is equal to another one, which may be infinite."""
    return _equal(xs, mine) > 1


def _equal(xs: tuple[Number, ...], other: Number) -> Any:
    """How many inputs are equal to a number, or to an array element by element."""
    return sum(map(operator.eq, xs, repeat(other)))


def _gaps(m: Any, *xs: Number) -> tuple[Kink, ...]:
    """The kinks of max: each input's distance from the greatest of the others, 0 at a tie."""
    before = [*accumulate(xs[:-1], m.maximum)]  # the greatest of the first inputs
    behind = [*accumulate(xs[:0:-1], m.maximum)][::-1]
    middle = map(m.maximum, before, behind[1:])
    others = (behind[0], *middle, before[-1])
    return tuple(Kink(x - other, (i,)) for i, (x, other) in enumerate(zip(xs, others, strict=True)))


def _gaps_of_min(m: Any, *xs: Number) -> tuple[Kink, ...]:
    return _gaps(m, *(-x for x in xs))


def _unless_smooth(m: Any, x: Number, a: Number) -> tuple[Kink, ...]:
    """The kink at 0 of a gate with slope 1 on the right and `a` on the left: none for a = 1."""
    return (Kink(m.where(a == 1.0, 1.0, x)),)


def _sizes(m: Any, x: Number, y: Number) -> Number:
    """The sum of the sizes of two terms."""
    return m.fabs(x) + m.fabs(y)


def _power_rule(power: float) -> str:
    """The text of d(x**n)/dx with its numbers worked out: 2*x and 3*x**2, not 2*x**(2 - 1).

    >>> _power_rule(2.0), _power_rule(3.0), _power_rule(-1.0)
    ('2*{x}', '3*{x}**2', '(-1)*{x}**(-2)')
    """
    factor, rest = (f"{n:.6g}" if n >= 0 else f"({n:.6g})" for n in (power, power - 1.0))
    return factor if rest == "0" else f"{factor}*{{x}}" + (f"**{rest}" if rest != "1" else "")


def _sigmoid(m: Any, x: Number) -> Number:
    """The sigmoid without overflow: exp is only taken of negative numbers."""
    z = m.exp(-m.fabs(x))
    return m.where(x >= 0, 1.0, z) / (1.0 + z)


def _fold(choose: str) -> Callable[..., Number]:
    def extreme(m: Any, *xs: Number) -> Number:
        out = xs[0]
        for x in xs[1:]:
            out = getattr(m, choose)(out, x)
        return out

    return extreme


def _function(name: str, local: Local, symbol: str = "", **more: Any) -> Gate:
    """A gate that is one function of the table of elementary functions."""
    function = ELEMENTARY[name]
    ufunc = function.ufuncs[0]
    return Gate(
        name, ("x",), lambda m, x: getattr(m, ufunc)(x), (local,), symbol or name,
        called(name, ("x",)), function.floats, **more,
    )  # fmt: skip


def rows() -> tuple[Gate, ...]:
    """The table, in the order in which gates are listed."""
    x, xy = ("x",), ("x", "y")
    return (
        Gate(
            "add", xy, lambda m, x, y: x + y, (1.0, 1.0), "+", "{x} + {y}", operator.add,
            left="+{c}", right="+{c}", nickname="distributor", commutes=True, terms=_sizes,
        ),
        Gate(
            "sub", xy, lambda m, x, y: x - y, (1.0, -1.0), "-", "{x} - {y}", operator.sub,
            left="{c}-x", right="-{c}", terms=_sizes,
        ),
        Gate(
            "mul", xy, lambda m, x, y: x * y, ("y", "x"), "*", "{x}*{y}", operator.mul,
            left="*{c}", right="*{c}", nickname="switcher", zero="factor", commutes=True,
        ),
        Gate(
            "div", xy, lambda m, x, y: x / y,
            (Rule("1/{y}", lambda m, out, x, y: m.divide(1.0, y)),
             Rule("-{x}/{y}**2", lambda m, out, x, y: -out / y)),
            "/", "{x}/{y}", operator.truediv, left="{c}/x", right="/{c}", domain="y ≠ 0",
            defined=lambda m, x, y: y != 0,
            zero=lambda m, i, x, y: m.where((x == 0) & (i == 1), "other", "tiny"),
        ),
        Gate(
            "pow", xy, lambda m, x, y: m.power(x, y),
            (Rule("{y}*{x}**({y} - 1)",
                  lambda m, out, x, y: m.where(y == 0, 0.0, y * m.power(x, y - 1.0)),
                  fails=lambda m, x, y: (x == 0) & (y == 0)),
             # 0**y stays 0 for every y > 0: the limit, where the formula would give 0 * -inf
             Rule("{x}**{y}*log({x})",
                  lambda m, out, x, y: m.where((x == 0) & (y > 0), 0.0, out * m.log(x)),
                  fails=lambda m, x, y: x == 0)),
            "x^y", "{x}**{y}", math.pow, left="{c}^x", right="x^{c}", folded=_power_rule,
            domain="x > 0; x < 0, y ∈ ℤ; x = 0, y ≥ 0",
            defined=lambda m, x, y: (x > 0) | ((x < 0) & (y % 1.0 == 0)) | ((x == 0) & (y >= 0)),
            edge=lambda m, i, x, y: m.where(
                x == 0, "steep", m.where((x < 0) & (i == 1), "base", "")),
            zero=lambda m, i, x, y: m.where(
                (x == 0) | ((x == 1) if i else (y == 0)), "other", "tiny"),
        ),
        Gate("neg", x, lambda m, x: -x, (-1.0,), "*-1", "-{x}", operator.neg,
        ),
        _function("exp", "out", zero="tiny"),
        # + 0.0 turns -0.0 into 0.0: log and sqrt only rise, so at 0 their slope is inf, never -inf
        _function("log", Rule("1/{x}", lambda m, out, x: 1.0 / (x + 0.0)), domain="x > 0",
                  defined=lambda m, x: x > 0),
        _function(
            "sqrt", Rule("1/(2*sqrt({x}))", lambda m, out, x: 0.5 / (out + 0.0)),
            expansion="x**0.5", domain="x ≥ 0", convention="sqrt'(0) = inf",
            defined=lambda m, x: x >= 0, edge=lambda m, i, x: m.where(x == 0, "steep", ""),
        ),
        _function(
            "abs", Rule("sign({x})", lambda m, out, x: m.sign(x)), "|x|",
            kinks=lambda m, x: (Kink(x),), convention="abs'(0) = 0",
            expansion="max(x, -x)",
        ),
        _function("sin", Rule("cos({x})", lambda m, out, x: m.cos(x))),
        _function("cos", Rule("-sin({x})", lambda m, out, x: -m.sin(x))),
        _function(
            "tan", Rule("1 + tan({x})**2", lambda m, out, x: 1.0 + out * out),
            expansion="sin(x)/cos(x)", domain="x ≠ π/2 + kπ",
        ),
        _function(
            # 1 - tanh(x)**2 loses all digits in the tails; sech(x)**2 keeps them
            "tanh", Rule("1 - tanh({x})**2", lambda m, out, x: (1.0 / m.cosh(x)) ** 2),
            expansion="(exp(x) - exp(-x))/(exp(x) + exp(-x))", curve="tanh(x)", zero="tiny",
        ),
        Gate(
            # sigmoid(x) * (1 - sigmoid(x)), with 1 - sigmoid(x) = sigmoid(-x) exact in the tails
            "sigmoid", x, _sigmoid,
            (Rule("(1 - sigmoid({x}))*sigmoid({x})", lambda m, out, x: out * _sigmoid(m, -x)),),
            "σ", "sigmoid({x})", expansion="1/(1 + exp(-x))",
            curve="sigmoid(x)", zero="tiny",
        ),
        Gate(
            "relu", x, lambda m, x: m.maximum(x, 0.0),
            (Rule("[{x} > 0]", lambda m, out, x: (x > 0) * 1.0),),
            "ReLU", "relu({x})", lambda x: x if x >= 0.0 or x != x else 0.0,
            kinks=lambda m, x: (Kink(x),), convention="relu'(0) = 0", zero="relu",
            expansion="max(0, x)",
            curve="relu(x)",
        ),
        Gate(
            "leaky_relu", ("x", "a"), lambda m, x, a: m.where(x > 0, x, a * x),
            (Rule("[{x} > 0] + {a}*[{x} <= 0]", lambda m, out, x, a: m.where(x > 0, 1.0, a)),
             Rule("{x}*[{x} <= 0]", lambda m, out, x, a: m.where(x > 0, 0.0, x))),
            "LReLU", "leaky_relu({x}, {a})", right="LReLU", defaults=(0.1,),
            kinks=_unless_smooth, convention="leaky_relu'(0) = a",
            expansion="relu(x) - a*relu(-x)",
            curve="leaky_relu(x, 0.1)",
        ),
        Gate(
            "elu", ("x", "a"), lambda m, x, a: m.where(x >= 0, x, a * m.expm1(m.minimum(x, 0.0))),
            (Rule("[{x} >= 0] + {a}*exp({x})*[{x} < 0]",
                  lambda m, out, x, a: m.where(x >= 0, 1.0, a * m.exp(m.minimum(x, 0.0)))),
             Rule("(exp({x}) - 1)*[{x} < 0]", lambda m, out, x, a: m.expm1(m.minimum(x, 0.0)))),
            "ELU", "elu({x}, {a})", right="ELU", defaults=(1.0,),
            kinks=_unless_smooth, convention="elu'(0) = 1",
            zero=lambda m, i, x, a: "other" if i else m.where(a == 0, "other", "tiny"),
            expansion="max(x, 0) + a*(exp(min(x, 0)) - 1)",
            curve="elu(x)",
        ),
        Gate(
            # max(x, 0) + log(1 + e^-|x|): no overflow, and no 1 + tiny
            "softplus", x, lambda m, x: m.maximum(x, 0.0) + m.log1p(m.exp(-m.fabs(x))),
            (Rule("sigmoid({x})", lambda m, out, x: _sigmoid(m, x)),),
            "softplus", "softplus({x})", expansion="log(1 + exp(x))",
            curve="softplus(x)", zero="tiny",
        ),
        Gate(
            "max", xy, _fold("maximum"), (), "max", "max({args})", kinks=_gaps, zero="max",
            nickname="router", convention="equal inputs share the gradient: half to each of two",
            commutes=True, each=_share, alone="amax", ties="inputs",
        ),
        Gate(
            "min", xy, _fold("minimum"), (), "min", "min({args})", kinks=_gaps_of_min, zero="min",
            nickname="router", convention="equal inputs share the gradient: half to each of two",
            commutes=True, each=_share, alone="amin", ties="inputs",
        ),
        Gate(
            "square", x, lambda m, x: x * x, (Rule("2*{x}", lambda m, out, x: 2.0 * x),),
            "x^2", "square({x})", zero="factor", expansion="x*x",
        ),
        Gate(
            "reciprocal", x, lambda m, x: 1.0 / x,
            (Rule("-1/{x}**2", lambda m, out, x: -out / x),),
            "1/x", "reciprocal({x})", expansion="1/x", domain="x ≠ 0",
            defined=lambda m, x: x != 0, zero="tiny",
        ),
    )  # fmt: skip
