"""Calls of other libraries that differ from the gate of their name: in order, default or result.

A row of `CALLS` has the names of a function's inputs in order, and what the call means here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from ..gates import GATES, OPTION_ALIASES
from ..language.calls import gate_name
from ..language.foreign_names import COMPOSITES
from ..language.pieces import bracketed, inside, is_operand, split, summed
from .foreign_calls import (
    HARMLESS,
    LIBRARIES,
    OPTION,
    WHOLE,
    Call,
    ExampleError,
    Row,
    given,
    is_vector,
    items_of,
)
from .similar_names import folded

AXIS = r"-?\d+|\([-\d, ]+\)"
AXES = ("x", "axis", "keepdims")
LETTERS = "abcdefghijkl"
KERNEL = ("x", "w", "bias", "stride", "padding", "dilation", "groups")
MOST_COPIES = 8


def written(m: re.Match[str]) -> str:
    """What to write for a call; empty if its gate takes the same. Raises ExampleError."""
    found = m.groupdict()
    row, name = CALLS.get(folded(found["name"])), found["name"]
    module, of = found.get("module") or "", found.get("self") or ""
    if row is None or of in LIBRARIES.split("|"):
        return ""
    texts = [*split(found["all"][1:-1]), *_settings(found.get("set"))]
    if not module and not of and _is_own(name, texts):
        return ""
    texts = [inside(of), *texts] if of else texts
    names = frozenset(option[1] for option in map(OPTION.fullmatch, texts) if option)
    named, part = given(texts, row.order), (found.get("part") or "").strip()
    if named.keys() - {*row.order, *HARMLESS}:
        return ""
    text = row.meant(Call(module, name, named, names, part, bool(of)))
    return bracketed(text) + part * (not row.of_several) if text else ""


def _is_own(name: str, texts: Sequence[str]) -> bool:
    """Whether a call without a module can be meant as that of the gate of the name."""
    gate = GATES.get(gate_name(name))
    options = list(filter(None, map(OPTION.fullmatch, texts)))
    known = {option.name for option in gate.options} if gate else set()
    if gate is None and name not in COMPOSITES:
        return False
    if "None" in texts or any(
        OPTION_ALIASES.get(each[1], each[1]) not in known for each in options
    ):
        return False
    if gate is None:
        return not any(map(items_of, texts))
    return gate.variadic or len(texts) <= len(gate.params) + len(gate.options)


def _settings(text: str | None) -> Iterable[str]:
    """What the class of a layer is made with, which follows what the layer takes."""
    return split(text[1:-1]) if text else ()


# --- reductions


def _extreme(call: Call) -> str:
    """The largest element, or along an axis; of two arrays, the larger elements."""
    name, second, x = ("max" if "max" in call.name else "min"), call["axis"], call["x"]
    of_torch = call.is_from("torch") or "dim" in call.names
    if second and not re.fullmatch(AXIS, second):
        return f"{name}({x}, {second})" if of_torch or call.method else ""
    return f"{name}({x}{call.options('axis', 'keepdims')})"


def _sorted(call: Call) -> str:
    x, axis = call["x"], call.options("axis")
    return f"-sort(-{bracketed(x)}{axis})" if call["descending"] == "1" else f"sort({x}{axis})"


def _first_of(meant: Callable[[Call], str]) -> Callable[[Call], str]:
    """A function of which PyTorch gives two results along an axis, the values first."""

    def first(call: Call) -> str:
        is_pair = call.is_from("torch") or "dim" in call.names
        is_pair = is_pair and bool(call["axis"] or call.name == "sort")
        if is_pair and call.part == "[1]":
            raise ExampleError(name=f"arg{call.name}", example="max(x)")
        text = meant(call)
        return text if not text or is_pair or call.part == ".values" else text + call.part

    return first


def _named(gate: str) -> Callable[[Call], str]:
    """The same function under another name, with options that have names."""
    return lambda call: f"{gate}({call['x']}{call.options('axis', 'keepdims')})"


def _clipped(call: Call) -> str:
    """A clip whose bounds are named, None, or left out; what has both in order is one already."""
    kept = [call[name] for name in ("min", "max") if call[name]]
    if len(kept) == 2:
        return f"clip({call['x']}, {', '.join(kept)})"
    return f"{'max' if call['min'] else 'min'}({call['x']}, {kept[0]})" if kept else call["x"]


def _spread(call: Call) -> str:
    """A var or std that may not divide by n: PyTorch's, or with ddof, correction or unbiased."""
    name = "var" if "var" in call.name else "std"
    of_torch = call.is_from("torch") or {"dim", "keepdim"} & call.names
    less = {"1": "1", "0": "0"}.get(call["unbiased"], "1" if of_torch else "0")
    less = call["ddof"] or call["correction"] or less
    x, axis, options = call["x"], call["axis"], call.options("axis", "keepdims")
    if less == "0":
        return f"{name}({x}{options})"
    axes = split(axis[1:-1] if axis.startswith("(") else axis) if axis else ()
    size = "*".join(f"size({x}, {one})" for one in axes) or f"size({x})"
    count = f"({size})" if "*" in size else size
    ratio = f"{count}/({size} - {less})"
    return f"var({x}{options})*{ratio}" if name == "var" else f"std({x}{options})*sqrt({ratio})"


