"""Arithmetic and the elementary functions, element by element on numbers and on arrays."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from ..calculus.functions import ELEMENTARY, Number
from .gate import Gate
from .gate_row import called
from .rules import Kink, Local, Rule


def _sizes(m: Any, x: Number, y: Number) -> Number:
    """The sum of the sizes of two terms."""
    return m.fabs(x) + m.fabs(y)


def _over_log(base: int) -> Callable[..., Number]:
    """The slope of a logarithm to a base; the sign of a zero is as for `log`."""
    factor = math.log(base)
    return lambda m, out, x: 1.0 / ((x + 0.0) * factor)


def _side(name: str) -> Rule:
    """The local gradient of hypot: an input as a part of the output, 0 where both inputs are 0."""
    return Rule(
        f"{{{name}}}/hypot({{x}}, {{y}})",
        lambda m, out, x, y: m.where(out == 0, 0.0, m.divide(x if name == "x" else y, out)),
        fails=lambda m, x, y: m.hypot(x, y) == 0,
        there=f"{{{name}}}/(hypot({{x}}, {{y}}) + [hypot({{x}}, {{y}}) = 0])",
    )


def _leg(m: Any, x: Number) -> Number:
    """sqrt(1 - x**2), with all digits also near 1."""
    return m.sqrt((1.0 - x) * (1.0 + x))


def _steep_at_one(m: Any, _: int, x: Number) -> Any:
    return m.where(m.fabs(x) == 1, "steep", "")


def _turn(m: Any, x: Number, y: Number) -> Number:
    """x/(x**2 + y**2), 0 where both are 0."""
    size = m.hypot(x, y)
    return m.where(size == 0, 0.0, m.divide(m.divide(x, size), size))


def _bell(m: Any, x: Number) -> Number:
    """The slope of erf."""
    return 2.0 / math.sqrt(math.pi) * m.exp(-(x * x))


def _power_rule(power: float) -> str:
    """The text of d(x**n)/dx with its numbers worked out: 2*x and 3*x**2, not 2*x**(2 - 1).

    >>> _power_rule(2.0), _power_rule(3.0), _power_rule(-1.0)
    ('2*{x}', '3*{x}**2', '(-1)*{x}**(-2)')
    """
    factor, rest = (f"{n:.6g}" if n >= 0 else f"({n:.6g})" for n in (power, power - 1.0))
    return factor if rest == "0" else f"{factor}*{{x}}" + (f"**{rest}" if rest != "1" else "")


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
        _function("expm1", Rule("exp({x})", lambda m, out, x: m.exp(x)), zero="tiny",
                  expansion="exp(x) - 1"),
        # + 0.0 turns -0.0 into 0.0: log and sqrt only rise, so at 0 their slope is inf, never -inf
        _function("log", Rule("1/{x}", lambda m, out, x: 1.0 / (x + 0.0)), domain="x > 0",
                  defined=lambda m, x: x > 0),
        *(
            _function(name, Rule(f"1/({{x}}*log({base}))", _over_log(base)), domain="x > 0",
                      expansion=f"log(x)/log({base})", defined=lambda m, x: x > 0)
            for name, base in (("log2", 2), ("log10", 10))
        ),
        _function("log1p", Rule("1/(1 + {x})", lambda m, out, x: 1.0 / (1.0 + x)),
                  domain="x > −1", defined=lambda m, x: x > -1, expansion="log(1 + x)"),
        _function(
            "sqrt", Rule("1/(2*sqrt({x}))", lambda m, out, x: 0.5 / (out + 0.0)),
            expansion="x**0.5", domain="x ≥ 0", convention="sqrt'(0) = inf",
            defined=lambda m, x: x >= 0, edge=lambda m, i, x: m.where(x == 0, "steep", ""),
        ),
        _function(
            "cbrt", Rule("1/(3*cbrt({x})**2)", lambda m, out, x: 1.0 / (3.0 * (out * out))),
            convention="cbrt'(0) = inf", edge=lambda m, i, x: m.where(x == 0, "steep", ""),
            expansion="sign(x)*abs(x)**(1/3)",
        ),
        Gate(
            "hypot", ("x", "y"), lambda m, x, y: m.hypot(x, y), (_side("x"), _side("y")),
            "hypot", "hypot({x}, {y})", math.hypot, commutes=True,
            kinks=lambda m, x, y: (Kink(m.hypot(x, y), (0, 1)),), convention="hypot'(0, 0) = 0",
            zero=lambda m, i, x, y: m.where((y if i else x) == 0, "other", "tiny"),
            expansion="sqrt(square(x) + square(y))",
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
            "arcsin", Rule("1/sqrt(1 - {x}**2)", lambda m, out, x: 1.0 / _leg(m, x)),
            domain="−1 ≤ x ≤ 1", defined=lambda m, x: m.fabs(x) <= 1, edge=_steep_at_one,
            convention="arcsin'(±1) = inf",
        ),
        _function(
            "arccos", Rule("-1/sqrt(1 - {x}**2)", lambda m, out, x: -1.0 / _leg(m, x)),
            domain="−1 ≤ x ≤ 1", defined=lambda m, x: m.fabs(x) <= 1, edge=_steep_at_one,
            convention="arccos'(±1) = −inf",
        ),
        _function("arctan", Rule("1/(1 + {x}**2)", lambda m, out, x: 1.0 / (1.0 + x * x)),
                  zero="tiny"),
        Gate(
            # divided twice by the distance, whose square may be too large or too small
            "arctan2", ("y", "x"), lambda m, y, x: m.arctan2(y, x),
            (Rule("{x}/({x}**2 + {y}**2)", lambda m, out, y, x: _turn(m, x, y),
                  fails=lambda m, y, x: m.hypot(x, y) == 0,
                  there="{x}/({x}**2 + {y}**2 + [hypot({x}, {y}) = 0])"),
             Rule("-{y}/({x}**2 + {y}**2)", lambda m, out, y, x: -_turn(m, y, x),
                  fails=lambda m, y, x: m.hypot(x, y) == 0,
                  there="-{y}/({x}**2 + {y}**2 + [hypot({x}, {y}) = 0])")),
            "arctan2", "arctan2({y}, {x})", math.atan2, jumps=True,
            kinks=lambda m, y, x: (Kink(m.where(x > 0, 1.0, y), (0,)),
                                   Kink(m.hypot(x, y), (0, 1))),
            convention="arctan2'(0, 0) = 0; for x < 0 and y = 0 as beside the jump",
            zero=lambda m, i, y, x: m.where((y if i else x) == 0, "other", "tiny"),
        ),
        _function("sinh", Rule("cosh({x})", lambda m, out, x: m.cosh(x)),
                  expansion="(exp(x) - exp(-x))/2"),
        _function("cosh", Rule("sinh({x})", lambda m, out, x: m.sinh(x)),
                  expansion="(exp(x) + exp(-x))/2"),
        _function(
            # 1 - tanh(x)**2 loses all digits in the tails; sech(x)**2 keeps them
            "tanh", Rule("1 - tanh({x})**2", lambda m, out, x: (1.0 / m.cosh(x)) ** 2),
            expansion="(exp(x) - exp(-x))/(exp(x) + exp(-x))", curve="tanh(x)", zero="tiny",
        ),
        _function("arcsinh", Rule("1/sqrt({x}**2 + 1)", lambda m, out, x: 1.0 / m.hypot(x, 1.0)),
                  expansion="log(x + sqrt(x**2 + 1))"),
        _function(
            "arccosh", Rule("1/sqrt({x}**2 - 1)",
                            lambda m, out, x: 1.0 / (m.sqrt(x - 1.0) * m.sqrt(x + 1.0))),
            domain="x ≥ 1", defined=lambda m, x: x >= 1, edge=_steep_at_one,
            convention="arccosh'(1) = inf", expansion="log(x + sqrt(x**2 - 1))",
        ),
        _function(
            "arctanh", Rule("1/(1 - {x}**2)", lambda m, out, x: 1.0 / ((1.0 - x) * (1.0 + x))),
            domain="−1 < x < 1", defined=lambda m, x: m.fabs(x) < 1,
            expansion="log((1 + x)/(1 - x))/2",
        ),
        _function("erf", Rule("2*exp(-{x}**2)/sqrt(π)", lambda m, out, x: _bell(m, x)),
                  zero="tiny"),
        _function("erfc", Rule("-2*exp(-{x}**2)/sqrt(π)", lambda m, out, x: -_bell(m, x)),
                  zero="tiny", expansion="1 - erf(x)"),
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
