"""The code under a figure: at each moment the lines of the frame that is there."""

import re
import zipfile

import pytest

import graphstep as gs
from graphstep.markdown import read
from graphstep.slides.arrangement import deck_of
from graphstep.slides.code_lines import MOST_LINES, step_code
from graphstep.slides.deck import Code, Timed, every_block
from graphstep.slides.program_text import longest

STEPS = "```graphstep x=-2 y=5 z=-4 --by wire --code\nq = x + y; f = q * z\n```\n"


def layers(slide):
    timed = [b for b in every_block(slide.blocks) if isinstance(b, Timed)]
    codes = [b for b in timed if isinstance(b.layers[0].blocks[0], Code)]
    return codes[0].layers if codes else ()


def pointed(slide, moment):
    """The lines pointed out at a moment."""
    (code,) = [layer.blocks[0] for layer in layers(slide) if moment in layer.moments]
    lines = code.text.split("\n")
    assert len(lines) <= MOST_LINES
    return [lines[k - 1] for k in code.marked]


PROGRAMS = """## Two

::: columns
::: column {width=60%}
```python
def forward(self, first, second, third):  # a rather long line, all in all
```
:::
::: column
```cpp
top[i] = 1.0;
```
:::
:::

> ```
> alone
> ```
"""


def test_programs_of_a_slide_have_one_size():
    from presentations import opened

    from graphstep.powerpoint import pages

    shown = opened(pages.deck(read(PROGRAMS))).slides[0].element.xml
    shapes = [
        one
        for one in shown.split("<p:sp>")[1:]
        if "forward" in one or "top" in one or "alone" in one
    ]
    sizes = [int(re.search(r'sz="(\d+)"', one)[1]) for one in shapes]
    assert len(sizes) == 3
    assert max(sizes) < 1.05 * min(sizes)
    assert max(sizes) < 1400


def test_programs_that_fit_or_stand_alone_are_as_they_were():
    short = PROGRAMS.replace("(self, first, second, third):  # a rather long line, all in all", "")
    for text in (short, "```python\n" + "x" * 99 + "\n```"):
        (slide,) = read(text).slides
        codes = [b for b in every_block(slide.blocks) if isinstance(b, Code)]
        assert max(code.letters for code in codes) < 70


def test_lines_under_a_figure_in_a_column_have_one_size_in_all_frames():
    column = "::: columns\n::: column {width=35%}\n" + STEPS.replace(
        "q = x + y", "quotient_of_two_sums = (x + y) * 3.25"
    ).replace("q *", "quotient_of_two_sums *")
    (slide,) = read(column + ":::\n::: column\ntext\n:::\n:::\n").slides
    codes = [b for b in every_block(slide.blocks) if isinstance(b, Code)]
    assert len({longest(code) for code in codes}) == 1


@pytest.mark.parametrize("text", [STEPS, f"First\n\n. . .\n\n{STEPS}", f"{STEPS}\n. . .\n\nmore"])
def test_each_moment_has_the_lines_of_its_frame(text):
    (slide,) = read(text).slides
    block = slide.figure
    figure = block.stepper
    program = figure.program.lines
    for moment, k in enumerate(slide.timeline(block)):
        if k is None:
            assert not any(moment in layer.moments for layer in layers(slide))
            continue
        wanted = [program[n].code for n in figure[k].lines if program[n].part != "inputs"]
        assert pointed(slide, moment) == wanted[:MOST_LINES]


def test_there_is_none_unless_it_is_asked_for():
    (slide,) = read(STEPS.replace(" --code", "")).slides
    assert not layers(slide)
    s = gs.stepper("f = x*y", x=1, y=2, style=gs.Style(code=True))
    (slide,) = deck_of(s).slides
    assert pointed(slide, 2) == ["dy = df * x", "dx = df * y"]


def test_figures_beside_each_other_have_the_code_of_the_first_that_asks():
    text = f"::: beside\n{STEPS.replace(' --code', '')}\n{STEPS}:::\n"
    (slide,) = read(text).slides
    assert pointed(slide, 2)


def test_all_formats_have_it(tmp_path):
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4, style=gs.Style(code=True))
    for ending in ("deck.html", "tex"):
        (path,) = s.save(tmp_path / f"f.{ending}")
        text = path.read_text(encoding="utf-8")
        assert "dq" in text
        assert "gscode" in text or "<pre><code>" in text
    (path,) = s.save(tmp_path / "f.pptx")
    with zipfile.ZipFile(path) as parts:
        pages = [parts.read(n).decode() for n in parts.namelist() if "slides/slide" in n]
    assert any("dq" in page for page in pages)
    assert all(p.stat().st_size for p in s.save(tmp_path / "f.pdf"))


def test_a_gate_without_code_is_refused_at_the_option():
    gs.gate(local=[lambda x: 2.0 * x], name="own_twice")(lambda x: float(x) * 2)
    with pytest.raises(gs.GraphstepError, match="What own_twice computes") as caught:
        read("```graphstep x=1 --code\nf = own_twice(x)\n```\n")
    assert caught.value.line == 2
    with pytest.raises(gs.InputError, match="no numbers") as caught:
        read("```graphstep --code\nf = x*y\n```\n")
    assert (caught.value.line, caught.value.column) == (1, 14)


def test_the_lines_of_an_update_are_pointed_out():
    s = gs.stepper("f = (w*x - 1)**2", w=1, x=2, update="w", rule="adam")
    code = step_code(s, s[-1].lines)
    assert code.text.splitlines()[-1] == "w = w - part_w / (part_w_2 + eps)"
    assert code.marked == (1, 2, 3, 4, 5)


def test_each_of_several_iterations_has_its_own_lines():
    text = "```graphstep w=1 x=2 --update w --rate 1 --iterations 2 --code\nf = abs(w*x - 1)\n```\n"
    slide = read(text).slides[-1]
    last = [layer.blocks[0] for layer in layers(slide)][-1]
    figure = slide.figure.stepper
    assert last.text == step_code(figure, figure[-1].lines).text
