"""Markdown as a deck: what becomes of each thing, and where each error points."""

import struct

import numpy as np
import pytest
import yaml
from readme import ROOT

import graphstep as gs
from examples import png
from graphstep import markdown
from graphstep.figure.deck import (
    Code,
    Deck,
    Display,
    FigureBlock,
    Formula,
    Heading,
    Items,
    Meta,
    Paragraph,
    Picture,
    Quote,
    Run,
    Slide,
    Table,
    plain,
)
from graphstep.formulas.tree import Name
from graphstep.markdown import Document, fences, read, read_file

FIGURE = "```graphstep x=2\nf = x * x\n```\n"


def p(*parts):
    return Paragraph(tuple(Run(part) if isinstance(part, str) else part for part in parts))


def t(text):
    return (Run(text),)


# --- what becomes of each thing


@pytest.mark.parametrize(
    ("source", "slides"),
    [
        # slides
        ("## A\n\ntext", (Slide(t("A"), (p("text"),)),)),
        ("# Part\n\n## A\n\ntext\n", (Slide(t("Part")), Slide(t("A"), (p("text"),)))),
        ("# A\n\none\n\n---\n\ntwo\n", (Slide(t("A"), (p("one"),)), Slide((), (p("two"),)))),
        ("one\n\n***\n\n# A\n\n___\n\n* * *\n", (Slide((), (p("one"),)), Slide(t("A")))),
        ("A\n===\n\nB\n---\n", (Slide(t("A")), Slide(t("B")))),
        ("# A\n\n### B\n\n###### C", (Slide(t("A"), (Heading(t("B"), 3), Heading(t("C"), 6))),)),
        ("#\n\ntext", (Slide((), (p("text"),)),)),
        # notes
        (
            "# A\n\n::: notes\nSay *this*,\n\n1. and\n2. that\n   - too\n\n> quote\n:::\n\n::: notes\nmore $x$\n:::\n",
            (Slide(t("A"), (), "Say this,\n\n1. and\n2. that\n   - too\n\nquote\n\nmore x"),),
        ),
        (
            "# A\n\n:::: notes\n```\n:::\n```\n\n|a|b|\n|-|-|\n|1|2|\n::::",
            (Slide(t("A"), (), ":::\n\na | b\n1 | 2"),),
        ),
        ("::: notes\nalone\n:::\n\n# A", (Slide((), (), "alone"), Slide(t("A")))),
        # text
        (
            "a **b *c*** `d*`\ne ~~f~~",
            (
                Slide(
                    (),
                    (
                        p(
                            "a ",
                            Run("b ", bold=True),
                            Run("c", bold=True, italic=True),
                            " ",
                            Run("d*", code=True),
                            " e ",
                            Run("f", struck=True),
                        ),
                    ),
                ),
            ),
        ),
        ("a\\\nb  \nc", (Slide((), (p("a\nb\nc"),)),)),
        (
            "[a *b*](https://c.d/?e=f \"g\") <https://h.i>",
            (
                Slide(
                    (),
                    (
                        p(
                            Run("a ", link="https://c.d/?e=f"),
                            Run("b", italic=True, link="https://c.d/?e=f"),
                            " ",
                            Run("https://h.i", link="https://h.i"),
                        ),
                    ),
                ),
            ),
        ),
        ("[a][r]\n\n[r]: b.html", (Slide((), (p(Run("a", link="b.html")),)),)),
        ("[x](javascript:alert(1))", (Slide((), (p("[x](javascript:alert(1))"),)),)),
        ("&lt;b&gt; &amp; \\<i> 1 < 2 \\$5 and $6", (Slide((), (p("<b> & <i> 1 < 2 $5 and $6"),)),)),
        ("a <!-- b --> c\n\n<!-- d\n\ne -->\n", (Slide((), (p("a  c"),)),)),
        # blocks
        (
            "- a\n- b\n  1. c\n\n     d\n",
            (
                Slide(
                    (),
                    (Items(((p("a"),), (p("b"), Items(((p("c"), p("d")),), 1)))),),
                ),
            ),
        ),
        ("7. a\n8. b", (Slide((), (Items(((p("a"),), (p("b"),)), 7),)),)),
        ("0. a", (Slide((), (Items(((p("a"),),), 0),)),)),
        ("> a\n>\n> > b\n\n> # c", (Slide((), (Quote((p("a"), Quote((p("b"),)))), Quote((Heading(t("c"), 2),)))),)),
        ("```python k\nx = 1\n\n```\n\n    indented\n", (Slide((), (Code("x = 1\n", "python"), Code("indented"))),)),
        (
            "| a | *b* | c |\n|---|:-:|--:|\n| 1 | a\\|b |\n",
            (
                Slide(
                    (),
                    (
                        Table(
                            (
                                (t("a"), (Run("b", italic=True),), t("c")),
                                (t("1"), t("a|b"), ()),
                            ),
                            ("left", "center", "right"),
                        ),
                    ),
                ),
            ),
        ),
        # formulas
        (
            "a $x$ b\n\n$$x$$\n\n$$\nx\n$$\n\nc $$x$$",
            (
                Slide(
                    (),
                    (
                        p("a ", Formula(Name("x"), "x"), " b"),
                        Display(Formula(Name("x"), "x")),
                        Display(Formula(Name("x"), "x")),
                        p("c ", Formula(Name("x"), "x")),
                    ),
                ),
            ),
        ),
        ("# $x$ here", (Slide((Formula(Name("x"), "x"), Run(" here"))),)),
    ],
)  # fmt: skip
def test_what_becomes_of(source, slides):
    assert read(source).slides == slides


