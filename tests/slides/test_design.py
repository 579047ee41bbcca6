"""Contrast of colours, and what a design changes in palettes."""

import pytest

import graphstep as gs
from graphstep.look.style import PAGES, PALETTES
from graphstep.slides.design import Design, Fonts, contrast, on_paper


@pytest.mark.parametrize("theme", PAGES)
@pytest.mark.parametrize("palette", PALETTES)
def test_our_own_colours_can_be_seen(theme, palette):
    look = Design(theme)
    assert look.faint == ()
    inks = look.inks(palette)
    assert min(contrast(inks.value, look.paper), contrast(inks.gradient, look.paper)) >= 4.5


def test_faint_colours_are_told_with_their_contrast():
    look = Design("light", "#ffffff", (("muted", "#999999"), ("accent", "#ffee00")))
    names, _, found, least = zip(*look.faint, strict=True)
    assert names == ("muted", "accent")
    assert found == pytest.approx((2.85, 1.20), abs=0.01)
    assert least == (4.5, 3.0)


def test_a_design_changes_its_own_theme_alone():
    look = Design("dark", "", (("ink", "#eeeeee"),))
    made = look.palette("cs231n")
    assert made.light == PALETTES["cs231n"].light
    assert made.dark == PALETTES["cs231n"].dark._replace(ink="#eeeeee")
    assert on_paper(look) == Design()
    light = Design("light", "#fdf6e3", (("ink", "#073642"),), Fonts("A"))
    assert on_paper(light) == light._replace(page="")
    assert on_paper(light).paper == "#ffffff"


def test_a_figure_takes_a_palette_itself():
    palette = Design("light", "", (("value", "#123456"),)).palette("default")
    s = gs.stepper("f = x * y", x=2, y=3, style=gs.Style(palette=palette))
    assert "#123456" in s[-1].svg()
    with pytest.raises(gs.GraphstepError):
        gs.Style(palette="blue")
