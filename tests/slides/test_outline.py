import re

import pytest
from pptx import Presentation

import graphstep as gs
from graphstep.base.errors import GraphstepError
from graphstep.documents import pdf
from graphstep.markdown import read
from graphstep.slides.deck import Columns, Items, plain

PARTS = """---
outline: {how}
---
# What it is about

A text.

# 1. Scalars

::: notes
Slowly.
:::

## A sum

```graphstep x=2
f = x + x
```

```graphstep x=2
f = x * x
```

# 2. The cost $\\sigma$

## A product

text

---

no title

# What to remember

All of it.
"""


def shown(how):
    return [
        [plain(block.parts) for block in titles(slide.blocks)]
        for slide in read(PARTS.format(how=how)).slides if slide.opens_part
    ]  # fmt: skip


def titles(blocks):
    for block in blocks:
        if isinstance(block, Columns):
            yield from (one for one in block.columns[1] if plain(one.parts).strip())
        elif isinstance(block, Items):
            yield from (item[0] for item in block.items)


def test_an_outline_names_the_parts_or_the_slides_of_the_part():
    both = ["1. Scalars", "2. The cost \\sigma"]
    assert shown("parts") == [both, both]
    assert shown("slides") == [
        ["A sum"],
        ["A product"],
    ]  # a part ends where another title of its level begins
    assert shown("false") == [[], []]


def test_the_part_that_begins_stands_out():
    slide = [slide for slide in read(PARTS.format(how="parts")).slides if slide.opens_part][1]
    one, two = titles(slide.blocks)
    assert (one.parts[0].bold, one.parts[0].colour) == (False, "gray")
    assert (two.parts[0].bold, two.parts[0].colour) == (True, "")
    assert slide.moments == 1


def test_a_part_without_slides_has_its_title_alone():
    (slide,) = read("---\noutline: slides\n---\n# Alone").slides
    assert slide.opens_part
    assert not slide.blocks


def test_another_outline_is_refused():
    with pytest.raises(GraphstepError, match="line 2"):
        read("---\noutline: all\n---\n# Part\n", "talk.md")


@pytest.mark.parametrize("how", ["parts", "slides", "false"])
def test_parts_are_parts_in_all_formats(how, tmp_path):
    (tmp_path / "talk.md").write_text(PARTS.format(how=how))
    deck = gs.deck(tmp_path / "talk.md")
    slides = Presentation(str(deck.save(tmp_path / "a.pptx")))
    names = re.findall('<p14:section [^>]*name="([^"]*)"', slides.part.blob.decode())
    assert names[1:] == ["1. Scalars", "2. The cost \\sigma"]
    tex = deck.save(tmp_path / "a.tex").read_text()
    assert re.findall(r"\\section\{(..)", tex) == ["1.", "2."]
    code = pdf._slides(deck)[0]
    assert code.count("#deck.section(") == (2 if how == "false" else 0)
    assert re.findall(r"#deck\.prose\(look, (\d)", code) == [
        "1",
        *["1"] * (how != "false"),
        *["1"] * (how != "false"),
        "2",
        "2",
        "2",
    ]
    page = deck.save(tmp_path / "a.html").read_text()
    assert page.count('class="gs-page gs-chapter"') == (2 if how == "false" else 0)


def test_a_handout_has_no_outline(tmp_path):
    one, two = (pdf.handout(read(PARTS.format(how=how))) for how in ("parts", "false"))
    assert one == two
