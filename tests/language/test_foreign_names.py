"""What to write for functions of other libraries: it works as written, and is that function."""

import math

import numpy as np
import pytest

import graphstep as gs
from graphstep.advice.similar_names import folded, gate_like
from graphstep.gates import ALIASES, GATES
from graphstep.language.calls import gate_name
from graphstep.language.foreign_names import (
    COMPOSITES,
    CONSTANTS,
    EXAMPLES,
    FORMULAS,
    NONE,
    OPTION_NAMES,
)


def sig(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    return np.exp(x) / np.exp(x).sum()


def same(x, *_):
    return x


def bce(p, t):
    return -(t * np.log(p) + (1 - t) * np.log(1 - p)).mean()


def bce_of_scores(z, t):
    return bce(sig(z), t)


def huber(x, y):
    e = abs(x - y)
    return np.where(e < 1, e**2 / 2, e - 0.5).mean()


def layer_norm(x, g, b):
    x = np.atleast_1d(x)
    return ((x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)) * g + b


def trapezoid(y):
    return (y[1:] + y[:-1]).sum() / 2


def mse(x, y):
    return np.square(x - y).mean()


def mae(x, y):
    return abs(x - y).mean()


def hard_sigmoid(x):
    return np.clip(x / 6 + 0.5, 0, 1)


def hard_swish(x):
    return x * hard_sigmoid(x)


def hard_tanh(x):
    return np.clip(x, -1, 1)


def dense(x, y):
    return x @ y


def kl(x, y):
    return (x * np.log(x / y)).sum()


ONE = {  # functions of one input, element by element
    "ln": np.log, "lg": np.log10, "log10": np.log10, "log2": np.log2, "lb": np.log2, "ld": np.log2,
    "log1p": np.log1p, "expm1": np.expm1, "exp2": np.exp2, "exp10": lambda x: 10.0**x,
    "arcctg": lambda x: np.pi / 2 - np.arctan(x),
    "logit": lambda x: -np.log(1 / x - 1), "sqr": np.square, "rsqrt": lambda x: x**-0.5,
    "cbrt": np.cbrt, "tg": np.tan, "ctg": lambda x: np.cos(x) / np.sin(x),
    **dict.fromkeys(("cot", "cotan", "cotg"), lambda x: np.cos(x) / np.sin(x)),
    "sec": lambda x: 1 / np.cos(x), "csc": lambda x: 1 / np.sin(x), "cosec": lambda x: 1 / np.sin(x),
    "sinh": np.sinh, "sh": np.sinh, "cosh": np.cosh, "ch": np.cosh, "th": np.tanh,
    "cth": lambda x: np.cosh(x) / np.sinh(x), "coth": lambda x: np.cosh(x) / np.sinh(x),
    "sech": lambda x: 1 / np.cosh(x), "csch": lambda x: 1 / np.sinh(x),
    "arcsinh": np.arcsinh, "asinh": np.arcsinh, "arsh": np.arcsinh,
    "arccosh": np.arccosh, "acosh": np.arccosh, "arch": np.arccosh,
    "arctanh": np.arctanh, "atanh": np.arctanh, "arth": np.arctanh,
    "deg2rad": np.deg2rad, "radians": np.radians, "rad2deg": np.rad2deg, "degrees": np.degrees,
    "negative": np.negative, "positive": np.positive, "fabs": np.fabs, "absolute": np.absolute,
    "logistic": sig, "sigm": sig, "expit": sig, "sigma": sig,
    "gelu": lambda x: x / 2 * (1 + math.erf(x / math.sqrt(2))),
    "arctan": np.arctan, "atan": np.arctan, "arctg": np.arctan, "rint": np.rint, "around": np.round,
    "asin": np.arcsin, "acos": np.arccos, "sgn": np.sign, "signum": np.sign,
    **dict.fromkeys(("asec", "arcsec"), lambda x: np.arccos(1 / x)),
    **dict.fromkeys(("acsc", "arccsc"), lambda x: np.arcsin(1 / x)),
    **dict.fromkeys(("trunc", "fix", "int"), np.trunc),
    **dict.fromkeys(("step", "heaviside"), lambda x: np.heaviside(x, 0)),
    "logical_not": lambda x: float(not x), "ReLU": lambda x: max(x, 0.0), "ELU": lambda x: x if x > 0 else np.expm1(x),
    "SELU": lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x)),
    "GELU": lambda x: x / 2 * (1 + math.erf(x / math.sqrt(2))), "SiLU": lambda x: x * sig(x),
    "σ": sig,
    "silu": lambda x: x * sig(x), "swish": lambda x: x * sig(x),
    "mish": lambda x: x * np.tanh(np.log1p(np.exp(x))),
    "selu": lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x)),
    "relu6": lambda x: np.clip(x, 0, 6), "relu2": lambda x: np.maximum(x, 0) ** 2,
    "hardsigmoid": hard_sigmoid, "hard_sigmoid": hard_sigmoid, "hardswish": hard_swish,
    "hard_swish": hard_swish, "hardtanh": hard_tanh, "hard_tanh": hard_tanh,
    "softshrink": lambda x: np.where(abs(x) > 0.5, x - 0.5 * np.sign(x), 0),
    "hardshrink": lambda x: np.where(abs(x) > 0.5, x, 0), "cast": same, "l2_loss": lambda x: x**2 / 2,
    "softsign": lambda x: x / (1 + abs(x)), "tanhshrink": lambda x: x - np.tanh(x),
    "logsigmoid": lambda x: np.log(sig(x)), "log_sigmoid": lambda x: np.log(sig(x)),
    "logcosh": lambda x: np.log(np.cosh(x)), "zeros_like": np.zeros_like, "ones_like": np.ones_like,
    **dict.fromkeys(("float", "print", "matrix", "item", "nan_to_num",
                     "numpy", "detach", "copy", "clone", "contiguous", "astype"), same),
}  # fmt: skip
TWO = {
    "atan2": np.arctan2, "mod": np.mod, "fmod": np.fmod, "bias_add": np.add,
    "squared_difference": lambda x, y: (x - y) ** 2,
    "focal_loss": lambda p, t: -(t * (1 - p) ** 2 * np.log(p) + (1 - t) * p**2 * np.log(1 - p)),
    **dict.fromkeys(("dice", "dice_coefficient"), lambda x, y: 2 * x * y / (x + y)),
    "dice_loss": lambda x, y: 1 - 2 * x * y / (x + y),
    **dict.fromkeys(("iou", "jaccard"), lambda x, y: x * y / (x + y - x * y)), "remainder": np.remainder,
    "logical_and": lambda x, y: 1.0 * np.logical_and(x, y), "logical_or": lambda x, y: 1.0 * np.logical_or(x, y),
    "logaddexp": np.logaddexp, "power": np.power, "float_power": np.float_power,
    "hypot": np.hypot, "xlogy": lambda x, y: x * np.log(y), "plus": np.add,
    "subtract": np.subtract, "minus": np.subtract, "multiply": np.multiply, "times": np.multiply,
    "divide": np.divide, "true_divide": np.divide, "maximum": np.maximum, "minimum": np.minimum,
    "fmax": np.fmax, "fmin": np.fmin,
    "celu": lambda x, a: np.maximum(0, x) + np.minimum(0, a * np.expm1(x / a)),
    "prelu": lambda x, a: np.where(x > 0, x, a * x),
    "mse_loss": mse, "mean_squared_error": mse, "rmse": lambda x, y: np.sqrt(mse(x, y)),
    "mae": mae, "l1_loss": mae, "mean_absolute_error": mae, "huber": huber, "huber_loss": huber,
    "smooth_l1": huber, "smooth_l1_loss": huber, "sse": lambda x, y: np.square(x - y).sum(),
    "floor_divide": np.floor_divide, "copysign": np.copysign, "logaddexp2": np.logaddexp2, "kl": kl, "kl_divergence": kl,
    **dict.fromkeys(("bce", "bce_loss", "binary_cross_entropy"), bce),
    **dict.fromkeys(("bce_with_logits", "bce_with_logits_loss", "binary_cross_entropy_with_logits"),
                    bce_of_scores),
}  # fmt: skip
THREE = {
    "clip": np.clip,
    **dict.fromkeys(("if", "ifelse", "iif"), lambda x, y, z: y if x else z),
    "clamp": np.clip,
    "lerp": lambda x, y, t: x + t * (y - x),
    "threshold": lambda x, y, z: np.where(x > y, x, z),
    "masked_fill": lambda x, y, z: np.where(y, z, x),
}
OF_VECTOR = {
    "logsum": lambda x: np.log(np.exp(x).sum()), "average": np.mean, "avg": np.mean, "var": np.var,
    "variance": np.var, "stddev": np.std, "product": np.prod, "std": np.std, "ravel": np.ravel,
    "sorted": np.sort, "nanmean": np.nanmean, "nansum": np.nansum,
    **dict.fromkeys(("gmean", "geometric_mean"), lambda x: np.prod(x) ** (1 / len(x))),
    **dict.fromkeys(("zscore", "standardize"), lambda x: (x - x.mean()) / x.std()),
    "l2_normalize": lambda x: x / np.linalg.norm(x), "diff": np.diff, "flipud": np.flipud,
    "len": len, "numel": np.size, **dict.fromkeys(("trapz", "trapezoid"), trapezoid),
    "cumprod": np.cumprod,
    "entropy": lambda x: -(x * np.log(x)).sum(), "softmin": lambda x: softmax(-x),
}  # fmt: skip
OF_VECTORS = {
    **dict.fromkeys(("pairwise_distance", "dist", "euclidean"), lambda x, y: np.linalg.norm(x - y)),
    "kron": np.kron, "weighted_mean": lambda x, y: (x * y).sum() / y.sum(),
    "cos_sim": lambda x, y: x @ y / np.linalg.norm(x) / np.linalg.norm(y),
    **dict.fromkeys(("manhattan", "cityblock"), lambda x, y: abs(x - y).sum()),
    "corr": lambda x, y: np.corrcoef(x, y)[0, 1],
    "dot": dense, "vdot": np.vdot, "mm": dense, "mv": dense, "bmm": dense,
    "cosine_similarity": lambda x, y: x @ y / np.linalg.norm(x) / np.linalg.norm(y),
}  # fmt: skip
OTHERS = {  # a call, what it needs, and the value
    "cross_entropy_loss": ("(s, y)", lambda s, y: -np.log(softmax(s)[int(y)])),
    "nll_loss": ("(A, k)", lambda A, k: -A[[0, 1], k].mean()),
    "nll": ("(A, k)", lambda A, k: -A[[0, 1], k].mean()),
    "spatial_batchnorm": ("(C, c, c)", lambda C, c: np.zeros((1, 2, 1, 1)) + c[:, None, None]),
    "scaled_dot_product_attention": ("(A, A[:1], A[:1])", lambda A: A[[0, 0]]),
    "layer_norm": ("(A, g, b)", lambda A, g, b: layer_norm(A, g, b)),
    "linear": ("(u, A, c)", lambda u, A, c: u @ A.T + c),
    "triplet_margin_loss": (
        "(u, v, g)",
        lambda u, v, g: max(0, np.linalg.norm(u - v) - np.linalg.norm(u - g) + 1),
    ),
    "addmm": ("(c, A, A.T)", lambda c, A: c + A @ A.T),
    "solve": ("(A @ A.T, c)", lambda A, c: np.linalg.solve(A @ A.T, c)),
    "logdet": ("(A @ A.T)", lambda A: np.log(np.linalg.det(A @ A.T))),
    "glu": ("(A.T)", lambda A: A.T[:, :1] * sig(A.T[:, 1:])),
    "tril": ("(A)", lambda A: np.tril(A)),
    "triu": ("(A)", lambda A: np.triu(A)),
    "interp": ("(c, h, s)", lambda c, h, s: np.interp(c, h, s)),
    "fliplr": ("(A)", lambda A: A[:, ::-1]),
    "view": ("(A, 3, 2)", lambda A: A.reshape(3, 2)),
    "max_pool2d": ("(A, 2, 1)", lambda A: np.array([[3.0, 4.0]])),
    "avg_pool2d": ("(A, 2, 1)", lambda A: np.array([[1.25, 1.375]])),
    "batch_norm": ("(A, g, b)", lambda A, g, b: (A - A.mean(0)) / np.sqrt(A.var(0) + 1e-5) * g + b),
    "concatenate": ("([u, v])", lambda u, v: np.concatenate([u, v])),
    "cat": ("((u, v))", lambda u, v: np.concatenate([u, v])),
    "embedding": ("(A.T, k)", lambda A, k: A.T[k]),
    "tr": ("(A @ A.T)", lambda A: np.trace(A @ A.T)),
    "unsqueeze": ("(A, 1)", lambda A: A[:, None]),
    "swapdims": ("(A, 0, 1)", lambda A: A.T),
    "chunk": ("(A, 3, 1)", lambda A: np.array(np.split(A, 3, 1))),
    "categorical_crossentropy": ("(g, s**2)", lambda g, s: -(g * np.log(s**2)).sum()),
}
VALUES = {
    "s": np.array([0.2, 1.5, -0.3]), "y": 1.0, "A": np.array([[1.0, 2.0, 4.0], [3.0, -1.0, 0.5]]),
    "B": np.array([[0.0, 1.0, 2.0], [5.0, 5.0, 1.0]]), "k": np.array([2, 0]),
    "g": np.array([1.0, 2.0, 0.5]), "b": np.array([0.1, 0.2, 0.3]),
    "C": np.ones((1, 2, 1, 1)), "h": np.array([-1.0, 0.2, 2.0]), "u": np.array([0.3, -0.7, 2.0]), "v": np.array([1.0, 0.2, 0.4]), "c": np.array([0.5, -0.5]),
}  # fmt: skip
INSIDE = [0.11, 0.4, 0.83]  # where logarithms, logit and arctanh are all defined
EDGES = {  # points on both sides of what a function does differently there
    "arccosh": [1.2, 3.0], "acosh": [1.2, 3.0], "arch": [1.2, 3.0], "cbrt": [-8.0, 0.3, 27.0],
    **dict.fromkeys(("asec", "arcsec", "acsc", "arccsc"), (-3.0, 1.5, 4.0)),
    **dict.fromkeys(("relu6", "relu2", "hardsigmoid", "hard_sigmoid", "hardswish", "hard_swish",
                     "hardtanh", "hard_tanh", "selu", "gelu", "silu", "swish", "mish", "softsign",
                     "sinh", "cosh", "fabs", "trunc", "fix", "int", "step", "SELU", "ReLU", "ELU", "absolute", "log_sigmoid"), (-7.0, -0.4, 0.4, 7.0)),
}  # fmt: skip