def _norm(call: Call) -> str:
    """A norm of a vector, or of rows; of a matrix the root of the sum of squares."""
    x, order, along = call["x"], call["ord"], call.options("axis", "keepdims")
    if order in ("", "2", "'fro'", '"fro"'):
        return f"sqrt(sum(square({x}){along}))" if along else f"norm({x})"
    if order == "1":
        return f"sum(abs({x}){along})"
    if order.rpartition(".")[2] in ("inf", "'inf'"):
        return f"max(abs({x}){along})"
    return f"sum(abs({x})**{order}{along})**(1/{order})" if is_operand(order) else ""


def _normalized(call: Call) -> str:
    axis = call["axis"] or ("1" if call.module else "")
    x = call["x"]
    return f"{bracketed(x)}/sqrt(sum(square({x}), axis={axis}, keepdims=1))" if axis else ""


def _cosine(call: Call) -> str:
    x, y, axis = call["x"], call["y"], call["axis"] or ("1" if call.module else "")
    if not axis:
        return f"{bracketed(x)} @ {bracketed(y)}/(norm({x})*norm({y}))"
    squares = "*".join(f"sum(square({each}), axis={axis})" for each in (x, y))
    return f"sum({bracketed(x)}*{bracketed(y)}, axis={axis})/sqrt({squares})"


def _median(call: Call) -> str:
    if call.is_from("torch"):  # the lower one of two in the middle, not their mean
        raise ExampleError(name="torch.median", example="sort(x)[1]")
    return f"median({call['x']}{call.options('axis', 'keepdims')})"


def _quantile(call: Call) -> str:
    if call["q"] in ("0.5", ".5") or (call["q"] == "50" and "percentile" in call.name):
        return f"median({call['x']}{call.options('axis', 'keepdims')})"
    return ""


# --- parts of arrays, and several arrays


def _taken(call: Call) -> str:
    """Rows by their numbers. NumPy's take goes through all elements where no axis is given."""
    x, i, axis = call["x"], call["i"], call["axis"]
    if call.name == "gather" and not call.is_from("tf"):
        return ""
    if not axis and call.name != "gather":
        return f"take(flatten({x}), {i})" if call.module or call.method else ""
    return columns(x, i) if axis in ("1",) else f"take({x}, {i})" if axis in ("0", "") else ""


def _embedded(call: Call) -> str:
    return f"take({call['x']}, {call['i']})" if call.module else ""


def columns(x: str, i: str) -> str:
    """The columns of a matrix by their numbers; by a number that is no list, one of them."""
    return f"{bracketed(x)}.T[{i}].T"


