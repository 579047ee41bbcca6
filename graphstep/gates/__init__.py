"""The gates: the whole table, the operators of the language, and custom gates."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from . import activations, choices, elementwise, losses, moves, tensors
from .gate import GATES, Gate, register
from .gate_row import called
from .rules import Local, Option, Rule

__all__ = ["ALIASES", "GATES", "OPERATORS", "OPTION_ALIASES", "Gate", "Local", "Option", "Rule",
           "called", "register"]  # fmt: skip

for table in (elementwise, activations, choices, tensors, moves, losses):
    for gate in table.rows():
        register(gate)

OPERATORS: Mapping[str, str] = MappingProxyType(
    {"+": "add", "-": "sub", "*": "mul", "/": "div", "**": "pow", "@": "matmul",
     ">": "greater", ">=": "greater_equal", "<": "less", "<=": "less_equal", "==": "equal",
     "!=": "not_equal"}
)  # fmt: skip
"""The gate behind each binary operator of the language."""

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "subtract": "sub", "multiply": "mul", "divide": "div", "true_divide": "div",
        "power": "pow", "float_power": "pow", "negative": "neg", "dot": "matmul",
        "ln": "log", "lg": "log10", "lb": "log2", "ld": "log2", "absolute": "abs", "fabs": "abs",
        "tg": "tan", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2",
        "arctg": "arctan", "sh": "sinh", "ch": "cosh", "th": "tanh", "asinh": "arcsinh",
        "acosh": "arccosh", "atanh": "arctanh", "arsh": "arcsinh", "arch": "arccosh",
        "arth": "arctanh",
        "maximum": "max", "minimum": "min", "fmax": "max", "fmin": "min", "clamp": "clip",
        "sgn": "sign", "signum": "sign", "rint": "round",
        "ReLU": "relu", "ELU": "elu", "SELU": "selu", "GELU": "gelu", "SiLU": "silu",
        "swish": "silu", "σ": "sigmoid", "logistic": "sigmoid", "expit": "sigmoid",
        "hard_tanh": "hardtanh", "hard_sigmoid": "hardsigmoid",
        "mse_loss": "mse", "mean_squared_error": "mse", "max_pool2d": "maxpool2d",
        "avg_pool2d": "avgpool2d", "batch_norm": "batchnorm",
        "embedding": "take", "variance": "var", "stddev": "std", "product": "prod",
        "concatenate": "concat", "cat": "concat", "ravel": "flatten",
        "unsqueeze": "expand_dims", "swapdims": "swapaxes", "tr": "trace", "chunk": "split",
    }
)  # fmt: skip
"""Gates by their other names; captions and texts have the gate's own."""

OPTION_ALIASES: Mapping[str, str] = MappingProxyType({"dim": "axis", "keepdim": "keepdims"})
"""Options by their other names."""
