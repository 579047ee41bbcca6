"""Attributes in braces: which are read, and what becomes of the texts that have them."""

import re
import subprocess

import pytest
from deck_parts import p, t, top
from pptx import Presentation

import graphstep as gs
from examples import png
from graphstep.formulas.tree import Marked, Name
from graphstep.markdown import read
from graphstep.markdown.attributes import (
    Attributes,
    ProgramLines,
    read_attributes,
    read_info,
)
from graphstep.slides.deck import (
    Code,
    Display,
    Formula,
    Heading,
    Items,
    Picture,
    Run,
    Styled,
)


@pytest.mark.parametrize(
    ("text", "classes", "values"),
    [
        (".a", ("a",), {}), ("#x", (), {}), (" #x .a-b  .c ", ("a-b", "c"), {}),
        ('width=40% .a key="two words"', ("a",), {"width": "40%", "key": "two words"}), ("k='v'", (), {"k": "v"}),
    ],
)  # fmt: skip
def test_attributes_are_classes_and_values(text, classes, values):
    assert read_attributes(text) == Attributes(classes, values)


@pytest.mark.parametrize(
    "text", ["", " ", "a, b", "x: 1", ".", "#", "a=", ".a.b", "{.a}", 'k="v', "1-3"]
)
def test_other_texts_between_braces_are_no_attributes(text):
    assert read_attributes(text) is None


def block(text, **given):
    [found] = read(text, **given).slides[0].blocks
    return found


@pytest.mark.parametrize(("text", "expected"), [
    ("[a]{.red} b", (Run("a", colour="red"), Run(" b"))),
    ("[a *b* $x$]{.local}", (Run("a ", colour="local"), Run("b", italic=True, colour="local"), Run(" ", colour="local"),
                             Formula(Marked(Name("x"), "local"), "x"))),
    ("[a [b]{.ul} c]{.alert #x}", (Run("a ", colour="red"), Run("b", colour="red", underlined=True), Run(" c", colour="red"))),
    ("[a [b]{.blue} c]{.underline .red}", (Run("a ", colour="red", underlined=True), Run("b", colour="blue", underlined=True),
                                           Run(" c", colour="red", underlined=True))),
    ("[`a`]{.gray}[b](https://c.d)[e]{}", (Run("a", code=True, colour="gray"), Run("b", link="https://c.d"), Run("e"))),
])  # fmt: skip
def test_words_between_brackets_have_the_look_of_their_classes(text, expected):
    assert block(text) == p(*expected)
    [slide] = read(f"# {text}").slides
    assert slide.title == expected
    table = block(f"| {text} | c |\n|---|---|\n")
    assert table.rows[0][0] == expected


def test_brackets_without_attributes_are_brackets():
    assert block("[a] {b} [c] \\[d]{.red}".replace("{.red}", "")) == p("[a] {b} [c] [d]")


@pytest.mark.parametrize("output", ["html", "pdf", "pptx", "tex"])
def test_every_format_shows_their_colours_and_lines(output, tmp_path):
    """Read back from what is written: words in red and underlined, and none elsewhere."""
    path = tmp_path / "a.md"
    path.write_text("# T\n\nplain [inked]{.red} [lined]{.ul} plain\n", "utf-8")
    made = gs.deck(path).save(tmp_path / f"a.{output}")
    assert FOUND[output](made) == ({"inked"}, {"lined"})


def found_in_slides(path):
    runs = [run for shape in Presentation(path).slides[0].shapes if shape.has_text_frame
            for paragraph in shape.text_frame.paragraphs for run in paragraph.runs]  # fmt: skip
    red = {run.text for run in runs if "B42318" in run._r.xml}
    return red, {run.text for run in runs if run.font.underline}


def found_in_pages(path):
    """Of underlines a PDF has lines alone."""
    shown = subprocess.run(
        ["pdftohtml", "-xml", "-i", "-stdout", path], capture_output=True, check=True
    ).stdout.decode()
    red = {
        number
        for number, colour in re.findall(r'<fontspec id="(\d+)"[^>]*color="([^"]*)"', shown)
        if colour == "#b42318"
    }
    return {
        text
        for number, text in re.findall(r'<text [^>]*font="(\d+)">(.*?)</text>', shown)
        if number in red
    }, {"lined"}


def pairs(pattern, underlined):
    return lambda path: tuple(
        {*re.findall(one, path.read_text("utf-8"))} for one in (pattern, underlined)
    )


FOUND = {
    "html": pairs(r'<span class="gs-red">(\w+)</span>', r"<u>(\w+)</u>"),
    "tex": pairs(r"\\textcolor\{gsred\}\{\{\}(\w+)\}", r"\\underline\{(\w+)\}"),
    "pptx": found_in_slides, "pdf": found_in_pages,
}  # fmt: skip


def test_classes_end_paragraphs_and_headings():
    assert block("text *x* {.center}") == Styled((p("text ", Run("x", italic=True)),), "center")
    assert block("text\n{.small .right #a}") == Styled((p("text"),), "right", 0.8)
    assert block("### A {.large}") == Styled((Heading(t("A"), 3),), "", 1.25)
    assert block("$$x$$ {.left}") == Styled((Display(Formula(Name("x"), "x")),), "left")
    assert block("- text {.small}") == Items(((Styled((p("text"),), "", 0.8),),))


