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
from ..language.pieces import bracketed, inside, is_operand, split
from .foreign_calls import (
    HARMLESS,
    LIBRARIES,
    NAMES,
    OPTION,
    WHOLE,
    Call,
    ExampleError,
    Row,
    array_of,
    given,
    is_number,
    is_vector,
    items_of,
    stacked,
)
from .foreign_losses import LOSSES
from .similar_names import folded

AXIS = r"-?\d+|\([-\d, ]+\)"
AXES = ("x", "axis", "keepdims")
LETTERS = "abcdefghijkl"
KERNEL = ("x", "w", "bias", "stride", "padding", "dilation", "groups")
MOST_COPIES = 8


def written(m: re.Match[str]) -> str:
    """What to write for a call; empty if its gate takes the same. Raises ExampleError."""
    row, call = read(m) or (None, None)
    text = row.meant(call) if row and call else ""
    part = call.part if row and call and not row.of_several else ""
    return bracketed(text) + part if text else ""


def limit(m: re.Match[str]) -> str:
    """For which arrays alone that holds, as a key of the words; empty for all.

    Those are vectors, or matrices, where letters decide what is written.
    """
    row, call = read(m) or (None, None)
    if row is None or call is None:
        return ""
    try:
        other = row.meant(call.in_other_letters)
    except ExampleError:
        other = ""
    if other.casefold() == row.meant(call).casefold():
        return row.limit(call)
    return limit_of(call.arrays)


def limit_of(arrays: Iterable[str]) -> str:
    """What the letters of some arrays say that they are."""
    kinds = {is_vector(text) for text in arrays if NAMES.search(text)}
    return "letters" if len(kinds) > 1 else "vectors" if True in kinds else "matrices"


def read(m: re.Match[str]) -> tuple[Row, Call] | None:
    """A call as it stands, and its row; None where its gate takes the same."""
    found = m.groupdict()
    name, is_layer = found["name"], found.get("set") is not None
    row = (is_layer and LAYERS.get(folded(name))) or CALLS.get(folded(name))
    module, of = found.get("module") or "", found.get("self") or ""
    if row is None or of in LIBRARIES.split("|"):
        return None
    texts = [*split(found["all"][1:-1]), *_settings(found.get("set"))]
    if not module and not of and _is_own(name, texts):
        return None
    texts = [inside(of), *texts] if of else texts
    names = frozenset(option[1] for option in map(OPTION.fullmatch, texts) if option)
    named, part = given(texts, row.order), (found.get("part") or "").strip()
    if named.keys() - {*row.order, *HARMLESS}:
        return None
    return row, Call(module, name, named, names, part, bool(of))


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
    name, second, x = ("max" if "max" in call.name else "min"), call["axis"], array_of(call["x"])
    of_torch = call.is_from("torch") or "dim" in call.names
    if second and not re.fullmatch(AXIS, second):
        return f"{name}({x}, {second})" if of_torch or call.method else ""
    return f"{name}({x}{call.options('axis', 'keepdims')})"


def _sorted(call: Call) -> str:
    x, axis = array_of(call["x"]), call.options("axis")
    if "None" in call.given.get("axis", ""):
        x = f"flatten({x})"
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
    x, axis, options = array_of(call["x"]), call["axis"], call.options("axis", "keepdims")
    if less == "0":
        return f"{name}({x}{options})"
    axes = split(axis[1:-1] if axis.startswith("(") else axis) if axis else ()
    size = "*".join(f"size({x}, {one})" for one in axes) or f"size({x})"
    count = f"({size})" if "*" in size else size
    ratio = f"{count}/({size} - {less})"
    return f"var({x}{options})*{ratio}" if name == "var" else f"std({x}{options})*sqrt({ratio})"


def _norm(call: Call) -> str:
    """A norm of a vector, or of rows; of a matrix the root of the sum of squares.

    In NumPy and torch.linalg the other norms of a matrix are those of linear maps.
    """
    x, order, along = array_of(call["x"]), call["ord"], call.options("axis", "keepdims")
    name = order.rpartition(".")[2].strip("'\"")
    if name in ("", "2", "fro") and not _is_map(call, name):
        return f"sqrt(sum(square({x}){along}))" if along else f"norm({x})"
    if name == "1":
        columns = "" if along or not _is_map(call, name) else ", axis=0"
        return f"max(sum(abs({x}){columns}))" if columns else f"sum(abs({x}){along})"
    if name == "inf":
        is_map = _is_map(call, name)
        return f"max(sum(abs({x}), axis=1))" if is_map else f"max(abs({x}){along})"
    if not is_number(order) or float(order) <= 0 or _is_map(call, name):
        raise ExampleError(f"{call.module}{call.name}({x}, {order})", "")
    return f"sum(abs({x})**{order}{along})**(1/{order})"


