"""Activation functions, element by element on numbers and on arrays."""

from __future__ import annotations

import math
from typing import Any

from ..calculus.functions import Number
from .gate import Gate
from .rules import Kink, Rule

SELU_SCALE, SELU_A = 1.0507009873554805, 1.6732632423543772
GELU_SLOPE = math.sqrt(8 / math.pi)


def _unless_smooth(m: Any, x: Number, a: Number) -> tuple[Kink, ...]:
    """The kink at 0 of a gate with slope 1 on the right and `a` on the left: none for a = 1."""
    return (Kink(m.where(a == 1.0, 1.0, x)),)


def _sigmoid(m: Any, x: Number) -> Number:
    """The sigmoid without overflow: exp is only taken of negative numbers."""
    z = m.exp(-m.fabs(x))
    return m.where(x >= 0, 1.0, z) / (1.0 + z)


def _normal(m: Any, x: Number) -> Number:
    """The share of a normal distribution below x; with all digits also where it is small."""
    return 0.5 * m.erfc(-x / math.sqrt(2.0))


def _bell(m: Any, x: Number) -> Number:
    """The density of a normal distribution."""
    return m.exp(-0.5 * (x * x)) / math.sqrt(2.0 * math.pi)


def _gelu_tanh_slope(m: Any, _: Number, x: Number) -> Number:
    z = GELU_SLOPE * (x + 0.044715 * (x * x * x))
    rise = x * _sigmoid(m, -z) * GELU_SLOPE * (1.0 + 0.134145 * (x * x))
    return _sigmoid(m, z) * (1.0 + m.where(m.fabs(z) > 800.0, 0.0, rise))


def _mish_slope(m: Any, _: Number, x: Number) -> Number:
    soft = _softplus(m, x)
    return m.tanh(soft) + x * _sigmoid(m, x) * (1.0 / m.cosh(soft)) ** 2


def _softplus(m: Any, x: Number) -> Number:
    """log(1 + exp(x)) as max(x, 0) + log(1 + e^-|x|): no overflow, and no 1 + tiny."""
    return m.maximum(x, 0.0) + m.log1p(m.exp(-m.fabs(x)))


def _clipped(m: Any, x: Number, low: float, high: float) -> Number:
    return m.minimum(m.maximum(x, low), high)


def _ends(low: float, high: float) -> Any:
    """The kinks at both ends of what is not clipped."""
    return lambda m, x: (Kink(x - low), Kink(x - high))


def rows() -> tuple[Gate, ...]:
    """The table, in the order in which gates are listed."""
    x, xy = ("x",), ("x", "y")
    return (
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
            "softplus", x, _softplus,
            (Rule("sigmoid({x})", lambda m, out, x: _sigmoid(m, x)),),
            "softplus", "softplus({x})", expansion="log(1 + exp(x))",
            curve="softplus(x)", zero="tiny",
        ),
        Gate(
            # exp(x - out) would lose digits: out has the size of x
            "logaddexp", xy, lambda m, x, y: m.logaddexp(x, y),
            (Rule("sigmoid({x} - {y})", lambda m, out, x, y: _sigmoid(m, x - y)),
             Rule("sigmoid({y} - {x})", lambda m, out, x, y: _sigmoid(m, y - x))),
            "logaddexp", "logaddexp({x}, {y})", expansion="log(exp(x) + exp(y))",
            zero="tiny", commutes=True,
        ),
        Gate(
            "gelu", x, lambda m, x: x * _normal(m, x),
            (Rule("(1 + erf({x}/sqrt(2)))/2 + {x}*exp(-{x}**2/2)/sqrt(2*π)",
                  lambda m, out, x: _normal(m, x) + x * _bell(m, x)),),
            "GELU", "gelu({x})", expansion="x*(1 + erf(x/sqrt(2)))/2",
            curve="gelu(x)", zero="tiny",
        ),
        Gate(
            # x - gelu_tanh(x) = x*(1 - sigmoid(z)), where z is what the sigmoid is of
            "gelu_tanh", x,
            lambda m, x: x * _sigmoid(m, GELU_SLOPE * (x + 0.044715 * (x * x * x))),
            (Rule("sigmoid(sqrt(8/π)*({x} + 0.044715*{x}**3))"
                  "*(1 + sqrt(8/π)*(1 + 0.134145*{x}**2)*({x} - gelu_tanh({x})))",
                  _gelu_tanh_slope),),
            "GELU tanh", "gelu_tanh({x})", zero="tiny",
            expansion=f"x*(1 + tanh({GELU_SLOPE / 2!r}*(x + 0.044715*x**3)))/2",
        ),
        Gate(
            "silu", x, lambda m, x: x * _sigmoid(m, x),
            (Rule("sigmoid({x})*(1 + {x}*(1 - sigmoid({x})))",
                  lambda m, out, x: _sigmoid(m, x) * (1.0 + x * _sigmoid(m, -x))),),
            "SiLU", "silu({x})", expansion="x*sigmoid(x)", curve="silu(x)", zero="tiny",
        ),
        Gate(
            "selu", x,
            lambda m, x: SELU_SCALE * m.where(x >= 0, x, SELU_A * m.expm1(m.minimum(x, 0.0))),
            (Rule(f"{SELU_SCALE}*([{{x}} >= 0] + {SELU_A}*exp({{x}})*[{{x}} < 0])",
                  lambda m, out, x:
                  SELU_SCALE * m.where(x >= 0, 1.0, SELU_A * m.exp(m.minimum(x, 0.0)))),),
            "SELU", "selu({x})", kinks=lambda m, x: (Kink(x),), zero="tiny",
            convention=f"selu'(0) = {SELU_SCALE:.5g}",
            expansion=f"{SELU_SCALE}*elu(x, {SELU_A})",
        ),
        Gate(
            "mish", x, lambda m, x: x * m.tanh(_softplus(m, x)),
            (Rule("tanh(softplus({x})) + {x}*sigmoid({x})*(1 - tanh(softplus({x}))**2)",
                  _mish_slope),),
            "mish", "mish({x})", expansion="x*tanh(softplus(x))", curve="mish(x)", zero="tiny",
        ),
        Gate(
            "hardtanh", x, lambda m, x: _clipped(m, x, -1.0, 1.0),
            (Rule("[abs({x}) < 1]", lambda m, out, x: (m.fabs(x) < 1) * 1.0),),
            "hardtanh", "hardtanh({x})", kinks=_ends(-1.0, 1.0), zero="flat",
            convention="hardtanh'(±1) = 0", expansion="clip(x, -1, 1)", curve="hardtanh(x)",
        ),
        Gate(
            "hardsigmoid", x, lambda m, x: _clipped(m, x / 6.0 + 0.5, 0.0, 1.0),
            (Rule("[abs({x}) < 3]/6", lambda m, out, x: (m.fabs(x) < 3) / 6.0),),
            "hardsigmoid", "hardsigmoid({x})", kinks=_ends(-3.0, 3.0), zero="flat",
            convention="hardsigmoid'(±3) = 0", expansion="clip(x/6 + 0.5, 0, 1)",
            curve="hardsigmoid(x)",
        ),
        Gate(
            "relu6", x, lambda m, x: _clipped(m, x, 0.0, 6.0),
            (Rule("[{x} > 0]*[{x} < 6]", lambda m, out, x: ((x > 0) & (x < 6)) * 1.0),),
            "ReLU6", "relu6({x})", kinks=_ends(0.0, 6.0), zero="flat",
            convention="relu6'(0) = relu6'(6) = 0", expansion="clip(x, 0, 6)",
        ),
    )  # fmt: skip
