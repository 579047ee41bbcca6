"""Dashes, ellipses and spaces that are typed as hyphens, dots and tildes."""

import pytest

from graphstep.markdown import read
from graphstep.slides.deck import plain


def shown(text):
    [slide] = read(f"# A\n\n{text}\n").slides
    return plain(slide.blocks[0].parts)


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("pages 5--6, Newton--Raphson, слово -- слово", "pages 5–6, Newton–Raphson, слово – слово"),
        ("so --- and so---it is", "so — and so—it is"),
        ("-- Пушкин", "– Пушкин"),
        ("one --\ntwo", "one – two"),
        ("and so on ... 1, 2, ..., n", "and so on … 1, 2, …, n"),
        ("**A**--**B**, $n$--$m$, *x*---`y`", "A–B, n–m, x—y"),
        (r"т.\ е., Fig.~1 and стр.~5", "т.\u00a0е., Fig.\u00a01 and стр.\u00a05"),
        ("[a -- b](https://a.b/c--d...e)", "a – b"),
    ],
)
def test_dashes_and_dots_are_set(typed, made):
    assert shown(typed) == made


@pytest.mark.parametrize(
    "text",
    ["`a -- b ... c`", "**--flag**", "--code and i--;", "a --> b <-- c <--- d ---> e", "----, ....", "x[..., 1]"],
)  # fmt: skip
def test_what_is_no_dash_stays(text):
    assert shown(text) == text.strip("`*")


def test_a_backslash_keeps_what_is_typed():
    assert shown(r"\-- \--- a \... b\--c .\..") == "-- --- a ... b--c ..."


def test_they_are_set_in_titles_tables_and_front_matter():
    deck = read(
        "---\ntitle: A -- B\nfooter: 2020--2021\n---\n# C ...\n\n| a -- b |\n|---|\n| 1--2 |\n"
    )
    assert (deck.meta.title, deck.meta.footer) == ("A – B", "2020–2021")
    [slide] = deck.slides
    assert plain(slide.title) == "C …"
    assert [plain(row[0]) for row in slide.blocks[0].rows] == ["a – b", "1–2"]


def test_places_in_a_text_with_dashes_are_those_of_the_file():
    from graphstep import GraphstepError

    with pytest.raises(GraphstepError) as refused:
        read("# A\n\nso -- and --- so ... $\\nope$\n")
    assert refused.value.source[slice(*refused.value.span)] == "\\nope"


def test_attributes_after_dashes_are_read():
    [slide] = read("# A\n\na -- b ... {#x--y .small}\n").slides
    assert plain(slide.blocks[0].blocks[0].parts) == "a – b …"
