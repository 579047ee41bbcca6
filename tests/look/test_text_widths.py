"""Widths of texts, and lines that fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphstep.look.text_widths import shorten, width, wrap


def test_widths():
    assert width("8", 10) == pytest.approx(6.96)
    assert width("漢", 10) == 10
    assert width("", 10) == 0


@given(text=st.text(max_size=80), limit=st.floats(40, 400))
def test_wrapped_lines_fit(text, limit):
    for line in wrap(text, 10, limit):
        assert width(line, 10) <= limit + 0.1
    assert width(shorten(text, 10, limit), 10) <= limit
