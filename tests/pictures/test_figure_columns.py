"""Figures in columns: on the chosen side in every format, with their moments, words and sizes."""

import re
from io import BytesIO

import numpy as np
import pytest
from browsing import BROWSER
from PIL import Image
from pptx import Presentation

from graphstep.cli.main import main
from graphstep.documents import beamer, pdf
from graphstep.documents.all_at_once import all_at_once
from graphstep.errors import GraphstepError
from graphstep.look.style import palette_of
from graphstep.look.typst import typeset
from graphstep.markdown import read
from graphstep.outputs import deck_sizes
from graphstep.player import reveal_deck
from graphstep.powerpoint import pages
from graphstep.slides.code_lines import PASSES
from graphstep.slides.deck import (
    BODY,
    Code,
    Columns,
    Display,
    FigureBlock,
    Picture,
    Timed,
    every_block,
)
from graphstep.slides.legibility import BODY_LEAST, FIGURE_LEAST

FENCE = "```graphstep x=-2 y=5 z=-4 --by product\nq = x + y\nf = q * z\n```\n"
TEXT = "First words.\n\n- an item\n\n$$a = b$$\n"
SIDES = ("left", "right")


def columns(*inside):
    """Columns in the spelling of this house."""
    return "::: columns\n" + "".join(f"::: column\n{each}\n:::\n" for each in inside) + ":::\n"


def deck(side, fence=FENCE, text=TEXT):
    """A slide with a figure in the column of a side."""
    return read("## A\n\n" + columns(*((fence, text) if side == "left" else (text, fence))))


def drawn(slide):
    """The figure of a slide, and the pictures of its frames."""
    pictures = [b for b in every_block(slide.blocks) if isinstance(b, Picture) and b.frame]
    return pictures[0].frame.figure, pictures


PANDOC = ':::: {{.columns}}\n::: {{.column width="40%"}}\n{}\n:::\n::: {{.column width="60%"}}\n{}\n:::\n::::\n'


def test_spellings_of_pandoc_and_quarto_mean_the_same():
    ours = read(columns(TEXT, FENCE).replace("column\nF", "column {width=40%}\nF"))
    theirs = read(PANDOC.format(TEXT, FENCE))
    for made in (ours, theirs):
        [block] = made.slides[0].blocks
        assert block.shares == pytest.approx((0.4, 0.6))
    assert [p.data for p in drawn(ours.slides[0])[1]] == [
        p.data for p in drawn(theirs.slides[0])[1]
    ]


@pytest.mark.parametrize("side", SIDES)
def test_each_frame_is_there_at_its_moment_with_its_words(side):
    (slide,) = deck(side).slides
    figure, pictures = drawn(slide)
    assert slide.moments == len(figure) == len(pictures)
    for k, frame in enumerate(figure):
        seen = [b for layer in slide.layers if k in layer.moments for b in layer.blocks]
        shown = [b.frame.index for b in seen if isinstance(b, Picture)]
        formulas = [b for b in every_block(seen) if isinstance(b, Display)]
        assert shown == [frame.index]
        assert len(formulas) == len(frame.equations)
        assert slide.said(k) == frame.caption


def test_a_figure_waits_for_a_pause_and_stays_after_its_last_frame():
    (slide,) = read(columns("before", ". . .\n\n" + FENCE) + "\n. . .\n\nafter").slides
    figure, pictures = drawn(slide)
    assert slide.moments == len(figure) + 2
    there = [[k for k in range(slide.moments) if k in layer.moments]
             for layer in slide.layers if any(b in pictures for b in layer.blocks)]  # fmt: skip
    assert [k for each in there for k in each] == list(range(1, slide.moments))
    assert len(there[-1]) == 2


