"""Rows of the table: each is complete, and options are checked."""

import numpy as np
import pytest

import graphstep as gs
from graphstep.base.errors import GraphError
from graphstep.base.words import sentences
from graphstep.gates import GATES


@pytest.mark.parametrize("gate", GATES.values(), ids=GATES)
def test_rows_are_whole(gate):
    assert gate.name in GATES
    assert gate.variadic or len(gate.local) == len(gate.params)
    assert f"gate.{gate.name}" in sentences("en")
    assert not gate.kinks or gate.convention
    assert not gate.zero or f"zero.{gate.zero}" in sentences("en")
    assert not gate.nickname or f"nickname.{gate.name}" in sentences("en")


def test_options_of_a_gate_by_itself_are_checked():
    for name, given_, options in (("sum", [[1, 2]], dict(axis="a")), ("sum", [[1]], dict(axis=1.0)),
                                  ("softmax", [1, 2], dict(axis=None)), ("dropout", [1], dict(p=-1)),
                                  ("maxpool2d", np.ones((2, 2)), dict(size=0)),
                                  ("dropout", [1], dict(seed=-1))):  # fmt: skip
        with pytest.raises(GraphError, match="cannot be"):
            GATES[name].forward(given_, **options)
    GATES["mul"].forward(1, 2)
    for bad in ([1, 2], None):
        with pytest.raises(gs.GraphstepError):
            GATES["mul"].backward(bad)