def test_the_front_matter_says_what_the_deck_is():
    source = (
        '---\ntitle: "Chain  rule: how"\nauthor: [Ada, Émilie]\ndate: 2024-02-30\nlang: ru\n'
        "theme: dark\naspect: 4:3\n# a comment\ndigits: 3\nforward: Yes\nby: wire\n---\n# A\n"
    )
    document = Document(source)
    meta = Meta("Chain rule: how", "Ada, Émilie", "2024-02-30", "ru", "dark", "4:3")
    assert document.deck() == Deck(meta, (Slide(t("A")),))
    assert document.front.options == {"digits": 3, "forward": True, "by": "wire"}
    assert read("---\n---\n# A\n").meta == Meta()
    assert read("---\ntitle: no slides\n---\n").slides == ()
    assert document.said(lang="en").deck().meta == meta._replace(lang="en")


def test_line_ends_marks_and_strange_characters_do_no_harm():
    plainly = read(f"---\ntitle: a\n---\n# A\n\n{FIGURE}")
    windows = read(f"\ufeff---\r\ntitle: a\r\n---\r\n# A\r\n\r\n{FIGURE}".replace("\n", "\r\n"))
    assert windows.meta == plainly.meta
    assert [plain(s.title) for s in windows.slides] == ["A"]
    assert windows.slides[0].figure.stepper.graph.source == "f = x * x"
    assert plain(read("# a\0b\x1b\ud800c").slides[0].title) == "a\ufffdb\ufffd\ufffdc"


# --- figures


def figures(source, **options):
    return [slide.figure for slide in read(source, **options).slides]


def test_a_fence_is_a_figure_among_text():
    slide = read(f"# A\n\nbefore\n\n{FIGURE}\nafter\n").slides[0]
    assert slide.blocks[0] == p("before")
    assert slide.blocks[2] == p("after")
    figure = slide.figure
    assert isinstance(figure, FigureBlock)
    assert (figure.stepper.value, figure.shown, figure.captions) == (4.0, (0, 1, 2, 3), False)
    assert len(figure.stepper._drawn) == 1  # laid out already


def test_another_fence_begins_another_slide_of_the_same_title():
    slides = read(f"# A\n\none\n\n{FIGURE}\n::: notes\nfirst\n:::\n\n{FIGURE}\nafter\n").slides
    assert [(plain(s.title), len(s.blocks), s.notes) for s in slides] == [
        ("A", 2, "first"),
        ("A", 2, ""),
    ]
    assert [plain(s.title) for s in read(FIGURE * 2).slides] == ["", ""]