def test_a_text_on_a_step_belongs_to_the_figure_in_the_column():
    (slide,) = deck("right", text="::: step z\nswapped\n:::\n").slides
    figure, _ = drawn(slide)
    moments = {k for k, frame in enumerate(figure) if "input z:" in frame.caption}
    [text] = [layer for layer in slide.layers if "swapped" in str(layer.blocks)]
    assert text.moments == moments != set()


@pytest.mark.parametrize("side", SIDES)
def test_pages_of_pdf_have_the_figure_on_its_side(side):
    """Nothing else on the slide is in colours."""
    source, files = pdf._slides(deck(side))
    made = [Image.open(BytesIO(one)) for one in typeset(source, "png", files, ppi=72)]
    assert len(made) == len(drawn(deck(side).slides[0])[0])
    for page in made:
        half = page.width // 2
        colours = np.ptp(np.asarray(page.convert("RGB"), dtype=int), axis=2) > 60
        left, right = colours[:, :half].sum(), colours[:, half:].sum()
        assert (left if side == "right" else right) == 0
        assert left + right > 50


@pytest.mark.parametrize("side", SIDES)
def test_slides_of_powerpoint_have_the_figure_on_its_side_as_shapes(side):
    made = deck(side)
    slides = list(Presentation(BytesIO(pages.deck(made))).slides)
    assert len(slides) == len(drawn(made.slides[0])[0])
    places = set()
    for slide in slides:
        [group] = [shape for shape in slide.shapes if shape.shape_type == 6]
        [text] = [s for s in slide.shapes if s.has_text_frame and "First" in s.text_frame.text]
        assert (group.left + group.width <= text.left) == (side == "left")
        assert (text.left + text.width <= group.left) == (side == "right")
        places.add((group.left, group.top, group.width, group.height))
    assert len(places) == 1


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("write", [beamer.deck, reveal_deck.deck])
def test_a_figure_is_a_drawing_that_steps_in_the_order_of_the_columns(side, write):
    made = deck(side)
    source = write(made).partition("\\begin{document}")[2] or write(made)
    picture = r"\begin{tikzpicture}" if write is beamer.deck else '<div class="gs-inset'
    places = [source.index("First words"), source.index("an item")]
    assert places == sorted(places)
    assert (source.index(picture) < places[0]) == (side == "left")
    assert source.count(picture) == 1
    assert "gspicture" not in source
    assert "gs-picture" not in source.partition("</head>")[2]


class TestBrowser:
    pytestmark = BROWSER

    def test_a_browser_has_the_figure_on_its_side_and_nothing_moves(self, browser, tmp_path):
        path = tmp_path / "d.html"
        path.write_text(reveal_deck.deck(deck("right")), encoding="utf-8")
        page = browser.new_page(viewport={"width": 960, "height": 540})
        page.goto(path.as_uri())
        page.wait_for_selector(".reveal.ready")
        places = set()
        for k, frame in enumerate(drawn(deck("right").slides[0])[0]):
            visible = page.locator(".present .gs-inset svg >> visible=true")
            shrunk = "all => all.filter(one => one.style.fontSize).length"
            assert page.locator(".present .gs-display").evaluate_all(shrunk) == 0
            assert [visible.nth(n).get_attribute("aria-label") for n in range(visible.count())] == [
                frame.caption
            ], k
            box = visible.first.bounding_box()
            text = page.locator(".present .gs-column p").first.bounding_box()
            assert text["x"] + text["width"] < box["x"]
            places.add(str(box))
            page.keyboard.press("ArrowRight")
        assert len(places) == 1
        page.close()


@pytest.mark.parametrize("name", ["d.pdf", "d.pptx", "d.html", "d.tex"])
def test_what_is_in_a_column_can_be_read(name):
    [size] = deck_sizes(deck("right"), name)
    assert round(size.figure, 1) >= FIGURE_LEAST
    assert round(size.text, 1) >= BODY_LEAST