def advised_value(call, **inputs):
    """The value of what is advised for a call that is not itself in the language; else its own."""
    if gate_name(call.partition("(")[0]) in {*GATES, *COMPOSITES} and not call.endswith(
        ("])", "))")
    ):
        return gs.parse(f"f = {call}").forward(inputs).value
    with pytest.raises(gs.ParseError) as caught:
        gs.parse(f"f = 1*{call}")
    text = f"f = {caught.value.values['write']}"
    return gs.parse(text).forward(inputs).value


@pytest.mark.parametrize("name", ONE)
def test_functions_of_one_input(name):
    for x in EDGES.get(name, INSIDE):
        assert advised_value(f"{name}(x)", x=x) == pytest.approx(ONE[name](x), rel=1e-12)
    shifted = advised_value(f"{name}(x + d)", x=EDGES.get(name, INSIDE)[-1], d=0.01)
    assert shifted == pytest.approx(ONE[name](EDGES.get(name, INSIDE)[-1] + 0.01), rel=1e-12)


@pytest.mark.parametrize("name", TWO)
def test_functions_of_two_inputs(name):
    for x, y in [(0.3, 0.8), (0.9, 0.2), (2.5, 0.4)][
        : 2 if any(part in name for part in ("bce", "binary", "focal")) else 3
    ]:
        expected = TWO[name](np.float64(x), np.float64(y))
        assert advised_value(f"{name}(x, y)", x=x, y=y) == pytest.approx(expected, rel=1e-12)
        expected = TWO[name](np.float64(x), np.float64(y - x / 10))
        assert advised_value(f"{name}(x, y - x/10)", x=x, y=y) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", THREE)
