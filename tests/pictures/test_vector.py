"""Pictures in SVG: hostile ones are refused, all others come out drawn as they were."""

import gzip
import io
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import graphstep as gs
from examples import first
from graphstep.look.png import LARGEST, fitting_png, png
from graphstep.pictures.vector import MOST_DEPTH, MOST_ELEMENTS, plain_svg

NAMES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
RECT = '<rect width="30" height="20" fill="red"/>'


def svg(inside=RECT, attributes='width="40" height="30"', before=""):
    return f"{before}<svg {NAMES} {attributes}>{inside}</svg>".encode()


def key(data):
    with pytest.raises(gs.InputError) as refused:
        plain_svg(data)
    error = refused.value
    error.values["path"] = "a.svg"
    for lang in ("en", "ru"):
        assert "a.svg" in error.message(lang)
    return error.key


def nested(count, name="g"):
    return f"<{name}>" * count + RECT + f"</{name}>" * count


def doubling(count):
    """Groups of which each uses the next one twice."""
    groups = "".join(
        f'<g id="m{k}"><use href="#m{k + 1}"/><use xlink:href="#m{k + 1}"/></g>'
        for k in range(count)
    )
    return f'{groups}<g id="m{count}">{RECT}</g>'


def entities(count):
    levels = "".join(f'<!ENTITY a{k} "{f"&a{k - 1};" * 10}">' for k in range(1, count))
    return f'<!DOCTYPE svg [<!ENTITY a0 "ha">{levels}]>'


