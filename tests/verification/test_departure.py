"""The line at which a recording leaves its function, in random programs with a planted fault."""

from collections import Counter
from functools import partial

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy_programs import numpy_programs

import graphstep as gs
from graphstep.base.errors import TraceError
from graphstep.importers.in_place import Changeable

traced = partial(type.__instancecheck__, Changeable)
FAULTS = (
    "s = s + 0.25 * traced(x)",
    "x[-1] += 0.5 * traced(x)",
    "y = y.copy() if traced(y) else y * 1.25",
    "x = x if traced(x) else x.T",
)


def marked_line(text, values):
    """The line that an error names; 0 without an error or with another one."""
    scope = {"np": np, "traced": traced}
    exec(text, scope)  # text of this test only
    try:
        gs.trace(scope["program"], *values)
    except TraceError as error:
        return error.values.get("line", 0)
    return 0


def test_the_planted_line_is_found():
    seen = Counter()

    @settings(max_examples=150)
    @given(program=numpy_programs(), fault=st.sampled_from(FAULTS), data=st.data())
    def law(program, fault, data):
        text, values = program
        lines = text.splitlines()
        at = data.draw(st.integers(1, len(lines) - 1))
        lines.insert(at, f"    {fault}")
        line = marked_line("\n".join(lines), values)
        assert line in (0, at + 1), "\n".join(lines)
        seen[bool(line)] += 1

    law()
    assert seen[True] > 3 * seen[False]  # a fault may change nothing, or be refused while recording


def test_branches():
    """A branch that changes no number is named too, if the result differs at all."""
    for at in range(5):
        body = ["    s = s * 1"] * 4
        body[at:at] = ["    if traced(x):", "        s = s + 0"]
        text = "\n".join(["def program(x, s):", *body, "    return s + traced(x) + x.sum()"])
        assert marked_line(text, (np.ones(3), 2.0)) == at + 2