def test_a_figure_that_is_too_small_in_its_column_is_told():
    narrow = read(PANDOC.format(TEXT, FENCE).replace("40%", "80%").replace("60%", "20%"))
    [size] = deck_sizes(narrow, "d.pdf")
    figure, pictures = drawn(narrow.slides[0])
    assert size.figure == pytest.approx(
        FIGURE_LEAST * pictures[0].points / figure.extent[0], rel=0.3
    )
    assert size.figure < FIGURE_LEAST


@pytest.mark.parametrize("name", ["d.pdf", "d.pptx", "d.html", "d.tex"])
def test_formulas_that_are_small_in_their_column_are_told(name, tmp_path, capsys):
    narrow = PANDOC.format(TEXT, FENCE).replace("40%", "85%").replace("60%", "15%")
    [size] = deck_sizes(read(narrow), name)
    assert size.formulas < FIGURE_LEAST
    [usual] = deck_sizes(deck("right"), name)
    assert FIGURE_LEAST <= usual.formulas <= BODY
    (tmp_path / "d.md").write_text(narrow)
    main(["deck", str(tmp_path / "d.md"), "-o", str(tmp_path / name)])
    points = re.search(r"has formulas of (\d+) points", capsys.readouterr().err)
    assert int(points[1]) == pytest.approx(size.formulas, abs=1)


def test_a_handout_has_the_figure_itself_after_the_texts():
    (slide,) = all_at_once(deck("left")).slides
    assert slide.figure is not None
    assert slide.blocks[-1] is slide.figure
    assert not any(isinstance(block, Columns | Picture) for block in every_block(slide.blocks))
    assert len([b for b in every_block(slide.blocks) if isinstance(b, FigureBlock)]) == 1
    assert pdf.handout(deck("left")).startswith(b"%PDF")


TWO = columns(
    "### One\n\n" + FENCE.replace("product", "product --palette cs231n"),
    "### Two\n\n```graphstep x=3 y=-4 --by product\nm = max(x, y)\ng = m * 2\n```\n\n::: step y\nonly here\n:::\n",
)


def places_of(slide):
    """The places of the figures of a slide."""
    return [b for b in every_block(slide.blocks) if isinstance(b, Timed) and b.pictures]


def test_figures_in_two_columns_have_one_scale_and_step_together():
    (slide,) = read(TWO).slides
    one, two = places_of(slide)
    scales = {p.points / p.frame.figure.extent[0] for each in (one, two) for p in each.pictures}
    assert max(scales) == pytest.approx(min(scales))
    assert one.figure.stepper.style.palette != two.figure.stepper.style.palette
    assert slide.moments == max(len(one.layers), len(two.layers))
    for each in (one, two):
        last = len(each.layers) - 1
        assert each.timeline == tuple(min(now, last) for now in range(slide.moments))
    [text] = [layer for layer in slide.layers if "only here" in str(layer.blocks)]
    assert text.moments


def test_formulas_of_each_figure_have_its_colours_in_all_formats():
    colours = [palette_of(name).light.gradient for name in ("cs231n", "default")]
    made = read(TWO)
    html, tex = reveal_deck.deck(made), beamer.deck(made)
    for each, colour in zip(places_of(made.slides[0]), colours, strict=True):
        scope = each.figure.stepper.scope
        assert f'class="gs-stack gs-timed for-{scope}"' in html
        assert re.search(rf"\.for-{scope} \.gs-upstream{{color:{colour}}}", html)
    assert tex.count(rf"\definecolor{{gsgradient}}{{HTML}}{{{colours[0][1:].upper()}}}") == 2
    last = list(Presentation(BytesIO(pages.deck(made))).slides)[-1]
    xml = last.element.xml
    assert colours[0][1:].upper() in xml
    source, _ = pdf._slides(made)
    for colour in colours:
        assert colour in source


def test_a_text_above_a_figure_in_its_column_leaves_it_less_height():
    long = "\n\n".join(["A long text that stands above the figure in its own column."] * 3)
    plain, full = (deck("left", text + FENCE).slides[0] for text in ("", long + "\n\n"))
    assert drawn(full)[1][0].points < drawn(plain)[1][0].points