def test_options_of_a_fence_come_before_those_of_the_deck():
    front = "---\nlang: ru\ntheme: dark\nby: wire\ndigits: 1\ncaptions: true\nforward: on\n---\n"
    quoted = "```graphstep x=2 --by gate --forward=no --lang en --palette cs231n --steps 1-,0\nf = x * x\n```"
    one, two = figures(f"{front}{FIGURE}\n---\n{quoted}\n")
    s = one.stepper
    assert (s.by, s.lang, s.forward, s.style) == (
        "wire",
        "ru",
        True,
        gs.Style("default", "dark", 1),
    )
    assert one.captions
    s = two.stepper
    assert (s.by, s.lang, s.forward, s.style) == (
        "gate",
        "en",
        False,
        gs.Style("cs231n", "dark", 1),
    )
    assert two.shown == (1, 2, 3, 0)
    assert [frame.index for frame in two.frames] == [1, 2, 3, 0]


def test_a_graph_may_be_put_together_or_taken_apart():
    source = "```graphstep w=1 --group\nf = 1/(1 + exp(-w))\n```\n---\n```graphstep w=1 --expand sigmoid\nf = sigmoid(w)\n```\n"
    names = [
        [node.gate.name for node in f.stepper.graph.nodes if node.gate] for f in figures(source)
    ]
    assert names == [["sigmoid"], ["neg", "exp", "add", "div"]]


def test_inputs_are_as_on_the_command_line(tmp_path):
    np.save(tmp_path / "w.npy", [[1.0, 2.0]])
    source = (
        '```graphstep "W=[[1, 2], [3, 4]]" x=[1,2]\nf = sum(W @ x)\n```\n---\n'
        "~~~~ graphstep W=@w.npy 'x=randn(2, 1)' --seed 3\n\n# a comment\nq = W @ x\nf = sum(q)\n~~~~~\n---\n"
        "```graphstep\nx = -2; y = 5\nf = x * y\n```\n"
    )
    one, two, three = figures(source, folder=tmp_path)
    assert (one.stepper.value, three.stepper.value) == (16.0, -10.0)
    x = np.random.default_rng(3).standard_normal((2, 1))
    assert two.stepper.value == pytest.approx(float((np.array([[1, 2]]) @ x).sum()))


def test_fences_are_read_without_being_made():
    source = (
        f"---\ndigits: 1\n---\n# A\n\n{FIGURE}\n```graphstep\ny = 1\n```\n\n```python\nx\n```\n"
    )
    one, two = fences(source)
    assert (one.expression, one.inputs, two.expression, two.inputs) == (
        "f = x * x",
        {"x": 2.0},
        "y = 1",
        {},
    )
    assert (one.options["digits"], one.options["by"], one.options["steps"]) == (1, "gate", "")
    assert one.place.text.source[slice(*one.place.head)] == "```graphstep x=2"
    with pytest.raises(gs.GraphstepError, match="line 7, column 5: here"), one.place.errors():
        raise _about("f = x * x", "x")


def _about(source, word):
    class Here(gs.GraphstepError):
        def message(self, lang=""):
            return f"line {self.line}, column {self.column}: here"

    from graphstep.base.errors import Span

    at = source.index(word)
    return Here("empty", source=source, span=Span(at, at + 1))


def test_equal_keys_are_equal_figures():
    def key(fence, front=""):
        return next(fences(f"{front}{fence}")).key

    plainly = key(FIGURE)
    assert plainly == key(f"# other text\n\n{FIGURE}")
    assert plainly == key(FIGURE.replace("x=2", "x=2.0 --steps 1 --captions"))
    for other in (
        FIGURE.replace("x=2", "x=3"), FIGURE.replace("x=2", "x=[2]"), FIGURE.replace("x * x", "x + x"),
        FIGURE.replace("x=2", "x=2 --by wire"),
    ):  # fmt: skip
        assert key(other) != plainly
    assert key(FIGURE, "---\ntheme: dark\n---\n") != plainly


def test_figures_can_be_made_otherwise():
    made = []

    def make(fence):
        made.append(fence.expression)
        return gs.stepper("f = y", y=1)

    deck = Document(f"{FIGURE}\n{FIGURE}").deck(make)
    assert made == ["f = x * x"] * 2
    assert deck.slides[0].figure.stepper.value == 1.0


# --- pictures


