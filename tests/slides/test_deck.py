"""Moments of slides: in every format each page has what belongs to it, and nothing moves."""

import re
import shutil
import subprocess
from io import BytesIO

import pytest
from browsing import BROWSER
from pptx import Presentation

from graphstep.documents import beamer, pdf
from graphstep.documents.all_at_once import all_at_once
from graphstep.markdown import read
from graphstep.player import reveal_deck
from graphstep.powerpoint import pages
from graphstep.slides.deck import BODY, Items, Paragraph, Timed, plain
from graphstep.slides.slide_plans import TEXT_SIZES

DECK = read("""
## Steps

always

```graphstep x=-2 y=5 z=-4
q = x + y; f = q * z
```

::: step forward
before
:::

::: step q,z
product

- longer
- list
:::

::: step f-
ones
:::

## List

above

::: incremental
1. first
2. second
   - nested
3. third
:::

. . .

end

## Waits

question

. . .

```graphstep x=-2 y=5 --steps 0,last
f = x * y
```

::: step last
answer
:::

. . .

after
""")
SEEN = [
    ["always before", "always ones", "always product longer list ones", "always ones"],
    ["above", "above first", "above first second nested", "above first second nested third", "above first second nested third end"],
    ["question", "question", "question answer", "question answer after"],
]  # fmt: skip
"""The words of each slide at each of its moments; its figure has others."""
COME = [
    ["before"], ["ones"], ["product", "longer", "list"], [],
    [], ["first"], ["second", "nested"], ["third"], ["end"], [], [], ["answer"], ["after"],
]  # fmt: skip
"""The words that a screen reader is told at each moment, besides the sentences of frames."""
WORDS = {word for slide in SEEN for words in slide for word in words.split()}


def places(found):
    """From pairs of words and places: of those above, in their order; a formula may have others."""
    return [(word, place) for word, place in found if word in WORDS]


