"""The line at which a recording leaves its function, in random programs with a planted fault."""

from collections import Counter
from functools import partial

import numpy as np
from hypothesis import assume, given, reject, settings
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


def function_of(text, asked=traced):
    scope = {"np": np, "traced": asked}
    exec(text, scope)  # text of this test only
    return scope["program"]


def marked_line(text, values):
    """The line that an error names; 0 if there is no error."""
    try:
        gs.trace(function_of(text), *values)
    except TraceError as error:
        return error.values["line"]
    return 0


def results(text, values):
    """What the program returns if its fault is there, and if not."""
    for answer in (True, False):
        function = function_of(text, lambda _, answer=answer: answer)
        try:
            yield function(*[np.copy(v, order="K")[()] for v in values])
        except (ValueError, IndexError, TypeError):
            reject()


def test_the_planted_line_is_found():
    seen = Counter()

    @settings(max_examples=150)
    @given(program=numpy_programs(), fault=st.sampled_from(FAULTS), data=st.data())
    def law(program, fault, data):
        text, values = program
        lines = text.splitlines()
        at = data.draw(st.integers(1, len(lines) - 1))
        lines.insert(at, f"    {fault}")
        text = "\n".join(lines)
        with_it, without = results(text, values)
        assume(np.isfinite([with_it, without]).all())
        line = marked_line(text, values)
        differs = abs(with_it - without) > 1e-6 * (1 + abs(without))
        assert line == at + 1 if differs else line in (0, at + 1), text
        seen[differs] += 1

    law()
    assert seen[True] > 50


def test_branches():
    """A branch that changes no number is named too, if the result differs at all."""
    for at in range(5):
        body = ["    s = s * 1"] * 4
        body[at:at] = ["    if traced(x):", "        s = s + 0"]
        text = "\n".join(["def program(x, s):", *body, "    return s + traced(x) + x.sum()"])
        assert marked_line(text, (np.ones(3), 2.0)) == at + 2
