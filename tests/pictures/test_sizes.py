"""Sizes and places of pictures: attributes, the words of Marp, and pictures beside each other."""

import pytest
from deck_parts import FIGURE, p

import graphstep as gs
from examples import png
from graphstep.markdown import read
from graphstep.slides.deck import Columns, Picture

WIDE, TALL = png(400, 200), png(100, 200)


@pytest.fixture
def blocks(tmp_path):
    (tmp_path / "wide.png").write_bytes(WIDE)
    (tmp_path / "tall.png").write_bytes(TALL)
    (tmp_path / "a.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="60"/>'
    )
    return lambda text: read(text, folder=tmp_path).slides[0].blocks


@pytest.mark.parametrize(
    ("text", "width", "points"),
    [
        ("![a](wide.png){width=50%}", 0.5, 0), ("![a](wide.png){width=300px}", 0, 225), ("![a](wide.png){width=300}", 0, 225),
        ("![a](wide.png){height=100px}", 0, 150), ("![a](wide.png){width=300px height=100px}", 0, 150), ("![a](wide.png){width=2in}", 0, 144),
        ("![a](wide.png){width=5.08cm}", 0, 144), ("![w:300 a](wide.png)", 0, 225), ("![width:300px a](wide.png)", 0, 225),
        ("![h:100 a](wide.png)", 0, 150), ("![w:50% a](wide.png)", 0.5, 0), ("![w:300 a](wide.png){width=50%}", 0.5, 0),
        ("![w:100 h:100 a](tall.png)", 0, 37.5),
    ],
)  # fmt: skip
def test_sizes(blocks, text, width, points):
    [made] = blocks(text)
    assert made.alt == "a"
    assert (made.width, made.points) == (pytest.approx(width), pytest.approx(points))


def test_the_height_of_a_drawing(blocks):
    assert blocks("![h:80](a.svg)")[0].points == pytest.approx(30)


@pytest.mark.parametrize(
    "size",
    ["width=0%", "width=101%", "height=50%", "width=3em", "width=0", "height=-1px", "width=x"],
)
def test_what_is_no_size_is_refused(blocks, size):
    with pytest.raises(gs.GraphstepError) as refused:
        blocks(f"# A\n\ntext ![a](wide.png){{{size}}}")
    assert (refused.value.key, refused.value.values["text"]) == ("picture_length", size)
    assert refused.value.source[slice(*refused.value.span)] == f"![a](wide.png){{{size}}}"


@pytest.mark.parametrize(
    "alt", ["w", "the width of a gate", "h is high", "background", "fit", "left:40%"]
)
def test_ordinary_descriptions_stay(blocks, alt):
    assert blocks(f"![{alt}](wide.png)")[0].alt == alt


# --- beside each other


def test_pictures_in_one_paragraph_are_a_row_of_one_height(blocks):
    [row] = blocks("![a](wide.png) ![b](tall.png)\n![c](tall.png)")
    first, second, third = (column[0] for column in row.columns)
    assert row.shares == pytest.approx((4 / 6, 1 / 6, 1 / 6))
    assert (first.alt, second.alt, third.alt) == ("a", "b", "c")
    assert first.points / 2 == pytest.approx(second.points * 2)
    assert first.points == 300


def test_a_row_of_pictures_with_widths(blocks):
    [row] = blocks("![a](wide.png){width=30%} ![b](tall.png){width=20%}")
    assert sum(row.shares) == pytest.approx(1)
    given = [share * column[0].width for share, column in zip(row.shares, row.columns, strict=True)]
    assert given == pytest.approx([0.3, 0.2])
    [row] = blocks("![a](wide.png){width=90%} ![b](tall.png){width=60%}")
    assert row.shares == pytest.approx((0.6, 0.4))


def test_a_line_break_ends_a_row(blocks):
    first, second = blocks("![a](wide.png) ![b](tall.png)\\\n![c](tall.png)")
    assert isinstance(first, Columns)
    assert second == Picture(TALL, ".png", "c")


def test_pictures_in_a_text_are_icons(blocks):
    assert blocks("![a](wide.png) and ![b](tall.png)") == (
        p(Picture(WIDE, ".png", "a"), " and ", Picture(TALL, ".png", "b")),
    )


# --- beside the text


@pytest.mark.parametrize(
    ("words", "left", "shares"),
    [
        ("bg right", False, (0.5, 0.5)),
        ("bg left:40%", True, (0.4, 0.6)),
        ("bg fit right:30%", False, (0.7, 0.3)),
    ],
)
def test_a_picture_beside_all_of_the_slide(blocks, words, left, shares):
    [columns] = blocks(f"# A\n\none\n\n![{words} a](wide.png)\n\ntwo\n")
    both = (p("one"), p("two")), (Picture(WIDE, ".png", "a", 1.0),)
    assert columns.columns == (both[::-1] if left else both)
    assert columns.shares == pytest.approx(shares)


def test_pictures_at_both_sides_and_two_at_one(blocks):
    [columns] = blocks(
        "![bg left:20%](wide.png) ![bg right](tall.png) ![bg right:25%](tall.png)\n\ntext\n"
    )
    (inner,), right = columns.columns
    assert (columns.shares, inner.shares) == ((0.75, 0.25), (0.2, 0.8))
    assert len(right) == 2


def test_the_next_slide_has_no_picture_of_the_last(blocks):
    deck = read("# A\n\n# B\n\ntext")
    assert deck.slides[1].blocks == (p("text"),)
    assert blocks("# A\n\n![bg right](wide.png)\n\n# B\n\ntext") == (
        Picture(WIDE, ".png", "", 1.0),
    )


def test_a_picture_behind_all_is_as_large_as_the_slide(blocks):
    assert blocks("# A\n\n![bg](wide.png)") == (Picture(WIDE, ".png", "", 1.0),)
    assert blocks("# A\n\n![bg w:300](wide.png)") == (Picture(WIDE, ".png", "", 0.0, 225.0),)


@pytest.mark.parametrize(
    ("text", "key", "piece"),
    [
        ("text\n\n![bg](wide.png)", "picture_behind_text", "![bg](wide.png)"),
        (f"![bg right](wide.png)\n\n{FIGURE}", "picture_beside_figure", "![bg right](wide.png)"),
    ],
)
def test_no_text_stands_on_a_picture_and_no_figure_beside_one(blocks, text, key, piece):
    with pytest.raises(gs.GraphstepError) as refused:
        blocks(text)
    assert refused.value.key == key
    assert refused.value.source[slice(*refused.value.span)] == piece