def _is_map(call: Call, order: str) -> bool:
    """Whether a norm is that of a matrix as a linear map."""
    usual = order in ("", "fro") or call["axis"] or not call.is_from("linalg") or call.is_from("tf")
    return not usual and "vector" not in call.name and not is_vector(call["x"])


def _normalized(call: Call) -> str:
    axis = call["axis"] or ("1" if call.module else "")
    x = call["x"]
    return f"{bracketed(x)}/sqrt(sum(square({x}), axis={axis}, keepdims=1))" if axis else ""


def _median(call: Call) -> str:
    """PyTorch's is the lower one of two in the middle, not their mean."""
    x, along = array_of(call["x"]), call.options("axis", "keepdims")
    if not (call.is_from("torch") or "dim" in call.names):
        return f"median({x}{along})"
    middle = f"median({x}, axis={call['axis']}, keepdims=1)" if call["axis"] else f"median({x})"
    return f"max(where({bracketed(x)} <= {middle}, {x}, min({x})){along})"


def _quantile(call: Call) -> str:
    """The median, and the ends; between other elements the weights hang on their number."""
    q, x, along = call["q"], array_of(call["x"]), call.options("axis", "keepdims")
    if call["method"] or call["interpolation"]:
        return ""
    share = float(q) / (100 if "percentile" in call.name else 1) if is_number(q) else None
    gate = {0.5: "median", 0.0: "min", 1.0: "max"}.get(share) if share is not None else None
    if gate is None:
        raise ExampleError(f"{call.module}{call.name}", "0.7*sort(x)[2] + 0.3*sort(x)[3]")
    return f"{gate}({x}{along})"


def _of_list(call: Call) -> str:
    """A sum or the like of a list, as an array of its items; of anything else it is the gate's."""
    items = stacked(call["x"])
    return f"{call.name}({items}{call.options('axis', 'keepdims')})" if items else ""


def _over_axis(formula: str) -> Callable[[Call], str]:
    """A formula with a place for the options of a reduction."""

    def meant(call: Call) -> str:
        return formula.format(x=call["x"], along=call.options("axis", "keepdims"))

    return meant


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
    """The columns of a matrix by their numbers; by a number that is no list, one of them.

    An array of more axes is refused by the first step, where X.T would turn it round.
    """
    if i.startswith("["):
        return f"swapaxes(swapaxes({x}, 0, 1)[{i}], 0, 1)"
    return f"einsum('ij->ji', {x})[{i}].T" if is_vector(i) else ""


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
    if len(items) < 2:
        return ""
    if call.given.get("axis") == "None":
        return f"concat({', '.join(f'flatten({item})' for item in items)})"
    return f"{gate}({', '.join(items)}{call.options('axis')})"


def _rows(call: Call) -> str:
    """Vectors as rows, or as columns; matrices below each other, or side by side."""
    items = items_of(call["x"]) or [text for text in call.given.values() if text]
    axis = int(call.name == "column_stack")
    if all(map(is_vector, items)):
        return f"stack({', '.join(items)}{', axis=1' * axis})"
    rows = (f"{x}[{':, ' * axis}None]" if is_vector(x) else x for x in items)
    return f"concat({', '.join(rows)}, axis={axis})"


def columns_beside(m: re.Match[str]) -> str:
    """np.c_: vectors as columns, and arrays joined along the last axis."""
    items = list(split(m[1]))
    if all(map(is_vector, items)):
        return f"stack({', '.join(items)}, axis=1)"
    rows = (f"{x}[:, None]" if is_vector(x) else x for x in items)
    return f"concat({', '.join(rows)}, axis=-1)"


def _beside(call: Call) -> str:
    """Vectors one after the other; matrices, and arrays of more axes, side by side."""
    items = items_of(call["x"]) or [text for text in call.given.values() if text]
    axis = -1 if any(map(is_vector, items)) else 1
    return f"concat({', '.join(items)}, axis={axis})"


def _appended(call: Call) -> str:
    """What NumPy appends without an axis is one row of all elements."""
    x, y = call["x"], call["y"]
    if call["axis"]:
        return f"concat({x}, {y}{call.options('axis')})"
    return f"concat(flatten({x}), flatten({y}))" if y else ""


