"""Numbers as text: rounded, of bounded length, never 0 unless they are."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphstep.look.numbers import Numbers
from graphstep.look.style import Style

TWO = Numbers(2, 8)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.00"), (-0.0, "0.00"), (2.0, "2.00"), (-0.19661, "-0.20"), (0.005, "0.01"),
        (0.0049, "4.9e-03"), (-1e-9, "-1.0e-09"), (1.2e14, "1.2e+14"), (-1.25e14, "-1.2e+14"),
        (99999.994, "99999.99"), (-99999.0, "-99999.0"), (1234567.8, "1234568"), (123456789, "1.2e+08"),
        (1e-300, "1.0e-300"), (-1e-300, "-1e-300"), (math.inf, "inf"), (-math.inf, "-inf"), (math.nan, "nan"),
        (9.999, "10.00"), (9.96e99, "1.0e+100"),
    ],
)  # fmt: skip
def test_numbers(value, text):
    assert TWO(value) == text


@given(value=st.floats(), digits=st.integers(0, 15))
def test_numbers_have_bounded_length_and_never_lie(value, digits):
    style = Style(digits=digits)
    text = style.numbers()(value)
    assert len(text) <= style.room
    if abs(value) < 1e308:
        assert (float(text) == 0) == (value == 0)
        assert float(text) == pytest.approx(value, rel=0.5, abs=0.5 * 10.0**-digits)
        assert not text.startswith("-0.") or float(text) < 0
    elif not math.isfinite(value):
        assert text == str(value)


def test_whole_figures_have_no_decimals():
    assert Style().numbers([1.0, -4.0, math.inf]).digits == 0
    assert Style().numbers([1.0, 0.5]).digits == 2
    assert Style(digits=1).numbers([1.0]).digits == 1
    assert Style(mark=",").numbers()(0.25) == "0,25"
