"""Calls of gates: names of gates and names of nodes."""

import pytest

import graphstep as gs
from graphstep.base.errors import ParseError
from graphstep.gates import GATES


def test_did_you_mean():
    with pytest.raises(ParseError, match="Did you mean sigmoid?"):
        gs.parse("sigmod(x)")
    with pytest.raises(ParseError, match=r"Write 1/tan\(x\)"):
        gs.parse("f = cot(x)")
    with pytest.raises(gs.GraphstepError, match="Did you mean gamma?"):
        gs.parse("gamma * x").forward(x=1, gama=2)


def test_gate_names_may_be_variables():
    assert gs.parse("max * 2 + exp(exp)").forward(max=1, exp=0).value == 3.0
    assert "max" in GATES


def test_a_name_that_is_no_option_is_answered_with_the_options():
    with pytest.raises(ParseError, match="sum has no option ax. Options: axis, keepdims"):
        gs.parse("sum(x, ax=1)")
    none = r"relu has no option axis, nor any other. .* without names: relu\(x\)"
    with pytest.raises(ParseError, match=none):
        gs.parse("relu(x, axis=1)")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("sum(x, axis=0.5)", "whole number"), ("sum(x, axis=y)", "whole number"),
     ("dropout(x, p=y)", "be a number"), ("batchnorm(x, 1, 0, eps=y)", "be a number")],
)  # fmt: skip
def test_an_option_asks_for_the_kind_of_number_that_it_takes(text, kind):
    with pytest.raises(ParseError, match=kind) as caught:
        gs.parse(text)
    assert caught.value.key == "option_number"


@pytest.mark.parametrize("name", ["index", "part"])
def test_an_option_that_a_gate_needs_is_asked_for_at_its_call(name):
    with pytest.raises(ParseError) as caught:
        gs.parse(f"f = 1 + {name}(x)")
    assert (caught.value.key, caught.value.column) == ("option_missing", 9)