def _array(call: Call) -> str:
    """An array of a list; of an array it is a copy."""
    return stacked(call["x"]) or call["x"]


def _blocks(call: Call) -> str:
    """Matrices in rows of matrices."""
    rows = [items_of(row) for row in items_of(call["x"])]
    if not rows or not all(rows):
        return ""
    beside = [row[0] if len(row) == 1 else f"concat({', '.join(row)}, axis=-1)" for row in rows]
    return beside[0] if len(beside) == 1 else f"concat({', '.join(beside)}, axis=-2)"


def _diagonal_blocks(call: Call) -> str:
    x, y = bracketed(call["x"]), bracketed(call["y"])
    if not call["y"] or call["z"]:
        return ""
    return (f"concat(concat({x}, 0*{x}[:, :1]*{y}[:1], axis=1), "
            f"concat(0*{y}[:, :1]*{x}[:1], {y}, axis=1), axis=0)")  # fmt: skip


def _grid(call: Call) -> str:
    x, y = (bracketed(_in_a_row(call[name])) for name in "xy")
    if call.part not in ("[0]", "[1]"):
        raise ExampleError(name="meshgrid", example="0*y[:, None] + x")
    return f"0*{y}[:, None] + {x}" if call.part == "[0]" else f"{y}[:, None] + 0*{x}"


def _in_a_row(text: str) -> str:
    """All elements of an array in one row, which those of a vector are."""
    return text if is_vector(text) else f"flatten({inside(text)})"


def _inserted(call: Call) -> str:
    """A row of all elements with a number more, or with an element less; or rows less."""
    k, axis = call.whole("i"), call.whole("axis")
    if k is None or k < 0 or (axis or 0) < 0 or (call["axis"] and call.name == "insert"):
        return ""
    x = bracketed(call["x"] if call["axis"] else _in_a_row(call["x"]))
    before, along = ":, " * (axis or 0), f", axis={axis}" if axis else ""
    if call.name == "delete":
        rest = f"{x}[{before}{k + 1}:]"
        return f"concat({x}[{before}:{k}], {rest}{along})" if k else rest
    one = f"reshape({call['y']}, 1)"
    return f"concat({x}[:{k}], {one}, {x}[{k}:])" if k else f"concat({one}, {x})"


def _rolled(call: Call) -> str:
    """What leaves at the end comes in again at the front."""
    x, k, axis = bracketed(call["x"]), call.whole("shift"), call.whole("axis")
    if axis is None and not is_vector(x):  # NumPy rolls all elements as one row
        example = "reshape(concat(flatten(x)[-1:], flatten(x)[:-1]), 2, 3)"
        raise ExampleError(f"{call.module}{call.name}", example)
    if not k or (axis or 0) < 0:
        return ""
    before, along = ":, " * (axis or 0), f", axis={axis}" if axis else ""
    return f"concat({x}[{before}{-k}:], {x}[{before}:{-k}]{along})"


def _difference(call: Call) -> str:
    """Each element less the one before it, along one of the first axes."""
    x, axis = bracketed(call["x"]), call.whole("axis")
    if axis is None or axis < 0 or call["n"] not in ("", "1"):
        return ""
    before = ":, " * axis
    return f"{x}[{before}1:] - {x}[{before}:-1]"


def _cut(call: Call) -> str:
    """Equal parts along the first axis, or of matrices along the second."""
    axis = ", axis=1" if call.name == "hsplit" and not is_vector(call["x"]) else ""
    return f"split({call['x']}, {call['size']}{axis})" if call.whole("size") else ""


def _repeated(call: Call) -> str:
    """Each element several times."""
    count = call.whole("count") or 0
    if call.method or call["axis"] or not 1 < count <= MOST_COPIES:
        return ""
    return f"flatten(stack({', '.join([call['x']] * count)}, axis=-1))"


def _padded(call: Call) -> str:
    """NumPy's widths, or PyTorch's, which begin with the last axis; those of a matrix."""
    x, width, kind = call["x"], call["padding"], call["mode"].strip("'\"").lower()
    of_torch = call.is_from("F", "nn", "torch") and not call.is_from("tf", "jax")
    if kind not in ("", "constant"):
        return _continued(call, kind)
    value = call["value"] or call["constant_values"]
    ends = items_of(width)
    if of_torch and len(ends) not in (2, 4):
        return ""
    if of_torch:
        pairs = [f"({a}, {b})" for a, b in zip(ends[::2], ends[1::2], strict=True)][::-1]
        width = f"({', '.join(['(0, 0)'] * (2 - len(pairs)) + pairs)})"
    if value in ("", "0", "0.0"):
        return f"pad({x}, {width})"
    return f"pad({bracketed(x)} - {value}, {width}) + {value}" if is_operand(value) else ""


