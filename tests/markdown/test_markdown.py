"""Markdown as slides, the exact place of every error, and hostile texts."""

import numpy as np
import pytest
from deck_parts import FIGURE
from readme import ROOT

import graphstep as gs
from examples import png
from graphstep.base.words import languages
from graphstep.markdown import Document, read, read_file
from graphstep.slides.deck import Deck, plain


def test_another_fence_begins_another_slide_of_the_same_title():
    slides = read(f"# A\n\none\n\n{FIGURE}\n::: notes\nfirst\n:::\n\n{FIGURE}\nafter\n").slides
    assert [(plain(s.title), len(s.blocks), s.notes) for s in slides] == [
        ("A", 2, "first"),
        ("A", 2, ""),
    ]
    assert [plain(s.title) for s in read(FIGURE * 2).slides] == ["", ""]


def test_figures_can_be_made_otherwise():
    made = []

    def make(fence):
        made.append(fence.expression)
        return gs.stepper("f = y", y=1)

    deck = Document(f"{FIGURE}\n{FIGURE}").deck(make)
    assert made == ["f = x * x"] * 2
    assert deck.slides[0].figure.stepper.value == 1.0


# --- errors, to the letter

ERRORS = [
    (
        "# A\n\n```graphstep x=1\nf = x\n\n# B\n",
        "3, column 1: What begins here is never closed. End it with a line of ```.\n    ```graphstep x=1\n    ^^^^^^^^^^^^^^^^",
    ),
    (
        "# A\n\n~~~~python\n~~~\n\n# B\n",
        "3, column 1: What begins here is never closed. End it with a line of ~~~~.\n    ~~~~python\n    ^^^^^^^^^^",
    ),
    (
        "::: notes\nx\n\n# B\n",
        "1, column 1: What begins here is never closed. End it with a line of :::.\n    ::: notes\n    ^^^^^^^^^",
    ),
    (
        "# A\n\n```graphstep x=1\nq = x\n  f = q ^ 2\n```\n",
        "5, column 7: ^ is not a power in this language. Write q**2.\n      f = q ^ 2\n          ^^^^^",
    ),
    (
        "# A\n\n  ```graphstep x=1\n    f = x ^ 2\n  ```\n",
        "4, column 9: ^ is not a power in this language. Write x**2.\n        f = x ^ 2\n            ^^^^^",
    ),
    (
        "```graphstep x=1\nq = x*2\nq = 3*x\n```\n",
        "3, column 1: q already has its node, from line 2. Give this one another name. Write q2.\n    q = 3*x\n    ^",
    ),
    (
        "```graphstep x=1\nf = x * y\n```\n",
        "2, column 9: No value is given for y. Pass one, as in y=1.\n    f = x * y\n            ^",
    ),
    (
        "```graphstep x=1 'yy=2'\nf = x * 2\n```\n",
        "1, column 18: There is no input yy. Inputs: x.\n    ```graphstep x=1 'yy=2'\n                     ^^^^^^",
    ),
    (
        "```graphstep 'W=[[1,2]]' x=[1,2,3]\nf = sum(W @ x)\n```\n",
        "2, column 9: W has shape 1×2, x has shape 3: W @ x needs x of shape 2.\n    f = sum(W @ x)\n            ^^^^^",
    ),
    (
        "```graphstep x=1\n\n```\n",
        "1, column 1: There is no expression here. Write one, such as f = (x + y) * z.\n    ```graphstep x=1\n    ^^^^^^^^^^^^^^^^",
    ),
    (
        "# A\n\n```graphstep x=1 --theme dark\nf = x\n```\n",
        "3, column 18: There is no option --theme. Options: --by, --forward, --upstream, --target, --mode, --wrt, --tangent, --update, "
        "--rate, --rule, --accumulate, --iterations, --constants, --group, "
        "--expand, --palette, --digits, --local, --sums, --code, --drawn, --symbols, --spacing, --direction, --wrap, --lang, --engine, --seed, --steps, --captions.\n"
        "    ```graphstep x=1 --theme dark\n                     ^^^^^^^",
    ),
    (
        "```graphstep x=1 --by leaf\nf = x\n```\n",
        "1, column 23: by cannot be 'leaf'; it can be: gate, wire, product, value, local.\n    ```graphstep x=1 --by leaf\n                          ^^^^",
    ),
    (
        "```graphstep x=one\nf = x\n```\n",
        "1, column 14: x must be a number, a list such as [1, 2], a file such as @weights.npy, or randn(3, 4), not one.\n"
        "    ```graphstep x=one\n                 ^^^^^",
    ),
    (
        "```graphstep x 1\nf = x\n```\n",
        "1, column 14: 'x' is not an input. Write name=number, as in x=-2.\n    ```graphstep x 1\n                 ^",
    ),
    (
        "```graphstep 'W=[[1, 2], [3]]'\nf = sum(W)\n```\n",
        "1, column 17: All rows of a list must be equally long, and hold numbers or rows, not both.\n"
        "    ```graphstep 'W=[[1, 2], [3]]'\n                    ^^^^^^^^^^^^^",
    ),
    (
        "```graphstep W=@none.npy\nf = sum(W)\n```\n",
        "1, column 14: Cannot read none.npy: No such file or directory.\n    ```graphstep W=@none.npy\n                 ^^^^^^^^^^^",
    ),
    (
        "```graphstep x=1 --steps 2-9\nf = x * 2\n```\n",
        "1, column 26: There is no frame 9; the last one is 2.\n    ```graphstep x=1 --steps 2-9\n                             ^^^",
    ),
    (
        "```graphstep x=1 'y=2\nf = x * y\n```\n",
        "1, column 18: This quotation mark or backslash is never followed by its end. Close the quotation, or write the mark in other quotation marks.\n    ```graphstep x=1 'y=2\n                     ^",
    ),
    (
        "```graphstep x=1 --expand tanh\nf = x * 2\n```\n",
        "1, column 27: There is no composite gate 'tanh' here. Give the name of a gate such as sigmoid, of a node, or its index.\n"
        "    ```graphstep x=1 --expand tanh\n                              ^^^^",
    ),
    (
        "- a\n\n  ```graphstep x=1\n  f = x\n  ```\n",
        "3, column 3: Figures, notes, pauses and blocks with moments stand on a slide by themselves or in a column, not inside lists, quotes, notes or steps. Do not indent them.\n"
        "      ```graphstep x=1\n      ^^^^^^^^^^^^^^^^",
    ),
    (
        "> ::: notes\n> a\n> :::\n",
        "1, column 1: Figures, notes, pauses and blocks with moments stand on a slide by themselves or in a column, not inside lists, quotes, notes or steps. Do not indent them.\n"
        "    > ::: notes\n    ^^^^^^^^^^^",
    ),
    (
        "::: nots\na\n:::\n",
        "1, column 1: There is no block 'nots'. A block of ::: begins with one of these words and ends with :::. Words: notes, beside, columns, column, step, incremental, nonincremental, center, left, right, small, smaller, large, larger.\n"
        "    ::: nots\n    ^^^^^^^^",
    ),
    (
        "# A\n\n<!-- b --> <div\nclass='c'>\n</div>\n",
        "3, column 12: HTML is not part of a deck. Write it as Markdown; comments <!-- ... --> are notes for the speaker.\n"
        "    <!-- b --> <div\n               ^^^^",
    ),
    (
        "- a\n- b\n  | a | a |\n  |---|---|\n  | x | a<br>b |\n",
        "5, column 10: HTML is not part of a deck. Write it as Markdown; comments <!-- ... --> are notes for the speaker.\n"
        "      | x | a<br>b |\n             ^^^^",
    ),
    (
        "# A <b>\n",
        "1, column 5: HTML is not part of a deck. Write it as Markdown; comments <!-- ... --> are notes for the speaker.\n    # A <b>\n        ^^^",
    ),
    (
        "# A\n\n> a $x$\n> and $\\frac{1}$ b\n",
        "4, column 8: \\frac lacks what belongs to it. Write \\frac{a}{b}.\n"
        "    > and $\\frac{1}$ b\n           ^^^^^",
    ),
    (
        "$$\nx +\n\\foo{1}\n$$\n",
        "3, column 1: There is no command \\foo in formulas. They are written as in LaTeX.\n    \\foo{1}\n    ^^^^",
    ),
    (
        "# A\n\n$$\nx + y\n\n# B",
        "3, column 1: This formula is never closed. End it with $$; for a dollar sign write \\$.\n    $$\n    ^^",
    ),
    (
        "---\ntitel: x\n---\n",
        "2, column 1: There is no option titel. Did you mean title? Options: title, subtitle, author, institute, date, lang, theme, aspect, footer, numbering, outline, logo, template, incremental, macros, by, "
        "forward, constants, group, palette, digits, local, sums, code, drawn, symbols, spacing, direction, wrap, captions, engine, seed.\n    titel: x\n    ^^^^^",
    ),
    (
        "---\ntitle: x\nauthor: a: b\n---\n",
        "3, column 10: The front matter cannot be read. A value with a colon, a # or a special sign "
        'stands between quotation marks: author: "a: b" (YAML: mapping values are not allowed here).'
        "\n    author: a: b\n             ^",
    ),
    (
        "---\n- a\n---\n",
        "2, column 1: The front matter must be lines such as title: The chain rule.\n    - a\n    ^^^",
    ),
    (
        "---\ntitle: {a: b}\n---\n",
        "2, column 8: A text or a list of texts must stand here.\n    title: {a: b}\n           ^^^^^^",
    ),
    (
        "---\ntitle: a\ntitle: b\n---\n",
        "3, column 1: title is given twice. Give it once.\n    title: b\n    ^^^^^",
    ),
    (
        "---\ntitle: a\n\n# A\n",
        "1, column 1: The front matter that begins here is never closed. End it with a line of ---.\n    ---\n    ^^^",
    ),
    (
        "---\nlang: xx\n---\n",
        f"2, column 7: lang cannot be 'xx'; it can be: {', '.join(languages())}.\n    lang: xx\n          ^^",
    ),
    (
        "---\ntheme: auto\n---\n",
        "2, column 8: theme cannot be 'auto'; it can be: light, dark.\n    theme: auto\n           ^^^^",
    ),
    (
        "---\naspect: 1:1\n---\n",
        "2, column 9: aspect cannot be '1:1'; it can be: 16:9, 4:3.\n    aspect: 1:1\n            ^^^",
    ),
    (
        "---\ndigits: many\n---\n",
        "2, column 9: 'many' digits cannot be shown; give a whole number from 0 to 15.\n    digits: many\n            ^^^^",
    ),
]


