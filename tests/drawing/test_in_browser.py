"""Figures in a real Chromium: every text fits its place, whatever font is there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from browsing import BROWSER, LECTURE, fits, lecture_figures
from drawings import LAYOUTS
from hypothesis import HealthCheck, given
from strategies import examples, programs

import graphstep as gs
from examples import stepped

pytestmark = BROWSER

FONTS = ["DejaVu Sans, Verdana, Geneva, sans-serif", "serif", "monospace", "sans-serif"]
BOXES = """() => [...document.querySelectorAll('svg text, svg g')].filter(
    t => t.textContent && (t.tagName === 'text' ? !parted(t.parentElement) : parted(t))).map(t => {
    const b = t.getBBox(), m = t.getCTM();
    return {slot: t.closest('[data-slot]')?.dataset.slot || '', kind: t.getAttribute('class') || t.parentElement.getAttribute('class') || '', text: t.textContent,
            left: b.x, right: b.x + b.width, top: b.y, bottom: b.y + b.height,
            x0: b.x + m.e, x1: b.x + b.width + m.e, y0: b.y + m.f, y1: b.y + b.height + m.f}})"""
PARTED = """() => { window.parted = (g) => g.tagName === 'g' && [...g.children].map(
    t => t.tagName + t.getAttribute('text-anchor')).join() === 'textend,textstart' }"""  # a text in two parts


def shown(page, svg, font=None):
    """The boxes of all texts of a figure as the browser draws it."""
    page.set_content(f"<body style='margin:0'>{svg}</body>")
    if font:
        page.evaluate(
            "font => document.querySelector('svg').setAttribute('font-family', font)", font
        )
    page.evaluate(PARTED)
    return page.evaluate(BOXES)


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("name", LECTURE)
def test_every_text_of_every_frame_fits(page, name, font):
    s = LECTURE[name]()
    for frame in s:
        fits(s, frame, shown(page, frame.svg(), font))


@pytest.mark.parametrize("layout", LAYOUTS[1:], ids=str)
@pytest.mark.parametrize("name", LECTURE)
def test_every_text_fits_in_each_direction(page, name, layout):
    s = LECTURE[name]()
    s = replace(s, style=replace(s.style, **layout), _drawn=[])
    for frame in (s[0], s[-1]):
        fits(s, frame, shown(page, frame.svg()))


SHARE_OF_WIDTH = """() => { const svg = document.querySelector('svg'), number = document.querySelector('text[data-slot]');
    return parseFloat(getComputedStyle(number).fontSize) / svg.viewBox.baseVal.width }"""
SIGN_IN_CIRCLE = """() => [...document.querySelectorAll('.m text')].filter(t => '+−'.includes(t.textContent)).map(t => {
    const range = t.getBBox(); return range.width / document.querySelector('.s rect').getBBox().height })"""


@pytest.mark.parametrize(("name", "least"), [("section 2", 0.018), ("section 1", 0.038)])
def test_numbers_are_as_large_as_on_the_slides_of_the_lecture(page, name, least):
    """For the eight gates of the neuron and for (x + y) z: font size, to the figure's width."""
    s = LECTURE[name]()
    page.set_content(s[-1].picture())
    assert page.evaluate(SHARE_OF_WIDTH) >= least
    signs = page.evaluate(SIGN_IN_CIRCLE)
    assert signs
    assert min(signs) >= 0.5  # of the circle


SMALLEST_NUMBER = """() => { const svg = document.querySelector('svg');
    const numbers = [...svg.querySelectorAll('text.v, text.g, .v text:not(.l), .g text:not(.l)')].filter((t) => /\\d|∂/.test(t.textContent));
    return Math.min(...numbers.map((t) => parseFloat(getComputedStyle(t).fontSize))) / svg.viewBox.baseVal.width }"""
COUNTERPARTS = {
    "q = x + y; f = q * z": 0.038,
    "z = f(x, y)": 0.038,
    "f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2)))": 0.018,
    "f = (x*y + max(z, w)) * 2": 0.038,
    "f = 2 * (x + y)": 0.038,
    "g = 2 * max(x, y)": 0.038,
    "a = x * y; b = x + y; f = a * b": 0.038,
    "q = W @ x; f = l2(q)": 0.024,
    "s = f(x, W, b); d = h(s); r = R(W); L = d + λ*r": 0.024,
}
"""The figures of the lecture that stand on slides of CS231n as well: the least size of a number."""


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_numbers_of_the_lecture_are_large_at_equal_width(page, lang):
    """In every figure that CS231n has too, in rows and arrays: font size, to the figure's width."""
    measured = {}
    for s in lecture_figures(lang):
        page.set_content(s[-1].picture())
        size, source = page.evaluate(SMALLEST_NUMBER), s.graph.source
        measured[source] = min(size, measured.get(source, size))
    assert measured.keys() >= COUNTERPARTS.keys()
    small = {text: measured[text] for text, least in COUNTERPARTS.items() if measured[text] < least}
    assert not small
    assert min(measured.values()) > 0.012  # all others, which are wider


@examples(25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=programs())
def test_texts_of_random_graphs_fit(page, text):
    for s in (stepped(text), gs.stepper(text)):  # with numbers, and in symbols
        fits(s, s[-1], shown(page, s[-1].svg()))


def test_several_figures_on_one_page_keep_their_own_look(page):
    one = gs.stepper("x*y", x=2, y=3)
    two = gs.stepper("x*y", x=2, y=3, style=gs.Style(palette="cs231n"))
    page.set_content(one[0].svg() + two[0].svg() + one[1].svg())
    fills = page.evaluate(
        "() => [...document.querySelectorAll('svg')].map(s => getComputedStyle(s.querySelector('.v')).fill)"
    )
    assert fills == ["rgb(0, 131, 112)", "rgb(11, 122, 11)", "rgb(0, 131, 112)"]
    assert (
        page.evaluate("() => new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size")
        == 9
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_file_looks_the_same_whatever_theme_its_reader_has(page, scheme):
    page.emulate_media(color_scheme=scheme)
    look = "selector => getComputedStyle(document.querySelector(selector)).fill"
    try:
        for theme, ink, paper in (("auto", "rgb(36, 41, 47)", "rgb(255, 255, 255)"),
                                  ("light", "rgb(36, 41, 47)", "rgb(255, 255, 255)"),
                                  ("dark", "rgb(230, 237, 243)", "rgb(13, 17, 23)")):  # fmt: skip
            page.set_content(gs.stepper("x*y", x=2, y=3, style=gs.Style(theme=theme))[0].svg())
            assert page.evaluate(look, ".m") == ink
            assert page.evaluate(look, ".page") == paper
    finally:
        page.emulate_media(color_scheme="light")


def test_text_can_be_selected(page):
    page.set_content(LECTURE["section 2"]()[-1].svg())
    assert "w₀" in page.evaluate(
        "() => { document.execCommand('selectAll'); return getSelection().toString() }"
    )


def test_hostile_names_run_nothing(page):
    graph = gs.parse("f = x * 2")
    bad = "<img src=x onerror=window.hit=1><script>window.hit=1</script>"
    nodes = tuple(n._replace(name=bad + n.name if n.name else None) for n in graph.nodes)
    evil = gs.ComputationalGraph(nodes, 1, {n.name: i for i, n in enumerate(nodes)}, bad)
    page.set_content("".join(f.svg() for f in gs.stepper(evil, inputs={f"{bad}x": 3})))
    assert page.evaluate("() => window.hit") is None