def test_functions_of_three_inputs(name):
    for x in (-2.0, 0.4, 3.0):
        assert advised_value(f"{name}(x, -1, 1)", x=x) == THREE[name](x, -1, 1)


@pytest.mark.parametrize("name", [*OF_VECTOR, *OF_VECTORS])
def test_functions_of_vectors(name):
    x, y = np.array([0.2, 0.7, 0.4]), np.array([1.0, -0.5, 2.0])
    of = OF_VECTOR.get(name)
    found = advised_value(
        f"{name}(x)" if of else f"{name}(x, y)", **({"x": x} if of else {"x": x, "y": y})
    )
    np.testing.assert_allclose(found, of(x) if of else OF_VECTORS[name](x, y), rtol=1e-12)


@pytest.mark.parametrize("name", OTHERS)
def test_functions_of_arrays(name):
    inside, value = OTHERS[name]
    needed = {key: v for key, v in VALUES.items() if key in inside}
    found = advised_value(f"{name}{inside}", **needed)
    np.testing.assert_allclose(found, value(**needed), rtol=1e-12)


def test_every_formula_is_compared():
    compared = {*ONE, *TWO, *THREE, *OF_VECTOR, *OF_VECTORS, *OTHERS}
    assert compared - GATES.keys() - COMPOSITES.keys() == {*FORMULAS, *ALIASES}


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_can_be_read(name):
    gs.parse(f"f = {EXAMPLES[name]}")
    with pytest.raises(gs.ParseError) as caught:
        gs.parse(f"f = {name}(p, q, r)")
    assert EXAMPLES[name] in str(caught.value)


