"""Formulas as OMML: the elements of its schema in their order, for every part of a formula."""

import re
from io import BytesIO

import pytest
from lxml import etree
from omml_schema import A, M, check_omml, omml_of, texts
from pptx import Presentation
from presentations import full_deck, opened
from trees import TREES

import graphstep as gs
from examples import first
from graphstep.formulas import mathml, tree
from graphstep.formulas.tree import (
    Boxed,
    Equation,
    Fenced,
    Frac,
    Limits,
    Marked,
    Matrix,
    Name,
    Number,
    Root,
    Row,
    Scripts,
    Sign,
    Words,
)
from graphstep.latex_input.reader import latex_to_tree
from graphstep.look.style import HUES
from graphstep.powerpoint import omml, pages
from graphstep.powerpoint.omml import NOTHING

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

EVERY = {
    Name: Name("alpha_1_2"), Number: Number("-1"), Sign: Sign("∂"), Words: Words(" где "),
    Row: Row((Limits(Sign("∑"), Name("i")), Name("x"), Sign("+"), Sign("\u2003"), Number("1"))),
    Frac: Frac(Row(()), Number("")), Scripts: Scripts(Sign("∏"), None, Number("2")),
    Limits: Limits(Limits(Name("x"), over=Sign("⏞")), Name("a"), Row(())), Root: Root(Row(()), Number("3")),
    Fenced: Fenced(Row(()), "", "|"), Matrix: Matrix(((Name("a"), Row(())), (Number("2"),)), "lr"),
    Marked: Marked(Name("x"), "local", "a & b"), Boxed: Boxed(Row(())), Equation: Equation((Name("x"), Number("1"))),
}  # fmt: skip
NAMES = [
    "x",
    "w0",
    "lambda_",
    "loss",
    "max",
    "вес",
    "ж2",
    "_x",
    "conv2d",
    "x_max",
    "<&>",
    "\0\ud800",
]


def test_each_part_of_a_formula_has_a_writer():
    assert set(omml.WRITERS) == set(mathml.WRITERS) == set(EVERY)


@pytest.mark.parametrize("part", EVERY.values(), ids=[kind.__name__ for kind in EVERY])
def test_each_part_is_as_the_schema_says(part):
    omml_of(part)
    omml_of(Row((part, part)), part)


def test_examples_are_as_the_schema_says_and_say_the_same():
    """The letters of each formula are those of its MathML."""
    for given in (*(row[0] for row in TREES), *map(Name, NAMES)):
        seen = re.sub(f"[{NOTHING}\u2009\u2062\\s⏟]", "", "".join(texts(omml_of(given))))
        page = etree.fromstring(mathml.mathml(given))
        shown = re.sub(r"[\s\u2062()\[\]|√^⏟]", "", "".join(page.itertext()))
        seen, shown = (sorted(re.sub("[∑^]", "", text)) for text in (seen, shown))
        assert seen == shown, given


