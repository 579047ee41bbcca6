"""Numbers, widths, files: the ground floor."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphstep as gs
from graphstep.look.numbers import Numbers
from graphstep.look.style import PALETTES, Style
from graphstep.look.text_widths import shorten, width, wrap

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


@pytest.mark.parametrize(
    "bad",
    [
        dict(palette="x"),
        dict(theme="x"),
        dict(digits=-1),
        dict(digits=16),
        dict(mark=";"),
        dict(digits=1.5),
        dict(digits=2.0),
        dict(palette=[]),
        dict(font=None),
    ],
)
def test_bad_styles(bad):
    with pytest.raises(gs.GraphstepError):
        Style(**bad)


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(k * c for k, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_colours_are_readable(palette):
    for colour in palette.light:
        assert contrast(colour, "#ffffff") >= 4.5
    for colour in palette.dark:
        assert contrast(colour, "#1e1e1e") >= 4.5


def test_widths():
    assert width("8", 10) == pytest.approx(6.96)
    assert width("漢", 10) == 10
    assert width("", 10) == 0


@given(text=st.text(max_size=80), limit=st.floats(40, 400))
def test_wrapped_lines_fit(text, limit):
    for line in wrap(text, 10, limit):
        assert width(line, 10) <= limit + 0.1
    assert width(shorten(text, 10, limit), 10) <= limit
