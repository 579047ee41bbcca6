"""The same slides in every format: where words stand, and how large the figure is."""

import json
import re
import shutil
import subprocess

import pytest
from browsing import BROWSER
from presentations import opened

import graphstep as gs
from graphstep.documents import beamer, pdf
from graphstep.drawing.measures import MARGIN
from graphstep.look.typst import document_metadata
from graphstep.player import reveal_deck
from graphstep.player.assets import source
from graphstep.powerpoint import pages
from graphstep.slides import slide_plans
from graphstep.slides.deck import SIZES, Deck, FigureBlock, Meta, Paragraph, Run, Slide

NEAR = 1.12
"""How many times larger a figure may be in one format than in another. It has what words leave of
the slide, about as much as they take themselves; the heights of the same formulas in Typst and in
Chromium, and of the estimates for PowerPoint, differ by a tenth."""

NARROW = 1.55
"""The same in Beamer, whose letters are narrower, so that long texts leave more to a figure."""

NEURON = "f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2)))"
TYPED = gs.Style(symbols="program")  # names in one piece in every PDF
LONG = "A sentence that goes on for as long as a sentence on a slide may ever go on. "


def first():
    return gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)


def small():
    return gs.stepper("f = x * z", x=-2, z=-4)


def tall():
    names = "abcdeghijklmnopq"
    products = (f"{one}*{two}" for one, two in zip(names[::2], names[1::2], strict=True))
    return gs.stepper("f = " + " + ".join(products), inputs={n: k % 5 for k, n in enumerate(names)})


def net():
    def grid(rows, columns):
        return [[((7 * r + 3 * c) % 11 - 5) / 4 for c in range(columns)] for r in range(rows)]

    return gs.stepper(
        "h = relu(x @ w1 + b); L = cross_entropy(h @ w2, y)",
        x=grid(6, 5), w1=grid(5, 8), b=grid(1, 8)[0], w2=grid(8, 3), y=[0, 1, 2, 0, 1, 2], style=TYPED,
    )  # fmt: skip


def figure(stepper, captions=False):
    shown = tuple(range(len(stepper)))
    return FigureBlock(stepper, shown, shown if captions else ())


def text(words):
    return Paragraph((Run(words),))


def slide(title, *blocks):
    return Slide((Run(title),) if title else (), blocks)


SLIDES = {  # with two names that stand one below the other in the figure
    "alone": (slide("", figure(small())), "x", "z"),
    "line": (slide("A title", text("One line above it."), figure(first())), "x", "z"),
    "long": (slide("A title", text(LONG * 5), figure(first())), "x", "z"),
    "wide": (slide("A title", figure(gs.stepper(NEURON, w0=2, x0=-1, w1=-3, x1=-2, w2=-3, style=TYPED))), "w0", "w2"),
    "tall": (slide("A title", figure(tall())), "a", "q"),
    "captions": (slide("A title", figure(net(), captions=True)), "x", "w2"),
}  # fmt: skip
DECK = Deck(Meta(), tuple(made for made, *_ in SLIDES.values()))
WIDE, HIGH = SIZES["16:9"]


def size(made):
    """The size of a figure in its own units."""
    return [side + 2 * MARGIN for side in made.figure.stepper.drawing[:2]]


def place(name):
    """Where words stand in a way. The two ways beside a figure are one where its height limits it."""
    way = next(way for way in slide_plans.WAYS if way.name == name)
    return "beside" if way.aside else way.name


