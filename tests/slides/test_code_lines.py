"""The code under a figure: at each moment the lines of the frame that is there."""

import zipfile

import pytest

import graphstep as gs
from graphstep.markdown import read
from graphstep.slides.arrangement import deck_of
from graphstep.slides.code_lines import MOST_LINES
from graphstep.slides.deck import Code, Timed, every_block

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