@pytest.mark.parametrize(("source", "message"), ERRORS)
def test_errors_name_file_line_and_caret(source, message):
    with pytest.raises(gs.GraphstepError) as refused:
        read(source, "lecture.md")
    assert str(refused.value) == f"lecture.md, line {message}"


def test_errors_of_a_russian_deck_are_in_russian():
    source = "---\nlang: ru\n---\n# Узел\n\n```graphstep x=1\nf = x ^ 2\n```\n"
    with pytest.raises(gs.GraphstepError) as refused:
        read(source, "лекция.md")
    assert str(refused.value) == (
        "лекция.md, строка 7, столбец 5: ^ в этом языке не степень. Пишите x**2.\n    f = x ^ 2\n        ^^^^^"
    )
    assert refused.value.message("en").startswith("лекция.md, line 7, column 5: ^ is not")


def test_errors_without_a_file_name_and_without_a_place():
    with pytest.raises(gs.GraphstepError, match="^line 1, column 3: HTML"):
        read("a <b>")
    with pytest.raises(gs.GraphstepError, match=r"^a\.md: There are no slides here\."):
        read("<!-- nothing -->\n", "a.md")
    with pytest.raises(gs.GraphstepError, match=r"^a\.md: The text has 2000001 characters"):
        read("x" * 2_000_001, "a.md")


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(gs.GraphstepError, match=r"Cannot read .*none\.md: No such file"):
        gs.deck(tmp_path / "none.md")
    (tmp_path / "latin.md").write_bytes("# é".encode("latin-1"))
    with pytest.raises(gs.GraphstepError, match=r"latin\.md is not a text in UTF-8: byte 3 does"):
        gs.deck(tmp_path / "latin.md")


