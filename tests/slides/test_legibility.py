"""Texts can be read from the last row: measured on every slide of the lecture, in what is written."""

import re
import shutil
import subprocess
from html import unescape
from io import BytesIO
from math import inf
from pathlib import Path

import pytest
from browsing import BROWSER
from pptx import Presentation
from readme import ROOT

from graphstep.documents import beamer, pdf
from graphstep.documents.beamer_forecast import TEXT_SIZE
from graphstep.markdown import opened
from graphstep.markdown.figure_fences import make_figure
from graphstep.markdown.source_places import Files
from graphstep.painting.shapes import Text
from graphstep.pictures.letters import letters
from graphstep.player import reveal_deck
from graphstep.powerpoint import pages
from graphstep.slides.deck import SIZES
from graphstep.slides.figure_rows import each_frame
from graphstep.slides.legibility import (
    BODY_LEAST,
    FIGURE_LEAST,
    MARK_LEAST,
    PAPER_LEAST,
    figure_size,
    least_text,
)

EVEN = 0.1  # points; sizes are rounded on their way
ZOOM = 3  # the most of pdftohtml, which prints whole pixels


def is_mark(text):
    """Whether a text of a figure is the shape of an array or a number of the scale of colours."""
    return re.fullmatch(r"[\d×]+|−?[\d.,]+", text.strip()) is not None


def lecture(lang):
    path = ROOT / "examples" / "lecture" / f"{lang}.md"
    return opened(str(path), Files(path.parent, False)).deck(make_figure)


@pytest.fixture(scope="module", params=["en", "ru"])
def deck(request):
    return lecture(request.param)


def figure_texts(made):
    """The texts that figures of a deck show, and those of them that are marks."""
    frames = (
        one for s in made.slides if s.figure for f in s.figure.frames for one in each_frame(f)
    )
    runs = {(run.text.strip(), (shape.kind == "l" and shape.slot is None) or shape.slot in frame.figure.blocks)
            for frame in frames for shape in frame.shapes.shapes if isinstance(shape, Text)
            for run in shape.runs}  # fmt: skip
    return {text for text, marked in runs if marked and is_mark(text)}


def in_pdf(data, folder, formulas=False):
    """Each text of a PDF with its size in points, of formulas words alone: they have names, and raised parts."""
    if shutil.which("pdftohtml") is None:
        pytest.skip("no poppler")
    path = Path(folder) / "a.pdf"
    path.write_bytes(data)
    command = ["pdftohtml", "-xml", "-i", "-zoom", str(ZOOM), "-stdout", path]
    made = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    fonts = {number: (int(size) / ZOOM, family) for number, size, family in
             re.findall(r'<fontspec id="(\d+)" size="(-?\d+)" family="([^"]*)"', made)}  # fmt: skip
    for number, text in re.findall(r'<text [^>]*font="(\d+)">(.*?)</text>', made):
        size, family = fonts[number]
        said = unescape(re.sub("<.*?>", "", text))
        if "Math" not in family or (formulas and re.search(r"[^\W\d_]{4}", said)):
            yield said, size


def too_small(found, marks, least=FIGURE_LEAST, least_mark=MARK_LEAST):
    return [(text, size) for text, size in found
            if text.strip() and size < (least_mark if text.strip() in marks else least) - 0.25]  # fmt: skip


def test_pages_have_no_text_that_is_too_small(deck, tmp_path):
    assert not too_small(in_pdf(pdf.deck(deck), tmp_path), figure_texts(deck))


def test_no_text_of_a_handout_is_too_small(deck, tmp_path):
    found = in_pdf(pdf.handout(deck), tmp_path, formulas=True)
    assert not too_small(found, (), PAPER_LEAST)
    assert all(min(size.figure, size.program) >= PAPER_LEAST for size in pdf.handout_sizes(deck))


