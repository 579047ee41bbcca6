"""Random expressions of the language, for laws; graphs that became code."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
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
