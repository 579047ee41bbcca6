"""Program text in pieces: nothing is lost, and all colours can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphstep.slides.deck import Code
from graphstep.slides.design import Design, contrast
from graphstep.slides.program_text import (
    CODE_COLOURS,
    MARKS,
    MOST_COLOURED,
    program_colours,
    program_lines,
)


def roles(text, language="python"):
    return {
        piece.text.strip(): piece.role
        for line in program_lines(Code(text, language))
        for piece in line.pieces
    }


def test_pieces_have_roles():
    found = roles("def f(self): # c\n    return max(1.5, 'a') if x else None\n")
    assert found["def"] == found["return"] == found["else None"] == "keyword"
    assert (found["f"], found["1.5"], found["'a'"], found["# c"], found["max"]) == (
        "name",
        "number",
        "string",
        "comment",
        "name",
    )
    assert found["x"] == ""


def test_other_languages():
    assert roles("int x = 1;", "c++")["int"] == roles("let x = 1", "js")["let"] == "keyword"


@pytest.mark.parametrize("language", ["", "klingon", "../x", "a b"])
def test_an_unknown_language_is_plain(language):
    [line] = program_lines(Code("def f(): 1", language))
    assert [piece.role for piece in line.pieces] == [""]


def test_text_that_is_too_long_is_plain():
    [line] = program_lines(Code("1 " * MOST_COLOURED, "python"))
    assert len(line.pieces) == 1


@given(
    st.text(max_size=60),
    st.sampled_from(["python", "c", "html", "bash", "tex", "console", "json", "xyz", "make"]),
)
def test_no_letter_is_lost(text, language):
    lines = program_lines(Code(text, language))
    assert [line.text for line in lines] == [
        line.expandtabs(4) for line in text.rstrip("\n").split("\n")
    ]
    assert all("\n" not in piece.text and piece.text for line in lines for piece in line.pieces)


def test_numbers_and_marks():
    lines = program_lines(Code("a\nb\nc", "", 9, (10,)))
    assert [(line.number, line.marked) for line in lines] == [
        (" 9", False),
        ("10", True),
        ("11", False),
    ]
    lines = program_lines(Code("a\nb", "", None, (2,)))
    assert [(line.number, line.marked) for line in lines] == [("", False), ("", True)]


DESIGNS = {
    "light": Design(), "dark": Design("dark"), "blue": Design("light", "#fffff0", (("ink", "#102040"), ("accent", "#b00020"))),
    "black": Design("dark", "#000000"), "grey": Design("light", "#c8c8c8"), "faint": Design("light", "#ffffff", (("ink", "#777777"),)),
}  # fmt: skip


@pytest.mark.parametrize("name", DESIGNS)
def test_all_colours_can_be_read_on_both_backgrounds(name):
    design = DESIGNS[name]
    colours = program_colours(design)
    ink, behind = design.inks("default"), (design.shades[0], colours.pop("mark"))
    assert len(colours) == 5
    assert behind[0] != behind[1]
    least = min(4.5, *(contrast(ink.ink, one) for one in behind))
    for colour in (*colours.values(), ink.ink):
        assert min(contrast(colour, one) for one in behind) >= least, (name, colour)


def test_the_usual_colours_are_not_changed():
    assert {**CODE_COLOURS["light"], "mark": MARKS["light"]} == program_colours(Design())
    assert {**CODE_COLOURS["dark"], "mark": MARKS["dark"]} == program_colours(Design("dark"))


def test_all_formats_have_the_colours_numbers_and_marks():
    from graphstep.documents import beamer, pdf
    from graphstep.player import reveal_deck
    from graphstep.powerpoint import pages
    from graphstep.slides.deck import Deck, Meta, Slide

    code = Code("def f():\n    return 1", "python", 9, (10,))
    deck = Deck(Meta(), (Slide((), (code,)),))
    keyword, mark = CODE_COLOURS["light"]["keyword"], MARKS["light"]
    page = reveal_deck.deck(deck)
    assert f".gs-is-keyword{{color:{keyword}}}" in page
    assert '<span data-number=" 9"><span class="gs-is-keyword">def </span>' in page
    assert '<span class="gs-marked" data-number="10">' in page
    typst, _ = pdf._slides(deck)
    assert '("def ", "keyword", )' in typst
    assert 'number: "10", marked: true' in typst
    [slide] = (page.shapes for page in pages.book(deck).pages)
    assert slide.count(keyword[1:].upper()) == 2
    assert slide.count(mark[1:].upper()) == 1
    tex = beamer.deck(deck)
    assert rf"\definecolor{{gsmark}}{{HTML}}{{{mark[1:].upper()}}}" in tex
    assert r"\gspointed {\color{gsmuted}10\ \ }" in tex
