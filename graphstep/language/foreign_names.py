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
_TRUNCATED = "sign({x})*floor(abs({x}))"
_REMAINDER = "{x} - {y}*floor({x}/{y})"
_LAYER_NORM = (
    "({x} - mean({x}, -1, 1))/sqrt(mean(square({x} - mean({x}, -1, 1)), -1, 1) + 1e-5)*{y} + {z}"
)

FORMULAS: Mapping[str, str] = MappingProxyType(
    {
        # logarithms, powers, roots
        "exp2": "2**{x}", "exp10": "10**{x}", "logit": "log({x}/(1 - {x}))",
        "sqr": "square({x})", "rsqrt": "1/sqrt({x})",
        "xlogy": "{x}*log({y})", "logsum": "logsumexp({x})",
        # trigonometry, also as it is written in Russian schools
        "ctg": "1/tan({x})", "cot": "1/tan({x})", "cotan": "1/tan({x})",
        "cotg": "1/tan({x})", "sec": "1/cos({x})", "csc": "1/sin({x})", "cosec": "1/sin({x})",
        "cth": "1/tanh({x})", "coth": "1/tanh({x})",
        "sech": "1/cosh({x})", "csch": "1/sinh({x})", "asec": "arccos(1/{x})",
        "arcsec": "arccos(1/{x})", "acsc": "arcsin(1/{x})", "arccsc": "arcsin(1/{x})",
        "deg2rad": "{x}*0.017453292519943295", "radians": "{x}*0.017453292519943295",
        "rad2deg": "{x}*57.29577951308232", "degrees": "{x}*57.29577951308232",
        # arithmetic as functions
        "plus": "{x} + {y}", "minus": "{x} - {y}", "times": "{x}*{y}", "positive": "{x}",
        "float": "{x}", "print": "{x}", "around": "round({x})", "trunc": _TRUNCATED,
        "fix": _TRUNCATED, "int": _TRUNCATED, "mod": _REMAINDER, "remainder": _REMAINDER,
        # comparisons
        "step": "({x} > 0)", "heaviside": "({x} > 0)", "logical_not": "({x} == 0)",
        "logical_and": "({x} != 0)*({y} != 0)", "logical_or": "max({x} != 0, {y} != 0)",
        # activations
        "sigm": "sigmoid({x})", "sigma": "sigmoid({x})",
        "celu": "relu({x}) + min(0, {y}*(exp({x}/{y}) - 1))",
        "prelu": "leaky_relu({x}, {y})",
        "hardswish": "{x}*hardsigmoid({x})", "hard_swish": "{x}*hardsigmoid({x})",
        "softsign": "{x}/(1 + abs({x}))", "tanhshrink": "{x} - tanh({x})",
        "logsigmoid": "-softplus(-{x})", "log_sigmoid": "-softplus(-{x})",
        "softmin": "softmax(-{x})", "relu2": "square(relu({x}))",
        # losses and distances
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
        "average": "mean({x})", "avg": "mean({x})",
        "ptp": "max({x}) - min({x})",
        "view": "reshape({args})",
        "vstack": "concat({args}, axis=0)", "hstack": "concat({args}, axis=1)",
        "array": "{x}", "asarray": "{x}", "tensor": "{x}", "as_tensor": "{x}", "matrix": "{x}",
        "item": "{x}", "numpy": "{x}", "detach": "{x}", "copy": "{x}", "clone": "{x}",
        "contiguous": "{x}", "astype": "{x}",
    }
)  # fmt: skip
"""What to write for a function that gates make up."""

EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "resize": "reshape(x, 3)", "column_stack": "stack(x, y, axis=1)",
        **dict.fromkeys(("tile", "repeat"), "concat(x, x)"), "expand": "broadcast_to(x, 2, 3)",
        **dict.fromkeys(("trace", "tr"), "sum(A*[[1, 0], [0, 1]])"),
        **dict.fromkeys(("einsum", "tensordot"), "x.T @ y"),
        **dict.fromkeys(("select", "cond", "piecewise", "masked_fill"), "where(x > 0, x, 0)"),
        "gather": "W[2]",
        **dict.fromkeys(("eye", "identity", "diag", "arange", "linspace", "full"), "x*[1, 2, 3]"),
        **dict.fromkeys(("ones", "zeros", "ones_like", "zeros_like"), "x*[1, 1, 1]"),
        "cumprod": "x[0]*x[1]*x[2]",
        **dict.fromkeys(("max_pool1d", "max_pool3d"), "maxpool2d(x, 2)"),
        **dict.fromkeys(("conv1d", "conv3d", "convolve"), "conv2d(x, w, 1, 1)"),
        **dict.fromkeys(("normalize", "unit"), "x/norm(x)"),
        "kl_div": "sum(x*log(x/y))", "sinc": "sin(x)/x", "rms_norm": "x/sqrt(mean(square(x)))",
        "multi_margin_loss": "hinge(s, y)", "one_hot": "cross_entropy(s, y)",
    }
)  # fmt: skip
"""Another way, as an example, where what to write depends on shapes or on a convention."""

_WITHOUT_GATES = """
fmod arcctg arcctan acot arccot
gamma lgamma beta factorial bessel lambertw zeta comb perm
inv det slogdet eig eigh svd qr cholesky solve lstsq pinv expm logm rank kron cross
sort argsort argmax argmin median mode quantile percentile unique histogram bincount topk
any all isnan isfinite isclose
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
