"""Numbers as text: rounded, of bounded length, never 0 unless they are."""

import math
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from printed import read

from graphstep.drawing.measures import any_width
from graphstep.look.numbers import Numbers
from graphstep.look.style import Style
from graphstep.look.text_widths import number_width

TWO = Numbers(2, 8)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.00"), (-0.0, "0.00"), (2.0, "2.00"), (-0.19661, "−0.20"), (0.005, "0.005"),
        (0.125, "0.125"), (-0.375, "−0.375"), (0.003, "0.003"), (19 * 0.015, "0.285"), (0.1251, "0.13"),
        (0.0049, "0.0049"), (-1e-9, "−1.0e−09"), (1.2e14, "1.2e+14"), (-1.25e14, "−1.3e+14"),
        (0.00125, "0.00125"), (-12345.125, "−12345.1"), (123456.75, "123456.8"), (2.675, "2.675"),
        (99999.994, "99999.99"), (-99999.0, "−99999.0"), (1234567.8, "1234568"), (123456789, "1.2e+08"),
        (1e-300, "1.0e−300"), (-1e-300, "−1e−300"), (math.inf, "inf"), (-math.inf, "−inf"), (math.nan, "nan"),
        (9.999, "9.999"), (9.9991, "10.00"), (9.995, "9.995"), (9.96e99, "9.96e+99"), (9.961e99, "1.0e+100"),
    ],
)  # fmt: skip
def test_numbers(value, text):
    assert TWO(value) == text


@given(value=st.floats(), digits=st.integers(0, 15))
def test_numbers_have_bounded_length_and_never_lie(value, digits):
    style = Style(digits=digits)
    text = style.numbers()(value)
    assert number_width(text, 1.0) <= any_width(style.room, 1.0)
    assert len(Style(digits=digits, symbols="program").numbers()(value)) <= style.room
    if abs(value) < 1e308:
        assert (read(text) == 0) == (value == 0)
        assert read(text) == pytest.approx(value, rel=0.5, abs=0.5 * 10.0**-digits)
        assert not text.startswith("−0.") or read(text) < 0
    elif not math.isfinite(value):
        assert text == str(value).replace("-", "−")


def by_the_rule(value, digits):
    """A number of any length, worked out from its shortest decimal text alone."""
    exact = Decimal(repr(value))
    finer = exact.quantize(Decimal(1).scaleb(-digits - 1), ROUND_HALF_UP)
    ends_there = abs(exact - finer) <= Decimal("1e-14") * abs(exact)
    if ends_there and finer.as_tuple().digits[-1]:
        return f"{finer:f}".replace("-", "−")
    shown = (finer if ends_there else exact).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{shown:f}".replace("-", "−")


SHORT = st.builds(lambda n, places: n / 10**places, st.integers(-(10**6), 10**6), st.integers(0, 6))
SUMS = st.builds(lambda a, b, c: (a + b) * c, SHORT, SHORT, st.sampled_from([1, 0.5, 3, 0.015]))


@given(
    value=SHORT | SUMS | st.floats(-1e6, 1e6), digits=st.integers(0, 5), mark=st.sampled_from(".,")
)
def test_numbers_end_where_they_end_or_are_rounded_half_away_from_zero(value, digits, mark):
    expected = by_the_rule(value, digits)
    if value == 0 or read(expected):  # others have an exponent
        assert Numbers(digits, 40, mark)(value) == expected.replace(".", mark).removeprefix(
            "−" if value == 0 else ""
        )
        assert Numbers(digits, 40, mark).cells([value], 40)[0] == Numbers(digits, 40, mark)(value)


@given(count=st.integers(-(10**7), 10**7), places=st.integers(1, 4), fewer=st.integers(1, 4))
def test_a_number_that_does_not_fit_is_rounded_half_away_from_zero(count, places, fewer):
    longest = len(Numbers(places, 40)(count / 10**places)) - fewer
    text = Numbers(places, longest)(count / 10**places)
    if count and "e" not in text:
        kept = Decimal(1).scaleb(-len(text.partition(".")[2]))
        expected = Decimal(count).scaleb(-places).quantize(kept, ROUND_HALF_UP)
        assert text == f"{expected:f}".replace("-", "−")


def test_whole_figures_have_no_decimals():
    assert Style().numbers([1.0, -4.0, math.inf]).digits == 0
    assert Style().numbers([1.0, 0.5]).digits == 2
    assert Style(digits=1).numbers([1.0]).digits == 1
    assert Style(mark=",").numbers()(0.25) == "0,25"
