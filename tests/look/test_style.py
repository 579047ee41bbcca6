"""Choices of a style that are refused, and colours that can be read."""

import pytest

import graphstep as gs
from graphstep.look.style import PALETTES, Style


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
