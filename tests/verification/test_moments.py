"""A run followed line by line."""

import gc
import sys

import numpy as np
import pytest

from graphstep.verification.moments import follow


def inner(v):
    w = v + 1
    return 1 * w


def outer(x):
    y = np.linalg.norm(inner(x))
    return [y * k for k in range(2)][1]


def followed(function, *args, most=1000):
    found = []

    def note(moment):
        found.append((moment.code.co_name, moment.names.get("", None), sorted(moment.names)))
        return len(found) < most

    return follow(note, function, *args), found


def test_the_lines_of_a_function_and_of_those_it_calls():
    returned, moments = followed(outer, 2.0)
    assert returned == 3.0
    assert [name for name, _, _ in moments if name in ("outer", "inner")] == [
        "outer", "inner", "inner", "inner", "outer", "outer"]  # fmt: skip
    assert ("inner", 3.0, ["", "v", "w"]) in moments
    assert moments[-1][:2] == ("outer", 3.0)
    assert {name for name, _, _ in moments} <= {"outer", "inner", "<listcomp>"}  # none of NumPy's


def test_following_ends():
    before = sys.gettrace()
    returned, moments = followed(outer, 2.0, most=2)
    assert (returned, len(moments)) == (3.0, 2)
    with pytest.raises(ZeroDivisionError):
        followed(lambda x: 1 / x, 0)
    assert sys.gettrace() is before


def test_finalizers_do_not_run_in_between():
    assert gc.isenabled()
    assert followed(gc.isenabled)[0] is False
    assert gc.isenabled()
    gc.disable()
    try:
        followed(outer, 1.0)
        assert not gc.isenabled()
    finally:
        gc.enable()