def _chunk(call: Call) -> str:
    """NumPy's split has a number of parts, PyTorch's the size of each."""
    if not (call.is_from("torch") or "dim" in call.names):
        return f"split({call['x']}, {call['size']}{call.options('axis')})" + call.part
    size, axis = call.whole("size"), call.whole("axis") or 0
    if size is None or not call.part[1:-1].isdigit() or axis < 0:
        raise ExampleError(name="torch.split", example="x[0:2]")
    first = int(call.part[1:-1]) * size
    return f"{call['x']}[{':, ' * axis}{first}:{first + size}]"


def _joined(call: Call) -> str:
    """Arrays in a list, along an axis that has a name, as a number would be an array more."""
    gate = "stack" if call.name == "stack" else "concat"
    items = items_of(call["x"])
    return f"{gate}({', '.join(items)}{call.options('axis')})" if len(items) > 1 else ""


def _rows(call: Call) -> str:
    """Vectors as rows, or as columns; matrices below each other, or side by side."""
    items = items_of(call["x"]) or [text for text in call.given.values() if text]
    axis = int(call.name == "column_stack")
    if all(map(is_vector, items)):
        return f"stack({', '.join(items)}{', axis=1' * axis})"
    rows = (f"{x}[{':, ' * axis}None]" if is_vector(x) else x for x in items)
    return f"concat({', '.join(rows)}, axis={axis})"


def _blocks(call: Call) -> str:
    """Matrices in rows of matrices."""
    rows = [items_of(row) for row in items_of(call["x"])]
    if not rows or not all(rows):
        return ""
    beside = [row[0] if len(row) == 1 else f"concat({', '.join(row)}, axis=1)" for row in rows]
    return beside[0] if len(beside) == 1 else f"concat({', '.join(beside)}, axis=0)"


def _diagonal_blocks(call: Call) -> str:
    x, y = bracketed(call["x"]), bracketed(call["y"])
    if not call["y"] or call["z"]:
        return ""
    return (f"concat(concat({x}, 0*{x}[:, :1]*{y}[:1], axis=1), "
            f"concat(0*{y}[:, :1]*{x}[:1], {y}, axis=1), axis=0)")  # fmt: skip


def _grid(call: Call) -> str:
    x, y = bracketed(call["x"]), bracketed(call["y"])
    if call.part not in ("[0]", "[1]"):
        raise ExampleError(name="meshgrid", example="0*y[:, None] + x")
    return f"0*{y}[:, None] + {x}" if call.part == "[0]" else f"{y}[:, None] + 0*{x}"


def _inserted(call: Call) -> str:
    """A vector with a number more, or with an element less."""
    x, k = bracketed(call["x"]), call.whole("i")
    if k is None or k < 0 or call["axis"]:
        return ""
    if call.name == "delete":
        return f"concat({x}[:{k}], {x}[{k + 1}:])" if k else f"{x}[1:]"
    one = f"reshape({call['y']}, 1)"
    return f"concat({x}[:{k}], {one}, {x}[{k}:])" if k else f"concat({one}, {x})"


def _rolled(call: Call) -> str:
    """What leaves at the end comes in again at the front."""
    x, k, axis = bracketed(call["x"]), call.whole("shift"), call.whole("axis")
    if not k or (axis or 0) < 0 or (axis is None and not is_vector(x)):
        return ""
    before, along = ":, " * (axis or 0), f", axis={axis}" if axis else ""
    return f"concat({x}[{before}{-k}:], {x}[{before}:{-k}]{along})"


def _repeated(call: Call) -> str:
    """Each element several times."""
    count = call.whole("count") or 0
    if call.method or call["axis"] or not 1 < count <= MOST_COPIES:
        return ""
    return f"flatten(stack({', '.join([call['x']] * count)}, axis=-1))"