@pytest.mark.parametrize("letters", [60, 90, 105, 125, 200])
def test_programs_on_paper_have_the_sizes_that_are_told(letters, tmp_path):
    path = tmp_path / "a.md"
    path.write_text("# Code\n\n```\n" + "x" * letters + "\n```\n")
    deck = opened(str(path), Files(tmp_path, False)).deck(make_figure)
    (told,) = pdf.handout_sizes(deck)
    found = {size for text, size in in_pdf(pdf.handout(deck), tmp_path) if "xxx" in text}
    assert told.program == pytest.approx(found.pop(), rel=0.05)
    assert (told.program < PAPER_LEAST) == (letters > 105)
    if 0 < told.letters < letters:  # what is advised is enough
        path.write_text("# Code\n\n```\n" + "x" * told.letters + "\n```\n")
        deck = opened(str(path), Files(tmp_path, False)).deck(make_figure)
        assert pdf.handout_sizes(deck)[0].program >= PAPER_LEAST


def in_pptx(data):
    """Each text of a presentation with its size; raised and lowered parts go with their text."""

    def runs(shapes):
        for shape in shapes:
            if shape.shape_type == 6:
                yield from runs(shape.shapes)
            elif shape.has_text_frame:
                yield from (run for p in shape.text_frame.paragraphs for run in p.runs)

    for slide in Presentation(BytesIO(data)).slides:
        for run in runs(slide.shapes):
            if run.font.size and not run._r.rPr.get("baseline"):
                yield run.text, run.font.size.pt


def test_presentations_have_no_text_that_is_too_small(deck):
    assert not too_small(in_pptx(pages.deck(deck)), figure_texts(deck))


@pytest.mark.parametrize("module", [pdf, pages, reveal_deck, beamer])
def test_no_slide_of_the_lecture_is_told_to_be_too_small(deck, module):
    for slide, size in zip(deck.slides, module.sizes(deck), strict=True):
        assert round(size.text, 1) >= least_text(slide), slide.title
        assert round(size.figure, 1) >= FIGURE_LEAST, slide.title
        formulas = slide.figure and slide.figure.has_formulas
        assert not formulas or round(size.formulas, 1) >= FIGURE_LEAST, slide.title
        assert round(min(size.program, size.formula), 1) >= FIGURE_LEAST, slide.title


def test_letters_of_drawings_can_be_read(deck):
    found = [letters(slide, deck.meta.aspect) for slide in deck.slides]
    drawn = sum(size < inf for size in found)
    assert drawn == 9  # templates, descent, four of the neuron, two of nets, activation functions
    assert min(found) >= FIGURE_LEAST


TOLD = r"\typeout{MEASURED \the\wd\gs@figure\space\the\gs@even}"
SIDE = r"\typeout{SIDE \the\wd\gs@box\space\the\linewidth\space\the\gs@percent}"
PLACES = ((r"\else\gs@under{#1}\fi", TOLD), (r"\gsfit{$\displaystyle#1$}", SIDE))


def in_tex(deck, folder):
    """The scale of each figure and the size of its formulas, in points of a slide, as LaTeX has set them."""
    if shutil.which("pdflatex") is None:
        pytest.skip("no pdflatex")
    source = beamer.deck(deck).replace(
        ", t]{beamer}", ", t, handout]{beamer}"
    )  # one overlay of each frame
    for place, measured in PLACES:
        assert source.count(place) == 1
        source = source.replace(place, place + measured)
    (folder / "a.tex").write_text(source, "utf-8")
    for name, data in beamer.files_beside(deck).items():
        (folder / name).write_bytes(data)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-draftmode", "a.tex"]
    made = subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout
    points = beamer.PAPERS[deck.meta.aspect].points(deck.meta.aspect)
    parts = re.split(rb"MEASURED (\S+)pt (\d+)", made.replace(b"\n", b""))
    told = iter(zip(parts[::3], parts[1::3], parts[2::3], strict=False))
    for slide in deck.slides:
        if slide.figure:
            sides, wide, percent = next(told)
            set_in_it = re.findall(rb"SIDE (\S+?)pt (\S+?)pt " + percent + rb"\b", sides)
            narrow = min(
                [1.0, *(float(line) / float(side) for side, line in set_in_it if float(side))]
            )
            scale = float(wide) / points / slide.figure.stepper.extent[0]
            yield slide, scale, TEXT_SIZE / points * int(percent) / 100 * narrow


