"""Tokens: names, line ends and places in a text."""

import pytest

import graphstep as gs
from graphstep.base.errors import ParseError


def test_line_and_column_count_from_one():
    with pytest.raises(ParseError) as caught:
        gs.parse("q = x + 1\nf = q *\ty^2")
    assert (caught.value.line, caught.value.column) == (2, 9)
    assert str(caught.value).splitlines() == [
        "line 2, column 9: ^ is not a power in this language. Write y**2.",
        "    f = q * y^2",
        "            ^^^",
    ]


def test_names_follow_python():
    """Keyword arguments reach us NFKC-normalized, so names in the text are too."""
    assert gs.stepper("µ * ёлка + _a1", µ=2, ёлка=3, _a1=1).gradients == {
        "μ": 3.0,
        "ёлка": 2.0,
        "_a1": 1.0,
    }
    assert gs.parse("и\u0306 * हिन्दी").inputs.keys() == {
        "й",
        "हिन्दी",
    }  # decomposed, and with vowel signs
    assert gs.stepper("lambda * x", inputs={"lambda": 2, "x": 3}).value == 6.0


def test_line_ends_of_all_systems():
    for end in ("\n", "\r\n", "\r"):
        assert gs.parse(f"\ufeffq = x{end}f = q*2{end}").forward(x=2).value == 4.0
