"""What becomes of each thing that Markdown can write."""

import pytest
from deck_parts import p, t

import graphstep as gs
from graphstep.formulas.tree import Name
from graphstep.markdown import read
from graphstep.slides.deck import Code, Display, Formula, Heading, Items, Quote, Run, Slide, Table


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
        ("[x](javascript:alert(1))", (Slide((), (p(Run("x", link="javascript:alert(1)")),)),)),  # no `Run.address`
        ("&lt;b&gt; &amp; \\<i> 1 < 2 \\$5 and $6", (Slide((), (p("<b> & <i> 1 < 2 $5 and $6"),)),)),
        ("a <!-- b --> c\n\n<!-- d\n\ne -->\n", (Slide((), (p("a  c"),), "d\n\ne"),)),
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
    made = read(source).slides
    assert tuple(slide._replace(level=2) for slide in made) == slides


@pytest.mark.parametrize(
    "command",
    [
        r"\cancel",
        r"\textbf",
        r"\colorbox",
        r"\Large",
        r"\footnotesize",
    ],
)
def test_looks_that_formulas_lose_are_refused(command):
    with pytest.raises(gs.GraphstepError) as caught:
        read(f"Text $x + {command}{{y}}$\n", "talk.md")
    assert (caught.value.key, caught.value.column) == ("formula_look", 11)
    assert command.partition("{")[0] in str(caught.value)


def test_what_formulas_keep_is_not_refused():
    deck = read(r"$\mathbf{W}x + \text{bold} \begin{matrix}a\\color\end{matrix}$ and $\colon$")
    assert len(deck.slides) == 1


@pytest.mark.parametrize("comments", ["<!-- a -->", "<!---->", "<!-- <!-- -->"])
def test_as_many_comments_as_a_deck_can_hold(comments):
    """Copying the rest of the text for each would take minutes."""
    text = comments * (1_900_000 // len(comments))
    assert not read("# a\n\n" + text).slides[0].blocks
    with pytest.raises(gs.GraphstepError, match="HTML"):
        read("# a\n\n" + text + "<b>")


def test_a_fence_in_a_list_in_a_column_is_told_at_its_own_line():
    deck = "## A\n\n::: columns\n::: column\n- one\n- ```graphstep x=1\n  f = x * 2\n  ```\n:::\n::: column\nx\n:::\n:::\n"
    with pytest.raises(gs.GraphstepError) as refused:
        read(deck, "a.md")
    error = refused.value
    assert (error.key, error.source[slice(*error.span)]) == ("only_on_slide", "- ```graphstep x=1")
    program = deck.replace("graphstep x=1", "python").replace("f = x * 2", ":::")
    assert len(read(program).slides[0].blocks) == 1