def measured(data, path, wide):
    """The scale of each figure in a PDF, from the distance of two names on its first page."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no poppler")
    path.write_bytes(data)
    made = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True)
    pages, page, scales = made.stdout.decode().split("<page ")[1:], 0, {}
    for name, (slide_, above, below) in SLIDES.items():
        found = re.findall(r'xMin="(\S+)" yMin="(\S+)" .*?>(\w+)</word>', pages[page])
        ends = sorted((float(x), float(y), word) for x, y, word in found if word in (above, below))
        y = {word: y for _, y, word in reversed(ends)}  # a figure begins left of all formulas
        marks = {m.text: m.y for m in slide_.figure.stepper.drawing.marks}
        scales[name] = (y[below] - y[above]) / (marks[below] - marks[above]) * WIDE / wide
        page += len(slide_.figure.frames)
    return scales


@pytest.fixture(scope="module")
def in_pdf(tmp_path_factory):
    """Place and scale on pages of Typst."""
    scales = measured(pdf.deck(DECK), tmp_path_factory.mktemp("pdf") / "d.pdf", WIDE)
    reports = [r["plan"] for r in document_metadata(*_labelled(*pdf._slides(DECK)))]
    for report, scale in zip(reports, scales.values(), strict=True):
        assert report["scale"] == pytest.approx(scale, rel=0.02)
    return {n: (place(r["way"]), scales[n]) for n, r in zip(SLIDES, reports, strict=True)}


def _labelled(code, files):
    return code, "slide", files


PROBE = """
#let probe(look, level, moments, title, above, below, layered, legible, frames, at) = context for way in deck.ways {
  for (size, width, noted) in ((1, look.width, false), (.73, .4 * look.width, false), (.73, .6 * look.width, true)) {
    let narrow = calc.min(..frames.map(frame => deck.narrowed(frame, width / size)))
    for frame in frames {
      let given = (look, way, size, width, narrow, noted and frame.sides.len() > 0, frame)
      let high = measure(width: width, deck.worded(..given)).height
      [#metadata((high / 1pt, deck.words_height(..given) / 1pt)) <probe>]
    }
  }
}
"""


def test_the_height_of_words_is_known_without_laying_them_out():
    code, files = pdf._slides(DECK)
    begin, look, rest = code.partition("#show: body =>")
    probing = begin + PROBE + look + rest.replace("#deck.run(", "#probe(")
    found = document_metadata(probing, "probe", files)
    assert len(found) == 3 * len(slide_plans.WAYS) * sum(len(s.figure.frames) for s in DECK.slides)
    for measured_, known in found:
        assert known == pytest.approx(measured_, abs=0.01)


@pytest.fixture(scope="module")
def in_pptx():
    """Place and scale as the shapes of PowerPoint have them."""
    slides, found = iter(opened(pages.deck(DECK)).slides), {}
    for name, (made, *_) in SLIDES.items():
        shown = [next(slides) for _ in made.figure.frames][-1]
        group = next(shape for shape in shown.shapes if shape.shape_type == 6)
        formula = next(shape for shape in shown.shapes if shape.name == "formula")
        beside = formula.left >= group.left + group.width
        found[name] = "beside" if beside else "under", group.width.pt / size(made)[0]
    return found


@pytest.fixture(scope="module")
def in_html(browser, tmp_path_factory):
    """Place and scale in Chromium."""
    path, found = tmp_path_factory.mktemp("html") / "d.html", {}
    path.write_text(reveal_deck.deck(DECK), encoding="utf-8")
    page = browser.new_page(viewport={"width": int(WIDE), "height": int(HIGH)})
    page.goto(path.as_uri())
    page.wait_for_selector(".reveal.ready")
    for k, (name, (made, *_)) in enumerate(SLIDES.items()):
        page.evaluate(f"Reveal.slide({k})")
        box = page.locator(".present .gs-stage svg").bounding_box()
        wide, high = size(made)
        scale = min(box["width"] / wide, box["height"] / high)
        found[name] = place(page.get_attribute(".present .gs-run", "data-way")), scale
    page.close()
    return found


@pytest.fixture(scope="module")
def in_tex(tmp_path_factory):
    """The scale as LaTeX sets it."""
    if shutil.which("pdflatex") is None:
        pytest.skip("no pdflatex")
    folder = tmp_path_factory.mktemp("tex")
    (folder / "a.tex").write_text(beamer.deck(DECK), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    subprocess.run(command, cwd=folder, capture_output=True, check=True)
    return measured((folder / "a.pdf").read_bytes(), folder / "b.pdf",
                      beamer.PAPERS["16:9"].whole)  # fmt: skip


def near(one, other, most=NEAR):
    return max(one, other) <= most * min(one, other)


@pytest.mark.parametrize("name", SLIDES)
def test_powerpoint_shares_slides_as_pages_do(name, in_pdf, in_pptx):
    assert in_pptx[name][0] == in_pdf[name][0]
    assert near(in_pptx[name][1], in_pdf[name][1])


@pytest.mark.parametrize("name", SLIDES)
class TestBrowser:
    pytestmark = BROWSER

    def test_a_browser_shares_slides_as_pages_do(self, name, in_pdf, in_html):
        assert in_html[name][0] == in_pdf[name][0]
        assert near(in_html[name][1], in_pdf[name][1])


@pytest.mark.parametrize("name", SLIDES)
def test_latex_shares_slides_as_pages_do(name, in_pdf, in_tex):
    assert near(in_tex[name], in_pdf[name][1], NARROW)


def test_a_small_figure_alone_has_the_largest_scale(in_pdf, in_pptx, in_tex):
    for scale in (in_pdf["alone"][1], in_pptx["alone"][1], in_tex["alone"]):
        assert scale == pytest.approx(slide_plans.SHARES.largest, rel=0.02)


def test_places_differ_between_slides(in_pdf):
    assert {where for where, _ in in_pdf.values()} == {"under", "beside"}


def test_pages_and_typst_have_the_tables_as_they_are():
    made = reveal_deck.deck(DECK)
    data = json.loads(re.search(r'id="gs-deck">(.*?)</script>', made)[1])
    assert data["plans"] == slide_plans.as_data()
    written = json.loads(pdf._functions()["slide_plans.json"])
    paper = {**slide_plans.PAPER._asdict(), "page": [*slide_plans.PAPER.page]}
    assert written == {**slide_plans.as_data(), "paper": paper}


def test_the_numbers_that_drifted_stand_in_no_renderer():
    numbers = {f"{n:g}".lstrip("0") for n in (slide_plans.SHARES.largest, slide_plans.SHARES.row)}
    for code in (
        source("modules/deck.js"),
        source("deck.css"),
        pdf._functions()["deck.typ"].decode(),
    ):
        slides = code.partition("// On paper")[0]
        assert not numbers & {n.lstrip("0") for n in re.findall(r"\d*\.\d+", slides)}