def test_a_block_may_have_classes():
    assert block("::: {.center .small}\na\n\nb\n:::") == Styled((p("a"), p("b")), "center", 0.8)
    assert block("::: small\n:::: right\na\n::::\n:::") == Styled(
        (Styled((p("a"),), "right"),), "", 0.8
    )


@pytest.mark.parametrize("text", ["text {#id}", "text\n\n{#id}", "::: left\ntext\n:::"])
def test_a_name_has_no_effect(text):
    blocks = read(f"# A {{#b .unnumbered}}\n\n{text}\n").slides
    assert blocks[0].title == t("A")
    assert p("text") in (*blocks[0].blocks, *getattr(blocks[0].blocks[0], "blocks", ()))


@pytest.mark.parametrize(
    "text", ["a {b}", "the set {x = 1}", "`x` {a: b}", "\\{.center}", "a \\{.center}", "`{.a}`"]
)
def test_other_braces_are_text(text):
    assert "{" in block(text).parts[-1].text


def test_classes_of_a_picture(tmp_path):
    (tmp_path / "a.png").write_bytes(png())
    picture = Picture(png(), ".png", "a")
    assert block("![a](a.png){.right}", folder=tmp_path) == Styled((picture,), "right")
    assert block("![a](a.png) {.right}", folder=tmp_path) == Styled((picture,), "right")
    with pytest.raises(gs.GraphstepError, match=r"^line 1, column 1: \.right means nothing here\."):
        read("an ![a](a.png){.right}", folder=tmp_path)


def test_the_error_lists_what_is_known():
    with pytest.raises(
        gs.GraphstepError, match=r"known: \.center, \.left, \.right, \.small"
    ) as refused:
        read("text {.centre}")
    assert refused.value.key == "unknown_attribute"
    with pytest.raises(gs.GraphstepError, match=r"known: \.unnumbered, \.unlisted\."):
        read("# A {.center}")


def test_the_advice_works():
    for name in ("center", "left", "right", "small", "smaller", "large", "larger"):
        assert isinstance(block(f"text {{.{name}}}"), Styled)
    assert read("# A {.unnumbered .unlisted}\n").slides == (top(t("A")),)


# --- programs


@pytest.mark.parametrize(
    ("info", "made"),
    [
        ("", ()), ("python", ("python",)), (" python some words", ("python",)), ("{.python}", ("python",)),
        ("python {2}", ("python", None, (2,))), ("python {1, 3-4}", ("python", None, (1, 3, 4))), ("{2-2}", ("", None, (2,))),
        ("python [2]", ("python", 1, (2,))), ("python []", ("python", 1)), ("c++ {1}", ("c++", None, (1,))),
        ("python {.numberLines}", ("python", 1)), ("{.python .number-lines #x}", ("python", 1)), ("python {.line-numbers startFrom=3}", ("python", 3)),
        ('python {startFrom="3" code-line-numbers="4,5"}', ("python", 3, (4, 5))), ('{.python code-line-numbers="1-2"}', ("python", 1, (1, 2))),
        ("python {code-line-numbers=true}", ("python", 1)), ("python {code-line-numbers=false}", ("python",)),
        ("python {1|2-3}", ("python", None, (1,), ((1,), (2, 3)))), ("ts {all|2}", ("ts", None, (), ((), (2,)))), ("js [1-2|3|*]", ("js", 1, (1, 2), ((1, 2), (3,), ()))),
        ('python {code-line-numbers="1|3"}', ("python", 1, (1,), ((1,), (3,)))),
    ],
)  # fmt: skip
def test_what_is_said_about_a_program(info, made):
    assert read_info(info, 5) == ProgramLines(*made)


@pytest.mark.parametrize(
    "info", ["{python}", "python {1|x}", "python {1||2}", "ts {hide|2}", "ts {lines:true}", "python {1", "python {4-3}", "a {b} c", "python {startFrom=x}", "python {startFrom=99999999}"],
)  # fmt: skip
def test_what_other_tools_say_is_not_understood(info):
    assert read_info(info, 5) is None


@pytest.mark.parametrize(
    "info", ["{6}", "{0}", "{1-999999}", "[9]", "{1|6}", "{startFrom=7 code-line-numbers=6}"]
)
def test_marked_lines_have_to_be_there(info):
    with pytest.raises(gs.GraphstepError) as refused:
        read_info(f"python {info}", 5)
    assert refused.value.key == "no_such_line"


def test_long_ranges_cost_nothing():  # they took minutes
    with pytest.raises(gs.GraphstepError):
        read_info("{" + ",".join(["1-999999"] * 10_000) + "}", 5)


def test_programs_on_slides():
    [slide] = read(
        "```python {2}\nx = 1\n\ny = 2\n```\n\n~~~ {.c .numberLines}\nint x;\n~~~\n"
    ).slides
    assert slide.blocks == (Code("x = 1\n\ny = 2", "python", None, (2,)), Code("int x;", "c", 1))