def test_pictures_are_read_from_beside_the_file(tmp_path):
    (tmp_path / "in side").mkdir()
    (tmp_path / "in side" / "a.PNG").write_bytes(png())
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>"
    (tmp_path / "b.svg").write_bytes(svg)
    (tmp_path / "deck.md").write_text(
        "![an *image*](in%20side/a.PNG)\n\ntext ![](b.svg) more\n\n![c][r]\n\n- ![](b.svg)\n\n[r]: <in side/a.PNG>\n"
    )
    blocks = read_file(tmp_path / "deck.md").slides[0].blocks
    assert blocks == (
        Picture(png(), ".png", "an image"),
        p("text ", Picture(svg, ".svg"), " more"),
        Picture(png(), ".png", "c"),
        Items(((Picture(svg, ".svg"),),)),
    )


@pytest.mark.parametrize("kind", ["jpg", "jpeg", "gif"])
def test_other_kinds_of_pictures(tmp_path, kind):
    from PIL import Image

    Image.new("RGB", (2, 2)).save(tmp_path / f"a.{kind}")
    picture = read(f"![]( a.{kind} )", folder=tmp_path).slides[0].blocks[0]
    assert picture.suffix == (".gif" if kind == "gif" else ".jpg")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("none.png", None, "Cannot read none.png: No such file or directory."),
        ("a.png", b"GIF89a", "a.png cannot be shown: it is broken, or of another kind than its name says ("),
        ("a.png", png()[:40], "a.png cannot be shown: it is broken, or of another kind than its name says ("),
        ("a.png", png(30000, 1)[:16] + struct.pack(">II", 60000, 60000) + png()[24:], "it is broken, or of another kind"),
        ("a.svg", b"<html/>", "a.svg cannot be shown: it is broken, or of another kind than its name says (<html>)."),
        ("a.svg", b"<svg", "a.svg cannot be shown: it is broken, or of another kind than its name says ("),
        ("a.svg", b"<!DOCTYPE s [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(b"<!ENTITY a%d '%s'>" % (k, b"&a%d;" % (k - 1) * 50 if k else b"&a;" * 50) for k in range(9)) + b"]><svg>&a8;</svg>", "it is broken, or of another kind"),
        ("a.bmp", b"BM", "a.bmp does not end as pictures do: .png .jpg .jpeg .gif .svg."),
        ("folder.png", ..., "Cannot read folder.png: "),
        ("https://a.b/c.png", None, "Pictures are files beside the deck, not addresses: https://a.b/c.png. Save it there."),
        ("data:image/png;base64,AAAA", None, "Pictures are files beside the deck, not addresses: "),
    ],
)  # fmt: skip
def test_a_picture_that_cannot_be_shown(tmp_path, name, content, says):
    if content is ...:
        (tmp_path / name).mkdir()
    elif content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(gs.GraphstepError) as refused:
        read(f"# A\n\n> see\n> this ![x]({name}) here\n", "deck.md", tmp_path)
    first, *rest = str(refused.value).splitlines()
    assert first.startswith("deck.md, line 4, column 8: ")
    assert says in first
    shown = f"![x]({name})"
    assert rest == [f"    > this {shown} here", f"           {'^' * len(shown)}"]