def _padded(call: Call) -> str:
    """NumPy's widths, or PyTorch's, which begin with the last axis; those of a matrix."""
    x, width, kind = call["x"], call["padding"], call["mode"].strip("'\"")
    if kind not in ("", "constant", "CONSTANT") or call["value"] not in ("", "0", "0.0"):
        raise ExampleError(name=call.name, example="concat(x[:1], x, x[-1:])")
    ends = items_of(width)
    if not call.is_from("F", "nn", "torch") or call.is_from("tf", "jax"):
        return f"pad({x}, {width})"
    if len(ends) not in (2, 4):
        return ""
    pairs = [f"({a}, {b})" for a, b in zip(ends[::2], ends[1::2], strict=True)][::-1]
    return f"pad({x}, ({', '.join(['(0, 0)'] * (2 - len(pairs)) + pairs)}))"


# --- products


def _tensordot(call: Call) -> str:
    """A sum of products of matrices or vectors over some axes."""
    x, y, axes = bracketed(call["x"]), bracketed(call["y"]), call["axes"] or "2"
    if axes in ("0", "1", "2"):
        return (f"outer({call['x']}, {call['y']})", f"{x} @ {y}", f"sum({x}*{y})")[int(axes)]
    pairs = [items_of(each) or [each] for each in items_of(axes)]
    if len(pairs) != 2 or not all(re.fullmatch("[01]", k) for pair in pairs for k in pair):
        return ""
    first, second = LETTERS[:2], [*LETTERS[2:4]]
    for k, other in zip(*pairs, strict=False):
        second[int(other)] = first[int(k)]
    return summed(f"{first},{''.join(second)}", (x, y))


def _power_of_matrix(call: Call) -> str:
    count = call.whole("count") or 0
    return " @ ".join([bracketed(call["x"])] * count) if 0 < count <= MOST_COPIES else ""


def _chain(call: Call) -> str:
    return " @ ".join(map(bracketed, items_of(call["x"])))


def _linear(call: Call) -> str:
    bias = f" + {call['b']}" if call["b"] else ""
    return f"{bracketed(call['x'])} @ {bracketed(call['w'])}.T{bias}"


# --- activations


def _leaky(call: Call) -> str:
    """The slope that a library has where none is given; graphstep's own is 0.1."""
    usual = "0.2" if call.is_from("tf", "keras") else "0.01"
    slope = call["slope"] or (usual if call.module else "")
    return f"leaky_relu({call['x']}, {slope})" if slope else ""


def _gelu(call: Call) -> str:
    kind = call["kind"].strip("'\"")
    exact = kind in ("none", "0") or (not kind and not call.is_from("jax"))
    return f"{'gelu' if exact else 'gelu_tanh'}({call['x']})"


def _softplus(call: Call) -> str:
    x, beta = call["x"], call["beta"]
    return f"softplus({beta}*{bracketed(x)})/{beta}" if is_operand(beta) else f"softplus({x})"


def _gated(call: Call) -> str:
    halves = f"split({call['x']}, 2, {call['axis'] or '-1'})"
    return f"{halves}[0]*sigmoid({halves}[1])"


# --- layers


def _convolution(call: Call) -> str:
    """A convolution with a bias and settings in PyTorch's order."""
    same = call["padding"].strip("'\"").lower()
    pad = "1" if same == "same" else "" if same == "valid" else call["padding"]
    settings = {"stride": call["stride"], "pad": pad, "dilation": call["dilation"],
                "groups": call["groups"]}  # fmt: skip
    inputs = [call["x"], call["w"], *([call["bias"]] if call["bias"] else [])]
    return ", ".join([f"conv2d({inputs[0]}", *inputs[1:]]) + "".join(
        f", {name}={text}" for name, text in settings.items() if text and text != "[1, 1, 1, 1]"
    ) + ")"  # fmt: skip


def _pool(call: Call) -> str:
    gate = "maxpool2d" if "max" in call.name else "avgpool2d"
    return f"{gate}({call['x']}{call.options('size', 'stride')}" + (
        f", pad={call['padding']})" if call["padding"] else ")"
    )


def _mean_of_maps(call: Call) -> str:
    x, size = call["x"], call["size"].replace(" ", "")
    return f"mean({x}, axis=(-2, -1), keepdims=1)" if size in ("1", "(1,1)") else ""