def test_a_missing_package_is_told(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pylatexenc.latexwalker", None)
    with pytest.raises(gs.GraphstepError, match=r"pip install 'graphstep\[slides\]'"):
        read("# A\n\n$x$\n")


# --- hostile Markdown


@pytest.mark.parametrize(
    "source",
    [
        "> " * 5000 + "x",
        "*a " * 3000,
        "**a" * 3000,
        "*" * 5000 + "a" + "*" * 5000,
        "[" * 5000,
        "![" * 3000,
        "[a](" * 3000,
        "\n".join("  " * k + "- x" for k in range(100)),
        "\n".join(">" * k + " x" for k in range(100)),
        "|" + "a|" * 300 + "\n|" + "-|" * 300 + "\n" + ("|" + "a|" * 300 + "\n") * 10,
        "<!--" * 5000,
        "<a " * 3000,
        "$a " * 3000 + "$$" * 3000,
        "$" + "{" * 500 + "x" + "}" * 500 + "$",
        "$" + "\\frac{" * 300 + "x" + "}{1}" * 300 + "$",
        "::: \n" * 300,
        "\n".join(":" * (k + 3) + " notes" for k in range(100)),
        "```graphstep\n" * 300,
        "```graphstep x=1\nf = " + "(" * 5000 + "\n```",
        "```graphstep " + "x=1 " * 3000 + "\nf = x\n```",
        "```graphstep " + "\\" * 3001 + "\nf = x\n```",
        "---\na: " + "[" * 500 + "\n---\n",
        "---\n" + "".join(f"a{k}: &a{k} [*a{k - 1}, *a{k - 1}]\n" for k in range(1, 30)) + "---\n",
        "---\ntitle: !!python/object/apply:os.system [ls]\n---\n# A",
        "---\ntitle: \x01\n---\n# A",
        "---\n? \n---\n# A",
        "---\n&a\n---\n# A",
        "[a]: <b>\n" * 500 + "[a]" * 500,
        "<script>alert(1)</script>",
        "\u202e# abc\n\u2028\n# \u0085",
    ],
    ids=range(30),
)
def test_hostile_markdown_is_read_or_refused(source):
    try:
        deck = read(source, "hostile.md")
    except gs.GraphstepError as error:
        assert str(error).startswith("hostile.md")
    else:
        assert isinstance(deck, Deck)


def test_the_public_name():
    for lang in ("en", "ru"):
        lecture = ROOT / "examples" / "lecture" / f"{lang}.md"
        assert gs.deck(lecture).meta.lang == lang


@pytest.fixture
def confined(tmp_path):
    """Reads a deck in a folder that holds a picture and an array, beside others it may not see."""
    folder = tmp_path / "deck"
    folder.mkdir()
    for where in (tmp_path, folder):
        (where / "a.png").write_bytes(png())
        np.save(where / "w.npy", [1.0, 2.0])
    (folder / "out.png").symlink_to("../a.png")
    (folder / "out.npy").symlink_to("../w.npy")

    def reading(text, confined=True):
        (folder / "deck.md").write_text(text, encoding="utf-8")
        return read_file(folder / "deck.md", confined=confined)

    return reading


NAMED = [
    "![](%s.png)",
    "![x][r]\n\n[r]: <%s.png>",
    "- > text ![](%s.png) text",
    "```graphstep W=@%s.npy\nf = sum(W)\n```",
    "```graphstep 'W = @ %s.npy'\nf = sum(W)\n```",
    "```graphstep W=@'%s.npy'\nf = sum(W)\n```",
]


@pytest.mark.parametrize("form", NAMED)
def test_a_confined_deck_reads_its_folder_and_nothing_else(confined, tmp_path, form):
    own = {"png": "a", "npy": "w"}["png" if "png" in form else "npy"]
    assert confined(form % own).slides
    for name in (f"../{own}", f"{tmp_path}/{own}", "out", f"x/../../{own}"):
        with pytest.raises(gs.InputError) as refused:
            confined(form % name)
        error = refused.value
        assert error.key == "outside_folder"
        assert error.file.endswith("deck.md")
        assert error.line is not None
    assert confined(form % f"../{own}", confined=False).slides


def test_a_confined_deck_is_itself_in_its_folder(confined, tmp_path):
    (tmp_path / "secret.md").write_text("# Secret")
    (tmp_path / "deck" / "link.md").symlink_to("../secret.md")
    with pytest.raises(gs.InputError) as refused:
        read_file(tmp_path / "deck" / "link.md", confined=True)
    assert refused.value.key == "outside_folder"
    assert read("![](a.png)", folder=tmp_path / "deck", confined=True).slides
    with pytest.raises(gs.InputError):
        read("![](../a.png)", folder=tmp_path / "deck", confined=True)