@pytest.mark.parametrize("name", sorted(NONE))
def test_names_without_a_gate(name):
    with pytest.raises(gs.ParseError) as caught:
        gs.parse(f"f = {name}(x)")
    assert caught.value.key == "gate_custom"


def test_a_formula_with_too_few_inputs_is_an_example():
    with pytest.raises(gs.ParseError, match=r"relu\(x\) \+ min") as caught:
        gs.parse("f = celu(x)")
    assert "write" not in caught.value.values


def test_the_tables_do_not_meet():
    names = [*FORMULAS, *EXAMPLES, *NONE, *(COMPOSITES.keys() - GATES.keys())]
    assert not {*names, *GATES} & ALIASES.keys()
    assert set(ALIASES.values()) <= GATES.keys()
    assert len(names) == len(set(names))
    gates = {folded(name) for name in GATES}
    assert not gates & {folded(name) for name in names}
    assert not any(gate_like(name) for name in {*names} - COMPOSITES.keys())


def test_options_elsewhere_are_options_here():
    known = {option.name for gate in GATES.values() for option in gate.options}
    assert {name for name in OPTION_NAMES.values() if name} <= known
    assert not known & OPTION_NAMES.keys()


def test_constants_are_those_numbers():
    numbers = {"pi": np.pi, "π": np.pi, "Pi": np.pi, "tau": 2 * np.pi, "e": np.e}
    assert numbers == CONSTANTS