def _convolved(call: Call) -> str:
    """A convolution of vectors or matrices without borders; other libraries turn the second."""
    if call["mode"].strip("'\"") != "valid" or call["padding"]:
        return ""
    x, y = bracketed(call["x"]), bracketed(call["y"])
    turned = "convolve" in call.name
    if "2d" in call.name:
        return f"conv2d({call['x']}, {y}[::-1, ::-1])" if turned else f"conv2d({x}, {y})"
    return f"conv2d({x}[None], {y}[None{', ::-1' * turned}])[0]"


def _layer_norm(call: Call) -> str:
    """PyTorch's, which takes the sizes of the axes that it goes along."""
    sizes, x = call["shape"], call["x"]
    if not (items_of(sizes) or ".shape" in sizes or ".size" in sizes or sizes.isdigit()):
        return ""
    if not call["w"] and not call["b"]:
        axes = [str(k) for k in range(-max(1, len(items_of(sizes))), 0)]
        if len(axes) == 1:
            return f"layer_norm({x})"
        along = f"({', '.join(axes)}), 1"
        return f"({bracketed(x)} - mean({x}, {along}))/sqrt(var({x}, {along}) + 1e-5)"
    return f"layer_norm({x}, {call['w'] or '1'}, {call['b'] or '0'})"


def _batch_norm(call: Call) -> str:
    x, gamma, beta = call["x"], call["w"], call["b"]
    if call["training"] != "1" and call["mean"]:
        return f"batchnorm({x}, {call['mean']}, {call['var']}, {gamma or '1'}, {beta or '0'})"
    if call["training"] != "1":
        return ""
    return f"batchnorm({x}, {gamma}, {beta})" if gamma and beta else f"batchnorm({x})"


def _group_norm(call: Call) -> str:
    x, groups = bracketed(call["x"]), call["groups"]
    if not WHOLE.fullmatch(groups):
        return ""
    ones = f"0*{x}[0, :, 0, 0]"  # a number a channel
    return f"group_norm({x}, {call['w'] or ones + ' + 1'}, {call['b'] or ones}, {groups})"


# --- losses


def _binary(call: Call) -> str:
    """Keras takes the labels first."""
    if not call.is_from("tf", "keras", "K"):
        return ""
    gate = "bce_with_logits" if call["from_logits"] == "1" else "binary_cross_entropy"
    return f"{gate}({call['p']}, {call['t']})"


def _of_labels(call: Call) -> str:
    if call["from_logits"] == "1":
        return f"cross_entropy({call['p']}, {call['t']})"
    return f"-mean(log(pick({call['p']}, {call['t']})))"


def _of_logits(call: Call) -> str:
    """TensorFlow's losses of each row, or of each element, with the labels first."""
    x, t = call["logits"], call["labels"]
    if not x or not t:
        return ""
    if "sigmoid" in call.name:
        return f"softplus({x}) - {bracketed(t)}*{bracketed(x)}"
    if "sparse" in call.name:
        return f"-pick(log_softmax({x}), {t})"
    return f"-sum({bracketed(t)}*log_softmax({x}), -1)"


def _cross_entropy(call: Call) -> str:
    """PyTorch's with labels that do not count."""
    x, y, left_out = call["x"], call["y"], call["ignore_index"]
    if not left_out:
        return ""
    counted = f"({y} != {left_out})"
    labels = f"max({y}, 0)" if left_out.startswith("-") else y
    return f"-sum({counted}*pick(log_softmax({x}), {labels}))/sum({counted})"


XY = ("x", "y")
SPREAD = ("x", "axis", "ddof", "correction", "unbiased", "keepdims")
POOL = ("x", "size", "stride", "padding")
REDUCTIONS = ("sum", "mean", "prod", "logsumexp")
LOGITS = ("labels", "logits")