def _continued(call: Call, kind: str) -> str:
    """A vector that goes on at both ends with its own elements."""
    x, width = bracketed(call["x"]), call.whole("padding")
    if width is None or not 0 < width <= MOST_COPIES or not is_vector(x) or call.is_from("F"):
        raise ExampleError(f"{call.module}{call.name}", "concat(x[:1], x, x[-1:])")
    if kind == "edge":
        before, after = ([f"{x}[{end}]"] * width for end in (":1", "-1:"))
    elif kind in ("wrap", "circular"):
        before, after = [f"{x}[-{width}:]"], [f"{x}[:{width}]"]
    elif kind in ("reflect", "symmetric"):
        skip = int(kind == "reflect")
        last = f"{x}[-{width + skip}:{-skip or ''}]"
        before, after = [f"{x}[{skip}:{width + skip}][::-1]"], [f"{last}[::-1]"]
    else:
        return ""
    return f"concat({', '.join([*before, x, *after])})"


# --- products


def _tensordot(call: Call) -> str:
    """A sum of products of matrices or vectors over some axes."""
    axes = call["axes"] or "2"
    if axes in ("0", "1"):
        return f"outer({call['x']}, {call['y']})" if axes == "0" else _product(call)
    axes = "[[0, 1], [0, 1]]" if axes == "2" else axes
    pairs = [items_of(each) or [each] for each in items_of(axes)]
    if len(pairs) != 2 or not all(re.fullmatch("[01]", k) for pair in pairs for k in pair):
        return ""
    first, second = LETTERS[:2], [*LETTERS[2:4]]
    for k, other in zip(*pairs, strict=False):
        second[int(other)] = first[int(k)]
    both = [*first, *second]
    out = "".join(letter for letter in both if both.count(letter) == 1)
    return f'einsum("{first},{"".join(second)}->{out}", {call["x"]}, {call["y"]})'


def _product(call: Call) -> str:
    """A product of vectors and matrices; inner sums over the last axes of both."""
    turned = ".T" if call.name == "inner" else ""
    return f"{bracketed(call['x'])} @ {bracketed(call['y'])}{turned}"


def _of_two_axes(call: Call) -> str:
    """Where a product is not that of arrays of three axes.

    NumPy's dot has then other axes than @, unless one of the two is a vector, tensordot and inner
    unless the second is one.
    """
    by_one = is_vector(call["y"]) or (call.name == "dot" and is_vector(call["x"]))
    return "" if by_one or call["axes"] not in ("", "1") else "two_axes"


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


def _within(call: Call) -> str:
    """Hardtanh with its bounds."""
    low, high = call["min"], call["max"]
    return f"clip({call['x']}, {low}, {high})" if low and high else ""


def _shrunk(call: Call) -> str:
    x, size = bracketed(call["x"]), call["size"]
    if not size:
        return ""
    if "soft" in call.name.lower():
        return f"sign({inside(x)})*relu(abs({inside(x)}) - {bracketed(size)})"
    return f"{x}*(abs({inside(x)}) > {bracketed(size)})"


def _convolution_layer(call: Call) -> str:
    """A layer that keeps its kernel, which is an input here, as its bias is."""
    bias = "" if call["bias"] == "0" else ", b"
    pad = f", pad={call['padding']}" if call["padding"] else ""
    settings = f"{call.options('stride')}{pad}{call.options('dilation', 'groups')}"
    return f"conv2d({call['x']}, w{bias}{settings})"


def _pool(call: Call) -> str:
    gate = "maxpool2d" if "max" in call.name.lower() else "avgpool2d"
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


XY = ("x", "y")
QUANTILE = ("x", "q", "axis", "keepdims", "method", "interpolation")
SPREAD = ("x", "axis", "ddof", "correction", "unbiased", "keepdims")
CONVOLUTION = ("x", "in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation",
               "groups", "bias")  # fmt: skip
POOL = ("x", "size", "stride", "padding")
REDUCTIONS = ("sum", "mean", "prod", "logsumexp")

