"""Functions of other libraries and of textbooks, and what to write for each of them.

A formula has places for the inputs of the foreign function in order, {x}, {y} and {z}; {args} is
all that stood between its brackets. A test evaluates every row and compares it with the function.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_BCE = "-mean({y}*log({x}) + (1 - {y})*log(1 - {x}))"
_BCE_OF_SCORES = "mean(softplus({x}) - {x}*{y})"
_HUBER = "mean(min(abs({x} - {y}), 1)*(abs({x} - {y}) - 0.5*min(abs({x} - {y}), 1)))"
_HARD_SIGMOID = "min(relu({x}/6 + 0.5), 1)"
_LAYER_NORM = (
    "({x} - mean({x}, -1, 1))/sqrt(mean(square({x} - mean({x}, -1, 1)), -1, 1) + 1e-5)*{y} + {z}"
)
_VARIANCE = "mean(square({x} - mean({x})))"

FORMULAS: Mapping[str, str] = MappingProxyType(
    {
        # logarithms, powers, roots
        "ln": "log({x})", "lg": "log({x})/log(10)", "log10": "log({x})/log(10)",
        "log2": "log({x})/log(2)", "lb": "log({x})/log(2)", "ld": "log({x})/log(2)",
        "log1p": "log(1 + {x})", "expm1": "exp({x}) - 1", "exp2": "2**{x}", "exp10": "10**{x}",
        "logit": "log({x}/(1 - {x}))", "logaddexp": "{x} + softplus({y} - {x})",
        "power": "{x}**{y}", "float_power": "{x}**{y}", "sqr": "square({x})",
        "rsqrt": "1/sqrt({x})", "cbrt": "{x}*abs({x})**(-2/3)", "hypot": "sqrt({x}**2 + {y}**2)",
        "xlogy": "{x}*log({y})", "logsum": "logsumexp({x})",
        # trigonometry, also as it is written in Russian schools
        "tg": "tan({x})", "ctg": "1/tan({x})", "cot": "1/tan({x})", "cotan": "1/tan({x})",
        "cotg": "1/tan({x})", "sec": "1/cos({x})", "csc": "1/sin({x})", "cosec": "1/sin({x})",
        "sinh": "(exp({x}) - exp(-{x}))/2", "sh": "(exp({x}) - exp(-{x}))/2",
        "cosh": "(exp({x}) + exp(-{x}))/2", "ch": "(exp({x}) + exp(-{x}))/2",
        "th": "tanh({x})", "cth": "1/tanh({x})", "coth": "1/tanh({x})",
        "sech": "2/(exp({x}) + exp(-{x}))", "csch": "2/(exp({x}) - exp(-{x}))",
        "arcsinh": "log({x} + sqrt({x}**2 + 1))", "asinh": "log({x} + sqrt({x}**2 + 1))",
        "arsh": "log({x} + sqrt({x}**2 + 1))",
        "arccosh": "log({x} + sqrt({x}**2 - 1))", "acosh": "log({x} + sqrt({x}**2 - 1))",
        "arch": "log({x} + sqrt({x}**2 - 1))",
        "arctanh": "log((1 + {x})/(1 - {x}))/2", "atanh": "log((1 + {x})/(1 - {x}))/2",
        "arth": "log((1 + {x})/(1 - {x}))/2",
        "deg2rad": "{x}*0.017453292519943295", "radians": "{x}*0.017453292519943295",
        "rad2deg": "{x}*57.29577951308232", "degrees": "{x}*57.29577951308232",
        # arithmetic as functions
        "plus": "{x} + {y}", "subtract": "{x} - {y}", "minus": "{x} - {y}",
        "multiply": "{x}*{y}", "times": "{x}*{y}", "divide": "{x}/{y}",
        "true_divide": "{x}/{y}", "negative": "-{x}", "positive": "{x}", "fabs": "abs({x})",
        "absolute": "abs({x})", "maximum": "max({x}, {y})", "minimum": "min({x}, {y})",
        "fmax": "max({x}, {y})", "fmin": "min({x}, {y})", "clip": "min(max({x}, {y}), {z})",
        "clamp": "min(max({x}, {y}), {z})", "float": "{x}", "print": "{x}",
        # activations
        "logistic": "sigmoid({x})", "sigm": "sigmoid({x})", "expit": "sigmoid({x})",
        "sigma": "sigmoid({x})",
        "gelu": "0.5*{x}*(1 + tanh(0.7978845608028654*({x} + 0.044715*{x}**3)))",
        "silu": "{x}*sigmoid({x})", "swish": "{x}*sigmoid({x})",
        "mish": "{x}*tanh(softplus({x}))",
        "selu": "1.0507009873554805*elu({x}, 1.6732632423543772)",
        "celu": "relu({x}) + min(0, {y}*(exp({x}/{y}) - 1))",
        "prelu": "leaky_relu({x}, {y})",
        "relu6": "min(relu({x}), 6)",
        "hardsigmoid": _HARD_SIGMOID, "hard_sigmoid": _HARD_SIGMOID,
        "hardswish": "{x}*" + _HARD_SIGMOID, "hard_swish": "{x}*" + _HARD_SIGMOID,
        "hardtanh": "min(max({x}, -1), 1)", "hard_tanh": "min(max({x}, -1), 1)",
        "softsign": "{x}/(1 + abs({x}))", "tanhshrink": "{x} - tanh({x})",
        "logsigmoid": "-softplus(-{x})", "log_sigmoid": "-softplus(-{x})",
        "softmin": "softmax(-{x})", "relu2": "square(relu({x}))",
        # losses and distances
        "mse_loss": "mse({x}, {y})", "mean_squared_error": "mse({x}, {y})",
        "rmse": "sqrt(mse({x}, {y}))", "mae": "mean(abs({x} - {y}))",
        "l1_loss": "mean(abs({x} - {y}))", "mean_absolute_error": "mean(abs({x} - {y}))",
        "huber": _HUBER, "huber_loss": _HUBER, "smooth_l1": _HUBER, "smooth_l1_loss": _HUBER,
        "sse": "l2({x} - {y})", "cross_entropy_loss": "cross_entropy({x}, {y})",
        "nll_loss": "-mean(pick({x}, {y}))", "nll": "-mean(pick({x}, {y}))",
        "categorical_crossentropy": "-sum({x}*log({y}))",
        "bce": _BCE, "bce_loss": _BCE, "binary_cross_entropy": _BCE,
        "bce_with_logits": _BCE_OF_SCORES, "bce_with_logits_loss": _BCE_OF_SCORES,
        "binary_cross_entropy_with_logits": _BCE_OF_SCORES,
        "kl": "sum({x}*log({x}/{y}))", "kl_divergence": "sum({x}*log({x}/{y}))",
        "entropy": "-sum({x}*log({x}))",
        "cosine_similarity": "{x} @ {y}/(norm({x})*norm({y}))",
        "layernorm": _LAYER_NORM, "layer_norm": _LAYER_NORM,
        # vectors and matrices
        "vdot": "{x} @ {y}", "inner": "{x} @ {y}", "mm": "{x} @ {y}", "mv": "{x} @ {y}",
        "bmm": "{x} @ {y}", "linear": "{x} @ {y}.T + {z}",
        "average": "mean({x})", "avg": "mean({x})", "var": _VARIANCE, "variance": _VARIANCE,
        "std": f"sqrt({_VARIANCE})", "ptp": "max({x}) - min({x})",
        "ravel": "flatten({x})", "view": "reshape({args})",
        "concatenate": "concat({args})", "cat": "concat({args})",
        "vstack": "concat({args}, axis=0)", "hstack": "concat({args}, axis=1)",
        "array": "{x}", "asarray": "{x}", "tensor": "{x}", "as_tensor": "{x}", "matrix": "{x}",
        "item": "{x}", "numpy": "{x}", "detach": "{x}", "copy": "{x}", "clone": "{x}",
        "contiguous": "{x}", "astype": "{x}",
    }
)  # fmt: skip
"""What to write for a function that gates make up."""

EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("expand_dims", "unsqueeze"), "reshape(x, 1, 3)"),
        **dict.fromkeys(("squeeze", "resize"), "reshape(x, 3)"),
        **dict.fromkeys(("stack", "column_stack"), "concat(reshape(x, 1, 3), reshape(y, 1, 3))"),
        **dict.fromkeys(("tile", "repeat", "broadcast_to", "expand"), "x*[[1], [1]]"),
        **dict.fromkeys(("trace", "tr"), "sum(A*[[1, 0], [0, 1]])"),
        **dict.fromkeys(("einsum", "tensordot", "permute", "swapaxes"), "x.T @ y"),
        **dict.fromkeys(("where", "select", "cond", "piecewise", "masked_fill"), "max(x, y)"),
        **dict.fromkeys(("embedding", "gather", "take"), "W[2]"),
        **dict.fromkeys(("eye", "identity", "diag", "arange", "linspace", "full"), "x*[1, 2, 3]"),
        **dict.fromkeys(("ones", "zeros", "ones_like", "zeros_like"), "x*[1, 1, 1]"),
        **dict.fromkeys(("cumsum", "prod", "product", "cumprod"), "x[0]*x[1]*x[2]"),
        **dict.fromkeys(("max_pool1d", "max_pool3d"), "maxpool2d(x, 2)"),
        **dict.fromkeys(("conv1d", "conv3d", "convolve", "pad"), "conv2d(x, w, 1, 1)"),
        **dict.fromkeys(("normalize", "unit"), "x/norm(x)"),
        "kl_div": "sum(x*log(x/y))", "sinc": "sin(x)/x", "rms_norm": "x/sqrt(mean(square(x)))",
        "multi_margin_loss": "hinge(s, y)", "one_hot": "cross_entropy(s, y)",
    }
)  # fmt: skip
"""Another way, as an example, where what to write depends on shapes or on a convention."""

_WITHOUT_GATES = """
sign sgn signum step heaviside round rint around floor ceil trunc fix int mod fmod remainder
arctan atan arctg arctan2 atan2 arcsin asin arccos acos arcctg arcctan acot arccot asec acsc
erf erfc gamma lgamma beta factorial bessel lambertw zeta comb perm
inv det slogdet eig eigh svd qr cholesky solve lstsq pinv expm logm rank kron cross
sort argsort argmax argmin median mode quantile percentile unique histogram bincount topk
any all equal less greater isnan isfinite isclose logical_and logical_or logical_not
diff gradient grad derivative integrate cov corrcoef fft ifft rand randn randint choice
instance_norm group_norm rnn lstm gru attention len range list dict set str bool map filter
zip enumerate open input type
"""
NONE = frozenset(_WITHOUT_GATES.split())
"""Names for which no gate stands, alone or with others; also none that looks like them."""

OPTION_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "dim": "axis", "axes": "axis", "dims": "axis", "keepdim": "keepdims",
        "keep_dims": "keepdims", "kernel_size": "size", "pool_size": "size", "ksize": "size",
        "padding": "pad", "strides": "stride", "epsilon": "eps", "rate": "p", "prob": "p",
        "start_dim": "start", "negative_slope": "", "alpha": "", "slope": "",
    }
)  # fmt: skip
"""The names of options elsewhere; empty where graphstep has an input without a name."""

CONSTANTS: Mapping[str, float] = MappingProxyType(
    {"pi": 3.141592653589793, "π": 3.141592653589793, "tau": 6.283185307179586,
     "e": 2.718281828459045}
)  # fmt: skip
"""Names that mostly mean a number."""