def test_formulas_of_gates_are_as_the_schema_says():
    for source, inputs in (
        ("q = W @ x; f = l2(q)", {"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [0.2, 0.4]}),
        ("f = sigmoid(log(x) * exp(y)) / max(x, y)", {"x": 1.5, "y": 0.5}),
        ("f = cross_entropy(x @ w, y)", {"x": [[0.1, 0.2]], "w": [[0.1, 0.2], [0.3, 0.1]], "y": [1]}),
    ):  # fmt: skip
        for lang in ("en", "ru"):
            s = gs.stepper(source, inputs=inputs, lang=lang, style=gs.Style(sums=True))
            for frame in s:
                if frame.equations:
                    omml_of(*frame.equations)


def test_styles_of_letters_and_numbers():
    root = omml_of(Row((Name("x"), Name("max"), Number("2"), Words("if "), Sign("="))))
    about = [
        (t, r.find(f"{M}rPr"), r.find(f"{A}rPr"))
        for r in root.iter(f"{M}r")
        for t in [r.find(f"{M}t")]
    ]
    italic = {t.text: given.get("i") for t, _, given in about}
    assert italic == {"x": "1", "max": None, "2": None, "if ": None, "=": None}
    assert [
        t.text for t, kind, _ in about if kind is not None and kind.find(f"{M}nor") is not None
    ] == ["if "]
    assert {given.get("sz") for *_, given in about} == {"2000"}
    assert {given.get("lang") for *_, given in about} == {"ru-RU"}


def test_marked_parts_have_the_colours_of_the_theme():
    root = omml_of(
        Row((Marked(Name("q"), "upstream"), Marked(Name("x"), "local", "said"), Name("y")))
    )
    shades = {
        r.find(f"{M}t").text: r.find(f"{A}rPr/{A}solidFill/{A}schemeClr").get("val")
        for r in root.iter(f"{M}r")
    }
    assert shades == {"q": "accent2", "x": "tx2", "said": "tx2", "y": "tx1"}


def test_named_colours_are_fixed():
    root = omml_of(Row((Marked(Name("q"), "red"), Name("y"))))
    shades = [r.find(f"{A}rPr/{A}solidFill")[0].get("val") for r in root.iter(f"{M}r")]
    assert shades == [HUES["red"][0].removeprefix("#").upper(), "tx1"]


@pytest.mark.parametrize(
    ("source", "path", "seen"),
    [
        (r"\sum_{k=1}^n x_k y + 1 = z", "nary/m:e", "xky"),
        (r"\sum_{k=1}^n x_k y + 1 = z", "nary/m:sub", "k=1"),
        (r"\lim_{x \to 0} f", "limLow/m:lim", "x→0"),
        (r"\underbrace{ab}_{c}", "limLow/m:e/m:groupChr/m:e", "ab"),
        (r"\overline{ab}", "bar/m:e", "ab"),
        (r"\hat{x}", "acc/m:e", "x"),
        (r"\sqrt[3]{x}", "rad/m:deg", "3"),
        (r"a + \boxed{b = c}", "borderBox/m:e", "b=c"),
        (r"\left[ a \right)", "d/m:e", "a"),
        (r"\begin{cases} a & b \\ c & d \end{cases}", "d/m:e/m:m/m:mr", "ab"),
        (r"x_i^2", "sSubSup/m:sub", "i"),
        (r"f'", "sSup/m:sup", "′"),
    ],
)  # fmt: skip
def test_structures_hold_what_they_are_about(source, path, seen):
    found = omml_of(latex_to_tree(source)).find(f".//m:{path}", {"m": M[1:-1]})
    assert "".join(texts(found)) == seen


def test_lines_are_aligned_at_their_first_sign():
    root = omml_of(
        Equation((Name("f"), Name("a"), Name("b"))), Equation((Name("g & h"), Name("c")))
    )
    lines = ["".join(texts(e)) for e in root.find(f".//{M}eqArr").findall(f"{M}e")]
    assert lines == ["f&=a=b", "g ＆ h&=c"]
    assert texts(omml_of(Name("g & h"))) == ["g & h"]
    halves = omml_of(latex_to_tree(r"\begin{aligned} a &= b \\ c &= d \end{aligned}"))
    assert ["".join(texts(e)) for e in halves.iter(f"{M}e")] == ["a&=b", "c&=d"]


def formulas(data):
    """Slide by slide, the alternatives that are formulas."""
    for slide in Presentation(BytesIO(data)).slides:
        yield [*slide.element.iter(f"{MC}AlternateContent")]


def test_formulas_on_slides_are_equations_with_pictures_for_other_programs():
    """As PowerPoint writes them: a text box that needs the namespace of 2010, and a fallback."""
    given = pages.deck(full_deck())
    found = [one for slide in formulas(given) for one in slide]
    pictures = [s for slide in opened(given).slides for s in slide.shapes if s.name == "formula"]
    assert len(found) == len(pictures) > 3
    for one, picture in zip(found, pictures, strict=True):
        choice, fallback = one
        assert (choice.tag, fallback.tag) == (f"{MC}Choice", f"{MC}Fallback")
        space = choice.nsmap[choice.get("Requires")]
        assert space == "http://schemas.microsoft.com/office/drawing/2010/main"
        (math,) = choice.iter(f"{{{space}}}m")
        assert math.getparent().tag == f"{A}p"
        check_omml(math[0])
        (box,) = choice
        assert etree.QName(fallback[0]).localname == "pic"
        for tag in ("off", "ext"):
            at = [one.find(f".//{A}xfrm/{A}{tag}") for one in (box, fallback)]
            assert dict(at[0].attrib) == dict(at[1].attrib)
        assert picture.image.size[0] > 0
        (used,) = [v for e in fallback.iter() for k, v in e.items() if k.endswith("}embed")]
        assert used == picture._element.blip_rId  # no drawing beside it: it is a fallback already


def test_equations_are_as_large_as_their_pictures():
    (figure,) = [s for s in formulas(pages.whole(first())) if s][1:2]
    (size,) = {int(r.get("sz")) / 100 for r in figure[0].iter(f"{A}rPr")}
    assert size == pytest.approx(1.12 * 18, rel=0.02)


def test_every_kind_of_tree_is_one_of_the_parts():
    assert set(tree.Tree.__args__) | {Equation} == set(EVERY)
