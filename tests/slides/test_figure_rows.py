"""Figures beside each other: their frames, their place in every format, and what is refused."""

import re
from io import BytesIO
from itertools import pairwise

import pytest
from browsing import BROWSER
from pptx import Presentation

import graphstep as gs
from graphstep.documents import beamer, pdf
from graphstep.errors import GraphstepError
from graphstep.look.typst import document_metadata
from graphstep.markdown import read
from graphstep.player import reveal_deck
from graphstep.powerpoint import pages
from graphstep.slides.deck import MARGIN
from graphstep.slides.figure_rows import each_figure, each_frame, row_of
from graphstep.slides.slide_plans import SHARES

SUM = "```graphstep x=3 y=-4 z=2\nf = (x + y) * z\n```"
MAX = "```graphstep x=3 y=-4 --steps 0,1,last --captions=last\ng = max(x, y)\n```"
SLIDE = f"## Two\n\nabove\n\n::: beside\n{SUM}\n\n{MAX}\n:::\n\n::: step x\nbelow\n:::\n"
IN_TURN = SLIDE.replace("beside", "beside in turn")


def row(text):
    (slide,) = read(text).slides
    return slide.figure.stepper


def sums(*counts):
    """Figures of some steps each."""
    names = "abcdefg"
    return [gs.stepper("f = " + " + ".join(names[:n]), inputs=dict.fromkeys(names[:n], 1)) for n in counts]  # fmt: skip


def test_figures_step_together_and_one_that_is_done_stays():
    assert row(SLIDE).views == ((0, 0), (1, 1), (2, 2), (3, 2))


def test_figures_step_one_after_another():
    assert row(IN_TURN).views == ((0, 0), (1, 0), (2, 0), (3, 0), (3, 1), (3, 2))


@pytest.mark.parametrize("in_turn", [False, True])
def test_every_frame_of_every_figure_is_shown_in_order(in_turn):
    figures = sums(2, 3, 4)
    shown = [range(len(figure)) for figure in figures]
    made = row_of(figures, shown, in_turn)
    for k, frames in enumerate(shown):
        seen = [view[k] for view in made.views]
        assert list(dict.fromkeys(seen)) == list(frames)
        assert sorted(seen) == seen
    for before, after in pairwise(made.views):
        assert before != after
        assert not in_turn or sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_a_frame_has_the_words_of_all_figures():
    made = row(SLIDE)
    for frame in made:
        one, other = each_frame(frame)
        assert frame.equations == (*one.equations, *other.equations)
        assert frame.caption in (f"{one.caption} {other.caption}", one.caption)


def test_sentences_are_those_of_the_frames_that_either_figure_shows_them_for():
    (slide,) = read(SLIDE).slides
    assert slide.figure.captions == (2, 3)


def test_a_text_on_a_step_is_there_where_either_figure_shows_it():
    for step, moments in (("x", [2, 3]), ("z", [2]), ("g", [1]), ("f", [1]), ("forward", [0])):
        (slide,) = read(SLIDE.replace("::: step x", f"::: step {step}")).slides
        assert sorted(slide.layers[0].moments) == moments, step
    with pytest.raises(GraphstepError, match="'w' names no frame"):
        read(SLIDE.replace("::: step x", "::: step w"))


def test_figures_in_a_row_are_all_arranged_in_one_way():
    figures = each_figure(row(SLIDE))
    assert len({(figure.style.direction, figure.style.wrap is None) for figure in figures}) == 1


def test_two_figures_do_not_begin_another_slide_but_two_rows_do():
    assert len(read(SLIDE).slides) == 1
    again = SLIDE + SLIDE.partition("above")[2]
    assert [slide.figure is not None for slide in read(again).slides] == [True, True]


# --- formats


