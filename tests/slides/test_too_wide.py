"""Programs and formulas that are small since they are wide: told in all formats, and as they come out."""

import re
import shutil
import subprocess

import pytest
from browsing import BROWSER
from presentations import opened as presented

from graphstep.cli.deck import _warnings
from graphstep.documents import beamer, pdf
from graphstep.markdown import read
from graphstep.outputs import deck_sizes
from graphstep.player import reveal_deck
from graphstep.powerpoint import pages

LINE = "total = first + second + third + fourth + fifth + sixth + seventh + eighth + ninth + tenth + last"
FORMULA = "$$y = " + " + ".join(f"w_{{{k}}} x_{{{k}}}" for k in range(22)) + "$$"
LARGER = 1.12  # by which formulas are set to look as large as the text
PROGRAM = f"```\n{LINE}\n```\n"


def column(text):
    return (
        f"::: columns\n::: column {{width=45%}}\n{text}\n:::\n::: column\nother words\n:::\n:::\n"
    )


WORDS = "A few words that are above it, so that the slide keeps its usual size. " * 14 + "\n\n"
SLIDES = {
    "line": f"{WORDS}{PROGRAM.replace('last', 'last + none + at + all + here + now')}",
    "column": column(PROGRAM.replace(LINE, LINE[:60])),
    "list": f"{WORDS}- item\n\n  ```\n  {LINE} + more + terms + here\n  ```\n",
    "small": f"{WORDS}::: {{.small}}\n::: {{.small}}\n{PROGRAM}:::\n:::\n",
    "numbers": f"{WORDS}```python [1]\n{LINE} + more + terms + here + now\n```\n",
    "long": "```\n" + "a = 1\n" * 25 + "```\n",
    "formula": f"{WORDS}{FORMULA}\n",
    "formula in a column": column(f"{FORMULA.partition(' + w_{8}')[0]}$$"),
}
DECK = read("".join(f"## {name}\n\n{text}\n\n" for name, text in SLIDES.items()))


def told(ending):
    """The least of the sizes of each slide's program and formula that are told."""
    return [min(s.program, s.formula) for s in deck_sizes(DECK, f"a.{ending}")]


def near(told, found):
    """Whether sizes that are near to what can be read are told as they are."""
    return [
        (a, b) for a, b in zip(told, found, strict=True) if b < 14 and abs(a - b) > 0.1 * b
    ] == []


def told_of(text, lang="en", endings=("html", "pdf", "pptx", "tex")):
    """What is said of the only slide, without its place, for each format."""
    deck = read(f"---\nlang: {lang}\n---\n\n## A\n\n{text}\n")
    return [
        said
        for ending in endings
        for size in deck_sizes(deck, f"a.{ending}")
        for said in _warnings(size, deck.slides[0], "", lang)
    ]


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "has a program of"), ("ru", "мелок в программе")]
)
def test_a_program_is_told_in_both_languages(lang, said):
    told = told_of(WORDS + column(PROGRAM), lang)
    assert len(told) == 4
    assert all(one.startswith(said) for one in told)


@pytest.mark.parametrize("count", [60, 150])
def test_lines_as_long_as_they_are_told_to_be_can_be_read(count):
    def program(letters, mark=""):
        return WORDS + column(f"```python{mark}\n{'a' * letters}\n```")

    for mark in ("", " {.numberLines}"):
        told = told_of(program(count, mark))
        assert len(told) == 4
        for said in told:
            (most,) = map(int, re.findall(r"at most (\d+) letters", said))
            assert 20 < most < count
        assert not told_of(
            program(min(int(re.search(r"most (\d+)", one)[1]) for one in told), mark)
        )


def test_a_formula_in_lines_can_be_read():
    told = told_of(FORMULA.replace("=", "= a + b + c + d + e + f + g + h +"))
    assert len(told) == 4
    assert all(r"\begin{align} … \end{align}" in said for said in told)
    lines = FORMULA.strip("$").replace("= ", "&= ").replace("+ w_{11}", r"\\ &+ w_{11}")
    assert not told_of(f"\\begin{{align}}\n{lines}\n\\end{{align}}")


