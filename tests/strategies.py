"""Random expressions of the language, for laws; graphs that became code."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from graphstep.engine.passes import Pace

NAMES = ("x", "y", "z", "w")
numbers = st.floats(-3, 3, allow_nan=False).map(lambda v: round(v, 3))
inputs = st.fixed_dictionaries(dict.fromkeys(NAMES, numbers))

UNARY = ("exp", "sin", "cos", "tanh", "sigmoid", "square", "relu", "leaky_relu", "elu", "abs")
SMOOTH = ("sin", "cos", "tanh", "sigmoid", "square")
BINARY = ("+", "-", "*")

literals = st.sampled_from(["2", "0.5", "3", "1.25"])


def _grow(unary: tuple[str, ...]):
    def extend(inner):
        return st.one_of(
            st.tuples(inner, st.sampled_from(BINARY), inner).map(" ".join).map("({})".format),
            st.tuples(literals, st.sampled_from(BINARY), inner).map(" ".join).map("({})".format),
            st.tuples(inner, st.sampled_from([*BINARY, "/"]), literals)
            .map(" ".join)
            .map("({})".format),
            inner.map("(-{})".format),
            inner.map("({} ** 2)".format),
            st.tuples(inner, inner).map(lambda p: f"((1 + square({p[0]})) ** {p[1]})"),
            st.tuples(st.sampled_from(unary), inner).map(lambda p: f"{p[0]}({p[1]})"),
            st.tuples(inner, inner).map(lambda p: f"(({p[0]}) / (1 + square({p[1]})))"),
            *(
                [st.tuples(inner, inner).map(lambda p: f"max({p[0]}, min({p[1]}, {p[0]}))")]
                if unary is UNARY
                else []
            ),
        )

    return extend


leaves = st.sampled_from(NAMES)
expressions = st.recursive(leaves, _grow(UNARY), max_leaves=8)
smooth_expressions = st.recursive(leaves, _grow(SMOOTH), max_leaves=8)


@st.composite
def programs(draw, of=expressions):
    """Several statements that share intermediate names, every one of them used."""
    first, second, last = draw(of), draw(of), draw(of)
    return f"p = {first}\nq = {second} * p\nf = {last} + q * sin(p)"


@contextmanager
def hasty():
    """Engines whose passes write a piece of code after every run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pace, "runs", lambda self, written, pieces: 1)
        yield


def as_code(graph, values):
    """The run of a graph after both of its passes became code from end to end."""
    graph.memory.clear()  # of passes that are paid as ever
    for _ in range(len(graph.nodes) + 2):
        graph.forward(values).backward()
    tape = graph.forward(values)
    made = tape.engine.passes.made.values()
    assert len(made) == 2  # forward and back
    assert all(one.whole and one.written for one in made)
    return tape


def warm(graph, inputs):
    """Run it so often, with runs that pay for a piece each, that all of it becomes code."""
    with hasty():
        tape = as_code(graph, inputs)
    _ = tape.upstreams
    return tape


# --- programs of every kind, for what may only be refused with an error of graphstep

WILD_NAMES = ("x", "y_1", "alpha", "вес", "длинное_имя_весов_слоя", "Wx_hidden_state_12")
SHAPES = ((), (), (2,), (2,), (2, 2), (1, 2), (2, 1), (3, 2, 2), (20,))
STRANGE = st.sampled_from([0.0, -0.0, 1.0, -1.0, 1e-320, 1e308, -1e308, 709.0, -745.0, 0.125, 1e-5])
CALLS = (
    "exp({})", "log({})", "sqrt({})", "tanh({})**2", "relu({})", "elu({}, 0.5)", "leaky_relu({})", "-{}",
    "softmax({})", "log_softmax({}, 0)", "sum({}, 0)", "mean({})", "max({})", "logsumexp({})", "norm({})",
    "{}.T", "{}[0]", "{}[0:1]", "flatten({})", "reshape({}, -1)", "batchnorm({}, 1, 0)", "abs({}) / 3", "2 ** {}",
    "own_scale({})", "sigmoid({} # a comment (\n - 1)", "dropout({}, 0.5, 1)", "l2({})", "cross_entropy({}, labels)", "maxpool2d({}, 1)",
    "{}[..., None]", "{}[:, 0]", "{}[::-1]", "{}[None, -1]", "{}[[1, 0, 1]]", "{}[labels, :]", "{}[labels]", "pick({}, labels)", "take({}, labels)",
    "permute({}, 1, 0)", "swapaxes({}, 0, -1)", "expand_dims({}, 1)", "squeeze({})", "split({}, 2)[0]", "pad({}, 1)",
    "pad({}, ((0, 1), (2, 0)))", "broadcast_to({}, 3, 2, 2)", "var({}, 0)", "std({})", "prod({})", "cumsum({})", "size({}, 0)",
    "clip({}, -1, 1)", "floor({})", "sign({})", "arctan({})", "arccosh({})", "gelu({})", "({} > 0.5)*1.5", "where({0} >= 0, {0}, 2)",
    "trace({})", "diag({})", "det({})", "inv({})", "layer_norm({})", "batchnorm2d({}, 1, 0)", "nll({}, labels)",
)  # fmt: skip
PAIRS = (
    "{} + {}", "{} - {}", "{} * {}", "{} / {}", "{} ** {}", "{} @ {}", "max({}, {})", "min({}, 0, {})",
    "outer({}, {})", "concat({}, {})", "mse({}, {})", "stack({}, {})", "where({}, {}, 1)", "hypot({}, {})", "arctan2({}, {})", "huber({}, {})",
    "{} < {}", "equal({}, {})", "kl({}, {})", "bce_with_logits({}, {})", "attention({}, {}, {0})", "cross({}, {})", "({} + {}) * ({0} - 1)", "1/(1 + exp(-({} + {})))",
)  # fmt: skip
LISTS = (
    "[1.25, -2.75]",
    "[[0.125, -0.5], [-0.3, 0.8]]",
    "[0.111111, 0.222222, 0.333333, 0.444444]",
)
rows = st.one_of(numbers, STRANGE)


