"""What a picture in SVG may refer to."""

import base64
from xml.etree import ElementTree

import pytest

import graphstep as gs
from examples import png
from graphstep.pictures.svg_references import check_references, references

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
DOT = base64.b64encode(png()).decode()
FONT = "data:font/woff2;base64,AAAA"


def svg(inside, attributes=""):
    return ElementTree.fromstring(
        f'<svg xmlns="http://www.w3.org/2000/svg" {XLINK} {attributes}>{inside}</svg>'
    )


OUTSIDE = [
    *(
        f'<image {href}="{target}"/>'
        for href in ("href", "xlink:href")
        for target in (
            "/etc/passwd.png", "../a.png", "a.png", "file:///etc/a.png", "FILE:a.png", "//host/a.png",
            r"\\host\a.png", "https://a.b/c.png", "data:image/svg+xml;base64,AAAA", "",
            "data:text/html,x", "data:image/png,abc", "data:image/png;base64,%", "data:,",
        )
    ),
    '<use href="other.svg#a"/>',
    '<use href="https://a.b/c.svg#a"/>',
    '<use href="data:image/svg+xml,x#a"/>',
    '<linearGradient href="other.svg#a"/>',
    '<textPath xlink:href="a.svg#b"/>',
    '<a href="javascript:alert(1)"/>',
    '<a href="smb://host/share"/>',
    '<a href="notes.html"/>',
    '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>',
    '<g xml:base="https://a.b/"/>',
    '<rect fill="url(https://a.b/c.svg#d)"/>',
    '<rect fill="url(\'other.svg#d\')"/>',
    '<rect filter="url( file:///a.svg#b )"/>',
    r'<rect style="fill:u\72l(a.svg#b)"/>',
    '<rect style="cursor:url(a.cur),auto"/>',
    '<rect style="background:image-set(\'a.png\' 1x)"/>',
    '<rect style="mask:src(\'a.svg#b\')"/>',
    '<style>@import "a.css";</style>',
    "<style>@import url(https://a.b/c.css);</style>",
    r"<style>@\69mport 'a.css';</style>",
    "<style>/* x */ @IMPORT/**/'a.css';</style>",
    "<style>@font-face{font-family:a;src:url(a.woff2)}</style>",
    "<style>@media print{ g{ fill: url(a.svg#b) } }</style>",
    "<style>g{fill:url(data:image/svg+xml,x)}</style>",
    "<style>g{fill:url(a'b)}</style>",
    "<style><![CDATA[ g{ fill: url( \n a.svg#b ) } ]]></style>",
    "<style>g{fill:" + "(" * 500 + "url(a.svg)</style>",
]  # fmt: skip
ACTIVE = [
    "<script>alert(1)</script>",
    '<script href="a.js"/>',
    "<SCRIPT/>",
    "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>",
    "<h:iframe xmlns:h='http://www.w3.org/1999/xhtml'/>",
    "<h:p xmlns:h='http://www.w3.org/1999/xhtml'>x</h:p>",
    '<filter><feImage href="#a"/></filter>',
    '<rect onclick="alert(1)"/>',
    '<rect ONLOAD="alert(1)"/>',
    '<use><set attributeName="xlink:href" to="a.svg#b"/></use>',
    '<use><animate attributeName="href" values="a.svg#b"/></use>',
    "<video/>",
]
FINE = [
    '<defs><g id="a"/></defs><use href="#a"/><use xlink:href=" #a "/>',
    f'<image href="data:image/png;base64,{DOT}"/>',
    f'<image xlink:href="data:image/PNG;base64,{DOT[:20]}\n {DOT[20:].replace("=", "%3D")}"/>',
    '<rect fill="url(#a)" style="stroke: url( &quot;#b&quot; ); marker-end:url(\'#c\')"/>',
    f"<style>@font-face{{font-family:a;src:url({FONT}) format('woff2'),local('b')}} .a{{fill:url(#b)}}</style>",
    '<a href="https://example.org/"><rect/></a><a href="#b"/>',
    "<text font-family=\"'A@B'\" class='images'>src url(a.png) @import image(x)</text>",
    '<metadata><r:RDF xmlns:r="http://a.b/"><r:Work r:about="" r:resource="http://a.b/c"/></r:RDF></metadata>',
    '<g xmlns:i="http://a.b/" i:onward="1" only_selected="false"/>',
    '<rect transform="matrix(1 0 0 1 2 3)"/><path d="M0 0"/>',
]


@pytest.mark.parametrize("inside", OUTSIDE)
def test_nothing_outside_is_referred_to(inside):
    with pytest.raises(gs.InputError) as refused:
        check_references(svg(inside))
    assert refused.value.key == "picture_outside"


@pytest.mark.parametrize("inside", ACTIVE)
def test_nothing_but_drawings_is_inside(inside):
    with pytest.raises(gs.InputError) as refused:
        check_references(svg(inside))
    assert refused.value.key == "picture_active"


@pytest.mark.parametrize("inside", FINE)
def test_what_a_picture_has_in_itself_is_fine(inside):
    check_references(svg(inside))


def test_attributes_of_the_document_itself_are_checked():
    for attributes, key in (
        ('onload="x()"', "picture_active"),
        ('style="background:url(a.png)"', "picture_outside"),
    ):
        with pytest.raises(gs.InputError) as refused:
            check_references(svg("", attributes))
        assert refused.value.key == key


def test_pictures_inside_are_vetted_too(monkeypatch):
    broken = base64.b64encode(png()[:40]).decode()
    with pytest.raises(gs.InputError) as refused:
        check_references(svg(f'<image href="data:image/png;base64,{broken}"/>'))
    assert refused.value.key == "picture_broken"
    monkeypatch.setattr("graphstep.pictures.raster.MOST_PIXELS", 1)
    dot = f'<image href="data:image/png;base64,{DOT}"/>'
    check_references(svg(dot))
    with pytest.raises(gs.InputError) as refused:
        check_references(svg(2 * dot))
    assert refused.value.key == "picture_pixels"


def test_references_to_parts():
    found = svg('<use href="#a" fill="url(#b)" style="mask:url( \'#c\' )" id="d" class="#e"/>')[0]
    assert list(references(found)) == ["a", "b", "c"]
