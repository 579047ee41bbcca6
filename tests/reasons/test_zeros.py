"""Reasons of zeros, against brute force: every input is moved, to both sides, element by element."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from laws import EXACTLY

import graphstep as gs
from graphstep.base.words import sentences
from graphstep.calculus.array_math import ARRAY
from graphstep.reasons.zeros import of_zero

STEP = 2.0**-14
FAR = 5.0
STRICT = {"exp", "tanh", "sigmoid", "softplus"}  # they rise everywhere, if only by e**-1000000
SUMS_OF_EXP = {"softmax", "log_softmax", "logsumexp", "cross_entropy"}


class Case:
    """A wire with what brute force needs: the Jacobian as a matrix, and the gate as a function."""

    def __init__(self, tape, wire):
        self.tape, self.wire = tape, wire
        source, self.target, self.position = tape.graph.wires[wire]
        self.node = tape.graph.nodes[self.target]
        self.gate = self.node.gate
        self.args = [np.asarray(v, dtype=float) for v in self.node.taken(tape.values)]
        self.x = np.asarray(tape.values[source], dtype=float)
        self.out = np.asarray(tape.values[self.target])
        local = tape.local(wire)
        self.jacobian = np.array([[local]]) if isinstance(local, float) else local.dense()
        self.upstream = np.ravel(tape.upstreams[self.target])

    def moved(self, j, by):
        """The output after element j of the input was moved."""
        x = self.x.copy()
        x.flat[j] += by
        args = [*self.args[: self.position], x, *self.args[self.position + 1 :]]
        with np.errstate(all="ignore"):
            return np.ravel(self.gate.apply(ARRAY, *args, *self.node.options))

    def rows(self, j):
        """The elements of the output that element j of the input reaches."""
        if not self.gate.elementwise:
            return range(self.out.size)
        places = np.arange(self.x.size).reshape(self.x.shape)
        return np.flatnonzero(np.ravel(np.broadcast_to(places, self.out.shape)) == j)

    def sides(self, i, j, size):
        """The slopes to the left and right of one element, with hundreds of digits."""
        args = [mp.mpf(float(np.ravel(np.broadcast_to(a, self.out.shape))[i])) for a in self.args]
        x = args[self.position]

        def at(step):
            args[self.position] = x + step
            return self.gate.apply(EXACTLY, *args)

        step = size * (abs(x) or 1)
        return (at(0) - at(-step)) / step, (at(step) - at(0)) / step

    def is_bent(self, i, j):
        """Whether the slopes to both sides of an element differ."""
        if self.gate.elementwise:
            left, right = self.sides(i, j, mp.mpf(10) ** -230)
        else:
            here, up, down = (self.moved(j, by)[i] for by in (0, STEP, -STEP))
            left, right = (here - down) / STEP, (up - here) / STEP
        return abs(left - right) > 1e-3

    def is_torn(self, i, j):
        """Whether the value itself differs to both sides of an element."""
        if not self.gate.elementwise:
            return False
        step = mp.mpf(10) ** -230
        return any(abs(slope * step) > 1e-3 for slope in self.sides(i, j, step))

    def is_sloping(self, i, j):
        """Whether the exact slope is not 0: then it does not shrink with the step."""
        if self.gate.name in STRICT:
            return True
        one, other = (sum(self.sides(i, j, mp.mpf(10) ** -n)) / 2 for n in (230, 240))
        return bool(other) and abs(one / other - 1) < 1e-3

    def of_flat(self, j):
        """Why an element has no local gradient."""
        if self.gate.name in SUMS_OF_EXP:
            return "tiny" if self.x.shape[-1] > 1 else "other"
        if self.gate.name == "elastic_net" and self.position == 1 and self.args[0].any():
            return "tiny"
        if any(self.is_bent(i, j) for i in self.rows(j)):
            return "jump" if any(self.is_torn(i, j) for i in self.rows(j)) else "kink"
        if self.gate.elementwise and any(self.is_sloping(i, j) for i in self.rows(j)):
            return "tiny"
        return next((key for key, holds in KEYS.items() if holds(self, j)), "other")

    def of_element(self, j):
        column, rows = self.jacobian[:, j], self.rows(j)
        if self.gate.elementwise and not self.upstream[rows].any():
            return "upstream"
        if not column.any():
            return self.of_flat(j)
        if not (column * (self.upstream != 0)).any():
            return "apart"
        products = column * self.upstream
        assert np.count_nonzero(products) != 1
        return "cancel" if products.any() else "underflow"

    def reasons(self):
        if not self.upstream.any():
            return {"upstream"}
        return {self.of_element(j) for j in range(self.x.size)}


def is_constant(case, j):
    """Whether an input can be moved far without any effect."""
    return all((case.moved(j, by) == case.moved(j, 0)).all() for by in (FAR, -FAR, 100.0))


def is_beaten(case, j, sign):
    """Whether an input is less than (sign -1: greater than) the output wherever it could be it."""
    out = np.ravel(case.out)
    reached = case.moved(j, sign * 1e300) != out
    return reached.any() and (sign * case.x.flat[j] < sign * out[reached]).all()


STEPS = ("floor", "ceil", "round", "sign")
MASKS = ("greater", "greater_equal", "less", "less_equal", "equal", "not_equal")
KEYS = {
    "flat": lambda c, j: c.gate.name in STEPS or (c.gate.name == "where" and c.position and is_constant(c, j)),
    "mask": lambda c, j: c.gate.name in MASKS or (c.gate.name == "where" and not c.position),
    "relu": lambda c, j: c.gate.name == "relu" and c.x.flat[j] < 0,
    "max": lambda c, j: c.gate.name in ("max", "amax") and is_beaten(c, j, 1.0),
    "min": lambda c, j: c.gate.name in ("min", "amin") and is_beaten(c, j, -1.0),
    "dropped": lambda c, j: c.gate.name == "dropout" and is_constant(c, j),
    "untaken": lambda c, j: c.gate.name in ("index", "slice", "pick", "part", "take", "median") and is_constant(c, j),
    "factor": lambda c, j: (
        is_constant(c, j) if c.gate.name in ("mul", "matmul", "outer")
        else c.gate.name in ("square", "l2") and c.x.flat[j] == 0
    ),
}  # fmt: skip
"""Reasons that name what a gate does, each with what it claims."""


def told(lang, source):
    """All sentences about zeros of a source, by key and whether they are of some elements."""
    words = sentences(lang)
    return {
        (key.rpartition(".")[2], "_some" in key): words[key].format(source=source)
        for key in words
        if key.startswith(("zero.", "zero_some."))
    }


def assert_reasons(text, inputs):
    """The reasons that are found by brute force are those that are given, and said."""
    tape = gs.parse(text).forward(inputs)
    assert not tape.troubles
    met = set()
    with mp.workdps(1400):
        for w, wire in enumerate(tape.graph.wires):
            found, down = of_zero(tape, w), tape.downstream(w)
            if tape.graph.takes_labels(wire):
                assert [reason.key for reason in found] == ["labels"]
                continue
            if np.any(down):
                assert not found
                continue
            wanted = Case(tape, w).reasons()
            keys = {reason.key for reason in found}
            assert keys == wanted, (text, inputs, wire, tape.upstreams[wire.target])
            assert {reason.part for reason in found} == {len(wanted) > 1}
            met |= {(w, reason) for reason in found}
    return met


def assert_said(text, inputs, met):
    """Each reason is a sentence in the step of its wire, and no other reason is."""
    for lang in ("en", "ru"):
        s = gs.stepper(text, inputs=inputs, by="product", lang=lang)
        for frame in s:
            if frame.step.kind != "product":
                continue
            wire = frame.step.wire
            all_ = told(lang, s._speaker.words.formulas.name(s.graph.wires[wire].source))
            said = {key for key, sentence in all_.items() if sentence in frame.caption}
            assert said == {(r.key, r.part) for w, r in met if w == wire} or (
                s.graph.takes_labels(s.graph.wires[wire])
            )


numbers = st.sampled_from([-2, -1, -1, 0, 0, 0, 1, 1, 2, 0.5])
far = st.sampled_from([-2, -1, 0, 0, 1, 2, -1000, 1000, -1e-200, 1e-200])
vectors = st.one_of(
    st.lists(numbers, min_size=3, max_size=3), st.lists(far, min_size=3, max_size=3)
)
inputs = st.fixed_dictionaries(
    {"x": vectors, "y": vectors, "c": numbers, "A": st.lists(vectors, min_size=2, max_size=2)}
)
CALLS = ("relu({})", "abs({})", "leaky_relu({}, 0)", "leaky_relu({}, c)", "elu({}, 2)", "elu({}, c)",
         "elu({}, 0)", "square({})", "exp({})", "sigmoid({})", "tanh({})", "softplus({})", "-{}",
         "softmax({})", "log_softmax({})", "dropout({}, 0.5, 1)", "c*{}", "max({}, 0)", "min({}, c)",
         "({})**2", "1.5**({})", "(2 + square({}))**c", "sin({})", "cos({})", "reshape({}, 3)",
         "({})/(1 + square(c))", "c/(1 + square({}))")  # fmt: skip
PAIRS = ("({} + {})", "({} - {})", "({}*{})", "max({}, {})", "min({}, {}, 0)", "max({}, {}, x)",
         "leaky_relu({}, {})", "elu({}, {})", "((A.T @ (A @ ({}))) * {})")  # fmt: skip
ENDS = ("sum({})", "max({})", "min({})", "mean({})", "norm({})", "l1({})", "l2({})", "({})[1]",
        "sum(({})[1:])", "({}) @ y", "sum(A @ ({}))", "logsumexp({})", "elastic_net({}, c)",
        "cross_entropy({}, 1)", "hinge({}, 1)", "mse({}, y)", "sum(outer({}, y)*A[0])",
        "sum(max(A + {}, axis=0))", "sum(max(A, {}))", "sum(concat({}, y))", "c*sum({})")  # fmt: skip
arrays = st.recursive(
    st.sampled_from(["x", "y"]),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(CALLS), inner).map(lambda p: p[0].format(p[1])),
        st.tuples(st.sampled_from(PAIRS), inner, inner).map(lambda p: p[0].format(*p[1:])),
    ),
    max_leaves=4,
)
ends = st.tuples(st.sampled_from(ENDS), arrays).map(lambda p: p[0].format(p[1]))
programs = st.one_of(ends, st.tuples(ends, ends).map("({0[0]})*({0[1]})".format))


@given(text=programs, values=inputs)
def test_reasons_of_random_programs(text, values):
    graph = gs.parse(f"f = {text}")
    given_ = {name: values[name] for name in graph.inputs}
    assume(not graph.forward(given_).troubles)
    met = assert_reasons(f"f = {text}", given_)
    assert_said(f"f = {text}", given_, met)


EXAMPLES = {
    ("upstream", False): ("f = sin(x)*y", dict(x=1, y=0)),
    ("factor", False): ("f = x*y", dict(x=1, y=0)),
    ("relu", False): ("f = relu(x)", dict(x=-1)),
    ("underflow", False): ("f = x*y*z", dict(x=1e-200, y=1e-200, z=1e-200)),
    ("tiny", False): ("f = exp(x)", dict(x=-1000)),
    ("max", False): ("f = max(x, y)", dict(x=1, y=2)),
    ("min", False): ("f = min(x, y, z)", dict(x=1, y=1, z=5)),
    ("dropped", False): ("f = sum(dropout(x, 0.9))", dict(x=[1, 2])),
    ("kink", False): ("f = relu(x)", dict(x=0)),
    ("other", False): ("f = cos(x)", dict(x=0)),
    ("flat", False): ("f = floor(x)", dict(x=0.5)),
    ("jump", False): ("f = floor(x)", dict(x=1)),
    ("mask", False): ("f = (x > 0)*y", dict(x=1, y=2)),
    ("flat", True): ("f = sum(floor(x))", dict(x=[0.5, 1])),
    ("jump", True): ("f = sum(floor(x))", dict(x=[0.5, 1])),
    ("mask", True): ("f = sum((x > 0)*y)", dict(x=[1, 0], y=[3, 4])),
    ("apart", False): ("f = sum([1, 0]*(c*[0, 3]))", dict(c=2)),
    ("cancel", False): ("f = sum(c*[1, -1])", dict(c=2)),
    ("upstream", True): ("f = sum(relu(x)*y)", dict(x=[-1, 2], y=[3, 0])),
    ("relu", True): ("f = sum(relu(x)*y)", dict(x=[-1, 2], y=[3, 0])),
    ("factor", True): ("f = sum([0, 1]*(x*y))", dict(x=[1, 2], y=[2, 0])),
    ("underflow", True): ("f = sum((x*y)*z)", dict(x=[1, 0], y=[1e-200, 0], z=[1e-200, 1])),
    ("tiny", True): ("f = sum([0, 1]*exp(x))", dict(x=[1, -1000])),
    ("max", True): ("f = sum([0, 1]*max(x, y))", dict(x=[3, 1], y=[1, 2])),
    ("min", True): ("f = sum([0, 1]*min(x, y))", dict(x=[1, 3], y=[3, 2])),
    ("dropped", True): ("f = sum([0, 1, 1, 1]*dropout(x, 0.4))", dict(x=[1, 2, 3, 4])),
    ("untaken", True): ("f = sum(x[y]*[1, -1])", dict(x=[1, 2], y=[0, 0])),
    ("kink", True): ("f = sum(relu(x))", dict(x=[0, -1])),
    ("other", True): ("f = sum([0, 1]*cos(x))", dict(x=[1, 0])),
    ("apart", True): ("f = sum(([[1, 0], [0, 0]] @ x)*y)", dict(x=[1, 2], y=[0, 1])),
    ("cancel", True): ("f = sum(([[1, 0], [1, 0]] @ x)*y)", dict(x=[1, 2], y=[1, -1])),
}
"""For each reason, as that of all elements and as that of some, an expression that has it."""


def test_every_reason_has_an_example():
    found = [key.partition(".") for lang in ("en", "ru") for key in sentences(lang)]
    keys = {(key, kind == "zero_some") for kind, _, key in found if kind.startswith("zero")}
    assert keys - {("labels", False)} == EXAMPLES.keys()


@pytest.mark.parametrize("reason", EXAMPLES, ids=str)
def test_reasons_by_example(reason):
    text, values = EXAMPLES[reason]
    met = assert_reasons(text, values)
    assert reason in {(found.key, found.part) for _, found in met}
    assert_said(text, values, met)


def test_a_tie_of_pieces_is_no_kink_of_a_factor():
    pieces = dict(x=[0, 0], w=[[1], [2]], v=[[1], [1]])
    met = assert_reasons("f = sum(maxout(x, w, 0, v, 0))", pieces)
    assert {reason.key for _, reason in met} == {"other"}


def test_of_one_element_the_largest_slope_counts():
    (found,) = assert_reasons("f = sum(x**[0, 3])", dict(x=1e-200))
    assert found[1].key == "tiny"
