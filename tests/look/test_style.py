"""Choices of a style that are refused, and colours that can be read."""

import math

import pytest

import graphstep as gs
from graphstep.look.style import PAGES, PALETTES, Style


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
        dict(symbols="latex"),
        dict(font=None),
        dict(direction="left"),
        dict(wrap=99),
        dict(wrap="300"),
        dict(wrap=True),
        dict(wrap=float("nan")),
        dict(wrap=float("inf")),
    ],
)
def test_bad_styles(bad):
    with pytest.raises(gs.GraphstepError):
        Style(**bad)


def linear(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def luminance(colour):
    return sum(k * c for k, c in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_colours_are_readable(palette):
    for colour in palette.light:
        assert contrast(colour, "#ffffff") >= 4.5
    for colour in palette.dark:
        assert contrast(colour, "#1e1e1e") >= 4.5


SEEN = {
    "with all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
                   (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
                     (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
                   (0.004733, 0.691367, 0.303900)),
}  # fmt: skip
"""How linear RGB is seen, after Machado, Oliveira and Fernandes, 2009, table 1, severity 1.0."""


def lab(colour, matrix):
    """A colour as seen, in CIE L*a*b*."""
    given = [min(max(sum(k * c for k, c in zip(row, linear(colour), strict=True)), 0), 1) for row in matrix]  # fmt: skip
    to_xyz = ((0.4339, 0.3762, 0.1899), (0.2127, 0.7152, 0.0722), (0.0178, 0.1095, 0.8727))
    x, y, z = (
        t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
        for t in (sum(k * c for k, c in zip(row, given, strict=True)) for row in to_xyz)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("matrix", SEEN.values(), ids=SEEN)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_values_and_gradients_differ_for_everyone(theme, matrix):
    """Far apart, in units of which a careful eye sees two or three; values are not the accent."""
    colours = getattr(PALETTES["default"], theme)
    seen = {name: lab(getattr(colours, name), matrix) for name in ("value", "gradient", "accent")}
    assert math.dist(seen["value"], seen["gradient"]) >= 39
    assert math.dist(seen["value"], seen["accent"]) >= 18


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_values_have_a_colour(theme):
    """They are not taken for black or white: neither in lightness nor in colour."""
    colours = getattr(PALETTES["default"], theme)
    (value, *hue), (ink, *_) = (
        lab(c, SEEN["with all cones"]) for c in (colours.value, colours.ink)
    )
    assert abs(value - ink) >= 8
    assert math.hypot(*hue) >= 35
    assert contrast(colours.value, PAGES[theme]) >= 4.5