def test_pages_have_both_figures_in_one_scale_within_the_text():
    deck = read(SLIDE)
    source, files = pdf._slides(deck)
    (report,) = document_metadata(source, "slide", files)
    wide = deck.slides[0].figure.stepper.extent[0] * report["plan"]["scale"]
    assert wide <= 960 - 2 * MARGIN
    assert len([name for name in files if name.endswith(".svg")]) == 4 + 3


def test_slides_of_powerpoint_have_both_figures_beside_each_other():
    figures = each_figure(row(SLIDE))
    slides = list(Presentation(BytesIO(pages.deck(read(SLIDE)))).slides)
    assert len(slides) == 4
    for slide in slides:
        one, other = (shape for shape in slide.shapes if shape.shape_type == 6)
        scales = [s.width / f.extent[0] for s, f in zip((one, other), figures, strict=True)]
        assert scales[0] == pytest.approx(scales[1], rel=1e-3)
        assert other.left - one.left - one.width == pytest.approx(
            SHARES.between * scales[0], rel=1e-2
        )
        middle = [shape.top + shape.height / 2 for shape in (one, other)]
        assert middle[0] == pytest.approx(middle[1], abs=127)  # a hundredth of a point
    assert [slide.notes_slide.notes_text_frame.text for slide in slides] == [
        frame.caption for frame in row(SLIDE)
    ]


def test_latex_has_both_figures_and_an_overlay_for_each_moment():
    for text, moments in ((SLIDE, 4), (IN_TURN, 6)):
        source = beamer.deck(read(text))
        assert source.count(r"\begin{tikzpicture}") == 2
        assert re.findall(r"\\gsstep<(\d+)>", source) == [str(k + 1) for k in range(moments)]
        numbers = [
            int(n) for spec in re.findall(r"<([\d,-]+)>", source) for n in re.findall(r"\d+", spec)
        ]
        assert max(numbers) == moments


class TestBrowser:
    pytestmark = BROWSER

    @pytest.mark.parametrize("text", [SLIDE, IN_TURN])
    def test_a_browser_shows_the_frames_of_both(self, browser, tmp_path, text):
        path, made = tmp_path / "d.html", row(text)
        path.write_text(reveal_deck.deck(read(text)), encoding="utf-8")
        page = browser.new_page(viewport={"width": 960, "height": 540})
        page.goto(path.as_uri())
        page.wait_for_selector(".reveal.ready")
        places = set()
        for frame in made:
            found = page.locator(".present .graphstep-figure")
            labels = page.eval_on_selector_all(
                ".present .gs-stage svg", "all => all.map(one => one.getAttribute('aria-label'))"
            )
            assert labels == [one.caption for one in each_frame(frame)]
            boxes = [found.nth(k).bounding_box() for k in range(2)]
            places.add(str(boxes))
            scales = [
                box["width"] / f.extent[0] for box, f in zip(boxes, made.figures, strict=True)
            ]
            assert scales[0] == pytest.approx(scales[1], rel=1e-3)
            assert boxes[0]["x"] + boxes[0]["width"] < boxes[1]["x"]
            page.keyboard.press("ArrowRight")
        assert len(places) == 1
        page.close()


ERRORS = [
    (f"::: beside\n{SUM}\n:::\n", "1, column 1: Between ::: beside and ::: stand two figures or more, and nothing else."),
    (f"::: beside\n{SUM}\n\ntext\n\n{MAX}\n:::\n", "6, column 1: Between ::: beside and ::: stand two figures"),
    (f"::: beside later\n{SUM}\n\n{MAX}\n:::\n", "1, column 1: Figures beside each other do not step 'later'."),
    (f"> ::: beside\n> {MAX}\n> :::\n", "1, column 1: Figures, notes, pauses and blocks"),
    (f"::: beside\n{SUM}\n\n{MAX}\n", "1, column 1: What begins here is never closed."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), ERRORS)
def test_errors_have_their_place(text, message):
    with pytest.raises(GraphstepError) as refused:
        read(text)
    assert str(refused.value).startswith(f"line {message}")
