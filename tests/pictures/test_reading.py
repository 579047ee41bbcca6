"""Pictures beside a deck: which are read, and which are refused."""

import struct

import pytest
from deck_parts import p

import graphstep as gs
from examples import png
from graphstep.markdown import read, read_file
from graphstep.slides.deck import Items, Picture


def test_pictures_are_read_from_beside_the_file(tmp_path):
    (tmp_path / "in side").mkdir()
    (tmp_path / "in side" / "a.PNG").write_bytes(png())
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" height="1" width="1"></svg>'
    (tmp_path / "b.svg").write_bytes(svg)
    (tmp_path / "deck.md").write_text(
        "![an *image*](in%20side/a.PNG)\n\ntext ![](b.svg) more\n\n![c][r]\n\n- ![](b.svg)\n\n[r]: <in side/a.PNG>\n"
    )
    blocks = read_file(tmp_path / "deck.md").slides[0].blocks
    assert blocks == (
        Picture(png(), ".png", "an image"),
        p("text ", Picture(svg, ".svg"), " more"),
        Picture(png(), ".png", "c"),
        Items(((Picture(svg, ".svg"),),)),
    )


def test_a_picture_may_have_a_width(tmp_path):
    (tmp_path / "a.png").write_bytes(png())
    text = "![a](a.png){width=50%}\n\n![a](a.png){ width=100% } and ![b](a.png)\n"
    first, second = read(text, folder=tmp_path).slides[0].blocks
    assert first == Picture(png(), ".png", "a", 0.5)
    assert second == p(Picture(png(), ".png", "a", 1.0), " and ", Picture(png(), ".png", "b"))


@pytest.mark.parametrize("kind", ["jpg", "jpeg", "gif"])
def test_other_kinds_of_pictures(tmp_path, kind):
    from PIL import Image

    Image.new("RGB", (2, 2)).save(tmp_path / f"a.{kind}")
    picture = read(f"![]( a.{kind} )", folder=tmp_path).slides[0].blocks[0]
    assert picture.suffix == (".gif" if kind == "gif" else ".jpg")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("none.png", None, "Cannot read none.png: No such file or directory."),
        ("a.png", b"GIF89a", "a.png cannot be shown: it is broken, or of another kind than its name says ("),
        ("a.png", png()[:40], "a.png cannot be shown: it is broken, or of another kind than its name says ("),
        ("a.png", png(30000, 1)[:16] + struct.pack(">II", 60000, 60000) + png()[24:], "it is broken, or of another kind"),
        ("a.svg", b"<html/>", "a.svg cannot be shown: it is broken, or of another kind than its name says (<html>)."),
        ("a.svg", b"<svg", "a.svg cannot be shown: it is broken, or of another kind than its name says ("),
        ("a.svg", b"<!DOCTYPE s [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(b"<!ENTITY a%d '%s'>" % (k, b"&a%d;" % (k - 1) * 50 if k else b"&a;" * 50) for k in range(9)) + b"]><svg>&a8;</svg>", "a.svg defines entities of its own (a), which slides do not read."),
        ("a.bmp", b"BM", "a.bmp does not end as pictures do: .png .jpg .jpeg .gif .svg."),
        ("folder.png", ..., "Cannot read folder.png: "),
        ("https://a.b/c.png", None, "Pictures are files beside the deck, not addresses: https://a.b/c.png. Save it there."),
        ("data:image/png;base64,AAAA", None, "Pictures are files beside the deck, not addresses: "),
    ],
)  # fmt: skip
def test_a_picture_that_cannot_be_shown(tmp_path, name, content, says):
    if content is ...:
        (tmp_path / name).mkdir()
    elif content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(gs.GraphstepError) as refused:
        read(f"# A\n\n> see\n> this ![x]({name}) here\n", "deck.md", tmp_path)
    first, *rest = str(refused.value).splitlines()
    assert first.startswith("deck.md, line 4, column 8: ")
    assert says in first
    shown = f"![x]({name})"
    assert rest == [f"    > this {shown} here", f"           {'^' * len(shown)}"]


def test_a_picture_must_not_be_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr("graphstep.pictures.reading.MOST_BYTES", 1_000_000)
    (tmp_path / "a.png").write_bytes(png() + b"\0" * 1_000_000)
    with pytest.raises(gs.GraphstepError, match=r"a\.png has more than 1 million bytes\."):
        read("![](a.png)", folder=tmp_path)