HOSTILE = {
    "entities": ("picture_entities", svg("<text>&a8;</text>", before=entities(9))),
    "an entity that is not used": ("picture_entities", svg(before=entities(1))),
    "an entity that names a file": ("picture_entities", svg("<text>&a;</text>", before='<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>')),
    "a parameter entity": ("picture_entities", svg(before='<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://127.0.0.1:9/"> %a;]>')),
    "a style sheet elsewhere": ("picture_active", svg(before='<?xml-stylesheet href="a.css"?>')),
    "a style sheet after it": ("picture_active", svg() + b'<?xml-stylesheet href="a.css"?>'),
    "groups in groups": ("picture_deep", svg(nested(400))),
    "the same, and more than a parser takes": ("picture_deep", svg(nested(200_000))),
    "documents in documents": ("picture_deep", svg(nested(400, "svg"))),
    "many elements": ("picture_elements", svg("<g/>" * (MOST_ELEMENTS + 1))),
    "a bomb of uses": ("picture_elements", svg(doubling(17))),
    "a deeper bomb of uses": ("picture_deep", svg(doubling(60))),
    "a use of itself": ("picture_loop", svg('<g id="a"><use href="#a"/></g>')),
    "a loop of uses": ("picture_loop", svg('<use id="a" href="#b"/><use id="b" href="#a"/>')),
    "a loop of masks": ("picture_loop", svg('<mask id="a" mask="url(#b)"/><mask id="b" mask="url(#a)"/>')),
    "a long chain": ("picture_deep", svg("".join(f'<linearGradient id="m{k}" href="#m{k + 1}"/>' for k in range(1000)))),
    "a compressed file": ("picture_packed", gzip.compress(svg())),
    "another document": ("picture_broken", b"<html xmlns='http://www.w3.org/1999/xhtml'/>"),
    "no namespace": ("picture_broken", b"<svg width='1' height='1'/>"),
    "an unknown encoding": ("picture_broken", b'<?xml version="1.0" encoding="x-y"?>' + svg()),
    "no XML": ("picture_broken", b"\0\1\2"),
    "nothing": ("picture_broken", b""),
    "cut short": ("picture_broken", svg()[:-3]),
    "a script": ("picture_active", svg("<script/>")),
    "a file": ("picture_outside", svg('<image href="/etc/hostname.png"/>')),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_is_refused_at_once(name):
    wanted, data = HOSTILE[name]
    assert key(data) == wanted


SIZES = {
    'width="40" height="30"': (40, 30),
    'width="40px" height="7.5mm"': (40, 7.5 * 96 / 25.4),
    'width="1in" height="2cm"': (96, 2 * 96 / 2.54),
    'width=" 3pt" height="1e1pc"': (4, 160),
    'viewBox="0 0 400 300"': (400, 300),
    'width="15.930458" height="15.930458"': (15.930458, 15.930458),
    'viewBox="0,0 , 21000 29700"': (21000, 29700),
    'width="100%" height="100%" viewBox="0 0 4 3"': (4, 3),
    'width="40" viewBox="0 0 4 3"': (40, 30),
    'height="40q" viewBox="0 0 4 3"': (40 * 96 / 101.6 * 4 / 3, 40 * 96 / 101.6),
}
NO_SIZES = [
    "", 'width="0" height="0"', 'width="40"', 'width="-4" height="3"', 'width="nan" height="3"',
    'width="1e9" height="1"', 'viewBox="0 0 0 0"', 'viewBox="0 0 1e30 1e30"', 'viewBox="0 0 4"',
    'viewBox="0 0 inf 3"', 'viewBox="0 0 4 -3"', 'viewBox="a b c d"', 'width="100%" height="100%"',
    'width="40" height="30" viewBox="0 0 0 3"', 'width="0.001" viewBox="0 0 4 3"',
    'width="1.2.3" height="4"', 'width="٤" height="3"', 'viewBox="0 0 100001 500"',
    'width="2000" height="1"', 'width="1_0" height="3"', 'viewBox="0 0 1_0 3"',
]  # fmt: skip


@pytest.mark.parametrize(("attributes", "size"), SIZES.items())
def test_the_size_is_in_pixels(attributes, size):
    root = ElementTree.fromstring(plain_svg(svg(attributes=attributes)))
    assert (float(root.get("width")), float(root.get("height"))) == pytest.approx(size, rel=1e-8)
    made, scale = fitting_png(plain_svg(svg(attributes=attributes)))
    shown = Image.open(io.BytesIO(made)).size
    assert shown == pytest.approx([scale * side for side in size], abs=1)
    assert all(a <= b for a, b in zip(shown, LARGEST, strict=True))


@pytest.mark.parametrize("attributes", NO_SIZES)
def test_without_a_size_that_can_be_drawn(attributes):
    assert key(svg(attributes=attributes)) == "picture_size"


@given(st.floats(1, 100_000), st.floats(0.001, 1000))
@settings(max_examples=20, deadline=None)
def test_every_size_in_bounds_is_drawn(wide, ratio):
    high = min(100_000, max(1, wide * ratio))
    wide = max(high / 999, min(wide, 999 * high))
    made, _ = fitting_png(plain_svg(svg(attributes=f'width="{wide!r}" height="{high!r}"')))
    shown = Image.open(io.BytesIO(made)).size  # resvg makes sides whole before it scales them
    assert all(1 <= a <= b + 1 for a, b in zip(shown, LARGEST, strict=True))


def pixels(data):
    return np.asarray(Image.open(io.BytesIO(png(data.decode()))))


GOOD = {
    "a figure": first()[-1].picture().encode(),
    "an exported graph": svg(
        '<g id="graph0" class="graph"><title>%3</title><ellipse fill="none" stroke="black" cx="20" cy="9" rx="9" ry="8"/></g>',
        'width="40pt" height="30pt" viewBox="0 0 40 30"',
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"><!-- made -->',
    ),
    "a plot": svg(
        '<defs><style>*{stroke-linejoin:round;fill:blue}</style><path id="p" d="M0 0h9v9z"/><clipPath id="c"><rect width="20" height="20"/></clipPath></defs>'
        '<g clip-path="url(#c)"><use xlink:href="#p" x="3" y="4"/><use xlink:href="#p" x="9"/></g>'
    ),
    "gradients and text": svg(
        '<linearGradient id="a"><stop stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient>'
        '<linearGradient id="b" xlink:href="#a"/><rect width="40" height="30" fill="url(#b)"/><text y="20" xml:space="preserve">a &lt;  &amp; b</text>'
    ),
    "depth": svg(nested(MOST_DEPTH - 2)),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_what_passes_is_drawn_as_it_was(name):
    given, made = GOOD[name], plain_svg(GOOD[name])
    wide, high = (float(ElementTree.fromstring(made).get(side)) for side in ("width", "height"))
    before, after = pixels(given), pixels(made)
    if "pt" not in str(given[:600]):
        assert (before == after).all()
    assert after.shape[:2] == (round(high), round(wide))
    assert after.any()
    assert plain_svg(made) == made


def test_all_encodings_come_out_as_utf_8():
    text = svg("<text>Градиент</text>").decode()
    made = plain_svg(text.encode())
    assert "Градиент" in made.decode()
    for name in ("utf-16", "cp1251", "koi8-r"):
        head = f'<?xml version="1.0" encoding="{name}"?>'
        assert plain_svg((head + text).encode(name)) == made


def test_comments_instructions_and_document_types_do_not_come_out():
    made = plain_svg(
        svg("<!-- c --><?php x?><g/>", before="<!DOCTYPE svg>").replace(b"<g/>", b"<g></g>")
    )
    assert made == plain_svg(svg("<g/>"))
    assert b"!" not in made
    assert b"?" not in made


def test_what_filters_cost_is_tried_elsewhere(monkeypatch):
    tried = []
    monkeypatch.setattr("graphstep.pictures.vector.can_be_drawn", lambda made: tried.append(made))
    for name in ("filter", "pattern", "mask", "marker"):
        assert key(svg(f'<{name} id="a"/>{RECT}')) == "picture_costly"
    assert key(svg("<g/>" * 5001)) == "picture_costly"
    assert len(tried) == 5
    plain_svg(svg("<g/>" * 4000))
    assert len(tried) == 5