def in_pdf(data, path):
    """The words on each page, with their places."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no poppler")
    path.write_bytes(data)
    made = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True)
    for page in made.stdout.decode().split("<page ")[1:]:
        found = re.findall(r'xMin="(\S+)" yMin="(\S+)" .*?>(\w+)</word>', page)
        yield places((word, (float(x), float(y))) for x, y, word in found)


def paper(tmp_path):
    return in_pdf(pdf.deck(DECK), tmp_path / "a.pdf")


def latex(tmp_path):
    if shutil.which("pdflatex") is None:
        pytest.skip("no pdflatex")
    (tmp_path / "a.tex").write_text(beamer.deck(DECK), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    return in_pdf((tmp_path / "a.pdf").read_bytes(), tmp_path / "b.pdf")


def powerpoint(_):
    for slide in Presentation(BytesIO(pages.deck(DECK))).slides:
        shapes = sorted(slide.shapes, key=lambda shape: shape.top)
        boxes = [(s.text_frame.text.split(), (s.left, s.top)) for s in shapes if s.has_text_frame]
        yield places((word, (place, k)) for words, place in boxes for k, word in enumerate(words))


@pytest.mark.parametrize("form", [paper, latex, powerpoint])
def test_each_page_has_the_words_of_its_moment_and_nothing_moves(form, tmp_path):
    check(list(form(tmp_path)))


def check(found):
    assert len(found) == sum(map(len, SEEN))
    made = iter(found)
    for slide in SEEN:
        stay = {}
        for words in slide:
            page = next(made)
            assert [word for word, _ in page] == words.split()
            for word, place in page:
                assert stay.setdefault(word, place) == place, word


VISIBLE = """() => {
  const walk = document.createTreeWalker(document.querySelector('.present .gs-page'), NodeFilter.SHOW_TEXT), found = [];
  while (walk.nextNode()) {
    const node = walk.currentNode, range = document.createRange();
    if (!node.parentElement.checkVisibility({ visibilityProperty: true })) continue;
    range.selectNodeContents(node);
    const { x, y } = range.getBoundingClientRect();
    for (const word of node.textContent.split(/\\s+/)) found.push([word, [x, y]]);
  }
  return found;
}"""


class TestBrowser:
    pytestmark = BROWSER

    def test_fragments_have_the_words_of_their_moment_and_nothing_moves(self, browser, tmp_path):
        path = tmp_path / "d.html"
        path.write_text(reveal_deck.deck(DECK), encoding="utf-8")
        page = browser.new_page(viewport={"width": 960, "height": 540})
        page.goto(path.as_uri())
        page.wait_for_selector(".reveal.ready")
        forward, told = [], []
        for _ in range(sum(map(len, SEEN))):
            forward.append(places(page.evaluate(VISIBLE)))
            told.append([w for w in page.inner_text(".gs-live").split() if w in WORDS])
            page.keyboard.press("ArrowRight")
        check(forward)
        assert told == COME
        page.keyboard.press("End")
        backward = []
        for _ in forward:
            backward.append(places(page.evaluate(VISIBLE)))
            page.keyboard.press("ArrowLeft")
        assert backward[::-1] == forward
        page.close()

    def test_a_printed_page_has_the_words_of_its_moment(self, browser, tmp_path):
        path = tmp_path / "d.html"
        path.write_text(reveal_deck.deck(DECK), encoding="utf-8")
        page = browser.new_page(viewport={"width": 960, "height": 540})
        page.goto(path.as_uri())
        page.wait_for_selector(".reveal.ready")
        check(list(in_pdf(page.pdf(prefer_css_page_size=True), tmp_path / "a.pdf")))
        page.close()


def test_a_figure_waits_and_keeps_its_last_frame():
    *_, slide = DECK.slides
    assert slide.timeline(slide.figure) == (None, 0, 1, 1)
    assert [slide.said(k) for k in range(4)] == ["", *(f.caption for f in slide.figure.frames), slide.figure.frames[1].caption]  # fmt: skip


def test_on_paper_all_is_there_at_once():
    steps, items, waits = all_at_once(DECK).slides
    assert {slide.moments for slide in (items,)} == {1}
    assert not any(isinstance(b, Timed) for s in (steps, items, waits) for b in s.blocks)
    found = [block for block in items.blocks if isinstance(block, Items)]
    assert [(len(one.items), one.start) for one in found] == [(3, 1)]
    assert waits.figure.waits == 0


def test_a_text_on_steps_has_the_numbers_of_its_frames_in_a_handout():
    steps, _, waits = all_at_once(DECK).slides
    texts = [
        plain(block.parts)
        for block in (*steps.blocks, *waits.blocks)
        if isinstance(block, Paragraph)
    ]
    assert texts == ["always", "1\u2002before", "3\u2002product", "2, 3, 4\u2002ones", "question", "2\u2002answer", "after"]  # fmt: skip


def test_a_handout_has_every_word_once(tmp_path):
    found = [word for page in in_pdf(pdf.handout(DECK), tmp_path / "a.pdf") for word, _ in page]
    assert sorted(found) == sorted(WORDS)


def test_a_text_on_a_step_that_leaves_the_figure_no_place_comes_after_it(tmp_path):
    much = "\n\n".join(f"word{k} " + "and some words more " * 14 for k in range(26))
    fence = "```graphstep x=2\nf = x * x\n```"
    made = read(f"## A\n\n{fence}\n\n::: step f\n{much}\n:::\n\n## B\n\nfew\n")
    data = pdf.deck(made)
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode()
    found = text.split("\f")[:-1]
    frames = len(made.slides[0].figure.frames)
    assert not any("word" in page for page in found[:frames])
    assert all(f"word{k} " in " ".join(found[frames:]) for k in range(26))
    assert (
        pdf.sizes(made)[1].text == BODY * TEXT_SIZES[0].text
    )  # of the next slide, not of what follows the figure