_ROWS: Mapping[str, Row] = MappingProxyType(
    {
        **dict.fromkeys(
            ("max", "min", "amax", "amin", "reduce_max", "reduce_min"),
            Row(AXES, _first_of(_extreme), True),
        ),
        "sort": Row(("x", "axis", "descending"), _first_of(_sorted), True),
        **dict.fromkeys(("sum", "mean", "prod", "cumsum", "logsumexp"), Row(AXES, _of_list)),
        "any": Row(AXES, _over_axis("max({x} != 0{along})")),
        "all": Row(AXES, _over_axis("min({x} != 0{along})")),
        "count_nonzero": Row(AXES, _over_axis("sum({x} != 0{along})")),
        "ptp": Row(AXES, _over_axis("max({x}{along}) - min({x}{along})")),
        **dict.fromkeys(("median", "nanmedian"), Row(AXES, _median)),
        **dict.fromkeys(("quantile", "percentile"), Row(QUANTILE, _quantile)),
        **{f"reduce_{name}": Row(AXES, _named(name)) for name in REDUCTIONS},
        "reduce_variance": Row(AXES, _named("var")), "reduce_std": Row(AXES, _named("std")),
        **dict.fromkeys(("clip", "clamp", "clip_by_value"), Row(("x", "min", "max"), _clipped)),
        **dict.fromkeys(("var", "std"), Row(SPREAD, _spread)),
        **dict.fromkeys(("norm", "vector_norm"), Row(("x", "ord", "axis", "keepdims"), _norm)),
        "normalize": Row(("x", "ord", "axis"), _normalized),
        **dict.fromkeys(("take", "gather"), Row(("x", "i", "axis"), _taken)),
        "embedding": Row(("i", "x"), _embedded),
        "split": Row(("x", "size", "axis"), _chunk, True),
        **dict.fromkeys(("concatenate", "concat", "cat", "stack"), Row(("x", "axis"), _joined)),
        **dict.fromkeys(("vstack", "row_stack", "column_stack"), Row((*"xyzuvw",), _rows)),
        "hstack": Row((*"xyzuvw",), _beside),
        "append": Row(("x", "y", "axis"), _appended),
        **dict.fromkeys(("array", "asarray", "tensor", "as_tensor"), Row(("x",), _array)),
        "diff": Row(("x", "n", "axis"), _difference),
        **dict.fromkeys(("hsplit", "vsplit"), Row(("x", "size"), _cut)),
        "block": Row(("x",), _blocks), "block_diag": Row((*"xyz",), _diagonal_blocks),
        "meshgrid": Row(XY, _grid, True),
        "insert": Row(("x", "i", "y", "axis"), _inserted),
        "delete": Row(("x", "i", "axis"), _inserted),
        "roll": Row(("x", "shift", "axis"), _rolled),
        **dict.fromkeys(("repeat", "repeat_interleave"), Row(("x", "count", "axis"), _repeated)),
        "pad": Row(("x", "padding", "mode", "value", "constant_values"), _padded),
        "tensordot": Row(
            ("x", "y", "axes"), _tensordot,
            limit=lambda call: _of_two_axes(call) if call["axes"] == "1" else "",
        ),
        **dict.fromkeys(("dot", "inner"), Row(XY, _product, limit=_of_two_axes)),
        "matrix_power": Row(("x", "count"), _power_of_matrix), "multi_dot": Row(("x",), _chain),
        "linear": Row(("x", "w", "b"), _linear),
        **dict.fromkeys(("leaky_relu", "leakyrelu"), Row(("x", "slope"), _leaky)),
        "gelu": Row(("x", "kind"), _gelu), "softplus": Row(("x", "beta"), _softplus),
        "hardtanh": Row(("x", "min", "max"), _within),
        **dict.fromkeys(("softshrink", "hardshrink"), Row(("x", "size"), _shrunk)),
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
    }
)  # fmt: skip

LAYERS: Mapping[str, Row] = MappingProxyType(
    {
        "conv2d": Row(CONVOLUTION, _convolution_layer),
        "batchnorm1d": Row(("x", "num_features", "eps"), lambda call: f"batchnorm({call['x']})"),
        "batchnorm2d": Row(("x", "num_features", "eps"), lambda call: f"batchnorm2d({call['x']})"),
        "embedding": Row(
            ("i", "num_embeddings", "embedding_dim"), lambda call: f"take(W, {call['i']})"
        ),
    }
)
"""Layers of PyTorch, which keep what they learn: what they take first, then their settings."""

CALLS: Mapping[str, Row] = MappingProxyType(
    {folded(name): row for name, row in {**_ROWS, **LOSSES}.items()}
)
"""Functions elsewhere, by their names without case and underscores."""