def near(told, found):
    """Whether a size of formulas is told as it is found; what can be read anyway is told roughly."""
    return min(0.9 * found, 1.2 * FIGURE_LEAST) <= told <= 1.05 * found


def test_latex_sets_figures_that_can_be_read_in_about_the_sizes_that_are_told(deck, tmp_path):
    told = {id(s): size for s, size in zip(deck.slides, beamer.sizes(deck), strict=True)}
    for slide, scale, formulas in in_tex(deck, tmp_path):
        found, size = figure_size(slide.figure, scale), told[id(slide)]
        assert found >= FIGURE_LEAST - EVEN, slide.title
        least = min(0.8 * found, 1.2 * FIGURE_LEAST)  # what can be read anyway is told roughly
        assert least <= size.figure <= 1.1 * found, slide.title
        if slide.figure.has_formulas:
            assert round(formulas, 1) >= FIGURE_LEAST, slide.title
            assert near(size.formulas, formulas), slide.title


CROWDED = """---
aspect: "{aspect}"
---
# Two lines

{text}

```graphstep x=-1 y=2 {options}
f = sigmoid(x * y + 1) * max(x, y) + x / (y + 3) + exp(x) + y * x + 3 * x
```

# Large formulas

{text}

```graphstep x=randn(4,5) y=randn(4,2) w1=randn(5,5) w2=randn(5,2) --seed 3 --by product
h = sigmoid(x @ w1); p = h @ w2; loss = l2(p - y)
```
"""


@pytest.mark.parametrize("aspect", ["16:9", "4:3"])
def test_formulas_that_latex_makes_too_small_are_told_to_be(aspect, tmp_path):
    found = []
    for words, options in ((0, ""), (12, "--captions"), (60, "")):
        path = tmp_path / f"{words}.md"
        text = "and more words " * words
        path.write_text(CROWDED.format(aspect=aspect, text=text, options=options))
        deck = opened(str(path), Files(tmp_path, False)).deck(make_figure)
        told = [size.formulas for size in beamer.sizes(deck)]
        found += zip(told, (size for *_, size in in_tex(deck, tmp_path)), strict=True)
    assert all(near(*sizes) for sizes in found), found
    small = [size < FIGURE_LEAST for _, size in found]
    assert small == [size < FIGURE_LEAST for size, _ in found]
    assert any(small) == (aspect == "4:3")


SHOWN = """() => Reveal.getSlides().flatMap((slide, k) => {
  Reveal.slide(k, 0, 99);
  const page = slide.querySelector(".gs-page"), part = page.getBoundingClientRect().width / WIDE;
  const body = (+page.style.getPropertyValue("--size") || 1) * 18;
  return [[k, "", body], ...[...page.querySelectorAll(".gs-stage svg text")].filter((node) => node.textContent.trim()).map(
    (node) => [k, node.textContent, parseFloat(getComputedStyle(node).fontSize) * node.getScreenCTM().a / part])];
})"""

FORMULAS = """() => [...document.querySelectorAll(".gs-run")].map(
  (run) => [...run.querySelectorAll(".gs-equation")].map((node) => node.style.fontSize))"""


class TestBrowser:
    pytestmark = BROWSER

    def test_a_browser_shows_no_text_that_is_too_small_and_formulas_of_a_run_in_one_size(
        self, deck, browser, tmp_path
    ):
        path = tmp_path / "d.html"
        path.write_text(reveal_deck.deck(deck), encoding="utf-8")
        page = browser.new_page(viewport={"width": 960, "height": 540})
        page.goto(path.as_uri())
        page.wait_for_selector(".reveal.ready")
        found = page.evaluate(SHOWN.replace("WIDE", str(SIZES["16:9"][0])))
        formulas = page.evaluate(FORMULAS)
        page.close()
        offset = bool(deck.meta.title)
        needs = [BODY_LEAST] * offset + [least_text(slide) for slide in deck.slides]
        assert all(len({*of_run}) == 1 for of_run in formulas if of_run)
        assert len(found) > 5 * len(needs)
        assert not [k for k, text, size in found if not text and size < needs[k] - EVEN]
        assert not too_small(((text, size) for _, text, size in found if text), figure_texts(deck))
