"""Trees of formulas as every emitter writes them."""

import re
from xml.etree.ElementTree import fromstring

import pytest
from trees import TREES, balanced, d, typesets

import graphstep as gs
from graphstep.formulas.latex import latex, preamble
from graphstep.formulas.mathml import mathml, styles
from graphstep.formulas.tree import (
    Frac,
    Marked,
    Name,
    Number,
    Row,
    Sign,
    Words,
)
from graphstep.formulas.typst_math import PREAMBLE, typst
from graphstep.formulas.unicode import unicode
from graphstep.look.looks import VARIABLES
from graphstep.look.style import HUES, PAGES, PALETTES, PARTS
from graphstep.slides.design import contrast


def inner(x):
    """MathML without the element around it."""
    return re.sub(r"^<math[^>]*>|</math>$", "", mathml(x))


NAMES = [
    # name, Unicode, LaTeX, Typst, MathML
    ("x", "x", "x", "x", "<mi>x</mi>"),
    ("w0", "w₀", "w_{0}", 'attach(w, b: "0")', "<msub><mi>w</mi><mn>0</mn></msub>"),
    ("x_1", "x₁", "x_{1}", 'attach(x, b: "1")', "<msub><mi>x</mi><mn>1</mn></msub>"),
    ("alpha", "α", r"\alpha", "α", "<mi>α</mi>"),
    ("alpha0", "α₀", r"\alpha_{0}", 'attach(α, b: "0")', "<msub><mi>α</mi><mn>0</mn></msub>"),
    ("Omega", "Ω", r"\Omega", "Ω", "<mi>Ω</mi>"),
    ("lambda_", "λ", r"\lambda", "λ", "<mi>λ</mi>"),
    ("epsilon", "ε", r"\varepsilon", "ε", "<mi>ε</mi>"),
    ("loss", "loss", r"\mathrm{loss}", '"loss"', "<mi>loss</mi>"),
    ("max", "max", r"\max", '"max"', "<mi>max</mi>"),
    ("вес", "вес", r"\text{вес}", '"вес"', "<mi>вес</mi>"),
    ("ж2", "ж₂", r"\text{ж}_{2}", 'attach("ж", b: "2")', "<msub><mi>ж</mi><mn>2</mn></msub>"),
    ("_x", "_x", r"\text{\_x}", '"_x"', "<mi>_x</mi>"),
    ("conv2d", "conv2d", r"\mathrm{conv2d}", '"conv2d"', "<mi>conv2d</mi>"),
    ("x_max", "xₘₐₓ", r"x_{\max}", 'attach(x, b: "max")', "<msub><mi>x</mi><mi>max</mi></msub>"),
    ("q_W", "q_W", "q_{W}", "attach(q, b: W)", "<msub><mi>q</mi><mi>W</mi></msub>"),
]  # fmt: skip


@pytest.mark.parametrize(("name", *"ultm"), NAMES, ids=[row[0] for row in NAMES])
def test_names(name, u, l, t, m):  # noqa: E741
    x = Name(name)
    assert (unicode(x), latex(x), typst(x), inner(x)) == (u, l, t, m)


@pytest.mark.parametrize(("tree", *"ult"), TREES, ids=[row[1] for row in TREES])
def test_parts(tree, u, l, t):  # noqa: E741
    assert (unicode(tree), latex(tree), typst(tree)) == (u, l, t)


def test_mathml_is_presentation_mathml():
    marked = Marked(d("f", "q"), "upstream", "of <f>")
    assert inner(marked) == (
        '<munder class="gs-upstream"><munder><mrow><mfrac><mrow><mi>∂</mi><mi>f</mi></mrow>'
        '<mrow><mi>∂</mi><mi>q</mi></mrow></mfrac></mrow><mo stretchy="true">⏟</mo></munder>'
        "<mtext>of &lt;f&gt;</mtext></munder>"
    )
    assert inner(Row((Number("-1"), Sign("·"), Name("x")))) == (
        "<mrow><mn>−1</mn><mo>·</mo><mi>x</mi></mrow>"
    )
    assert 'display="block"' in mathml(Name("x"), display=True)
    assert inner(Words(" a ")) == "<mtext>\u00a0a\u00a0</mtext>"


def test_colours_are_those_of_the_figure():
    colours = PALETTES["default"].dark
    assert ".deck .gs-upstream{color:#ff7a59}" in styles(".deck", colours)
    assert styles("", colours).startswith(".gs-value{")
    assert r"\definecolor{gslocal}{HTML}{A8B3BF}" in preamble(colours)
    assert PREAMBLE(colours).count("#let gs") == 4 + len(HUES) + 1  # and a frame


@pytest.mark.parametrize("theme", PAGES)
def test_colours_of_formulas_can_be_read_on_their_pages(theme):
    for palette in PALETTES.values():
        colours = getattr(palette, theme)
        shades = colours.parts | colours.hues
        assert set(shades) == {*PARTS, *HUES}
        for name, shade in shades.items():
            assert contrast(shade, PAGES[theme]) >= 4.5, name
            assert f".gs-{name}{{color:{shade}}}" in styles("", colours)
            assert f"gs{name}" in preamble(colours)
            assert f"gs{name}(" in PREAMBLE(colours)
    assert VARIABLES.hues["red"] == HUES["red"][0]  # whose ink is known to the browser alone


def test_typst_takes_all_of_them():
    typesets([Name(row[0]) for row in NAMES] + [row[0] for row in TREES])


HOSTILE = [
    "_",
    "__",
    "x_",
    "W_x_y_9",
    "пес_Ж",
    "变量",
    "e",
    "d",
    "def_",
    "straße2",
    "σ",
    "x١",
]


def test_hostile_names_and_words():
    trees = [
        *map(Name, HOSTILE),
        *map(Words, ['"', "#[x]", "$ x $", "\\", "}", "<b>", "&amp;", "\x00", "a\nb", "%", ""]),
    ]
    for tree in (
        t for x in trees for t in (x, Marked(x, "local", getattr(x, "text", "")), Frac(x, x))
    ):
        balanced(latex(tree))
        fromstring(mathml(tree))
    typesets(trees)
    text = " + ".join(name for name in HOSTILE if name not in ("def_",))
    s = gs.stepper(f"f = {text}", inputs={n: 1 for n in HOSTILE if n in text and n != "def_"})
    typesets([e for frame in s for e in frame.equations])