def test_a_picture_must_not_be_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr("graphstep.markdown.pictures.MOST_BYTES", 1_000_000)
    (tmp_path / "a.png").write_bytes(png() + b"\0" * 1_000_000)
    with pytest.raises(gs.GraphstepError, match=r"a\.png has more than 1 million bytes\."):
        read("![](a.png)", folder=tmp_path)


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
        "5, column 9: ^ is not a power in this language. Write ** instead, as in x**2.\n      f = q ^ 2\n            ^",
    ),
    (
        "# A\n\n  ```graphstep x=1\n    f = x ^ 2\n  ```\n",
        "4, column 11: ^ is not a power in this language. Write ** instead, as in x**2.\n        f = x ^ 2\n              ^",
    ),
    (
        "```graphstep x=1\nq = x*2\nq = 3*x\n```\n",
        "3, column 1: q already has its node, from line 2. Give this one another name.\n    q = 3*x\n    ^",
    ),
    (
        "```graphstep\nf = x * y\n```\n",
        "2, column 5: No value is given for x, y. Pass one, as in x=1.\n    f = x * y\n        ^",
    ),
    (
        "```graphstep x=1 'yy=2'\nf = x * 2\n```\n",
        "1, column 18: There is no input yy. Inputs: x.\n    ```graphstep x=1 'yy=2'\n                     ^^^^^^",
    ),
    (
        "```graphstep 'W=[[1,2]]' x=[1,2,3]\nf = sum(W @ x)\n```\n",
        "2, column 9: W has shape 1x2, x has shape 3: W @ x needs x of shape 2.\n    f = sum(W @ x)\n            ^^^^^",
    ),
    (
        "```graphstep x=1\n\n```\n",
        "1, column 1: There is no expression here. Write one, such as f = (x + y) * z.\n    ```graphstep x=1\n    ^^^^^^^^^^^^^^^^",
    ),
    (
        "# A\n\n```graphstep x=1 --theme dark\nf = x\n```\n",
        "3, column 18: There is no option --theme. Options: --by, --forward, --constants, --group, --expand, "
        "--palette, --digits, --lang, --engine, --seed, --steps, --captions.\n"
        "    ```graphstep x=1 --theme dark\n                     ^^^^^^^",
    ),
    (
        "```graphstep x=1 --by leaf\nf = x\n```\n",
        "1, column 23: by cannot be 'leaf'; it can be: gate, wire, product, value.\n    ```graphstep x=1 --by leaf\n                          ^^^^",
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
        "3, column 3: Figures and notes stand on a slide by themselves, not inside lists, quotes or notes. Do not indent them.\n"
        "      ```graphstep x=1\n      ^^^^^^^^^^^^^^^^",
    ),
    (
        "> ::: notes\n> a\n> :::\n",
        "1, column 1: Figures and notes stand on a slide by themselves, not inside lists, quotes or notes. Do not indent them.\n"
        "    > ::: notes\n    ^^^^^^^^^^^",
    ),
    (
        "::: nots\na\n:::\n",
        "1, column 1: There is no block 'nots'. A block of ::: holds notes: it begins with ::: notes and ends with :::.\n"
        "    ::: nots\n    ^^^^^^^^",
    ),
    (
        "# A\n\n<!-- b --> <div\nclass='c'>\n</div>\n",
        "3, column 12: HTML is not part of a deck. Write it as Markdown; comments <!-- ... --> are left out.\n"
        "    <!-- b --> <div\n               ^^^^",
    ),
    (
        "- a\n- b\n  | a | a |\n  |---|---|\n  | x | a<br>b |\n",
        "5, column 10: HTML is not part of a deck. Write it as Markdown; comments <!-- ... --> are left out.\n"
        "      | x | a<br>b |\n             ^^^^",
    ),
    (
        "# A <b>\n",
        "1, column 5: HTML is not part of a deck. Write it as Markdown; comments <!-- ... --> are left out.\n    # A <b>\n        ^^^",
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
        "2, column 1: There is no option titel. Did you mean title? Options: title, author, date, lang, theme, aspect, by, "
        "forward, constants, group, palette, digits, captions, engine, seed.\n    titel: x\n    ^^^^^",
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
        "2, column 7: lang cannot be 'xx'; it can be: en, ru.\n    lang: xx\n          ^^",
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
        "лекция.md, строка 7, столбец 7: ^ в этом языке не степень. Пишите **, например x**2.\n    f = x ^ 2\n          ^"
    )
    assert refused.value.message("en").startswith("лекция.md, line 7, column 7: ^ is not")


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
    assert gs.deck is markdown.read_file
    for lang in ("en", "ru"):
        lecture = ROOT / "examples" / "lecture" / f"{lang}.md"
        assert gs.deck(lecture).meta.lang == lang


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a: b", "a: b"),
        ('"a: b', "a: b"),
        ('"a": the rule', '"a": the rule'),
        ('the rule: "a"', 'the rule: "a"'),
        ('it\'s "a": b', 'it\'s "a": b'),
    ],
)
def test_front_matter_is_told_how_it_can_be_read(written, meant):
    with pytest.raises(gs.GraphstepError) as error:
        Document(f"---\ntitle: {written}\n---\n\n# A\n")
    assert yaml.safe_load(error.value.values["example"]) == {"title": meant}