def arrays(shape):
    """Nested lists of a shape, or one number."""
    return st.lists(arrays(shape[1:]), min_size=shape[0], max_size=shape[0]) if shape else rows


@st.composite
def wild_programs(draw, most=5):
    """A text of several statements and its inputs: any gates on any shapes, which may not fit."""
    known = list(WILD_NAMES[: draw(st.integers(1, len(WILD_NAMES)))])
    values = {name: draw(arrays(draw(st.sampled_from(SHAPES)))) for name in known}
    values["labels"] = draw(st.sampled_from([0, 1, [0, 1]]))
    lines = []
    for k in range(draw(st.integers(1, most))):
        operand = st.sampled_from([*known, *known, *LISTS, "0.5"])
        inner = draw(st.sampled_from(["{}", "{}", *CALLS])).format(draw(operand))
        form = draw(st.sampled_from([*CALLS, *PAIRS]))
        lines.append(f"h{k}_слой = {form.replace('{0}', inner).format(inner, draw(operand))}")
        known.append(f"h{k}_слой")
    used = [name for name in known if name not in values]
    lines.append("f = " + " + ".join(f"sum({name})" for name in used))
    return draw(st.sampled_from(["\n", "; ", " # said\n"])).join(lines), values


def examples(count, **options):
    """Settings of a law that is slow to try: a few examples, many in the profile `search`."""
    many = max(1, settings.default.max_examples // 100)
    return settings(max_examples=count * many, deadline=None, **options)


# --- programs over matrices, all of one shape, for laws about gradients

MATRICES = {"A": (2, 3), "B": (2, 3), "M": (3, 3), "x": (3,), "c": (), "labels": (2,)}
STEPS = (
    "tanh({})", "sin({})*c", "{}*{}", "{} - {}", "{} + x", "x*{}", "c*{}", "exp({}/3)", "square({})", "relu({})",
    "{} @ M", "({} @ M.T)/2", "softmax({})", "log_softmax({}, 0)", "{}[::-1]", "reshape({}.T, 2, 3)", "permute({}.T, 1, 0)",
    "cumsum({}, axis=1)", "sort({}, 1)", "{} - median({}, 1, 1)", "{} - mean({}, 1, 1)", "{}/sqrt(var({}, 0) + 1)", "layer_norm({})", "max({}, {})", "clip({}, -1, 1)",
    "concat({}[:, 1:], {}[:, :1], axis=1)", "where({} > 0, {}, x)", "broadcast_to(sum({}, 0), 2, 3)", "outer(mean({}, 1), x)",
    "{} + {}[0]", "reshape(flatten({})[::-1], 2, 3)", "swapaxes(stack({}, {}), 0, 1)[:, 0] - {}", "(stack({}, {}) @ M)[1]", "x @ stack(M, M.T) + {}", "{}[[1, 0]]",
    "{}*max({}, axis=1, keepdims=1)", "{} + norm({})", "{}*logsumexp({}, 0)", "pad({}[:, 1:], ((0, 0), (1, 0)))", "split({}, 3, 1)[1]*{}",
    "{} + (x @ M)", "{}*dot(x, x)", "{} + {}[:, 1][:, None]", "dropout({}, 0.3, seed=2)", "take({}[:, ::2].T, [0, 1, 1]).T", "{} + pick({}, labels)[:, None]", "{}[labels]",
)  # fmt: skip
LOSSES = (
    "sum(sin({})*{})", "cross_entropy({}, labels)", "mse({}, A)", "l2({})", "mean({}*x)", "log(sum(exp({})))",
    "hinge({}, labels)", "sum(std({}, 1))", "prod(1 + tanh({}[0])/2)",
)  # fmt: skip


@st.composite
def matrix_programs(draw, most=4):
    """A text of several statements over the inputs `MATRICES`: matrices of 2x3, then one number."""
    known, lines = ["A", "B"], []
    for k in range(draw(st.integers(1, most))):
        form = draw(st.sampled_from(STEPS))
        operands = [known[-1], *(draw(st.sampled_from(known)) for _ in range(form.count("{}") - 1))]
        lines.append(f"h{k} = {form.format(*draw(st.permutations(operands)))}")
        known.append(f"h{k}")
    form = draw(st.sampled_from(LOSSES))
    lines.append(f"f = {form.format(*[known[-1]] * form.count('{}'))}")
    return "; ".join(lines)