_ROWS: Mapping[str, Row] = MappingProxyType(
    {
        **dict.fromkeys(
            ("max", "min", "amax", "amin", "reduce_max", "reduce_min"),
            Row(AXES, _first_of(_extreme), True),
        ),
        "sort": Row(("x", "axis", "descending"), _first_of(_sorted), True),
        "median": Row(AXES, _median),
        **dict.fromkeys(("quantile", "percentile"), Row(("x", "q", "axis", "keepdims"), _quantile)),
        **{f"reduce_{name}": Row(AXES, _named(name)) for name in REDUCTIONS},
        "reduce_variance": Row(AXES, _named("var")), "reduce_std": Row(AXES, _named("std")),
        **dict.fromkeys(("clip", "clamp", "clip_by_value"), Row(("x", "min", "max"), _clipped)),
        **dict.fromkeys(("var", "std"), Row(SPREAD, _spread)),
        **dict.fromkeys(("norm", "vector_norm"), Row(("x", "ord", "axis", "keepdims"), _norm)),
        "normalize": Row(("x", "ord", "axis"), _normalized),
        "cosine_similarity": Row(("x", "y", "axis"), _cosine),
        **dict.fromkeys(("take", "gather"), Row(("x", "i", "axis"), _taken)),
        "embedding": Row(("i", "x"), _embedded),
        "split": Row(("x", "size", "axis"), _chunk, True),
        **dict.fromkeys(("concatenate", "concat", "cat", "stack"), Row(("x", "axis"), _joined)),
        **dict.fromkeys(("vstack", "row_stack", "column_stack"), Row((*"xyzuvw",), _rows)),
        "block": Row(("x",), _blocks), "block_diag": Row((*"xyz",), _diagonal_blocks),
        "meshgrid": Row(XY, _grid, True),
        "insert": Row(("x", "i", "y", "axis"), _inserted),
        "delete": Row(("x", "i", "axis"), _inserted),
        "roll": Row(("x", "shift", "axis"), _rolled),
        **dict.fromkeys(("repeat", "repeat_interleave"), Row(("x", "count", "axis"), _repeated)),
        "pad": Row(("x", "padding", "mode", "value"), _padded),
        "tensordot": Row(("x", "y", "axes"), _tensordot),
        "matrix_power": Row(("x", "count"), _power_of_matrix), "multi_dot": Row(("x",), _chain),
        "linear": Row(("x", "w", "b"), _linear),
        **dict.fromkeys(("leaky_relu", "leakyrelu"), Row(("x", "slope"), _leaky)),
        "gelu": Row(("x", "kind"), _gelu), "softplus": Row(("x", "beta"), _softplus),
        "glu": Row(("x", "axis"), _gated),
        **dict.fromkeys(("conv2d",), Row(KERNEL, _convolution)),
        **dict.fromkeys(("max_pool2d", "maxpool2d", "avg_pool2d", "avgpool2d"), Row(POOL, _pool)),
        "adaptive_avg_pool2d": Row(("x", "size"), _mean_of_maps),
        **dict.fromkeys(
            ("convolve", "correlate", "convolve2d", "correlate2d"),
            Row(("x", "y", "mode", "padding"), _convolved),
        ),
        "layer_norm": Row(("x", "shape", "w", "b"), _layer_norm),
        "batch_norm": Row(("x", "mean", "var", "w", "b", "training"), _batch_norm),
        "group_norm": Row(("x", "groups", "w", "b"), _group_norm),
        "binary_crossentropy": Row(("t", "p", "from_logits"), _binary),
        "sparse_categorical_crossentropy": Row(("t", "p", "from_logits"), _of_labels),
        "sigmoid_cross_entropy_with_logits": Row(LOGITS, _of_logits),
        "softmax_cross_entropy_with_logits": Row(LOGITS, _of_logits),
        "sparse_softmax_cross_entropy_with_logits": Row(LOGITS, _of_logits),
        "cross_entropy": Row(("x", "y", "ignore_index"), _cross_entropy),
    }
)  # fmt: skip

CALLS: Mapping[str, Row] = MappingProxyType({folded(name): row for name, row in _ROWS.items()})
"""Functions elsewhere, by their names without case and underscores."""