def table(count, word):
    return "\n".join(f"|{row * count}" for row in (f" {word} |", "---|", " 1 |"))


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_table_whose_words_do_not_fit_is_told(lang):
    told = told_of("words\n\n" + table(9, "a rather long"), lang)
    assert not told
    told = told_of("words\n\n" + table(14, "characteristics of"), lang)
    assert len(told) == 4
    assert all("%" in said for said in told)
    assert not told_of("words\n\n" + table(4, "characteristics of"), lang)


def test_fewer_lines_can_be_read():
    line = "a = 1\n"
    counts = range(18, 26)
    told = [said for n in counts for said in told_of(f"```\n{n * line}```", endings=["pdf"])]
    assert "Leave lines out" in told[0]
    assert all("Split it" in said for said in told_of(SLIDES["long"] * 2))  # which says it all
    assert not told_of(SLIDES["long"].replace("a = 1\n" * 10, "", 1))


def printed(path, program="Mono", formula="Math", larger=LARGER):
    """For each page of a PDF, the size of its program or of its formula in points of a slide."""
    if shutil.which("pdftohtml") is None:
        pytest.skip("no poppler")
    command = ["pdftohtml", "-xml", "-i", "-zoom", "3", "-stdout", path]
    made = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    fonts = {n: (int(size), family) for n, size, family in
             re.findall(r'<fontspec id="(\d+)" size="(\d+)" family="([^"]*)"', made)}  # fmt: skip
    for whole, page in re.findall(r'<page [^>]*width="(\d+)">(.*?)</page>', made, re.DOTALL):
        used = [fonts[n] for n in re.findall(r'<text [^>]*font="(\d+)"', page)]
        mono = [size for size, family in used if program in family]
        math = [size for size, family in used if formula in family]
        assert mono or math
        yield 960 / int(whole) * min(*mono, 999, max(math, default=999) / larger)


def test_pages_have_the_sizes_that_are_told(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf.deck(DECK))
    assert near(told("pdf"), printed(tmp_path / "a.pdf"))


def test_beamer_has_the_sizes_that_are_told(tmp_path):
    if shutil.which("pdflatex") is None:
        pytest.skip("no pdflatex")
    (tmp_path / "a.tex").write_text(beamer.deck(DECK), "utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert near(told("tex"), printed(tmp_path / "a.pdf", "SFTT", "SFSI", 1.0))


def test_slides_of_powerpoint_have_the_sizes_that_are_told():
    found = []
    for slide in presented(pages.deck(DECK)).slides:
        sizes = re.findall(
            r'sz="(\d+)"[^>]*>(?:(?!</a:rPr>).)*DejaVu Sans Mono', slide.element.xml, re.DOTALL
        )
        found.append(min((int(size) / 100 for size in sizes), default=99.0))
    assert near(told("pptx"), found)


SHOWN = """() => Reveal.getSlides().map((slide, k) => {
  Reveal.slide(k);
  return Math.min(...[...slide.querySelectorAll("pre code, .gs-display math")].map(
    (node) => parseFloat(getComputedStyle(node).fontSize) / (node.matches("math") ? LARGER : 1))) * 960 / slide.clientWidth;
})"""


class TestBrowser:
    pytestmark = BROWSER

    def test_a_browser_has_the_sizes_that_are_told(self, browser, tmp_path):
        path = tmp_path / "d.html"
        path.write_text(reveal_deck.deck(DECK), encoding="utf-8")
        page = browser.new_page(viewport={"width": 960, "height": 540})
        page.goto(path.as_uri())
        page.wait_for_selector(".reveal.ready")
        found = page.evaluate(SHOWN.replace("LARGER", str(LARGER)))
        page.close()
        assert near(told("html"), found)