def test_a_handout_has_both_figures_each_after_its_texts():
    (slide,) = all_at_once(read(TWO)).slides
    kinds = [type(block).__name__ for block in slide.blocks]
    assert kinds.count("FigureBlock") == 2
    assert kinds.index("Heading") < kinds.index("FigureBlock")
    [size] = deck_sizes(read(TWO), "d.pdf", handout=True)
    assert size.figure > 0


def test_code_of_the_step_stands_under_the_figure():
    (slide,) = deck("right", FENCE.replace("product", "product --code")).slides
    figure, _ = drawn(slide)
    for k, frame in enumerate(figure):
        seen = [b for layer in slide.layers if k in layer.moments for b in layer.blocks]
        [code] = [block for block in every_block(seen) if isinstance(block, Code)]
        lines = [code.text.split("\n")[at - 1] for at in code.marked]
        wanted = [line for at in frame.lines if (line := figure.program.lines[at]).makes]
        assert lines == [one.code for one in wanted if one.part in PASSES] != []


ERRORS = [
    (columns(FENCE + "\n" + FENCE), "8, column 1: A column has one figure"),
    (FENCE + "\n" + columns(FENCE, "x"), "6, column 1: A column has one figure"),
    (columns(FENCE, "x") + "\n" + columns(FENCE, "x"), "14, column 1: A column has one figure"),
    ("> " + columns(FENCE).strip().replace("\n", "\n> "), "1, column 1: Figures, notes, pauses and blocks"),
    (columns("- a\n\n  " + FENCE.strip().replace("\n", "\n  ")), "5, column 3: Figures, notes, pauses and blocks"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), ERRORS)
def test_the_rest_is_refused_with_its_place(text, message):
    with pytest.raises(GraphstepError) as refused:
        read(text)
    assert str(refused.value).startswith(f"line {message}")


TOLD = "Some words that stand beside the figure and go on for a while, so that there are several lines.\n"
GRAPHS = (
    FENCE,
    FENCE.replace("product", "product --code"),
    '```graphstep "W=[[0.1, 0.5], [-0.3, 0.8]]" "x=[0.2, 0.4]" --by product --sums\nq = W @ x; f = l2(q)\n```\n',
    "```graphstep x=3 y=-4 z=2 w=-1\nf = (x*y + max(z, w)) * 2\n```\n",
)
SHOWN = """() => Reveal.getSlides().map((slide, k) => {
  Reveal.slide(k, 0, 99);
  const part = slide.querySelector(".gs-page").getBoundingClientRect().width / 960;
  const drawn = [...slide.querySelectorAll(".gs-page svg")].find((node) => node.getBoundingClientRect().width);
  const box = drawn.getBoundingClientRect(), [, , wide, high] = drawn.getAttribute("viewBox").split(" ");
  return Math.min(box.width, box.height * wide / high) / part;
})"""


class TestSizes:
    pytestmark = BROWSER

    def test_a_browser_shows_figures_as_large_as_they_are_told_to_be(self, browser, tmp_path):
        made = read("\n".join(
            f"## A\n\n{above}" + PANDOC.format(graph, TOLD).replace("40%", "55%").replace("60%", "45%")
            for graph in GRAPHS for above in ("", TOLD + "\n")
        ))  # fmt: skip
        path = tmp_path / "d.html"
        path.write_text(reveal_deck.deck(made), encoding="utf-8")
        page = browser.new_page(viewport={"width": 960, "height": 540})
        page.goto(path.as_uri())
        page.wait_for_selector(".reveal.ready")
        shown = page.evaluate(SHOWN)
        page.close()
        wanted = [drawn(slide)[1][0].points for slide in made.slides]
        assert shown == pytest.approx(wanted, rel=0.02)
