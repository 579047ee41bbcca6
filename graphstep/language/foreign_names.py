"""Functions of other libraries and of textbooks, and what to write for each of them.

A formula has places for the inputs of the foreign function in order, {x}, {y} and {z}; {args} is
all that stood between its brackets. A test evaluates every row and compares it with the function.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_TRUNCATED = "sign({x})*floor(abs({x}))"
_REMAINDER = "{x} - {y}*floor({x}/{y})"
_REST = "{x} - {y}*sign({x}/{y})*floor(abs({x}/{y}))"
_HALF = "where(cumsum(0*{x}[:, 0] + 1)[:, None] ? cumsum(0*{x}[0] + 1), {x}, 0)"
_PRODUCTS = "prod(where(cumsum(0*{x} + 1)[:, None] >= cumsum(0*{x} + 1), {x}, 1), axis=1)"
_POLYLINE = (
    "{z}[0] + sum(({z}[1:] - {z}[:-1])/({y}[1:] - {y}[:-1])"
    "*clip({x}[..., None] - {y}[:-1], 0, {y}[1:] - {y}[:-1]), axis=-1)"
)
_DISTANCE = "sqrt(sum(square({x} - {y}), axis=-1))"
_OVERLAP = "2*sum({x}*{y})/(sum({x}) + sum({y}))"

FORMULAS: Mapping[str, str] = MappingProxyType(
    {
        # logarithms, powers, roots
        "exp2": "2**{x}", "exp10": "10**{x}", "logit": "log({x}/(1 - {x}))",
        "sqr": "square({x})", "rsqrt": "1/sqrt({x})",
        "xlogy": "{x}*log({y})", "logsum": "logsumexp({x})",
        # trigonometry, also as it is written in Russian schools
        "arcctg": "pi/2 - arctan({x})", "ctg": "1/tan({x})",
        "cot": "1/tan({x})", "cotan": "1/tan({x})",
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
        "fmod": _REST,
        **dict.fromkeys(("if", "ifelse", "iif"), "where({x}, {y}, {z})"),
        "floor_divide": "floor({x}/{y})", "copysign": "abs({x})*sign({y})",
        "logaddexp2": "log2(2**{x} + 2**{y})", "nan_to_num": "{x}",
        "cast": "{x}", "squared_difference": "square({x} - {y})",
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
        "softmin": "softmax(-{x})",
        "glu": "split({x}, 2, -1)[0]*sigmoid(split({x}, 2, -1)[1])",
        "softshrink": "sign({x})*relu(abs({x}) - 0.5)", "hardshrink": "{x}*(abs({x}) > 0.5)",
        "relu2": "square(relu({x}))",
        # losses and distances
        "rmse": "sqrt(mse({x}, {y}))", "mae": "mean(abs({x} - {y}))",
        "l1_loss": "mean(abs({x} - {y}))", "mean_absolute_error": "mean(abs({x} - {y}))",
        **dict.fromkeys(("huber_loss", "smooth_l1", "smooth_l1_loss"), "huber({args})"),
        "pairwise_distance": _DISTANCE,
        **dict.fromkeys(("dist", "euclidean"), "norm({x} - {y})"),
        **dict.fromkeys(("manhattan", "cityblock"), "sum(abs({x} - {y}))"),
        "triplet_margin_loss": f"mean(max(0, {_DISTANCE} - {_DISTANCE.replace('{y}', '{z}')} + 1))",
        "logcosh": "log(cosh({x}))", "threshold": "where({x} > {y}, {x}, {z})",
        "sse": "l2({x} - {y})", "cross_entropy_loss": "cross_entropy({args})",
        "nll_loss": "nll({args})", "categorical_crossentropy": "-sum({x}*log({y}), axis=-1)",
        "bce": "binary_cross_entropy({args})", "bce_loss": "binary_cross_entropy({args})",
        "bce_with_logits_loss": "bce_with_logits({args})",
        "binary_cross_entropy_with_logits": "bce_with_logits({args})",
        "kl_divergence": "kl({args})",
        "entropy": "-sum({x}*log({x}))",
        "focal_loss": "-mean({y}*(1 - {x})**2*log({x}) + (1 - {y})*{x}**2*log(1 - {x}))",
        "dice": _OVERLAP, "dice_coefficient": _OVERLAP, "dice_loss": f"1 - {_OVERLAP}",
        **dict.fromkeys(("iou", "jaccard"), "sum({x}*{y})/sum({x} + {y} - {x}*{y})"),
        "l2_loss": "l2({x})/2", "logdet": "log(det({x}))",
        "cosine_similarity": "{x} @ {y}/(norm({x})*norm({y}))",
        "spatial_batchnorm": "batchnorm2d({args})",
        "scaled_dot_product_attention": "attention({args})",
        # vectors and matrices
        "vdot": "sum({x}*{y})", "mm": "{x} @ {y}", "mv": "{x} @ {y}",
        "bmm": "{x} @ {y}", "linear": "{x} @ {y}.T + {z}",
        "addmm": "{x} + {y} @ {z}", "bias_add": "{x} + {y}", "solve": "inv({x}) @ {y}",
        "kron": "flatten(outer({x}, {y}))", "weighted_mean": "sum({x}*{y})/sum({y})",
        "cos_sim": "{x} @ {y}/(norm({x})*norm({y}))",
        "average": "mean({x})", "avg": "mean({x})",
        "sorted": "sort({x})",
        "nanmean": "mean({x})", "nansum": "sum({x})",
        "gmean": "exp(mean(log({x}), axis=0))", "geometric_mean": "exp(mean(log({x})))",
        "zscore": "({x} - mean({x}, axis=0))/std({x}, axis=0)",
        "standardize": "({x} - mean({x}))/std({x})",
        "corr": "mean(({x} - mean({x}))*({y} - mean({y})))/(std({x})*std({y}))",
        "l2_normalize": "{x}/norm({x})", "diff": "{x}[..., 1:] - {x}[..., :-1]",
        **dict.fromkeys(("trapz", "trapezoid"), "sum({x}[..., 1:] + {x}[..., :-1], axis=-1)/2"),
        "flipud": "{x}[::-1]", "fliplr": "{x}[:, ::-1]",
        "zeros_like": "0*{x}", "ones_like": "0*{x} + 1",
        "tril": _HALF.replace("?", ">="), "triu": _HALF.replace("?", "<="),
        "cumprod": _PRODUCTS, "interp": _POLYLINE,
        "masked_fill": "where({y}, {z}, {x})", "lerp": "{x} + {z}*({y} - {x})",
        "len": "size({x}, 0)", "numel": "size({x})",
        "view": "reshape({args})",
        "matrix": "{x}",
        "item": "{x}", "numpy": "{x}", "detach": "{x}", "copy": "{x}", "clone": "{x}",
        "contiguous": "{x}", "astype": "{x}",
    }
)  # fmt: skip
"""What to write for a function that gates make up."""

EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "resize": "reshape(x, 3)",
        **dict.fromkeys(("tile", "repeat"), "concat(x, x)"), "expand": "broadcast_to(x, 2, 3)",
        **dict.fromkeys(("einsum", "tensordot"), "x.T @ y"),
        **dict.fromkeys(("select", "cond", "piecewise"), "where(x > 0, x, 0)"),
        **dict.fromkeys(("gather", "take_along_axis"), "pick(x, y)"), "index_select": "x[i]",
        **dict.fromkeys(("eye", "identity"), "[[1, 0], [0, 1]] @ x"),
        **dict.fromkeys(("arange", "linspace", "full"), "x*[1, 2, 3]"),
        **dict.fromkeys(("ones", "zeros"), "x*[1, 1, 1]"),
        "flip": "x[::-1]", "roll": "concat(x[-1:], x[:-1])", "rot90": "x.T[::-1]",

        **dict.fromkeys(("array", "asarray", "tensor", "as_tensor"), "stack(x, y)"),
        "any": "max(x > 0)", "all": "min(x > 0)",
        "ptp": "max(x) - min(x)", "count_nonzero": "sum(x != 0)", "nanmedian": "median(x)",
        "corrcoef": "mean((x - mean(x))*(y - mean(y)))/(std(x)*std(y))",
        "topk": "sort(x)[-2:]",
        **dict.fromkeys(("percentile", "quantile"), "0.7*sort(x)[2] + 0.3*sort(x)[3]"),
        "append": "concat(x, y)", "moveaxis": "swapaxes(x, 0, 1)",
        "cov": "sum((x - mean(x))*(y - mean(y)))/(size(x) - 1)",
        "log_loss": "binary_cross_entropy(p, t)",

        **dict.fromkeys(("max_pool1d", "max_pool3d"), "maxpool2d(x, 2)"),
        **dict.fromkeys(("conv3d", "convolve"), "conv2d(x, w, 1, 1)"),
        **dict.fromkeys(("normalize", "unit"), "x/norm(x)"),
        "sinc": "sin(pi*x)/(pi*x)", "rms_norm": "x/sqrt(mean(square(x)))",
        **dict.fromkeys(("acot", "arccot"), "arctan(1/x)"), "slogdet": "log(abs(det(x)))",
        "meshgrid": "0*y[:, None] + x", "rearrange": "permute(x, 1, 0)",

        "multi_margin_loss": "hinge(s, y)", "one_hot": "equal(y[..., None], [0, 1, 2])",
    }
)  # fmt: skip
"""Another way, as an example, where what to write depends on shapes or on a convention."""

_WITHOUT_GATES = """
gamma lgamma beta factorial bessel lambertw zeta comb perm
eig eigh svd qr cholesky lstsq pinv expm logm rank
argsort argmax argmin mode unique histogram bincount
isnan isfinite isclose
gradient grad derivative integrate fft ifft rand randn randint choice
rnn lstm gru range list dict set str bool map filter
zip enumerate open input type
"""
NONE = frozenset(_WITHOUT_GATES.split())
"""Names for which no gate stands, alone or with others; also none that looks like them."""

_OF_A_BATCH = "batch_normal(x) = batchnorm(x, 1, 0)"  # a batch of rows, not of images
_OF_IMAGES = "(x) = (x - mean(x, (0, 2, 3), 1))/sqrt(var(x, (0, 2, 3), 1) + 1e-5)"
_GIVEN_STATISTICS = "fixed_batchnorm(x, mu, v, gamma, beta) = (x - mu)/sqrt(v + 1e-5)*gamma + beta"
_GIVEN_OF_IMAGES = "(x, mu, v) = (x - mu[:, None, None])/sqrt(v[:, None, None] + 1e-5)"
_WEIGHTED = "weighted_cross_entropy(s, y, w) = -sum(w[y]*pick(log_softmax(s), y))/sum(w[y])"

COMPOSITES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "layer_norm": (
            "layer_norm(x) = (x - mean(x, -1, 1))/sqrt(var(x, -1, 1) + 1e-5)",
            "layer_norm(x, gamma, beta) = "
            "(x - mean(x, -1, 1))/sqrt(var(x, -1, 1) + 1e-5)*gamma + beta",
        ),
        "batchnorm": (_OF_A_BATCH, _GIVEN_STATISTICS),
        "batch_normal": (_OF_A_BATCH,),
        "fixed_batchnorm": (_GIVEN_STATISTICS,),
        "batchnorm2d": (
            f"batchnorm2d{_OF_IMAGES}",
            f"normal{_OF_IMAGES}; batchnorm2d(x, gamma, beta) = "
            "normal(x)*gamma[:, None, None] + beta[:, None, None]",
            f"given{_GIVEN_OF_IMAGES}; batchnorm2d(x, mu, v, gamma, beta) = "
            "given(x, mu, v)*gamma[:, None, None] + beta[:, None, None]",
        ),
        "instance_norm": (
            "instance_norm(x) = (x - mean(x, (2, 3), 1))/sqrt(var(x, (2, 3), 1) + 1e-5)",
        ),
        "conv1d": (
            "flat(y) = squeeze(y, -2); "
            "conv1d(x, w) = flat(conv2d(expand_dims(x, -2), expand_dims(w, -2)))",
        ),
        "binary_cross_entropy": (
            "binary_cross_entropy(p, t) = -mean(t*log(p) + (1 - t)*log(1 - p))",
        ),
        "bce_with_logits": ("bce_with_logits(s, t) = mean(softplus(s) - s*t)",),
        "nll": ("nll(l, y) = -mean(pick(l, y))",),
        "huber": (
            "bent(e) = min(e, 1)*(e - min(e, 1)/2); huber(x, y) = mean(bent(abs(x - y)))",
            "bent(e, d) = min(e, d)*(e - min(e, d)/2); huber(x, y, d) = mean(bent(abs(x - y), d))",
        ),
        "kl": ("kl(p, q) = sum(p*log(p/q))",),
        "kl_div": ("kl_div(l, p) = mean(p*(log(where(p > 0, p, 1)) - l))",),
        "cross_entropy": (_WEIGHTED,),
        "weighted_cross_entropy": (_WEIGHTED,),
        "soft_cross_entropy": (  # one-hot rows or probabilities
            "soft_cross_entropy(s, p) = -mean(sum(p*log_softmax(s), -1))",
        ),
        "smooth_cross_entropy": (
            "smooth_cross_entropy(s, y, a) = (1 - a)*cross_entropy(s, y) - a*mean(log_softmax(s))",
        ),
        "attention": (
            "attention(q, k, v) = softmax(q @ swapaxes(k, -2, -1)/sqrt(size(q, -1))) @ v",
            "attention(q, k, v, mask) = "
            "softmax(where(mask, q @ swapaxes(k, -2, -1)/sqrt(size(q, -1)), -1e9)) @ v",
        ),
        "cross": (
            "crossed(a, b, i, j) = a*b - i*j; "
            "cross(a, b) = stack(crossed(a[..., 1], b[..., 2], a[..., 2], b[..., 1]), "
            "crossed(a[..., 2], b[..., 0], a[..., 0], b[..., 2]), "
            "crossed(a[..., 0], b[..., 1], a[..., 1], b[..., 0]), axis=-1)",
        ),
        "rnn_cell": ("rnn_cell(x, h, Wx, Wh, b) = tanh(x @ Wx + h @ Wh + b)",),
        "lstm_cell": (
            "states(o, c) = stack(o*tanh(c), c); "
            "opened(a, c) = states(sigmoid(a[2]), sigmoid(a[1])*c + sigmoid(a[0])*tanh(a[3])); "
            "lstm_cell(x, h, c, Wx, Wh, b) = opened(split(x @ Wx + h @ Wh + b, 4, -1), c)",
        ),
        "gru_cell": (
            "mixed(z, n, h) = (1 - z)*n + z*h; "
            "opened(a, b, h) = mixed(sigmoid(a[1] + b[1]), "
            "tanh(a[2] + sigmoid(a[0] + b[0])*b[2]), h); "
            "gru_cell(x, h, Wx, Wh, bx, bh) = "
            "opened(split(x @ Wx + bx, 3, -1), split(h @ Wh + bh, 3, -1), h)",
        ),
    }
)
"""Functions that may be called as they are, each as the text that defines it, by what it takes.

The last function of a text is the one; those before it are made for it. `lstm_cell` is Hochreiter
and Schmidhuber's with a forget gate, in the order i, f, o, g, and gives h and c; `gru_cell` is Cho
et al.'s in the order r, z, n, with the reset gate behind the product, as most libraries have it.
`kl_div` is PyTorch's: it takes the logarithms of the probabilities first, then the target.
"""

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
    {"pi": 3.141592653589793, "π": 3.141592653589793, "Pi": 3.141592653589793,
     "tau": 6.283185307179586, "e": 2.718281828459045}
)  # fmt: skip
"""Names that mostly mean a number."""

INFINITE = frozenset(("inf", "infinity", "infty"))
"""Names for what is no number here, in small letters."""

NUMBERS: Mapping[str, float] = MappingProxyType({name: CONSTANTS[name] for name in ("pi", "π")})
"""Those that are constants of the language, unless they are given or defined in the text."""
